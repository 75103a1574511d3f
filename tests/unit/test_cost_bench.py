"""The bench of grading costs: the submissions, the lab in other graders' forms, and the table."""

from __future__ import annotations

import hashlib
import sys
import tarfile
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
sys.path.append(str(PROJECT / "bench"))
from costs.labs import ARCHIVE, DATA, lab_now, loaded  # noqa: E402
from costs.mograder_lab import local_names, made_local, names_of  # noqa: E402
from costs.rows import Row, table  # noqa: E402
from costs.submissions import class_of_40  # noqa: E402
from costs.without_otter import lab_tests, parts_of  # noqa: E402


def test_the_earlier_lab_has_the_data_of_this_one() -> None:
    for name, digest in DATA.items():
        assert hashlib.sha256((PROJECT / name).read_bytes()).hexdigest() == digest
    with tarfile.open(ARCHIVE) as archive:
        names = archive.getnames()
    assert {"assignment/intro_convnets.ipynb", "otter_config.json"} <= set(names)
    assert not DATA.keys() & set(names)


@pytest.mark.slow
def test_the_class_has_40_submissions(tmp_path: Path) -> None:
    kinds = Counter(kind for kind, _ in class_of_40(lab_now(tmp_path)))
    assert kinds == {"whole": 8, "part": 14, "little": 10, "broken": 7, "endless": 1}


def test_other_forms_have_all_tests_and_none_of_otters_cells(tmp_path: Path) -> None:
    lab = lab_now(tmp_path)
    tests, parts = lab_tests(lab), list(parts_of(loaded(lab.solution)))
    assert {question: sum(test.points for test in each) for question, each in tests.items()} == (
        lab.points
    )
    answers = [part.question for part in parts if part.kind == "answer"]
    assert answers == [part.question for part in parts if part.kind == "tests"]
    assert set(answers) == tests.keys()
    code = "\n".join(part.source for part in parts if part.kind != "text")
    assert "otter" not in code and "grader." not in code and "# SOLUTION" not in code


def test_no_two_cells_of_marimo_define_a_name(tmp_path: Path) -> None:
    solved = loaded(lab_now(tmp_path).solution)
    sources = [part.source for part in parts_of(solved) if part.kind in ("code", "answer")]
    cells = [
        made_local(source, names)
        for source, names in zip(sources, local_names(sources), strict=True)
    ]
    defined = Counter(name for cell in cells for name in names_of(cell)[0])
    assert {"X_train", "tuned_model", "convnet"} <= defined.keys()
    assert set(defined.values()) == {1}


def test_a_name_that_is_read_elsewhere_is_not_made_local() -> None:
    cells = ["x = 1", "x = 2", "print(x)", "x = 3"]
    assert local_names(cells) == [{"x"}, set(), set(), {"x"}]
    assert made_local("def f(x):\n    return x + y", {"f", "x"}) == (
        "def _f(_x):\n    return _x + y"
    )
    with pytest.raises(SystemExit, match="x is defined and read by several cells"):
        local_names(["x = 1", "print(x)", "x = 2", "print(x)"])


def test_the_table_has_ratios_of_each_lab_and_the_targets_of_the_first() -> None:
    before = Row("one more, CPU s", 0.5, "Otter", 10, (0.04, 0.06))
    now = Row("one more, CPU s", 0.6, "Otter", 30, (0.01,))
    alone = Row("the start, CPU s", 5)
    *_, first, second = table({"before": [before, alone], "now": [now]}).splitlines()
    assert first == (
        "| one more, CPU s | Otter | 0.50 | 10.00 | 0.05 | 0.60 | 30.00 | 0.02 "
        "| 0.04: missed; 0.06: met |"
    )
    assert second == "| the start, CPU s | | 5.00 | | | | | | |"
