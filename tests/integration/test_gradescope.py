"""The container's entry on Gradescope's folder layout: a valid results.json, whatever comes."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from pathlib import Path
from typing import Any

import labs
import pytest

from ottermark.gradescope import entry as gradescope
from ottermark.results.document import ResultDocument

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
    ResultDocument.from_object(body)
    return body


def configure(home: Path, **options: Any) -> None:
    (home / "source" / "otter_config.json").write_text(json.dumps(options))


def seen(body: dict[str, Any], when: str) -> str:
    """What a student reads once entries of ``when`` show."""
    return json.dumps([t for t in body["tests"] if t["visibility"] == when], ensure_ascii=False)


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


def test_the_notebook_and_not_an_export_beside_it_is_graded(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    name = "tiny_2026_11_27T09_00_00_000000.zip"
    with zipfile.ZipFile(home / "submission" / name, "w") as archive:
        archive.writestr("tiny.ipynb", "{}")
    assert results(home)["score"] == 6


@pytest.mark.parametrize("name", ["tiny-Copy1.ipynb", "my work/tiny.ipynb"])
def test_a_copy_with_the_work_is_graded_and_not_what_was_handed_out(
    home: Path, tiny: Path, name: str
) -> None:
    (home / "submission" / name).parent.mkdir(exist_ok=True)
    submit(home, tiny, name, RIGHT)
    shutil.copy(tiny / "student" / "tiny.ipynb", home / "submission")
    assert results(home)["score"] == 6


def test_a_renamed_notebook_is_graded(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny (1).ipynb", RIGHT)
    assert results(home)["score"] == 6


@pytest.mark.parametrize("name", ["lab_jane.ipynb", "LAB.IPYNB", "lab.ipynb.txt", "lab.ZIP"])
def test_the_whole_student_folder_is_graded(home: Path, tiny: Path, name: str) -> None:
    folder = home / "submission"
    shutil.copytree(tiny / "student", folder, dirs_exist_ok=True)
    (folder / "tiny.ipynb").unlink()
    submit(home, tiny, "notebook", RIGHT)
    with zipfile.ZipFile(folder / "colab.zip", "w") as archive:
        archive.writestr("tests/q1.py", "")
    if name == "lab.ZIP":
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.write(folder / "notebook", "TINY.IPYNB")
        (folder / "notebook").unlink()
    else:
        (folder / "notebook").rename(folder / name)
    (folder / "._tiny.ipynb").write_bytes(b"\0\5")
    assert results(home)["score"] == 6


def test_a_pdf_alone_is_named(home: Path) -> None:
    (home / "submission" / "lab.pdf").write_bytes(b"%PDF-1.7")
    assert "`lab.pdf` is a PDF" in results(home)["tests"][0]["output"]


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
    assert body["score"] == 0 and "tell the course staff" in body["output"]


def test_zero_points_stand_before_the_students_code_starts(
    home: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt  # as when the container is stopped

    monkeypatch.setattr(gradescope, "_grade_upload", killed)
    with pytest.raises(KeyboardInterrupt):
        gradescope.main(home)
    body = json.loads((home / "results" / "results.json").read_text())
    assert body["score"] == 0 and "stopped before it could finish" in json.dumps(body)


MISCONCEPTIONS = """\
q1:
  misconceptions:
    - {id: turned, name: Sides turned, hint: "Which side comes first?", value: {pair: "(5, 4)"}}
q2:
  right: "def double(x): return 2 * x"
  cases: {small: ["1"], large: ["50"]}
  misconceptions:
    - id: squares
      name: Squares instead
      hint: Twice two and two times two are the same, by chance.
      function: "def double(x): return x * x"
