"""Edits of a right formula, each of which is a slip that students make.

A formula is a function. Its syntax tree is edited in place: an edit is compiled as it is derived,
and then undone, which is much quicker than copying the tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import CodeType

from ottermark.grading.misconceptions import nodes
from ottermark.grading.misconceptions.changes import NodeChange, Rank, expression_changes
from ottermark.grading.misconceptions.nodes import Site
from ottermark.grading.misconceptions.wording import Quantity, Wording, slug
from ottermark.python_source import compile_tree

# of the whole result, by the names that ``results`` has for them
_RESULTS = {
    "swapped": "the two numbers of the result are swapped",
    "first-for-both": "the first number of the result is given twice",
    "last-for-both": "the second number of the result is given twice",
    "transposed": "rows and columns of the result are exchanged",
    "reshaped": "the numbers are put into as many rows as there should be columns",
    "cut-off": "the decimals of the result are cut off",
    "rounded-down": "the result is rounded down",
    "rounded-up": "the result is rounded up",
    "rounded-to-nearest": "the result is rounded to the nearest whole number",
    "rounded-to-two-decimals": "the result is rounded to two decimals",
    "negated": "the result has the opposite sign",
    "flattened": "the rows of the result are put into one",
}
_FACTS = {
    "one-more": "off by one",
    "one-less": "off by one",
    "doubled": "off by a factor of two",
    "halved": "off by a factor of two",
    "squared": "the square of what is asked for",
    "rooted": "the square root of what is asked for",
}
_SCALES = {"times": "multiplied", "divided-by": "divided"}


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


@dataclass
class Formula:
    """A right formula that can be edited.

    Attributes:
        name: of the function.
        tree: its syntax tree.
        known_parts: inner functions, as ``ast.dump`` shows them, that another formula has too; they
            are not edited again.
        is_first: whether it is the first one. Another takes the same arguments to the same result,
            so that there is nothing new to be edited in these.
    """

    name: str
    tree: ast.Module
    wording: Wording
    known_parts: frozenset[str] = frozenset()
    is_first: bool = True
    sites: list[Site] = field(init=False)

    def __post_init__(self) -> None:
        self.sites = list(nodes.find_sites(self.tree, self.name))

    def compile(self) -> CodeType:
        """Return the formula as it is now."""
        return compile_tree(ast.fix_missing_locations(self.tree), f"<{self.name}>")

    @property
    def parts(self) -> frozenset[str]:
        """The inner functions, as ``ast.dump`` shows them."""
        return frozenset(self._parts().values())

    def edits(self) -> Iterator[Edit]:
        """Derive all edits; several may have the same effect."""
        known = {name for name, text in self._parts().items() if text in self.known_parts}
        for site in self.sites:
            if site.part not in known:
                for change in self._likely(expression_changes(self.wording, site)):
                    yield self._edit([(site, change.node)], change, site.part)
        if self.is_first or self.wording.is_constant:
            yield from self._edits_of_names()
            yield from self._exchanges()
            yield from self._edits_of_result()
        if not self.wording.is_constant and self.is_first:
            yield from self._scales()
            yield from self._edits_of_defaults()

    def _likely(self, changes: Iterable[NodeChange]) -> Iterator[NodeChange]:
        """Leave out rare changes of a constant, which some other slip may come to as well."""
        return (c for c in changes if c.rank is not Rank.RARE or not self.wording.is_constant)

    def _edit(
        self, replacements: Iterable[tuple[Site, ast.expr]], change: NodeChange, part: str = ""
    ) -> Edit:
        replacements = list(replacements)
        for site, node in replacements:
            site.put(node)
        code = self.compile()
        for site, _ in replacements:
            site.put(site.node)
        key, phrase = change.key, change.phrase
        if part:
            quantity = self.wording.quantities.get(part)
            words = quantity.words if quantity else f"`{part}`"
            key, phrase = f"{slug(part)}-{key}", f"{phrase} (in {words})"
        return Edit(key, phrase, change.rank, code)

    # --------------------------------------------------------------------------- quantities

    def _edits_of_names(self) -> Iterator[Edit]:
        """Take something else for a quantity, everywhere or in one part."""
        for name, quantity in self.wording.quantities.items():
            sites = self._sites_of(name)
            parts = list(dict.fromkeys(site.part for site in sites))
            if len(parts) > 1:
                parts = ["", *(part for part in parts if part)]
            for part in parts:
                there = sites if part in ("", *parts[:1]) else [s for s in sites if s.part == part]
                for change in self._likely(self._changes_of_name(quantity, part)):
                    yield self._edit([(site, change.node) for site in there], change, part)
            if not self.wording.is_constant:
                yield from self._edits_of_one_place(quantity, sites)

    def _edits_of_one_place(self, quantity: Quantity, sites: Sequence[Site]) -> Iterator[Edit]:
        """Take another quantity for one of those that stand in several places of a part."""
        for site in sites:
            others = self._visible(quantity.name, site.part)
            if sum(one.part == site.part for one in sites) > 1:
                for other in others:
                    phrase = f"{other.words} is used once in place of {quantity.words}"
                    key = f"{slug(other.name)}-once-for-{slug(quantity.name)}"
                    change = NodeChange(key, phrase, nodes.name(other.name), Rank.RARE)
                    yield self._edit([(site, change.node)], change, site.part)

    def _changes_of_name(self, quantity: Quantity, part: str) -> Iterator[NodeChange]:
        words, key = quantity.words, slug(quantity.name)
        default = self._defaults().get(quantity.name)
        if default is not None:
            yield NodeChange(f"{key}-ignored", f"{words} is always at its default", default)
        for value, phrase in quantity.usual.items():
            phrase = phrase or f"{words} is taken to be {value}"
            yield NodeChange(f"{key}-always-{slug(value)}", phrase, nodes.expression(value))
        for other in self._visible(quantity.name, part):
            phrase = f"{other.words} is used in place of {words}"
            taken = nodes.name(other.name)
            yield NodeChange(f"{slug(other.name)}-for-{key}", phrase, taken, Rank.POSSIBLE)
            for kind, what in (("min", "most"), ("max", "least")):
                limited = nodes.call(kind, nodes.name(quantity.name), taken)
                phrase = f"{words} is taken to be at {what} {other.words}"
                yield NodeChange(f"{key}-at-{what}-{slug(other.name)}", phrase, limited, Rank.RARE)
        rank = Rank.RARE if self.wording.is_constant else Rank.POSSIBLE
        for sign, kind, what in ((1, "more", "large"), (-1, "less", "small")):
            node = nodes.add([(1, nodes.name(quantity.name)), (sign, nodes.constant(1))])
            yield NodeChange(f"{key}-one-{kind}", f"{words} is taken one too {what}", node, rank)
        if not (self.wording.is_constant or part) and quantity.name in self._parameters():
            yield from _changes_of_pair(quantity)

    def _exchanges(self) -> Iterator[Edit]:
        names = [name for name in self.wording.quantities if self._sites_of(name)]
        for index, one in enumerate(names):
            for other in (n for n in names[index + 1 :] if self.wording.alike(one, n)):
                sites = self._sites_of(one, other)
                if len({s.part for s in sites}) == 1 or {one, other} <= self._parameters():
                    yield self._exchange(one, other, sites)

    def _exchange(self, one: str, other: str, sites: Sequence[Site]) -> Edit:
        words = [self.wording.quantities[name].words for name in (one, other)]
        phrase = f"{words[0]} and {words[1]} are exchanged"
        change = NodeChange(f"{slug(one)}-{slug(other)}-exchanged", phrase, nodes.name(one))
        swapped = {one: nodes.name(other), other: nodes.name(one)}
        parts = {site.part for site in sites}
        part = parts.pop() if len(parts) == 1 else ""
        return self._edit([(site, swapped[site.name]) for site in sites], change, part)

    # ------------------------------------------------------------------------------ results

    def _edits_of_result(self) -> Iterator[Edit]:
        """Do something to the whole result."""
        site = self._result()
        for kinds, rank in ((_RESULTS, Rank.COMMON), (_FACTS, Rank.FACT)):
            for kind, phrase in kinds.items():
                node = nodes.call("_change_result", nodes.constant(kind), site.node)
                yield self._edit([(site, node)], NodeChange(f"result-{kind}", phrase, node, rank))

    def _scales(self) -> Iterator[Edit]:
        """Multiply or divide a number by an argument at the end."""
        site = self._result()
        for name in sorted(self._parameters() & self.wording.quantities.keys()):
            for kind, verb in _SCALES.items():
                phrase = f"the result is {verb} by {self.wording.quantities[name].words} at the end"
                arguments = nodes.constant(kind), site.node, nodes.name(name)
                node = nodes.call("_scale_result", *arguments)
                change = NodeChange(f"result-{kind}-{slug(name)}", phrase, node, Rank.POSSIBLE)
                yield self._edit([(site, node)], change)

    def _result(self) -> Site:
        statement = nodes.function(self.tree, self.name).body[-1]
        assert isinstance(statement, ast.Return) and statement.value is not None
        return Site(statement, "value", None, statement.value, "")

    # --------------------------------------------------------------------------- arguments

    def _edits_of_defaults(self) -> Iterator[Edit]:
        """Give a switch the other default, and take all arguments for their defaults."""
        arguments, defaults = nodes.function(self.tree, self.name).args, self._defaults()
        for name, default in defaults.items():
            if isinstance(default, ast.Constant) and isinstance(default.value, bool):
                other = nodes.constant(not default.value)
                phrase = f"{self.wording.quantities[name].words} is {other.value!r} unless given"
                index = arguments.defaults.index(default)
                site = Site(arguments, "defaults", index, default, "")
                yield self._edit(
                    [(site, other)], NodeChange(f"{slug(name)}-other-default", phrase, other)
                )
        sites = self._sites_of(*defaults)
        if len(defaults) > 1 and sites:
            phrase = "the optional arguments are always at their defaults"
            change = NodeChange("arguments-ignored", phrase, sites[0].node)
            yield self._edit([(site, defaults[site.name]) for site in sites], change)

    def _defaults(self) -> dict[str, ast.expr]:
        """Return the quantities that are optional arguments, and what they are then."""
        arguments = nodes.function(self.tree, self.name).args
        named = zip(arguments.args[::-1], arguments.defaults[::-1], strict=False)
        return {a.arg: value for a, value in named if a.arg in self.wording.quantities}

    def _parameters(self) -> set[str]:
        arguments = nodes.function(self.tree, self.name).args
        return {a.arg for a in (*arguments.args, *arguments.kwonlyargs)}

    def _visible(self, name: str, part: str) -> list[Quantity]:
        """Return the quantities that could be taken for one of them."""
        near = {site.name for site in self.sites if site.part == part} | self._parameters()
        quantities = self.wording.quantities.values()
        return [q for q in quantities if q.name in near and self.wording.alike(q.name, name)]

    def _sites_of(self, *names: str) -> list[Site]:
        return [site for site in self.sites if nodes.is_name(site.node, *names)]

    def _parts(self) -> dict[str, str]:
        body = nodes.function(self.tree, self.name).body
        return {n.name: ast.dump(n) for n in body if isinstance(n, ast.FunctionDef)}


def _changes_of_pair(quantity: Quantity) -> Iterator[NodeChange]:
    """Yield changes of an argument that is a pair."""
    first, last = (nodes.item(quantity.name, index) for index in (0, 1))
    key, words = slug(quantity.name), quantity.words
    yield NodeChange(
        f"{key}-swapped", f"the two numbers of {words} are swapped", nodes.pair(last, first)
    )
    for kind, ordinal, number in (("first", "first", first), ("last", "second", last)):
        phrase = f"the {ordinal} number of {words} is used for both"
        yield NodeChange(f"{key}-{kind}-for-both", phrase, nodes.pair(number, number))
