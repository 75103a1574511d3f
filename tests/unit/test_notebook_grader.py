"""The package that students receive: one sentence a check, with real Otter and real test files."""

from __future__ import annotations

import copy
import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
import otter
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import ottermark.notebook_grader
from ottermark.authoring.student_grader import uses_notebook_grader, wrap_grader
from ottermark.notebook_grader import Grader
from ottermark.notebook_grader.check import CheckResult, State
from ottermark.worker.otter import make_notebook_grader_stub

FORM = """
from otter.test_files import test_case
OK_FORMAT = False
name = "{name}"
points = 2

@test_case(points=0, hidden=False)
def test_form(answer):
    assert answer == 3, f"answer should be three; it is {{answer!r}}"
"""
RECORDS: list[dict[str, Any]] = [
    {"id": "form", "title": "Question 1: <em>three</em>", "names": ["answer"], "cell": "a"},
    {"id": "value", "names": ["answer"], "cell": "b"},
    {"id": "public", "names": ["answer"], "all_tests_public": True, "cell": "c"},
    {"id": "example", "names": ["double"], "cell": "d"},
    {"id": "doctests", "names": ["answer"], "cell": "e"},
    {"id": "untested", "names": ["answer"], "cell": "f"},
    {"id": "parts", "names": ["answer", "double"], "cell": "g"},
    {"id": "essay", "names": [], "written": True, "cell": "h", "placeholder": "Type here."},
]
TESTS = {
    "form": FORM.format(name="form"),
    "value": FORM.format(name="value").replace("points=0", "points=1"),
    "public": FORM.format(name="public").replace("points=0", "points=2"),
    "example": """
from otter.test_files import test_case
OK_FORMAT = False
name = "example"

@test_case(points=0, hidden=False)
def test_form(double):
    assert callable(double), "double should be a function"

@test_case(points=0, hidden=False)
def test_example(double):
    assert double(4) == 8, f"double(4) gives {double(4)}, and the question says 8"
""",
    "doctests": '''
OK_FORMAT = True
test = {"name": "doctests", "points": 1, "suites": [{"type": "doctest", "cases": [
    {"code": ">>> answer > 2\\nTrue", "hidden": False, "points": 0,
     "failure_message": "Is it more than two?"}]}]}
''',
    "parts": '''
from otter.test_files import test_case
OK_FORMAT = False
name = "parts"

@test_case(points=0, hidden=False)
def test_form(answer, double):
    assert answer is not None
''',
}  # fmt: skip


