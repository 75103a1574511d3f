"""What a cell prints and displays, in the form of nbformat."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from ottermark.worker.program_output import ProgramOutput

MAX_CELL_OUTPUT = 3_000_000  # bytes of one cell's outputs in a message, pictures included
MAX_TRACEBACK_LINES = 500
MAX_TRACEBACK_LINE = 10_000  # characters
_NOTICE = "\n[The rest of this cell's output was left out: it is too long.]\n"
_PARTS = re.compile(r"[\n\r\b]|[^\n\r\b]+")


class StreamText:
    """Text of stdout or stderr, as a screen shows it: a progress bar overwrites its line.

    Args:
        name: ``stdout`` or ``stderr``.

    Attributes:
        size: bytes that the text takes in a message, as it is shown.
    """

    def __init__(self, name: str) -> None:
        self.name, self.size = name, 0
        self._lines: list[str] = []  # those that have ended
        self._line: list[str] = []  # the parts of the last one
        self._length = self._column = 0  # of the last line, and the place of the cursor in it

    def write(self, text: str) -> None:
        """Add text; carriage returns and backspaces move the cursor back."""
        for part in _PARTS.findall(text):
            match part:
                case "\n":
                    self._lines += [*self._line, part]
                    self._line, self._length, self._column = [], 0, 0
                    self.size += _size(part)
                case "\r":
                    self._column = 0
                case "\b":
                    self._column = max(0, self._column - 1)
                case _:
                    self._write_part(part)

    def _write_part(self, part: str) -> None:
        start, end = self._column, self._column + len(part)
        if start == self._length:
            self._line.append(part)
            self.size += _size(part)
        else:
            before = "".join(self._line)
            after = "".join([before[:start], part, before[end:]])
            self._line = [after]
            self.size += _size(after) - _size(before)
        self._column = end
        self._length = max(self._length, end)

    def __str__(self) -> str:
        return "".join([*self._lines, *self._line])


class Outputs:
    """Collects the outputs of the running cell, as a front end would show them.

    Attributes:
        programs: what programs print, once a process has that collected.
    """

    def __init__(self) -> None:
        self.programs: ProgramOutput | None = None
        self._collects = False
        self._clear()

    def start(self) -> None:
        """Start to collect the outputs of a new cell."""
        if self.programs is not None:
            self.programs.discard()
        self._clear()
        self._collects = True

    def stop(self) -> list[dict[str, Any]]:
        """Collect nothing until the next cell starts.

        Returns:
            The outputs in the form of nbformat, with nothing that JSON does not have.
        """
        self._add_printed_by_programs()
        self._collects = False
        items = [
            {"output_type": "stream", "name": item.name, "text": str(item)}
            if isinstance(item, StreamText)
            else item
            for item in self._items
        ]
        shown: list[dict[str, Any]] = json.loads(json.dumps(items, default=_to_json))
        return shown

    def write(self, name: str, text: str) -> None:
        """Add text of ``stdout`` or ``stderr``."""
        self._add_printed_by_programs()
        self._write(name, text)

    def publish(self, kind: str, content: Mapping[str, Any]) -> None:
        """Add what a kernel's message holds; other messages than those of outputs are ignored.

        Args:
            kind: the type of the message, as in Jupyter's protocol.
            content: of the message.
        """
        match kind:
            case "stream":
                self.write(content["name"], content["text"])
            case "display_data" | "execute_result":
                self._display(kind, content)
            case "update_display_data":
                self._update(content)
            case "error":
                self._add_error(content)
            case "clear_output":
                self._add_printed_by_programs()
                self._clear_at_next = True
                if not content["wait"]:
                    self._clear()

    def _clear(self) -> None:
        self._items: list[StreamText | dict[str, Any]] = []
        self._displays: dict[str, list[dict[str, Any]]] = {}  # by the id that updates name
        self._size, self._is_full, self._clear_at_next = 0, False, False

    def _has_room(self) -> bool:
        """Return whether an output is collected; it may take the place of all others."""
        if self._collects and self._clear_at_next:
            self._clear()
        return self._collects and not self._is_full

    def _add_printed_by_programs(self) -> None:
        if self.programs is None or not self._collects:
            return
        if self._is_full:
            self.programs.discard()
            return
        text = self.programs.read(MAX_CELL_OUTPUT)
        if text:
            self._write("stdout", text)

    def _write(self, name: str, text: str) -> None:
        if not self._has_room():
            return
        last = self._items[-1] if self._items else None
        if not isinstance(last, StreamText) or last.name != name:
            last = StreamText(name)
            self._items.append(last)
        fitting, room = text[:MAX_CELL_OUTPUT], MAX_CELL_OUTPUT - self._size
        while _size(fitting) > room:
            fitting = fitting[: len(fitting) // 2]
        self._size -= last.size
        last.write(fitting)
        self._size += last.size
        if len(fitting) < len(text):
            self._leave_out_the_rest()

    def _leave_out_the_rest(self) -> None:
        self._items.append({"output_type": "stream", "name": "stderr", "text": _NOTICE})
        self._is_full = True

    def _add(self, item: dict[str, Any]) -> None:
        self._add_printed_by_programs()
        if not self._has_room():
            return
        self._size += _size(item)
        if self._size > MAX_CELL_OUTPUT:
            self._leave_out_the_rest()
        else:
            self._items.append(item)

    def _display(self, kind: str, content: Mapping[str, Any]) -> None:
        item = {
            "output_type": kind,
            "data": dict(content["data"]),
            "metadata": dict(content["metadata"] or {}),
        }
        if kind == "execute_result":
            item["execution_count"] = content["execution_count"]
        self._add(item)
        name = content.get("transient", {}).get("display_id")
        if name is not None:
            self._displays.setdefault(name, []).append(item)

    def _update(self, content: Mapping[str, Any]) -> None:
        for item in self._displays.get(content["transient"]["display_id"], ()):
            new = {**item, "data": dict(content["data"]), "metadata": dict(content["metadata"])}
            growth = _size(new) - _size(item)
            if self._size + growth <= MAX_CELL_OUTPUT:
                item.update(new)
                self._size += growth

    def _add_error(self, content: Mapping[str, Any]) -> None:
        lines = content["traceback"][:MAX_TRACEBACK_LINES]
        self._add(
            {
                "output_type": "error",
                "ename": content["ename"],
                "evalue": content["evalue"][:MAX_TRACEBACK_LINE],
                "traceback": [line[:MAX_TRACEBACK_LINE] for line in lines],
            }
        )


def _size(item: Mapping[str, Any] | str) -> int:
    """Return how many bytes an output, or a part of a text, takes in a message."""
    return len(json.dumps(item, default=_to_json)) - (2 if isinstance(item, str) else 0)


def _to_json(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else repr(value)
