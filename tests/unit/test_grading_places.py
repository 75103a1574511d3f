"""A question is marked at its own check cell, and at two other places at most if that is gone."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ottermark.assignment import Assignment, Question
from ottermark.submissions.grading_places import (
    GradingPlaces,
    checked_questions,
    find_grading_places,
    heading_above,
    headings_above,
    headings_in,
)

LAB = Assignment(
    name="lab",
    notebook="lab.ipynb",
    questions=(
        Question("q1", 1, False, ("a",), check_cell="c1"),
        Question("q2", 1, False, ("b", "c"), check_cell="c2"),
        Question("q3", 1, False, ("d",), check_cell="c3"),
    ),
    imports=(),
    student_files=(),
)
MB = 2**20
Cell = tuple[str, str]  # its id and its source; text begins with a hash mark and a space
BLANK: list[Cell] = [
    ("t1", "# One"),
    ("a1", "a = ..."),
    ("c1", 'grader.check("q1")'),
    ("t2", "# Two"),
    ("a2", "b = ...\nc = ..."),
    ("c2", 'grader.check("q2")'),
    ("a3", "d = ..."),
    ("c3", 'grader.check("q3")'),
]


def as_cells(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    return [
        {
            "cell_type": "markdown" if source.startswith("# ") else "code",
            "source": source,
            "metadata": {},
        }
        for _, source in cells
    ]


def places(cells: Sequence[Cell], with_ids: bool = True) -> dict[str, tuple[int, ...]]:
    ids = [name for name, _ in cells] if with_ids else []
    return cells_of(find_grading_places(as_cells(cells), ids, LAB))


def cells_of(places: dict[str, GradingPlaces]) -> dict[str, tuple[int, ...]]:
    return {question: place.cells for question, place in places.items()}


IDS = pytest.mark.parametrize("with_ids", [True, False], ids=["ids", "no ids"])


@IDS
def test_a_question_is_marked_at_its_check(with_ids: bool) -> None:
    assert places(BLANK, with_ids) == {"q1": (2,), "q2": (5,), "q3": (7,)}


@IDS
@pytest.mark.parametrize(
    "below",
    [
        '# reminder: grader.check("q2")',
        '#reminder: grader.check("q2") once more',
        "text = \"grader.check('q2')\"",
        'recheck("q2"); check(q2); other("q2")',
        'grader.check("q2") once more',  # is not Python, so that nothing is called
    ],
)
def test_what_is_written_below_a_check_does_not_move_it(below: str, with_ids: bool) -> None:
    assert places([*BLANK, ("new", below)], with_ids)["q2"] == (5,)


def test_of_several_checks_the_first_counts_unless_only_the_last_is_answered() -> None:
    copied = [*BLANK, ("new", 'grader.check("q2")'), ("newer", 'grader.check("q2")')]
    assert places(copied)["q2"] == (5,)
    assert places(copied, with_ids=False)["q2"] == (5, 9)
    twice = {question: (first, first + 8) for question, (first,) in places(BLANK).items()}
    assert places(BLANK * 2) == places(BLANK * 2, with_ids=False) == twice
    assert not find_grading_places(as_cells(copied), [], LAB)["q2"].best_counts


def test_the_better_of_two_answers_counts_only_without_a_check() -> None:
    unchecked = [*BLANK[:5], ("new", "b = 1"), *BLANK[6:]]
    assert find_grading_places(as_cells(unchecked), [], LAB)["q2"] == GradingPlaces((4, 5), True)


@pytest.mark.parametrize("source", ['# grader.check("q2")', "#grader.check('q2')"])
def test_a_check_that_became_text_or_a_comment_is_known_by_its_id(source: str) -> None:
    changed = [*BLANK[:5], ("c2", source), *BLANK[6:], ("new", 'grader.check("q2")')]
    assert places(changed)["q2"] == (5,)


def test_an_id_that_names_another_question_is_not_believed() -> None:
    older = [("c2" if name == "c1" else name, source) for name, source in BLANK if name != "c2"]
    older.insert(5, ("c9", 'grader.check("q2")'))
    assert places(older) == {"q1": (2,), "q2": (5,), "q3": (7,)}


@IDS
@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (["b = 1\nc = 2"], (4,)),
        (["b = 1", "c = 2"], (5,)),
        (["b = 1\nc = 2", "print(b)", "# text", "b = 9"], (4, 7)),
        (["b = ...\nc = ...", "b, c = 1, 2"], (4, 5)),
        (["b = 1"], (4,)),
        (["b = 1", "%matplotlib inline\nfor c in [2]: pass"], (5,)),
        (["b = 1\nc = 2", "b = (9"], (4,)),
        ([], (5,)),
        (["d = 1"], (6,)),
    ],
)
def test_without_a_check_the_cells_that_assign_count(
    section: list[str], expected: tuple[int, ...], with_ids: bool
) -> None:
    new = [(f"n{number}", source) for number, source in enumerate(section)]
    assert places([*BLANK[:4], *new, *BLANK[6:]], with_ids)["q2"] == expected


def test_a_question_that_otter_gives_no_check_is_marked_where_otter_says() -> None:
    cells = as_cells([("", "a = 1"), ("", "x = 1"), ("", "y = 1")])
    cells[1]["metadata"] = {"otter": {"tests": ["q1", ["q2"]]}}
    lab = replace(LAB, questions=(Question("q1", 1, False, ("a",)),))
    assert cells_of(find_grading_places(cells, [], lab)) == {"q1": (1,)}


@pytest.mark.slow
@pytest.mark.parametrize(
    "source",
    [
        "check(" * 10_000,
        "(" * 50_000 + "check",
        "-" * 99_000 + "check",
        "check" + ".a" * 49_000,
        "check" + "[0]" * 30_000,
        "check\0",
        "check\ud800",
        "x = check\n" * 9_999,
        "check = " * 12_000 + "1",
        "check+" * 16_000 + "1",
        "check and " * 9_000 + "1",
        "if check: 1\nelse:\n" * 5_000,
        "lambda: check," * 7_000,
        "f(lambda: " * 5_000 + "check" + ")" * 5_000,
        "check" * 50_000,
    ],
    ids=lambda source: source[:12].encode("ascii", "replace").decode(),
)
def test_code_that_no_parser_likes_checks_and_assigns_nothing(source: str) -> None:
    cell = {"cell_type": "code", "source": f"{source}\nb = c = 1", "metadata": {}}
    assert checked_questions(cell) == set()
    find_grading_places([cell], [], LAB)


def test_the_heading_above_a_cell_is_the_last_one() -> None:
    cells = as_cells([("", "# One\ntext\n## Two\n"), ("", "x = 1"), ("", "# Three")])
    assert [heading_above(cells, index) for index in range(3)] == ["Two", "Two", "Three"]
    assert heading_above(cells[1:], 0) == ""


def test_a_comment_in_a_block_of_code_is_no_heading() -> None:
    source = "# One\n```python\n# load the data\n```\ntext\n~~~\n# never closed"
    assert headings_in(source) == ["One"]


def test_a_long_text_costs_little_memory() -> None:
    cells = [{"cell_type": "markdown", "source": "ab\n" * MB + "# One\n"}, {"cell_type": "code"}]
    tracemalloc.start()
    try:
        assert headings_above(cells) == ["One", "One"]
        assert tracemalloc.get_traced_memory()[1] < MB
    finally:
        tracemalloc.stop()
