"""Markdown and text as HTML that is safe to open: students choose much of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# no headings, rules, pictures or entities: they could pass for the page's own
_BLOCKS = (
    *("list", "code", "fence", "blockquote"),
    *("backticks", "emphasis", "escape", "newline", "link", "autolink"),
)
# halves of surrogate pairs, controls, and marks that change the direction of writing
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def markdown_html(markdown: str) -> Markup:
    """Render lists, code, emphasis and http links; all else is shown as text."""
    return Markup(_block_parser().render(markdown))


def inline_html(markdown: str) -> Markup:
    """Render one line of Markdown of which only code spans and escapes are read."""
    return Markup(_inline_parser().renderInline(" ".join(markdown.split())))


def showable(text: str) -> str:
    """Return a page's text without characters that browsers cannot show or would reorder."""
    return _UNSHOWABLE.sub("\ufffd", re.sub(r"\r\n?", "\n", text))


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return re.match(r"https?://", url, re.IGNORECASE) is not None


@cache
def _block_parser() -> MarkdownIt:
    parser = _Markdown("zero").enable(_BLOCKS)
    parser.add_render_rule("link_open", _link_open)
    return parser


@cache
def _inline_parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(["backticks", "escape"])


def _link_open(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # no title: the page itself shows the address beside the words, which may promise another
    tokens[index].attrs = {"href": tokens[index].attrs["href"], "rel": "noreferrer"}
    rendered: str = self.renderToken(tokens, index, options, env)
    return rendered
