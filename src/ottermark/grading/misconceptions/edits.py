"""Edits of a right formula, each of which is a slip that students make.

A formula is a function; its syntax tree is edited in place, one node at a time: an edit is compiled
as it is derived, and then undone, which is much quicker than copying the tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial, reduce
from types import CodeType

from ottermark.grading.misconceptions import nodes
from ottermark.grading.misconceptions.nodes import Term

_AGGREGATES = {
    "max": "the maximum",
    "min": "the minimum",
    "mean": "the mean",
    "sum": "the sum",
    "median": "the median",
    "argmax": "the position of the maximum",
    "prod": "the product",
    "len": "the number of entries",
}
_OTHER_AGGREGATES = {
    "max": ("min", "mean", "sum", "median", "argmax"),
    "mean": ("sum", "median", "max"),
    "sum": ("max", "prod"),
}
# operations on the whole result, by their names in ``results``
_RESULTS = {
    "swapped": "the two numbers of the result are swapped",
    "first-for-both": "the first number of the result is given twice",
    "last-for-both": "the second number of the result is given twice",
    "transposed": "rows and columns of the result are exchanged",
    "cut-off": "the decimals of the result are cut off",
    "rounded-down": "the result is rounded down",
    "rounded-up": "the result is rounded up",
    "rounded-to-nearest": "the result is rounded to the nearest whole number",
    "negated": "the result has the opposite sign",
    "absolute": "the sign of the result is lost",
    "as-text": "the result is given as text",
    "flattened": "the rows of the result are put into one",
}
_FACTS = {
    "one-more": "off by one",
    "one-less": "off by one",
    "doubled": "off by a factor of two",
    "halved": "off by a factor of two",
    "squared": "squared",
    "rooted": "a square root",
}


class Rank(IntEnum):
    """How readily an edit is taken for the explanation of an answer: the smallest first."""

    COMMON = 0
    POSSIBLE = 1
    RARE = 2
    FACT = 3  # says how the result is wrong, but not where that comes from


@dataclass(frozen=True)
class Quantity:
    """A name in a formula that stands for something a student can get wrong.

    Attributes:
        name: in the formula.
        words: what it stands for, in words that go on from "when".
        kind: quantities of one kind may be taken for each other; empty for none.
        usual: Python expressions of values that students take for it, each with what is wrong then
            in words that go on from "when"; these may be empty.
    """

    name: str
    words: str
    kind: str = ""
    usual: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edit:
    """One slip in a formula.

    Attributes:
        key: what is edited and how, in small letters and hyphens, as ``depth-missing``.
        phrase: what is wrong, to go on from "when"; of a ``FACT``, from "is".
        code: the edited formula.
    """

    key: str
    phrase: str
    rank: Rank
    code: CodeType


@dataclass(frozen=True)
class _Change:
    """An edit of one kind of node, before it is put in its place."""

    key: str
    phrase: str
    rank: Rank
    node: ast.expr


@dataclass
class Formula:
    """A right formula that can be edited.

    Attributes:
        name: of the function.
        tree: its syntax tree.
        quantities: by their names in the formula.
        is_constant: whether it stands for a single answer. That is explained by many edits, so that
            only the likely ones are derived.
        known_parts: inner functions, as ``ast.dump`` shows them, that another formula has too; they
            are not edited again.
        is_first: whether it is the first one. Another takes the same arguments to the same result,
            so that there is nothing new to be edited in these.
    """

    name: str
    tree: ast.Module
    quantities: Mapping[str, Quantity]
    is_constant: bool = False
    known_parts: frozenset[str] = frozenset()
    is_first: bool = True
    sites: list[nodes.Site] = field(init=False)

    def __post_init__(self) -> None:
        self.sites = list(nodes.find_sites(self.tree, self.name))

    def compile(self) -> CodeType:
        """Return the formula as it is now."""
        return compile(ast.fix_missing_locations(self.tree), f"<{self.name}>", "exec")

    def edits(self) -> Iterator[Edit]:
        """Derive all edits; several may have the same effect."""
        known = {name for name, text in self._parts().items() if text in self.known_parts}
        for site in self.sites:
            for derive in _EXPRESSIONS if site.part not in known else ():
                for change in derive(self, site):
                    yield self._edit([(site, change.node)], change, site.part)
        if self.is_first or self.is_constant:
            yield from self._edits_of_names()
            yield from self._edits_of_results()
            yield from self._edits_of_defaults()

    def _parts(self) -> dict[str, str]:
        body = nodes.function(self.tree, self.name).body
        return {n.name: ast.dump(n) for n in body if isinstance(n, ast.FunctionDef)}

    @property
    def parts(self) -> frozenset[str]:
        """The inner functions, as ``ast.dump`` shows them."""
        return frozenset(self._parts().values())

    # ------------------------------------------------------------------------------ words

    def key(self, node: ast.AST) -> str:
        """Return a short name of an expression, after the quantities in it."""
        return "-".join(_slug(name) for name in self._names(node)) or nodes.text(node)

    def words(self, node: ast.AST) -> str:
        """Return an expression in words, without giving it away."""
        names = self._names(node)
        if not names:
            return f"`{nodes.text(node)}`"
        if len(names) == 1:
            return self.quantities[names[0]].words
        return "the part with " + " and ".join(self.quantities[name].words for name in names)

    def _names(self, node: ast.AST) -> list[str]:
        found = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
        return [name for name in dict.fromkeys(found) if name in self.quantities]

    # ------------------------------------------------------------------------------ edits

    def _edit(
        self, replacements: Iterable[tuple[nodes.Site, ast.expr]], change: _Change, part: str
    ) -> Edit:
        replacements = list(replacements)
        for site, node in replacements:
            site.put(node)
        code = self.compile()
        for site, _ in replacements:
            site.put(site.node)
        key, phrase = change.key, change.phrase
        if part:
            key = f"{_slug(part)}-{key}"
            words = self.quantities[part].words if part in self.quantities else f"`{part}`"
            phrase = f"{phrase} (in {words})"
        return Edit(key, phrase, change.rank, code)

    def _edits_of_names(self) -> Iterator[Edit]:
        for name, quantity in self.quantities.items():
            everywhere = [site for site in self.sites if nodes.is_name(site.node, name)]
            parts = list(dict.fromkeys(site.part for site in everywhere))
            groups = [(parts[0] if len(parts) == 1 else "", everywhere)] if everywhere else []
            if len(parts) > 1:
                groups += [(p, [s for s in everywhere if s.part == p]) for p in parts if p]
            for part, sites in groups:
                for change in self._changes_of_name(quantity, part):
                    yield self._edit([(site, change.node) for site in sites], change, part)
        yield from self._exchanges()

    def _changes_of_name(self, quantity: Quantity, part: str) -> Iterator[_Change]:
        name, words, key = nodes.name(quantity.name), quantity.words, _slug(quantity.name)
        if quantity.name in self._defaults():
            default = self._defaults()[quantity.name]
            yield _Change(f"{key}-ignored", f"{words} is always at its default", Rank.COMMON, default)
        for value, phrase in quantity.usual.items():
            yield _Change(
                f"{key}-always-{_slug(value)}",
                phrase or f"{words} is taken to be {value}",
                Rank.COMMON,
                nodes.expression(value),
            )
        for other in self._visible(quantity.name, part):
            yield _Change(
                f"{_slug(other.name)}-for-{key}",
                f"{other.words} is used in place of {words}",
                Rank.POSSIBLE,
                nodes.name(other.name),
            )
        if self.is_constant:
            return
        for sign, kind, what in ((1, "more", "large"), (-1, "less", "small")):
            yield _Change(
                f"{key}-one-{kind}",
                f"{words} is taken one too {what}",
                Rank.POSSIBLE,
                nodes.add([(1, name), (sign, nodes.constant(1))]),
            )
        if quantity.name in self._parameters() and not part:
            yield from self._changes_of_pair(quantity)

    def _changes_of_pair(self, quantity: Quantity) -> Iterator[_Change]:
        first, last = (nodes.item(quantity.name, index) for index in (0, 1))
        for kind, phrase, pair in (
            ("swapped", "the two numbers of {} are swapped", (last, first)),
            ("first-for-both", "the first number of {} is used for both", (first, first)),
            ("last-for-both", "the second number of {} is used for both", (last, last)),
        ):
            yield _Change(
                f"{_slug(quantity.name)}-{kind}",
                phrase.format(quantity.words),
                Rank.COMMON,
                nodes.pair(*pair),
            )

    def _exchanges(self) -> Iterator[Edit]:
        names = [n for n in self.quantities if any(nodes.is_name(s.node, n) for s in self.sites)]
        for index, one in enumerate(names):
            for other in (n for n in names[index + 1 :] if self._alike(one, n)):
                sites = [s for s in self.sites if nodes.is_name(s.node, one, other)]
                if len({s.part for s in sites}) == 1 or {one, other} <= self._parameters():
                    yield self._exchange(one, other, sites)

    def _exchange(self, one: str, other: str, sites: Sequence[nodes.Site]) -> Edit:
        words = f"{self.quantities[one].words} and {self.quantities[other].words} are exchanged"
        change = _Change(
            f"{_slug(one)}-{_slug(other)}-exchanged", words, Rank.COMMON, nodes.name(one)
        )
        swapped = {one: nodes.name(other), other: nodes.name(one)}
        parts = {site.part for site in sites}
        return self._edit(
            [(site, swapped[site.name]) for site in sites],
            change,
            parts.pop() if len(parts) == 1 else "",
        )

    def _parameters(self) -> set[str]:
        arguments = nodes.function(self.tree, self.name).args
        return {a.arg for a in (*arguments.args, *arguments.kwonlyargs)}

    def _visible(self, name: str, part: str) -> list[Quantity]:
        """Return the quantities that could be taken for one of them."""
        near = {site.name for site in self.sites if site.part == part} | self._parameters()
        return [q for q in self.quantities.values() if q.name in near and self._alike(q.name, name)]

    def _alike(self, one: str, other: str) -> bool:
        kinds = [self.quantities[name].kind for name in (one, other)]
        return one != other and kinds[0] == kinds[1] != ""

    def _edits_of_results(self) -> Iterator[Edit]:
        statement = nodes.function(self.tree, self.name).body[-1]
        assert isinstance(statement, ast.Return) and statement.value is not None
        site = nodes.Site(statement, "value", None, statement.value, "")
        for kinds, rank in ((_RESULTS, Rank.COMMON), (_FACTS, Rank.FACT)):
            for kind, phrase in kinds.items():
                node = nodes.call("_result", nodes.constant(kind), statement.value)
                yield self._edit([(site, node)], _Change(f"result-{kind}", phrase, rank, node), "")
        yield from self._edits_of_scale(site)

    def _edits_of_defaults(self) -> Iterator[Edit]:
        """Give a switch the other default, and take all arguments for their defaults."""
        arguments, defaults = nodes.function(self.tree, self.name).args, self._defaults()
        for name, default in defaults.items():
            if isinstance(default, ast.Constant) and isinstance(default.value, bool):
                other = nodes.constant(not default.value)
                phrase = f"{self.quantities[name].words} is {other.value} unless given"
                change = _Change(f"{_slug(name)}-other-default", phrase, Rank.COMMON, other)
                index = arguments.defaults.index(default)
                yield self._edit([(nodes.Site(arguments, "defaults", index, default, ""), other)], change, "")
        if len(defaults) > 1:
            sites = [site for site in self.sites if site.name in defaults]
            change = _Change(
                "arguments-ignored", "the optional arguments are always at their defaults", Rank.COMMON, sites[0].node
            )
            yield self._edit([(site, defaults[site.name]) for site in sites], change, "")

    def _defaults(self) -> dict[str, ast.expr]:
        """Return the quantities that are optional arguments, and what they are then."""
        arguments = nodes.function(self.tree, self.name).args
        named = zip(arguments.args[::-1], arguments.defaults[::-1], strict=False)
        return {a.arg: default for a, default in named if a.arg in self.quantities}

    def _edits_of_scale(self, site: nodes.Site) -> Iterator[Edit]:
        """Multiply or divide a number by an argument at the end."""
        for name in self._parameters() if not self.is_constant else ():
            quantity = self.quantities.get(name)
            for kind, phrase in (("times", "multiplied"), ("divided-by", "divided")):
                if quantity is not None:
                    node = nodes.call("_scale", nodes.constant(kind), site.node, nodes.name(name))
                    words = f"the result is {phrase} by {quantity.words} at the end"
                    change = _Change(f"result-{kind}-{_slug(name)}", words, Rank.POSSIBLE, node)
                    yield self._edit([(site, node)], change, "")

# ---------------------------------------------------------------------------- kinds of nodes


def _sum(formula: Formula, site: nodes.Site) -> Iterator[_Change]:
    terms = nodes.terms(site.node)
    if site.is_inner or len(terms) < 2:
        return
    for index, (sign, node) in enumerate(terms):
        key, words = formula.key(node), formula.words(node)
        change = partial(_with_term, terms, index)
        verb = ("subtracted", "added")[sign > 0]
        if index:
            yield _Change(f"{key}-not-{verb}", f"{words} is not {verb}", Rank.COMMON, change([]))
        else:
            yield _Change(f"{key}-missing", f"{words} is left out", Rank.COMMON, change([]))
        if index or not formula.is_constant:
            yield _Change(
                f"{key}-sign",
                f"{words} has the opposite sign",
                Rank.POSSIBLE,
                change([(-sign, node)]),
            )
        yield _Change(
            f"{key}-{verb}-twice",
            f"{words} is {verb} twice",
            Rank.POSSIBLE,
            change([(sign, node)] * 2),
        )
        if not formula.is_constant or (index and sign > 0 and isinstance(node, ast.Name)):
            yield _Change(
                f"{key}-once",
                f"{words} is counted as one",
                Rank.COMMON if isinstance(node, ast.Name) else Rank.POSSIBLE,
                change([(sign, nodes.constant(1))]),
            )
        yield from _moved_terms(formula, terms, index)


def _with_term(terms: list[Term], index: int, replacement: list[Term]) -> ast.expr:
    return nodes.add([*terms[:index], *replacement, *terms[index + 1 :]])


def _moved_terms(formula: Formula, terms: list[Term], index: int) -> Iterator[_Change]:
    """Yield edits in which a term comes under the division or multiplication beside it."""
    sign, node = terms[index]
    words, key = formula.words(node), formula.key(node)
    for place, (other_sign, other) in enumerate(terms):
        if place == index or other_sign < 0:
            continue
        rest = [term for at, term in enumerate(terms) if at not in (place, index)]
        if nodes.is_division(other):
            moved: ast.expr = nodes.binary(
                nodes.add([(1, other.left), (sign, node)]), other.op, other.right
            )
            divisor = formula.key(other.right), formula.words(other.right)
            yield _Change(
                f"{key}-before-{divisor[0]}",
                f"{words} is added before the division by {divisor[1]}",
                Rank.COMMON,
                nodes.add([(1, moved), *rest]),
            )
        factors = nodes.factors(other)
        if len(factors) > 1:
            first = nodes.multiply(factors[:-1])
            moved = nodes.multiply([nodes.add([(1, first), (sign, node)]), factors[-1]])
            yield _Change(
                f"{key}-before-{formula.key(factors[-1])}",
                f"{words} is added before the multiplication by {formula.words(factors[-1])}",
                Rank.POSSIBLE,
                nodes.add([(1, moved), *rest]),
            )


def _product(formula: Formula, site: nodes.Site) -> Iterator[_Change]:
    factors = nodes.factors(site.node)
    if site.is_inner or len(factors) < 2:
        return
    constants = [factor for factor in factors if isinstance(factor, ast.Constant)]
    for index, node in enumerate(constants or factors):
        key, words = formula.key(node), formula.words(node)
        if constants:  # it goes with the quantity beside it
            rest = [factor for factor in factors if factor is not node]
            phrase = f"{words} is left out"
            yield _Change(f"{key}-missing", phrase, Rank.COMMON, nodes.multiply(rest))
            continue
        before, after = factors[:index], factors[index + 1 :]
        yield _Change(
            f"{key}-missing", f"{words} is left out", Rank.COMMON, nodes.multiply(before + after)
        )
        yield _Change(
            f"{key}-twice", f"{words} is counted twice", Rank.COMMON, nodes.multiply([*factors, node])
        )
        if index:
            added = nodes.add([(1, nodes.multiply(before)), (1, node)])
            yield _Change(
                f"{key}-added",
                f"{words} is added where it should be multiplied",
                Rank.POSSIBLE,
                nodes.multiply([added, *after]),
            )
        if index and not formula.is_constant:
            both = nodes.add([(1, before[-1]), (1, node)])
            yield _Change(
                f"{formula.key(before[-1])}-{key}-added",
                f"{formula.words(before[-1])} and {words} are added where they should be multiplied",
                Rank.POSSIBLE,
                nodes.multiply([*before[:-1], both, *after]),
            )
        yield _Change(
            f"{key}-divided",
            f"one divides by {words} in place of multiplying",
            Rank.RARE,
            nodes.binary(nodes.multiply(before + after), ast.Div(), node),
        )
        yield from _not_all(formula, node, before + after)


def _not_all(formula: Formula, node: ast.expr, others: list[ast.expr]) -> Iterator[_Change]:
    """Yield edits in which a factor multiplies only some terms of a sum."""
    terms = nodes.terms(node)
    if len(terms) < 2:
        return
    factor = nodes.multiply(others)
    for index, (sign, term) in enumerate(terms):
        product: Term = (sign, nodes.multiply([factor, term]))
        yield _Change(
            f"{formula.key(factor)}-only-{formula.key(term)}",
            f"only {formula.words(term)} is multiplied by {formula.words(factor)}",
            Rank.COMMON,
            nodes.add([*terms[:index], product, *terms[index + 1 :]]),
        )


def _division(formula: Formula, site: nodes.Site) -> Iterator[_Change]:
    node = site.node
    if not nodes.is_division(node):
        return
    key, words = formula.key(node.right), formula.words(node.right)
    yield _Change(f"{key}-missing", f"{words} is left out", Rank.COMMON, node.left)
    yield _Change(
        f"{key}-multiplied",
        f"one multiplies by {words} in place of dividing",
        Rank.POSSIBLE,
        nodes.multiply([node.left, node.right]),
    )
    yield _Change(
        f"{key}-turned-over",
        "the division is turned over",
        Rank.RARE,
        nodes.binary(node.right, node.op, node.left),
    )
    terms = nodes.terms(node.left)
    for index, (sign, term) in enumerate(terms if len(terms) > 1 else []):
        quotient: Term = (sign, nodes.binary(term, node.op, node.right))
        yield _Change(
            f"{key}-only-{formula.key(term)}",
            f"only {formula.words(term)} is divided by {words}",
            Rank.COMMON,
            nodes.add([*terms[:index], quotient, *terms[index + 1 :]]),
        )
    if isinstance(node.op, ast.FloorDiv):
        exact = nodes.binary(node.left, ast.Div(), node.right)
        yield from _roundings(exact, "rounded-up", "rounded-to-nearest", "not-rounded")


def _rounding(_: Formula, site: nodes.Site) -> Iterator[_Change]:
    node = site.node
    if nodes.is_call(node, "ceil"):
        yield from _roundings(node.args[0], "rounded-down", "rounded-to-nearest", "not-rounded")


def _roundings(exact: ast.expr, *kinds: str) -> Iterator[_Change]:
    for kind in kinds:
        phrase = f"the division is {_ROUNDED[kind]}"
        node = exact if kind == "not-rounded" else nodes.call(_ROUNDINGS[kind], exact)
        yield _Change(kind, phrase, Rank.COMMON, node)


_ROUNDED = {
    "rounded-up": "rounded up",
    "rounded-down": "rounded down",
    "rounded-to-nearest": "rounded to the nearest whole number",
    "not-rounded": "not rounded",
}
_ROUNDINGS = {"rounded-up": "ceil", "rounded-down": "floor", "rounded-to-nearest": "round"}


def _condition(formula: Formula, site: nodes.Site) -> Iterator[_Change]:
    node = site.node
    if not isinstance(node, ast.IfExp):
        return
    key, words = formula.key(node.test), formula.words(node.test)
    for kind, phrase, replacement in (
        ("exchanged", "the two cases of {} are exchanged", nodes.if_else(node.test, node.orelse, node.body)),
        ("always-true", "{} makes no difference", node.body),
        ("always-false", "{} makes no difference", node.orelse),
    ):
        yield _Change(f"{key}-{kind}", phrase.format(words), Rank.COMMON, replacement)


def _aggregate(_: Formula, site: nodes.Site) -> Iterator[_Change]:
    """Take another number of many, e.g. the mean for the maximum."""
    name = nodes.called_name(site.node)
    for other in _OTHER_AGGREGATES.get(name, ()):
        yield _Change(
            f"{other}-for-{name}",
            f"{_AGGREGATES[other]} is taken in place of {_AGGREGATES[name]}",
            Rank.COMMON,
            nodes.with_called_name(site.node, other),
        )


def _wrapper(_: Formula, site: nodes.Site) -> Iterator[_Change]:
    """Leave out a function of one number."""
    node = site.node
    for name, words in (("abs", "the absolute value"), ("square", "the square")):
        if nodes.is_call(node, name):
            yield _Change(
                f"{name}-missing", f"{words} is not taken", Rank.COMMON, node.args[0]
            )


def _iterable(formula: Formula, site: nodes.Site) -> Iterator[_Change]:
    """Leave out an end of a list that is gone through."""
    if site.field != "iter" or not isinstance(site.node, ast.Name):
        return
    key, words = formula.key(site.node), formula.words(site.node)
    for kind, lower, upper in (("first", 1, None), ("last", None, -1)):
        yield _Change(
            f"{kind}-of-{key}-missing",
            f"the {kind} of {words} is left out",
            Rank.COMMON,
            nodes.part_of(site.node, lower, upper),
        )


def _index(formula: Formula, site: nodes.Site) -> Iterator[_Change]:
    """Take the other one of two sides."""
    node = site.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Constant):
        return
    if node.slice.value not in (0, 1):
        return
    key, words = formula.key(node.value), formula.words(node.value)
    ordinal = ("first", "last")[1 - node.slice.value]
    yield _Change(
        f"{key}-{ordinal}-for-both",
        f"the {ordinal} side of {words} is used for both directions",
        Rank.COMMON,
        nodes.subscript(node.value, 1 - node.slice.value),
    )


_EXPRESSIONS = (
    _sum,
    _product,
    _division,
    _rounding,
    _condition,
    _aggregate,
    _wrapper,
    _iterable,
    _index,
)


def _slug(text: str) -> str:
    return reduce(lambda t, c: t.replace(c, "-"), "_ ,()", text.lower()).strip("-").replace("--", "-")
