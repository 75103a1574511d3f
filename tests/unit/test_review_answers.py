"""What students wrote on the marking page: rendered, with their pictures and numbers, and harmless."""

from __future__ import annotations

import base64
import io
import re
import time
from dataclasses import replace

import pytest

pytest.importorskip("nh3")
from PIL import Image

from ottermark.assignment import Question
from ottermark.review.differences import differences
from ottermark.review.executed import argues_from_numbers, numbers_beside, shown_cells
from ottermark.review.pictures import (
    MAX_PICTURES,
    MAX_SIDE,
    embedded_pictures,
    redrawn,
    with_pictures,
)
from ottermark.review.safe_html import PICTURE_SCHEME, author_html, student_html
from ottermark.submissions.notebook import _parse_cell, _parse_cells
from ottermark.submissions.written_answers import _PICTURE

QUESTION = Question("q1_4", 4, True, prompt="### What did depth do?\n\nArgue from *your* numbers.")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**a** *b* ~~c~~ `d`", "<strong>a</strong> <em>b</em> <s>c</s> <code>d</code>"),
        ("# A", "<p>A</p>"),
        ("<h2 class=x>A</h2>", "<p>A</p>"),
        ("|a|b|\n|-|-:|\n|1|2|", '<td class="right">2</td>'),
        ("$x^2$", "<msup><mi>x</mi><mn>2</mn></msup>"),
        ("a<br>b <b onclick=x>c</b> x<sup>2</sup>", "a<br>b <b>c</b> x<sup>2</sup>"),
        ("<table><tr><td colspan=2 style=x>a", '<td colspan="2">a</td>'),
        ("[a](https://x.example)", "a (<code>https://x.example</code>)"),
        ("![a](https://x.example/p.png)", "[picture, not loaded: a]"),
        ("![](p.png)", "[picture, not loaded: p.png]"),
        ("2 < 3 & 4 > 1", "2 &lt; 3 &amp; 4 &gt; 1"),
        ("```python\nx = 1\n```", '<pre class="highlight"'),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("a\u202eb\x00c", "a\ufffdb\ufffdc"),
    ],
)
def test_an_answer_looks_as_in_the_notebook(markdown: str, html: str) -> None:
    assert html in student_html(markdown)


@pytest.mark.parametrize("markdown", ["<script>x</script>", "<svg></svg>", "<img src=x>", "&nbsp;"])
def test_an_answer_that_shows_nothing_says_so(markdown: str) -> None:
    assert "as it was typed" in student_html(markdown)
    assert "as it was typed" not in student_html("a")
    assert "as it was typed" not in student_html("$x$")


def test_a_text_cannot_stand_for_a_formula_or_picture() -> None:
    first = student_html("$x$ ottermark-0- 0123456789abcdef-0-")
    assert first.count("<math") == 1
    assert "<img" not in student_html("![a](picture-0123456789abcdef:0)", "/p/")
    assert '<img src="/p/3" alt="a"' in student_html(f"![a]({PICTURE_SCHEME}3)", "/p/")
    assert "<img" not in student_html(f"![a]({PICTURE_SCHEME}3)")


@pytest.mark.parametrize(
    "text",
    [
        *("<div>" * 4_000, "<b>" * 6_000, "<a><b><i><u>" * 1_400 + "<p>" * 900, "<table>" * 2_800),
        *("$" * 20_000, "[" * 20_000, "<!--" * 5_000, "*a_" * 6_000, "<x y='" * 3_000),
        *("> " * 9_000, "`" * 20_000, "![a](" * 4_000, "&#x26;" * 3_000, "|-" * 9_000),
    ],
    ids=lambda text: repr(text[:8]),
)
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    student_html(text)
    assert time.process_time() - started < 2


def test_an_authors_text_has_no_style_of_its_own() -> None:
    html = author_html("# T\n\n|a|\n|-:|\n|1|\n\n![dot](data:image/png;base64,AAAA)", "T")
    assert "style=" not in html and '<td class="right">' in html
    assert "<img" not in html and "[picture: dot]" in html


# ------------------------------------------------------------------------------- pictures


def picture(width: int = 3, height: int = 2, kind: str = "PNG") -> str:
    output = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(output, kind)
    return base64.b64encode(output.getvalue()).decode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_drawn_anew(kind: str) -> None:
    drawn = redrawn(picture(30, 20, kind))
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("PNG", (30, 20))
        red, green, _ = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert red > 240 and green < 20


def test_a_large_picture_is_made_smaller() -> None:
    drawn = redrawn(picture(4_000, 100))
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.size == (MAX_SIDE, 40)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "PPM", "ICO", "PDF"])
def test_a_picture_of_another_kind_is_not_shown(kind: str) -> None:
    assert redrawn(picture(16, 16, kind)) is None


@pytest.mark.parametrize("text", ["", "x", "====", "AAAA", "é", "A" * 9_000_000])
def test_what_is_no_picture_is_not_shown(text: str) -> None:
    assert redrawn(text) is None


def test_a_notebook_keeps_so_many_pictures_as_are_looked_at() -> None:
    """Names are short, and what is beyond the size of all pictures is left out."""
    large = picture() + "A" * 2_900_000
    cell = {"cell_type": "markdown", "source": "", "attachments": {"a.png": {"image/png": large}}}
    long_name = {"cell_type": "markdown", "attachments": {"a" * 101: {"image/png": picture()}}}
    kept = [
        cell.get("attachments") for cell in _parse_cells([long_name, cell, cell, cell], "a.ipynb")
    ]
    assert kept == [None, cell["attachments"], cell["attachments"], None]


