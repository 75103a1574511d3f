"""Rewrites: right answers written in another way that are right for the same reason.

A rewrite has one to three changes: of expressions (`equal_expressions`), of statements
(`equal_statements`), and of types and definitions (`representations`). The choice is the same each
time. The oracle verifies each, so an error in a rule shows before the grader is asked.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from ottermark.audit import equal_expressions, equal_statements
from ottermark.audit.answers import Answer, Kind
from ottermark.audit.oracle import Oracle, import_file
from ottermark.audit.representations import define_otherwise, represent_value

MAX_ATTEMPTS = 30  # for each rewrite that is wanted: short answers have few of them
STEPS = (1, 2, 2, 3)

_IMPORTS = {
    "math": "import math",
    "operator": "import operator",
    "functools": "import functools",
    "tf": "import tensorflow as tf",
    "Fraction": "from fractions import Fraction",
    "Decimal": "from decimal import Decimal",
    "OrderedDict": "from collections import OrderedDict",
}

Change = tuple[str, str]  # its name, and the changed source


@dataclass(frozen=True)
class Rewriter:
    """Rewrites the right answers to one question.

    Attributes:
        names: the names that the question asks for.
        signatures: those of its functions, by name.
    """

    names: Sequence[str]
    signatures: Mapping[str, ast.arguments]
    oracle: Oracle

    def rewrite(self, sources: Mapping[str, str], question: str, count: int) -> list[Answer]:
        """Return distinct rewrites of some right answers in turn, at most ``count``.

        Args:
            sources: the code of the answers by name.
        """
        rng = random.Random(question)
        seen = {normalize(source) for source in sources.values()}
        rewrites: list[Answer] = []
        attempts = zip(range(count * MAX_ATTEMPTS), cycle(sources.items()), strict=False)
        for _, (origin, source) in attempts:
            changes, rewritten = self._change(source, rng)
            if changes and normalize(rewritten) not in seen:
                seen.add(normalize(rewritten))
                name = f"{origin}: {', '.join(changes)}"
                rewrites.append(Answer(Kind.REWRITE, question, name, rewritten, origin=origin))
            if len(rewrites) == count:
                break
        return rewrites

    def _change(self, source: str, rng: random.Random) -> tuple[list[str], str]:
        """Return the names of some changes, and the source after them.

        Each is of another family or has another name than those before.
        """
        names: list[str] = []
        families = [change_expressions, change_statements, self._redefine]
        for _ in range(rng.choice(STEPS)):
            changes: dict[str, list[str]] = {}
            for family in rng.sample(families, len(families)):
                for name, changed in family(source):
                    if name not in names:
                        changes.setdefault(name, []).append(changed)
                if changes:
                    break
            if not changes:
                break
            names.append(rng.choice(sorted(changes)))
            source = with_imports(rng.choice(changes[names[-1]]))
            if family == self._redefine:
                families.remove(family)
        return names, source

    def _redefine(self, source: str) -> Iterator[Change]:
        """Yield the answer with another type of a value, or another definition of a function."""
        for name in self.names:
            example = self.oracle.example(name)
            if name in self.signatures:
                yield from define_otherwise(source, name, self.signatures[name], example)
            else:
                yield from represent_value(source, name, example)


def rewrite_answers(
    answers: Sequence[Answer],
    solutions: Mapping[str, str],
    names: Mapping[str, Sequence[str]],
    oracle: Oracle,
    count: int,
) -> list[Answer]:
    """Return rewrites of the solution and of the right answers in the corpus.

    Args:
        answers: the corpus.
        solutions: the solution's code by question.
        names: by question, the names that it asks for.
        oracle: questions with a name that it does not know are left out, and right answers that it
            does not accept, e.g. since they are rounded.
        count: how many for each question; fewer if there are no more.
    """
    rewrites: list[Answer] = []
    for question, asked in names.items():
        if question not in solutions or not oracle.knows(asked):
            continue
        sources = {"solution": solutions[question]}
        right = [a for a in answers if a.kind is Kind.RIGHT and a.question == question][:count]
        sources |= {a.name: a.source for a in right if oracle.accepts_answer(a.source, asked)}
        rewriter = Rewriter(asked, find_signatures(solutions[question]), oracle)
        rewrites += rewriter.rewrite(sources, question, count)
    return rewrites


def read_composed(corpus: Path) -> list[Answer]:
    """Return the answers that ``nets.py`` in the corpus composes; none if there is no such file.

    They count as rewrites of their layout. The oracle measures them where they are graded.
    """
    path = corpus / "nets.py"
    if not path.is_file():
        return []
    nets = import_file(path).compose()
    return [Answer(Kind.REWRITE, n.question, n.name, n.source, origin=n.layout) for n in nets]


def find_signatures(source: str) -> dict[str, ast.arguments]:
    """Return the parameters of the functions that an answer defines."""
    return {n.name: n.args for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}


def normalize(source: str) -> str:
    """Return code without comments and formatting."""
    return ast.unparse(ast.parse(source))


def with_imports(source: str) -> str:
    """Add the imports of modules that changes use."""
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    lines = [line for name, line in _IMPORTS.items() if name in used and line not in source]
    return "\n".join([*lines, source])


def change_expressions(source: str) -> Iterator[Change]:
    """Yield each answer with one expression replaced by an equal one."""
    tree = ast.parse(source)
    for parent in list(ast.walk(tree)):
        for field, value in list(ast.iter_fields(parent)):
            if isinstance(value, ast.expr):
                for name, equal in equal_expressions.find_equal(value):
                    setattr(parent, field, equal)
                    yield name, _unparse(tree)
                setattr(parent, field, value)
            elif isinstance(value, list):
                yield from _change_elements(tree, value)


def _change_elements(tree: ast.Module, elements: list[ast.AST]) -> Iterator[Change]:
    for index, element in enumerate(elements):
        if isinstance(element, ast.expr):
            for name, equal in equal_expressions.find_equal(element):
                elements[index] = equal
                yield name, _unparse(tree)
            elements[index] = element


def change_statements(source: str) -> Iterator[Change]:
    """Yield each answer with one statement replaced by others."""
    tree = ast.parse(source)
    for block in list(equal_statements.blocks(tree)):
        original = list(block)
        for index in range(len(original)):
            for name, changed in equal_statements.find_equal(original, index):
                block[:] = changed
                yield name, _unparse(tree)
                block[:] = original


def _unparse(tree: ast.Module) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))
