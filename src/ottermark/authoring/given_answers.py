"""Find answers and hidden tests in what the author gives to students: cells and public tests.

Unlike ``leaks``, which looks for any line in any file, this compares meaning: a hidden test's checks against
a literal, the whole of its statements, and the names that are answers. Lines that are like those of a
solution are no fault in a given cell, which may teach just that.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ottermark.authoring import rules
from ottermark.authoring.master import QuestionBlock, SourceCell, Structure, TestCell
from ottermark.diagnostics import Diagnostic
from ottermark.python_source import parse, used_and_assigned_names, without_magics

_MARKS = re.compile(r"^\s*(?:(?:#+|>>>|\.\.\.|[-*])\s*)+")  # of comments, doctests and lists
_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_FORM = re.compile(r"^(?:len|type|isinstance|callable|hasattr)\(|\.(?:shape|ndim|size|dtype)\b")
_PLACEHOLDERS = ("...", "None", "False", "0", "0.0", "''", "[]", "{}", "()")
_COMMON = (0, 1, -1, "", True, False, None, ...)


@dataclass(frozen=True)
class _Content:
    """What code says, as Python would write it.

    Attributes:
        checks: the conditions that it asserts or shows, e.g. ``area(2) == 4``.
        telling: those among them with a literal that may be an answer.
        statements: each simple statement.
    """

    checks: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    statements: frozenset[str] = frozenset()

    def __or__(self, other: _Content) -> _Content:
        return _Content(
            self.checks | other.checks,
            self.telling | other.telling,
            self.statements | other.statements,
        )

    def has_all_of(self, test: _Content) -> bool:
        """Return whether all that a test does is here."""
        return bool(test.statements) and test.statements <= self.statements


def find_given_answers(
    structure: Structure, tested_names: Callable[[QuestionBlock], set[str]]
) -> Iterator[Diagnostic]:
    """Yield what given cells and public tests show of hidden tests and answers.

    Args:
        tested_names: returns the names that the tests of a question ask for.
    """
    cells = [(cell, _content(cell)) for cell in structure.loose]
    for question in structure.questions:
        shown = [*_shown_in_cells(question, cells), *_shown_in_tests(question)]
        yield from shown
        reported = {diagnostic.cell for diagnostic in shown}
        names = tested_names(question) & _answers(question)
        for cell in structure.loose:
            defined = names & _defined(cell.source) if cell.kind == "code" else set()
            if defined and cell.location.cell not in reported:
                yield rules.ANSWER_GIVEN.at(
                    cell.location,
                    f"it defines {min(defined)}, the answer to {question.name}, and students receive it",
                    "remove the definition, or give it another name",
                )


def _hidden_tests(question: QuestionBlock) -> Iterator[tuple[TestCell, _Content]]:
    for test in question.tests:
        if test.config.get("hidden") and test.tree is not None:
            yield test, _of_tree(test.tree)


def _shown_in_cells(
    question: QuestionBlock, cells: list[tuple[SourceCell, _Content]]
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each cell that shows what a hidden test checks."""
    for test, hidden in _hidden_tests(question):
        which = f"a hidden test of {question.name} (cell {test.location.cell})"
        for cell, content in cells:
            if shown := hidden.telling & content.telling:
                message = f"it shows `{min(shown)}`, which {which} checks"
            elif content.has_all_of(hidden):
                message = f"it shows all that {which} does"
            else:
                continue
            fix = "remove it, since students receive this cell"
            yield rules.HIDDEN_TEST_SHOWN.at(cell.location, message, fix)


def _shown_in_tests(question: QuestionBlock) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each hidden test of which public ones check everything."""
    public = _Content()
    for test in question.tests:
        if not test.config.get("hidden") and test.tree is not None:
            public |= _of_tree(test.tree)
    for test, hidden in _hidden_tests(question):
        if public.has_all_of(hidden) or (hidden.telling and hidden.checks <= public.checks):
            yield rules.HIDDEN_TEST_SHOWN.at(
                test.location,
                "all that this hidden test checks is in public tests of the question",
                "let it check other values",
            )


def _content(cell: SourceCell) -> _Content:
    """Return what a cell says, in comments and texts too."""
    content = _Content()
    pieces = [cell.source] if cell.kind == "code" else []
    pieces += [_MARKS.sub("", line).strip() for line in cell.source.splitlines()]
    pieces += _CODE_SPAN.findall(cell.source)
    for piece in pieces:
        with contextlib.suppress(SyntaxError, ValueError):  # a text
            content |= _of_tree(parse(without_magics(piece)))
    return content


def _of_tree(tree: ast.Module) -> _Content:
    statements = [node for node in ast.walk(tree) if _is_simple(node)]
    checks = [check for node in statements for check in _checks(node)]
    return _Content(
        frozenset(map(ast.unparse, checks)),
        frozenset(ast.unparse(check) for check in checks if _tells(check)),
        frozenset(map(ast.unparse, statements)),
    )


def _is_simple(node: ast.AST) -> bool:
    """Return whether a node is a statement without others in it, and no bare name or literal."""
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant | ast.Name)
    return (
        isinstance(node, ast.stmt) and not hasattr(node, "body") and not isinstance(node, ast.Pass)
    )


def _checks(statement: ast.AST) -> Iterator[ast.expr]:
    """Yield the conditions in a statement; ``x = 5`` shows ``x == 5``."""
    match statement:
        case ast.Assert(test=ast.BoolOp(values=parts)) | ast.Expr(value=ast.BoolOp(values=parts)):
            yield from parts
        case ast.Assert(test=test) | ast.Expr(value=ast.Compare() as test):
            yield test
        case ast.Assign(targets=[ast.Name() as name], value=ast.Constant() as value):
            yield ast.Compare(name, [ast.Eq()], [value])


def _tells(node: ast.expr) -> bool:
    """Return whether an expression has a literal that could be the answer to a question."""
    constants = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return any(value not in _COMMON for value in constants) and not _FORM.search(ast.unparse(node))


def _answers(question: QuestionBlock) -> set[str]:
    """Return the names that the solution of a question sets, but for those that it changes only."""
    answers: set[str] = set()
    for solution in question.solutions:
        needed: set[str] = set()
        defined: set[str] = set()
        for node in _body(solution.source):
            names = _defined_by(node)
            used = set(used_and_assigned_names(ast.unparse(node))[0])
            needed |= used - defined - (names if isinstance(node, ast.FunctionDef) else set())
            defined |= names
        answers |= defined - needed
    return answers


def _defined(source: str) -> set[str]:
    """Return the names that code sets or defines at its top level, other than as placeholders."""
    return set().union(*map(_defined_by, _body(source)))


def _body(source: str) -> list[ast.stmt]:
    try:
        return parse(without_magics(source)).body
    except (SyntaxError, ValueError):
        return []


def _defined_by(node: ast.stmt) -> set[str]:
    match node:
        case ast.Assign(targets=targets, value=value) if ast.unparse(value) not in _PLACEHOLDERS:
            names = [part for target in targets for part in ast.walk(target)]
            return {
                name.id
                for name in names
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            }
        case ast.FunctionDef(name=function, body=body) if not all(map(_is_filler, body)):
            return {function}
    return set()


def _is_filler(node: ast.stmt) -> bool:
    """Return whether a statement of a function does nothing yet."""
    match node:
        case ast.Pass() | ast.Raise() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=value):
            return value is None or ast.unparse(value) in _PLACEHOLDERS
        case ast.Assign(value=value):
            return ast.unparse(value) in _PLACEHOLDERS
    return False
