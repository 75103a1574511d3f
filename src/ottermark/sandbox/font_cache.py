"""Keeps Matplotlib's list of the machine's fonts from one run to the next.

Matplotlib makes the list when it is first imported and finds none in its folder, which is new in each
run. With few fonts that costs 0.15 CPU seconds, with more fonts more.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from ottermark.files import cache_folder, write_atomically

_LISTS = "fontlist-*.json"  # one for each version of their format


def copy_into(folder: Path) -> None:
    """Copy the lists that are kept into ``folder``, from which Matplotlib is to read them."""
    with contextlib.suppress(OSError):
        _copy(cache_folder("matplotlib"), folder)


def keep(folder: Path) -> None:
    """Keep the lists in ``folder`` from now on; no student's code may have run there."""
    with contextlib.suppress(OSError):
        kept = cache_folder("matplotlib")
        kept.mkdir(parents=True, exist_ok=True)
        _copy(folder, kept)


def _copy(source: Path, target: Path) -> None:
    """Copy the lists that differ."""
    for path in source.glob(_LISTS):
        content, place = path.read_bytes(), target / path.name
        if not place.exists() or place.read_bytes() != content:
            # other runs may read it meanwhile
            write_atomically(place, content.decode(errors="replace"))
