"""The ledger: every result that was ever worked out for a folder, and which of them stand there.

An SQLite file. A result is known by the sheet's name, the sheet's bytes and all that decides its
marks, so nothing is graded twice, and nothing is lost when a run is stopped, however that happens:
a result is in the ledger, or its sheet is graded again. ``results/`` and the tables are made from
what stands in it. Should the file itself break, it is moved aside and made anew from ``results/``.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.results.document import InvalidResultsError, ResultDocument

LEDGER = "ledger.sqlite"
LOCK = ".ledger.lock"

_TABLES = """
CREATE TABLE IF NOT EXISTS results (
    submission TEXT, sheet TEXT, grader TEXT, body TEXT NOT NULL, sum TEXT NOT NULL,
    PRIMARY KEY (submission, sheet, grader)
);
CREATE TABLE IF NOT EXISTS standing (
    submission TEXT PRIMARY KEY, sheet TEXT NOT NULL, grader TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS graders (grader TEXT PRIMARY KEY, parts TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Key:
    """What a result is of.

    Attributes:
        submission: the sheet's name.
        sheet: a hash over what was handed in.
        grader: a hash over all that decides what it earns.
    """

    submission: str
    sheet: str
    grader: str

    @classmethod
    def of(cls, submission: str, text: str) -> Key:
        """Return the key that a result carries as ``text``; raises ``ValueError``."""
        sheet, grader = text.split()
        return cls(submission, sheet, grader)

    @property
    def text(self) -> str:
        """What a result carries of it."""
        return f"{self.sheet} {self.grader}"


class Ledger:
    """The ledger of one folder, which nobody else may use meanwhile.

    Args:
        out: the folder; it is made if there is none.

    Attributes:
        repaired: what was wrong with the file and what was done about it; empty if nothing was.

    Raises:
        UsageError: another run is at work there, or nothing can be written there.
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
        except BaseException:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Close the file and let others use it."""
        self._file.close()
        os.close(self._lock)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def text(self, key: Key) -> str | None:
        """Return the text of the results.json that is known for a key."""
        found = self._file.execute(
            "SELECT body FROM results WHERE (submission, sheet, grader) = (?, ?, ?)",
            (key.submission, key.sheet, key.grader),
        ).fetchone()
        return None if found is None else str(found[0])

    def standing(self, submission: str) -> tuple[Key, str] | None:
        """Return the result of a submission that stands in the folder: its key and its text."""
        found = self._file.execute(
            "SELECT sheet, grader, body FROM standing NATURAL JOIN results WHERE submission = ?",
            (submission,),
        ).fetchone()
        return None if found is None else (Key(submission, *found[:2]), str(found[2]))

    @property
    def submissions(self) -> list[str]:
        """The names of all submissions with a result that stands."""
        rows = self._file.execute("SELECT submission FROM standing ORDER BY submission")
        return [name for (name,) in rows]

    def keep(self, key: Key, text: str, stands: bool) -> None:
        """Keep the text of a results.json; ``stands`` makes it its submission's at once."""
        with self._change():
            self._file.execute(
                "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
                (key.submission, key.sheet, key.grader, text, _sum(text)),
            )
            if stands:
                self._stand(key)

    def stand(self, *keys: Key) -> None:
        """Make the results of ``keys`` those that stand, all or none."""
        with self._change():
            for key in keys:
                self._stand(key)

    def parts(self, grader: str) -> dict[str, str]:
        """Return what was noted of a grader; nothing if it is not known."""
        found = self._file.execute(
            "SELECT parts FROM graders WHERE grader = ?", (grader,)
        ).fetchone()
        return {} if found is None else json.loads(found[0])

    def note(self, grader: str, parts: Mapping[str, str]) -> None:
        """Note what a grader was made of."""
        with self._change():
            self._file.execute(
                "INSERT OR REPLACE INTO graders VALUES (?, ?)", (grader, json.dumps(dict(parts)))
            )

    def _stand(self, key: Key) -> None:
        self._file.execute(
            "INSERT OR REPLACE INTO standing VALUES (?, ?, ?)",
            (key.submission, key.sheet, key.grader),
        )

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with as_usage_error(self.path.parent), self._file:
            self._file.execute("BEGIN IMMEDIATE")
            yield

    def _open(self) -> None:
        try:
            self._connect()
        except sqlite3.OperationalError:  # of the disk or another program, not of the file
            raise
        except sqlite3.DatabaseError as broken:
            aside = _aside(self.path)
            self.repaired = (
                f"{self.path} was broken ({broken}); it is now {aside.name}, and the results in "
                f"{self.path.parent / 'results'} were taken into a new one."
            )
            self._connect()
        if not self._file.execute("SELECT 1 FROM results LIMIT 1").fetchone():
            self._take_in(self.path.parent / "results")

    def _connect(self) -> None:
        # a transaction begins where `_change` says so
        self._file = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        try:
            self._file.execute("PRAGMA synchronous = FULL")
            for (told,) in self._file.execute("PRAGMA quick_check(1)").fetchall():
                if told != "ok":
                    raise sqlite3.DatabaseError(" ".join(told.split()))
            self._file.executescript(_TABLES)
            for text, due in self._file.execute("SELECT body, sum FROM results"):
                if _sum(text) != due:  # SQLite looks at its own structure only
                    raise sqlite3.DatabaseError("a result in it is not what was written")
        except BaseException:
            self._file.close()
            raise

    def _take_in(self, folder: Path) -> None:
        """Take over the results that lie in a folder, as far as they are whole."""
        for path in sorted(folder.glob("*.json")):
            with contextlib.suppress(OSError, ValueError, InvalidResultsError):
                text = path.read_text(encoding="utf-8")
                facts = ResultDocument.from_json(text).facts
                self.keep(Key.of(facts.submission, facts.key or ""), text, stands=True)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@contextlib.contextmanager
def as_usage_error(out: Path) -> Iterator[None]:
    """Turn what the disk has against writing into ``out`` into a sentence."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if _is_full(error):
            raise UsageError(
                f"The disk of {out} is full; make room and run the same command again: what has "
                "been graded so far is kept."
            ) from None
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{out} cannot be written ({why}); name another folder with -o.") from None


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorcode", None) in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
    )


def _aside(path: Path) -> Path:
    """Move a broken file and what belongs to it out of the way; return its new place."""
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    path.rename(aside)
    for suffix in ("-journal", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside
