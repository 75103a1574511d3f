"""From a submitted file to its result document and its executed notebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.errors import SubmissionRejectedError
from ottermark.grading.autograder import Autograder
from ottermark.grading.events import CellFinished, Finished
from ottermark.grading.grade import grade
from ottermark.limits import Limits
from ottermark.results.document import ResultDocument
from ottermark.results.executed_notebook import ExecutedNotebook
from ottermark.results.render import render
from ottermark.results.result import Status, SubmissionResult, zero_result
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import SubmittedNotebook, read_submission


@dataclass(frozen=True)
class GradedFile:
    """The result of a submitted file.

    Attributes:
        executed: the notebook with its outputs, in nbformat 4; None if it did not run.
    """

    document: ResultDocument
    executed: dict[str, Any] | None = None


def grade_file(
    path: Path,
    name: str,
    autograder: Autograder,
    sandbox: Sandbox,
    limits: Limits,
    key: str | None = None,
) -> GradedFile:
    """Grade a file, whatever it holds; run inside ``autograder.working_directory()``.

    Args:
        name: the submission's name in results and tables.
        key: what the ledger of a class knows the result by.
    """
    notebook = read_file(path, name, autograder, key)
    if isinstance(notebook, GradedFile):
        return notebook
    executed = ExecutedNotebook()
    for event in grade(notebook, autograder, sandbox, limits):
        if isinstance(event, CellFinished):
            executed.add(event.index, event.outputs)
        elif isinstance(event, Finished):
            result = event.result
    return GradedFile(
        _rendered(result, autograder, key), executed.notebook(notebook, result.problems)
    )


def read_file(
    path: Path, name: str, autograder: Autograder, key: str | None = None
) -> SubmittedNotebook | GradedFile:
    """Return the notebook in a file, or the result of a file that cannot be graded."""
    try:
        return read_submission(path, name, autograder.assignment)
    except SubmissionRejectedError as rejection:
        return zero_points(name, autograder, "rejected", str(rejection), key)


def zero_points(
    name: str, autograder: Autograder, status: Status, message: str, key: str | None = None
) -> GradedFile:
    """Return a result of zero points that says why, as Markdown."""
    result = zero_result(name, autograder.assignment, status, message)
    return GradedFile(_rendered(result, autograder, key))


def _rendered(result: SubmissionResult, autograder: Autograder, key: str | None) -> ResultDocument:
    return render(result, autograder.assignment, autograder.config, key=key)
