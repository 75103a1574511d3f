"""Text of any origin as one line that shows as it is."""

from __future__ import annotations

MAX_LINE = 300  # characters


def plain_line(text: str) -> str:
    """Return text as one line of printable characters, shortened to ``MAX_LINE``."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(printable.split())
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"
