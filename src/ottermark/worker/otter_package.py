"""Otter's test files, without the rest of Otter."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

from ottermark.worker.hidden_module import hidden


def _import_package() -> ModuleType:
    """Return Otter's package, which is not run before one of its attributes is used.

    Running it imports exporters, Jupyter and pandas: two seconds and 60 MB of every grading, for
    nothing that test files use.
    """
    if "otter" in sys.modules:
        return sys.modules["otter"]
    spec = importlib.util.find_spec("otter")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("No module named 'otter'", name="otter")
    loader, package = spec.loader, importlib.util.module_from_spec(spec)

    def load(name: str) -> Any:
        if name.startswith("__") or importlib.util.find_spec(f"otter.{name}"):
            raise AttributeError(name)  # modules are imported as they are, without it
        del package.__getattr__
        loader.exec_module(package)
        return getattr(package, name)

    package.__getattr__ = load  # type: ignore[method-assign]
    sys.modules["otter"] = package
    return package


OTTER = _import_package()
# jsonschema, which Otter imports by way of nbformat, would build a grammar for IRIs with it, which
# takes two seconds and which nobody here checks
with hidden("rfc3987_syntax"):
    from otter.nbmeta_config import OK_FORMAT_VARNAME, NBMetadataConfig
    from otter.test_files import create_test_file
    from otter.test_files.abstract_test import TestCase, TestCaseResult, TestFile
    from otter.test_files.exception_test import ExceptionTestFile
    from otter.test_files.ok_test import OKTestFile, run_doctest

__all__ = [
    "OK_FORMAT_VARNAME",
    "OTTER",
    "ExceptionTestFile",
    "NBMetadataConfig",
    "OKTestFile",
    "TestCase",
    "TestCaseResult",
    "TestFile",
    "create_test_file",
    "run_doctest",
]
