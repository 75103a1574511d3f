"""How often runs meet conditions, and how far dishonest ones are from meeting them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ottermark.calibration.lab_data import Numbers
from ottermark.calibration.marks import Condition
from ottermark.calibration.runs import Run
from ottermark.calibration.tail import ExponentialTail, lower_bound

Runs = Mapping[str, Sequence[Run]]  # by design


@dataclass(frozen=True)
class PassRate:
    """How often runs of a design meet all conditions, by their fitted tails.

    Attributes:
        rate: the estimate.
        lower_bound: its lower 95 % confidence bound.
    """

    rate: float
    lower_bound: float


@dataclass(frozen=True)
class Shortfall:
    """How far the best run of a design is from meeting all conditions.

    Attributes:
        passed: the number of runs that meet all.
        shortfall: the largest distance of the best run from a mark, as a share of the mark.
        stopped_by: the condition with that distance.
        value: the value of the best run in that condition; None if it is not finite.
    """

    passed: int
    shortfall: float
    stopped_by: str
    value: float | None


def pass_rate(runs: Sequence[Run], conditions: Sequence[Condition]) -> PassRate:
    """Return how often runs of a design meet all conditions.

    The probabilities of missing one condition are added up, as if no run missed two. A condition
    whose values have no tail (all equal, or not all finite) is counted.
    """
    samples: list[Numbers] = []
    marks: list[float] = []
    counted = 0.0
    for condition in conditions:
        sign = 1 if condition.high_is_bad else -1
        values = sign * np.array([condition.value(run) for run in runs])
        if np.isfinite(values).all() and len(set(values)) > 1:
            samples.append(values)
            marks.append(sign * condition.mark)
        else:
            counted += float(np.mean([not condition.holds(run) for run in runs]))

    def rate(*resampled: Numbers, axis: int = -1) -> Any:
        tails = [ExponentialTail(np.moveaxis(sample, axis, -1)) for sample in resampled]
        missing = [tail.exceedance(mark) for tail, mark in zip(tails, marks, strict=True)]
        return np.maximum(0, 1 - counted - np.sum(missing, axis=0))

    if not samples:
        return PassRate(max(0.0, 1 - counted), max(0.0, 1 - counted))
    return PassRate(float(rate(*samples)), lower_bound(samples, rate))


def meets_all(run: Run, conditions: Sequence[Condition]) -> bool:
    """Return whether a run meets all conditions."""
    return all(condition.holds(run) for condition in conditions)


def count_passed(runs: Sequence[Run], conditions: Sequence[Condition]) -> int:
    """Return how many runs meet all conditions."""
    return sum(meets_all(run, conditions) for run in runs)


def find_shortfalls(designs: Runs, conditions: Sequence[Condition]) -> dict[str, Shortfall]:
    """Return how far the best run of each design is from meeting all conditions."""
    return {name: _shortfall(runs, conditions) for name, runs in designs.items()}


def _shortfall(runs: Sequence[Run], conditions: Sequence[Condition]) -> Shortfall:
    best = min(runs, key=lambda run: max(c.shortfall(run) for c in conditions))
    stopped_by = max(conditions, key=lambda condition: condition.shortfall(best))
    value = stopped_by.value(best)
    return Shortfall(
        passed=count_passed(runs, conditions),
        shortfall=stopped_by.shortfall(best),
        stopped_by=str(stopped_by),
        value=value if math.isfinite(value) else None,
    )
