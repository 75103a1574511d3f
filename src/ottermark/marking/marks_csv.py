"""Marks as CSV, for those who mark elsewhere; and what a file of marks would change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ottermark.marking.store import MarkChange
from ottermark.marking.workspace import Workspace


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
    raise NotImplementedError


def plan_import(workspace: Workspace, path: Path) -> ImportPlan:
    """Read a file of marks.

    Raises:
        UsageError: with a sentence for each row that names no submission, question or item, whose
            points cannot be, or that is about an earlier version of the answer.
    """
    raise NotImplementedError


def plan_requests(workspace: Workspace, path: Path) -> ImportPlan:
    """Read a file of regrade requests: submission, question, text.

    A submission may also be named by a student's address or number. Requests that are in the
    store already are left out.

    Raises:
        UsageError: with a sentence for each row that names no submission or question.
    """
    raise NotImplementedError
