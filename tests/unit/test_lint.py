"""Slips of authors: each is told with its cell and the mend, and most pass stock Otter unnoticed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import labs
import nbformat
import pytest
from conftest import ottermark
from otter.assign import main as otter_assign

from ottermark.authoring.lint import lint

VALUE = "def test_q1_value(pair):\n    assert [int(v) for v in pair] == [4, 5]"
Q3 = "name: q3\nmanual: true\npoints: 3"
A_TEST = (
    "raw: # BEGIN TESTS\n----\ncode: def test_q3(why):\n    assert why\n----\nraw: # END TESTS\n"
)


@dataclass(frozen=True)
class Misconception:
    """What is changed in the tiny lab, what has to be said, and whether Otter Assign notices."""

    old: str
    new: str
    says: str
    otter_notices: bool = False


SLIPS = {
    "misspelt-test-key": Misconception(
        "points: 2\nhidden: true", "points: 2\nhiden: true", "cell 10 (q1): the key 'hiden'"
    ),
    "misspelt-question-key": Misconception(
        "name: q1\npoints: 2", "name: q1\nponts: 2", "cell 3 (q1): the key 'ponts'"
    ),
    "misspelt-assignment-key": Misconception(
        "init_cell: false", "init_cel: false", "cell 1: the key 'init_cel'", True
    ),
    "misspelt-inner-key": Misconception(
        "{files: true, ok", "{fils: true, ok", "cell 1, tests: the key 'fils'"
    ),
    "two-questions-of-one-name": Misconception(
        "name: q2\npoints: 4", "name: q1\npoints: 6", "2 questions are named q1"
    ),
    "list-of-points": Misconception(
        "name: q2\npoints: 4", "name: q2\npoints: [0, 1, 3]", "cell 13 (q2): a list of points"
    ),
    "points-that-do-not-add-up": Misconception(
        "name: q2\npoints: 4", "name: q2\npoints: 5", "worth 5 points, but its tests give 4"
    ),
    "no-tests": Misconception(Q3, "name: q3\npoints: 3", "(q3): it has no tests"),
    "by-hand-and-by-tests": Misconception(
        "markdown: Because it does, and here is why.\n----\nraw: # END SOLUTION\n",
        f"markdown: Because it does, and here is why.\n----\nraw: # END SOLUTION\n----\n{A_TEST}",
        "(q3): it is marked by hand and has tests",
    ),
    "helper-above-the-test": Misconception(
        VALUE,
        "def whole(v):\n    return v\n\n" + VALUE.replace("int(v)", "whole(v)"),
        "cell 10 (q1): Otter takes whole, the first function",
    ),
    "two-tests-of-one-name": Misconception(
        "test_q2_array", "test_q2_number", "cell 21 (q2): the test test_q2_number stands in cell 20"
    ),
    "ends-python": Misconception(
        "    assert double(21) == 42",
        "    if double(21) != 42:\n        raise SystemExit('wrong')",
        "cell 20 (q2): it raises SystemExit",
    ),
    "exits": Misconception(
        "    assert double(21) == 42",
        "    import sys\n    double(21) == 42 or sys.exit(1)",
        "cell 20 (q2): it calls exit()",
    ),
    "never-fails": Misconception(
        "    assert double(21) == 42",
        "    print('right' if double(21) == 42 else 'wrong')",
        "cell 20 (q2): it can never fail",
    ),
    "clock": Misconception(
        "    assert double(21) == 42",
        "    import time\n    assert double(21) == 42 and time.time() > 0",
        "cell 20 (q2): it looks at the clock (time.time)",
    ),
    "message-with-quotes": Misconception(
        "the window again.", 'the "window" again.', "cell 10 (q1): its failure_message holds"
    ),
    "not-python": Misconception(
        "assert double(21) == 42", "assert double(21 == 42", "the test is not Python", True
    ),
    "config-is-not-yaml": Misconception(
        "failure_message: Does double", "failure_message: Wrong: does double", "not YAML", True
    ),
    "no-name": Misconception(
        "name: q1\npoints: 2", "points: 2", "cell 3: the question has no name", True
    ),
    "wrapped-solution": Misconception(
        "pair = (4, 5) # SOLUTION",
        "pair = tuple(\n    [4, 5]\n) # SOLUTION",
        "cell 6 (q1): line 3 is marked # SOLUTION, but its statement goes over 3 lines",
    ),
    "unmarked-solution": Misconception(
        "pair = (4, 5) # SOLUTION", "pair = (4, 5)", "cell 6 (q1): no line is marked # SOLUTION"
    ),
    "solution-outside": Misconception(
        "import numpy as np\n",
        "import numpy as np\nhint = (4, 5) # SOLUTION\n",
        "cell 2: it is marked # SOLUTION outside of a solution block",
    ),
    "written-solution-outside": Misconception(
        "markdown: The end.", "markdown: **SOLUTION:** it ends.", "it looks like a solution outside"
    ),
    "plugins": Misconception(
        "init_cell: false",
        "plugins: [otter.plugins.builtin.DateRange]\ninit_cell: false",
        "cell 1: `plugins` is not honoured",
    ),
}
RUN = ("ends-python", "helper-above-the-test", "message-with-quotes", "two-questions-of-one-name")


def told(notebook: object, folder: Path = Path()) -> str:
    return "\n".join(lint(notebook, folder))


def test_the_tiny_lab_has_no_slip() -> None:
    assert told(labs.notebook(labs.TINY)) == ""


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told(name: str) -> None:
    slip = SLIPS[name]
    assert slip.old in labs.TINY
    said = told(labs.notebook(labs.TINY.replace(slip.old, slip.new, 1)))
    assert slip.says in said, said


def test_a_config_beside_the_notebook_is_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("export_cell: {pdff: true}\nenvironment: environment.yml\n")
    text = labs.TINY.replace("name: tiny\n", "name: tiny\nconfig_file: more.yml\n", 1)
    said = told(labs.notebook(text), tmp_path)
    assert "more.yml, export_cell: the key 'pdff' means nothing to Otter; write 'pdf'." in said
    assert "`environment` is not honoured: graders are made without conda" in said


def test_another_language_is_told() -> None:
    notebook = labs.notebook(labs.TINY)
    notebook.metadata.kernelspec.language = "R"
    assert told(notebook).startswith("its language is R, but only Python notebooks can be graded")


def test_clocks_and_ends_are_seen_in_every_style() -> None:
    ends = DRESSES["fenced configs, `env`, a call of the test"].replace(
        'assert env["x"]', 'env["x"] or exit(); assert env["x"]'
    )
    assert "it calls exit(), which ends Python" in told(labs.notebook(ends))
    clock = DRESSES["doctests in the metadata"].replace(
        "# HIDDEN\nassert", "# HIDDEN\nimport time\nassert time.time() > 0 and"
    )
    assert "it looks at the clock (time.time)" in told(labs.notebook(clock))


DRESSES = {
    "doctests in the metadata": """
