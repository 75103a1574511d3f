"""``marks.json``: the pass marks in force, as conditions on the metrics of a run."""

from __future__ import annotations

import json
import math
import operator
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from ottermark.calibration.metrics import METRICS
from ottermark.calibration.runs import Run
from ottermark.errors import UsageError
from ottermark.validation import STRICT, Number, validate

_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_CONDITION = re.compile(r"(\w+(?: \* \w+)*) *(<=?|>=?) *(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Condition:
    """A comparison of a metric, or of a product of metrics, with a number: ``test_mse < 17``."""

    metric: str
    comparison: str
    mark: float

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read a condition; raises ``ValueError`` if it is none, or names an unknown metric."""
        match = _CONDITION.fullmatch(text)
        if match is None or not set(match[1].split(" * ")) <= set(METRICS):
            raise ValueError(f"{text!r} is no condition like 'test_mse < 17'")
        return cls(match[1], match[2], float(match[3]))

    @property
    def high_is_bad(self) -> bool:
        """Whether high values miss the mark."""
        return self.comparison.startswith("<")

    def value(self, run: Run) -> float:
        """Return a run's metric, or product of metrics; NaN if the run lacks one."""
        return math.prod(run.metrics.get(name, math.nan) for name in self.metric.split(" * "))

    def holds(self, run: Run) -> bool:
        """Return whether a run meets the condition; a run that lacks the metric does not."""
        return bool(_OPERATORS[self.comparison](self.value(run), self.mark))

    def shortfall(self, run: Run) -> float:
        """Return how far a run is from meeting the condition, as a share of the mark; 0 if it does.

        At most 1e6, also for a run that lacks the metric or diverged: JSON has no infinity.
        """
        gap = abs(self.value(run) - self.mark) / (abs(self.mark) or 1)
        return 0.0 if self.holds(run) else min(1e6, gap)

    def __str__(self) -> str:
        return f"{self.metric} {self.comparison} {self.mark:g}"


def _as_condition(value: Any) -> Condition:
    if not isinstance(value, str):
        raise ValueError("should be text")
    return Condition.parse(value)


Conditions = list[Annotated[Condition, BeforeValidator(_as_condition)]]


class QuestionMarks(BaseModel, frozen=True):
    """The pass marks of a question.

    Attributes:
        metric: the metric that the marks are about.
        unit: proposed marks are multiples of it.
        architecture: what the model must be, whatever it was trained on.
        honesty_checks: conditions that only a model trained honestly meets.
        steps: by name, from lenient to strict, the conditions that earn points.
    """

    model_config = STRICT

    metric: str
    unit: Annotated[Number, Field(gt=0)]
    architecture: Conditions
    honesty_checks: Conditions
    steps: dict[str, Conditions]

    @model_validator(mode="after")
    def _each_step_has_a_mark(self) -> Self:
        if not self.steps:
            raise ValueError("there are no steps; add one")
        for step, conditions in self.steps.items():
            if not any(condition.metric == self.metric for condition in conditions):
                raise ValueError(f"the step {step!r} needs a condition on {self.metric}")
        return self

    def conditions(self, step: str) -> Conditions:
        """Return everything that a model must meet to earn the points of a step."""
        return [*self.architecture, *self.honesty_checks, *self.steps[step]]

    def conditions_without_mark(self, step: str) -> Conditions:
        """Return the conditions of a step, except for those on the metric of the question."""
        others = (c for c in self.steps[step] if c.metric != self.metric)
        return [*self.architecture, *self.honesty_checks, *others]

    @property
    def strictest(self) -> Condition:
        """The condition on the metric in the last step."""
        last = list(self.steps.values())[-1]
        return next(condition for condition in last if condition.metric == self.metric)


def read_marks(folder: Path) -> dict[str, QuestionMarks]:
    """Read ``marks.json``; return the marks by question id.

    Raises:
        UsageError: the file is missing or malformed.
    """
    path = folder / "marks.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; write the marks in force there.") from None
    except ValueError as error:
        raise UsageError(f"{path} is not JSON ({error}); fix it.") from None
    return validate(dict[str, QuestionMarks], document, path)
