"""What students and authors wrote, as HTML that is safe on the page.

A student's Markdown is rendered as a notebook would, its HTML included, and what comes out is sanitised
by nh3. Formulas, code and pictures, whose HTML we make ourselves, are put in after that, in the places of
marks that nobody can guess. Nothing is left that can run, load, be clicked or look like a part of the page:
no address, style, class, id or heading of a student's own.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import cache, lru_cache
from html import unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from ottermark.notebook_html import (
    MAX_RENDERED,
    StudentRenderer,
    author_text,
    code,
    is_renderable,
    notebook_parser,
)
from ottermark.results.executed_notebook import MAX_ALTERNATIVE
from ottermark.text import one_line, showable

# and a number: a picture that the notebook holds; nobody who writes an answer can guess it
PICTURE_SCHEME = f"picture-{secrets.token_hex(8)}:"

_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "div",
        "span",
        "blockquote",
        "pre",
        "code",
        "kbd",
        "samp",
        "var",
        "ul",
        "ol",
    ),
    *("li", "dl", "dt", "dd", "b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "small"),
    *("sub", "sup", "q", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "center"),
}
_DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
}
_HEADINGS = re.compile(r"<(/?)h[1-6](?=[\s>/])[^>]*>", re.IGNORECASE)
_SPANS = ("colspan", "rowspan")
_SPAN = re.compile(r"[1-9]\d?")
_ALIGNMENT = re.compile(r' style="text-align:(left|center|right)"')
_TAG = re.compile(r"<[^>]*>")
_NOTHING_SHOWS = Markup(
    '<p class="left-out">[There is nothing here that can be shown; see it as it was typed.]</p>\n'
)
_AUTHOR_PICTURE = re.compile(r'<img src="data:[^"]*" alt="([^"]*)">')


@lru_cache(maxsize=4096)
def student_html(markdown: str, pictures: str = "") -> Markup:
    """Return a student's Markdown as HTML.

    Args:
        pictures: the address of the pictures that the notebook holds, to which the number of a
            picture is added; empty if they are only named.
    """
    markdown = showable(markdown)
    if not is_renderable(markdown):
        return Markup("<pre>{}</pre>").format(markdown)
    inserted = _Inserted(pictures)
    try:
        rendered = _parser().render(markdown, {"inserted": inserted})
    except RecursionError:
        return Markup("<pre>{}</pre>").format(markdown)
    html = inserted.put_into(_sanitise(_HEADINGS.sub(r"<\1p>", rendered)))
    return html if _shows_something(html) else html + _NOTHING_SHOWS


def code_html(source: str) -> Markup:
    """Return a student's Python code as HTML."""
    return code(showable(source)) if len(source) > MAX_RENDERED else _short_code_html(source)


@lru_cache(maxsize=4096)  # most cells of a class are the same in all submissions
def _short_code_html(source: str) -> Markup:
    return code(showable(source))


@lru_cache(maxsize=512)
def author_html(markdown: str, title: str = "") -> Markup:
    """Return Markdown of the lab's author as HTML, in which pictures are only named.

    Args:
        title: a heading to leave out, since the page shows it elsewhere.
    """
    rendered = _ALIGNMENT.sub(r' class="\1"', showable(author_text(markdown, title)))
    return Markup(_AUTHOR_PICTURE.sub(r"[picture: \1]", rendered))


def _sanitise(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"td": {*_SPANS}, "th": {*_SPANS}, "ol": {"start"}},
        attribute_filter=_checked_attribute,
        allowed_classes={tag: {"left", "center", "right"} for tag in ("td", "th")},
        url_schemes=set(),
        link_rel=None,
    )


def _shows_something(html: str) -> bool:
    return "<img" in html or "<hr" in html or bool(unescape(_TAG.sub("", html)).strip())


def _checked_attribute(_tag: str, name: str, value: str) -> str | None:
    return value if name == "class" or _SPAN.fullmatch(value) else None


class _Inserted:
    """HTML of our own that is put into a student's once that is sanitised."""

    def __init__(self, pictures: str) -> None:
        self.pictures = pictures
        self._parts: list[str] = []
        self._mark = secrets.token_hex(8)

    def mark(self, html: str) -> str:
        """Return the text in whose place ``html`` is put."""
        self._parts.append(html)
        return f"{self._mark}-{len(self._parts) - 1}-"

    def put_into(self, html: str) -> Markup:
        parts = self._parts
        marks = re.compile(f"{self._mark}-(\\d+)-")
        return Markup(marks.sub(lambda match: parts[int(match[1])], html))


@cache
def _parser() -> MarkdownIt:
    return notebook_parser(_AnswerRenderer, html=True).enable(["html_block", "html_inline"])


class _AnswerRenderer(StudentRenderer):
    """Renders a student's text; each method is the rule for one kind of token."""

    def math_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return _inserted(env).mark(super().math_inline(tokens, index))

    def math_inline_double(
        self, tokens: Sequence[Token], index: int, options: Any, env: Any
    ) -> str:
        return _inserted(env).mark(super().math_inline_double(tokens, index))

    def math_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return _inserted(env).mark(super().math_block(tokens, index))

    amsmath = math_block

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return _inserted(env).mark(super().fence(tokens, index))

    def code_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return self.fence(tokens, index, options, env)

    def code_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return _inserted(env).mark(f"<code>{escape(tokens[index].content)}</code>")

    def th_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        _align(tokens[index])
        return super().th_open(tokens, index, options, env)

    def td_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        _align(tokens[index])
        return self.renderToken(tokens, index, options, env)

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        inserted = _inserted(env)
        source = str(tokens[index].attrs.get("src", ""))
        alternative = one_line(tokens[index].content, MAX_ALTERNATIVE)
        number = source.removeprefix(PICTURE_SCHEME)
        if source.startswith(PICTURE_SCHEME) and number.isdecimal() and inserted.pictures:
            html = Markup('<img src="{}{}" alt="{}" loading="lazy">').format(
                inserted.pictures, int(number[:6]), alternative or "the student's picture"
            )
        else:
            html = Markup('<span class="left-out">[picture, not loaded: {}]</span>').format(
                alternative or one_line(source, MAX_ALTERNATIVE) or "without a name"
            )
        return inserted.mark(html)


def _inserted(env: Any) -> _Inserted:
    inserted: _Inserted = env["inserted"]
    return inserted


def _align(token: Token) -> None:
    """Say by a class, rather than by a style, to which side the text of a cell goes."""
    style = str(token.attrs.pop("style", ""))
    if style.startswith("text-align:"):
        token.attrs["class"] = style.removeprefix("text-align:")
