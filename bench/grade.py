"""What grading costs: ottermark beside stock Otter, and beside executing the notebooks alone.

    python bench/grade.py [--only PART]... [--repeat N] [--few] [-o FILE]

All get the same submissions of our lab, on the same two processors, in the same run. ``ottermark grade``
grades a folder; ``otter run``, with an autograder that Otter Assign makes of the master, grades
one submission a process; nbclient executes and grades nothing. CPU seconds are counted by a control
group, so no process is forgotten that outlives its parent. Prints a Markdown table: *of it* is
ottermark's share of what stands beside it, or how much more it takes. Needs Linux and root. All
parts take about 65 minutes; ``--few`` takes the fewest submissions, to see that everything works.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import multiprocessing
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil

from ottermark.audit.answer_files import build_notebook, find_answer_cells, with_answers
from ottermark.config import CONFIG_FILE, GradingConfig
from ottermark.limits import Limits

# What holds more than this module does is imported where it is used: pages that this process shares
# with those that are measured would make theirs look smaller.
PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "support"))
from cgroups import Group  # noqa: E402
from clusters import Cluster  # noqa: E402

CORPUS = PROJECT / "assignment" / "corpus"
(BLANK,) = (PROJECT / "student").glob("*.ipynb")
SOLUTION = PROJECT / "solutions" / BLANK.name
AUTOGRADER = PROJECT / "autograder"
PYTHON = [sys.executable, "-m"]
CORES = 2
LOOK_SECONDS = 0.25
CELLS = "cells.txt"  # what cells took, where it is counted
GRADESCOPE = 600  # seconds that Gradescope gives a submission, if nobody changes it
NO_LIMIT = 2**60
FORK = multiprocessing.get_context("fork")

# ---------------------------------------------------------------------------------- the submissions

WHOLE = (
    "class/solution",
    "whole_submissions/other_ways",
    "whole_submissions/vscode",
)  # Otter refuses what Colab makes
PART = (
    *("answers_at_the_end", "forgets_plus_one", "never_trained"),
    *("seed_sheet", "thinks_in_squares"),
)
ENDLESS = """
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    steps = 0
    while steps * strides[0] <= input_shape[0]:
        position = steps + strides[0]
    return steps, steps

response_shape((5, 8), (3, 3), (2, 2))
"""
TOO_EARLY = "import kears\nfrom kears import layers"
HALF_A_LINE = "def response_shape(input_shape, kernel_shape\n    return (26, 26)"
PAGE = "<!DOCTYPE html>\n<title>Sign in</title>\n<p>Your session has ended.</p>\n"


def loaded(path: Path) -> Any:
    """Return what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def class_of_40() -> Iterator[tuple[str, Any]]:  # noqa: C901 - a flat list in 40 lines
    """Yield kind and notebook of each submission; some are text that is no notebook.

    8 are whole and 14 in part, most of which train what they build. They are worked on from the
    top, with a slip in every third answer. 10 are blank or nearly, 7 broken, and 1 never ends.
    """
    draw = random.Random(40)
    solved = loaded(SOLUTION)
    own = {q: "".join(solved["cells"][i]["source"]) for q, i in find_answer_cells(solved).items()}
    training, rest = list(own)[:3], list(own)[3:]

    def some(kind: str, question: str) -> str:
        return draw.choice(sorted((CORPUS / kind / question).glob("*.py"))).read_text("utf-8")

    def begun(count: int, **more: str) -> Any:
        """The first answers, a third of them wrong, but for the networks that all else needs."""
        answers = {q: own[q] for q in list(own)[:count]}
        slips = [q for q in answers if q not in training and draw.random() < 1 / 3]
        return with_answers(loaded(BLANK), answers | {q: some("wrong", q) for q in slips} | more)

    for name in WHOLE:
        yield "whole", build_notebook(CORPUS / f"{name}.py", BLANK, SOLUTION)
    for _ in range(5):
        yield "whole", with_answers(loaded(SOLUTION), {q: some("right", q) for q in rest[:-1]})
    for name in PART:
        yield "part", build_notebook(CORPUS / "class" / f"{name}.py", BLANK, SOLUTION)
    for count in range(5, 14):
        yield "part", begun(count)
    for _ in range(4):
        yield "little", loaded(BLANK)
    for question in training[:1] * 3:
        yield "little", with_answers(loaded(BLANK), {question: own[question]})
    for kind in ("right", "wrong", "wrong"):
        yield "little", with_answers(loaded(BLANK), {q: some(kind, q) for q in rest[:3]})
    for count in (6, 9):
        yield "broken", begun(count, q2_7=HALF_A_LINE)
    for count in (1, 5):
        yield "broken", begun(count, q1_1=TOO_EARLY)
    without = begun(7)
    del without["cells"][next(i for i, c in enumerate(without["cells"]) if _imports(c))]
    yield "broken", without
    yield "broken", json.dumps(begun(10))[:60_000]
    yield "broken", PAGE
    yield "endless", begun(7, q2_7=ENDLESS)


