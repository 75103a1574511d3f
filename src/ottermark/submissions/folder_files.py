"""The files in a student's folder, within bounds: folders can be nested deeper than paths are long."""

from __future__ import annotations

import os
from pathlib import Path

MAX_DEPTH = 50  # folders in each other
MAX_FILES = 20_000  # of one student
MAX_CLASS_FILES = 1_000_000
MAX_PATH_BYTES = 4_000  # Linux takes no longer path than 4,095


def files_in(folder: Path, most: int = MAX_FILES) -> list[Path]:
    """Return what is below a folder and is no folder, links included, sorted.

    Links are not followed. What lies too deep, or in a folder that may not be read, is left out; of a
    folder with too many files nothing is returned, and so it is rejected.

    Args:
        most: how many files and folders may be in it.
    """
    files: list[Path] = []
    inside = [folder]
    for _ in range(MAX_DEPTH):
        deeper: list[Path] = []
        for parent in inside:
            folders, others = _split(parent, most)
            deeper += folders
            files += others
            if len(files) + len(deeper) > most:
                return []
        inside = deeper
    return sorted(files)


def _split(folder: Path, most: int) -> tuple[list[Path], list[Path]]:
    """Return the folders in a folder, and all else."""
    folders: list[Path] = []
    others: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(os.fsencode(entry.path)) <= MAX_PATH_BYTES:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (folders if is_folder else others).append(Path(entry.path))
                if len(folders) + len(others) > most:
                    break
    except PermissionError:
        pass
    return folders, others
