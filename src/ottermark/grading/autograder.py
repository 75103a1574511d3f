"""An autograder as the build leaves it: a folder, or the zip that is uploaded."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from ottermark.assignment import RECORD_FILE, RUBRICS_FILE, Assignment
from ottermark.config import CONFIG_FILE, UNGRADED_OPTIONS, GradingConfig
from ottermark.errors import MachineFaultError, UsageError
from ottermark.files import as_temporary_folder_fault, files_below
from ottermark.grading.leaderboard import LEADERBOARD_FILE, Leaderboard
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue
from ottermark.python_source import parse

PACKAGE = Path(__file__).parents[1]  # ottermark itself
UPLOAD = "autograder.zip"
TOOL = "ottermark"  # the folder of the upload that holds this package itself
SELF_TEST = "solution"  # the folder with the notebook that is graded when the image is built
# the packages and modules of this tool that decide a mark: grading, and all that it imports
DECIDING_PACKAGES = (
    *("grading", "results", "submissions", "models", "sandbox", "worker", "protocol"),
    *("assignment", "config", "errors", "files", "limits", "python_source", "text", "validation"),
)
# what decides a mark in an autograder's folder, besides record and options; the rest is for the
# container, and for those who mark
_DECIDING_FILES = (CATALOGUE_FILE, LEADERBOARD_FILE)
_DECIDING_FOLDERS = ("tests", "files")
_READ_FILES = (RECORD_FILE, CONFIG_FILE, CATALOGUE_FILE, LEADERBOARD_FILE)
_Files = tuple[int, tuple[tuple[int, int, int], ...]]  # inodes of folder and files, sizes and times
_digests: dict[tuple[int, ...], str] = {}  # of files, by what changes with their content


@dataclass(frozen=True)
class Autograder:
    """An unpacked autograder.

    Attributes:
        folder: holds ``questions.json``, ``otter_config.json``, ``tests/`` and ``files/``.
        assignment: the record of the questions.
        config: the options of grading.
        catalogue: the misconceptions that the instructor knows of.
        leaderboard: the columns that submissions are listed by.
        opened: which files and folders it consisted of when it was opened; see ``change``.
    """

    folder: Path
    assignment: Assignment
    config: GradingConfig
    catalogue: MisconceptionCatalogue
    leaderboard: Leaderboard
    opened: _Files | None = None

    @property
    def files(self) -> Path:
        """The folder that tests run in: the students' files and the grader's own."""
        return self.folder / "files"

    @cached_property
    def student_files(self) -> Mapping[str, Path]:
        """The files that students have too, by their path beside the notebook."""
        return {name: self.files / name for name in self.assignment.student_files}

    @property
    def private_paths(self) -> tuple[Path, ...]:
        """What in its folder no student's code may read."""
        names = (
            *("tests", "files", SELF_TEST, UPLOAD),
            *(RECORD_FILE, CATALOGUE_FILE, LEADERBOARD_FILE, RUBRICS_FILE),
        )
        tests = (self.test_path(question.id) for question in self.assignment.automatic)
        return (*(self.folder / name for name in names), *tests)

    def test_path(self, question: str) -> Path:
        """Return the path of a question's test file."""
        return self.folder / "tests" / f"{question}.py"

    def only(self, question: str) -> Autograder:
        """Return the autograder with one question alone to be graded; raises ``KeyError``.

        The files stay those of the whole assignment, and so do catalogue and leaderboard.
        """
        return replace(self, assignment=self.assignment.only(question))

    def change(self) -> MachineFaultError | None:
        """Return the fault if it has changed since it was opened, as by a build meanwhile.

        Tests are read for each submission, and their data by each test: a submission would be
        graded by parts of both, or lose points for files that are gone.
        """
        if self.opened is None or _files_in(self.folder) == self.opened:
            return None
        return MachineFaultError(
            f"{self.folder} was built again, or edited, while it was grading; run the same command "
            "again. What was graded before is kept.",
            stops_run=True,
        )

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
        record = json.dumps(asdict(self.assignment.without_texts()))
        options = json.dumps(self.config.model_dump(mode="json", exclude=UNGRADED_OPTIONS))
        paths = [self.folder / name for name in _DECIDING_FILES]
        for name in _DECIDING_FOLDERS:
            paths += files_below(self.folder / name)
        files = {
            path.relative_to(self.folder).as_posix(): file_digest(path)
            for path in paths
            if path.is_file()
        }
        return {
            RECORD_FILE: _hash(record.encode()),
            CONFIG_FILE: _hash(options.encode()),
            **files,
            TOOL: tool_digest(),
        }

    @property
    def digest(self) -> str:
        """A hash over everything that decides marks; changes when any of it does."""
        return _hash(repr(sorted(self.parts.items())).encode())


