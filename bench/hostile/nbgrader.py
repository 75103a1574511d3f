"""nbgrader: a course made by ``nbgrader generate_assignment``, graded by ``nbgrader autograde``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from lab_tests import LabTest

from hostile.grader import (
    LAB,
    STUDENT,
    Grader,
    GraderHarness,
    Submission,
    cells_of,
    copy_data,
    made_notebook,
    notebook,
    points_by_question,
    read_tests,
    why_not_without_otter,
    with_data,
    write_notebook,
)
from ottermark.audit.attacks import Attack
from ottermark.sandbox.userns import HOME

if TYPE_CHECKING:
    from hostile.container import Run

_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "course"
c.Execute.timeout = 5
"""
# `nbgrader export` reads the same, and takes as long as the grading
_READ = """\
import sqlite3
query = \"""
    select sum(grade.auto_score) from grade
    join submitted_notebook on grade.notebook_id = submitted_notebook.id
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
    where submitted_assignment.student_id = 'student'
\"""
(score,) = sqlite3.connect("gradebook.db").execute(query).fetchone()
with open("score.txt", "w") as file:
    file.write(str(score))
"""
_GRADE = f"""\
cd {HOME}/course &&
nbgrader autograde {LAB} --student {STUDENT} &&
python {HOME}/read.py
"""
_DATA = f"{HOME}/data/"


class NbGrader(Grader):
    """Each test that gives points is a hidden test in an autograded cell of its own."""

    key = "nbgrader"
    title = "nbgrader 0.9.6"
    packages = (
        "nbgrader==0.9.6",
        "ipykernel==7.4.0",
        "numpy==2.4.6",
        "keras==3.15.1",
        "tensorflow-cpu==2.21.0",
    )
    command = "nbgrader autograde lab --student student"
    hardening = (
        "Cells that students changed are restored, as always, and the limit of a cell is set to 5 "
        "seconds (`Execute.timeout`, 30 if it is not set). Its documentation also describes a kernel in "
        "Docker; what that takes (envkernel) is not on PyPI, and it was not tried. The hidden tests "
        "would run in that kernel, too."
    )
    upload = "course"
    files = {  # noqa: RUF012
        "score": "course/score.txt",
        "executed": f"course/autograded/{STUDENT}/{LAB}/{LAB}.ipynb",
    }

    def make(self) -> None:
        """Write the course, and have nbgrader make what students receive."""
        course = self.folder / "course"
        copy_data(self.folder / "data")
        tests = read_tests(_DATA)
        write_notebook(course / "source" / LAB / f"{LAB}.ipynb", self._source(tests))
        (course / "nbgrader_config.py").write_text(_CONFIG)
        (self.folder / "read.py").write_text(_READ)
        words = [f"{self.environment}/bin/nbgrader", "generate_assignment", LAB, "--create"]
        variables = os.environ | {"PATH": f"{self.environment}/bin:/usr/bin:/bin"}
        subprocess.run(words, check=True, cwd=course, env=variables, capture_output=True)
        self.blank = (course / "release" / LAB / f"{LAB}.ipynb").read_bytes()

    def _source(self, tests: list[LabTest]) -> dict[str, Any]:
        cells: list[dict[str, Any]] = [{"source": "import numpy as np"}]
        for question in points_by_question(tests):
            cells.append(_answer_cell(question))
            cells += [self._test_cell(test) for test in tests if test.question == question]
        return notebook(cells)

    def _test_cell(self, test: LabTest) -> dict[str, Any]:
        call = f"{test.name}({', '.join(test.arguments)})"
        lines = [
            f'# grader.check("{test.question}")',  # where attacks look for the answer before it
            "### BEGIN HIDDEN TESTS",
            f'CANARY = "{self.canary}"',
            test.source,
            call,
            "### END HIDDEN TESTS",
        ]
        metadata = _metadata(test.name, grade=True, points=test.points)
        return {"source": "\n".join(lines), "metadata": metadata}

    def place(self, harness: GraderHarness, submission: Submission) -> list[str]:
        """Fill the answers into the released notebook, in a folder of submissions."""
        submitted = harness.folder / "course" / "submitted"
        shutil.rmtree(submitted, ignore_errors=True)
        honest = self._filled(harness.text_of(Submission()))
        write_notebook(submitted / "honest" / LAB / f"{LAB}.ipynb", honest)
        path = submitted / STUDENT / LAB / f"{LAB}.ipynb"
        text = harness.text_of(submission)
        write_notebook(path, honest)
        if submission.attack and "file" in submission.attack.head:
            path.write_bytes(made_notebook(text, self.blank))
        elif submission.attack:
            write_notebook(path, self._filled(text))
        return ["/bin/sh", "-c", _GRADE]

    def _filled(self, text: str) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.blank)
        answers = {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in body["cells"]
        }
        for number, (question, source) in enumerate(cells_of(with_data(text, _DATA))):
            if question == "end":
                added = notebook([{"source": source}])["cells"][0]
                body["cells"].append({**added, "id": f"end-{number}"})
            else:
                answers[f"answer_{question}"]["source"] = source
        return body

    def points(self, run: Run) -> float | None:
        """Return the score in its gradebook."""
        text = run.files["score"]
        return None if text in (None, "None") else float(text)

    def shown(self, run: Run) -> str:
        """Return the outputs of the graded notebook; its feedback shows hidden tests' code itself."""
        try:
            cells = json.loads(run.files["executed"] or "")["cells"]
            return json.dumps([cell.get("outputs") for cell in cells])
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return ""

    def why_not(self, attack: Attack) -> str:
        """Return why an attack makes no sense for it."""
        return why_not_without_otter(attack, has_ipython=True)


def _answer_cell(question: str) -> dict[str, Any]:
    source = "### BEGIN SOLUTION\npass\n### END SOLUTION"
    return {"source": source, "metadata": _metadata(f"answer_{question}", solution=True)}


def _metadata(
    grade_id: str, grade: bool = False, solution: bool = False, points: int = 0
) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": grade,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": fields | ({"points": points} if grade else {})}
