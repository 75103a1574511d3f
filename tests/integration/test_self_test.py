"""The self-test at the end of an image's build: one sentence says why it cannot grade the solution."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ottermark.gradescope.self_test import find_problem


@pytest.fixture
def source(tiny: Path, tmp_path: Path) -> Path:
    """The upload, unpacked."""
    with zipfile.ZipFile(tiny / "autograder" / "autograder.zip") as archive:
        archive.extractall(tmp_path / "source")
    (tmp_path / "source").chmod(0o700)
    return tmp_path / "source"


def test_a_good_upload_passes(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime for path in source.rglob("*")}
    assert find_problem(source) is None
    assert "The solution earns all 6 points" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime for path in source.rglob("*")}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("solution/tiny.ipynb", "pair = (4, 5)", "pair = (5, 4)", "4 of 6 points; q1 earns 0 of 2"),
        (
            "solution/tiny.ipynb",
            "import numpy as np",
            "import nonesuch",
            "No module named 'nonesuch'",
        ),
        ("tests/q2.py", "def test_q2_number", "def test q2_number", "tests/q2.py cannot be read"),
        ("tests/q1.py", "OK_FORMAT = False", "import nonesuch", "tests/q1.py cannot be read"),
        ("otter_config.json", "{}", '{"hints": "no"}', "hints: should be one of"),
        ("questions.json", "{", "", "questions.json cannot be read"),
        ("questions.json", '"q2"', '"q7"', "q7.py is missing"),
        ("files/held_back/answers.csv", "4.0", "4.5", "3 of 6 points; q2 earns 1 of 4"),
    ],
)
def test_what_cannot_grade_is_told(source: Path, file: str, old: str, new: str, says: str) -> None:
    path = source / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    told = find_problem(source)
    assert told is not None and says in told, told
    assert "\n" not in told


def test_without_a_wall_it_does_not_pass(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTTERMARK_ISOLATION", "none")
    told = find_problem(source)
    assert told is not None and "isolate" in told


def test_a_solution_that_is_missing_is_told(source: Path) -> None:
    for path in (source / "solution").iterdir():
        path.unlink()
    assert "holds no notebook" in str(find_problem(source))
