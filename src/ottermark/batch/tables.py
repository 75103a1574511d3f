"""The tables and pages of a class: grades.csv, gradebooks, feedback pages and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ottermark.assignment import Assignment
from ottermark.batch.ledger import as_usage_error
from ottermark.errors import SubmissionRejectedError
from ottermark.grading.autograder import Autograder
from ottermark.reports.class_report import SupersededRow, write_report
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
    """Write ``grades.csv``, the gradebooks, ``feedback/`` and ``report.html`` to ``out``.

    Args:
        documents: the result of each of the collected submissions.

    Raises:
        UsageError: the folder cannot be written.
    """
    assignment = autograder.assignment
    by_name = {document.submission: document for document in documents}
    with as_usage_error(out):
        write_grades_table(out / "grades.csv", assignment, documents)
        write_gradebooks(out, assignment, collected.submissions, by_name, collected.platform)
        for submission in collected.submissions:
            write_feedback(
                out / "feedback", by_name[submission.name], assignment, submission.students
            )
    similar, not_compared = _find_similar(assignment, collected.submissions, by_name)
    with as_usage_error(out):
        write_report(
            out / "report.html",
            assignment,
            documents,
            students={s.name: _student_names(s) for s in collected.submissions},
            similar=similar,
            not_compared=not_compared,
            superseded=_superseded_files(collected),
        )


def shown_path(path: Path) -> str:
    """Return the names of a file and its folder on one line: students choose such names."""
    return one_line(f"{path.parent.name}/{path.name}")


def _student_names(submission: Submission) -> str:
    names = [student.name for student in submission.students if student.name]
    return ", ".join([*names, "late"] if submission.late else names)


def _superseded_files(collected: CollectedSubmissions) -> list[SupersededRow]:
    """Return the files that do not count, and the group submissions that do not for a student."""
    files = [
        SupersededRow(shown_path(file.path), file.submission.name, file.reason)
        for file in collected.superseded
    ]
    exceptions = [
        SupersededRow(
            f"{exception.group_submission.name}, for {exception.student.display_name}",
            exception.individual_submission.name,
            exception.reason,
        )
        for exception in collected.group_exceptions
    ]
    return files + exceptions


def _find_similar(
    assignment: Assignment,
    submissions: Sequence[Submission],
    documents: Mapping[str, ResultDocument],
) -> tuple[list[SimilarPair] | None, str]:
    """Return the pairs of submissions with similar code, or None and why they were not compared."""
    gradable = [s for s in submissions if documents[s.name].status != "rejected"]
    if len(gradable) > MAX_COMPARED:
        return None, f"there are more than {MAX_COMPARED:,}."
    sources = {submission.name: _read_code(submission, assignment) for submission in gradable}
    code = {name: source for name, source in sources.items() if source is not None}
    try:
        return find_similar_pairs(code, assignment.starter_code), ""
    except ImportError:
        return None, "this needs copydetect; install it with pip install 'ottermark[class]'."


def _read_code(submission: Submission, assignment: Assignment) -> str | None:
    """Return the source of all code cells; None if the file has changed and cannot be read."""
    try:
        notebook = read_submission(submission.path, submission.name, assignment)
    except SubmissionRejectedError:
        return None
    return "\n\n".join(cell["source"] for cell in notebook.cells if cell["cell_type"] == "code")
