"""The lint of a master notebook: each fault is reported with its rule, cell and fix.

Stock Otter Assign reports few of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import labs
import nbformat
import pytest
from conftest import ottermark
from otter.assign import main as otter_assign

from ottermark.authoring import rules
from ottermark.authoring.lint import lint
from ottermark.authoring.master import Master
from ottermark.diagnostics import Diagnostic, Severity

VALUE = "def test_q1_value(pair):\n    assert [int(v) for v in pair] == [4, 5]"
Q3 = "name: q3\nmanual: true\npoints: 3"
A_TEST = (
    "raw: # BEGIN TESTS\n----\ncode: def test_q3(why):\n    assert why\n----\nraw: # END TESTS\n"
)


@dataclass(frozen=True)
class Fault:
    """A fault in a master notebook.

    Attributes:
        old: what is replaced in the tiny lab.
        new: what it is replaced by.
        rule: id of the rule that reports it.
        text: a part of the sentence.
        otter_reports: whether Otter Assign reports it too.
    """

    old: str
    new: str
    rule: str
    text: str
    otter_reports: bool = False


FAULTS = {
    "misspelled-test-key": Fault(
        "points: 2\nhidden: true",
        "points: 2\nhiden: true",
        "unknown-key",
        "cell 10 (q1): the key 'hiden' means nothing to Otter; write 'hidden'.",
    ),
    "misspelled-question-key": Fault(
        "name: q1\npoints: 2",
        "name: q1\nponts: 2",
        "unknown-key",
        "cell 3 (q1): the key 'ponts'",
    ),
    "misspelled-assignment-key": Fault(
        "init_cell: false", "init_cel: false", "unknown-key", "cell 1: the key 'init_cel'", True
    ),
    "misspelled-inner-key": Fault(
        "{files: true, ok", "{fils: true, ok", "unknown-key", "cell 1: in `tests`, the key 'fils'"
    ),
    "key-of-an-older-otter": Fault(
        "name: q1\npoints: 2",
        "name: q1\npoints: 2\ncheck: true",
        "meaningless-key",
        "cell 3 (q1): the key 'check' means nothing to Otter; remove it.",
    ),
    "files-as-text": Fault(
        "files: [data/numbers.csv]",
        "files: data/numbers.csv",
        "invalid-setting",
        "cell 1: `files` is 'data/numbers.csv', which is not a list; write "
        "`files: [data/numbers.csv]`.",
        True,
    ),
    "two-questions-of-one-name": Fault(
        "name: q2\npoints: 4",
        "name: q1\npoints: 6",
        "duplicate-question",
        "cell 13 (q1): 2 questions are named q1 (cells 3 and 13); rename all but one.",
    ),
    "list-of-points": Fault(
        "name: q2\npoints: 4",
        "name: q2\npoints: [0, 1, 3]",
        "points-list-with-hidden-test",
        "cell 13 (q2): a list of points",
    ),
    "points-that-do-not-add-up": Fault(
        "name: q2\npoints: 4",
        "name: q2\npoints: 5",
        "points-mismatch",
        "worth 5 points, but its tests give 4",
    ),
    "no-tests": Fault(Q3, "name: q3\npoints: 3", "question-without-tests", "(q3): it has no tests"),
    "by-hand-and-by-tests": Fault(
        "markdown: Because it does, and here is why.\n----\nraw: # END SOLUTION\n",
        f"markdown: Because it does, and here is why.\n----\nraw: # END SOLUTION\n----\n{A_TEST}",
        "manual-question-with-tests",
        "(q3): it is marked by hand and has tests",
    ),
    "helper-above-the-test": Fault(
        VALUE,
        "def whole(v):\n    return v\n\n" + VALUE.replace("int(v)", "whole(v)"),
        "several-test-functions",
        "cell 10 (q1): Otter uses whole, the first function, as the test and drops test_q1_value",
    ),
    "two-tests-of-one-name": Fault(
        "test_q2_array",
        "test_q2_number",
        "duplicate-test",
        "cell 21 (q2): the test test_q2_number is also in cell 20",
    ),
    "ends-python": Fault(
        "    assert double(21) == 42",
        "    if double(21) != 42:\n        raise SystemExit('wrong')",
        "test-ends-python",
        "cell 20 (q2): it raises SystemExit",
    ),
    "exits": Fault(
        "    assert double(21) == 42",
        "    import sys\n    double(21) == 42 or sys.exit(1)",
        "test-ends-python",
        "cell 20 (q2): it calls exit()",
    ),
    "never-fails": Fault(
        "    assert double(21) == 42",
        "    print('right' if double(21) == 42 else 'wrong')",
        "test-cannot-fail",
        "cell 20 (q2): it can never fail",
    ),
    "no-function": Fault(
        "def test_q2_number(double):\n    assert double(21) == 42",
        "assert 21 * 2 == 42",
        "test-without-function",
        "cell 20 (q2): it defines no test function",
        True,
    ),
    "clock": Fault(
        "    assert double(21) == 42",
        "    import time\n    assert double(21) == 42 and time.time() > 0",
        "test-uses-clock",
        "cell 20 (q2): it reads the clock (time.time)",
    ),
    "message-with-quotes": Fault(
        "the window again.",
        'the "window" again.',
        "unquoted-message",
        "cell 10 (q1): its failure_message has",
    ),
    "hidden-is-text": Fault(
        "points: 1\nhidden: true",
        "points: 1\nhidden: 'no'",
        "invalid-test-setting",
        "cell 20 (q2): `hidden` is 'no'; write true or false.",
    ),
    "points-are-text": Fault(
        "points: 1\nhidden: true",
        "points: one\nhidden: true",
        "invalid-test-setting",
        "cell 20 (q2): `points` is 'one'; write a number that is not negative.",
        True,
    ),
    "public-with-points": Fault(
        "points: 2\nhidden: true",
        "points: 2",
        "public-test-with-points",
        "cell 3 (q1): students receive the test in cell 10, public and with points; write "
        "`hidden: true` there, or `hidden: false` if this is intended.",
    ),
    "not-python": Fault(
        "assert double(21) == 42",
        "assert double(21 == 42",
        "test-syntax-error",
        "cell 20 (q2): the test is not valid Python",
        True,
    ),
    "config-is-not-yaml": Fault(
        "failure_message: Does double",
        "failure_message: Wrong: does double",
        "invalid-config",
        "cell 21 (q2): the test config is not YAML",
        True,
    ),
    "config-is-text": Fault(
        "name: q2\npoints: 4", "q2", "invalid-config", "cell 13: the question config is not", True
    ),
    "config-without-end": Fault(
        '""" # END TEST CONFIG\ndef test_q2_number',
        "def test_q2_number",
        "invalid-config",
        "cell 20 (q2): its TEST CONFIG has no end",
        True,
    ),
    "fence-without-end": Fault(
        "markdown: The end.",
        "markdown: ```otter\n# BEGIN QUESTION",
        "invalid-config",
        "cell 30: its ```otter block has no end",
        True,
    ),
    "no-name": Fault(
        "name: q1\npoints: 2",
        "points: 2",
        "question-without-name",
        "cell 3: the question has no name",
        True,
    ),
    "multiline-solution": Fault(
        "pair = (4, 5) # SOLUTION",
        "pair = tuple(\n    [4, 5]\n) # SOLUTION",
        "multiline-solution",
        "cell 6 (q1): line 3 is marked # SOLUTION, but its statement has 3 lines",
    ),
    "unmarked-solution": Fault(
        "pair = (4, 5) # SOLUTION",
        "pair = (4, 5)",
        "unmarked-solution",
        "cell 6 (q1): no line is marked # SOLUTION, so students receive pair",
    ),
    "solution-outside": Fault(
        "import numpy as np\n",
        "import numpy as np\nhint = (4, 5) # SOLUTION\n",
        "solution-outside-block",
        "cell 2: it is marked # SOLUTION outside of a solution block",
    ),
    "written-solution-outside": Fault(
        "markdown: The end.",
        "markdown: **SOLUTION:** it ends.",
        "solution-outside-block",
        "it looks like a solution outside of a solution block",
    ),
    "tests-without-end": Fault(
        "raw: # END TESTS\n----\n",
        "",
        "unclosed-block",
        "cell 11: a tests block is still open at this cell; put a raw cell # END TESTS",
        otter_reports=True,
    ),
    "question-without-end": Fault(
        "raw: # END QUESTION\n----\n",
        "",
        "unclosed-block",
        "cell 12: a question block is still open at this cell",
        otter_reports=True,
    ),
    "last-question-without-end": Fault(
        "raw: # END QUESTION\n----\nmarkdown: The end.",
        "markdown: The end.",
        "unclosed-block",
        "a question block is still open at the end",
        otter_reports=True,
    ),
    "missing-file": Fault(
        "files: [data/numbers.csv]",
        "files: [data/nowhere.csv]",
        "missing-file",
        "cell 1: `files` names data/nowhere.csv, which is not beside the master notebook",
        otter_reports=True,
    ),
    "one-value-for-settings": Fault(
        "init_cell: false",
        "seed: 5\ninit_cell: false",
        "invalid-setting",
        "cell 1: `seed` is 5, and it has settings of its own; write them below it",
        otter_reports=True,
    ),
    "files-of-students": Fault(
        "init_cell: false",
        "student_files: [mine.csv]\ninit_cell: false",
        "key-without-effect",
        "cell 1: `student_files` has no effect, since files beside a student's notebook do not reach",
        otter_reports=True,  # that the file is missing
    ),
    "plugins": Fault(
        "init_cell: false",
        "plugins: [otter.plugins.builtin.DateRange]\ninit_cell: false",
        "unsupported-key",
        "cell 1: `plugins` is not supported, since Otter's plugins are not run; remove the key.",
    ),
}
# faults that pass the tests that Otter Assign runs, too
RUN = ("ends-python", "helper-above-the-test", "message-with-quotes", "two-questions-of-one-name")


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the tiny lab names."""
    return labs.write_tiny(tmp_path_factory.mktemp("tiny")).parent


@pytest.fixture(autouse=True)
def _in_the_lab(beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(beside)


def diagnose(notebook: Any, folder: Path = Path()) -> list[Diagnostic]:
    return lint(Master(folder / "lab.ipynb", str(folder / "lab.ipynb"), notebook))


def sentences(notebook: Any, folder: Path = Path()) -> str:
    return "\n".join(map(str, diagnose(notebook, folder)))


def test_the_tiny_lab_has_no_fault() -> None:
    assert diagnose(labs.notebook(labs.TINY)) == []


def test_a_mark_in_a_block_that_is_removed_is_no_fault() -> None:
    text = "text = '''\nx = 1 # SOLUTION\n'''"
    solution = f"# BEGIN SOLUTION\npair = (4, 5)\n{text}\n# END SOLUTION"
    assert "pair = (4, 5) # SOLUTION" in labs.TINY
    lab = labs.TINY.replace("pair = (4, 5) # SOLUTION", solution, 1)
    assert diagnose(labs.notebook(lab)) == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_reported(name: str) -> None:
    fault = FAULTS[name]
    assert fault.old in labs.TINY
    diagnostics = diagnose(labs.notebook(labs.TINY.replace(fault.old, fault.new, 1)))
    assert fault.rule in {d.rule for d in diagnostics}, diagnostics
    said = "\n".join(str(d) for d in diagnostics if d.rule == fault.rule)
    assert fault.text in said and said.endswith(f". [{fault.rule}]"), said


def test_every_rule_of_lint_has_a_fault_here() -> None:
    structure = {rule.id for rule in rules.SECTIONS["Structure of the master notebook"]}
    tested_below = {
        *("unsupported-language", "old-format", "uncalled-test", "decorated-doctest"),
        *("marker-not-raw", "unknown-marker", "no-questions"),
    }
    reported_elsewhere = {"public-test-with-points"}
    assert structure | reported_elsewhere == {f.rule for f in FAULTS.values()} | tested_below


@pytest.mark.parametrize(
    ("points", "fits_by_hand", "fits_tests"),
    [
        *(("3", True, True), ("0", True, True), ("0.5", True, True), ("null", True, True)),
        *(("[1, 2]", False, True), ("{each: 1}", False, True), ("[1, null]", False, True)),
        *(
            (text, False, False)
            for text in ("'3'", "1/2", "1e400", "1.0e+400", "-3", ".nan", "true")
        ),
        *((text, False, False) for text in ("['1']", "[-1]", "{all: 1}", "{each: '1'}")),
    ],
)
def test_points_of_all_questions_are_checked(
    points: str, fits_by_hand: bool, fits_tests: bool
) -> None:
    by_hand = labs.TINY.replace(Q3, f"name: q3\nmanual: true\npoints: {points}")
    tested = labs.TINY.replace("name: q1\npoints: 2", f"name: q1\npoints: {points}")
    for text, cell, fits in ((by_hand, 24, fits_by_hand), (tested, 3, fits_tests)):
        reports = [d for d in diagnose(labs.notebook(text)) if d.rule == "invalid-setting"]
        assert [d.cell for d in reports] == ([] if fits else [cell]), reports
        assert all("`points` is " in d.message for d in reports)


OLD = """
markdown: ```
BEGIN ASSIGNMENT
name: old
```
----
markdown: ```
BEGIN QUESTION
name: q1
```
----
code: a = 5 # SOLUTION
----
code: # TEST
a == 5
"""


def test_a_public_test_may_have_points_and_a_message_where_it_says_so_or_none_is_hidden() -> None:
    hidden = "points: 2\nhidden: true"
    for text in (
        labs.TINY.replace(hidden, "points: 2\nhidden: false"),
        labs.TINY.replace("hidden: true\n", ""),
    ):
        assert "public-test-with-points" not in sentences(labs.notebook(text))


def test_the_old_format_is_reported_once_with_what_to_do() -> None:
    (diagnostic,) = diagnose(labs.notebook(OLD))
    assert (diagnostic.rule, diagnostic.cell) == ("old-format", 1)
    assert "Otter's old format (v0: BEGIN ASSIGNMENT in a code block)" in str(diagnostic)
    assert "a raw cell that begins with # ASSIGNMENT CONFIG" in str(diagnostic)


@pytest.mark.parametrize(
    ("marker", "kind", "name"),
    [
        ("raw: # ASSIGNMENT CONFIG", "markdown", "Markdown"),
        ("raw: # BEGIN QUESTION", "markdown", "Markdown"),
        ("raw: # BEGIN TESTS", "code", "code"),
        ("raw: # END TESTS", "code", "code"),
        ("raw: # BEGIN SOLUTION", "code", "code"),
        ("raw: # END QUESTION", "markdown", "Markdown"),
    ],
)
def test_a_marker_in_another_cell_than_a_raw_one_is_one_error(
    marker: str, kind: str, name: str
) -> None:
    (diagnostic,) = diagnose(labs.notebook(labs.TINY.replace(marker, f"{kind}{marker[3:]}")))
    assert diagnostic.rule == "marker-not-raw"
    assert f"`{marker[5:]}` is in a {name} cell" in diagnostic.message
    assert ("the markers in the cells" in diagnostic.message) == ("CONFIG" not in marker)


@pytest.mark.parametrize(
    ("marker", "written", "meant"),
    [
        ("# ASSIGNMENT CONFIG", "#ASSIGNMENT CONFIG", "# ASSIGNMENT CONFIG"),
        ("# ASSIGNMENT CONFIG", "# BEGIN ASSIGNMENT", None),
        ("# BEGIN QUESTION", "#BEGIN QUESTION", "# BEGIN QUESTION"),
        ("# BEGIN QUESTION", "BEGIN QUESTION", "# BEGIN QUESTION"),
        ("# BEGIN SOLUTION", "## Begin solution", "# BEGIN SOLUTION"),
        ("# BEGIN SOLUTION", "# BEGIN ANSWER", None),
        ("# BEGIN SOLUTION", "\n# BEGIN SOLUTION", "# BEGIN SOLUTION"),
        ("# BEGIN TESTS", "# BEGIN TEST", "# BEGIN TESTS"),
        ("# END TESTS", "# END_TESTS", "# END TESTS"),
        ("# END QUESTION", "# ENDQUESTION", "# END QUESTION"),
    ],
)
def test_a_marker_that_otter_does_not_know_is_one_error(
    marker: str, written: str, meant: str | None
) -> None:
    text = labs.TINY.replace(f"raw: {marker}", f"raw: {written}", 1)
    (diagnostic,) = diagnose(labs.notebook(text))
    assert diagnostic.rule == "unknown-marker"
    assert f"`{written.strip()}` is no marker" in diagnostic.message
    assert meant is None or f"`{meant}`" in diagnostic.fix


@pytest.mark.parametrize(
    "cell",
    [
        "raw: # Beginnings of convolution, and what they were for",
        "raw: End of the lab.",
        "raw: # Assignments are due on the day that the syllabus says",
        "code: # BEGIN SOLUTION\npair = (4, 5)\n# END SOLUTION",
        "markdown: # Begin with the first question",
        "markdown: # BEGIN SOLUTION of the exercise\nRead on.",
        "markdown: ## BEGIN QUESTION",
    ],
)
def test_what_only_resembles_a_marker_is_none(cell: str) -> None:
    rules_of = {d.rule for d in diagnose(labs.notebook(f"{labs.TINY}----\n{cell}"))}
    assert not {"marker-not-raw", "unknown-marker"} & rules_of


def test_a_notebook_without_questions_is_reported() -> None:
    (diagnostic,) = diagnose(labs.notebook("raw: # ASSIGNMENT CONFIG\nname: x\n----\ncode: x = 1"))
    assert diagnostic.rule == "no-questions" and diagnostic.severity is Severity.WARNING


def test_doctests_that_cannot_work_are_reported() -> None:
    style = STYLES["doctests in the metadata"]
    uncalled = style.replace("# HIDDEN\nassert x == 2", "def test_x(x):\n    assert x == 2")
    (diagnostic,) = diagnose(labs.notebook(uncalled))
    assert diagnostic.rule == "uncalled-test" and "only defines test_x" in diagnostic.message
    with_constant = uncalled.replace("def test_x", "import math\nTWO = [2]\ndef test_x")
    (diagnostic,) = diagnose(labs.notebook(with_constant))
    assert diagnostic.rule == "uncalled-test"
    with_statement = uncalled.replace("def test_x", "TWO = x\ndef test_x")
    assert diagnose(labs.notebook(with_statement)) == []
    called = uncalled.replace("assert x == 2", "assert x == 2\ntest_x(x)")
    assert diagnose(labs.notebook(called)) == []
    decorated = called.replace("def test_x", "@staticmethod\ndef test_x")
    (diagnostic,) = diagnose(labs.notebook(decorated))
    assert diagnostic.rule == "decorated-doctest"
    assert "write `test_x = staticmethod(test_x)` below it" in str(diagnostic)


def test_a_question_without_tests_is_a_warning_unless_it_says_that_it_has_no_points() -> None:
    untested = labs.TINY.replace(Q3, "name: q3POINTS")
    for points, reports in (("\npoints: 3", 1), ("", 1), ("\npoints: 0", 0)):
        diagnostics = diagnose(labs.notebook(untested.replace("POINTS", points)))
        assert [d.rule for d in diagnostics] == ["question-without-tests"] * reports
        assert all(d.severity is Severity.WARNING for d in diagnostics)
    suppressed = untested.replace("POINTS", "").replace(
        "name: tiny\n", "name: tiny\nsuppress_no_tests_warning: true\n"
    )
    assert diagnose(labs.notebook(suppressed)) == []


def test_a_config_beside_the_notebook_is_checked_too(tmp_path: Path) -> None:
    folder = labs.write_tiny(tmp_path).parent
    (folder / "more.yml").write_text("export_cell: {pdff: true}\nenvironment: environment.yml\n")
    text = labs.TINY.replace("name: tiny\n", "name: tiny\nconfig_file: more.yml\n", 1)
    without_effect, unknown = sorted(
        diagnose(labs.notebook(text), folder), key=lambda diagnostic: diagnostic.rule
    )
    assert unknown.file == str(folder / "more.yml") and unknown.cell is None
    assert "in `export_cell`, the key 'pdff' means nothing to Otter; write 'pdf'." in str(unknown)
    assert "`environment` has no effect, since autograders are made without conda" in str(
        without_effect
    )


def test_another_language_is_reported() -> None:
    notebook = labs.notebook(labs.TINY)
    notebook.metadata.kernelspec.language = "R"
    (diagnostic,) = diagnose(notebook)
    assert diagnostic.rule == "unsupported-language" and "language of the notebook is R" in str(
        diagnostic
    )


def test_clocks_and_exits_are_reported_in_every_style() -> None:
    exits = STYLES["fenced configs, `env`, a call of the test"].replace(
        'assert env["x"]', 'env["x"] or exit(); assert env["x"]'
    )
    assert "it calls exit(), which ends Python" in sentences(labs.notebook(exits))
    clock = STYLES["doctests in the metadata"].replace(
        "# HIDDEN\nassert", "# HIDDEN\nimport time\nassert time.time() > 0 and"
    )
    assert "it reads the clock (time.time)" in sentences(labs.notebook(clock))


STYLES = {
    "doctests in the metadata": """
