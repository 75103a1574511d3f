"""``grades.csv``: a row for each submission, a column for each question."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from ottermark.assignment import Assignment
from ottermark.files import write_atomically
from ottermark.results.document import ResultDocument


def columns_of(document: ResultDocument) -> dict[str, str]:
    """Return status, score and the score on each question, as texts."""
    columns = {"status": str(document.status), "score": f"{document.score:g}"}
    return columns | {id: f"{entry.score:g}" for id, entry in document.questions.items()}


def write_grades_table(
    path: Path, assignment: Assignment, documents: Sequence[ResultDocument]
) -> None:
    """Write ``grades.csv``."""
    questions = [question.id for question in assignment.questions]
    rows = []
    for document in documents:
        columns = columns_of(document)
        rows.append(
            [
                document.submission,
                document.status,
                columns["score"],
                f"{document.max_score:g}",
                document.isolation,
                *(columns.get(question, "") for question in questions),
            ]
        )
    header = ["submission", "status", "score", "max_score", "isolation", *questions]
    write_atomically(path, csv_text(header, rows))


def csv_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as CSV with Unix line ends."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()
