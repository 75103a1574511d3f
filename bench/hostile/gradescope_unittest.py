"""A Gradescope autograder in the usual manner: unittest and gradescope-utils, in one process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lab_tests import LabTest

from hostile.grader import (
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
from hostile.results_json import points_of, visible_part
from ottermark.audit.attacks import Attack
from ottermark.sandbox.userns import HOME

if TYPE_CHECKING:
    from hostile.container import Run

_RUN_AUTOGRADER = """\
#!/usr/bin/env bash
cp /autograder/submission/*.ipynb /autograder/source/submission.ipynb
cd /autograder/source
jupyter nbconvert --to script --output student submission.ipynb
python run_tests.py
if [ ! -s /autograder/results/results.json ]; then
  echo '{"score": 0, "output": "The autograder failed."}' > /autograder/results/results.json
fi
"""
_RUN_TESTS = """\
import unittest
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

suite = unittest.defaultTestLoader.discover("tests")
with open("/autograder/results/results.json", "w") as file:
    JSONTestRunner(visibility="visible", stream=file).run(suite)
"""
_TESTS = """\
import unittest
import timeout_decorator
from gradescope_utils.autograder_utils.decorators import hide_errors, number, weight
import student

"""
_TEST = """\

    @weight({points})
    @number("{question}")
    @hide_errors("Not right yet.")
    @timeout_decorator.timeout(5)
    def {name}(self):
        check_{name}({arguments})
"""


class GradescopeUnittest(Grader):
    """The submission is converted to a module, which the tests import, as in Gradescope's sample."""

    key = "gradescope-utils"
    title = "gradescope-utils 0.5.0"
    packages = (
        "gradescope-utils==0.5.0",
        "timeout-decorator==0.5.0",
        "nbconvert==7.17.2",
        "numpy==2.4.6",
        "keras==3.15.1",
        "tensorflow-cpu==2.21.0",
    )
    command = "run_autograder: jupyter nbconvert --to script, python run_tests.py"
    hardening = (
        "Of Gradescope's advice: it does not run as root, each test has a limit of 5 seconds "
        "(timeout-decorator), errors of tests are hidden (`hide_errors`), and there are results even if "
        "the autograder fails. Gradescope also advises to run students' code as another user and in "
        "another process, behind a wrapper that each course writes for itself; the usual autograder "
        "imports it, as Gradescope's own sample does, and so does this one."
    )
    upload = "autograder/source"
    files = {"results": "autograder/results/results.json"}  # noqa: RUF012
    links = {"/autograder": f"{HOME}/autograder"}  # noqa: RUF012
    least_seconds = 30

    def make(self) -> None:
        """Write the folder that Gradescope has as /autograder."""
        home = self.folder / "autograder"
        source = home / "source"
        for folder in (home / "results", home / "submission", source / "tests"):
            folder.mkdir(parents=True)
        copy_data(source)
        (home / "run_autograder").write_text(_RUN_AUTOGRADER)
        (source / "run_tests.py").write_text(_RUN_TESTS)
        (source / "tests" / "__init__.py").touch()
        tests = read_tests("")
        (source / "tests" / "test_lab.py").write_text(self._tests(tests))
        (source / "canary.txt").write_text(self.canary)
        self.questions = list(points_by_question(tests))

    def _tests(self, tests: list[LabTest]) -> str:
        parts = [f'CANARY = "{self.canary}"\n', _TESTS]
        parts += [test.source.replace("def ", "def check_", 1) + "\n\n" for test in tests]
        parts.append("\nclass TestLab(unittest.TestCase):")
        for test in tests:
            arguments = ", ".join(f"student.{name}" for name in test.arguments)
            parts.append(
                _TEST.format(
                    points=test.points,
                    question=test.question,
                    name=test.name,
                    arguments=arguments,
                )
            )
        return "".join(parts)

    def place(self, harness: GraderHarness, submission: Submission) -> list[str]:
        """Write the submitted notebook where Gradescope does."""
        path = harness.folder / "autograder" / "submission" / "lab.ipynb"
        text = harness.text_of(submission)
        if submission.attack and "file" in submission.attack.head:
            blank = json.dumps(self._notebook([])).encode()
            path.write_bytes(made_notebook(text, blank))
        else:
            write_notebook(path, self._notebook(cells_of(with_data(text, ""))))
        return ["/bin/bash", f"{HOME}/autograder/run_autograder"]

    def _notebook(self, answers: list[tuple[str, str]]) -> dict[str, Any]:
        """Return the student's notebook, with an answer cell for each question."""
        cells = [{"source": "import numpy as np"}]
        by_question = dict(answers)
        for question in self.questions:
            cells.append({"source": by_question.get(question, "...")})
            cells.append({"source": f'# grader.check("{question}")'})
        cells += [{"source": source} for name, source in answers if name == "end"]
        return notebook(cells)

    def points(self, run: Run) -> float | None:
        """Return the points in its results.json."""
        return points_of(run.files["results"])

    def shown(self, run: Run) -> str:
        """Return what the student may see of its results.json."""
        return visible_part(run.files["results"])

    def why_not(self, attack: Attack) -> str:
        """Return why an attack makes no sense for it."""
        return why_not_without_otter(attack, has_ipython=False)
