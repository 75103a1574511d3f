"""Read a submitted notebook, and check its size, form and origin before anything uses it.

Only the types, sources and ids of its cells are kept, and where questions end. Whatever else a
student's file claims, such as tests, points or cells to ignore, is dropped.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ottermark.assignment import Assignment
from ottermark.errors import MachineFaultError, SubmissionRejectedError
from ottermark.submissions.answer_code import own_code_cells
from ottermark.submissions.archives import read_zipped_notebook
from ottermark.submissions.file_kinds import describe_document, is_zip
from ottermark.submissions.grading_places import (
    GradingPlaces,
    checked_questions,
    find_grading_places,
)
from ottermark.submissions.picture_size import is_small_picture
from ottermark.submissions.written_answers import cell_digest
from ottermark.text import markdown_code

MAX_NOTEBOOK_BYTES = 50 * 2**20
MAX_VALUES = 1_000_000  # a parsed value can take 110 bytes of memory, however short its text
MAX_CELLS = 5_000
MAX_CODE = 1_000_000  # characters, in all cells
MAX_SHOWN_NAME = 80
MAX_COMPARED_BYTES = 8 * 2**20  # of a notebook that is compared with the one that was handed out
MAX_PICTURE = 3_000_000  # characters of one that was dropped into a text, in base64
MAX_PICTURES = 8  # of a cell
MAX_ALL_PICTURES = 8_000_000  # characters of all of a notebook
MAX_PICTURE_NAME = 100  # characters

_PICTURES = ("image/png", "image/jpeg")
# of which no submission can be the cause
_FAULTS_OF_THE_DISK = (
    *(errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EAGAIN),
    *(errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH),
    *(errno.ENOMEM, errno.ENFILE, errno.EMFILE, errno.EINTR),
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_CHUNK = 2**20
_ASSIGNED_OR_CALLED = re.compile(r"\b(\w++)\s*+[=(]")
_CLEAR_OUTPUTS = "clear all outputs, save the notebook and submit it again"
_DOWNLOAD_AGAIN = "download the notebook again as .ipynb and submit that"
_parsing = threading.Lock()  # so that a class of huge notebooks takes the memory of one


@dataclass(frozen=True)
class SubmittedNotebook:
    """One student's notebook.

    Attributes:
        name: of the submission, in results and tables.
        notebook: nbformat 4, with the type and source of each cell, the pictures that were dropped
            into texts, and Otter's metadata about where questions end.
        raw: the bytes of the submitted notebook.
        cell_ids: the ids of the cells, empty where one has none; may be empty altogether.
    """

    name: str
    notebook: dict[str, Any]
    raw: bytes
    cell_ids: tuple[str, ...] = ()

    @property
    def cells(self) -> list[dict[str, Any]]:
        """All cells in order."""
        cells: list[dict[str, Any]] = self.notebook["cells"]
        return cells

    def grading_places(self, assignment: Assignment) -> dict[str, GradingPlaces]:
        """Return by its id where each automatic question is graded."""
        return find_grading_places(self.cells, self.cell_ids, assignment)


def read_submission(path: Path, name: str, assignment: Assignment) -> SubmittedNotebook:
    """Read a submitted file: a notebook, or a zip with one, such as Otter exports.

    Args:
        name: of the submission, in results and tables.

    Raises:
        SubmissionRejectedError: the file cannot be graded.
        MachineFaultError: the disk or the network that it lies on fails.
    """
    label = markdown_code(path.name) or "the file"
    raw = _read_bytes(path, label)
    _check_size(raw, label)
    if is_zip(path.name):
        raw = read_zipped_notebook(
            raw,
            assignment.notebook,
            MAX_NOTEBOOK_BYTES + 1,
            label,
            is_untouched=partial(_holds_handout, assignment),
        )
        label = f"the notebook in {label}"
        _check_size(raw, label)
    else:
        _check_kind(raw, path.name, label, assignment)
    with _parsing:
        assignment_name, cells, ids = _parse(raw, label)
    _check_origin(assignment_name, cells, label, assignment)
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    return SubmittedNotebook(name, notebook, raw, ids)


def is_untouched(assignment: Assignment, path: Path) -> bool:
    """Return whether a file, or the notebook in a zip, holds only what was handed out."""
    try:
        return _holds_handout(assignment, read_submission(path, "", assignment).raw)
    except SubmissionRejectedError:
        return False


def _holds_handout(assignment: Assignment, raw: bytes) -> bool:
    if len(raw) > MAX_COMPARED_BYTES:
        return False
    try:
        with _parsing:
            _, cells, _ = _parse(raw, "")
    except SubmissionRejectedError:
        return False
    texts = {*assignment.starter_cells, cell_digest("")}
    texts |= {cell_digest(question.placeholder) for question in assignment.questions}
    return (
        assignment.starter_code != ""
        and not own_code_cells(cells, assignment)
        and all(cell_digest(c["source"]) in texts for c in cells if c["cell_type"] != "code")
    )


# ----------------------------------------------------------------------------- the file


def _read_bytes(path: Path, label: str) -> bytes:
    """Return the content of a file, at most one byte more than a notebook may have."""
    try:
        with open(path, "rb", opener=_open_without_following) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SubmissionRejectedError(
                    f"{label} is not a regular file; submit the notebook itself."
                )
            return file.read(MAX_NOTEBOOK_BYTES + 1)
    except IsADirectoryError:
        raise SubmissionRejectedError(f"{label} is a folder; submit the notebook itself.") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise SubmissionRejectedError(
                f"{label} is a link; submit the file that it points to."
            ) from None
        if error.errno in _FAULTS_OF_THE_DISK:
            raise MachineFaultError(
                f"{path} cannot be read ({error.strerror}); see to its disk or network, and run the same "
                "command again."
            ) from None
        raise SubmissionRejectedError(
            f"{label} cannot be read ({error.strerror}); submit it again."
        ) from None


def _open_without_following(path: str, flags: int) -> int:
    """Open a file for ``open``, without following a link or waiting for a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _check_size(raw: bytes, label: str) -> None:
    if not raw:
        raise SubmissionRejectedError(f"{label} is empty; save the notebook and submit it again.")
    if len(raw) > MAX_NOTEBOOK_BYTES:
        raise SubmissionRejectedError(
            f"{label} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MB; {_CLEAR_OUTPUTS}."
        )


