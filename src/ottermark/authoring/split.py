"""Split a master notebook into the student's and the solved one; Otter Assign does the work."""

from __future__ import annotations

import base64
import contextlib
import copy
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from otter.assign.assignment import Assignment as OtterAssignment
from otter.assign.notebook_transformer import NotebookTransformer
from otter.assign.output import write_output_dir
from otter.assign.question_config import QuestionConfig
from otter.assign.solutions import ANSWER_CELL_TAG
from otter.assign.tests_manager import AssignmentTestsManager

from ottermark.assignment import Assignment, Question
from ottermark.authoring import rules
from ottermark.authoring.master import Master, QuestionBlock, code_of
from ottermark.authoring.student_grader import wrap_grader
from ottermark.diagnostics import BuildFailedError, Diagnostic, Location
from ottermark.files import files_below
from ottermark.grading.otter_tests import OtterTests
from ottermark.python_source import import_targets, imported_modules
from ottermark.submissions.grading_places import checked_questions, heading_above, headings_in
from ottermark.submissions.written_answers import cell_digest, read_written_answers

_PICTURE = re.compile(r"(!\[[^\]]*\]\()([^):\s]+\.(?:png|jpg|jpeg|gif))(\))")


@dataclass(frozen=True)
class Split:
    """The parts of a master notebook.

    Attributes:
        master: what was split.
        student: the notebook that students receive.
        solution: the same with the solutions in it, not yet run.
        student_files: folder of the files that go beside the student notebook, public tests too.
        grader_files: folder of the files that tests find beside them: the students' and its own.
        tests: folder of one test file a question, hidden tests included.
        assignment: the record of the questions.
        options: the grading options of the master (Otter's ``generate`` and ``seed``).
        requirements: packages that the lab needs besides ours, as pip takes them.
        handed_in: files that students would hand in beside the notebook (``student_files``).
        diagnostics: what was found while splitting, and did not prevent it.
    """

    master: Master
    student: Any
    solution: Any
    student_files: Path
    grader_files: Path
    tests: Path
    assignment: Assignment
    options: dict[str, Any]
    requirements: tuple[str, ...]
    handed_in: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def split_master(master: Master, work: Path, wraps_grader: bool = False) -> Split:
    """Split ``master`` inside of the empty folder ``work``; raises ``BuildFailedError``.

    Args:
        wraps_grader: whether the notebooks use the package ``notebook_grader``.
    """
    otter = OtterAssignment()
    otter.master, otter.result = master.path, work
    tests_manager = AssignmentTestsManager(otter)
    try:
        requirements = _run_otter(otter, tests_manager, master, work)
    except Exception as error:  # Otter raises plain exceptions of many types for authors' mistakes
        raise BuildFailedError(_split_failed(Location(master.name), error)) from error
    if otter.generate_tests_dir is None:
        raise BuildFailedError(_split_failed(Location(master.name), "it wrote no tests"))
    tests = Path(shutil.move(otter.generate_tests_dir, work / "tests"))
    tests.chmod(0o755)  # Otter made it as a temporary folder
    name = master.path.name
    missing: dict[str, Diagnostic] = {}
    solution = _normalized(otter.get_ag_path(name), master, missing)
    student = _normalized(otter.get_stu_path(name), master, missing)
    if wraps_grader:
        wrap_grader(solution)
        wrap_grader(student)
    otter.get_stu_path(name).unlink()
    student_files = _files_for_students(otter.get_stu_path())
    assignment = Assignment(
        name=otter.name or master.path.stem,
        notebook=name,
        questions=_questions(
            master, student, tests_manager, tests, _package_imports(solution, student_files)
        ),
        imports=imported_modules(code_of(solution)),
        student_files=student_files,
        starter_cells=tuple(
            cell_digest(cell.source) for cell in student.cells if not _is_answer(cell)
        ),
        starter_code="\n\n".join(code_of(student)),
    )
    return Split(
        master=master,
        student=student,
        solution=solution,
        student_files=otter.get_stu_path(),
        grader_files=work / "files",
        tests=tests,
        assignment=assignment.with_model_answers(_model_answers(solution, assignment)),
        options=_options(otter),
        requirements=requirements,
        handed_in=tuple(Path(name).as_posix() for name in otter.student_files),
        diagnostics=(*missing.values(), *_in_both_lists(otter, master, student_files)),
    )


def _run_otter(
    otter: OtterAssignment, tests_manager: AssignmentTestsManager, master: Master, work: Path
) -> tuple[str, ...]:
    """Have Otter Assign write its folders into ``work``; return the requirements of the lab."""
    leftovers = work / "otter"
    leftovers.mkdir(parents=True)
    with _working_directory(master.path.parent, leftovers):
        otter.lang = "python"
        transformer = NotebookTransformer(otter, tests_manager)
        transformed = transformer.transform_notebook(copy.deepcopy(master.notebook))
        if otter.tests.url_prefix:
            otter.tests.files = True
        requirements = _requirements(otter.requirements)
        otter.requirements = otter.environment = None
        student_files, otter.files = list(otter.files), []  # linked, not copied
        for folder, sanitize in ((otter.get_ag_path(), False), (otter.get_stu_path(), True)):
            folder.mkdir(parents=True)
            write_output_dir(transformed, folder, otter, sanitize)
        _link_files(student_files, otter.get_stu_path())
        (work / "files").mkdir()
        _link_files([*student_files, *otter.autograder_files], work / "files")
    return requirements


