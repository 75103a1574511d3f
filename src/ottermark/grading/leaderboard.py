"""The leaderboard: columns that an instructor lists submissions by, computed as tests are run.

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

LEADERBOARD_FILE = "leaderboard.py"
ORDERS = ("desc", "asc")  # which end of a column is the better one; Gradescope's words
MAX_TEXT = 100


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        order: one of ``ORDERS``.
        value: computes it from names of the question.
        question: the id of the question.
    """

    name: str
    order: str
    value: Callable[..., Any]
    question: str


@dataclass(frozen=True)
class Leaderboard:
    """The columns; submissions are sorted by the first."""

    columns: tuple[Column, ...] = ()

    @classmethod
    def read(cls, path: Path, assignment: Assignment) -> Leaderboard:
        """Read the file at ``path``; without it there is no leaderboard.

        Args:
            assignment: with all its questions, whichever of them are to be graded.

        Raises:
            UsageError: it does not run, or with a sentence for each column that is wrong.
        """
        if not path.is_file():
            return cls()
        namespace: dict[str, Any] = {}
        try:
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
        except Exception as error:
            raise UsageError(f"{path} does not run ({error!r}); fix it.") from None
        definitions = namespace.get("LEADERBOARD")
        if not isinstance(definitions, list):
            raise UsageError(f"{path} should set LEADERBOARD to a list of columns.")
        columns: list[Column] = []
        problems: list[str] = []
        for definition in definitions:
            try:
                columns.append(_column(definition, assignment, path))
            except UsageError as error:
                problems += error.problems
        if problems:
            raise UsageError(*problems)
        return cls(tuple(columns))

    def compute(self, question: Question, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the columns of a question, as results.json has them.

        Args:
            values: the question's names and their values in the notebook, as its tests see them.
        """
        entries = []
        for column in self.columns:
            if column.question != question.id:
                continue
            names = inspect.signature(column.value).parameters
            try:
                value = column.value(**{name: values[name] for name in names})
            except SessionLostError:
                raise
            except Exception:  # a value that the function was not written for
                continue
            if _can_be_listed(value):
                entries.append({"name": column.name, "value": value, "order": column.order})
        return entries


def _column(definition: Any, assignment: Assignment, path: Path) -> Column:
    if not isinstance(definition, dict) or not {"name", "value"} <= definition.keys() <= {
        *("name", "value", "order")
    }:
        raise UsageError(f"{path}: a column is {{'name': ..., 'value': a function, 'order': ...}}.")
    name, value, order = definition["name"], definition["value"], definition.get("order", ORDERS[0])
    if not isinstance(name, str) or not callable(value) or order not in ORDERS:
        raise UsageError(
            f"{path}, {name}: `name` should be text, `value` a function, `order` asc or desc."
        )
    parameters = set(inspect.signature(value).parameters)
    for question in assignment.automatic:
        if parameters and parameters <= set(question.names):
            return Column(name, order, value, question.id)
    raise UsageError(
        f"{path}, {name}: no question has all of the names {', '.join(sorted(parameters))}; "
        "take names of one question as parameters."
    )


def _can_be_listed(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return math.isfinite(value)
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT
