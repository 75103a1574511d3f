"""A notebook as it was saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook.

    Attributes:
        id: empty if it has none.
        kind: ``code``, ``markdown`` or ``raw``.
    """

    id: str
    kind: str
    source: str


@dataclass(frozen=True)
class SavedNotebook:
    """A notebook as it was saved.

    Attributes:
        saved_at: when, in seconds since 1970.
        assignment: the name of the assignment in Otter's metadata; empty if there is none.
    """

    path: Path
    cells: tuple[Cell, ...]
    saved_at: float
    assignment: str = ""

    def title_of(self, cell: str, source: str) -> str:
        """Return the heading above a cell and the first line of its source.

        Args:
            cell: its id; without a cell of this id there is no heading.
            source: the cell's, or a version of it.
        """
        heading = ""
        for above in self.cells:
            if cell and above.id == cell:
                return ": ".join(filter(None, [heading, _first_line(source)]))
            if above.kind == "markdown":
                heading = _last_heading(above.source) or heading
        return _first_line(source)


def read_notebook(path: Path) -> SavedNotebook | None:
    """Read a notebook; None if it cannot be read, or is being written."""
    try:
        saved_at = path.stat().st_mtime
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = tuple(
            Cell(cell.get("id", ""), cell["cell_type"], "".join(cell["source"]))
            for cell in content["cells"]
        )
        otter = content.get("metadata", {}).get("otter", {})
        return SavedNotebook(path, cells, saved_at, otter.get("assignment_name") or "")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def notebook_paths(folder: Path) -> list[Path]:
    """Return the notebooks in a folder, in order of names.

    Hidden files are left out: while a Jupyter server saves a notebook, its last version lies beside
    it under a name with a dot.
    """
    return sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))


def read_notebooks_beside(notebook: SavedNotebook) -> Sequence[SavedNotebook]:
    """Return the other notebooks of the same assignment in the folder of one."""
    paths = [path for path in notebook_paths(notebook.path.parent) if path != notebook.path]
    others = [other for path in paths if (other := read_notebook(path)) is not None]
    return [other for other in others if other.assignment == notebook.assignment]


def _last_heading(markdown: str) -> str:
    """Return the text of the last heading; empty if there is none."""
    heading, in_code = "", False
    for line in markdown.splitlines():
        if line.startswith(("```", "~~~")):
            in_code = not in_code
        elif line.startswith("#") and not in_code:
            heading = line.lstrip("# ")
    return heading


def _first_line(source: str) -> str:
    """Return the first line of code that is no comment, at most 60 characters of it."""
    lines = [line.strip() for line in source.splitlines()]
    code = [line for line in lines if line and not line.startswith("#")]
    line = next(iter(code or lines), "")
    return line if len(line) <= 60 else f"{line[:57]}..."
