"""Gradebooks contain every grade, in rows that Gradescope, Canvas and spreadsheets read correctly."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ottermark.assignment import Assignment, Question
from ottermark.reports.gradebooks import write_gradebooks
from ottermark.results.document import ResultDocument
from ottermark.submissions.candidates import Platform, Student, Submission

LAB = Assignment(
    "lab 1",
    "lab.ipynb",
    (Question("q1", 4, False), Question("q2", 2.5, True), Question("q3", 6, False)),
    (),
    (),
)
ANN = Student("Ann Lee", "ann@example.org", "S1")
BOB = Student("Bob van den Berg", "bob@example.org", "007")


def result(q1: float, q3: float, isolation: str = "userns") -> ResultDocument:
    scores = {"q1": (q1, 4), "q3": (q3, 6)}
    run: dict[str, Any] = {"name": "How your notebook ran"}
    answer: dict[str, Any] = {"name": "q2: a written answer"}
    questions: list[dict[str, Any]] = [
        {"name": name, "number": name, "score": score, "max_score": max_score}
        for name, (score, max_score) in scores.items()
    ]
    return ResultDocument.from_object(
        {
            "score": q1 + q3,
            "tests": [
                {"output": "", "visibility": "visible"} | entry
                for entry in (run, *questions, answer)
            ],
            "extra_data": {
                **{"ottermark": "1", "assignment": "lab 1", "submission": "x", "seconds": 1.0},
                **{"status": "graded" if isolation else "rejected", "isolation": isolation},
                **{"unprotected": [], "problems": [], "written": {}, "max_score": 10},
            },
        }
    )


def submission(name: str, *students: Student, **more: Any) -> Submission:
    return Submission(name, Path(f"{name}.ipynb"), students, **more)


CLASS = (
    submission("one", ANN, number="118", submitted_at="2026-03-08T15:44:18.365935-05:00"),
    submission("two", BOB, Student("Cy"), submitted_at="2026-03-09T01:02:03Z", late=True),
    submission("never_trained"),
    submission("docx", Student("Dee, Sandra")),
    submission("lost", Student("Eve")),
)
RESULTS = {
    "one": result(4, 5.25),
    "two": result(1 / 3, 0),
    "never_trained": result(4, 6),
    "docx": result(0, 0, ""),
}


def written_gradebooks(
    folder: Path,
    submissions: Sequence[Submission] = CLASS,
    results: Any = None,
    platform: Platform = "",
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the rows of both files; Canvas's begin with the row of maxima."""
    submissions = [replace(submission, platform=platform) for submission in submissions]
    paths = write_gradebooks(folder, LAB, submissions, RESULTS if results is None else results)
    assert [p.name for p in paths] == ["gradebook-gradescope.csv", "gradebook-canvas.csv"]
    with paths[0].open(newline="", encoding="utf-8") as file:
        first = list(csv.DictReader(file, strict=True))
    with paths[1].open(newline="", encoding="utf-8-sig") as file:
        return first, list(csv.DictReader(file, strict=True))


def test_gradescopes_gradebook_has_its_columns_and_one_row_a_student(tmp_path: Path) -> None:
    rows, _ = written_gradebooks(tmp_path)
    assert list(rows[0]) == [
        *("First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points"),
        *(
            "Status",
            "Submission ID",
            "Submission Time",
            "Lateness (H:M:S)",
            "View Count",
        ),
        *("Submission Count", "1: q1 (4.0 pts)", "2: q2 (2.5 pts)", "3: q3 (6.0 pts)"),
    ]
    assert [list(row.values()) for row in rows] == [
        [
            *("Ann", "Lee", "S1", "ann@example.org", "", "9.25", "10.0", "Graded", "118"),
            *("2026-03-08 15:44:18 -0500", "", "", "", "4.0", "", "5.25"),
        ],
        [
            *("Bob van den", "Berg", "007", "bob@example.org", "", "0.3333", "10.0", "Graded", ""),
            *("2026-03-09 01:02:03 +0000", "", "", "", "0.3333", "", "0.0"),
        ],
        [
            *("Cy", "", "", "", "", "0.3333", "10.0", "Graded", ""),
            *("2026-03-09 01:02:03 +0000", "", "", "", "0.3333", "", "0.0"),
        ],
        [
            *("Sandra", "Dee", "", "", "", "0.0", "10.0", "Ungraded", "", "", "", "", ""),
            *("0.0", "", "0.0"),
        ],
        ["Eve", "", "", "", "", "", "10.0", "Missing", *[""] * 8],
        [
            *("never_trained", "", "", "", "", "10.0", "10.0", "Graded", "", "", "", "", ""),
            *("4.0", "", "6.0"),
        ],
    ]


