"""The ledger: every result that was ever computed for a folder, and which of them stand there.

An SQLite file that any SQLite tool can open. A result is known by the submission's name, its content
and everything that decides its points, so nothing is graded twice, and nothing is lost when a run is
stopped, however that happens: a result is in the ledger, or its submission is graded again.
``results/`` and the tables are made from what stands in it. If the file itself is damaged, it is moved
aside and made anew from ``results/``.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ottermark.batch.ledger_schema import create_or_upgrade
from ottermark.errors import UsageError
from ottermark.files import is_disk_full, transaction
from ottermark.results.document import InvalidResultsError
from ottermark.results.upgrade import read_document
from ottermark.submissions.record import SubmissionRecord

LEDGER = "ledger.sqlite"
LOCK = ".ledger.lock"


@dataclass(frozen=True)
class Key:
    """What a result is known by.

    Attributes:
        submission: its name.
        content: a hash over what was submitted.
        grading: a hash over everything that decides its points.
    """

    submission: str
    content: str
    grading: str

    @classmethod
    def parse(cls, submission: str, text: str) -> Self:
        """Return the key that a result carries as ``text``; raises ``ValueError``."""
        content, grading = text.split()
        return cls(submission, content, grading)

    @property
    def text(self) -> str:
        """What a result carries of it."""
        return f"{self.content} {self.grading}"


class Ledger:
    """The ledger of one folder, which no other run may use meanwhile.

    Args:
        out: the folder; it is created if there is none.

    Attributes:
        repaired: what was wrong with the file and what was done about it; empty if nothing was.

    Raises:
        UsageError: another run is using it, or nothing can be written there.
    """

    def __init__(self, out: Path) -> None:
        self.path = out / LEDGER
        self.repaired = ""
        with as_usage_error(out):
            (out / "results").mkdir(parents=True, exist_ok=True)
            self._lock = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise UsageError(
                f"Another run is grading into {out}; wait until it is done or name another "
                "folder with -o."
            ) from None
        except OSError:  # a file system without locks; the ledger has its own
            pass
        try:
            with as_usage_error(out):
                self._open()
                if not self._row("SELECT 1 FROM results LIMIT 1"):
                    self._import_results(out / "results")
        except BaseException:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Close the file and let others use it."""
        self._database.close()
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def text(self, key: Key) -> str | None:
        """Return the text of the results.json that is known for a key."""
        row = self._row(
            "SELECT document FROM results WHERE (submission, content, grading) = (?, ?, ?)",
            *(key.submission, key.content, key.grading),
        )
        return None if row is None else str(row[0])

    def standing(self, submission: str) -> tuple[Key, str] | None:
        """Return the result of a submission that stands in the folder: its key and its text."""
        row = self._row(
            "SELECT content, grading, document FROM standing NATURAL JOIN results "
            "WHERE submission = ?",
            submission,
        )
        return None if row is None else (Key(submission, *row[:2]), str(row[2]))

    @property
    def submissions(self) -> list[str]:
        """The names of all submissions with a result that stands."""
        rows = self._rows("SELECT submission FROM standing ORDER BY submission")
        return [name for (name,) in rows]

    @property
    def records(self) -> dict[str, SubmissionRecord]:
        """The record of each submission with a result that stands; empty where it has none."""
        rows = self._rows(
            "SELECT submission, record FROM standing LEFT JOIN records USING (submission) "
            "ORDER BY submission"
        )
        return {name: SubmissionRecord.from_json(text or "{}") for name, text in rows}

    def note_records(self, records: Mapping[str, SubmissionRecord]) -> None:
        """Note what is known of submissions, by their names."""
        rows = [(name, record.to_json()) for name, record in records.items()]
        with self._transaction():
            self._database.executemany("INSERT OR REPLACE INTO records VALUES (?, ?)", rows)

    def keep(self, key: Key, text: str, stands: bool) -> None:
        """Keep the text of a results.json; ``stands`` makes it its submission's at once."""
        with self._transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
                (key.submission, key.content, key.grading, text, checksum(text)),
            )
            if stands:
                self._stand(key)

    def stand(self, *keys: Key) -> None:
        """Make the results of ``keys`` those that stand, all or none."""
        with self._transaction():
            for key in keys:
                self._stand(key)

    def withdraw(self, *submissions: str) -> None:
        """Have no result of these submissions stand; their results are still known."""
        with self._transaction():
            self._database.executemany(
                "DELETE FROM standing WHERE submission = ?", [(name,) for name in submissions]
            )

    def parts(self, grading: str) -> dict[str, str]:
        """Return the parts of a grading, as hashes by name; empty if it is not known."""
        row = self._row("SELECT parts FROM gradings WHERE grading = ?", grading)
        return {} if row is None else json.loads(row[0])

    def note_parts(self, grading: str, parts: Mapping[str, str]) -> None:
        """Note the parts of a grading."""
        with self._transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO gradings VALUES (?, ?)", (grading, json.dumps(dict(parts)))
            )

    def _stand(self, key: Key) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO standing VALUES (?, ?, ?)",
            (key.submission, key.content, key.grading),
        )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with as_usage_error(self.path.parent), transaction(self._database):
            yield

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with as_usage_error(self.path.parent):
            return self._database.execute(query, values).fetchall()

    def _row(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._rows(query, *values)), None)

    def _open(self) -> None:
        try:
            with contextlib.suppress(sqlite3.DatabaseError):
                self._connect()
                return
            self._connect()  # once more: a disk or network that fails also looks like damage
        except sqlite3.OperationalError:  # of the disk or another program, not of the file
            raise
        except sqlite3.DatabaseError as error:
            damaged = _move_aside(self.path)
            self.repaired = (
                f"{self.path} was damaged ({error}); it is now {damaged.name}, and the results in "
                f"{self.path.parent / 'results'} were imported into a new one."
            )
            self._connect()

    def _connect(self) -> None:
        # a transaction begins where `_transaction` says so
        self._database = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        try:
            self._database.execute("PRAGMA synchronous = FULL")
            for (state,) in self._database.execute("PRAGMA quick_check(1)").fetchall():
                if state != "ok":
                    raise sqlite3.DatabaseError(" ".join(state.split()))
            create_or_upgrade(self._database, self.path)
            # SQLite checks its own structure only
            for text, expected in self._database.execute("SELECT document, checksum FROM results"):
                if checksum(text) != expected:
                    raise sqlite3.DatabaseError("a result in it is not what was written")
        except BaseException:
            self._database.close()
            raise

    def _import_results(self, folder: Path) -> None:
        """Import the results that lie in a folder, as far as they are whole."""
        for path in sorted(folder.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, InvalidResultsError):
                document = read_document(path.read_text(encoding="utf-8"))
                key = Key.parse(document.submission, document.facts.key or "")
                self.keep(key, document.to_json(), stands=True)


def checksum(text: str) -> str:
    """Return what the ledger checks the text of a result by."""
    return hashlib.sha256(text.encode()).hexdigest()


@contextlib.contextmanager
def as_usage_error(out: Path) -> Iterator[None]:
    """Turn an error of the disk while reading or writing in ``out`` into a ``UsageError``."""
    try:
        yield
    except (OSError, sqlite3.DatabaseError) as error:
        if isinstance(error, (sqlite3.ProgrammingError, sqlite3.IntegrityError)):  # a bug of ours
            raise
        if _disk_is_full(error):
            raise UsageError(
                f"The disk of {out} is full; make room and run the same command again: what has "
                "been graded so far is kept."
            ) from None
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"{out} cannot be read or written ({reason}); see to its disk and run the same command "
            "again, which keeps what has been graded so far, or name another folder with -o."
        ) from None


def _disk_is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return is_disk_full(error)
    return getattr(error, "sqlite_errorcode", None) in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
    )


def _move_aside(path: Path) -> Path:
    """Move a broken file and what belongs to it out of the way; return its new place."""
    number = 1
    while (target := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    path.rename(target)
    for suffix in ("-journal", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(target.with_name(target.name + suffix))
    return target
