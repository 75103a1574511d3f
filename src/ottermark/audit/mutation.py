"""Mutants of the solution: its answers with one operator, constant or comparison changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.FloorDiv),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
}


@dataclass(frozen=True)
class Mutant:
    """An answer with one thing changed.

    Attributes:
        source: the whole answer.
        change: the line of the original and what became of it.
    """

    source: str
    change: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of an answer's statements; what only shows something is left alone."""
    count = len(list(_places(ast.parse(source))))
    for place in range(count):
        number = 0
        while True:
            tree = ast.parse(source)
            node = list(_places(tree))[place]
            line = ast.unparse(_statement(tree, node))
            if not _change(node, number):
                break
            changed = ast.unparse(_statement(tree, node))
            yield Mutant(ast.unparse(tree), f"{line} -> {changed}".replace("\n", " "))
            number += 1


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    for statement in tree.body:
        if isinstance(statement, ast.Expr):
            continue
        texts = {id(node.value) for node in ast.walk(statement) if isinstance(node, ast.Expr)}
        for node in ast.walk(statement):
            if id(node) not in texts and isinstance(
                node, ast.BinOp | ast.Compare | ast.Constant | ast.UnaryOp | ast.IfExp
            ):
                yield node


def _change(node: ast.AST, number: int) -> bool:
    """Make the change of this number at a node; False if there are not so many."""
    match node:
        case ast.BinOp():
            others = _OPERATORS.get(type(node.op), ())
            if number < len(others):
                node.op = others[number]()
                return True
        case ast.Compare():
            tests = _COMPARISONS.get(type(node.ops[0]), ())
            if number < len(tests):
                node.ops[0] = tests[number]()
                return True
        case ast.UnaryOp(op=ast.USub()):
            if number == 0:
                node.op = ast.UAdd()
                return True
        case ast.IfExp():
            if number == 0:
                node.body, node.orelse = node.orelse, node.body
                return True
        case ast.Constant(value=bool()):
            if number == 0:
                node.value = not node.value
                return True
        case ast.Constant(value=int() | float() as value):
            if number < 2:
                node.value = value + (1, -1)[number]
                return True
        case ast.Constant(value=str(text)):
            if number == 0:
                node.value = text + "_"
                return True
    return False


def _statement(tree: ast.Module, node: ast.AST) -> ast.AST:
    """Return the innermost statement around a node, or the signature if it is a default."""
    found: ast.AST = tree
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt) and any(n is node for n in ast.walk(statement)):
            found = statement
            if isinstance(statement, ast.FunctionDef) and any(
                n is node for n in ast.walk(statement.args)
            ):
                return statement.args
    return found
