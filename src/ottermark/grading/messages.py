"""The sentences that students read about their cells, values and tests, as Markdown.

Text of the student's goes through ``ottermark.text``, or comes from a session as a code span.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ottermark.grading.otter_tests import DoctestFailedError
from ottermark.limits import Limits
from ottermark.models.errors import UnverifiedModelError
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    ResultRejectedError,
    ValueRejectedError,
)
from ottermark.sandbox.session import SessionLostError
from ottermark.text import markdown_block, markdown_code, markdown_line

NO_ANSWER = "This question has no answer."
ENDED_IN_WORKER = "The notebook's process ended while this question's tests ran in it."
NOT_RUN = AssertionError("This test was not reached.")

# what may be said of a hidden test; more would let the code choose what its student reads
_SAID_OF_HIDDEN = (CallFailedError, CallTimeoutError, SessionLostError, UnverifiedModelError)


# ----------------------------------------------------------------------------------- cells


def cell_raised(index: int, source: str, error: Mapping[str, Any]) -> str:
    """Return a sentence about a cell that raised.

    Args:
        index: of the cell, from 0.
        error: ``kind``, ``text`` as a code span, and ``line`` as ``CellRun.error`` has them.
    """
    line = error["line"]
    place = f", line {line}" if line and line <= len(source.splitlines()) else ""
    message = f": {error['text']}" if error["text"] else ""
    python = (
        f" in Python {sys.version_info.major}.{sys.version_info.minor}"  # students may have another
    )
    version = python if error["kind"] == "SyntaxError" else ""
    return f"Cell {index + 1}{place} raised {error['kind']}{version}{message}"


def cell_timed_out(index: int, seconds: float, limits: Limits) -> str:
    """Return a sentence about a cell that was interrupted after ``seconds``."""
    if seconds == limits.cell:
        return f"Cell {index + 1} was stopped after {limits.cell:g} seconds."
    return f"Cell {index + 1} was stopped: the whole notebook may take {limits.run:g} seconds."


def cell_ended_process(index: int, loss: SessionLostError) -> str:
    """Return a sentence about a cell that ended the notebook's process."""
    return (
        f"Cell {index + 1}: the notebook's process {loss.reason}. "
        "The other cells were run without this one."
    )


def cells_not_run(index: int, limits: Limits) -> str:
    """Return a sentence about cells for which no time was left."""
    return (
        f"Cell {index + 1} and those after it were not run: "
        f"the whole notebook may take {limits.run:g} seconds."
    )


# ------------------------------------------------------------------------ questions and values


def not_reached(loss: SessionLostError | None) -> str:
    """Return a sentence about a question that was not graded."""
    reason = f" (the notebook's process {loss.reason})" if loss is not None else ""
    return f"This question was not reached{reason}."


def reading_failed(loss: SessionLostError) -> str:
    """Return a sentence about an answer whose reading ended the process."""
    return f"Reading your answer failed: the notebook's process {loss.reason}."


def value_notes(
    names: Sequence[str], values: Mapping[str, Any], rejected: Mapping[str, str]
) -> list[str]:
    """Return sentences about values that could not be sent, or are missing."""
    notes = [f"`{name}` could not be read: {reason}." for name, reason in rejected.items()]
    return notes + [
        f"`{name}` is not defined where this question is checked."
        for name in names
        if name not in values and name not in rejected
    ]


def unsupported_model(name: str, reason: str) -> str:
    """Return a sentence about a model that the grader does not compute.

    Args:
        reason: see ``KerasModel.why_unverified``.
    """
    return (
        f"`{name}` {reason}. It is graded on what it answers; points that depend on its layers or "
        "weights cannot be given."
    )


# ----------------------------------------------------------------------------------- tests


def case_message(case: Any, failure: BaseException | None, assertion: str = "") -> str:
    """Return what a student may read about a test.

    Args:
        case: Otter's test case; its own messages are the instructor's Markdown.
        failure: None if it passed.
        assertion: the message of the assertion that failed, as it stands in the test.
    """
    if failure is None:
        return case.success_message or ""
    if case.hidden and isinstance(failure, ResultRejectedError):
        return _sentence(failure.summary)
    allowed = _SAID_OF_HIDDEN if case.hidden else (*_SAID_OF_HIDDEN, ValueRejectedError)
    if isinstance(failure, allowed):
        return _sentence(str(failure))
    if failure is NOT_RUN:
        return str(failure)
    if case.hidden and assertion:
        return assertion
    if case.failure_message:
        return str(case.failure_message)
    if case.hidden:
        return "A hidden test did not pass."
    return _public_failure(failure)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _public_failure(failure: BaseException) -> str:
    """Return why a public test failed; its text may hold values of the student's."""
    if isinstance(failure, DoctestFailedError):
        example, *_ = str(failure).splitlines()
        block = markdown_block(str(failure), indent=2)
        return f"This did not hold: {markdown_code(example)}\n\n{block}\n"
    if isinstance(failure, AssertionError) and str(failure):
        return markdown_line(str(failure))
    return "The answer does not have the form that is asked for."
