"""Unpack the zip of a class into a private folder, without what nobody needs."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.files import as_temporary_folder_fault, is_disk_full
from ottermark.submissions.archives import (
    BROKEN_ZIP_ERRORS,
    BoundedReader,
    is_readable,
    is_regular,
    member_path,
    read_chunks,
)
from ottermark.submissions.candidates import Platform
from ottermark.submissions.class_folder import find_class
from ottermark.submissions.file_kinds import is_document, is_gradable, is_hidden
from ottermark.submissions.gradescope_export import MAX_METADATA_BYTES, METADATA_FILE
from ottermark.submissions.notebook import MAX_NOTEBOOK_BYTES
from ottermark.submissions.platforms import platform_of

MAX_MEMBERS = 50_000
MAX_DIRECTORY_BYTES = 16 * 2**20  # of a zip's list of members
MAX_UNPACKED_BYTES = 8 * 2**30

_DOCUMENT_HEAD = 1_024  # bytes
_MAX_NAME_BYTES = 240  # file systems take 255
_UNPACK_YOURSELF = "unpack it yourself and name the folder"


@dataclass(frozen=True)
class _Member:
    """A member of a zip.

    Attributes:
        parts: of its path; the last one is empty for a folder.
    """

    parts: tuple[str, ...]
    info: zipfile.ZipInfo

    @property
    def at_top(self) -> bool:
        """Whether it lies in no folder."""
        return len(self.parts) == 1

    @property
    def is_needed(self) -> bool:
        """Whether it has to be unpacked: a file at the top, or one that a student submitted."""
        return self.at_top or is_gradable(self.parts[-1]) or self.is_document

    @property
    def is_document(self) -> bool:
        """Whether it lies in a folder and cannot be graded, as a PDF; its beginning shows that."""
        return not self.at_top and is_document(self.parts[-1])

    @property
    def unpacked_size(self) -> int:
        """The bytes to write; of a file that cannot be graded, just enough to show that."""
        if self.is_document:
            return min(self.info.file_size, _DOCUMENT_HEAD)
        is_metadata = self.parts == (METADATA_FILE,)
        limit = MAX_METADATA_BYTES if is_metadata else MAX_NOTEBOOK_BYTES
        return min(self.info.file_size, limit + 1)


@contextlib.contextmanager
def unpack_download(path: Path, names: re.Pattern[str], alone: bool) -> Iterator[Path]:
    """Unpack the zip of a class into a temporary folder; return any other path as it is.

    Args:
        names: of the assignment's notebook.
        alone: whether it is all that is graded: then it may be of a class although no platform
            made it. Among others a zip of several notebooks is a student's.

    Raises:
        UsageError: it is the zip of a class, but damaged, unsafe or too large.
    """
    if not path.name.lower().endswith(".zip") or not path.is_file():
        yield path
        return
    with contextlib.ExitStack() as stack:
        try:
            reader = BoundedReader(io.FileIO(path), MAX_DIRECTORY_BYTES)
            archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(reader)))
            members = _download_members(archive, names, alone)
        except (*BROKEN_ZIP_ERRORS, OSError):
            members = []
        if not members:  # a student's zip, which is rejected later if it is broken
            yield path
            return
        with as_temporary_folder_fault():
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="ottermark-download-"))
            )
        try:
            _unpack(path, archive, members, folder)
        except BROKEN_ZIP_ERRORS:
            raise UsageError(f"{path} is damaged; download it again.") from None
        except OSError as error:
            with as_temporary_folder_fault():
                if is_disk_full(error):
                    raise
            raise UsageError(
                f"{path} cannot be unpacked ({error.strerror}); {_UNPACK_YOURSELF}."
            ) from None
        yield folder


def _download_members(
    archive: zipfile.ZipFile, names: re.Pattern[str], alone: bool
) -> list[_Member]:
    """Return the members of a class's zip, without hidden ones; none of any other zip."""
    members = [_Member(tuple(member_path(i).split("/")), i) for i in archive.infolist()]
    members = [m for m in members if any(m.parts) and not is_hidden(m.parts)]
    if _platform_of_members(members):
        return members
    if len({member.parts[0] for member in members}) == 1:
        inside = _members_inside(members, members[0].parts[:1])
        platform = _platform_of_members(inside)
        if platform == "gradescope" or (alone and platform):
            return inside
    paths = ["/".join(member.parts) for member in members]
    folder = find_class(paths, names) if alone else None
    return [] if folder is None else _members_inside(members, folder.parts)


