"""Whether the hints that wrong answers were shown are true of them.

The grader compares an answer with a mistake on the few cases of the catalogue. Here the answer is
run anew, and compared with the same mistake on all random inputs of the oracle.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ottermark.audit.oracle import Oracle, agrees, execute
from ottermark.grading.misconceptions.hints import PARTLY
from ottermark.grading.misconceptions.patterns import QuestionCatalogue
from ottermark.grading.misconceptions.values import RAISED, Case, call_cases, split, values_equal

Function = Callable[..., Any]
_ROUNDING = 1e-5  # of numbers with the precision of float32


@dataclass(frozen=True)
class CheckedHints:
    """Which hints to one answer are true.

    Attributes:
        true: ids of misconceptions that the answer has on every input.
        false: ids of those that it has not, or whose hint speaks of a name that is right.
    """

    true: frozenset[str] = frozenset()
    false: frozenset[str] = frozenset()


NOT_CHECKED = CheckedHints()


def check_hints(
    source: str,
    misconceptions: Collection[str],
    names: Sequence[str],
    catalogue: QuestionCatalogue,
    oracle: Oracle,
) -> CheckedHints:
    """Run an answer anew, and check the hints that it was shown.

    Nothing is checked if the answer does not run with the names of the oracle alone. A hint that is
    recognised by values or by a check of the author's counts as false if the name that it speaks of
    first is right; else it is in neither set.

    Args:
        source: the code of the answer.
        misconceptions: the ids that the grader recognised.
        names: those of the question.
        catalogue: that of the question.
    """
    try:
        values = execute(source, oracle.names)
    except Exception:  # it needs what the oracle does not define
        return NOT_CHECKED
    true: set[str] = set()
    false: set[str] = set()
    for name in names:
        mistakes = {
            id: functions
            for id in misconceptions
            if (functions := _functions(catalogue, id, name)) and name in values
        }
        if mistakes:
            is_true = _FreshComparison(name, values[name], mistakes, catalogue, oracle).is_true
            for id in mistakes:
                (true if is_true(id) else false).add(id)
    for id, hint in _described(catalogue, misconceptions):
        subject = next((name for name in re.findall(r"`(\w+)`", hint) if name in names), "")
        # not a property, which is what a right answer needs and not all that it needs
        known = subject in values and subject in {*oracle.generators, *oracle.values}
        if known and oracle.accepts(subject, values[subject]):
            false.add(id)
    return CheckedHints(frozenset(true - false), frozenset(false))


def _functions(catalogue: QuestionCatalogue, id: str, name: str) -> list[Function]:
    mistaken = catalogue.mistaken(id) or catalogue.mistaken(id.removesuffix(PARTLY))
    return [function for of, function in mistaken if of == name]


def _described(
    catalogue: QuestionCatalogue, misconceptions: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield those whose hint an author has written, with that hint."""
    for pattern in catalogue.patterns:
        for id in (pattern.misconception.id, pattern.misconception.id + PARTLY):
            if id in misconceptions:
                yield id, pattern.misconception.hint


class _FreshComparison:
    """What a student's name gives, beside the right results and those of mistakes."""

    def __init__(
        self,
        name: str,
        value: Any,
        mistakes: Mapping[str, Sequence[Function]],
        catalogue: QuestionCatalogue,
        oracle: Oracle,
    ) -> None:
        derivation = catalogue.derivations.get(name)
        self.tolerance = max(_ROUNDING, derivation.tolerance if derivation else 0)
        if name in oracle.generators:
            calls = oracle.cases(name)
            cases = [Case("", "", *call) for call, _ in calls]
            self.results = call_cases(value, copy.deepcopy(cases))
            self.right = [right for _, right in calls]
            self.mistakes = {
                id: [call_cases(f, copy.deepcopy(cases)) for f in functions]
                for id, functions in mistakes.items()
            }
        else:
            self.results = (value,)
            self.right = list(oracle.values.get(name, ()))[:1]
            once = [Case("", "", (), {})]
            self.mistakes = {id: [call_cases(f, once) for f in fs] for id, fs in mistakes.items()}

    @cached_property
    def are_positive(self) -> bool:
        """Whether all right results are positive numbers."""
        return all(isinstance(r, (int, float, tuple)) and np.min(r) > 0 for r in self.right)

    def is_true(self, id: str) -> bool:
        """Return whether the name makes this mistake on some input, and no other than those shown.

        It may be right on some inputs, or in a part of its results, if the hint says so.
        """
        partly = any(other.endswith(PARTLY) for other in self.mistakes)
        alone = len(self.mistakes) == 1 and not partly
        makes_it = False
        for index, result in enumerate(self.results):
            right = index < len(self.right) and agrees(result, self.right[index])
            if self._makes(id, index):
                makes_it = makes_it or not right
            elif alone or not (right or self._is_explained(index, partly)):
                return False
            else:
                makes_it = makes_it or (partly and not right)
        return makes_it

    def _makes(self, id: str, index: int) -> bool:
        result = self.results[index]
        return any(
            values_equal(result, mistaken[index], self.tolerance)
            or (self._is_nothing(result) and self._is_nothing(mistaken[index]))
            for mistaken in self.mistakes[id]
        )

    def _is_explained(self, index: int, partly: bool) -> bool:
        """Return whether a result, or each part of it, is that of a mistake or right."""
        if any(self._makes(id, index) for id in self.mistakes):
            return True
        if not partly or index >= len(self.right):
            return False
        alternatives = [split(self.right[index])]
        alternatives += [split(m[index]) for ms in self.mistakes.values() for m in ms]
        return all(
            any(part in a and values_equal(value, a[part], self.tolerance) for a in alternatives)
            for part, value in split(self.results[index]).items()
        )

    def _is_nothing(self, result: Any) -> bool:
        """Return whether a call failed, gave no numbers, or sizes below 1 where all right ones are not.

        A mistake may do each of these where it leaves no room for a result.
        """
        if result is RAISED:
            return True
        try:
            numbers = np.asarray(result, float)
        except (TypeError, ValueError):
            return False
        return numbers.size == 0 or (self.are_positive and bool(numbers.min() <= 0))
