"""The attacks on stock Otter, as the baseline that ottermark is compared with.

    python bench/against_otter.py [ATTACK...] [--only CLASS] [-o FILE] [--known FILE]

Otter Assign makes Otter's own autograder from the master notebook, and ``otter run`` grades
each attack's submission with it, one after the other. The canary, the servers and the other
submissions are where ``ottermark.audit.attacks`` has them for ottermark, which then grades the same
submissions.

Otter runs a submission as the user who grades, without isolation. So each run is in a *container*
that stands for one of Gradescope's: ottermark's isolation is around all of Otter instead of the
student's process alone, without the filter of system calls; the network is a loopback of its own;
control groups limit memory and processes; when the time is over, everything in the container is
killed. No attack is run before probes have shown that all of this holds. Needs Linux and root.

The outcomes of an attack on Otter are cached in the file of ``--known``, which belongs to the
project, as long as the attack's code, Otter's version and the container's limits stay the same. So
an interrupted run is continued, and a new attack costs a minute instead of two hours for all.
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

import psutil

from ottermark.audit.attacks import (
    HONEST,
    Attack,
    AttackHarness,
    AttackRun,
    read_attacks,
    read_honest,
)
from ottermark.limits import Limits, MiB
from ottermark.sandbox import linux
from ottermark.sandbox.userns import HOME, NamespaceIsolation

PROJECT = Path(__file__).parents[1]
# isolated code can read what is on the path: not this folder, and the tests' only for a moment
sys.path[0] = str(PROJECT / "tests" / "support")
from cgroups import CGROUPS, Group  # noqa: E402

del sys.path[0]

CORPUS = PROJECT / "tests" / "security" / "attacks"
HONEST_POINTS = read_honest(CORPUS).earns
OUT = PROJECT / "docs" / "hostile.md"
KNOWN = Path(__file__).with_suffix(".json")
MODE = "userns"  # needs what the container needs, so the machine offers both
# what an honest run needs, and about as much on top as the LIMITS of ottermark.audit.attacks allow
MEMORY = 1280 * MiB  # of one run, the files in the container included
PROCESSES = 128  # and threads
DISK = 128 * MiB
TIME_FACTOR = 4  # an attack may take so many times as long as the honest submission
LEAST_SECONDS = 60
BASELINE_SECONDS = 600  # the solution trains networks
GRACE_SECONDS = 2.0  # for processes that are about to end
MAX_READ = 16 * MiB
RESULTS = f"{HOME}/out/results/results.json"
LOG = f"{HOME}/otter.log"
OTTER = [sys.executable, "-m", "otter", "run", "--no-logo", "-a", f"{HOME}/autograder.zip"]
OTTER += ["-o", str(Path(RESULTS).parent), "@SUBMISSION@"]
# the layers that a container lacks, and those that it has in its own way
DISABLED_LAYERS = frozenset({"network", "seccomp", "rlimits", "watch"})
SAFE, NO_RESULT = "kept safe", "no result at all"
# the worst first; an attack counts as the first that applies
OUTCOMES = (
    "stole points",
    "canary leaked",
    "process left",
    "file left",
    "hung until killed",
    "exhausts",
    NO_RESULT,
    SAFE,
)
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


# ------------------------------------------------------------------------------- the container


class ContainerHarness(AttackHarness):
    """A harness whose folder is the home of a container, and whose upload is Otter's own."""

    def replace_upload(self, stock: Path) -> None:
        """Replace ottermark's autograder by Otter's, with the canary in it."""
        shutil.rmtree(self.upload)
        shutil.copytree(stock, self.upload)
        for test in (self.upload / "tests").glob("*.py"):
            test.write_text(f'CANARY = "{self.canary}"\n{test.read_text()}')
        (self.upload / "files" / "canary.txt").write_text(self.canary)
        shutil.make_archive(str(self.folder / "autograder"), "zip", self.upload)

    def fill_in(self, text: str) -> str:
        """Replace the words between @ in a command, with paths as the container has them."""
        return self._fill_in(text, HONEST)

    def _fill_in(self, text: str, name: str) -> str:
        return super()._fill_in(text, name).replace(str(self.folder), HOME)


