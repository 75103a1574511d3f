"""Regrade requests from a CSV file, as a form that students fill in gives it."""

from __future__ import annotations

from pathlib import Path

from ottermark.errors import UsageError
from ottermark.marking.csv_rows import RowError, SubmissionNames, TableRow, read_rows
from ottermark.marking.marks_csv import ImportPlan
from ottermark.marking.store import MarkChange
from ottermark.marking.values import RegradeRequest
from ottermark.marking.workspace import Workspace
from ottermark.reports.csv_tables import without_guard
from ottermark.text import one_line
from ottermark.validation import suggest_name

MAX_SHOWN = 60  # characters of a request
MAX_TEXT = 20_000


def plan_requests(workspace: Workspace, path: Path) -> ImportPlan:
    """Read a file of regrade requests: submission, question, text.

    A submission may also be named by a student's address or number. Requests that are in the
    store already are left out.

    Raises:
        UsageError: with a sentence for each row that names no submission or question, or is empty.
    """
    names = SubmissionNames(workspace)
    questions = [question.id for question in workspace.assignment.questions]
    requests = workspace.store.state().requests.values()
    known = {(r.submission, r.question, r.value.text) for r in requests}
    changes: list[MarkChange] = []
    problems: list[str] = []
    unchanged = 0
    for row in read_rows(path, ("submission", "question", "text")):
        try:
            request = _request(row, names, questions)
        except RowError as error:
            problems.append(f"{path}, line {row.line}: {error}.")
            continue
        if request in known:
            unchanged += 1
            continue
        known.add(request)
        submission, question, text = request
        changes.append(MarkChange("request", submission, question, RegradeRequest(text)))
    if problems:
        raise UsageError(*problems)
    rows = tuple(
        (submission, question, "", one_line(text, MAX_SHOWN))
        for submission, question, text in (
            (change.submission, change.question, _text(change)) for change in changes
        )
    )
    return ImportPlan(tuple(changes), rows, unchanged, empty=0)


def _request(row: TableRow, names: SubmissionNames, questions: list[str]) -> tuple[str, str, str]:
    submission, question = names.find(row["submission"]), row["question"]
    if question not in questions:
        raise RowError(f'no question is called "{question}"; {suggest_name(question, questions)}')
    text = without_guard(row["text"])[:MAX_TEXT]
    if not text:
        raise RowError("the request has no text; write it or remove the row")
    return submission, question, text


def _text(change: MarkChange) -> str:
    assert isinstance(change.after, RegradeRequest)
    return change.after.text
