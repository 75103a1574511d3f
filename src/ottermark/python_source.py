"""What code imports and which names it takes and sets, read from its text alone."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.M)
_NOT_OURS = ("otter", "google")  # one is replaced while grading, the other is Colab's


def code_cells(notebook: Path) -> list[str]:
    """Return the code of a notebook's cells; nothing of what is no notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def modules(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the modules that ``sources`` import, sorted."""
    found: set[str] = set()
    for node in _nodes(sources):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return tuple(sorted(name for name in found if name.partition(".")[0] not in _NOT_OURS))


def imported(sources: Iterable[str]) -> dict[str, str]:
    """Return what names the imports in ``sources`` bind, e.g. to ``numpy`` or ``math:sqrt``."""
    bound: dict[str, str] = {}
    for node in _nodes(sources):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name.partition(".")[0]
                bound[alias.asname or whole] = alias.name if alias.asname else whole
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                bound[alias.asname or alias.name] = f"{node.module}:{alias.name}"
    return {name: to for name, to in bound.items() if re.split("[.:]", to)[0] not in _NOT_OURS}


def resolved(targets: Mapping[str, str]) -> dict[str, Any]:
    """Import what ``imported`` names; what cannot be imported is left out."""
    found = {}
    for name, target in targets.items():
        try:
            found[name] = pkgutil.resolve_name(target)
        except (ImportError, AttributeError):
            continue
    return found


def names(source: str) -> tuple[list[str], set[str]]:
    """Return the names that code takes from outside, in order, and those that it sets there.

    Raises:
        SyntaxError: it is not Python.
    """
    taken: dict[str, None] = {}
    table = symtable.symtable(plain(source), "<code>", "exec")
    made = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    for scope in _scopes(table):
        for symbol in scope.get_symbols():
            if symbol.is_referenced() and (scope is table or symbol.is_global()):
                taken[symbol.get_name()] = None
    return list(taken), made


def plain(source: str) -> str:
    """Return the code of a cell without IPython's magics."""
    try:
        ast.parse(source)
    except SyntaxError:
        return _MAGIC.sub(r"\1pass", source)
    return source


def _nodes(sources: Iterable[str]) -> Iterator[ast.AST]:
    for source in sources:
        try:
            yield from ast.walk(ast.parse(plain(source)))
        except SyntaxError:
            continue


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)
