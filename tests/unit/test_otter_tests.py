"""Otter's test files: the names they read and what passes; and which cells a question needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import labs
import pytest

from ottermark.authoring.slicing import slice_notebook
from ottermark.grading.otter_tests import OtterTests


def test_slow_packages_that_test_files_do_not_use_are_not_imported() -> None:
    slow = "{'rfc3987_syntax', 'nbconvert', 'pandas'}"
    code = f"import sys, ottermark.grading.otter_tests; print({slow} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


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


def test_a_test_file_is_compiled_as_by_otter(tmp_path: Path) -> None:
    path = tmp_path / "q.py"
    path.write_text(
        "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q'\npoints = 1\n"
        "seen = []\n@test_case(points=1, hidden=False)\ndef test_q(x):\n"
        "    def double(number: int): return 2 * number\n"
        "    assert double.__annotations__ == {'number': int} and not seen\n    seen.append(x)\n"
    )
    for _ in range(2):  # each submission has a module of its own
        assert OtterTests(path).run(0, {"x": 1}) is None


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
    cells = slice_notebook(notebook, ("answer",), end=7).cells
    assert len(cells) == len(notebook.cells)
    sources = [cell.source.splitlines()[0] for cell in cells if cell.source]
    assert sources == [
        "%matplotlib inline",
        "from math import *",
        "import numpy as np",
        "table = np.zeros(3)",
        "table[0] = sqrt(4)",
        "def answer():",
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("def test_a(x):\n    assert x == 1, 'x is off'", "x is off"),
        ("def test_a(x):\n    for n, why in ((1, 'is low'), (2, 'is high')):\n        assert x == n, why", "is low"),
        ("def test_a(x):\n    assert x == 1, ['low', 'high', 'odd'][x % 3]", "odd"),
        ("def test_a(x):\n    assert x == 1, {'a': 'low', 'b': 'high'}['ab'[x % 2]]", "low"),
        ("def test_a(x):\n    def check(why='inside'):\n        assert x == 1, why\n    check()", "inside"),
        ("@repeated\ndef test_a(x):\n    assert x == 1, 'x is off'", "x is off"),
        ("def test_a(x):\n    assert x == 1, f'x is {x}'", ""),
        ("def test_a(x):\n    assert x == 1, 'x is ' + str(x)", ""),
        ("def test_a(x):\n    assert x == 1, x", ""),
        ("def test_a(x):\n    raise ValueError('x is off')", ""),
    ],
)  # fmt: skip
def test_only_a_message_that_stands_in_the_test_is_shown(
    tmp_path: Path, body: str, message: str
) -> None:
    path = tmp_path / "q.py"
    path.write_text(
        "import functools\nfrom otter.test_files import test_case\n"
        "OK_FORMAT = False\nname = 'q'\npoints = 1\n"
        "def repeated(test):\n    @functools.wraps(test)\n    def twice(x):\n"
        "        test(x)\n        test(x)\n    return twice\n"
        f"@test_case(points=1, hidden=True)\n{body}\n"
    )
    tests = OtterTests(path)
    failure = tests.run(0, {"x": 8})
    assert failure is not None
    assert tests.message_of(0, failure) == message
