"""Write the folders of a build and the upload, the same bytes every time."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ottermark.autograder import TOOL, UPLOAD

COLAB = "colab.zip"
LOCK = "requirements.lock"
PACKAGE = Path(__file__).parents[1]

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of this assignment.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends python3.11 python3.11-venv
python3.11 -m venv /opt/ottermark
/opt/ottermark/bin/pip install --no-cache-dir --require-hashes -r /autograder/source/requirements.txt
if [ -e /autograder/source/lab-requirements.txt ]; then
    /opt/ottermark/bin/pip freeze > /tmp/locked.txt
    cd /autograder/source
    /opt/ottermark/bin/pip install --no-cache-dir -c /tmp/locked.txt -r lab-requirements.txt
fi
"""

RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for every submission.
set -euo pipefail
cd /autograder
export PYTHONPATH=/autograder/source
exec /opt/ottermark/bin/python -m ottermark.gradescope
"""


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


def add_container_parts(autograder: Path, requirements: Sequence[str]) -> None:
    """Add what the container needs: its two scripts, the locked packages and this tool.

    Args:
        requirements: what the lab needs besides, as pip takes it.
    """
    if requirements:
        (autograder / "lab-requirements.txt").write_text("\n".join(requirements) + "\n")
    for name, text in (("setup.sh", SETUP), ("run_autograder", RUN)):
        (autograder / name).write_text(text, encoding="utf-8")
        (autograder / name).chmod(0o755)
    shutil.copyfile(PACKAGE / LOCK, autograder / "requirements.txt")
    shutil.copytree(
        PACKAGE, autograder / TOOL, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", LOCK)
    )


def pack_upload(autograder: Path) -> None:
    """Write ``autograder.zip``: everything in the folder."""
    zip_folder(autograder, autograder / UPLOAD, [n for n in files_in(autograder) if n != UPLOAD])
