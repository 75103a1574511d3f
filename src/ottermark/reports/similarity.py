"""Submissions with similar code, in groups, beyond what everybody was given and what many wrote.

The copydetect library turns code into fingerprints of short passages, in which names, comments and
layout do not count. Right answers to short questions are similar by nature, so only unusual
passages are compared: those that neither the student notebook nor many other submissions contain.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ottermark.text import without_trailing_spaces

PASSAGE_LENGTH = 25  # characters, where a name counts as one: copydetect's default
MAX_CODE = 50_000  # characters; the rest of a submission is not compared
# a passage is common if more of the other submissions than this contain it, in number and in share
COMMON_COUNT = 3
COMMON_SHARE = 0.1
MIN_UNUSUAL = 200  # passages; a submission with fewer could be similar to another by chance
MIN_SIMILARITY = 0.6  # independent solutions of one assignment reach 0.36, in 421 pairs
MAX_EXCERPT = 600  # characters
MAX_FINGERPRINTS = 256  # that are kept, some hundred kilobytes each
SIMILAR_FILE = "similar.json"  # in the output folder

_Passages = NDArray[np.int64]  # the hashes of a submission's passages, each once


@dataclass(frozen=True)
class SimilarPair:
    """Two submissions with similar code.

    Attributes:
        first: the submission whose name comes first.
        second: the other one.
        similarity: the share of the unusual passages of the smaller one that the other has too,
            from 0 to 1.
        lines: how many lines of the first one contain them.
        excerpt: the longest run of these lines.
    """

    first: str
    second: str
    similarity: float
    lines: int
    excerpt: str


@dataclass(frozen=True)
class SimilarGroup:
    """Submissions that are connected by pairs with similar code.

    Attributes:
        members: two or more submissions, in order of names.
        pairs: the most similar first; not every two members need to be one.
    """

    members: tuple[str, ...]
    pairs: tuple[SimilarPair, ...]


@dataclass(frozen=True)
class SimilarityReport:
    """What the comparison of a class has shown.

    Attributes:
        groups: None if submissions were not compared.
        not_compared: why they were not.
        results: ``results_digest`` of the results whose notebooks were compared; empty if that is
            not known.
    """

    groups: list[SimilarGroup] | None
    not_compared: str = ""
    results: str = ""

    def to_json(self) -> str:
        """Return it as JSON, for the page on which people compare submissions."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def results_digest(keys: Mapping[str, str | None]) -> str:
    """Return a digest of the results of a class, which changes when one of them is graded again.

    Args:
        keys: by submission, what the ledger knows its result by.
    """
    text = json.dumps(sorted((name, key or "") for name, key in keys.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_similar(path: Path) -> SimilarityReport:
    """Return the comparison in a file, or one that says why there is none."""
    try:
        return TypeAdapter(SimilarityReport).validate_json(path.read_bytes())
    except (OSError, ValueError):
        return SimilarityReport(
            None, f"{path.name} is missing or damaged; run `ottermark grade` again."
        )


def group_pairs(pairs: Sequence[SimilarPair]) -> list[SimilarGroup]:
    """Return the groups that pairs connect; the one with the most similar pair comes first.

    Args:
        pairs: the most similar first.
    """
    group_of: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group_of.get(pair.first, {pair.first}) | group_of.get(pair.second, {pair.second})
        group_of |= dict.fromkeys(joined, joined)
    groups: dict[tuple[str, ...], list[SimilarPair]] = {}
    for pair in pairs:
        groups.setdefault(tuple(sorted(group_of[pair.first])), []).append(pair)
    return [SimilarGroup(members, tuple(some)) for members, some in groups.items()]


def find_similar_pairs(code: Mapping[str, str], scaffold: str) -> list[SimilarPair]:
    """Return the pairs of submissions with similar code, the most similar first.

    Args:
        code: by submission, the source of all its code cells.
        scaffold: the source of the student notebook's code cells.

    Raises:
        ImportError: copydetect is not installed.
    """
    fingerprint = lru_cache(MAX_FINGERPRINTS)(_fingerprint)  # many blank notebooks are the same
    own = {name: _passages(fingerprint(code[name])) for name in sorted(code)}
    unusual = _unusual_passages(own, _passages(fingerprint(scaffold)))
    scaffold_lines = {"", *(line.strip() for line in scaffold.splitlines())}
    pairs = []
    for (first, second), count in _count_shared(unusual).items():
        similarity = count / min(len(unusual[first]), len(unusual[second]))
        if similarity < MIN_SIMILARITY:
            continue
        shared = set(np.intersect1d(unusual[first], unusual[second]).tolist())
        runs = _shared_lines(
            fingerprint(code[first]), fingerprint(code[second]), shared, scaffold_lines
        )
        lines = len({number for run in runs for number, _ in run})
        excerpt = "\n".join(line for _, line in max(runs, key=len))[:MAX_EXCERPT]
        pairs.append(SimilarPair(first, second, similarity, lines, excerpt))
    return sorted(pairs, key=lambda pair: (-pair.similarity, -pair.lines, pair.first, pair.second))


def _unusual_passages(
    all_passages: Mapping[str, _Passages], scaffold: _Passages
) -> dict[str, _Passages]:
    """Return the unusual passages of the submissions that have enough of them, in the same order."""
    own = {name: np.setdiff1d(passages, scaffold) for name, passages in all_passages.items()}
    if len(own) < 2:
        return {}
    passages, counts = np.unique(np.concatenate([*own.values()]), return_counts=True)
    common = passages[counts - 1 > max(COMMON_COUNT, COMMON_SHARE * (len(own) - 1))]
    unusual = {name: np.setdiff1d(passages, common) for name, passages in own.items()}
    return {name: passages for name, passages in unusual.items() if len(passages) >= MIN_UNUSUAL}


def _fingerprint(code: str) -> Any:
    from copydetect import CodeFingerprint

    # normalized as by pygments, which copydetect uses, so that positions in the text stay right
    text = without_trailing_spaces(code[:MAX_CODE]).strip().lstrip("\ufeff")
    # a window of one keeps every passage; with a larger one, hashes choose which to keep
    return CodeFingerprint("", PASSAGE_LENGTH, 1, language="python", fp=io.StringIO(text))


def _passages(fingerprint: Any) -> _Passages:
    return np.array(sorted(fingerprint.hashes), dtype=np.int64)


def _count_shared(unusual: Mapping[str, _Passages]) -> Counter[tuple[str, str]]:
    """Count the passages that each two submissions share; pairs without any are left out."""
    if not unusual:
        return Counter()
    passages, counts = np.unique(np.concatenate([*unusual.values()]), return_counts=True)
    shared_by_some = passages[counts > 1]
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for name, own in unusual.items():
        for passage in np.intersect1d(own, shared_by_some).tolist():
            holders[passage].append(name)
    # many passages have the same holders, so count by holders rather than by passage
    shared: Counter[tuple[str, str]] = Counter()
    for names, count in Counter(map(tuple, holders.values())).items():
        for pair in combinations(names, 2):
            shared[pair] += count
    return shared


def _shared_lines(
    first: Any, second: Any, passages: set[int], scaffold_lines: set[str]
) -> list[list[tuple[int, str]]]:
    """Return the lines of the first submission that contain ``passages``, in runs.

    Args:
        first: the fingerprint of the first submission.
        second: that of the other.
        scaffold_lines: stripped lines that are left out.

    Returns:
        For each run of overlapping passages its lines, each with its number from 0.
    """
    from copydetect import compare_files

    narrowed = copy(first)
    narrowed.hashes = passages
    _, _, (spans, _) = compare_files(narrowed, second)
    lines = first.raw_code.split("\n")
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    return [
        [
            (number, lines[number])
            for number in range(begin, min(end + 1, len(lines)))
            if lines[number].strip() not in scaffold_lines
        ]
        for begin, end in (np.searchsorted(starts, spans.T, side="right") - 1).tolist()
    ]
