"""The package ``notebook_grader`` for students, and the lines that make their notebook use it."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ottermark.notebook_grader
from ottermark.assignment import Assignment, Question
from ottermark.notebook_grader.questions import QUESTIONS_FILE, NotebookQuestion
from ottermark.python_source import parse, without_magics

PACKAGE_NAME = "notebook_grader"

_WRAP = """

try:  # without the folder notebook_grader, Otter's own text appears
    from notebook_grader import Grader

    grader = Grader(grader)
except ImportError:
    pass"""


def add_notebook_grader(assignment: Assignment, student: Any, folder: Path) -> None:
    """Add the package to the student folder.

    Args:
        student: the student notebook.
    """
    source = Path(ottermark.notebook_grader.__file__).parent
    target = folder / PACKAGE_NAME
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    records = [asdict(question) for question in _questions(assignment, student.cells)]
    text = json.dumps(records, indent=1, ensure_ascii=False)
    (target / QUESTIONS_FILE).write_text(text + "\n", encoding="utf-8")


def wrap_grader(notebook: Any) -> None:
    """Let a notebook use the package, from the cell on that makes ``grader``, if there is one."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and _makes_grader(cell.source):
            cell.source += _WRAP
            return


def uses_notebook_grader(notebook: Any) -> bool:
    """Return whether a notebook has been made to use the package."""
    return any(_WRAP in cell.source for cell in notebook.cells)


def _makes_grader(source: str) -> bool:
    """Tell whether code assigns an ``otter.Notebook`` to ``grader``."""
    if "grader" not in source:
        return False
    try:
        body = parse(without_magics(source)).body
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).rpartition(".")[2] == "Notebook"
        and any(isinstance(target, ast.Name) and target.id == "grader" for target in node.targets)
        for node in body
    )


def _questions(assignment: Assignment, cells: Sequence[Any]) -> Iterator[NotebookQuestion]:
    """Yield the questions as the package needs them, each with its place in the notebook."""
    place = 0
    for question in assignment.questions:
        place = _cell_of(question, cells, place)
        yield NotebookQuestion(
            id=question.id,
            title=question.title,
            names=question.names,
            written=question.manual,
            all_tests_public=question.all_tests_public,
            cell=cells[place].id,
            next_cell=cells[place + 1].id if place + 1 < len(cells) else "",
            placeholder=question.placeholder,
        )


def _cell_of(question: Question, cells: Sequence[Any], start: int) -> int:
    """Return the index of a question's check or written answer, at ``start`` or later."""
    for index in range(start, len(cells)):
        if question.check_cell and cells[index].id == question.check_cell:
            return index
        if question.prompt and cells[index].source == question.prompt:
            return min(index + 1, len(cells) - 1)
    return start
