"""The requirements file of students: what the notebook imports, and JupyterLab.

The grader's lock has exact versions for one platform. For any computer, students get ranges: from
the minor version in the lock up to the next major version.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from ottermark.authoring.split import Split
from ottermark.grading.autograder import PACKAGE

REQUIREMENTS = "requirements.txt"
_LOCK = PACKAGE / "gradescope" / "requirements.lock"

_JUPYTERLAB = "jupyterlab~=4.2"  # a range of its own: the grader does not need it
_OTTER = "otter-grader"  # its tests are read by this version
_BACKENDS = {"keras": "tensorflow"}  # Keras does not require one
_ONE_PLATFORM = {"tensorflow-cpu": "tensorflow"}  # has wheels for Linux alone
_PINNED = re.compile(r"^([\w.-]+)==((\d+\.\d+)[^\s;\\]*)", re.M)
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def student_requirements(split: Split) -> str:
    """Return the content of a requirements file.

    The lab's own requirements come last, unchanged, and replace the range of a package.
    """
    lab = split.requirements
    packages = {_OTTER, *_imported_packages(split)}
    packages |= {_BACKENDS[package] for package in packages & _BACKENDS.keys()}
    packages -= {_normalize(name[0]) for line in lab if (name := _NAME.match(line))}
    versions = _locked_versions()
    lines = [_JUPYTERLAB, *(_with_range(name, versions.get(name)) for name in packages)]
    return "\n".join([*sorted(lines), *lab]) + "\n"


def _imported_packages(split: Split) -> Iterator[str]:
    """Yield the packages on PyPI that the solution imports, as far as they are installed here."""
    local = {Path(name).parts[0].removesuffix(".py") for name in split.assignment.student_files}
    modules = {module.partition(".")[0] for module in split.assignment.imports}
    installed = importlib.metadata.packages_distributions()
    for module in modules - local - sys.stdlib_module_names:
        for package in map(_normalize, installed.get(module, ())):
            yield _ONE_PLATFORM.get(package, package)


def _locked_versions() -> dict[str, tuple[str, str]]:
    """Return for each package in the lock its version, and the major and minor part of that.

    Of several versions it is the first, which is for the oldest Python.
    """
    pinned = _PINNED.findall(_LOCK.read_text(encoding="utf-8"))
    return {name: (version, minor) for name, version, minor in reversed(pinned)}


def _normalize(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _with_range(package: str, locked: tuple[str, str] | None) -> str:
    """Return a package with its versions.

    Args:
        locked: its version in the lock, and the major and minor part of that; None without one.
    """
    if locked is None:
        return package
    version, minor = locked
    return f"{package}=={version}" if package == _OTTER else f"{package}~={minor}"
