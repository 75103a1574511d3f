"""Rules that replace an expression by an equal one.

A rule gets an expression and returns expressions with the same value, each with a few words that
name the change. It is applied only to expressions that are surely numbers (`is_number`), since
``a + b`` is not ``b + a`` for lists.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Equal = tuple[str, ast.expr]
Rule = Callable[[ast.expr], Iterator[Equal]]

_NUMBER_FUNCTIONS = {"int", "len", "sum", "abs", "bool"}
_OPERATORS = ast.Add | ast.Sub | ast.Mult | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow


def is_number(node: ast.expr) -> bool:
    """Return whether an expression is a number in any answer that runs, by its form alone.

    A name and a subscript such as ``shape[0]`` count as numbers where they are calculated with
    beside another number; lists are repeated and joined in other forms.
    """
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float()) | ast.Name():
            return True
        case ast.Subscript(slice=ast.Constant(value=int()) | ast.Name()):
            return True
        case ast.Subscript(slice=ast.UnaryOp(operand=ast.Constant(value=int()))):
            return True
        case ast.BinOp(left=left, op=op, right=right):
            return isinstance(op, _OPERATORS) and is_number(left) and is_number(right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return is_number(operand)
        case ast.Call(func=ast.Name(id=name)):
            return name in _NUMBER_FUNCTIONS
    return False


def parse(template: str, **parts: ast.expr) -> ast.expr:
    """Return the expression of a template; its names are replaced by ``parts``."""
    tree = ast.parse(template, mode="eval").body
    return Substitution(parts).visit(tree)


class Substitution(ast.NodeTransformer):
    """Replaces names by expressions."""

    def __init__(self, parts: dict[str, ast.expr]) -> None:
        self._parts = parts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return what replaces the name, or the name."""
        return self._parts.get(node.id, node)


def exchange(node: ast.expr) -> Iterator[Equal]:
    """``a + b`` is ``b + a``, ``a * b`` is ``b * a``, and ``a == b`` is ``b == a``."""
    match node:
        case ast.BinOp(left=a, op=ast.Add() | ast.Mult() as op, right=b):
            yield "sides exchanged", ast.BinOp(b, op, a)
        case ast.Compare(left=a, ops=[ast.Eq() | ast.NotEq()], comparators=[b]):
            yield "sides exchanged", ast.Compare(b, node.ops, [a])


def regroup(node: ast.expr) -> Iterator[Equal]:
    """Differences and sums are grouped in another way."""
    match node:
        case ast.BinOp(left=a, op=ast.Sub(), right=ast.BinOp(left=b, op=ast.Sub(), right=c)):
            yield "brackets resolved", parse("a - b + c", a=a, b=b, c=c)
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.Sub(), right=b), op=ast.Add(), right=c):
            yield "regrouped", parse("a + (c - b)", a=a, b=b, c=c)
            yield "regrouped", parse("a - (b - c)", a=a, b=b, c=c)
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.Mult(), right=b), op=ast.Mult(), right=c):
            yield "regrouped", parse("a * (b * c)", a=a, b=b, c=c)
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.Sub(), right=b), op=ast.Sub(), right=c):
            yield "regrouped", parse("a - (b + c)", a=a, b=b, c=c)
    match node:
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            yield "minus as a sign", parse("-b + a", a=a, b=b)
            yield "minus as a sign", parse("a + -b", a=a, b=b)


def distribute(node: ast.expr) -> Iterator[Equal]:
    """``a * (b - c)`` is ``a * b - a * c``; ``a * c + c`` is ``(a + 1) * c``."""
    match node:
        case ast.BinOp(left=a, op=ast.Mult(), right=ast.BinOp(op=ast.Add() | ast.Sub()) as b):
            pass
        case ast.BinOp(left=ast.BinOp(op=ast.Add() | ast.Sub()) as b, op=ast.Mult(), right=a):
            pass
        case ast.BinOp(left=ast.BinOp(left=a, op=ast.Mult(), right=b), op=ast.Add(), right=c):
            if ast.dump(b) == ast.dump(c):
                yield "factored out", parse("(a + 1) * b", a=a, b=b)
            return
        case _:
            return
    left, right = parse("a * b", a=a, b=b.left), parse("a * b", a=a, b=b.right)
    yield "multiplied out", ast.BinOp(left, b.op, right)