def _check_kind(raw: bytes, name: str, label: str, assignment: Assignment) -> None:
    """Reject a document in place of a notebook, by what it begins with and then by its name."""
    kind = "a PDF" if raw.startswith(b"%PDF-") else describe_document(name)
    if kind and not raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise SubmissionRejectedError(
            f"{label} is {kind}, which cannot be graded; submit the notebook itself, "
            f"{markdown_code(assignment.notebook)}."
        )


# ----------------------------------------------------------------------------- its form


def _parse(raw: bytes, label: str) -> tuple[str | None, list[dict[str, Any]], tuple[str, ...]]:
    """Return the assignment name in a notebook's metadata, if any, its cells and their ids."""
    notebook = _parse_json(raw, label)
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise SubmissionRejectedError(
            f"{label} is not a notebook of format 4; save it with a current version of Jupyter "
            "and submit it again."
        )
    assignment_name = _otter_metadata(notebook).get("assignment_name")
    return (
        assignment_name if isinstance(assignment_name, str) else None,
        _parse_cells(notebook.get("cells"), label),
        tuple(map(cell_id, notebook["cells"])),
    )


def _parse_json(raw: bytes, label: str) -> Any:
    if _value_bound(raw) > MAX_VALUES:
        raise SubmissionRejectedError(
            f"{label} contains more than {MAX_VALUES:,} JSON values; {_CLEAR_OUTPUTS}."
        )
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise SubmissionRejectedError(
            f"{label} is not a notebook: it is not valid JSON; {_DOWNLOAD_AGAIN}."
        ) from None


def _value_bound(raw: bytes) -> int:
    """Return a number that the count of JSON values exceeds by one at most.

    It is the number of commas and opening brackets outside of strings.
    """
    count, inside = 0, 0
    raw = raw.replace(rb"\\", b"").replace(rb"\"", b"")  # now every quote begins or ends a string
    for start in range(0, len(raw), _CHUNK):
        parts = raw[start : start + _CHUNK].split(b'"')
        outside = b"".join(parts[inside::2])
        count += sum(outside.count(mark) for mark in (b",", b"[", b"{"))
        inside = (inside + len(parts) - 1) % 2
    return count


