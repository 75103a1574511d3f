"""Read what was handed in: checked for size, shape and origin before anything uses it.

Of a notebook only the kinds and the texts of its cells are kept, and where questions end, so that
nothing can believe what else a student's file says: of tests, points, ids, or cells to ignore.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import stat
import threading
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.assignment import Assignment

MAX_NOTEBOOK_BYTES = 50 * 2**20
MAX_VALUES = 1_000_000  # one can take 110 bytes of memory, however short its text
MAX_CELLS = 5_000
MAX_CODE = 1_000_000  # characters, in all cells
MAX_ARCHIVE_MEMBERS = 2_000

_PIECE = 2**20
_CHECK = re.compile(r"\bcheck\(\s*+(['\"])([^'\"]*+)\1")
_SET_OR_CALLED = re.compile(r"\b(\w++)\s*+[=(]")
_SMALLER = "clear all outputs, save it and hand it in again"
_AGAIN = "download the notebook again as .ipynb and hand that in"
_NOT_HANDED_IN = {"__MACOSX", ".ipynb_checkpoints"}
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # lzma takes the memory that a file names
_ENCRYPTED = 1
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError)
_parsing = threading.Lock()  # so that a class of huge notebooks takes the memory of one


class SubmissionRejectedError(Exception):
    """A file that cannot be graded; the message is one plain sentence for the student."""

    def __init__(self, message: str) -> None:
        # a file's name may hold anything
        super().__init__(
            "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in message)
        )


@dataclass(frozen=True)
class SubmittedNotebook:
    """One student's notebook.

    Attributes:
        name: how it is called in results and tables.
        notebook: nbformat 4, its cells' kinds and texts, and Otter's marks where questions end.
        raw: the bytes of the notebook that was handed in.
    """

    name: str
    notebook: dict[str, Any]
    raw: bytes

    @property
    def cells(self) -> list[dict[str, Any]]:
        """All cells in order."""
        cells: list[dict[str, Any]] = self.notebook["cells"]
        return cells

    def places(self, assignment: Assignment) -> dict[str, int]:
        """Return for each automatic question the index of the cell after which it is graded.

        That is the last cell that checks it, else the last one that Otter has marked as its end;
        a question that is checked nowhere is graded after the last cell.
        """
        places = {question.id: len(self.cells) - 1 for question in assignment.automatic}
        for ends in (_marked, _checked):
            for index, cell in enumerate(self.cells):
                places |= dict.fromkeys(ends(cell) & places.keys(), index)
        return places


def read(path: Path, name: str, assignment: Assignment) -> SubmittedNotebook:
    """Read a notebook, or the notebook in an Otter export (zip); raises ``SubmissionRejectedError``."""
    called = path.name
    raw = _bytes_of(path)
    _check_size(raw, called)
    if path.suffix.lower() == ".zip":
        raw = _notebook_in(raw, called, assignment.notebook)
        called = f"the notebook in {called}"
        _check_size(raw, called)
    with _parsing:
        assignment_name, cells = _parsed(raw, called)
    _check_origin(assignment_name, cells, called, assignment)
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    return SubmittedNotebook(name, notebook, raw)


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than a notebook may have."""
    try:
        with open(path, "rb", opener=_open_itself) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SubmissionRejectedError(
                    f"{path.name} is not a regular file; hand in the notebook itself."
                )
            return file.read(MAX_NOTEBOOK_BYTES + 1)
    except IsADirectoryError:
        raise SubmissionRejectedError(
            f"{path.name} is a folder; hand in the notebook itself."
        ) from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise SubmissionRejectedError(
                f"{path.name} is a link; hand in the file that it leads to."
            ) from None
        why = error.strerror
        raise SubmissionRejectedError(
            f"{path.name} cannot be read ({why}); hand it in again."
        ) from None


