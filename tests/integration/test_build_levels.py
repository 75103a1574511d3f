"""Levels of rules in whole builds, and points that a stand-in for a value must not give."""

from __future__ import annotations

import json
from pathlib import Path

import labs
import nbformat
import pytest
from conftest import ottermark

from ottermark.assignment import Assignment

pytestmark = pytest.mark.slow

QUESTION = """
----
raw: # BEGIN QUESTION
name: {name}
points: {points}
----
markdown: Answer.
----
raw: # BEGIN SOLUTION
----
code: {solution}
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: {tests}
----
raw: # END TESTS
----
raw: # END QUESTION
"""
CONFIG = "raw: # ASSIGNMENT CONFIG\nname: tiny\n"
RAISING = '----\ncode: 8 + "eight"\n'
PRACTICE = """
----
raw: # BEGIN QUESTION
name: warm_up
----
raw: # BEGIN SOLUTION
----
code: print(2 + 3)  # SOLUTION
----
raw: # END SOLUTION
----
raw: # END QUESTION
"""


def question(name: str, solution: str, *tests: str, points: float = 1) -> str:
    """Return the cells of a question."""
    cells = "\n----\ncode: ".join(tests)
    return QUESTION.format(name=name, points=points, solution=solution, tests=cells)


def rules_in(text: str, kind: str) -> list[str]:
    """Return the rules of the warnings or errors that a command printed."""
    return [line.rpartition("[")[2].rstrip("]") for line in text.splitlines() if kind in line[:9]]


def test_warnings_do_not_block_unless_they_are_set_to(tmp_path: Path) -> None:
    part = question("q1", "a = 5  # SOLUTION", "assert a is not None", "assert a == 5")
    master = labs.write_tiny(tmp_path, CONFIG + RAISING + part + PRACTICE)
    reported = ["question-without-tests", "blank-earns-part", "given-cell-raises"]
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0 and rules_in(ran.err, "Warning") == reported, ran.err
    assert "cell 2: in the solution notebook, line 1 raised TypeError" in ran.err
    assert "1 points by tests (1 by public ones), 0 by hand." in ran.out
    assert "The solution earns all 1, the blank notebook 0.5." in ran.out
    assert [q.id for q in Assignment.read(tmp_path / "autograder").questions] == ["q1"]

    ran = ottermark("build", "--check", "--strict", cwd=tmp_path)
    assert ran.code == 1 and rules_in(ran.err, "Error") == reported
    allowed = [part for rule in reported[1:] for part in ("--allow", rule)]
    ran = ottermark("build", "--check", "--strict", *allowed, cwd=tmp_path)
    assert ran.code == 1 and rules_in(ran.err, "Error") == reported[:1]
    assert rules_in(ran.err, "Warning") == reported[1:]

    options = tmp_path / "otter_config.json"
    options.write_text(json.dumps({"rules": {"question-without-tests": "off"}}))
    body = nbformat.read(master, 4)
    body.cells[1].source = '# ottermark: allow given-cell-raises\n8 + "eight"'
    nbformat.write(body, master)
    ran = ottermark("build", "--strict", "--allow", "blank-earns-part", cwd=tmp_path)
    assert ran.code == 0 and rules_in(ran.err, "Warning") == ["blank-earns-part"], ran.err
    assert "ottermark: allow" not in (tmp_path / "student" / "tiny.ipynb").read_text()

    del body.cells[1]["metadata"], body.cells[1]["source"]
    body.cells[1] |= {"source": '8 + "eight"', "metadata": {"tags": ["raises-exception"]}}
    nbformat.write(body, master)
    assert "given-cell-raises" not in ottermark("build", cwd=tmp_path).err

    ran = ottermark("build", "--allow", "solution-exposed", cwd=tmp_path)
    assert ran.code == 2 and "cannot be allowed, since students would receive" in ran.err
    options.write_text(json.dumps({"rules": {"blank-raises": "of"}}))
    assert "should be one of error, warning or off" in ottermark("build", cwd=tmp_path).err


@pytest.mark.ci
def test_a_solution_that_fails_its_tests_blocks_unless_allowed(tmp_path: Path) -> None:
    failing = question("q1", "import numpy as np\na = np.float64(1)  # SOLUTION", "a > 0", points=2)
    notebook = labs.notebook(CONFIG + RAISING + failing)
    for cell in notebook.cells:
        if cell.source == "a > 0":  # what NumPy 1 showed
            data = {"text/plain": "True"}
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    master = labs.write_tiny(tmp_path)
    nbformat.write(notebook, master)
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1
    assert rules_in(ran.err, "Error") == ["given-cell-raises", "solution-loses-points"]
    assert "All that differs is how NumPy 2 prints: np.True_ for True" in ran.err
    allowed = ("--allow", "solution-loses-points", "--allow", "given-cell-raises")
    ran = ottermark("build", *allowed, cwd=tmp_path)
    assert ran.code == 0 and "The solution earns 0 of 2, the blank notebook 0." in ran.out


