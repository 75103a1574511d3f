"""Reduce a notebook to the cells that one question depends on."""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator
from typing import Any

from ottermark.python_source import parse, used_and_assigned_names, without_magics


def slice_notebook(notebook: Any, names: Collection[str], end: int) -> Any:
    """Return a copy of ``notebook`` without the code that the values of ``names`` do not depend on.

    Code cells that are not needed are empty in it, so that all cells have the same index.

    A cell is included if it assigns, or may change, a name that is needed; the names that it uses
    are then needed too. Magics and ``import *`` are always included. Files that one cell writes and
    another reads are not tracked.

    Args:
        end: index of the last cell to consider.
    """
    needed = set(names)
    part = copy.deepcopy(notebook)
    for index, cell in reversed(list(enumerate(part.cells))):
        if cell.cell_type != "code":
            continue
        try:
            used, assigned = used_and_assigned_names(cell.source)
        except SyntaxError:
            used, assigned = [], set()
        always = cell.source.lstrip().startswith("%") or "import *" in cell.source
        if index <= end and (always or (assigned | _mutated_names(cell.source)) & needed):
            needed.update(used)
        else:
            cell.source = ""
    return part


def names_in(source: str) -> set[str] | None:
    """Return all names that a cell uses, assigns or may change; None if it is not plain Python."""
    try:
        used, assigned = used_and_assigned_names(source)
    except SyntaxError:
        return None
    return {*used, *assigned, *_mutated_names(source)}


def _mutated_names(source: str) -> set[str]:
    """Return the names whose objects a cell may change: by a method, an item or an attribute."""
    try:
        tree = parse(without_magics(source))
    except SyntaxError:
        return set()
    return set(_mutation_roots(tree))


def _mutation_roots(tree: ast.AST) -> Iterator[str]:
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
