"""The IPython shell that cells run in, and what they print and display."""

from __future__ import annotations

import base64
import io
import json
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

MAX_CELL_OUTPUT = 3_000_000  # bytes of one cell's outputs in a message, pictures included
MAX_TRACEBACK_LINES = 500
MAX_TRACEBACK_LINE = 10_000  # characters


class Outputs:
    """Collects the outputs of the running cell, in the form of nbformat.

    Attributes:
        items: the outputs so far.
        open: whether more are collected.
    """

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._size = 0
        self.open = False

    def start(self) -> None:
        """Start to collect the outputs of a new cell."""
        self.items, self._size, self.open = [], 0, True

    def as_json(self) -> list[dict[str, Any]]:
        """Return the outputs with nothing in them that JSON does not have."""
        items: list[dict[str, Any]] = json.loads(json.dumps(self.items, default=_to_json))
        return items

    def add(self, item: dict[str, Any]) -> None:
        """Add an output, unless the cell has reached ``MAX_CELL_OUTPUT``."""
        if not self.open:
            return
        self._size += len(json.dumps(item, default=_to_json))
        if self._size > MAX_CELL_OUTPUT:
            notice = "\n[The rest of this cell's output was left out: it is too long.]\n"
            self.items.append({"output_type": "stream", "name": "stderr", "text": notice})
            self.open = False
            return
        last = self.items[-1] if self.items else None
        stream = item.get("name")
        if last is not None and stream is not None and last.get("name") == stream:
            last["text"] += item["text"]
        else:
            self.items.append(item)


class OutputStream(io.TextIOBase):
    """A stdout or stderr that writes to ``Outputs``."""

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        """Add text to the outputs."""
        self._outputs.add({"output_type": "stream", "name": self._name, "text": text})
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding, which some programs ask for."""
        return "utf-8"


class Shell(InteractiveShell):
    """An IPython shell that collects outputs instead of showing them."""

    outputs: Outputs
    system = InteractiveShell.system_raw  # `!command` without a terminal, which there is none of

    def _showtraceback(self, etype: type, evalue: Any, stb: list[str]) -> None:
        item = {
            "output_type": "error",
            "ename": etype.__name__,
            "evalue": text_of(evalue)[:MAX_TRACEBACK_LINE],
            "traceback": [line[:MAX_TRACEBACK_LINE] for line in stb[:MAX_TRACEBACK_LINES]],
        }
        self.outputs.add(item)

    def ask_exit(self) -> None:
        """End the cell that calls ``exit()``, not the notebook."""
        raise SystemExit

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: a worker has no display."""


class OutputPublisher(DisplayPublisher):
    """Collects what ``display()`` shows."""

    outputs: Outputs

    def publish(self, data: Any, metadata: Any = None, **kwargs: Any) -> None:
        """Add one display to the outputs."""
        self.outputs.add(
            {"output_type": "display_data", "data": dict(data), "metadata": metadata or {}}
        )

    def clear_output(self, wait: bool = False) -> None:
        """Remove the outputs of the cell so far."""
        self.outputs.items.clear()


class OutputDisplayHook(DisplayHook):
    """Collects the value of a cell's last expression."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Do nothing: the notebook has its own prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Add the value, in all its formats, to the outputs."""
        self.outputs.add(
            {
                "output_type": "execute_result",
                "data": dict(format_dict),
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        """Do nothing, where IPython would write to stdout."""


def make_shell() -> Shell:
    """Return a shell like a notebook's: inline figures, no history on disk."""
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    shell = Shell.instance(
        config=config, display_pub_class=OutputPublisher, displayhook_class=OutputDisplayHook
    )
    outputs = Outputs()
    for part in (shell, shell.display_pub, shell.displayhook):
        part.outputs = outputs
    if "matplotlib" in sys.modules:
        import matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        matplotlib.use("module://matplotlib_inline.backend_inline")
        matplotlib.interactive(True)  # figures are displayed at the end of their cell
        configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
    return shell


def text_of(value: Any) -> str:
    """Return ``str(value)``, or nothing if that raises."""
    try:
        return str(value)
    except BaseException:
        return ""


def _to_json(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else repr(value)
