"""The files that an author ships, prepared once and shared by all notebooks of a sandbox.

Where the isolation has mounts, each notebook sees them through an overlay: it may change them, and
what it changes is its own. Elsewhere the small ones are copied into its folder, which it may change
too, and the others are links to one copy that it can only read (without isolation, also write).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ottermark.limits import MiB

MAX_ENTRIES = 500  # files, folders and links that are made for each notebook
MAX_COPIED_FILE = 4 * MiB
MAX_COPIED = 32 * MiB
NEVER_READ = (
    4_000_000_000 * 10**9
)  # in the year 2096; Linux leaves a time alone that is later than now


@dataclass(frozen=True)
class SharedFiles:
    """One copy of an author's files, and what is made of it for a notebook without an overlay.

    Attributes:
        folder: holds all files.
        copied: paths of the files that such a notebook gets copies of.
        linked: paths of the files and folders that it gets links to.
        size: bytes of those in ``copied``.
    """

    folder: str
    copied: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    size: int = 0

    @property
    def entries(self) -> int:
        """How many files, folders and links ``place`` makes."""
        names = (*self.copied, *self.linked)
        folders = {parent for name in names for parent in PurePosixPath(name).parents}
        return len(names) + len(folders)

    def place(self, target: Path, seen_as: str | None = None) -> None:
        """Make the copies and links in a notebook's folder.

        Args:
            seen_as: the path of ``folder`` where the notebook sees it, if that is another.
        """
        for name in self.copied:
            _make_parent(target / name)
            shutil.copyfile(Path(self.folder, name), target / name)
        for name in self.linked:
            _make_parent(target / name)
            (target / name).symlink_to(f"{seen_as or self.folder}/{name}")


def share_files(files: Mapping[str, Path], folder: Path, writable: bool) -> SharedFiles:
    """Copy files into a new folder that notebooks can share.

    Args:
        files: by the path that they have beside a notebook.
        writable: whether anybody who gets to the folder may write, as below an overlay, which
            keeps what is written; else nobody may.
    """
    folder.mkdir()
    for name, source in files.items():
        _make_parent(folder / name)
        shutil.copyfile(source, folder / name)
    copied, linked, size = _plan(folder, files)
    file_mode, folder_mode = (0o666, 0o777) if writable else (0o444, 0o555)
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            _seal(os.path.join(parent, name), file_mode)
        _seal(parent, folder_mode)
    return SharedFiles(str(folder), copied, linked, size)


def _seal(path: str, mode: int) -> None:
    """Set the mode, and a time of access that reading does not change: it could tell others what was read."""
    os.chmod(path, mode)
    os.utime(path, ns=(NEVER_READ, os.stat(path).st_mtime_ns))


@dataclass
class _Folder:
    """A folder of the author's, as the plan of copies and links sees it."""

    folders: dict[str, _Folder] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def _plan(folder: Path, files: Mapping[str, Path]) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return which files to copy, which files and folders to link, and the bytes to copy."""
    own, linked = _own_folders(_tree(files))
    copied, size = [], 0
    for name in own:
        length = os.path.getsize(folder / name)
        if length <= MAX_COPIED_FILE and size + length <= MAX_COPIED:
            copied.append(name)
            size += length
        else:
            linked.append(name)
    return tuple(copied), tuple(linked), size


def _tree(files: Mapping[str, Path]) -> _Folder:
    root = _Folder()
    for name in sorted(files):
        *parents, _ = name.split("/")
        folder = root
        for parent in parents:
            folder = folder.folders.setdefault(parent, _Folder())
        folder.files.append(name)
    return root


def _own_folders(root: _Folder) -> tuple[list[str], list[str]]:
    """Return the files in folders that each notebook has of its own, and the folders to link.

    Folders higher up come first, until there would be too many entries. The root is always a
    notebook's own, whatever is in it.
    """
    files, linked, entries = list(root.files), [], len(root.files) + len(root.folders)
    level = list(_children("", root))
    while level:
        below: list[tuple[str, _Folder]] = []
        for name, folder in level:
            count = len(folder.files) + len(folder.folders)
            if entries + count > MAX_ENTRIES:
                linked.append(name)
                continue
            entries += count
            files += folder.files
            below += _children(f"{name}/", folder)
        level = below
    return files, linked


def _children(prefix: str, folder: _Folder) -> Iterator[tuple[str, _Folder]]:
    for name, child in folder.folders.items():
        yield prefix + name, child


def _make_parent(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