@dataclass(frozen=True)
class Run:
    """How a command in a container ended.

    Attributes:
        exit_code: its exit status, or minus the signal; None if it was killed when the time was
            over.
        results: the text of its results.json; None if it wrote none.
        printed: the end of what it printed.
        left_running: the command lines of processes that it left.
        witness: whether there is the file that an attack may create.
        limits_reached: the limits that it reached.
        canary: what it was not to find out.
        seconds: how long it took.
    """

    exit_code: int | None
    results: str | None
    printed: str
    left_running: tuple[str, ...]
    witness: bool
    limits_reached: tuple[str, ...]
    canary: str
    seconds: float


def run_in_container(
    stock: Path, submission: Attack | Path | None, seconds: float, command: Sequence[str] = OTTER
) -> Run:
    """Run a command in a new container.

    Args:
        stock: the folder of Otter's autograder.
        submission: the attack, or the notebook, that it grades; None for the honest submission.
        seconds: the wall time after which everything in the container is killed.
        command: what to run; @SUBMISSION@ in it stands for the submission.
    """
    group = Group(f"against-otter-{os.getpid()}", MEMORY, PROCESSES)
    try:
        with tempfile.TemporaryDirectory(prefix="against-otter-") as folder:
            fork = multiprocessing.get_context("fork")
            with ProcessPoolExecutor(1, fork) as pool:
                task = pool.submit(
                    _run_container, stock, submission, seconds, command, Path(folder), group
                )
                run = task.result()
        return replace(run, limits_reached=(*run.limits_reached, *group.limits_reached()))
    finally:
        group.remove()


def _run_container(
    stock: Path,
    submission: Attack | Path | None,
    seconds: float,
    command: Sequence[str],
    folder: Path,
    group: Group,
) -> Run:
    """Set up the container around this process, run the command, and end the container."""
    linux.die_with_parent(signal.SIGKILL)
    os.nice(10)
    linux.unshare(linux.CLONE_NEWNET)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    harness = ContainerHarness(PROJECT, CORPUS, folder=folder)  # serves on the container's network
    harness.replace_upload(stock)
    harness.add_honest()
    name = HONEST
    if isinstance(submission, Attack):
        harness.add(submission)
        name = submission.name
    elif submission:
        shutil.copy(submission, harness.submissions)
        name = submission.stem
    (file,) = harness.submissions.glob(f"{name}.*")
    path = f"{HOME}/{harness.submissions.name}/{file.name}"
    words = [harness.fill_in(word).replace("@SUBMISSION@", path) for word in command]
    procs_files = group.open_procs_files()
    isolation = NamespaceIsolation(folder, Limits(disk=DISK), DISABLED_LAYERS)
    isolation.prepare()  # from here on this process, too, sees the container's files only
    linux.mount("none", "/", flags=linux.MS_REMOUNT | linux.MS_BIND)
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n")  # Otter asks for it by name
    linux.make_read_only_here()
    pid = os.fork()
    if pid == 0:
        _execute(isolation, procs_files, words, harness)
    start = time.monotonic()
    is_full, left_running = False, []
    while not (ended := _has_ended(pid)) and time.monotonic() < start + seconds:
        is_full = is_full or any(map(_is_full, (HOME, "/tmp", "/dev/shm")))
        time.sleep(0.1)
    took = time.monotonic() - start
    while ended and (left_running := _other_processes(isolation)):
        if time.monotonic() > start + took + GRACE_SECONDS:
            break
        time.sleep(0.1)
    isolation.kill(pid)
    exit_code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    isolation.clean_up()
    witness = harness.witness_file(name).relative_to(folder)
    return Run(
        exit_code=exit_code if ended else None,
        results=_read(RESULTS),
        printed=(_read(LOG) or "")[-4000:],
        left_running=tuple(left_running),
        witness=os.path.lexists(f"{HOME}/{witness}"),
        limits_reached=("disk",) if is_full else (),
        canary=harness.canary,
        seconds=took,
    )


