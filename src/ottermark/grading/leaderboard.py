"""The leaderboard: what an instructor lists submissions by, computed over claims as tests are.

``leaderboard.py`` beside the master notebook sets ``LEADERBOARD``, a list of columns as Gradescope
has them, but with a function for the value: ``{"name": ..., "value": function, "order": "asc"}``.
The function's parameters are names of one question; it returns a number or a short text, or None
for a submission that is not to be listed. Columns are asked of answers that earn all points.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.assignment import Assignment, Question
from ottermark.errors import UsageError
from ottermark.sandbox.session import SessionLostError

LEADERBOARD = "leaderboard.py"
ORDERS = ("desc", "asc")  # which end of a column is the better one; Gradescope's words
MAX_TEXT = 100


@dataclass(frozen=True)
class Column:
    """A column; ``question`` is the id of the question whose names its function takes."""

    name: str
    order: str
    value: Callable[..., Any]
    question: str


@dataclass(frozen=True)
class Leaderboard:
    """The columns, the first being what is sorted by."""

    columns: tuple[Column, ...] = ()

    @classmethod
    def read(cls, path: Path, assignment: Assignment) -> Leaderboard:
        """Read the file at ``path``; without it there is no leaderboard.

        Raises:
            UsageError: it does not run, or a column is none; the message says where.
        """
        if not path.is_file():
            return cls()
        names: dict[str, Any] = {}
        try:
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
        except Exception as error:
            raise UsageError(f"{path} does not run ({error!r}); mend it.") from None
        told = names.get("LEADERBOARD")
        if not isinstance(told, list):
            raise UsageError(f"{path} should set LEADERBOARD to a list of columns.")
        return cls(tuple(_column(each, assignment, path) for each in told))

    def of(self, question: Question, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the columns that ``question`` decides, as results.json has them.

        Args:
            values: what the student's names stand for, as its tests see them.
        """
        listed = []
        for column in self.columns:
            if column.question != question.id:
                continue
            names = inspect.signature(column.value).parameters
            try:
                value = column.value(**{name: values[name] for name in names})
            except SessionLostError:
                raise
            except Exception:  # a claim that the function was not written for
                continue
            if _can_be_listed(value):
                listed.append({"name": column.name, "value": value, "order": column.order})
        return listed


def _column(told: Any, assignment: Assignment, path: Path) -> Column:
    if not isinstance(told, dict) or not {"name", "value"} <= told.keys() <= {
        *("name", "value", "order")
    }:
        raise UsageError(f"{path}: a column is {{'name': ..., 'value': a function, 'order': ...}}.")
    name, value, order = told["name"], told["value"], told.get("order", ORDERS[0])
    if not isinstance(name, str) or not callable(value) or order not in ORDERS:
        raise UsageError(
            f"{path}, {name}: `name` should be text, `value` a function, `order` asc or desc."
        )
    asked = set(inspect.signature(value).parameters)
    for question in assignment.automatic:
        if asked and asked <= set(question.names):
            return Column(name, order, value, question.id)
    raise UsageError(f"{path}, {name}: no question has all of the names {', '.join(asked)}.")


def _can_be_listed(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return math.isfinite(value)
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT
