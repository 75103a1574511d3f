"""What can be written into the store of marks: a type for each kind of event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from typing import Any, Final, Literal, TypeAlias

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from ottermark.rubric import Rubric

Kind: TypeAlias = Literal[
    "mark", "second", "override", "flag", "rubric", "group", "claim", "request", "reply"
]
_FINITE: Final = ConfigDict(allow_inf_nan=False)


@checked_dataclass(frozen=True, config=_FINITE)
class Mark:
    """A mark by hand: of kind ``mark``, and blind by a second marker of kind ``second``.

    Attributes:
        items: the ids of the rubric items that apply.
        adjustment: points added to, or taken from, what the items give.
        comment: Markdown for the student.
        points: only of a mark from elsewhere, which has no items; such a mark is not scored again
            when the rubric changes.
    """

    items: tuple[str, ...] = ()
    adjustment: float = 0.0
    comment: str = ""
    points: float | None = None

    def score(self, rubric: Rubric) -> float:
        """Return its points by a rubric, from 0 to the question's points."""
        if self.points is not None:
            return min(max(self.points, 0.0), rubric.max_points)
        return rubric.score(self.items, self.adjustment)


@checked_dataclass(frozen=True, config=_FINITE)
class Override:
    """The points of an automatic question as a person decided, with the reason for the student."""

    points: float
    reason: str


@dataclass(frozen=True)
class Flag:
    """An answer that somebody should look at again."""


@dataclass(frozen=True)
class GroupEdits:
    """How the groups of a question's answers differ from those that ``groups`` finds.

    Attributes:
        moved: by the key of a card, the key of the card whose group it is in.
        names: by the key of a card, the name of the group that it is in.
    """

    moved: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """Who marks a question."""

    markers: tuple[str, ...]


@dataclass(frozen=True)
class RegradeRequest:
    """What a student asks to be looked at again."""

    text: str


@dataclass(frozen=True)
class Reply:
    """The answer to a regrade request, for the student.

    Attributes:
        closed: whether the request needs nobody any more.
    """

    text: str
    closed: bool = True


Value: TypeAlias = Mark | Override | Flag | Rubric | GroupEdits | Claim | RegradeRequest | Reply

TYPES: Final[Mapping[Kind, type[Value]]] = {
    "mark": Mark,
    "second": Mark,
    "override": Override,
    "flag": Flag,
    "rubric": Rubric,
    "group": GroupEdits,
    "claim": Claim,
    "request": RegradeRequest,
    "reply": Reply,
}


def encode(kind: Kind, value: Value | None) -> str | None:
    """Return a value as JSON; raises ``ValueError`` if it is not one of this kind."""
    if value is None:
        return None
    if not isinstance(value, TYPES[kind]):
        raise ValueError(f"{type(value).__name__} is not of the kind {kind}")
    # a group of a thousand answers has one mark
    return _mark_as_json(value) if isinstance(value, Mark) else _as_json(kind, value)


@lru_cache(maxsize=10_000)
def decode(kind: Kind, text: str | None) -> Any:
    """Return the value that JSON holds; raises ``ValueError`` if it is not one of this kind."""
    if text is None:
        return None
    try:
        return _adapter(kind).validate_json(text)
    except ValidationError as error:
        raise ValueError(f"not of the kind {kind}: {error}") from None


@lru_cache(maxsize=1_000)
def _mark_as_json(mark: Mark) -> str:
    return _as_json("mark", mark)


def _as_json(kind: Kind, value: Value) -> str:
    text = json.dumps(asdict(value), ensure_ascii=False, allow_nan=False)
    # halves of surrogate pairs, which UTF-8 cannot hold
    text = text.encode("utf-8", "replace").decode()
    decode(kind, text)
    return text


@cache
def _adapter(kind: Kind) -> TypeAdapter[Any]:
    return TypeAdapter(TYPES[kind])
