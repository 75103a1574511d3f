"""A small lab that works as it stands, to start one's own from."""

from __future__ import annotations

import shutil
from pathlib import Path

from ottermark.errors import UsageError

TEMPLATE = Path(__file__).parent / "templates" / "new_lab"


def write_new_lab(folder: Path) -> tuple[str, ...]:
    """Write the lab into a folder that is empty or does not exist.

    Returns:
        The paths of its files in the folder.

    Raises:
        UsageError: there is something in the folder, or it cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty; name a folder that does not exist yet.")
        shutil.copytree(
            TEMPLATE,
            folder,
            ignore=shutil.ignore_patterns("__pycache__"),
            copy_function=shutil.copyfile,
            dirs_exist_ok=True,
        )
    except NotADirectoryError:
        raise UsageError(f"{folder} is a file; name a folder that does not exist yet.") from None
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written ({error.strerror or error}); name another folder."
        ) from None
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return tuple(sorted(path.as_posix() for path in paths))
