"""Syntax trees of formulas: the places of expressions, and how new ones are put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeGuard

from ottermark.python_source import parse

Term = tuple[int, ast.expr]  # +1 or -1, and what is added or subtracted


@dataclass(frozen=True)
class Site:
    """The place of an expression in a syntax tree.

    Attributes:
        parent: the node that holds it.
        field: the attribute of ``parent``.
        index: its position if that attribute is a list, or None.
        node: the expression that belongs there.
        part: the inner function that it is in, or empty.
    """

    parent: ast.AST
    field: str
    index: int | None
    node: ast.expr
    part: str

    @property
    def name(self) -> str:
        """The name that it consists of, or empty."""
        return self.node.id if isinstance(self.node, ast.Name) else ""

    @property
    def is_inner(self) -> bool:
        """Whether it belongs to a longer sum or product that is edited as a whole."""
        if not isinstance(self.parent, ast.BinOp) or not isinstance(self.node, ast.BinOp):
            return False
        sums, products = (ast.Add, ast.Sub), (ast.Mult,)
        if isinstance(self.parent.op, sums):  # what is taken away in brackets is a sum of its own
            return self.field == "left" and isinstance(self.node.op, sums)
        return isinstance(self.parent.op, products) and isinstance(self.node.op, products)

    def put(self, node: ast.expr) -> None:
        """Put an expression there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def find_sites(tree: ast.Module, name: str) -> Iterator[Site]:
    """Yield the places of all expressions in the body of a function that are read."""
    for statement in function(tree, name).body:
        yield from _sites(statement, "")


def _sites(parent: ast.AST, part: str) -> Iterator[Site]:
    if isinstance(parent, ast.FunctionDef):
        for statement in parent.body:
            yield from _sites(statement, parent.name)
        return
    for field, value in ast.iter_fields(parent):
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if isinstance(child, ast.expr) and not _is_target(child):
                yield Site(parent, field, index, child, part)
            if isinstance(child, ast.AST):
                yield from _sites(child, part)


def _is_target(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def function(tree: ast.Module, name: str) -> ast.FunctionDef:
    """Return the definition of a function at the top of a module."""
    (definition,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    return definition


def replace_result(tree: ast.Module, name: str, source: str) -> bool:
    """Let a function, wherever it is defined, return another expression; return whether it is."""
    definitions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name]
    for definition in definitions:
        definition.body[-1] = ast.Return(expression(source))
    return bool(definitions)


# ----------------------------------------------------------------------------------- reading


def is_name(node: ast.AST, *names: str) -> bool:
    """Return whether a node is one of these names."""
    return isinstance(node, ast.Name) and node.id in names


def is_call(node: ast.AST, name: str) -> TypeGuard[ast.Call]:
    """Return whether a node calls the function of this name."""
    return isinstance(node, ast.Call) and is_name(node.func, name)


def is_division(node: ast.AST) -> TypeGuard[ast.BinOp]:
    """Return whether a node divides, with rounding or without."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Div, ast.FloorDiv))


def called_name(node: ast.AST) -> str:
    """Return the name of the function or method that a node calls, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def terms(node: ast.expr) -> list[Term]:
    """Return what a sum adds up; a single term if it is none."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return [*terms(node.left), (1 if isinstance(node.op, ast.Add) else -1, node.right)]
    return [(1, node)]


def factors(node: ast.expr) -> list[ast.expr]:
    """Return what a product multiplies; a single factor if it is none."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return factors(node.left) + factors(node.right)
    return [node]


def text(node: ast.AST) -> str:
    """Return the source text of an expression."""
    return ast.unparse(node)


# ----------------------------------------------------------------------------------- making


def name(identifier: str) -> ast.Name:
    """Return a name that is read."""
    return ast.Name(identifier, ast.Load())


def constant(value: Any) -> ast.Constant:
    """Return a constant."""
    return ast.Constant(value)


def expression(source: str) -> ast.expr:
    """Return the tree of an expression."""
    statement = parse(f"({source})").body[0]
    assert isinstance(statement, ast.Expr)
    return statement.value


def binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.BinOp:
    """Return an operation on two expressions."""
    return ast.BinOp(left, operator, right)


def add(parts: Sequence[Term]) -> ast.expr:
    """Return a sum; 0 without terms."""
    if not parts:
        return constant(0)
    (sign, total), *rest = parts
    if sign < 0:
        total = ast.UnaryOp(ast.USub(), total)
    for sign, node in rest:
        total = binary(total, ast.Add() if sign > 0 else ast.Sub(), node)
    return total


def multiply(parts: Sequence[ast.expr]) -> ast.expr:
    """Return a product; 1 without factors."""
    if not parts:
        return constant(1)
    return reduce(lambda left, right: binary(left, ast.Mult(), right), parts)


def call(function_name: str, *arguments: ast.expr) -> ast.Call:
    """Return a call."""
    return ast.Call(name(function_name), list(arguments), [])


def with_called_name(node: ast.expr, other: str) -> ast.Call:
    """Return the same call of another function; a method is called as NumPy's function."""
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Attribute):
        function = ast.Attribute(name("np"), other, ast.Load())
        return ast.Call(function, [node.func.value, *node.args], node.keywords)
    return ast.Call(name(other), node.args, node.keywords)


def if_else(test: ast.expr, body: ast.expr, orelse: ast.expr) -> ast.IfExp:
    """Return a conditional expression."""
    return ast.IfExp(test, body, orelse)


def subscript(node: ast.expr, index: int) -> ast.Subscript:
    """Return the item of a sequence."""
    return ast.Subscript(node, constant(index), ast.Load())


def item(identifier: str, index: int) -> ast.Subscript:
    """Return the item of the sequence of this name."""
    return subscript(name(identifier), index)


def pair(first: ast.expr, second: ast.expr) -> ast.Tuple:
    """Return a pair."""
    return ast.Tuple([first, second], ast.Load())


def part_of(node: ast.expr, lower: int | None, upper: int | None) -> ast.Subscript:
    """Return a slice of a sequence."""
    ends = [None if end is None else constant(end) for end in (lower, upper)]
    return ast.Subscript(node, ast.Slice(*ends), ast.Load())
