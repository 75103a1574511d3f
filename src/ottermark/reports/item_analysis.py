"""What the marks of a class say of its questions: how hard each is, whom it tells apart, and which
are failed together.

Everything is computed from one table of scores: a row for each sheet, a column for each question.
Sheets that earned nothing at all count in means and rates, but not in correlations: a handful of
them would tie every question to every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ottermark.assignment import Question

Scores = Sequence[Sequence[float]] | NDArray[np.float64]

MIN_SHEETS = 10  # of fewer, a correlation says more of chance than of the question
MIN_BOTH = 3
ROUNDING = 1e-4  # results.json has four digits
CHANCE = 10.83  # chi-squared, one degree of freedom: passed by one unrelated pair in a thousand


@dataclass(frozen=True)
class Item:
    """One question over a class.

    Attributes:
        question: its id.
        n: how many sheets.
        mean: the mean score, in points.
        share: the difficulty, which is the mean as a share of the points: high means easy. None
            for a question without points.
        perfect: the share of sheets with all points.
        zero: the share of sheets with none.
        discrimination: the correlation of its score with that of all other questions together, from
            -1 to 1. None where either is the same on all sheets, or there are too few sheets.
    """

    question: str
    n: int
    mean: float
    share: float | None
    perfect: float
    zero: float
    discrimination: float | None


@dataclass(frozen=True)
class Together:
    """Two questions that were failed together more often than chance has it.

    Attributes:
        first, second: their ids, in the order of the notebook.
        both: on how many sheets both were failed.
        either: on how many sheets the first was failed, and on how many the second.
        expected: what ``both`` would be if the one had nothing to do with the other.
        phi: the correlation of failing the one with failing the other.
    """

    first: str
    second: str
    both: int
    either: tuple[int, int]
    expected: float
    phi: float


def items(questions: Sequence[Question], scores: Scores) -> list[Item]:
    """Return the figures of each question.

    Args:
        scores: in points, of shape (sheets, questions); empty gives an empty list.
    """
    table = _table(questions, scores)
    if not table.size:
        return []
    earning = _earning(table)
    return [
        Item(
            question=question.id,
            n=len(column),
            mean=float(column.mean()),
            share=float(column.mean()) / question.points if question.points else None,
            perfect=float(np.mean(column > question.points - ROUNDING)),
            zero=float(np.mean(column <= 0)),
            discrimination=_correlation(earning[:, i], np.delete(earning, i, axis=1).sum(axis=1)),
        )
        for i, (question, column) in enumerate(zip(questions, table.T, strict=True))
    ]


def failed_together(questions: Sequence[Question], scores: Scores) -> list[Together]:
    """Return the pairs of questions that are failed together, the closest pair first.

    A question is failed with less than half of its points.

    Args:
        scores: in points, of shape (sheets, questions).
    """
    table = _earning(_table(questions, scores))
    failed = (table < np.array([q.points for q in questions]) / 2).astype(int)
    both, n = failed.T @ failed, len(table)
    found = []
    for i, j in combinations(range(len(questions)), 2):
        one, other, together = int(both[i, i]), int(both[j, j]), int(both[i, j])
        spread = one * (n - one) * other * (n - other)
        if together < MIN_BOTH or not spread:
            continue
        phi = (n * together - one * other) / spread**0.5
        if phi > 0 and n * phi**2 > CHANCE:
            ids, expected = (questions[i].id, questions[j].id), one * other / n
            found.append(Together(*ids, together, (one, other), expected, phi))
    return sorted(found, key=lambda pair: -pair.phi)  # stable: ties stay in the notebook's order


def _table(questions: Sequence[Question], scores: Scores) -> NDArray[np.float64]:
    return np.asarray(scores, dtype=np.float64).reshape(len(scores), len(questions))


def _earning(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return table[table.sum(axis=1) > 0]


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    if len(one) < MIN_SHEETS or np.ptp(one) < 1e-9 or np.ptp(other) < 1e-9:
        return None
    return float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))
