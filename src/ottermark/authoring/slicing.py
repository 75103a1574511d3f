"""Leave of a notebook only the cells that one question needs."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable
from typing import Any

from ottermark.assignment import Question
from ottermark.python_source import names, plain


def needed(notebook: Any, question: Question, end: int) -> Any:
    """Return ``notebook`` with the cells alone on which what a question asks for depends.

    A cell counts if it sets, or may change, a name that is needed, and then what it takes is needed
    too. Magics and `import *` stay. Files that one cell writes for another are not seen.

    Args:
        end: index of the cell after which the question is graded.
    """
    wanted = set(question.names)
    kept = []
    for cell in reversed(notebook.cells[: end + 1]):
        if cell.cell_type != "code":
            continue
        try:
            taken, made = names(cell.source)
        except SyntaxError:
            taken, made = [], set()
        stays = cell.source.lstrip().startswith("%") or "import *" in cell.source
        if stays or (made | _changed(cell.source)) & wanted:
            wanted.update(taken)
            kept.append(cell)
    part = copy.copy(notebook)
    part.cells = list(reversed(kept))
    return part


def _changed(source: str) -> set[str]:
    """Return the names whose objects a cell may change: by a method, an item or an attribute."""
    try:
        tree = ast.parse(plain(source))
    except SyntaxError:
        return set()
    return set(_roots(tree))


def _roots(tree: ast.AST) -> Iterable[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=value)):
                target: ast.expr = value
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                target = value
            case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
                target = value
            case _:
                continue
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id
