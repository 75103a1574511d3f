"""What the checks in the student's notebook say to each question's blank, right and wrong answers."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import otter
import pytest
from conftest import PROJECT
from lab_names import names_before_questions

from ottermark.assignment import Assignment
from ottermark.audit.answer_files import find_answer_cells
from ottermark.grading.otter_tests import OtterTests
from ottermark.notebook_grader import Grader
from ottermark.notebook_grader.check import CheckResult, State
from ottermark.notebook_grader.failures import is_example

STUDENT = PROJECT / "student"
NAME = "intro_convnets.ipynb"
QUESTIONS = {
    question.id: question for question in Assignment.read(PROJECT / "autograder").automatic
}
# their answers need Keras: see test_jupyter
NETS = ("q1_2", "q1_3", "q5_2", "q5_5", "q5_6", "q5_7")
EXAMPLES = ("q2_7", "q2_8", "q3_3", "q4_4", "q4_5", "q5_3")
NEEDS_MORE = re.compile(r"\b(layers|keras|tf|pd)\.")  # than the names here


def answers(kind: str) -> list[Path]:
    """The files of the corpus that need neither Keras nor pandas."""
    return sorted(
        path
        for path in (PROJECT / "assignment" / "corpus" / kind).glob("*/*.py")
        if path.parent.name not in NETS and not NEEDS_MORE.search(path.read_text(encoding="utf-8"))
    )


RIGHT, WRONG = answers("right"), answers("wrong")
CLAIM = re.compile(
    r"\b(pass(es|ed)?|right|correct(ly)?|true|good|great|well|done|success\w*|fine|ok)\b", re.I
)
EMOJI = re.compile("[\u2600-\u27bf\u2b50\U0001f300-\U0001faff]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's folder; Otter writes its log there."""
    return Path(shutil.copytree(STUDENT, tmp_path_factory.mktemp("checks") / "lab"))


@pytest.fixture(autouse=True)
def lab_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # slips compute with any numbers
        yield


@pytest.fixture(scope="module")
def grader(folder: Path) -> Grader:
    return Grader(
        otter.Notebook(str(folder / NAME), str(folder / "tests")), folder / "notebook_grader"
    )


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return names_before_questions()


def answer_of(path: Path, question: str) -> str:
    """The source of a question's answer cell."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return "".join(notebook["cells"][find_answer_cells(notebook)[question]]["source"])


def checked(grader: Grader, question: str, source: str, names: dict[str, Any]) -> CheckResult:
    namespace = dict(names)
    exec(source, namespace)
    return grader.check(question, namespace)


def is_sentence(text: str) -> bool:
    return "\n" not in text and len(text) < 500 and not EMOJI.search(text)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_blank_answer_is_not_answered_yet(
    question: str, grader: Grader, names: dict[str, Any]
) -> None:
    keras = SimpleNamespace(utils=SimpleNamespace(set_random_seed=lambda seed: None))
    result = checked(
        grader, question, answer_of(STUDENT / NAME, question), {**names, "keras": keras}
    )
    assert result.state is State.UNANSWERED
    assert any(name in result.reason for name in QUESTIONS[question].names)
    assert is_sentence(repr(result))
    assert grader.check(question, {}).state is State.UNANSWERED


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question not in NETS])
def test_the_solution_can_be_read_and_no_more_is_said(
    question: str, grader: Grader, names: dict[str, Any]
) -> None:
    result = checked(grader, question, answer_of(PROJECT / "solutions" / NAME, question), names)
    assert repr(result) == f"{question} can be read; it is marked after you hand in."


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_right_answers_can_be_read_however_they_are_written(
    path: Path, grader: Grader, names: dict[str, Any]
) -> None:
    result = checked(grader, path.parent.name, path.read_text(encoding="utf-8"), names)
    assert result.state is State.READABLE


@pytest.mark.parametrize("path", WRONG, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_check_says_of_a_wrong_answer_that_it_is_right(
    path: Path, grader: Grader, names: dict[str, Any]
) -> None:
    question = path.parent.name
    result = checked(grader, question, path.read_text(encoding="utf-8"), names)
    said = repr(result)
    assert said.startswith(f"{question} ") and is_sentence(said)
    assert not CLAIM.search(said), said
    for line in (STUDENT / "tests" / f"{question}.py").read_text(encoding="utf-8").splitlines():
        assert len(line.strip()) < 12 or line.strip() not in said


def test_half_of_the_wrong_functions_meet_an_example(grader: Grader, names: dict[str, Any]) -> None:
    results = [
        checked(grader, path.parent.name, path.read_text(encoding="utf-8"), names)
        for path in WRONG
        if path.parent.name in EXAMPLES
    ]
    differing = [result for result in results if result.state is State.DIFFERS]
    assert {result.question.id for result in differing} == set(EXAMPLES)
    assert all(re.search(r" gives .+ says ", result.reason) for result in differing)
    assert len(differing) > len(results) / 2


def test_students_and_the_grader_take_the_same_tests_for_examples() -> None:
    examples = set()
    for question in QUESTIONS:
        tests = OtterTests(STUDENT / "tests" / f"{question}.py")
        for index, case in enumerate(tests.cases):
            assert tests.is_example(index) == is_example(case)
            examples |= {question} if is_example(case) else set()
    assert examples == set(EXAMPLES)


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("q1_1", {"train_mse": 1.0}, "linreg_scores has no key train_mae"),
        ("q1_1", "scores", "linreg_scores should be a dict with the keys train_mse, train_mae"),
        (
            "q1_1",
            {"train_mse": 1.0, "train_mae": "2", "test_mse": 3.0, "test_mae": 4.0},
            "train_mae in linreg_scores should be a number; it is '2'",
        ),
        (
            "q1_1",
            {"train_mse": 1.0, "train_mae": -2, "test_mse": 3.0, "test_mae": 4.0},
            "train_mae in linreg_scores is -2, but an error measure is never negative",
        ),
        ("q2_2", {"height": 26, "width": 2.5, "filters": 32}, "width in response_meaning"),
        ("q2_3", (4, 4, 1), "it is (4, 4, 1)"),
        ("q2_3", np.array([4, -4]), "it is array([ 4, -4])"),
        ("q2_7", lambda *_, **__: 4, "response_shape((11, 12), (3, 3)) should give a pair"),
        ("q2_8", lambda image, kernel: image.sum(), "kernel of 3 by 2 it gives"),
        ("q2_9", [[-1, 0, 1]], "edge_kernel should be an array of 3 rows and 3 columns of numbers"),
        ("q4_5", lambda a, b, c: 280, "got an unexpected keyword argument 'bias'"),
        ("q4_5", lambda *a, **_: a.size, "conv_params stops with AttributeError: 'tuple' object"),
        ("q4_5", 280, "conv_params should be a function; it is 280"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(
    question: str, answer: Any, reason: str, grader: Grader, names: dict[str, Any]
) -> None:
    (name,) = QUESTIONS[question].names
    result = grader.check(question, {**names, name: answer})
    assert result.state is State.UNREADABLE
    assert reason in result.reason
