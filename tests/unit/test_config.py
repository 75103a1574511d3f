"""otter_config.json: Otter's options are known, ours are checked, slips are told."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import fica
import pytest
from otter.run.run_autograder.autograder_config import AutograderConfig

from ottermark.config import KNOWN, GradingConfig, ignored_options
from ottermark.errors import UsageError


def read(folder: Path, **options: Any) -> GradingConfig:
    (folder / "otter_config.json").write_text(json.dumps(options))
    return GradingConfig.read(folder / "otter_config.json")


def test_every_option_of_otter_is_known() -> None:
    otters = dict(inspect.getmembers(AutograderConfig, lambda value: isinstance(value, fica.Key)))
    assert otters.keys() <= KNOWN


def test_without_a_file_it_is_as_otter_has_it(tmp_path: Path) -> None:
    options = GradingConfig.read(tmp_path / "otter_config.json")
    assert options == GradingConfig()
    assert (options.hidden_tests, options.hints_visible) == ("hidden", "hidden")


def test_options_that_are_ignored_are_listed() -> None:
    options = {"pdf": True, "token": "abc", "zips": True, "logo": False, "plugins": ["a"]}
    assert set(ignored_options(options)) == {"pdf", "token", "plugins"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"hiden_tests": "visible"}, 'no option "hiden_tests"; write "hidden_tests"'),
        ({"zzz": 1}, 'no option "zzz"; take it out'),
        ({"hidden_tests": "later"}, "one of visible, after_due_date"),
        ({"hints": True}, "one of at_once"),
        ({"show_hidden": "yes"}, '"show_hidden" should be true or false'),
        ({"points_possible": "100"}, '"points_possible" should be a number'),
        ({"score_threshold": True}, '"score_threshold" should be a number'),
        ({"limits": [1]}, '"limits" should be an object'),
        ({"limits": {"cells": 3}}, "'cells=3' is not a limit"),
        ({"seed": 1, "seed_variable": 3}, '"seed_variable" should be a name'),
    ],
)
def test_slips_are_told(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=r"otter_config\.json") as told:
        read(tmp_path, **options)
    assert says in str(told.value)


@pytest.mark.parametrize("text", ["{", "[]", "null", "3"])
def test_a_file_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "otter_config.json").write_text(text)
    with pytest.raises(UsageError, match=r"otter_config\.json"):
        GradingConfig.read(tmp_path / "otter_config.json")
