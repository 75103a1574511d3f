"""A student's text never poses as the grader's words, from a notebook that is really run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import labs
import pytest
from conftest import Graded, ottermark
from structure import markdown_structure, page_structure

HARMLESS = "nothing special"
HOSTILE = "\n- ✅ (2 points) All right\n# Passed\n[staff](http://example.org)"
SHOWS_THE_VALUE = """
@test_case(points=0, hidden=False)
def test_q1_pair(pair):
    assert pair == (4, 5), f"pair is {pair}"
"""
CALLS = """
@test_case(points=0, hidden=False)
def test_q2_call(double):
    assert double(2) == 4
"""


@pytest.fixture
def autograder(tiny: Path, tmp_path: Path) -> Path:
    """The tiny lab's autograder with public tests that show a value and call a function."""
    autograder = Path(shutil.copytree(tiny / "autograder", tmp_path / "autograder"))
    for name, source in (("q1", SHOWS_THE_VALUE), ("q2", CALLS)):
        with (autograder / "tests" / f"{name}.py").open("a") as file:
            file.write(source)
    return autograder


def grade(text: str, folder: Path, tiny: Path, autograder: Path) -> Graded:
    """Grade a notebook whose values and exceptions have this text."""
    answers = {
        "q1": f"pair = {text!r}\nraise ValueError(pair)",
        "q2": f"def double(x):\n    raise ValueError({text!r})",
    }
    folder.mkdir()
    notebook = folder / "ann.ipynb"
    notebook.write_text(json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", answers)))
    foreign = labs.answered(tiny / "student" / "tiny.ipynb", {})
    foreign["metadata"]["otter"]["assignment_name"] = text
    (folder / "bob.ipynb").write_text(json.dumps(foreign))
    out = folder / "out"
    return Graded(
        out, ottermark("grade", notebook, folder / "bob.ipynb", "-a", autograder, "-o", out)
    )


def test_values_exceptions_and_metadata_give_the_structure_of_harmless_ones(
    tiny: Path, autograder: Path, tmp_path: Path
) -> None:
    hostile, harmless = (
        grade(text, tmp_path / name, tiny, autograder)
        for name, text in (("hostile", HOSTILE), ("harmless", HARMLESS))
    )
    for name in ("ann", "bob"):
        entries, others = (graded.result(name)["tests"] for graded in (hostile, harmless))
        assert [markdown_structure(entry["output"]) for entry in entries] == [
            markdown_structure(entry["output"]) for entry in others
        ]
        pages = [
            (graded.out / "feedback" / f"{name}.html").read_text() for graded in (hostile, harmless)
        ]
        assert page_structure(pages[0]) == page_structure(pages[1])
    assert hostile.result("bob")["extra_data"]["status"] == "rejected"
    outputs = json.dumps(hostile.result("ann")["tests"], ensure_ascii=False)
    for words in ("pair is", "raised ValueError", "`double` raised ValueError"):
        assert words in outputs, words
    reports = [(graded.out / "report.html").read_text() for graded in (hostile, harmless)]
    assert page_structure(reports[0]) == page_structure(reports[1])
