"""The requirements file of students: what the notebook imports, and JupyterLab.

The grader's lock has exact versions for one platform. For any computer, students get ranges: from
the minor version in the lock up to the next major version.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from ottermark.authoring.lab_packages import BACKENDS, imported_packages, required_name
from ottermark.authoring.lock import locked_versions
from ottermark.authoring.split import Split

REQUIREMENTS = "requirements.txt"

_JUPYTERLAB = "jupyterlab~=4.2"  # a range of its own: the grader does not need it
_OTTER = "otter-grader"  # its tests are read by this version
_ONE_PLATFORM = {"tensorflow-cpu": "tensorflow"}  # has wheels for Linux alone


def student_requirements(split: Split) -> str:
    """Return the content of a requirements file.

    The lab's own requirements come last, unchanged, and replace the range of a package.
    """
    lab = split.requirements
    packages = {_OTTER, *_imported_packages(split)}
    packages |= {BACKENDS[package] for package in packages & BACKENDS.keys()}
    packages -= set(map(required_name, lab))
    versions = locked_versions()
    lines = [_JUPYTERLAB, *(_with_range(name, versions.get(name)) for name in packages)]
    return "\n".join([*sorted(lines), *lab]) + "\n"


def _imported_packages(split: Split) -> Iterator[str]:
    """Yield the packages on PyPI that the solution imports, as far as they are installed here."""
    local = {Path(name).parts[0].removesuffix(".py") for name in split.assignment.student_files}
    modules = {module.partition(".")[0] for module in split.assignment.imports}
    for package in imported_packages(modules - local - sys.stdlib_module_names):
        yield _ONE_PLATFORM.get(package, package)


def _with_range(package: str, locked: tuple[str, str] | None) -> str:
    """Return a package with its versions.

    Args:
        locked: its version in the lock, and the major and minor part of that; None without one.
    """
    if locked is None:
        return package
    version, minor = locked
    return f"{package}=={version}" if package == _OTTER else f"{package}~={minor}"
