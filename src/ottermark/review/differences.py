"""The difference between two versions of an answer, word by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

MAX_WORDS = 3_000  # of one version; a longer one is compared line by line
MAX_PARTS = 20_000


@dataclass(frozen=True)
class Part:
    """A part of a text that is in both versions, or in one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


def differences(before: str, after: str) -> list[Part]:
    """Return the parts of both versions, in order."""
    parts: list[Part] = []
    old, new = _split(before, after)
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(old[i:j])))
            continue
        parts += [Part("removed", "".join(old[i:j]))] if j > i else []
        parts += [Part("added", "".join(new[k:m]))] if m > k else []
    return parts


def _split(before: str, after: str) -> tuple[list[str], list[str]]:
    words = re.findall(r"\s*\S+|\s+$", before), re.findall(r"\s*\S+|\s+$", after)
    if max(map(len, words)) <= MAX_WORDS:
        return words
    return before.splitlines(True)[:MAX_PARTS], after.splitlines(True)[:MAX_PARTS]
