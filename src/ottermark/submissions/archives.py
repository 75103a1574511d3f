"""A zip that a platform made -> a private folder with what may be looked at."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.submissions.gradescope_export import MAX_METADATA, METADATA
from ottermark.submissions.notebook import MAX_NOTEBOOK_BYTES
from ottermark.submissions.platforms import gradable, hidden, platform_of

MAX_MEMBERS = 50_000
MAX_DIRECTORY = 16 * 2**20  # bytes of a zip's list of members, which zipfile takes whole
MAX_UNPACKED = 8 * 2**30

_PIECE = 2**20
_LONGEST_MEMBER = 240  # bytes; file systems take 255
_BY_HAND = "unpack it yourself and name the folder"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED, _UTF_8 = 1, 0x800
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)

# the parts of its path, the last one empty for a folder
_Member = tuple[tuple[str, ...], zipfile.ZipInfo]


@contextlib.contextmanager
def unpacked(given: Path) -> Iterator[Path]:
    """Give a private folder with what a platform's zip holds; of all else, ``given`` itself."""
    if not given.name.lower().endswith(".zip") or not given.is_file():
        yield given
        return
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(_Frugal(given))))
            members = _members(archive)
        except (*_BROKEN_ZIP, OSError):
            members = []
        if not members:  # a student's, be it broken: who reads it says so
            yield given
            return
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ottermark-intake-"))
        try:
            _unpack(given, archive, members, Path(folder))
        except _BROKEN_ZIP:
            raise UsageError(f"{given} is damaged; download it again.") from None
        except OSError as error:
            why = error.strerror
            raise UsageError(f"{given} cannot be unpacked ({why}); {_BY_HAND}.") from None
        yield Path(folder)


class _Frugal(io.FileIO):
    """An archive of which no more than a long list of members is given at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to ``size`` bytes; raises ``LargeZipFile`` where that is more."""
        most = MAX_DIRECTORY + 1
        data = super().read(most if size is None or size < 0 else min(size, most)) or b""
        if len(data) == most:
            raise zipfile.LargeZipFile
        return data


def _members(archive: zipfile.ZipFile) -> list[_Member]:
    """Return the visible members of a platform's zip; none of any other zip."""
    members = [(tuple(_name_of(info).split("/")), info) for info in archive.infolist()]
    members = [(parts, info) for parts, info in members if any(parts) and not hidden(parts)]
    if len({parts[0] for parts, _ in members}) == 1:
        inside = [(parts[1:], info) for parts, info in members if any(parts[1:])]
        if _platform_of_members(inside) == "gradescope":
            return inside
    return members if _platform_of_members(members) else []


def _name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name; many programs write UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & _UTF_8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _platform_of_members(members: Sequence[_Member]) -> str:
    files = {parts[0] for parts, _ in members if len(parts) == 1}
    platform = platform_of(files, {parts[0] for parts, _ in members if len(parts) > 1})
    if platform == "canvas" and sum(map(gradable, files)) == 1:
        return ""  # a student may have packed a file that came from Canvas
    return platform


def _unpack(
    given: Path, archive: zipfile.ZipFile, members: Sequence[_Member], folder: Path
) -> None:
    """Write what may be looked at: what lies at the top, and notebooks and zips in folders.

    Of a file that is too large to be graded only so much is written that it is seen to be.
    """
    wanted = [m for m in members if len(m[0]) == 1 or gradable(m[0][-1])]
    if len(members) > MAX_MEMBERS:
        raise UsageError(f"{given} holds more than {MAX_MEMBERS:,} files; {_BY_HAND}.")
    if sum(_size(member) for member in wanted) > MAX_UNPACKED:
        raise UsageError(f"{given} holds more than {MAX_UNPACKED // 2**30} GB; {_BY_HAND}.")
    if any(".." in parts or "" in parts[:-1] for parts, _ in members):
        raise UsageError(f"{given} holds paths that lead out of it; download it again.")
    if any(stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG) for _, info in wanted):
        raise UsageError(f"{given} holds links in place of files; {_BY_HAND}.")
    if any(info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS for _, info in wanted):
        raise UsageError(f"{given} needs a password or an unusual program; {_BY_HAND}.")
    for name in {parts[0] for parts, _ in members if len(parts) > 1}:
        _inside(folder, name).mkdir()
    for number, member in enumerate(wanted):
        parts, info = member
        if len(parts) == 1:
            path = folder / _fitting(parts[0])
            path = path.with_stem(f"{path.stem}-{number}") if path.exists() else path
        else:
            path = _inside(folder, parts[0]) / _fitting(parts[-1])
            if path.exists():
                path = path.parent / f"{number:06}" / path.name
                path.parent.mkdir()
        _write(archive, info, _size(member), path)


def _size(member: _Member) -> int:
    """Return how many bytes to unpack."""
    parts, info = member
    most = MAX_METADATA if parts == (METADATA,) else MAX_NOTEBOOK_BYTES
    return min(info.file_size, most + 1)


def _inside(folder: Path, name: str) -> Path:
    """Return a folder's path; a name that no file system takes loses its beginning, not its id."""
    return folder / name.encode()[-_LONGEST_MEMBER:].decode(errors="ignore")


def _fitting(name: str) -> str:
    """Return a name that file systems take: what is too long loses the end before its suffix."""
    raw, suffix = name.encode(), name[name.rfind(".") :].encode() if gradable(name) else b""
    if len(raw) <= _LONGEST_MEMBER:
        return name
    return raw[: _LONGEST_MEMBER - len(suffix)].decode(errors="ignore") + suffix.decode()


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int, path: Path) -> None:
    with archive.open(info) as packed, path.open("xb") as file:
        while size > 0 and (piece := packed.read(min(size, _PIECE))):
            size -= len(piece)
            file.write(piece)
    try:
        modified = datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError):
        modified = 0.0
    os.utime(path, (modified, modified))
