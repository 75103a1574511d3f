"""The names in the source code keep a few rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_classes import MODULES, SOURCE, classes, exceptions

VAGUE = {"found", "given", "told"}

in_every_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix()
)


def assigned_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names of variables, parameters, attributes, functions and imports."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for source_class in classes():
        places.setdefault(source_class.name, []).append(source_class.place)
    assert [several for several in places.values() if len(several) > 1] == []


def test_every_exception_ends_in_error_and_derives_from_ottermark_error() -> None:
    by_name = {error.name: error for error in exceptions()}
    for name, error in by_name.items():
        assert name.endswith("Error"), error.place
        first = error
        while first.name != "OttermarkError":
            assert first.bases[0] in by_name, error.place
            first = by_name[first.bases[0]]


@in_every_module
def test_no_variable_is_called_found_given_or_told(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert VAGUE.isdisjoint(name.strip("_") for name in assigned_names(tree))