def _execute(
    isolation: NamespaceIsolation,
    procs_files: Sequence[int],
    command: list[str],
    harness: AttackHarness,
) -> NoReturn:
    """Enter the container and become the command."""
    try:
        for descriptor in procs_files:
            os.write(descriptor, b"0")
        isolation.enter(())
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        Path(HOME, harness.shared.name).mkdir(exist_ok=True)  # empty folders are not copied
        log = os.open(LOG, os.O_WRONLY | os.O_CREAT)
        for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        environment = {
            "HOME": HOME,
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "OTTERMARK_CANARY": harness.canary,
        }
        os.execve(command[0], command, environment)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(127)


def _has_ended(pid: int) -> bool:
    """Return whether a child has ended, without waiting for it, so that its id is not reused."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _is_full(folder: str) -> bool:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize < MiB or status.f_favail == 0


def _other_processes(isolation: NamespaceIsolation) -> list[str]:
    """Return the command lines of the processes in the container, without those that ended."""
    lines = []
    for process in isolation.processes():
        with contextlib.suppress(psutil.Error):
            if command := process.cmdline():  # processes that have ended have none
                lines.append(" ".join(command))
    return lines


def _read(path: str) -> str | None:
    """Return the text of a file in the container, which may be anything."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return file.read(MAX_READ).decode(errors="replace")
    except OSError:
        return None


# ------------------------------------------------------------------------- before the attacks

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


def probe_container(stock: Path) -> list[str]:
    """Return what does not hold in a container, found by harmless code inside it."""
    parents = [Path(sys.prefix), *Path(sys.prefix).parents]
    hidden = [str(p) for p in (*PROJECT.iterdir(), stock, CGROUPS) if p not in parents]
    settings = json.dumps([hidden, PROCESSES, MEMORY, DISK])
    command = [sys.executable, "-c", PROBE, settings, "@PORT@", "@SOCKET@", RESULTS]
    run = run_in_container(stock, None, 60, command)
    if run.exit_code != 0 or run.results is None:
        return [f"the probe failed ({run.exit_code}): {run.printed}"]
    faults: list[str] = json.loads(run.results)
    if set(run.limits_reached) != {"memory", "processes", "disk"}:
        reached = ", ".join(run.limits_reached) or "none"
        faults.append(f"of the limits that it reached, these were noticed: {reached}")
    # processes that outlive the command must be ended too, or the groups could not be removed
    run = run_in_container(stock, None, 2, [sys.executable, "-c", STAYS])
    if run.exit_code is not None:
        faults.append(f"it ends before its time ({run.exit_code}): {run.printed}")
    return faults


def stock_otter(folder: Path) -> Path:
    """Have Otter Assign generate its autograder from the master notebook; return its folder."""
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


# ------------------------------------------------------------------------------- the outcomes


def points_of(results: str | None) -> float | None:
    """Return the points in a results.json as Gradescope counts them; None if it has none."""
    try:
        body = json.loads(results or "")
        if body.get("score"):
            return float(body["score"])
        scores = [float(test["score"]) for test in body["tests"] if "score" in test]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return sum(scores) if scores else None


def _visible_results(run: Run) -> str:
    """Return what the student may see of a results.json."""
    try:
        body = json.loads(run.results or "")
        body["tests"] = [test for test in body["tests"] if test.get("visibility") != "hidden"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return run.results or ""
    return json.dumps(body)


def otter_outcomes(run: Run, attack: Attack) -> list[str]:
    """Return the outcomes of an attack on stock Otter, each in the words of ``OUTCOMES``."""
    points = points_of(run.results)
    outcomes = []
    if points is not None and points > attack.earns:
        outcomes.append(f"stole {points - attack.earns:g} points")
    if run.canary in _visible_results(run):
        outcomes.append("canary leaked")
    if run.left_running:
        outcomes.append("process left")
    if run.witness:
        outcomes.append("file left")
    if run.exit_code is None:
        outcomes.append("hung until killed")
    if run.limits_reached:
        outcomes.append(f"exhausts {' and '.join(run.limits_reached)}")
    if points is None:
        error = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception|Exit|File))\b", run.printed, re.M)
        outcomes.append(f"{NO_RESULT} ({error[-1]})" if error else NO_RESULT)
    return outcomes or [_safe(points or 0, attack)]


