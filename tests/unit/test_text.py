"""Text that students choose is shown as text, wherever it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ottermark.text import code, printable

MARKDOWN = MarkdownIt("commonmark")


def inline_tokens(markdown: str) -> list[Token]:
    """Return the tokens of a text that should be one paragraph."""
    paragraph, inline, end = MARKDOWN.parse(markdown)
    assert (paragraph.type, end.type) == ("paragraph_open", "paragraph_close")
    assert inline.children is not None
    return inline.children


def test_printable_text_is_unchanged() -> None:
    for text in ("", "ann.ipynb", "Zoë 李", "نیم\u200cفاصله", "'`*_<b>"):
        assert printable(text) == text


def test_unprintable_characters_are_replaced() -> None:
    assert printable("\x1b[2Ja\nb\udcff\u202e\t") == "�[2Ja�b���"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("ann.ipynb", "`ann.ipynb`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        (" a ", "`  a  `"),
        ("  ", "`  `"),
        ("", "` `"),
        ("a\n\n# b", "`a��# b`"),
    ],
)
def test_code_encloses_text_in_enough_backticks(text: str, markdown: str) -> None:
    assert code(text) == markdown


HOSTILE_TEXT = st.text(max_size=20) | st.text(st.sampled_from("`` *_[](<>)#&\\\n\r\x0b a"))


@given(HOSTILE_TEXT)
def test_code_shows_any_text_literally(text: str) -> None:
    before, shown, after = inline_tokens(f"File {code(text)} is empty.")
    assert (before.content, after.content) == ("File ", " is empty.")
    assert shown.type == "code_inline" and shown.content == (printable(text) or " ")


@given(HOSTILE_TEXT)
def test_code_at_the_beginning_of_a_line_opens_no_block(text: str) -> None:
    shown, after = inline_tokens(f"{code(text)} is empty.")
    assert shown.type == "code_inline" and after.content == " is empty."
