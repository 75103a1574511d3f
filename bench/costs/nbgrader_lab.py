"""nbgrader: a course with the lab, graded by ``nbgrader autograde``.

The notebook keeps its cells. Each test is an autograded cell, with its points; those that students
do not have are hidden tests. nbgrader grades one submission after the other; for two at a time there
are two courses, each with a part of the class. Files that are no notebooks are left out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hostile.environments import environment_of
from hostile.grader import notebook, write_notebook
from hostile.nbgrader import NbGrader
from lab_tests import LabTest

from costs.labs import loaded
from costs.submissions import readable
from costs.without_otter import Part, lab_tests, parts_of
from costs.work import Task, Work, write_points

LAB = "lab"
NEEDED = tuple(f"{name}=={version(name)}" for name in ("matplotlib", "pandas", "scikit-learn"))
PACKAGES = (*NbGrader.packages, *NEEDED)
_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "course"
c.Execute.timeout = {seconds}
"""
_SCORES = """\
select submitted_assignment.student_id, sum(grade.auto_score) from grade
join submitted_notebook on grade.notebook_id = submitted_notebook.id
join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
group by submitted_assignment.student_id
"""


def _command(course: Path, *words: str) -> subprocess.Popen[str]:
    environment = environment_of(PACKAGES)
    return subprocess.Popen(
        [str(environment / "bin" / "nbgrader"), *words],
        cwd=course,
        env=os.environ | {"PATH": f"{environment / 'bin'}:/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _prepare(task: Task) -> None:
    """Have nbgrader make the course, and put submissions into it."""
    template = task.made / "nbgrader"
    tests = lab_tests(task.lab)
    if not template.exists():
        source = template / "source" / LAB
        shutil.copytree(task.lab.autograder / "files", source)
        solved = loaded(task.lab.solution)
        write_notebook(source / f"{LAB}.ipynb", _converted(solved, tests, source=True))
        config = _CONFIG.format(seconds=round(task.seconds))
        (template / "nbgrader_config.py").write_text(config, encoding="utf-8")
        process = _command(template, "generate_assignment", LAB, "--create")
        _, errors = process.communicate()
        if process.returncode:
            raise SystemExit(f"nbgrader generate_assignment failed: {errors[-2000:]}")
    for course, submissions in _courses(task):
        shutil.copytree(template, course)
        for submission in submissions:
            if body := readable(submission):
                path = course / "submitted" / submission.stem / LAB / f"{LAB}.ipynb"
                write_notebook(path, _converted(body, tests))


def _courses(task: Task) -> Iterator[tuple[Path, list[Path]]]:
    for number in range(task.jobs):
        yield task.out / f"course{number}", list(task.submissions[number :: task.jobs])


def _converted(
    body: Mapping[str, Any], tests: Mapping[str, list[LabTest]], source: bool = False
) -> dict[str, Any]:
    """Return a notebook in nbgrader's form; as the ``source`` it has the hidden tests."""
    cells = [
        cell
        for part in parts_of(body)
        for cell in _cells(part, tests.get(part.question, []), source)
    ]
    made = notebook(cells)
    for filled, cell in zip(made["cells"], cells, strict=True):
        if cell.get("markdown"):
            filled["cell_type"] = "markdown"
            del filled["outputs"], filled["execution_count"]
    return made


def _cells(part: Part, tests: list[LabTest], source: bool) -> Iterator[dict[str, Any]]:
    if part.kind == "text":
        yield {"source": part.source, "markdown": True}
    elif part.kind == "code":
        yield {"source": part.source}
    elif part.kind == "answer":
        text = f"### BEGIN SOLUTION\n{part.source}\n### END SOLUTION" if source else part.source
        yield {"source": text, "metadata": _metadata(f"answer_{part.question}", solution=True)}
    else:
        yield from (_test_cell(test, source) for test in tests)


def _test_cell(test: LabTest, source: bool) -> dict[str, Any]:
    text = f"{test.source}\n{test.name}({', '.join(test.arguments)})"
    if test.hidden:
        hidden = f"### BEGIN HIDDEN TESTS\n{text}\n### END HIDDEN TESTS"
        text = "\n".join([f"# {test.name}", *([hidden] if source else [])])
    return {"source": text, "metadata": _metadata(test.name, grade=True, points=test.points)}


def _metadata(
    grade_id: str, grade: bool = False, solution: bool = False, points: float = 0
) -> dict[str, Any]:
    fields: dict[str, Any] = {"grade": grade, "grade_id": grade_id, "locked": grade}
    fields |= {"schema_version": 3, "solution": solution, "task": False}
    return {"nbgrader": fields | ({"points": points} if grade else {})}


def _run(task: Task) -> None:
    courses = [course for course, _ in _courses(task)]
    processes = [_command(course, "autograde", LAB) for course in courses]
    for course, process in zip(courses, processes, strict=True):
        _, errors = process.communicate()
        if process.returncode:
            raise SystemExit(f"nbgrader autograde failed: {errors[-2000:]}")
        with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
            for name, points in gradebook.execute(_SCORES):
                if points is not None:
                    write_points(task, name, points)


NBGRADER = Work("nbgrader", _run, _prepare)
