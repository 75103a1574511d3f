"""The folder of final grades, replaced as a whole; earlier ones are kept.

What is to be released is written into a folder of its own first. When it is accepted, that folder gets
another name, the earlier ``final/`` becomes ``final.1/`` (or the next free number), and the new one takes
its place. Whatever ends the program in between, ``resume`` completes what was accepted.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ottermark.batch.ledger import as_usage_error
from ottermark.errors import UsageError

FINAL = "final"
_WRITING, _ACCEPTED, _LOCK = ".final.writing", ".final.accepted", ".final.lock"


class FinalFolder:
    """The final grades of one output folder, which no other release may use meanwhile.

    Use it as a context manager: write into ``draft``, and then ``accept()`` it or not.

    Args:
        out: the output folder.

    Attributes:
        path: where the final grades are, or are to be.
        draft: an empty folder for those to come.
        resumed: whether final grades that were accepted in an earlier run were put in place.

    Raises:
        UsageError: another release is running, or the folder cannot be written.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self.path, self.draft = out / FINAL, out / _WRITING
        self._accepted = out / _ACCEPTED

    def __enter__(self) -> FinalFolder:
        with as_usage_error(self._out):
            self._lock = os.open(self._out / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take_lock()
            with as_usage_error(self._out):
                self.resumed = self._accepted.exists()
                self._put_in_place()
                shutil.rmtree(self.draft, ignore_errors=True)
                self.draft.mkdir()
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.draft, ignore_errors=True)
        os.close(self._lock)

    def is_unchanged(self) -> bool:
        """Return whether the draft holds exactly what the final grades are already."""
        return self.path.is_dir() and _contents(self.draft) == _contents(self.path)

    def accept(self) -> Path | None:
        """Put the draft in place; return where the earlier final grades are now, if there were any.

        Raises:
            UsageError: the folder cannot be written; the earlier ones are in place or kept.
        """
        with as_usage_error(self._out):
            _sync_folders(self.draft)
            self.draft.rename(self._accepted)
            return self._put_in_place()

    def _put_in_place(self) -> Path | None:
        """Put accepted grades in place, if there are any, and keep earlier ones."""
        if not self._accepted.exists():
            return None
        kept = None
        if self.path.exists():
            kept = self._free_name()
            self.path.rename(kept)
        self._accepted.rename(self.path)
        _sync(self._out)
        return kept

    def _free_name(self) -> Path:
        number = 1
        while (path := self._out / f"{FINAL}.{number}").exists():
            number += 1
        return path

    def _take_lock(self) -> None:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"Another release of {self._out} is running; wait until it is done."
            ) from None
        except OSError:  # a file system without locks
            pass


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _sync_folders(folder: Path) -> None:
    for path in _folders(folder):
        _sync(path)


def _folders(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if path.is_dir())
    yield folder


def _sync(folder: Path) -> None:
    """Have the names in a folder reach the disk, where the file system can do that."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
