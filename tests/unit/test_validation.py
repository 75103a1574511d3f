"""Sentences for pydantic's errors: the place, what is wrong, the nearest known key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from ottermark.errors import UsageError
from ottermark.validation import STRICT, Number, problems_of, validate


class Row(BaseModel):
    model_config = STRICT

    name: Annotated[str, Field(min_length=1)]
    points: Number = 0


class Table(BaseModel):
    model_config = STRICT

    rows: list[Row] = []
    best: Row | None = None
    by_name: dict[str, Row] = {}
    order: Literal["up", "down"] = "up"
    width: Annotated[int, Field(ge=1)] = 1


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"rowz": []}, 'rowz: there is no such key; write "rows".'),
        ({"rows": [{"name": "a"}, {}]}, "rows.2.name: is missing; add it."),
        ({"rows": [{"name": ""}]}, "rows.1.name: is empty; write it."),
        (
            {"rows": [{"name": "a", "point": 1}]},
            'rows.1.point: there is no such key; write "points".',
        ),
        ({"best": {"name": "a", "nam": 1}}, 'best.nam: there is no such key; write "name".'),
        (
            {"by_name": {"a": {"nam": 1, "name": "a"}}},
            'by_name.a.nam: there is no such key; write "name".',
        ),
        ({"by_name": {3: {"name": "a"}}}, "by_name.3: should be text, not 3."),
        ({"best": 3}, "best: should hold the keys name, points."),
        ({"rows": [{"name": "a", "points": "1"}]}, 'rows.1.points: should be a number, not "1".'),
        ({"order": "left"}, 'order: should be one of up or down, not "left".'),
        ({"width": 0}, "width: should be greater than or equal to 1, not 0."),
        ({"width": 1.5}, "width: should be a whole number, not 1.5."),
        ({"rows": "x" * 99}, f'rows: should be a list, not "{"x" * 39}....'),
    ],
)
def test_a_problem_is_one_sentence(data: Any, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        validate(Table, data, "table.json")
    assert error.value.problems == (f"table.json, {problem}",)


def test_what_is_no_object_at_all_has_no_place() -> None:
    with pytest.raises(UsageError, match=r"^t\.json: should hold the keys rows, best, by_name"):
        validate(Table, [], "t.json")


def test_problems_have_fields_for_other_uses_than_sentences() -> None:
    with pytest.raises(ValidationError) as error:
        Table.model_validate({"rows": [{"name": "a", "x": 1}]})
    (problem,) = problems_of(error.value, Table, "t.yaml", ", ")
    assert problem.place == "rows, 1, x"
    assert problem.message == "there is no such key" and problem.fix == "remove it"
