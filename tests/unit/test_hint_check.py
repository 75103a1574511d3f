"""The audit's check of hints: on inputs that the catalogue does not have, and against what is right."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ottermark.assignment import Assignment, Question
from ottermark.audit.hint_check import CheckedHints, check_hints
from ottermark.audit.oracle import Oracle
from ottermark.grading.misconceptions import MisconceptionCatalogue

NAMES = {"q1": ("pair",), "q2": ("area",)}
ASSIGNMENT = Assignment(
    "lab", "lab.ipynb", tuple(Question(q, 1, False, names) for q, names in NAMES.items()), (), ()
)
CATALOGUE = """\
q1:
  misconceptions:
    - {id: one-short, name: One short, hint: "`pair` is one short.", value: {pair: "(3, 3)"}}
q2:
  quantities: {height: the height, width: the width}
  right:
    area: |
      def area(height, width=1):
          return height * width
  cases:
    one side: ["3, 1", "2, width=1"]
    two sides: ["2, 5", "7, 3"]
  misconceptions:
    - id: added
      name: Sides added
      hint: What does `area` do with its sides?
      function: |
        def area(height, width=1):
            return height + width
    - {id: width-left-out, name: No width, hint: Where is the width?, edit: {area: width-missing}}
"""


def draw(rng: random.Random) -> tuple[tuple[int, int], dict[str, int]]:
    return (rng.randint(1, 9), rng.randint(1, 9)), {}


ORACLE = Oracle(
    {"area": draw},
    {"area": lambda height, width=1: height * width},
    frozenset(),
    {"pair": ((4, 4),)},
)


def check(tmp_path: Path, question: str, source: str, *ids: str) -> CheckedHints:
    path = tmp_path / "misconceptions.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    catalogue = MisconceptionCatalogue.read(path, ASSIGNMENT).questions[question]
    return check_hints(source, ids, NAMES[question], catalogue, ORACLE)


def area(expression: str) -> str:
    return f"def area(height, width=1):\n    return {expression}\n"


@pytest.mark.parametrize(
    ("expression", "id", "is_true"),
    [
        ("width + height", "added", True),
        ("height", "width-left-out", True),
        ("height * (width - 1 + 1)", "added", False),  # it is right
        ("height + width if height < 8 else 0", "added", False),  # not on every input
        ("height if height * width < 36 else 0", "width-left-out", False),
        ("height if width > 4 else height * width", "width-left-out-partly", True),
        ("height if width > 4 else 0", "width-left-out-partly", False),
        ("height * width", "width-left-out-partly", False),  # it is right
    ],
)
def test_a_mistake_is_compared_on_inputs_that_the_catalogue_lacks(
    tmp_path: Path, expression: str, id: str, is_true: bool
) -> None:
    checked = check(tmp_path, "q2", area(expression), id)
    assert checked == (
        CheckedHints(true=frozenset({id})) if is_true else CheckedHints(false=frozenset({id}))
    )


def test_two_mistakes_may_each_explain_some_inputs(tmp_path: Path) -> None:
    source = area("height + width if width > 4 else height")
    checked = check(tmp_path, "q2", source, "added", "width-left-out")
    assert checked.true == {"added", "width-left-out"}
    source = area("height + width if width > 4 else 0")
    assert check(tmp_path, "q2", source, "added", "width-left-out").false


def test_a_hint_on_a_name_that_is_right_is_false(tmp_path: Path) -> None:
    assert check(tmp_path, "q1", "pair = (4, 4)", "one-short").false == {"one-short"}
    assert not check(tmp_path, "q1", "pair = (3, 3)", "one-short").false
