"""What must hold in a container before an attack is run there, found by harmless code inside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cgroups import CGROUPS

from hostile.container import DISK, MEMORY, PROCESSES, run_in_container
from hostile.grader import PROJECT, Grader, Submission

PROBE = """
import contextlib, json, os, socket, sys, time
hidden, processes, memory, disk = json.loads(sys.argv[1])
port, name, results = sys.argv[2:]
canary = os.environ["OTTERMARK_CANARY"]
wrong = []

def expect(holds, what):
    if not holds:
        wrong.append(what)

def works(do):
    try:
        do()
    except OSError:
        return False
    return True

status = dict(line.split(":", 1) for line in open("/proc/self/status"))
expect(os.getuid() != 0, "it is root")
expect(int(status["CapEff"], 16) == 0, "it has capabilities")
expect(status["NoNewPrivs"].strip() == "1", "programs may gain rights")
seen = {int(p) for p in os.listdir("/proc") if p.isdigit()}
expect(seen <= {1, os.getpid()}, "it sees other processes")
expect(not (seen := [p for p in hidden if os.path.exists(p)]), f"it sees {seen}")
for place in ("/", "/etc", "/usr", "/usr/lib", sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)):
    expect(not works(lambda: open(f"{place}/probe", "w")), f"it can write to {place}")
for place in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"):
    expect(not works(lambda: open(place, "r+")), f"it can write to {place}")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    expect(not works(lambda: out.connect(("192.0.2.1", 9))), "it has a way to the network")
for family, address in ((socket.AF_INET, ("127.0.0.1", int(port))), (socket.AF_UNIX, "\\0" + name)):
    with socket.socket(family) as server:
        expect(works(lambda: server.connect(address)), "the server does not answer")
        expect(server.recv(100).decode() == canary, "the server does not answer")

def fill(path):
    with open(path, "wb") as file:
        for _ in range(2 * disk // 2**20):
            file.write(b"x" * 2**20)
for place in (os.environ["HOME"], "/tmp", "/dev/shm"):
    expect(not works(lambda: fill(f"{place}/probe")), f"{place} has no bounds")
    time.sleep(1)  # whoever watches should see it
    os.unlink(f"{place}/probe")

child = os.fork()
if child == 0:
    hog = [b"x" * 2**20 for _ in range(2 * memory // 2**20)]
    os._exit(0)
expect(os.waitpid(child, 0)[1] == 9, "memory has no bounds")

children = []
with contextlib.suppress(OSError):
    while len(children) < 2 * processes:
        children.append(os.fork())
        if children[-1] == 0:
            time.sleep(60)
            os._exit(0)
expect(len(children) < processes, "processes have no bounds")
for child in children:
    os.kill(child, 9)
    os.waitpid(child, 0)
os.makedirs(os.path.dirname(results), exist_ok=True)
open(results, "w").write(json.dumps(wrong))
"""
STAYS = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        os.fork()
time.sleep(600)
"""


def probe_container(grader: Grader) -> list[str]:
    """Return what does not hold in a grader's container."""
    environment = grader.environment
    parents = [Path(sys.prefix), *Path(sys.prefix).parents, environment, *environment.parents]
    places = (*PROJECT.iterdir(), grader.folder, CGROUPS)
    hidden = [str(place) for place in places if place not in parents]
    settings = json.dumps([hidden, PROCESSES, MEMORY, DISK])
    report = f"@HOME@/{next(iter(grader.files.values()))}"
    python, honest = str(environment / "bin" / "python"), Submission()
    command = [python, "-c", PROBE, settings, "@PORT@", "@SOCKET@", report]
    run = run_in_container(grader, honest, 60, command)
    text = next(iter(run.files.values()))
    if run.exit_code != 0 or text is None:
        return [f"the probe failed ({run.exit_code}): {run.printed}"]
    faults: list[str] = json.loads(text)
    if set(run.limits_reached) != {"memory", "processes", "disk"}:
        reached = ", ".join(run.limits_reached) or "none"
        faults.append(f"of the limits that it reached, these were noticed: {reached}")
    # processes that outlive the command must be ended too, or the groups could not be removed
    run = run_in_container(grader, honest, 2, [python, "-c", STAYS])
    if run.exit_code is not None:
        faults.append(f"it ends before its time ({run.exit_code}): {run.printed}")
    return faults