def _open_itself(path: str, flags: int) -> int:
    """Open what stands at ``path``: no link is followed, no pipe waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _check_size(raw: bytes, called: str) -> None:
    if not raw:
        raise SubmissionRejectedError(f"{called} is empty; save the notebook and hand it in again.")
    if len(raw) > MAX_NOTEBOOK_BYTES:
        raise SubmissionRejectedError(
            f"{called} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MB; {_SMALLER}."
        )


class _Archive(io.BytesIO):
    """The bytes of an archive, of which no more than a piece is given at once.

    That bounds the list of members, which zipfile takes whole and turns into objects before
    anyone could ask how long it is.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to ``size`` bytes; raises ``LargeZipFile`` where that is more than a piece."""
        data = super().read(_PIECE + 1 if size is None or size < 0 else min(size, _PIECE + 1))
        if len(data) > _PIECE:
            raise zipfile.LargeZipFile
        return data


def _notebook_in(raw: bytes, called: str, wanted: str) -> bytes:
    """Return the notebook in an archive, of one that is too large only the beginning."""
    notebook = bytearray()
    try:
        with zipfile.ZipFile(_Archive(raw)) as archive:
            member = _chosen(archive.infolist(), called, wanted)
            with archive.open(member) as file:  # the size that its header states may be a lie
                while len(notebook) <= MAX_NOTEBOOK_BYTES and (piece := file.read(_PIECE)):
                    notebook += piece
    except zipfile.LargeZipFile:
        raise SubmissionRejectedError(
            f"{called} holds too many files; hand in the notebook alone."
        ) from None
    except _BROKEN_ZIP:
        raise SubmissionRejectedError(
            f"{called} is not a zip file that can be opened; export it again."
        ) from None
    return bytes(notebook)


def _chosen(members: Sequence[zipfile.ZipInfo], called: str, wanted: str) -> zipfile.ZipInfo:
    if len(members) > MAX_ARCHIVE_MEMBERS:
        raise zipfile.LargeZipFile
    notebooks = [
        member
        for member in members
        if member.filename.endswith(".ipynb") and not _NOT_HANDED_IN.intersection(_parts(member))
    ]
    chosen = [member for member in notebooks if _parts(member)[-1] == wanted] or notebooks
    if not chosen:
        raise SubmissionRejectedError(f"{called} holds no notebook; add {wanted} to it.")
    if len(chosen) > 1:
        raise SubmissionRejectedError(
            f"{called} holds {len(chosen)} notebooks; hand in one, named {wanted}."
        )
    (member,) = chosen
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise SubmissionRejectedError(
            f"{called} holds a link in place of the notebook; add the notebook itself."
        )
    if member.flag_bits & _ENCRYPTED or member.compress_type not in _PLAIN:
        raise SubmissionRejectedError(
            f"{called} needs a password or an unusual program; make a plain zip file."
        )
    return member


def _parts(member: zipfile.ZipInfo) -> list[str]:
    return member.filename.replace("\\", "/").split("/")


def _parsed(raw: bytes, called: str) -> tuple[str | None, list[dict[str, Any]]]:
    """Return the assignment that a notebook says it belongs to, and its cells."""
    if _count_of_values(raw) > MAX_VALUES:
        raise SubmissionRejectedError(
            f"{called} holds more than {MAX_VALUES:,} values; {_SMALLER}."
        )
    try:
        notebook = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise SubmissionRejectedError(
            f"{called} is not a notebook: it cannot be read as JSON; {_AGAIN}."
        ) from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise SubmissionRejectedError(
            f"{called} is not a notebook of format 4; save it with a current Jupyter and hand that in."
        )
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        raise SubmissionRejectedError(f"{called} has no cells; {_AGAIN}.")
    if len(cells) > MAX_CELLS:
        raise SubmissionRejectedError(
            f"{called} has more than {MAX_CELLS:,} cells; delete those you added."
        )
    metadata = notebook.get("metadata")
    otter = metadata.get("otter") if isinstance(metadata, dict) else None
    told = otter.get("assignment_name") if isinstance(otter, dict) else None
    cells = [_cell(cell, f"cell {number} of {called}") for number, cell in enumerate(cells, 1)]
    if sum(len(cell["source"]) for cell in cells if cell["cell_type"] == "code") > MAX_CODE:
        raise SubmissionRejectedError(
            f"{called} has more than {MAX_CODE:,} characters of code; make it shorter."
        )
    return told if isinstance(told, str) else None, cells


def _count_of_values(raw: bytes) -> int:
    """Count commas and opening brackets outside of texts: at least one for each value but one."""
    count, inside = 0, 0
    raw = raw.replace(rb"\\", b"").replace(rb"\"", b"")  # now every quote begins or ends a text
    for start in range(0, len(raw), _PIECE):
        parts = raw[start : start + _PIECE].split(b'"')
        outside = b"".join(parts[inside::2])
        count += sum(outside.count(mark) for mark in (b",", b"[", b"{"))
        inside = (inside + len(parts) - 1) % 2
    return count


def _cell(cell: Any, called: str) -> dict[str, Any]:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    if kind not in ("code", "markdown", "raw"):
        raise SubmissionRejectedError(f"{called} is not a notebook cell; {_AGAIN}.")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SubmissionRejectedError(f"{called} has no text; {_AGAIN}.")
    metadata = cell.get("metadata")
    otter = metadata.get("otter") if isinstance(metadata, dict) else None
    kept = (
        {"otter": {"tests": otter["tests"]}} if isinstance(otter, dict) and "tests" in otter else {}
    )
    return {"cell_type": kind, "metadata": kept, "source": source}


def _check_origin(
    told: str | None, cells: Sequence[dict[str, Any]], called: str, assignment: Assignment
) -> None:
    """Reject another assignment's notebook: by Otter's own mark, else by its checks and names."""
    if told == assignment.name:
        return
    if told is not None:
        raise SubmissionRejectedError(
            f"{called} belongs to another assignment ({told[:80]!r}); hand in {assignment.notebook}."
        )
    ids = {question.id for question in assignment.automatic}
    names = {name for question in assignment.automatic for name in question.names}
    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    checked = {question for cell in cells for question in _checked(cell)}
    if not (checked & ids or any(names.intersection(_SET_OR_CALLED.findall(s)) for s in code)):
        raise SubmissionRejectedError(
            f"{called} is not this assignment's notebook: none of the questions of "
            f"{assignment.name!r} is in it; hand in {assignment.notebook}."
        )


def _checked(cell: Mapping[str, Any]) -> set[str]:
    """Return what the calls of ``check`` in a code cell name."""
    if cell["cell_type"] != "code":
        return set()
    return {question for _, question in _CHECK.findall(cell["source"])}


def _marked(cell: Mapping[str, Any]) -> set[str]:
    """Return the questions without a check of their own that Otter says end with a cell."""
    otter = cell["metadata"].get("otter")
    ended = otter.get("tests") if isinstance(otter, dict) else None
    return {q for q in ended if isinstance(q, str)} if isinstance(ended, list) else set()
