"""Labs of every style that Otter Assign knows: built, verified and graded as stock Otter grades."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import labs
import pytest
from conftest import Graded, ottermark
from otter.api import grade_submission
from otter.assign import main as otter_assign

pytestmark = pytest.mark.slow

# doctests in the notebook's metadata, as Otter does it if nothing else is said
DOCTESTS = """
raw: # ASSIGNMENT CONFIG
name: doctests
generate:
    seed: 7
----
code: import numpy as np
from math import sqrt
----
raw: # BEGIN QUESTION
name: q1
points: 2
----
markdown: Set `x` to a prime number under 3, and `root` to its root.
----
raw: # BEGIN SOLUTION
----
code: x = 2  # SOLUTION
root = np.sqrt(x)  # SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: assert isinstance(x, int)
----
code: # HIDDEN
assert x == 2 and bool(np.isclose(root, sqrt(2)))
----
raw: # END TESTS
----
raw: # END QUESTION
----
raw: # BEGIN QUESTION
name: q2
points: {each: 1.5}
----
markdown: Write a generator `count()` of all natural numbers, and a function `twice`.
----
raw: # BEGIN SOLUTION
----
code: def count():
    # BEGIN SOLUTION
    n = 0
    while True:
        yield n
        n += 1
    # END SOLUTION

def twice(x):
    return 2 * x  # SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: numbers = count()
assert next(numbers) == 0
----
code: \"\"\" # BEGIN TEST CONFIG
hidden: true
failure_message: Go on counting.
\"\"\" # END TEST CONFIG
numbers = count()
assert [next(numbers) for _ in range(5)] == [0, 1, 2, 3, 4]
----
code: # HIDDEN
assert twice(21) == 42
----
raw: # END TESTS
----
raw: # END QUESTION
----
raw: # BEGIN QUESTION
name: q3
----
markdown: Draw three numbers, as they come.
----
raw: # BEGIN SOLUTION
----
code: drawn = list(np.random.random(3))  # SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: # HIDDEN
again = np.random.RandomState(7)
assert list(again.random_sample(3)) == drawn
----
raw: # END TESTS
----
raw: # END QUESTION
"""

# functions that take `env`, a question that is checked nowhere, and one about a figure
ENVIRONMENT = """
raw: # ASSIGNMENT CONFIG
name: environment
files: [data/numbers.csv]
autograder_files: [held_back/answers.csv]
tests: {files: true, ok_format: false}
----
code: import matplotlib.pyplot as plt
----
raw: # BEGIN QUESTION
name: q1
all_or_nothing: true
check_cell: false
points: 2
----
markdown: Set `total` to the sum of the numbers in the file.
----
raw: # BEGIN SOLUTION
----
code: total = sum(map(int, open('data/numbers.csv').read().split(',')))  # SOLUTION
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: def test_number(env):
    assert env.get("total") is not ... and env["total"] > 0
----
code: # HIDDEN
def test_value(env):
    assert env["total"] == 6
----
raw: # END TESTS
----
raw: # END QUESTION
----
code: total = None  # names are used again
----
raw: # BEGIN QUESTION
name: q2
points: 3
----
markdown: Draw a line through (0, 0) and (1, 2) as the figure `figure`.
----
raw: # BEGIN SOLUTION
----
code: figure = plt.figure()
plt.plot([0, 1], [0, 2])  # SOLUTION
plt.close(figure)
----
raw: # END SOLUTION
----
raw: # BEGIN TESTS
----
code: \"\"\" # BEGIN TEST CONFIG
points: 0
\"\"\" # END TEST CONFIG
def test_is_a_figure(figure):
    assert len(figure.axes) == 1, 'draw something'
----
code: \"\"\" # BEGIN TEST CONFIG
points: 3
hidden: true
failure_message: Look at where your line ends.
\"\"\" # END TEST CONFIG
def test_ends_where_it_should(figure):
    (line,) = figure.axes[0].lines
    with open('held_back/answers.csv') as file:
        assert line.get_ydata()[-1] == float(file.read().split(',')[1])
