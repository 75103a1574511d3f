"""Answers in groups: identical ones on one card, cards that are nearly the same in one group."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ottermark.marking.values import GroupEdits


@dataclass(frozen=True)
class AnswerCard:
    """Answers that are the same but for case, white space and punctuation at the ends.

    Attributes:
        key: a digest of what they have in common, so the same for later submissions too.
        text: the most frequent way of writing it.
        members: the submissions, in order of names.
    """

    key: str
    text: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class AnswerGroup:
    """Cards that can be marked together.

    Attributes:
        key: that of the card that stands for the group.
        name: what a marker calls it; empty if nobody has named it.
        cards: the one with the most members first.
    """

    key: str
    name: str
    cards: tuple[AnswerCard, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """All submissions of the group, card by card."""
        return tuple(name for card in self.cards for name in card.members)


@dataclass(frozen=True)
class FailureGroup:
    """Submissions whose answers to an automatic question went wrong in the same way.

    Attributes:
        key: a digest of the rest.
        failed: the names of the tests that failed, in order; empty if all passed.
        misconceptions: the names of those that were recognised, in order.
    """

    key: str
    failed: tuple[str, ...]
    misconceptions: tuple[str, ...]
    members: tuple[str, ...]


def failure_groups(
    outcomes: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> list[FailureGroup]:
    """Return the groups of answers to an automatic question, the largest first.

    Args:
        outcomes: by submission, the names of the tests that failed and of the misconceptions.
    """
    members: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for name, outcome in outcomes.items():
        members[outcome].append(name)
    groups = [
        FailureGroup(_digest(repr(outcome)), *outcome, tuple(sorted(names)))
        for outcome, names in members.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.members), group.key))


def answer_groups(answers: Mapping[str, str]) -> list[AnswerGroup]:
    """Return the groups of answers, the largest first.

    Args:
        answers: by submission, the text of its answer, which is not empty.
    """
    raise NotImplementedError


def edited_groups(groups: Sequence[AnswerGroup], edits: GroupEdits) -> list[AnswerGroup]:
    """Return groups as people have changed them, the largest first."""
    raise NotImplementedError


def split_cards(
    groups: Sequence[AnswerGroup], edits: GroupEdits, cards: Sequence[str]
) -> GroupEdits:
    """Return edits by which cards leave their groups and become one group of their own.

    Args:
        groups: as they are with ``edits``.
        cards: the keys of one or more cards; keys that no card has are left out.
    """
    raise NotImplementedError


def merge_groups(
    groups: Sequence[AnswerGroup], edits: GroupEdits, keys: Sequence[str]
) -> GroupEdits:
    """Return edits by which groups become one, with the name of the first that has one.

    Args:
        groups: as they are with ``edits``.
        keys: of groups; those that no group has are left out.
    """
    raise NotImplementedError


def name_group(groups: Sequence[AnswerGroup], edits: GroupEdits, key: str, name: str) -> GroupEdits:
    """Return edits by which a group has a name; an empty one removes it."""
    raise NotImplementedError


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
