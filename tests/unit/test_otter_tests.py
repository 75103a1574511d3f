"""Otter's test files: the names they read and what passes; and which cells a question needs."""

from __future__ import annotations

from pathlib import Path

import labs
import pytest

from ottermark.assignment import Question
from ottermark.authoring.slicing import needed
from ottermark.grading.otter_tests import OtterTests


def test_a_failed_doctest_shows_the_example(tmp_path: Path) -> None:
    path = tmp_path / "q.py"
    path.write_text(
        "OK_FORMAT = True\ntest = {'name': 'q', 'points': 1, 'suites': [{'type': 'doctest', "
        "'cases': [{'code': '>>> y = x + 1\\n>>> y\\n3', 'hidden': False}]}]}"
    )
    tests = OtterTests(path)
    assert tests.required_names().names == ("x",)
    assert tests.run(0, {"x": 2}) is None
    failed = str(tests.run(0, {"x": 3}))
    assert failed.split() == ["y", "Expected:", "3", "Got:", "4"]


def test_names_that_a_doctest_sets_are_discarded_after_it(tmp_path: Path) -> None:
    path = tmp_path / "q.py"
    cases = "{'code': '>>> x = 1', 'hidden': False}, {'code': '>>> x', 'hidden': False}"
    path.write_text(
        "OK_FORMAT = True\ntest = {'name': 'q', 'points': 1, 'suites': "
        f"[{{'type': 'doctest', 'cases': [{cases}]}}]}}"
    )
    tests = OtterTests(path)
    assert tests.required_names().names == ("x",)
    assert [tests.run(index, {}) is None for index in (0, 1)] == [True, False]


@pytest.mark.parametrize(
    ("body", "names", "open_ended"),
    [
        ("def test_a(env):\n    assert env['x'] and env.get('y', 1) and 'z' in env", "xyz", False),
        ("def test_a(env, w):\n    exec('x', env)", "w", True),
        ("def test_a(np, x):\n    assert np.all(x)", ("np", "x"), False),
    ],
)
def test_the_names_that_tests_read(
    tmp_path: Path, body: str, names: tuple[str, ...], open_ended: bool
) -> None:
    path = tmp_path / "q.py"
    head = "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q'\npoints = 1\n"
    path.write_text(f"{head}@test_case(points=None, hidden=False)\n{body}\n")
    required = OtterTests(path).required_names()
    assert set(required.names) == set(names)
    assert bool(required.why_open_ended) == open_ended


def test_a_question_needs_what_makes_or_changes_its_names() -> None:
    notebook = labs.notebook("""
code: %matplotlib inline
----
code: from math import *
----
code: import numpy as np
import this_is_not_needed
----
code: other = [1, 2]
----
code: table = np.zeros(3)
----
code: table[0] = sqrt(4)
----
code: other.append(table)
----
code: def answer():
    return table.sum()
----
code: answer = None
""")
    kept = needed(notebook, Question("q", 1, False, ("answer",)), end=7).cells
    sources = [cell.source.splitlines()[0] for cell in kept]
    assert sources == [
        "%matplotlib inline",
        "from math import *",
        "import numpy as np",
        "table = np.zeros(3)",
        "table[0] = sqrt(4)",
        "def answer():",
    ]