def divide(node: ast.expr) -> Iterator[Equal]:
    """Other ways to round a division down or up, and to halve."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.BinOp(op=ast.FloorDiv()) as quotient):
            if isinstance(quotient.left, ast.UnaryOp):
                yield from _fill_in(_ROUNDED_UP, quotient.left.operand, quotient.right)
        case ast.BinOp(left=ast.UnaryOp(op=ast.USub()), op=ast.FloorDiv()):
            return  # the inner part of a division that is rounded up
        case ast.BinOp(left=a, op=ast.FloorDiv(), right=b):
            yield from _fill_in(_ROUNDED_DOWN, a, b)
        case ast.BinOp(
            left=ast.BinOp(left=a, op=ast.FloorDiv(), right=b),
            op=ast.Add(),
            right=ast.Constant(value=1),
        ):
            yield from _fill_in(_POSITIONS, a, b)
        case ast.BinOp(left=a, op=ast.Div(), right=ast.Constant(value=2) as b):
            yield from _fill_in(_HALVED, a, b)


_ROUNDED_UP = (
    ("math.ceil", "math.ceil(a / b)"),
    ("np.ceil", "int(np.ceil(a / b))"),
    ("rounded up by adding", "(a + b - 1) // b"),
    ("a remainder counts", "a // b + (a % b > 0)"),
    ("a remainder counts", "a // b + bool(a % b)"),
    ("steps counted", "len(range(0, a, b))"),
    ("steps counted", "sum(1 for _ in range(0, a, b))"),
    ("negative divisor", "-(a // -b)"),
    ("np.ceil", "np.ceil(np.divide(a, b))"),
)
_ROUNDED_DOWN = (
    ("math.floor", "math.floor(a / b)"),
    ("divmod", "divmod(a, b)[0]"),
    ("remainder taken off", "(a - a % b) // b"),
    ("Fraction", "math.floor(Fraction(a, b))"),
    ("operator.floordiv", "operator.floordiv(a, b)"),
    ("np.floor", "int(np.floor(a / b))"),
    ("np.floor_divide", "int(np.floor_divide(a, b))"),
    ("cut off", "int(a / b)"),
)
_POSITIONS = (
    ("one denominator", "(a + b) // b"),
    ("positions counted", "len(range(0, a + 1, b))"),
    ("rounded up", "math.ceil((a + 1) / b)"),
    ("rounded at the end", "math.floor(a / b + 1)"),
    ("rounded up", "-(-(a + 1) // b)"),
)
_HALVED = (
    ("times a half", "0.5 * (a)"),
    ("times a half", "(a) * 0.5"),
    ("float divisor", "(a) / 2.0"),
    ("np.divide", "np.divide(a, 2)"),
    ("operator.truediv", "operator.truediv(a, 2)"),
    ("Fraction", "Fraction(a, 2)"),
    ("power of two", "(a) * 2**-1"),
)


def _fill_in(templates: tuple[tuple[str, str], ...], a: ast.expr, b: ast.expr) -> Iterator[Equal]:
    for name, template in templates:
        yield name, parse(template, a=a, b=b)


def call_for_operators(node: ast.expr) -> Iterator[Equal]:
    """A sum or a product is computed by a function."""
    for op, templates in _CALLS.items():
        operands = _chain(node, op)
        if len(operands) > 1:
            for template in templates:
                yield template.partition("(")[0], parse(template, a=ast.Tuple(operands, ast.Load()))
    if isinstance(node, ast.BinOp) and type(node.op) in _FUNCTIONS:
        for function in _FUNCTIONS[type(node.op)]:
            yield function, parse(f"{function}(a, b)", a=node.left, b=node.right)


_CALLS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("sum(a)", "functools.reduce(operator.add, a)"),
    ast.Mult: ("math.prod(a)", "functools.reduce(operator.mul, a)"),
}
_FUNCTIONS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("np.add", "operator.add"),
    ast.Sub: ("np.subtract", "operator.sub"),
    ast.Mult: ("np.multiply", "operator.mul"),
}


def _chain(node: ast.expr, op: type[ast.operator]) -> list[ast.expr]:
    """Return the operands of ``a + b + c``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, op):
        return [*_chain(node.left, op), *_chain(node.right, op)]
    return [node]


