"""``designs.py`` of an assignment: the functions that make the models of students."""

from __future__ import annotations

import ast
import copy
import hashlib
import importlib.metadata
import inspect
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ottermark.calibration import lab_data, metrics
from ottermark.errors import UsageError

Function = TypeVar("Function", bound=Callable[..., Any])

KINDS = ("reference", "control", "weaker", "stronger", "dishonest", "undetectable")

_PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy")
_DATA_FILES = ("data/boston_housing.csv", "data/digits.npz", "held_back/digits.npz")


def design(*questions: str, kind: str, runs: int = 0) -> Callable[[Function], Function]:
    """Mark a function ``(data, seed)`` of ``designs.py`` as a design.

    The function returns a Keras model, a function from inputs to predictions, or a dict of
    metrics; ``data`` is a `LabData`.

    Args:
        questions: the ids of the questions that the design answers.
        kind: one of ``KINDS``; docs/calibration.md explains them.
        runs: the number of seeds, if fewer than for other designs; 1 for a deterministic design.
    """
    return lambda function: function


@dataclass(frozen=True)
class Design:
    """A function of ``designs.py``.

    Attributes:
        name: the name of the function.
        questions: the ids of the questions that it answers.
        kind: one of ``KINDS``.
        runs: the number of seeds, if fewer than for other designs; otherwise 0.
        digest: changes with anything that changes its runs: its code, the helpers that it uses,
            the data, the code that trains and measures, and the versions of packages.
    """

    name: str
    questions: tuple[str, ...]
    kind: str
    runs: int
    digest: str

    def seeds(self, seeds: int) -> int:
        """Return the number of seeds of this design, when others have ``seeds``."""
        return min(self.runs or seeds, seeds)


def read_designs(folder: Path) -> dict[str, Design]:
    """Read the designs from ``designs.py`` by name, without running it.

    Raises:
        UsageError: the file is missing, is not Python, or holds no design or a malformed one.
    """
    path = folder / "designs.py"
    tree = _parse(path)
    definitions = _top_level_definitions(tree)
    common = _common_inputs(folder.parent)
    designs: dict[str, Design] = {}
    for node, decorator in _decorated_functions(tree):
        used = [_source_of(definitions[name]) for name in sorted(_used(node.name, definitions))]
        digest = hashlib.sha256("\n".join([*common, *used]).encode()).hexdigest()[:12]
        questions, kind, runs = _read_decorator(decorator, f"{path}, line {node.lineno}")
        designs[node.name] = Design(node.name, questions, kind, runs, digest)
    if not designs:
        raise UsageError(f"{path} holds no design; decorate a function with @design(...).")
    return designs


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that training depends on."""
    installed = {"Python": platform.python_version()}
    for name in _PACKAGES:
        try:
            installed[name.removesuffix("-cpu")] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; write the designs there.") from None
    except (SyntaxError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not Python ({error}); fix it.") from None


def _decorated_functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "design":
                yield node, decorator


def _read_decorator(decorator: ast.Call, place: str) -> tuple[tuple[str, ...], str, int]:
    """Return the questions, the kind and the number of runs that a decorator gives."""
    try:
        questions = tuple(ast.literal_eval(argument) for argument in decorator.args)
        options = {k.arg: ast.literal_eval(k.value) for k in decorator.keywords}
        kind, runs = options["kind"], int(options.get("runs", 0))
    except (ValueError, KeyError, TypeError):
        questions, kind, runs = (), "", 0
    if kind not in KINDS or not questions:
        raise UsageError(
            f"{place}: write @design(QUESTION, kind=KIND), with KIND one of {', '.join(KINDS)}."
        )
    return questions, kind, runs


def _top_level_definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    """Return the statement that defines each name of a module: functions, classes, variables."""
    definitions: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            definitions[node.name] = node
        else:
            for name in ast.walk(node):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                    definitions[name.id] = node
    return definitions


def _used(
    name: str, definitions: Mapping[str, ast.stmt], seen: frozenset[str] = frozenset()
) -> set[str]:
    """Return ``name`` and the names of the module that it uses, directly or not."""
    used = {name}
    for node in ast.walk(definitions[name]):
        if isinstance(node, ast.Name) and node.id in definitions and node.id not in seen | used:
            used |= _used(node.id, definitions, seen | used)
    return used


def _common_inputs(assignment: Path) -> list[str]:
    """Return what all runs depend on: code that trains and measures, versions, data."""
    inputs = [_source_of(ast.parse(inspect.getsource(o))) for o in (lab_data.LabData, metrics)]
    inputs += [f"{name} {version}" for name, version in versions().items() if name != "Python"]
    for name in _DATA_FILES:
        if (assignment / name).is_file():
            inputs.append(hashlib.sha256((assignment / name).read_bytes()).hexdigest())
    return inputs


def _source_of(node: ast.AST) -> str:
    """Return source code without what changes no run: comments, docstrings and decorators."""
    bare = copy.deepcopy(node)
    for inner in ast.walk(bare):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef | ast.Module):
            if ast.get_docstring(inner, clean=False) is not None:
                del inner.body[0]
            if not isinstance(inner, ast.Module):
                inner.decorator_list = []
    return ast.unparse(bare)
