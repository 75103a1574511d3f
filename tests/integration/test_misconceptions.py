"""The catalogue of misconceptions: what it recognises, and how a wrong catalogue is reported."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from local_functions import LocalFunction

from ottermark.assignment import Assignment, Question
from ottermark.errors import UsageError
from ottermark.grading.misconceptions import MisconceptionCatalogue, values_equal
from ottermark.protocol.proxies import CallTimeoutError, RemoteFunction
from ottermark.results.diagnosis import Diagnosis

ASSIGNMENT = Assignment(
    "lab",
    "lab.ipynb",
    (
        Question("q1", 2, False, ("pair", "other")),
        Question("q2", 3, False, ("area",)),
    ),
    (),
    (),
)
CATALOGUE = """\
q1:
  misconceptions:
    - {id: one-short, name: One short, hint: Count again., value: {pair: "(3, 3)"}}
    - {id: both-zero, name: Zeros, hint: Not nothing., value: {pair: "[0, 0]", other: "0"}}
    - id: larger
      name: Larger than the other
      hint: Compare the two.
      check: |
        def check(pair, other):
            return pair[0] > other
    - {id: negative, name: Negative, hint: Look at the sign., value: {other: "-1"}}
q2:
  right: |
    def area(height, width=1):
        return height * width
  cases:
    one side: ["3, 3", "2, width=2"]
    two sides: ["2, 5", "7, 3"]
  misconceptions:
    - id: squares-only
      name: Squares only
      hint: Are both sides the same?
      function: |
        def helper(x):
            return x * x
        def area(height, width=1):
            return helper(height)
    - id: fails-on-uneven
      name: Uneven sides fail
      hint: Try sides that differ.
      function: |
        def area(height, width=1):
            if height != width:
                raise ValueError
            return height * width
"""


def read(tmp_path: Path, text: str = CATALOGUE) -> MisconceptionCatalogue:
    path = tmp_path / "misconceptions.yaml"
    path.write_text(text, encoding="utf-8")
    return MisconceptionCatalogue.read(path, ASSIGNMENT)


def explain(tmp_path: Path, question: str, **values: Any) -> Diagnosis:
    (names,) = [q.names for q in ASSIGNMENT.questions if q.id == question]
    return read(tmp_path).explain(question, values, names)


def ids(diagnosis: Diagnosis) -> list[str]:
    return [misconception.id for misconception in diagnosis.misconceptions]


def test_a_value_is_recognised_in_any_type(tmp_path: Path) -> None:
    for pair in ((3, 3), [3, 3.0], np.array([3, 3]), (Fraction(3), np.int8(3))):
        assert ids(explain(tmp_path, "q1", pair=pair, other=5)) == ["one-short"]


def test_each_name_is_explained_once_and_the_rest_is_reported(tmp_path: Path) -> None:
    diagnosis = explain(tmp_path, "q1", pair=(3, 3), other=-1)
    assert ids(diagnosis) == ["one-short", "larger"]  # a check explains all its names
    diagnosis = explain(tmp_path, "q1", pair=(1, 2), other=7)
    assert not diagnosis.misconceptions
    assert diagnosis.unexplained == {"pair": "(1, 2)", "other": "7"}
    assert ids(explain(tmp_path, "q1", pair=(0, 0), other=0)) == ["both-zero"]
    assert ids(explain(tmp_path, "q1", pair="junk", other=-1)) == ["negative"]


def test_functions_are_recognised_by_their_answers(tmp_path: Path) -> None:
    def remote(function: Callable[..., Any]) -> RemoteFunction:
        return RemoteFunction(LocalFunction(function), 0, "area")

    diagnosis = explain(tmp_path, "q2", area=remote(lambda height, width=1: height**2))
    assert ids(diagnosis) == ["squares-only"]
    assert diagnosis.fails_on == {"area": "two sides"}
    diagnosis = explain(
        tmp_path, "q2", area=remote(lambda height, width=1: {9: 9, 4: 4}[height * width])
    )
    assert ids(diagnosis) == ["fails-on-uneven"]
    diagnosis = explain(tmp_path, "q2", area=remote(lambda height, width=1: None))
    assert not diagnosis.misconceptions and diagnosis.fails_on == {"area": "one side"}
    assert diagnosis.unexplained == {"area": "a function"}


def test_a_function_that_times_out_is_not_called_again(tmp_path: Path) -> None:
    def slow(*_: Any, **__: Any) -> Any:
        raise CallTimeoutError("no")

    local = LocalFunction(slow)
    diagnosis = explain(tmp_path, "q2", area=RemoteFunction(local, 0, "area"))
    assert local.calls == 1
    assert not diagnosis.misconceptions and not diagnosis.fails_on


def test_answers_may_be_arrays(tmp_path: Path) -> None:
    text = """\
q2:
  right: "def area(n): return np.ones(n)"
  cases: {all: ["2", "3"]}
  misconceptions:
    - {id: zeros, name: Zeros, hint: Why?, function: "def area(n): return np.zeros(n)"}
