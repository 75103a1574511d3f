"""Zip files from outside, read within bounds.

What an archive states about itself is not believed: reads are bounded, whatever sizes and counts
its headers claim.
"""

from __future__ import annotations

import contextlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TypeVar

from ottermark.errors import SubmissionRejectedError
from ottermark.submissions.file_kinds import (
    describe_document,
    expected_names,
    is_document,
    is_gradable,
    is_hidden,
    is_notebook,
    is_zip,
)
from ottermark.text import markdown_code

MAX_MEMBERS = 2_000  # of a student's archive
MAX_INNER_ZIPS = 20
MAX_COMPARED = 10  # files of one student, with the notebook that was handed out

# what zipfile raises for an archive that is damaged, or forged
BROKEN_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)

_T = TypeVar("_T")
_CHUNK = 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # lzma allocates what a file asks for
_ENCRYPTED, _UTF_8 = 1, 0x800  # bits of a member's flags


class BoundedReader(io.BufferedReader):
    """A file for ``zipfile`` that returns at most ``limit`` bytes at once.

    zipfile reads an archive's list of members in one piece and makes an object of each, before
    its length can be checked. A longer read raises ``zipfile.LargeZipFile``.
    """

    def __init__(self, raw: io.FileIO | io.BytesIO, limit: int) -> None:
        super().__init__(raw)
        self._limit = limit

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to ``size`` bytes, or all; raises ``LargeZipFile`` if these are too many."""
        at_most = self._limit + 1
        data = super().read(at_most if size is None or size < 0 else min(size, at_most))
        if len(data) > self._limit:
            raise zipfile.LargeZipFile
        return data


def member_path(member: zipfile.ZipInfo) -> str:
    """Return a member's path with forward slashes.

    Many programs write UTF-8 without its flag, or begin each path with a dot.
    """
    name = member.filename
    if not member.flag_bits & _UTF_8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return re.sub(r"^(?:\./)+", "", name.replace("\\", "/"))


def is_regular(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is a file, and no link, pipe or device."""
    return stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)


