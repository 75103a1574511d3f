"""Otter's test files: the names they ask for, and how they judge what these stand for.

There are two styles. A test of the *exception* style is a function whose parameters are the names
that it needs; ``env`` among them stands for all names. A *doctest* uses names freely; what it sets
is gone after it.
"""

from __future__ import annotations

import ast
import builtins
import doctest
import importlib.util
import inspect
import sys
import textwrap
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.python_source import used_and_assigned_names


def _postpone_otter() -> None:
    """Let Otter's package stand without being run until something in it is asked for.

    Running it imports exporters, Jupyter and pandas: two seconds and 60 MB of every grading, for
    nothing that test files use.
    """
    spec = importlib.util.find_spec("otter")
    if "otter" in sys.modules or spec is None or spec.loader is None:
        return
    loader, package = spec.loader, importlib.util.module_from_spec(spec)

    def run_it(name: str) -> Any:
        if name.startswith("__") or importlib.util.find_spec(f"otter.{name}"):
            raise AttributeError(name)  # modules are imported as they are, without it
        del package.__getattr__
        loader.exec_module(package)
        return getattr(package, name)

    package.__getattr__ = run_it  # type: ignore[method-assign]
    sys.modules["otter"] = package


_postpone_otter()

from otter.nbmeta_config import NBMetadataConfig  # noqa: E402
from otter.test_files import create_test_file  # noqa: E402
from otter.test_files.abstract_test import TestCase, TestCaseResult, TestFile  # noqa: E402
from otter.test_files.ok_test import OKTestFile, run_doctest  # noqa: E402

_ANY_NAME = {"globals", "locals", "vars", "dir", "eval", "exec"}
_NO_METADATA = NBMetadataConfig()  # for tests in notebooks, which we have none of; slow to make
_printing = threading.Lock()  # a doctest takes this process's stdout for its own


class DoctestFailedError(AssertionError):
    """A doctest did not pass; the message is what failed, as doctest tells it."""


@dataclass(frozen=True)
class Needs:
    """What a test file needs of a notebook.

    Attributes:
        names: in the order of first use.
        unforeseen: why they are not known before it runs; empty if they are.
    """

    names: tuple[str, ...]
    unforeseen: str = ""


class OtterTests:
    """One test file.

    Args:
        path: as Otter writes it, of either style.
    """

    def __init__(self, path: Path) -> None:
        self._file: TestFile = create_test_file(str(path), _NO_METADATA)

    @property
    def cases(self) -> list[TestCase]:
        """The tests, in order; Otter has resolved their points."""
        return self._file.test_cases

    @property
    def are_doctests(self) -> bool:
        """Whether they are doctests."""
        return isinstance(self._file, OKTestFile)

    def needs(self, places: Collection[int] | None = None) -> Needs:
        """Return the names that the tests ask for, or those of them at ``places``."""
        names: dict[str, None] = {}
        unforeseen = ""
        for place, case in enumerate(self.cases):
            if places is not None and place not in places:
                continue
            if self.are_doctests:
                made: set[str] = set()
                for example in doctest.DocTestParser().get_examples(case.body):
                    used, assigned = used_and_assigned_names(example.source)
                    names.update(dict.fromkeys(n for n in used if n not in made | assigned))
                    made |= assigned
            else:
                function = case.body.test_func
                for name in inspect.signature(function).parameters:
                    if name != "env":
                        names[name] = None
                        continue
                    asked, open_ended = _asked_of_env(function)
                    names.update(dict.fromkeys(asked))
                    if open_ended:
                        unforeseen = "its tests use `env` as a whole"
        if self.are_doctests and (any_name := _ANY_NAME & names.keys()):
            unforeseen = f"its tests use {min(any_name)}()"
        return Needs(tuple(n for n in names if not hasattr(builtins, n)), unforeseen)

    def run(self, place: int, namespace: dict[str, Any]) -> BaseException | None:
        """Run the test at ``place`` on what ``namespace`` holds; return why it failed, if it did.

        A test may raise anything, ``SystemExit`` too. Doctests run one at a time in this process.
        """
        case = self.cases[place]
        try:
            if self.are_doctests:
                with _printing:
                    passed, told = run_doctest(case.name, case.body, namespace)
                return None if passed else DoctestFailedError(_failed_example(told))
            case.body.call_func(namespace)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None

    def score(self, passed: Sequence[bool]) -> float:
        """Return the points for what passed, by Otter's own arithmetic."""
        self._file.test_case_results = [
            TestCaseResult(test_case=case, message="", passed=good)
            for case, good in zip(self.cases, passed, strict=True)
        ]
        return round(float(self._file.score), 5)


def _asked_of_env(function: Any) -> tuple[list[str], bool]:
    """Return the names that a test takes from ``env``, and whether it may take others."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    asked, understood = [], 0
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="env"), slice=ast.Constant(value=str(name))):
                asked.append(name)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="env"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                asked.append(name)
            case ast.Compare(
                left=ast.Constant(value=str(name)),
                ops=[ast.In() | ast.NotIn()],
                comparators=[ast.Name(id="env")],
            ):
                asked.append(name)
            case _:
                continue
        understood += 1
    uses = sum(isinstance(node, ast.Name) and node.id == "env" for node in ast.walk(tree))
    return asked, uses > understood


def _failed_example(told: str) -> str:
    """Return of what doctest prints the part on the first example that failed."""
    _, _, after = told.partition("Failed example:\n")
    return textwrap.dedent(after.partition("Trying:\n")[0].partition("*" * 70)[0]).strip()
