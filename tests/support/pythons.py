"""The versions of Python that ottermark supports, and where this machine has them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


def supported() -> list[str]:
    """Return the versions that ``requires-python`` allows, such as ``3.11``."""
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    bounds = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"$', text, re.M)
    assert bounds is not None
    return [f"3.{minor}" for minor in range(int(bounds[1]), int(bounds[2]))]


@cache
def find(version: str) -> Path | None:
    """Return a Python of a version: this one, one in the usual places, or one that uv can fetch."""
    for python in _candidates(version):
        code = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
        done = subprocess.run([python, "-c", code], capture_output=True, text=True)
        if done.stdout.strip() == version:
            return python
    return None


def _candidates(version: str) -> Iterator[Path]:
    if version == "{}.{}".format(*sys.version_info[:2]):
        yield Path(sys.executable)
    name = f"python{version}"
    if path := shutil.which(name):
        yield Path(path)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"))
    folder = PROJECT / "build" / "pythons"
    environment = os.environ | {"UV_PYTHON_INSTALL_DIR": str(folder), "UV_HTTP_RETRIES": "0"}
    command = [str(UV), "python", "install", "-q", "--no-bin", version]
    subprocess.run(command, env=environment, capture_output=True)
    yield from sorted(folder.glob(f"*-{version}.*/bin/{name}"))
