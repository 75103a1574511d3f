"""Item statistics agree with NumPy and pandas, and do not depend on order or scale."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from ottermark.assignment import Question
from ottermark.reports.item_analysis import (
    MIN_SUBMISSIONS,
    ItemStatistics,
    cronbach_alpha,
    find_joint_failures,
    item_statistics,
)

Table = NDArray[np.float64]

POINTS = (4.0, 6.0, 2.0, 8.0)
QUESTIONS = [Question(f"q{n}", points, False) for n, points in enumerate(POINTS)]


def a_class(size: int, seed: int = 0) -> Table:
    """Return scores that are correlated between the questions."""
    random = np.random.default_rng(seed)
    good = random.normal(size=(size, 1)) + random.normal(size=(size, len(POINTS)))
    return np.clip(np.round(good + 1), 0, 2) / 2 * np.array(POINTS)


def discriminations(scores: Table) -> list[float | None]:
    return [item.discrimination for item in item_statistics(QUESTIONS, scores)]


tables = st.integers(0, 40).flatmap(
    lambda count: arrays(
        np.float64, (count, len(POINTS)), elements=st.sampled_from([0.0, 0.5, 1.0, 2.0])
    )
)


def test_the_statistics_of_a_question() -> None:
    scores = [[4, 0, 2, 0], [1, 0, 2, 8], [0, 0, 2, 4]]
    assert item_statistics(QUESTIONS, scores)[0] == ItemStatistics("q0", 3, 5 / 3, 5 / 12, None)
    assert [item.difficulty for item in item_statistics(QUESTIONS, scores)] == [5 / 12, 0, 1, 0.5]


def test_there_are_no_statistics_without_submissions_or_questions() -> None:
    assert item_statistics(QUESTIONS, []) == item_statistics([], [[], []]) == []
    assert find_joint_failures(QUESTIONS, []) == find_joint_failures([], [[], []]) == []


def test_a_question_without_points_has_no_difficulty() -> None:
    (item,) = item_statistics([Question("q", 0, False)], [[0.0], [0.0]])
    assert item.difficulty is None


def test_discrimination_is_the_correlation_of_a_question_with_all_others() -> None:
    scores = a_class(60)
    scores = scores[scores.sum(axis=1) > 0]
    frame = pd.DataFrame(scores)
    others = frame.rsub(frame.sum(axis=1), axis=0)
    assert discriminations(scores) == pytest.approx(frame.corrwith(others).tolist())
    first = np.corrcoef(scores[:, 0], scores[:, 1:].sum(axis=1))[0, 1]
    assert discriminations(scores)[0] == pytest.approx(first)


def test_constant_or_few_scores_have_no_discrimination() -> None:
    scores = a_class(30)
    scores[:, 0] = 4
    assert discriminations(scores)[0] is None
    assert None not in discriminations(scores)[1:]
    assert discriminations(a_class(MIN_SUBMISSIONS - 1)) == [None] * 4
    everybody = np.tile(0.1 * np.array(POINTS), (30, 1))  # numbers that sums do not hit exactly
    assert discriminations(everybody) == [None] * 4


@given(tables)
def test_discrimination_lies_between_minus_one_and_one(scores: Table) -> None:
    values = [value for value in discriminations(scores) if value is not None]
    assert all(-1 <= value <= 1 for value in values)


@given(tables, st.integers(0, 9), st.sampled_from([0.25, 4.0]))
def test_statistics_do_not_depend_on_order_or_scale(
    scores: Table, seed: int, factor: float
) -> None:
    order = np.random.default_rng(seed).permutation(len(scores))
    scaled = [Question(q.id, q.points * factor, False) for q in QUESTIONS]
    before = [i.discrimination for i in item_statistics(QUESTIONS, scores)]
    after = [i.discrimination for i in item_statistics(scaled, scores[order] * factor)]
    assert after == pytest.approx(before)
    assert find_joint_failures(scaled, scores[order] * factor) == find_joint_failures(
        QUESTIONS, scores
    )


@given(tables, st.integers(1, 30))
def test_submissions_without_any_points_do_not_change_correlations(
    scores: Table, blank: int
) -> None:
    more = np.vstack([scores, np.zeros((blank, len(POINTS)))])
    assert discriminations(more) == pytest.approx(discriminations(scores) or [None] * 4)
    assert find_joint_failures(QUESTIONS, more) == find_joint_failures(QUESTIONS, scores)


def test_joint_failures_are_counted() -> None:
    scores = np.tile(np.array(POINTS), (40, 1))
    scores[:12, 0] = 1  # less than half of 4
    scores[:10, 2] = 0
    scores[30:32, 2] = 0
    scores[5:20, 3] = 4  # just half of 8
    (pair,) = find_joint_failures(QUESTIONS, scores)
    assert (pair.first, pair.second, pair.both_failed) == ("q0", "q2", 10)
    assert (pair.first_failed, pair.second_failed) == (12, 12)
    assert pair.expected == pytest.approx(12 * 12 / 40)
    failed = pd.DataFrame(scores < np.array(POINTS) / 2).astype(int)
    assert pair.phi == pytest.approx(failed[0].corr(failed[2]))


def test_independent_questions_are_not_reported() -> None:
    random = np.random.default_rng(1)
    scores = random.integers(0, 2, size=(400, len(POINTS))) * np.array(POINTS)
    assert find_joint_failures(QUESTIONS, scores) == []


def test_questions_that_are_failed_by_different_students_are_not_reported() -> None:
    scores = np.tile(np.array(POINTS), (40, 1))
    scores[:20, 0] = 0
    scores[20:, 1] = 0
    assert find_joint_failures(QUESTIONS, scores) == []


def test_the_closest_pair_comes_first() -> None:
    scores = np.tile(np.array(POINTS), (60, 1))
    scores[:20, :2] = 0
    scores[:15, 2] = 0
    pairs = find_joint_failures(QUESTIONS, scores)
    assert [(pair.first, pair.second) for pair in pairs] == [
        ("q0", "q1"),
        ("q0", "q2"),
        ("q1", "q2"),
    ]
    assert pairs[0].phi == pytest.approx(1)


def test_alpha_compares_the_variances_of_questions_with_that_of_totals() -> None:
    scores = a_class(60)
    frame = pd.DataFrame(scores[scores.sum(axis=1) > 0])
    # the standardised form of a two-way analysis of variance: 1 - residual / between persons
    persons = frame.mean(axis=1)
    residual = frame.sub(persons, axis=0).sub(frame.mean() - frame.to_numpy().mean())
    between = len(POINTS) * persons.var()
    within = (residual**2).to_numpy().sum() / ((len(frame) - 1) * (len(POINTS) - 1))
    assert cronbach_alpha(QUESTIONS, scores) == pytest.approx(1 - within / between)


def test_questions_that_always_agree_have_an_alpha_of_one() -> None:
    equal = [Question(f"q{n}", 2, False) for n in range(3)]
    assert cronbach_alpha(equal, [[n % 3] * 3 for n in range(30)]) == pytest.approx(1)


def test_questions_that_contradict_each_other_have_a_negative_alpha() -> None:
    scores = [[n % 3, 2 - n % 3, n % 2, 0] for n in range(30)]
    alpha = cronbach_alpha(QUESTIONS, scores)
    assert alpha is not None and alpha < 0


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param([[1.0, 2, 0, 4]] * 30, id="all totals are equal"),
        pytest.param([[4.0, 6, 0, 0], [4, 0, 2, 0]] * 4, id="too few submissions"),
        pytest.param([[4.0, 6, 0, 0], [0, 0, 0, 0]] * 9, id="too few with points"),
        pytest.param([], id="none"),
    ],
)
def test_there_is_no_alpha_without_differences_or_submissions(scores: list[list[float]]) -> None:
    assert cronbach_alpha(QUESTIONS, scores) is None


def test_a_single_question_has_no_alpha() -> None:
    assert cronbach_alpha(QUESTIONS[:1], [[n % 4] for n in range(30)]) is None
