"""Read a master notebook for what Otter Assign lets pass without a word.

Nothing is run: the notebook's cells, their configs and the syntax trees of its tests are looked
at. Each complaint names the cell, counted from 1, and the mend.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import fica
import yaml
from otter.assign.assignment import Assignment
from otter.assign.blocks import (
    BlockType,
    extract_all_fenced_otter_cells,
    get_cell_config,
    is_assignment_config_cell,
    is_block_boundary_cell,
)
from otter.assign.question_config import QuestionConfig

from ottermark.python_source import names, plain

TEST_KEYS = ("hidden", "points", "success_message", "failure_message")
_PASSED_OVER = "name"  # of a test; Otter's own examples have it, though it means nothing
_NOT_HONOURED = {
    "environment": "graders are made without conda; list the packages under `requirements`.",
    "plugins": "Otter's plugins are not run; do without them.",
    "student_files": "files beside a student's notebook do not reach the grader; let tests ask for "
    "names, and drop the key.",
}
_MARK = re.compile(r"#\s?(BEGIN )?SOLUTION")
_WRITTEN_SOLUTION = re.compile(r"\s*\*\*\s*SOLUTION", re.IGNORECASE)
_CLOCKS = {
    "time": {"time", "time_ns", "perf_counter", "monotonic", "process_time", "localtime", "gmtime"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
}
_ENDS = {"exit", "quit", "_exit", "abort"}
_SILENT = {"print", "display", "len", "str", "repr", "type", "isinstance"}


@dataclass
class TestCell:
    """A cell between ``# BEGIN TESTS`` and ``# END TESTS``.

    Attributes:
        number: of the cell in the master, from 1.
        config: what stands in its ``TEST CONFIG``.
        source: the rest of it.
    """

    number: int
    config: Any
    source: str

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None if there is none."""
        try:
            return ast.parse(plain(self.source))
        except SyntaxError:
            return None


