"""The cards of a question: groups of answers that one decision marks, in the order of a marker."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ottermark.marking.groups import AnswerCard, AnswerGroup
from ottermark.marking.values import Mark
from ottermark.marking.workspace import MarkStatus, Workspace

NO_ANSWER = "no-answer"  # in the place of the key of a card: all blank and missing answers


@dataclass(frozen=True)
class Card:
    """A group of answers.

    Attributes:
        statuses: of its members, in their order.
    """

    group: AnswerGroup
    statuses: tuple[MarkStatus, ...]

    @property
    def key(self) -> str:
        """The key of the group."""
        return self.group.key

    @property
    def size(self) -> int:
        """How many answers it holds."""
        return len(self.statuses)

    @property
    def text(self) -> str:
        """The answer that stands for all."""
        return self.group.cards[0].text

    @cached_property
    def unmarked(self) -> int:
        """How many of its answers have no mark."""
        return sum(status.unmarked for status in self.statuses)

    @cached_property
    def stale(self) -> tuple[MarkStatus, ...]:
        """Those that were marked on an earlier version."""
        return tuple(status for status in self.statuses if status.stale)

    @property
    def needs_marking(self) -> bool:
        """Whether somebody has to look at it: a mark is missing, or is about another answer."""
        return bool(self.unmarked or self.stale)

    @property
    def flagged(self) -> bool:
        """Whether one of its answers is flagged."""
        return any(status.flagged for status in self.statuses)

    @cached_property
    def markers(self) -> tuple[str, ...]:
        """Who has marked it."""
        return tuple(sorted({status.marker for status in self.statuses if status.placed}))

    @cached_property
    def marks(self) -> dict[Mark, int]:
        """The marks that its answers have, and how many have each."""
        marks: dict[Mark, int] = {}
        for status in self.statuses:
            if status.placed is not None:
                marks[status.placed.value] = marks.get(status.placed.value, 0) + 1
        return marks

    @cached_property
    def points(self) -> tuple[float, ...]:
        """The different points that its answers have, ascending."""
        return tuple(sorted({s.points for s in self.statuses if s.points is not None}))

    @cached_property
    def version(self) -> str:
        """A digest of its members and their answers, by which a form knows that they are the same."""
        return version_of(self.statuses)


def version_of(statuses: Sequence[MarkStatus]) -> str:
    """Return a digest of answers and of whose they are."""
    text = "\0".join(sorted(f"{s.submission}\0{s.answer.digest}" for s in statuses))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def cards_of(workspace: Workspace, question: str, marker: str, shuffled: bool) -> list[Card]:
    """Return the cards of a written question.

    Args:
        shuffled: in a random order that is the same each time, and another one for each marker;
            otherwise the largest comes first.
    """
    statuses = workspace.marks_of(question)
    groups: Sequence[AnswerGroup] = workspace.groups(question)
    if shuffled:
        groups = sorted(groups, key=lambda group: _chance(workspace, marker, question, group.key))
    return [_card(group, statuses) for group in groups]


def card_without_answer(workspace: Workspace, question: str, key: str) -> Card:
    """Return a card of blank and missing answers, which no group holds.

    Args:
        key: ``NO_ANSWER`` for all of them, or the pseudonym of one submission.

    Raises:
        KeyError: there is no such answer.
    """
    names = workspace.without_answer(question)
    if key != NO_ANSWER:
        name = workspace.submission_of(key)
        names = (name,) if name in names else ()
    if not names:
        raise KeyError(key)
    text = workspace.written(question)[names[0]].text
    group = AnswerGroup(key, "", (AnswerCard(key, text, names),))
    return _card(group, workspace.marks_of(question))


def next_card(cards: Sequence[Card], after: str = "") -> Card | None:
    """Return the first card after one that needs marking, beginning anew at the end."""
    keys = [card.key for card in cards]
    start = keys.index(after) + 1 if after in keys else 0
    return next((card for card in (*cards[start:], *cards[:start]) if card.needs_marking), None)


def shuffled(workspace: Workspace, marker: str, question: str, names: Sequence[str]) -> list[str]:
    """Return submissions in a random order."""
    return sorted(names, key=lambda name: _chance(workspace, marker, question, name))


def _card(group: AnswerGroup, statuses: Mapping[str, MarkStatus]) -> Card:
    return Card(group, tuple(statuses[name] for name in group.members if name in statuses))


def _chance(workspace: Workspace, *parts: str) -> bytes:
    text = "\0".join(parts).encode("utf-8", "replace")
    return hmac.digest(workspace.store.salt, text, "sha256")
