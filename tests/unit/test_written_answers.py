"""Written answers are found whatever students and editors do to the notebook around them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from ottermark.assignment import Assignment, Question
from ottermark.audit import corpus
from ottermark.submissions.notebook import read
from ottermark.submissions.written_answers import (
    ANSWERED,
    EMPTY,
    MAX_ANSWER,
    MISSING,
    digest,
    written,
)

Cell = dict[str, Any]
BLANK = "_Type your answer here, replacing this text._"
WHY = "<!-- BEGIN QUESTION -->\n\n### Why?\n\nSay why.\n\nIn a few words."
ALIKE = "Explain."


def text(source: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def code(source: str) -> Cell:
    return {"cell_type": "code", "source": source, "metadata": {}}


def sheet(a: str = BLANK, b: str = BLANK, c: str = BLANK) -> list[Cell]:
    """The notebook of a lab with three written questions, two of which have the same prompt."""
    return [
        *(text("# The lab"), text(WHY), text(a), text("More."), code("x = 1")),
        *(text(ALIKE), text(b), text(ALIKE), text(c), text("The end.")),
    ]


LAB = Assignment(
    name="lab",
    notebook="lab.ipynb",
    questions=(
        Question("a", 2, True, prompt=WHY, placeholder=BLANK),
        Question("q", 1, False, ("x",)),
        Question("b", 2, True, prompt=ALIKE, placeholder=BLANK),
        Question("c", 2, True, prompt=ALIKE, placeholder=BLANK),
    ),
    imports=(),
    student_files=(),
    starter_cells=tuple(digest(cell["source"]) for cell in sheet() if cell["source"] != BLANK),
)


def answers(cells: list[Cell]) -> dict[str, str]:
    """The text of each answer, or in brackets why there is none."""
    found = written(cells, LAB)
    assert [each.question.id for each in found] == ["a", "b", "c"]
    assert all(bool(each.text) == (each.state == ANSWERED) for each in found)
    return {each.question.id: each.text or f"({each.state})" for each in found}


def test_answers_stand_where_they_should() -> None:
    assert answers(sheet()) == dict.fromkeys("abc", f"({EMPTY})")
    assert answers(sheet("One.", "Two.", "Three.")) == {"a": "One.", "b": "Two.", "c": "Three."}
    assert answers(sheet(c="Three.")) == {"a": f"({EMPTY})", "b": f"({EMPTY})", "c": "Three."}
    assert answers([]) == dict.fromkeys("abc", f"({MISSING})")


@pytest.mark.parametrize(
    ("change", "a"),
    [
        (lambda s: s[2].update(source=f"{BLANK}\n\nOne."), "One."),
        (lambda s: s[2].update(source=f"One.\n\n{BLANK}\n"), "One."),
        (lambda s: s[2].update(source="  \n "), f"({EMPTY})"),
        (lambda s: s.pop(2), f"({EMPTY})"),
        (lambda s: s.insert(3, text("Two.")), "One.\n\nTwo."),
        (lambda s: s.insert(2, text("Before.")), "Before.\n\nOne."),
        (lambda s: s.insert(3, code("1 + 1")), "One.\n\n```python\n1 + 1\n```"),
        (lambda s: s.insert(3, code("")), "One."),
        (lambda s: (s[2].update(source=BLANK), s[1].update(source=f"{WHY}\n\nHere.")), "Here."),
        (lambda s: (s.pop(2), s[1].update(source="### Why?\n\nIt is so.")), "It is so."),
        (lambda s: s.pop(3), "One."),
        (lambda s: s[1].update(source=WHY.replace("\n\n", "\n \n") + "\n"), "One."),
        (lambda s: s.pop(1), f"({MISSING})"),
        (lambda s: (s.append(s.pop(1)), s.append(s.pop(1))), "One."),
        (lambda s: s[2].update(cell_type="raw"), "One."),
    ],
)
def test_students_do_many_things(change: Callable[[list[Cell]], Any], a: str) -> None:
    cells = sheet("One.", "B.", "C.")
    change(cells)
    assert answers(cells) == {"a": a, "b": "B.", "c": "C."}


def test_pictures_and_endless_answers_are_cut() -> None:
    picture = (
        f"See ![my *drawing*](data:image/png;base64,{'A' * 100_000}) and ![b](attachment:b.png)."
    )
    told = answers(sheet(picture, "y" * (MAX_ANSWER + 1)))
    assert told["a"] == (
        "See [a picture, see the notebook: my *drawing*] and [a picture, see the notebook: b]."
    )
    assert told["b"].startswith("y" * MAX_ANSWER) and told["b"].endswith("has the rest]")
    for hostile in ("![" * 50_000, "![a](data:" * 20_000, "\n" * 100_000 + "#" * 100_000):
        answers(sheet(hostile, hostile, hostile))


def test_of_our_lab_as_every_editor_saves_it(tmp_path: Path) -> None:
    assignment = Assignment.read(PROJECT / "autograder")
    blank = next((PROJECT / "student").glob("*.ipynb"))
    (tmp_path / "answers.py").write_text("")
    manual = [q.id for q in assignment.questions if q.manual]
    assert len(manual) == 7 and sum(q.points for q in assignment.questions if q.manual) == 22
    for editor in ("", *(f"# editor: {name}\n" for name in corpus.EDITORS)):
        (tmp_path / "answers.py").write_text(editor)
        body = corpus.notebook(tmp_path / "answers.py", blank, blank)
        for answered in (False, True):
            number = 0
            for each in body["cells"]:
                if answered and "".join(each["source"]).startswith("_Type your answer here"):
                    each["source"] = [f"Answer {number}\n", "in two lines."]
                    number += 1
            (tmp_path / blank.name).write_text(json.dumps(body))
            found = written(read(tmp_path / blank.name, "a", assignment).cells, assignment)
            assert [each.question.id for each in found] == manual
            wanted = [f"Answer {n}\nin two lines." if answered else "" for n in range(7)]
            assert [each.text for each in found] == wanted


def test_the_solution_answers_all() -> None:
    assignment = Assignment.read(PROJECT / "autograder")
    solved = read(next((PROJECT / "solutions").glob("*.ipynb")), "solution", assignment)
    assert all(each.state == ANSWERED for each in written(solved.cells, assignment))
