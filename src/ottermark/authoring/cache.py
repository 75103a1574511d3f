"""Proofs that held, kept so that what has not changed is not proven again.

They lie in the user's cache folder, under a hash over all that decides how they end: the code of
the notebook, the autograder, this tool, and the installed packages.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from ottermark.grading.autograder import DECIDING_PACKAGES, Autograder, tool_digest

MOST = 40  # the oldest go


def key(what: str, grader: Autograder, notebook: Any) -> str:
    """Return the name under which the proof that ``notebook`` is good as ``what`` is kept."""
    digest = hashlib.sha256(
        f"{grader.digest}{tool_digest((*DECIDING_PACKAGES, 'authoring'))}".encode()
    )
    for cell in notebook.cells:
        if cell.cell_type == "code":
            otter = cell.metadata.get("otter", {})
            digest.update(json.dumps([cell.source, otter], sort_keys=True).encode() + b"\0")
    packages = {f"{package.name} {package.version}" for package in distributions()}
    digest.update("\n".join(sorted(packages)).encode())
    return f"{what}-{digest.hexdigest()}"


def read(key: str) -> Any:
    """Return what was kept; None if nothing was."""
    with contextlib.suppress(OSError, ValueError):
        path = _folder() / key
        os.utime(path)
        return json.loads(path.read_text(encoding="utf-8"))
    return None


def keep(key: str, proof: Any) -> None:
    """Keep ``proof``, as JSON has it; without a folder to keep it in, do nothing."""
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        arriving = folder / f".{key}.{os.getpid()}"
        arriving.write_text(json.dumps(proof), encoding="utf-8")
        arriving.replace(folder / key)
        for old in sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)


def _folder() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "ottermark" / "proofs"