def _imports(cell: Any) -> bool:
    return cell["cell_type"] == "code" and "import keras\n" in "".join(cell["source"])


def write_class(folder: Path, few: bool) -> list[Path]:
    """Write the class in an order that is mixed, and the same each time; of ``few`` one a kind."""
    submissions = list(class_of_40())
    if few:
        submissions = list(dict(reversed(submissions)).items())
    random.Random(1).shuffle(submissions)
    return [
        _write(folder / f"{n:02}_{kind}.ipynb", body) for n, (kind, body) in enumerate(submissions)
    ]


def write_copies(folder: Path, which: Path, count: int) -> list[Path]:
    """Write as many submissions that run the same."""
    kind = which.parent.name
    return [_write(folder / f"{n:02}_{kind}.ipynb", loaded(which)) for n in range(count)]


def _write(path: Path, body: Any) -> Path:
    """Write a submission; a comment in its first code makes it unlike all others."""
    if isinstance(body, str):
        text = body
    else:
        first = next(cell for cell in body["cells"] if cell["cell_type"] == "code")
        first["source"] = f"# {path.stem}\n{''.join(first['source'])}"
        text = json.dumps(body)
    path.write_text(text, encoding="utf-8")
    return path


# -------------------------------------------------------------- what is done with the submissions


@dataclass(frozen=True)
class Task:
    """What is to be done.

    Attributes:
        submissions: in this order.
        jobs: how many at a time.
        seconds: that nbclient gets for a cell, and stock Otter for a whole submission.
        stock: Otter's autograder.
        out: a folder for what comes of it.
        address: of a Dask cluster, if one is running.
    """

    submissions: Sequence[Path]
    jobs: int
    seconds: float
    stock: Path
    out: Path
    address: str = ""


Work = Callable[[Task], None]


def ottermark(task: Task) -> None:
    """Grade as TAs do."""
    command = [*PYTHON, "ottermark", "grade", *map(str, task.submissions), "-a", str(AUTOGRADER)]
    command += ["-o", str(task.out), "-j", str(task.jobs)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:4])} failed: {done.stderr[-2000:]}")


