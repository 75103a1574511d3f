"""Measures works on submissions of one lab, each once, and checks what they grade."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from clusters import Cluster

from costs.labs import Lab
from costs.measuring import Cost, apart, measured
from costs.ours import CELLS, ON_CLUSTER
from costs.submissions import write_class, write_copies
from costs.work import Task, Work, points_of
from ottermark.config import CONFIG_FILE, GradingConfig
from ottermark.limits import Limits

MAY_FAIL = ("broken", "endless")


class Bench:
    """Measures what the parts ask for, once.

    Args:
        lab: whose submissions are graded.
        folder: where submissions and results may be put; it is created.
        repeat: how often each is measured; the medians count.
        few: as few submissions as can be.
    """

    def __init__(self, lab: Lab, folder: Path, repeat: int, few: bool) -> None:
        self.lab, self._folder, self.repeat = lab, folder, repeat
        config = GradingConfig.read(lab.autograder / CONFIG_FILE)
        self.cell = Limits().with_changes(config.limits).cell
        self._known: dict[object, Cost] = {}
        self.blanks, self.solutions, self.others = (2, 2, 2) if few else (20, 4, 2)
        self._made = folder / "made"
        self._made.mkdir(parents=True)
        everyone = write_class(lab, folder / "class", few)
        self.submissions = {
            "all": everyone,
            "ending": [each for each in everyone if "endless" not in each.stem],
            "blank": write_copies(folder / "blank", lab.blank, self.blanks),
            "solution": write_copies(folder / "solution", lab.solution, self.solutions),
        }
        self._due = {"blank": 0.0, "solution": sum(lab.points.values())}

    def cost(
        self,
        work: Work,
        which: str,
        count: int | None = None,
        jobs: int = 1,
        memory: bool = False,
    ) -> Cost:
        """Return what some work costs on the first so many submissions of a kind."""
        key = (work, which, count, jobs, memory)
        if key not in self._known:
            submissions = self.submissions[which][:count]
            costs = [self._once(work, submissions, jobs, memory) for _ in range(self.repeat)]
            self._known[key] = median_of(costs)
        return self._known[key]

    def alternating(self, work: Work, which: str, jobs: Sequence[int]) -> list[Cost]:
        """Return what some work costs with so many at a time, measured in turn."""
        costs: dict[int, list[Cost]] = {each: [] for each in jobs}
        for number in range(self.repeat):
            for each in jobs[:: -1 if number % 2 else 1]:
                costs[each].append(self._once(work, self.submissions[which], each, memory=True))
        return [median_of(each) for each in costs.values()]

    def margin(self, work: Work, which: str, count: int) -> float:
        """Return the CPU seconds that one more submission costs."""
        many, one = self.cost(work, which, count), self.cost(work, which, 1)
        return (many.cpu - one.cpu) / (count - 1)

    def beyond_start(self, work: Work, which: str) -> float:
        """Return the CPU seconds that one submission costs beyond the start of a run."""
        one, two = (self.cost(work, "blank", count).cpu for count in (1, 2))
        if which == "blank":
            return two - one
        return self.cost(work, which, 1).cpu - (2 * one - two)

    def each(self, work: Work, which: str) -> float:
        """Return the CPU seconds that a submission costs where nothing is shared by two."""
        return self.cost(work, which, self.others).cpu / self.others

    def in_turn(self, works: Sequence[Work], which: str, parts: int = 4) -> list[float]:
        """Return the CPU seconds that a submission costs with each of some works.

        They take turns, part by part of the submissions, so that none meets a slower machine.
        """
        submissions, starts = self.submissions[which], [self.start(work) for work in works]
        spent = [0.0] * len(works)
        for number in range(parts * self.repeat):
            part = submissions[number % parts :: parts]
            for at in range(len(works)):
                turn = (number + at) % len(works)
                spent[turn] += self._once(works[turn], part).cpu - starts[turn]
        return [each / (len(submissions) * self.repeat) for each in spent]

    def start(self, work: Work) -> float:
        """Return the CPU seconds that a run costs before it costs any for submissions."""
        return self.cost(work, "blank", 1).cpu - self.margin(work, "blank", self.blanks)

    def _once(
        self,
        work: Work,
        submissions: Sequence[Path],
        jobs: int = 1,
        memory: bool = False,
    ) -> Cost:
        kind = submissions[0].parent.name
        say(
            f"{self.lab.name}: {work.name}: {len(submissions)} of {kind}, {jobs} at a time ...", " "
        )
        out = Path(tempfile.mkdtemp(dir=self._folder))
        with contextlib.ExitStack() as stack:
            address = ""
            if work is ON_CLUSTER:
                (out / "cluster").mkdir()
                cluster = stack.enter_context(contextlib.closing(Cluster(out / "cluster")))
                for _ in range(jobs):
                    cluster.add_worker()
                address = cluster.address
            limit = work.seconds or self.cell
            task = Task(self.lab, submissions, jobs, limit, self._made, out, address)
            apart(partial(work.prepare, task))
            cost = measured(partial(work.run, task), memory)
        if work.grades:
            self._check(task)
        if (cells := out / CELLS).exists():
            cost = replace(cost, cells=float(cells.read_text(encoding="utf-8")))
        shutil.rmtree(out)
        peak = f", {cost.peak / 1e6:.0f} MB" if memory else ""
        say(f"{cost.cpu:.1f} CPU s, {cost.wall:.1f} s{peak}")
        return cost

    def _check(self, task: Task) -> None:
        """See that the submissions were really graded."""
        for submission in task.submissions:
            name = submission.stem
            kind = name.partition("_")[2]
            points = points_of(task, name)
            due = self._due.get(kind)
            if due is not None and (points is None or abs(points - due) > 1e-6):
                raise SystemExit(f"{name} was given {points} points: {due} are due.")
            if points is None and kind not in MAY_FAIL:
                raise SystemExit(f"{name} was given no points.")


def median_of(costs: Sequence[Cost]) -> Cost:
    """Return the medians of costs."""
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
        round(statistics.median(cost.peak for cost in costs)),
        statistics.median(cost.cells for cost in costs),
    )


def say(text: str, end: str = "\n") -> None:
    """Tell how far the work is."""
    print(text, end=end, file=sys.stderr, flush=True)
