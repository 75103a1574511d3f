"""Text that students choose stays text, in Markdown and on one line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ottermark.text import markdown_block, markdown_code, markdown_line, one_line, printable

HOSTILE = [
    "\n# All tests passed",
    "\n- ✅ (2 points) right",
    "[the staff](http://example.org)",
    "![x](http://example.org/x.png)",
    "<b>bold</b><script>alert(1)</script>",
    "``` \n# out\n```",
    "`code` and ` one more",
    "a\rb\u2028c\u202edcba\ud83d",
    "http://example.org www.example.org a@example.org",
    "> quoted\n***\n| a | b |\n|---|---|",
    "&lt;b&gt; &#35; heading",
]
SHOWN = st.text(max_size=80) | st.sampled_from(HOSTILE)
INNOCENT = {"paragraph_open", "paragraph_close", "inline", "text", "code_inline", "text_special"}


def kinds(markdown: str) -> set[str]:
    """Return the types of all tokens, inline ones included, as CommonMark with tables reads it."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(markdown)
    return {t.type for t in tokens} | {c.type for t in tokens for c in t.children or ()}


@given(SHOWN)
def test_a_line_is_a_paragraph_of_text_and_code_and_nothing_else(text: str) -> None:
    assert kinds(markdown_line(text)) <= INNOCENT
    assert kinds(markdown_code(text)) <= INNOCENT


@given(SHOWN)
def test_a_line_has_one_line_and_no_verdict_mark(text: str) -> None:
    for shown in (one_line(text), markdown_line(text), markdown_code(text)):
        assert len(shown.splitlines()) <= 1
        assert not set(shown) & set("✅❌💡")


@given(SHOWN)
def test_a_line_shows_what_was_written(text: str) -> None:
    (token,) = MarkdownIt("commonmark").parseInline(markdown_line(text))
    shown = "".join(child.content for child in token.children or ())
    assert re.sub("[` ]", "", shown) == re.sub("[` ]", "", one_line(text))


@given(SHOWN)
def test_a_block_cannot_be_left(text: str) -> None:
    assert kinds(markdown_block(text)) == {"fence"}
    assert kinds(f"- item\n\n{markdown_block(text, indent=2)}") - INNOCENT == {
        *("bullet_list_open", "list_item_open", "fence", "list_item_close", "bullet_list_close")
    }


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert markdown_code(text) == "" and markdown_line(text) == ""


def test_long_text_is_cut() -> None:
    assert len(one_line("x" * 100, limit=10)) == 10
    assert markdown_code("x" * 1_000).endswith("…`")


def test_names_of_code_stay_code() -> None:
    assert markdown_line("`pair` should be a tuple, not a list.") == (
        "`pair` should be a tuple, not a list."
    )
    assert printable("a\tb") == "a\N{REPLACEMENT CHARACTER}b"