"""
    catalogue = read(tmp_path, text)
    area = RemoteFunction(LocalFunction(np.zeros), 0, "area")
    assert ids(catalogue.explain("q2", {"area": area}, ("area",))) == ["zeros"]
    other = read(tmp_path).explain("q1", {"pair": np.ones(2), "other": ...}, ("pair", "other"))
    assert other.unexplained == {"pair": "array([1., 1.])"}


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0000000001, True),
        (1, 1.01, False),
        ((1, 2), [[1, 2]], False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, 1, False),
        (None, None, True),
        (None, 0, False),
        ("x", "x", True),
        ("x", ["x"], False),
        (float("nan"), float("nan"), True),
        ([1, [2]], [1, [2]], True),
    ],
)
def test_values_are_compared_by_their_numbers(one: Any, other: Any, equal: bool) -> None:
    assert values_equal(one, other) is equal
    assert values_equal(other, one) is equal


TWICE = (
    CATALOGUE.replace("id: negative", "id: one-short")
    + CATALOGUE.replace("q1:", "q3:", 1).partition("q2:")[0]
)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("q1: [", "", "is not YAML"),
        ("- q1", "", "should begin"),
        ("q9: {misconceptions: []}", "q9", "no such automatic question; it has q1, q2"),
        (
            "q1: 5",
            "q1",
            "should hold the keys misconceptions, like, quantities, words, right, cases, tolerance, common",
        ),
        ("q1: {misconception: []}", "q1, misconception", "no such key; write .misconceptions"),
        (
            "q1: {misconceptions: [{name: a, hint: b, value: {pair: '1'}}]}",
            "q1, misconceptions, 1, id",
            "is missing; add it",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: ' ', value: {pair: '1'}}]}",
            "q1, misconceptions, 1, hint",
            "is empty; write it",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c}]}",
            "q1, misconceptions, 1",
            "give one of",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c, value: 3}]}",
            "q1, misconceptions, 1, value",
            "should hold keys and values",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c, look: 'no', value: {pair: '1'}}]}",
            "q1, misconceptions, 1, look",
            "should be true or false",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c, value: {pear: '1'}}]}",
            "q1, a",
            "no name 'pear'; its names are other, pair",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c, value: {pair: '1 +'}}]}",
            "q1, a",
            "does not run",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c, check: 'x ='}]}",
            "q1, a",
            "does not run",
        ),
        (
            "q1: {misconceptions: [{id: a, name: b, hint: c, check: 'x = 1'}]}",
            "q1, a",
            "does not run",
        ),
        (
            "q2: {misconceptions: [{id: a, name: b, hint: c, function: 'x = 1'}]}",
            "q2, a",
            "define a function with `def`",
        ),
        (
            "q1: {misconceptions: [{id: a, value: {pair: '1'}}]}",
            "q1, misconceptions, 1",
            "`name` is missing",
        ),
        (
            "q1: {right: {pear: '1'}}",
            "q1, right",
            "no name 'pear'; its names are other, pair",
        ),
        ("q1: {right: {pair: '1 +'}}", "q1, right, pair", "does not run"),
        (
            "q1: {misconceptions: [{id: a, edit: {pair: one-missing}}]}",
            "q1, a",
            "no formula of pair",
        ),
        (
            "q1: {right: {pair: '1'}, misconceptions: [{id: a, edit: {pair: []}}]}",
            "q1, misconceptions, 1, edit, pair",
            "at least 1",
        ),
        (
            "q2: {right: {area: 'def area(a): return a'}, cases: {c: ['1']}, "
            "misconceptions: [{id: a, name: b, hint: c, part: {inner: '1'}}]}",
            "q2, a",
            "no inner function inner",
        ),
        (
            "q2: {misconceptions: [{id: a, name: b, hint: c, function: 'def area(): 0'}]}",
            "q2, a",
            "write `cases`",
        ),
        ("q2: {common: 'x ='}", "q2, common", "does not run"),
        ("q2: {like: {question: q9, replace: {}}}", "q2, like", "no question 'q9'; it has q2"),
        ("q2: {cases: {c: ['1 +']}}", "q2, cases, c", "does not run"),
        (
            "q2: {right: 'def area(h): return h', cases: {c: ['1, 2']}}",
            "q2, right",
            "raises an error for 1, 2",
        ),
        (CATALOGUE.replace("id: negative", "id: one-short"), "q1, one-short", "used twice"),
        (
            CATALOGUE.replace("helper(height)", "height * width"),
            "q2, squares-only",
            "like the right function",
        ),
    ],
)
def test_a_wrong_catalogue_is_refused_with_the_place(
    tmp_path: Path, text: str, place: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as error:
        read(tmp_path, text)
    (problem,) = error.value.problems
    where = str(tmp_path / "misconceptions.yaml") + (f", {place}: " if place else "")
    assert problem.startswith(where)


def test_all_problems_of_a_catalogue_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, TWICE)
    assert len(error.value.problems) == 2
    unfinished = "q1: {misconceptions: [{id: a}, {name: b, hint: 3}]}"
    with pytest.raises(UsageError) as error:
        read(tmp_path, unfinished)
    assert len(error.value.problems) == 3


def test_without_a_file_the_catalogue_is_empty(tmp_path: Path) -> None:
    assert not MisconceptionCatalogue.read(tmp_path / "none.yaml", ASSIGNMENT).questions


def test_a_key_that_nothing_follows_is_empty(tmp_path: Path) -> None:
    assert not read(tmp_path, "q1:\n  misconceptions:\n").questions["q1"].patterns


def test_the_key_of_version_0_1_still_works(tmp_path: Path) -> None:
    questions = read(tmp_path, CATALOGUE.replace("misconceptions:", "slips:")).questions
    assert questions.keys() == read(tmp_path, CATALOGUE).questions.keys()
    assert [p.misconception.id for p in questions["q1"].patterns] == [
        p.misconception.id for p in read(tmp_path, CATALOGUE).questions["q1"].patterns
    ]
