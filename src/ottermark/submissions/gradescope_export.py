"""Gradescope's ``submission_metadata.yml``: who submitted each submission of an export, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from ottermark.errors import UsageError
from ottermark.submissions.candidates import MAX_TEXT, Student, clean_text, parse_time

METADATA_FILE = "submission_metadata.yml"
MAX_METADATA_BYTES = 256 * 2**20  # the file holds all results; this much takes half a minute
MAX_GROUP = 1_000  # students; of a longer list, the rest is ignored

_MAX_ANCHORS = 10_000
_MAX_DEPTH = 1_000  # the parser takes quadratic time in it
_GRADE_WITHOUT = "move the file away to grade without the students' names"


@dataclass(frozen=True)
class SubmissionMetadata:
    """What the file says of one submission.

    Attributes:
        submitted_at: as ISO 8601 with the offset; empty if unknown.
    """

    students: tuple[Student, ...] = ()
    submitted_at: str = ""


def read_metadata(path: Path, display_path: Path) -> dict[str, SubmissionMetadata]:
    """Return what the file says of each submission, by the name of the submission's folder.

    Args:
        display_path: what messages call the file, which may have been unpacked.

    Raises:
        UsageError: the file is too large or no valid YAML.
    """
    if path.stat().st_size > MAX_METADATA_BYTES:
        raise UsageError(
            f"{display_path} is larger than {MAX_METADATA_BYTES // 2**20} MB; {_GRADE_WITHOUT}."
        )
    try:
        with path.open("rb") as file:
            return {name: _metadata(entry) for name, entry in _Parser(file).entries()}
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" beyond line {mark.line + 1}" if mark else ""
        raise UsageError(
            f"{display_path} cannot be read as YAML{where}; export again, or {_GRADE_WITHOUT}."
        ) from None


def _metadata(entry: Any) -> SubmissionMetadata:
    if not isinstance(entry, dict):
        return SubmissionMetadata()
    created = parse_time(entry.get(":created_at"))
    return SubmissionMetadata(
        _students(entry.get(":submitters")), created.isoformat() if created else ""
    )


def _students(submitters: Any) -> tuple[Student, ...]:
    students = dict.fromkeys(
        Student(*(clean_text(person.get(key)) for key in (":name", ":email", ":sid")))
        for person in (submitters if isinstance(submitters, list) else [])
        if isinstance(person, dict)
    )
    return tuple(student for student in students if student != Student())


class _Parser:
    """Takes a few known keys of a YAML file from the events of PyYAML's parser.

    So no tag constructs an object, no alias multiplies one, and what is skipped takes no memory.
    """

    _KEYS = (":submitters", ":created_at", ":name", ":email", ":sid")
    _NULL = ("~", "null")
    _MAX_LEVEL = 2  # an entry, its submitters, one of them
    _END = object()  # in place of a node, where a collection ends

    def __init__(self, file: BinaryIO) -> None:
        self._events = yaml.parse(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._anchored_texts: dict[str, str] = {}

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Yield the keys of the mapping that the file should hold, each with its value."""
        events = [self._next_event() for _ in range(3)]  # a stream and a document begin
        if not isinstance(events[-1], yaml.MappingStartEvent):
            return
        while (name := self._read_node(0)) is not self._END:
            entry = self._read_node(0)
            if isinstance(name, str):
                yield name, entry

    def _next_event(self) -> Any:
        event = next(self._events, None)
        anchor = getattr(event, "anchor", None)
        if (
            isinstance(event, yaml.ScalarEvent)
            and anchor
            and len(self._anchored_texts) < _MAX_ANCHORS
        ):
            self._anchored_texts[anchor] = event.value[:MAX_TEXT]
        return event

    def _read_node(self, level: int) -> Any:
        """Return the next text, list, or dict of known keys; ``_END`` where a collection ends."""
        event = self._next_event()
        if isinstance(event, yaml.ScalarEvent):
            return "" if event.implicit[0] and event.value in self._NULL else event.value
        if isinstance(event, yaml.AliasEvent):
            return self._anchored_texts.get(event.anchor, "")
        if not isinstance(event, yaml.CollectionStartEvent):
            return self._END
        if level > self._MAX_LEVEL:
            return self._skip(1)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._read_items(level + 1)
        return self._read_pairs(level + 1)

    def _read_items(self, level: int) -> list[Any]:
        items: list[Any] = []
        while (item := self._read_node(level)) is not self._END:
            if len(items) < MAX_GROUP:
                items.append(item)
        return items

    def _read_pairs(self, level: int) -> dict[str, Any]:
        pairs = {}
        while (key := self._read_node(level)) is not self._END:
            if isinstance(key, str) and key in self._KEYS:
                pairs[key] = self._read_node(level)
            else:
                self._skip(0)
        return pairs

    def _skip(self, open_nodes: int) -> str:
        """Skip the next node, or to the end of the ``open_nodes`` that have begun."""
        while (event := self._next_event()) is not None:
            if open_nodes > _MAX_DEPTH:
                raise ValueError
            open_nodes += isinstance(event, yaml.CollectionStartEvent)
            open_nodes -= isinstance(event, yaml.CollectionEndEvent)
            if open_nodes <= 0:
                break
        return ""
