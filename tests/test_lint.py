"""Slips of authors: each is told with its cell and the mend, and most pass stock Otter unnoticed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import labs
import pytest
from conftest import ottermark
from otter.assign import main as otter_assign

from ottermark.build.lint import lint

VALUE = "def test_q1_value(pair):\n    assert [int(v) for v in pair] == [4, 5]"


@dataclass(frozen=True)
class Slip:
    """What is changed in the tiny lab, what has to be said, and whether Otter Assign notices."""

    old: str
    new: str
    says: str
    otter_notices: bool = False


SLIPS = {
    "misspelt-test-key": Slip(
        "points: 2\nhidden: true", "points: 2\nhiden: true", "cell 10 (q1): the key 'hiden'"
    ),
    "misspelt-question-key": Slip(
        "name: q1\npoints: 2", "name: q1\nponts: 2", "cell 3 (q1): the key 'ponts'"
    ),
    "misspelt-assignment-key": Slip(
        "init_cell: false", "init_cel: false", "cell 1: the key 'init_cel'"
    ),
    "two-questions-of-one-name": Slip(
        "name: q2\npoints: 4", "name: q1\npoints: 6", "2 questions are named q1", True
    ),
    "list-of-points": Slip(
        "name: q2\npoints: 4", "name: q2\npoints: [0, 1, 3]", "cell 13 (q2): a list of points"
    ),
    "points-that-do-not-add-up": Slip(
        "name: q2\npoints: 4", "name: q2\npoints: 5", "worth 5 points, but its tests give 4"
    ),
    "no-tests": Slip("manual: true\npoints: 3", "points: 3", "(q3): it has no tests"),
    "helper-above-the-test": Slip(
        VALUE,
        "def whole(v):\n    return int(v)\n" + VALUE.replace("int(v)", "whole(v)"),
        "cell 10 (q1): Otter takes whole, the first function",
    ),
    "two-tests-of-one-name": Slip(
        "test_q2_array", "test_q2_number", "cell 21 (q2): the test test_q2_number stands in cell 20"
    ),
    "ends-python": Slip(
        "    assert double(21) == 42",
        "    if double(21) != 42:\n        raise SystemExit('wrong')",
        "cell 20 (q2): it raises SystemExit",
    ),
    "exits": Slip(
        "    assert double(21) == 42",
        "    import sys\n    double(21) == 42 or sys.exit(1)",
        "cell 20 (q2): it calls exit()",
    ),
    "never-fails": Slip(
        "    assert double(21) == 42",
        "    print('right' if double(21) == 42 else 'wrong')",
        "cell 20 (q2): it can never fail",
    ),
    "clock": Slip(
        "    assert double(21) == 42",
        "    import time\n    assert double(21) == 42 and time.time() > 0",
        "cell 20 (q2): it looks at the clock (time.time)",
    ),
    "message-with-quotes": Slip(
        "the window again.", 'the "window" again.', "cell 10 (q1): its failure_message holds"
    ),
    "not-python": Slip(
        "assert double(21) == 42", "assert double(21 == 42", "the test is not Python", True
    ),
    "config-is-not-yaml": Slip(
        "failure_message: Does double", "failure_message: Wrong: does double", "not YAML", True
    ),
    "no-name": Slip("name: q1\npoints: 2", "points: 2", "cell 3: the question has no name", True),
    "wrapped-solution": Slip(
        "pair = (4, 5) # SOLUTION",
        "pair = tuple(\n    [4, 5]\n) # SOLUTION",
        "cell 6 (q1): line 3 is marked # SOLUTION, but its statement goes over 3 lines",
    ),
    "order-of-tests": Slip(
        "assert [int(v) for v in pair] == [4, 5]",
        "assert [int(v) for v in pair] == [4, 5]\n    pair.clear()",
        "in the other order, its tests fail",
    ),
}


def test_the_tiny_lab_has_no_slip() -> None:
    assert lint(labs.notebook(labs.TINY)) == []


@pytest.mark.parametrize("name", [n for n in SLIPS if n != "order-of-tests"])
def test_a_slip_is_told(name: str) -> None:
    slip = SLIPS[name]
    assert slip.old in labs.TINY
    told = "\n".join(lint(labs.notebook(labs.TINY.replace(slip.old, slip.new, 1))))
    assert slip.says in told, told


def test_all_are_told_at_once_and_nothing_is_replaced(tmp_path: Path) -> None:
    text = labs.TINY
    for name in ("misspelt-test-key", "list-of-points", "never-fails"):
        text = text.replace(SLIPS[name].old, SLIPS[name].new, 1)
    labs.write_tiny(tmp_path, text.replace("import otter\n", "import otter\n1 / 0\n"))
    (tmp_path / "student").mkdir()
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1
    for name in ("misspelt-test-key", "list-of-points", "never-fails"):
        assert SLIPS[name].says in ran.err
    assert "raised ZeroDivisionError" in ran.err  # what running it shows is told with them
    assert "assignment/tiny.ipynb, cell 10 (q1)" in ran.err
    assert not list((tmp_path / "student").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["order-of-tests"])
def test_what_shows_only_when_it_runs(tmp_path: Path, name: str) -> None:
    text = labs.TINY.replace("pair = (4, 5) #", "pair = [4, 5] #")
    labs.write_tiny(tmp_path, text.replace(SLIPS[name].old, SLIPS[name].new, 1))
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1 and SLIPS[name].says in ran.err


@pytest.mark.slow
@pytest.mark.parametrize("name", SLIPS)
def test_stock_otter_beside_it(tmp_path: Path, name: str) -> None:
    slip = SLIPS[name]
    text = labs.TINY.replace("pair = (4, 5) #", "pair = [4, 5] #") if "order" in name else labs.TINY
    master = labs.write_tiny(tmp_path, text.replace(slip.old, slip.new, 1))
    try:
        otter_assign(str(master), str(tmp_path / "made"), no_pdfs=True)
    except Exception:
        assert slip.otter_notices
    else:
        assert not slip.otter_notices
