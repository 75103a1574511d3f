"""Grades for other gradebooks: one row a student, in the columns that each platform uses.

``gradebook-gradescope.csv`` has the columns of Gradescope's "Download grades",
``gradebook-canvas.csv`` those of Canvas's import of grades, and ``gradebook-moodle.csv`` those of the
grading worksheet that an assignment in Moodle takes.

Beside ``grades.csv`` stand the first two, with the scores of the tests: written questions have a column
with their points in its head and empty cells, and no part in any total. Final grades have all three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ottermark.assignment import Assignment
from ottermark.files import write_atomically
from ottermark.reports.csv_tables import csv_text, printable_line
from ottermark.results.document import ResultDocument

if TYPE_CHECKING:
    from ottermark.submissions.candidates import Student, Submission

GRADESCOPE, CANVAS = "gradebook-gradescope.csv", "gradebook-canvas.csv"
MOODLE = "gradebook-moodle.csv"

_GRADESCOPE_COLUMNS = (
    *("First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points"),
    *("Status", "Submission ID", "Submission Time", "Lateness (H:M:S)", "View Count"),
    "Submission Count",
)
_CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_POINTS = "Points Possible"  # Canvas takes a row whose name contains this for the maxima
_CANVAS_ANONYMOUS = "anon"  # Canvas's downloads have it in place of a name, with another kind of id
# what the import of a worksheet needs, and what its readers and the import of grades do. Without the
# column for feedback, since Moodle takes an empty cell there for a change
_MOODLE_COLUMNS = (
    *("Identifier", "Full name", "Email address", "Grade", "Maximum Grade"),
    "Last modified (grade)",
)
_MOODLE_PARTICIPANT = "Participant"
_BOM = "\ufeff"  # without it Excel assumes another encoding than UTF-8; Canvas ignores it


@dataclass(frozen=True)
class Grade:
    """What a gradebook says of one submission.

    Attributes:
        scores: the points by question id; without questions that nobody has marked.
        total: the points of the whole.
        max_score: the most that ``total`` can be.
        status: as in Gradescope's file.
    """

    scores: Mapping[str, float]
    total: float
    max_score: float
    status: str = "Graded"


@dataclass(frozen=True)
class Row:
    """One student's row.

    Attributes:
        name: the student's, or the submission's where the student is unknown.
        grade: None if there is none.
    """

    name: str
    email: str
    sid: str
    submission: Submission
    grade: Grade | None


def write_gradebooks(
    out: Path,
    assignment: Assignment,
    submissions: Sequence[Submission],
    results: Mapping[str, ResultDocument],
) -> list[Path]:
    """Write both gradebooks into ``out``; return their paths.

    A rejected submission has its zero and the status "Ungraded", so that somebody looks at it. A
    submission without a result has the status "Missing"; Canvas's file leaves it out, since its
    empty cell would delete a grade there.

    Canvas finds a student by its own id, else by SIS id, login, or the exact name, first or last
    name first. It asks about rows for which it finds nobody, and changes nothing for those that
    are then ignored. It creates an assignment with the name in the head of the last column,
    unless the course has one of that name.

    "Lateness" is empty, since no platform's download says how late a submission was.

    The platform of a submission says whose the students' ``sid`` are. Canvas's go into its column
    ``ID``, Gradescope's into ``SIS User ID``, and others into neither, since the same id may be
    somebody else's there.

    Args:
        results: the result documents, by the name of the submission.
    """
    grades = {name: _grade_by_tests(document) for name, document in results.items()}
    return _write(out, assignment, _rows(submissions, grades), assignment.max_score)


def write_final_gradebooks(
    out: Path,
    assignment: Assignment,
    submissions: Sequence[Submission],
    grades: Mapping[str, Grade],
    max_score: float,
) -> list[Path]:
    """Write all three gradebooks into ``out``; return their paths.

    For the first two see ``write_gradebooks``. Moodle finds a student by the number of the participant,
    which is known from its download, or by the address where its import of grades is used; who has
    neither is left out of its file.

    Args:
        submissions: those without a grade are left out.
        grades: by the name of the submission.
        max_score: the points of the whole assignment.
    """
    rows = _rows([s for s in submissions if s.name in grades], grades)
    paths = _write(out, assignment, rows, max_score)
    write_atomically(out / MOODLE, csv_text(_moodle_table(rows)))
    return [*paths, out / MOODLE]


def unknown_to_moodle(submissions: Sequence[Submission]) -> list[str]:
    """Return the names of those whom Moodle's gradebook leaves out, of submissions with a grade."""
    return [row.name for row in _rows(submissions, {}) if not _moodle_identity(row)]


