"""The test oracle: which answers are right, by other means than the grader's tests.

``oracle.py`` in the corpus defines, for the functions that students write,

- ``GENERATORS``: by name, a function that draws legal arguments ``(args, kwargs)`` from a
  ``random.Random``;
- ``REFERENCES``: by name, a reference implementation (ours asks Keras);
- ``NOT_MUTATED``: the ids of questions whose answers are not mutated, e.g. trained models;

and may define, so that right answers can be rewritten,

- ``VALUES``: by name, the right values of what is not a function;
- ``PROPERTIES``: by name, where many results of a function are right, a function that says whether
  it is right, and an example of a result;
- ``NAMES``: what the notebook has imported and loaded before the answers;
- ``MEASUREMENTS``: by question, code for a cell after an answer that takes long to compute; its
  last expression is a dict of what it measures in the answer's own process;
- ``NET_CHECKS``: by question, a function that says whether an answer is right, from that dict.
"""

from __future__ import annotations

import contextlib
import copy
import importlib.util
import io
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ottermark.errors import UsageError

CASES = 400  # random inputs for each function; most mutants are wrong on one of the first
REWRITE_CASES = 100  # a rewrite is of an answer that was right on all, by changes that keep it so

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Oracle:
    """Legal inputs, right results and right values, by name.

    Attributes:
        generators: draw legal arguments of a function.
        references: return the right result for these.
        not_mutated: the ids of questions whose answers are not mutated.
        values: the right values of a name that is no function.
        properties: whether a function is right, and an example of a result.
        names: what answers may use.
        measurements: by question, the code that measures an answer in its own process.
        net_checks: by question, whether an answer is right that measures so.
    """

    generators: Mapping[str, Callable[[random.Random], Call]]
    references: Mapping[str, Callable[..., Any]]
    not_mutated: frozenset[str]
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    properties: Mapping[str, tuple[Callable[..., bool], Any]] = field(default_factory=dict)
    names: Mapping[str, Any] = field(default_factory=dict)
    measurements: Mapping[str, str] = field(default_factory=dict)
    net_checks: Mapping[str, Callable[[Mapping[str, Any]], bool]] = field(default_factory=dict)
    _cases: dict[str, list[tuple[Call, Any]]] = field(default_factory=dict, compare=False)

    def knows(self, names: Iterable[str]) -> bool:
        """Return whether it can tell right values of all these names from wrong ones."""
        known = {*self.generators, *self.values, *self.properties}
        return all(name in known for name in names)

    def cases(self, name: str) -> list[tuple[Call, Any]]:
        """Return ``CASES`` random legal inputs of a function, the same each time, and their results."""
        if name not in self._cases:
            rng = random.Random(0)
            calls = [self.generators[name](rng) for _ in range(CASES)]
            reference = self.references[name]
            self._cases[name] = [(call, reference(*call[0], **call[1])) for call in calls]
        return self._cases[name]

    def example(self, name: str) -> Any:
        """Return a right value, or a right result of the function."""
        if name in self.values:
            return self.values[name][0]
        return self.properties[name][1] if name in self.properties else self.cases(name)[0][1]

    def accepts(self, name: str, value: Any, cases: int = CASES) -> bool:
        """Return whether a value is right, or a function right on the first cases.

        An exception counts as a wrong result, and so does a change of the arguments.
        """
        if name in self.values:
            return any(agrees(value, right) for right in self.values[name])
        try:
            if name in self.properties:
                return self.properties[name][0](value)
            chosen = self.cases(name)[:cases]
            return all(_is_right(value, *call, expected) for call, expected in chosen)
        except Exception:
            return False

    def accepts_answer(self, source: str, names: Iterable[str], cases: int = CASES) -> bool:
        """Return whether the code of an answer runs and leaves right values in these names."""
        try:
            values = execute(source, self.names)
        except Exception:
            return False
        return all(name in values and self.accepts(name, values[name], cases) for name in names)


def _is_right(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], expected: Any
) -> bool:
    own = copy.deepcopy(args)
    return agrees(function(*own, **kwargs), expected) and all(map(np.array_equal, own, args))


def agrees(result: Any, expected: Any) -> bool:
    """Return whether a result is the expected number, numbers, or dict of numbers.

    Tuples, lists, arrays and tensors are alike, an array of one is a number, and a dict may have
    other keys besides. Relative differences up to 1e-5 are rounding.
    """
    if isinstance(expected, Mapping):
        return isinstance(result, Mapping) and all(
            key in result and agrees(result[key], value) for key, value in expected.items()
        )
    try:
        first, second = (np.asarray(value).astype(float) for value in (result, expected))
    except (TypeError, ValueError):
        return bool(type(result) is type(expected) and result == expected)
    if first.size == second.size == 1:
        first, second = first.reshape(1), second.reshape(1)
    return first.shape == second.shape and np.allclose(first, second, 1e-5, 1e-9)


def read_oracle(corpus: Path) -> Oracle | None:
    """Import ``oracle.py`` of a corpus; None if there is none.

    Raises:
        UsageError: it lacks one of the three tables that it must have.
    """
    path = corpus / "oracle.py"
    if not path.is_file():
        return None
    module = import_file(path)
    try:
        required = (module.GENERATORS, module.REFERENCES, frozenset(module.NOT_MUTATED))
    except AttributeError as error:
        raise UsageError(f"{path}: {error}; define GENERATORS, REFERENCES, NOT_MUTATED.") from None
    optional = ("VALUES", "PROPERTIES", "NAMES", "MEASUREMENTS", "NET_CHECKS")
    return Oracle(*required, *(getattr(module, table, {}) for table in optional))


def import_file(path: Path) -> ModuleType:
    """Import a Python file of a corpus under the name of the file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def is_equivalent(mutant: str, solution: str, names: Iterable[str], oracle: Oracle) -> bool:
    """Return whether a mutant is right: its names have the solution's values, or right ones.

    Args:
        mutant: the source code of the mutated answer.
        solution: the source code of the solution.
        names: the names that the question asks for.
    """
    try:
        mutated = execute(mutant, oracle.names)
    except Exception:
        return False
    solved = execute(solution, oracle.names)
    return all(
        name in mutated
        and (
            oracle.accepts(name, mutated[name])
            if oracle.knows([name])
            else callable(solved[name]) or agrees(mutated[name], solved[name])
        )
        for name in names
    )


def execute(source: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Run the code of an answer; return the names that it may use and those that it defines.

    What it prints is discarded. Random numbers, from which Keras takes its seeds too, are the same each
    time.
    """
    random.seed(0)
    np.random.seed(0)
    values: dict[str, Any] = {"np": np, **names}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "answer", "exec"), values)
    return values
