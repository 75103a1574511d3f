"""``grades.csv``: a row for each submission, a column for each question, and who submitted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ottermark.assignment import Assignment
from ottermark.files import write_atomically
from ottermark.reports.csv_tables import csv_text, printable_line
from ottermark.results.document import ResultDocument
from ottermark.submissions.candidates import Student, display_names


def columns_of(document: ResultDocument) -> dict[str, str]:
    """Return status, score and the score on each question, as texts."""
    columns = {"status": str(document.status), "score": f"{document.score:g}"}
    return columns | {id: f"{entry.score:g}" for id, entry in document.questions.items()}


def write_grades_table(
    path: Path,
    assignment: Assignment,
    documents: Sequence[ResultDocument],
    students: Mapping[str, Sequence[Student]] = {},
    final: Mapping[str, Mapping[str, str]] = {},
) -> None:
    """Write ``grades.csv``.

    Args:
        students: by the name of a submission, who submitted it. Several are separated by
            semicolons, as their addresses are.
        final: by the name of a submission, cells by their columns: in place of what the result
            has, and in columns of their own at the end.
    """
    more = list(dict.fromkeys(column for cells in final.values() for column in cells))
    questions = [question.id for question in assignment.questions]
    first = ["submission", "status", "score", "max_score", "isolation"]
    known = [*first, *questions, "student", "email"]
    rows = []
    for document in documents:
        columns = {**columns_of(document), **final.get(document.submission, {})}
        submitters = students.get(document.submission, ())
        emails = "; ".join(student.email for student in submitters if student.email)
        rows.append(
            [
                document.submission,
                document.status,
                columns["score"],
                f"{document.max_score:g}",
                document.isolation,
                *(columns.get(question, "") for question in questions),
                printable_line(display_names(submitters)),
                printable_line(emails),
                *(columns.get(column, "") for column in more if column not in known),
            ]
        )
    head = [*known, *(column for column in more if column not in known)]
    write_atomically(path, csv_text([head, *rows]))