@pytest.mark.parametrize(
    ("platform", "ids"),
    [
        ("gradescope", ("", "S1", "ann@example.org")),
        ("canvas", ("S1", "", "ann@example.org")),
        ("moodle", ("", "", "ann@example.org")),
        ("", ("", "", "ann@example.org")),
    ],
)
def test_canvas_gets_only_ids_that_it_knows(
    tmp_path: Path, platform: Platform, ids: tuple[str, ...]
) -> None:
    _, rows = written_gradebooks(tmp_path, platform=platform)
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "lab 1"]
    assert list(rows[0].values()) == ["    Points Possible", "", "", "", "", "10.0"]
    assert list(rows[1].values()) == ["Ann Lee", *ids, "", "9.25"]
    # no row without a result: its empty cell would take a grade away
    names = ["Ann Lee", "Bob van den Berg", "Cy", "Dee, Sandra", "never_trained"]
    assert [row["Student"] for row in rows[1:]] == names


def test_pandas_reads_the_scores_as_numbers(tmp_path: Path) -> None:
    written_gradebooks(tmp_path)
    table = pd.read_csv(tmp_path / "gradebook-gradescope.csv", index_col="First Name")
    assert table.loc["Ann", "Total Score"] == 9.25
    assert table["3: q3 (6.0 pts)"].sum() == 11.25
    assert table["2: q2 (2.5 pts)"].isna().all()
    canvas = pd.read_csv(tmp_path / "gradebook-canvas.csv", index_col="Student")
    assert canvas.loc["never_trained", "lab 1"] == 10
    assert canvas["lab 1"].dtype == float


NAMES = {
    '=HYPERLINK("http://evil.example";"x")': '\'=HYPERLINK("http://evil.example";"x")',
    "+1": "'+1",
    "-2+3": "'-2+3",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'=1",
    "\r\n =1": "'=1",
    "＝1": "'＝1",
    "\u202e=1": "'=1",
    "x; =cmd|'/c calc'!A1": "x; '=cmd|'/c calc'!A1",
    "O'Brien-Smith": "O'Brien-Smith",
    'Ann "Bo" Lee': 'Ann "Bo" Lee',
    "Lee\nAnn\0": "Lee Ann",
    "half \ud83d pair": "half pair",
    "علی\u200cرضا": "علی\u200cرضا",
    "Points Possible": "points possible",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_a_name_is_never_a_formula_or_a_row_of_its_own(
    tmp_path: Path, name: str, shown: str
) -> None:
    student = Student(name, name, name)
    rows, canvas = written_gradebooks(tmp_path, [submission("one", student)], platform="gradescope")
    assert len(rows) == 1 and len(canvas) == 2
    assert canvas[1]["Student"] == shown
    if name != "Points Possible":
        assert rows[0]["Email"] == canvas[1]["SIS Login ID"] == shown
    assert rows[0]["Total Score"] == canvas[1]["lab 1"] == "9.25"


@given(st.text(max_size=12) | st.text(st.sampled_from("=+-@;, \"'\t\r\n\0\ud800a＝"), max_size=8))
def test_no_cell_is_a_formula_and_no_row_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    submissions = [
        submission("one", Student(text, text, text), ANN, number=text, submitted_at=text)
    ]
    for rows in written_gradebooks(folder, submissions, platform="canvas"):
        assert len(rows) in (2, 3)
        for cell in (cell for row in rows for cell in row.values()):
            assert not re.search(r"(^|;)\s*[=+@＝＋－＠]", cell) and "\n" not in cell
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9.]+", cell)


def test_a_comma_in_the_name_of_the_assignment_stays_in_its_cell(tmp_path: Path) -> None:
    odd = Assignment('lab "1", again', "lab.ipynb", LAB.questions, (), ())
    _, path = write_gradebooks(tmp_path, odd, CLASS, RESULTS)
    with path.open(newline="", encoding="utf-8-sig") as file:
        assert next(csv.reader(file))[-1] == 'lab "1", again'


def test_the_number_of_an_anonymous_student_is_not_used_as_an_id(tmp_path: Path) -> None:
    submissions = [
        submission("anon_12345", Student("anon", sid="12345")),
        submission("x", Student("ann", sid="7")),
    ]
    results = {"anon_12345": result(4, 6), "x": result(0, 1)}
    _, rows = written_gradebooks(tmp_path, submissions, results, platform="canvas")
    assert [(row["Student"], row["ID"]) for row in rows[1:]] == [("ann", "7"), ("anon_12345", "")]


def test_the_same_class_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    written_gradebooks(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shuffled = list(CLASS)
    random.Random(1).shuffle(shuffled)
    written_gradebooks(tmp_path, shuffled, dict(reversed(RESULTS.items())))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert before["gradebook-canvas.csv"].startswith("\ufeffStudent,ID,".encode())
    assert b"\r" not in b"".join(before.values())


def test_a_class_without_submissions_has_empty_gradebooks(tmp_path: Path) -> None:
    rows, canvas = written_gradebooks(tmp_path, [], {})
    assert rows == []
    assert [row["lab 1"] for row in canvas] == ["10.0"]
