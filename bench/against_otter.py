"""The hostile corpus through stock Otter, as the baseline that ottermark is measured by.

    python bench/against_otter.py [ATTACK...] [--only CLASS] [-o FILE] [--known FILE]

Otter Assign makes Otter's own autograder from the master notebook, and ``otter run`` grades
each attack's sheet with it, one after the other. The canary, the servers and the neighbours are
where ``ottermark.audit.attacks`` puts them for ottermark, which then grades the same sheets.

Otter runs a sheet as the user who grades, with no wall. So each run is in a cell, which plays
the part of a Gradescope container: ottermark's walls stand around all of Otter instead of the
student's process alone, without the filter of system calls; the network is a loopback of its
own; control groups hold memory and processes; when the time is over, everything in the cell is
killed. No attack is run before probes have shown that all of this holds. Needs Linux and root.

What came of an attack under Otter is kept in the file of ``--known``, which belongs to the
project, for as long as the attack's file, Otter's version and the cell's limits stay the same. So
a run that was stopped goes on, and a new attack costs a minute instead of two hours for all.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.metadata
import json
import multiprocessing
import os
import re
import resource
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from ottermark.audit.attacks import HONEST, Attack, AttackHarness, AttackRun, attacks, honest
from ottermark.limits import Limits, MiB
from ottermark.sandbox import linux as kernel
from ottermark.sandbox.isolation import HOME, Isolation

PROJECT = Path(__file__).parents[1]
# the walls let code read what is on the path: not this folder, and the tests' only for a moment
sys.path[0] = str(PROJECT / "tests" / "support")
from cgroups import CGROUPS, Group  # noqa: E402

del sys.path[0]

CORPUS = PROJECT / "tests" / "security" / "attacks"
HONEST_POINTS = honest(CORPUS).earns
OUT = PROJECT / "docs" / "hostile.md"
KNOWN = Path(__file__).with_suffix(".json")
MODE = "userns"  # what the cell needs is what this mode needs, so the machine gives it
# what an honest run needs and about as much on top as ottermark.audit.attacks's LIMITS give under ottermark
MEMORY = 1280 * MiB  # of one run, the files in the cell included
PROCESSES = 128  # and threads
DISK = 128 * MiB
PATIENCE = 4  # an attack may take so many times as long as the honest sheet
LEAST_SECONDS = 60
PROOF_SECONDS = 600  # the solution trains networks
GRACE_SECONDS = 2.0  # for processes that are about to end
MAX_READ = 16 * MiB
RESULTS = f"{HOME}/out/results/results.json"
LOG = f"{HOME}/otter.log"
OTTER = [sys.executable, "-m", "otter", "run", "--no-logo", "-a", f"{HOME}/autograder.zip"]
OTTER += ["-o", str(Path(RESULTS).parent), "@SHEET@"]
# the layers of the walls that a container lacks, and those that the cell has in its own way
WITHOUT = frozenset({"network", "seccomp", "rlimits", "watch"})
SAFE, NOTHING = "kept safe", "no result at all"
# what can come of an attack, the worst first; a row counts as the first that applies
OUTCOMES = (
    "stole points",
    "canary leaked",
    "process left",
    "file left",
    "hung until killed",
    "exhausts",
    NOTHING,
    SAFE,
)
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


# ------------------------------------------------------------------------------------ the cell


class CellHarness(AttackHarness):
    """A ground whose folder is the home of a cell, and whose upload is Otter's own."""

    def give(self, stock: Path) -> None:
        """Put Otter's autograder, with the canary in it, in place of ottermark's."""
        shutil.rmtree(self.upload)
        shutil.copytree(stock, self.upload)
        for test in (self.upload / "tests").glob("*.py"):
            test.write_text(f'CANARY = "{self.canary}"\n{test.read_text()}')
        (self.upload / "files" / "canary.txt").write_text(self.canary)
        shutil.make_archive(str(self.folder / "autograder"), "zip", self.upload)

    def told(self, text: str) -> str:
        """Return ``text`` with the places written into it, as they are in the cell."""
        return self._told(text, HONEST)

    def _told(self, text: str, name: str) -> str:
        return super()._told(text, name).replace(str(self.folder), HOME)


