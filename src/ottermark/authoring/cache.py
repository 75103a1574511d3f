"""Cache of successful verifications.

It is in the user's cache folder. A key is a hash over everything that decides the result: the code
of the notebook, the autograder, this tool and the installed packages.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from ottermark.files import cache_folder, write_atomically
from ottermark.grading.autograder import DECIDING_PACKAGES, Autograder, tool_digest

MAX_ENTRIES = 200  # the least recently used are removed


def key(kind: str, grader: Autograder, notebook: Any) -> str:
    """Return the key of the verification of ``notebook`` as ``kind``."""
    return key_of(kind, grader.digest, notebook)


def key_of(kind: str, deciding: Any, notebook: Any) -> str:
    """Return a key for ``notebook`` as ``kind``; see ``key``.

    Args:
        deciding: what decides the result besides the notebook, this tool and the packages; JSON.
    """
    tool = tool_digest((*DECIDING_PACKAGES, "authoring"))
    digest = hashlib.sha256(f"{json.dumps(deciding)}{tool}".encode())
    for cell in notebook.cells:
        if cell.cell_type == "code":
            otter = cell.metadata.get("otter", {})
            digest.update(json.dumps([cell.source, otter], sort_keys=True).encode() + b"\0")
    packages = {f"{package.name} {package.version}" for package in distributions()}
    digest.update("\n".join(sorted(packages)).encode())
    return f"{kind}-{digest.hexdigest()}"


def read(key: str) -> Any:
    """Return the entry of a key; None if there is none."""
    with contextlib.suppress(OSError, ValueError):
        path = _folder() / key
        os.utime(path)
        return json.loads(path.read_text(encoding="utf-8"))
    return None


def write(key: str, entry: Any) -> None:
    """Store ``entry`` as JSON; do nothing if the folder cannot be written."""
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / key, json.dumps(entry))
        for old in sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime)[:-MAX_ENTRIES]:
            old.unlink(missing_ok=True)


def _folder() -> Path:
    return cache_folder("verifications")
