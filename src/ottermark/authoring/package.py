"""Write the folders of a build and the upload, with the same bytes every time."""

from __future__ import annotations

import copy
import json
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from ottermark.authoring.lab_packages import upload_requirements
from ottermark.authoring.new_lab import TEMPLATE
from ottermark.authoring.split import Split
from ottermark.authoring.student_grader import add_notebook_grader
from ottermark.authoring.student_readme import README, student_readme
from ottermark.authoring.student_requirements import REQUIREMENTS, student_requirements
from ottermark.config import CONFIG_FILE, GradingConfig
from ottermark.files import files_below
from ottermark.gradescope.container_limits import GRACE_SECONDS, run_limit
from ottermark.grading.autograder import PACKAGE, SELF_TEST, TOOL, UPLOAD
from ottermark.limits import MiB

FOLDERS = ("student", "autograder", "solutions")
COLAB = "colab.zip"
MAX_COLAB = 256 * MiB  # of a zip that the notebook does not name
MAX_COPIED, MAX_COPIES = 256 * MiB, 2_000  # bytes and files that are copied to be verified with
INSTALLER = "installer.lock"  # uv itself
CONTAINER = PACKAGE / "gradescope"
SCRIPTS = CONTAINER / "container"


def write_student_folder(split: Split, config: GradingConfig, target: Path) -> None:
    """Write what students receive."""
    shutil.copytree(split.student_files, target, symlinks=True)
    for name in (COLAB, split.assignment.notebook):  # nothing is written through a link
        (target / name).unlink(missing_ok=True)
    if config.notebook_grader:
        add_notebook_grader(split.assignment, split.student, target)
    if _has_use_for_colab(split, target):
        zip_folder(target, target / COLAB, files_in(target))
    nbformat.write(split.student, target / split.assignment.notebook)
    if config.notebook_grader:
        _add_text(target / REQUIREMENTS, student_requirements(split))
        _add_text(target / README, student_readme(split, target, config.colab))


def _has_use_for_colab(split: Split, folder: Path) -> bool:
    """Tell whether to zip the files: Colab takes them one at a time, and no folders."""
    if any(COLAB in cell.source for cell in split.student.cells):
        return True
    paths = files_below(folder)
    return bool(paths) and _size(paths) <= MAX_COLAB


def _is_large(folder: Path) -> bool:
    paths = files_below(folder)
    return len(paths) > MAX_COPIES or _size(paths) > MAX_COPIED


def _size(paths: Sequence[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _add_text(path: Path, text: str) -> None:
    """Write a file unless the lab has one of that name."""
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def write_autograder_folder(
    split: Split, options: Mapping[str, Any], config: GradingConfig, target: Path
) -> None:
    """Write what Gradescope receives, but for catalogue, leaderboard, rubrics and the zip.

    Args:
        options: what ``otter_config.json`` is to hold.
        config: the same, checked.
    """
    # tests may write beside their data, which must not change the author's own
    links = _is_large(split.grader_files)
    shutil.copytree(split.grader_files, target / "files", symlinks=links)
    shutil.copytree(split.tests, target / "tests")
    (target / CONFIG_FILE).write_text(json.dumps(options, indent=2) + "\n", encoding="utf-8")
    split.assignment.write(target)
    _add_container_parts(target, split, config)
    solution = copy.deepcopy(split.solution)  # graded once, when Gradescope builds the image
    solution.cells = [cell for cell in solution.cells if cell.cell_type == "code"]
    (target / SELF_TEST).mkdir()
    nbformat.write(solution, target / SELF_TEST / split.assignment.notebook)


def _add_container_parts(autograder: Path, split: Split, config: GradingConfig) -> None:
    """Add what the container needs: its scripts, the packages that the lab uses and this tool."""
    lock, requirements = upload_requirements(split)
    (autograder / "requirements.txt").write_text(lock, encoding="utf-8")
    if requirements:
        (autograder / "lab-requirements.txt").write_text("\n".join(requirements) + "\n")
    for script in sorted(path for path in SCRIPTS.iterdir() if path.is_file()):
        text = script.read_text(encoding="utf-8")
        text = text.replace("@SECONDS@", f"{run_limit(config) + GRACE_SECONDS:.0f}")
        (autograder / script.name).write_text(text, encoding="utf-8")
        (autograder / script.name).chmod(0o755)
    shutil.copyfile(CONTAINER / INSTALLER, autograder / "installer.txt")
    shutil.copytree(
        PACKAGE,
        autograder / TOOL,
        ignore=shutil.ignore_patterns(
            "__pycache__", "*.pyc", "*.lock", SCRIPTS.name, TEMPLATE.name
        ),
    )


def pack_upload(autograder: Path) -> None:
    """Write ``autograder.zip``: everything in the folder."""
    zip_folder(autograder, autograder / UPLOAD, [n for n in files_in(autograder) if n != UPLOAD])


def zip_folder(folder: Path, target: Path, names: Sequence[str]) -> None:
    """Zip ``names`` (paths under ``folder``) with fixed dates, modes and order.

    Nothing is compressed: versions of zlib differ in the bytes they write, and most of it is
    compressed data already.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(names):
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3  # Unix, wherever it is built, so that modes are preserved
            with (folder / name).open("rb") as file:
                is_script = file.read(2) == b"#!"
                info.external_attr = (0o100755 if is_script else 0o100644) << 16
                info.file_size = file.seek(0, os.SEEK_END)
                file.seek(0)
                with archive.open(info, "w") as member:
                    shutil.copyfileobj(file, member, MiB)


def files_in(folder: Path) -> list[str]:
    """Return the paths of all files under ``folder``, relative and sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in files_below(folder))


def changed_files(new: Path, old: Path) -> tuple[str, ...]:
    """Return the paths under the three folders that differ between two builds."""
    changed = []
    for folder in FOLDERS:
        names = {*files_in(new / folder), *files_in(old / folder)}
        for name in sorted(names):
            if not _same_content(new / folder / name, old / folder / name):
                changed.append(f"{folder}/{name}")
    return tuple(changed)


def is_committed(name: str) -> bool:
    """Tell whether a path as ``changed_files`` returns it is not of the upload or this tool in it."""
    return name != f"autograder/{UPLOAD}" and not name.startswith(f"autograder/{TOOL}/")


def _same_content(one: Path, other: Path) -> bool:
    if not (one.is_file() and other.is_file() and one.stat().st_size == other.stat().st_size):
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while block := first.read(MiB):
            if block != second.read(MiB):
                return False
    return True


def replace_folder(new: Path, old: Path) -> None:
    """Replace a folder by a finished one, so that one of the two is always complete.

    The finished one may hold links to files of the author's; they become files.
    """
    old.parent.mkdir(parents=True, exist_ok=True)
    arriving = old.with_name(f".{old.name}.new")
    leaving = old.with_name(f".{old.name}.old")
    shutil.rmtree(arriving, ignore_errors=True)
    shutil.rmtree(leaving, ignore_errors=True)
    shutil.copytree(new, arriving)
    if old.exists():
        old.rename(leaving)
    arriving.rename(old)
    shutil.rmtree(leaving, ignore_errors=True)
