"""Which cells of a notebook only show something."""

from __future__ import annotations

from typing import Any

from ottermark.audit.demonstrations import without_demonstrations

CELLS = {
    "set-up": "import numpy as np\nx = np.ones(3)",
    "magic": "%matplotlib inline",
    "grader": "import otter\ngrader = otter.Notebook()",
    "drawn": "y = x + 1\nfor i in range(3):\n    print([z for z in y])",
    "table": "rows = {}\nrows['a'] = 1\nprint(rows)",
    "changes another's": "x[0] = 2",
    "function": "def helper():\n    return x",
    "by its name": "net = 3",
    "looks a name up": "print(globals().get('net'))",
    "answer": "q1 = helper() + z.real",
    "check": 'grader.check("q1")',
    "same name in a comprehension": "z = 1j",
}


def test_cells_that_only_show_something_are_left_out() -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": name, "source": source, "metadata": {}}
        for name, source in CELLS.items()
    ]
    (answer,) = [cell for cell in cells if cell["id"] == "answer"]
    answer["metadata"]["tags"] = ["otter_answer_cell"]
    text = {"cell_type": "markdown", "id": "text", "source": "Read this.", "metadata": {}}
    shortened = without_demonstrations({"nbformat": 4, "cells": [text, *cells]})
    left_out = {*CELLS} - {cell["id"] for cell in shortened["cells"]}
    assert left_out == {"drawn", "table", "looks a name up"}
    assert shortened["nbformat"] == 4
