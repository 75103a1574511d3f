"""How late a submission was, and what that takes of its final grade."""

from __future__ import annotations

from dataclasses import dataclass

from ottermark.config import LatenessRule
from ottermark.submissions.candidates import Submission


@dataclass(frozen=True)
class Lateness:
    """How late a submission was.

    Attributes:
        days: that have begun since it was due; 0 if it was in time, or if its time is not known.
        deduction: the points that they take.
        unknown: whether there is a rule and nobody knows when the submission was handed in.
        flagged: whether the platform says that it was late.
    """

    days: int = 0
    deduction: float = 0.0
    unknown: bool = False
    flagged: bool = False


def lateness_of(submission: Submission, rule: LatenessRule | None, max_points: float) -> Lateness:
    """Return how late a submission was.

    A platform that only says "late" does not say by how much, so that nothing is taken.

    Args:
        rule: None takes nothing from anybody.
        max_points: those of the whole assignment.
    """
    if rule is None:
        return Lateness(flagged=submission.late)
    days = rule.days_late(submission.submitted_at)
    if days is None:
        return Lateness(unknown=True, flagged=submission.late)
    return Lateness(days, round(rule.deduction(days, max_points), 4), flagged=submission.late)
