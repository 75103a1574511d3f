"""What is done with submissions: a task, and how it is prepared, done and read."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from costs.labs import Lab, loaded

GRADESCOPE = 600  # seconds that Gradescope gives a submission, if nobody changes it


@dataclass(frozen=True)
class Task:
    """What is to be done.

    Attributes:
        submissions: in this order.
        jobs: how many at a time.
        seconds: that the work gets for a submission or for a cell.
        made: a folder for what is made once for all tasks with this lab.
        out: an empty folder for the results.
        address: of a Dask cluster, if one is running.
    """

    lab: Lab
    submissions: Sequence[Path]
    jobs: int
    seconds: float
    made: Path
    out: Path
    address: str = ""


def nothing(task: Task) -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Work:
    """A grader, or something else that runs submissions.

    Attributes:
        name: for messages and for the table.
        run: is measured; where it ``grades``, it writes ``results/NAME.json`` into the task's folder.
        prepare: is done before, in a process of its own, and is not measured.
        grades: whether points come of it, which are checked.
        seconds: that it gets for a submission; 0 if it gets the lab's limit for each cell.
    """

    name: str
    run: Callable[[Task], None]
    prepare: Callable[[Task], None] = nothing
    grades: bool = True
    seconds: float = 0


def write_points(task: Task, name: str, points: float) -> None:
    """Write the points of a submission where they are looked for."""
    results = task.out / "results"
    results.mkdir(exist_ok=True)
    body = {"tests": [{"score": points}]}
    (results / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")


def points_of(task: Task, name: str) -> float | None:
    """Return the points of a submission, by whomever; None if there are none."""
    try:
        tests = loaded(task.out / "results" / f"{name}.json")["tests"]
    except (OSError, ValueError):
        return None
    return float(sum(test.get("score", 0) for test in tests))