def _members_inside(members: Sequence[_Member], folder: tuple[str, ...]) -> list[_Member]:
    depth = len(folder)
    inside = [_Member(m.parts[depth:], m.info) for m in members if m.parts[:depth] == folder]
    return [member for member in inside if any(member.parts)]


def _platform_of_members(members: Sequence[_Member]) -> Platform:
    files = {member.parts[0] for member in members if member.at_top}
    platform = platform_of(files, {m.parts[0] for m in members if not m.at_top})
    if platform == "canvas" and sum(map(is_gradable, files)) == 1:
        return ""  # a student may have zipped a file that came from Canvas
    return platform


def _unpack(
    source: Path, archive: zipfile.ZipFile, members: Sequence[_Member], folder: Path
) -> None:
    """Write the members that are needed into ``folder``, flat within each folder at the top."""
    needed = [member for member in members if member.is_needed]
    _check_members(source, members, needed)
    for name in {member.parts[0] for member in members if not member.at_top}:
        (folder / _short_folder_name(name)).mkdir()
    for number, member in enumerate(needed):
        _write(archive, member, _unused_path(folder, member.parts, number))


def _check_members(source: Path, members: Sequence[_Member], needed: Sequence[_Member]) -> None:
    if len(members) > MAX_MEMBERS:
        raise UsageError(f"{source} contains more than {MAX_MEMBERS:,} files; {_UNPACK_YOURSELF}.")
    if sum(member.unpacked_size for member in needed) > MAX_UNPACKED_BYTES:
        raise UsageError(
            f"{source} contains more than {MAX_UNPACKED_BYTES // 2**30} GB; {_UNPACK_YOURSELF}."
        )
    if any(".." in member.parts or "" in member.parts[:-1] for member in members):
        raise UsageError(f"{source} contains paths that lead out of it; download it again.")
    if not all(is_regular(member.info) for member in needed):
        raise UsageError(f"{source} contains links in place of files; {_UNPACK_YOURSELF}.")
    if not all(is_readable(member.info) for member in needed):
        raise UsageError(
            f"{source} is encrypted or compressed in an unusual way; {_UNPACK_YOURSELF}."
        )


def _unused_path(folder: Path, parts: tuple[str, ...], number: int) -> Path:
    """Return where to write a member.

    Args:
        number: of the member, to tell it from others of the same name.
    """
    name = _short_file_name(parts[-1])
    if len(parts) == 1:
        path = folder / name
        return path.with_stem(f"{path.stem}-{number}") if path.exists() else path
    path = folder / _short_folder_name(parts[0]) / name
    if path.exists():
        path = path.parent / f"{number:06}" / name
        path.parent.mkdir()
    return path


def _short_folder_name(name: str) -> str:
    """Return a name that file systems take; a long one loses its beginning, and keeps its id."""
    return name.encode()[-_MAX_NAME_BYTES:].decode(errors="ignore")


def _short_file_name(name: str) -> str:
    """Return a name that file systems take; a long one loses the end before its suffix."""
    raw = name.encode()
    if len(raw) <= _MAX_NAME_BYTES:
        return name
    suffix = name[name.rfind(".") :] if is_gradable(name) else ""
    stem = raw[: _MAX_NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _write(archive: zipfile.ZipFile, member: _Member, path: Path) -> None:
    with archive.open(member.info) as packed, path.open("xb") as file:
        file.writelines(read_chunks(packed, member.unpacked_size))
    try:
        modified = datetime(*member.info.date_time).timestamp()
    except (ValueError, OverflowError):
        modified = 0.0
    os.utime(path, (modified, modified))
