"""The locked packages that an upload installs: ottermark's own, and of Keras's what the lab uses.

There are two locks, resolved together, so that a package has the same version in both:
``requirements.lock`` has what ottermark needs for any lab, ``keras.lock`` has besides what its extra
``keras`` needs.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from ottermark.grading.autograder import PACKAGE

_FOLDER = PACKAGE / "gradescope"
_BLOCK = re.compile(r"^(?=\S)", re.M)  # a package with its hashes and what requires it
_PINNED = re.compile(r"([\w.-]+)==((\d+\.\d+)[^\s;\\]*)")
_PARENT = re.compile(r"^    #   (?:via )?([\w.-]+)|^    # via ([\w.-]+)", re.M)


def locked_packages(packages: Collection[str]) -> str:
    """Return the lock of an upload.

    Args:
        packages: the names of the packages that the lab imports; others than those in
            ``keras.lock`` are left out.
    """
    core, full = _read("requirements.lock"), _read("keras.lock")
    blocks = _BLOCK.split(full)[1:]
    always = {_name(block) for block in _BLOCK.split(core)[1:]}
    needed = _with_requirements(packages, blocks) | always
    if needed == always:
        return core
    return "".join(block for block in blocks if _name(block) in needed)


@cache
def locked_versions() -> dict[str, tuple[str, str]]:
    """Return for each locked package its version, and the major and minor part of that.

    Of several versions it is the first, which is for the oldest Python.
    """
    pinned = [_PINNED.match(block) for block in _BLOCK.split(_read("keras.lock"))]
    return {pin[1]: (pin[2], pin[3]) for pin in reversed(pinned) if pin}


def _with_requirements(packages: Collection[str], blocks: Collection[str]) -> set[str]:
    """Return packages with all that they require, as far as it is in a lock."""
    parents = {(_name(block), a or b) for block in blocks for a, b in _PARENT.findall(block)}
    needed: set[str] = set()
    added = {_name(block) for block in blocks} & set(packages)
    while added:
        needed |= added
        added = {child for child, parent in parents if parent in needed} - needed
    return needed


def _name(block: str) -> str:
    return block.partition("==")[0]


def _read(lock: str) -> str:
    return (_FOLDER / lock).read_text(encoding="utf-8")
