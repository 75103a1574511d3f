"""mograder: the lab as a marimo notebook, graded by ``mograder autograde``.

The notebook keeps its cells and their order, texts included. The tests of a question are one check,
with the points as weights; those that students do not have are hidden tests. marimo refuses a name
that two cells define: such names become local to their cells where no other cell reads them. This is
done to the blank and to the solved notebook, whose cells are known. It is not done to the class: what
names a student's answers define, and which later cell reads which of them, differs from one
submission to the next, and marimo does not run cells that define the same name.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import shutil
import subprocess
import symtable
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hostile.environments import environment_of
from hostile.grader import with_data
from hostile.mograder import MoGrader
from lab_tests import LabTest

from costs.labs import loaded
from costs.nbgrader_lab import NEEDED
from costs.submissions import readable
from costs.without_otter import Part, lab_tests, parts_of
from costs.work import GRADESCOPE, Task, Work, write_points

LAB = "lab"
# for the lab's pictures; marimo 0.25.2 cannot show those of later versions
PACKAGES = (*MoGrader.packages, *NEEDED, "ipython==8.37.0")
ANSWER = "# YOUR CODE HERE"
_CONFIG = "[rlimits]\nas = 0\ncpu = 0\n"  # TensorFlow needs more than a gigabyte of addresses
_HEAD = """\
import marimo as mo
from mograder.runtime import Grader
# === MOGRADER: MARKS ===
_marks = {marks}
check = Grader(_marks).check"""
_PASSES = """\
def _passes(test, *answers):
    try:
        test(*answers)
    except Exception:
        return False
    return True"""
# marimo writes which names a cell takes and returns by itself
_WRITE = f"""\
import json, sys
from marimo._ast.codegen import generate_filecontents_from_ir
from marimo._convert.converters import MarimoConvert

with open(sys.argv[1]) as file:
    notebooks = json.load(file)
for target, (release, codes) in notebooks.items():
    with open(release) as file:
        notebook = MarimoConvert.from_py(file.read()).to_ir()
    answers = [cell for cell in notebook.cells if not codes or "{ANSWER}" in cell.code]
    if codes:
        for cell, code in zip(answers, codes, strict=True):
            cell.code = code
    with open(target, "w") as file:
        file.write(generate_filecontents_from_ir(notebook))
"""
_SCRIPT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///

import marimo

app = marimo.App()

"""
_CELL = """
@app.cell
def _():
{body}
    return

"""
_END = """
if __name__ == "__main__":
    app.run()
"""


