"""Split a master notebook into the student's and the solved one; Otter Assign does the work."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from otter.assign.assignment import Assignment as OtterAssignment
from otter.assign.blocks import (
    BlockType,
    extract_all_fenced_otter_cells,
    get_cell_config,
    is_block_boundary_cell,
)
from otter.assign.notebook_transformer import NotebookTransformer
from otter.assign.output import write_output_dir
from otter.assign.question_config import QuestionConfig
from otter.assign.solutions import ANSWER_CELL_TAG
from otter.assign.tests_manager import AssignmentTestsManager

from ottermark.assignment import Assignment, Question
from ottermark.errors import CheckFailedError, UsageError
from ottermark.grading.otter_tests import OtterTests
from ottermark.python_source import imported, modules
from ottermark.submissions.written_answers import cell_digest

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
        options: what the master says of grading (Otter's ``generate`` and ``seed``).
        requirements: packages that the lab needs besides ours, as pip takes them.
        places: by question, the number of its cell in the master, from 1.
    """

    student: Any
    solution: Any
    student_files: Path
    grader_files: Path
    tests: Path
    assignment: Assignment
    options: dict[str, Any]
    requirements: tuple[str, ...]
    places: dict[str, int]


def split(master: Path, work: Path) -> Split:
    """Take ``master`` apart inside the empty folder ``work``; raises ``CheckFailedError``."""
    notebook = read_master(master)
    otter = OtterAssignment(require_valid_keys=True)
    otter.master, otter.result = master, work
    tests_manager = AssignmentTestsManager(otter)
    try:
        with _working_in(master.parent, _made(work / "otter")):
            otter.lang = "python"
            transformed = NotebookTransformer(otter, tests_manager).transform_notebook(notebook)
            if otter.tests.url_prefix:
                otter.tests.files = True
            requirements = _requirements(otter.requirements)
            otter.requirements = otter.environment = None
            for folder, sanitize in ((otter.get_ag_path(), False), (otter.get_stu_path(), True)):
                folder.mkdir(parents=True)
                write_output_dir(transformed, folder, otter, sanitize)
            grader_files = _grader_files(otter, work / "files")
    except Exception as error:  # Otter raises plain exceptions of many types for authors' slips
        first = str(error).strip().partition("\n")[0].rstrip(":") or type(error).__name__
        raise CheckFailedError(f"{master}: Otter Assign cannot split it: {first}.") from error
    if otter.generate_tests_dir is None:
        raise CheckFailedError(f"{master}: Otter Assign wrote no tests.")
    tests = Path(shutil.move(otter.generate_tests_dir, work / "tests"))
    tests.chmod(0o755)  # Otter made it as a temporary folder
    solution = _finished(otter.get_ag_path(master.name), master, notebook)
    student = _finished(otter.get_stu_path(master.name), master, notebook)
    otter.get_stu_path(master.name).unlink()
    written = _written_parts(notebook, student)
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
            questions=tuple(
                _question(config, tests_manager, tests, _own(solution, shared), written)
                for _, config in _question_cells(notebook)
            ),
            imports=modules(code_of(solution)),
            student_files=tuple(shared),
            starter_cells=tuple(
                cell_digest(cell.source) for cell in student.cells if not _is_answer(cell)
            ),
            starter_code="\n\n".join(code_of(student)),
        ),
        options=_options(otter),
        requirements=requirements,
        places={config.name: number for number, config in _question_cells(notebook)},
    )


def code_of(notebook: Any) -> list[str]:
    """Return the sources of a notebook's code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def read_master(master: Path) -> Any:
    """Read the master notebook; raises ``UsageError``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about cells without ids: old notebooks have none
            return nbformat.read(master, as_version=4)
    except FileNotFoundError:
        raise UsageError(f"{master} does not exist; name the master notebook.") from None
    except Exception as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"{master} is not a notebook ({first}).") from None


def _question(
    config: QuestionConfig,
    manager: AssignmentTestsManager,
    tests: Path,
    own: dict[str, str],
    written: dict[str, tuple[str, str]],
) -> Question:
    test = tests / f"{config.name}.py"
    points = manager.determine_question_point_value(config)
    if config.manual or not test.is_file():
        prompt, blank = written.get(config.name, ("", ""))
        # without tests only people can mark
        return Question(config.name, points, manual=True, prompt=prompt, placeholder=blank)
    try:
        given = OtterTests(test)
        needs = given.required_names()
    except SyntaxError:  # Otter pastes messages into source code as they are
        raise CheckFailedError(
            f"{test.stem}: its tests are not Python once Otter has written them; keep its "
            "messages to one line and free of double quotes and backslashes."
        ) from None
    asked = tuple(name for name in needs.names if name not in own)
    ours = {name: own[name] for name in needs.names if name in own}
    public = not any(case.hidden for case in given.cases)
    return Question(config.name, points, False, asked, ours, needs.why_open_ended, public)


def _question_cells(notebook: Any) -> Iterator[tuple[int, QuestionConfig]]:
    """Yield the number of each question's cell in the master, from 1, and its config."""
    for number, cell in enumerate(notebook.cells, start=1):
        for part in extract_all_fenced_otter_cells([cell]):
            if is_block_boundary_cell(part, BlockType.QUESTION):
                yield number, QuestionConfig(get_cell_config(part))


def _written_parts(master: Any, student: Any) -> dict[str, tuple[str, str]]:
    """Return the prompt and the empty answer in the students' notebook of what people mark."""
    block_of, current = {}, ""
    for cell in master.cells:
        for part in extract_all_fenced_otter_cells([cell]):
            if is_block_boundary_cell(part, BlockType.QUESTION):
                config = QuestionConfig(get_cell_config(part))
                current = config.name if config.manual else ""
            elif is_block_boundary_cell(part, BlockType.QUESTION, end=True):
                current = ""
        block_of[cell.get("id")] = current
    found: dict[str, tuple[str, str]] = {}
    prompt = current = ""
    for cell in student.cells:
        if not _is_answer(cell):
            prompt, current = cell.source, block_of.get(cell.id, current)
        elif current:
            found.setdefault(current, (prompt, cell.source))
    return found


def _is_answer(cell: Any) -> bool:
    return ANSWER_CELL_TAG in cell.metadata.get("tags", ())


def _own(solution: Any, shared: list[str]) -> dict[str, str]:
    """Return what the solution imports from packages, which the grader can import by itself."""
    local = {Path(name).parts[0].removesuffix(".py") for name in shared}
    bound = imported(code_of(solution))
    return {name: to for name, to in bound.items() if re.split("[.:]", to)[0] not in local}


def _requirements(given: Any) -> tuple[str, ...]:
    """Return the lines of a requirements file beside the master, or of a list in its config."""
    if isinstance(given, str):
        given = Path(given).read_text(encoding="utf-8").splitlines()
    lines = [str(line).strip() for line in given or ()]
    return tuple(line for line in lines if line and not line.startswith("#"))


def _options(otter: OtterAssignment) -> dict[str, Any]:
    """Return the options of grading, as Otter Assign would write them into otter_config.json."""
    options = dict(otter.generate.get_user_config()) if otter.generate else {}
    if otter.seed and otter.seed.variable:
        options |= {"seed": otter.seed.autograder_value, "seed_variable": otter.seed.variable}
    return options


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
        if cell.get("id") is None or cell.id not in known or cell.id in used:
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
        raise CheckFailedError(f"{path} does not exist although the master notebook shows it.")
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
