"""Grades for other gradebooks: one row a student, in the columns that Gradescope and Canvas use.

``gradebook-gradescope.csv`` has the columns of Gradescope's "Download grades", and
``gradebook-canvas.csv`` those of Canvas's import of grades. Both hold the scores of the tests.
Written questions have a column with their points in its head and empty cells, and no part in any
total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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

_GRADESCOPE_COLUMNS = (
    *("First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points"),
    *("Status", "Submission ID", "Submission Time", "Lateness (H:M:S)", "View Count"),
    "Submission Count",
)
_CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_POINTS = "Points Possible"  # Canvas takes a row whose name contains this for the maxima
_CANVAS_ANONYMOUS = "anon"  # Canvas's downloads have it in place of a name, with another kind of id
_BOM = "\ufeff"  # without it Excel assumes another encoding than UTF-8; Canvas ignores it


@dataclass(frozen=True)
class Row:
    """One student's row.

    Attributes:
        name: the student's, or the submission's where the student is unknown.
        document: the result, or None if there is none.
    """

    name: str
    email: str
    sid: str
    submission: Submission
    document: ResultDocument | None


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
    rows = sorted(
        _rows(submissions, results),
        key=lambda r: (r.name.casefold(), r.name, r.sid, r.submission.name),
    )
    write_atomically(out / GRADESCOPE, csv_text(_gradescope_table(assignment, rows)))
    write_atomically(out / CANVAS, _BOM + csv_text(_canvas_table(assignment, rows)))
    return [out / GRADESCOPE, out / CANVAS]


def _rows(
    submissions: Sequence[Submission], results: Mapping[str, ResultDocument]
) -> Iterator[Row]:
    for submission in submissions:
        document = results.get(submission.name)
        identities = [_known_identity(s, submission.platform) for s in submission.students]
        for name, email, sid in identities or [("", "", "")]:
            yield Row(name or printable_line(submission.name), email, sid, submission, document)


def _known_identity(student: Student, platform: str) -> tuple[str, str, str]:
    """Return a student's name, address and id, without those that stand for an anonymous one."""
    name, email, sid = map(printable_line, (student.name, student.email, student.sid))
    if platform == "canvas" and name == _CANVAS_ANONYMOUS:
        return "", email, ""
    return name, email, sid


def _gradescope_table(assignment: Assignment, rows: Sequence[Row]) -> list[list[str]]:
    questions = assignment.questions
    heads = [f"{n}: {q.id} ({_number(q.points)} pts)" for n, q in enumerate(questions, 1)]
    table = [[*_GRADESCOPE_COLUMNS, *heads]]
    for row in rows:
        scores = _scores(row.document)
        table.append(
            [
                *(*_first_and_last(row.name), row.sid, row.email, ""),
                *_total(row.document, assignment),
                *(
                    printable_line(row.submission.number),
                    _time(printable_line(row.submission.submitted_at)),
                ),
                *("", "", ""),
                *(_number(scores[q.id]) if q.id in scores else "" for q in questions),
            ]
        )
    return table


def _total(document: ResultDocument | None, assignment: Assignment) -> tuple[str, str, str]:
    """Return Gradescope's total score, maximum and status."""
    if document is None:
        return "", _number(assignment.max_score), "Missing"
    status = "Graded" if document.isolation else "Ungraded"  # a rejected one has not run
    return _number(document.score), _number(document.max_score), status


def _canvas_table(assignment: Assignment, rows: Sequence[Row]) -> list[list[str]]:
    graded = [(row, row.document) for row in rows if row.document is not None]
    max_score = graded[0][1].max_score if graded else assignment.max_score
    table = [
        [*_CANVAS_COLUMNS, assignment.name],
        [f"    {_CANVAS_POINTS}", "", "", "", "", _number(max_score)],
    ]
    for row, document in graded:
        name = row.name.replace(_CANVAS_POINTS, _CANVAS_POINTS.lower())
        platform = row.submission.platform
        canvas_id = row.sid if platform == "canvas" else ""
        sis_id = row.sid if platform == "gradescope" else ""
        table.append([name, canvas_id, sis_id, row.email, "", _number(document.score)])
    return table


def _scores(document: ResultDocument | None) -> dict[str, float]:
    questions = {} if document is None else document.questions
    return {id: entry.score or 0.0 for id, entry in questions.items()}


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