@dataclass(frozen=True)
class Run:
    """How a command in a cell ended.

    Attributes:
        code: its exit status, or minus the signal; None: it was killed when the time was over.
        results: the text of its results.json; None: it wrote none.
        said: the end of what it printed.
        left: the command lines of processes that it left.
        witness: whether there is the file that an attack may leave.
        met: the limits that it met.
        canary: what it was not to find out.
        seconds: how long it took.
    """

    code: int | None
    results: str | None
    said: str
    left: tuple[str, ...]
    witness: bool
    met: tuple[str, ...]
    canary: str
    seconds: float


def run_in_cell(
    stock: Path, sheet: Attack | Path | None, seconds: float, command: Sequence[str] = OTTER
) -> Run:
    """Run a command in a new cell.

    Args:
        stock: the folder of Otter's autograder.
        sheet: the attack, or the notebook, that it grades; None: the honest sheet.
        seconds: the wall time after which everything in the cell is killed.
        command: what to run; @SHEET@ in it stands for the sheet.
    """
    group = Group(f"against-otter-{os.getpid()}", MEMORY, PROCESSES)
    try:
        with tempfile.TemporaryDirectory(prefix="against-otter-") as folder:
            fork = multiprocessing.get_context("fork")
            with ProcessPoolExecutor(1, fork) as keeper:
                task = keeper.submit(_keep, stock, sheet, seconds, command, Path(folder), group)
                run = task.result()
        return replace(run, met=(*run.met, *group.met()))
    finally:
        group.remove()


def _keep(
    stock: Path,
    sheet: Attack | Path | None,
    seconds: float,
    command: Sequence[str],
    folder: Path,
    group: Group,
) -> Run:
    """In a process of its own: make the cell, run the command, end the cell, tell of it."""
    kernel.die_with_parent(signal.SIGKILL)
    os.nice(10)
    kernel.unshare(kernel.CLONE_NEWNET)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    ground = CellHarness(PROJECT, CORPUS, folder=folder)  # its servers are on the cell's network
    ground.give(stock)
    ground.add_honest()
    name = HONEST
    if isinstance(sheet, Attack):
        ground.add(sheet)
        name = sheet.name
    elif sheet:
        shutil.copy(sheet, ground.sheets)
        name = sheet.stem
    (written,) = ground.sheets.glob(f"{name}.*")
    words = [
        ground.told(word).replace("@SHEET@", f"{HOME}/sheets/{written.name}") for word in command
    ]
    doors = group.doors()
    walls = Isolation("userns", folder, Limits(disk=DISK), WITHOUT)
    walls.begin()  # from here on this process, too, sees the cell's files only
    kernel.mount("none", "/", flags=kernel.MS_REMOUNT | kernel.MS_BIND)
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n")  # Otter asks for it by name
    kernel.make_read_only_here()
    pid = os.fork()
    if pid == 0:
        _become(walls, doors, words, ground)
    begun = time.monotonic()
    full, left = False, []
    while not (ended := _has_ended(pid)) and time.monotonic() < begun + seconds:
        full = full or any(map(_is_full, (HOME, "/tmp", "/dev/shm")))
        time.sleep(0.1)
    took = time.monotonic() - begun
    while (
        ended and (left := _others(walls, pid)) and time.monotonic() < begun + took + GRACE_SECONDS
    ):
        time.sleep(0.1)
    walls.kill(pid)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    walls.clear(pid)
    return Run(
        code=code if ended else None,
        results=_read(RESULTS),
        said=(_read(LOG) or "")[-4000:],
        left=tuple(left),
        witness=os.path.lexists(f"{HOME}/commons/{ground.witness(name).name}"),
        met=("disk",) if full else (),
        canary=ground.canary,
        seconds=took,
    )