raw: # ASSIGNMENT CONFIG
name: dress
----
raw: # BEGIN QUESTION
name: q1
points: {each: 0.5}
----
raw: # BEGIN SOLUTION
----
code: x = 2  # SOLUTION
----
code: x
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: for k in (2,):
    assert k == x
----
code: # HIDDEN
assert x == 2
----
raw: # END TESTS
----
raw: # END QUESTION
""",
    "fenced configs, `env`, a call of the test": """
markdown: ```otter
# ASSIGNMENT CONFIG
tests:
    ok_format: false
```
----
markdown: ```otter
# BEGIN QUESTION
name: q1
```
----
raw: # BEGIN SOLUTION
----
code: # BEGIN SOLUTION
x = [
    2,
]
# END SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: \"\"\" # BEGIN TEST CONFIG
name: first
points: 1
\"\"\" # END TEST CONFIG
def test_it(env):
    assert env["x"] == [2]

test_it(globals())  # IGNORE
----
raw: # END TESTS
----
raw: # END QUESTION
""",
    "solutions everywhere": """
raw: # ASSIGNMENT CONFIG
strip_solutions_from_all_cells: true
----
code: data = list(range(10))  # SOLUTION
""",
}


@pytest.mark.parametrize("dress", DRESSES)
def test_sound_notebooks_of_every_dress_have_no_slip(dress: str) -> None:
    assert told(labs.notebook(DRESSES[dress])) == ""


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


LIST = labs.TINY.replace("pair = (4, 5) #", "pair = [4, 5] #")
SHOWN_BY_RUNNING = {
    "order": (
        LIST.replace("== [4, 5]", "== [4, 5]\n    pair.clear()", 1),
        "tiny.ipynb, cell 3 (q1): run once more, in the other order, its tests fail (q1 - 2, q1 - 1)",
    ),
    "blank": (
        labs.TINY.replace("assert [int(v) for v in pair] == [4, 5]", "assert pair != 'nothing'"),
        "tiny.ipynb, cell 3 (q1): the blank student notebook earns 2 points (passed: q1 - 2)",
    ),
    "worthless": (
        labs.TINY.replace("len(pair) == 2, ", "len(pair) == 3, "),
        "tiny.ipynb, cell 3 (q1): the solution fails a test of no points (failed: q1 - 1)",
    ),
    "hidden test in a file": (
        labs.TINY.replace("files: [data/numbers.csv]", "files: [data/numbers.csv, notes.py]"),
        "notes.py holds a hidden test of q2: 'assert double(21) == 42'",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN_BY_RUNNING)
def test_what_shows_only_by_running_is_told_and_stock_otter_is_silent(
    tmp_path: Path, name: str
) -> None:
    text, says = SHOWN_BY_RUNNING[name]
    assert text != labs.TINY
    master = labs.write_tiny(tmp_path, text)
    (master.parent / "notes.py").write_text("# to do\nassert double(21) == 42\n")
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1 and says in ran.err, ran.err
    assert not (tmp_path / "student").exists()
    otter_assign(
        str(master),
        str(tmp_path / "made"),
        no_pdfs=True,
        no_run_tests=name not in ("order", "worthless"),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SLIPS if name != "plugins"])  # Otter runs those
def test_stock_otter_beside_it(tmp_path: Path, name: str) -> None:
    """Otter Assign splits without a word what passes it; those of ``RUN`` pass its own tests too."""
    slip = SLIPS[name]
    master = labs.write_tiny(tmp_path, labs.TINY.replace(slip.old, slip.new, 1))
    skips = name not in RUN
    try:
        otter_assign(str(master), str(tmp_path / "made"), no_pdfs=True, no_run_tests=skips)
    except Exception:
        assert slip.otter_notices
    else:
        assert not slip.otter_notices
        if name == "misspelt-test-key":  # what comes of it
            student = nbformat.read(tmp_path / "made" / "student" / "tiny.ipynb", as_version=4)
            assert student.cells
            handed_out = (tmp_path / "made" / "student" / "tests" / "q1.py").read_text()
            assert "[4, 5]" in handed_out
