"""``marks.json``: the marks in force, as conditions on what a run measures."""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.calibration.runs import Run
from ottermark.calibration.training import METRICS
from ottermark.errors import UsageError

_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_CONDITION = re.compile(r"(\w+(?: \* \w+)*) *(<=?|>=?) *(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Condition:
    """One comparison of ``marks.json``: ``test_mse < 17``, or of a product, ``a * b > 11``."""

    metric: str
    sign: str
    mark: float

    @property
    def high_is_bad(self) -> bool:
        """Whether the honest tail that can miss it is the upper one."""
        return self.sign.startswith("<")

    def value(self, run: Run) -> float:
        """Return what a run has in the metric, or in the product of metrics; NaN if it lacks one."""
        return math.prod(run.metrics.get(name, math.nan) for name in self.metric.split(" * "))

    def holds(self, run: Run) -> bool:
        """Whether a run meets it; a metric that a run lacks never does."""
        return bool(_OPERATORS[self.sign](self.value(run), self.mark))

    def short(self, run: Run) -> float:
        """How far a run is from meeting it, as a share of the mark; 0 if it does."""
        gap = abs(self.value(run) - self.mark) / (abs(self.mark) or 1)
        # lacking or diverged: JSON has no infinity
        return 0.0 if self.holds(run) else min(1e6, gap)

    def __str__(self) -> str:
        return f"{self.metric} {self.sign} {self.mark:g}"


def read_marks(folder: Path) -> dict[str, dict[str, Any]]:
    """Read ``marks.json``, with its conditions as ``Condition``; raises ``UsageError``."""
    path = folder / "marks.json"

    def conditions(texts: Sequence[str]) -> list[Condition]:
        found = [_CONDITION.fullmatch(text) for text in texts]
        if not all(m and set(m[1].split(" * ")) <= set(METRICS) for m in found):
            raise ValueError(f"{texts} should hold texts like 'test_mse < 17'")
        return [Condition(m[1], m[2], float(m[3])) for m in found if m]

    try:
        marks = json.loads(path.read_text(encoding="utf-8"))
        for told in marks.values():
            for part in ("form", "honest"):
                told[part] = conditions(told[part])
            told["steps"] = {step: conditions(texts) for step, texts in told["steps"].items()}
            if not all(any(c.metric == told["metric"] for c in s) for s in told["steps"].values()):
                raise ValueError(f"each step needs a mark for {told['metric']}")
            if not told["steps"] or not float(told["unit"]) > 0:
                raise ValueError("each question needs steps and a unit above 0")
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; write the marks in force there.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} cannot be read ({error}); mend it.") from None
    return dict(marks)
