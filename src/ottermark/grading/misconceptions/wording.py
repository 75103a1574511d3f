"""Words for the quantities in a formula, and for the expressions made of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ottermark.grading.misconceptions import nodes


@dataclass(frozen=True)
class Quantity:
    """A name in a formula that stands for something a student can get wrong.

    Attributes:
        name: in the formula.
        words: what it stands for, in words that go on from "when".
        kind: quantities of one kind may be taken for each other; empty for none.
        usual: Python expressions of values that students take for it, each with what is wrong then
            in words that go on from "when"; these may be empty.
        value: its value in the question; None for one that depends on a function's arguments.
    """

    name: str
    words: str
    kind: str = ""
    usual: Mapping[str, str] = field(default_factory=dict)
    value: Any = None


@dataclass(frozen=True)
class Wording:
    """The quantities of a formula, by their names in it.

    Attributes:
        is_constant: whether the formula stands for a single answer. Many edits come to the same
            one, so that fewer are taken for likely.
        others: words for other names in the formula, which the student's code need not have.
    """

    quantities: Mapping[str, Quantity]
    is_constant: bool = False
    others: Mapping[str, str] = field(default_factory=dict)

    def key(self, node: ast.AST) -> str:
        """Return a short name of an expression, after the quantities in it."""
        return "-".join(slug(name) for name in self._names(node)) or nodes.text(node)

    def words(self, node: ast.AST) -> str:
        """Return an expression in words, without giving it away."""
        names = self._names(node)
        if not names:
            return self.others.get(nodes.text(node), f"`{nodes.text(node)}`")
        if len(names) == 1:
            return self.quantities[names[0]].words
        *first, last = (self.quantities[name].words for name in names)
        return f"the part with {', '.join(first)} and {last}"

    def alike(self, one: str, other: str) -> bool:
        """Return whether one quantity may be taken for the other."""
        kinds = [self.quantities[name].kind for name in (one, other)]
        return one != other and kinds[0] == kinds[1] != ""

    def value(self, node: ast.AST) -> Any:
        """Return the value of a number, or of a quantity that has one; None for all else."""
        if isinstance(node, ast.Name) and node.id in self.quantities:
            return self.quantities[node.id].value
        return node.value if isinstance(node, ast.Constant) else None

    def varies(self, node: ast.AST) -> bool:
        """Return whether an expression is a quantity without a value of its own."""
        return bool(self._names(node)) and self.value(node) is None

    def _names(self, node: ast.AST) -> list[str]:
        names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
        return [name for name in dict.fromkeys(names) if name in self.quantities]


def slug(text: str) -> str:
    """Return text in small letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-")
