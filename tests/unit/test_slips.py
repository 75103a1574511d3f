"""Slips that are derived from right formulas, and how they explain an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from ottermark.grading.misconceptions.explanation import explain
from ottermark.grading.misconceptions.hints import describe
from ottermark.grading.misconceptions.slips import Derivation
from ottermark.grading.misconceptions.values import Case, call_cases
from ottermark.grading.misconceptions.wording import Quantity
from ottermark.results.diagnosis import Misconception

SIDES = (
    Quantity("side", "the side of the input", "size"),
    Quantity("filter", "the side of the filter", "size", {"2": ""}),
    Quantity("first", "the first position"),
)
COUNT = """\
def count(side, filter, stride=1, padded=False):
    def inside(n):
        return (n - filter) // stride + first
    def padded_side(n):
        return ceil(n / stride)
    return tuple(padded_side(n) if padded else inside(n) for n in side)
"""
COUNT_QUANTITIES = (
    Quantity("side", "the shape of the input"),
    Quantity("n", "the size of the input", "size"),
    Quantity("filter", "the filter", "size", {"3": ""}),
    Quantity("stride", "the stride", "size"),
    Quantity("first", "the first position"),
    Quantity("padded", "the padding"),
    Quantity("inside", "the rule without padding"),
    Quantity("padded_side", "the rule with padding"),
)
CASES = [
    ("steps of one", ((9, 7), 2), {}),
    ("steps of one", ((12, 5), 4), {}),
    ("longer steps", ((9, 14), 3, 2), {}),
    ("longer steps", ((11, 22), 5, 3), {}),
    ("padded", ((9, 14), 3, 2), {"padded": True}),
    ("padded", ((10, 25), 4, 4, True), {}),
]


def constant(
    formula: str,
    quantities: tuple[Quantity, ...] = SIDES,
    values: Mapping[str, Any] | None = None,
    name: str = "answer",
) -> Derivation:
    values = {"side": 9, "filter": 4, "first": 1} if values is None else values
    return Derivation(name, "q1", (formula,), {q.name: q for q in quantities}, values)


@pytest.fixture(scope="module")
def counts() -> Derivation:
    cases = tuple(Case(name, "", args, kwargs) for name, args, kwargs in CASES)
    quantities = {q.name: q for q in COUNT_QUANTITIES}
    return Derivation("count", "q2", (COUNT,), quantities, {"first": 1}, cases)


def described(derivation: Derivation, answers: tuple[Any, ...]) -> list[Misconception]:
    return [describe(derivation, explained) for explained in explain(derivation, answers)]


def ids(derivation: Derivation, answer: Any) -> list[str]:
    return [misconception.id for misconception in described(derivation, (answer,))]


def function_ids(derivation: Derivation, function: Callable[..., Any]) -> list[str]:
    answers = call_cases(function, derivation.cases)
    return [misconception.id for misconception in described(derivation, answers)]


# ------------------------------------------------------------------------------- constants


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        (5, "q1-first-not-added"),
        (14, "q1-filter-sign"),
        (8, "q1-filter-always-2"),
        (-4, "q1-side-filter-exchanged"),
    ],
)
def test_a_constant_is_explained_by_one_edit_of_its_formula(answer: Any, id: str) -> None:
    assert ids(constant("side - filter + first"), answer) == [id]


def test_the_right_answer_and_one_that_nothing_explains_are_not_explained() -> None:
    formula = constant("side - filter + first")
    assert ids(formula, 6) == ids(formula, 1000) == ids(formula, None) == []


def test_a_factor_is_missing_twice_or_that_of_another_layer() -> None:
    quantities = (
        Quantity("depth", "the depth", "number"),
        Quantity("filters", "the number of filters", "number"),
        Quantity("cells", "the number of cells"),
    )
    weights = constant(
        "cells * depth * filters", quantities, {"cells": 4, "depth": 5, "filters": 7}
    )
    for answer, key in [
        (28, "depth-missing"),
        (4 * 5 * 7 * 7, "filters-twice"),
        (4 * 7 * 7, "filters-for-depth"),
    ]:
        assert ids(weights, answer) == [f"q1-{key}"]


def test_nothing_is_said_where_two_explanations_fit_equally() -> None:
    quantities = (Quantity("a", "one side"), Quantity("b", "the other side"))
    assert ids(constant("a * b", quantities, {"a": 3, "b": 5}), 5) == ["q1-a-missing"]
    assert ids(constant("a * b", quantities, {"a": 3, "b": 3}), 3) == []


def test_two_edits_that_always_agree_are_one_explanation() -> None:
    quantities = (Quantity("a", "one side", "side"), Quantity("b", "the other side", "side"))
    (explained,) = ids(constant("a - b", quantities, {"a": 3, "b": 5}), 2)
    assert explained in ("q1-a-b-exchanged", "q1-result-negated")


def test_a_likely_edit_comes_before_a_rare_one() -> None:
    derivation = constant("side * filter", values={"side": 3, "filter": 4, "first": 1})
    ranks = {slip.edit: slip.rank for slip in derivation.slips}
    assert ranks["filter-missing"] < ranks["side-for-filter"] < ranks["result-one-more"]
    assert ids(derivation, 3) == ["q1-filter-missing"]


def test_one_number_of_a_pair_or_one_key_may_be_wrong() -> None:
    pair = constant("(side - filter + first,) * 2")
    (explained,) = described(pair, ((5, 6),))
    assert explained.id == "q1-first-not-added-partly"
    assert "first number of `answer` is what comes out when the first position" in explained.hint
    scores = constant('{"small": side, "large": side}')
    (explained,) = described(scores, ({"small": 9, "large": 10},))
    assert explained.id.endswith("-partly") and "`answer['large']`" in explained.hint


def test_formulas_of_several_forms_explain_answers_of_each() -> None:
    derivation = Derivation(
        "shape",
        "q1",
        ("(side + first,) * 2", "(side + first,) * 2 + (maps,)"),
        {q.name: q for q in (*SIDES, Quantity("maps", "the maps", "", {"3": ""}))},
        {"side": 9, "first": 1, "maps": 1},
    )
    assert ids(derivation, (9, 9)) == ids(derivation, [9, 9, 1]) == ["q1-first-not-added"]
    assert ids(derivation, np.array([10, 10, 3])) == ["q1-maps-always-3"]


# ------------------------------------------------------------------------------- functions


def counted(
    inside: Callable[[int, int, int], float], padded: Callable[[int, int], float]
) -> Callable[..., Any]:
    def count(
        side: Any, filter: int, stride: int = 1, padded_too: bool = False, **more: Any
    ) -> Any:
        if padded_too or more.get("padded"):
            return tuple(padded(n, stride) for n in side)
        return tuple(inside(n, filter, stride) for n in side)

    return count


def right(n: int, f: int, s: int) -> int:
    return (n - f) // s + 1


def right_padded(n: int, s: int) -> int:
    return -(-n // s)


@pytest.mark.parametrize(
    ("id", "inside", "padded"),
    [
        ("inside-first-not-added", lambda n, f, s: (n - f) // s, right_padded),
        ("inside-rounded-up", lambda n, f, s: -(-(n - f) // s) + 1, right_padded),
        ("inside-not-rounded", lambda n, f, s: (n - f) / s + 1, right_padded),
        ("inside-first-before-stride", lambda n, f, s: (n - f + 1) // s, right_padded),
        ("inside-stride-only-n", lambda n, f, s: n // s - f + 1, right_padded),
        ("padded-side-rounded-down", right, lambda n, s: n // s),
        ("padded-side-stride-missing", right, lambda n, s: n),
        ("stride-ignored", lambda n, f, s: n - f + 1, lambda n, s: n),
        ("inside-filter-always-3", lambda n, f, s: (n - 3) // s + 1, right_padded),
        ("padded-exchanged", lambda n, f, s: -(-n // s), None),
    ],
)
def test_a_function_is_explained_by_its_answers(
    counts: Derivation, id: str, inside: Any, padded: Any
) -> None:
    if padded is None:
        by_case = {True: inside, False: right}
        answers = tuple(
            tuple(
                by_case["padded" not in case.kwargs and len(case.args) < 4](
                    n, case.args[1], (*case.args, 1)[2]
                )
                for n in case.args[0]
            )
            for case in counts.cases
        )
        assert [m.id for m in described(counts, answers)] == [f"q2-{id}"]
    else:
        assert function_ids(counts, counted(inside, padded)) == [f"q2-{id}"]


def test_a_pair_may_be_swapped_or_have_one_side_twice(counts: Derivation) -> None:
    count = counted(right, right_padded)
    # whether it is done to the input or to the result is the same
    (explained,) = function_ids(counts, lambda *a, **k: count(*a, **k)[::-1])
    assert explained in ("q2-result-swapped", "q2-side-swapped")
    (explained,) = function_ids(counts, lambda *a, **k: count(*a, **k)[:1] * 2)
    assert explained in ("q2-result-first-for-both", "q2-side-first-for-both")


def test_a_slip_in_one_class_of_inputs_is_said_to_be_there_only(counts: Derivation) -> None:
    def forgets_with_longer_steps(n: int, f: int, s: int) -> int:
        return (n - f) // s + (s == 1)

    answers = call_cases(counted(forgets_with_longer_steps, right_padded), counts.cases)
    (explained,) = described(counts, answers)
    assert explained.id == "q2-inside-first-not-added-partly"
    assert explained.hint.startswith('In the cases "longer steps", what `count` returned is')
    assert "on the other inputs tried it was right" in explained.hint


def test_two_slips_in_different_parts_are_both_found(counts: Derivation) -> None:
    count = counted(lambda n, f, s: (n - f) // s, lambda n, s: n // s)
    assert sorted(function_ids(counts, count)) == [
        "q2-inside-first-not-added",
        "q2-padded-side-rounded-down",
    ]
    hints = [found.hint for found in described(counts, call_cases(count, counts.cases))]
    for classes in ('"steps of one" and "longer steps"', '"padded"'):
        (hint,) = [hint for hint in hints if hint.startswith(f"In the cases {classes}, what")]
        assert "right" not in hint and "every input" not in hint


def test_errors_alone_explain_nothing(counts: Derivation) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise ValueError

    assert function_ids(counts, fails) == []
    assert function_ids(counts, lambda *_, **__: None) == []


def test_an_edit_leaves_the_formula_as_it_was(counts: Derivation) -> None:
    first = [(slip.edit, slip.rank) for slip in counts.slips]
    fresh = Derivation(
        counts.name, counts.prefix, counts.sources, counts.quantities, counts.values, counts.cases
    )
    assert fresh.right == counts.right == call_cases(counted(right, right_padded), counts.cases)
    assert [(slip.edit, slip.rank) for slip in fresh.slips] == first


def test_a_hint_says_no_more_than_the_comparison_shows() -> None:
    (explained,) = described(constant("side - filter + first"), (5,))
    assert explained.name == "The first position is not added"
    assert explained.hint == (
        "`answer` is what comes out when the first position is not added. "
        "Go through that step again."
    )
    (explained,) = described(constant("side * filter"), (37,))
    assert explained.hint == "`answer` is off by one. Go through that step again."