HELPERS = """----
code: import hashlib
def digest(value):
    return hashlib.md5(str(value).encode()).hexdigest()
class Box:
    pass
"""
NOT_BLANK = "assert digest(type(a)) != '14e736438b115821cbb9b7ac0ba79034'"  # that of an ellipsis


def test_no_stand_in_gives_a_point(tmp_path: Path) -> None:
    """Each question has a negative test, which a stand-in for what it looks at would pass."""
    by_name = question("q1", "a = 4  # SOLUTION", NOT_BLANK, points=2)
    by_function = question(
        "q2",
        "def f(x):\n    return x  # SOLUTION",
        "assert digest(f) != digest(lambda: 0)\nassert f(1) == 1",
    )
    inside = question("q3", "b = [Box()]  # SOLUTION", "assert b != ... and b[0] != 3")
    caught = question(
        "q4",
        "def g(x):\n    return x  # SOLUTION",
        "try:\n    raised = not g(Box)\nexcept Exception:\n    raised = True\nassert not raised",
    )
    labs.write_tiny(tmp_path, CONFIG + HELPERS + by_name + by_function + inside + caught)
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "The solution earns all 5, the blank notebook 0." in ran.out
    questions = Assignment.read(tmp_path / "autograder").questions
    assert {q.id: bool(q.why_unprotected) for q in questions} == {
        "q1": False,
        "q2": True,
        "q3": True,
        "q4": True,
    }


TODO = """----
code: class Todo(str):
    pass
TODO = Todo("an answer")
"""
PROMPTED = '''# BEGIN SOLUTION NO PROMPT
a = "an answer"
# END SOLUTION
""" # BEGIN PROMPT
a = TODO
"""; # END PROMPT'''


def test_a_blank_that_earns_on_what_crosses_alone_is_judged_inside(tmp_path: Path) -> None:
    """A text crosses as a plain one: the solution passes both ways, and the blank notebook only so."""
    test = "assert type(a).__name__ != 'Todo' and a == 'an answer'"
    labs.write_tiny(tmp_path, CONFIG + TODO + question("q1", PROMPTED, test))
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "its tests judge the blank notebook otherwise" in ran.err
    (only,) = Assignment.read(tmp_path / "autograder").questions
    assert only.why_unprotected


MADE_HERE = """----
code: import sys, types
sys.modules["made_here"] = types.ModuleType("made_here")
----
code: import made_here
"""


def test_a_missing_package_has_a_level(tmp_path: Path) -> None:
    """A module that a lab makes by itself is none that could be installed."""
    master = labs.write_tiny(
        tmp_path, CONFIG + MADE_HERE + question("q1", "a = 5  # SOLUTION", "assert a == 5")
    )
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1 and rules_in(ran.err, "Error") == ["missing-package"]
    ran = ottermark("build", "--allow", "missing-package", cwd=tmp_path)
    assert ran.code == 0 and rules_in(ran.err, "Warning") == ["missing-package"], ran.err
    assert "The solution earns all 1, the blank notebook 0." in ran.out
    body = nbformat.read(master, 4)
    body.cells[2].source += "  # ottermark: allow missing-package"
    nbformat.write(body, master)
    ran = ottermark("build", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")


GIVEN_ZERO = '''# BEGIN SOLUTION NO PROMPT
a = 5
# END SOLUTION
""" # BEGIN PROMPT
a = 0
"""; # END PROMPT'''
ZERO_RECOGNISED = """q1:
  misconceptions:
    - {id: zero, name: Zero, hint: Look at it again., value: {a: "0"}}
"""


def test_a_misconception_of_the_blank_notebook_is_a_warning(tmp_path: Path) -> None:
    master = labs.write_tiny(tmp_path, CONFIG + question("q1", GIVEN_ZERO, "assert a == 5"))
    (master.parent / "misconceptions.yaml").write_text(ZERO_RECOGNISED)
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0 and rules_in(ran.err, "Warning") == ["blank-has-misconception"], ran.err
    assert "the catalogue recognises zero; " in ran.err


def test_a_decorator_in_a_doctest_is_told_once(tmp_path: Path) -> None:
    test = "import functools\n@functools.cache\ndef g(x):\n    return f(x)\nassert g(3) == 3"
    labs.write_tiny(tmp_path, CONFIG + question("q1", "def f(x):\n    return x  # SOLUTION", test))
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1 and rules_in(ran.err, "Error") == ["decorated-doctest"], ran.err


def test_cells_of_an_old_notebook_without_ids_are_named(tmp_path: Path) -> None:
    master = labs.write_tiny(tmp_path, CONFIG + question("q1", "a = 5 / 0  # SOLUTION", "a == 5"))
    body = json.loads(master.read_text())
    body["nbformat_minor"] = 4
    for cell in body["cells"]:
        cell.pop("id", None)
    (number,) = (n for n, cell in enumerate(body["cells"], 1) if "5 / 0" in "".join(cell["source"]))
    master.write_text(json.dumps(body))
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1 and f"{master.name}, cell {number}" in ran.err, ran.err
