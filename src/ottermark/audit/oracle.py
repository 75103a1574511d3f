"""The test oracle: which results of a function are right.

``oracle.py`` in the corpus defines, for the functions that students write,

- ``GENERATORS``: by name, a function that draws legal arguments ``(args, kwargs)`` from a
  ``random.Random``;
- ``REFERENCES``: by name, a reference implementation (ours asks Keras);
- ``NOT_MUTATED``: the ids of questions whose answers are not mutated, e.g. trained models.
"""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ottermark.errors import UsageError
from ottermark.grading.misconceptions import values_equal

CASES = 400  # random inputs for each mutant; most are wrong on one of the first

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Oracle:
    """Legal inputs and the right results for them, by the name of the function.

    Attributes:
        generators: draw legal arguments.
        references: return the right result for these.
        not_mutated: the ids of questions whose answers are not mutated.
    """

    generators: Mapping[str, Callable[[random.Random], Call]]
    references: Mapping[str, Callable[..., Any]]
    not_mutated: frozenset[str]

    def accepts(self, name: str, function: Callable[..., Any]) -> bool:
        """Return whether a function is right on ``CASES`` random legal inputs, the same each time.

        An exception counts as a wrong result.
        """
        rng = random.Random(0)
        for _ in range(CASES):
            args, kwargs = self.generators[name](rng)
            try:
                result = function(*args, **kwargs)
            except Exception:
                return False
            if not values_equal(result, self.references[name](*args, **kwargs)):
                return False
        return True


def read_oracle(corpus: Path) -> Oracle | None:
    """Import ``oracle.py`` of a corpus; None if there is none.

    Raises:
        UsageError: it lacks one of its three tables.
    """
    path = corpus / "oracle.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("oracle", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        return Oracle(module.GENERATORS, module.REFERENCES, frozenset(module.NOT_MUTATED))
    except AttributeError as error:
        raise UsageError(f"{path}: {error}; define GENERATORS, REFERENCES, NOT_MUTATED.") from None


def is_equivalent(mutant: str, solution: str, oracle: Oracle) -> bool:
    """Return whether a mutant's names have the solution's values and its functions are right.

    Args:
        mutant: the source code of the mutated answer.
        solution: the source code of the original answer.
    """
    try:
        mutated = _execute(mutant)
    except Exception:
        return False
    for name, value in _execute(solution).items():
        if not callable(value):
            if not values_equal(value, mutated[name]):
                return False
        elif name in oracle.generators and not oracle.accepts(name, mutated[name]):
            return False
    return True


def _execute(source: str) -> dict[str, Any]:
    """Return the names that an answer defines; ``np`` is imported for it."""
    names: dict[str, Any] = {"np": np}
    exec(compile(source, "answer", "exec"), names)
    return {name: value for name, value in names.items() if name not in ("np", "__builtins__")}
