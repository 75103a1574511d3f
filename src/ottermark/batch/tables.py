"""The tables and pages over a class: grades.csv, gradebooks, feedback, report."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from ottermark.batch.ledger import as_usage_error
from ottermark.errors import SubmissionRejectedError
from ottermark.grading.autograder import Autograder
from ottermark.reports.class_report import Superseded, write_report
from ottermark.reports.feedback import write_feedback
from ottermark.reports.gradebooks import write_gradebooks
from ottermark.reports.grades_table import write_grades_table
from ottermark.reports.similarity import SimilarPair, find_similar_pairs
from ottermark.results.document import ResultDocument
from ottermark.submissions.candidates import CollectedSubmissions, Submission
from ottermark.submissions.notebook import read_submission
from ottermark.text import one_line

MAX_COMPARED = 5_000  # submissions; comparing more takes hours and gigabytes


def write_tables(
    out: Path,
    autograder: Autograder,
    collected: CollectedSubmissions,
    documents: Sequence[ResultDocument],
) -> None:
    """Write ``grades.csv``, the gradebooks, ``feedback/`` and ``report.html`` into ``out``."""
    assignment = autograder.assignment
    submissions = {submission.name: submission for submission in collected.submissions}
    by_name = {document.submission: document for document in documents}
    similar, not_compared = _similar(autograder, collected, documents)
    with as_usage_error(out):
        write_grades_table(out / "grades.csv", assignment, documents)
        write_gradebooks(out, assignment, collected.submissions, by_name, collected.platform)
        (out / "feedback").mkdir(exist_ok=True)
        for name, document in by_name.items():
            write_feedback(out / "feedback", document, assignment, submissions[name].students)
        write_report(
            out / "report.html",
            assignment,
            documents,
            students={name: _names(submission) for name, submission in submissions.items()},
            similar=similar,
            not_compared=not_compared,
            superseded=_superseded(collected),
        )


def shown_path(path: Path) -> str:
    """Return a file's name with its folder's, as it may be shown: students choose such names."""
    return one_line(f"{path.parent.name}/{path.name}")


def _superseded(collected: CollectedSubmissions) -> list[Superseded]:
    files = [
        Superseded(shown_path(file.path), file.submission.name, file.reason)
        for file in collected.superseded
    ]
    return files + [
        Superseded(
            f"{e.group_submission.name}, for {e.student.display_name}",
            e.individual_submission.name,
            e.reason,
        )
        for e in collected.group_exceptions
    ]


def _names(submission: Submission) -> str:
    names = [student.name for student in submission.students if student.name]
    return ", ".join([*names, *["late"] * submission.late])


def _similar(
    autograder: Autograder, collected: CollectedSubmissions, documents: Sequence[ResultDocument]
) -> tuple[list[SimilarPair] | None, str]:
    """Return the submissions that look alike, or None and why they were not compared."""
    ran = {document.submission for document in documents if document.status != "rejected"}
    if len(ran) > MAX_COMPARED:
        return None, f"there are more than {MAX_COMPARED:,}."
    code = {}
    for submission in collected.submissions:
        if submission.name in ran:
            with contextlib.suppress(SubmissionRejectedError):  # it has changed since
                notebook = read_submission(submission.path, submission.name, autograder.assignment)
                code[submission.name] = "\n\n".join(
                    cell["source"] for cell in notebook.cells if cell["cell_type"] == "code"
                )
    try:
        return find_similar_pairs(code, autograder.assignment.starter_code), ""
    except ImportError:
        return None, "that needs copydetect (pip install 'ottermark[class]')."
