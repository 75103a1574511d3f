"""Master notebook in; student version, autograder and solutions out, proven first.

Everything is made in a temporary folder. What stands in the project is replaced only when
all proofs hold.
"""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter

from ottermark.assignment import Assignment, Question
from ottermark.authoring import cache as kept
from ottermark.authoring import package as pack
from ottermark.authoring.leaks import leaks
from ottermark.authoring.lint import lint
from ottermark.authoring.slicing import needed
from ottermark.authoring.split import Split, code_of, read_master, split
from ottermark.authoring.verify import (
    Progress,
    SolutionCheck,
    as_submission,
    prove_blank,
    prove_solution,
)
from ottermark.authoring.written_template import TEMPLATE, write_outline
from ottermark.config import CONFIG_FILE, GradingConfig, ignored_options, read_options
from ottermark.errors import CheckFailedError, UsageError
from ottermark.grading.autograder import SELF_TEST, TOOL, UPLOAD, Autograder, open_autograder
from ottermark.grading.leaderboard import LEADERBOARD_FILE, Leaderboard
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue
from ottermark.python_source import modules
from ottermark.sandbox.sandbox import Sandbox

Ready = Callable[[], Sandbox]
FOLDERS = ("student", "autograder", "solutions")


@dataclass(frozen=True)
class BuildResult:
    """What a build made.

    Attributes:
        assignment: the record of its questions.
        changed: files that are new, different or gone, relative to the output folder.
        raised: a sentence for each cell of the blank notebook that raises.
        ignored: a sentence for each option of grading that has no effect.
    """

    assignment: Assignment
    changed: tuple[str, ...]
    raised: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True)
class ProvenQuestion:
    """A question that holds.

    Attributes:
        question: its record.
        cells: how many code cells of the solution it needs.
        of: how many there are.
    """

    question: Question
    cells: int
    of: int


def build(master: Path, out: Path, check: bool, sandbox: Ready, progress: Progress) -> BuildResult:
    """Build ``master`` into the three folders under ``out``.

    Args:
        check: write nothing, only tell what would change.
        sandbox: gives the process that notebooks are forked from.
        progress: told what is being done.

    Raises:
        UsageError: the master or the config cannot be read.
        CheckFailedError: a proof does not hold; nothing has been written.
    """
    with _laid_out(master, out, progress) as (slips, parts, ignored, made):
        with _beside(slips):
            assignment, executed, raised = _proven(parts, master, made, sandbox, progress)
        if slips:
            raise CheckFailedError(*slips)
        progress("writing the solutions")
        _write_solutions(parts, executed, out / "solutions", _made(made / "solutions"))
        outline = (made / "solutions" / assignment.notebook).with_suffix("")
        write_outline(assignment, parts.solution, outline.with_name(outline.name + TEMPLATE))
        pack.pack_upload(made / "autograder")
        changed = _differences(made, out)
        if not check:
            progress("putting the folders in place")
            for name in FOLDERS:
                _replace(made / name, out / name)
    return BuildResult(assignment, tuple(changed), tuple(raised), ignored)


def prove_question(
    master: Path, out: Path, name: str, sandbox: Ready, progress: Progress
) -> ProvenQuestion:
    """Prove one question of ``master`` with the cells that it needs and no others; write nothing.

    Raises:
        UsageError: the master or the config cannot be read, or has no such question.
        CheckFailedError: something does not hold of that question.
    """
    with _laid_out(master, out, progress) as (slips, parts, _, made):
        slips = [slip for slip in slips if f"({name})" in slip]
        question = _found(parts.assignment, name, master)
        replace(parts.assignment, questions=(question,)).write(made / "autograder")
        (made / "autograder" / CATALOGUE_FILE).unlink(missing_ok=True)  # it is about all questions
        with (
            _beside(slips),
            open_autograder(made / "autograder") as grader,
            grader.working_directory(),
        ):
            for solution in (_needed(parts.solution, question, grader), parts.solution):
                progress(f"importing what {name} needs")
                sandbox().preload(modules(code_of(solution)))
                proof = prove_solution(solution, grader, sandbox(), progress)
                if not proof.raised:  # else a cell may be missing that it needs
                    break
            problems = list(proof.problems)
            if proof.inside:
                grader = replace(
                    grader, assignment=grader.assignment.with_unprotected(proof.inside)
                )
            blank = _needed(parts.student, question, grader)
            problems += prove_blank(blank, grader, sandbox(), progress)[0]
            if problems:
                raise CheckFailedError(*_placed(problems, master, parts))
        if slips:
            raise CheckFailedError(*slips)
    (question,) = grader.assignment.questions
    return ProvenQuestion(question, len(code_of(solution)), len(code_of(parts.solution)))


