"""Written answers are found, whatever students and editors do to the cells around them."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from ottermark.assignment import Assignment, Question
from ottermark.audit.answer_files import EDITORS, build_notebook
from ottermark.submissions.notebook import read_submission
from ottermark.submissions.written_answers import (
    ANSWERED,
    EMPTY,
    MAX_ANSWER,
    MISSING,
    cell_digest,
    read_written_answers,
)

Cell = dict[str, Any]
BLANK = "_Type your answer here, replacing this text._"
WHY = "<!-- BEGIN QUESTION -->\n\n### Why?\n\nSay why.\n\nIn a few words."
ALIKE = "Explain."


def text(source: str) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def code(source: str) -> Cell:
    return {"cell_type": "code", "source": source, "metadata": {}}


def notebook(a: str = BLANK, b: str = BLANK, c: str = BLANK) -> list[Cell]:
    """Return the cells of a lab with three written questions, two of which have the same prompt."""
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
    starter_cells=tuple(
        cell_digest(cell["source"]) for cell in notebook() if cell["source"] != BLANK
    ),
)


def texts_by_question(cells: list[Cell]) -> dict[str, str]:
    """Return the text of each answer, or its state in brackets if there is none."""
    answers = read_written_answers(cells, LAB)
    assert [answer.question.id for answer in answers] == ["a", "b", "c"]
    assert all(bool(answer.text) == (answer.state == ANSWERED) for answer in answers)
    return {answer.question.id: answer.text or f"({answer.state})" for answer in answers}


def test_an_answer_is_the_text_below_its_prompt() -> None:
    assert texts_by_question(notebook()) == dict.fromkeys("abc", f"({EMPTY})")
    assert texts_by_question(notebook("One.", "Two.", "Three.")) == {
        "a": "One.",
        "b": "Two.",
        "c": "Three.",
    }
    assert texts_by_question(notebook(c="Three.")) == {
        "a": f"({EMPTY})",
        "b": f"({EMPTY})",
        "c": "Three.",
    }
    assert texts_by_question([]) == dict.fromkeys("abc", f"({MISSING})")


@pytest.mark.parametrize(
    ("change", "answer"),
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
        (lambda s: s.pop(1), "One."),
        (lambda s: (s.pop(1), s[1].update(source=BLANK)), f"({MISSING})"),
        (lambda s: (s.pop(1), s.pop(1)), f"({MISSING})"),
        (lambda s: (s.pop(0), s.pop(0), s.pop(1)), "One."),
        (lambda s: (s.pop(1), s.insert(1, text(" ")), s.insert(1, code("y = 2"))), "One."),
        (lambda s: s[1].update(source="### Warum?"), "### Warum?\n\nOne."),
        (
            lambda s: (s[1].update(source="### Warum?"), s[2].update(source=BLANK)),
            f"({MISSING})",
        ),
        (lambda s: (s.append(s.pop(1)), s.append(s.pop(1))), "One."),
        (lambda s: s[2].update(cell_type="raw"), "One."),
    ],
)
def test_an_answer_is_found_after_students_have_changed_cells(
    change: Callable[[list[Cell]], Any], answer: str
) -> None:
    cells = notebook("One.", "B.", "C.")
    change(cells)
    assert texts_by_question(cells) == {"a": answer, "b": "B.", "c": "C."}


def test_an_answer_counts_once_if_the_prompt_below_it_is_gone() -> None:
    cells = notebook("One.", "B.", "C.")
    lab = replace(
        LAB,
        questions=(
            *LAB.questions[:2],
            Question("b", 2, True, prompt="Explain.", placeholder=BLANK),
            Question("c", 2, True, prompt="Explain it.", placeholder=BLANK),
        ),
        starter_cells=(*LAB.starter_cells[:-2], cell_digest("Explain it."), LAB.starter_cells[-1]),
    )
    del cells[7]
    texts = {a.question.id: (a.state, a.text) for a in read_written_answers(cells, lab)}
    assert texts["b"] == (ANSWERED, "B.\n\nC.") and texts["c"] == (MISSING, "")


def test_pictures_and_long_answers_are_cut() -> None:
    picture = (
        f"See ![my *drawing*](data:image/png;base64,{'A' * 100_000}) and ![b](attachment:b.png)."
    )
    texts = texts_by_question(notebook(picture, "y" * (MAX_ANSWER + 1)))
    assert texts["a"] == (
        "See [a picture, see the notebook: my *drawing*] and [a picture, see the notebook: b]."
    )
    assert texts["b"].startswith("y" * MAX_ANSWER) and texts["b"].endswith("has the rest]")
    for hostile in ("![" * 50_000, "![a](data:" * 20_000, "\n" * 100_000 + "#" * 100_000):
        texts_by_question(notebook(hostile, hostile, hostile))


def test_answers_of_the_lab_are_found_as_every_editor_saves_them(tmp_path: Path) -> None:
    assignment = Assignment.read(PROJECT / "autograder")
    blank = next((PROJECT / "student").glob("*.ipynb"))
    (tmp_path / "answers.py").write_text("")
    manual = [q.id for q in assignment.questions if q.manual]
    assert len(manual) == 7 and sum(q.points for q in assignment.questions if q.manual) == 22
    for editor in ("", *(f"# editor: {name}\n" for name in EDITORS)):
        (tmp_path / "answers.py").write_text(editor)
        body = build_notebook(tmp_path / "answers.py", blank, blank)
        for answered in (False, True):
            number = 0
            for cell in body["cells"]:
                if answered and "".join(cell["source"]).startswith("_Type your answer here"):
                    cell["source"] = [f"Answer {number}\n", "in two lines."]
                    number += 1
            (tmp_path / blank.name).write_text(json.dumps(body))
            submission = read_submission(tmp_path / blank.name, "a", assignment)
            answers = read_written_answers(submission.cells, assignment)
            assert [answer.question.id for answer in answers] == manual
            expected = [f"Answer {n}\nin two lines." if answered else "" for n in range(7)]
            assert [answer.text for answer in answers] == expected


def test_the_solution_answers_every_written_question() -> None:
    assignment = Assignment.read(PROJECT / "autograder")
    solution = read_submission(next((PROJECT / "solutions").glob("*.ipynb")), "x", assignment)
    answers = read_written_answers(solution.cells, assignment)
    assert all(answer.state == ANSWERED for answer in answers)


@pytest.mark.slow
def test_a_digest_takes_no_more_memory_than_its_text() -> None:
    pairs = (("ab " * 1_000_000).strip(), " ab\n" * 1_000_000), ("a" * 2**21, "\n" + "a" * 2**21)
    tracemalloc.start()
    try:
        for one, other in pairs:
            assert cell_digest(one) == cell_digest(other) != cell_digest(one + "b")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000_000  # the words of the first one alone take 60
    expected = hashlib.sha256(pairs[0][0].encode()).hexdigest()
    assert cell_digest(pairs[0][0]) == expected[:16]


def test_lines_are_looked_at_once_however_many_questions_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []

    def collapse(line: str) -> str:
        looked_at.append(line)
        return " ".join(line.split())

    monkeypatch.setattr("ottermark.submissions.written_answers._collapse_spaces", collapse)
    prompts = [f"### Why {n}?\n\nSay why." for n in range(30)]
    questions = tuple(
        Question(f"q{n}", 1, True, prompt=prompt, placeholder=BLANK)
        for n, prompt in enumerate(prompts)
    )
    lab = replace(LAB, questions=questions, starter_cells=tuple(map(cell_digest, prompts)))
    many = [text("### Why\n" * 100) for _ in range(20)]
    answers = read_written_answers(many, lab)
    assert len(answers) == 30 and 2_000 < len(looked_at) < 4_000
