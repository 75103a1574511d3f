"""Proposes pass marks for a question: a strict one and a lenient one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ottermark.calibration.evaluation import (
    PassRate,
    Runs,
    Shortfall,
    find_shortfalls,
    meets_all,
    pass_rate,
)
from ottermark.calibration.lab_data import Numbers
from ottermark.calibration.marks import Condition, QuestionMarks
from ottermark.calibration.tail import ExponentialTail, upper_bound

REQUIRED_RATE = 0.999  # how often a reference design has to pass


@dataclass(frozen=True)
class TailFit:
    """The tail of a reference design, in the metric of the question.

    Attributes:
        quantile: the value that 99.9 % of the runs do not exceed (or fall below).
        bound: its 95 % confidence bound on the side of bad values.
        start: where the tail begins.
        mean_excess: the mean distance of values in the tail from its start.
    """

    quantile: float
    bound: float
    start: float
    mean_excess: float


@dataclass(frozen=True)
class ProposedStep:
    """A proposed mark, and how the designs do with it.

    Attributes:
        mark: the condition on the metric of the question.
        reference: how often the reference designs pass.
        dishonest: how far the dishonest designs are from passing.
    """

    mark: str
    reference: dict[str, PassRate]
    dishonest: dict[str, Shortfall]


@dataclass(frozen=True)
class Proposal:
    """Proposed marks: ``some`` (lenient) and ``nearly all`` (strict) in ``steps``.

    Attributes:
        tails: the fitted tails of the reference designs.
    """

    tails: dict[str, TailFit]
    steps: dict[str, ProposedStep]


def propose(
    marks: QuestionMarks, reference: Runs, dishonest: Runs
) -> tuple[Proposal | None, list[str]]:
    """Propose two marks for a question; return them and the problems with them.

    "Nearly all" is the strictest multiple of the unit that the reference designs pass at a rate of
    99.9 %, by the 95 % confidence bound of the fitted quantile. "Some" is half way from there to
    the nearest dishonest run.
    """
    sign = 1 if marks.strictest.high_is_bad else -1  # times it, high values are bad
    names = list(marks.steps)
    values = {
        name: sign * np.array([run.metrics.get(marks.metric, math.nan) for run in runs])
        for name, runs in reference.items()
    }
    for name, of_design in values.items():
        if not np.isfinite(of_design).all():
            return None, [f"{name} diverged in some of its runs, so that no tail can be fitted."]
    tails = {name: _fit(of_design) for name, of_design in values.items()}
    problems = [
        f"The tail of {name} is heavier than exponential; train more seeds, or choose a mark by "
        "hand that leaves a margin."
        for name, of_design in values.items()
        if ExponentialTail(of_design).is_heavier()
    ]
    strict = _round_up(max(fit.bound for fit in tails.values()), marks.unit)
    passing = _values(marks, dishonest, marks.conditions_without_mark(names[-1]), sign)
    if min(passing, default=math.inf) <= strict:
        strict = marks.unit * (math.ceil(min(passing) / marks.unit) - 1)
        problems.append(
            f"No mark for {marks.metric} both lets reference designs pass at a rate of "
            f"{REQUIRED_RATE:.1%} and stops dishonest ones: the best compromise is "
            f"{sign * strict:g}."
        )
    lenient = _lenient_mark(strict, _values(marks, dishonest, marks.architecture, sign), marks.unit)
    steps = {
        name: _step(marks, step, sign * value, reference, dishonest)
        for name, step, value in (("some", names[0], lenient), ("nearly all", names[-1], strict))
    }
    shown = {name: _with_sign(fit, sign) for name, fit in tails.items()}
    return Proposal(shown, steps), problems


def _fit(values: Numbers) -> TailFit:
    def quantile(sample: Numbers, axis: int = -1) -> Any:
        return ExponentialTail(np.moveaxis(sample, axis, -1)).quantile(REQUIRED_RATE)

    tail = ExponentialTail(values)
    return TailFit(
        quantile=float(tail.quantile(REQUIRED_RATE)),
        bound=upper_bound([values], quantile),
        start=float(tail.start),
        mean_excess=float(tail.mean_excess),
    )


def _with_sign(fit: TailFit, sign: int) -> TailFit:
    return replace(
        fit, quantile=sign * fit.quantile, bound=sign * fit.bound, start=sign * fit.start
    )


def _round_up(value: float, unit: float) -> float:
    return unit * math.ceil(value / unit - 1e-9)


def _lenient_mark(strict: float, dishonest: Sequence[float], unit: float) -> float:
    """Return the mark half way to the nearest dishonest value; ``strict`` if none is beyond it."""
    beyond = [value for value in dishonest if value > strict]
    if not beyond:
        return strict
    return max(strict, unit * math.floor((strict + min(beyond)) / 2 / unit))


def _values(
    marks: QuestionMarks, designs: Runs, conditions: Sequence[Condition], sign: int
) -> list[float]:
    """Return the metric, times ``sign``, of all runs that meet the conditions."""
    return [
        sign * run.metrics[marks.metric]
        for run in itertools.chain.from_iterable(designs.values())
        if marks.metric in run.metrics and meets_all(run, conditions)
    ]


def _step(
    marks: QuestionMarks, step: str, value: float, reference: Runs, dishonest: Runs
) -> ProposedStep:
    mark = Condition(marks.metric, marks.strictest.comparison, round(value, 9))
    conditions = [*marks.conditions_without_mark(step), mark]
    return ProposedStep(
        mark=str(mark),
        reference={name: pass_rate(runs, conditions) for name, runs in reference.items()},
        dishonest=find_shortfalls(dishonest, conditions),
    )
