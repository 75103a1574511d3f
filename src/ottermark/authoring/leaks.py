"""Look for what students must not receive in the folder that they do."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

MIN_LINE = 25  # shorter lines stand in many files by chance


def leaks(student: Path, solution: Any, blank: Any, tests: Path, grader_files: Path) -> list[str]:
    """Return one sentence for each hidden test, solution or grader's file found in ``student``.

    Lines of fewer than ``MIN_LINE`` characters are looked for only where a line is one: those of
    hidden tests in the students' tests, and their assertions in code.

    Args:
        student: the folder that students receive; zips in it are looked into.
        solution: the solved notebook.
        blank: the student notebook.
        tests: the test files with hidden tests in them.
        grader_files: the files of the autograder, the students' own among them.
    """
    held = dict(_files(student))
    text = {name: data.decode("utf-8", "replace") for name, data in held.items()}
    given = _lines(cell.source for cell in blank.cells)
    secrets = dict.fromkeys(
        _lines(cell.source for cell in solution.cells) - given, "a line of a solution"
    )
    shown, hidden = _test_lines(tests, hidden=False), _test_lines(tests, hidden=True)
    every_shown = "\n".join(given | shown.keys())
    for line, question in hidden.items():
        if line not in every_shown:  # e.g. a step that a public test takes too
            secrets[line] = f"a hidden test of {question}"
    found = []
    in_tests = {name: _tests_in(name, content) for name, content in text.items()}
    whole = {name: in_tests[name] | _assertions(name, content) for name, content in text.items()}
    for line, what in secrets.items():
        # notebooks hold their text as JSON strings
        written = (line, line.replace("\\", "\\\\").replace('"', '\\"'))
        for name, content in text.items():
            if len(line) < MIN_LINE:
                there = line in whole[name]
            else:
                there = any(form in content for form in written) or line in in_tests[name]
            if there:
                found.append(f"{name} holds {what}: {line[:60]!r}; students must not have it.")
    return found + _grader_files_in(held, grader_files)


def _grader_files_in(held: dict[str, bytes], grader_files: Path) -> list[str]:
    found = []
    theirs = {hashlib.sha256(data).digest() for data in held.values()}
    known = {digest for name, data in held.items() for digest in _records(name, data)}
    for path in sorted(p for p in grader_files.rglob("*") if p.is_file()):
        name = path.relative_to(grader_files).as_posix()
        if name in held:
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).digest() in theirs:
            found.append(
                f"{name} is for the grader alone, but its bytes are in the student folder; take it "
                "out of `files`."
            )
        shared = sum(digest in known for digest in _records(name, data))
        if shared:
            found.append(
                f"{name} is for the grader alone, but students have {shared} of its rows; take "
                "them out of the students' file."
            )
    return found


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        yield name, data
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for member in archive.namelist():
                    yield f"{name}/{member}", archive.read(member)


def _lines(sources: Iterable[str], least: int = MIN_LINE) -> set[str]:
    lines = {line.strip() for source in sources for line in source.splitlines()}
    return {line for line in lines if len(line) >= least}


def _test_lines(tests: Path, hidden: bool) -> dict[str, str]:
    """Return the lines of all hidden (or all public) tests, each with its question."""
    lines: dict[str, str] = {}
    for path in sorted(tests.glob("*.py")):
        for source, is_hidden in _cases(path.read_text(encoding="utf-8")):
            if is_hidden == hidden:
                lines |= dict.fromkeys(_lines([source], least=1), path.stem)
    return lines


def _cases(test_file: str) -> Iterator[tuple[str, bool]]:
    """Yield the code of each test in one of Otter's files, and whether it is hidden."""
    for node in ast.parse(test_file).body:
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


def _tests_in(name: str, content: str) -> set[str]:
    """Return the lines of the tests that a student's test file or notebook holds."""
    try:
        if name.endswith(".py"):
            return _lines((source for source, _ in _cases(content)), least=1)
        if not name.endswith(".ipynb"):
            return set()
        held = json.loads(content)["metadata"].get("otter", {}).get("tests", {}).values()
        cases = [c for test in held for c in (_cases if isinstance(test, str) else _doctests)(test)]
        return _lines((source for source, _ in cases), least=1)
    except (SyntaxError, ValueError, KeyError, AttributeError):  # no test file of Otter's
        return set()


def _assertions(name: str, content: str) -> set[str]:
    """Return the lines of a student's file that assert something."""
    code = [content] if name.endswith(".py") else []
    if name.endswith(".ipynb"):
        with contextlib.suppress(ValueError, KeyError, TypeError):
            code = ["".join(cell["source"]) for cell in json.loads(content)["cells"]]
    return {line for line in _lines(code, least=1) if line.startswith("assert ")}


def _records(name: str, data: bytes) -> Iterator[bytes]:
    """Yield a hash of each row of the arrays with more than one dimension in an .npz or .npy file."""
    if not name.endswith((".npz", ".npy")):
        return
    loaded = np.load(io.BytesIO(data), allow_pickle=False)
    arrays = loaded.values() if hasattr(loaded, "values") else [loaded]
    for array in arrays:
        if array.ndim > 1:
            for row in np.asarray(array, dtype=np.float64):
                yield hashlib.sha256(row.tobytes()).digest()
