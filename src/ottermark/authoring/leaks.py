"""Find in the student folder what students must not receive."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from ottermark.authoring import rules
from ottermark.authoring.master import Master
from ottermark.diagnostics import Diagnostic, Location
from ottermark.python_source import parse, without_magics

MIN_LINE = 25  # characters; shorter lines are in many files by chance
MANY_PLACES = 10  # a line that students have so often is nobody's secret


@dataclass(frozen=True)
class _StudentFile:
    """A file that students receive, perhaps inside of a zip.

    Attributes:
        name: its path in the student folder.
        tests: the lines of the tests in it.
        assertions: the lines in it that assert something.
    """

    name: str
    content: bytes
    tests: frozenset[str]
    assertions: frozenset[str]

    @classmethod
    def of(cls, name: str, content: bytes) -> _StudentFile:
        text = content.decode("utf-8", "replace")
        tests, assertions = _test_lines_in(name, text), _assertions_in(name, text)
        return cls(name, content, frozenset(tests), frozenset(assertions))

    def contains(self, line: str) -> bool:
        """Whether a line is in it; a short one counts only among its tests and assertions."""
        if line in self.tests:
            return True
        if len(line) < MIN_LINE:
            return line in self.assertions
        return self.count(line) > 0

    def count(self, line: str) -> int:
        """Return how often a line is in it, alone or as a part of another."""
        in_json = line.replace("\\", "\\\\").replace('"', '\\"')  # as in notebooks
        forms = {line, in_json}
        return max(self.content.count(form.encode("utf-8", "replace")) for form in forms)


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
    contents = dict(_contents(student))
    files = _student_files(contents)
    shown = _lines(cell.source for cell in blank.cells)
    diagnostics = []
    for line in sorted(_secret_lines(solution, blank, tests, shown)):
        if names := _names_of(files, line):
            location = _location_of(line, master)
            message = f"{_listed(names)} a line of a solution: {line[:60]!r}"
            diagnostics.append(rules.SOLUTION_EXPOSED.at(location, message, _FIX))
    for line, question in _hidden_lines(tests, shown).items():
        if names := _names_of(files, line):
            message = f"{_listed(names)} a hidden test of {question}: {line[:60]!r}"
            location = master.locate(question)
            diagnostics.append(rules.HIDDEN_TEST_EXPOSED.at(location, message, _FIX))
    return diagnostics + _find_grader_files(contents, grader_files, Location(master.name))


_FIX = "students must not have it: remove it from the file, or the file from `files`"


def _names_of(files: Collection[_StudentFile], line: str) -> list[str]:
    """Return the names of the files that contain a line; none if it is in very many places."""
    names = [file.name for file in files if file.contains(line)]
    return [] if sum(file.count(line) for file in files) >= MANY_PLACES else names


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


def _find_grader_files(
    contents: Mapping[str, bytes], grader_files: Path, location: Location
) -> list[Diagnostic]:
    diagnostics = []
    digests = {hashlib.sha256(content).digest() for content in contents.values()}
    rows = {digest for name, content in contents.items() for digest in _rows(name, content)}
    for path in sorted(p for p in grader_files.rglob("*") if p.is_file()):
        name = path.relative_to(grader_files).as_posix()
        if name in contents:
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).digest() in digests:
            diagnostics.append(
                rules.GRADER_FILE_EXPOSED.at(
                    location,
                    f"{name} is for the grader alone, but its bytes are in the student folder",
                    "remove it from `files`",
                )
            )
        shared = sum(digest in rows for digest in _rows(name, content))
        if shared:
            diagnostics.append(
                rules.GRADER_DATA_EXPOSED.at(
                    location,
                    f"{name} is for the grader alone, but students have {shared} of its rows",
                    "remove them from the students' file",
                )
            )
    return diagnostics


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file, and then of those inside of zips."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    for path in paths:
        yield path.relative_to(folder).as_posix(), path.read_bytes()
    for path in paths:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    yield f"{path.relative_to(folder).as_posix()}/{member}", archive.read(member)


def _student_files(contents: Mapping[str, bytes]) -> list[_StudentFile]:
    """Return the files to search: of equal ones the first, of zips their members."""
    names: dict[tuple[bytes, str], str] = {}
    for name, content in contents.items():
        suffix = PurePosixPath(name).suffix
        if suffix != ".zip":
            names.setdefault((content, suffix), name)
    return [_StudentFile.of(name, content) for (content, _), name in names.items()]


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


def _rows(name: str, content: bytes) -> Iterator[bytes]:
    """Yield a hash of each row of the arrays of two or more dimensions in an .npz or .npy file."""
    if not name.endswith((".npz", ".npy")):
        return
    with contextlib.suppress(ValueError, OSError):  # no arrays of numbers, or none at all
        loaded = np.load(io.BytesIO(content), allow_pickle=False)
        arrays = loaded.values() if hasattr(loaded, "values") else [loaded]
        for array in arrays:
            if array.ndim > 1:
                for row in np.asarray(array, dtype=np.float64):
                    yield hashlib.sha256(row.tobytes()).digest()
