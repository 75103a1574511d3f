"""Otter's test files: the names that they read from the notebook, and whether its values pass.

There are two styles. A test of the *exception* style is a function whose parameters are the names
that it needs; ``env`` among them stands for all names. A *doctest* uses names freely; names that it
sets are discarded after it.
"""

from __future__ import annotations

import ast
import builtins
import doctest
import functools
import inspect
import textwrap
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from ottermark.errors import OttermarkError
from ottermark.python_source import compile_tree, parse, used_and_assigned_names
from ottermark.worker.otter_package import (
    OK_FORMAT_VARNAME,
    ExceptionTestFile,
    NBMetadataConfig,
    OKTestFile,
    TestCase,
    TestCaseResult,
    TestFile,
    create_test_file,
    run_doctest,
)

_DYNAMIC = {"globals", "locals", "vars", "dir", "eval", "exec"}  # with these, code can use any name
_NO_METADATA = NBMetadataConfig()  # for tests in notebooks, which we have none of; slow to make
_stdout_lock = threading.Lock()  # a doctest captures the stdout of the whole process


class DoctestFailedError(OttermarkError, AssertionError):
    """A doctest did not pass; the message is the example that failed, as doctest prints it."""


@dataclass(frozen=True)
class RequiredNames:
    """The names that tests read from a notebook.

    Attributes:
        names: in the order of first use.
        why_open_ended: the reason that tests may read others, too; empty if they do not.
    """

    names: tuple[str, ...]
    why_open_ended: str = ""


class OtterTests:
    """One test file.

    Args:
        path: as Otter writes it, of either style.
    """

    def __init__(self, path: Path) -> None:
        self._file = _read(path)

    @property
    def cases(self) -> list[TestCase]:
        """The tests, in order; Otter has resolved their points."""
        return self._file.test_cases

    @property
    def are_doctests(self) -> bool:
        """Whether they are doctests."""
        return isinstance(self._file, OKTestFile)

    def is_example(self, index: int) -> bool:
        """Return whether a test tries an example of the prompt, which a wrong answer may fail."""
        body = self.cases[index].body  # as `notebook_grader.failures` has it, for students
        return not self.are_doctests and "example" in body.test_func.__name__

    def required_names(self, indices: Collection[int] | None = None) -> RequiredNames:
        """Return the names that the tests read; with ``indices``, only those of these tests."""
        cases = [c for i, c in enumerate(self.cases) if indices is None or i in indices]
        names: dict[str, None] = {}
        reason = ""
        for case in cases:
            if self.are_doctests:
                names.update(dict.fromkeys(_names_in_doctest(case.body)))
                continue
            read, open_ended = _names_in_function(case.body.test_func)
            names.update(dict.fromkeys(read))
            if open_ended:
                reason = "its tests use `env` as a whole"
        if self.are_doctests and (dynamic := _DYNAMIC & names.keys()):
            reason = f"its tests use {min(dynamic)}()"
        return RequiredNames(tuple(n for n in names if not hasattr(builtins, n)), reason)

    def run(self, index: int, namespace: dict[str, Any]) -> BaseException | None:
        """Run one test on the values in ``namespace``; return the error that it raised, if any.

        A test may raise anything, ``SystemExit`` too. Doctests run one at a time in this process.
        """
        case = self.cases[index]
        try:
            if self.are_doctests:
                with _stdout_lock:
                    passed, output = run_doctest(case.name, case.body, namespace)
                return None if passed else DoctestFailedError(_failed_example(output))
            case.body.call_func(namespace)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None

    def message_of(self, index: int, failure: BaseException) -> str:
        """Return the message of the assertion that failed, if it stands as such in the test.

        A message that the test composes could hold values of the student's, or the test's own; such
        a one is not returned.
        """
        case = self.cases[index]
        if self.are_doctests or not isinstance(failure, AssertionError):
            return ""
        text = str(failure)
        function = inspect.unwrap(case.body.test_func)  # a test may have decorators of its own
        return text if text in _texts_in(function.__code__) else ""

    def score(self, passed: Sequence[bool]) -> float:
        """Return the points for the tests that passed, by Otter's own arithmetic."""
        self._file.test_case_results = [
            TestCaseResult(test_case=case, message="", passed=case_passed)
            for case, case_passed in zip(self.cases, passed, strict=True)
        ]
        return round(float(self._file.score), 5)


def _read(path: Path) -> TestFile:
    """Do what Otter's ``create_test_file`` does; it compiles and runs each file twice."""
    code, is_exception_style = _compile(path.read_text(encoding="utf-8"), str(path))
    if is_exception_style:
        return ExceptionTestFile._from_compiled_code(code, str(path))
    return create_test_file(str(path), _NO_METADATA)


@functools.lru_cache(maxsize=500)
def _compile(source: str, path: str) -> tuple[CodeType, bool]:
    """Compile a test file once for all submissions; return also whether it is of the exception style."""
    tree = parse(source)
    says_so = any(
        isinstance(node, ast.Assign) and ast.unparse(node) == f"{OK_FORMAT_VARNAME} = False"
        for node in tree.body
    )
    return compile_tree(tree, path), says_so


def _texts_in(constant: object) -> Iterator[str]:
    """Yield the texts that stand in the code of a function, or in one of its constants."""
    match constant:
        case str():
            yield constant
        case CodeType():
            yield from _texts_in(constant.co_consts)
        case tuple() | frozenset():  # also what Python makes of a list or set of constants
            for part in constant:
                yield from _texts_in(part)


def _names_in_doctest(body: str) -> list[str]:
    """Return the names that a doctest reads before it sets them itself."""
    read: list[str] = []
    own: set[str] = set()
    for example in doctest.DocTestParser().get_examples(body):
        used, assigned = used_and_assigned_names(example.source)
        read += [name for name in used if name not in own | assigned]
        own |= assigned
    return read


def _names_in_function(function: Any) -> tuple[list[str], bool]:
    """Return the names that a test function reads, and whether it may read others."""
    read: list[str] = []
    open_ended = False
    for name in inspect.signature(function).parameters:
        if name == "env":
            from_env, open_ended = _names_in_env(function)
            read += from_env
        else:
            read.append(name)
    return read, open_ended


def _names_in_env(function: Any) -> tuple[list[str], bool]:
    """Return the names that a test reads from ``env``, and whether it may read others."""
    tree = parse(textwrap.dedent(inspect.getsource(function)))
    read, understood = [], 0
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="env"), slice=ast.Constant(value=str(name))):
                read.append(name)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                read.append(name)
            case ast.Compare(
                left=ast.Constant(value=str(name)),
                ops=[ast.In() | ast.NotIn()],
                comparators=[ast.Name(id="env")],
            ):
                read.append(name)
            case _:
                continue
        understood += 1
    uses = sum(isinstance(node, ast.Name) and node.id == "env" for node in ast.walk(tree))
    return read, uses > understood


def _failed_example(output: str) -> str:
    """Return the part of doctest's output on the first example that failed."""
    _, _, after = output.partition("Failed example:\n")
    return textwrap.dedent(after.partition("Trying:\n")[0].partition("*" * 70)[0]).strip()
