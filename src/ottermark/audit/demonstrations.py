"""The cells of a notebook that only show something, which the audit need not run for each answer.

Such a cell binds names that no other cell uses, or none; assigns to no part of another cell's objects;
and is neither an answer nor a check. In our lab these train two nets and draw most pictures, which is more
work than grading a blank notebook otherwise is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from symtable import SymbolTable, symtable
from typing import Any

from ottermark.audit.answer_files import find_answer_cells


@dataclass(frozen=True)
class _Names:
    """The names in a cell.

    Attributes:
        bound: what it assigns, imports or defines.
        used: what it reads, names in strings included (``globals().get("net")``).
        changes: whether it assigns to a part or an attribute of an object from another cell.
    """

    bound: frozenset[str]
    used: frozenset[str]
    changes: bool


def without_demonstrations(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a notebook without the cells that only show something, and without text."""
    answers = set(find_answer_cells(notebook).values())
    names = {
        index: _find_names("".join(cell["source"]))
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    }
    kept = [
        notebook["cells"][index]
        for index, own in names.items()
        if index in answers
        or own.changes
        or "grader" in own.used
        or any(own.bound & other.used for i, other in names.items() if i != index)
    ]
    return {**notebook, "cells": kept}


def _find_names(source: str) -> _Names:
    """Return the names in a cell. One that is no Python, as with a magic, may use and change anything."""
    try:
        tree, table = ast.parse(source), symtable(source, "cell", "exec")
    except SyntaxError:
        return _Names(frozenset(), frozenset(re.findall(r"\w+", source)), changes=True)
    nodes = list(ast.walk(tree))
    texts = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    bound = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    parts = [n for n in nodes if isinstance(n, (ast.Attribute, ast.Subscript))]
    changed = {_find_owner(part) for part in parts if not isinstance(part.ctx, ast.Load)}
    return _Names(
        frozenset(bound), frozenset({*_find_used(table), *texts}), changes=not changed <= bound
    )


def _find_owner(part: ast.expr) -> str | None:
    """Return the name at the start of ``name.attribute[index]``; None if it starts otherwise."""
    while isinstance(part, (ast.Attribute, ast.Subscript)):
        part = part.value
    return part.id if isinstance(part, ast.Name) else None


def _find_used(table: SymbolTable) -> Iterator[str]:
    """Yield the global names that are read in a cell, and in functions and classes of it."""
    is_module = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (is_module or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _find_used(child)
