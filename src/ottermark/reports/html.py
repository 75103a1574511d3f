"""HTML pages from templates, and Markdown and text of others as HTML that is safe to open."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from ottermark.text import one_line

# no headings, rules, pictures or entities: they could pass for the page's own
_BLOCKS = (
    *("list", "code", "fence", "blockquote"),
    *("backticks", "emphasis", "escape", "newline", "link", "autolink"),
)
# halves of surrogate pairs, controls, and marks that change the direction of writing
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def render_page(template: str, **context: Any) -> str:
    """Return the page that one of the templates of this package gives.

    What the context holds is escaped, unless it is ``Markup``. Characters that browsers cannot
    show, or that reorder what stands beside them, are replaced.
    """
    text = _environment().get_template(template).render(context)
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"\r\n?", "\n", text)) + "\n"


def markdown_html(markdown: str) -> Markup:
    """Render lists, code, emphasis and http links; all else is shown as text."""
    return Markup(_block_parser().render(markdown))


def inline_html(markdown: str, limit: int) -> Markup:
    """Render Markdown on one line, of which only code spans and escapes are read.

    Args:
        limit: the most characters of Markdown; what is longer is cut and ends in ``…``.
    """
    line = " ".join(markdown.split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return Markup(_inline_parser().renderInline(line))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ottermark.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number_text,
        "signed": signed_text,
        "markdown_html": markdown_html,
        "one_line": one_line,
        "inline_html": inline_html,
        "script_digest": _script_digest,
    }
    return environment


def number_text(value: float, digits: int = 2) -> str:
    """Return a number as people write it: without needless digits."""
    return f"{round(value, digits):.10g}"


def signed_text(points: float) -> str:
    """Return points with a sign: a plus, or a minus as wide as it."""
    return f"{'−' if points < 0 else '+'}{number_text(abs(points))}"


def _script_digest(script: str) -> str:
    """Return the hash by which a page's security policy allows its own script and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


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
