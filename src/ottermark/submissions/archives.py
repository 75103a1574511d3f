"""Zip files from outside, read within bounds.

What an archive states about itself is not believed: reads are bounded, whatever sizes and counts
its headers claim.
"""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import IO

from ottermark.errors import SubmissionRejectedError
from ottermark.text import markdown_code

MAX_MEMBERS = 2_000  # of a student's archive

# what zipfile raises for an archive that is damaged, or forged
BROKEN_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)

_CHUNK = 2**20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # lzma allocates what a file asks for
_ENCRYPTED, _UTF_8 = 1, 0x800  # bits of a member's flags
_IGNORED_FOLDERS = {"__MACOSX", ".ipynb_checkpoints"}


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
    """Return a member's path with forward slashes; many programs write UTF-8 without its flag."""
    name = member.filename
    if not member.flag_bits & _UTF_8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


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


def read_zipped_notebook(archive: bytes, notebook: str, limit: int, label: str) -> bytes:
    """Return the content of the notebook in a student's archive.

    Args:
        archive: the bytes of the archive.
        notebook: the file name of the assignment's notebook, preferred among several.
        limit: the most bytes to return; more are cut off.
        label: what messages call the archive, as Markdown.

    Raises:
        SubmissionRejectedError: it is no archive, or holds no notebook or several.
    """
    try:
        with zipfile.ZipFile(BoundedReader(io.BytesIO(archive), _CHUNK)) as opened:
            member = _choose_notebook(opened.infolist(), notebook, label)
            with opened.open(member) as file:
                return b"".join(read_chunks(file, limit))
    except zipfile.LargeZipFile:
        raise SubmissionRejectedError(
            f"{label} contains too many files; submit the notebook alone."
        ) from None
    except BROKEN_ZIP_ERRORS:
        raise SubmissionRejectedError(
            f"{label} cannot be opened as a zip file; export it again."
        ) from None


def _choose_notebook(
    members: Sequence[zipfile.ZipInfo], notebook: str, label: str
) -> zipfile.ZipInfo:
    if len(members) > MAX_MEMBERS:
        raise zipfile.LargeZipFile
    notebooks = [member for member in members if _is_notebook(member)]
    expected = [member for member in notebooks if member_path(member).split("/")[-1] == notebook]
    candidates = expected or notebooks
    if not candidates:
        raise SubmissionRejectedError(
            f"{label} contains no notebook; add {markdown_code(notebook)} to it."
        )
    if len(candidates) > 1:
        raise SubmissionRejectedError(
            f"{label} contains {len(candidates)} notebooks; submit one, named {markdown_code(notebook)}."
        )
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


def _is_notebook(member: zipfile.ZipInfo) -> bool:
    path = member_path(member)
    return path.endswith(".ipynb") and not _IGNORED_FOLDERS.intersection(path.split("/"))
