"""The results that stand in a ledger, read beside a run of ``ottermark grade`` and never written."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ottermark.batch.ledger import LEDGER
from ottermark.batch.ledger_schema import VERSION
from ottermark.errors import UsageError
from ottermark.marking.answers import (
    AutomaticOutcome,
    StudentAnswer,
    automatic_outcomes_of,
    written_answers_of,
)
from ottermark.results.document import InvalidResultsError, ResultDocument
from ottermark.results.result import Status
from ottermark.submissions.candidates import CollectedSubmissions, Submission
from ottermark.submissions.record import SubmissionRecord, with_earlier

BUSY_SECONDS = 30  # how long a run of `ottermark grade` may be writing

_Row: TypeAlias = tuple[str, str, int]  # content, grading and row of a result
_NOBODY = CollectedSubmissions((), (), ())


@dataclass(frozen=True)
class GradedAnswersIndex:
    """What lists need of all results that stand, without their documents.

    Attributes:
        counted: by name, in order, the submissions that count, each with the students for whom it
            does.
        written: by submission and question.
        automatic: by submission and question.
        records: by submission, also of those that do not count.
        statuses: by submission, that of its result.
        keys: by submission, what the ledger knows its result by.
    """

    counted: Mapping[str, Submission] = field(default_factory=dict)
    written: Mapping[str, Mapping[str, StudentAnswer]] = field(default_factory=dict)
    automatic: Mapping[str, Mapping[str, AutomaticOutcome]] = field(default_factory=dict)
    records: Mapping[str, SubmissionRecord] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    keys: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the submissions that count, in order."""
        return tuple(self.counted)


class LedgerReader:
    """Reads the ledger of an output folder; to be used by one thread at a time.

    Raises:
        UsageError: nothing was graded into the folder, or by another version of ottermark.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._path = out / LEDGER
        self._rows: dict[str, _Row] = {}
        self._record_texts: dict[str, str] = {}
        self._index = GradedAnswersIndex()
        self._state: tuple[int, int] | None = None  # of the file: its inode and its version
        self._database: sqlite3.Connection | None = None
        self._inode = 0

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def index(self) -> GradedAnswersIndex:
        """Return what stands now: the same object while nothing has changed."""
        with self._reading() as database:
            (version,) = database.execute("PRAGMA data_version").fetchone()
            state = self._inode, version
            if state != self._state:
                database.execute("BEGIN")
                try:
                    self._read(database)
                finally:
                    database.execute("COMMIT")
                self._state = state
            return self._index

    def document(self, submission: str) -> ResultDocument:
        """Return the result of a submission that stands; raises ``KeyError``."""
        with self._reading() as database:
            row = database.execute(
                "SELECT document FROM standing NATURAL JOIN results WHERE submission = ?",
                (submission,),
            ).fetchone()
        if row is None:
            raise KeyError(submission)
        return self._parse(row[0])

    def documents_ever(self, submission: str) -> Iterator[ResultDocument]:
        """Yield all results that were ever computed for a submission, the latest first."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT document FROM results WHERE submission = ? ORDER BY rowid DESC",
                (submission,),
            ).fetchall()
        for (text,) in rows:
            yield self._parse(text)

    def _read(self, database: sqlite3.Connection) -> None:
        """Bring the index up to date; only new results are parsed."""
        rows: dict[str, _Row] = {
            name: (content, grading, row)
            for name, content, grading, row in database.execute(
                "SELECT submission, content, grading, results.rowid "
                "FROM standing NATURAL JOIN results"
            )
        }
        written, automatic = dict(self._index.written), dict(self._index.automatic)
        statuses, keys = dict(self._index.statuses), dict(self._index.keys)
        for name in self._rows.keys() - rows.keys():
            del written[name], automatic[name], statuses[name], keys[name]
        for name, row in rows.items():
            if self._rows.get(name) != row:
                (text,) = database.execute(
                    "SELECT document FROM results WHERE rowid = ?", (row[2],)
                ).fetchone()
                document = self._parse(text)
                written[name] = written_answers_of(document)
                automatic[name] = automatic_outcomes_of(document)
                statuses[name], keys[name] = document.status, document.facts.key
        records = self._read_records(database, rows)
        counted = self._index.counted
        if records != self._index.records:
            collected = with_earlier(_NOBODY, records, self._out / "executed")
            counted = {submission.name: submission for submission in collected.submissions}
        self._index = GradedAnswersIndex(counted, written, automatic, records, statuses, keys)
        self._rows = rows

    def _read_records(
        self, database: sqlite3.Connection, rows: Mapping[str, _Row]
    ) -> dict[str, SubmissionRecord]:
        texts = dict(database.execute("SELECT submission, record FROM records"))
        records = {
            name: self._index.records[name]
            if name in self._index.records and self._record_texts.get(name) == texts.get(name)
            else SubmissionRecord.from_json(texts.get(name, "{}"))
            for name in sorted(rows)
        }
        self._record_texts = texts
        return records

    def _parse(self, text: str) -> ResultDocument:
        try:
            return ResultDocument.from_json(text)
        except InvalidResultsError as error:
            raise UsageError(
                f"{self._path} holds a result that cannot be read ({error}); run `ottermark grade` "
                "into this folder again."
            ) from None

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._connection()
        except FileNotFoundError:
            raise UsageError(
                f"{self._out} has no results ({LEDGER} is missing); run `ottermark grade` first, or "
                "name the folder that it wrote."
            ) from None
        except (OSError, sqlite3.DatabaseError) as error:
            raise UsageError(
                f"{self._path} cannot be read ({error}); run `ottermark grade` into this folder again."
            ) from None

    def _connection(self) -> sqlite3.Connection:
        """Return the open file; another one if it was moved aside and made anew."""
        inode = self._path.stat().st_ino
        if self._database is not None and inode == self._inode:
            return self._database
        self.close()
        # not `mode=ro`: what a killed run left half written can only be taken back by a writer
        database = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
        )
        try:
            database.execute("PRAGMA query_only = ON")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                raise UsageError(_version_sentence(self._path, version))
        except BaseException:
            database.close()
            raise
        self._database, self._inode = database, inode
        return database


def _version_sentence(path: Path, version: int) -> str:
    if version > VERSION:
        return f"{path} was written by a later version of ottermark; update ottermark."
    return (
        f"{path} was written by an earlier version of ottermark; run `ottermark grade` into this "
        "folder again, which keeps what has been graded."
    )
