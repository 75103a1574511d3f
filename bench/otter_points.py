"""Points by ottermark and by stock Otter, on the same honest submissions of any Otter Assign labs.

    python bench/otter_points.py MASTER... [-o FILE]

Each master is built by both. The submissions are the solution, the blank notebook, and for each question
that tests decide the solution without its answer. Stock Otter grades with `otter run` and the
autograder that Otter Assign makes, ottermark with its own. Prints a table, one row a lab; a question
that differs is named. A master that ottermark refuses to build is named with its first reason.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from otter.api import grade_submission
from otter.assign import main as otter_assign

from ottermark.authoring.verify import as_submission
from ottermark.grading.autograder import open_autograder

Points = dict[str, float]


def submissions_of(folder: Path) -> dict[str, Any]:
    """Return the submissions of a built lab by name."""
    with open_autograder(folder / "autograder") as grader:
        name = grader.assignment.notebook
        blank, solved = (
            nbformat.read(folder / which / name, as_version=4) for which in ("student", "solutions")
        )
        places = [
            as_submission(nb, grader).grading_places(grader.assignment) for nb in (blank, solved)
        ]
        submissions = {"solution": solved, "blank": blank}
        for question in grader.assignment.automatic:
            segments = []
            for place in places:
                end = place[question.id].cells[-1]
                start = max(
                    [p.cells[-1] + 1 for p in place.values() if p.cells[-1] < end], default=0
                )
                segments.append(slice(start, end + 1))
            submission = copy.deepcopy(solved)
            submission.cells[segments[1]] = copy.deepcopy(blank.cells[segments[0]])
            submissions[f"without {question.id}"] = submission
    return submissions


def ottermark(*args: object) -> None:
    """Run a command; raises ``CalledProcessError`` if it does not exit with 0."""
    command = [sys.executable, "-m", "ottermark", *map(str, args)]
    subprocess.run(command, capture_output=True, text=True, check=True)


def ours(folder: Path, submissions: dict[str, Any]) -> dict[str, Points]:
    """Grade the submissions by ottermark."""
    handed_in = folder / "submissions"
    handed_in.mkdir()
    for name, submission in submissions.items():
        nbformat.write(submission, handed_in / f"{name}.ipynb")
    ottermark("grade", handed_in, "-a", folder / "autograder", "-o", folder / "grades")
    points = {}
    for name in submissions:
        body = json.loads((folder / "grades" / "results" / f"{name}.json").read_text())
        points[name] = {t["number"]: t["score"] for t in body["tests"] if "number" in t}
    return points


def stock(master: Path, folder: Path, submissions: dict[str, Any]) -> dict[str, Points]:
    """Grade the submissions by stock Otter, one after the other."""
    shutil.copytree(master.parent, folder / "source")
    otter_assign(
        str(folder / "source" / master.name), str(folder / "made"), no_pdfs=True, no_run_tests=True
    )
    (autograder,) = (folder / "made" / "autograder").glob("*.zip")
    points = {}
    for name, submission in submissions.items():
        path = folder / master.name
        nbformat.write(submission, path)
        with contextlib.redirect_stdout(io.StringIO()):
            results = grade_submission(str(path), str(autograder), quiet=True)
        points[name] = {q: round(float(r.score), 4) for q, r in results.results.items()}
    return points


def compared(master: Path) -> str:
    """Return the table row of one lab."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        try:
            ottermark("build", master, "--out", folder / "lab")
        except subprocess.CalledProcessError as refused:
            first = refused.stderr.strip().splitlines()[0].removeprefix("Error: ")
            return f"| {master.stem} | refused | {first} |"
        submissions = submissions_of(folder / "lab")
        our, theirs = ours(folder / "lab", submissions), stock(master, folder, submissions)
        with open_autograder(folder / "lab" / "autograder") as grader:
            inside = [q.id for q in grader.assignment.questions if q.why_unprotected]
            asked = [q.id for q in grader.assignment.automatic]
    differ = [
        f"{submission}, {q}: {our[submission][q]:g} for {theirs[submission].get(q, 0):g}"
        for submission in submissions
        for q in asked
        if abs(our[submission][q] - theirs[submission].get(q, 0)) > 1e-4
    ]
    said = "; ".join(differ) or "none"
    tested = f"{len(asked)} questions, {len(inside)} of them inside, {len(submissions)} submissions"
    return f"| {master.stem} | {tested} | {said} |"


def main() -> None:
    """Compare the labs that are named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("master", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path)
    asked = parser.parse_args()
    rows = ["| lab | graded | points that differ |", "|---|---|---|"]
    for master in asked.master:
        rows.append(compared(master.resolve()))
        print(rows[-1], flush=True)
    if asked.out:
        asked.out.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
