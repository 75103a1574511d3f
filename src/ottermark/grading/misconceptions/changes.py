"""What students change in one expression of a right formula: a sum, a product, a division."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from ottermark.grading.misconceptions import nodes
from ottermark.grading.misconceptions.nodes import Site, Term
from ottermark.grading.misconceptions.wording import Wording

_NUMBERS_OF_MANY = {
    "max": "the maximum",
    "min": "the minimum",
    "mean": "the mean",
    "sum": "the sum",
    "median": "the median",
    "argmax": "the position of the maximum",
    "prod": "the product",
}
_OTHER_NUMBERS = {
    "max": ("min", "mean", "sum", "median", "argmax"),
    "mean": ("sum", "median", "max"),
    "sum": ("max", "min", "prod"),
}
_ROUNDINGS = {
    "rounded-up": ("ceil", "rounded up"),
    "rounded-down": ("floor", "rounded down"),
    "rounded-to-nearest": ("round", "rounded to the nearest whole number"),
}


class Rank(IntEnum):
    """How readily an edit is taken for the explanation of an answer: the smallest first."""

    COMMON = 0
    POSSIBLE = 1
    RARE = 2
    FACT = 3  # says how the result is wrong, but not where that comes from


@dataclass(frozen=True)
class NodeChange:
    """An expression that a student may have in place of the right one.

    Attributes:
        key: what is changed and how, in small letters and hyphens, as ``depth-missing``.
        phrase: what is wrong, to go on from "when"; of a ``FACT``, from "is".
        node: the expression.
    """

    key: str
    phrase: str
    node: ast.expr
    rank: Rank = Rank.COMMON


def expression_changes(wording: Wording, site: Site) -> Iterator[NodeChange]:
    """Yield the changes of the expression at one place."""
    for changes in (_sum, _product, _division, _ceiling, _condition, _number_of_many):
        yield from changes(wording, site)
    for changes in (_list, _side):
        yield from changes(wording, site)


def _sum(wording: Wording, site: Site) -> Iterator[NodeChange]:
    terms = nodes.terms(site.node)
    if site.is_inner or len(terms) < 2:
        return
    for index, (_, node) in enumerate(terms):
        if not (wording.is_constant and nodes.is_division(node)):
            yield from _missing_term(wording, terms, index)
            yield from _miscounted_term(wording, terms, index)
        for place, (sign, _) in enumerate(terms):
            if place != index and sign > 0:
                yield from _moved_term(wording, terms, index, place)
    if not wording.is_constant:
        yield from _difference_without_sign(wording, terms)
        yield from _halves(wording, terms)


def _missing_term(wording: Wording, terms: list[Term], index: int) -> Iterator[NodeChange]:
    sign, node = terms[index]
    key, words, verb = wording.key(node), wording.words(node), _verb(sign)
    without = _with_terms(terms, index, [])
    if index:
        yield NodeChange(f"{key}-not-{verb}", f"{words} is not {verb}", without)
    else:
        yield NodeChange(f"{key}-missing", f"{words} is left out", without)
    if index or not wording.is_constant:
        opposite = _with_terms(terms, index, [(-sign, node)])
        yield NodeChange(f"{key}-sign", f"{words} has the opposite sign", opposite, Rank.POSSIBLE)


def _miscounted_term(wording: Wording, terms: list[Term], index: int) -> Iterator[NodeChange]:
    sign, node = terms[index]
    key, words, verb = wording.key(node), wording.words(node), _verb(sign)
    twice = _with_terms(terms, index, [(sign, node)] * 2)
    yield NodeChange(f"{key}-{verb}-twice", f"{words} is {verb} twice", twice, Rank.POSSIBLE)
    is_name = isinstance(node, ast.Name)
    if not wording.is_constant or (index and sign > 0 and is_name):
        once = _with_terms(terms, index, [(sign, nodes.constant(1))])
        rank = Rank.COMMON if is_name else Rank.POSSIBLE
        yield NodeChange(f"{key}-once", f"{words} is counted as one", once, rank)


def _difference_without_sign(wording: Wording, terms: list[Term]) -> Iterator[NodeChange]:
    """Yield changes in which the sign of a difference of two of the terms is dropped."""
    for place, (sign, node) in enumerate(terms):
        for index, (other_sign, other) in enumerate(terms):
            # one with a fixed value is nearly always the smaller one
            if sign > 0 > other_sign and wording.varies(node) and wording.varies(other):
                size = nodes.call("abs", nodes.add([(1, node), (-1, other)]))
                rest = [term for at, term in enumerate(terms) if at not in (place, index)]
                phrase = (
                    f"the difference of {wording.words(node)} and {wording.words(other)} "
                    "has no sign"
                )
                key = f"{wording.key(node)}-{wording.key(other)}-without-sign"
                yield NodeChange(key, phrase, nodes.add([*rest, (1, size)]), Rank.RARE)


def _halves(wording: Wording, terms: list[Term]) -> Iterator[NodeChange]:
    """Yield a change of one less than a quantity that is the same where this is odd."""
    if len(terms) != 2 or not terms[0][0] > 0 > terms[1][0]:
        return
    (_, node), (_, less) = terms
    if isinstance(wording.value(less), int) and wording.value(less) == 1:
        half = nodes.binary(node, ast.FloorDiv(), nodes.constant(2))
        twice = nodes.multiply([nodes.constant(2), half])
        phrase = f"half of {wording.words(node)}, rounded down, is counted twice"
        yield NodeChange(f"{wording.key(node)}-halves", phrase, twice, Rank.POSSIBLE)


def _moved_term(
    wording: Wording, terms: list[Term], index: int, place: int
) -> Iterator[NodeChange]:
    """Yield changes in which a term comes under the division or multiplication beside it."""
    (sign, node), (_, other) = terms[index], terms[place]
    words, key = wording.words(node), wording.key(node)
    rest = [term for at, term in enumerate(terms) if at not in (place, index)]
    factors = nodes.factors(other)
    if nodes.is_division(other):
        numerator, last = nodes.add([(1, other.left), (sign, node)]), other.right
        moved: ast.expr = nodes.binary(numerator, other.op, last)
        operation, rank = "division", Rank.COMMON
    elif len(factors) > 1:
        *first, last = factors
        moved = nodes.multiply([nodes.add([(1, nodes.multiply(first)), (sign, node)]), last])
        operation, rank = "multiplication", Rank.POSSIBLE
    else:
        return
    phrase = f"{words} is added before the {operation} by {wording.words(last)}"
    yield NodeChange(
        f"{key}-before-{wording.key(last)}", phrase, nodes.add([(1, moved), *rest]), rank
    )


def _product(wording: Wording, site: Site) -> Iterator[NodeChange]:
    factors = nodes.factors(site.node)
    if site.is_inner or len(factors) < 2:
        return
    constants = [factor for factor in factors if isinstance(factor, ast.Constant)]
    for index, node in enumerate(factors):
        others = nodes.multiply([*factors[:index], *factors[index + 1 :]])
        if constants:  # they belong to the quantity beside them, which stays
            if node in constants:
                yield NodeChange(
                    f"{wording.key(node)}-missing", f"{wording.words(node)} is left out", others
                )
            continue
        yield from _miscounted_factor(wording, node, others)
        yield from _only_a_term_multiplied(wording, node, others)
        if index:
            yield from _added_factor(wording, factors, index)
        if len(factors) > 2 and not wording.is_constant:
            yield from _power(wording, factors, node)


def _power(wording: Wording, factors: list[ast.expr], node: ast.expr) -> Iterator[NodeChange]:
    """Yield changes in which one factor stands for all, or for all but one."""
    key, words = wording.key(node), wording.words(node)
    phrase = f"{words} is used for every factor"
    power = nodes.multiply([node] * len(factors))
    yield NodeChange(f"{key}-for-all", phrase, power, Rank.RARE)
    for other in (factor for factor in factors if factor is not node):
        power = nodes.multiply([*[node] * (len(factors) - 1), other])
        but_one = f"{phrase} but {wording.words(other)}"
        yield NodeChange(f"{key}-for-all-but-{wording.key(other)}", but_one, power, Rank.RARE)


def _miscounted_factor(wording: Wording, node: ast.expr, others: ast.expr) -> Iterator[NodeChange]:
    key, words = wording.key(node), wording.words(node)
    twice = nodes.multiply([others, node, node])
    divided = nodes.binary(others, ast.Div(), node)
    yield NodeChange(f"{key}-missing", f"{words} is left out", others)
    yield NodeChange(f"{key}-twice", f"{words} is counted twice", twice)
    phrase = f"one divides by {words} in place of multiplying"
    yield NodeChange(f"{key}-divided", phrase, divided, Rank.RARE)


def _added_factor(wording: Wording, factors: list[ast.expr], index: int) -> Iterator[NodeChange]:
    node, before, after = factors[index], factors[:index], factors[index + 1 :]
    key, words = wording.key(node), wording.words(node)
    added = nodes.add([(1, nodes.multiply(before)), (1, node)])
    rank = Rank.RARE if wording.is_constant else Rank.POSSIBLE
    phrase = f"{words} is added where it should be multiplied"
    yield NodeChange(f"{key}-added", phrase, nodes.multiply([added, *after]), rank)
    if not wording.is_constant:
        neighbour = before[-1]
        added = nodes.add([(1, neighbour), (1, node)])
        both = f"{wording.words(neighbour)} and {words}"
        yield NodeChange(
            f"{wording.key(neighbour)}-{key}-added",
            f"{both} are added where they should be multiplied",
            nodes.multiply([*before[:-1], added, *after]),
            Rank.POSSIBLE,
        )
        rest = nodes.multiply([node, *after])
        phrase = f"{wording.words(rest)} is added where it should be multiplied"
        split = nodes.add([(1, nodes.multiply(before)), (1, rest)])
        yield NodeChange(f"{wording.key(rest)}-rest-added", phrase, split, Rank.RARE)


def _only_a_term_multiplied(
    wording: Wording, node: ast.expr, factor: ast.expr
) -> Iterator[NodeChange]:
    """Yield changes in which a factor multiplies only one term of a sum."""
    terms = nodes.terms(node)
    for index, (sign, term) in enumerate(terms if len(terms) > 1 else []):
        product = _with_terms(terms, index, [(sign, nodes.multiply([factor, term]))])
        yield NodeChange(
            f"{wording.key(factor)}-only-{wording.key(term)}",
            f"only {wording.words(term)} is multiplied by {wording.words(factor)}",
            product,
        )


def _division(wording: Wording, site: Site) -> Iterator[NodeChange]:
    node = site.node
    if not nodes.is_division(node):
        return
    key, words = wording.key(node.right), wording.words(node.right)
    yield NodeChange(f"{key}-missing", f"{words} is left out", node.left)
    phrase = f"one multiplies by {words} in place of dividing"
    multiplied = nodes.multiply([node.left, node.right])
    yield NodeChange(f"{key}-multiplied", phrase, multiplied, Rank.POSSIBLE)
    subtracted = nodes.add([(1, node.left), (-1, node.right)])
    phrase = f"{words} is subtracted where one should divide by it"
    rank = Rank.RARE if wording.is_constant else Rank.POSSIBLE
    yield NodeChange(f"{key}-subtracted", phrase, subtracted, rank)
    turned = nodes.binary(node.right, node.op, node.left)
    yield NodeChange(f"{key}-turned-over", "the division is turned over", turned, Rank.RARE)
    yield from _partly_divided(wording, node)
    if isinstance(node.op, ast.FloorDiv):
        exact = nodes.binary(node.left, ast.Div(), node.right)
        yield from _roundings(exact, "rounded-up", "rounded-to-nearest")


def _partly_divided(wording: Wording, node: ast.BinOp) -> Iterator[NodeChange]:
    """Yield changes in which one term alone is divided, or all but that one."""
    terms = nodes.terms(node.left)
    key, words = wording.key(node.right), wording.words(node.right)
    for index, (sign, term) in enumerate(terms if len(terms) > 1 else []):
        name, quantity = wording.key(term), wording.words(term)
        quotient = nodes.binary(term, node.op, node.right)
        only = _with_terms(terms, index, [(sign, quotient)])
        yield NodeChange(f"{key}-only-{name}", f"only {quantity} is divided by {words}", only)
        others = nodes.binary(_with_terms(terms, index, []), node.op, node.right)
        rest = nodes.add([(1, others), (sign, term)])
        yield NodeChange(f"{key}-not-{name}", f"{quantity} is not divided by {words}", rest)


def _ceiling(_: Wording, site: Site) -> Iterator[NodeChange]:
    if nodes.is_call(site.node, "ceil"):
        yield from _roundings(site.node.args[0], "rounded-down", "rounded-to-nearest")


def _roundings(exact: ast.expr, *kinds: str) -> Iterator[NodeChange]:
    yield NodeChange("not-rounded", "the division is not rounded", exact)
    for kind in kinds:
        function, phrase = _ROUNDINGS[kind]
        yield NodeChange(kind, f"the division is {phrase}", nodes.call(function, exact))


def _condition(wording: Wording, site: Site) -> Iterator[NodeChange]:
    node = site.node
    if not isinstance(node, ast.IfExp):
        return
    key, words = wording.key(node.test), wording.words(node.test)
    exchanged = nodes.if_else(node.test, node.orelse, node.body)
    yield NodeChange(f"{key}-exchanged", f"the two cases of {words} are exchanged", exchanged)
    yield NodeChange(f"{key}-always-true", f"{words} makes no difference", node.body)
    yield NodeChange(f"{key}-always-false", f"{words} makes no difference", node.orelse)


def _number_of_many(_: Wording, site: Site) -> Iterator[NodeChange]:
    """Yield changes to another number of many, e.g. from the maximum to the mean."""
    name = nodes.called_name(site.node)
    for other in _OTHER_NUMBERS.get(name, ()):
        phrase = f"{_NUMBERS_OF_MANY[other]} is taken in place of {_NUMBERS_OF_MANY[name]}"
        yield NodeChange(f"{other}-for-{name}", phrase, nodes.with_called_name(site.node, other))


def _list(wording: Wording, site: Site) -> Iterator[NodeChange]:
    """Yield changes in which an end of a list is left out."""
    if site.field == "iter" and isinstance(site.node, ast.Name):
        key, words = wording.key(site.node), wording.words(site.node)
        for end, lower, upper in (("first", 1, None), ("last", None, -1)):
            rest = nodes.part_of(site.node, lower, upper)
            yield NodeChange(f"{end}-of-{key}-missing", f"the {end} of {words} is left out", rest)


def _side(wording: Wording, site: Site) -> Iterator[NodeChange]:
    """Yield changes to the other one of two sides."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Constant):
        return
    key, words = wording.key(node.value), wording.words(node.value)
    for index, other, end in ((1, 0, "first"), (0, 1, "last")):
        if node.slice.value == index:
            phrase = f"the {end} side of {words} is used for both directions"
            yield NodeChange(f"{key}-{end}-for-both", phrase, nodes.subscript(node.value, other))


def _verb(sign: int) -> str:
    return "added" if sign > 0 else "subtracted"


def _with_terms(terms: list[Term], index: int, replacement: list[Term]) -> ast.expr:
    """Return a sum with other terms in place of one."""
    return nodes.add([*terms[:index], *replacement, *terms[index + 1 :]])