raw: # ASSIGNMENT CONFIG
name: style
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


@pytest.mark.parametrize("style", STYLES)
def test_sound_notebooks_of_every_style_have_no_fault(style: str) -> None:
    assert diagnose(labs.notebook(STYLES[style])) == []


@pytest.mark.slow
def test_all_errors_are_reported_at_once_and_nothing_is_replaced(tmp_path: Path) -> None:
    text = labs.TINY
    for name in ("misspelled-test-key", "list-of-points", "never-fails"):
        text = text.replace(FAULTS[name].old, FAULTS[name].new, 1)
    labs.write_tiny(tmp_path, text.replace("import otter\n", "import otter\n1 / 0\n"))
    (tmp_path / "student").mkdir()
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1
    for name in ("misspelled-test-key", "list-of-points", "never-fails"):
        assert FAULTS[name].text in ran.err
    assert "raised ZeroDivisionError" in ran.err  # found by running it
    assert "assignment/tiny.ipynb, cell 10 (q1)" in ran.err
    assert not list((tmp_path / "student").iterdir())


LIST = labs.TINY.replace("pair = (4, 5) #", "pair = [4, 5] #")
FOUND_BY_RUNNING = {
    "order": (
        LIST.replace("== [4, 5]", "== [4, 5]\n    pair.clear()", 1),
        "cell 3 (q1): its tests fail when run again in reverse order (q1 - 2, q1 - 1)",
        "order-dependent-tests",
    ),
    "blank": (
        labs.TINY.replace("assert [int(v) for v in pair] == [4, 5]", "assert pair != 'nothing'"),
        "cell 3 (q1): the blank student notebook earns 2 points (passed: q1 - 2)",
        "blank-earns-points",
    ),
    "worthless": (
        labs.TINY.replace("len(pair) == 2, ", "len(pair) == 3, "),
        "cell 9 (q1): the solution fails test_q1_form, worth no points: `assert pair is not None",
        "zero-point-test-fails",
    ),
    "hidden test in a file": (
        labs.TINY.replace("files: [data/numbers.csv]", "files: [data/numbers.csv, notes.py]"),
        "cell 13 (q2): notes.py contains a hidden test of q2: 'assert double(21) == 42'",
        "hidden-test-exposed",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FOUND_BY_RUNNING)
def test_faults_found_by_running_are_reported_and_stock_otter_is_silent(
    tmp_path: Path, name: str
) -> None:
    text, message, rule = FOUND_BY_RUNNING[name]
    assert text != labs.TINY
    master = labs.write_tiny(tmp_path, text)
    (master.parent / "notes.py").write_text("# to do\nassert double(21) == 42\n")
    ran = ottermark("build", cwd=tmp_path)
    assert f"assignment/tiny.ipynb, {message}" in ran.err, ran.err
    assert ran.err.rstrip().endswith(f"[{rule}]")
    is_error = rules.RULES[rule].severity is Severity.ERROR
    assert ran.code == is_error and (tmp_path / "student").exists() != is_error
    otter_assign(
        str(master),
        str(tmp_path / "otter"),
        no_pdfs=True,
        no_run_tests=name not in ("order", "worthless"),
    )


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("name", [name for name in FAULTS if name != "plugins"])  # Otter runs those
def test_stock_otter_reports_few_faults(tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    master = labs.write_tiny(tmp_path, labs.TINY.replace(fault.old, fault.new, 1))
    skips = name not in RUN
    try:
        otter_assign(str(master), str(tmp_path / "otter"), no_pdfs=True, no_run_tests=skips)
    except Exception:
        assert fault.otter_reports
    else:
        assert not fault.otter_reports
        if name == "misspelled-test-key":  # the consequence
            student = nbformat.read(tmp_path / "otter" / "student" / "tiny.ipynb", as_version=4)
            assert student.cells
            student_test = (tmp_path / "otter" / "student" / "tests" / "q1.py").read_text()
            assert "[4, 5]" in student_test
