"""The tables of the store of marks; ``PRAGMA user_version`` says which version a file has."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.files import transaction

VERSION = 1
COLUMNS = (
    *("id", "at", "marker", "kind", "submission", "question", "answer", "before", "after"),
    *("reason", "batch", "undoes", "thread"),
)

_STATEMENTS = (
    """CREATE TABLE events (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, marker TEXT NOT NULL, kind TEXT NOT NULL,
        submission TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
        before TEXT, after TEXT, reason TEXT NOT NULL,
        batch INTEGER NOT NULL, undoes INTEGER REFERENCES events (id), thread INTEGER NOT NULL
    )""",
    "CREATE INDEX events_by_place ON events (submission, question, kind, thread)",
    "CREATE INDEX events_by_batch ON events (batch)",
    "CREATE UNIQUE INDEX events_by_undone ON events (undoes) WHERE undoes IS NOT NULL",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
)
# a row that is inserted under the id of another would replace it
_TRIGGERS = tuple(
    f"CREATE TRIGGER {table}_no_{action.split()[-1].lower()} BEFORE {action} ON {table} "
    f"{'WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id) ' if action == 'INSERT' else ''}"
    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
    for table, actions in (
        ("events", ("UPDATE", "DELETE", "INSERT")),
        ("settings", ("UPDATE", "DELETE")),
    )
    for action in actions
)


def create_or_check(database: sqlite3.Connection, path: Path) -> None:
    """Create the tables in a new file, all or nothing, or check which version they have.

    Raises:
        UsageError: a later version of ottermark wrote the file, or something else did.
    """
    with transaction(database):
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise UsageError(
                f"{path} was written by a later version of ottermark; update ottermark."
            )
        if version == 0:
            if database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                raise UsageError(
                    f"{path} is a database, but not of marks; move it elsewhere and try again."
                )
            for statement in (*_STATEMENTS, *_TRIGGERS):
                database.execute(statement)
            database.execute("INSERT INTO settings VALUES ('salt', ?)", (secrets.token_bytes(16),))
            database.execute(f"PRAGMA user_version = {VERSION}")
