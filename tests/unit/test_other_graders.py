"""The comparison with other graders: what counts, and for whom an attack makes sense."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ottermark.audit.attacks import read_attacks

PROJECT = Path(__file__).parents[2]
sys.path.append(str(PROJECT / "bench"))
from hostile.grader import CORPUS, points_by_question, read_tests  # noqa: E402
from hostile.outcomes import NO_RESULT, SAFE, Known, shows_canary, worst  # noqa: E402
from hostile.page import Row, page  # noqa: E402
from hostile.results_json import points_of  # noqa: E402
from hostile.stock_otter import Otter  # noqa: E402

sys.path.pop()


def test_the_tests_of_other_graders_give_the_points_of_the_lab() -> None:
    record = json.loads((PROJECT / "autograder" / "questions.json").read_text(encoding="utf-8"))
    points = {q["id"]: q["points"] for q in record["questions"] if not q["manual"]}
    tests = read_tests("there/")
    assert points_by_question(tests) == points
    assert all(f"def {test.name}(" in test.source for test in tests)
    assert any("'there/held_back_digits.npz'" in test.source for test in tests)


@pytest.mark.parametrize(
    ("results", "points"),
    [
        ('{"score": 3}', 3),
        ('{"score": 0}', 0),
        ('{"tests": [{"score": 1}, {"score": 0.5}, {}]}', 1.5),
        ('{"tests": []}', None),
        ("[", None),
        (None, None),
    ],
)
def test_points_are_read_as_gradescope_counts_them(
    results: str | None, points: float | None
) -> None:
    assert points_of(results) == points


def test_an_attack_counts_as_its_worst_outcome() -> None:
    assert worst(["stole 2 points", "process left"]) == "stole points"
    assert worst([f"{NO_RESULT} (OSError)"]) == NO_RESULT
    assert worst([f"{SAFE} (0 of 2 honest points)"]) == SAFE


def test_the_name_of_the_socket_is_no_leak() -> None:
    assert not shows_canary("connecting to ottermark-c0ffee", "c0ffee")
    assert shows_canary("ottermark-c0ffee said c0ffee", "c0ffee")


def test_outcomes_are_known_as_long_as_the_version_stays(tmp_path: Path) -> None:
    attack = read_attacks(CORPUS)[0]
    Known(tmp_path / "known.json").add("otter", "7", attack, [SAFE])
    known = Known(tmp_path / "known.json")
    assert known.get("otter", "7", attack) == [SAFE]
    assert known.get("otter", "8", attack) is None
    known.forget("otter")
    assert known.get("otter", "7", attack) is None


def test_the_page_says_what_was_not_run_and_what_does_not_apply() -> None:
    one, two, three = read_attacks(CORPUS)[:3]
    rows = [
        Row(one, {"ottermark": [SAFE], "otter": ["stole 2 points"]}),
        Row(two, {"ottermark": [SAFE]}, {"otter": "is no attack on it"}),
        Row(three, {"ottermark": [SAFE]}),
    ]
    text = page(rows, [Otter], "userns")
    assert "| **all** | 3 | 3 of 3 | 0 of 1 |" in text
    assert f"Still to come: 1 with {Otter.title}." in text
    assert "the attack is no attack on it | 1 |" in text
