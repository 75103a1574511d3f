"""Warnings of what some people cannot read in a notebook."""

from __future__ import annotations

from pathlib import Path

import labs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinycss2.color3 import RGBA

from ottermark.authoring.accessibility import contrast, find_barriers, read_barriers
from ottermark.authoring.master import read_master
from ottermark.diagnostics import Diagnostic, Severity


@pytest.mark.parametrize(
    ("source", "pictures"),
    [
        ("![](a.png)", ["a.png"]),
        ("![ ](a.png)", ["a.png"]),
        ("![a cat](a.png)", []),
        ("![`x` over *y*](a.png)", []),
        ("[![](a.png)](https://example.org)", ["a.png"]),
        ("![][a]\n\n[a]: a.png", ["a.png"]),
        ("<img src='a.png'>", ["a.png"]),
        ("text <img src='a.png'/> text", ["a.png"]),
        ("<div>\n<IMG SRC='a.png'>\n</div>", ["a.png"]),
        ("<img src='a.png' alt='a cat'>", []),
        ("<img src='a.png' alt=''>", []),
        ("`![](a.png)`", []),
        ("```\n![](a.png)\n```", []),
        ("$x$ ![](attachment:a.png)", ["attachment:a.png"]),
    ],
)
def test_pictures_without_text(source: str, pictures: list[str]) -> None:
    assert read_barriers(source).pictures == pictures


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("# One\n\n### Three", [1, 3]),
        ("One\n===\n\nTwo\n---", [1, 2]),
        ("<h2>Two</h2>\n\n#### Four", [2, 4]),
        ("```\n# no heading\n```", []),
        ("#hashtag", []),
    ],
)
def test_levels_of_headings(source: str, levels: list[int]) -> None:
    assert read_barriers(source).headings == levels


@pytest.mark.parametrize(
    ("source", "lowest"),
    [
        ("<font color='yellow'>Hint</font>", 1.07),
        ("<span style='color: #999'>Hint</span>", 2.85),
        ("<div style='background-color:#333'>\n\nHint\n\n</div>", 1.66),
        ("<p style='COLOR: white; background: navy'>Hint</p>", None),
        ("<font color='red'>Hint</font>", 4.0),
        ("# <font color='red'>Hint</font>", None),
        ("#### <font color='red'>Hint</font>", 4.0),
        ("# Lab\n\n<font color='red'>Hint</font>", 4.0),
        ("<h2 style='color: red'>Hint</h2>", None),
        ("<h2 style='color: yellow'>Hint</h2>", 1.07),
        ("<span style='color: var(--x)'>Hint</span>", None),
        ("<span style='color: rgba(0, 0, 0, 0.1)'>Hint</span>", None),
        ("<span style='font-size: 2em'>Hint</span>", None),
        ("<td bgcolor='#eee'>x</td>", None),
        ("<span style='color'>Hint</span>", None),
    ],
)
def test_contrasts(source: str, lowest: float | None) -> None:
    contrasts = read_barriers(source).contrasts
    assert contrasts == ([] if lowest is None else [pytest.approx(lowest, abs=0.01)])


parts = st.floats(0, 1)
colours = st.builds(RGBA, parts, parts, parts, st.just(1.0))


@given(colours, colours)
def test_contrast_lies_between_1_and_21_and_has_no_direction(one: RGBA, other: RGBA) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.0001


@given(st.text())
def test_any_text_is_read(source: str) -> None:
    read_barriers(source)


TEXT = (
    "markdown: # Lab\n----\nmarkdown: ### Jump\n----\nmarkdown: ![](a.png)\n----\n"
    "markdown: ![](b.png) <font color='yellow'>x</font>\n----\nmarkdown: ## Two\n"
)


def barriers(folder: Path, text: str) -> list[Diagnostic]:
    master = read_master(labs.write_tiny(folder, text))
    return list(find_barriers(master.notebook, master))


def test_one_warning_for_all_cells_of_a_kind(tmp_path: Path) -> None:
    assert [(d.rule, d.cell, d.severity) for d in barriers(tmp_path, TEXT)] == [
        ("picture-without-text", 3, Severity.WARNING),
        ("heading-jump", 2, Severity.WARNING),
        ("low-contrast", 4, Severity.WARNING),
    ]
    picture, _, faint = barriers(tmp_path, TEXT)
    assert "(also in cell 4)" in picture.message
    assert "is 1.1 to 1" in faint.message


def test_a_comment_allows_a_cell_and_no_other(tmp_path: Path) -> None:
    allow = "<!-- ottermark: allow picture-without-text -->"
    allowed = TEXT.replace("![](a.png)", f"{allow}\n![](a.png)")
    assert [d.cell for d in barriers(tmp_path, allowed) if d.rule == "picture-without-text"] == [4]
