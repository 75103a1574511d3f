"""``marks.json``: the pass marks in force, as conditions on the metrics of a run."""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.calibration.metrics import METRICS
from ottermark.calibration.runs import Run
from ottermark.errors import UsageError

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


Conditions = tuple[Condition, ...]


@dataclass(frozen=True)
class QuestionMarks:
    """The pass marks of a question.

    Attributes:
        metric: the metric that the marks are about.
        unit: proposed marks are multiples of it.
        architecture: what the model must be, whatever it was trained on.
        honesty_checks: conditions that only a model trained honestly meets.
        steps: by name, from lenient to strict, the conditions that earn points.
    """

    metric: str
    unit: float
    architecture: Conditions
    honesty_checks: Conditions
    steps: Mapping[str, Conditions]

    def conditions(self, step: str) -> Conditions:
        """Return everything that a model must meet to earn the points of a step."""
        return (*self.architecture, *self.honesty_checks, *self.steps[step])

    def conditions_without_mark(self, step: str) -> Conditions:
        """Return the conditions of a step, except for those on the metric of the question."""
        others = (c for c in self.steps[step] if c.metric != self.metric)
        return (*self.architecture, *self.honesty_checks, *others)

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
        return {question: _read_question(entry) for question, entry in document.items()}
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; write the marks in force there.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else error
        raise UsageError(f"{path} cannot be read ({reason}); fix it.") from None


def _read_question(entry: Mapping[str, Any]) -> QuestionMarks:
    marks = QuestionMarks(
        metric=entry["metric"],
        unit=float(entry["unit"]),
        architecture=tuple(map(Condition.parse, entry["architecture"])),
        honesty_checks=tuple(map(Condition.parse, entry["honesty_checks"])),
        steps={step: tuple(map(Condition.parse, texts)) for step, texts in entry["steps"].items()},
    )
    if not marks.steps or not marks.unit > 0:
        raise ValueError("each question needs steps and a unit above 0")
    if not all(any(c.metric == marks.metric for c in step) for step in marks.steps.values()):
        raise ValueError(f"each step needs a mark for {marks.metric}")
    return marks
