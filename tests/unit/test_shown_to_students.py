"""What the build reports of answers that students receive by the author's own lists and cells."""

from __future__ import annotations

from pathlib import Path

import labs
import pytest

from ottermark.authoring.pipeline import BuildOptions, prepare

LISTS = "files: [data/numbers.csv]\nautograder_files: [held_back/answers.csv]"


def reports(folder: Path, text: str) -> list[str]:
    """Return what is reported of a master before anything is run."""
    master = labs.write_tiny(folder, text)
    (folder / "work").mkdir()
    _, diagnostics = prepare(master, BuildOptions(folder), folder / "work", lambda _: None)
    return [str(diagnostic) for diagnostic in diagnostics]


@pytest.mark.parametrize(
    ("files", "autograder_files", "shown"),
    [
        ("data", "data/numbers.csv", "data/numbers.csv"),
        ("data/numbers.csv", "./data/numbers.csv", "data/numbers.csv"),
        ("data", "held_back, data", "data/numbers.csv"),
        ("data", "held_back", ""),
        ("data/numbers.csv", "held_back/answers.csv", ""),
    ],
)
def test_a_file_in_both_lists_is_reported(
    files: str, autograder_files: str, shown: str, tmp_path: Path
) -> None:
    lists = f"files: [{files}]\nautograder_files: [{autograder_files}]"
    reported = reports(tmp_path, labs.TINY.replace(LISTS, lists))
    if not shown:
        assert reported == []
        return
    (report,) = reported
    assert f"cell 1: students receive {shown}, which `autograder_files` keeps" in report
    assert report.endswith("[file-in-both-lists]")


SETUP = 'grader = otter.Notebook("tiny.ipynb")'
Q2 = "markdown: Write `double(x)`."
WHOLE = "def test_it(double):\n    import numpy as np\n    assert all(double(x) == x + x for x in np.arange(top))"
SHOWN = {
    "with a message": (SETUP, f"{SETUP}\nassert double(21)==42, 'no'", "2: it shows `double(21)"),
    "a comment": (SETUP, f"{SETUP}\n# assert double(21) == 42", "2: it shows `double(21) == 42`"),
    "a text": (Q2, f"{Q2} So `double(21) == 42`.", "14: it shows `double(21) == 42`"),
    "a doctest": (Q2, f"{Q2}\n\n    >>> double(21) == 42", "14: it shows `double(21) == 42`"),
    "half of an assertion": (
        SETUP,
        f"{SETUP}\nassert double(1) == 2 and double(21) == 42",
        "2: it shows `double(21) == 42`",
    ),
    "all of the public tests": (
        "assert callable(double), 'double should be a function'",
        "assert double(1) == 2 and double(21) == 42",
        "20 (q2): all that this hidden test checks is in public tests",
    ),
    "the answer": (SETUP, f"{SETUP}\npair = (4, 5)", "2: it defines pair, the answer to q1"),
    "another form of it": (
        SETUP,
        f"{SETUP}\ndef double(x): return 2 * x",
        "2: it defines double, the answer to q2",
    ),
}
NOT_SHOWN = {
    "another value": (SETUP, f"{SETUP}\nassert double(3) == 6"),
    "the call alone": (SETUP, f"{SETUP}\ndouble(21)"),
    "a placeholder": (SETUP, f"{SETUP}\npair = ..."),
    "an empty function": (SETUP, f"{SETUP}\ndef double(x):\n    pass"),
    "an import": (SETUP, f"{SETUP}\nimport numpy as pair"),
    "what the solution changes": (
        f"{SETUP}\n----",
        f"{SETUP}\npair = (1, 2)\n----",
        "pair = (4, 5)",
        "pair = tuple(p + 3 for p in pair)",
    ),
    "a part of a public test": (
        "assert callable(double), 'double should be a function'",
        "assert double(21) == 42",
        "    assert double(21) == 42\n",
        "    assert double(21) == 42\n    assert double(2.5) == other\n",
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_an_answer_that_students_read_is_reported(name: str, tmp_path: Path) -> None:
    old, new, message = SHOWN[name]
    assert old in labs.TINY
    (report,) = reports(tmp_path, labs.TINY.replace(old, new, 1))
    assert f"tiny.ipynb, cell {message}" in report


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_what_only_looks_like_an_answer_is_not_reported(name: str, tmp_path: Path) -> None:
    changes, text = NOT_SHOWN[name], labs.TINY
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        index = text.rindex(old)
        text = text[:index] + new + text[index + len(old) :]
    assert text != labs.TINY
    assert reports(tmp_path, text) == []


@pytest.mark.parametrize("mark", ["", "# "])
def test_a_hidden_test_as_a_whole_is_reported_whatever_it_checks(mark: str, tmp_path: Path) -> None:
    hidden = "def test_q2_number(double):\n    assert double(21) == 42"
    pasted = "\n".join(mark + line for line in WHOLE.splitlines())
    text = labs.TINY.replace(hidden, WHOLE.replace("test_it", "test_q2_number"))
    assert text != labs.TINY
    (report,) = reports(tmp_path, text.replace(SETUP, f"{SETUP}\n----\ncode: {pasted}"))
    assert "cell 3: it shows all that a hidden test of q2 (cell 21) does; remove it" in report


def test_a_comment_in_the_cell_says_that_it_is_intended(tmp_path: Path) -> None:
    allow = "# ottermark: allow hidden-test-shown"
    text = labs.TINY.replace(SETUP, f"{SETUP}\n{allow}\nassert double(21)==42")
    assert reports(tmp_path, text) == []
