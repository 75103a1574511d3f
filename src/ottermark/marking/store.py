"""The store of marks: an append-only SQLite file beside the ledger.

Every change is a new row that says who, when, what was before, what is now, and why. Rows are
never changed or removed, which the file itself refuses. What ``write`` returned for is on the disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ottermark.errors import OttermarkError
from ottermark.marking.state import MarkEvent, MarkState, Slot
from ottermark.marking.values import Kind, Value

MARKS = "marks.sqlite"


@dataclass(frozen=True)
class MarkChange:
    """A change to be written.

    Attributes:
        submission: empty for what is about a question as a whole: ``rubric``, ``group``, ``claim``.
        after: the new value, of the type of its kind; None to remove the value.
        answer: the digest of the answer that it is about.
        seen: the id of the last event of the same slot that whoever makes the change has seen, 0
            if there was none (``MarkState.seen``); None changes it whatever it is now.
        thread: of a reply, the thread of the request; of a request, that of the request that it
            changes, and 0 for a new one.
    """

    kind: Kind
    submission: str
    question: str
    after: Value | None
    answer: str = ""
    seen: int | None = None
    thread: int = 0

    @property
    def slot(self) -> Slot:
        """What it is to be the value of."""
        return self.kind, self.submission, self.question, self.thread


@dataclass(frozen=True)
class Conflict:
    """A change that was not written, and the event that its maker had not seen.

    Attributes:
        change: None if a change was to be taken back.
    """

    change: MarkChange | None
    event: MarkEvent


class ConflictError(OttermarkError):
    """Somebody else changed the same in the meantime; nothing was written."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        first = conflicts[0].event
        super().__init__(
            f"{first.marker} changed {first.submission or first.question} at {first.at}; look at "
            "it and decide again."
        )
        self.conflicts = tuple(conflicts)


class MarkStore:
    """The marks of one output folder; several threads and processes may use it at once.

    Args:
        out: the folder; the file is created if there is none.

    Attributes:
        salt: random, made with the file; for names and orders that nobody can guess.

    Raises:
        UsageError: the file was written by a later version, is damaged, or cannot be written.
    """

    salt: bytes

    def __init__(self, out: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(
        self, marker: str, changes: Sequence[MarkChange], reason: str = ""
    ) -> tuple[int, ...]:
        """Write changes, all or none, and return the ids of their events.

        Raises:
            ConflictError: one of them is of something that was changed since it was seen.
            UsageError: the disk is full, or the file cannot be written.
        """
        raise NotImplementedError

    def undo(self, marker: str, question: str | None = None) -> tuple[int, ...]:
        """Take back what a marker wrote last and has not taken back yet, by new events.

        Args:
            question: take back the last that concerns this question.

        Returns:
            The ids of the new events; none if there is nothing to take back.

        Raises:
            ConflictError: somebody has changed it since.
            UsageError: the disk is full, or the file cannot be written.
        """
        raise NotImplementedError

    def state(self) -> MarkState:
        """Return what holds now, also by what other processes wrote."""
        raise NotImplementedError

    def history(self, submission: str, question: str) -> list[MarkEvent]:
        """Return all events on a question of a submission, the first one first."""
        raise NotImplementedError

    def events(self, since: int = 0) -> list[MarkEvent]:
        """Return all events after the one with the id ``since``."""
        raise NotImplementedError
