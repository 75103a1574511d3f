"""Sheets whose code looks alike, beyond what everybody was given and what many wrote.

The copydetect library turns code into passages that no longer know names, comments or layout. Right
answers to short questions are alike by nature, so only unusual passages count: those that neither
the blank notebook nor many of the other sheets hold.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

LENGTH = 25  # characters of a passage, where a name is one: copydetect's own choice
MAX_CODE = 50_000  # characters that are read of a sheet
MANY = 3  # a passage that more of the other sheets hold is common ...
SHARE_OF_MANY = 0.1  # ... if they are a larger share of them than this
MIN_UNUSUAL = 200  # passages; a sheet that has fewer could be like another by chance
MIN_SHARE = 0.6  # unrelated solutions of a course on the same subject: 0.36 at most in 421 pairs
MAX_PASSAGE = 600


@dataclass(frozen=True)
class Alike:
    """Two sheets that look alike.

    Attributes:
        first, second: the submissions, in order of names.
        share: how much of the smaller one's unusual code is in the other, from 0 to 1.
        lines: how many lines of the first hold it.
        passage: the longest piece of it that stands in one place, as the first has it.
    """

    first: str
    second: str
    share: float
    lines: int
    passage: str


def alike(code: Mapping[str, str], scaffold: str) -> list[Alike]:
    """Return the pairs of sheets that look alike, the most striking first.

    Args:
        code: by submission, the source of all its code cells.
        scaffold: the source of the code cells that everybody was given.

    Raises:
        ImportError: copydetect is not installed.
    """
    given = _passages(scaffold)
    own = {name: np.setdiff1d(_passages(code[name]), given) for name in sorted(code)}
    if len(own) < 2:
        return []
    every, sheets = np.unique(np.concatenate([*own.values()]), return_counts=True)
    common = every[sheets - 1 > max(MANY, SHARE_OF_MANY * (len(own) - 1))]
    own = {name: np.setdiff1d(passages, common) for name, passages in own.items()}
    own = {name: passages for name, passages in own.items() if len(passages) >= MIN_UNUSUAL}
    fingerprint = cache(lambda name: _fingerprint(code[name]))
    lines_given = {"", *(line.strip() for line in scaffold.splitlines())}
    pairs = []
    for (first, second), count in _shared(own).items():
        share = count / min(len(own[first]), len(own[second]))
        if share >= MIN_SHARE:
            both = fingerprint(first), fingerprint(second)
            unusual = set(np.intersect1d(own[first], own[second]).tolist())
            pairs.append(Alike(first, second, share, *_in_common(*both, unusual, lines_given)))
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.lines, pair.first, pair.second))


def _fingerprint(code: str) -> Any:
    from copydetect import CodeFingerprint

    # what pygments would do to ends of lines, done before, so that places in the text stay right
    text = "\n".join(code[:MAX_CODE].split("\r\n")).strip().lstrip("\ufeff")
    # with a window of one no passage is left out; with any other, chance would choose
    return CodeFingerprint("", LENGTH, 1, language="python", fp=io.StringIO(text))


def _passages(code: str) -> NDArray[np.int64]:
    """Return the passages of a sheet, each once, as numbers."""
    return np.array(sorted(_fingerprint(code).hashes), dtype=np.int64)


def _shared(own: Mapping[str, NDArray[np.int64]]) -> Counter[tuple[str, str]]:
    """Count the passages that each two sheets share, by way of the sheets that share each."""
    if not own:
        return Counter()
    every, sheets = np.unique(np.concatenate([*own.values()]), return_counts=True)
    several = every[sheets > 1]
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for name, passages in own.items():
        for passage in np.intersect1d(passages, several).tolist():
            holders[passage].append(name)
    # many passages have the same holders, so that a long text costs no more than a short one
    shared: Counter[tuple[str, str]] = Counter()
    for names, times in Counter(map(tuple, holders.values())).items():
        for pair in combinations(names, 2):
            shared[pair] += times
    return shared


def _in_common(first: Any, second: Any, unusual: set[int], given: set[str]) -> tuple[int, str]:
    """Return how many lines of the first sheet hold unusual passages, and the longest piece.

    Args:
        given: the lines that everybody was given, which neither counts nor shows.
    """
    from copydetect import compare_files

    narrowed = copy(first)
    narrowed.hashes = unusual
    _, _, (places, _) = compare_files(narrowed, second)
    lines = first.raw_code.split("\n")
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    pieces = [
        [n for n in range(begin, end + 1) if n < len(lines) and lines[n].strip() not in given]
        for begin, end in (np.searchsorted(starts, places.T, side="right") - 1).tolist()
    ]
    longest = max(pieces, key=len)
    return len(set().union(*pieces)), "\n".join(lines[n] for n in longest)[:MAX_PASSAGE]
