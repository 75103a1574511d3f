"""What the feedback page says of a final grade, beside what tests said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MarkedItem:
    """An item of a rubric.

    Attributes:
        points: above 0 it earns, below 0 it loses.
        applies: whether it applies to the answer.
    """

    text: str
    points: float
    applies: bool


@dataclass(frozen=True)
class HandMark:
    """The mark of a written answer.

    Attributes:
        points: None if nobody has marked it yet.
        items: those that the student reads, in order.
        adjustment: points beside those of the items.
        comment: Markdown.
    """

    points: float | None
    items: tuple[MarkedItem, ...] = ()
    adjustment: float = 0.0
    comment: str = ""


@dataclass(frozen=True)
class PointsChange:
    """The points of an automatic question as a person changed them.

    Attributes:
        before: the points of the tests; None if there were none.
        reason: Markdown.
    """

    before: float | None
    points: float
    reason: str


@dataclass(frozen=True)
class AnsweredRequest:
    """A regrade request and the reply to it.

    Attributes:
        text: what the student wrote.
        reply: Markdown.
    """

    text: str
    reply: str


@dataclass(frozen=True)
class FinalFeedback:
    """A final grade, for the student.

    Attributes:
        total: None while answers are not marked.
        possible: the most that it can be.
        by_tests: of the total, the points of automatic questions; None if there are none.
        by_hand: those of written questions; None while some are not marked.
        days_late: 0 if it was in time, or nobody knows.
        deduction: the points that lateness takes.
        marks: by written question.
        changes: by automatic question, those that a person changed.
        requests: by question.
    """

    total: float | None
    possible: float
    by_tests: float | None
    possible_by_tests: float
    by_hand: float | None
    possible_by_hand: float
    days_late: int = 0
    deduction: float = 0.0
    marks: Mapping[str, HandMark] = field(default_factory=dict)
    changes: Mapping[str, PointsChange] = field(default_factory=dict)
    requests: Mapping[str, tuple[AnsweredRequest, ...]] = field(default_factory=dict)
