"""The store of marks: an append-only SQLite file beside the ledger.

Every change is a new row that says who, when, what was before, what is now, and why. Rows are
never changed or removed, which the file itself refuses. What ``write`` returned for is on the disk.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from ottermark.errors import OttermarkError, UsageError
from ottermark.files import transaction
from ottermark.marking.marker_names import is_marker_name
from ottermark.marking.state import MarkEvent, MarkState, Slot
from ottermark.marking.store_schema import COLUMNS, create_or_check
from ottermark.marking.values import Kind, Value, decode, encode

MARKS = "marks.sqlite"
BUSY_SECONDS = 30  # how long another process may be writing

_SELECT = f"SELECT {', '.join(COLUMNS)} FROM events"
_INSERT = f"INSERT INTO events VALUES ({', '.join('?' * len(COLUMNS))})"
_UNDOABLE = (
    "undoes IS NULL AND question = ifnull(?, question) "
    "AND NOT EXISTS (SELECT 1 FROM events AS later WHERE later.undoes = events.id)"
)
_IN_SLOT = "(kind, submission, question, thread) = (?, ?, ?, ?)"


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


class ConflictError(OttermarkError):
    """Somebody else changed the same in the meantime; nothing was written.

    Attributes:
        events: of what was not written, those that its maker had not seen.
    """

    def __init__(self, events: Sequence[MarkEvent]) -> None:
        first = events[0]
        super().__init__(
            f"{first.marker} changed {first.submission or first.question} at {first.at}; look at "
            "it and decide again."
        )
        self.events = tuple(events)


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
        self.path = out / MARKS
        self._lock = threading.RLock()
        self._state = MarkState()
        with _as_usage_error(self.path):
            # a transaction begins where `_transaction` says so
            self._database = sqlite3.connect(
                self.path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
            )
            try:
                _use_wal(self._database)
                self._database.execute("PRAGMA synchronous = FULL")
                create_or_check(self._database, self.path)
                (self.salt,) = self._database.execute(
                    "SELECT value FROM settings WHERE name = 'salt'"
                ).fetchone()
            except BaseException:
                self._database.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

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
            ValueError: a value is not of its kind, two changes are of the same, or nobody can be
                called as the marker is (``is_marker_name``).
        """
        _check(marker, changes)
        with self._transaction():
            state = self.state()
            self._refuse_unseen(state, changes)
            batch, at = state.last + 1, _now()
            events = [
                MarkEvent(
                    id=id,
                    at=at,
                    marker=marker,
                    kind=change.kind,
                    submission=change.submission,
                    question=change.question,
                    answer=change.answer,
                    before=state.value(change.slot),
                    after=change.after,
                    reason=_clean(reason),
                    batch=batch,
                    undoes=None,
                    thread=change.thread or (id if change.kind == "request" else 0),
                )
                for id, change in enumerate(changes, batch)
            ]
            self._insert(events)
        return tuple(event.id for event in events)

    def undo(self, marker: str, question: str | None = None) -> tuple[int, ...]:
        """Take back what a marker wrote last and has not taken back yet, by new events.

        Args:
            question: take back the last that concerns this question, and of what was written
                together with it only what concerns it, too.

        Returns:
            The ids of the new events; none if there is nothing to take back.

        Raises:
            ConflictError: somebody has changed it since.
            UsageError: the disk is full, or the file cannot be written.
        """
        with self._transaction():
            undone = self._last_batch(marker, question)
            state, at = self.state(), _now()
            holding = [state.holding_event(event.slot) for event in undone]
            newer = [id for id, event in zip(holding, undone, strict=True) if id != event.id]
            if newer:
                raise ConflictError(self._events_of(newer))
            batch = state.last + 1
            events = [
                _undoing(event, id, batch, at, state) for id, event in enumerate(undone, batch)
            ]
            self._insert(events)
        return tuple(event.id for event in events)

    def state(self) -> MarkState:
        """Return what holds now, also by what other processes wrote."""
        with self._lock:
            self._state = self._state.after(self.events(self._state.last))
            return self._state

    def history(self, submission: str, question: str) -> list[MarkEvent]:
        """Return all events on a question of a submission, the first one first."""
        return self._select("WHERE (submission, question) = (?, ?)", submission, question)

    def last_event(self, kind: Kind, submission: str, question: str, thread: int = 0) -> MarkEvent:
        """Return the last event of a slot; raises ``ValueError`` if there is none."""
        return self._last((kind, submission, question, thread))

    def item_ids(self, question: str) -> set[str]:
        """Return the ids of all rubric items that a question ever had or that a mark of it ever named."""
        with self._lock, _as_usage_error(self.path):
            rows = self._database.execute(
                "SELECT DISTINCT kind, after FROM events WHERE question = ? "
                "AND kind IN ('mark', 'second', 'rubric') AND after IS NOT NULL",
                (question,),
            ).fetchall()
        ids: set[str] = set()
        for kind, text in rows:
            value = decode(kind, text)
            ids.update((i.id for i in value.items) if kind == "rubric" else value.items)
        return ids

    def events(self, since: int = 0) -> list[MarkEvent]:
        """Return all events after the one with the id ``since``."""
        return self._select("WHERE id > ?", since)

    def _select(self, condition: str, *values: object) -> list[MarkEvent]:
        with self._lock, _as_usage_error(self.path):
            rows = self._database.execute(f"{_SELECT} {condition} ORDER BY id", values).fetchall()
            return [_event(row) for row in rows]

    def _refuse_unseen(self, state: MarkState, changes: Sequence[MarkChange]) -> None:
        conflicts = [
            self._last(change.slot)
            for change in changes
            if change.seen is not None and change.seen != state.seen(*change.slot)
        ]
        if conflicts:
            raise ConflictError(conflicts)

    def _last(self, slot: Slot) -> MarkEvent:
        events = self._select(f"WHERE {_IN_SLOT}", *slot)
        if not events:
            raise ValueError(f"there is no event of {slot}")
        return events[-1]

    def _events_of(self, ids: Iterable[int]) -> list[MarkEvent]:
        return [event for id in ids for event in self._select("WHERE id = ?", id)]

    def _last_batch(self, marker: str, question: str | None) -> list[MarkEvent]:
        """Return the events that a marker wrote last together and has not taken back."""
        row = self._database.execute(
            f"SELECT batch FROM events WHERE marker = ? AND {_UNDOABLE} ORDER BY id DESC LIMIT 1",
            (marker, question),
        ).fetchone()
        return (
            []
            if row is None
            else self._select(f"WHERE batch = ? AND {_UNDOABLE}", row[0], question)
        )

    def _insert(self, events: Sequence[MarkEvent]) -> None:
        self._database.executemany(_INSERT, [_row(event) for event in events])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, _as_usage_error(self.path), transaction(self._database):
            yield


