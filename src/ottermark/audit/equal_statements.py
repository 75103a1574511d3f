"""Rules that replace statements by others with the same effect.

A rule gets a list of statements and the index of one of them, and returns what may take its place,
with a few words that name the change. ``SUFFIX`` ends the names that it introduces.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence

from ottermark.audit.equal_expressions import Substitution, is_number

SUFFIX = "_here"

Statements = list[ast.stmt]
Equal = tuple[str, Statements]
Rule = Callable[[Sequence[ast.stmt], int], Iterator[Equal]]


def parse(template: str, **parts: ast.expr) -> Statements:
    """Return the statements of a template; its names are replaced by ``parts``."""
    return [Substitution(parts).visit(s) for s in ast.parse(template).body]


def name_result(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """``return e`` becomes ``answer = e`` and ``return answer``."""
    match block[index]:
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Name):
            yield "result named", parse(f"answer{SUFFIX} = e\nreturn answer{SUFFIX}", e=value)


def name_part(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """A part of an expression gets a name of its own."""
    statement = block[index]
    if not isinstance(statement, ast.Return | ast.Assign) or statement.value is None:
        return
    for part in _always_evaluated(statement.value):
        if part is not statement.value and isinstance(part, ast.BinOp) and is_number(part):
            changed = copy.deepcopy(statement)
            position = list(ast.walk(statement)).index(part)
            vars(copied := list(ast.walk(changed))[position]).clear()
            copied.__class__ = ast.Name
            vars(copied).update(id=f"part{SUFFIX}", ctx=ast.Load())
            yield "part named", [*parse(f"part{SUFFIX} = e", e=part), changed]


def _always_evaluated(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of an expression that are evaluated once, whatever the values are."""
    yield node
    match node:
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.UnaryOp(operand=operand):
            parts = [operand]
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Call(args=parts):
            pass
        case ast.IfExp(test=test):
            parts = [test]
        case _:
            parts = []
    for part in parts:
        yield from _always_evaluated(part)


def branch(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """A conditional expression becomes an ``if`` statement."""
    match block[index]:
        case ast.Return(value=ast.IfExp(test=test, body=body, orelse=other)):
            yield "early return", parse("if t:\n    return b\nreturn c", t=test, b=body, c=other)
            yield (
                "if and else",
                parse("if t:\n    return b\nelse:\n    return c", t=test, b=body, c=other),
            )
            yield from _matched(test, body, other)
        case ast.Assign(targets=[ast.Name() as x], value=ast.IfExp(test=t, body=b, orelse=c)):
            yield "if and else", parse("if t:\n    x = b\nelse:\n    x = c", x=x, t=t, b=b, c=c)


def _matched(test: ast.expr, body: ast.expr, other: ast.expr) -> Iterator[Equal]:
    match test:
        case ast.Compare(left=ast.Name() as a, ops=[ast.Eq()], comparators=[ast.Constant() as c]):
            template = (
                f"match a:\n    case {c.value!r}:\n        return b\n    case _:\n        return c"
            )
            yield "match", parse(template, a=a, b=body, c=other)


def join_branches(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """An early return gets an ``else``."""
    match block[index]:
        case ast.If(test=test, body=[*_, ast.Return()] as body, orelse=[]) if block[index + 1 :]:
            rest = list(block[index + 1 :])
            yield "rest in else", [ast.If(test, body, rest), _REST_MOVED]
            inverted = ast.UnaryOp(ast.Not(), test)
            yield "condition inverted", [ast.If(inverted, rest, body), _REST_MOVED]


_REST_MOVED = ast.Pass()  # what followed the statement is in its place already


def loop(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """A comprehension that is returned becomes a loop."""
    match block[index]:
        case ast.Return(value=ast.ListComp(elt=elt, generators=[each])):
            yield "loop", _looped(elt, each, "return answers")
        case ast.Return(value=ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as all_])):
            if len(all_.generators) == 1 and name in ("tuple", "sum", "max"):
                yield "loop", _looped(all_.elt, all_.generators[0], f"return {name}(answers)")


def _looped(elt: ast.expr, each: ast.comprehension, end: str) -> Statements:
    added = parse(f"answers{SUFFIX}.append(e)", e=elt)
    for test in each.ifs:
        added = [ast.If(test, added, [])]
    looped = ast.For(each.target, each.iter, added, [])
    end = end.replace("answers", f"answers{SUFFIX}")
    return [*parse(f"answers{SUFFIX} = []"), looped, *parse(end)]


def count_in_while(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """``for i in range(n)`` becomes a ``while`` loop."""
    match block[index]:
        case ast.For(
            target=ast.Name(id=name),
            iter=ast.Call(func=ast.Name(id="range"), args=[end]),
            body=body,
            orelse=[],
        ) if not any(isinstance(n, ast.Continue) for s in body for n in ast.walk(s)):
            head = parse(f"{name}, end{SUFFIX}_{name} = 0, e", e=end)
            test = ast.parse(f"{name} < end{SUFFIX}_{name}", mode="eval").body
            yield "while", [*head, ast.While(test, [*body, *parse(f"{name} += 1")], [])]


def assign_otherwise(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """``x += e`` becomes ``x = x + e``; assignments of several names become several."""
    match block[index]:
        case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
            total = ast.BinOp(ast.Name(name, ast.Load()), op, value)
            yield "written out", [ast.Assign([target], total)]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            used = {n.id for v in values for n in ast.walk(v) if isinstance(n, ast.Name)}
            if names.isdisjoint(used) and len(targets) == len(values):
                lines = [ast.Assign([t], v) for t, v in zip(targets, values, strict=True)]
                yield "one line each", [*lines]


def define_otherwise(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """A function becomes a lambda, or a lambda a function."""
    match block[index]:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=args, body=body)):
            yield "def instead of lambda", [ast.FunctionDef(name, args, [ast.Return(body)], [])]
        case ast.FunctionDef(name=name, args=args, body=body, decorator_list=[]):
            code = [s for s in body if not _is_docstring(s)]
            if len(code) == 1 and isinstance(code[0], ast.Return) and code[0].value is not None:
                value = ast.Lambda(args, code[0].value)
                yield "lambda", [ast.Assign([ast.Name(name, ast.Store())], value)]


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


RULES: tuple[Rule, ...] = (
    *(name_result, name_part, branch, join_branches, loop, count_in_while),
    *(assign_otherwise, define_otherwise),
)


def blocks(tree: ast.AST) -> Iterator[Statements]:
    """Yield every list of statements in a tree."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def find_equal(block: Sequence[ast.stmt], index: int) -> Iterator[Equal]:
    """Yield what may take the place of the statement, or of it and all that follow it."""
    for rule in RULES:
        for name, statements in rule(block, index):
            if statements[-1] is _REST_MOVED:
                yield name, [*block[:index], *statements[:-1]]
            else:
                yield name, [*block[:index], *statements, *block[index + 1 :]]
