"""The container's entry on Gradescope's folder layout: a valid results.json, whatever comes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import labs
import pytest

from ottermark import gradescope

RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}


@pytest.fixture
def home(tiny: Path, tmp_path: Path) -> Path:
    """A container's /autograder with the upload unpacked in it."""
    with zipfile.ZipFile(tiny / "autograder" / "autograder.zip") as archive:
        archive.extractall(tmp_path / "source")
    (tmp_path / "submission").mkdir()
    return tmp_path


def submit(home: Path, tiny: Path, name: str, answers: dict[str, str]) -> None:
    body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
    (home / "submission" / name).write_text(json.dumps(body))


def results(home: Path) -> dict[str, Any]:
    assert gradescope.main(home) == 0
    body: dict[str, Any] = json.loads((home / "results" / "results.json").read_text())
    assert isinstance(body["score"], (int, float))
    for test in body["tests"]:
        assert test.get("status", "passed") in ("passed", "failed")
        assert test.get("visibility", "visible") in ("visible", "hidden")
    return body


def test_a_submission_is_graded(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    body = results(home)
    assert body["score"] == 6
    assert [t["number"] for t in body["tests"] if "number" in t] == ["q1", "q2"]
    assert sum(t["max_score"] for t in body["tests"] if "number" in t) == 6
    assert any(t["name"].startswith("q3: a written answer") for t in body["tests"])


def test_the_notebook_of_the_assignment_is_chosen(home: Path, tiny: Path) -> None:
    submit(home, tiny, "scratch.ipynb", {})
    submit(home, tiny, "tiny.ipynb", RIGHT)
    assert results(home)["score"] == 6


def test_a_renamed_notebook_is_graded(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny (1).ipynb", RIGHT)
    assert results(home)["score"] == 6


@pytest.mark.parametrize("files", [{}, {"a.ipynb": "{}", "b.ipynb": "{}"}, {"tiny.ipynb": ""}])
def test_what_cannot_be_graded_says_why(home: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (home / "submission" / name).write_text(text)
    body = results(home)
    assert body["score"] == 0
    assert body["extra_data"]["status"] == "rejected"
    assert "tiny.ipynb" in body["tests"][0]["output"]


def test_a_broken_upload_still_leaves_a_result(home: Path) -> None:
    (home / "source" / "questions.json").write_text("{")
    body = results(home)
    assert body["score"] == 0 and "tell the course staff" in body["tests"][0]["name"]


def test_zero_points_stand_before_the_students_code_starts(
    home: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt  # as when the container is stopped

    monkeypatch.setattr(gradescope, "_graded", killed)
    with pytest.raises(KeyboardInterrupt):
        gradescope.main(home)
    body = json.loads((home / "results" / "results.json").read_text())
    assert body["score"] == 0 and "stopped before it could finish" in json.dumps(body)
