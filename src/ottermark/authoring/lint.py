"""Check the structure of a master notebook for faults that Otter Assign does not report.

Nothing is run: only the cells, their configs and the syntax trees of the tests are read.
"""

from __future__ import annotations

import ast
import difflib
import functools
import inspect
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import fica
import yaml
from otter.assign.assignment import Assignment
from otter.assign.blocks import BlockType, is_assignment_config_cell, is_block_boundary_cell
from otter.assign.question_config import QuestionConfig

from ottermark.authoring import rules
from ottermark.authoring.given_answers import find_given_answers
from ottermark.authoring.master import Master, QuestionBlock, SourceCell, TestCell
from ottermark.diagnostics import Diagnostic, Location
from ottermark.python_source import parse, used_and_assigned_names, without_magics

_TEST_KEYS = ("hidden", "points", "success_message", "failure_message")
_IGNORED_TEST_KEY = "name"  # Otter's own examples have it, though it means nothing
_UNSUPPORTED_KEYS = {"plugins": ("Otter's plugins are not run", "remove the key")}
_KEYS_WITHOUT_EFFECT = {
    "environment": (
        "autograders are made without conda",
        "list the packages under `requirements`",
    ),
    "student_files": (
        "files beside a student's notebook do not reach the grader",
        "let the tests ask for names instead, and remove the key",
    ),
}
_SOLUTION_MARK = re.compile(r"#\s?(BEGIN )?SOLUTION")
_WRITTEN_SOLUTION = re.compile(r"\s*\*\*\s*SOLUTION", re.IGNORECASE)
_OLD_CONFIG = re.compile(r"^```[^\n]*\n\s*(BEGIN\s+(?:ASSIGNMENT|QUESTION))\b", re.M | re.I)
_LISTS = ("files", "autograder_files", "student_files", "plugins", "ignore_modules")
_MISSPELLED = 0.75  # how alike a key is, from 0 to 1, to one that was meant
_CLOCKS = {
    "time": {"time", "time_ns", "perf_counter", "monotonic", "process_time", "localtime", "gmtime"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
}
_EXITS = {"exit", "quit", "_exit", "abort"}
_HARMLESS = {"print", "display", "len", "str", "repr", "type", "isinstance"}  # raise on no answer
_SOLUTION_EDGE = re.compile(r"\s*# (BEGIN|END) SOLUTION\b")
# in code cells, these may also be lines of a solution or of a prompt, unless they stand alone
_BLOCK = r"\s*#\s+(ASSIGNMENT CONFIG|(BEGIN|END) (QUESTION|TESTS))\b"
_MARKER_IN_CELL = {
    "markdown": re.compile(rf"{_BLOCK}|\s*#\s+(BEGIN|END) (SOLUTION|PROMPT)\s*$", re.M),
    "code": re.compile(rf"{_BLOCK}|\s*#\s+(BEGIN|END) (SOLUTION|PROMPT)\s*\Z"),
}
_SAME_MARKER = 0.85  # how alike a misspelled marker is, from 0 to 1
_LIKE_A_MARKER = re.compile(
    r"(#+\s*(?i:(BEGIN|END)[ _-]?\w+|ASSIGNMENT\b)|(BEGIN|END)[ _-]?[A-Z]+\b|ASSIGNMENT CONFIG)"
    r"(\W+\w+){,2}\W*$"
)
_MARKERS = [
    "# ASSIGNMENT CONFIG",
    *(f"# {edge} {kind.value.upper()}" for kind in BlockType for edge in ("BEGIN", "END")),
]


def lint(master: Master) -> list[Diagnostic]:
    """Return the faults in the structure of a master notebook, in the order of its cells."""
    if (old := _old_format(master)) is not None:
        return [old]
    language = _language(master.notebook)
    if language.lower() != "python":
        return [
            rules.UNSUPPORTED_LANGUAGE.at(
                Location(master.name),
                f"the language of the notebook is {language}, but only Python can be graded",
                "grade it with Otter itself",
            )
        ]
    if markers := list(_check_markers(master)):  # most of what else is wrong follows from it
        return markers
    structure = master.structure
    settings = _settings(master)
    tests = settings.get("tests")
    doctests = bool(tests.get("ok_format", True)) if isinstance(tests, dict) else True
    suppressed = bool(settings.get("suppress_no_tests_warning"))
    diagnostics = [*structure.diagnostics, *_check_assignment(master)]
    if not structure.questions and not settings.get("strip_solutions_from_all_cells"):
        diagnostics.append(
            rules.NO_QUESTIONS.at(
                Location(master.name),
                "it has no questions, so there is nothing to grade",
                "put a raw cell # BEGIN QUESTION and a raw cell # END QUESTION around each question",
            )
        )
    if not settings.get("strip_solutions_from_all_cells"):
        for cell in structure.loose:
            diagnostics += _check_loose_cell(cell)
    diagnostics += _check_question_names(structure.questions)
    diagnostics += _check_public_tests(structure.questions)
    diagnostics += find_given_answers(structure, lambda question: _tested_names(question, doctests))
    for question in structure.questions:
        diagnostics += _check_question(question, suppressed)
        for solution in question.solutions:
            diagnostics += _check_solution(solution, _tested_names(question, doctests))
        for test in question.tests:
            diagnostics += _check_test(test, doctests)
        diagnostics += _check_test_names(question)
    return sorted(_join_uncalled(diagnostics, master), key=lambda d: d.cell or 0)


def _join_uncalled(diagnostics: list[Diagnostic], master: Master) -> list[Diagnostic]:
    """Put one diagnostic in the place of several about tests that nothing calls: they have one cause."""
    rule = rules.UNCALLED_TEST
    uncalled = [
        diagnostic
        for diagnostic in diagnostics
        if diagnostic.rule == rule.id
        and rule.id not in master.allowed.get(diagnostic.cell or 0, ())
    ]
    if len(uncalled) < 2:
        return diagnostics
    cells = ", ".join(str(diagnostic.cell) for diagnostic in uncalled)
    joined = rule.at(
        Location(master.name, uncalled[0].cell),
        f"the tests in the cells {cells} only define functions, which nothing calls, so that they pass "
        "on every answer",
        uncalled[0].fix,
    )
    return [*(d for d in diagnostics if d not in uncalled), joined]


def _old_format(master: Master) -> Diagnostic | None:
    """Return what there is to say of a notebook in format v0, whose configs are Markdown."""
    if master.structure.configs or master.structure.questions:
        return None
    for number, cell in enumerate(master.notebook.cells, start=1):
        if cell.cell_type == "markdown" and (config := _OLD_CONFIG.search(cell.source)):
            return rules.OLD_FORMAT.at(
                Location(master.name, number),
                f"this is Otter's old format (v0: {' '.join(config[1].split())} in a code block), which "
                "Otter 7 no longer reads",
                "turn each such block into a raw cell that begins with # ASSIGNMENT CONFIG or "
                "# BEGIN QUESTION, and put answers and tests between raw cells, as docs/any-lab.md shows",
            )
    return None


def _check_markers(master: Master) -> Iterator[Diagnostic]:
    """Report markers of blocks that Otter does not see or does not know."""
    yield from _check_marker_cells(master)
    for number, cell in enumerate(master.notebook.cells, start=1):
        line = cell.source.strip().partition("\n")[0].strip()
        if cell.cell_type != "raw" or not _LIKE_A_MARKER.match(line) or _is_marker(cell):
            continue
        similar = difflib.get_close_matches(line.upper(), _MARKERS, n=1, cutoff=_SAME_MARKER)
        meant = (
            f"`{similar[0]}`"
            if similar
            else "# ASSIGNMENT CONFIG, or # BEGIN or # END with QUESTION, SOLUTION or TESTS,"
        )
        yield rules.UNKNOWN_MARKER.at(
            Location(master.name, number),
            f"`{line}` is no marker that Otter knows",
            f"write {meant} as the first line of the cell, or make a cell of another type of it",
        )


def _check_marker_cells(master: Master) -> Iterator[Diagnostic]:
    """Report markers in cells that are not raw, all of them at once."""
    cells = [
        (number, cell)
        for number, cell in enumerate(master.notebook.cells, start=1)
        if cell.cell_type in _MARKER_IN_CELL
        and _MARKER_IN_CELL[cell.cell_type].match(cell.source)
        and rules.MARKER_NOT_RAW.id not in master.allowed.get(number, ())
    ]
    if not cells:
        return
    number, first = cells[0]
    kind = "Markdown" if first.cell_type == "markdown" else first.cell_type
    others = ", ".join(str(number) for number, _ in cells[1:])
    yield rules.MARKER_NOT_RAW.at(
        Location(master.name, number),
        f"`{first.source.splitlines()[0].strip()}` is in a {kind} cell, where Otter does not see it"
        + (f", and so are the markers in the cells {others}" if others else ""),
        "make raw cells of them" if others else "make a raw cell of it",
    )


def _is_marker(cell: Any) -> bool:
    return is_assignment_config_cell(cell) or any(
        is_block_boundary_cell(cell, kind, end) for kind in BlockType for end in (False, True)
    )


def _language(notebook: Any) -> str:
    kernel = notebook.metadata.get("kernelspec", {}).get("language")
    return str(notebook.metadata.get("language_info", {}).get("name") or kernel or "python")


# ------------------------------------------------------------------------- assignment


def _settings(master: Master) -> dict[str, Any]:
    """Return the settings of the assignment config, and of the file that it names."""
    settings: dict[str, Any] = {}
    for _, config in master.structure.configs:
        settings = _settings_file(master, config) | config
    return settings


def _settings_file(master: Master, config: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of the file that a config names; none if Otter cannot read it either."""
    name = config.get("config_file")
    if not isinstance(name, str):
        return {}
    try:
        settings = yaml.safe_load((master.path.parent / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):  # splitting reports it
        return {}
    return settings if isinstance(settings, dict) else {}


def _check_assignment(master: Master) -> Iterator[Diagnostic]:
    for location, config in master.structure.configs:
        yield from _check_keys(config, Assignment, location)
        settings = _settings_file(master, config)
        file = str(Path(master.name).parent / str(config.get("config_file")))
        yield from _check_keys(settings, Assignment, Location(file))
        yield from _check_lists(settings | config, location)
        yield from _check_files(settings | config, location, master.path.parent)
        for key, (reason, fix) in _UNSUPPORTED_KEYS.items():
            if (settings | config).get(key):
                message = f"`{key}` is not supported, since {reason}"
                yield rules.UNSUPPORTED_KEY.at(location, message, fix)
        for key, (reason, fix) in _KEYS_WITHOUT_EFFECT.items():
            if (settings | config).get(key):
                message = f"`{key}` has no effect, since {reason}"
                yield rules.KEY_WITHOUT_EFFECT.at(location, message, fix)


def _check_lists(settings: dict[str, Any], location: Location) -> Iterator[Diagnostic]:
    """Report text where Otter wants a list: it would take each letter for an item."""
    for key in _LISTS:
        value = settings.get(key)
        if value is not None and not isinstance(value, list):
            yield rules.INVALID_SETTING.at(
                location, f"`{key}` is {value!r}, which is not a list", f"write `{key}: [{value}]`"
            )


def _check_files(
    settings: dict[str, Any], location: Location, folder: Path
) -> Iterator[Diagnostic]:
    for key in ("files", "autograder_files"):
        names = settings.get(key)
        for name in names if isinstance(names, list) else ():
            if not (folder / str(name)).exists():
                yield rules.MISSING_FILE.at(
                    location,
                    f"`{key}` names {name}, which is not beside the master notebook",
                    "put it there, or correct the name",
                )


def _check_keys(
    config: dict[str, Any], kind: type[fica.Config], location: Location, within: str = ""
) -> Iterator[Diagnostic]:
    """Report keys that Otter does not know, on all levels."""
    known = _known_keys(kind)  # type: ignore[arg-type]  # a class is hashable
    for name, value in config.items():
        if name not in known:
            yield _unknown_key(name, known, location, within)
            continue
        inner = known[name].subkey_container
        if not inspect.isclass(inner) or not issubclass(inner, fica.Config):
            continue
        if isinstance(value, dict):
            yield from _check_keys(value, inner, location, f"in `{name}`, ")
        elif value is not None and not isinstance(value, bool):
            key = next(iter(_known_keys(inner)))  # type: ignore[arg-type]
            yield rules.INVALID_SETTING.at(
                location,
                f"`{name}` is {value!r}, and it has settings of its own",
                f"write them below it, such as `{key}: ...`",
            )


@functools.cache
def _known_keys(kind: type[fica.Config]) -> dict[str, fica.Key]:
    return dict(inspect.getmembers(kind, lambda value: isinstance(value, fica.Key)))


def _unknown_key(
    name: Any, known: Collection[str], location: Location, within: str = ""
) -> Diagnostic:
    message = f"{within}the key {str(name)!r} means nothing to Otter"
    if matches := difflib.get_close_matches(str(name), list(known), 1, _MISSPELLED):
        return rules.UNKNOWN_KEY.at(location, message, f"write {matches[0]!r}")
    return rules.MEANINGLESS_KEY.at(location, message, "remove it")


def _check_loose_cell(cell: SourceCell) -> Iterator[Diagnostic]:
    """Report a solution that Otter does not remove."""
    if cell.kind == "code" and _SOLUTION_MARK.search(cell.source):
        message = "it is marked # SOLUTION outside of a solution block"
    elif cell.kind == "markdown" and _WRITTEN_SOLUTION.match(cell.source):
        message = "it looks like a solution outside of a solution block"
    else:
        return
    fix = "put it between raw cells with # BEGIN SOLUTION and # END SOLUTION"
    yield rules.SOLUTION_OUTSIDE_BLOCK.at(cell.location, message, fix)


# -------------------------------------------------------------------------- questions


def _check_question_names(questions: list[QuestionBlock]) -> Iterator[Diagnostic]:
    for name, count in Counter(question.name for question in questions).items():
        if not name or count == 1:
            continue
        same = [question for question in questions if question.name == name]
        cells = " and ".join(str(question.location.cell) for question in same)
        yield rules.DUPLICATE_QUESTION.at(
            same[-1].location,
            f"{count} questions are named {name} (cells {cells})",
            "rename all but one",
        )


def _check_question(question: QuestionBlock, suppressed: bool) -> Iterator[Diagnostic]:
    """Check a question; ``suppressed`` tells not to warn where it has no tests."""
    if not question.name:
        yield rules.QUESTION_WITHOUT_NAME.at(
            question.location, "the question has no name", "write `name: ...`"
        )
    yield from _check_keys(question.config, QuestionConfig, question.location)
    manual = bool(question.config.get("manual"))
    if manual and question.tests:
        yield rules.MANUAL_QUESTION_WITH_TESTS.at(
            question.location,
            "it is marked by hand and has tests, whose points would be added",
            "split it into a question with tests and one that is marked by hand",
        )
    points = question.config.get("points")
    if not manual and not question.tests and points != 0 and not suppressed:
        yield _without_tests(question)
    yield from _check_points(question, manual)


def _without_tests(question: QuestionBlock) -> Diagnostic:
    if question.config.get("points") is None:
        message = "it has no tests and no points, so it is not graded"
        fix = "write tests, or set `points: 0` to say so"
    else:
        message = "it has no tests, so people mark it"
        fix = "write tests, or mark it `manual: true` to say so"
    return rules.QUESTION_WITHOUT_TESTS.at(question.location, message, fix)


def _check_points(question: QuestionBlock, manual: bool) -> Iterator[Diagnostic]:
    points = question.config.get("points")
    if not _are_points(points, single=manual):
        forms = "a number that is not negative"
        if not manual:
            forms += ", a list of such numbers, or `{each: 1}`"
        yield rules.INVALID_SETTING.at(
            question.location, f"`points` is {points!r}", f"write {forms}"
        )
        return
    of_tests = [test.config.get("points") for test in question.tests]
    if isinstance(points, list) and any(test.config.get("hidden") for test in question.tests):
        yield rules.POINTS_LIST_WITH_HIDDEN_TEST.at(
            question.location,
            "a list of points is wrong in the students' files if a test is hidden",
            "give each test its `points` in its own config",
        )
    elif not manual and of_tests and _is_number(points) and all(map(_is_number, of_tests)):
        total = sum(of_tests)  # type: ignore[arg-type]  # all of them are numbers
        if total != points:
            yield rules.POINTS_MISMATCH.at(
                question.location,
                f"it is worth {points:g} points, but its tests give {total:g}",
                "change one of the two",
            )


def _are_points(value: Any, single: bool) -> bool:
    """Return whether a value of ``points`` is one that Otter can use.

    Args:
        single: whether only one number will do, as for questions without tests.
    """
    if isinstance(value, list) and not single:
        return all(part is None or _is_number(part) for part in value)
    if isinstance(value, dict) and not single:
        return value.keys() <= {"each"} and all(map(_is_number, value.values()))
    return value is None or _is_number(value)


def _is_number(value: Any) -> bool:
    """Return whether a value can be points: a finite number that is not negative."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value >= 0


# -------------------------------------------------------------------------- solutions


def _tested_names(question: QuestionBlock, doctests: bool) -> set[str]:
    """Return the names that the tests of a question ask for."""
    tested: set[str] = set()
    for test in question.tests:
        if doctests:
            for node in test.tree.body if test.tree else ():
                tested.update(used_and_assigned_names(ast.unparse(node))[0])
        else:
            for function in test.functions:
                tested.update(arg.arg for arg in function.args.args)
    return tested


def _check_solution(solution: SourceCell, tested: set[str]) -> Iterator[Diagnostic]:
    try:
        tree = parse(without_magics(solution.source))
        assigned = used_and_assigned_names(solution.source)[1]
    except SyntaxError:  # splitting reports it
        return
    for line, length in _multiline_solutions(tree, solution.source.splitlines()):
        yield rules.MULTILINE_SOLUTION.at(
            solution.location,
            f"line {line} is marked # SOLUTION, but its statement has {length} lines, and students "
            "receive the others",
            "put it on one line, or between # BEGIN SOLUTION and # END SOLUTION",
        )
    exposed = assigned & tested
    if exposed and not _SOLUTION_MARK.search(solution.source):
        yield rules.UNMARKED_SOLUTION.at(
            solution.location,
            f"no line is marked # SOLUTION, so students receive {min(exposed)}",
            "mark the lines that are the solution",
        )


def _multiline_solutions(tree: ast.Module, lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield line and length of statements of several lines of which one is marked."""
    removed = set(_removed_lines(lines))
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or hasattr(node, "body"):
            continue
        first, last = node.lineno, node.end_lineno or node.lineno
        for number in range(first, last + 1):
            text = lines[number - 1].upper().replace(" ", "") if number <= len(lines) else ""
            if last > first and text.endswith("#SOLUTION") and number not in removed:
                yield number, last - first + 1


def _removed_lines(lines: list[str]) -> Iterator[int]:
    """Yield the numbers of lines between ``# BEGIN SOLUTION`` and ``# END SOLUTION``."""
    is_removed = False
    for number, line in enumerate(lines, start=1):
        if mark := _SOLUTION_EDGE.match(line):
            is_removed = mark[1] == "BEGIN"
        elif is_removed:
            yield number


# ------------------------------------------------------------------------------ tests


def _check_test(test: TestCell, doctests: bool) -> Iterator[Diagnostic]:
    yield from _check_test_config(test, doctests)
    if test.tree is None:
        yield rules.TEST_SYNTAX_ERROR.at(
            test.location, "the test is not valid Python", "correct its syntax"
        )
        return
    yield from _check_clock(test.tree, test.location)
    if doctests:  # they survive SystemExit; one that cannot fail passes on the blank notebook
        yield from _check_doctest(test, test.tree)
    else:
        yield from _check_functions(test)


def _check_test_config(test: TestCell, doctests: bool) -> Iterator[Diagnostic]:
    for key in test.config:
        if key not in (*_TEST_KEYS, _IGNORED_TEST_KEY):
            yield _unknown_key(key, _TEST_KEYS, test.location)
    hidden, points = test.config.get("hidden", False), test.config.get("points")
    if not isinstance(hidden, bool):
        yield rules.INVALID_TEST_SETTING.at(
            test.location, f"`hidden` is {hidden!r}", "write true or false"
        )
    if points is not None and not _is_number(points):
        yield rules.INVALID_TEST_SETTING.at(
            test.location, f"`points` is {points!r}", "write a number that is not negative"
        )
    if doctests:
        return
    for key in ("success_message", "failure_message"):
        message = str(test.config.get(key) or "")
        if any(character in message for character in '"\\\n'):
            yield rules.UNQUOTED_MESSAGE.at(
                test.location,
                f"its {key} has a double quote, a backslash or a second line, which Otter does not "
                "escape",
                "remove them",
            )


def _check_public_tests(questions: list[QuestionBlock]) -> Iterator[Diagnostic]:
    """Report tests of which the author may have meant that they are hidden, as others are."""
    if not any(test.config.get("hidden") for question in questions for test in question.tests):
        return
    for question in questions:
        cells = [
            str(test.location.cell)
            for test in question.tests
            if "hidden" not in test.config
            and test.config.get("failure_message")
            and test.config.get("points", question.config.get("points")) != 0
        ]
        if cells:
            which = "test in cell" if len(cells) == 1 else "tests in the cells"
            yield rules.PUBLIC_TEST_WITH_POINTS.at(
                question.location,
                f"students receive the {which} {', '.join(cells)}, public and with points",
                "write `hidden: true` there, or `hidden: false` if this is intended",
            )


def _check_clock(tree: ast.AST, location: Location) -> Iterator[Diagnostic]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            owner, name = _callee(node)
            if name in _CLOCKS.get(owner.rpartition(".")[2], ()):
                yield rules.TEST_USES_CLOCK.at(
                    location,
                    f"it reads the clock ({owner}.{name}), so its result changes with time",
                    "compare with a fixed value",
                )


def _check_doctest(test: TestCell, tree: ast.Module) -> Iterator[Diagnostic]:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    passive = (*definitions, ast.Import, ast.ImportFrom)
    functions = [node.name for node in tree.body if isinstance(node, definitions)]
    if functions and all(isinstance(node, passive) or _is_constant(node) for node in tree.body):
        yield rules.UNCALLED_TEST.at(
            test.location,
            f"it only defines {functions[0]}, which nothing calls, so that it passes on every answer",
            "set `tests: {ok_format: false}` in the assignment config, or call the function",
        )
    for node in tree.body:
        if isinstance(node, definitions) and node.decorator_list:
            yield rules.DECORATED_DOCTEST.at(
                test.location,
                f"{node.name} has a decorator, which Otter splits from it, so that the test always fails",
                f"write `{node.name} = {ast.unparse(node.decorator_list[0])}({node.name})` below it",
            )


def _is_constant(node: ast.stmt) -> bool:
    """Return whether a statement is a literal, such as a text, or gives one a name."""
    if not isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign)) or node.value is None:
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _check_functions(test: TestCell) -> Iterator[Diagnostic]:
    functions = test.functions
    if not functions:
        yield rules.TEST_WITHOUT_FUNCTION.at(
            test.location,
            "it defines no test function",
            "define one that raises an exception if the answer is wrong",
        )
        return
    if len(functions) > 1:
        yield rules.SEVERAL_TEST_FUNCTIONS.at(
            test.location,
            f"Otter uses {functions[0].name}, the first function, as the test and drops "
            f"{functions[1].name}",
            "put helpers inside of the test function",
        )
    yield from _check_exits(functions[0], test.location)
    if _cannot_fail(functions[0]):
        yield rules.TEST_CANNOT_FAIL.at(
            test.location, "it can never fail", "check the answer with `assert`"
        )


def _check_exits(function: ast.FunctionDef, location: Location) -> Iterator[Diagnostic]:
    for node in ast.walk(function):
        message = ""
        if isinstance(node, ast.Raise) and "SystemExit" in ast.unparse(node):
            message = "it raises SystemExit, which ends Python"
        elif isinstance(node, ast.Call):
            owner, name = _callee(node)
            if name in _EXITS and owner in ("", "sys", "os"):
                message = f"it calls {name}(), which ends Python"
        if message:
            yield rules.TEST_ENDS_PYTHON.at(location, message, "raise AssertionError instead")


def _cannot_fail(function: ast.FunctionDef) -> bool:
    harmless = _HARMLESS | {arg.arg for arg in function.args.args}
    return not any(
        isinstance(node, ast.Assert | ast.Raise | ast.Subscript)
        or (isinstance(node, ast.Call) and _callee(node)[1] not in harmless)
        for node in ast.walk(function)
    )


def _callee(call: ast.Call) -> tuple[str, str]:
    """Return what a function is called on, and its name."""
    if isinstance(call.func, ast.Attribute):
        return ast.unparse(call.func.value), call.func.attr
    return "", call.func.id if isinstance(call.func, ast.Name) else ""


def _check_test_names(question: QuestionBlock) -> Iterator[Diagnostic]:
    cells: dict[str, int | None] = {}
    for test in question.tests:
        for function in test.functions:
            if function.name in cells:
                yield rules.DUPLICATE_TEST.at(
                    test.location,
                    f"the test {function.name} is also in cell {cells[function.name]}, and Otter keeps "
                    "only one of them",
                    "rename it",
                )
            cells[function.name] = test.location.cell