----
raw: # END TESTS
----
raw: # END QUESTION
"""

UNPROTECTED = (
    "(q2): its tests will run inside the students' process, where they are not protected: "
)

LABS: dict[str, str] = {"doctests": DOCTESTS, "environment": ENVIRONMENT}
ANSWERS: dict[str, dict[str, dict[str, str]]] = {
    "doctests": {
        "all": {
            "q1": "x = 2\nroot = 2 ** 0.5",
            "q2": "from itertools import count\ntwice = lambda x: x + x",
            "q3": "drawn = [np.random.random() for _ in range(3)]",
        },
        "some": {
            "q1": "x = 3\nroot = 3",
            "q2": "def count():\n    yield 0\ndef twice(x): return x",
        },
        "none": {},
    },
    "environment": {
        "all": {
            "q1": "total = 1 + 2 + 3",
            "q2": "figure, axes = plt.subplots()\naxes.plot([0, 1], [0, 2])\nplt.close(figure)",
        },
        "some": {
            "q1": "total = 5",
            "q2": "figure, axes = plt.subplots()\naxes.plot([0, 1], [0, 3])\nplt.close(figure)",
        },
        "none": {},
    },
}
EARNED: dict[str, dict[str, dict[str, float]]] = {
    "doctests": {
        "all": {"q1": 2, "q2": 4.5, "q3": 1},
        "some": {"q1": 1, "q2": 1.5, "q3": 0},
        "none": {"q1": 0, "q2": 0, "q3": 0},
    },
    "environment": {
        "all": {"q1": 2, "q2": 3},
        "some": {"q1": 0, "q2": 0},
        "none": {"q1": 0, "q2": 0},
    },
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in LABS],
)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(request.param, tmp_path_factory.mktemp(request.param))


class Lab:
    """A lab that was built, and its graded submissions."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.master = labs.write_tiny(folder, LABS[name], name)
        self.built = ottermark("build", cwd=folder)
        assert self.built.code == 0, self.built.err
        (folder / "submissions").mkdir()
        for submission, answers in ANSWERS[name].items():
            body = labs.answered(folder / "student" / f"{name}.ipynb", answers)
            (folder / "submissions" / f"{submission}.ipynb").write_text(json.dumps(body))
        out = folder / "grades"
        self.graded = Graded(out, ottermark("grade", folder / "submissions", "-o", out, cwd=folder))

    def points(self, submission: str) -> dict[str, float]:
        tests = self.graded.result(submission)["tests"]
        return {test["number"]: test["score"] for test in tests if "number" in test}


def test_the_points_are_right(lab: Lab) -> None:
    for submission, points in EARNED[lab.name].items():
        assert lab.points(submission) == points, submission


@pytest.mark.parametrize(
    "submission", ["some", *(pytest.param(name, marks=pytest.mark.ci) for name in ("all", "none"))]
)
def test_stock_otter_gives_the_same(lab: Lab, submission: str, tmp_path: Path) -> None:
    otter_assign(str(lab.master), str(tmp_path / "otter"), no_pdfs=True, no_run_tests=True)
    (autograder,) = (tmp_path / "otter" / "autograder").glob("*.zip")
    path = tmp_path / f"{lab.name}.ipynb"
    path.write_text((lab.folder / "submissions" / f"{submission}.ipynb").read_text())
    with contextlib.redirect_stdout(io.StringIO()):
        results = grade_submission(str(path), str(autograder), quiet=True).results
    points = {question: result.score for question, result in results.items()}
    assert points == EARNED[lab.name][submission]


def test_unprotected_questions_are_reported_by_build_and_in_results(lab: Lab) -> None:
    (warning,) = lab.built.err.splitlines()
    assert warning.startswith(f"Warning: assignment/{lab.name}.ipynb, cell ")
    assert UNPROTECTED in warning and warning.endswith("[unprotected-question]")
    entry = lab.graded.entry("some", "q2")
    assert "the points of this question are not protected" in entry["output"]
    assert "unprotected" in entry["tags"]
    assert lab.graded.result("some")["extra_data"]["unprotected"] == ["q2"]
    report = (lab.graded.out / "report.html").read_text()
    assert "The tests of q2 need objects that cannot leave the notebook’s process" in report
    for question in EARNED[lab.name]["some"]:
        if question != "q2":
            assert "tags" not in lab.graded.entry("some", question)


