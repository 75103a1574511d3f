"""What a student wrote as plain text, for lists that show only its beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ottermark.notebook_html import StudentRenderer, is_renderable, notebook_parser

_TAG = re.compile(r"<[^>]*>")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_DRESS = re.compile(r"\\(?:text|math|operator|left|right|big)[A-Za-z]*|[{}]|\\[,;:! ]")
_BREAKS = {"softbreak", "hardbreak"}
_FORMULAS = {"math_inline", "math_inline_double", "math_block", "amsmath"}
_HTML = {"html_inline", "html_block"}


@lru_cache(maxsize=4096)
def plain_text(markdown: str) -> str:
    r"""Return a student's Markdown without its markup; not as HTML, and not safe as such.

    >>> plain_text("Keeps $\\max$ of **each** `2x2` window.")
    'Keeps max of each 2x2 window.'
    """
    if not is_renderable(markdown):
        return markdown
    try:
        text = "".join(_texts(_parser().parse(markdown)))
    except RecursionError:
        return markdown
    return " ".join(text.split())


@cache
def _parser() -> MarkdownIt:
    return notebook_parser(StudentRenderer, html=True).enable(["html_block", "html_inline"])


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield f"[picture: {token.content}]" if token.content else "[picture]"
        elif token.children:
            yield from _texts(token.children)
        elif token.type in _BREAKS:
            yield " "
        else:
            yield _text(token)
        if token.block:
            yield " "


def _text(token: Token) -> str:
    if token.type in _FORMULAS:
        return _formula(token.content)
    if token.type in _HTML:
        return unescape(_TAG.sub("", token.content))
    return token.content


def _formula(source: str) -> str:
    """Return a formula as people type it: names without backslashes, fractions with a slash."""
    return _DRESS.sub("", _FRACTION.sub(r"\1/\2", source)).replace("\\", "")
