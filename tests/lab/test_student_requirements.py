"""The requirements file of students, resolved for the computers that they may have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

REQUIREMENTS = PROJECT / "student" / "requirements.txt"


def test_the_requirements_are_what_the_notebook_imports_and_jupyterlab() -> None:
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    names = [line.partition("~=")[0].partition("==")[0] for line in lines]
    assert names == [
        *("jupyterlab", "keras", "matplotlib", "numpy", "otter-grader", "pandas"),
        *("scikit-learn", "tensorflow"),
    ]


@pytest.mark.ci
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("platform", ["linux", "aarch64-apple-darwin", "windows"])
def test_the_requirements_resolve_from_wheels(platform: str, python: str, tmp_path: Path) -> None:
    """It needs a network."""
    uv = Path(sys.executable).with_name("uv")
    options = ["-q", "--no-header", "--only-binary", ":all:", "-o", str(tmp_path / "resolved.txt")]
    computer = ["--python-platform", platform, "--python-version", python]
    done = subprocess.run(
        [uv, "pip", "compile", *options, *computer, REQUIREMENTS],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    resolved = (tmp_path / "resolved.txt").read_text()
    assert "\ntensorflow==" in resolved and "\njupyterlab==" in resolved