def is_readable(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is neither encrypted nor compressed in an unsupported way."""
    return not member.flag_bits & _ENCRYPTED and member.compress_type in _METHODS


def read_chunks(file: IO[bytes], limit: int) -> Iterator[bytes]:
    """Yield the content of a member, at most ``limit`` bytes of it."""
    while limit > 0 and (chunk := file.read(min(limit, _CHUNK))):
        limit -= len(chunk)
        yield chunk


def visible_paths(archive: Path) -> list[str] | None:
    """Return the paths of the files in a zip, without hidden ones; None if it cannot be read."""
    if archive.is_symlink() or not archive.is_file():
        return None
    try:
        reader = BoundedReader(io.FileIO(archive), _CHUNK)
        with reader, zipfile.ZipFile(reader) as opened:
            return [member_path(member) for member in _visible_members(opened)]
    except (*BROKEN_ZIP_ERRORS, OSError):
        return None


def may_hold_notebook(path: Path, name: str) -> bool:
    """Return whether a file may hold a notebook: a broken zip may, one with other files may not.

    Args:
        name: what the file is called where it comes from.
    """
    if not is_zip(name):
        return is_notebook(name)
    paths = visible_paths(path)
    return paths is None or any(map(is_gradable, paths))


def without_untouched(files: Sequence[_T], is_untouched: Callable[[_T], bool]) -> Sequence[_T]:
    """Return the files that a student has worked in; all if there is none, or too many to look at.

    Args:
        is_untouched: whether a file holds the notebook as it was handed out: students work in copies.
    """
    if not 1 < len(files) <= MAX_COMPARED:
        return files
    return [file for file in files if not is_untouched(file)] or files


def read_zipped_notebook(
    archive: bytes, notebook: str, limit: int, label: str, is_untouched: Callable[[bytes], bool]
) -> bytes:
    """Return the content of the notebook in a student's archive, or in a zip in it.

    Args:
        archive: the bytes of the archive.
        notebook: the file name of the assignment's notebook, preferred among several.
        limit: the most bytes to return; more are cut off.
        label: what messages call the archive, as Markdown.
        is_untouched: whether a notebook is as it was handed out; see ``without_untouched``.

    Raises:
        SubmissionRejectedError: it is no archive, or holds no notebook or several.
    """
    try:
        with _open(archive) as opened:
            members = _visible_members(opened)
            notebooks: Sequence[zipfile.ZipInfo] = [m for m in members if is_notebook(_name(m))]
            if notebooks:
                _reject_repeated_paths(notebooks, label)
                notebooks = without_untouched(
                    notebooks, lambda m: is_readable(m) and is_untouched(_read(opened, m, limit))
                )
                return _read(opened, _only_one(notebooks, notebook, label), limit)
            zips = _zips_with_notebooks(opened, members, limit, label)
            inner = _read(opened, zips[0], limit) if len(zips) == 1 else b""
    except zipfile.LargeZipFile:
        raise SubmissionRejectedError(
            f"{label} contains too many files; submit the notebook alone."
        ) from None
    except BROKEN_ZIP_ERRORS:
        raise SubmissionRejectedError(
            f"{label} cannot be opened as a zip file; export it again."
        ) from None
    if not zips:
        raise SubmissionRejectedError(_without_notebook(members, notebook, label))
    if len(zips) > 1:
        raise SubmissionRejectedError(_several(len(zips), notebook, label))
    return read_zipped_notebook(inner, notebook, limit, f"the zip in {label}", is_untouched)


def _open(archive: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BoundedReader(io.BytesIO(archive), _CHUNK))


def _visible_members(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files in a zip, without hidden ones; raises ``LargeZipFile`` for too many."""
    members = opened.infolist()
    if len(members) > MAX_MEMBERS:
        raise zipfile.LargeZipFile
    return [m for m in members if _name(m) and not is_hidden(member_path(m).split("/"))]


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name without its folders; empty for a folder."""
    return member_path(member).split("/")[-1]


def _read(opened: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    with opened.open(member) as file:
        return b"".join(read_chunks(file, limit))


def _zips_with_notebooks(
    opened: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], limit: int, label: str
) -> list[zipfile.ZipInfo]:
    """Return the zips in a zip that hold a notebook themselves; broken ones hold none.

    Only one of them is in memory at a time.
    """
    zips = [m for m in members if is_zip(_name(m)) and is_regular(m) and is_readable(m)]
    if len(zips) > MAX_INNER_ZIPS:
        raise SubmissionRejectedError(
            f"{label} contains {len(zips)} zips and no notebook; submit the notebook alone."
        )
    return [member for member in zips if _holds_notebook(opened, member, limit)]


def _holds_notebook(opened: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bool:
    with contextlib.suppress(*BROKEN_ZIP_ERRORS), _open(_read(opened, member, limit)) as inner:
        return any(is_notebook(_name(m)) for m in _visible_members(inner))
    return False


def _reject_repeated_paths(notebooks: Sequence[zipfile.ZipInfo], label: str) -> None:
    """Reject an archive with two files of one path: programs differ in which of them they unpack."""
    paths = [member_path(member) for member in notebooks]
    repeated = next((path for path in paths if paths.count(path) > 1), None)
    if repeated is not None:
        raise SubmissionRejectedError(
            f"{label} contains {markdown_code(repeated)} {paths.count(repeated)} times; "
            "make the zip again, with one file of each name."
        )


def _only_one(notebooks: Sequence[zipfile.ZipInfo], notebook: str, label: str) -> zipfile.ZipInfo:
    expected = expected_names(notebook)
    candidates = [m for m in notebooks if expected.fullmatch(_name(m))] or notebooks
    if len(candidates) > 1:
        raise SubmissionRejectedError(_several(len(candidates), notebook, label))
    (member,) = candidates
    if not is_regular(member):
        raise SubmissionRejectedError(
            f"{label} contains a link in place of the notebook; add the notebook itself."
        )
    if not is_readable(member):
        raise SubmissionRejectedError(
            f"{label} is encrypted or compressed in an unusual way; make an ordinary zip file."
        )
    return member


def _several(count: int, notebook: str, label: str) -> str:
    return f"{label} contains {count} notebooks; submit one, named {markdown_code(notebook)}."


def _without_notebook(members: Sequence[zipfile.ZipInfo], notebook: str, label: str) -> str:
    documents = [describe_document(_name(m)) for m in members if is_document(_name(m))]
    instead = next((f"{kind} and " for kind in documents if kind), "")
    return f"{label} contains {instead}no notebook; add {markdown_code(notebook)} to it."
