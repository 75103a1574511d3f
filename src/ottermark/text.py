"""Make text of unknown origin safe to show."""

from __future__ import annotations

import re

_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # Persian and Indic names need them


def printable(text: str) -> str:
    """Return ``text`` with every unprintable character replaced by U+FFFD.

    These are line ends and other controls, lone surrogates, and characters that change the
    direction of what follows.
    """
    return "".join(
        c if c.isprintable() or c in _JOINERS else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def code(text: str) -> str:
    """Return Markdown inline code that shows ``text`` literally, on one line.

    Whatever Markdown, HTML or backticks the text holds, nothing of it is rendered; unprintable
    characters are replaced as by ``printable``.
    """
    text = printable(text) or " "
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    # readers of Markdown remove one space from each side, if there is one on both
    outer_spaces = text[0] == text[-1] == " " and not text.isspace()
    padding = " " if "`" in (text[0], text[-1]) or outer_spaces else ""
    return f"{fence}{padding}{text}{padding}{fence}"
