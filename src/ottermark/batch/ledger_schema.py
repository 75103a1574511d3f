"""The tables of the ledger, and the upgrade of ledgers that earlier versions wrote.

``PRAGMA user_version`` says which version of the tables a file has.
"""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.files import transaction
from ottermark.results.document import InvalidResultsError
from ottermark.results.upgrade import upgrade_document

VERSION = 2

_TABLES = """
CREATE TABLE results (
    submission TEXT, content TEXT, grading TEXT, document TEXT NOT NULL, checksum TEXT NOT NULL,
    PRIMARY KEY (submission, content, grading)
);
CREATE TABLE standing (
    submission TEXT PRIMARY KEY, content TEXT NOT NULL, grading TEXT NOT NULL
);
CREATE TABLE gradings (grading TEXT PRIMARY KEY, parts TEXT NOT NULL);
"""
# from version 1: what is known of a submission beside its result
_RECORDS = """
CREATE TABLE records (submission TEXT PRIMARY KEY, record TEXT NOT NULL);
"""
# from version 0: other names, and results without typed extra_data
_RENAMES = """
ALTER TABLE results RENAME COLUMN sheet TO content;
ALTER TABLE results RENAME COLUMN grader TO grading;
ALTER TABLE results RENAME COLUMN body TO document;
ALTER TABLE results RENAME COLUMN sum TO checksum;
ALTER TABLE standing RENAME COLUMN sheet TO content;
ALTER TABLE standing RENAME COLUMN grader TO grading;
ALTER TABLE graders RENAME TO gradings;
ALTER TABLE gradings RENAME COLUMN grader TO grading;
"""


def create_or_upgrade(database: sqlite3.Connection, path: Path) -> None:
    """Create the tables in a new file, or upgrade those of an earlier version; all or nothing.

    Raises:
        UsageError: a later version of ottermark wrote the file.
        sqlite3.DatabaseError: a result in it is damaged.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise UsageError(
            f"{path} was written by a later version of ottermark; update ottermark, or name another "
            "folder with -o."
        )
    if version == VERSION:
        return
    is_new = not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    with transaction(database):
        if version == 0:
            _run(database, _TABLES if is_new else _RENAMES)
            _upgrade_results(database)
        _run(database, _RECORDS)
        database.execute(f"PRAGMA user_version = {VERSION}")


def _run(database: sqlite3.Connection, statements: str) -> None:
    """Run statements within the transaction that is open, which ``executescript`` would commit."""
    for statement in statements.split(";"):
        database.execute(statement)


def _upgrade_results(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT rowid, document, checksum FROM results").fetchall()
    for rowid, text, checksum in rows:
        if _sha256(text) != checksum:
            raise sqlite3.DatabaseError("a result in it is not what was written")
        try:
            document = upgrade_document(text).to_json()
        except InvalidResultsError as error:
            raise sqlite3.DatabaseError(f"a result in it cannot be read: {error}") from None
        database.execute(
            "UPDATE results SET document = ?, checksum = ? WHERE rowid = ?",
            (document, _sha256(document), rowid),
        )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
