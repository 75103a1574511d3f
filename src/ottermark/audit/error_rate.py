"""How often the grader is wrong: a rate, and how large it may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
        low, high = self.errors / self.answers, 1.0
        while (rate := (low + high) / 2) not in (low, high):
            low, high = (rate, high) if self._chance(rate) > 1 - CONFIDENCE else (low, rate)
        return high

    def _chance(self, rate: float) -> float:
        """Return how probable so few errors are with a rate (binomial distribution)."""
        n = self.answers
        logs = (
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
            + k * math.log(rate) + (n - k) * math.log1p(-rate)
            for k in range(self.errors + 1)
        )  # fmt: skip
        return math.fsum(map(math.exp, logs))
