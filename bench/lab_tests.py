"""The tests of a built lab, taken out of Otter's form, for graders that do not have Otter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabTest:
    """A test of a question.

    Attributes:
        points: 0 for a test of the form.
        arguments: the names of the answers that it is called with.
        source: a function of that name; it raises if an answer is wrong.
    """

    question: str
    name: str
    points: int
    hidden: bool
    arguments: tuple[str, ...]
    source: str


def read_tests(autograder: Path) -> Iterator[LabTest]:
    """Yield the tests in an autograder's folder, by question and in their order."""
    for path in sorted((autograder / "tests").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            (decorator,) = node.decorator_list
            assert isinstance(decorator, ast.Call)
            options = {word.arg: ast.literal_eval(word.value) for word in decorator.keywords}
            node.decorator_list = []
            arguments = tuple(argument.arg for argument in node.args.args)
            points, hidden = options["points"], options["hidden"]
            yield LabTest(path.stem, node.name, points, hidden, arguments, ast.unparse(node))
