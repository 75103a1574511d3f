"""The slips of a name of a question, derived from its right formulas.

Nothing is derived before an answer asks for it, and then once in a process. A slip is asked for one
case at a time, so that most are dismissed by a single call.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ottermark.errors import UsageError
from ottermark.grading.misconceptions import nodes
from ottermark.grading.misconceptions.changes import Rank
from ottermark.grading.misconceptions.edits import Edit, Formula
from ottermark.grading.misconceptions.results import change_result, scale_result
from ottermark.grading.misconceptions.values import (
    RAISED,
    Case,
    Part,
    call_cases,
    split,
    values_equal,
)
from ottermark.grading.misconceptions.wording import Quantity, Wording
from ottermark.python_source import parse

FUNCTIONS: Mapping[str, Any] = {
    "np": np,
    "ceil": math.ceil,
    "floor": math.floor,
    "_change_result": change_result,
    "_scale_result": scale_result,
}
_TRIALS = ((37, 4, 2, 5, 11, 8, 3), (80, 9, 3, 7, 2, 4, 6), (61, 6, 4, 1, 9, 5, 8))


@dataclass
class Slip:
    """An edited formula, and what it answers.

    Attributes:
        id: unique in the assignment.
        edit: its key in the name's formulas.
        phrase: what is wrong, to go on from "when"; the name of an entry.
        is_entry: whether it is described in the catalogue, and not derived.
    """

    id: str
    edit: str
    phrase: str
    rank: Rank
    function: Callable[..., Any]
    cases: tuple[Case, ...]
    is_entry: bool = False
    _answers: dict[int, dict[Part, Any]] = field(default_factory=dict)
    _whole: dict[int, Any] = field(default_factory=dict)

    def answer(self, index: int) -> Any:
        """Return what it answers to a case."""
        if index not in self._whole:
            (self._whole[index],) = call_cases(self.function, self.cases[index : index + 1])
        return self._whole[index]

    def parts(self, index: int) -> dict[Part, Any]:
        """Return the parts of what it answers to a case."""
        if index not in self._answers:
            self._answers[index] = split(self.answer(index))
        return self._answers[index]


@dataclass
class Derivation:
    """The slips of one name of a question.

    Attributes:
        name: of the answer.
        prefix: what the ids of its slips begin with.
        sources: right formulas: expressions of the quantities for a constant, definitions for a
            function; each is another way to the same answers.
        quantities: what the formulas are made of.
        values: of those quantities that have one, by name.
        function_cases: to try a function with; none for a constant.
        tolerance: how far an answer may be from a slip's.
        common: what else the formulas may use, by name.
        words: for other names in the formulas than quantities.
        entries: misconceptions that the catalogue describes by functions.
    """

    name: str
    prefix: str
    sources: tuple[str, ...]
    quantities: Mapping[str, Quantity]
    values: Mapping[str, Any]
    function_cases: tuple[Case, ...] = ()
    tolerance: float = 1e-9
    common: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    entries: list[Slip] = field(default_factory=list)

    @property
    def is_constant(self) -> bool:
        """Whether the answer is a value, and no function."""
        return not self.sources[0].lstrip().startswith("def ")

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases of a function; for a constant, the quantities as they are, and others.

        Two edits of a constant that agree for other quantities too are the same slip.
        """
        if not self.is_constant:
            return self.function_cases
        values = self.values
        trials: list[Mapping[str, Any]] = [{}]
        if all(isinstance(value, int) for value in values.values()):
            trials += [
                {n: v + t[i % len(t)] + i for i, (n, v) in enumerate(values.items())}
                for t in _TRIALS
            ]
        return tuple(Case("", "", (), kwargs) for kwargs in trials)

    @property
    def asked(self) -> int:
        """How many of the cases the student's answer is known for."""
        return 1 if self.is_constant else len(self.cases)

    @property
    def right(self) -> tuple[Any, ...]:
        """The right answers to the cases, by the first formula."""
        return self.rights[0]

    @cached_property
    def rights(self) -> tuple[tuple[Any, ...], ...]:
        """The right answers by each of the formulas."""
        return tuple(call_cases(function, self.cases) for function in self._functions)

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """All slips: the most likely first.

        Several may be the same in effect, or, from several formulas, share an edit and an id.
        """
        slips = [self._slip(edit) for formula in self._formulas for edit in formula.edits()]
        return tuple(sorted([*self.entries, *slips], key=lambda slip: slip.rank))

    def add_entry(self, id: str, name: str, function: Callable[..., Any]) -> None:
        """Add a misconception that the catalogue describes by a function; it may explain a part."""
        self.entries.append(Slip(id, id, name, Rank.COMMON, function, self.cases, True))

    def distinct_slips(self) -> Iterator[Slip]:
        """Yield the slips that return something wrong, and differ from those before."""
        seen: list[Slip] = []
        for slip in self.slips:
            answers = [slip.answer(i) for i in range(len(self.cases))]
            if self._returns_nothing_wrong(answers):
                continue
            if not any(self.same(slip, other) for other in seen):
                seen.append(slip)
                yield slip

    def same(self, one: Slip, other: Slip) -> bool:
        """Return whether two slips have the same effect in all cases, or the same name."""
        return one.id == other.id or all(
            self.equal(one.answer(i), other.answer(i)) for i in range(len(self.cases))
        )

    def equal(self, one: Any, other: Any) -> bool:
        """Return whether two answers are the same but for the tolerance."""
        return values_equal(one, other, self.tolerance)

    def is_one_of(self, slip: Slip, edits: Sequence[str]) -> bool:
        """Return whether a slip has the effect of one of these edits."""
        return slip.edit in edits or any(
            self.same(slip, other) for other in self.slips if other.edit in edits
        )

    def _returns_nothing_wrong(self, answers: Sequence[Any]) -> bool:
        asked = [i for i in range(self.asked) if answers[i] is not RAISED]
        return any(all(self.equal(answers[i], right[i]) for i in asked) for right in self.rights)

    def with_parts(self, parts: Mapping[str, str], where: str) -> Callable[..., Any]:
        """Return the function of the first formula with other expressions in its inner functions.

        Args:
            parts: what an inner function returns instead, by its name.
            where: the place in the catalogue, for errors.

        Raises:
            UsageError: there is no such inner function.
        """
        formula = self._formula(self.sources[0])
        for name, expression in parts.items():
            if not nodes.replace_result(formula.tree, name, expression):
                raise UsageError(f"{where}: the formula has no inner function {name}.")
        return self._run(formula.compile())

    # ------------------------------------------------------------------------------ making

    @cached_property
    def _formulas(self) -> tuple[Formula, ...]:
        formulas: list[Formula] = []
        for source in self.sources:
            formulas.append(self._formula(source, formulas))
        return tuple(formulas)

    @cached_property
    def _functions(self) -> tuple[Callable[..., Any], ...]:
        return tuple(self._run(formula.compile()) for formula in self._formulas)

    def _formula(self, source: str, before: Sequence[Formula] = ()) -> Formula:
        """Return a formula whose quantities with a value are its arguments."""
        if self.is_constant:
            source = f"def {self.name}(): return ({source})"
        tree = parse(source)
        definition = nodes.function(tree, self.name)
        for name in self.values:
            definition.args.kwonlyargs.append(ast.arg(name))
            definition.args.kw_defaults.append(ast.Name(f"_{name}", ast.Load()))
        wording = Wording(self.quantities, self.is_constant, self.words)
        known = frozenset(part for formula in before for part in formula.parts)
        return Formula(self.name, tree, wording, known, not before)

    def _slip(self, edit: Edit) -> Slip:
        return Slip(
            f"{self.prefix}-{edit.key}",
            edit.key,
            edit.phrase,
            edit.rank,
            _Lazy(lambda: self._run(edit.code)),
            self.cases,
        )

    def _run(self, code: Any) -> Callable[..., Any]:
        values = {f"_{name}": value for name, value in self.values.items()}
        namespace = {**self.common, **FUNCTIONS, **values}
        exec(code, namespace)
        function: Callable[..., Any] = namespace[self.name]
        return function


class _Lazy:
    """A function that is not made before it is called."""

    def __init__(self, make: Callable[[], Callable[..., Any]]) -> None:
        self._make = make

    @cached_property
    def _function(self) -> Callable[..., Any]:
        return self._make()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)
