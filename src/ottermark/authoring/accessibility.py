"""What keeps people who see little or nothing from reading a notebook: pictures without an
alternative text, headings that skip a level, and colours without contrast.

The measure is WCAG 2.1, level AA: success criteria 1.1.1, 1.3.1 and 1.4.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import tinycss2
from markdown_it.token import Token
from tinycss2.color3 import RGBA, parse_color

from ottermark.authoring import rules
from ottermark.authoring.master import Master
from ottermark.diagnostics import Diagnostic, Rule
from ottermark.notebook_html import author_parser

LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
LEAST_LARGE_CONTRAST = 3.0  # of large text, as headings of the first three levels have it
_LARGE = ("h1", "h2", "h3")
_WHITE = RGBA(1, 1, 1, 1)
_BLACK = RGBA(0, 0, 0, 1)


@dataclass(frozen=True)
class Barriers:
    """What a Markdown cell has that some people cannot read.

    Attributes:
        headings: the levels of its headings, in their order.
        pictures: the addresses of pictures without an alternative text.
        contrasts: of texts whose contrast is too low, from 1 to 4.5.
    """

    headings: list[int] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    contrasts: list[float] = field(default_factory=list)


def find_barriers(notebook: Any, master: Master) -> Iterator[Diagnostic]:
    """Yield what there is to report of the Markdown cells of a student notebook.

    Args:
        notebook: the student notebook, split from ``master``.
    """
    cells = [
        (cell, read_barriers(cell.source))
        for cell in notebook.cells
        if cell.cell_type == "markdown" and master.locate_cell(cell).cell is not None
    ]
    pictures = [cell for cell, barriers in cells if barriers.pictures]
    yield from _one_for_all(
        master,
        pictures,
        rules.PICTURE_WITHOUT_TEXT,
        "a picture has no alternative text",
        'write what it shows, as in ![a cat on a mat](cat.png), or alt="" in HTML if it is decoration',
    )
    jumps = []
    level = 6  # before the first heading, any may follow
    for cell, barriers in cells:
        for heading in barriers.headings:
            if heading > level + 1:
                jumps.append(cell)
            level = heading
    yield from _one_for_all(
        master,
        jumps,
        rules.HEADING_JUMP,
        "a heading is more than one level below the one before it",
        "use the next level, so that readers know what belongs to what",
    )
    faint = [cell for cell, barriers in cells if barriers.contrasts]
    if faint:
        lowest = min(contrast for _, barriers in cells for contrast in barriers.contrasts)
        yield from _one_for_all(
            master,
            faint,
            rules.LOW_CONTRAST,
            f"the contrast of a text and its background is {lowest:.1f} to 1",
            f"choose colours with a contrast of {LEAST_CONTRAST} or more",
        )


def _one_for_all(
    master: Master, cells: Sequence[Any], rule: Rule, message: str, fix: str
) -> Iterator[Diagnostic]:
    """Yield one diagnostic for all cells of a kind, at the first of those that do not allow it."""
    locations = [master.locate_cell(cell) for cell in cells]
    locations = [
        location
        for location in dict.fromkeys(locations)
        if rule.id not in master.allowed.get(location.cell or 0, ())
    ]
    if locations:
        others = ", ".join(str(location.cell) for location in locations[1:])
        noun = "cell" if len(locations) == 2 else "cells"
        yield rule.at(
            locations[0], message + (f" (also in {noun} {others})" if others else ""), fix
        )


def read_barriers(source: str) -> Barriers:
    """Return what some people cannot read of a Markdown text."""
    barriers = Barriers()
    is_large = False
    for token in _flat(author_parser().parse(source)):
        if token.type == "heading_open":
            barriers.headings.append(int(token.tag[1:]))
            is_large = token.tag in _LARGE
        elif token.type == "heading_close":
            is_large = False
        elif token.type == "image" and not token.content.strip():
            barriers.pictures.append(str(token.attrGet("src") or ""))
        elif token.type in ("html_block", "html_inline"):
            _Elements(barriers, is_large).feed(token.content)
    return barriers


def contrast(one: RGBA, other: RGBA) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.1 defines it."""
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: RGBA) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.red, colour.green, colour.blue)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        if token.type != "image":
            yield from _flat(token.children or ())


class _Elements(HTMLParser):
    """Notes what HTML elements in a Markdown text have that some people cannot read."""

    def __init__(self, barriers: Barriers, is_large: bool) -> None:
        super().__init__()
        self._barriers = barriers
        self._is_large = is_large

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self._barriers.headings.append(int(tag[1]))
        if tag == "img" and "alt" not in attributes:
            self._barriers.pictures.append(attributes.get("src", ""))
        least = LEAST_LARGE_CONTRAST if self._is_large or tag in _LARGE else LEAST_CONTRAST
        if (value := _contrast_of(tag, attributes)) < least:
            self._barriers.contrasts.append(value)


def _contrast_of(tag: str, attributes: dict[str, str]) -> float:
    """Return the contrast of an element's own colours, on white where it has no background."""
    style = {
        item.lower_name: tinycss2.serialize(item.value).strip()
        for item in tinycss2.parse_declaration_list(
            attributes.get("style", ""), skip_comments=True, skip_whitespace=True
        )
        if item.type == "declaration"
    }
    text = style.get("color") or (attributes.get("color") if tag == "font" else None)
    back = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if not text and not back:
        return float("inf")
    one = _opaque(text) if text else _BLACK
    other = _opaque(back) if back else _WHITE
    # else a colour is a variable of the page's, or depends on what is beneath it
    return contrast(one, other) if one and other else float("inf")


def _opaque(text: str) -> RGBA | None:
    colour = parse_color(text)
    return colour if isinstance(colour, RGBA) and colour.alpha == 1 else None
