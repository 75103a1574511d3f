"""Texts and code of notebooks look as in the notebook, and can do nothing on a page."""

from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ottermark.notebook_html import (
    MAX_ENVIRONMENTS,
    MAX_RENDERED,
    author_text,
    code,
    student_text,
)

ACTIVE = {
    "a",
    "img",
    "script",
    "style",
    "svg",
    "iframe",
    "form",
    "input",
    "object",
    "link",
    "video",
}
TEXT = st.text(st.sampled_from("ab `*_[]()<>!#&;:/\\\"'-+1.\n\t~=|{}%$\0\r\u202e😀"), max_size=80)


class Elements(HTMLParser):
    """The elements of a part of a page, which have to be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("br", "hr", "img"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** *b* `c` ~~d~~", "<strong>a</strong> <em>b</em> <code>c</code> <s>d</s>"),
        ("- a\n- b", "<li>a</li>\n<li>b</li>"),
        ("|a|b|\n|-|-:|\n|1|2|", '<td style="text-align:right">2</td>'),
        ("||b|\n|-|-|\n|1|2|", "<td></td>\n<th>b</th>"),
        ("> a", "<blockquote>\n<p>a</p>"),
        ("```python\nx = 'y'\n```", "<span class=\"s1\">'y'</span>"),
        ("```r\nx <- 1\n```", '<pre dir="auto"><code>x &lt;- 1\n</code></pre>'),
        ("is $x_1 * y_1$ *so*", "<msub><mi>x</mi><mn>1</mn></msub>"),
        ("$$\nx\n$$", '<math display="block"'),
        ("so $$x$$", '<p>so <math display="block"'),
        (r"\begin{align}a&=b\end{align}", "<mtable"),
        ("costs $5 and $6", "<p>costs $5 and $6</p>"),
    ],
)
def test_an_answer_looks_as_in_the_notebook(markdown: str, html: str) -> None:
    assert html in student_text(markdown)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "# Score: 78\n\nPassed\n===",
            '<p class="heading">Score: 78</p>\n<p class="heading">Passed',
        ),
        ("[staff](https://x.example/a)", "<p>staff (<code>https://x.example/a</code>)</p>"),
        ("[x](javascript:alert(1))", "<p>x (<code>javascript:alert(1)</code>)</p>"),
        ("<https://x.example>", "<p>https://x.example</p>"),
        ("![cat](https://x.example/p.png)", "<p>[picture: cat]</p>"),
        ("<b onclick=a()>x</b>", "<p>&lt;b onclick=a()&gt;x&lt;/b&gt;</p>"),
        ("<svg onload=a()>", "<p>&lt;svg onload=a()&gt;</p>"),
    ],
)
def test_an_answer_has_no_headings_links_pictures_or_html(markdown: str, html: str) -> None:
    assert html in student_text(markdown)


@given(TEXT)
@example("[a](https://x.example/\"onmouseover='a()')")
@example('```"onclick=a()\n</code><script>\n```')
@example("![<script>](data:image/svg+xml,<svg onload=a()>)")
@example("||a|\n|-|-|")
def test_any_answer_is_harmless(markdown: str) -> None:
    elements = Elements(student_text(markdown))
    assert not ACTIVE & set(elements.tags)
    assert not any(re.fullmatch("h[1-6]", tag) for tag in elements.tags)
    assert not any(name.startswith("on") or name in ("href", "src") for name in elements.attributes)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["[", "`", "> ", "- ", "*a", "$", "$x$ ", "|a|\n|-|\n", "![", r"\begin{align}" + "\n"]
)
def test_the_longest_answers_are_shown_in_seconds(part: str) -> None:
    started = time.process_time()
    student_text((part * MAX_RENDERED)[:MAX_RENDERED])
    assert time.process_time() - started < 10


@pytest.mark.parametrize("line", [" \n", "\t\r\n", " \r"])
def test_many_blank_lines_of_code_cost_little(line: str) -> None:
    started = time.process_time()
    assert code(line * 5_000)
    assert time.process_time() - started < 1


def test_longer_text_is_shown_as_it_is() -> None:
    assert student_text("*a*" * MAX_RENDERED).startswith("<pre>*a*")
    assert "<span" not in code("x = 1\n" * MAX_RENDERED)


def test_a_prompt_may_have_links_and_pictures_of_its_own() -> None:
    picture = "data:image/png;base64,AAAA"
    assert author_text("[Keras](https://keras.io)") == (
        '<p><a href="https://keras.io" rel="noreferrer">Keras</a></p>\n'
    )
    assert author_text(f"![a net]({picture})") == f'<p><img src="{picture}" alt="a net"></p>\n'
    assert author_text("![x](https://x.example/a.png) [y](#below)") == "<p>[picture: x] y</p>\n"
    assert author_text("![x](data:image/svg+xml;base64,AAAA)") == "<p>[picture: x]</p>\n"


def test_of_the_html_of_a_prompt_the_text_is_shown() -> None:
    assert author_text("<!-- BEGIN QUESTION -->\n\na<br>b <b>c</b>") == "<p>a<br>b c</p>\n"
    assert author_text("<div class='alert'>Mind &amp; <i>me</i></div>") == "<p>Mind &amp;  me</p>\n"
    assert author_text("<script>\nalert(1)\n</script>") == ""


def test_the_heading_that_is_the_title_is_left_out() -> None:
    prompt = "<!-- BEGIN QUESTION -->\n\n### Question 1: `x`\n\nWhat?\n\n### More"
    assert author_text(prompt, "Question 1: `x`") == ('<p>What?</p>\n<p class="heading">More</p>\n')


def test_code_is_shown_literally() -> None:
    shown = code("if a < b:  # </pre><script>\n    return '</code>'")
    assert set(Elements(shown).tags) == {"pre", "code", "span"}
    assert unescape(re.sub("<[^>]+>", "", shown)) == (
        "if a < b:  # </pre><script>\n    return '</code>'\n"
    )


def test_a_text_of_many_environments_is_shown_as_it_was_typed() -> None:
    formula = "\\begin{align}x\\end{align}\n\n"
    assert "<math" in student_text(formula * MAX_ENVIRONMENTS)
    assert student_text(formula * (MAX_ENVIRONMENTS + 1)).startswith("<pre>")
