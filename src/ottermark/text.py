"""Text that others wrote, made safe to show.

Student code chooses exception messages, file names, metadata and values that end up in
assertion messages. Whatever such text holds, it must not pass for the grader's own words: no
verdict mark, heading, list item, link or second line. Everything that goes from there into
Markdown goes through one of these functions; HTML pages escape by their templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

PASSED_MARK, FAILED_MARK, HINT_MARK = "✅", "❌", "💡"
MAX_NAMED = 5  # names in a sentence

_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # some scripts need them
_MARKS = re.compile(f"[{PASSED_MARK}{FAILED_MARK}{HINT_MARK}✓✔✗✘☑☒]")
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")
# what Markdown reads within a line, as links that GitHub's dialect finds, or at the start of a line
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&~|$@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\r\n?|\n")
# what a browser cannot show: controls, halves of surrogate pairs, and marks of the direction of writing
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_START = re.compile(r"^(\d*)([#+\-=>.)])")


def printable(text: str) -> str:
    """Return ``text`` with a replacement character for each one that cannot be printed.

    Line breaks, controls, halves of surrogate pairs and marks that change the direction of
    writing are such characters.
    """
    return "".join(
        c if c.isprintable() or c in _JOINERS else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def showable(text: str) -> str:
    """Return text of several lines with a replacement character for each one that browsers cannot show."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", _LINE_BREAK.sub("\n", text))


def one_line(text: str, limit: int | None = None) -> str:
    """Return ``text`` as one printable line without verdict marks.

    Args:
        limit: the most characters; a longer line is cut and ends in ``…``.
    """
    line = _MARKS.sub("\N{REPLACEMENT CHARACTER}", printable(" ".join(text.split())))
    if limit is not None and len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return line


def without_trailing_spaces(code: str) -> str:
    """Return code without spaces at the ends of its lines.

    At each line of nothing but spaces, pygments looks through all such lines below it.
    """
    return "\n".join(line.rstrip() for line in _LINE_BREAK.split(code))


def listed(names: Iterable[str], most: int = MAX_NAMED) -> str:
    """Return names in a sentence, of many only the first few."""
    names = tuple(names)
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def shown_path(path: Path) -> str:
    """Return the names of a file and of its folder on one line."""
    return one_line(f"{path.parent.name}/{path.name}")


def markdown_code(text: str, limit: int = 300) -> str:
    """Return ``text`` as a Markdown code span that shows it literally; empty for empty text."""
    line = one_line(text, limit).replace("`", "'")
    return f"`{line}`" if line else ""


def markdown_line(text: str, limit: int = 2_000) -> str:
    """Return ``text`` as one line of Markdown that shows it literally, but for code spans.

    Code spans stay, since they show their content literally: test authors write names as `x`.
    """
    parts = _CODE_SPAN.split(one_line(text, limit))
    line = "".join(
        part if index % 2 else _MARKDOWN.sub(r"\\\1", part) for index, part in enumerate(parts)
    )
    return _LINE_START.sub(r"\1\\\2", line)


def markdown_block(text: str, indent: int = 0, limit: int = 10_000) -> str:
    """Return ``text`` as a fenced Markdown code block, whose fence it cannot close.

    Args:
        indent: spaces before each line, e.g. 2 within a list item.
    """
    lines = [
        _MARKS.sub("\N{REPLACEMENT CHARACTER}", printable(x)) for x in text[:limit].split("\n")
    ]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join(" " * indent + line for line in [fence, *lines, fence])
