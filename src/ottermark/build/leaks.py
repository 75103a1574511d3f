"""Look for what students must not receive in the folder that they do."""

from __future__ import annotations

import ast
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

MIN_LINE = 25  # shorter lines stand in many files by chance


def leaks(student: Path, solution: Any, blank: Any, tests: Path, grader_files: Path) -> list[str]:
    """Return one sentence for each hidden test, solution or grader's file found in ``student``.

    Args:
        student: the folder that students receive; zips in it are looked into.
        solution: the solved notebook.
        blank: the student notebook.
        tests: the test files with hidden tests in them.
        grader_files: the files of the autograder, the students' own among them.
    """
    held = dict(_files(student))
    text = {name: data.decode("utf-8", "replace") for name, data in held.items()}
    found = []
    given = _lines(cell.source for cell in blank.cells)
    secrets = dict.fromkeys(
        _lines(cell.source for cell in solution.cells) - given, "a line of a solution"
    )
    shown = "\n".join(given | _test_lines(tests, hidden=False).keys())
    for line, question in _test_lines(tests, hidden=True).items():
        if line not in shown:  # e.g. a step that a public test takes too
            secrets[line] = f"a hidden test of {question}"
    for line, what in secrets.items():
        # notebooks hold their text as JSON strings
        written = (line, line.replace("\\", "\\\\").replace('"', '\\"'))
        found += [
            f"{name} holds {what}: {line[:60]!r}"
            for name, content in text.items()
            if any(form in content for form in written)
        ]
    theirs = {hashlib.sha256(data).digest() for data in held.values()}
    known = {digest for name, data in held.items() for digest in _records(name, data)}
    for path in sorted(p for p in grader_files.rglob("*") if p.is_file()):
        name = path.relative_to(grader_files).as_posix()
        if name in held:
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).digest() in theirs:
            found.append(f"{name} is for the grader alone, but its bytes are in the student folder")
        shared = sum(digest in known for digest in _records(name, data))
        if shared:
            found.append(f"{name} is for the grader alone, but students have {shared} of its rows")
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


def _lines(sources: Any) -> set[str]:
    lines = {line.strip() for source in sources for line in source.splitlines()}
    return {line for line in lines if len(line) >= MIN_LINE}


def _test_lines(tests: Path, hidden: bool) -> dict[str, str]:
    """Return the lines of all hidden (or all public) tests, each with its question."""
    lines: dict[str, str] = {}
    for path in sorted(tests.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                marked = "hidden=True" in ast.unparse(node.decorator_list[0])
                if marked == hidden:
                    lines |= dict.fromkeys(_lines([ast.unparse(node)]), path.stem)
    return lines


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
