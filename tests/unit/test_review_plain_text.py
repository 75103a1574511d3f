"""Answers in lists, without their markup."""

from __future__ import annotations

import pytest

from ottermark.review.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Keeps $\\max$ of **each** window, a *gain*.", "Keeps max of each window, a gain."),
        ("# Title\n\n- one\n- `two_three`\n", "Title one two_three"),
        ("Half: $\\frac{1}{2}$, $x_{ij} \\text{ here}$", "Half: 1/2, x_ij here"),
        ("<b>bold</b> 3 < 4\nnext\\\nline", "bold 3 < 4 next line"),
        ("$$\na = b\n$$\nand ![a cat](cat.png)", "a = b and [picture: a cat]"),
        ("```python\nx = 1\n```", "x = 1"),
        ("a * b * c costs 5$", "a * b * c costs 5$"),
        ("", ""),
    ],
)
def test_an_answer_has_no_markup_in_a_list(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text
