"""Grades for the gradebooks of others: one row a student, in the columns that they know.

``gradebook-gradescope.csv`` has the columns of Gradescope's "Download grades";
``gradebook-canvas.csv`` is what Canvas imports as grades. Both hold what tests marked: written
questions have their points in the heads of their columns, empty cells, and no part in any total.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ottermark.assignment import Assignment
from ottermark.files import write_atomically
from ottermark.results.document import ResultDocument

if TYPE_CHECKING:
    from ottermark.submissions.collect import Submission

GRADESCOPE, CANVAS = "gradebook-gradescope.csv", "gradebook-canvas.csv"

_COLUMNS = (
    *("First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points"),
    *("Status", "Submission ID", "Submission Time", "Lateness (H:M:S)", "View Count"),
    "Submission Count",
)
_POINTS = "Points Possible"  # Canvas takes any row whose name holds this for the row of maxima
_ANONYMOUS = "anon"  # stands for a name in Canvas's downloads, beside an id of another kind
_BOM = "\ufeff"  # without it Excel takes UTF-8 for another encoding; Canvas passes over it
# controls, halves of surrogate pairs, and what makes text run in another direction
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# where a spreadsheet would begin a formula; where decimals have commas, cells end at semicolons
_FORMULA = re.compile(r"(^|; ?)(?=[=+\-@＝＋－＠])")


@dataclass(frozen=True)
class Row:
    """One student.

    Attributes:
        name: of the student; the sheet's, where nobody told who handed it in.
        document: its result, or None if there is none.
    """

    name: str
    email: str
    sid: str
    sheet: Submission
    document: ResultDocument | None


def write_gradebooks(
    out: Path,
    assignment: Assignment,
    sheets: Sequence[Submission],
    results: Mapping[str, ResultDocument],
    platform: str = "",
) -> list[Path]:
    """Write both files into ``out``; return their paths.

    A sheet whose file could not be graded has its zero and the status "Ungraded": somebody should
    look at it. One without a result is "Missing", and left out for Canvas, where an empty cell
    would take a grade away.

    Canvas finds a student by its own id, else by SIS id, login, or the exact name, written either
    way round. It asks about each row that it finds nobody for, and takes nothing from those that
    are then ignored. It makes an assignment of the name in the head of the column, unless the
    course has one of that name.

    "Lateness" is empty: no platform's files tell by how much a sheet was late.

    Args:
        results: by the name of the sheet, its result.
        platform: where the sheets come from: ``gradescope``, ``canvas``, ``moodle`` or nothing.
            It says whose a student's ``sid`` is: one of Canvas's goes into its column ``ID``, one
            of Gradescope's into ``SIS User ID``, and no other into either, since it may be the id
            of somebody else there.
    """
    rows = sorted(
        _rows(sheets, results, platform),
        key=lambda r: (r.name.casefold(), r.name, r.sid, r.sheet.name),
    )
    write_atomically(out / GRADESCOPE, _table(_for_gradescope(assignment, rows)))
    write_atomically(out / CANVAS, _BOM + _table(_for_canvas(assignment, rows, platform)))
    return [out / GRADESCOPE, out / CANVAS]


def _rows(
    sheets: Sequence[Submission], results: Mapping[str, ResultDocument], platform: str
) -> Iterator[Row]:
    for sheet in sheets:
        people = [(s.name, s.email, s.sid) for s in sheet.students] or [("", "", "")]
        for person in people:
            name, email, sid = map(_plain, person)
            if platform == "canvas" and name == _ANONYMOUS:
                name = sid = ""
            yield Row(name or _plain(sheet.name), email, sid, sheet, results.get(sheet.name))


def _for_gradescope(assignment: Assignment, rows: Sequence[Row]) -> list[list[str]]:
    questions = assignment.questions
    heads = [f"{n}: {q.id} ({_number(q.points)} pts)" for n, q in enumerate(questions, 1)]
    table = [[*_COLUMNS, *heads]]
    for row in rows:
        sheet, document = row.sheet, row.document
        cells = [*_first_and_last(row.name), row.sid, row.email, ""]
        if document is None:
            cells += ["", _number(assignment.max_score), "Missing"]
        else:
            status = "Graded" if document.isolation else "Ungraded"  # none of it ran
            cells += [_number(document.score), _number(document.max_score), status]
        cells += [_plain(sheet.number), _time(_plain(sheet.handed_in)), "", "", ""]
        scores = _scores(document)
        table.append(cells + [_number(scores[q.id]) if q.id in scores else "" for q in questions])
    return table


def _for_canvas(assignment: Assignment, rows: Sequence[Row], platform: str) -> list[list[str]]:
    graded = [(row, row.document) for row in rows if row.document is not None]
    most = graded[0][1].max_score if graded else assignment.max_score
    table = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.name],
        [f"    {_POINTS}", "", "", "", "", _number(most)],
    ]
    for row, document in graded:
        name = row.name.replace(_POINTS, _POINTS.lower())
        own = row.sid if platform == "canvas" else ""
        sis = row.sid if platform == "gradescope" else ""
        table.append([name, own, sis, row.email, "", _number(document.score)])
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


def _time(moment: str) -> str:
    """Return an ISO 8601 time as Gradescope writes it; what is none stays as it is."""
    try:
        return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M:%S %z").rstrip()
    except ValueError:
        return moment


def _number(value: float) -> str:
    return str(round(float(value), 4))


def _plain(text: str) -> str:
    """Return text on one line, without what cannot be written or would reorder it."""
    return " ".join(_UNSHOWABLE.sub(" ", text).split())


def _table(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe before it."""
    return text if re.fullmatch(r"-?[0-9.]+", text) else _FORMULA.sub(r"\1'", text)
