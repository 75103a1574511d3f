"""The figures of questions: held to NumPy and pandas, and to what must not change them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from ottermark.assignment import Question
from ottermark.reports.item_analysis import MIN_SHEETS, Item, failed_together, items

Table = NDArray[np.float64]

POINTS = (4.0, 6.0, 2.0, 8.0)
QUESTIONS = [Question(f"q{n}", points, False) for n, points in enumerate(POINTS)]


def a_class(size: int, seed: int = 0) -> Table:
    """Return the scores of sheets that are good or bad throughout, more or less."""
    random = np.random.default_rng(seed)
    good = random.normal(size=(size, 1)) + random.normal(size=(size, len(POINTS)))
    return np.clip(np.round(good + 1), 0, 2) / 2 * np.array(POINTS)


def discriminations(scores: Table) -> list[float | None]:
    return [item.discrimination for item in items(QUESTIONS, scores)]


tables = st.integers(0, 40).flatmap(
    lambda sheets: arrays(
        np.float64, (sheets, len(POINTS)), elements=st.sampled_from([0.0, 0.5, 1.0, 2.0])
    )
)


def test_the_figures_of_a_question() -> None:
    scores = [[4, 0, 2, 0], [1, 0, 2, 8], [0, 0, 2, 4]]
    assert items(QUESTIONS, scores)[0] == Item("q0", 3, 5 / 3, 5 / 12, 1 / 3, 1 / 3, None)
    assert [item.share for item in items(QUESTIONS, scores)] == [5 / 12, 0, 1, 0.5]


def test_no_sheets_and_no_questions_have_no_figures() -> None:
    assert items(QUESTIONS, []) == items([], [[], []]) == []
    assert failed_together(QUESTIONS, []) == failed_together([], [[], []]) == []


def test_a_question_without_points_has_no_difficulty() -> None:
    (item,) = items([Question("q", 0, False)], [[0.0], [0.0]])
    assert item.share is None


def test_points_that_were_rounded_are_all_the_points() -> None:
    (item,) = items([Question("q", 1 / 3, False)], [[0.3333]])
    assert item.perfect == 1


def test_discrimination_is_the_correlation_of_a_question_with_all_others() -> None:
    scores = a_class(60)
    scores = scores[scores.sum(axis=1) > 0]
    frame = pd.DataFrame(scores)
    rest = frame.rsub(frame.sum(axis=1), axis=0)
    assert discriminations(scores) == pytest.approx(frame.corrwith(rest).tolist())
    one = np.corrcoef(scores[:, 0], scores[:, 1:].sum(axis=1))[0, 1]
    assert discriminations(scores)[0] == pytest.approx(one)


def test_where_nothing_differs_nothing_discriminates() -> None:
    scores = a_class(30)
    scores[:, 0] = 4
    assert discriminations(scores)[0] is None
    assert None not in discriminations(scores)[1:]
    assert discriminations(a_class(MIN_SHEETS - 1)) == [None] * 4
    everybody = np.tile(0.1 * np.array(POINTS), (30, 1))  # numbers that sums do not hit exactly
    assert discriminations(everybody) == [None] * 4


@given(tables)
def test_discrimination_is_a_correlation(scores: Table) -> None:
    found = [value for value in discriminations(scores) if value is not None]
    assert all(-1 <= value <= 1 for value in found)


@given(tables, st.integers(0, 9), st.sampled_from([0.25, 4.0]))
def test_neither_order_nor_scale_changes_anything(scores: Table, seed: int, by: float) -> None:
    order = np.random.default_rng(seed).permutation(len(scores))
    scaled = [Question(q.id, q.points * by, False) for q in QUESTIONS]
    before = [i.discrimination for i in items(QUESTIONS, scores)]
    after = [i.discrimination for i in items(scaled, scores[order] * by)]
    assert after == pytest.approx(before)
    assert failed_together(scaled, scores[order] * by) == failed_together(QUESTIONS, scores)


@given(tables, st.integers(1, 30))
def test_sheets_that_earned_nothing_tie_no_question_to_another(scores: Table, blank: int) -> None:
    more = np.vstack([scores, np.zeros((blank, len(POINTS)))])
    assert discriminations(more) == pytest.approx(discriminations(scores) or [None] * 4)
    assert failed_together(QUESTIONS, more) == failed_together(QUESTIONS, scores)


def test_questions_failed_together_are_counted() -> None:
    scores = np.tile(np.array(POINTS), (40, 1))
    scores[:12, 0] = 1  # less than half of 4
    scores[:10, 2] = 0
    scores[30:32, 2] = 0
    scores[5:20, 3] = 4  # just half of 8
    (pair,) = failed_together(QUESTIONS, scores)
    assert (pair.first, pair.second, pair.both, pair.either) == ("q0", "q2", 10, (12, 12))
    assert pair.expected == pytest.approx(12 * 12 / 40)
    failed = pd.DataFrame(scores < np.array(POINTS) / 2).astype(int)
    assert pair.phi == pytest.approx(failed[0].corr(failed[2]))


def test_questions_that_have_nothing_to_do_with_each_other_are_not_named() -> None:
    random = np.random.default_rng(1)
    scores = random.integers(0, 2, size=(400, len(POINTS))) * np.array(POINTS)
    assert failed_together(QUESTIONS, scores) == []


def test_questions_that_are_failed_in_turns_are_not_named() -> None:
    scores = np.tile(np.array(POINTS), (40, 1))
    scores[:20, 0] = 0
    scores[20:, 1] = 0
    assert failed_together(QUESTIONS, scores) == []


def test_the_closest_pair_comes_first() -> None:
    scores = np.tile(np.array(POINTS), (60, 1))
    scores[:20, :2] = 0
    scores[:15, 2] = 0
    found = failed_together(QUESTIONS, scores)
    assert [(pair.first, pair.second) for pair in found] == [
        ("q0", "q1"),
        ("q0", "q2"),
        ("q1", "q2"),
    ]
    assert found[0].phi == pytest.approx(1)