def _become(
    walls: Isolation, doors: Sequence[int], command: list[str], ground: AttackHarness
) -> NoReturn:
    """Go into the cell for good, as the command."""
    try:
        for door in doors:
            os.write(door, b"0")
        walls.enter(())
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        Path(HOME, ground.commons.name).mkdir(exist_ok=True)  # the walls copy files alone
        log = os.open(LOG, os.O_WRONLY | os.O_CREAT)
        for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        bare = {"HOME": HOME, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        os.execve(command[0], command, bare | {"OTTERMARK_CANARY": ground.canary})
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(127)


def _has_ended(pid: int) -> bool:
    """Tell whether a child has ended; it stays to be waited for, so that its number is its own."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _is_full(place: str) -> bool:
    room = os.statvfs(place)
    return room.f_bavail * room.f_frsize < MiB or room.f_favail == 0


def _others(walls: Isolation, pid: int) -> list[str]:
    """Return the command lines of what runs in the cell beside its first process."""
    found = []
    for member in walls.members(pid):
        with contextlib.suppress(OSError):
            if line := Path(f"/proc/{member}/cmdline").read_bytes():  # the dead have none
                found.append(line.replace(b"\0", b" ").decode(errors="replace").strip())
    return found


def _read(path: str) -> str | None:
    """Return the text of a file in the cell, whatever the attack made of it."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return file.read(MAX_READ).decode(errors="replace")
    except OSError:
        return None


# ------------------------------------------------------------------------------ before attacks

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


def probe_the_cell(stock: Path) -> list[str]:
    """Return what does not hold in a cell, seen from inside by code that means no harm."""
    way = [Path(sys.prefix), *Path(sys.prefix).parents]
    hidden = [str(p) for p in (*PROJECT.iterdir(), stock, CGROUPS) if p not in way]
    told = json.dumps([hidden, PROCESSES, MEMORY, DISK])
    command = [sys.executable, "-c", PROBE, told, "@PORT@", "@SOCKET@", RESULTS]
    run = run_in_cell(stock, None, 60, command)
    if run.code != 0 or run.results is None:
        return [f"the probe did not end well ({run.code}): {run.said}"]
    wrong: list[str] = json.loads(run.results)
    if set(run.met) != {"memory", "processes", "disk"}:
        wrong.append(f"of the limits it met, these were seen: {', '.join(run.met) or 'none'}")
    run = run_in_cell(stock, None, 2, [sys.executable, "-c", STAYS])  # or its groups cannot go
    if run.code is not None:
        wrong.append(f"it ends before its time ({run.code}): {run.said}")
    return wrong


def stock_otter(folder: Path) -> Path:
    """Have Otter Assign make its autograder from the master notebook; return its folder."""
    shutil.copytree(PROJECT / "assignment", folder / "master")
    (master,) = (folder / "master").glob("*.ipynb")
    text = master.read_text(encoding="utf-8")
    assert "generate: false" in text, "the master's config no longer says `generate: false`"
    master.write_text(text.replace("generate: false", "generate: {pdf: false}"), encoding="utf-8")
    command = ["nice", sys.executable, "-m", "otter", "assign", "--no-run-tests", "--no-pdfs"]
    command += [str(master), str(folder / "made")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    (upload,) = (folder / "made" / "autograder").glob("*.zip")
    with zipfile.ZipFile(upload) as archive:
        archive.extractall(folder / "autograder")
    return folder / "autograder"


# ------------------------------------------------------------------------------- what comes of it


def points_of(results: str | None) -> float | None:
    """Return the points in a results.json as Gradescope counts them; None if it holds none."""
    try:
        body = json.loads(results or "")
        if body.get("score"):
            return float(body["score"])
        scores = [float(test["score"]) for test in body["tests"] if "score" in test]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return sum(scores) if scores else None


def _shown(run: Run) -> str:
    """Return what the student may see of a results.json."""
    try:
        body = json.loads(run.results or "")
        body["tests"] = [test for test in body["tests"] if test.get("visibility") != "hidden"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return run.results or ""
    return json.dumps(body)


def under_otter(run: Run, attack: Attack) -> list[str]:
    """Return what came of an attack on stock Otter, each in the words of ``OUTCOMES``."""
    points = points_of(run.results)
    came = []
    if points is not None and points > attack.earns:
        came.append(f"stole {points - attack.earns:g} points")
    if run.canary in _shown(run):
        came.append("canary leaked")
    if run.left:
        came.append("process left")
    if run.witness:
        came.append("file left")
    if run.code is None:
        came.append("hung until killed")
    if run.met:
        came.append(f"exhausts {' and '.join(run.met)}")
    if points is None:
        error = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception|Exit|File))\b", run.said, re.M)
        came.append(f"{NOTHING} ({error[-1]})" if error else NOTHING)
    return came or [_safe(points or 0, attack)]


def under_ottermark(fight: AttackRun, attack: Attack) -> list[str]:
    """Return the same for ottermark."""
    try:
        points = fight.body(attack.name)["score"]
    except (OSError, ValueError, KeyError):
        return [NOTHING]
    came = []
    if points > attack.earns:
        came.append(f"stole {points - attack.earns:g} points")
    if fight.ground.canary in json.dumps(fight.body(attack.name)):
        came.append("canary leaked")
    if fight.ground.witness(attack.name).exists():
        came.append("file left")
    return came or [_safe(points, attack)]


def _safe(points: float, attack: Attack) -> str:
    lost = points < attack.earns
    return f"{SAFE} ({points:g} of {attack.earns:g} honest points)" if lost else SAFE


def kind(came: Sequence[str]) -> str:
    """Return the outcome that a row counts as."""
    first = came[0].split()[0]
    return next(outcome for outcome in OUTCOMES if outcome.split()[0] == first)


# ------------------------------------------------------------------------------------- the page


@dataclass(frozen=True)
class Row:
    """What came of one attack."""

    attack: Attack
    otter: list[str]
    ottermark: list[str]


def page(rows: Sequence[Row], proof: str) -> str:
    """Return the Markdown page."""
    version = importlib.metadata.version("otter-grader")
    head = f"""\
# The hostile corpus: stock Otter and ottermark

`bench/against_otter.py` wrote this page. Each attack of `tests/security/attacks/` is a sheet that
stock Otter {version} grades with `otter run` and an autograder of its own making, and ottermark in
mode `{MODE}`. Otter runs in a cell like a container: its network is a loopback, {MEMORY // MiB} MB of
memory, {PROCESSES} processes and threads, {PATIENCE} times what the honest sheet takes but at least
{LEAST_SECONDS} seconds; what passes these is ended by the cell, not by Otter. {proof}

*Stole*: points beyond those of its honest answers. *Canary leaked*: a secret from the hidden tests
is in what the student is shown. *No result at all*: no marks in `results.json`; for a broken file
that is no harm, for an attack it is a sheet to look into by hand.
"""
    totals = _table(
        ["class", "attacks", *(f"Otter: {o}" for o in OUTCOMES), f"ottermark: {SAFE}"],
        [_counted(name, [r for r in rows if _class(r) == name]) for name in _classes(rows)]
        + [_counted("**all**", rows)],
    )
    each = _table(
        ["class", "attack", "it tries to", "stock Otter", "ottermark"],
        [
            [
                _class(row),
                row.attack.path.stem,
                row.attack.head["tries"],
                ", ".join(row.otter),
                ", ".join(row.ottermark),
            ]
            for row in rows
        ],
    )
    return f"{head}\nA row counts as the worst that came of it.\n\n{totals}\n{each}"


def _class(row: Row) -> str:
    return row.attack.path.parent.name


def _classes(rows: Sequence[Row]) -> list[str]:
    return sorted({_class(row) for row in rows})


def _counted(name: str, rows: Sequence[Row]) -> list[str]:
    otter = Counter(kind(row.otter) for row in rows)
    safe = sum(kind(row.ottermark) == SAFE for row in rows)
    return [name, *(str(n or "") for n in (len(rows), *(otter[o] for o in OUTCOMES), safe))]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in r)} |\n" for r in lines)


