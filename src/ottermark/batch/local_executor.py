"""Grade sheets side by side on this machine: one process that others are forked from, threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.grading.autograder import Autograder
from ottermark.grading.grade import Result, grade, nothing_earned
from ottermark.limits import Limits
from ottermark.results.document import checked, results
from ottermark.results.executed_notebook import ExecutedNotebook
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import SubmissionRejectedError, SubmittedNotebook, read

KEY = "key"  # in extra_data: what a result is known by


@dataclass(frozen=True)
class Task:
    """A sheet that is to be graded.

    Attributes:
        name: how it is called in results and tables.
        path: the file.
        key: goes into the result, to know it by; see ``ledger``.
    """

    name: str
    path: Path
    key: str


@dataclass(frozen=True)
class Graded:
    """What grading one sheet gave.

    Attributes:
        name: the sheet's.
        text: its results.json.
        executed: the notebook as it ran, in nbformat 4; None if it did not.
        failed: whether the grader itself failed on it.
    """

    name: str
    text: str
    executed: dict[str, Any] | None = None
    failed: bool = False


def grade_sheet(task: Task, grader: Autograder, sandbox: Sandbox, limits: Limits) -> Graded:
    """Grade one sheet, whatever it is, inside ``grader.working_directory()``."""
    try:
        submission = read_sheet(task, grader)
        if isinstance(submission, Graded):
            return submission
        shown = ExecutedNotebook()
        result = grade(submission, grader, sandbox, limits, ran=shown.add)
        text = _text(result, grader, task.key)
        return Graded(task.name, text, shown.notebook(submission, result.problems))
    except Exception as error:  # a bug of ours must not cost the class its grades
        return failed(task.name, grader, type(error).__name__)


def read_sheet(task: Task, grader: Autograder) -> SubmittedNotebook | Graded:
    """Return what a sheet holds, or what it earns if it cannot be graded."""
    try:
        return read(task.path, task.name, grader.assignment)
    except SubmissionRejectedError as rejection:
        nothing = nothing_earned(task.name, grader, "rejected", str(rejection))
        return Graded(task.name, _text(nothing, grader, task.key))


def failed(name: str, grader: Autograder, why: str) -> Graded:
    """Return what stands for a sheet on which the grader itself failed."""
    message = f"The grader failed on this sheet ({why}); tell its makers."
    nothing = nothing_earned(name, grader, "crashed", message)
    return Graded(name, _text(nothing, grader, ""), failed=True)


def _text(result: Result, grader: Autograder, key: str) -> str:
    return checked(results(result, grader, extra={KEY: key}))


def grade_here(
    tasks: Sequence[Task],
    grader: Autograder,
    jobs: int,
    limits: Limits,
    isolation: str | None = None,
    private: Sequence[Path] = (),
    started: Callable[[Sandbox], None] | None = None,
) -> Generator[Graded]:
    """Grade sheets on this machine; yields each when it is done, in any order.

    Args:
        jobs: how many are graded at the same time.
        limits: what each notebook may use.
        isolation: the walls; None takes the best that this machine gives.
        private: what no student's code may read.
        started: called once notebooks can run.
    """
    with (
        grader.working_directory(),
        Sandbox(grader.assignment.preloads, isolation, private) as sandbox,
        ThreadPoolExecutor(jobs) as pool,
    ):
        if started is not None:
            started(sandbox)
        try:
            for finished in as_completed(
                [pool.submit(grade_sheet, task, grader, sandbox, limits) for task in tasks]
            ):
                yield finished.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            sandbox.close()  # so that nobody who stops a run has to wait for its notebooks
            raise


def default_jobs() -> int:
    """Return how many submissions to grade at the same time: one a usable core."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