@dataclass
class Block:
    """A question of the master.

    Attributes:
        number: of its config cell in the master, from 1.
        solutions: number and source of the code cells with its solution.
    """

    number: int
    config: dict[str, Any]
    tests: list[TestCell] = field(default_factory=list)
    solutions: list[tuple[int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its id; empty if it has none."""
        return str(self.config.get("name", ""))


def lint(notebook: Any, folder: Path) -> list[str]:
    """Return one sentence for each slip in a master notebook that lies in ``folder``."""
    settings: dict[str, Any] = {}
    blocks: list[Block] = []
    found = _language(notebook)
    if found:
        return found
    outside: list[str] = []  # solutions that Otter does not take for such
    within: set[BlockType] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        for part in extract_all_fenced_otter_cells([cell]):
            if is_assignment_config_cell(part):
                settings, wrong = _config(part, number, "assignment")
                found += wrong + list(_unknown(settings, Assignment, f"cell {number}"))
                beside, wrong = _from_file(settings, folder)
                settings, found = beside | settings, found + wrong
                found += [
                    f"cell {number}: `{key}` is not honoured: {why}"
                    for key, why in _NOT_HONOURED.items()
                    if settings.get(key)
                ]
            for kind in BlockType:
                if is_block_boundary_cell(part, kind, end=True):
                    within.discard(kind)
                elif is_block_boundary_cell(part, kind):
                    within.add(kind)
                    if kind is BlockType.QUESTION:
                        config, wrong = _config(part, number, "question")
                        found += wrong
                        blocks.append(Block(number, config))
        if cell.cell_type == "code" and blocks and BlockType.QUESTION in within:
            if BlockType.TESTS in within:
                config, source, wrong = _test_config(cell.source, number, blocks[-1].name)
                found += wrong
                blocks[-1].tests.append(TestCell(number, config, source))
            elif BlockType.SOLUTION in within:
                blocks[-1].solutions.append((number, cell.source))
        if not {BlockType.SOLUTION, BlockType.TESTS} & within:
            outside += _solution_outside(cell, number)
    if not settings.get("strip_solutions_from_all_cells"):
        found += outside
    tests = settings.get("tests")
    doctests = bool(tests.get("ok_format", True)) if isinstance(tests, dict) else True
    for name, count in Counter(block.name for block in blocks).items():
        if name and count > 1:
            cells = " and ".join(str(b.number) for b in blocks if b.name == name)
            found.append(f"cells {cells}: {count} questions are named {name}; rename all but one.")
    for block in blocks:
        found += _of_question(block)
        for test in block.tests:
            found += _of_test(test, block, doctests)
        found += _of_test_names(block)
        found += _unmarked(block, doctests)
    return found


def _language(notebook: Any) -> list[str]:
    kernel = notebook.metadata.get("kernelspec", {}).get("language")
    language = notebook.metadata.get("language_info", {}).get("name") or kernel or "python"
    if language.lower() == "python":
        return []
    return [
        f"its language is {language}, but only Python notebooks can be graded; use Otter itself."
    ]


# --------------------------------------------------------------------------- configs


def _config(cell: Any, number: int, what: str) -> tuple[dict[str, Any], list[str]]:
    try:
        config = get_cell_config(cell)
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        return {}, [f"cell {number}: the {what} config is not YAML ({told}); mend it."]
    if not isinstance(config, dict):
        return {}, [f"cell {number}: the {what} config should be lines like `name: value`."]
    return config, []


def _from_file(settings: dict[str, Any], folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Return the settings of the file that an assignment config names, and its slips."""
    name = settings.get("config_file")
    try:
        config = yaml.safe_load((folder / name).read_text(encoding="utf-8")) if name else {}
    except (OSError, TypeError, ValueError, yaml.YAMLError):  # Otter will say so
        return {}, []
    if not isinstance(config, dict):
        return {}, []
    return config, list(_unknown(config, Assignment, str(name)))


def _unknown(config: dict[str, Any], kind: type[fica.Config], where: str) -> Iterator[str]:
    """Complain of keys that Otter does not know; it passes over most of them."""
    keys = dict(inspect.getmembers(kind, lambda value: isinstance(value, fica.Key)))
    for name, value in config.items():
        if name not in keys:
            yield f"{where}: {_stranger(name, keys)}"
        elif keys[name].subkey_container and isinstance(value, dict):
            inner = keys[name].subkey_container
            if inspect.isclass(inner) and issubclass(inner, fica.Config):
                yield from _unknown(value, inner, f"{where}, {name}")


def _stranger(name: Any, known: Any) -> str:
    near = difflib.get_close_matches(str(name), list(known), 1)
    mend = f"write {near[0]!r}" if near else f"Otter knows {', '.join(known)}"
    return f"the key {str(name)!r} means nothing to Otter; {mend}."


def _test_config(source: str, number: int, name: str) -> tuple[dict[str, Any], str, list[str]]:
    """Take a test cell apart into its config and its code."""
    lines = source.splitlines()
    if not lines or "BEGIN TEST CONFIG" not in lines[0].upper():
        hidden = bool(lines) and re.match(r"\s*#.*\bhidden\b", lines[0], re.IGNORECASE)
        return {"hidden": True} if hidden else {}, source, []
    ends = [i for i, line in enumerate(lines) if "END TEST CONFIG" in line.upper()]
    if not ends:
        told = f"cell {number} ({name}): its TEST CONFIG has no end; close it with "
        return {}, "", [told + '""" # END TEST CONFIG.']
    rest = "\n".join(lines[ends[0] + 1 :])
    try:
        config = yaml.safe_load("\n".join(lines[1 : ends[0]])) or {}
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        return {}, rest, [f"cell {number} ({name}): its config is not YAML ({told}); mend it."]
    if not isinstance(config, dict):
        return {}, rest, [f"cell {number} ({name}): its config should be lines like `points: 1`."]
    return config, rest, []


# ----------------------------------------------------------------- questions and tests


def _of_question(block: Block) -> Iterator[str]:
    where = f"cell {block.number} ({block.name})"
    if not block.name:
        yield f"cell {block.number}: the question has no name; write `name: ...`."
    yield from _unknown(block.config, QuestionConfig, where)
    points = block.config.get("points")
    given = [test.config.get("points") for test in block.tests]
    hidden = any(test.config.get("hidden") for test in block.tests)
    if block.config.get("manual") and block.tests:
        yield (
            f"{where}: it is marked by hand and has tests, whose points would come on top; split it "
            "into a question with tests and one that is marked by hand."
        )
    if isinstance(points, list) and hidden:
        yield (
            f"{where}: a list of points goes wrong in the students' files once a test is hidden; "
            "give each test its `points` in its own config."
        )
    elif not block.config.get("manual"):
        if not block.tests:
            yield f"{where}: it has no tests; write some, or mark it `manual: true`."
        elif _is_number(points) and all(map(_is_number, given)) and sum(given) != points:
            yield (
                f"{where}: it is worth {points:g} points, but its tests give {sum(given):g}; "
                "make the two the same."
            )
    for number, source in block.solutions:
        for line, statement in _wrapped_solutions(source):
            yield (
                f"cell {number} ({block.name}): line {line} is marked # SOLUTION, but its statement "
                f"goes over {statement} lines, and students are given the others; put it on one "
                "line, or between # BEGIN SOLUTION and # END SOLUTION."
            )


def _solution_outside(cell: Any, number: int) -> Iterator[str]:
    mend = "put it between raw cells with # BEGIN SOLUTION and # END SOLUTION."
    if cell.cell_type == "code" and _MARK.search(cell.source):
        yield f"cell {number}: it is marked # SOLUTION outside of a solution block; {mend}"
    elif cell.cell_type == "markdown" and _WRITTEN_SOLUTION.match(cell.source):
        yield f"cell {number}: it looks like a solution outside of a solution block; {mend}"


def _unmarked(block: Block, doctests: bool) -> Iterator[str]:
    """Complain of solution cells without a mark that give students what tests ask for."""
    asked: set[str] = set()
    for test in block.tests:
        for node in test.tree.body if test.tree else ():
            if doctests:
                asked.update(names(ast.unparse(node))[0])
            elif isinstance(node, ast.FunctionDef):
                asked.update(arg.arg for arg in node.args.args)
    for number, source in block.solutions:
        try:
            given = names(source)[1] & asked
        except SyntaxError:
            continue
        if given and not _MARK.search(source):
            yield (
                f"cell {number} ({block.name}): no line is marked # SOLUTION, so students are given "
                f"{min(given)}; mark the lines that are the solution."
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrapped_solutions(source: str) -> Iterator[tuple[int, int]]:
    """Yield line and length of statements over several lines of which one is marked."""
    try:
        tree = ast.parse(plain(source))
    except SyntaxError:
        return
    lines = source.splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or hasattr(node, "body"):
            continue
        first, last = node.lineno, node.end_lineno or node.lineno
        for number in range(first, last + 1):
            text = lines[number - 1].upper().replace(" ", "") if number <= len(lines) else ""
            if last > first and text.endswith("#SOLUTION"):
                yield number, last - first + 1


def _of_test(test: TestCell, block: Block, doctests: bool) -> Iterator[str]:
    where = f"cell {test.number} ({block.name})"
    for key in test.config:
        if key not in (*TEST_KEYS, _PASSED_OVER):
            yield f"{where}: {_stranger(key, TEST_KEYS)}"
    hidden, points = test.config.get("hidden", False), test.config.get("points")
    if not isinstance(hidden, bool):
        yield f"{where}: `hidden` is {hidden!r}; write true or false."
    if points is not None and not _is_number(points):
        yield f"{where}: `points` is {points!r}; write a number."
    if test.tree is None:
        yield f"{where}: the test is not Python; mend it."
        return
    for key in ("success_message", "failure_message"):
        message = str(test.config.get(key) or "")
        if not doctests and any(mark in message for mark in '"\\\n'):
            yield (
                f"{where}: its {key} holds a double quote, a backslash or a second line, which "
                "Otter puts into code as they are; take them out."
            )
    yield from _looks_at_clock(test.tree, where)
    if doctests:  # which survive SystemExit; one that cannot fail is found with the blank notebook
        return
    functions = [node for node in test.tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        yield f"{where}: there is no test function; write one that raises if the answer is wrong."
        return
    if len(functions) > 1:
        yield (
            f"{where}: Otter takes {functions[0].name}, the first function, for the test, and leaves "
            f"{functions[1].name} out; put helpers inside the test function."
        )
    yield from _ends_python(functions[0], where)
    if _cannot_fail(functions[0]):
        yield f"{where}: it can never fail; end it with `assert`."


def _looks_at_clock(tree: ast.AST, where: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            owner, name = _called(node)
            if name in _CLOCKS.get(owner.rpartition(".")[2], ()):
                yield f"{where}: it looks at the clock ({owner}.{name}); its verdict must not change."


def _ends_python(function: ast.FunctionDef, where: str) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and "SystemExit" in ast.unparse(node):
            yield f"{where}: it raises SystemExit, which ends the grader's run; raise AssertionError."
        if isinstance(node, ast.Call):
            owner, name = _called(node)
            if name in _ENDS and owner in ("", "sys", "os"):
                yield f"{where}: it calls {name}(), which ends Python; raise AssertionError instead."


def _cannot_fail(function: ast.FunctionDef) -> bool:
    nodes = list(ast.walk(function))
    harmless = _SILENT | {arg.arg for arg in function.args.args}
    return not any(
        isinstance(node, ast.Assert | ast.Raise | ast.Subscript)
        or (isinstance(node, ast.Call) and _called(node)[1] not in harmless)
        for node in nodes
    )


def _called(call: ast.Call) -> tuple[str, str]:
    """Return what a function is called on, and its name."""
    if isinstance(call.func, ast.Attribute):
        return ast.unparse(call.func.value), call.func.attr
    return "", call.func.id if isinstance(call.func, ast.Name) else ""


def _of_test_names(block: Block) -> Iterator[str]:
    """Complain of test functions with one name: Otter keeps the last."""
    seen: dict[str, int] = {}
    for test in block.tests:
        for node in test.tree.body if test.tree else ():
            if isinstance(node, ast.FunctionDef):
                if node.name in seen:
                    yield (
                        f"cell {test.number} ({block.name}): the test {node.name} stands in cell "
                        f"{seen[node.name]} too, and Otter keeps one of them; rename it."
                    )
                seen[node.name] = test.number
