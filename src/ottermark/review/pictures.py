"""The pictures of a submission's notebook, drawn anew so that no byte of a student's reaches a browser."""

from __future__ import annotations

import base64
import binascii
import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from PIL import Image

from ottermark.review.safe_html import PICTURE_SCHEME

MAX_ENCODED = 8_000_000  # characters of one picture in base64
MAX_PIXELS = 16_000_000
MAX_SIDE = 1_600  # pixels of what is shown
MAX_PICTURES = 40  # of one notebook
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")

# as in ``written_answers``, which leaves the pictures out of an answer's text
_EMBEDDED = re.compile(r"!\[([^\[\]\n]*)\]\((data|attachment):([^\[)\s]*)\)")
_LEFT_OUT = re.compile(r"\[a picture, see the notebook: ([^\[\]\n]*)\]")
_BASE64 = re.compile(r"image/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+/=]+)")


@lru_cache(maxsize=64)
def redrawn(encoded: str) -> bytes | None:
    """Return a picture as a PNG of bounded size; None if it is none that can be shown.

    Args:
        encoded: in base64, of one of ``FORMATS``; of several frames the first is shown.
    """
    if len(encoded) > MAX_ENCODED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            raw = io.BytesIO(base64.b64decode(encoded, validate=True))
            with Image.open(raw, formats=FORMATS) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return None
                picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
                drawn = picture.convert("RGBA")
        drawn.thumbnail((MAX_SIDE, MAX_SIDE))
        # pixels alone: what a file says besides them is left behind
        fresh = Image.new("RGBA", drawn.size)
        fresh.paste(drawn)
        output = io.BytesIO()
        fresh.save(output, "PNG")
    except (OSError, ValueError, SyntaxError, binascii.Error, Warning, MemoryError, EOFError):
        return None
    except Exception:  # a decoder's own, on a file made to break it
        return None
    return output.getvalue()


def embedded_pictures(cells: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the pictures in the texts of a notebook: each its alternative text, and it in base64.

    One that the notebook does not hold, or not in a form that is shown, is empty.
    """
    return list(_embedded(cells))[:MAX_PICTURES]


def numbered(source: str, count: int) -> tuple[str, int]:
    """Return the text of a cell with numbers in place of its pictures, and how many there are by then.

    Args:
        count: how many pictures stand in the cells before.
    """
    number = count - 1

    def refer(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        if number >= MAX_PICTURES:
            return match[0]
        return f"![{match[1]}]({PICTURE_SCHEME}{number})"

    return _EMBEDDED.sub(refer, source), number + 1


def with_pictures(answer: str, cells: Sequence[Mapping[str, Any]]) -> str:
    """Return an answer's Markdown with its pictures, by their numbers in ``embedded_pictures``.

    Args:
        answer: as in the results, where pictures are only mentioned.
        cells: of the executed notebook.
    """
    if not _LEFT_OUT.search(answer):
        return answer
    pictures = embedded_pictures(cells)
    unused = list(range(_first_of_answer(answer, cells), len(pictures)))

    def put_back(match: re.Match[str]) -> str:
        for number in unused:
            if pictures[number][0] == match[1]:
                unused.remove(number)
                return f"![{match[1]}]({PICTURE_SCHEME}{number})"
        return match[0]

    return _LEFT_OUT.sub(put_back, answer)


def _embedded(cells: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for cell in cells:
        if cell["cell_type"] != "code":
            for alternative, kind, address in _EMBEDDED.findall(cell["source"]):
                yield alternative, _encoded(kind, address, cell)


def _encoded(kind: str, address: str, cell: Mapping[str, Any]) -> str:
    if kind == "data":
        match = _BASE64.fullmatch(address)
        return match[1] if match else ""
    attached = cell.get("attachments")
    forms = attached.get(address) if isinstance(attached, dict) else None
    values = forms.values() if isinstance(forms, dict) else ()
    return next((value for value in values if isinstance(value, str)), "")


def _first_of_answer(answer: str, cells: Sequence[Mapping[str, Any]]) -> int:
    """Return how many pictures stand before the cell with the most of the answer's text."""
    before, best, count = 0, 0, 0
    for cell in cells:
        if cell["cell_type"] == "code":
            continue
        embedded = _EMBEDDED.findall(cell["source"])
        text = _EMBEDDED.sub(r"[a picture, see the notebook: \1]", cell["source"]).strip()
        if embedded and len(text) > best and text in answer:
            before, best = count, len(text)
        count += len(embedded)
    return before
