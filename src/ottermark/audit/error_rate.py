"""How often the grader is wrong: a rate, and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

CONFIDENCE = 0.95
TARGET = 0.005  # of both error rates over all answers


@dataclass(frozen=True)
class ErrorRate:
    """Errors among independent answers.

    Attributes:
        errors: how many answers were judged wrongly.
        answers: how many were judged.
    """

    errors: int
    answers: int

    @property
    def upper_bound(self) -> float:
        """The exact one-sided bound of Clopper and Pearson, a share of 1.

        With a larger rate, so few errors would come out in less than 1 - ``CONFIDENCE`` of all cases.
        """
        if self.errors == self.answers:
            return 1.0
        return float(betaincinv(self.errors + 1, self.answers - self.errors, CONFIDENCE))
