"""Writing files so that a crash leaves the old file or the new one, listing them, and where to cache."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path

from ottermark.errors import MachineFaultError

_PARTIAL = ".ottermark-part"  # the end of a temporary file's name, which no other file has


def write_atomically(path: Path, text: str) -> None:
    """Write ``text`` to a temporary file beside ``path``, sync it, and rename it into place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_PARTIAL)
    try:
        # student text may hold halves of surrogate pairs, which no encoding can write
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def cache_folder(name: str) -> Path:
    """Return the path of a folder in the user's cache.

    Raises:
        FileNotFoundError: the user has no home, as in some containers; a folder called ``~`` would be
            made in the working directory.
    """
    folder = user_cache_path("ottermark", appauthor=False) / name
    if not folder.is_absolute():
        raise FileNotFoundError(folder)
    return folder


def remove_partial_files(folder: Path) -> None:
    """Remove in ``folder`` what a process that was killed in ``write_atomically`` has left."""
    for path in folder.glob(f".*{_PARTIAL}"):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Write to a database that is in autocommit mode, all or nothing.

    Where the disk fails, SQLite rolls back by itself; doing so again would hide that error.
    """
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                database.execute("ROLLBACK")
        raise


def is_disk_full(error: OSError) -> bool:
    """Return whether there is no room, or none that this user may take."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def as_temporary_folder_fault() -> Iterator[None]:
    """Turn an error of the disk that holds temporary files into a ``MachineFaultError``."""
    try:
        yield
    except OSError as error:
        raise MachineFaultError(
            f"{error.filename or tempfile.gettempdir()} cannot be written ({error.strerror}); make room for "
            "temporary files there, or set TMPDIR to another folder, and run the same command again.",
            stops_run=True,
        ) from None


def files_below(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted; links to files and to folders are followed."""
    paths = [
        Path(parent, name)
        for parent, _, names in os.walk(folder, followlinks=True)
        for name in names
    ]
    return sorted(path for path in paths if path.is_file())
