"""Tables as CSV that spreadsheets read as text and numbers, whatever students are called."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

# controls, lone surrogates, and what changes the direction of text
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# where a spreadsheet would begin a formula; with decimal commas, semicolons separate cells
_FORMULA_START = re.compile(r"(^|; ?)(?=[=+\-@＝＋－＠])")
_GUARDED_START = re.compile(r"(^|; ?)'(?=[=+\-@＝＋－＠])")


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Return a table as CSV with Unix line ends.

    A cell in which a spreadsheet would begin a formula gets an apostrophe there.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(c) for c in row] for row in rows)
    return text.getvalue()


def without_guard(text: str) -> str:
    """Return the text of a cell without the apostrophes that ``csv_text`` puts before formulas."""
    return _GUARDED_START.sub(r"\1", text)


def printable_line(text: str) -> str:
    """Return text on one line, without unprintable characters."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def _cell(text: str) -> str:
    return text if re.fullmatch(r"-?[0-9.]+", text) else _FORMULA_START.sub(r"\1'", text)