"""
WRONG = {"q1": "pair = (5, 4)", "q2": "def double(x):\n    return x + x if x < 9 else 0"}


@pytest.mark.parametrize("when", ["at_once", "after_due_date", "never"])
def test_a_wrong_answer_is_understood(home: Path, tiny: Path, when: str) -> None:
    (home / "source" / "misconceptions.yaml").write_text(MISCONCEPTIONS)
    configure(home, hints=when, hidden_tests="visible")
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
    (home / "source" / "misconceptions.yaml").write_text(MISCONCEPTIONS)
    submit(home, tiny, "tiny.ipynb", {"q2": RIGHT["q2"]})
    for test in results(home)["tests"]:
        assert "tags" not in test and "misconceptions" not in test["extra_data"]


def test_an_unknown_time_for_hints_is_refused(home: Path) -> None:
    configure(home, hints="sometimes")
    assert "tell the course staff" in results(home)["output"]


# ----------------------------------------------------------------- when students see what


@pytest.mark.parametrize("when", ["hidden", "after_due_date", "after_published"])
def test_what_hidden_tests_say_shows_when_it_should(home: Path, tiny: Path, when: str) -> None:
    (home / "source" / "misconceptions.yaml").write_text(MISCONCEPTIONS)
    configure(home, hidden_tests=when, hints="at_once")
    submit(home, tiny, "tiny.ipynb", WRONG)
    body = results(home)
    for test in body["tests"]:
        assert (
            test["visibility"] == (when if "score" in test else "visible") or "hint" in test["name"]
        )
    at_once = seen(body, "visible")
    for secret in ("Count the places", "whole array", "Which side", "first goes wrong", "❌"):
        assert secret not in at_once
    assert "Count the places" in seen(body, when) and "Which side" in seen(body, when)
    assert at_once.count("the form of your answer") == 2
    assert all(t["status"] == "passed" for t in body["tests"] if "the form of" in t["name"])


def test_hints_wait_for_the_later_of_two_moments(home: Path, tiny: Path) -> None:
    (home / "source" / "misconceptions.yaml").write_text(MISCONCEPTIONS)
    submit(home, tiny, "tiny.ipynb", WRONG)
    for hints, hidden, when in (
        ("after_published", "after_due_date", "after_published"),
        ("after_due_date", "after_published", "after_published"),
        ("after_published", "visible", "after_published"),
    ):
        configure(home, hints=hints, hidden_tests=hidden)
        body = results(home)
        assert "Which side" in seen(body, when)
        assert sum("Which side" in t["output"] for t in body["tests"]) == 1


def test_form_is_told_at_once(home: Path, tiny: Path) -> None:
    configure(home, hidden_tests="after_due_date")
    submit(home, tiny, "tiny.ipynb", {"q1": "pair = (1, 2, 3)", "q2": "pass"})
    forms = {t["name"]: t for t in results(home)["tests"] if "the form of" in t["name"]}
    assert {t["status"] for t in forms.values()} == {"failed"}
    assert "pair should have" in forms["q1: the form of your answer"]["output"]
    assert "`double` is not defined" in forms["q2: the form of your answer"]["output"]


def test_otters_own_words_for_it(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    for options, when in (
        ({}, "hidden"),
        ({"show_hidden": True}, "after_published"),
        ({"show_hidden": True, "hidden_tests": "visible"}, "visible"),
        ({"show_all_public": True}, "hidden"),
    ):
        configure(home, **options)
        scored = [t for t in results(home)["tests"] if "score" in t]
        assert {t["visibility"] for t in scored} == {when}
    record = home / "source" / "questions.json"
    questions = json.loads(record.read_text())
    for question in questions["questions"]:
        question["all_tests_public"] = True
    record.write_text(json.dumps(questions))
    assert {t["visibility"] for t in results(home)["tests"]} == {"visible"}


@pytest.mark.parametrize(
    ("options", "score", "most"),
    [
        ({"points_possible": 12}, 8, 12),
        ({"score_threshold": 0.6}, 6, 6),
        ({"score_threshold": 0.7}, 0, 6),
        ({"score_threshold": 0.6, "points_possible": 10}, 10, 10),
    ],
)
def test_points_as_otter_counts_them(
    home: Path, tiny: Path, options: dict[str, Any], score: float, most: float
) -> None:
    configure(home, **options)
    submit(home, tiny, "tiny.ipynb", {"q2": RIGHT["q2"]})  # 4 of 6
    body = results(home)
    assert body["score"] == score and body["extra_data"]["max_score"] == most


def test_students_see_what_is_printed_only_if_that_is_asked_for(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    assert results(home)["stdout_visibility"] == "hidden"
    configure(home, show_stdout=True)
    assert results(home)["stdout_visibility"] == "after_published"


# ------------------------------------------------------------------------ how it ran


def test_the_first_entry_tells_how_it_ran(home: Path, tiny: Path) -> None:
    configure(home, limits={"cell": 50, "run": 200})
    submit(home, tiny, "tiny.ipynb", {"q1": "1 / 0", "q2": RIGHT["q2"]})
    body = results(home)
    first = body["tests"][0]
    assert first["status"] == "failed" and "raised ZeroDivisionError" in first["output"]
    assert "A cell may take 50, the whole notebook" in first["output"]
    assert "Written questions without an answer: q3" in first["output"]
    assert 0 < body["execution_time"] <= body["extra_data"]["seconds"] < 200


@pytest.mark.slow
def test_time_does_not_tell_what_hidden_tests_ask(home: Path, tiny: Path) -> None:
    slow = "import time\ndef double(x):\n    time.sleep(2)\n    return 2 * x"
    submit(home, tiny, "tiny.ipynb", {"q2": slow})
    body = results(home)
    assert body["execution_time"] < 2 < body["extra_data"]["seconds"]
    told = json.dumps([body["tests"], body["execution_time"]])
    assert str(body["extra_data"]["seconds"]) not in told


@pytest.mark.slow
def test_the_time_before_the_notebook_counts(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", {"q1": "import time\ntime.sleep(60)"})
    configure(home, limits={"run": 100})
    began = time.monotonic()
    assert gradescope.main(home, started=began - 95) == 0
    assert time.monotonic() - began < 40
    body = json.loads((home / "results" / "results.json").read_text())
    assert body["extra_data"]["status"] == "timeout"


LEADERBOARD = """
def sides(pair): return sum(pair)
def answer(double): return f"{double(21)}"
def broken(pair): return pair.missing
def unlisted(pair): return None
def endless(pair): return float("inf")
LEADERBOARD = [
    {"name": "Answer", "value": answer},
    {"name": "Sides", "value": sides, "order": "asc"},
    *({"name": f.__name__, "value": f} for f in (broken, unlisted, endless)),
]
"""


def test_a_leaderboard_of_answers_that_earn_all(home: Path, tiny: Path) -> None:
    (home / "source" / "leaderboard.py").write_text(LEADERBOARD)
    submit(home, tiny, "tiny.ipynb", RIGHT)
    assert results(home)["leaderboard"] == [
        {"name": "Answer", "value": "42", "order": "desc"},
        {"name": "Sides", "value": 9, "order": "asc"},
    ]
    submit(home, tiny, "tiny.ipynb", WRONG)
    assert "leaderboard" not in results(home)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 / 0", "does not run"),
        ("", "should set LEADERBOARD"),
        ("LEADERBOARD = [1]", "a column is"),
        ("LEADERBOARD = [{'name': 'A', 'value': 1}]", "`value` a function"),
        (
            "LEADERBOARD = [{'name': 'A', 'value': lambda x: 1}]",
            "no question has all of the names x",
        ),
        ("LEADERBOARD = [{'name': 'A', 'value': lambda pair: 1, 'order': 'up'}]", "asc or desc"),
    ],
)
def test_a_broken_leaderboard_is_told(
    home: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    (home / "source" / "leaderboard.py").write_text(text)
    assert "tell the course staff" in results(home)["output"]
    assert says in capsys.readouterr().err


# ------------------------------------------------------------- submission_metadata.json

METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-11-24T23:40:00.123456-08:00",
    "assignment": {"due_date": "2026-11-24T20:00:00.000000-08:00", "total_points": "100.0"},
    "submission_method": "upload",
    "users": [{"email": "ann@example.org", "id": 1, "name": "Ann"}],
    "previous_submissions": [],
}


def told_of(home: Path, metadata: Any) -> tuple[dict[str, Any], str]:
    (home / "submission_metadata.json").write_text(json.dumps(metadata))
    body = results(home)
    return body["extra_data"]["gradescope"], body["tests"][0]["output"]


def test_late_and_group_submissions(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    known, told = told_of(home, METADATA)
    assert known["id"] == "123456" and known["group"] == 1 and known["earlier"] == 0
    assert abs(known["late_by"] - 13_200) < 1 and "after the due date, by 3:40 hours" in told
    for changes, holds in (
        ({"created_at": "2026-11-24T19:59:59-08:00"}, {"late_by": 0}),
        ({"created_at": "2026-11-25T03:59:59+00:00"}, {"late_by": 0}),
        ({"users": [*METADATA["users"], {"id": 2}]}, {"group": 2}),
        (
            {"users": [{"id": 1, "assignment": {"due_date": "2026-11-26T20:00:00-08:00"}}]},
            {"late_by": 0},  # the user has been given more time
        ),
        ({"previous_submissions": [{"score": "5.0"}, {"score": "6.0"}]}, {"earlier": 2}),
    ):
        known, told = told_of(home, METADATA | changes)
        assert {key: known[key] for key in holds} == holds
        assert ("2 members" in told) == (known["group"] == 2)
        assert "ann@example.org" not in (home / "results" / "results.json").read_text()


@pytest.mark.parametrize(
    "metadata",
    [
        *(None, [], "text", 5, {}, {"users": None, "assignment": 3, "created_at": 7}),
        {"users": [None, 3, {"assignment": []}], "created_at": "yesterday"},
        {"assignment": {"due_date": None}, "created_at": "2026-11-24T23:40:00"},
        {"assignment": {"due_date": "9999-99-99"}, "previous_submissions": {}},
    ],
)
@pytest.mark.slow
def test_metadata_of_any_form_is_taken(home: Path, tiny: Path, metadata: Any) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    told_of(home, metadata)
    assert results(home)["score"] == 6


@pytest.mark.parametrize("raw", [None, b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_metadata_that_is_missing_or_broken(home: Path, tiny: Path, raw: bytes | None) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    if raw is not None:
        (home / "submission_metadata.json").write_bytes(raw)
    assert results(home)["score"] == 6


# --------------------------------------------------------------------------- uploads


def test_an_upload_that_gradescope_has_unpacked(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    inside = home / "submission" / "my work"
    (inside / ".ipynb_checkpoints").mkdir(parents=True)
    (home / "submission" / "__MACOSX").mkdir()
    (home / "submission" / "tiny.ipynb").rename(inside / "tiny.ipynb")
    for folder in (inside / ".ipynb_checkpoints", home / "submission" / "__MACOSX"):
        (folder / "tiny.ipynb").write_text("not this one")
    (inside / "tiny.pdf").write_bytes(b"%PDF")
    assert results(home)["score"] == 6


def test_written_answers_reach_the_results(home: Path, tiny: Path) -> None:
    body = labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)
    for cell in body["cells"]:
        if "Type your answer here" in "".join(cell["source"]):
            cell["source"] = "Because <b>it</b> does."
    (home / "submission" / "tiny.ipynb").write_text(json.dumps(body))
    told = results(home)
    assert told["extra_data"]["written"] == {
        "q3": {"state": "answered", "answer": "Because <b>it</b> does."}
    }
    (entry,) = [t for t in told["tests"] if t["name"].startswith("q3")]
    assert entry["output"] == "Because <b>it</b> does." and entry["output_format"] == "text"
    assert "All 1 written questions" in told["tests"][0]["output"]


def test_an_empty_written_answer_is_told(home: Path, tiny: Path) -> None:
    submit(home, tiny, "tiny.ipynb", RIGHT)
    told = results(home)
    assert told["extra_data"]["written"]["q3"]["state"] == "empty"
    (entry,) = [t for t in told["tests"] if t["name"].startswith("q3")]
    assert entry["status"] == "failed" and "There is no answer." in entry["output"]
    assert told["score"] == 6
