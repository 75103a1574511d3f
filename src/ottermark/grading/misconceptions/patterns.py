"""What the catalogue knows of one question, and what of it fits an answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ottermark.grading.misconceptions.explanation import (
    Explanation,
    explain,
    find_slip,
    wrong_side,
)
from ottermark.grading.misconceptions.hints import describe, of_side
from ottermark.grading.misconceptions.slips import Derivation, Slip
from ottermark.grading.misconceptions.values import (
    RAISED,
    UNKNOWN,
    Case,
    all_equal,
    values_equal,
)
from ottermark.results.diagnosis import Misconception

Answers = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Pattern:
    """How a misconception that is described in the catalogue is recognised.

    Attributes:
        misconception: what is reported. Without a name it is described after the edit that fits, and
            its hint goes on from that.
        values: the values that names then have, any one of several.
        function: the name of the function that ``answers`` are of, or empty.
        answers: what that function answers to the cases, in order.
        mistaken: that function, or None.
        check: returns, from names of the question, whether the mistake was made.
        derivation: of the name that ``edits`` are of, or None.
        edits: keys of edits; the answer fits one of them.
    """

    misconception: Misconception
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    function: str = ""
    answers: tuple[Any, ...] = ()
    mistaken: Callable[..., Any] | None = None
    check: Callable[..., Any] | None = None
    derivation: Derivation | None = None
    edits: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """The names of the question whose values it explains."""
        if self.check is not None:
            return set(inspect.signature(self.check).parameters)
        if self.derivation is not None:
            return {self.derivation.name}
        return set(self.values) | ({self.function} - {""})

    @property
    def listed(self) -> Misconception:
        """The misconception as a list of all shows it."""
        if self.misconception.name or self.derivation is None:
            return self.misconception
        slips = (slip for slip in self.derivation.slips if slip.edit == self.edits[0])
        return self.describe(Explanation(next(slips)))

    def matches(self, values: Mapping[str, Any], answers: Answers) -> Misconception | None:
        """Return the misconception if an answer fits.

        Args:
            values: the question's names and their values in the notebook.
            answers: what each of the functions among them answers to the cases.
        """
        if self.derivation is None:
            return self.misconception if self._fits(values, answers) else None
        own = answers_of(self.derivation, values, answers)
        slip = find_slip(self.derivation, self.edits, own) if own else None
        return None if slip is None else self.describe(Explanation(slip))

    def describe(self, explanation: Explanation) -> Misconception:
        """Return the misconception for one of its edits, or for a part of an answer that fits it."""
        assert self.derivation is not None
        known = self.misconception
        if known.name and not explanation.is_partial:
            return known
        ask = "" if known.name else known.hint
        return describe(self.derivation, explanation, known.id, ask)

    def _fits(self, values: Mapping[str, Any], answers: Answers) -> bool:
        if self.check is not None:
            return _holds(self.check, values)
        if self.function:
            return all_equal(answers.get(self.function, ()), self.answers)
        return all(
            name in values and any(values_equal(values[name], value) for value in alternatives)
            for name, alternatives in self.values.items()
        )


@dataclass(frozen=True)
class QuestionCatalogue:
    """What the catalogue knows of one question.

    Attributes:
        patterns: those of particular misconceptions before those of general ones.
        cases: from easy to hard.
        right: what the right function answers to the cases, by its name.
        derivations: of the slips of each name that has a right formula.
    """

    patterns: tuple[Pattern, ...] = ()
    cases: tuple[Case, ...] = ()
    right: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    derivations: Mapping[str, Derivation] = field(default_factory=dict)

    def first_failure(self, function: str, answers: tuple[Any, ...]) -> str | None:
        """Return the first class of inputs that a function gets wrong, as far as it answered."""
        right = self.right.get(function, ())
        for case, answer, expected in zip(self.cases, answers, right, strict=False):
            if answer is RAISED:
                return f"{case.input_class} (a call raised an error)"
            if answer is not UNKNOWN and not values_equal(answer, expected):
                return case.input_class
        return None

    def explain(
        self, values: Mapping[str, Any], answers: Answers
    ) -> tuple[list[Misconception], set[str]]:
        """Return the misconceptions behind an answer, and the names that they explain."""
        misconceptions: list[Misconception] = []
        explained: set[str] = set()
        for pattern in self.patterns:
            if pattern.names <= explained:
                continue
            misconception = pattern.matches(values, answers)
            if misconception is not None:
                misconceptions.append(misconception)
                explained |= pattern.names
        for name, derivation in self.derivations.items():
            if name in explained or not _is_answer(derivation, values, answers):
                continue
            derived = self._explain_side(derivation, values[name]) or [
                self._describe(derivation, explanation)
                for explanation in explain(derivation, answers_of(derivation, values, answers))
            ]
            misconceptions += derived
            explained |= {name} if derived else set()
        return misconceptions, explained

    def _explain_side(self, derivation: Derivation, value: Any) -> list[Misconception]:
        """Return the entry that fits if both numbers of a pair were like the wrong one of them."""
        side = wrong_side(derivation, value)
        if side is None:
            return []
        both = {derivation.name: (value[side], value[side])}
        matches = [p.matches(both, {}) for p in self.patterns if p.names == {derivation.name}]
        return [of_side(derivation.name, side, m) for m in matches if m is not None][:1]

    def mistaken(self, id: str) -> list[tuple[str, Callable[..., Any]]]:
        """Return the functions that make a mistake: with the name of the answer that they stand for.

        Several edits may have one id. There is none for what is recognised by values or a check.
        """
        patterns = [pattern for pattern in self.patterns if pattern.misconception.id == id]
        edits = {(p.derivation.name, edit) for p in patterns if p.derivation for edit in p.edits}
        functions = [(p.function, p.mistaken) for p in patterns if p.mistaken is not None]
        return functions + [
            (name, slip.function)
            for name, derivation in self.derivations.items()
            for slip in derivation.slips
            if not slip.is_entry and (slip.id == id or (name, slip.edit) in edits)
        ]

    def unknown_edits(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield ids of entries, an edit of each that is not derived, and those that are."""
        for pattern in self.patterns:
            if pattern.derivation is not None:
                edits = [slip.edit for slip in pattern.derivation.slips if not slip.is_entry]
                for edit in pattern.edits:
                    if edit not in edits:
                        yield pattern.misconception.id, edit, edits

    def derived(self) -> Iterator[Misconception]:
        """Yield all misconceptions that are derived and have no entry of their own."""
        for derivation in self.derivations.values():
            for slip in derivation.distinct_slips():
                if not slip.is_entry and self._entry(derivation, slip) is None:
                    yield describe(derivation, Explanation(slip))

    def _describe(self, derivation: Derivation, explanation: Explanation) -> Misconception:
        entry = self._entry(derivation, explanation.slip)
        if entry is not None:
            return entry.describe(explanation)
        return describe(derivation, explanation)

    def _entry(self, derivation: Derivation, slip: Slip) -> Pattern | None:
        """Return the entry that the catalogue has for a slip, or for one of the same effect."""
        for pattern in self.patterns:
            if pattern.derivation is derivation and derivation.is_one_of(slip, pattern.edits):
                return pattern
        return None


def answers_of(
    derivation: Derivation, values: Mapping[str, Any], answers: Answers
) -> tuple[Any, ...]:
    """Return what a student's name answers to the cases of its formula; nothing if it is missing."""
    if derivation.is_constant:
        return (values[derivation.name],) if derivation.name in values else ()
    return answers.get(derivation.name, ())


def _is_answer(derivation: Derivation, values: Mapping[str, Any], answers: Answers) -> bool:
    value = values.get(derivation.name)
    return value is not None and value is not ... and bool(answers_of(derivation, values, answers))


def _holds(condition: Callable[..., Any], values: Mapping[str, Any]) -> bool:
    try:
        names = inspect.signature(condition).parameters
        return bool(condition(**{name: values[name] for name in names}))
    except Exception:  # it was written for answers of another form
        return False