def test_the_pictures_of_an_answer_are_found_in_the_notebook() -> None:
    dot, other = picture(), picture(4, 4)
    cell = _parse_cell(
        {
            "cell_type": "markdown",
            "source": f"See ![plot](attachment:a.png), ![plot](data:image/png;base64,{dot}).",
            "attachments": {
                "a.png": {"image/png": other, "text/html": "<b>"},
                "b.svg": {"image/svg+xml": "<svg>"},
                "c.png": {"image/png": "<script>"},
                "d.png": 3,
            },
        }
    )
    assert cell["attachments"] == {"a.png": {"image/png": other}}
    before = {"cell_type": "markdown", "source": f"![plot](data:image/png;base64,{other})"}
    answer = _PICTURE.sub(r"[a picture, see the notebook: \1]", cell["source"])
    assert embedded_pictures([before, cell]) == [("plot", other), ("plot", other), ("plot", dot)]
    shown = student_html(with_pictures(answer, [before, cell]), "/p/")
    assert re.findall(r'src="([^"]*)"', shown) == ["/p/1", "/p/2"]
    assert with_pictures("no picture", []) == "no picture"
    missing = "[a picture, see the notebook: gone]"
    assert "[a picture, see the notebook: gone]" in student_html(with_pictures(missing, []))


def test_pictures_have_a_number_up_to_a_limit() -> None:
    text = f"![x](data:image/png;base64,{picture()})\n" * (MAX_PICTURES + 2)
    (cell,) = shown_cells([{"cell_type": "markdown", "source": text}], "/p/")
    assert cell.source.count("<img") == MAX_PICTURES
    assert cell.source.count("not loaded") == 2


# ------------------------------------------------------------------------------- numbers


def code_cell(source: str, *texts: str) -> dict[str, object]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": text} for text in texts]
    return {"cell_type": "code", "source": source, "outputs": outputs}


def text_cell(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "source": source}


def test_numbers_beside_an_answer_are_those_of_its_section() -> None:
    cells = [
        *(text_cell("## Part 0"), code_cell("a", "too early"), text_cell("## Part 1")),
        *(text_cell("### Question 1"), code_cell("b", "\x1b[31mMSE 12.5\x1b[0m"), code_cell("c")),
        *(text_cell(QUESTION.prompt), text_cell("My answer."), code_cell("d", "too late")),
    ]
    cells.insert(4, code_cell("first", "farther"))
    shown, farther = numbers_beside(cells, QUESTION, "/p/")  # the nearest first
    assert (shown.number, farther.number) == (6, 5)
    assert list(shown.outputs) == ['<pre tabindex="0">MSE 12.5</pre>']
    assert numbers_beside(cells, replace(QUESTION, prompt="elsewhere"), "/p/") == []


def test_a_long_output_is_cut_in_the_middle() -> None:
    cells = [code_cell("a", "first " + "x" * 90_000 + " last"), text_cell(QUESTION.prompt)]
    (shown,) = numbers_beside(cells, QUESTION, "/p/")
    html = shown.outputs[0]
    assert "first" in html and "last" in html and len(html) < 5_000


@pytest.mark.parametrize(
    ("prompt", "argues"),
    [
        ("Argue from *your* numbers in the table.", True),
        ("Quote your own results.", True),
        ("In your own words: what does one number in it tell you?", False),
    ],
)
def test_which_questions_argue_from_numbers(prompt: str, argues: bool) -> None:
    assert argues_from_numbers(replace(QUESTION, prompt=prompt)) is argues


# ------------------------------------------------------------------------------- differences


def test_the_difference_of_two_versions() -> None:
    parts = differences("the size stays the same", "the size shrinks by two")
    assert [(part.kind, part.text) for part in parts] == [
        ("same", "the size"),
        ("removed", " stays the same"),
        ("added", " shrinks by two"),
    ]


@pytest.mark.parametrize("text", ["", " ", "a", "a\n\n b\tc \n", "x " * 5_000])
def test_both_versions_can_be_read_from_their_difference(text: str) -> None:
    for before, after in ((text, "b a"), ("b a", text), (text, text)):
        parts = differences(before, after)
        assert "".join(p.text for p in parts if p.kind != "added") == before
        assert "".join(p.text for p in parts if p.kind != "removed") == after


def test_a_page_renders_no_more_of_a_notebook_than_it_has_time_for() -> None:
    short = {"cell_type": "markdown", "source": "*so*", "metadata": {}}
    long = {"cell_type": "markdown", "source": "*a* " * 7_000, "metadata": {}}
    code_cell = {"cell_type": "code", "source": "x = 1\n" * 5_000, "metadata": {}, "outputs": []}
    shown = shown_cells([short, *[long, code_cell] * 50, short], "/")
    rendered = [cell for cell in shown if "<em>" in cell.source or "highlight" in cell.source]
    assert len(rendered) < 12 and "<em>so</em>" in shown[0].source
    assert "*so*" in shown[-1].source and sum(len(cell.source) for cell in shown) < 5_000_000
