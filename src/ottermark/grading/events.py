"""The events of grading one submission, in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ottermark.results.result import SubmissionResult


@dataclass(frozen=True)
class StepStarted:
    """A step begins; ``description`` is a few words for a progress display."""

    description: str


@dataclass(frozen=True)
class CellFinished:
    """A cell has run.

    Attributes:
        index: in the notebook, from 0.
        outputs: nbformat outputs, as the student's process reports them: not trusted.
    """

    index: int
    outputs: list[dict[str, Any]]


@dataclass(frozen=True)
class PartialResult:
    """The result so far, in case nothing comes after it."""

    result: SubmissionResult


@dataclass(frozen=True)
class Finished:
    """The final result; the last event."""

    result: SubmissionResult


Event = StepStarted | CellFinished | PartialResult | Finished
