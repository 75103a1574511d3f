"""An autograder as the build leaves it: a folder, or the zip that is uploaded."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ottermark.assignment import RECORD, Assignment
from ottermark.config import CONFIG, GradingConfig
from ottermark.errors import UsageError
from ottermark.grading.leaderboard import LEADERBOARD, Leaderboard
from ottermark.grading.misconceptions import CATALOGUE, Catalogue

UPLOAD = "autograder.zip"
TOOL = "ottermark"  # the folder of the upload that holds this package itself
TRIAL = "solution"  # the folder with the notebook that is graded when the image is built
_NOT_DECIDING = (UPLOAD, TOOL, TRIAL, RECORD)  # of the record, only a part decides
# what of this package has no part in the grading of one sheet; a test holds this to the imports
STAFF_MODULES = frozenset(
    (*("__main__", "audit", "authoring", "batch", "calibration", "cli", "doctor", "reports"),)
)


@dataclass(frozen=True)
class Autograder:
    """An unpacked autograder.

    Attributes:
        folder: holds ``questions.json``, ``otter_config.json``, ``tests/`` and ``files/``.
        assignment: the record of the questions.
        options: what the instructor asks of grading.
        catalogue: the misconceptions that the instructor knows of.
        leaderboard: what submissions are listed by.
    """

    folder: Path
    assignment: Assignment
    options: GradingConfig
    catalogue: Catalogue
    leaderboard: Leaderboard

    @property
    def files(self) -> Path:
        """The folder that tests run in: the students' files and the grader's own."""
        return self.folder / "files"

    def student_files(self) -> dict[str, Path]:
        """Return the files that students have too, by their path beside the notebook."""
        return {name: self.files / name for name in self.assignment.student_files}

    def test(self, question: str) -> Path:
        """Return the path of a question's test file."""
        return self.folder / "tests" / f"{question}.py"

    @contextlib.contextmanager
    def working_directory(self) -> Iterator[None]:
        """Make the folder of the tests' data files the working directory of this process."""
        before = Path.cwd()
        self.files.mkdir(exist_ok=True)
        os.chdir(self.files)
        try:
            yield
        finally:
            os.chdir(before)

    @cached_property
    def parts(self) -> dict[str, str]:
        """Everything that decides marks, as hashes: the autograder's files and this tool."""
        parts = {RECORD: _hash(repr(self.assignment.deciding).encode())}
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder)
            if path.is_file() and inside.parts[0] not in _NOT_DECIDING:
                parts[inside.as_posix()] = _hash(path.read_bytes())
        return parts | {TOOL: tool_digest(STAFF_MODULES)}

    @property
    def digest(self) -> str:
        """A hash over everything that decides marks; changes when any of it does."""
        return _hash(repr(sorted(self.parts.items())).encode())


def tool_digest(without: Collection[str] = ()) -> str:
    """Return a hash over this package's code, but for some modules and packages of it."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0].removesuffix(".py") not in without:
            digest.update(f"{inside.as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@contextlib.contextmanager
def open_autograder(path: Path) -> Iterator[Autograder]:
    """Open an autograder folder or zip; raises ``UsageError``."""
    if path.is_dir():
        yield _read(path.resolve())
    elif path.is_file():
        with tempfile.TemporaryDirectory(prefix="ottermark-autograder-") as folder:
            try:
                with zipfile.ZipFile(path) as archive:
                    archive.extractall(folder)
            except zipfile.BadZipFile:
                raise UsageError(
                    f"{path} is not a zip file; name an autograder folder or autograder.zip."
                ) from None
            yield _read(Path(folder))
    else:
        raise UsageError(
            f"{path} does not exist; run `ottermark build` first or name another with -a."
        )


def _read(folder: Path) -> Autograder:
    assignment = Assignment.read(folder)
    grader = Autograder(
        folder,
        assignment,
        GradingConfig.read(folder / CONFIG),
        Catalogue.read(folder / CATALOGUE, assignment),
        Leaderboard.read(folder / LEADERBOARD, assignment),
    )
    for question in assignment.automatic:
        if not grader.test(question.id).is_file():
            raise UsageError(
                f"{grader.test(question.id)} is missing although {RECORD} names it; rebuild."
            )
    return grader
