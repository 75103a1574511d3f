"""otter_config.json: Otter's options are known, ours are checked, and errors name the place."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import fica
import pytest
from otter.run.run_autograder.autograder_config import AutograderConfig

from ottermark.config import IGNORED_OPTIONS, GradingConfig, ignored_options, read_options
from ottermark.errors import UsageError
from ottermark.limits import Limits


def read(folder: Path, **options: Any) -> GradingConfig:
    (folder / "otter_config.json").write_text(json.dumps(options))
    return GradingConfig.read(folder / "otter_config.json")


def test_every_option_of_otter_is_known() -> None:
    otters = dict(inspect.getmembers(AutograderConfig, lambda value: isinstance(value, fica.Key)))
    assert otters.keys() <= {*GradingConfig.model_fields, *IGNORED_OPTIONS}


def test_without_a_file_all_options_have_defaults(tmp_path: Path) -> None:
    config = GradingConfig.read(tmp_path / "otter_config.json")
    assert config == GradingConfig()
    assert (config.hidden_tests, config.hints_visibility) == ("hidden", "hidden")


def test_show_hidden_stands_for_after_published_unless_hidden_tests_is_set(tmp_path: Path) -> None:
    assert read(tmp_path, show_hidden=True).hidden_tests == "after_published"
    assert read(tmp_path, show_hidden=True, hidden_tests="visible").hidden_tests == "visible"


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    config = read(tmp_path, seed=7, seed_variable="start", points_possible=20)
    assert repr(config.cell_seed) == "{'value': 7, 'variable': 'start'}"
    assert repr(config.points_possible) == "20"


def test_limits_are_numbers_or_texts_with_a_unit(tmp_path: Path) -> None:
    config = read(tmp_path, limits={"cell": 120, "memory": "512M"})
    limits = Limits().with_changes(config.limits)
    assert (limits.cell, limits.memory, limits.run) == (120, 512 * 2**20, Limits().run)


def test_options_that_are_ignored_are_accepted_and_reported(tmp_path: Path) -> None:
    assert read(tmp_path, pdf=True, token="abc", zips=True, plugins=["a"]) == GradingConfig()
    options = {"pdf": True, "token": "abc", "zips": True, "logo": False, "plugins": ["a"]}
    assert set(ignored_options(options)) == {"pdf", "token", "plugins"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hiden_tests": "visible"}, 'hiden_tests: there is no such key; write "hidden_tests".'),
        ({"zzz": 1}, "zzz: there is no such key; remove it."),
        (
            {"hidden_tests": "later"},
            "hidden_tests: should be one of visible, after_due_date, after_published or hidden, "
            'not "later".',
        ),
        ({"hints": True}, "hints: should be one of at_once,"),
        ({"show_hidden": "yes"}, 'show_hidden: should be true or false, not "yes".'),
        ({"points_possible": "100"}, 'points_possible: should be a number, not "100".'),
        ({"score_threshold": True}, "score_threshold: should be a number, not true."),
        ({"points_possible": float("inf")}, "points_possible: should be a number, not Infinity."),
        ({"limits": [1]}, "limits: should hold keys and values."),
        ({"limits": {"cells": 3}}, 'limits.cells: there is no such limit; write "cell".'),
        ({"limits": {"cell": 0}}, "limits.cell: should be a number above 0 such as 60 or 512M"),
        ({"limits": {"run": "inf"}}, "limits.run: should be a number above 0"),
        ({"colab": "lab.ipynb"}, "colab: should be an address that starts with https://"),
        ({"colab": "https://x/(y)"}, "colab: should be an address that starts with https://"),
        ({"seed": 1, "seed_variable": 3}, "seed_variable: should be text, not 3."),
    ],
)
def test_a_wrong_option_is_named_with_its_place_and_the_fix(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, **options)
    (problem,) = error.value.problems
    assert problem.startswith(f"{tmp_path / 'otter_config.json'}, {message}")


def test_all_wrong_options_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, hints=1, show_stdout=1, limits={"cell": -1, "disc": 3})
    assert len(error.value.problems) == 4


@pytest.mark.parametrize("text", ["{", "[]", "null", "3"])
def test_a_file_without_a_json_object_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "otter_config.json").write_text(text)
    with pytest.raises(UsageError, match=r"otter_config\.json"):
        read_options(tmp_path / "otter_config.json")