@cache
def tool_digest(packages: Sequence[str] = DECIDING_PACKAGES, root: Path = PACKAGE) -> str:
    """Return a hash over the code of some packages and modules of this tool.

    Comments, docstrings and layout are not part of it, and it is the same in all versions of
    Python, so that machines with different ones can be compared.

    Args:
        packages: their names in the folder ``root``.
    """
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if inside.parts[0].removesuffix(".py") in packages:
            code = _outline(parse(path.read_text(encoding="utf-8")))
            digest.update(f"{inside.as_posix()}\0{code}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _outline(node: object) -> str:
    """Return a syntax tree as text, without docstrings, positions and empty fields.

    Empty fields are left out since every version of Python adds some; else ``ast.dump`` would do.
    """
    if isinstance(node, list):
        return f"[{','.join(map(_outline, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = {name: value for name, value in ast.iter_fields(node) if value not in (None, [])}
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        body = node.body[ast.get_docstring(node, clean=False) is not None :]
        fields["body"] = body
    return f"{type(node).__name__}({','.join(f'{n}={_outline(v)}' for n, v in fields.items())})"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file of any size; computed again only when the file has changed."""
    status = path.stat()
    version = (
        *(status.st_dev, status.st_ino, status.st_size),
        *(status.st_mtime_ns, status.st_ctime_ns),
    )
    if version not in _digests:
        with path.open("rb") as file:
            _digests[version] = hashlib.file_digest(file, "sha256").hexdigest()
    return _digests[version]


@contextlib.contextmanager
def open_autograder(path: Path) -> Iterator[Autograder]:
    """Open an autograder folder or zip; raises ``UsageError``."""
    if path.is_dir():
        yield _read(path.resolve())
    elif path.is_file():
        with contextlib.ExitStack() as stack:
            try:
                with as_temporary_folder_fault(), zipfile.ZipFile(path) as archive:
                    folder = stack.enter_context(
                        tempfile.TemporaryDirectory(prefix="ottermark-autograder-")
                    )
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


def _files_in(folder: Path) -> _Files:
    """Return the identity of an autograder's folder, and those of its tests and records."""
    paths = [*(folder / "tests").glob("*.py"), *(folder / name for name in _READ_FILES)]
    with contextlib.suppress(FileNotFoundError):  # while a build replaces it
        states = [path.stat() for path in sorted(paths) if path.is_file()]
        files = tuple((state.st_ino, state.st_size, state.st_mtime_ns) for state in states)
        return folder.stat().st_ino, files
    return 0, ()


def _read(folder: Path) -> Autograder:
    opened = _files_in(folder)
    assignment = Assignment.read(folder)
    grader = Autograder(
        folder,
        assignment,
        GradingConfig.read(folder / CONFIG_FILE),
        MisconceptionCatalogue.read(folder / CATALOGUE_FILE, assignment),
        Leaderboard.read(folder / LEADERBOARD_FILE, assignment),
        opened,
    )
    for question in assignment.automatic:
        path = grader.test_path(question.id)
        if not path.is_file():
            raise UsageError(
                f"{path} is missing although {RECORD_FILE} names it; run `ottermark build` again."
            )
    return grader
