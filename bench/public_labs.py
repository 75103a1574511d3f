"""Points by ottermark and by stock Otter, on the same submissions of any Otter Assign labs.

    python bench/public_labs.py PATH... [-o FILE]

Each PATH is a master notebook, or a folder that is searched for them. Each master is built by both, as
it stands. The submissions are the solution, the blank notebook, the solution with a change in every
answer that has a number or a text to change, and the solution with every second question left blank.
Stock Otter grades with `otter run` and the autograder that Otter Assign makes, ottermark with its own.

Prints a table, one row a lab: whether it is built, what differs, and of one that is refused the first
error and how many there are. The packages that a lab needs have to be installed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from otter.api import grade_submission
from otter.assign import main as otter_assign

from ottermark.authoring.master import read_master
from ottermark.authoring.verify import as_submission
from ottermark.errors import UsageError
from ottermark.grading.autograder import open_autograder

Points = dict[str, float]
LEVELS = 3  # folders above a master's own in which its config may be


def masters_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the masters among notebooks and in folders."""
    for path in paths:
        for notebook in sorted(path.rglob("*.ipynb")) if path.is_dir() else [path]:
            if ".ipynb_checkpoints" not in notebook.parts:
                with contextlib.suppress(UsageError):  # no notebook at all
                    structure = read_master(notebook).structure
                    if structure.questions or structure.configs:
                        yield notebook.resolve()


# ------------------------------------------------------------------------ submissions


class _Change(ast.NodeTransformer):
    """Changes the first number or text of an answer."""

    def __init__(self) -> None:
        self.done = False

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if self.done or isinstance(value, bool) or not isinstance(value, (int, float, str)):
            return node
        self.done = True
        return ast.Constant(value + "x" if isinstance(value, str) else value + 1)


def mutated(solved: Any, blank: Any) -> Any:
    """Return the solution with a change in each of its answers that can be changed."""
    submission = copy.deepcopy(solved)
    starter = {cell.source for cell in blank.cells}
    for cell in submission.cells:
        if cell.cell_type == "code" and cell.source not in starter:
            with contextlib.suppress(SyntaxError):  # it has magics
                cell.source = ast.unparse(_Change().visit(ast.parse(cell.source)))
    return submission


def partly_blank(solved: Any, blank: Any, grader: Any) -> Any:
    """Return the solution with every second question as in the blank notebook."""
    in_blank, in_solved = (
        {
            q: place.cells[-1]
            for q, place in as_submission(nb, grader).grading_places(grader.assignment).items()
        }
        for nb in (blank, solved)
    )
    submission = copy.deepcopy(solved)
    left_blank = sorted(in_solved, key=lambda q: in_solved[q])[::2]
    for question in reversed(left_blank):  # so that the places of those above stay
        segments = []
        for places in (in_blank, in_solved):
            end = places[question]
            start = max([place + 1 for place in places.values() if place < end], default=0)
            segments.append(slice(start, end + 1))
        submission.cells[segments[1]] = copy.deepcopy(blank.cells[segments[0]])
    return submission


def submissions_of(folder: Path) -> dict[str, Any]:
    """Return the submissions of a built lab by name."""
    with open_autograder(folder / "autograder") as grader:
        name = grader.assignment.notebook
        blank, solved = (
            nbformat.read(folder / which / name, as_version=4) for which in ("student", "solutions")
        )
        return {
            "solution": solved,
            "blank": blank,
            "mutated": mutated(solved, blank),
            "partly blank": partly_blank(solved, blank, grader),
        }


# ---------------------------------------------------------------------------- grading


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
    source, inside = _with_configs(master, folder / "source")
    made = folder / "made"
    with contextlib.chdir(source), contextlib.redirect_stdout(io.StringIO()):
        otter_assign(str(inside), str(made), no_pdfs=True, no_run_tests=True)
    (autograder,) = (made / "autograder").glob("*.zip")
    points = {}
    for name, submission in submissions.items():
        path = folder / master.name
        nbformat.write(submission, path)
        with contextlib.redirect_stdout(io.StringIO()):
            results = grade_submission(str(path), str(autograder), quiet=True)
        points[name] = {q: round(float(r.score), 4) for q, r in results.results.items()}
    return points


def _with_configs(master: Path, target: Path) -> tuple[Path, Path]:
    """Copy a master's folder, and the configs above it that its own may name.

    Returns:
        The folder, and the copy of the master in it.
    """
    above = master.parents[1 : LEVELS + 1]
    top = above[-1]
    inside = master.relative_to(top)
    shutil.copytree(master.parent, (target / inside).parent)
    for folder in above:
        for path in folder.iterdir():
            if path.is_file() and path.suffix in (".yml", ".yaml", ".txt"):
                shutil.copyfile(path, target / path.relative_to(top))
    return (target / inside).parent, target / inside


def compared(master: Path) -> str:
    """Return the table row of one lab."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        name = "/".join(master.parts[-3:])
        try:
            ottermark("build", master, "--out", folder / "lab")
        except subprocess.CalledProcessError as refused:
            errors = [line for line in refused.stderr.splitlines() if line.startswith("Error: ")]
            first = errors[0].removeprefix("Error: ").replace(f"{master}", master.name)
            return f"| {name} | refused, {len(errors)} errors | {first} |"
        submissions = submissions_of(folder / "lab")
        our = ours(folder / "lab", submissions)
        with open_autograder(folder / "lab" / "autograder") as grader:
            inside = sum(bool(q.why_unprotected) for q in grader.assignment.automatic)
            asked = [q.id for q in grader.assignment.automatic]
        built = f"built, {len(asked)} questions, {inside} of them inside"
        try:
            theirs = stock(master, folder, submissions)
        except Exception as error:  # Otter raises plain exceptions of many types
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            return f"| {name} | {built} | stock Otter fails: {reason} |"
    differences = [
        f"{submission}, {q}: {our[submission][q]:g} for {theirs[submission].get(q, 0):g}"
        for submission in submissions
        for q in asked
        if abs(our[submission][q] - theirs[submission].get(q, 0)) > 1e-4
    ]
    sums = ", ".join(f"{sum(our[submission].values()):g}" for submission in submissions)
    return f"| {name} | {built} | {'; '.join(differences) or 'none'} ({sums}) |"


def main() -> None:
    """Compare the labs that are named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path)
    options = parser.parse_args()
    rows = [
        "| lab | as it stands | points that differ (solution, blank, mutated, partly blank earn) |",
        "|---|---|---|",
    ]
    for master in masters_in(options.path):
        rows.append(compared(master))
        print(rows[-1], flush=True)
    if options.out:
        options.out.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
