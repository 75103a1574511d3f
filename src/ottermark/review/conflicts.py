"""Who was here meanwhile, and what they did, as sentences for whoever could not save."""

from __future__ import annotations

from ottermark.marking.state import MarkEvent
from ottermark.marking.values import GroupEdits, Kind
from ottermark.review.desk import Desk, time_text

_DID: dict[Kind, tuple[str, str]] = {  # set, and removed
    "mark": ("marked the answer", "removed the mark"),
    "second": ("marked the answer a second time", "took their second mark back"),
    "override": ("changed the points", "went back to the points of the tests"),
    "flag": ("flagged the answer", "removed the flag"),
    "rubric": ("changed the rubric", "went back to the rubric of the file"),
    "group": ("changed the groups", "went back to the groups as they were found"),
    "claim": ("changed who marks the question", "removed who marks the question"),
    "request": ("changed the request", "removed the request"),
    "reply": ("answered the request", "took the reply back"),
}


def what_was_done(desk: Desk, marker: str, event: MarkEvent) -> str:
    """Return who did what, where and when; submissions are called as the marker who reads it wants.

    >>> what_was_done(desk, "ann", event)                                   # doctest: +SKIP
    'bob put 2 different answers into other groups (q2, 2026-03-09 12:31 UTC).'
    """
    where = event.question
    if event.submission in desk.workspace.pseudonyms():
        where += f" of {desk.label(marker, event.submission)}"
    who = f"{event.marker} (you, in another window)" if event.marker == marker else event.marker
    return f"{who} {_did(event)} ({where}, {time_text(event.at)})."


def _did(event: MarkEvent) -> str:
    if event.undoes is not None:
        return f"took back that they {_done(event.kind, event.after, event.before)}"
    return _done(event.kind, event.before, event.after)


def _done(kind: Kind, before: object, after: object) -> str:
    if kind == "group":
        return _regrouped(before, after)
    return _DID[kind][after is None]


def _regrouped(before: object, after: object) -> str:
    """Return what was done to the groups of a question."""
    if not isinstance(after, GroupEdits):
        return _DID["group"][after is None]
    earlier = before if isinstance(before, GroupEdits) else GroupEdits()
    if after.moved == earlier.moved:
        names = [name for key, name in after.names.items() if earlier.names.get(key) != name]
        return f"named a group “{names[0]}”" if names else "removed the name of a group"
    moved = [key for key, home in after.moved.items() if earlier.moved.get(key) != home]
    return f"put {len(moved)} different answers into other groups" if moved else _DID["group"][0]