def choose(node: ast.expr) -> Iterator[Equal]:
    """A conditional expression is written in another way."""
    if not isinstance(node, ast.IfExp):
        return
    test, body, other = node.test, node.body, node.orelse
    yield "condition inverted", parse("c if not t else b", t=test, b=body, c=other)
    if not (is_number(body) and is_number(other)):
        return  # what is not asked for may not end, or not be there
    yield "picked from a pair", parse("(c, b)[bool(t)]", t=test, b=body, c=other)
    yield "picked from a dict", parse("{True: b, False: c}[bool(t)]", t=test, b=body, c=other)
    if isinstance(other, ast.Constant) and other.value == 0:
        yield "times the condition", parse("b * bool(t)", t=test, b=body)


def comprehend(node: ast.expr) -> Iterator[Equal]:
    """A generator or a comprehension is written in another way."""
    match node:
        case ast.Call(func=ast.Name(id="sum" | "tuple" | "max"), args=[ast.GeneratorExp() as each]):
            as_list = ast.ListComp(each.elt, each.generators)
            yield "list instead of generator", ast.Call(node.func, [as_list], [])
            if isinstance(node.func, ast.Name) and node.func.id == "sum":
                yield "np.sum", parse("np.sum(a)", a=as_list)
                yield "math.fsum", parse("int(math.fsum(a))", a=as_list)
            yield from _mapped(node.func, each)
        case ast.Call(func=ast.Name(id="tuple"), args=[ast.Name() as name]):
            yield "list", parse("list(a)", a=name)
            yield "unpacked", parse("(*a,)", a=name)
            yield "array", parse("np.array(a)", a=name)


def _mapped(function: ast.expr, each: ast.GeneratorExp) -> Iterator[Equal]:
    first, *others = each.generators
    if not others and not first.ifs and isinstance(first.target, ast.Name):
        mapped = parse(f"map(lambda {first.target.id}: e, i)", e=each.elt, i=first.iter)
        yield "map", ast.Call(function, [mapped], [])


def use_library(node: ast.expr) -> Iterator[Equal]:
    """The size or the maximum of an array is asked for in another way."""
    match node:
        case ast.Subscript(
            value=ast.Attribute(value=a, attr="shape"), slice=ast.Constant() | ast.Name() as index
        ):
            yield "np.shape", parse("np.shape(a)[i]", a=a, i=index)
            yield "np.size", parse("np.size(a, i)", a=a, i=index)
            if isinstance(index, ast.Constant) and index.value == 0:
                yield "len", parse("len(a)", a=a)
        case ast.Call(func=ast.Attribute(value=ast.Name() as a, attr="max"), args=[], keywords=[]):
            yield "np.max", parse("np.max(a)", a=a)
            yield "np.amax", parse("np.amax(a)", a=a)
            yield "max of a flat array", parse("max(a.ravel())", a=a)
            yield "sorted", parse("sorted(a.flat)[-1]", a=a)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="array"), args=[_, *_]):
            yield "np.asarray", ast.Call(ast.parse("np.asarray", mode="eval").body, node.args, [])


NUMBER_RULES: tuple[Rule, ...] = (exchange, regroup, distribute, divide, call_for_operators)
OTHER_RULES: tuple[Rule, ...] = (choose, comprehend, use_library)


def find_equal(node: ast.expr) -> Iterator[Equal]:
    """Yield the equal expressions that the rules have for an expression."""
    if is_number(node) or isinstance(node, ast.Compare):
        for rule in NUMBER_RULES:
            yield from rule(node)
    for rule in OTHER_RULES:
        yield from rule(node)