def _split_failed(location: Location, reason: Exception | str) -> Diagnostic:
    line = str(reason).strip().partition("\n")[0].strip(".:") or type(reason).__name__
    return rules.SPLIT_FAILED.at(
        location, f"Otter Assign cannot split it: {line}", "correct what Otter names"
    )


@contextlib.contextmanager
def _working_directory(folder: Path, leftovers: Path) -> Iterator[None]:
    """Otter reads files beside the master by relative paths and leaves temporary folders."""
    before = Path.cwd()
    temporary, tempfile.tempdir = tempfile.tempdir, str(leftovers)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        tempfile.tempdir = temporary


# ------------------------------------------------------------------------------ files


def _requirements(setting: Any) -> tuple[str, ...]:
    """Return the lines of a requirements file beside the master, or of a list in its config."""
    if isinstance(setting, str):
        setting = Path(setting).read_text(encoding="utf-8").splitlines()
    lines = [str(line).strip() for line in setting or ()]
    return tuple(line for line in lines if line and not line.startswith("#"))


def _link_files(names: Sequence[str], target: Path) -> None:
    """Put links to the author's files into a folder, as paths beside the master.

    Args:
        names: of files and folders; a folder has only its own name there. It is one link, unless
            others go into it: nothing is ever written through a link.
    """
    first_parts = [Path(n).name if Path(n).is_dir() else Path(n).parts[0] for n in names]
    for name in names:
        folder = Path(name).name
        if Path(name).is_dir() and first_parts.count(folder) == 1:
            _link(name, str(target / folder))
        elif Path(name).is_dir():
            shutil.copytree(name, target / folder, copy_function=_link, dirs_exist_ok=True)
        else:
            relative = Path(name).resolve().relative_to(Path.cwd().resolve())
            (target / relative).parent.mkdir(parents=True, exist_ok=True)
            _link(name, str(target / relative))


def _link(source: str, target: str) -> None:
    Path(target).unlink(missing_ok=True)  # a file may be listed twice
    Path(target).symlink_to(Path(source).resolve(strict=True))


def _files_for_students(folder: Path) -> tuple[str, ...]:
    """Return the paths of the students' files but for their tests."""
    paths = [path.relative_to(folder) for path in files_below(folder)]
    return tuple(sorted(path.as_posix() for path in paths if path.parts[0] != "tests"))


