"""What an autograder holds, and what of it and of this tool decides marks."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ottermark.assignment import Assignment, Question
from ottermark.errors import UsageError
from ottermark.grading.autograder import DECIDING_PACKAGES, PACKAGE, open_autograder, tool_digest

ASSIGNMENT = Assignment(
    "lab",
    "lab.ipynb",
    (
        Question("q1", 2, False, ("pair",)),
        Question("q2", 3, False, ("area",)),
        Question("q3", 1, True, prompt="Why?", placeholder="Write here."),
    ),
    ("numpy",),
    ("data/points.csv",),
    ("0a1b",),
    "pair = ...",
)
CATALOGUE = """\
q1:
  misconceptions: [{id: turned, name: Turned, hint: Which is first?, value: {pair: "(2, 1)"}}]
q2:
  misconceptions: [{id: zero, name: Zero, hint: Is it?, value: {area: "0"}}]
"""
LEADERBOARD = "LEADERBOARD = [{'name': 'Area', 'value': lambda area: area}]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "autograder"
    for name, text in (
        ("tests/q1.py", "OK_FORMAT = True"),
        ("tests/q2.py", "OK_FORMAT = True"),
        ("files/data/points.csv", "1,2"),
        ("otter_config.json", '{"seed": 3}'),
        ("misconceptions.yaml", CATALOGUE),
        ("leaderboard.py", LEADERBOARD),
        ("setup.sh", "pip install"),
        ("requirements.txt", "numpy"),
        ("solution/lab.ipynb", "{}"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    ASSIGNMENT.write(folder)
    return folder


def parts(folder: Path) -> dict[str, str]:
    with open_autograder(folder) as autograder:
        return autograder.parts


# ------------------------------------------------------------------------------- the record


def test_a_record_is_read_as_it_was_written(folder: Path) -> None:
    assert Assignment.read(folder) == ASSIGNMENT
    record = json.loads((folder / "questions.json").read_text())
    assert record["questions"][0]["points"] == 2 and "2.0" not in json.dumps(record)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"lab"', '"lab', "control character"),
        ('"points": 2', '"points": "2"', 'questions.1.points: should be a number, not "2"'),
        ('"manual": false', '"manual": 0', "questions.1.manual: should be true or false"),
        ('"names": [', '"name": [', "questions.1.name: there is no such key"),
        ('"imports"', '"modules"', "imports: is missing"),
    ],
)
def test_a_record_that_was_not_written_by_a_build_is_refused(
    folder: Path, old: str, new: str, message: str
) -> None:
    path = folder / "questions.json"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(UsageError, match=message) as error:
        Assignment.read(folder)
    assert str(path) in str(error.value) and "run `ottermark build`" in str(error.value)


def test_one_question_alone_keeps_catalogue_leaderboard_and_files(folder: Path) -> None:
    with open_autograder(folder) as autograder:
        one = autograder.only("q1")
        assert [question.id for question in one.assignment.questions] == ["q1"]
        assert one.catalogue is autograder.catalogue and set(one.catalogue.questions) == {
            "q1",
            "q2",
        }
        assert one.leaderboard.columns and one.test_path("q1").is_file()
        with pytest.raises(KeyError):
            autograder.only("q9")


# --------------------------------------------------------------------- what decides marks


@pytest.mark.parametrize(
    "name", ["tests/q1.py", "files/data/points.csv", "otter_config.json", "misconceptions.yaml"]
)
def test_tests_data_options_and_catalogue_decide_marks(folder: Path, name: str) -> None:
    before = parts(folder)
    change = '{"seed": 4}' if name.endswith(".json") else (folder / name).read_text() + "\n"
    (folder / name).write_text(change)
    after = parts(folder)
    assert [part for part in before if before[part] != after[part]] == [name]


LATENESS = '{"due": "2026-10-01T12:00:00+00:00", "percent_per_day": 10}'


def test_lateness_and_what_markers_read_decide_no_marks_of_tests(folder: Path) -> None:
    before = parts(folder)
    (folder / "otter_config.json").write_text(f'{{"lateness": {LATENESS},\n "seed": 3}}')
    (folder / "rubrics.yaml").write_text("q3: {items: []}")
    record = Assignment.read(folder).with_model_answers({"q3": "Since it is."})
    record.write(folder)
    assert Assignment.read(folder).questions[2].model_answer == "Since it is."
    assert parts(folder) == before


@pytest.mark.parametrize("name", ["setup.sh", "requirements.txt", "solution/lab.ipynb"])
def test_files_for_the_container_decide_no_marks(folder: Path, name: str) -> None:
    before = parts(folder)
    (folder / name).write_text("changed")
    assert parts(folder) == before


def test_points_decide_marks_and_texts_of_the_notebook_do_not(folder: Path) -> None:
    before = parts(folder)
    path = folder / "questions.json"
    text = path.read_text()
    path.write_text(text.replace("Why?", "How so?").replace("0a1b", "ffff"))
    assert parts(folder) == before
    path.write_text(text.replace('"points": 3', '"points": 4'))
    assert parts(folder) != before


def test_what_decides_marks_imports_nothing_else_of_this_tool() -> None:
    """So that the digest covers all that grading a submission runs."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if inside.parts[0].removesuffix(".py") in DECIDING_PACKAGES:
            for module in imports(path):
                package = module.removeprefix("ottermark.").partition(".")[0]
                assert package in (*DECIDING_PACKAGES, "ottermark"), f"{inside} imports {module}"


def imports(path: Path) -> Iterator[str]:
    """Return the modules of this tool that a module imports, in functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (a.name for a in node.names if a.name.split(".")[0] == "ottermark")
            case ast.ImportFrom(module="ottermark"):
                yield from (
                    f"ottermark.{a.name}" for a in node.names if not a.name.startswith("__")
                )
            case ast.ImportFrom(module=str(module)) if module.startswith("ottermark."):
                yield module


def test_every_deciding_package_exists() -> None:
    modules = {path.name.removesuffix(".py") for path in PACKAGE.iterdir()}
    assert set(DECIDING_PACKAGES) <= modules


BEFORE = '''\
"""About it."""
import math


class Circle:
    """A circle."""

    def area(self, radius):  # of this one
        """Return its area."""
        return math.pi * radius**2
'''
REWORDED = '''\
"""About circles, at length."""
# a comment
import math
class Circle:
    def area(self, radius):
        return (
            math.pi
            * radius**2
        )
'''


def test_what_students_must_not_read_is_private() -> None:
    """All of our own lab's autograder, but what installs and starts the grader."""
    public = {"ottermark", "installer.txt", "otter_config.json", "requirements.txt"}
    with open_autograder(PACKAGE.parents[1] / "autograder") as autograder:
        private = {path.name for path in autograder.private_paths}
        names = {path.name for path in autograder.folder.iterdir()}
    assert names - private - public == {"run_autograder", "run_otter.py", "setup.sh"}


def test_comments_docstrings_and_layout_are_not_in_the_digest(tmp_path: Path) -> None:
    trees = {}
    for name, text in (
        ("before", BEFORE),
        ("reworded", REWORDED),
        ("changed", BEFORE.replace("**2", "**3")),
        ("a_text_in_use", BEFORE.replace('"""A circle."""', 'about = """A circle."""')),
    ):
        (tmp_path / name / "grading").mkdir(parents=True)
        (tmp_path / name / "grading" / "circle.py").write_text(text)
        (tmp_path / name / "reports.py").write_text(name)
        trees[name] = tool_digest(root=tmp_path / name)
    assert trees["before"] == trees["reworded"]
    assert len({trees["before"], trees["changed"], trees["a_text_in_use"]}) == 3
    renamed = shutil.copytree(tmp_path / "before", tmp_path / "renamed")
    (renamed / "grading" / "circle.py").rename(renamed / "grading" / "disc.py")
    assert tool_digest(root=renamed) != trees["before"]
