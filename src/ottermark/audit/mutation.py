"""Mutants: the solution's answers with one operator, constant, comparison or default changed."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.audit.answer_files import find_answer_cells
from ottermark.audit.answers import Answer, Kind
from ottermark.audit.oracle import Oracle, is_equivalent

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
    """An answer with one change.

    Attributes:
        source: the whole answer.
        change: the changed line, before and after.
    """

    source: str
    change: str


@dataclass(frozen=True)
class SolutionMutants:
    """The mutants of a solved notebook.

    Attributes:
        wrong: mutants that the oracle rejects; they must lose points.
        equivalent: mutants that it does not tell from the solution; they are not graded.
    """

    wrong: tuple[Answer, ...] = ()
    equivalent: tuple[Answer, ...] = ()


def mutate_solution(solution: Path, oracle: Oracle) -> SolutionMutants:
    """Return all mutants of a solved notebook's answers."""
    notebook = json.loads(solution.read_text(encoding="utf-8"))
    wrong: list[Answer] = []
    equivalent: list[Answer] = []
    for question, position in find_answer_cells(notebook).items():
        if question in oracle.not_mutated:
            continue
        source = "".join(notebook["cells"][position]["source"])
        for mutant in generate_mutants(source):
            answer = Answer(Kind.MUTANT, question, mutant.change, mutant.source)
            (equivalent if is_equivalent(mutant.source, source, oracle) else wrong).append(answer)
    return SolutionMutants(tuple(wrong), tuple(equivalent))


def generate_mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of an answer; docstrings and statements that only print stay unchanged."""
    tree = ast.parse(source)
    for node in list(_mutable_nodes(tree)):
        statement = _enclosing_statement(tree, node)
        before = ast.unparse(statement)
        original = dict(vars(node))
        for replacement in _replacements(node):
            vars(node).update(replacement)
            change = f"{before} -> {ast.unparse(statement)}".replace("\n", " ")
            mutated = ast.unparse(tree)
            vars(node).update(original)
            yield Mutant(mutated, change)


def _mutable_nodes(tree: ast.Module) -> Iterator[ast.AST]:
    for statement in tree.body:
        if isinstance(statement, ast.Expr):
            continue
        docstrings = {id(node.value) for node in ast.walk(statement) if isinstance(node, ast.Expr)}
        for node in ast.walk(statement):
            if id(node) not in docstrings and isinstance(
                node, ast.BinOp | ast.Compare | ast.Constant | ast.UnaryOp | ast.IfExp
            ):
                yield node


def _replacements(node: ast.AST) -> list[dict[str, Any]]:
    """Return the new values of a node's fields, for each mutation of it."""
    match node:
        case ast.BinOp():
            return [{"op": operator()} for operator in _OPERATORS.get(type(node.op), ())]
        case ast.Compare(ops=[first, *rest]):
            return [{"ops": [test(), *rest]} for test in _COMPARISONS.get(type(first), ())]
        case ast.UnaryOp(op=ast.USub()):
            return [{"op": ast.UAdd()}]
        case ast.IfExp():
            return [{"body": node.orelse, "orelse": node.body}]
        case ast.Constant():
            return [{"value": value} for value in _other_constants(node.value)]
    return []


def _other_constants(value: object) -> list[object]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1, value - 1]
        case str():
            return [value + "_"]
    return []


def _enclosing_statement(tree: ast.Module, node: ast.AST) -> ast.AST:
    """Return the innermost statement around a node, or the signature if it is a default."""
    enclosing: ast.AST = tree
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt) and any(n is node for n in ast.walk(statement)):
            enclosing = statement
            if isinstance(statement, ast.FunctionDef) and any(
                n is node for n in ast.walk(statement.args)
            ):
                return statement.args
    return enclosing