def _found(assignment: Assignment, name: str, master: Path) -> Question:
    for question in assignment.questions:
        if question.id == name:
            if question.manual:
                raise UsageError(f"{name} of {master} has no tests to prove: people mark it.")
            return question
    known = ", ".join(question.id for question in assignment.automatic)
    raise UsageError(f"{master} has no question {name!r}; those with tests are {known}.")


def _needed(notebook: Any, question: Question, grader: Autograder) -> Any:
    end = as_submission(notebook, grader).grading_positions(grader.assignment)[question.id]
    return notebook if question.why_unprotected else needed(notebook, question, end)


@contextmanager
def _laid_out(
    master: Path, out: Path, progress: Progress
) -> Iterator[tuple[list[str], Split, tuple[str, ...], Path]]:
    """Split ``master`` and write student and autograder folder, not yet proven, into another one.

    Yields:
        The slips in the master, its parts, a sentence for each ignored option of grading, and the
        folder.
    """
    progress("reading the master notebook")
    name = str(master)
    master, out = master.resolve(), out.resolve()
    slips = [f"{name}, {slip}" for slip in lint(read_master(master), master.parent)]
    with tempfile.TemporaryDirectory(prefix="ottermark-build-") as folder:
        made = Path(folder) / "made"
        progress("splitting the master notebook")
        with _beside(slips):
            parts = split(master, _made(Path(folder) / "split"))
            _write_student(parts, _made(made / "student"))
        catalogue = MisconceptionCatalogue.read(master.parent / CATALOGUE_FILE, parts.assignment)
        leaderboard = Leaderboard.read(master.parent / LEADERBOARD_FILE, parts.assignment)
        config, ignored = _config(parts, master, out)
        _write_autograder(parts, config, _made(made / "autograder"))
        for name, wanted in (
            (CATALOGUE_FILE, catalogue.questions),
            (LEADERBOARD_FILE, leaderboard.columns),
        ):
            if wanted:
                shutil.copyfile(master.parent / name, made / "autograder" / name)
        yield slips, parts, ignored, made


