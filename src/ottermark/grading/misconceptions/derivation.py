"""Derive the slips of a question from its right formulas, and find those that explain an answer.

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
from ottermark.grading.misconceptions.edits import Edit, Formula, Quantity, Rank
from ottermark.grading.misconceptions.results import change_result, scale_result
from ottermark.grading.misconceptions.values import (
    RAISED,
    UNKNOWN,
    Case,
    Part,
    call_cases,
    split,
    values_equal,
)
from ottermark.python_source import parse

FUNCTIONS: Mapping[str, Any] = {
    "np": np,
    "ceil": math.ceil,
    "floor": math.floor,
    "_result": change_result,
    "_scale": scale_result,
}
_TRIALS = ((37, 4, 2, 5, 11, 8, 3), (80, 9, 3, 7, 2, 4, 6), (61, 6, 4, 1, 9, 5, 8))

Cells = list[tuple[int, Part]]  # the index of a case, and a part of the answer to it


@dataclass
class Slip:
    """An edited formula, and what it answers.

    Attributes:
        id: unique in the assignment.
        edit: its key in the name's formulas.
        phrase: what is wrong, to go on from "when".
    """

    id: str
    edit: str
    phrase: str
    rank: Rank
    function: Callable[..., Any]
    cases: tuple[Case, ...]
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


@dataclass(frozen=True)
class Explanation:
    """A slip that explains an answer, or a part of it.

    Attributes:
        parts: those it explains, where the others are right; empty for all.
        classes: the classes of inputs it explains, where the others are right; empty for all.
    """

    slip: Slip
    parts: tuple[Part, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether the slip was seen in a part of the answer only."""
        return bool(self.parts or self.classes)


@dataclass(frozen=True)
class Cover:
    """A slip, and the classes of inputs in which it answers as the student's function does."""

    slip: Slip
    classes: tuple[str, ...]


