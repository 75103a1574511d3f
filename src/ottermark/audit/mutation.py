"""Mutants: right answers with one operator, constant, comparison or default changed.

All mutants of the solution are taken, and some of each question's right answers in the corpus.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


MUTANTS_OF_OTHERS = 12  # for each question


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
class Mutants:
    """The mutants of right answers.

    Attributes:
        wrong: mutants that the oracle rejects; they must lose points.
        equivalent: mutants that it does not tell from right answers; they are not graded.
    """

    wrong: tuple[Answer, ...] = ()
    equivalent: tuple[Answer, ...] = ()


def mutate_answers(
    answers: Sequence[Answer],
    solutions: Mapping[str, str],
    names: Mapping[str, Sequence[str]],
    oracle: Oracle,
    most: int | None = None,
) -> Mutants:
    """Return all mutants of the solution, and ``MUTANTS_OF_OTHERS`` wrong ones of other right answers.

    Args:
        answers: the corpus.
        solutions: the solution's code by question.
        names: by question, the names that it asks for.
        most: how many wrong ones to return for each question; None for all.
    """
    wrong: list[Answer] = []
    equivalent: list[Answer] = []
    for question, asked in names.items():
        if question in oracle.not_mutated or question not in solutions:
            continue
        solution = solutions[question]
        sources = {
            a.name: a.source for a in answers if a.kind is Kind.RIGHT and a.question == question
        }
        others, enough = 0, None if most is None else len(wrong) + most
        for mutant in _order_mutants(question, solution, sources):
            if len(wrong) == enough or (mutant.origin and others == MUTANTS_OF_OTHERS):
                break
            if is_equivalent(mutant.source, solution, asked, oracle):
                equivalent.append(mutant)
            else:
                wrong.append(mutant)
                others += bool(mutant.origin)
    return Mutants(tuple(wrong), tuple(equivalent))


def _order_mutants(question: str, solution: str, others: Mapping[str, str]) -> Iterator[Answer]:
    """Yield the mutants of the solution, then those of other answers, shuffled, the same each time."""
    seen = set()
    for mutant in generate_mutants(solution):
        seen.add(mutant.source)
        yield Answer(Kind.MUTANT, question, mutant.change, mutant.source)
    rest = {
        mutant.source: Answer(
            Kind.MUTANT, question, f"{origin}: {mutant.change}", mutant.source, origin=origin
        )
        for origin, source in others.items()
        if not _may_not_end(source)
        for mutant in generate_mutants(source)
        if mutant.source not in seen
    }
    yield from random.Random(question).sample(list(rest.values()), len(rest))


def _may_not_end(source: str) -> bool:
    return any(isinstance(node, ast.While) for node in ast.walk(ast.parse(source)))


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
