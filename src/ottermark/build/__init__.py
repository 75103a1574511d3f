"""Master notebook in; student version, autograder and solutions out, proven first.

Everything is made in a temporary folder. What stands in the project is replaced only when
all proofs hold.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter

from ottermark.autograder import TOOL, UPLOAD, opened
from ottermark.build import pack
from ottermark.build.leaks import leaks
from ottermark.build.lint import lint
from ottermark.build.prove import prove_blank, prove_solution
from ottermark.build.split import Split, read_master, split
from ottermark.errors import CheckFailed, UsageProblem
from ottermark.feedback import CATALOGUE, Catalogue
from ottermark.questions import Assignment
from ottermark.sandbox import Sandbox
from ottermark.score import Progress

FOLDERS = ("student", "autograder", "solutions")
CONFIG = "otter_config.json"


@dataclass(frozen=True)
class Built:
    """What a build made.

    Attributes:
        assignment: the record of its questions.
        changed: files that are new, different or gone, relative to the output folder.
    """

    assignment: Assignment
    changed: tuple[str, ...]


def build(master: Path, out: Path, check: bool, progress: Progress) -> Built:
    """Build ``master`` into the three folders under ``out``.

    Args:
        check: write nothing, only tell what would change.
        progress: told what is being done.

    Raises:
        UsageProblem: the master or the config cannot be read.
        CheckFailed: a proof does not hold; nothing has been written.
    """
    name = str(master)
    master, out = master.resolve(), out.resolve()
    slips = [f"{name}, {slip}" for slip in lint(read_master(master))]
    with tempfile.TemporaryDirectory(prefix="ottermark-build-") as folder:
        made = Path(folder) / "made"
        progress("splitting the master notebook")
        with _beside(slips):
            parts = split(master, _made(Path(folder) / "split"))
        _write_student(parts, _made(made / "student"))
        catalogue = Catalogue.read(master.parent / CATALOGUE, parts.assignment)
        _write_autograder(parts, _config(master, out), _made(made / "autograder"))
        if catalogue.entries:
            shutil.copyfile(master.parent / CATALOGUE, made / "autograder" / CATALOGUE)
        with _beside(slips):
            solved = _proven(parts, made, progress)
        if slips:
            raise CheckFailed(*slips)
        progress("writing the solutions")
        _write_solutions(parts, solved, out / "solutions", _made(made / "solutions"))
        pack.pack_upload(made / "autograder")
        changed = _differences(made, out)
        if not check:
            progress("putting the folders in place")
            for name in FOLDERS:
                _replace(made / name, out / name)
    return Built(parts.assignment, tuple(changed))


@contextmanager
def _beside(slips: list[str]) -> Iterator[None]:
    """Let what fails be told together with ``slips``."""
    try:
        yield
    except CheckFailed as failed:
        raise CheckFailed(*slips, *failed.problems) from None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _config(master: Path, out: Path) -> dict[str, Any]:
    """Read the instructor's options, in the project's root or beside the master."""
    for path in (out / CONFIG, master.parent / CONFIG):
        if path.is_file():
            try:
                config = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                raise UsageProblem(f"{path} is not JSON ({error}); mend it.") from None
            if not isinstance(config, dict):
                raise UsageProblem(f"{path} does not hold a JSON object; start it with {{.")
            return config
    return {}


def _write_student(parts: Split, target: Path) -> None:
    shutil.copytree(parts.student_files, target, dirs_exist_ok=True)
    beside = pack.files_in(target)
    if beside:  # Colab takes files one at a time, folders not at all
        pack.zip_folder(target, target / pack.COLAB, beside)
    nbformat.write(parts.student, target / parts.assignment.notebook)


def _write_autograder(parts: Split, config: dict[str, Any], target: Path) -> None:
    shutil.copytree(parts.grader_files, target / "files")
    shutil.copytree(parts.tests, target / "tests")
    (target / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    parts.assignment.write(target)
    pack.add_container_parts(target)


def _proven(parts: Split, made: Path, progress: Progress) -> Any:
    """Return the executed solution; raises ``CheckFailed`` with everything that does not hold."""
    problems = []
    with opened(made / "autograder") as grader, grader.entered():
        progress("looking for secrets in the student folder")
        problems += leaks(
            made / "student", parts.solution, parts.student, parts.tests, parts.grader_files
        )
        progress("starting Python for the notebooks")
        with Sandbox(parts.assignment.imports, trusted=True) as sandbox:
            problems += prove_blank(
                parts.student, grader, sandbox, lambda s: progress(f"proving the blank: {s}")
            )
            solved, wrong = prove_solution(
                parts.solution, grader, sandbox, lambda s: progress(f"proving the solution: {s}")
            )
            problems += wrong
    if problems:
        raise CheckFailed(*(f"{parts.assignment.notebook}: {p}" for p in problems))
    return solved


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
    digest.update((pack.PACKAGE / pack.LOCK).read_bytes())
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
