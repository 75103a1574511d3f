"""A submission to be graded, and its result on the way back from an executor."""

from __future__ import annotations

import contextlib
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.errors import MachineFaultError
from ottermark.grading.autograder import Autograder
from ottermark.grading.grade_file import GradedFile, grade_file, read_file, zero_points
from ottermark.limits import Limits
from ottermark.results.document import ResultDocument
from ottermark.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Task:
    """A submission that is to be graded.

    Attributes:
        name: its name in results and tables.
        key: what the ledger knows the result by.
    """

    name: str
    path: Path
    key: str


@dataclass(frozen=True)
class GradedSubmission:
    """The result of a task.

    Attributes:
        executed: the notebook with its outputs, in nbformat 4; None if it did not run.
        failure: where the grader itself failed on it, for its developers; empty if it did not.
        fault: what failed of the machine, and the fix, in a sentence; None if nothing did.
    """

    name: str
    document: ResultDocument
    executed: dict[str, Any] | None = None
    failure: str = ""
    fault: MachineFaultError | None = None

    @property
    def is_final(self) -> bool:
        """Whether the result may be kept; the next run tries others again."""
        return not self.failure and self.fault is None


@dataclass(frozen=True)
class SandboxStarted:
    """Notebooks can run on this machine."""

    sandbox: Sandbox


@dataclass(frozen=True)
class Notice:
    """Something worth telling whoever started the run, in a sentence."""

    text: str


ExecutorEvent = SandboxStarted | Notice | GradedSubmission


def run_task(
    task: Task, autograder: Autograder, sandbox: Sandbox, limits: Limits
) -> GradedSubmission:
    """Grade one submission inside ``autograder.working_directory()``."""
    change = autograder.change()
    if change is None:
        graded = _run_task(task, autograder, sandbox, limits)
        change = autograder.change()
    return graded if change is None else _unfinished_task(task.name, autograder, change)


def _run_task(
    task: Task, autograder: Autograder, sandbox: Sandbox, limits: Limits
) -> GradedSubmission:
    try:
        graded = grade_file(task.path, task.name, autograder, sandbox, limits, task.key)
        return GradedSubmission(task.name, graded.document, graded.executed)
    except MachineFaultError as fault:
        return _unfinished_task(task.name, autograder, fault)
    except Exception as error:  # a bug of ours must not cost the class its grades
        return failed_task(task.name, autograder, type(error).__name__, traceback.format_exc())


def rejected_task(task: Task, autograder: Autograder) -> GradedSubmission | None:
    """Return the result of a file that cannot be graded; None of any other."""
    with contextlib.suppress(Exception):  # which ``run_task`` reports
        content = read_file(task.path, task.name, autograder, task.key)
        if isinstance(content, GradedFile):
            return GradedSubmission(task.name, content.document)
    return None


def _unfinished_task(
    name: str, autograder: Autograder, fault: MachineFaultError
) -> GradedSubmission:
    message = "The machine that grades failed on this submission; it will be graded again."
    graded = zero_points(name, autograder, "crashed", message, key="")
    return GradedSubmission(name, graded.document, fault=fault)


def failed_task(
    name: str, autograder: Autograder, reason: str, details: str = ""
) -> GradedSubmission:
    """Return the result of a submission on which the grader itself failed.

    Args:
        reason: in a few words.
        details: for developers, such as a traceback.
    """
    message = f"The grader failed on this submission ({reason}); report it to its developers."
    graded = zero_points(name, autograder, "crashed", message, key="")
    return GradedSubmission(name, graded.document, failure=details or reason)
