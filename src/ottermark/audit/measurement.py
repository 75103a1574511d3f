"""What trained nets measure in their own process, so that nothing is trained twice.

A cell after the answer measures the net with Keras and NumPy and shows a dict. The executed notebook
holds it, and the oracle says whether a net that measures so is right; the grader's tests have no
part in it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ottermark.audit.answer_files import find_answer_cells
from ottermark.audit.answers import Answer, Kind
from ottermark.audit.oracle import Oracle


def insert_measurements(
    notebook: Mapping[str, Any], answers: Sequence[Answer], measurements: Mapping[str, str]
) -> dict[str, Any]:
    """Return the notebook with a cell after each rewrite whose question has a measurement.

    Args:
        measurements: the code of the cell by question.
    """
    cells = list(notebook["cells"])
    positions = find_answer_cells(notebook)
    measured = [
        a.question for a in answers if a.kind is Kind.REWRITE and a.question in measurements
    ]
    for question in sorted(measured, key=positions.__getitem__, reverse=True):
        cell: dict[str, Any] = {
            "cell_type": "code",
            "metadata": {},
            "source": measurements[question],
            "outputs": [],
            "execution_count": None,
        }
        cells.insert(positions[question] + 1, cell)
    return {**notebook, "cells": cells}


def is_right(answer: Answer, executed: Path, oracle: Oracle) -> bool:
    """Return whether an answer is right, by what its net measured.

    It is not if the cell that measures failed, or measured what is no number.

    Args:
        executed: the executed notebook.
    """
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["source"] == oracle.measurements[answer.question]:
            shown = [o["data"]["text/plain"] for o in cell["outputs"] if "data" in o]
            try:
                return len(shown) == 1 and oracle.net_checks[answer.question](
                    ast.literal_eval(shown[0])
                )
            except ValueError:  # nan and inf are no literals
                return False
    return False
