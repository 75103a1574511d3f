"""The code that a student wrote for a question: what it holds, and what it leaves out."""

from __future__ import annotations

from typing import Any

from ottermark.assignment import Assignment, Question
from ottermark.submissions.answer_code import MAX_ANSWER_CODE, read_answer_code
from ottermark.submissions.grading_places import find_grading_places

SETUP, BLANK_1, CHECK_1 = "import numpy\n\nx = 1", "a = ...", 'grader.check("q1")'
BLANK_2, CHECK_2 = "b = ...", 'grader.check("q2")'
LAB = Assignment(
    "lab",
    "lab.ipynb",
    (Question("q1", 1, False, ("a",)), Question("q2", 1, False, ("b",))),
    (),
    (),
    starter_code="\n\n".join((SETUP, BLANK_1, CHECK_1, BLANK_2, CHECK_2)),
)


def shown(*sources: str, lab: Assignment = LAB, **marked: int) -> dict[str, list[tuple[int, str]]]:
    """Return the code of the questions that were marked at the cells of these indices."""
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    places = find_grading_places(cells, (), lab)
    code = read_answer_code(cells, lab, places, marked)
    return {name: [(cell.index, cell.source) for cell in cells] for name, cells in code.items()}


def test_it_is_what_stands_between_the_checks_and_did_not_come_with_the_notebook() -> None:
    code = shown(SETUP, "help = 1", "a = help", CHECK_1, "b = 2", CHECK_2, q1=3, q2=5)
    assert code == {"q1": [(1, "help = 1"), (2, "a = help")], "q2": [(4, "b = 2")]}


def test_a_blank_answer_has_none() -> None:
    assert shown(SETUP, BLANK_1, CHECK_1, BLANK_2, CHECK_2, q1=2, q2=4) == {"q1": [], "q2": []}


def test_code_that_is_not_python_is_shown_too() -> None:
    assert shown("a = = 1", CHECK_1, q1=1) == {"q1": [(0, "a = = 1")]}


def test_an_answer_below_its_check_is_the_cells_that_assign_its_names() -> None:
    code = shown(BLANK_1, CHECK_1, "b = 1", CHECK_2, "c = 3", "a = 2", q1=5, q2=3)
    assert code == {"q1": [(5, "a = 2")], "q2": [(2, "b = 1")]}


def test_text_cells_are_no_code() -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "source": "a = 1", "metadata": {}},
        {"cell_type": "code", "source": CHECK_1, "metadata": {}},
    ]
    places = find_grading_places(cells, (), LAB)
    assert read_answer_code(cells, LAB, places, {"q1": 1}) == {"q1": ()}


def test_without_a_record_of_the_blank_notebook_there_is_none() -> None:
    old = Assignment("lab", "lab.ipynb", LAB.questions, (), ())
    assert shown("a = 1", CHECK_1, lab=old, q1=1) == {"q1": []}


def test_long_code_is_cut() -> None:
    long = "a = 1\n" * MAX_ANSWER_CODE
    ((index, source),) = shown(long, "a = 2", CHECK_1, q1=2)["q1"]
    assert (index, source) == (0, long[:MAX_ANSWER_CODE])
