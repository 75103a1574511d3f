"""Item analysis, as in classical test theory: the difficulty and discrimination of each question,
which questions are failed together, and the reliability of the whole.

Everything is computed from one table of scores, with a row for each submission and a column for
each question. Submissions with a total of zero count for difficulty and rates, but not for
correlations: a few of them would correlate every question with every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ottermark.assignment import Question

Scores = Sequence[Sequence[float]] | NDArray[np.float64]

MIN_SUBMISSIONS = 10  # with fewer, a correlation is mostly chance
MIN_JOINT_FAILURES = 3
MIN_CHI_SQUARED = 10.83  # p = 0.001 at one degree of freedom, for two independent questions


@dataclass(frozen=True)
class ItemStatistics:
    """The statistics of one question over a class.

    Attributes:
        question: its id.
        count: the number of submissions.
        mean: the mean score, in points.
        difficulty: the mean as a share of the points: high means easy. None for a question
            without points.
        discrimination: the correlation of its score with the score on all other questions (the
            corrected item-total correlation), from -1 to 1. None where either is constant, or
            with too few submissions.
    """

    question: str
    count: int
    mean: float
    difficulty: float | None
    discrimination: float | None


@dataclass(frozen=True)
class JointFailure:
    """Two questions that are failed together more often than independent ones would be.

    Attributes:
        first: the id of the one that comes first in the notebook.
        second: the id of the other.
        both_failed: the number of submissions that failed both.
        first_failed: the number of submissions that failed the first.
        second_failed: the number of submissions that failed the second.
        expected: the number that would fail both if the two were independent.
        phi: the phi coefficient, which is the correlation of the two failures.
    """

    first: str
    second: str
    both_failed: int
    first_failed: int
    second_failed: int
    expected: float
    phi: float


def item_statistics(questions: Sequence[Question], scores: Scores) -> list[ItemStatistics]:
    """Return the statistics of each question; none without submissions.

    Args:
        scores: in points, of shape (submissions, questions).
    """
    table = _table(questions, scores)
    if not table.size:
        return []
    earning = _without_zero_totals(table)
    return [
        ItemStatistics(
            question=question.id,
            count=len(column),
            mean=float(column.mean()),
            difficulty=float(column.mean()) / question.points if question.points else None,
            discrimination=_correlation(earning[:, i], np.delete(earning, i, axis=1).sum(axis=1)),
        )
        for i, (question, column) in enumerate(zip(questions, table.T, strict=True))
    ]


def find_joint_failures(questions: Sequence[Question], scores: Scores) -> list[JointFailure]:
    """Return the pairs of questions that are failed together, the closest pair first.

    A question is failed with less than half of its points.

    Args:
        scores: in points, of shape (submissions, questions).
    """
    table = _without_zero_totals(_table(questions, scores))
    failed = (table < np.array([q.points for q in questions]) / 2).astype(int)
    both_failed, count = failed.T @ failed, len(table)
    pairs = []
    for i, j in combinations(range(len(questions)), 2):
        first, second, both = int(both_failed[i, i]), int(both_failed[j, j]), int(both_failed[i, j])
        # from integers, so that pairs with the same counts have exactly the same coefficient
        variances = first * (count - first) * second * (count - second)
        if both < MIN_JOINT_FAILURES or not variances:
            continue
        phi = (count * both - first * second) / variances**0.5
        if phi > 0 and count * phi**2 > MIN_CHI_SQUARED:
            expected = first * second / count
            ids = questions[i].id, questions[j].id
            pairs.append(JointFailure(*ids, both, first, second, expected, phi))
    return sorted(pairs, key=lambda pair: -pair.phi)  # stable: ties stay in the notebook's order


def cronbach_alpha(questions: Sequence[Question], scores: Scores) -> float | None:
    """Return Cronbach's alpha, the reliability of the total score.

    It is at most 1, and negative where the questions contradict each other. None for fewer than
    two questions, with too few submissions, or where all totals are equal.

    Args:
        scores: in points, of shape (submissions, questions).
    """
    table = _without_zero_totals(_table(questions, scores))
    count, items = table.shape
    totals = table.sum(axis=1)
    if items < 2 or count < MIN_SUBMISSIONS or np.ptp(totals) < 1e-9:
        return None
    share = table.var(axis=0, ddof=1).sum() / totals.var(ddof=1)
    return float(items / (items - 1) * (1 - share))


def _table(questions: Sequence[Question], scores: Scores) -> NDArray[np.float64]:
    return np.asarray(scores, dtype=np.float64).reshape(len(scores), len(questions))


def _without_zero_totals(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return table[table.sum(axis=1) > 0]


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
    if len(x) < MIN_SUBMISSIONS or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))  # rounding can exceed the range
