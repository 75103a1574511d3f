"""The virtual environments of the graders, made once and kept in the user's cache."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path


def environment_of(packages: Sequence[str]) -> Path:
    """Return an environment with packages from PyPI, which pip installs if it is not there yet.

    Args:
        packages: with their versions; none for the environment that this runs in.
    """
    if not packages:
        return Path(sys.prefix)
    parts = repr((sys.version_info[:2], sorted(packages)))
    digest = hashlib.sha256(parts.encode()).hexdigest()[:12]
    folder = user_cache_path("ottermark-bench") / f"{packages[0].replace('==', '-')}-{digest}"
    done = folder / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *packages], check=True, stdout=sys.stderr)
        done.touch()
    return folder
