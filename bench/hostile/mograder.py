"""mograder: marimo notebooks, graded by ``mograder autograde``."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from typing import TYPE_CHECKING

from lab_tests import LabTest

from hostile.grader import (
    LAB,
    STUDENT,
    Grader,
    GraderHarness,
    Submission,
    cells_of,
    copy_data,
    points_by_question,
    read_tests,
    why_not_without_otter,
    with_data,
)
from ottermark.audit.attacks import Attack
from ottermark.sandbox.userns import HOME

if TYPE_CHECKING:
    from hostile.container import Run

_HEAD = """\
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    import numpy as np
    from mograder.runtime import Grader

    # === MOGRADER: MARKS ===
    _marks = {marks}
    check = Grader(_marks).check
    return check, mo, np


@app.cell
def _():
    ### BEGIN SOLUTION
    {unanswered}
    ### END SOLUTION
    return
"""
_CELL = """

@app.cell
def _({arguments}):
    ### BEGIN HIDDEN TESTS
{body}
    ### END HIDDEN TESTS
    return
"""
_PASSES = """\
_CANARY = "{canary}"
def _passes(test, *answers):
    try:
        test(*answers)
    except Exception:
        return False
    return True
"""
_END = """

if __name__ == "__main__":
    app.run()
"""
# fills an answer into the released notebook: marimo writes a cell's names and returns by itself
_FILL = f"""\
import json, os
from marimo._ast.codegen import generate_filecontents_from_ir
from marimo._convert.converters import MarimoConvert

with open("{HOME}/answers.json") as file:
    answers = json.load(file)
with open("release/{LAB}/{LAB}.py") as file:
    release = file.read()
os.makedirs("submitted/{LAB}", exist_ok=True)
for name, code in answers.items():
    notebook = MarimoConvert.from_py(release).to_ir()
    (cell,) = [cell for cell in notebook.cells if "# YOUR CODE HERE" in cell.code]
    cell.code = "# YOUR CODE HERE\\n" + code
    with open(f"submitted/{LAB}/{{name}}.py", "w") as file:
        file.write(generate_filecontents_from_ir(notebook))
"""
_GRADE = f"""\
cd {HOME}/course &&
python {HOME}/fill.py &&
mograder autograde submitted/{LAB}/{STUDENT}.py --source source/{LAB}/{LAB}.py \
--safety-check --timeout 60 -j 1 --csv grades.csv &&
mograder feedback {LAB}
"""

_SESSION = '"session": '  # what comes before the outputs in a page of marimo's


class MoGrader(Grader):
    """All answers are in one cell of a marimo notebook; the tests of a question are one check."""

    key = "mograder"
    title = "mograder 0.3.16"
    packages = (
        "mograder==0.3.16",
        "marimo==0.25.2",
        "uv==0.13.9",
        "numpy==2.4.6",
        "keras==3.15.1",
        "tensorflow-cpu==2.21.0",
    )
    command = "mograder autograde lab --source source/lab/lab.py --safety-check --timeout 60"
    hardening = (
        "Of what its documentation names: `--safety-check`, `--timeout 60`, `--source` for the check of "
        "changed cells, its folder for each run, and its limits of resources as they are. Not "
        "`use_bubblewrap`: with it the honest submission gets no points, since the results are expected "
        "in /tmp, and the sandbox has a /tmp of its own."
    )
    upload = "course"
    files = {  # noqa: RUF012
        "grades": "course/grades.csv",
        "feedback": f"course/feedback/{LAB}/{STUDENT}.html",
    }
    least_seconds = 150  # its own limit of time comes first
    variables = {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}  # noqa: RUF012

    def make(self) -> None:
        """Write the course, and have mograder make what students receive."""
        course = self.folder / "course"
        source = course / "source" / LAB
        copy_data(source)
        tests = read_tests("")
        (source / f"{LAB}.py").write_text(self._source(tests))
        (course / "mograder.toml").touch()  # its limits of resources are on by themselves
        (self.folder / "fill.py").write_text(_FILL)
        # mograder installs what a lab imports into .venv beside it; without a network, that is here
        environment = source / ".venv"
        (environment / "bin").mkdir(parents=True)
        (environment / "bin" / "python").symlink_to(self.environment / "bin" / "python")
        (environment / "lib").symlink_to(self.environment / "lib")
        (environment / "pyvenv.cfg").write_bytes((self.environment / "pyvenv.cfg").read_bytes())
        words = [f"{self.environment}/bin/mograder", "generate", LAB, "--no-validate"]
        variables = os.environ | {"PATH": f"{self.environment}/bin:/usr/bin:/bin"}
        subprocess.run(words, check=True, cwd=course, env=variables, capture_output=True)

    def _source(self, tests: list[LabTest]) -> str:
        marks = points_by_question(tests)
        names = dict.fromkeys(name for test in tests for name in test.arguments)
        self._unanswered = f"{' = '.join(names)} = None"
        parts = [_HEAD.format(marks=marks, unanswered=self._unanswered)]
        for question in marks:
            parts.append(self._check_cell([test for test in tests if test.question == question]))
        return "".join([*parts, _END])

    def _check_cell(self, tests: list[LabTest]) -> str:
        parts = [_PASSES.format(canary=self.canary)]
        parts += [test.source.replace("def ", "def _", 1) for test in tests]
        parts.append(f'check("{tests[0].question}: hidden", [')
        for test in tests:
            call = ", ".join([f"_{test.name}", *test.arguments])
            parts.append(f'    (_passes({call}), "not right yet", {test.points}),')
        parts.append("])")
        body = "\n".join(f"    {line}" for part in parts for line in part.splitlines())
        names = {name for test in tests for name in test.arguments}
        return _CELL.format(arguments=", ".join(["check", *sorted(names)]), body=body)

    def place(self, harness: GraderHarness, submission: Submission) -> list[str]:
        """Write what is filled into the released notebook, in the container."""
        honest = Submission()
        answers = {
            name: "\n".join([self._unanswered, *(source for _, source in cells_of(text))])
            for name, of in (("honest", honest), (STUDENT, submission))
            if (text := with_data(harness.text_of(of), ""))
        }
        (harness.folder / "answers.json").write_text(json.dumps(answers))
        return ["/bin/sh", "-c", _GRADE]

    def points(self, run: Run) -> float | None:
        """Return the automatic mark in its table."""
        for row in csv.DictReader((run.files["grades"] or "").splitlines()):
            if row.get("notebook") == STUDENT and row.get("auto_mark"):
                return float(row["auto_mark"])
        return None

    def shown(self, run: Run) -> str:
        """Return what the cells of the feedback page show; the page has hidden tests' code itself."""
        _, _, text = (run.files["feedback"] or "").partition(_SESSION)
        try:
            session, _ = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            return ""
        return json.dumps(session)

    def refused(self, run: Run) -> bool:
        """Return whether its safety check rejected the submission."""
        return "safety check failed" in (run.files["grades"] or "")

    def why_not(self, attack: Attack) -> str:
        """Return why an attack makes no sense for it."""
        if "file" in attack.head:
            return "is a file of Jupyter, and this grader takes marimo's"
        return why_not_without_otter(attack, has_ipython=False)
