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

from ottermark.calibrate.runs import Run
from ottermark.calibrate.training import METRICS
from ottermark.errors import UsageProblem

_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_CONDITION = re.compile(r"(\w+) *(<=?|>=?) *(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Condition:
    """One comparison of ``marks.json``, such as ``test_mse < 17``."""

    metric: str
    sign: str
    mark: float

    @property
    def high_is_bad(self) -> bool:
        """Whether the honest tail that can miss it is the upper one."""
        return self.sign.startswith("<")

    def holds(self, run: Run) -> bool:
        """Whether a run meets it; a metric that a run lacks never does."""
        found = run.metrics.get(self.metric, math.nan)
        return bool(_OPERATORS[self.sign](found, self.mark))

    def short(self, run: Run) -> float:
        """How far a run is from meeting it, as a share of the mark; 0 if it does."""
        found = run.metrics.get(self.metric, math.inf)
        gap = abs(found - self.mark) / (abs(self.mark) or 1)
        return 0.0 if self.holds(run) else min(gap, 1e6)  # diverged: JSON has no infinity

    def __str__(self) -> str:
        return f"{self.metric} {self.sign} {self.mark:g}"


def read_marks(folder: Path) -> dict[str, dict[str, Any]]:
    """Read ``marks.json``, with its conditions as ``Condition``; raises ``UsageProblem``."""
    path = folder / "marks.json"

    def conditions(texts: Sequence[str]) -> list[Condition]:
        found = [_CONDITION.fullmatch(text) for text in texts]
        if not all(m and m[1] in METRICS for m in found):
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
        raise UsageProblem(f"{path} does not exist; write the marks in force there.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageProblem(f"{path} cannot be read ({error}); mend it.") from None
    return dict(marks)
