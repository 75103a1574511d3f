"""The texts and the code of notebooks as HTML that is safe to open.

They look as in the notebook. A student's text can neither run nor load anything, and nothing in it can be
clicked; it has no headings, so that none of it is part of the page around it. An author's text may hold
pictures and links; of its HTML the text alone is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ottermark.formulas import formula_html
from ottermark.text import one_line, without_trailing_spaces

MAX_RENDERED = 30_000  # characters; a longer text is shown as it is
MAX_ENVIRONMENTS = 100  # of LaTeX; for each, all that follows is searched for its end
MAX_ADDRESS = 200  # characters of a link's address

_RULES = (
    *("table", "code", "fence", "blockquote", "hr", "list", "heading", "lheading", "newline"),
    *("escape", "backticks", "emphasis", "strikethrough", "link", "image", "autolink", "entity"),
)
_AUTHOR_RULES = ("html_block", "html_inline", "reference")
_HEADING = re.compile(r"(?m)^#{1,6}[ \t](.*)$")
_HTML_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?</\1\s*>|</?[a-z][^>]*>", re.DOTALL | re.IGNORECASE
)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]+")
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def student_text(markdown: str) -> Markup:
    """Return a student's Markdown as HTML without anything to click, load or run."""
    if not is_renderable(markdown):
        return Markup("<pre>{}</pre>").format(markdown)
    return Markup(_student_parser().render(markdown))


def is_renderable(markdown: str) -> bool:
    """Return whether a student's Markdown takes little time to render."""
    return len(markdown) <= MAX_RENDERED and markdown.count(r"\begin{") <= MAX_ENVIRONMENTS


@lru_cache(maxsize=512)  # every student's page has the same prompts
def author_text(markdown: str, title: str = "") -> Markup:
    """Return Markdown of the lab's author as HTML.

    Args:
        title: a heading to leave out, since the page shows it elsewhere.
    """
    for heading in _HEADING.finditer(markdown):
        if title and heading[1].strip() == title:
            markdown = markdown[: heading.start()] + markdown[heading.end() :]
            break
    return Markup(author_parser().render(markdown))


def code(source: str) -> Markup:
    """Return Python code as a ``pre`` element."""
    shown = escape(source) if len(source) > MAX_RENDERED else Markup(_highlight(source))
    return Markup('<pre class="highlight" dir="auto"><code>{}</code></pre>').format(shown)


def _highlight(source: str) -> str:
    lexer, formatter = _highlighter()
    highlighted: str = highlight(without_trailing_spaces(source), lexer, formatter)
    return highlighted


@cache
def _highlighter() -> tuple[PythonLexer, HtmlFormatter[str]]:
    return PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)


# ----------------------------------------------------------------------------- Markdown


class _NotebookParser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return True  # the renderer decides which addresses are links


@cache
def _student_parser() -> MarkdownIt:
    return notebook_parser(StudentRenderer)


@cache
def author_parser() -> MarkdownIt:
    """Return the parser of an author's Markdown, which may hold HTML."""
    return notebook_parser(_AuthorRenderer, html=True).enable(_AUTHOR_RULES)


def notebook_parser(renderer: type[RendererHTML], **options: bool) -> MarkdownIt:
    """Return a parser of a notebook's Markdown, formulas included.

    Args:
        renderer: has a method for each kind of token that it renders in a way of its own.
        options: of ``MarkdownIt``.
    """
    parser = _NotebookParser("zero", options, renderer_cls=renderer).enable(_RULES)
    own = parser.renderer
    assert isinstance(own, RendererHTML)
    rules = dict(own.rules)
    dollarmath_plugin(parser, allow_labels=False, allow_digits=False, double_inline=True)
    amsmath_plugin(parser)
    own.rules |= rules  # the plugins' own put block elements into paragraphs
    return parser


class StudentRenderer(RendererHTML):
    """Renders a student's text; each method is the rule for one kind of token."""

    def math_inline(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Render a formula within a line."""
        return formula_html(tokens[index].content)

    def math_inline_double(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Render a formula that was set apart within a line."""
        return formula_html(tokens[index].content, display=True)

    def math_block(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Render a formula on lines of its own."""
        return f"<div>{formula_html(tokens[index].content, display=True)}</div>\n"

    amsmath = math_block

    def fence(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Render a block of code between fences."""
        language = tokens[index].info.strip().lower()
        if language in ("python", "py", "python3", "ipython3"):
            return code(tokens[index].content)
        return Markup('<pre dir="auto"><code>{}</code></pre>').format(tokens[index].content)

    def code_block(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Render an indented block of code."""
        return self.fence(tokens, index)

    def heading_open(self, *_: Any) -> str:
        """Begin a heading, which is no heading of the page."""
        return '<p class="heading">'

    def heading_close(self, *_: Any) -> str:
        """End it."""
        return "</p>\n"

    def th_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Begin a cell at the head of a table."""
        # a header without a text means nothing to a screen reader
        tokens[index].tag = "th" if tokens[index + 1].content.strip() else "td"
        return self.renderToken(tokens, index, options, env)

    def th_close(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """End it."""
        return f"</{tokens[index - 2].tag}>\n"

    def image(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Name a picture instead of showing it."""
        return Markup("[picture: {}]").format(tokens[index].content)

    def link_open(self, *_: Any) -> str:
        """Begin a link, which cannot be clicked."""
        return ""

    def link_close(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """End it, with the address if the text does not show it."""
        address, is_shown = _address(tokens, index)
        return "" if is_shown else Markup(" (<code>{}</code>)").format(address)


class _AuthorRenderer(StudentRenderer):
    """Renders an author's text."""

    def image(self, tokens: Sequence[Token], index: int, *rest: Any) -> str:
        source, alternative = str(tokens[index].attrs["src"]), tokens[index].content
        if not _PICTURE.fullmatch(source):
            return super().image(tokens, index)
        return Markup('<img src="{}" alt="{}">').format(source, alternative)

    def link_open(self, tokens: Sequence[Token], index: int, *rest: Any) -> str:
        address = str(tokens[index].attrs["href"])
        if not _WEB_ADDRESS.match(address):
            return ""
        return Markup('<a href="{}" rel="noreferrer">').format(address)

    def link_close(self, tokens: Sequence[Token], index: int, *rest: Any) -> str:
        address, _ = _address(tokens, index)
        return "</a>" if _WEB_ADDRESS.match(address) else ""

    def html_inline(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        return "<br>" if _LINE_BREAK.fullmatch(tokens[index].content) else ""

    def html_block(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        text = _HTML_TAG.sub(" ", tokens[index].content).strip()
        return Markup("<p>{}</p>\n").format(Markup(text).unescape()) if text else ""


def _address(tokens: Sequence[Token], close: int) -> tuple[str, bool]:
    """Return the address of the link that ends at a token, and whether its text shows it."""
    opening = next(
        token
        for token in reversed(tokens[:close])
        if token.type == "link_open" and token.level == tokens[close].level
    )
    return one_line(str(opening.attrs["href"]), MAX_ADDRESS), opening.info == "auto"
