"""Answers in groups: identical ones on one card, cards that are nearly the same in one group."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ottermark.marking.answers import AutomaticOutcome
from ottermark.marking.values import GroupEdits

MIN_SIMILARITY = 0.6  # tests/unit/test_answer_groups.py argues it
MAX_COMPARED = 4_000  # characters of an answer
_BLOCK = 256  # cards compared with all others at a time, which bounds the memory

# before a number, a sign or a point would be part of it
_START = " *_\"'«»“”„‘’"
_END = _START + ".,;:!?…"
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nothing|\w+n['’]t|nicht|kein\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class AnswerCard:
    """Answers that are the same but for case, white space, quotes, and punctuation at the end.

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
        answered: whether there are answers that tests could judge.
    """

    key: str
    failed: tuple[str, ...]
    misconceptions: tuple[str, ...]
    members: tuple[str, ...]
    answered: bool = True


def failure_groups(outcomes: Mapping[str, AutomaticOutcome]) -> list[FailureGroup]:
    """Return the groups of answers to an automatic question, the largest first.

    Args:
        outcomes: by submission.
    """
    members: defaultdict[tuple[tuple[str, ...], tuple[str, ...], bool], list[str]]
    members = defaultdict(list)
    for name, outcome in outcomes.items():
        members[outcome.failed, outcome.misconceptions, outcome.answered].append(name)
    groups = [
        FailureGroup(
            key=_digest(repr((failed, misconceptions, answered))),
            failed=failed,
            misconceptions=misconceptions,
            members=tuple(sorted(names)),
            answered=answered,
        )
        for (failed, misconceptions, answered), names in members.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.members), group.key))


def answer_groups(answers: Mapping[str, str]) -> list[AnswerGroup]:
    """Return the groups of answers, the largest first.

    Cards are nearly the same if the words that they share, and pairs of neighbouring words, make up
    most of both, rare ones counting more. A group is what is nearly the same as the card that stands for it, so
    that no chain of small differences connects opposite answers. Where numbers or negations differ,
    cards stay apart: "shrinks by 2" is not "shrinks by 3".

    Args:
        answers: by submission, the text of its answer, which is not empty.
    """
    cards = sorted(_cards(answers), key=_card_order)
    groups = _near_groups(cards)
    return sorted(
        (AnswerGroup(group[0].key, "", tuple(group)) for group in groups), key=_group_order
    )


def edited_groups(groups: Sequence[AnswerGroup], edits: GroupEdits) -> list[AnswerGroup]:
    """Return groups as people have changed them, the largest first."""
    places: defaultdict[tuple[bool, str], list[AnswerCard]] = defaultdict(list)
    for group in groups:
        for card in group.cards:
            target = edits.moved.get(card.key)
            places[(True, target) if target else (False, group.key)].append(card)
    edited = []
    for (is_moved, key), cards in places.items():
        cards.sort(key=_card_order)
        own = [card.key for card in cards]
        lead = key if key in own else own[0]  # the answers of that card may have changed
        named = (key, *own) if is_moved else (lead, *own)
        name = next(filter(None, map(edits.names.get, named)), "")
        edited.append(AnswerGroup(lead, name, tuple(cards)))
    return sorted(edited, key=_group_order)


def split_cards(
    groups: Sequence[AnswerGroup], edits: GroupEdits, cards: Sequence[str]
) -> GroupEdits:
    """Return edits by which cards leave their groups and become one group of their own.

    Args:
        groups: as they are with ``edits``.
        cards: the keys of one or more cards; keys that no card has are left out.
    """
    leaving = set(cards)
    new = [card for group in groups for card in group.cards if card.key in leaving]
    if not new:
        return edits
    moved, names = dict(edits.moved), dict(edits.names)
    for group in groups:
        staying = [card for card in group.cards if card.key not in leaving]
        if staying and len(staying) < len(group.cards):
            _regroup(staying, group.name, moved, names)
    _regroup(sorted(new, key=_card_order), "", moved, names)
    return GroupEdits(moved, names)


def merge_groups(
    groups: Sequence[AnswerGroup], edits: GroupEdits, keys: Sequence[str]
) -> GroupEdits:
    """Return edits by which groups become one, with the name of the first that has one.

    Args:
        groups: as they are with ``edits``.
        keys: of groups; those that no group has are left out.
    """
    by_key = {group.key: group for group in groups}
    chosen = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    if len(chosen) < 2:
        return edits
    moved, names = dict(edits.moved), dict(edits.names)
    name = next((group.name for group in chosen if group.name), "")
    _regroup([card for group in chosen for card in group.cards], name, moved, names)
    return GroupEdits(moved, names)


def name_group(groups: Sequence[AnswerGroup], edits: GroupEdits, key: str, name: str) -> GroupEdits:
    """Return edits by which a group has a name; an empty one removes it."""
    names = dict(edits.names)
    for group in groups:
        if group.key == key:
            for card in group.cards:
                names.pop(card.key, None)
            names.pop(edits.moved.get(key, key), None)
            if name.strip():
                names[key] = " ".join(name.split())
    return GroupEdits(edits.moved, names)


# ------------------------------------------------------------------------------- the cards


def _cards(answers: Mapping[str, str]) -> list[AnswerCard]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(answers):
        members[normalised(answers[name])].append(name)
    return [
        AnswerCard(_digest(text), _most_frequent(answers[name] for name in names), tuple(names))
        for text, names in members.items()
    ]


def normalised(text: str) -> str:
    """Return what identical answers have in common.

    Case, white space, quotes and emphasis around the whole, and punctuation at its end do not
    count; in answers with blocks of code, only white space does not.
    """
    collapsed = " ".join(unicodedata.normalize("NFC", text).split())
    if "```" in collapsed:
        return collapsed
    return (collapsed.lstrip(_START).rstrip(_END) or collapsed).casefold()


def _most_frequent(texts: Iterable[str]) -> str:
    counts = Counter(texts)
    return min(counts, key=lambda text: (-counts[text], text))


def _card_order(card: AnswerCard) -> tuple[int, str]:
    return -len(card.members), card.key


def _group_order(group: AnswerGroup) -> tuple[int, str]:
    return -len(group.members), group.key


# ------------------------------------------------------------------------------- near cards


def _near_groups(cards: Sequence[AnswerCard]) -> list[list[AnswerCard]]:
    """Put each card to the first one before it that is nearly the same and stands for a group."""
    near = _near_cards([normalised(card.text)[:MAX_COMPARED] for card in cards])
    facts = [_decisive(card.text) for card in cards]
    groups: dict[int, list[AnswerCard]] = {}
    for number, card in enumerate(cards):
        home = next((n for n in near[number] if n in groups and facts[n] == facts[number]), None)
        if home is None:
            groups[number] = [card]
        else:
            groups[home].append(card)
    return list(groups.values())


def _near_cards(texts: Sequence[str]) -> list[list[int]]:
    """Return for each text the earlier ones that are nearly the same, the most similar first."""
    if len(texts) < 2 or not any(_WORD.search(text) for text in texts):
        return [[] for _ in texts]
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        token_pattern=_WORD.pattern, ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
    )
    vectors = vectorizer.fit_transform(texts)
    near: list[list[int]] = []
    for start in range(0, len(texts), _BLOCK):
        block = (vectors[start : start + _BLOCK] @ vectors.T).toarray()
        for number, similarities in enumerate(block, start):
            earlier = similarities[:number]
            close = np.flatnonzero(earlier >= MIN_SIMILARITY)
            near.append(close[np.argsort(-earlier[close], kind="stable")].tolist())
    return near


def _decisive(text: str) -> tuple[tuple[str, ...], int]:
    """Return what turns an answer into another one: its numbers, and how often it negates."""
    return tuple(sorted(_NUMBER.findall(text))), len(_NEGATION.findall(text))


# ------------------------------------------------------------------------------- edits


def _regroup(
    cards: Sequence[AnswerCard], name: str, moved: dict[str, str], names: dict[str, str]
) -> None:
    """Have cards be one group, the first of them standing for it, with a name."""
    for card in cards:
        moved[card.key] = cards[0].key
        names.pop(card.key, None)
    if name:
        names[cards[0].key] = name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