@contextmanager
def _beside(slips: list[str]) -> Iterator[None]:
    """Let what fails be told together with ``slips``."""
    try:
        yield
    except CheckFailedError as failed:
        raise CheckFailedError(*slips, *failed.problems) from None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _config(parts: Split, master: Path, out: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the options of grading, and a sentence for each that is ignored.

    They are those of the master, overruled by a file in the root or beside it.
    """
    options, source = parts.options, f"{master}, generate"
    for path in (out / CONFIG_FILE, master.parent / CONFIG_FILE):
        if path.is_file():
            options, source = options | read_options(path), str(path)
            break
    GradingConfig.from_options(options, source)
    ignored = ignored_options(options).items()
    return options, tuple(f"{source}, {n}: has no effect, as {why}." for n, why in ignored)


def _write_student(parts: Split, target: Path) -> None:
    shutil.copytree(parts.student_files, target, dirs_exist_ok=True)
    beside = pack.files_in(target)
    if beside:  # Colab takes files one at a time, folders not at all
        pack.zip_folder(target, target / pack.COLAB, beside)
    nbformat.write(parts.student, target / parts.assignment.notebook)


def _write_autograder(parts: Split, config: dict[str, Any], target: Path) -> None:
    shutil.copytree(parts.grader_files, target / "files")
    shutil.copytree(parts.tests, target / "tests")
    (target / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    parts.assignment.write(target)
    pack.add_container_parts(
        target, parts.requirements, GradingConfig.from_options(config, CONFIG_FILE)
    )
    for_trial = copy.deepcopy(parts.solution)  # graded once, when Gradescope builds the image
    for_trial.cells = [cell for cell in for_trial.cells if cell.cell_type == "code"]
    nbformat.write(for_trial, _made(target / SELF_TEST) / parts.assignment.notebook)


def _proven(
    parts: Split, master: Path, made: Path, sandbox: Ready, progress: Progress
) -> tuple[Assignment, Any, list[str]]:
    """Prove solution and blank, side by side, or believe an earlier proof of the same.

    Returns:
        The record of the questions, with what the proof says of them, the executed solution, and
        the cells of the blank that raise.

    Raises:
        CheckFailedError: with everything that does not hold.
    """
    assignment = parts.assignment
    tell = _together(progress)
    with (
        open_autograder(made / "autograder") as grader,
        grader.working_directory(),
        ThreadPoolExecutor(1) as beside,
    ):
        first = beside.submit(_blank_proven, parts.student, grader, sandbox, tell("the blank"))
        tell("the student folder")("looking for secrets")
        problems = leaks(
            made / "student", parts.solution, parts.student, parts.tests, parts.grader_files
        )
        tell("the student folder")("")
        proof = _solution_proven(parts.solution, grader, sandbox, tell("the solution"))
        in_blank, raised = first.result()
        problems += in_blank
        if proof.inside and not problems:  # the blank has to lose these points there, too
            assignment = assignment.with_unprotected(proof.inside)
            assignment.write(made / "autograder")
            grader = replace(grader, assignment=assignment)
            problems += _blank_proven(parts.student, grader, sandbox, tell("the blank"))[0]
        problems += proof.problems
    if problems:
        raise CheckFailedError(*_placed(problems, master, parts))
    return assignment, proof.executed, _placed(raised, master, parts)


def _placed(problems: list[str], master: Path, parts: Split) -> list[str]:
    """Name the master, and for what begins with a question its cell in it."""
    placed = []
    for problem in problems:
        question, mark, rest = problem.partition(": ")
        cell = parts.places.get(question)
        where = f", cell {cell} ({question})" if mark and cell else ""
        placed.append(f"{master}{where}: {rest if where else problem}")
    return placed


def _together(progress: Progress) -> Callable[[str], Progress]:
    """Return for each of several things that go on at once how to tell of it."""
    doing: dict[str, str] = {}

    def about(what: str) -> Progress:
        def tell(step: str) -> None:
            doing[what] = step
            progress("; ".join(f"{what}: {step}" for what, step in doing.items() if step))

        return tell

    return about


def _blank_proven(
    notebook: Any, grader: Autograder, sandbox: Ready, progress: Progress
) -> tuple[list[str], list[str]]:
    key = kept.key("blank", grader, notebook)
    earlier = kept.read(key)
    if earlier is not None:
        return [], earlier["raised"]
    progress("starting Python")
    problems, raised = prove_blank(notebook, grader, sandbox(), progress)
    if not problems:
        kept.keep(key, {"raised": raised})
    progress("")
    return problems, raised


def _solution_proven(
    notebook: Any, grader: Autograder, sandbox: Ready, progress: Progress
) -> SolutionCheck:
    key = kept.key("solution", grader, notebook)
    earlier = kept.read(key)
    if earlier is not None:
        executed = copy.deepcopy(notebook)  # its prose may be new
        ran = iter(nbformat.from_dict(cell) for cell in earlier["code_cells"])
        executed.cells = [next(ran) if c.cell_type == "code" else c for c in executed.cells]
        return SolutionCheck(executed, (), False, earlier["inside"])
    progress("starting Python")
    proof = prove_solution(notebook, grader, sandbox(), progress)
    if not proof.problems:
        code = [cell for cell in proof.executed.cells if cell.cell_type == "code"]
        kept.keep(key, {"code_cells": code, "inside": proof.inside})
    progress("")
    return proof


def _write_solutions(parts: Split, solved: Any, standing: Path, target: Path) -> None:
    """Write the executed solution, or keep the one that stands if it came from the same input.

    What training prints differs in the last digits from one kind of processor to the next, so
    a run on another machine must not make the committed one stale.
    """
    made_from = _made_from(parts)
    solved.metadata["ottermark"] = {"made_from": made_from}
    before = standing / parts.assignment.notebook
    if before.is_file():
        kept = nbformat.read(before, as_version=4)
        if kept.metadata.get("ottermark", {}).get("made_from") == made_from:
            solved = kept
    nbformat.write(solved, target / parts.assignment.notebook)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about pictures without alternative text
        html, _ = HTMLExporter().from_notebook_node(solved)
    (target / parts.assignment.notebook).with_suffix(".html").write_text(html, encoding="utf-8")


def _made_from(parts: Split) -> str:
    """A hash over what the outputs of the solution depend on."""
    digest = hashlib.sha256()
    digest.update("\0".join(cell.source for cell in parts.solution.cells).encode())
    for name in parts.assignment.student_files:
        digest.update((parts.grader_files / name).read_bytes())
    digest.update((pack.CONTAINER / pack.LOCK).read_bytes())
    return digest.hexdigest()


def _differences(made: Path, out: Path) -> list[str]:
    """Return committed files that the build would change; the upload and the tool are not."""
    changed = []
    for folder in FOLDERS:
        new = {n: made / folder / n for n in pack.files_in(made / folder)}
        old = {n: out / folder / n for n in pack.files_in(out / folder)}
        for name in sorted(new.keys() | old.keys()):
            if folder == "autograder" and (name == UPLOAD or Path(name).parts[0] == TOOL):
                continue
            if (
                name not in new
                or name not in old
                or new[name].read_bytes() != old[name].read_bytes()
            ):
                changed.append(f"{folder}/{name}")
    return changed


def _replace(new: Path, old: Path) -> None:
    """Put a finished folder where an old one is, so that one of the two always stands."""
    old.parent.mkdir(parents=True, exist_ok=True)
    arriving = old.with_name(f".{old.name}.new")
    leaving = old.with_name(f".{old.name}.old")
    shutil.rmtree(arriving, ignore_errors=True)
    shutil.rmtree(leaving, ignore_errors=True)
    shutil.copytree(new, arriving)
    if old.exists():
        old.rename(leaving)
    arriving.rename(old)
    shutil.rmtree(leaving, ignore_errors=True)