@pytest.fixture
def grader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Grader:
    """A wrapped ``otter.Notebook`` in a folder with tests."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").mkdir()
    for name, source in TESTS.items():
        (tmp_path / "tests" / f"{name}.py").write_text(source)
    nbformat.write(new_notebook(), tmp_path / "lab.ipynb")
    (tmp_path / "questions.json").write_text(json.dumps(RECORDS))
    return Grader(otter.Notebook("lab.ipynb"), tmp_path)


def defined(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(source, names)
    return names


def test_a_form_without_points_is_readable_and_no_more(grader: Grader) -> None:
    assert repr(grader.check("form", {"answer": 3})) == (
        "form can be read; it is marked after you hand in."
    )


def test_a_wrong_form_cannot_be_read_and_the_reason_is_the_tests_own(grader: Grader) -> None:
    result = grader.check("form", {"answer": 4})
    assert repr(result) == "form cannot be read: answer should be three; it is 4."
    assert result.is_open


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "there is no answer, so run the cell with your answer first"),
        ("answer = ...", "answer is still ..."),
        ("answer = None", "answer is None, as from a function without return"),
        ("answer = {'mse': 1, 'mae': ...}", "answer['mae'] is still ..."),
        ("answer = (3, ...)", "answer[1] is still ..."),
        ("def answer(x):\n    'Text.'\n    ...", "the function answer is still empty"),
        ("def answer(x): pass", "the function answer is still empty"),
        ("def answer(x):\n    y = ...\n    return y", "the function answer still has a ... in it"),
        ("def answer(x): return ...", "the function answer still has a ... in it"),
    ],
)
def test_what_was_not_touched_is_not_answered_yet(source: str, reason: str, grader: Grader) -> None:
    result = grader.check("form", defined(source))
    assert repr(result).removesuffix(".") == f"form is not answered yet: {reason}".removesuffix(".")
    assert result.is_open


def test_a_missing_part_counts_although_the_tests_pass(grader: Grader) -> None:
    names = defined("answer = 1\ndef double(x): ...")
    assert grader.check("parts", names).reason == "the function double is still empty"
    assert grader.check("parts", defined("answer = 1; double = 2")).state is State.READABLE


@pytest.mark.parametrize(
    "body",
    [
        "    x[...] = 0\n    return 2 * x",
        "    return x[..., 0]",
        "    return x[...]",
        "    print(x)",
        "    if x:\n        return None\n    return 2",
    ],
)
def test_ellipsis_as_an_index_and_functions_without_result_are_answers(
    body: str, grader: Grader
) -> None:
    names = defined(f"answer = 1\ndef double(x):\n{body}")
    assert grader.check("parts", names).state is State.READABLE


def test_a_public_test_with_points_is_no_matter_of_form(grader: Grader) -> None:
    assert repr(grader.check("value", {"answer": 3})) == (
        "value passes the tests that you have; others are run after you hand in."
    )
    assert repr(grader.check("value", {"answer": 4})) == (
        "value does not pass a test that you have: answer should be three; it is 4."
    )


def test_a_question_with_public_tests_alone_is_passed(grader: Grader) -> None:
    assert repr(grader.check("public", {"answer": 3})) == "public passes all of its tests."


def test_an_example_says_what_it_gave_and_what_the_question_says(grader: Grader) -> None:
    names = defined("def double(x): return x + 2")
    result = grader.check("example", names)
    assert repr(result) == (
        "example does not agree with its example: double(4) gives 6, and the question says 8."
    )
    right = grader.check("example", defined("def double(x): return x + x"))
    assert right.state is State.READABLE


def test_a_function_that_raises_is_named_and_shown_nothing_twice(
    grader: Grader, capsys: pytest.CaptureFixture[str]
) -> None:
    names = defined(
        "def helper(x): return x[0]\ndef double(x):\n    print('once')\n    return helper(x)"
    )
    result = grader.check("example", names)
    assert result.reason == (
        "double stops with TypeError: 'int' object is not subscriptable. The check called double(4)"
    )
    assert capsys.readouterr().out == "once\n"


def test_a_doctest_speaks_through_its_message_and_not_its_lines(grader: Grader) -> None:
    assert repr(grader.check("doctests", {"answer": 1})) == (
        "doctests cannot be read: Is it more than two?"
    )


def test_a_question_without_public_tests_is_marked_later(grader: Grader) -> None:
    assert grader.check("untested", {"answer": 1}).state is State.UNTESTED
    assert grader.check("untested", {"answer": ...}).state is State.UNANSWERED


def test_a_test_file_that_is_missing_passes_nothing(grader: Grader, tmp_path: Path) -> None:
    for path in tmp_path.rglob("public.py"):
        path.unlink()
    assert grader.check("public", {"answer": 3}).state is State.UNTESTED
    shutil.rmtree("tests")
    assert grader.check("form", {"answer": 3}).state is State.UNTESTED


def test_a_question_that_does_not_exist_is_otters_error(grader: Grader) -> None:
    with pytest.raises(FileNotFoundError, match="q9"):
        grader.check("q9", {})


def test_the_names_are_those_of_the_caller(grader: Grader) -> None:
    names = {"grader": grader, "answer": 3}
    exec("one = grader.check('form'); every = grader.check_all()", names)
    one, every = names["one"], names["every"]
    assert isinstance(one, CheckResult) and one.state is State.READABLE
    assert isinstance(every, ottermark.notebook_grader.overview.Overview)
    assert every.results[0].state is State.READABLE


# ------------------------------------------------------------------------- hostile values

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Hostile:
    """A value whose texts are written to deceive."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


