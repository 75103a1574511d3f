"""Look through and remove folders whose content a student chose: any depth, any modes.

The programs of the system are used where Python's own functions end at the depth of their stack.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

SCAN_SECONDS = 20
_TIMED_OUT = 124  # what timeout exits with
_BLOCK = 512  # bytes, the unit of find's %b


def exceeds(folder: Path, files: int, size: int) -> bool:
    """Return whether there are more files, or more bytes in them, below a folder.

    The scan ends as soon as that is known. A folder that cannot be scanned within
    ``SCAN_SECONDS`` exceeds everything.
    """
    command = ["timeout", str(SCAN_SECONDS), "find", str(folder), "-xdev", "-printf", "%i %b\\n"]
    blocks: dict[bytes, int] = {}  # by inode: a file may have several names
    names = total = 0
    try:
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as scan:
            assert scan.stdout is not None
            for line in scan.stdout:
                inode, _, count = line.partition(b" ")
                names += 1
                total += int(count) - blocks.get(inode, 0)
                blocks[inode] = int(count)
                if names > files or total * _BLOCK > size:
                    scan.terminate()
                    return True
    except (OSError, ValueError):  # it cannot be started, or its last line is cut off
        return True
    return scan.returncode == _TIMED_OUT


def remove(folder: Path) -> None:
    """Remove a folder and all that is in it, as far as that can be done."""
    for command in (["rm", "-rf"], ["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
        if folder.exists():
            subprocess.run(
                [*command, "--", str(folder)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )


def remove_files_of(uid: int, folders: list[str]) -> None:
    """Remove a user's files from folders that everybody may write to."""
    subprocess.run(
        ["find", *folders, "-xdev", "-uid", str(uid), "-delete"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
