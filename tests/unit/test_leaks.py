"""Which lines count as leaks: not those that students are shown on purpose, or have everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import labs
import pytest

from ottermark.authoring.leaks import MANY_PLACES, find_leaks
from ottermark.authoring.master import Master
from ottermark.diagnostics import Diagnostic

TEST = "@test_case(points=1, hidden={hidden})\ndef test_{name}(f):\n    {line}\n"
CODE = "result = widest(rows, key=len, default=None)"


def leaks(
    folder: Path,
    solution: str,
    blank: str,
    files: dict[str, str],
    public: str = "",
) -> list[Diagnostic]:
    """Return the leaks in a student folder that holds the blank notebook and some files."""
    student, tests, grader = (folder / name for name in ("student", "tests", "files"))
    for path in (student, tests, grader):
        path.mkdir()
    (tests / "q.py").write_text(
        TEST.format(hidden=False, name="public", line=public or "assert f")
        + TEST.format(hidden=True, name="hidden", line="assert widest([[1], [2, 3]]) == [2, 3]")
    )
    notebooks: dict[str, Any] = {
        name: labs.notebook(text) for name, text in (("s", solution), ("b", blank))
    }
    sources = "\n".join(cell.source for cell in notebooks["b"].cells)
    for name, text in {**files, "lab.ipynb": sources}.items():
        (student / name).write_text(text)
    master = Master(folder / "lab.ipynb", "lab.ipynb", notebooks["s"])
    return find_leaks(student, master, notebooks["s"], notebooks["b"], tests, grader)


PROMPT = "markdown: Return the row that holds the most numbers, the first if two are equal."
QUOTES = {
    "docstring": f'code: def widest(rows):\n    """\n    {PROMPT[10:-1]}\n    """\n    return 1',
    "comment": f"code: {PROMPT[10:-1].replace('Return', '# Return')}\nx = 1",
    "written answer": f"markdown: {PROMPT[10:-1]}",
}


@pytest.mark.parametrize("name", QUOTES)
def test_a_solution_may_quote_the_prompt(name: str, tmp_path: Path) -> None:
    prompt = PROMPT.replace("Return", "# Return") if name == "comment" else PROMPT
    assert leaks(tmp_path, QUOTES[name], prompt, {}) == []


def test_code_of_a_solution_in_a_prompt_is_a_leak(tmp_path: Path) -> None:
    (leak,) = leaks(tmp_path, f"markdown: Text\n----\ncode: {CODE}", f"markdown: Hint: {CODE}", {})
    assert (leak.rule, leak.cell) == ("solution-exposed", 2), "the cell where it can be silenced"


def test_a_docstring_elsewhere_is_a_leak(tmp_path: Path) -> None:
    (leak,) = leaks(tmp_path, QUOTES["docstring"], "code: x = 1", {"notes.txt": PROMPT})
    assert leak.rule == "solution-exposed" and "notes.txt contains" in leak.message


@pytest.mark.parametrize(
    ("blank", "public"),
    [(f"code: {CODE}  # as an example", ""), ("code: x = 1", f"assert {CODE[9:]} == 3")],
    ids=["code that students receive", "a public test"],
)
def test_a_line_that_students_are_shown_is_no_leak(blank: str, public: str, tmp_path: Path) -> None:
    solution = f"code: {CODE if not public else CODE[9:]}"
    assert leaks(tmp_path, solution, blank, {"notes.txt": CODE}, public) == []


@pytest.mark.parametrize("count", [MANY_PLACES - 1, MANY_PLACES])
def test_a_line_in_ten_places_is_no_leak(count: int, tmp_path: Path) -> None:
    lines = f"{CODE}\nassert widest([[1], [2, 3]]) == [2, 3]\n"
    reports = leaks(tmp_path, f"code: {CODE}", "code: x = 1", {"a.py": count * lines})
    rules = ["solution-exposed", "hidden-test-exposed"] if count < MANY_PLACES else []
    assert [leak.rule for leak in reports] == rules


def test_files_that_are_no_arrays_of_numbers_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert leaks(tmp_path / "x", "code: x = 1", "code: x = ...", {"a.npz": "no archive"}) == []


@pytest.mark.parametrize(
    ("name", "rule"),
    [("mail.log", "expected-output-exposed"), ("tests/q.py", "hidden-test-exposed")],
)
def test_what_a_doctest_expects_may_stand_in_the_data(name: str, rule: str, tmp_path: Path) -> None:
    address = "carl.gustaf@university.example"
    case = {"code": f">>> print(found[0])\n{address}", "hidden": True}
    test = f"OK_FORMAT = True\ntest = {{'name': 'd', 'suites': [{{'cases': [{case}]}}]}}\n"
    for folder in ("student/tests", "tests", "files"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tests" / "d.py").write_text(test)
    (tmp_path / "student" / name).write_text(test if name.endswith(".py") else f"<{address}>\n")
    notebook: Any = labs.notebook("code: x = 1")
    master = Master(tmp_path / "lab.ipynb", "lab.ipynb", notebook)
    folders = tmp_path / "tests", tmp_path / "files"
    reports = find_leaks(tmp_path / "student", master, notebook, notebook, *folders)
    assert {leak.rule for leak in reports} == {rule}