def ottermark_outcomes(run: AttackRun, attack: Attack) -> list[str]:
    """Return the same for ottermark."""
    try:
        points = run.result(attack.name)["score"]
    except (OSError, ValueError, KeyError):
        return [NO_RESULT]
    outcomes = []
    if points > attack.earns:
        outcomes.append(f"stole {points - attack.earns:g} points")
    if run.harness.canary in json.dumps(run.result(attack.name)):
        outcomes.append("canary leaked")
    if run.harness.witness_file(attack.name).exists():
        outcomes.append("file left")
    return outcomes or [_safe(points, attack)]


def _safe(points: float, attack: Attack) -> str:
    lost = points < attack.earns
    return f"{SAFE} ({points:g} of {attack.earns:g} honest points)" if lost else SAFE


def worst(outcomes: Sequence[str]) -> str:
    """Return the outcome that an attack counts as."""
    first = outcomes[0].split()[0]
    return next(outcome for outcome in OUTCOMES if outcome.split()[0] == first)


# ------------------------------------------------------------------------------------- the page


@dataclass(frozen=True)
class Row:
    """The outcomes of one attack."""

    attack: Attack
    otter: list[str]
    ottermark: list[str]


def page(rows: Sequence[Row], baseline: str) -> str:
    """Return the Markdown page.

    Args:
        baseline: a sentence about the honest work that Otter graded.
    """
    version = importlib.metadata.version("otter-grader")
    head = f"""\
# Attacks on stock Otter and on ottermark

`bench/against_otter.py` wrote this page. Each attack of `tests/security/attacks/` is a submission.
Stock Otter {version} grades it with `otter run` and an autograder that Otter generated, and
ottermark grades it in mode `{MODE}`. Otter runs in a container: its network is a loopback, it has
{MEMORY // MiB} MB of memory, {PROCESSES} processes and threads, and {TIME_FACTOR} times what the honest
submission takes but at least {LEAST_SECONDS} seconds; whatever exceeds these is ended by the container,
not by Otter. {baseline}

*Stole*: points beyond those of its honest answers. *Canary leaked*: a secret from the hidden tests
is in what the student is shown. *No result at all*: no points in `results.json`; for a broken file
that does no harm, for an attack it means a submission to be graded by hand.
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
    return f"{head}\nAn attack counts as its worst outcome.\n\n{totals}\n{each}"


def _class(row: Row) -> str:
    return row.attack.path.parent.name


def _classes(rows: Sequence[Row]) -> list[str]:
    return sorted({_class(row) for row in rows})


def _counted(name: str, rows: Sequence[Row]) -> list[str]:
    otter = Counter(worst(row.otter) for row in rows)
    safe = sum(worst(row.ottermark) == SAFE for row in rows)
    return [name, *(str(n or "") for n in (len(rows), *(otter[o] for o in OUTCOMES), safe))]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in r)} |\n" for r in lines)


# ---------------------------------------------------------------------------------- the command


def report(text: str, end: str = "\n") -> None:
    """Print progress to stderr."""
    print(text, end=end, file=sys.stderr, flush=True)


def key_of(attack: Attack) -> str:
    """Return a digest of what the outcomes of an attack on Otter depend on."""
    version = importlib.metadata.version("otter-grader")
    lines = attack.path.read_text(encoding="utf-8").splitlines()
    code = [line for line in lines if line.startswith("# %%") or not line.startswith("#")]
    parts = (version, MEMORY, PROCESSES, DISK, TIME_FACTOR, attack.earns, code)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def write_known(known: dict[str, dict[str, Any]], path: Path) -> None:
    """Write the outcomes that are known, by the name of the attack."""
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def check_baseline(stock: Path) -> tuple[str, float]:
    """Check that stock Otter grades honest work in the container as it should.

    Returns:
        A sentence about it, and the seconds that the honest submission took.

    Raises:
        SystemExit: it does not.
    """
    record = json.loads((PROJECT / "autograder" / "questions.json").read_text())
    full = sum(q["points"] for q in record["questions"] if not q["manual"])
    (solution,) = (PROJECT / "solutions").glob("*.ipynb")
    clauses, seconds = [], []
    for name, submission, expected in (
        ("the honest submission", None, HONEST_POINTS),
        ("the solution", solution, full),
    ):
        run = run_in_container(stock, submission, BASELINE_SECONDS)
        points = points_of(run.results)
        report(f"stock Otter gives {name} {points} points in {run.seconds:.0f} s")
        is_clean = not (run.exit_code or run.limits_reached or run.left_running)
        if points != expected or not is_clean or run.canary in _visible_results(run):
            raise SystemExit(
                f"Otter should give it {expected:g} points: {replace(run, results='')}"
            )
        clauses.append(f"{name} its {expected:g} points")
        seconds.append(run.seconds)
    return f"In the same container Otter gives {' and '.join(clauses)}.", seconds[0]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("attack", nargs="*", help="e.g. read-the_tests; all if none is named")
    parser.add_argument("--only", action="append", metavar="CLASS", help="attacks of this class")
    parser.add_argument("-o", "--out", type=Path, help=f"default, for all attacks: {OUT.name}")
    parser.add_argument("--known", type=Path, default=KNOWN, help="outcomes that are known already")
    arguments = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        raise SystemExit("This needs Linux and root: the attacks must be contained.")
    corpus = read_attacks(CORPUS)
    if unknown := set(arguments.attack) - {attack.name for attack in corpus}:
        raise SystemExit(f"There is no attack {', '.join(sorted(unknown))}.")
    chosen = [
        attack
        for attack in corpus
        if (not arguments.attack or attack.name in arguments.attack)
        and (not arguments.only or attack.path.parent.name in arguments.only)
    ]
    out = arguments.out or (OUT if chosen == corpus else None)
    with tempfile.TemporaryDirectory(prefix="stock-otter-") as folder:
        report("generating Otter's autograder")
        stock = stock_otter(Path(folder))
        report("probing the container")
        if faults := probe_container(stock):
            raise SystemExit(f"The container would not hold an attack: {'; '.join(faults)}.")
        baseline, honest_seconds = check_baseline(stock)
        seconds = max(LEAST_SECONDS, round(TIME_FACTOR * honest_seconds))
        report(f"ottermark grades {len(chosen)} submissions")
        with AttackHarness(PROJECT, CORPUS) as harness:
            harness.add_honest()
            for attack in chosen:
                harness.add(attack)
            run = harness.grade(MODE)
            is_honest_whole = run.result(HONEST)["score"] == HONEST_POINTS
            if run.exit_code != 0 or run.left_running or not is_honest_whole:
                raise SystemExit(f"ottermark was harmed: {run.left_running}\n{run.printed}")
            ours = {attack.name: ottermark_outcomes(run, attack) for attack in chosen}
        known = json.loads(arguments.known.read_text()) if arguments.known.exists() else {}
        rows: list[Row] = []
        for attack in chosen:
            report(f"[{len(rows) + 1}/{len(chosen)}] {attack.name}: Otter ...", end=" ")
            key, start = key_of(attack), time.monotonic()
            if known.get(attack.name, {}).get("key") != key:
                outcomes = otter_outcomes(run_in_container(stock, attack, seconds), attack)
                known[attack.name] = {"key": key, "outcomes": outcomes}
                write_known(known, arguments.known)
            rows.append(Row(attack, known[attack.name]["outcomes"], ours[attack.name]))
            line = f"{', '.join(rows[-1].otter)}; ottermark: {', '.join(rows[-1].ottermark)}"
            report(f"{line} ({time.monotonic() - start:.0f} s)")
            if out:
                out.write_text(page(rows, baseline), encoding="utf-8")
    print(page(rows, baseline))


if __name__ == "__main__":
    main()
