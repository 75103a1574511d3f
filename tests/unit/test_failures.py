"""Why a solution fails tests of its own, read from the messages of Otter itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ottermark.authoring.failures import explain_failures, what_failed
from ottermark.worker.otter_package import NBMetadataConfig, create_test_file

DOCTEST = """
OK_FORMAT = True
test = {{"name": "q", "points": 1, "suites": [{{"cases": [{{"code": {code!r}, "hidden": False,
    "locked": False}}], "scored": True, "setup": "", "teardown": "", "type": "doctest"}}]}}
"""
FUNCTION = """
from otter.test_files import test_case

OK_FORMAT = False
name, points = "q", 1


@test_case(points=1, hidden=False)
def test_q(x):
    {code}
"""


def message(folder: Path, source: str, **names: Any) -> str:
    """Return what Otter says of a test that fails."""
    path = folder / "q.py"
    path.write_text(source)
    test = create_test_file(str(path), NBMetadataConfig())
    test.run(names)
    (result,) = test.test_case_results
    assert not result.passed
    return str(result.message)


@pytest.mark.parametrize(
    ("code", "is_about_printing"),
    [
        (">>> np.isclose(x, 1.5)\nTrue", True),
        (">>> x\n1.5", True),
        (">>> [x, x]\n[1.5, 1.5]", True),
        (">>> np.array(['a'])[0]\n'a'", True),
        (">>> np.isclose(x, 2)\nTrue", False),
        (">>> x\n2.5", False),
        (">>> x\n1.5\n>>> 1 + 1\n3", False),
        (">>> 1 / 0\n1.5", False),
    ],
)
def test_numpys_new_way_of_printing_is_named(
    code: str, is_about_printing: bool, tmp_path: Path
) -> None:
    import numpy as np

    text = message(tmp_path, DOCTEST.format(code=code), np=np, x=np.float64(1.5))
    cause, fix = explain_failures([text])
    assert ("how NumPy 2 prints" in cause) == is_about_printing, text
    assert ("bool(...)" in fix) == is_about_printing
    assert explain_failures([text, "something else"])[0] == ""


@pytest.mark.parametrize(
    "source",
    [DOCTEST.format(code=">>> mean([x])\n1"), FUNCTION.format(code="assert mean([x]) == 1")],
)
def test_a_missing_name_is_named(source: str, tmp_path: Path) -> None:
    cause, fix = explain_failures([message(tmp_path, source, x=1)])
    assert cause == "`mean` is not defined there"
    assert fix == "import or define it in the test or the notebook"


@pytest.mark.parametrize(
    ("source", "clause"),
    [
        (FUNCTION.format(code="assert x == 2"), "`assert x == 2` raised AssertionError"),
        (FUNCTION.format(code="assert x == 2, 'no'"), "... raised AssertionError: no"),
        (FUNCTION.format(code="x.y"), "`x.y` raised AttributeError: ...object has no attribute"),
        (DOCTEST.format(code=">>> x == 2\nTrue"), "`x == 2` gives False instead of True"),
        (DOCTEST.format(code=">>> y = x\n>>> y\n2"), "`y` gives 1 instead of 2"),
        (DOCTEST.format(code=">>> x + x"), "`x + x` fails"),
        (DOCTEST.format(code=">>> x / 0\n2"), "`x / 0` raised an exception"),
    ],
)
def test_what_failed_is_named(source: str, clause: str, tmp_path: Path) -> None:
    text = what_failed(message(tmp_path, source, x=1))
    first, _, last = clause.partition("...")
    assert text.startswith(first) and (last in text), text
    assert what_failed("The process ended.") == ""


def test_of_other_failures_nothing_is_said(tmp_path: Path) -> None:
    text = message(tmp_path, FUNCTION.format(code="assert x == 2"), x=1)
    assert explain_failures([text]) == ("", "correct the test or the solution")


def test_an_old_output_can_be_the_cause() -> None:
    text = "Trying:\n    f(1) == 'b5ae'\nExpecting:\n    'b5ae'\nExpected:\n    'b5ae'\nGot:\n    True\n"
    cause, fix = explain_failures([text])
    assert cause == "The output saved with these tests is not what they show now"
    assert fix.endswith("or run the tests' cells again and save the notebook")
    assert explain_failures([text, "AssertionError"]) == ("", "correct the test or the solution")
