"""Rewrites of right answers, and what the oracle says of them."""

from __future__ import annotations

import ast
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ottermark.audit.answers import Answer, Kind
from ottermark.audit.oracle import Oracle, agrees
from ottermark.audit.rewriting import (
    change_expressions,
    change_statements,
    find_signatures,
    rewrite_answers,
    with_imports,
)

SIDES = """\
def sides(shape, step=1, keep=False):
    result = []
    for side in range(len(shape)):
        i = shape[side]
        result.append(-(-i // step) if keep else (i - 2) // step + 1)
    return tuple(result)
"""


def draw(rng: Any) -> Any:
    shape = (rng.randint(2, 30), rng.randint(2, 30))
    return (shape, rng.randint(1, 5)), {"keep": rng.random() < 0.5}


def count_starts(shape: Any, step: int = 1, keep: bool = False) -> Any:
    return [len([s for s in range(0, i, step) if keep or s + 2 <= i]) for i in shape]


ORACLE = Oracle({"sides": draw}, {"sides": count_starts}, frozenset(), {"pair": ((4, 5),)})


@pytest.mark.slow
def test_every_single_change_of_an_answer_is_right() -> None:
    changed = [*change_expressions(SIDES), *change_statements(SIDES)]
    assert len(changed) > 30
    for name, source in changed:
        assert ORACLE.accepts_answer(with_imports(source), ["sides"]), (name, source)


@pytest.mark.parametrize(
    "expression",
    [
        *("a + b * (c - 1)", "a * b + b", "(a - b) - c", "a - (b - c)", "(a + b) + c", "a * b * c"),
        *("(a - 1) // b + 1", "-(-a // b)", "(a + b) / 2", "a * c if a > b else b", "a == b"),
        *(
            "sum(i * a for i in range(b))",
            "tuple(i for i in range(a) if i % 2)",
            "max(i for i in (a, b))",
        ),
    ],
)
def test_equal_expressions_are_equal_for_exact_numbers(expression: str) -> None:
    changes = list(change_expressions(f"answer = {expression}"))
    assert changes
    for a, b, c in [(1, 1, 1), (7, 2, 3), (9, 4, 10), (12, 3, 5)]:
        values = {"a": a, "b": b, "c": c}
        for name, source in changes:
            assert values_of(source, values) == values_of(f"answer = {expression}", values), name


def values_of(source: str, values: dict[str, Any]) -> Any:
    names: dict[str, Any] = {"np": np, **values}
    exec(with_imports(source), names)
    answer = names["answer"]
    return list(answer) if isinstance(answer, tuple | list | np.ndarray) else Fraction(answer)


def test_lists_are_not_taken_for_numbers() -> None:
    assert list(change_expressions("answer = [1] + [2]")) == []
    assert list(change_expressions("answer = f(x) + [2]")) == []


@pytest.mark.slow
def test_rewrites_are_distinct_and_the_same_each_time_and_right() -> None:
    answers = [Answer(Kind.RIGHT, "q1", "list", "pair = [4, 5]"), Answer(Kind.WRONG, "q1", "w", "")]
    solutions = {"q1": "pair = (4, 5)", "q2": SIDES, "q3": "other = 1"}
    names = {"q1": ("pair",), "q2": ("sides",), "q3": ("other",)}
    first, second = (rewrite_answers(answers, solutions, names, ORACLE, 20) for _ in range(2))
    assert first == second
    assert {a.question for a in first} == {"q1", "q2"}
    assert {a.origin for a in first if a.question == "q1"} == {"solution", "list"}
    assert len({ast.dump(ast.parse(a.source)) for a in first}) == len(first)
    of_sides = [a for a in first if a.question == "q2"]
    assert len(of_sides) == 20
    assert all(ORACLE.accepts_answer(a.source, ["sides"]) for a in of_sides)


def test_an_answer_that_the_oracle_does_not_accept_is_not_rewritten() -> None:
    answers = [Answer(Kind.RIGHT, "q1", "rounded", "pair = [4, 4.9]")]
    rewrites = rewrite_answers(answers, {"q1": "pair = (4, 5)"}, {"q1": ("pair",)}, ORACLE, 9)
    assert {answer.origin for answer in rewrites} == {"solution"}


def test_the_signature_is_the_one_that_the_solution_has() -> None:
    assert ast.unparse(find_signatures(SIDES)["sides"]) == "shape, step=1, keep=False"


@pytest.mark.parametrize(
    "result",
    [
        *(
            (4, 5),
            [4.0, 5.0],
            np.array([4, 5], "int8"),
            [Fraction(4), Decimal(5)],
            pd.Series([4, 5]),
        ),
        [np.array(4), np.float32(5)],
    ],
)
def test_the_oracle_takes_the_same_numbers_in_any_type(result: Any) -> None:
    assert agrees(result, (4, 5))


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        *(
            ((4, 6), (4, 5)),
            ((4,), (4, 5)),
            ([[4, 5]], (4, 5)),
            (None, 4),
            (4.001, 4),
            ("4, 5", (4, 5)),
        ),
        ({"height": 4}, {"height": 4, "width": 5}),
    ],
)
def test_the_oracle_takes_no_other_numbers(result: Any, expected: Any) -> None:
    assert not agrees(result, expected)
