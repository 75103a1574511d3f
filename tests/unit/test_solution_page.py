"""The page of the solved notebook: no network, no tags of Otter's, a text for each picture."""

from __future__ import annotations

import re
from typing import Any

import nbformat.v4 as nb
import pytest

from ottermark.authoring.solution_page import solution_page, without_otter_tags

PICTURE = {"image/png": "AAAA", "text/plain": "<Figure>"}


def page(*cells: Any) -> str:
    return solution_page(nb.new_notebook(cells=list(cells)), "lab: solution")


def drawn_by(source: str, **metadata: Any) -> str:
    """Return the alternative text of a picture that some code drew."""
    output = nb.new_output("display_data", PICTURE)
    html = page(
        nb.new_markdown_cell("## Results"),
        nb.new_code_cell(source, outputs=[output], metadata=metadata),
    )
    (alternative,) = re.findall('alt="([^"]*)"', html)
    return str(alternative)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x = 1  # SOLUTION", "x = 1"),
        ("x = 1  # SOLUTION NO PROMPT\ny = 2  #SOLUTION", "x = 1\ny = 2"),
        (
            "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION",
            "def f():\n    return 1",
        ),
        ("# BEGIN SOLUTION NO PROMPT\nx = 1\n# END SOLUTION\ny", "x = 1\ny"),
        ('""" # BEGIN PROMPT\nx = ...\n""" # END PROMPT\nx', "x"),
        ("np.random.seed(1)  # SEED", "np.random.seed(1)"),
        (
            "x = 1  # the SOLUTION is near\n# SOLUTIONS",
            "x = 1  # the SOLUTION is near\n# SOLUTIONS",
        ),
    ],
)
def test_the_comments_of_otter_are_left_out_of_code(source: str, shown: str) -> None:
    assert without_otter_tags(source) == shown


def test_nothing_of_otter_is_left_on_the_page() -> None:
    html = page(
        nb.new_markdown_cell("<!-- BEGIN QUESTION -->\n\n### Why?"),
        nb.new_markdown_cell("_Type here._", metadata={"tags": ["otter_answer_cell"]}),
        nb.new_markdown_cell("So.", metadata={"tags": ["otter_assign_solution_cell"]}),
        nb.new_markdown_cell("<!-- END QUESTION -->"),
        nb.new_code_cell("x = 1  # SOLUTION", metadata={"tags": ["otter_assign_solution_cell"]}),
    )
    assert not re.search("SOLUTION|QUESTION|otter|Type here", html)
    assert "Why?" in html and "So." in html


def test_formulas_need_no_network() -> None:
    html = page(
        nb.new_markdown_cell("is $x_1$\n\n$$\\frac{a}{b}$$\n\n\\begin{align}a&=b\\end{align}"),
        nb.new_code_cell("x", outputs=[nb.new_output("display_data", {"text/latex": "$$y^2$$"})]),
    )
    assert html.count("<math ") == 4
    assert "<msup><mi>y</mi><mn>2</mn></msup>" in html
    assert not re.search(r"https?://|<script|<link|@import", html)


def test_a_picture_is_described_by_its_author_or_by_what_is_written_on_it() -> None:
    assert drawn_by("plot()", alt="Ten digits") == "Ten digits"
    assert drawn_by("ax.set_title('Loss'); plt.xlabel('epoch'); ax.set_title(a)") == (
        "Plot with the labels Loss, epoch"
    )
    assert drawn_by("%matplotlib inline\nplot()") == (
        "Picture drawn by the code above, below the heading Results"
    )
    assert drawn_by("not python(") == "Picture drawn by the code above, below the heading Results"


def test_a_page_without_a_heading_gets_one() -> None:
    assert "<h1>lab: solution</h1>" in page(nb.new_code_cell("x = 1"))
    assert "<h1>lab: solution</h1>" not in page(nb.new_markdown_cell("# My lab"))


def test_the_corner_of_a_data_frame_is_no_header() -> None:
    table = "<table><tr><th></th><th>a</th></tr><tr><th>0</th><td>1</td></tr></table>"
    html = page(
        nb.new_code_cell("x", outputs=[nb.new_output("display_data", {"text/html": table})])
    )
    assert "<tr><td></td><th>a</th></tr>" in html
