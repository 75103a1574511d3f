"""The code that was run compared with the code in a file."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

from .runs import KernelRun
from .saved_notebook import Cell, SavedNotebook

# seconds: some file systems count time in steps of two
TOLERANCE = 2.0


@dataclass(frozen=True)
class Differences:
    """Where the code that was run and the file differ.

    Attributes:
        unsaved: cells run after the file was saved, of which the file does not have the code.
        changed: cells of the file with other code than was last run in them before it was saved.
    """

    unsaved: tuple[KernelRun, ...] = ()
    changed: tuple[Cell, ...] = ()


def compare(runs: Sequence[KernelRun], notebook: SavedNotebook) -> Differences:
    """Compare the last run of each cell with the file.

    A cell that is no longer in a file saved after its last run was deleted on purpose, and is not
    a difference. Comments and layout do not count.

    Args:
        runs: the earliest first.
    """
    saved_code = {normalize(cell.source) for cell in notebook.cells if cell.kind == "code"}
    saved_cells = {cell.id: cell for cell in notebook.cells if cell.id}
    last = {run.cell or normalize(run.source): run for run in runs}
    missing = [run for run in last.values() if normalize(run.source) not in saved_code]
    unsaved = [run for run in missing if run.time > notebook.saved_at + TOLERANCE]
    return Differences(
        unsaved=tuple(unsaved),
        changed=tuple(
            saved_cells[run.cell]
            for run in missing
            if run not in unsaved and run.cell in saved_cells
        ),
    )


def normalize(source: str) -> str:
    """Return a form of code that is the same for the same syntax tree."""
    try:
        return ast.dump(ast.parse(TransformerManager().transform_cell(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(line.rstrip() for line in source.strip().splitlines())