def _undoing(event: MarkEvent, id: int, batch: int, at: str, state: MarkState) -> MarkEvent:
    """Return the event that takes another one back."""
    answer = state.answer_before(event.slot)
    return MarkEvent(
        id=id,
        at=at,
        marker=event.marker,
        kind=event.kind,
        submission=event.submission,
        question=event.question,
        answer=event.answer if answer is None else answer,
        before=event.after,
        after=event.before,
        reason="undo",
        batch=batch,
        undoes=event.id,
        thread=event.thread,
    )


def _check(marker: str, changes: Sequence[MarkChange]) -> None:
    if not is_marker_name(marker):
        raise ValueError(f"{marker!r} is no name of a marker")
    slots = [change.slot for change in changes if change.kind != "request" or change.thread]
    if len(set(slots)) < len(slots):
        raise ValueError("two changes are of the same slot")
    if any(change.kind == "reply" and not change.thread for change in changes):
        raise ValueError("a reply needs the thread of its request")


def _row(event: MarkEvent) -> tuple[Any, ...]:
    values = {name: getattr(event, name) for name in COLUMNS}
    values["before"] = encode(event.kind, event.before)
    values["after"] = encode(event.kind, event.after)
    return tuple(values.values())


def _event(row: tuple[Any, ...]) -> MarkEvent:
    values = dict(zip(COLUMNS, row, strict=True))
    for name in ("before", "after"):
        try:
            values[name] = decode(values["kind"], values[name])
        except (KeyError, ValueError) as error:
            raise sqlite3.DatabaseError(f"row {values['id']}: {error}") from None
    return MarkEvent(**values)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _clean(text: str) -> str:
    """Return text without halves of surrogate pairs, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode()


def _use_wal(database: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, for which SQLite does not wait where another process does it."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextlib.contextmanager
def _as_usage_error(path: Path) -> Iterator[None]:
    """Turn an error of the file or of its disk into a ``UsageError``."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise UsageError(_sentence(path, error)) from None


def _sentence(path: Path, error: sqlite3.DatabaseError) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
        return f"The disk of {path} is full; make room and try again: nothing was written."
    if isinstance(error, sqlite3.OperationalError):
        return f"{path} cannot be used ({error}); see whether you may write there, and try again."
    return (
        f"{path} is damaged ({error}); put a copy of it from before in its place, and remove "
        f"{path.name}-wal and {path.name}-shm beside it."
    )
