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
        assert test.get("visibility", "visible") in ("visible", "hidden", "after_due_date")
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


SLIPS = """\
q1:
  slips:
    - {id: turned, name: Sides turned, hint: "Which side comes first?", value: {pair: "(5, 4)"}}
q2:
  right: "def double(x): return 2 * x"
  cases: {small: ["1"], large: ["50"]}
  slips:
    - id: squares
      name: Squares instead
      hint: Twice two and two times two are the same, by chance.
      function: "def double(x): return x * x"
"""
WRONG = {"q1": "pair = (5, 4)", "q2": "def double(x):\n    return x + x if x < 9 else 0"}


@pytest.mark.parametrize("when", ["at_once", "after_due_date", "never"])
def test_a_wrong_answer_is_understood(home: Path, tiny: Path, when: str) -> None:
    (home / "source" / "misconceptions.yaml").write_text(SLIPS)
    (home / "source" / "otter_config.json").write_text(json.dumps({"hints": when}))
    submit(home, tiny, "tiny.ipynb", WRONG)
    body = results(home)
    first, second = (t for t in body["tests"] if "number" in t)
    assert first["tags"] == ["misconception:turned"]
    assert first["extra_data"]["misconceptions"] == ["Sides turned"]
    assert second["extra_data"]["fails_on"] == {"double": "large"}
    assert second["extra_data"]["unexplained"] == {"double": "a function"}
    hints = [t for t in body["tests"] if "Which side comes first?" in t["output"]]
    if when == "never":
        assert not hints
    else:
        (hint,) = hints
        assert hint["visibility"] == {"at_once": "visible"}.get(when, when)
        assert ("number" in hint) == (when == "at_once")
    told = json.dumps([t["output"] for t in body["tests"]])
    assert ("first goes wrong here: large" in told) == (when != "never")


def test_right_and_missing_answers_are_not_explained(home: Path, tiny: Path) -> None:
    (home / "source" / "misconceptions.yaml").write_text(SLIPS)
    submit(home, tiny, "tiny.ipynb", {"q2": RIGHT["q2"]})
    for test in results(home)["tests"]:
        assert "tags" not in test and "extra_data" not in test


def test_an_unknown_time_for_hints_is_refused(home: Path) -> None:
    (home / "source" / "otter_config.json").write_text('{"hints": "sometimes"}')
    assert "tell the course staff" in results(home)["tests"][0]["name"]
