"""Gradescope's ``submission_metadata.yml`` -> who handed in each submission, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from ottermark.errors import UsageError
from ottermark.submissions.candidates import MAX_TEXT, Student, moment, plain

METADATA = "submission_metadata.yml"
MAX_METADATA = 256 * 2**20  # it holds all results; this much takes half a minute
MAX_GROUP = 1_000  # more make no group, whatever the metadata say

_MAX_ANCHORS = 10_000
_MAX_DEPTH = 1_000  # the parser takes the square of it
_WITHOUT_NAMES = "move the file away to grade without the students' names"


def metadata(path: Path, shown: Path) -> dict[str, tuple[tuple[Student, ...], str]]:
    """Return who handed in each submission, and when, by the name of its folder."""
    if path.stat().st_size > MAX_METADATA:
        raise UsageError(f"{shown} is larger than {MAX_METADATA // 2**20} MB; {_WITHOUT_NAMES}.")
    told = {}
    try:
        with path.open("rb") as file:
            for name, entry in _Events(file).entries():
                entry = entry if isinstance(entry, dict) else {}
                created = moment(entry.get(":created_at"))
                handed_in = created.isoformat() if created else ""
                told[name] = _students(entry.get(":submitters")), handed_in
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" beyond line {mark.line + 1}" if mark else ""
        raise UsageError(
            f"{shown} cannot be read as YAML{where}; export again, or {_WITHOUT_NAMES}."
        ) from None
    return told


def _students(told: Any) -> tuple[Student, ...]:
    people = told if isinstance(told, list) else []
    students = dict.fromkeys(
        Student(*(plain(person.get(key)) for key in (":name", ":email", ":sid")))
        for person in people
        if isinstance(person, dict)
    )
    return tuple(student for student in students if student != Student())


class _Events:
    """The few texts that are wanted of a YAML file, taken from the events of its parser.

    So nothing is made by tags or multiplied by aliases, and what is passed over takes no memory.
    """

    _KEYS = (":submitters", ":created_at", ":name", ":email", ":sid")
    _NULL = ("~", "null")
    _END = object()

    def __init__(self, file: BinaryIO) -> None:
        self._events = yaml.parse(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._texts: dict[str, str] = {}  # by anchor

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Yield the keys of the mapping that the file should hold, each with its value."""
        events = [self._next() for _ in range(3)]  # a stream and a document begin
        if not isinstance(events[-1], yaml.MappingStartEvent):
            return
        while (name := self._node(0)) is not self._END:
            entry = self._node(0)
            if isinstance(name, str):
                yield name, entry

    def _next(self) -> Any:
        event = next(self._events, None)
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.ScalarEvent) and anchor and len(self._texts) < _MAX_ANCHORS:
            self._texts[anchor] = event.value[:MAX_TEXT]
        return event

    def _node(self, level: int) -> Any:
        """Return the next text, list or dict with wanted keys, or ``_END`` where one ends."""
        event = self._next()
        if isinstance(event, yaml.ScalarEvent):
            return "" if event.implicit[0] and event.value in self._NULL else event.value
        if isinstance(event, yaml.AliasEvent):
            return self._texts.get(event.anchor, "")
        if not isinstance(event, yaml.CollectionStartEvent):
            return self._END
        if level > 2:  # an entry, its submitters, one of them
            return self._passed_over(1)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while (item := self._node(level + 1)) is not self._END:
                if len(items) < MAX_GROUP:
                    items.append(item)
            return items
        pairs = {}
        while (key := self._node(level + 1)) is not self._END:
            if isinstance(key, str) and key in self._KEYS:
                pairs[key] = self._node(level + 1)
            else:
                self._passed_over(0)
        return pairs

    def _passed_over(self, open_nodes: int) -> str:
        """Go to the end of the next node, or of the ``open_nodes`` that have begun."""
        while (event := self._next()) is not None:
            if open_nodes > _MAX_DEPTH:
                raise ValueError
            open_nodes += isinstance(event, yaml.CollectionStartEvent)
            open_nodes -= isinstance(event, yaml.CollectionEndEvent)
            if open_nodes <= 0:
                break
        return ""