def _in_both_lists(
    otter: OtterAssignment, master: Master, student_files: Sequence[str]
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each entry of ``autograder_files`` of which students receive files."""
    configs = master.structure.configs
    location = configs[0][0] if configs else Location(master.name)
    for entry in otter.autograder_files:
        path = master.path.parent / entry
        if path.is_dir():
            names = {f"{path.name}/{p.relative_to(path).as_posix()}" for p in files_below(path)}
        else:
            names = {Path(os.path.normpath(entry)).as_posix()}
        if shared := sorted(names.intersection(student_files)):
            more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
            yield rules.FILE_IN_BOTH_LISTS.at(
                location,
                f"students receive {shared[0]}{more}, which `autograder_files` keeps for the grader "
                "and `files` hands out",
                "move it out of what `files` names if it holds answers, or remove it from "
                "`autograder_files`",
            )


def _options(otter: OtterAssignment) -> dict[str, Any]:
    """Return the grading options, as Otter Assign would write them into otter_config.json."""
    options = dict(otter.generate.get_user_config()) if otter.generate else {}
    if otter.seed and otter.seed.variable:
        options |= {"seed": otter.seed.autograder_value, "seed_variable": otter.seed.variable}
    return options


# -------------------------------------------------------------------------- notebooks


def _normalized(path: Path, master: Master, missing: dict[str, Diagnostic]) -> Any:
    """Return one of Otter's notebooks with pictures embedded and cell ids that do not change.

    Args:
        missing: receives a diagnostic for each picture that does not exist.
    """
    notebook = nbformat.read(path, as_version=4)
    known = {cell.get("id") for cell in master.notebook.cells}
    used: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        if cell.get("id") is None or cell.id not in known or cell.id in used:
            cell["id"] = f"cell-{number}"
        used.add(cell.id)
        if cell.cell_type == "markdown":
            location = master.locate_cell(cell)
            cell.source = _with_pictures(cell.source, master.path.parent, location, missing)
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    return notebook


def _with_pictures(
    source: str, folder: Path, location: Location, missing: dict[str, Diagnostic]
) -> str:
    """Embed the pictures of a Markdown cell: Colab shows neither files nor attachments."""

    def embed(link: re.Match[str]) -> str:
        path = folder / link[2]
        if not path.is_file():
            missing[link[2]] = rules.MISSING_PICTURE.at(
                location,
                f"the picture {link[2]} does not exist",
                "put it beside the master notebook, or correct the path",
            )
            return link[0]
        kind = path.suffix[1:].replace("jpg", "jpeg")
        data = base64.b64encode(path.read_bytes()).decode()
        return f"{link[1]}data:image/{kind};base64,{data}{link[3]}"

    return _PICTURE.sub(embed, source)


# -------------------------------------------------------------------------- questions


def _questions(
    master: Master,
    student: Any,
    tests_manager: AssignmentTestsManager,
    tests: Path,
    package_imports: dict[str, str],
) -> tuple[Question, ...]:
    written = _written_parts(master, student)
    check_cells = {
        question: cell.id for cell in student.cells for question in checked_questions(cell)
    }
    questions = []
    for block in master.structure.questions:
        if not (block.tests or block.config.get("manual") or block.config.get("points")):
            continue  # for practice: it has no points
        config = QuestionConfig(block.config)
        try:
            points = tests_manager.determine_question_point_value(config)
        except Exception as error:
            raise BuildFailedError(_split_failed(block.location, error)) from error
        path = tests / f"{config.name}.py"
        check_cell = check_cells.get(config.name, "")
        title, text = _title_and_text(block, student, check_cell)
        if config.manual or not path.is_file():  # without tests only people can mark
            prompt, placeholder = written.get(block.name, ("", ""))
            question = Question(
                config.name, points, manual=True, prompt=prompt, placeholder=placeholder
            )
        else:
            question = _tested_question(config.name, points, path, package_imports, master)
            question = replace(question, check_cell=check_cell, prompt=text)
        questions.append(replace(question, title=title))
    return tuple(questions)


def _title_and_text(block: QuestionBlock, student: Any, check_cell: str) -> tuple[str, str]:
    """Return the heading and the text of a question in the students' notebook; empty if it has none.

    Notebooks before format 4.5 do not show which cells are the question's: there the text is the last
    Markdown cell above its check.
    """
    markdown = [i for i, cell in enumerate(student.cells) if cell.cell_type == "markdown"]
    own = [index for index in markdown if student.cells[index].id in block.cell_ids]
    if not own:
        checks = [index for index, cell in enumerate(student.cells) if cell.id == check_cell]
        own = [index for index in markdown if checks and index < checks[0]][-1:]
    if not own:
        return "", ""
    text = "\n\n".join(student.cells[index].source for index in own)
    title, *_ = headings_in(text) or [heading_above(student.cells, own[0])]
    return title, text


def _tested_question(
    name: str, points: float, path: Path, package_imports: dict[str, str], master: Master
) -> Question:
    try:
        tests = OtterTests(path)
        needs = tests.required_names()
    except SyntaxError:  # Otter pastes messages into source code without escaping them
        raise BuildFailedError(
            rules.GENERATED_TEST_SYNTAX_ERROR.at(
                master.locate(name),
                "its tests are not Python once Otter has written them",
                "keep its messages to one line without double quotes and backslashes",
            )
        ) from None
    return Question(
        name,
        points,
        manual=False,
        names=tuple(n for n in needs.names if n not in package_imports),
        grader_imports={n: package_imports[n] for n in needs.names if n in package_imports},
        why_unprotected=needs.why_open_ended,
        all_tests_public=not any(case.hidden for case in tests.cases),
    )


def _package_imports(solution: Any, student_files: tuple[str, ...]) -> dict[str, str]:
    """Return what the solution imports from packages, which the grader can import by itself."""
    local = {Path(name).parts[0].removesuffix(".py") for name in student_files}
    targets = import_targets(code_of(solution))
    return {name: to for name, to in targets.items() if re.split("[.:]", to)[0] not in local}


def _written_parts(master: Master, student: Any) -> dict[str, tuple[str, str]]:
    """Return for each question that people mark its prompt and its empty answer.

    Both are texts of cells of the students' notebook. A cell that Otter has added belongs to the
    question of the cell before it.
    """
    question_of = {cell.get("id"): "" for cell in master.notebook.cells}
    for block in master.structure.questions:
        if block.config.get("manual"):
            question_of |= dict.fromkeys(block.cell_ids, block.name)
    parts: dict[str, tuple[str, str]] = {}
    prompt = question = ""
    for cell in student.cells:
        if not _is_answer(cell):
            prompt, question = cell.source, question_of.get(cell.id, question)
        elif question:
            parts.setdefault(question, (prompt, cell.source))
    return parts


def _model_answers(solution: Any, assignment: Assignment) -> dict[str, str]:
    """Return the answers in the solved notebook to the questions that people mark, by id."""
    answers = read_written_answers(solution.cells, assignment)
    return {answer.question.id: answer.text for answer in answers}


def _is_answer(cell: Any) -> bool:
    return ANSWER_CELL_TAG in cell.metadata.get("tags", ())
