"""Mutants of an answer, and which of them are equivalent to it."""

from __future__ import annotations

import ast
import random

import pytest

from ottermark.audit.mutation import generate_mutants
from ottermark.audit.oracle import Oracle, is_equivalent

ORACLE = Oracle(
    generators={"double": lambda rng: ((rng.randint(1, 9),), {})},
    references={"double": lambda x: 2 * x},
    not_mutated=frozenset(),
)


def test_each_mutant_changes_one_thing() -> None:
    source = 'def f(x, n=2):\n    """Two."""\n    return -x if n == 1 else x * n + 0.5\nf(3)\n'
    mutants = list(generate_mutants(source))
    changes = {mutant.change.partition(" -> ")[2] for mutant in mutants}
    assert changes == {
        "x, n=3",
        "x, n=1",
        "return x * n + 0.5 if n == 1 else -x",
        "return -x if n != 1 else x * n + 0.5",
        "return +x if n == 1 else x * n + 0.5",
        "return -x if n == 2 else x * n + 0.5",
        "return -x if n == 0 else x * n + 0.5",
        "return -x if n == 1 else x * n - 0.5",
        "return -x if n == 1 else x * n * 0.5",
        "return -x if n == 1 else x + n + 0.5",
        "return -x if n == 1 else x // n + 0.5",
        "return -x if n == 1 else x * n + 1.5",
        "return -x if n == 1 else x * n + -0.5",
    }
    assert len({mutant.source for mutant in mutants}) == len(mutants)
    original = ast.unparse(ast.parse(source)).splitlines()
    for mutant in mutants:
        lines = mutant.source.splitlines()
        assert sum(a != b for a, b in zip(lines, original, strict=True)) == 1


@pytest.mark.parametrize(
    ("mutant", "solution", "equivalent"),
    [
        ("pair = (2 * 2, 5)", "pair = (2 + 2, 5)", True),
        ("pair = (4, 6)", "pair = (4, 5)", False),
        ("pair = 1 / 0", "pair = 1", False),
        ("def double(x): return x + x", "def double(x): return 2 * x", True),
        ("def double(x): return x ** 2", "def double(x): return 2 * x", False),
        ("def double(x): return x / 0", "def double(x): return 2 * x", False),
    ],
)
def test_equivalent_mutants_have_the_same_values_and_results(
    mutant: str, solution: str, equivalent: bool
) -> None:
    assert is_equivalent(mutant, solution, ORACLE) is equivalent


def test_the_oracle_draws_the_same_inputs_each_time() -> None:
    seen: list[list[int]] = []
    for _ in range(2):
        inputs: list[int] = []
        oracle = Oracle(
            {"double": lambda rng: ((_record(inputs, rng),), {})},
            {"double": lambda x: 2 * x},
            ORACLE.not_mutated,
        )
        assert oracle.accepts("double", lambda x: x + x)
        seen.append(inputs)
    assert seen[0] == seen[1]


def _record(inputs: list[int], rng: random.Random) -> int:
    inputs.append(rng.randint(1, 9))
    return inputs[-1]