@pytest.mark.parametrize(
    "text",
    [
        MARKUP,
        "3\nform passes all of its tests.",
        "\x1b[32mpassed\x1b[0m\r\b\b",
        "\u202egnorw\u202c",
        "x" * 1_000_000,
        "\ud800",
    ],
    ids=["markup", "lines", "escapes", "direction", "long", "surrogate"],
)
def test_a_hostile_text_is_one_harmless_line(text: str, grader: Grader) -> None:
    result = grader.check("form", {"answer": Hostile(text)})
    assert result.state is State.UNREADABLE
    for shown in (repr(result), result._repr_html_()):
        assert shown.isprintable() and len(shown) < 1_000
        shown.encode()
    assert "<script" not in result._repr_html_() and "<img" not in result._repr_html_()


def test_objects_that_pretend_to_be_others_are_no_placeholders(grader: Grader) -> None:
    class Liar:
        __class__ = property(lambda self: 1 / 0)

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    assert grader.check("form", {"answer": Liar()}).state is State.READABLE


# ------------------------------------------------------------------------------- overview


def test_all_checks_end_in_a_list_of_what_is_open(grader: Grader) -> None:
    names = {"grader": grader, **defined("answer = 4\ndef double(x): ...")}
    exec("overview = grader.check_all()", names)
    lines = repr(names["overview"]).splitlines()
    assert lines[lines.index("") + 1 :] == [
        "Marked by a person, so without a check: essay.",
        "Open: 5 of 7 questions:",
        "- form (Question 1: <em>three</em>) cannot be read",
        "- value does not pass a test that you have",
        "- public does not pass a test that you have",
        "- example is not answered yet",
        "- parts is not answered yet",
    ]
    html = names["overview"]._repr_html_()
    assert "<li>form (Question 1: &lt;em&gt;three&lt;/em&gt;) cannot be read</li>" in html


def test_nothing_open_is_said_as_well(grader: Grader) -> None:
    names = {"grader": grader, **defined("answer = 3\ndef double(x): return x + x")}
    exec("overview = grader.check_all()", names)
    assert repr(names["overview"]).endswith("\nOpen: 0 of 7 questions.")
    assert names["overview"].open == ()


# ------------------------------------------------------------------------- the module itself


def test_what_is_not_wrapped_is_otters_own(grader: Grader) -> None:
    assert grader.run_plugin == grader._notebook.run_plugin
    with pytest.raises(AttributeError):
        grader.no_such_method
    assert copy.copy(grader).run_plugin == grader.run_plugin


def test_without_the_record_of_the_questions_checks_still_speak(
    grader: Grader, tmp_path: Path
) -> None:
    (tmp_path / "questions.json").unlink()
    bare = Grader(otter.Notebook("lab.ipynb"), tmp_path)
    assert bare.check("form", {"answer": 4}).state is State.UNREADABLE


def test_the_package_needs_the_standard_library_alone() -> None:
    source = Path(ottermark.notebook_grader.__file__).parent
    spec = importlib.util.spec_from_file_location("notebook_grader", source / "__init__.py")
    assert spec is not None and spec.loader is not None
    before = set(sys.modules)
    module = importlib.util.module_from_spec(spec)
    sys.modules["notebook_grader"] = module
    try:
        spec.loader.exec_module(module)
        loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
        assert loaded <= {"notebook_grader", *sys.stdlib_module_names}
    finally:
        for name in [n for n in sys.modules if n.partition(".")[0] == "notebook_grader"]:
            del sys.modules[name]


def test_while_grading_the_wrapped_grader_is_the_stub_itself() -> None:
    notebook = object()
    assert make_notebook_grader_stub().Grader(notebook) is notebook


@pytest.mark.parametrize(
    ("cells", "wrapped"),
    [
        (["import otter\ngrader = otter.Notebook('lab.ipynb')"], 0),
        (["%pip install x", "from otter import Notebook\ngrader = Notebook()", "grader = 1"], 1),
        (["grader.check('q1')", "grader = (", "import otter\n%matplotlib inline"], None),
    ],
    ids=["otter", "imported", "none"],
)
def test_the_cell_that_makes_the_grader_wraps_it(cells: list[str], wrapped: int | None) -> None:
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    wrap_grader(notebook)
    changed = [i for i, source in enumerate(cells) if notebook.cells[i].source != source]
    assert changed == ([] if wrapped is None else [wrapped])
    assert uses_notebook_grader(notebook) is (wrapped is not None)
