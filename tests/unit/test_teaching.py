"""What the page for teachers is made from: nothing is left out, and the minutes add up."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from docs_pages import PROJECT
from teaching import TEACHING_FILE, Lab

from ottermark.assignment import RUBRICS_FILE, Assignment
from ottermark.errors import UsageError
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue

ASSIGNMENT = PROJECT / "assignment"
CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a question is missing": (
        lambda notes: notes["questions"].pop("q2_7"),
        "questions: q2_7 is missing; add it",
    ),
    "an unknown question": (
        lambda notes: notes["questions"].update(q2_71=notes["questions"]["q2_7"]),
        'questions, q2_71: there is no such question; write "q2_7"',
    ),
    "an unknown misconception": (
        lambda notes: notes["questions"]["q2_3"]["mistakes"].append("forgets-the-two"),
        'questions, q2_3: there is no mistake "forgets-the-two"; write "forgets-the-one"',
    ),
    "a rubric item that earns": (
        lambda notes: notes["questions"]["q3_1"]["mistakes"].append("gain"),
        'questions, q3_1: there is no mistake "gain"',
    ),
    "no mistake": (
        lambda notes: notes["questions"]["q4_2"].update(mistakes=[]),
        "questions, q4_2: no mistake is named; add one",
    ),
    "a minute more": (
        lambda notes: notes["reading"].update({3: 8}),
        "section 3: the minutes add up to 26, and the notebook says 25",
    ),
    "a section without reading": (
        lambda notes: notes["reading"].pop(0),
        "reading: let it hold the sections 0, 1, 2, 3, 4, 5",
    ),
    "a section that a plan leaves out": (
        lambda notes: notes["plans"][0]["steps"].pop(),
        'plans, "One session, the rest at home": let it hold each section once',
    ),
    "a misspelt key": (
        lambda notes: notes["questions"]["q1_1"].update(minute=8),
        'questions.q1_1.minute: there is no such key; write "minutes"',
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the page is made from; the catalogue finds its data from here."""
    monkeypatch.chdir(ASSIGNMENT)
    for name in (TEACHING_FILE, RUBRICS_FILE, "intro_convnets.ipynb"):
        shutil.copy(ASSIGNMENT / name, tmp_path)
    return tmp_path


def lab(folder: Path) -> Lab:
    assignment = Assignment.read(PROJECT / "autograder")
    catalogue = MisconceptionCatalogue.read(ASSIGNMENT / CATALOGUE_FILE, assignment)
    return Lab(folder, assignment, catalogue)


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_what_does_not_fit_is_refused(folder: Path, change: str) -> None:
    edit, message = CHANGES[change]
    path = folder / TEACHING_FILE
    notes = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(notes)
    path.write_text(yaml.safe_dump(notes), encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        lab(folder)
    assert f"{path}, {message}" in str(refused.value)


@pytest.mark.slow
def test_the_page_has_every_question_and_every_picture(folder: Path) -> None:
    page = lab(folder)
    questions = [q.id for q in Assignment.read(PROJECT / "autograder").questions]
    assert len(questions) == 28
    assert [page.questions_list().count(f"(`{id}`, ") for id in questions] == [1] * len(questions)
    pictures = {path.stem for path in (ASSIGNMENT / "figures").glob("*.png")}
    shown = {name for name in pictures if f"/{name}.svg`: " in page.pictures_list()}
    assert shown == pictures


def test_every_misconception_on_the_page_has_a_wrong_answer_in_the_corpus() -> None:
    notes = yaml.safe_load((ASSIGNMENT / TEACHING_FILE).read_text(encoding="utf-8"))["questions"]
    for question in Assignment.read(PROJECT / "autograder").automatic:
        answers = (ASSIGNMENT / "corpus" / "wrong" / question.id).glob("*.py")
        heads = "\n".join(path.read_text("utf-8").partition("\n")[0] for path in answers)
        in_corpus = {id.removesuffix("-partly") for id in re.findall(r"[a-z0-9-]+", heads)}
        assert in_corpus.issuperset(notes[question.id].get("mistakes", [])), question.id
