"""The parts of the table: what is compared, and the targets of the lab before its last questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from costs.bench import Bench
from costs.mograder_lab import MOGRADER
from costs.nbgrader_lab import NBGRADER
from costs.others import NBCLIENT, OTTER
from costs.ours import BARE, COUNTING, ISOLATED, ON_CLUSTER, OURS
from costs.rows import Row

CORES = 2
BLANK = "one more blank submission, CPU s"
SOLVED = "one more solved submission, CPU s"


def blank(bench: Bench) -> Iterator[Row]:
    """One more blank submission."""
    ours = bench.margin(OURS, "blank", bench.blanks)
    yield Row(BLANK, ours, "Otter", bench.each(OTTER, "blank"), (0.04,))
    yield Row("the start of a run, once for all submissions, CPU s", bench.start(OURS))


def solution(bench: Bench) -> Iterator[Row]:
    """One more solved submission; the second target counts on the fourth lever of docs/keras.md."""
    ours = bench.margin(OURS, "solution", bench.solutions)
    yield Row(SOLVED, ours, "Otter", bench.each(OTTER, "solution"), (0.34, 0.27))


def class_that_ends(bench: Bench) -> Iterator[Row]:
    """The class without the submission that never ends."""
    ours, theirs = (bench.cost(work, "ending", jobs=CORES).wall for work in (OURS, OTTER))
    yield Row(_ending(bench), ours, "Otter", theirs, digits=0)


def _ending(bench: Bench) -> str:
    return f"class of {len(bench.submissions['ending'])}, all of which end, two at a time, wall s"


def class_with_endless(bench: Bench) -> Iterator[Row]:
    """The whole class; each process of Otter is killed when Gradescope would."""
    count = len(bench.submissions["all"])
    figure = f"class of {count}, one of which never ends, two at a time, wall s"
    ours = bench.cost(OURS, "all", jobs=CORES).wall
    theirs = bench.cost(OTTER, "all", jobs=CORES).wall
    yield Row(figure, ours, f"Otter, killed after {OTTER.seconds:g} s", theirs, (0.23,), digits=0)


def counted(bench: Bench) -> Iterator[Row]:
    """What grading costs beyond the student's own cells, whose CPU seconds are counted meanwhile."""
    for which, figure, most in (
        ("ending", "a submission of the class, CPU s", 0.5),
        ("solution", "a solved submission, with its networks, CPU s", 0.8),
    ):
        count = len(bench.submissions[which])
        whole = bench.cost(COUNTING, which)
        ours, cells = (whole.cpu - bench.start(COUNTING)) / count, whole.cells / count
        yield Row(figure, ours, "its cells, counted meanwhile", cells, (most,), "difference")


def overhead(bench: Bench) -> Iterator[Row]:
    """What grading costs beyond the student's own cells, which are run alone beside it."""
    alone = (ISOLATED, BARE)
    ours = bench.margin(OURS, "blank", bench.blanks)
    for work in alone:
        cells = bench.margin(work, "blank", bench.blanks)
        yield Row("a blank submission, CPU s", ours, work.name, cells, (0.5,), "difference")
    ours, *theirs = bench.in_turn((OURS, *alone), "ending")
    for work, cells in zip(alone, theirs, strict=True):
        yield Row("a submission of the class, CPU s", ours, work.name, cells, (0.5,), "difference")


def memory(bench: Bench) -> Iterator[Row]:
    """The memory of two solutions that are graded side by side."""
    ours, theirs = (
        bench.cost(work, "solution", CORES, jobs=CORES, memory=True).peak / 1e9
        for work in (OURS, OTTER)
    )
    yield Row("two solutions at a time, peak, GB", ours, "Otter", theirs, (1.15,), "ours")


def executing(bench: Bench) -> Iterator[Row]:
    """What executing costs that grades nothing."""
    yield Row(
        BLANK, bench.margin(OURS, "blank", bench.blanks), "nbclient", bench.each(NBCLIENT, "blank")
    )
    ours = bench.margin(OURS, "solution", bench.solutions)
    yield Row(SOLVED, ours, "nbclient", bench.each(NBCLIENT, "solution"), (0.5,))
    ours, theirs = (bench.cost(work, "ending", jobs=CORES).wall for work in (OURS, NBCLIENT))
    yield Row(_ending(bench), ours, "nbclient", theirs, (0.35,), digits=0)


def nbgrader(bench: Bench) -> Iterator[Row]:
    """nbgrader's autograde, on the same questions in its form."""
    for figure, which, count in _marginal(bench):
        theirs = bench.beyond_start(NBGRADER, which)
        yield Row(figure, bench.margin(OURS, which, count), "nbgrader", theirs)


def nbgrader_class(bench: Bench) -> Iterator[Row]:
    """nbgrader's autograde on the class, with half of it in each of two courses."""
    ours, theirs = (bench.cost(work, "ending", jobs=CORES).wall for work in (OURS, NBGRADER))
    yield Row(_ending(bench), ours, "nbgrader, two courses", theirs, digits=0)


def mograder(bench: Bench) -> Iterator[Row]:
    """mograder, on the blank and on the solved notebook alone: see ``mograder_lab``."""
    for figure, which, count in _marginal(bench):
        theirs = bench.beyond_start(MOGRADER, which)
        yield Row(figure, bench.margin(OURS, which, count), "mograder", theirs)


def _marginal(bench: Bench) -> list[tuple[str, str, int]]:
    return [(BLANK, "blank", bench.blanks), (SOLVED, "solution", bench.solutions)]


def three(bench: Bench) -> Iterator[Row]:
    """The class with three submissions at a time, beside two, measured in turn."""
    two, more = bench.alternating(OURS, "ending", (CORES, 3))
    count = len(bench.submissions["ending"])
    figure = f"class of {count}, all of which end, three at a time"
    yield Row(f"{figure}, wall s", more.wall, "two at a time", two.wall, digits=0)
    yield Row(f"{figure}, peak, GB", more.peak / 1e9, "two at a time", two.peak / 1e9)


def cluster(bench: Bench) -> Iterator[Row]:
    """The class on a cluster of as many workers as are graded side by side here."""
    count = len(bench.submissions["ending"])
    figure = f"class of {count}, all of which end, on two Dask workers, wall s"
    there, here = (bench.cost(work, "ending", jobs=CORES).wall for work in (ON_CLUSTER, OURS))
    yield Row(figure, there, "two at a time without Dask", here, (1.1,), digits=0)


Part = Callable[[Bench], Iterator[Row]]
PARTS: dict[str, Part] = {
    "blank": blank,
    "solution": solution,
    "endless": class_with_endless,
    "memory": memory,
    "nbclient": executing,
    "nbgrader": nbgrader,
    "nbgrader-class": nbgrader_class,
    "mograder": mograder,
}
ON_DEMAND: dict[str, Part] = {
    "class": class_that_ends,
    "three": three,
    "counted": counted,
    "overhead": overhead,
    "cluster": cluster,
}
LONG_PARTS = ("endless", "nbgrader-class")
