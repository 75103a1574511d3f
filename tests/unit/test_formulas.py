"""Formulas become MathML that can do nothing but be read; what cannot is shown as its source."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ottermark.formulas import MAX_FORMULA, formula_html

COMMANDS = ["frac", "sqrt", "left(", "right)", "text", "begin{matrix}", "end{matrix}", "color"]
PIECES = st.sampled_from([*(f"\\{name}" for name in COMMANDS), *"ab12{}[]()^_&<>\"'$%#~| \\,=+"])
HARMLESS = re.compile(
    r"display|stretchy|fence|separator|largeop|movablelimits|accent|accentunder|displaystyle|width|"
    r"minsize|maxsize|form|mathvariant|columnalign|linethickness|scriptlevel|tabindex|[lr]space"
)


def attributes(html: str) -> set[str]:
    return {name for element in ElementTree.fromstring(html).iter() for name in element.attrib}


@pytest.mark.parametrize(
    ("latex", "mathml"),
    [
        ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (r"\frac{I-F}{S}", "<mfrac><mrow><mi>I</mi><mo>−</mo><mi>F</mi></mrow>"),
        (r"a \le \sqrt{b}", "<mo>≤</mo><msqrt><mrow><mi>b</mi></mrow></msqrt>"),
        (r"\mathbb{R}", "<mi>ℝ</mi>"),
        (r"\begin{cases}1&x\\0&y\end{cases}", '<mtd columnalign="left"><mn>0</mn></mtd>'),
        (r"\max", '<mo lspace="0em" rspace="0.167em">max</mo>'),
        (r"a \bmod b", "<mo>mod</mo>"),
        (r"a < b & c", "<mo>&lt;</mo><mi>b</mi><mi>&amp;</mi>"),
        (r"\text{if <b>}", "<mtext>if&nbsp;&lt;b&gt;</mtext>".replace("&nbsp;", "\xa0")),
    ],
)
def test_a_formula_becomes_mathml(latex: str, mathml: str) -> None:
    html = formula_html(latex)
    assert html.startswith('<math display="inline">') and mathml in html


def test_a_formula_on_its_own_line_can_be_scrolled_with_a_keyboard() -> None:
    assert formula_html("x", display=True).startswith('<math display="block" tabindex="0">')


@pytest.mark.parametrize(
    "latex",
    [r"\unknown x", "x^2^3", r"\frac{1", "{", "_", "", r"\cancel{x}", r"\phantom{x}", "a" * 2_000],
)
def test_what_cannot_be_shown_stays_as_its_source(latex: str) -> None:
    assert formula_html(latex) == f"<code>${latex}$</code>"
    assert formula_html(latex, display=True) == f"<code>$${latex}$$</code>"


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\class{score}{x}",
        r"\style{position:fixed}{x}",
        r"\color{white}{x}",
        r"\colorbox{red}{x}",
        r"\hspace{-9999em}x",
        r"\raise{99em}{x}",
        r"\moveleft{99em}{x}",
        r"\rule{99em}{99em}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}",
    ],
)
def test_a_formula_can_neither_run_nor_move_nor_hide_anything(latex: str) -> None:
    html = formula_html(latex)
    assert all(map(HARMLESS.fullmatch, attributes(html)))
    assert not re.search("<(?!/?m|code|/code)|9em", html)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_gives_well_formed_html(latex: str) -> None:
    html = formula_html(latex)
    assert all(map(HARMLESS.fullmatch, attributes(html)))
    assert html.startswith(("<math ", "<code>"))


@pytest.mark.parametrize(
    "latex",
    [
        *(
            part * (MAX_FORMULA // len(part))
            for part in ("{", "\\frac", "$", "a&", "x_", "\\left(")
        ),
        "".join(rf"\def\{a}{{\{b}\{b}\{b}}}" for a, b in zip("abcdefgh", "bcdefghi")) + r"\a",
        r"\newcommand{\a}{\a\a}\a",
        r"\sideset{a}{b}{" * 16 + "x" + "}" * 16,
    ],
)
def test_a_hostile_formula_costs_little(latex: str) -> None:
    started = time.process_time()
    html = formula_html(latex)
    assert time.process_time() - started < 1
    assert len(html) < 30_000
