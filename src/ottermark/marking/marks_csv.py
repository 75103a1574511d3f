"""Marks as CSV, for those who mark elsewhere; and what a file of marks would change."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.marking.csv_rows import (
    RowError,
    SubmissionNames,
    TableRow,
    read_rows,
)
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Mark
from ottermark.marking.workspace import MarkStatus, Workspace
from ottermark.reports.csv_tables import csv_text, without_guard
from ottermark.rubric import TOLERANCE, Rubric
from ottermark.validation import suggest_name

COLUMNS = (
    *("submission", "question", "points", "items", "adjustment", "comment", "marker"),
    "answer",  # its digest, by which a row about an earlier version is recognised
)
_MARK_COLUMNS = ("points", "items", "adjustment", "comment")


@dataclass(frozen=True)
class ImportPlan:
    """What importing a file would write.

    Attributes:
        changes: to be given to ``MarkStore.write``; they fail if something changes meanwhile.
        rows: for each of them, what to show: submission, question, points before and after.
        unchanged: how many rows hold what is in the store already.
        empty: how many rows hold no mark.
    """

    changes: tuple[MarkChange, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    unchanged: int
    empty: int


def marks_csv(workspace: Workspace, anonymous: bool = False) -> str:
    """Return a row for each submission and written question: the mark, or empty cells.

    Args:
        anonymous: with pseudonyms in place of the submissions' names, and without markers.
    """
    shown = workspace.pseudonym if anonymous else str
    rows = []
    for question in workspace.written_questions:
        statuses = workspace.marks_of(question.id)
        order = sorted(statuses, key=workspace.pseudonym) if anonymous else statuses
        for name in order:
            row = {**_mark_row(statuses[name]), "submission": shown(name)}
            rows.append(row | {"marker": ""} if anonymous else row)
    return csv_text([COLUMNS, *([row[column] for column in COLUMNS] for row in rows)])


def plan_import(workspace: Workspace, path: Path) -> ImportPlan:
    """Read a file of marks.

    Raises:
        UsageError: with a sentence for each row that names no submission, question or item, whose
            points cannot be, or that is about an earlier version of the answer.
    """
    rows = read_rows(path, ("submission", "question"), ("points", "items"))
    reader = _MarkReader(workspace)
    problems: list[str] = []
    changes: dict[tuple[str, str], tuple[MarkChange, tuple[str, str, str, str]]] = {}
    counts = Counter[str]()
    for row in rows:
        try:
            kind, status, mark = reader.read(row)
            place = status.submission, status.question
            if kind == "changed" and mark is not None:
                if place in changes:
                    raise RowError("this answer has another row above; remove one of them")
                changes[place] = reader.change(status, mark)
            counts[kind] += 1
        except RowError as error:
            problems.append(f"{path}, line {row.line}: {error}.")
    if problems:
        raise UsageError(*problems)
    return ImportPlan(
        changes=tuple(change for change, _ in changes.values()),
        rows=tuple(shown for _, shown in changes.values()),
        unchanged=counts["unchanged"],
        empty=counts["empty"],
    )


class _MarkReader:
    """Compares rows of marks with the marks that hold."""

    def __init__(self, workspace: Workspace) -> None:
        self._submissions = SubmissionNames(workspace)
        self._rubrics = workspace.rubrics()
        self._statuses = {id: workspace.marks_of(id) for id in self._rubrics}

    def read(self, row: TableRow) -> tuple[str, MarkStatus, Mark | None]:
        """Return whether a row is ``empty``, ``unchanged`` or ``changed``, and its mark if it is."""
        question = row["question"]
        if question not in self._rubrics:
            fix = suggest_name(question, self._rubrics)
            raise RowError(f'no written question is called "{question}"; {fix}')
        status = self._statuses[question][self._submissions.find(row["submission"])]
        if not row["points"] and not row["items"]:
            return "empty", status, None
        now = _mark_row(status)
        if all(_same(c, row[c], now[c]) for c in _MARK_COLUMNS if c in row.cells):
            return "unchanged", status, None
        if row["answer"] and row["answer"] != status.answer.digest:
            raise RowError(
                f"the answer of {status.submission} to {question} has changed since it was exported; "
                "look at it and mark it on the page, or remove the row"
            )
        comment = "" if status.placed is None else status.placed.value.comment
        mark = _mark(row, self._rubrics[question], comment)
        if status.placed is not None and status.placed.value == mark and not status.stale:
            return "unchanged", status, None
        return "changed", status, mark

    def change(
        self, status: MarkStatus, mark: Mark
    ) -> tuple[MarkChange, tuple[str, str, str, str]]:
        """Return a change, and what to show of it."""
        change = MarkChange(
            kind="mark",
            submission=status.submission,
            question=status.question,
            after=mark,
            answer=status.answer.digest,
            seen=status.seen,
        )
        after = mark.score(self._rubrics[status.question])
        shown = status.submission, status.question, _number(status.points), _number(after)
        return change, shown


def _mark(row: TableRow, rubric: Rubric, comment: str) -> Mark:
    """Return the mark that a row holds; raises ``RowError``, also where its points contradict its items.

    Args:
        comment: that of the mark so far, which stays if the file has no comments.
    """
    items = tuple(row["items"].replace(",", " ").replace(";", " ").split())
    known = [item.id for item in rubric.items]
    for item in items:
        if item not in known:
            fix = suggest_name(item, known)
            raise RowError(f'the rubric of {rubric.question} has no item "{item}"; {fix}')
    ordered = tuple(id for id in known if id in items)
    if "comment" in row.cells:
        comment = without_guard(row["comment"])
    adjustment = _read_number(row["adjustment"]) or 0.0
    points = _read_number(row["points"])
    if points is None or abs(points - rubric.score(ordered, adjustment)) < TOLERANCE:
        return Mark(ordered, adjustment, comment)
    if not 0 <= points <= rubric.max_points:
        raise RowError(
            f"{points:g} points are not between 0 and {rubric.max_points:g}; correct them"
        )
    if not ordered:
        return Mark(comment=comment, points=points)
    raise RowError(
        f"{points:g} points are not the {rubric.score(ordered, adjustment):g} that its items and "
        "adjustment give; empty the cell of the points, or that of the items, or correct the adjustment"
    )


def _mark_row(status: MarkStatus) -> dict[str, str]:
    """Return the cells of a mark by column; those of the mark are empty if there is none."""
    row = dict.fromkeys(COLUMNS, "")
    row |= {"submission": status.submission, "question": status.question}
    row["answer"] = status.answer.digest
    if status.placed is not None:
        mark = status.placed.value
        row["points"] = _number(status.points)
        row["items"] = " ".join(mark.items)
        row["adjustment"] = _number(mark.adjustment) if mark.adjustment else ""
        row["comment"] = mark.comment
        row["marker"] = status.placed.marker
        row["answer"] = status.placed.answer or row["answer"]
    return row


def _same(column: str, cell: str, now: str) -> bool:
    """Whether a cell holds what is exported now; a spreadsheet writes numbers and line ends anew."""
    if column in ("points", "adjustment") and cell and now:
        return _read_number(cell) == _read_number(now)
    if column == "adjustment":
        return not (_read_number(cell or now))
    return without_guard(cell).split() == without_guard(now).split()


def _read_number(text: str) -> float | None:
    """Return a number, with a point or a comma; None for an empty cell; raises ``RowError``."""
    if not text:
        return None
    try:
        number = float(text.replace(",", ".").lstrip("'"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RowError(f'"{text}" is not a number; correct it')
    return number


def _number(points: float | None) -> str:
    return "" if points is None else f"{points:g}"
