"""The catalogue of misconceptions: what it recognises, and what is wrong with a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ottermark.assignment import Assignment, Question
from ottermark.errors import UsageError
from ottermark.grading.misconceptions import Catalogue, Diagnosis, same
from ottermark.protocol.proxies import CallTimeoutError, RemoteFunction

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
  slips:
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
  slips:
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


class Here:
    """Answers for functions, in this process."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def call(
        self, handle: int, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        self.calls += 1
        return self.function(*args, **kwargs)


def catalogue(tmp_path: Path, text: str = CATALOGUE) -> Catalogue:
    path = tmp_path / "misconceptions.yaml"
    path.write_text(text, encoding="utf-8")
    return Catalogue.read(path, ASSIGNMENT)


def found(tmp_path: Path, question: str, **values: Any) -> Diagnosis:
    (names,) = [q.names for q in ASSIGNMENT.questions if q.id == question]
    return catalogue(tmp_path).explain(question, values, names)


def slips(finding: Diagnosis) -> list[str]:
    return [slip.id for slip in finding.slips]


def test_values_are_known_in_any_dress(tmp_path: Path) -> None:
    for dress in ((3, 3), [3, 3.0], np.array([3, 3]), (Fraction(3), np.int8(3))):
        assert slips(found(tmp_path, "q1", pair=dress, other=5)) == ["one-short"]


def test_each_name_is_explained_once_and_the_rest_is_kept(tmp_path: Path) -> None:
    finding = found(tmp_path, "q1", pair=(3, 3), other=-1)
    assert slips(finding) == ["one-short", "larger"]  # a check explains all its names
    finding = found(tmp_path, "q1", pair=(1, 2), other=7)
    assert not finding.slips
    assert finding.unexplained == {"pair": "(1, 2)", "other": "7"}
    assert slips(found(tmp_path, "q1", pair=(0, 0), other=0)) == ["both-zero"]
    assert slips(found(tmp_path, "q1", pair="junk", other=-1)) == ["negative"]


def test_functions_are_known_by_how_they_behave(tmp_path: Path) -> None:
    def claim(function: Callable[..., Any]) -> RemoteFunction:
        return RemoteFunction(Here(function), 0, "area")

    finding = found(tmp_path, "q2", area=claim(lambda height, width=1: height**2))
    assert slips(finding) == ["squares-only"]
    assert finding.fails_on == {"area": "two sides"}
    finding = found(
        tmp_path, "q2", area=claim(lambda height, width=1: {9: 9, 4: 4}[height * width])
    )
    assert slips(finding) == ["fails-on-uneven"]
    finding = found(tmp_path, "q2", area=claim(lambda height, width=1: None))
    assert not finding.slips and finding.fails_on == {"area": "one side"}
    assert finding.unexplained == {"area": "a function"}


def test_a_function_that_does_not_answer_is_not_asked_again(tmp_path: Path) -> None:
    def slow(*_: Any, **__: Any) -> Any:
        raise CallTimeoutError("no")

    here = Here(slow)
    finding = found(tmp_path, "q2", area=RemoteFunction(here, 0, "area"))
    assert here.calls == 1
    assert not finding.slips and not finding.fails_on


@pytest.mark.parametrize(
    ("one", "other", "alike"),
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
def test_alike(one: Any, other: Any, alike: bool) -> None:
    assert same(one, other) is alike
    assert same(other, one) is alike


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("q1: [", "is not YAML"),
        ("- q1", "should begin"),
        ("q9: {slips: []}", "no such automatic question"),
        ("q1: 5", "should hold"),
        ("q1: {slip: []}", "'slip' means nothing"),
        ("q1: {slips: [{name: a, hint: b}]}", "no `id`"),
        ("q1: {slips: [{id: a, name: b, hint: ' ', value: {pair: '1'}}]}", "no `hint`"),
        ("q1: {slips: [{id: a, name: b, hint: c}]}", "give one of"),
        ("q1: {slips: [{id: a, name: b, hint: c, value: {pear: '1'}}]}", "no name 'pear'"),
        ("q1: {slips: [{id: a, name: b, hint: c, value: {pair: '1 +'}}]}", "does not run"),
        ("q1: {slips: [{id: a, name: b, hint: c, value: 3}]}", "should be like"),
        ("q1: {slips: [{id: a, name: b, hint: c, check: 'x ='}]}", "does not run"),
        ("q1: {slips: [{id: a, name: b, hint: c, check: 'x = 1'}]}", "`def`"),
        ("q2: {slips: [{id: a, name: b, hint: c, function: 'def area(): 0'}]}", "write `cases`"),
        ("q2: {right: 'def area(h): return h', cases: {c: ['1, 2']}}", "`right` raises"),
        (CATALOGUE + CATALOGUE.replace("q1:", "q3:", 1).partition("q2:")[0], "no such automatic"),
        (CATALOGUE.replace("id: negative", "id: one-short"), "is there twice"),
        (CATALOGUE.replace("helper(height)", "height * width"), "is like the right function"),
    ],
)
def test_a_catalogue_that_is_wrong_is_told_where(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as told:
        catalogue(tmp_path, text)
    assert "misconceptions.yaml" in str(told.value)


def test_no_catalogue_is_an_empty_one(tmp_path: Path) -> None:
    assert not Catalogue.read(tmp_path / "none.yaml", ASSIGNMENT).entries