def _call(folder: Path, program: str, *words: str) -> str:
    environment = environment_of(PACKAGES)
    done = subprocess.run(
        [str(environment / "bin" / program), *words],
        cwd=folder,
        env=os.environ | {"PATH": f"{environment / 'bin'}:/usr/bin:/bin"} | MoGrader.variables,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{program} {words[0]} failed: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


# ----------------------------------------------------------------------------- the course


def _prepare(task: Task) -> None:
    """Have mograder make the course, and put submissions into it."""
    template = task.made / "mograder"
    solved = loaded(task.lab.solution)
    local = local_names([part.source for part in _codes(solved)])
    if not template.exists():
        _make_course(task, template, solved, local)
    course = task.out / "course"
    shutil.copytree(template, course, symlinks=True)
    submitted = course / "submitted" / LAB
    submitted.mkdir(parents=True)
    release = str(course / "release" / LAB / f"{LAB}.py")
    _write(
        course,
        {
            str(submitted / f"{path.stem}.py"): (release, _answers(readable(path), local))
            for path in task.submissions
        },
    )


def _make_course(
    task: Task, course: Path, solved: Mapping[str, Any], local: Sequence[set[str]]
) -> None:
    source = course / "source" / LAB
    source.mkdir(parents=True)
    files = task.lab.autograder / "files"
    for path in files.rglob("*"):  # into one folder: mograder copies no others
        if path.is_file():
            prefix = "held_back_" if path.parent.name == "held_back" else ""
            shutil.copy(path, source / f"{prefix}{path.name}")
    (course / "mograder.toml").write_text(_CONFIG, encoding="utf-8")
    # mograder installs what a lab imports into .venv beside it; it is installed already
    environment, here = environment_of(PACKAGES), source / ".venv"
    (here / "bin").mkdir(parents=True)
    (here / "bin" / "python").symlink_to(environment / "bin" / "python")
    (here / "lib").symlink_to(environment / "lib")
    shutil.copy(environment / "pyvenv.cfg", here)
    path = source / f"{LAB}.py"
    path.write_text(_marimo(solved, lab_tests(task.lab), local), encoding="utf-8")
    _write(course, {str(path): (str(path), [])})
    _call(course, "mograder", "generate", LAB, "--no-validate")


def _write(course: Path, notebooks: Mapping[str, tuple[str, list[str]]]) -> None:
    """Have marimo write notebooks: a notebook again, with other answers if there are any."""
    request, script = course / "notebooks.json", course / "write.py"
    request.write_text(json.dumps(notebooks), encoding="utf-8")
    script.write_text(_WRITE, encoding="utf-8")
    _call(course, "python", str(script), str(request))


# ---------------------------------------------------------------------------- the notebook


def _marimo(
    solved: Mapping[str, Any], tests: Mapping[str, list[LabTest]], local: Sequence[set[str]]
) -> str:
    marks = {question: sum(test.points for test in each) for question, each in tests.items()}
    cells, names = [_HEAD.format(marks=marks)], iter(local)
    for part in parts_of(solved):
        if part.kind == "text":
            cells.append(f"mo.md({part.source!r})")
        elif part.kind == "tests":
            cells += _checks(tests[part.question], part.question)
        else:
            code = made_local(part.source, next(names))
            marked = f"### BEGIN SOLUTION\n{code}\n### END SOLUTION"
            cells.append(marked if part.kind == "answer" else code)
    bodies = ("\n".join(f"    {line}" for line in cell.splitlines()) for cell in cells)
    return "".join([_SCRIPT, *(_CELL.format(body=body) for body in bodies), _END])


def _checks(tests: Sequence[LabTest], question: str) -> Iterator[str]:
    """Yield the check of what students can run, which gives no points, and the hidden one, which does."""
    visible = [test for test in tests if not test.hidden]
    hidden = [test for test in tests if test.hidden]
    if visible:
        yield _check(visible, f"{question} form: what you can check yourself")
    if hidden:
        code = _check(hidden, f"{question}: hidden")
        yield f"### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"


def _check(tests: Sequence[LabTest], label: str) -> str:
    functions = [with_data(test.source, "").replace("def ", "def _", 1) for test in tests]
    rows = [
        f'    (_passes({", ".join([f"_{test.name}", *test.arguments])}), "not yet", {test.points}),'
        for test in tests
    ]
    return "\n".join([_PASSES, *functions, f'check("{label}", [', *rows, "])"])


def _codes(notebook: Mapping[str, Any]) -> list[Part]:
    """Return the cells of code that are the lab's or the student's."""
    return [part for part in parts_of(notebook) if part.kind in ("code", "answer")]


def _answers(notebook: Mapping[str, Any], local: Sequence[set[str]]) -> list[str]:
    return [
        f"{ANSWER}\n{made_local(part.source, names)}"
        for part, names in zip(_codes(notebook), local, strict=True)
        if part.kind == "answer"
    ]


# -------------------------------------------------------------------------------- the names


def local_names(sources: Sequence[str]) -> list[set[str]]:
    """Return the names that each cell must keep to itself, since other cells define them, too."""
    cells = [names_of(source) for source in sources]
    local: list[set[str]] = [set() for _ in cells]
    for name in set().union(*(defined for defined, _ in cells)):
        places = [place for place, (defined, _) in enumerate(cells) if name in defined]
        read = {
            max(before)
            for place, (defined, used) in enumerate(cells)
            if name in used - defined and (before := [each for each in places if each < place])
        }
        if len(places) > 1 and len(read) > 1:
            raise SystemExit(
                f"{name} is defined and read by several cells: marimo cannot run that."
            )
        for place in places if len(places) > 1 else []:
            if place not in read:
                local[place].add(name)
    return local


def names_of(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell defines, and those that it uses."""
    top = symtable.symtable(source, "cell", "exec")
    defined = {
        symbol.get_name()
        for symbol in top.get_symbols()
        if symbol.is_assigned() or symbol.is_imported()
    }
    return {name for name in defined if not name.startswith("_")}, set(_used(top))


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_global() or (table.get_type() == "module" and symbol.is_referenced()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _used(child)


class _MakeLocal(ast.NodeTransformer):
    """Puts an underscore before names: marimo keeps those in their cells."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def _of(self, name: str) -> str:
        return f"_{name}" if name in self.names else name

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._of(node.id)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self._of(node.name)
        self.generic_visit(node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._of(node.arg)
        return node


def made_local(source: str, names: set[str]) -> str:
    """Return a cell for marimo: with names of its own, and data in the folder where it runs."""
    source = with_data(source, "").replace('globals().get("convnet")', "convnet")
    return ast.unparse(_MakeLocal(names).visit(ast.parse(source))) or "pass"


# -------------------------------------------------------------------------------- the grading


def _run(task: Task) -> None:
    course = task.out / "course"
    words = ["--source", f"source/{LAB}/{LAB}.py", "--timeout", str(round(task.seconds))]
    _call(course, "mograder", "autograde", LAB, *words, "-j", str(task.jobs), "--csv", "grades.csv")
    with (course / "grades.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["auto_mark"]:
                write_points(task, row["notebook"], float(row["auto_mark"]))


MOGRADER = Work("mograder", _run, _prepare, seconds=GRADESCOPE)
