"""Otter in the worker: a stand-in for the notebook's checks, and Otter's tests on real objects."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import types
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

MAX_MESSAGE = 5_000  # characters


def make_otter_stub() -> types.ModuleType:
    """Return a module ``otter`` whose checks do nothing.

    The tests run outside this process, and importing Otter itself would cost two seconds here.
    """

    class Notebook:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def check(self, *_: Any, **__: Any) -> None:
            """Do nothing: the grader checks."""

        check_all = export = to_pdf = add_plugin_files = run_plugin = check

    module = types.ModuleType("otter", "Otter, while this notebook is being graded.")
    module.Notebook = Notebook  # type: ignore[attr-defined]
    module.__getattr__ = _version  # type: ignore[method-assign]
    return module


def _version(name: str) -> str:
    """Return Otter's version, which notebooks print."""
    if name != "__version__":
        raise AttributeError(f"module 'otter' has no attribute '{name}'")
    return version("otter-grader")


def make_notebook_grader_stub() -> types.ModuleType:
    """Return a module ``notebook_grader`` that adds nothing to the stand-in for Otter."""
    module = types.ModuleType("notebook_grader", "The package of students, while grading.")
    module.Grader = lambda notebook: notebook  # type: ignore[attr-defined]
    return module


def run_tests(
    source: str, files: Mapping[str, bytes], both_orders: bool, folder: str, names: dict[str, Any]
) -> dict[str, Any]:
    """Run one of Otter's test files.

    Args:
        source: the test file.
        files: what the tests may read, by its path relative to ``folder``.
        both_orders: also run the tests in reversed order.
        folder: the working directory of the tests.
        names: the notebook's names.

    Returns:
        ``passed``: whether each test did; ``failed_in_reverse``: the names of the tests that failed
        in reversed order; ``messages``: what Otter says of each test.
    """
    stub = sys.modules.pop("otter", None)
    from ottermark.worker import otter_package
    from ottermark.worker.otter_package import NBMetadataConfig, create_test_file

    sys.modules["otter"] = otter_package.OTTER  # for test files that import it
    with (
        contextlib.chdir(folder),
        _missing_files_added(files),
        tempfile.TemporaryDirectory() as elsewhere,
    ):
        path = Path(elsewhere, "test.py")
        path.write_text(source, encoding="utf-8")
        test, reversed_test = (create_test_file(str(path), NBMetadataConfig()) for _ in range(2))
        test.run(names)
        if both_orders:
            reversed_test.test_cases.reverse()
            reversed_test.run(names)
    if stub is not None:
        sys.modules["otter"] = stub
    return {
        "passed": [result.passed for result in test.test_case_results],
        "failed_in_reverse": [
            result.test_case.name for result in reversed_test.test_case_results if not result.passed
        ],
        "messages": [str(result.message or "")[:MAX_MESSAGE] for result in test.test_case_results],
    }


@contextlib.contextmanager
def _missing_files_added(files: Mapping[str, bytes]) -> Iterator[None]:
    """Write those files that the working directory lacks, and remove them afterwards."""
    missing = [Path(name) for name in files if not Path(name).exists()]
    for path in missing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path.as_posix()])
    try:
        yield
    finally:
        for path in missing:
            path.unlink(missing_ok=True)