def _parse_cells(cells: Any, label: str) -> list[dict[str, Any]]:
    if not isinstance(cells, list) or not cells:
        raise SubmissionRejectedError(f"{label} has no cells; {_DOWNLOAD_AGAIN}.")
    if len(cells) > MAX_CELLS:
        raise SubmissionRejectedError(
            f"{label} has more than {MAX_CELLS:,} cells; delete the cells that you added."
        )
    parsed = list(map(_parse_cell, cells))
    _leave_out_pictures(parsed)
    if sum(len(cell["source"]) for cell in parsed if cell["cell_type"] == "code") > MAX_CODE:
        raise SubmissionRejectedError(
            f"{label} has more than {MAX_CODE:,} characters of code; make the code shorter."
        )
    return parsed


def _parse_cell(cell: Any) -> dict[str, Any]:
    """Return a cell; one of an unknown kind becomes raw, one without readable text empty."""
    fields = cell if isinstance(cell, dict) else {}
    cell_type, source = fields.get("cell_type"), fields.get("source")
    if cell_type not in ("code", "markdown", "raw"):
        cell_type = "raw"
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        source = ""
    otter = _otter_metadata(fields)
    metadata = {"otter": {"tests": otter["tests"]}} if "tests" in otter else {}
    parsed = {"cell_type": cell_type, "metadata": metadata, "source": source}
    pictures = {} if cell_type == "code" else _attached_pictures(fields.get("attachments"))
    return {**parsed, "attachments": pictures} if pictures else parsed


def _attached_pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """Return the pictures that were dropped into a text, by their names; other files are left out."""
    pictures: dict[str, dict[str, str]] = {}
    for name, forms in attachments.items() if isinstance(attachments, dict) else ():
        for mime in _PICTURES:
            picture = forms.get(mime) if isinstance(forms, dict) else None
            is_named = len(name) <= MAX_PICTURE_NAME
            if is_named and isinstance(picture, str) and _is_picture(picture):
                pictures[name] = {mime: picture}
    return dict(list(pictures.items())[:MAX_PICTURES])


def _is_picture(text: str) -> bool:
    is_encoded = len(text) <= MAX_PICTURE and _BASE64.fullmatch(text) is not None
    return is_encoded and is_small_picture(text)


def _leave_out_pictures(cells: Sequence[dict[str, Any]]) -> None:
    """Remove the pictures of a notebook that are too many, from the first on that is too much."""
    left = MAX_ALL_PICTURES
    for cell in cells:
        left -= sum(
            len(text) for forms in cell.get("attachments", {}).values() for text in forms.values()
        )
        if left < 0:
            cell.pop("attachments", None)


def cell_id(cell: Any) -> str:
    """Return the id of a cell, as it stands in the file; empty if it has none."""
    value = cell.get("id") if isinstance(cell, dict) else None
    return value if isinstance(value, str) else ""


def _otter_metadata(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what Otter has written into the metadata of a notebook or cell."""
    metadata = node.get("metadata")
    otter = metadata.get("otter") if isinstance(metadata, dict) else None
    return otter if isinstance(otter, dict) else {}


# ----------------------------------------------------------------------------- its questions


def _check_origin(
    assignment_name: str | None,
    cells: Sequence[Mapping[str, Any]],
    label: str,
    assignment: Assignment,
) -> None:
    """Reject another assignment's notebook, known by its name in Otter's metadata.

    Without such a name, the notebook has to check, assign or call something of a question.
    """
    expected = markdown_code(assignment.notebook)
    if assignment_name == assignment.name:
        return
    if assignment_name is not None:
        name = markdown_code(assignment_name, MAX_SHOWN_NAME) or "without a name"
        raise SubmissionRejectedError(
            f"{label} belongs to another assignment ({name}); submit {expected}."
        )
    ids = {question.id for question in assignment.automatic}
    names = {name for question in assignment.automatic for name in question.names}
    sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    checked = {question for cell in cells for question in checked_questions(cell)}
    if not (
        checked & ids or any(names.intersection(_ASSIGNED_OR_CALLED.findall(s)) for s in sources)
    ):
        raise SubmissionRejectedError(
            f"{label} is not this assignment's notebook: it contains none of the questions of "
            f"{markdown_code(assignment.name)}; submit {expected}."
        )
