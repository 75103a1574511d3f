"""Find in the student folder what students must not receive."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import mmap
import zipfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from ottermark.authoring import rules
from ottermark.authoring.master import Master
from ottermark.authoring.package import COLAB
from ottermark.diagnostics import Diagnostic, Location
from ottermark.files import files_below
from ottermark.python_source import parse, without_magics

MIN_LINE = 25  # characters; shorter lines are in many files by chance
_LARGE = 2**20  # bytes; larger files are not read into memory
_WORD = 8  # bytes
_CHUNK = 2**20  # words
_CODE = (".py", ".ipynb")
MANY_PLACES = 10  # a line that students have so often is nobody's secret


@dataclass(frozen=True)
class _StudentFile:
    """A file that students receive, perhaps inside of a zip.

    Attributes:
        name: its path in the student folder.
        path: where it is; None inside of a zip.
    """

    name: str
    content: bytes | mmap.mmap
    path: Path | None = None

    def lines_of(self, lines: _Lines) -> dict[str, int]:
        """Return how often lines are in it, alone or as a part of another.

        Short ones are searched for among its tests and assertions only, where none is counted.
        """
        matches: dict[str, int] = {}
        for form, count in _forms_in(self.content, lines):
            for line in lines.by_form[form]:
                matches[line] = max(count, matches.get(line, 0))
        if self.name.endswith(_CODE):
            text = bytes(self.content).decode("utf-8", "replace")
            short = lines.short & _assertions_in(self.name, text)
            for line in short | lines.all & _test_lines_in(self.name, text):
                matches.setdefault(line, 0)
        return matches

    def array_rows(self) -> Iterator[bytes]:
        """Yield a hash of each row of its arrays; see ``_rows``."""
        yield from _rows(self.name, io.BytesIO(self.content) if self.path is None else self.path)


class _Lines:
    """Lines to search for.

    Attributes:
        all: each of them.
        short: those that are too short to be searched for in whatever file.
        by_form: the others, by the bytes that they are in a file.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.all = set(lines)
        self.short = {line for line in self.all if len(line) < MIN_LINE}
        self.by_form: dict[bytes, set[str]] = defaultdict(set)
        for line in self.all - self.short:
            in_json = line.replace("\\", "\\\\").replace('"', '\\"')  # as in notebooks
            for form in (line, in_json):
                self.by_form[form.encode("utf-8", "replace")].add(line)
        starts = {form[i : i + _WORD] for form in self.by_form for i in range(_WORD)}
        self._words = np.array([int.from_bytes(word, "little") for word in starts], np.uint64)
        self._low_ends = np.zeros(2**16, bool)
        self._low_ends[self._words & 0xFFFF] = True

    def may_be_in(self, content: bytes | mmap.mmap) -> bool:
        """Tell whether a form may be in a large file; quick, and never wrong if it says no.

        A form is longer than two words, so one of its first words lies where the file, read as an
        array of words, has one.
        """
        words = np.frombuffer(content, "<u8", count=len(content) // _WORD)
        for start in range(0, len(words), _CHUNK):
            chunk = words[start : start + _CHUNK]
            candidates = chunk[self._low_ends[chunk.view("<u2")[::4]]]
            if np.isin(candidates, self._words).any():
                return True
        return False


def _forms_in(content: bytes | mmap.mmap, lines: _Lines) -> Iterator[tuple[bytes, int]]:
    """Yield the forms that are in a file, each with how often it is, if less than very often."""
    if len(content) > _LARGE and not lines.may_be_in(content):
        return
    for form in lines.by_form:
        count, place = 0, content.find(form)
        while place >= 0 and count < MANY_PLACES:
            count, place = count + 1, content.find(form, place + len(form))
        if count:
            yield form, count


def find_leaks(
    student: Path, master: Master, solution: Any, blank: Any, tests: Path, grader_files: Path
) -> list[Diagnostic]:
    """Return what the student folder has of hidden tests, solutions and the grader's files.

    Lines of fewer than ``MIN_LINE`` characters are compared only with whole lines: those of hidden
    tests with the students' tests and with assertions in their code.

    Args:
        student: the folder that students receive; zips in it are opened.
        master: what the notebooks were split from.
        solution: the solved notebook.
        blank: the student notebook.
        tests: folder of the test files, hidden tests included.
        grader_files: folder of the files that tests find beside them, the students' included.
    """
    shown = _lines(cell.source for cell in blank.cells)
    secret = sorted(_secret_lines(solution, blank, tests, shown))
    hidden = _hidden_lines(tests, shown)
    own_files = _GraderFiles(grader_files, student)
    expected = _expected_outputs(tests)
    names_by_line = _search(student, _Lines([*secret, *hidden]), own_files)
    diagnostics = []
    for line in secret:
        if names := names_by_line[line]:
            location = _location_of(line, master)
            message = f"{_listed(names)} a line of a solution: {line[:60]!r}"
            diagnostics.append(rules.SOLUTION_EXPOSED.at(location, message, _FIX))
    for line, question in hidden.items():
        if names := names_by_line[line]:
            location, shown_line = master.locate(question), repr(line[:60])
            # data that students are to work on may well hold what a test expects
            if line in expected and not any(name.endswith(_CODE) for name in names):
                message = f"{_listed(names)} what a hidden test of {question} expects: {shown_line}"
                diagnostics.append(rules.EXPECTED_OUTPUT_EXPOSED.at(location, message, _DATA_FIX))
            else:
                message = f"{_listed(names)} a hidden test of {question}: {shown_line}"
                diagnostics.append(rules.HIDDEN_TEST_EXPOSED.at(location, message, _FIX))
    return diagnostics + own_files.diagnostics(Location(master.name))


def _search(student: Path, lines: _Lines, own_files: _GraderFiles) -> dict[str, list[str]]:
    """Return for each line the names of the student files that contain it, looking at each once.

    Lines that are in very many places are left out.
    """
    names: dict[str, list[str]] = defaultdict(list)
    places: Counter[str] = Counter()
    known: set[tuple[bytes, str]] = set()
    for file in _files(student):
        own_files.compare(file)
        suffix = PurePosixPath(file.name).suffix
        if suffix == ".zip":  # its members follow
            continue
        if len(file.content) <= _LARGE:  # of equal files the first
            key = hashlib.sha256(file.content).digest(), suffix
            if key in known:
                continue
            known.add(key)
        for line, count in file.lines_of(lines).items():
            names[line].append(file.name)
            places[line] += count
    often = {line for line, count in places.items() if count >= MANY_PLACES}
    return defaultdict(list, {line: n for line, n in names.items() if line not in often})


_DATA_FIX = "see that it does not tell the answer, as a file of solutions would"
_FIX = "students must not have it: remove it from the file, or the file from `files`"


def _secret_lines(solution: Any, blank: Any, tests: Path, shown: set[str]) -> set[str]:
    """Return the lines of a solved notebook that students are not shown on purpose.

    They are shown the public tests, the code that they receive, and the prompts, which docstrings,
    comments and written answers may quote.
    """
    public = _test_lines(tests, hidden=False)
    code, prompts = (
        "\n".join(cell.source for cell in blank.cells if cell.cell_type == kind)
        for kind in ("code", "markdown")
    )
    lines = _lines(cell.source for cell in solution.cells) - shown
    quoting = {line for line in lines if line in prompts}
    quoting -= _lines(_code_lines(cell) for cell in solution.cells)
    public_text = "\n".join(public)
    return {line for line in lines - quoting if line not in code and line not in public_text}


def _code_lines(cell: Any) -> str:
    """Return the lines of a cell's code without docstrings, other bare texts and comments."""
    if cell.cell_type != "code":
        return ""
    lines = cell.source.splitlines()
    with contextlib.suppress(SyntaxError):  # then all lines count
        for node in ast.walk(parse(without_magics(cell.source))):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                    lines[number] = ""
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _location_of(line: str, master: Master) -> Location:
    """Return the first cell of the master with a line, or the master as a whole."""
    for number, cell in enumerate(master.notebook.cells, start=1):
        if line in cell.source:
            return Location(master.name, number)
    return Location(master.name)


def _listed(names: Collection[str]) -> str:
    verb = "contains" if len(names) == 1 else "contain"
    return f"{', '.join(names)} {verb}"


class _GraderFiles:
    """The files that only the grader has, and what the student folder has of them.

    Args:
        folder: the files that tests find beside them, the students' included.
        student: the folder that students receive.
    """

    def __init__(self, folder: Path, student: Path) -> None:
        paths = {path.relative_to(folder).as_posix(): path for path in files_below(folder)}
        self._paths = {n: p for n, p in sorted(paths.items()) if not (student / n).is_file()}
        self._sizes = {path.stat().st_size for path in self._paths.values()}
        self._rows = {name: list(_rows(name, path)) for name, path in self._paths.items()}
        self._all_rows = {digest for digests in self._rows.values() for digest in digests}
        self._shared_files: set[bytes] = set()
        self._shared_rows: set[bytes] = set()

    def compare(self, file: _StudentFile) -> None:
        """Note what a file of the students has in common with these."""
        if len(file.content) in self._sizes:
            self._shared_files.add(hashlib.sha256(file.content).digest())
        if self._all_rows:
            self._shared_rows |= self._all_rows.intersection(file.array_rows())

    def diagnostics(self, location: Location) -> list[Diagnostic]:
        """Return what is wrong, once all files of the students have been compared."""
        diagnostics = []
        for name, path in self._paths.items():
            if self._shared_files and _digest(path) in self._shared_files:
                diagnostics.append(
                    rules.GRADER_FILE_EXPOSED.at(
                        location,
                        f"{name} is for the grader alone, but its bytes are in the student folder",
                        "remove it from `files`",
                    )
                )
            if shared := sum(digest in self._shared_rows for digest in self._rows[name]):
                diagnostics.append(
                    rules.GRADER_DATA_EXPOSED.at(
                        location,
                        f"{name} is for the grader alone, but students have {shared} of its rows",
                        "remove them from the students' file",
                    )
                )
        return diagnostics


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _files(folder: Path) -> Iterator[_StudentFile]:
    """Yield each file, and then those inside of zips; of ``colab.zip``, which has the same, none."""
    paths = files_below(folder)
    for path in paths:
        yield _StudentFile(path.relative_to(folder).as_posix(), _content(path), path)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".zip" and name != COLAB and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    yield _StudentFile(f"{name}/{member}", archive.read(member))


def _content(path: Path) -> bytes | mmap.mmap:
    with path.open("rb") as file:
        if path.stat().st_size <= _LARGE:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _lines(sources: Iterable[str], shortest: int = MIN_LINE) -> set[str]:
    lines = {line.strip() for source in sources for line in source.splitlines()}
    return {line for line in lines if len(line) >= shortest}


def _hidden_lines(tests: Path, shown: set[str]) -> dict[str, str]:
    """Return the lines of hidden tests, each with its question, but for those that students see."""
    public, hidden = _test_lines(tests, hidden=False), _test_lines(tests, hidden=True)
    visible = "\n".join(shown | public.keys())
    # e.g. a step that a public test takes too
    return {line: question for line, question in hidden.items() if line not in visible}


def _test_lines(tests: Path, hidden: bool) -> dict[str, str]:
    """Return the lines of all hidden (or all public) tests, each with its question."""
    lines: dict[str, str] = {}
    for path in sorted(tests.glob("*.py")):
        for source, is_hidden in _cases(path.read_text(encoding="utf-8")):
            if is_hidden == hidden:
                lines |= dict.fromkeys(sorted(_lines([source], shortest=1)), path.stem)
    return lines


def _cases(test_file: str) -> Iterator[tuple[str, bool]]:
    """Yield the code of each test in one of Otter's files, and whether it is hidden."""
    for node in parse(test_file).body:
        match node:
            case ast.FunctionDef(decorator_list=[decorator, *_]):
                yield ast.unparse(node), "hidden=True" in ast.unparse(decorator)
            case ast.Assign(targets=[ast.Name(id="test")], value=ast.Dict() as spec):
                yield from _doctests(ast.literal_eval(spec))


def _expected_outputs(tests: Path) -> set[str]:
    """Return the lines that doctests in Otter's files expect to be shown."""
    lines: list[str] = []
    for path in tests.glob("*.py"):
        for node in parse(path.read_text(encoding="utf-8")).body:
            match node:
                case ast.Assign(targets=[ast.Name(id="test")], value=ast.Dict() as spec):
                    cases = ast.literal_eval(spec)["suites"][0]["cases"]
                    lines += [line for case in cases for line in case["code"].splitlines()]
    return _lines([line for line in lines if not line.startswith((">>>", "..."))], shortest=1)


def _doctests(spec: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for case in spec["suites"][0]["cases"]:
        lines = [
            line.removeprefix(">>> ").removeprefix("... ") for line in case["code"].splitlines()
        ]
        yield "\n".join(lines), bool(case.get("hidden"))


def _test_lines_in(name: str, text: str) -> set[str]:
    """Return the lines of the tests in a student's test file or notebook."""
    try:
        if name.endswith(".py"):
            return _lines((source for source, _ in _cases(text)), shortest=1)
        if not name.endswith(".ipynb"):
            return set()
        tests = json.loads(text)["metadata"].get("otter", {}).get("tests", {}).values()
        cases = [
            c for test in tests for c in (_cases if isinstance(test, str) else _doctests)(test)
        ]
        return _lines((source for source, _ in cases), shortest=1)
    except (SyntaxError, ValueError, KeyError, AttributeError):  # not one of Otter's test files
        return set()


def _assertions_in(name: str, text: str) -> set[str]:
    """Return the lines of a student's file that assert something."""
    code = [text] if name.endswith(".py") else []
    if name.endswith(".ipynb"):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            code = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    return {line for line in _lines(code, shortest=1) if line.startswith("assert ")}


def _rows(name: str, file: Path | io.BytesIO) -> Iterator[bytes]:
    """Yield a hash of each row of the arrays of two or more dimensions in an .npz or .npy file."""
    if not name.endswith((".npz", ".npy")):
        return
    mapped = isinstance(file, Path) and name.endswith(".npy")
    with contextlib.suppress(ValueError, OSError):  # no arrays of numbers, or none at all
        loaded = np.load(file, "r" if mapped else None, allow_pickle=False)
        arrays = loaded.values() if hasattr(loaded, "values") else [loaded]
        for array in arrays:
            if array.ndim > 1:
                for row in array:
                    content = np.asarray(row, dtype=np.float64).tobytes()
                    yield hashlib.sha256(content).digest()
