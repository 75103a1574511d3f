"""Cells that measure trained nets, and what is made of their outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ottermark.audit.answers import Answer, Kind
from ottermark.audit.measurement import insert_measurements, is_right
from ottermark.audit.oracle import Oracle

ORACLE = Oracle(
    {},
    {},
    frozenset(),
    measurements={"q1": "{'error': error}"},
    net_checks={"q1": lambda measured: measured["error"] < 17},
)
NET = Answer(Kind.REWRITE, "q1", "net", "error = 12.5")


def code(source: str, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    metadata = {"tags": list(tags)}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": list(outputs)}


def result(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


def test_the_cell_that_measures_follows_the_answer_of_a_rewrite_alone() -> None:
    cells = [
        code("import numpy"),
        code("error = 12.5", tags=("otter_answer_cell",)),
        code('grader.check("q1")'),
    ]
    measured = insert_measurements({"cells": cells}, [NET], ORACLE.measurements)
    assert [cell["source"] for cell in measured["cells"]] == [
        "import numpy",
        "error = 12.5",
        "{'error': error}",
        'grader.check("q1")',
    ]
    right = Answer(Kind.RIGHT, "q1", "net", "error = 12.5")
    assert insert_measurements({"cells": cells}, [right], ORACLE.measurements)["cells"] == cells


@pytest.mark.parametrize(
    ("outputs", "right"),
    [
        ([result("{'error': 12.5}")], True),
        ([{"output_type": "stream", "text": "epoch 1"}, result("{'error': 12.5}")], True),
        ([result("{'error': 17.0}")], False),
        ([result("{'error': nan}")], False),
        ([{"output_type": "error", "ename": "NameError"}], False),
        ([], False),
    ],
)
def test_a_net_is_right_if_it_measures_what_it_must(
    outputs: list[dict[str, Any]], right: bool, tmp_path: Path
) -> None:
    executed = tmp_path / "executed.ipynb"
    cells = [code("error = 12.5", result("{'error': 1.0}")), code("{'error': error}", *outputs)]
    executed.write_text(json.dumps({"cells": cells}))
    assert is_right(NET, executed, ORACLE) is right


def test_a_net_without_a_measurement_is_not_right(tmp_path: Path) -> None:
    executed = tmp_path / "executed.ipynb"
    executed.write_text(json.dumps({"cells": [code("error = 12.5")]}))
    assert not is_right(NET, executed, ORACLE)