def counting(task: Task) -> None:
    """Grade as TAs do, in this process, and write down the CPU seconds that the cells take in it."""
    from ottermark.cli.main import main
    from ottermark.sandbox.sandbox import Sandbox
    from ottermark.sandbox.session import Session

    processes: dict[Session, list[psutil.Process]] = {}
    open_notebook, run_cell = Sandbox.open, Session.run_cell
    cells = 0.0

    def open_counted(self: Sandbox, *settings: Any) -> Session:
        session = open_notebook(self, *settings)
        processes[session] = (
            self.processes()
        )  # of them the keeper takes 0.01 s a submission to watch
        return session

    def counted(self: Session, *settings: Any) -> Any:
        nonlocal cells
        before = sum(map(_spent, processes[self]))
        try:
            return run_cell(self, *settings)
        finally:
            cells += max(0.0, sum(map(_spent, processes[self])) - before)

    with open(os.devnull, "w") as sink:  # noqa: PTH123
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())
    command = ["grade", *map(str, task.submissions), "-a", str(AUTOGRADER), "-o", str(task.out)]
    with patch.object(Sandbox, "open", open_counted), patch.object(Session, "run_cell", counted):
        main([*command, "-j", str(task.jobs)], standalone_mode=False)
    (task.out / CELLS).write_text(str(cells), encoding="utf-8")


def _spent(process: psutil.Process) -> float:
    """Return the CPU seconds of a process; 0 if it has ended."""
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def on_cluster(task: Task) -> None:
    """Grade as TAs do, on the cluster that is running; its CPU seconds are not counted."""
    command = [*PYTHON, "ottermark", "grade", *map(str, task.submissions), "-a", str(AUTOGRADER)]
    command += ["-o", str(task.out), "--dask", task.address]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def otter(task: Task) -> None:
    """Grade each submission with a process of stock Otter, which is killed if it takes too long."""
    (task.out / "results").mkdir()

    def run(submission: Path) -> None:
        room = task.out / submission.stem
        room.mkdir()
        command = [*PYTHON, "otter", "run", "--no-logo", "-a", str(task.stock), "-o", str(room)]
        with contextlib.suppress(subprocess.TimeoutExpired, FileNotFoundError):
            subprocess.run(
                [*command, str(submission)],
                timeout=task.seconds,  # its kernel notices within a second, and ends
                env={**os.environ, "TMPDIR": str(room)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            (room / "results.json").rename(task.out / "results" / f"{submission.stem}.json")

    with ThreadPoolExecutor(task.jobs) as pool:
        list(pool.map(run, task.submissions))


def nbclient(task: Task) -> None:
    """Execute each submission in a kernel of its own, in a copy of the students' folder."""
    with ProcessPoolExecutor(task.jobs, FORK) as pool:
        list(pool.map(partial(_execute, task), task.submissions))


def _execute(task: Task, submission: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    room = shutil.copytree(BLANK.parent, task.out / submission.stem)
    with open(os.devnull, "w") as sink:  # noqa: PTH123
        os.dup2(sink.fileno(), sys.stderr.fileno())  # the kernel's warnings
    with contextlib.suppress(ValueError):  # what cannot be read
        body = nbformat.read(submission, as_version=4)
        NotebookClient(
            body,
            timeout=task.seconds,
            interrupt_on_timeout=True,
            allow_errors=True,
            resources={"metadata": {"path": str(room)}},
        ).execute()


def behind_walls(task: Task) -> None:
    """Only run the cells, in processes that are forked, walled off and ended as when grading."""
    from ottermark.grading.autograder import open_autograder
    from ottermark.sandbox.sandbox import Sandbox
    from ottermark.sandbox.session import SessionLostError

    with open_autograder(AUTOGRADER) as grader, Sandbox(grader.assignment.preloads) as sandbox:
        limits = Limits().with_changes(grader.config.limits)
        for submission in task.submissions:
            with sandbox.open(grader.student_files, limits) as session:
                for cell in _cells(submission):
                    with contextlib.suppress(SessionLostError):
                        session.run_cell(cell)


def bare(task: Task) -> None:
    """Only run the cells, by IPython itself, in forks of a process that has imported the same."""
    import gc
    import importlib

    from ottermark.sandbox.sandbox import make_environment

    os.environ.update(make_environment(task.out))  # as many threads
    for module in loaded(AUTOGRADER / "questions.json")["imports"]:
        importlib.import_module(module)
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from ottermark.worker.otter import make_otter_stub

    class Shell(InteractiveShell):
        def enable_gui(self, gui: str | None = None) -> None:
            """There is no screen."""

    os.chdir(shutil.copytree(BLANK.parent, task.out / "student"))
    sys.modules["otter"] = make_otter_stub()
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.enable_matplotlib("inline")
    gc.collect()
    gc.freeze()
    for submission in task.submissions:
        if child := os.fork():
            if os.waitpid(child, 0)[1]:
                raise SystemExit(f"{submission.stem} did not run.")
            continue
        with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink):  # noqa: PTH123
            for cell in _cells(submission):
                shell.run_cell(cell, store_history=True)
        os._exit(0)


def _cells(submission: Path) -> list[str]:
    """Return the code in a submission, of what is no notebook none."""
    try:
        cells = loaded(submission)["cells"]
    except ValueError:
        return []
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return [source for source in sources if source.strip()]


# ------------------------------------------------------------------------------ measuring it


@dataclass(frozen=True)
class Cost:
    """What some work took.

    Attributes:
        cpu: seconds of processors, of all processes.
        wall: seconds.
        peak: the most bytes that all held at one time, shared pages by their share.
        cells: seconds of processors that students' cells took of it, where that is counted.
    """

    cpu: float
    wall: float
    peak: int
    cells: float = 0.0


def measured(work: Callable[[], None], memory: bool = False) -> Cost:
    """Do some work in a process of its own; its memory is looked at only if that is asked."""
    group = Group(f"bench-grade-{os.getpid()}", NO_LIMIT)

    def inside() -> None:
        group.join()
        work()

    process = FORK.Process(target=inside)
    peak = 0
    try:
        begun = time.monotonic()
        process.start()
        while process.is_alive():
            process.join(LOOK_SECONDS)
            if memory:
                peak = max(peak, _held(group))
        wall = time.monotonic() - begun
        if process.exitcode:
            raise SystemExit(1)
        while _members(group):  # keepers and kernels that are about to end
            time.sleep(0.05)
        return Cost(group.cpu_seconds, wall, peak)
    finally:
        group.kill()
        group.remove()


def _members(group: Group) -> list[str]:
    return (group.folders["memory"] / "cgroup.procs").read_text().split()


def _held(group: Group) -> int:
    held = 0
    for pid in _members(group):
        with contextlib.suppress(OSError):
            match = re.search(r"^Pss: +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
            held += int(match[1]) * 1024 if match else 0
    return held


class Bench:
    """Measures what the parts ask for, once.

    Args:
        folder: where submissions, and what comes of them, may be put.
        repeat: how often each is measured; the medians count.
        few: as few submissions as can be.
    """

    def __init__(self, folder: Path, repeat: int, few: bool) -> None:
        self._folder, self._repeat = folder, repeat
        self.cell = Limits().with_changes(GradingConfig.read(AUTOGRADER / CONFIG_FILE).limits).cell
        self._stock = folder / "stock" / "autograder.zip"
        self._known: dict[object, Cost] = {}
        self.blanks, self.solutions, self.others = (2, 2, 2) if few else (20, 4, 3)
        self.submissions: dict[str, list[Path]] = {}
        for name in ("class", "blank", "solution"):
            (folder / name).mkdir()
        everyone = write_class(folder / "class", few)
        self.submissions["all"] = everyone
        self.submissions["ending"] = [
            submission for submission in everyone if "endless" not in submission.stem
        ]
        self.submissions["blank"] = write_copies(folder / "blank", BLANK, self.blanks)
        self.submissions["solution"] = write_copies(folder / "solution", SOLUTION, self.solutions)
        questions = loaded(AUTOGRADER / "questions.json")["questions"]
        full = sum(question["points"] for question in questions if not question["manual"])
        self._due = {BLANK.parent.name: 0, SOLUTION.parent.name: full}

    def cost(
        self,
        work: Work,
        which: str,
        count: int | None = None,
        jobs: int = 1,
        memory: bool = False,
        seconds: float = 0,
    ) -> Cost:
        """Return what some work costs on the first so many submissions of a kind."""
        key = (work, which, count, jobs, memory, seconds)
        if key not in self._known:
            costs = [
                self._once(work, self.submissions[which][:count], jobs, memory, seconds)
                for _ in range(self._repeat)
            ]
            self._known[key] = Cost(
                statistics.median(cost.cpu for cost in costs),
                statistics.median(cost.wall for cost in costs),
                round(statistics.median(cost.peak for cost in costs)),
                statistics.median(cost.cells for cost in costs),
            )
        return self._known[key]

    def margin(self, work: Work, which: str, count: int) -> float:
        """Return the CPU seconds that one more submission costs."""
        many, one = self.cost(work, which, count), self.cost(work, which, 1)
        return (many.cpu - one.cpu) / (count - 1)

    def in_turn(self, works: Sequence[Work], which: str, parts: int = 4) -> list[float]:
        """Return the CPU seconds that a submission costs with each of some works.

        They take turns, part by part of the submissions, so that none meets a slower machine.
        """
        submissions, starts = self.submissions[which], [self.start(work) for work in works]
        spent = [0.0] * len(works)
        for number in range(parts * self._repeat):
            part = submissions[number % parts :: parts]
            for at in range(len(works)):
                turn = (number + at) % len(works)
                spent[turn] += self._once(works[turn], part).cpu - starts[turn]
        return [each / (len(submissions) * self._repeat) for each in spent]

    def start(self, work: Work) -> float:
        """Return the CPU seconds that a run costs before it costs any for submissions."""
        return self.cost(work, "blank", 1).cpu - self.margin(work, "blank", self.blanks)

    def _once(
        self,
        work: Work,
        submissions: Sequence[Path],
        jobs: int = 1,
        memory: bool = False,
        seconds: float = 0,
    ) -> Cost:
        say(
            f"{work.__name__}: {len(submissions)} of {submissions[0].parent.name}, {jobs} at a time ...",
            " ",
        )
        if work is otter and not self._stock.exists():
            self._make_otter()
        out = Path(tempfile.mkdtemp(dir=self._folder))
        with contextlib.ExitStack() as stack:
            address = ""
            if work is on_cluster:
                (out / "cluster").mkdir()
                cluster = stack.enter_context(contextlib.closing(Cluster(out / "cluster")))
                for _ in range(jobs):
                    cluster.add_worker()
                address = cluster.address
            task = Task(submissions, jobs, seconds or self.cell, self._stock, out, address)
            cost = measured(partial(work, task), memory)
        if work in (ottermark, counting, on_cluster, otter):
            self._check(submissions, out)
        if (cells := out / CELLS).exists():
            cost = replace(cost, cells=float(cells.read_text(encoding="utf-8")))
        shutil.rmtree(out)
        peak = f", {cost.peak / 1e6:.0f} MB" if memory else ""
        say(f"{cost.cpu:.1f} CPU s, {cost.wall:.1f} s{peak}")
        return cost

    def _make_otter(self) -> None:
        def make() -> None:
            from hostile.stock_otter import stock_otter

            self._stock.parent.mkdir()
            made = stock_otter(self._stock.parent)
            shutil.make_archive(str(self._stock.with_suffix("")), "zip", made)

        process = FORK.Process(target=make)
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(1)

    def _check(self, submissions: Sequence[Path], out: Path) -> None:
        """See that the submissions were really graded."""
        for submission in submissions:
            kind = submission.stem.partition("_")[2]
            points = _points(out / "results" / f"{submission.stem}.json")
            if kind in self._due and points != self._due[kind]:
                raise SystemExit(
                    f"{submission.stem} was given {points} points: {self._due[kind]} are due."
                )
            if points is None and kind not in ("broken", "endless"):
                raise SystemExit(f"{submission.stem} was given no points.")


def _points(path: Path) -> float | None:
    """Return the points in a results.json, by whomever; None if there is none."""
    try:
        return sum(test.get("score", 0) for test in loaded(path)["tests"])
    except (OSError, ValueError):
        return None


# ---------------------------------------------------------------------------------- the table


def row(*cells: str) -> str:
    """Return a line of the table."""
    return f"| {' | '.join(cells)} |\n"


def target(value: float, most: float) -> str:
    """Return what was to be reached, and whether it is."""
    return f"{most:.2f}: {'holds' if value <= most else 'missed'}"


def share(figure: str, ours: float, whose: str, theirs: float, most: float, digits: int = 2) -> str:
    """Return a line on how much of another's cost is ours."""
    costs = f"{ours:.{digits}f}", f"{whose} {theirs:.{digits}f}"
    return row(figure, *costs, f"{ours / theirs:.2f}", target(ours / theirs, most))


def surplus(figure: str, ours: float, theirs: float, most: float) -> str:
    """Return a line on how much more ours costs than the cells alone."""
    more = ours - theirs
    return row(figure, f"{ours:.2f}", f"cells {theirs:.2f}", f"{more:+.2f}", target(more, most))


def blank(bench: Bench) -> Iterator[str]:
    """One more blank submission."""
    ours = bench.margin(ottermark, "blank", bench.blanks)
    theirs = bench.cost(otter, "blank", bench.others).cpu / bench.others
    yield share("one more blank submission, CPU s", ours, "Otter", theirs, 1 / 12)
    start = f"{bench.start(ottermark):.2f}"
    yield row(
        "the start of a run, once for all submissions, CPU s", start, "Otter: in each", "", ""
    )


def solution(bench: Bench) -> Iterator[str]:
    """One more solved submission."""
    ours = bench.margin(ottermark, "solution", bench.solutions)
    theirs = bench.cost(otter, "solution", bench.others).cpu / bench.others
    yield share("one more solved submission, CPU s", ours, "Otter", theirs, 1 / 2)


def class_that_ends(bench: Bench) -> Iterator[str]:
    """The class without the submission that never ends."""
    name = f"class of {len(bench.submissions['ending'])}, all of which end, two at a time, wall s"
    ours, theirs = (bench.cost(work, "ending", jobs=CORES).wall for work in (ottermark, otter))
    yield share(name, ours, "Otter", theirs, 0.4, digits=0)


def class_with_endless(bench: Bench) -> Iterator[str]:
    """The whole class, beside Otter with the limits that can be set for it, and without that submission."""
    name = (
        f"class of {len(bench.submissions['all'])}, one of which never ends, two at a time, wall s"
    )
    ours = bench.cost(ottermark, "all", jobs=CORES).wall
    for limit in (GRADESCOPE, bench.cell):
        theirs = bench.cost(otter, "all", jobs=CORES, seconds=limit).wall
        yield share(name, ours, f"Otter, killed after {limit:g} s,", theirs, 0.4, digits=0)
    theirs = bench.cost(otter, "ending", jobs=CORES).wall
    yield share(name, ours, "Otter without that one", theirs, 0.4, digits=0)


def counted(bench: Bench) -> Iterator[str]:
    """What grading costs beyond the student's own cells, whose CPU seconds are counted meanwhile."""
    for which, name, most in (
        ("ending", "a submission of the class", 0.5),
        ("solution", "a solved submission, with its networks", 0.8),
    ):
        count = len(bench.submissions[which])
        whole = bench.cost(counting, which)
        ours, cells = (whole.cpu - bench.start(counting)) / count, whole.cells / count
        yield surplus(f"{name}, and its cells, counted meanwhile, CPU s", ours, cells, most)


def overhead(bench: Bench) -> Iterator[str]:
    """What grading costs beyond the student's own cells, which are run alone beside it."""
    walls = {"behind the same walls": behind_walls, "by IPython alone": bare}
    ours = bench.margin(ottermark, "blank", bench.blanks)
    for how, work in walls.items():
        cells = bench.margin(work, "blank", bench.blanks)
        yield surplus(f"a blank submission, and its cells {how}, CPU s", ours, cells, 0.5)
    ours, *theirs = bench.in_turn((ottermark, *walls.values()), "ending")
    for how, cells in zip(walls, theirs, strict=True):
        yield surplus(f"a submission of the class, and its cells {how}, CPU s", ours, cells, 0.5)


def memory(bench: Bench) -> Iterator[str]:
    """The memory of two solutions that are graded side by side."""
    ours, theirs = (
        bench.cost(work, "solution", jobs=CORES, memory=True).peak / 1e9
        for work in (ottermark, otter)
    )
    yield row(
        "two solutions at a time, peak of all processes, GB",
        *(f"{ours:.2f}", f"Otter {theirs:.2f}", f"{ours / theirs:.2f}"),
        f"{target(ours, 1.2)} (of ours, GB)",
    )


def executing(bench: Bench) -> Iterator[str]:
    """What executing costs that grades nothing."""
    for which, count in (("blank", bench.blanks), ("solution", bench.solutions)):
        ours = bench.margin(ottermark, which, count)
        theirs = bench.margin(nbclient, which, bench.others)
        yield share(f"one more {which}, CPU s", ours, "nbclient", theirs, 1)
    name = f"class of {len(bench.submissions['ending'])}, all of which end, two at a time, wall s"
    ours, theirs = (bench.cost(work, "ending", jobs=CORES).wall for work in (ottermark, nbclient))
    yield share(name, ours, "nbclient", theirs, 1, digits=0)


def cluster(bench: Bench) -> Iterator[str]:
    """The class on a cluster of as many workers as are graded side by side here."""
    name = f"class of {len(bench.submissions['ending'])}, all of which end, on two Dask workers, wall s"
    there, here = (bench.cost(work, "ending", jobs=CORES).wall for work in (on_cluster, ottermark))
    yield share(name, there, "local pool", here, 1.1, digits=0)


PARTS: dict[str, Callable[[Bench], Iterator[str]]] = {
    "blank": blank,
    "solution": solution,
    "class": class_that_ends,
    "endless": class_with_endless,
    "counted": counted,
    "overhead": overhead,
    "memory": memory,
    "nbclient": executing,
    "cluster": cluster,
}
HEAD = """\
Two cores of {processor}; Otter {otter}, nbclient {nbclient}. A cell may take {cell:g} s. Medians of {repeat}. One more submission is \
what each costs of {blanks} blanks, or {solutions} solutions, beyond the first; of Otter and nbclient \
of {others}.

| figure | ottermark | beside it | of it | at most |
|---|---|---|---|---|
"""


def say(text: str, end: str = "\n") -> None:
    """Tell how far the work is."""
    print(text, end=end, file=sys.stderr, flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; all if none")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="take medians of N")
    parser.add_argument("--few", action="store_true", help="the fewest submissions, to try it out")
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="write the table there too")
    options = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.exit("This needs Linux and root: without them nothing counts CPU seconds.")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with tempfile.TemporaryDirectory(prefix="bench-grade-") as folder:
        bench = Bench(Path(folder), options.repeat, options.few)
        rows = [line for part in options.only or PARTS for line in PARTS[part](bench)]
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    head = HEAD.format(
        processor=model[1] if model else "this machine",
        otter=importlib.metadata.version("otter-grader"),
        nbclient=importlib.metadata.version("nbclient"),
        cell=bench.cell,
        repeat=options.repeat,
        **{name: getattr(bench, name) for name in ("blanks", "solutions", "others")},
    )
    text = "".join((head, *rows))
    print(text, end="")
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
