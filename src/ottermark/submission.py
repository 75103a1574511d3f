"""Read what was handed in: checked for size, shape and origin before anything uses it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.questions import Assignment

MAX_NOTEBOOK_BYTES = 50 * 2**20
MAX_CELLS = 5_000
MAX_ARCHIVE_MEMBERS = 2_000


class Rejected(Exception):
    """A file that cannot be graded; the message is one plain sentence for the student."""

    def __init__(self, message: str) -> None:
        super().__init__(message.encode("utf-8", "replace").decode())  # file names may be any bytes


@dataclass(frozen=True)
class Submission:
    """One student's notebook.

    Attributes:
        name: how it is called in results and tables.
        notebook: the parsed notebook (nbformat 4), its cells checked.
        raw: the bytes that were handed in.
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

        That is the last cell that checks it; a question that is checked nowhere is graded
        after the last cell.
        """
        places = {}
        for question in assignment.automatic:
            check = _check_of(question.id)
            found = [
                index
                for index, cell in enumerate(self.cells)
                if cell["cell_type"] == "code" and check.search(cell["source"])
            ]
            places[question.id] = found[-1] if found else len(self.cells) - 1
        return places


def read(path: Path, name: str, assignment: Assignment) -> Submission:
    """Read a notebook, or the notebook in an Otter export (zip); raises ``Rejected``."""
    if path.is_dir():
        raise Rejected(f"the folder {path.name} holds no notebook and no zip.")
    try:
        if path.stat().st_size > MAX_NOTEBOOK_BYTES:
            raise Rejected(f"{path.name} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MB.")
        raw = path.read_bytes()
    except OSError as error:
        raise Rejected(f"{path.name} cannot be read ({error.strerror}).") from None
    if not raw:
        raise Rejected(f"{path.name} is empty; save the notebook and hand it in again.")
    if path.suffix == ".zip":
        raw = _notebook_in(path, assignment)
    notebook = _parsed(raw, path.name)
    _check_origin(notebook, path.name, assignment)
    return Submission(name, notebook, raw)


def _notebook_in(path: Path, assignment: Assignment) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_ARCHIVE_MEMBERS:
                raise Rejected(f"{path.name} holds more than {MAX_ARCHIVE_MEMBERS:,} files.")
            notebooks = [
                m
                for m in members
                if m.filename.endswith(".ipynb")
                and not m.filename.startswith("__MACOSX/")
                and ".ipynb_checkpoints" not in m.filename
            ]
            wanted = [m for m in notebooks if Path(m.filename).name == assignment.notebook]
            chosen = wanted if len(wanted) == 1 else notebooks
            if not chosen:
                raise Rejected(f"{path.name} holds no notebook; add {assignment.notebook} to it.")
            if len(chosen) > 1:
                raise Rejected(
                    f"{path.name} holds {len(chosen)} notebooks; hand in one, "
                    f"named {assignment.notebook}."
                )
            with archive.open(chosen[0]) as member:
                raw = member.read(MAX_NOTEBOOK_BYTES + 1)  # the size a header states may be a lie
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise Rejected(
            f"{path.name} is not a zip file that can be opened; export it again."
        ) from None
    if len(raw) > MAX_NOTEBOOK_BYTES:
        raise Rejected(
            f"the notebook in {path.name} is larger than {MAX_NOTEBOOK_BYTES // 2**20} MB."
        )
    return raw


def _parsed(raw: bytes, name: str) -> dict[str, Any]:
    try:
        notebook = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Rejected(
            f"{name} is not a notebook: it cannot be read as JSON. "
            "Download it again as .ipynb and hand that in."
        ) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise Rejected(f"{name} is not a notebook of format 4 (it has no list of cells).")
    if notebook.get("nbformat") != 4:
        raise Rejected(f"{name} is not a notebook of format 4; save it with a current Jupyter.")
    if len(notebook["cells"]) > MAX_CELLS:
        raise Rejected(f"{name} has more than {MAX_CELLS:,} cells.")
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
            raise Rejected(f"{name}: cell {number} is not a notebook cell.")
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise Rejected(f"{name}: cell {number} has no text.")
        cell["source"] = source
    return notebook


def _check_origin(notebook: Mapping[str, Any], name: str, assignment: Assignment) -> None:
    """Reject another assignment's notebook: by Otter's own mark, else by its checks."""
    metadata = notebook.get("metadata")
    otter = metadata.get("otter") if isinstance(metadata, dict) else None
    told = otter.get("assignment_name") if isinstance(otter, dict) else None
    if isinstance(told, str) and told != assignment.name:
        raise Rejected(
            f"{name} belongs to another assignment ({told[:80]!r}); this one is {assignment.name!r}."
        )
    sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if told is None and not any(_mentions(sources, assignment)):
        raise Rejected(
            f"{name} is not this assignment's notebook: none of the questions of "
            f"{assignment.name!r} is in it."
        )


def _mentions(sources: Iterable[str], assignment: Assignment) -> Iterable[bool]:
    text = "\n".join(sources)
    names = {name for question in assignment.automatic for name in question.names}
    for question in assignment.automatic:
        yield _check_of(question.id).search(text) is not None
    for name in names:
        yield re.search(rf"\b{re.escape(name)}\b\s*[=(]", text) is not None


def _check_of(question: str) -> re.Pattern[str]:
    return re.compile(rf"\bcheck\(\s*(['\"]){re.escape(question)}\1")
