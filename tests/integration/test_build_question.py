"""``ottermark build --question``: one question, by the same stages as all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import labs
import pytest
from conftest import PROJECT, ottermark

from ottermark.assignment import OTTER_TESTS
from ottermark.authoring.build import build
from ottermark.authoring.master import code_of
from ottermark.authoring.pipeline import BuildOptions, prepare
from ottermark.authoring.split import Split
from ottermark.authoring.verify import verify
from ottermark.diagnostics import BuildFailedError, Diagnostic
from ottermark.errors import UsageError
from ottermark.grading.autograder import Autograder, open_autograder
from ottermark.sandbox.sandbox import Sandbox, start_in_background

TRAINING = (
    "q1_1",
    "q1_2",
    "q1_3",
    "q5_2",
    "q5_5",
    "q5_6",
    "q5_7",
)  # they train, or import TensorFlow alone
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("questions")]

MASTER = PROJECT / "assignment" / "intro_convnets.ipynb"
QUESTIONS = json.loads((PROJECT / "autograder" / "questions.json").read_text())["questions"]
TESTED = [question["id"] for question in QUESTIONS if not question["manual"]]


Prepared = tuple[Split, Autograder]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with start_in_background([OTTER_TESTS], trusted=True) as get_sandbox:
        yield get_sandbox()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The lab, split once for all of its questions."""
    folder = tmp_path_factory.mktemp("lab")
    split, diagnostics = prepare(
        MASTER, BuildOptions(folder / "out"), folder, progress=lambda _: None
    )
    assert diagnostics == []
    with open_autograder(folder / "staging" / "autograder") as grader:
        yield split, grader


@pytest.mark.parametrize(
    "name",
    [pytest.param(q, marks=[pytest.mark.ci] * (q in TRAINING)) for q in TESTED],
)
def test_every_question_of_the_lab_is_verified_alone(
    name: str, prepared: Prepared, sandbox: Sandbox
) -> None:
    split, grader = prepared
    (question,) = [q for q in split.assignment.questions if q.id == name]
    verification = verify(split, grader, question, lambda: sandbox, lambda _: None)
    assert verification.diagnostics == ()
    assert 0 < code_cells(verification.executed) < code_cells(split.solution)


def code_cells(notebook: Any) -> int:
    return sum(bool(code.strip()) for code in code_of(notebook))


def test_the_command_verifies_a_question_and_writes_nothing(tmp_path: Path) -> None:
    ran = ottermark("build", MASTER, "--out", tmp_path, "--question", "q2_7")
    assert ran.code == 0, ran.err
    assert "q2_7: the solution earns all 5 points, the blank notebook 0." in ran.out
    assert not list(tmp_path.iterdir())


def test_questions_without_tests_or_of_no_such_name_are_refused(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    master = labs.write_tiny(tmp_path)
    with pytest.raises(UsageError, match=r"q3 of .*tiny\.ipynb has no tests to verify"):
        build(master, tmp_path, question="q3", sandbox=sandbox)
    with pytest.raises(UsageError, match="has no question 'q9'; those with tests are q1, q2"):
        build(master, tmp_path, question="q9", sandbox=sandbox)
    with pytest.raises(UsageError, match="leave out the question"):
        build(master, tmp_path, question="q1", check=True, sandbox=sandbox)


def two_of_one_name(text: str) -> str:
    return text.replace("name: q2\npoints: 4", "name: q1").replace(
        "name: q1\npoints: 2", "name: q1"
    )


def two_of_one_name_whose_points_do_not_add_up(text: str) -> str:
    return text.replace("name: q2\npoints: 4", "name: q1\npoints: 6")


def with_faults(text: str) -> str:
    """A misspelled key in q1, an unmarked solution in q2, wrong solutions of both."""
    text = text.replace("points: 2\nhidden: true", "points: 2\nhiden: true")
    text = text.replace("pair = (4, 5) # SOL", "pair = (5, 4) # SOL")
    return text.replace("return x + x  # SOLUTION", "return x")


def not_split(text: str) -> str:
    return text.replace("numbers.csv]", "nowhere.csv]")


@pytest.mark.parametrize(
    "change",
    [two_of_one_name, two_of_one_name_whose_points_do_not_add_up, with_faults, not_split],
)
def test_what_build_refuses_is_refused_with_the_same_diagnostics(
    tmp_path: Path, sandbox: Sandbox, change: Callable[[str], str]
) -> None:
    text = change(labs.TINY)
    assert text != labs.TINY
    master = labs.write_tiny(tmp_path, text)
    whole = errors(master, None, sandbox)
    assert whole
    for question, other in (("q1", "q2"), ("q2", "q1")):
        if change is two_of_one_name and question == "q2":
            continue  # there is none
        expected = {d for d in whole if d.rule != "solution-loses-points" or d.question != other}
        assert errors(master, question, sandbox) == expected


def errors(master: Path, question: str | None, sandbox: Sandbox) -> set[Diagnostic]:
    with pytest.raises(BuildFailedError) as failure:
        build(master, master.parent / "out", question=question, sandbox=sandbox)
    assert not (master.parent / "out").exists()
    return set(failure.value.diagnostics)
