"""A student's notebook as it ran: its cells, with the outputs that their process reports.

The outputs are the student's: only texts and pictures are taken over, in the forms that nbformat
gives them, and no more of them than a notebook can hold and still be opened. Markdown is shown as the
text that it is: rendered, it could fetch pictures from elsewhere and hold HTML. A picture with more pixels
than a browser can hold is left out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ottermark.results.result import CellProblem
from ottermark.submissions.notebook import SubmittedNotebook
from ottermark.submissions.picture_size import is_small_picture
from ottermark.text import one_line

MAX_CELL = 500_000  # characters of one cell's outputs
MAX_ALL = 8_000_000  # and of all cells' together
MAX_ALTERNATIVE = 300  # characters of a picture's description
_SHOWN = ("text/plain", "text/markdown", "text/latex", "image/png", "image/jpeg")
_FORM_OF_OUTPUT, _FORM_OF_LINE = 100, 10  # characters around the texts of an output, and each line
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_CUT = "\n[The rest of this cell's output was left out: it is too long.]\n"


class ExecutedNotebook:
    """Gathers what the cells of a submission show."""

    def __init__(self) -> None:
        self._outputs: dict[int, list[dict[str, Any]]] = {}
        self._left = MAX_ALL

    def add(self, cell: int, outputs: Iterable[Any]) -> None:
        """Keep the outputs of a cell, whatever they are.

        Args:
            cell: its index in the notebook, from 0.
        """
        room = min(MAX_CELL, self._left)
        outputs_of_cell = self._outputs[cell] = []
        for output in itertools.chain.from_iterable(map(_clean_forms, outputs)):
            size = _size(output)
            if size > room:
                if output["output_type"] == "stream":
                    text = output["text"][: max(0, room)]
                    outputs_of_cell.append({**output, "text": text})
                    self._left -= len(text)
                outputs_of_cell.append(_stream("stderr", _CUT))
                break
            outputs_of_cell.append(output)
            room -= size
            self._left -= size

    def notebook(
        self, submission: SubmittedNotebook, problems: Iterable[CellProblem]
    ) -> dict[str, Any]:
        """Return the notebook, in nbformat 4.

        Args:
            problems: cells that went wrong; the text of one without an error output is added to its outputs.
        """
        texts = {problem.cell: problem.text for problem in problems}
        cells, count = [], 0
        for index, cell in enumerate(submission.cells):
            shown = {**cell, "metadata": {}}
            if cell["cell_type"] == "code":
                count += index in self._outputs
                outputs = self._outputs.get(index, [])
                if index in texts and not any(o["output_type"] == "error" for o in outputs):
                    outputs = [*outputs, _stream("stderr", f"{texts[index]}\n")]
                shown["execution_count"] = count if index in self._outputs else None
                shown["outputs"] = [
                    {**o, "execution_count": count} if o["output_type"] == "execute_result" else o
                    for o in outputs
                ]
            cells.append(shown)
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        return {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": cells}


def _clean_forms(output: Any) -> Iterator[dict[str, Any]]:
    """Yield an output from the worker in the form of nbformat; nothing if it has none."""
    if not isinstance(output, Mapping):
        return
    match output.get("output_type"):
        case "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            if isinstance(text := output.get("text"), str):
                yield _stream(name, text)
        case "error":
            lines = output.get("traceback")
            yield {
                "output_type": "error",
                "ename": _text(output.get("ename")),
                "evalue": _text(output.get("evalue")),
                "traceback": [_text(x) for x in lines] if isinstance(lines, list) else [],
            }
        case "display_data" | "execute_result" as kind:
            data = output.get("data")
            shown = {
                mime: value
                for mime, value in (data.items() if isinstance(data, Mapping) else ())
                if mime in _SHOWN
                and isinstance(value, str)
                and (mime.startswith("text/") or _is_picture(value))
            }
            if "text/markdown" in shown:
                shown["text/plain"] = shown.pop("text/markdown")
            if shown:
                metadata = _alternative_texts(output.get("metadata"), shown)
                yield {"output_type": kind, "data": shown, "metadata": metadata}


def _alternative_texts(metadata: Any, shown: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the descriptions of pictures, where nbformat keeps them; all else is left out."""
    texts = {}
    for mime in shown:
        described = metadata.get(mime) if isinstance(metadata, Mapping) else None
        text = described.get("alt") if isinstance(described, Mapping) else None
        if isinstance(text, str) and text and not mime.startswith("text/"):
            texts[mime] = {"alt": one_line(text[: 4 * MAX_ALTERNATIVE], MAX_ALTERNATIVE)}
    return texts


def _is_picture(value: str) -> bool:
    """Return whether a value is a picture that a browser can show, or is left out for its length."""
    is_encoded = _BASE64.fullmatch(value) is not None
    return is_encoded and (len(value) > MAX_CELL or is_small_picture(value))


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _size(output: Mapping[str, Any]) -> int:
    """Return how many characters an output takes in the file, whatever it holds."""
    texts = [output.get(name, "") for name in ("text", "ename", "evalue")]
    lines = [*output.get("traceback", ()), *output.get("data", {}).values()]
    texts += [described["alt"] for described in output.get("metadata", {}).values()]
    return _FORM_OF_OUTPUT + _FORM_OF_LINE * len(lines) + sum(map(len, [*texts, *lines]))