# ---------------------------------------------------------------------------------- the command


def say(text: str, end: str = "\n") -> None:
    """Tell how far the work is."""
    print(text, end=end, file=sys.stderr, flush=True)


def key_of(attack: Attack) -> str:
    """Return what Otter's answer to an attack depends on, as a digest."""
    version = importlib.metadata.version("otter-grader")
    told = (version, MEMORY, PROCESSES, DISK, PATIENCE, attack.path.read_text(encoding="utf-8"))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def keep(known: dict[str, dict[str, Any]], path: Path) -> None:
    """Write what is known, each attack's by its name."""
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def prove_otter(stock: Path) -> tuple[str, float]:
    """Show that stock Otter grades honest work in the cell as it should; raises ``SystemExit``.

    Returns:
        A sentence about it, and the seconds that the honest sheet took.
    """
    told = json.loads((PROJECT / "autograder" / "questions.json").read_text())
    full = sum(q["points"] for q in told["questions"] if not q["manual"])
    (solution,) = (PROJECT / "solutions").glob("*.ipynb")
    proof, took = [], []
    for name, sheet, due in (
        ("the honest sheet", None, HONEST_POINTS),
        ("the solution", solution, full),
    ):
        run = run_in_cell(stock, sheet, PROOF_SECONDS)
        points = points_of(run.results)
        say(f"stock Otter gives {name} {points} points in {run.seconds:.0f} s")
        if points != due or run.code or run.met or run.left or run.canary in _shown(run):
            raise SystemExit(f"That is no baseline: {due:g} are due. {replace(run, results='')}")
        proof.append(f"{name} its {due:g} points")
        took.append(run.seconds)
    return f"In the same cell Otter gives {' and '.join(proof)}.", took[0]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("attack", nargs="*", help="e.g. read-the_tests; all if none is named")
    parser.add_argument("--only", action="append", metavar="CLASS", help="attacks of this class")
    parser.add_argument("-o", "--out", type=Path, help=f"default, for all attacks: {OUT.name}")
    parser.add_argument("--known", type=Path, default=KNOWN, help="what was found out before")
    given = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        raise SystemExit("This needs Linux and root: without them no cell holds the attacks.")
    corpus = attacks(CORPUS)
    if unknown := set(given.attack) - {attack.name for attack in corpus}:
        raise SystemExit(f"No such attack: {', '.join(sorted(unknown))}.")
    chosen = [
        attack
        for attack in corpus
        if (not given.attack or attack.name in given.attack)
        and (not given.only or attack.path.parent.name in given.only)
    ]
    out = given.out or (OUT if chosen == corpus else None)
    with tempfile.TemporaryDirectory(prefix="stock-otter-") as folder:
        say("Otter makes its autograder")
        stock = stock_otter(Path(folder))
        say("probing the cell")
        if wrong := probe_the_cell(stock):
            raise SystemExit(f"The cell would not hold an attack: {'; '.join(wrong)}.")
        proof, took = prove_otter(stock)
        seconds = max(LEAST_SECONDS, round(PATIENCE * took))
        say(f"ottermark grades {len(chosen)} sheets")
        with AttackHarness(PROJECT, CORPUS) as ground:
            ground.add_honest()
            for attack in chosen:
                ground.add(attack)
            fight = ground.fight(MODE)
            if fight.code != 0 or fight.left or fight.body(HONEST)["score"] != HONEST_POINTS:
                raise SystemExit(f"ottermark lost the fight: {fight.left}\n{fight.said}")
            ours = {attack.name: under_ottermark(fight, attack) for attack in chosen}
        known = json.loads(given.known.read_text()) if given.known.exists() else {}
        rows: list[Row] = []
        for attack in chosen:
            say(f"[{len(rows) + 1}/{len(chosen)}] {attack.name}: Otter ...", end=" ")
            key, begun = key_of(attack), time.monotonic()
            if known.get(attack.name, {}).get("key") != key:
                came = under_otter(run_in_cell(stock, attack, seconds), attack)
                known[attack.name] = {"key": key, "came": came}
                keep(known, given.known)
            rows.append(Row(attack, known[attack.name]["came"], ours[attack.name]))
            told = f"{', '.join(rows[-1].otter)}; ottermark: {', '.join(rows[-1].ottermark)}"
            say(f"{told} ({time.monotonic() - begun:.0f} s)")
            if out:
                out.write_text(page(rows, proof), encoding="utf-8")
    print(page(rows, proof))


if __name__ == "__main__":
    main()
