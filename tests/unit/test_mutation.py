"""Mutants of an answer, and which of them are equivalent to it."""

from __future__ import annotations

import ast
import random

import pytest

from ottermark.audit.answers import Answer, Kind
from ottermark.audit.mutation import MUTANTS_OF_OTHERS, generate_mutants, mutate_answers
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
    names = ["pair" if "pair" in solution else "double"]
    assert is_equivalent(mutant, solution, names, ORACLE) is equivalent


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


def test_right_answers_are_mutated_after_the_solution_and_only_so_many() -> None:
    sources = {
        "added": "def double(x): return x + x",
        "looped": "def double(x):\n    while False:\n        pass\n    return 3 * x - x",
        "long": f"def double(x): return {'0 + ' * 20}x + x",
    }
    answers = [Answer(Kind.RIGHT, "q1", name, source) for name, source in sources.items()]
    solutions, names = {"q1": "def double(x): return 2 * x"}, {"q1": ["double"], "q2": ["other"]}
    mutants = mutate_answers(answers, solutions, names, ORACLE)
    assert {m.source.partition("return ")[2] for m in mutants.wrong if not m.origin} == {
        *("2 + x", "2 // x", "3 * x", "1 * x"),
    }
    others = [m for m in mutants.wrong if m.origin]
    assert len(others) == MUTANTS_OF_OTHERS and {m.origin for m in others} <= {"added", "long"}
    assert all(m.name.startswith(f"{m.origin}: ") for m in others)
    assert all(m.origin != "looped" for m in mutants.equivalent)
    assert mutate_answers(answers, solutions, names, ORACLE, 3).wrong == mutants.wrong[:3]
    assert not mutate_answers(answers, solutions, names, ORACLE, 0).wrong
