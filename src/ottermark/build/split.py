"""Split a master notebook into the student's and the solved one; Otter Assign does the work."""

from __future__ import annotations

import ast
import base64
import contextlib
import inspect
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from otter.assign.assignment import Assignment as OtterAssignment
from otter.assign.blocks import BlockType, get_cell_config, is_block_boundary_cell
from otter.assign.notebook_transformer import NotebookTransformer
from otter.assign.output import write_output_dir
from otter.assign.question_config import QuestionConfig
from otter.assign.tests_manager import AssignmentTestsManager
from otter.test_files.exception_test import ExceptionTestFile

from ottermark.errors import CheckFailed, UsageProblem
from ottermark.questions import Assignment, Question

_PICTURE = re.compile(r"(!\[[^\]]*\]\()([^):\s]+\.(?:png|jpg|jpeg|gif))(\))")


@dataclass(frozen=True)
class Split:
    """A master notebook taken apart.

    Attributes:
        student: the notebook that students receive.
        solution: the same with the solutions in it, not yet run.
        student_files: folder of the files that go beside the student notebook, public tests too.
        grader_files: folder of the files that tests find beside them: the students' and its own.
        tests: folder of one test file a question, hidden tests included.
        assignment: the record of the questions.
    """

    student: Any
    solution: Any
    student_files: Path
    grader_files: Path
    tests: Path
    assignment: Assignment


def split(master: Path, work: Path) -> Split:
    """Take ``master`` apart inside the empty folder ``work``; raises ``CheckFailed``."""
    notebook = read_master(master)
    otter = OtterAssignment(require_valid_keys=True)
    otter.master, otter.result = master, work
    tests_manager = AssignmentTestsManager(otter)
    try:
        with _working_in(master.parent, _made(work / "otter")):
            otter.lang = "python"
            transformed = NotebookTransformer(otter, tests_manager).transform_notebook(notebook)
            for folder, sanitize in ((otter.get_ag_path(), False), (otter.get_stu_path(), True)):
                folder.mkdir(parents=True)
                write_output_dir(transformed, folder, otter, sanitize)
            grader_files = _grader_files(otter, work / "files")
    except Exception as error:  # Otter raises plain exceptions of many types for authors' slips
        first = str(error).strip().partition("\n")[0].rstrip(":") or type(error).__name__
        raise CheckFailed(f"{master}: Otter Assign cannot split it: {first}.") from error
    if otter.generate_tests_dir is None:
        raise CheckFailed(f"{master}: Otter Assign wrote no tests.")
    tests = Path(shutil.move(otter.generate_tests_dir, work / "tests"))
    tests.chmod(0o755)  # Otter made it as a temporary folder
    if otter.tests.ok_format:
        raise CheckFailed(
            f"{master}: its tests are doctests; set `tests: {{ok_format: false}}` in the "
            "assignment config and write them as functions that raise."
        )
    solution = _finished(otter.get_ag_path(master.name), master, notebook)
    student = _finished(otter.get_stu_path(master.name), master, notebook)
    otter.get_stu_path(master.name).unlink()
    shared = sorted(
        path.relative_to(otter.get_stu_path()).as_posix()
        for path in otter.get_stu_path().rglob("*")
        if path.is_file() and path.relative_to(otter.get_stu_path()).parts[0] != "tests"
    )
    return Split(
        student=student,
        solution=solution,
        student_files=otter.get_stu_path(),
        grader_files=grader_files,
        tests=tests,
        assignment=Assignment(
            name=otter.name or master.stem,
            notebook=master.name,
            questions=tuple(_questions(notebook, tests_manager, tests)),
            imports=tuple(sorted(_imports(solution))),
            student_files=tuple(shared),
        ),
    )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def read_master(master: Path) -> Any:
    """Read the master notebook; raises ``UsageProblem``."""
    try:
        return nbformat.read(master, as_version=4)
    except FileNotFoundError:
        raise UsageProblem(f"{master} does not exist; name the master notebook.") from None
    except Exception as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageProblem(f"{master} is not a notebook ({first}).") from None


def _questions(notebook: Any, manager: AssignmentTestsManager, tests: Path) -> Iterator[Question]:
    for cell in notebook.cells:
        if not is_block_boundary_cell(cell, BlockType.QUESTION):
            continue
        config = QuestionConfig(get_cell_config(cell))
        test = tests / f"{config.name}.py"
        points = manager.determine_question_point_value(config)
        names = _names(test) if test.is_file() else ()
        yield Question(config.name, points, bool(config.manual), names)


def _names(test: Path) -> tuple[str, ...]:
    """Return the parameters of a test file's functions, in order of first use."""
    names: dict[str, None] = {}
    try:
        cases = ExceptionTestFile.from_file(str(test)).test_cases
    except SyntaxError:  # Otter pastes messages into source code as they are
        raise CheckFailed(
            f"{test.stem}: its tests are not Python once Otter has written them; keep its "
            "messages to one line and free of double quotes and backslashes."
        ) from None
    for case in cases:
        names.update(dict.fromkeys(inspect.signature(case.body.test_func).parameters))
    return tuple(names)


def _imports(notebook: Any) -> set[str]:
    """Return the modules that the code cells import."""
    plain = TransformerManager()
    found: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        try:
            tree = ast.parse(plain.transform_cell(cell.source))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return {name for name in found if name.partition(".")[0] not in ("otter", "google")}


def _grader_files(otter: OtterAssignment, target: Path) -> Path:
    """Copy what tests read into one folder, as paths beside the master."""
    target.mkdir()
    for name in [*otter.files, *otter.autograder_files]:
        if Path(name).is_dir():
            shutil.copytree(name, target / Path(name).name)
        else:
            inside = Path(name).resolve().relative_to(Path.cwd().resolve())
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, target / inside)
    return target


def _finished(path: Path, master: Path, original: Any) -> Any:
    """Return Otter's notebook with pictures inside and cell ids that do not change by the build."""
    notebook = nbformat.read(path, as_version=4)
    known = {cell.get("id") for cell in original.cells}
    used: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        if cell.get("id") not in known or cell.id in used:
            cell["id"] = f"cell-{number}"
        used.add(cell.id)
        if cell.cell_type == "markdown":
            cell.source = _PICTURE.sub(lambda m: _embedded(m, master.parent), cell.source)
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    return notebook


def _embedded(link: re.Match[str], folder: Path) -> str:
    """Return a Markdown picture with its bytes in it: Colab shows neither files nor attachments."""
    path = folder / link[2]
    if not path.is_file():
        raise CheckFailed(f"{path} does not exist although the master notebook shows it.")
    kind = path.suffix[1:].replace("jpg", "jpeg")
    data = base64.b64encode(path.read_bytes()).decode()
    return f"{link[1]}data:image/{kind};base64,{data}{link[3]}"


@contextlib.contextmanager
def _working_in(folder: Path, leftovers: Path) -> Iterator[None]:
    """Otter reads files beside the master by relative paths and leaves temporary folders."""
    before = Path.cwd()
    temporary, tempfile.tempdir = tempfile.tempdir, str(leftovers)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        tempfile.tempdir = temporary
