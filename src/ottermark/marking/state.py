"""What the events of the store come to: the marks, rubrics, groups and requests that hold now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from ottermark.marking.values import (
    Claim,
    Flag,
    GroupEdits,
    Kind,
    Mark,
    Override,
    RegradeRequest,
    Reply,
    Value,
)
from ottermark.rubric import Rubric

_T = TypeVar("_T")
Slot: TypeAlias = tuple[Kind, str, str, int]  # kind, submission, question, thread


@dataclass(frozen=True)
class MarkEvent:
    """One row of the store, which never changes.

    Attributes:
        id: counts from 1.
        at: when it was written, in UTC, as ISO 8601.
        marker: who wrote it.
        submission: empty if it is about a question as a whole.
        answer: the digest of the answer that it is about; empty if it is about none.
        before: the value that it replaces; None if there was none.
        after: the value that holds from now on; None if there is none any more.
        reason: why; may be empty.
        batch: the id of the first of the rows that were written together.
        undoes: the id of the row that it takes back.
        thread: of a request and of a reply to it, the id of the row that brought in the request;
            0 of all others.
    """

    id: int
    at: str
    marker: str
    kind: Kind
    submission: str
    question: str
    answer: str
    before: Value | None
    after: Value | None
    reason: str
    batch: int
    undoes: int | None
    thread: int

    @property
    def slot(self) -> Slot:
        """What it is a value of; of each slot, the last event holds."""
        return self.kind, self.submission, self.question, self.thread


@dataclass(frozen=True)
class Placed(Generic[_T]):
    """A value that holds, and the event that put it there.

    Where a later one was taken back, that is the event before it, with its own marker.

    Attributes:
        event: the event's id.
        answer: the digest of the answer that it is about; empty if it is about none.
    """

    value: _T
    submission: str
    question: str
    marker: str
    at: str
    event: int
    answer: str


@dataclass(frozen=True)
class _History:
    """What was written of one slot.

    Attributes:
        last: the id of the last event.
        standing: what was written and not taken back since, the latest last; a value is None where
            it was removed.
    """

    last: int = 0
    standing: tuple[Placed[Any], ...] = ()


@dataclass(frozen=True)
class MarkState:
    """Everything that holds after the event ``last``; it does not change.

    Attributes:
        last: the id of the last event that is in it; 0 if there is none.
    """

    last: int = 0
    _values: Mapping[Kind, Mapping[Any, Placed[Any]]] = field(default_factory=dict, repr=False)
    _histories: Mapping[Slot, _History] = field(default_factory=dict, repr=False)
    _last_by_question: Mapping[str, int] = field(default_factory=dict, repr=False)

    @property
    def marks(self) -> Mapping[tuple[str, str], Placed[Mark]]:
        """By submission and question, the mark of a written answer."""
        return self._values.get("mark", {})

    @property
    def seconds(self) -> Mapping[tuple[str, str], Placed[Mark]]:
        """By submission and question, the mark by the second marker."""
        return self._values.get("second", {})

    @property
    def overrides(self) -> Mapping[tuple[str, str], Placed[Override]]:
        """By submission and question, the points that replace those of the tests."""
        return self._values.get("override", {})

    @property
    def flags(self) -> Mapping[tuple[str, str], Placed[Flag]]:
        """By submission and question, what somebody should look at again."""
        return self._values.get("flag", {})

    @property
    def rubrics(self) -> Mapping[str, Placed[Rubric]]:
        """By question, the rubric as it was edited."""
        return self._values.get("rubric", {})

    @property
    def groups(self) -> Mapping[str, Placed[GroupEdits]]:
        """By question, how its groups of answers were edited."""
        return self._values.get("group", {})

    @property
    def claims(self) -> Mapping[str, Placed[Claim]]:
        """By question, who marks it."""
        return self._values.get("claim", {})

    @property
    def requests(self) -> Mapping[int, Placed[RegradeRequest]]:
        """By their threads, the regrade requests, in the order in which they came."""
        return self._values.get("request", {})

    @property
    def replies(self) -> Mapping[int, Placed[Reply]]:
        """By the thread of a request, the reply to it."""
        return self._values.get("reply", {})

    @property
    def open_requests(self) -> dict[int, Placed[RegradeRequest]]:
        """By their threads, the requests without a reply, or whose reply keeps them open."""
        closed = {thread for thread, reply in self.replies.items() if reply.value.closed}
        return {thread: r for thread, r in self.requests.items() if thread not in closed}

    def value(self, slot: Slot) -> Value | None:
        """Return what holds in a slot."""
        placed = self._values.get(slot[0], {}).get(_key(slot))
        return None if placed is None else placed.value

    def seen(self, kind: Kind, submission: str, question: str, thread: int = 0) -> int:
        """Return the id of the last event of a slot, also if it removed the value; 0 if none."""
        return self._histories.get((kind, submission, question, thread), _History()).last

    def holding_event(self, slot: Slot) -> int:
        """Return the id of the event that decides what holds in a slot; 0 if there is none."""
        standing = self._histories.get(slot, _History()).standing
        return standing[-1].event if standing else 0

    def answer_before(self, slot: Slot) -> str | None:
        """Return which answer a slot was about before its last value; None if it had none before."""
        *earlier, _ = self._histories[slot].standing
        return earlier[-1].answer if earlier else None

    def last_of(self, question: str) -> int:
        """Return the id of the last event that concerns a question, of whatever kind; 0 if none."""
        return self._last_by_question.get(question, 0)

    def comments(self, question: str) -> list[str]:
        """Return the comments on answers to a question, the most frequent first, then the latest.

        What was written for a whole group counts once.
        """
        placed = [
            p
            for p in (*self.marks.values(), *self.seconds.values())
            if p.question == question and p.value.comment
        ]
        placed.sort(key=lambda p: -p.event)
        decisions = dict.fromkeys((p.value.comment, p.marker, p.at) for p in placed)
        return [text for text, _ in Counter(text for text, _, _ in decisions).most_common()]

    def after(self, events: Iterable[MarkEvent]) -> MarkState:
        """Return the state after more events; only what they change is copied."""
        events = tuple(events)
        if not events:
            return self
        values = dict(self._values)
        for kind in {event.kind for event in events}:
            values[kind] = dict(values.get(kind, {}))
        histories, by_question = dict(self._histories), dict(self._last_by_question)
        for event in events:
            histories[event.slot] = history = _with_event(histories.get(event.slot), event)
            _place(values[event.kind], _key(event.slot), history)  # type: ignore[arg-type]
            by_question[event.question] = event.id
        return MarkState(events[-1].id, values, histories, by_question)


def _place(values: dict[Hashable, Placed[Any]], key: Hashable, history: _History) -> None:
    if history.standing and history.standing[-1].value is not None:
        values[key] = history.standing[-1]
    else:
        values.pop(key, None)


def _with_event(history: _History | None, event: MarkEvent) -> _History:
    standing = () if history is None else history.standing
    if event.undoes is not None:
        return _History(event.id, standing[:-1])
    placed = Placed(
        value=event.after,
        submission=event.submission,
        question=event.question,
        marker=event.marker,
        at=event.at,
        event=event.id,
        answer=event.answer,
    )
    return _History(event.id, (*standing, placed))


def _key(slot: Slot) -> Hashable:
    """Return what a value is known by among those of its kind."""
    kind, submission, question, thread = slot
    if thread:
        return thread
    return question if kind in ("rubric", "group", "claim") else (submission, question)
