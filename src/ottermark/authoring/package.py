"""Write the folders of a build and the upload, the same bytes every time."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ottermark.config import GradingConfig
from ottermark.gradescope.container_limits import GRACE_SECONDS, run_limit
from ottermark.grading.autograder import TOOL, UPLOAD

COLAB = "colab.zip"
LOCK = "requirements.lock"
INSTALLER = "installer.lock"  # uv itself
PACKAGE = Path(__file__).parents[1]
CONTAINER = PACKAGE / "gradescope"  # the locks, and the scripts
SCRIPTS = CONTAINER / "container"


def zip_folder(folder: Path, target: Path, names: list[str]) -> None:
    """Zip ``names`` (paths under ``folder``) with fixed dates, modes and order.

    Nothing is compressed: versions of zlib differ in the bytes they make, and most of it is
    compressed data already.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(names):
            source = folder / name
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3  # Unix, wherever it is built, so that modes are kept
            executable = source.read_bytes()[:2] == b"#!"
            info.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(info, source.read_bytes())


def files_in(folder: Path) -> list[str]:
    """Return the paths of all files under ``folder``, relative and sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def add_container_parts(
    autograder: Path, requirements: Sequence[str], options: GradingConfig
) -> None:
    """Add what the container needs: its scripts, the locked packages and this tool.

    Args:
        requirements: what the lab needs besides, as pip takes it.
        options: of grading.
    """
    if requirements:
        (autograder / "lab-requirements.txt").write_text("\n".join(requirements) + "\n")
    for script in sorted(SCRIPTS.iterdir()):
        text = script.read_text(encoding="utf-8")
        text = text.replace("@SECONDS@", f"{run_limit(options) + GRACE_SECONDS:.0f}")
        (autograder / script.name).write_text(text, encoding="utf-8")
        (autograder / script.name).chmod(0o755)
    shutil.copyfile(CONTAINER / LOCK, autograder / "requirements.txt")
    shutil.copyfile(CONTAINER / INSTALLER, autograder / "installer.txt")
    shutil.copytree(
        PACKAGE,
        autograder / TOOL,
        ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "*.lock", SCRIPTS.name),
    )


def pack_upload(autograder: Path) -> None:
    """Write ``autograder.zip``: everything in the folder."""
    zip_folder(autograder, autograder / UPLOAD, [n for n in files_in(autograder) if n != UPLOAD])