@dataclass
class Derivation:
    """The slips of one name of a question.

    Attributes:
        name: of the answer.
        prefix: what the ids of its slips begin with.
        sources: right formulas: expressions of the quantities for a constant, definitions for a
            function; each is another way to the same answers.
        quantities: what the formulas are made of.
        values: returns the values of those quantities that have one, by name.
        function_cases: to try a function with; none for a constant.
        tolerance: how far an answer may be from a slip's.
        common: what else the formulas may use, by name.
    """

    name: str
    prefix: str
    sources: tuple[str, ...]
    quantities: Mapping[str, Quantity]
    values: Callable[[], Mapping[str, Any]]
    function_cases: tuple[Case, ...] = ()
    tolerance: float = 1e-9
    common: Mapping[str, Any] = field(default_factory=dict)

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
        values = self._values
        trials: list[Mapping[str, Any]] = [{}]
        if all(isinstance(value, int) for value in values.values()):
            trials += [
                {n: v + t[i % len(t)] + i for i, (n, v) in enumerate(values.items())} for t in _TRIALS
            ]
        return tuple(Case("", "", (), kwargs) for kwargs in trials)

    @property
    def asked(self) -> int:
        """How many of the cases the student's answer is known for."""
        return 1 if self.is_constant else len(self.cases)

    @cached_property
    def right(self) -> tuple[Any, ...]:
        """The right answers to the cases, by each of the formulas."""
        return call_cases(self._functions[0], self.cases)

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
        return tuple(sorted(slips, key=lambda slip: slip.rank))

    def distinct_slips(self) -> Iterator[Slip]:
        """Yield the slips that are wrong somewhere, run everywhere and differ from those before."""
        seen: list[Slip] = []
        for slip in self.slips:
            answers = [slip.answer(i) for i in range(len(self.cases))]
            if all(answer is RAISED for answer in answers) or self._is_right(answers):
                continue
            if not any(self.same(slip, other) for other in seen):
                seen.append(slip)
                yield slip

    def same(self, one: Slip, other: Slip) -> bool:
        """Return whether two slips have the same effect in all cases, or the same name."""
        return one.id == other.id or all(
            values_equal(one.answer(i), other.answer(i), self.tolerance)
            for i in range(len(self.cases))
        )

    def is_one_of(self, slip: Slip, edits: Sequence[str]) -> bool:
        """Return whether a slip has the effect of one of these edits."""
        return slip.edit in edits or any(
            self.same(slip, other) for other in self.slips if other.edit in edits
        )

    def _is_right(self, answers: Sequence[Any]) -> bool:
        asked = range(self.asked)
        return any(
            all(values_equal(answers[i], right[i], self.tolerance) for i in asked)
            for right in self.rights
        )

    def with_parts(self, parts: Mapping[str, str], where: str) -> Callable[..., Any]:
        """Return the function of the first formula with other expressions in its inner functions.

        Args:
            parts: what an inner function returns instead, by its name.
            where: the place in the catalogue, for errors.

        Raises:
            UsageError: there is no such inner function.
        """
        formula = self._formula(self.sources[0], frozenset(), True)
        for name, expression in parts.items():
            if not nodes.replace_result(formula.tree, name, expression):
                raise UsageError(f"{where}: the formula has no inner function {name}.")
        return self._run(formula.compile())

    # --------------------------------------------------------------------------- explaining

    def wrong_side(self, answer: Any) -> int | None:
        """Return which number of a pair of equal sides is wrong, if only one is."""
        right, given = split(self.right[0]), split(answer)
        if not self.is_constant or not given.keys() == right.keys() == {0, 1}:
            return None
        if not values_equal(right[0], right[1]):
            return None
        wrong = [side for side in (0, 1) if not values_equal(given[side], right[side])]
        return wrong[0] if len(wrong) == 1 else None

    def fitting(self, edits: Sequence[str], answers: Sequence[Any]) -> Slip | None:
        """Return the first of some slips that gives the same answers to the cases that are asked."""
        parts = [split(answer) for answer in answers]
        cells = self._all_cells(answers, [])
        slips = (slip for slip in self.slips if slip.edit in edits)
        return next((slip for slip in slips if self._fits(slip, parts, cells)), None)

    def explain(self, answers: Sequence[Any]) -> list[Explanation]:
        """Return what explains the answers to the cases that are asked.

        It is nothing if several slips explain them equally well.
        """
        if any(answer is UNKNOWN for answer in answers):
            return []
        right = self._nearest_right(answers)
        wrong = self._wrong_cells(answers, right)
        if not wrong:
            return []
        whole = self._best(answers, self._all_cells(answers, wrong))
        if whole is not None:
            return [Explanation(whole)] if whole else []
        return self._explain_parts(answers, right, wrong) or self._explain_classes(answers, wrong)

    def _explain_parts(
        self, answers: Sequence[Any], right: Sequence[Any], wrong: Cells
    ) -> list[Explanation]:
        parts = tuple(dict.fromkeys(part for _, part in wrong))
        everything = split(right[0])
        if None in parts or len(parts) == len(everything) or not set(parts) <= everything.keys():
            return []
        cells = [(index, part) for index in range(len(answers)) for part in parts]
        slip = self._best(answers, wrong + cells)
        return [Explanation(slip, parts=parts)] if slip else []

    def _explain_classes(self, answers: Sequence[Any], wrong: Cells) -> list[Explanation]:
        """Explain the classes of inputs with wrong answers by one slip, or by two."""
        given = [split(answer) for answer in answers]
        cells: dict[str, Cells] = {self._class(index): [] for index, _ in wrong}
        for index, part in self._all_cells(answers, wrong):
            if self._class(index) in cells:
                cells[self._class(index)].append((index, part))
        covers = [
            Cover(slip, tuple(c for c in cells if self._fits(slip, given, cells[c])))
            for slip in self.slips
        ]
        alone = [[cover] for cover in covers if len(cover.classes) == len(cells)]
        groups = alone or _pairs([cover for cover in covers if cover.classes], set(cells))
        return [self._in_classes(cover) for cover in self._likeliest(groups)]

    def _class(self, index: int) -> str:
        return self.cases[index].input_class

    def _elsewhere(self, cover: Cover) -> int:
        """Return in how many more classes the slip is wrong, where the student is right."""
        wrong = self._wrong_cells([cover.slip.answer(i) for i in range(self.asked)], self.right)
        return len({self._class(index) for index, _ in wrong} - set(cover.classes))

    def _in_classes(self, cover: Cover) -> Explanation:
        """Return an explanation, of the whole answer if the slip shows in these classes only."""
        return Explanation(cover.slip, classes=cover.classes if self._elsewhere(cover) else ())

    def _likeliest(self, groups: list[list[Cover]]) -> list[Cover]:
        """Return the likeliest of several explanations, nothing if others are as likely."""
        if not groups:
            return []
        ranks = [
            (sum(map(self._elsewhere, group)), sum(cover.slip.rank for cover in group))
            for group in groups
        ]
        first, *others = [g for g, rank in zip(groups, ranks, strict=True) if rank == min(ranks)]
        is_only = all(
            self.same(one.slip, other.slip)
            for group in others
            for one, other in zip(first, group, strict=True)
        )
        return first if is_only else []

    def _best(self, answers: Sequence[Any], cells: Cells) -> Slip | None | bool:
        """Return the slip that fits, None if none does, False if several do equally well."""
        fitting: list[Slip] = []
        given = [split(answer) for answer in answers]
        for slip in self.slips:
            if fitting and slip.rank > fitting[0].rank:
                break
            if self._fits(slip, given, cells):
                fitting.append(slip)
        if not fitting:
            return None
        first, *others = fitting
        return first if all(self.same(first, other) for other in others) else False

    def _fits(self, slip: Slip, given: Sequence[dict[Part, Any]], cells: Cells) -> bool:
        """Return whether a slip gives the same in some cells, raising an error where they do.

        Errors alone, which have many reasons, show nothing.
        """
        compared = False
        for index, part in cells:
            answer, parts = given[index], slip.parts(index)
            if part not in answer or answer.keys() != parts.keys():
                return False
            if not values_equal(answer[part], parts[part], self.tolerance):
                return False
            compared = compared or answer[part] is not RAISED
        return compared

    def _nearest_right(self, answers: Sequence[Any]) -> tuple[Any, ...]:
        """Return the right answers in the form of these, e.g. with a third number."""
        form = split(answers[0]).keys()
        fitting = [right for right in self.rights if split(right[0]).keys() == form]
        return fitting[0] if fitting else self.rights[0]

    def _wrong_cells(self, answers: Sequence[Any], right: Sequence[Any]) -> Cells:
        wrong: Cells = []
        for index, answer in enumerate(answers):
            given, expected = split(answer), split(right[index])
            if given.keys() != expected.keys():
                wrong.append((index, None))
                continue
            wrong += [
                (index, part)
                for part, value in given.items()
                if not values_equal(value, expected[part], self.tolerance)
            ]
        return wrong

    def _all_cells(self, answers: Sequence[Any], wrong: Cells) -> Cells:
        """Return all cells, the wrong ones first: these dismiss most slips."""
        cells = [(index, part) for index, answer in enumerate(answers) for part in split(answer)]
        first = [cell for cell in wrong if cell in cells]
        return first + [cell for cell in cells if cell not in first]

    # ------------------------------------------------------------------------------ making

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        return self.values()

    @cached_property
    def _formulas(self) -> tuple[Formula, ...]:
        formulas: list[Formula] = []
        for source in self.sources:
            known = frozenset(part for formula in formulas for part in formula.parts)
            formulas.append(self._formula(source, known, not formulas))
        return tuple(formulas)

    @cached_property
    def _functions(self) -> tuple[Callable[..., Any], ...]:
        return tuple(self._run(formula.compile()) for formula in self._formulas)

    def _formula(self, source: str, known_parts: frozenset[str], is_first: bool) -> Formula:
        """Return a formula whose quantities with a value are its arguments."""
        if self.is_constant:
            source = f"def {self.name}(): return ({source})"
        tree = parse(source)
        definition = nodes.function(tree, self.name)
        for name in self._values:
            definition.args.kwonlyargs.append(ast.arg(name))
            definition.args.kw_defaults.append(ast.Name(f"_{name}", ast.Load()))
        return Formula(self.name, tree, self.quantities, self.is_constant, known_parts, is_first)

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
        values = {f"_{name}": value for name, value in self._values.items()}
        namespace = {**self.common, **FUNCTIONS, **values}
        exec(code, namespace)
        function: Callable[..., Any] = namespace[self.name]
        return function


def _pairs(covers: list[Cover], classes: set[str]) -> list[list[Cover]]:
    """Return the pairs of slips of which each explains exactly what the other one does not."""
    return [
        [one, other]
        for index, one in enumerate(covers)
        for other in covers[index + 1 :]
        if set(other.classes) == classes - set(one.classes)
    ]


class _Lazy:
    """A function that is not made before it is called."""

    def __init__(self, make: Callable[[], Callable[..., Any]]) -> None:
        self._make = make

    @cached_property
    def _function(self) -> Callable[..., Any]:
        return self._make()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)
