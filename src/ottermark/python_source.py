"""What code imports, and which names it uses and assigns, read from its syntax alone."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import symtable
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any

_MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.M)
_EXTENSION = re.compile(r"^%(?:re)?load_ext[ \t]+([\w.]+)", re.M)
_OF_IPYTHON = {"autoreload", "storemagic"}  # extensions that it has itself
_EXCLUDED = ("otter", "google")  # grading replaces the first; the second exists only in Colab
_IMPORT_FAILURES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
# up to Python 3.12 the constructor of syntax trees counts its depth for all threads together, and fails
# with a SystemError where they overlap
_parsing = threading.Lock()


def parse(source: str) -> ast.Module:
    """Return the syntax tree of ``source``, as ``ast.parse`` does, one thread at a time.

    Raises:
        SyntaxError: it is not valid Python.
    """
    with _parsing:
        return ast.parse(source)


def compile_tree(tree: ast.Module, name: str) -> CodeType:
    """Return the code of a syntax tree, as ``compile`` does, one thread at a time.

    Args:
        name: what tracebacks call it.
    """
    with _parsing:
        return compile(tree, name, "exec", dont_inherit=True)


def code_cells(path: Path) -> list[str]:
    """Return the sources of a notebook's code cells; none if the file is not a notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def imported_modules(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the modules that ``sources`` import, or load as extensions of IPython, sorted."""
    sources = list(sources)
    modules = {name for source in sources for name in _extensions(source)}
    for node in _nodes(sources):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module)
    return tuple(sorted(name for name in modules if name.partition(".")[0] not in _EXCLUDED))


def required_modules(source: str, in_functions: bool = False) -> list[str]:
    """Return the modules that code imports whenever it runs, in order, and extensions of IPython.

    What stands under an ``if``, or in a ``try`` that goes on without the module, is left out.

    Args:
        in_functions: whether to look into functions as well.
    """
    try:
        body = parse(without_magics(source)).body
    except SyntaxError:
        return []
    modules = _extensions(source)
    for node in _unconditional(body, in_functions):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.append(node.module)
    return [name for name in modules if name.partition(".")[0] not in _EXCLUDED]


def _extensions(source: str) -> list[str]:
    return [name for name in _EXTENSION.findall(source) if name not in _OF_IPYTHON]


def import_targets(sources: Iterable[str]) -> dict[str, str]:
    """Return what the names bound by imports stand for, e.g. ``numpy`` or ``math:sqrt``."""
    targets: dict[str, str] = {}
    for node in _nodes(sources):
        if isinstance(node, ast.Import):
            for alias in node.names:
                package = alias.name.partition(".")[0]
                targets[alias.asname or package] = alias.name if alias.asname else package
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                targets[alias.asname or alias.name] = f"{node.module}:{alias.name}"
    return {
        name: target
        for name, target in targets.items()
        if re.split("[.:]", target)[0] not in _EXCLUDED
    }


def import_objects(targets: Mapping[str, str]) -> dict[str, Any]:
    """Import what ``import_targets`` names; what cannot be imported is left out."""
    objects = {}
    for name, target in targets.items():
        try:
            objects[name] = pkgutil.resolve_name(target)
        except (ImportError, AttributeError):
            continue
    return objects


def used_and_assigned_names(source: str) -> tuple[list[str], set[str]]:
    """Return the global names that code uses, in order, and those that it assigns or imports.

    Raises:
        SyntaxError: it is not valid Python.
    """
    used: dict[str, None] = {}
    table = symtable.symtable(without_magics(source), "<code>", "exec")
    assigned = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    for scope in _scopes(table):
        for symbol in scope.get_symbols():
            if symbol.is_referenced() and (scope is table or symbol.is_global()):
                used[symbol.get_name()] = None
    return list(used), assigned


def without_magics(source: str) -> str:
    """Return the code of a cell with IPython's magics replaced by ``pass``."""
    try:
        parse(source)
    except SyntaxError:
        return _MAGIC.sub(r"\1pass", source)
    return source


def _unconditional(body: Iterable[ast.stmt], in_functions: bool) -> Iterator[ast.stmt]:
    """Yield statements that run whenever the code does."""
    for node in body:
        match node:
            case ast.If():
                continue
            case ast.FunctionDef() if not in_functions:
                continue
            case ast.Try() if any(map(_expects_missing_module, node.handlers)):
                continue
        yield node
        yield from _unconditional(getattr(node, "body", ()), in_functions)


def _expects_missing_module(handler: ast.ExceptHandler) -> bool:
    names = {getattr(node, "id", "") for node in ast.walk(handler.type)} if handler.type else set()
    return handler.type is None or bool(names & _IMPORT_FAILURES)


def _nodes(sources: Iterable[str]) -> Iterator[ast.AST]:
    for source in sources:
        try:
            yield from ast.walk(parse(without_magics(source)))
        except SyntaxError:
            continue


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)