def _write(out: Path, assignment: Assignment, rows: Sequence[Row], max_score: float) -> list[Path]:
    write_atomically(out / GRADESCOPE, csv_text(_gradescope_table(assignment, rows, max_score)))
    write_atomically(out / CANVAS, _BOM + csv_text(_canvas_table(assignment, rows, max_score)))
    return [out / GRADESCOPE, out / CANVAS]


def _rows(submissions: Sequence[Submission], grades: Mapping[str, Grade]) -> list[Row]:
    """Return a row for each student, in the order of their names."""
    rows = []
    for submission in submissions:
        identities = [_known_identity(s, submission.platform) for s in submission.students]
        for name, email, sid in identities or [("", "", "")]:
            grade = grades.get(submission.name)
            rows.append(Row(name or printable_line(submission.name), email, sid, submission, grade))
    return sorted(rows, key=lambda r: (r.name.casefold(), r.name, r.sid, r.submission.name))


def _known_identity(student: Student, platform: str) -> tuple[str, str, str]:
    """Return a student's name, address and id, without those that stand for an anonymous one."""
    name, email, sid = map(printable_line, (student.name, student.email, student.sid))
    if platform == "canvas" and name == _CANVAS_ANONYMOUS:
        return "", email, ""
    return name, email, sid


def _gradescope_table(
    assignment: Assignment, rows: Sequence[Row], max_score: float
) -> list[list[str]]:
    questions = assignment.questions
    heads = [f"{n}: {q.id} ({_number(q.points)} pts)" for n, q in enumerate(questions, 1)]
    table = [[*_GRADESCOPE_COLUMNS, *heads]]
    for row in rows:
        scores = {} if row.grade is None else row.grade.scores
        table.append(
            [
                *(*_first_and_last(row.name), row.sid, row.email, ""),
                *_total(row.grade, max_score),
                *(
                    printable_line(row.submission.number),
                    _time(printable_line(row.submission.submitted_at)),
                ),
                *("", "", ""),
                *(_number(scores[q.id]) if q.id in scores else "" for q in questions),
            ]
        )
    return table


def _total(grade: Grade | None, max_score: float) -> tuple[str, str, str]:
    """Return Gradescope's total score, maximum and status."""
    if grade is None:
        return "", _number(max_score), "Missing"
    return _number(grade.total), _number(grade.max_score), grade.status


def _canvas_table(assignment: Assignment, rows: Sequence[Row], max_score: float) -> list[list[str]]:
    graded = [(row, row.grade) for row in rows if row.grade is not None]
    possible = graded[0][1].max_score if graded else max_score
    table = [
        [*_CANVAS_COLUMNS, assignment.name],
        [f"    {_CANVAS_POINTS}", "", "", "", "", _number(possible)],
    ]
    for row, grade in graded:
        name = row.name.replace(_CANVAS_POINTS, _CANVAS_POINTS.lower())
        platform = row.submission.platform
        canvas_id = row.sid if platform == "canvas" else ""
        sis_id = row.sid if platform == "gradescope" else ""
        table.append([name, canvas_id, sis_id, row.email, "", _number(grade.total)])
    return table


def _moodle_table(rows: Sequence[Row]) -> list[list[str]]:
    table = [[*_MOODLE_COLUMNS]]
    for row in rows:
        if row.grade is not None and (identity := _moodle_identity(row)):
            total, possible = _number(row.grade.total), _number(row.grade.max_score)
            table.append([identity[0], row.name, identity[1], total, possible, ""])
    return table


def _moodle_identity(row: Row) -> tuple[str, str] | None:
    """Return participant and address; None if Moodle would know neither."""
    is_participant = row.submission.platform == "moodle" and row.sid
    participant = f"{_MOODLE_PARTICIPANT} {row.sid}" if is_participant else ""
    return (participant, row.email) if participant or row.email else None


def _grade_by_tests(document: ResultDocument) -> Grade:
    return Grade(
        {id: entry.score or 0.0 for id, entry in document.questions.items()},
        document.score,
        document.max_score,
        status="Graded" if document.isolation else "Ungraded",  # a rejected one has not run
    )


def _first_and_last(name: str) -> tuple[str, str]:
    if "," in name:
        last, _, first = name.partition(",")
        return first.strip(), last
    first, _, last = name.rpartition(" ")
    return (first, last) if first else (last, "")


def _time(text: str) -> str:
    """Return an ISO 8601 time as Gradescope writes it, and any other text unchanged."""
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S %z").rstrip()
    except ValueError:
        return text


def _number(value: float) -> str:
    return str(round(float(value), 4))
