"""Small labs and submissions for the fast tests, written as text."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

TINY = """
raw: # ASSIGNMENT CONFIG
name: tiny
init_cell: false
export_cell: false
files: [data/numbers.csv]
autograder_files: [held_back/answers.csv]
tests: {files: true, ok_format: false}
----
code: import otter
import numpy as np
grader = otter.Notebook("tiny.ipynb")
----
raw: # BEGIN QUESTION
name: q1
points: 2
----
markdown: Set `pair` to the height and width.
----
raw: # BEGIN SOLUTION
----
code: pair = (4, 5) # SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: \"\"\" # BEGIN TEST CONFIG
points: 0
\"\"\" # END TEST CONFIG
def test_q1_form(pair):
    assert pair is not None and pair is not ... and len(pair) == 2, 'pair should have two numbers'
----
code: \"\"\" # BEGIN TEST CONFIG
points: 2
hidden: true
failure_message: Count the places of the window again.
\"\"\" # END TEST CONFIG
def test_q1_value(pair):
    assert [int(v) for v in pair] == [4, 5]
----
raw: # END TESTS
----
raw: # END QUESTION
----
raw: # BEGIN QUESTION
name: q2
points: 4
----
markdown: Write `double(x)`.
----
raw: # BEGIN SOLUTION
----
code: def double(x):
    return x + x  # SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: \"\"\" # BEGIN TEST CONFIG
points: 0
\"\"\" # END TEST CONFIG
def test_q2_form(double):
    assert callable(double), 'double should be a function'
----
code: \"\"\" # BEGIN TEST CONFIG
points: 1
hidden: true
\"\"\" # END TEST CONFIG
def test_q2_number(double):
    assert double(21) == 42
----
code: \"\"\" # BEGIN TEST CONFIG
points: 3
hidden: true
failure_message: Does double work on a whole array?
\"\"\" # END TEST CONFIG
def test_q2_array(double):
    import csv
    import numpy as np
    with open('held_back/answers.csv') as f:
        expected = [float(v) for v in next(csv.reader(f))]
    assert np.asarray(double(np.arange(3.0))).tolist() == expected
----
raw: # END TESTS
----
raw: # END QUESTION
----
raw: # BEGIN QUESTION
name: q3
manual: true
points: 3
----
markdown: Why?
----
raw: # BEGIN SOLUTION
----
markdown: Because it does, and here is why.
----
raw: # END SOLUTION
----
raw: # END QUESTION
----
markdown: The end.
"""


def notebook(text: str) -> Any:
    """Return a notebook with cells written as ``kind: source``, separated by lines of dashes."""
    new_cell = {"raw": new_raw_cell, "code": new_code_cell, "markdown": new_markdown_cell}
    cells = []
    for number, part in enumerate(re.split(r"^----\n", text.strip() + "\n", flags=re.M)):
        kind, source = part.split(": ", 1)
        cells.append(new_cell[kind](source.rstrip("\n"), id=f"c{number}"))
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return new_notebook(cells=cells, metadata=kernel)


def write_tiny(folder: Path, text: str = TINY, name: str = "tiny") -> Path:
    """Write the ``assignment`` folder of a tiny lab; return the path of the master."""
    assignment = folder / "assignment"
    (assignment / "data").mkdir(parents=True, exist_ok=True)
    (assignment / "held_back").mkdir(exist_ok=True)
    (assignment / "data" / "numbers.csv").write_text("1,2,3\n")
    (assignment / "held_back" / "answers.csv").write_text("0.0,2.0,4.0\n")
    master = assignment / f"{name}.ipynb"
    nbformat.write(notebook(text), master)
    return master


def code_cell(source: str, id: str = "inserted") -> dict[str, Any]:
    """Return a code cell without outputs."""
    cell: dict[str, Any] = new_code_cell(source, id=id)
    return cell


def answered(student: Path, answers: dict[str, str]) -> dict[str, Any]:
    """Return a student notebook with answers in it.

    Args:
        answers: for a question's id, the content of its answer cell; ``end`` goes into a new
            last cell.
    """
    body: dict[str, Any] = copy.deepcopy(json.loads(student.read_text(encoding="utf-8")))
    answer_cell: dict[str, Any] | None = None
    remaining = dict(answers)
    for cell in body["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        for question in cell["metadata"].get("otter", {}).get("tests", []):
            if question in remaining:
                cell["source"] = remaining.pop(question)
        check = re.fullmatch(r'grader\.check\("(\w+)"\)', source.strip())
        if check and check[1] in remaining:
            assert answer_cell is not None
            answer_cell["source"] = remaining.pop(check[1])
        answer_cell = cell
    if "end" in remaining:
        body["cells"].append(code_cell(remaining.pop("end"), id="added"))
    assert not remaining, f"no such questions: {remaining}"
    return body
