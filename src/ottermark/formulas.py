"""LaTeX formulas as MathML, which browsers show without scripts and without a network.

A formula may be a student's: nothing in the result can run, load, lead anywhere, be coloured or move out
of its place. What cannot be converted is shown as its source.
"""

from __future__ import annotations

import html
import re
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter
from markupsafe import Markup, escape

MAX_FORMULA = 1_000  # characters

_GROUP = "mrow"
_TAGS = frozenset(
    (
        *("math", _GROUP, "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle"),
        *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
    )
)
_CHILDREN = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
# shown as a mere group: their attributes move things, or are not known to browsers
_GROUPS = frozenset(("mpadded", "menclose"))
_BOX = "box"  # of what `menclose` adds, the one that may be left out
_SHORT = r"-?[0-3]?(\.\d+)?em"
_SWITCH = "true|false"
_ATTRIBUTES = {
    **dict.fromkeys(("stretchy", "fence", "separator", "largeop", "movablelimits"), _SWITCH),
    **dict.fromkeys(("accent", "accentunder", "displaystyle"), _SWITCH),
    **dict.fromkeys(("width", "minsize", "maxsize"), _SHORT),
    "display": "inline|block",
    "tabindex": "0",
    "form": "prefix|infix|postfix",
    "mathvariant": "[a-z-]+",
    "columnalign": "left|center|right",
    "linethickness": "0(px|em|pt)?",
    "scriptlevel": "[0-2]",
}
# of \max and its like: browsers would set them apart as they do a relation, also where they stand alone
_WORD = re.compile("(?!mod$)[A-Za-z][A-Za-z ]+")
_WORD_SPACES = {"lspace": "0em", "rspace": "0.167em"}
_DOUBLING = (
    r"\sideset"  # its last argument is converted twice: 16 of them in each other take seconds
)
_UNKNOWN_COMMAND = re.compile(r"\\[a-zA-Z]|\\$")


def formula_html(latex: str, display: bool = False) -> Markup:
    """Return a formula as MathML, or its source as code.

    Args:
        latex: without the dollar signs around it.
        display: whether it stands on a line of its own.
    """
    latex = latex.strip()
    try:
        element = _convert(latex, display)
        if display:  # a long one is scrolled, also with a keyboard
            element.set("tabindex", "0")
        return _serialize(element)
    except Exception:  # the library raises exceptions of many types, RecursionError among them
        mark = "$$" if display else "$"
        return Markup("<code>{}</code>").format(f"{mark}{latex}{mark}")


def _convert(latex: str, display: bool) -> Element:
    if not latex or len(latex) > MAX_FORMULA or _DOUBLING in latex:
        raise ValueError("empty, or too expensive")
    converter = Converter(display="block" if display else "inline")
    macros: Any = MappingProxyType({})  # macros that use each other can take exponential time
    converter.macros = macros
    return converter.convert_to_element(latex)


def _serialize(element: Element) -> Markup:
    """Return an element with the tags and attributes that are known to be harmless."""
    tag, text = element.tag, html.unescape(element.text or "")
    if tag in _GROUPS:
        if element.get("notation", _BOX) != _BOX:  # a line through a term changes its meaning
            raise ValueError(element.get("notation"))
        tag, attributes = _GROUP, {}
    elif tag in _TAGS:
        attributes = {
            name: value
            for name, value in element.attrib.items()
            if name in _ATTRIBUTES and re.fullmatch(_ATTRIBUTES[name], value)
        }
        if tag == "mo" and _WORD.fullmatch(text):
            attributes |= _WORD_SPACES
    else:
        raise ValueError(tag)
    if _UNKNOWN_COMMAND.match(text) or len(element) != _CHILDREN.get(tag, len(element)):
        raise ValueError(text)
    opening = "".join(f' {name}="{value}"' for name, value in attributes.items())
    inside = escape(text) + Markup().join(map(_serialize, element))
    return Markup(f"<{tag}{opening}>{inside}</{tag}>")
