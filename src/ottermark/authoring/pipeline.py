"""The stages of a build: read, lint, split, write the folders, verify, install.

They are the same for all questions and for one: the selected question is passed to the stages.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.assignment import RUBRICS_FILE, Assignment, Question
from ottermark.authoring import package, rules
from ottermark.authoring.accessibility import find_barriers
from ottermark.authoring.build_result import BuildResult
from ottermark.authoring.lab_packages import missing_packages
from ottermark.authoring.leaks import find_leaks
from ottermark.authoring.levels import Levels, check_comments
from ottermark.authoring.lint import lint
from ottermark.authoring.master import Master, code_of, read_master
from ottermark.authoring.solutions import write_solutions
from ottermark.authoring.split import Split, split_master
from ottermark.authoring.student_grader import uses_notebook_grader
from ottermark.authoring.verify import GetSandbox, Progress, Verification, verify
from ottermark.config import CONFIG_FILE, GradingConfig, ignored_options, read_options
from ottermark.diagnostics import BuildFailedError, Diagnostic, Location, Severity
from ottermark.errors import UsageError
from ottermark.grading.autograder import open_autograder
from ottermark.grading.leaderboard import LEADERBOARD_FILE, Leaderboard
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue
from ottermark.grading.otter_tests import OtterTests
from ottermark.rubric import read_rubrics

# Otter would read nothing of these, fail on them with a traceback, or write tests that are not Python
_UNSPLITTABLE = {
    rules.OLD_FORMAT.id,
    rules.UNSUPPORTED_LANGUAGE.id,
    rules.INVALID_CONFIG.id,
    rules.UNCLOSED_BLOCK.id,
    rules.INVALID_SETTING.id,
    rules.MISSING_FILE.id,
    rules.DECORATED_DOCTEST.id,
}
# most of what else would be reported follows from one of these
_CAUSES = {rules.MARKER_NOT_RAW.id, rules.UNKNOWN_MARKER.id, rules.UNCALLED_TEST.id}


@dataclass(frozen=True)
class BuildOptions:
    """What to build.

    Attributes:
        out: where the three folders are.
        question: id of the question to verify, without writing anything; None for all questions.
        check: whether to leave the folders as they are, and only list what would change.
        strict: whether warnings are errors.
        allowed: ids of rules whose errors are warnings.
    """

    out: Path
    question: str | None = None
    check: bool = False
    strict: bool = False
    allowed: tuple[str, ...] = ()


def run(
    master_path: Path, options: BuildOptions, get_sandbox: GetSandbox, progress: Progress
) -> BuildResult:
    """Build a master notebook; see ``ottermark.authoring.build.build``."""
    with tempfile.TemporaryDirectory(prefix="ottermark-build-") as folder:
        staging = Path(folder, "staging")
        split, diagnostics = prepare(master_path, options, Path(folder), progress)
        question = _selected(split, options.question)
        levels = _levels(split.master, options)
        diagnostics += levels.applied(missing_packages(split), split.master)
        if any(map(_prevents_verification, diagnostics)):
            raise BuildFailedError(*diagnostics)
        with open_autograder(staging / "autograder") as grader:
            verification = verify(split, grader, question, get_sandbox, progress)
        diagnostics += levels.applied(verification.diagnostics, split.master)
        if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
            raise BuildFailedError(*diagnostics)
        public_points = _public_points(split)
        assignment = split.assignment.with_unprotected(verification.unprotected)
        changed: tuple[str, ...] = ()
        if question is None:
            progress("writing the folders")
            changed = _write_verified(split, assignment, verification, options, staging)
    return BuildResult(
        assignment,
        tuple(q for q in assignment.automatic if options.question in (None, q.id)),
        tuple(diagnostics),
        changed,
        cells_used=_count_code(verification.executed),
        cells_total=_count_code(split.solution),
        solution_score=verification.solution_score,
        blank_score=verification.blank_score,
        public_points=public_points,
        graded=verification.graded,
    )


def _public_points(split: Split) -> float:
    """Return the points of tests that students receive."""
    total = 0.0
    for question in split.assignment.automatic:
        cases = OtterTests(split.tests / f"{question.id}.py").cases
        total += sum(case.points for case in cases if not case.hidden)
    return total


def _prevents_split(diagnostic: Diagnostic, master: Master) -> bool:
    """Return whether nothing can be split, or only errors would follow that hide this one."""
    if diagnostic.rule in _UNSPLITTABLE:
        return True
    config_cells = {location.cell for location, _ in master.structure.configs}
    is_cause = diagnostic.rule in _CAUSES or (
        diagnostic.rule == rules.UNKNOWN_KEY.id and diagnostic.cell in config_cells
    )
    return is_cause and diagnostic.severity is Severity.ERROR


def _prevents_verification(diagnostic: Diagnostic) -> bool:
    if diagnostic.rule == rules.TEST_ENDS_PYTHON.id:  # it could end this process, too
        return True
    is_error = diagnostic.severity is Severity.ERROR
    return is_error and diagnostic.rule == rules.MISSING_PACKAGE.id


def _count_code(notebook: Any) -> int:
    return sum(bool(code.strip()) for code in code_of(notebook))


def prepare(
    master_path: Path, options: BuildOptions, folder: Path, progress: Progress
) -> tuple[Split, list[Diagnostic]]:
    """Read, lint and split a master notebook, and write what does not depend on the verification.

    The student folder and the autograder folder are written into ``folder / "staging"``.

    Args:
        folder: an empty folder.

    Returns:
        The parts, and what there is to report so far, with the levels that hold in this build.

    Raises:
        UsageError: the master or a file beside it cannot be read, or a rule that is allowed does
            not exist.
        BuildFailedError: it cannot be split.
    """
    progress("reading the master notebook")
    master = read_master(master_path)
    check_comments(master)
    levels = _levels(master, options)
    diagnostics = levels.applied(lint(master), master)
    if any(_prevents_split(diagnostic, master) for diagnostic in diagnostics):
        raise BuildFailedError(*diagnostics)
    progress("splitting the master notebook")
    try:
        own_options = read_options(_config_file(master.name, options.out))
        split = split_master(master, folder / "split", bool(own_options.get("notebook_grader")))
    except BuildFailedError as error:
        raise BuildFailedError(*diagnostics, *error.diagnostics) from error
    later = [*split.diagnostics, *find_barriers(split.student, master)]
    later += _write_unverified(split, options.out, folder / "staging")
    progress("comparing the student folder with hidden tests and solutions")
    later += find_leaks(
        folder / "staging" / "student",
        master,
        solution=split.solution,
        blank=split.student,
        tests=split.tests,
        grader_files=split.grader_files,
    )
    return split, diagnostics + levels.applied(later, master)


def _levels(master: Master, options: BuildOptions) -> Levels:
    """Return the levels of the rules; raises ``UsageError``."""
    path = _config_file(master.name, options.out)
    configured = GradingConfig.read(path).rules
    return Levels.of(configured, str(path), options.allowed, options.strict)


def _selected(split: Split, name: str | None) -> Question | None:
    """Return the question of that name; raises ``UsageError`` if there is none with tests."""
    if name is None:
        return None
    questions = {question.id: question for question in split.assignment.questions}
    if name not in questions:
        known = ", ".join(question.id for question in split.assignment.automatic)
        raise UsageError(
            f"{split.master.name} has no question {name!r}; those with tests are {known}."
        )
    if questions[name].manual:
        raise UsageError(
            f"{name} of {split.master.name} has no tests to verify, since people mark it; "
            "name a question with tests."
        )
    return questions[name]


def _write_unverified(split: Split, out: Path, staging: Path) -> list[Diagnostic]:
    """Write the student folder and the autograder folder; return warnings about the options."""
    beside = Path(split.master.name).parent
    catalogue = MisconceptionCatalogue.read(beside / CATALOGUE_FILE, split.assignment)
    catalogue.check_edits(beside / CATALOGUE_FILE)
    leaderboard = Leaderboard.read(beside / LEADERBOARD_FILE, split.assignment)
    rubrics = read_rubrics(beside / RUBRICS_FILE, split.assignment)
    options, source = _options(split, out)
    config = GradingConfig.from_options(options, source)
    package.write_student_folder(split, config, staging / "student")
    package.write_autograder_folder(split, options, config, staging / "autograder")
    for name, used in (
        (CATALOGUE_FILE, catalogue.questions),
        (LEADERBOARD_FILE, leaderboard.columns),
        (RUBRICS_FILE, rubrics),
    ):
        if used:
            shutil.copyfile(beside / name, staging / "autograder" / name)
    without_effect = ignored_options(options)
    if config.notebook_grader and not uses_notebook_grader(split.student):
        without_effect["notebook_grader"] = "no cell assigns an otter.Notebook to `grader`"
    if config.colab and not config.notebook_grader:
        without_effect["colab"] = "students receive a README only with `notebook_grader`"
    return [
        rules.OPTION_WITHOUT_EFFECT.at(
            Location(source), f'"{name}" has no effect, since {reason}', "remove it"
        )
        for name, reason in without_effect.items()
    ]


def _options(split: Split, out: Path) -> tuple[dict[str, Any], str]:
    """Return the grading options, and where they are from; a file overrules the master's."""
    path = _config_file(split.master.name, out)
    source = str(path) if path.is_file() else split.master.name
    return split.options | read_options(path), source


def _config_file(master: str, out: Path) -> Path:
    """Return the file of options: in the output folder, or else beside the master."""
    path = out / CONFIG_FILE
    return path if path.is_file() else Path(master).parent / CONFIG_FILE


def _write_verified(
    split: Split,
    assignment: Assignment,
    verification: Verification,
    options: BuildOptions,
    staging: Path,
) -> tuple[str, ...]:
    """Write the rest, and replace the folders unless this is a check; return what changed."""
    assignment.write(staging / "autograder")
    write_solutions(
        split, assignment, verification.executed, options.out / "solutions", staging / "solutions"
    )
    package.pack_upload(staging / "autograder")
    changed = package.changed_files(staging, options.out)
    if not options.check:
        for folder in package.FOLDERS:
            if any(name.startswith(f"{folder}/") for name in changed):
                package.replace_folder(staging / folder, options.out / folder)
    return tuple(filter(package.is_committed, changed))
