"""The package as others install it: a wheel, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import PROJECT

from ottermark import __version__

pytestmark = [pytest.mark.ci, pytest.mark.slow, pytest.mark.xdist_group("installed")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, folder: Path, *arguments: str) -> str:
    """Run the installed command; return its output."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ottermark", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_every_file_and_the_version(site: Path, tmp_path: Path) -> None:
    source = PROJECT / "src"
    files = {
        path.relative_to(source)
        for path in (source / "ottermark").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files == {p.relative_to(site) for p in (site / "ottermark").rglob("*") if p.is_file()}
    assert (site / f"ottermark-{__version__}.dist-info").is_dir()
    assert run(site, tmp_path, "--version") == f"ottermark, version {__version__}\n"


def test_an_installed_copy_builds_and_grades_a_lab(site: Path, tmp_path: Path) -> None:
    lab = tmp_path / "lab"
    shutil.copytree(PROJECT / "docs" / "tutorial", lab)
    run(site, lab, "build")
    run(site, lab, "grade", "solutions", "-o", "grades")
    assert ",graded,4,4," in (lab / "grades" / "grades.csv").read_text(encoding="utf-8")