def test_students_read_messages_and_no_hidden_test(lab: Lab) -> None:
    said = lab.graded.entry("some", "q2")["output"]
    assert {"doctests": "Go on counting.", "environment": "Look at where"}[lab.name] in said
    everything = json.dumps([lab.graded.result(name) for name in EARNED[lab.name]])
    everything += "".join(
        path.read_text()
        for path in (lab.folder / "student").rglob("*")
        if path.suffix != ".zip"
        if path.is_file()
    )
    for secret in ("isclose", "[0, 1, 2, 3, 4]", "RandomState", "== 6", "held_back", "get_ydata"):
        assert secret not in everything


def test_what_runs_inside_endangers_nothing_else(tmp_path: Path) -> None:
    """Code that takes over its process earns only the question that is reported as unprotected."""
    takes_over = (
        "import os, sys\ntotal = 5\n"
        "sys.modules['ottermark.worker.worker'].run_tests = lambda *_: {'passed': [True, True]}\n"
        "for folder, folders, files in os.walk('/'):\n"
        "    folders[:] = [f for f in folders if f not in ('proc', 'sys')]\n"
        "    if 'answers.csv' in files and folder.endswith('held_back'):\n"
        "        raise ValueError(open(folder + '/answers.csv').read())"
    )
    labs.write_tiny(tmp_path, ENVIRONMENT, "environment")
    assert ottermark("build", cwd=tmp_path).code == 0
    body = labs.answered(tmp_path / "student" / "environment.ipynb", {"q1": takes_over})
    (tmp_path / "eve.ipynb").write_text(json.dumps(body))
    ran = ottermark("grade", "eve.ipynb", "--limit", "cell=120", cwd=tmp_path)
    result = json.loads((tmp_path / "grades" / "results" / "eve.json").read_text())
    points = {test["number"]: test["score"] for test in result["tests"] if "number" in test}
    if "not protected" in ran.err:
        pytest.skip("there is no isolation here, so files can be read")
    assert points == {"q1": 0, "q2": 3}
    assert "2.0,4.0" not in json.dumps(result)


def test_one_question_is_verified_alone(lab: Lab) -> None:
    before = sorted(p.stat().st_mtime_ns for p in lab.folder.rglob("*"))
    ran = ottermark("build", "--question", "q1", cwd=lab.folder)
    assert ran.code == 0 and "q1: the solution earns all 2 points" in ran.out, ran.err
    assert before == sorted(p.stat().st_mtime_ns for p in lab.folder.rglob("*"))
    ran = ottermark("build", "--question", "q2", cwd=lab.folder)
    assert ran.code == 0 and UNPROTECTED in ran.err
    ran = ottermark("build", "--question", "q9", cwd=lab.folder)
    assert ran.code == 2 and "has no question 'q9'; those with tests are q1, q2" in ran.err


def test_what_has_not_changed_is_not_verified_again(tmp_path: Path) -> None:
    """A cell that shows the time shows whether it was run."""
    clock = "import matplotlib.pyplot as plt\nimport time\ntime.time_ns()"
    text = ENVIRONMENT.replace("import matplotlib.pyplot as plt", clock, 1)

    def time_shown(text: str, name: str) -> str:
        master = labs.write_tiny(tmp_path / name, text, "environment")
        ran = ottermark("build", master, "--out", tmp_path / name)
        assert ran.code == 0 and UNPROTECTED in ran.err, ran.err
        solved = json.loads((tmp_path / name / "solutions" / "environment.ipynb").read_text())
        return "".join(
            output["data"]["text/plain"][0]
            for cell in solved["cells"]
            if "time_ns" in "".join(cell["source"])
            for output in cell["outputs"]
        )

    first = time_shown(text, "first")
    assert first.isdigit()
    assert time_shown(text.replace("Draw a line", "Draw one line"), "prose") == first
    assert time_shown(text.replace("total = None", "total = False"), "code") != first
