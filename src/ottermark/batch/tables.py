"""The tables and pages of a class: grades.csv, gradebooks, feedback pages and the report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ottermark.assignment import RECORD_FILE, RUBRICS_FILE, Assignment
from ottermark.batch.ledger import as_usage_error
from ottermark.config import CONFIG_FILE
from ottermark.files import write_atomically
from ottermark.grading.autograder import Autograder
from ottermark.installation import install_fix, with_extra
from ottermark.reports.class_report import SupersededRow, write_report
from ottermark.reports.feedback import write_feedback
from ottermark.reports.gradebooks import write_gradebooks
from ottermark.reports.grades_table import write_grades_table
from ottermark.reports.similarity import (
    SIMILAR_FILE,
    SimilarGroup,
    SimilarityReport,
    find_similar_pairs,
    group_pairs,
    results_digest,
)
from ottermark.results.document import ResultDocument
from ottermark.submissions.candidates import CollectedSubmissions
from ottermark.text import shown_path

MAX_COMPARED = 5_000  # submissions; comparing more takes hours and gigabytes
ASSIGNMENT_FOLDER = "assignment"


def write_tables(
    out: Path,
    autograder: Autograder,
    collected: CollectedSubmissions,
    documents: Sequence[ResultDocument],
) -> None:
    """Write the tables and pages of a class, and what those who mark need of the assignment.

    These are ``grades.csv``, the gradebooks, ``feedback/``, ``report.html``, ``similar.json`` and
    ``assignment/``.

    Args:
        documents: the result of each of the collected submissions.

    Raises:
        UsageError: the folder cannot be written.
    """
    assignment = autograder.assignment
    by_name = {document.submission: document for document in documents}
    students = {submission.name: submission.students for submission in collected.submissions}
    with as_usage_error(out):
        _copy_assignment(autograder.folder, out / ASSIGNMENT_FOLDER)
        write_grades_table(out / "grades.csv", assignment, documents, students)
        write_gradebooks(out, assignment, collected.submissions, by_name)
        for submission in collected.submissions:
            write_feedback(
                out / "feedback", by_name[submission.name], assignment, submission.students
            )
    similar, not_compared = _find_similar(assignment, out / "executed", documents)
    with as_usage_error(out):
        results = results_digest({d.submission: d.facts.key for d in documents})
        comparison = SimilarityReport(similar, not_compared, results)
        write_atomically(out / SIMILAR_FILE, comparison.to_json())
        write_report(
            out / "report.html",
            assignment,
            documents,
            submissions=collected.submissions,
            similar=similar,
            not_compared=not_compared,
            superseded=_superseded_files(collected),
        )


def _copy_assignment(autograder: Path, target: Path) -> None:
    """Copy the record, the rubrics and the options, and remove what the autograder has no more."""
    target.mkdir(exist_ok=True)
    for name in (RECORD_FILE, RUBRICS_FILE, CONFIG_FILE):
        if (autograder / name).is_file():
            write_atomically(target / name, (autograder / name).read_text(encoding="utf-8"))
        else:
            (target / name).unlink(missing_ok=True)


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
    assignment: Assignment, executed: Path, documents: Sequence[ResultDocument]
) -> tuple[list[SimilarGroup] | None, str]:
    """Return the submissions with similar code, or None and why they were not compared.

    Args:
        executed: the folder of the executed notebooks.
    """
    gradable = [d.submission for d in documents if d.status != "rejected"]
    if len(gradable) > MAX_COMPARED:
        return None, f"there are more than {MAX_COMPARED:,}."
    sources = {name: _read_code(executed / f"{name}.ipynb") for name in gradable}
    code = {name: source for name, source in sources.items() if source is not None}
    try:
        return group_pairs(find_similar_pairs(code, assignment.starter_code)), ""
    except ImportError:
        return None, f"this needs copydetect; {install_fix(with_extra('class'))}."


def _read_code(path: Path) -> str | None:
    """Return the source of all code cells of an executed notebook; None if it was removed or changed."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, LookupError, TypeError):
        return None
