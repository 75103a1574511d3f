"""The executed notebook of a submission: its cells, and the numbers that a written answer argues from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ottermark.assignment import Question
from ottermark.formulas import formula_html
from ottermark.results.executed_notebook import MAX_ALTERNATIVE
from ottermark.review.pictures import embedded_pictures, numbered
from ottermark.review.safe_html import code_html, student_html
from ottermark.submissions.written_answers import cell_digest
from ottermark.text import one_line, showable

MAX_OUTPUT = 20_000  # characters of one output
MAX_BESIDE = 4_000  # and beside an answer
MAX_OUTPUTS = 12  # cells with outputs beside an answer
MAX_CELLS = 400
MAX_SOURCE = 300_000  # characters of all cells; what follows is shown as it was typed, and cut

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|.)")
_OWN_NUMBERS = re.compile(
    r"\byour\W+(?:own\W+)?(?:numbers|table|results|scores|errors|values|measurements|figures?|plots?)",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?m)^#{1,2}[ \t]")


@dataclass(frozen=True)
class ShownCell:
    """A cell as the page shows it.

    Attributes:
        number: in the notebook, from 1.
        kind: ``code`` or ``text``.
        source: as HTML.
        outputs: as HTML.
    """

    number: int
    kind: str
    source: Markup
    outputs: tuple[Markup, ...]


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells of an executed notebook; none if it was removed or changed to something else."""
    try:
        stat = path.stat()
        return _read(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return []


@lru_cache(maxsize=24)
def _read(path: Path, _modified: int, _size: int) -> list[dict[str, Any]]:
    try:
        cells = json.loads(path.read_bytes())["cells"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []
    return [cell for cell in cells if _is_cell(cell)] if isinstance(cells, list) else []


def _is_cell(cell: Any) -> bool:
    return (
        isinstance(cell, dict)
        and cell.get("cell_type") in ("code", "markdown", "raw")
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("outputs", []), list)
    )


def shown_cells(cells: Sequence[Mapping[str, Any]], address: str) -> list[ShownCell]:
    """Return the cells of a notebook as they are shown.

    Args:
        address: of the submission's pictures, which ends in a slash.
    """
    shown, pictures, room = [], 0, MAX_SOURCE
    for index, cell in enumerate(cells[:MAX_CELLS]):
        room -= len(cell["source"])
        if room < 0:
            source = _text(cell["source"], MAX_OUTPUT)
        elif cell["cell_type"] == "code":
            source = code_html(cell["source"])
        else:
            text, pictures = numbered(cell["source"], pictures)
            source = student_html(text, f"{address}text/")
        outputs = _outputs(index, cell, address, MAX_OUTPUT)
        kind = "code" if cell["cell_type"] == "code" else "text"
        shown.append(ShownCell(index + 1, kind, source, outputs))
    return shown


def numbers_beside(
    cells: Sequence[Mapping[str, Any]], question: Question, address: str
) -> list[ShownCell]:
    """Return the code cells with outputs of the section that a written question stands in, above it.

    A section begins at a heading of the first or second level. The cell nearest to the question, on
    whose outputs an answer mostly rests, comes first.
    """
    digests = [cell_digest(cell["source"]) for cell in cells]
    prompt = cell_digest(question.prompt)
    if prompt not in digests:
        return []
    end = digests.index(prompt)
    start = next((index for index in reversed(range(end)) if _begins_section(cells[index])), 0)
    shown = []
    for index in range(start, end):
        outputs = _outputs(index, cells[index], address, MAX_BESIDE)
        if outputs:
            source = code_html(cells[index]["source"])
            shown.append(ShownCell(index + 1, "code", source, outputs))
    return shown[: -MAX_OUTPUTS - 1 : -1]


def argues_from_numbers(question: Question) -> bool:
    """Tell whether a question asks students to argue from their own numbers."""
    return _OWN_NUMBERS.search(question.prompt) is not None


def output_picture(cells: Sequence[Mapping[str, Any]], cell: int, output: int) -> str:
    """Return the picture of an output in base64; raises ``LookupError``."""
    shown = cells[cell].get("outputs", ())[output]
    data = shown.get("data") if isinstance(shown, dict) else None
    picture = _picture(data) if isinstance(data, dict) else ""
    if not picture:
        raise LookupError(output)
    return "".join(picture.split())


def text_picture(cells: Sequence[Mapping[str, Any]], number: int) -> str:
    """Return a picture in the texts of a notebook in base64; raises ``LookupError``."""
    return embedded_pictures(cells)[number][1]


def _begins_section(cell: Mapping[str, Any]) -> bool:
    return cell["cell_type"] != "code" and _SECTION.search(cell["source"]) is not None


def _outputs(index: int, cell: Mapping[str, Any], address: str, limit: int) -> tuple[Markup, ...]:
    shown = []
    for number, output in enumerate(cell.get("outputs", ())):
        if isinstance(output, dict):
            html = _output(output, f"{address}output/{index}/{number}", limit)
            if html:
                shown.append(html)
    return tuple(shown)


def _output(output: Mapping[str, Any], picture: str, limit: int) -> Markup:
    match output.get("output_type"):
        case "stream":
            return _text(output.get("text"), limit)
        case "error":
            lines = output.get("traceback")
            text = "\n".join(map(str, lines)) if isinstance(lines, list) else ""
            return _text(text or output.get("evalue"), limit)
        case "display_data" | "execute_result":
            data = output.get("data")
            if isinstance(data, dict):
                return _data(data, output.get("metadata"), picture, limit)
    return Markup()


def _data(data: Mapping[str, Any], metadata: Any, picture: str, limit: int) -> Markup:
    if _picture(data):
        described = metadata.get("image/png") if isinstance(metadata, dict) else None
        text = described.get("alt") if isinstance(described, dict) else None
        alternative = one_line(text, MAX_ALTERNATIVE) if isinstance(text, str) else ""
        return Markup('<img src="{}" alt="{}" loading="lazy">').format(
            picture, alternative or "Picture that the cell has drawn"
        )
    latex = data.get("text/latex")
    if isinstance(latex, str):
        return Markup("<div>{}</div>").format(formula_html(latex.strip().strip("$"), display=True))
    return _text(data.get("text/plain"), limit)


def _picture(data: Mapping[str, Any]) -> str:
    """Return the picture of an output in base64; empty if there is none."""
    forms = (data.get("image/png"), data.get("image/jpeg"))
    return next((form for form in forms if isinstance(form, str) and form), "")


def _text(text: Any, limit: int) -> Markup:
    if not isinstance(text, str) or not text.strip():
        return Markup()
    shown = showable(_ANSI.sub("", text))
    if len(shown) > limit:
        shown = f"{shown[: limit // 2]}\n…\n{shown[-limit // 2 :]}"
    return Markup('<pre tabindex="0">{}</pre>').format(shown)
