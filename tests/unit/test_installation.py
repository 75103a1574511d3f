"""How to add packages to the copy of ottermark that runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ottermark.errors import UsageError
from ottermark.installation import require

# of the extras; nothing else may import them before they are needed
EXTRA = (
    *("tensorflow", "keras", "sklearn", "scipy", "matplotlib", "copydetect", "distributed"),
    *("PIL", "nh3", "starlette", "uvicorn", "python_multipart"),
)
IMPORT_ALL = f"""
import importlib, pkgutil, sys
for name in {EXTRA}:
    sys.modules[name] = None  # as if it were not installed
import ottermark
for module in pkgutil.walk_packages(ottermark.__path__, "ottermark."):
    package = module.name.split(".")[1]
    if package not in ("review", "calibration", "__main__") and ".container" not in module.name:
        importlib.import_module(module.name)
        print(module.name)
"""


def test_what_is_missing_is_named_with_its_extra_and_the_command() -> None:
    require("class", ["json"], "The page")
    with pytest.raises(
        UsageError, match=r"^The page needs .*, such as nowhere; run `.*ottermark\[class\].*`\.$"
    ):
        require("class", ["json", "nowhere"], "The page")


def test_keras_needs_a_python_with_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"; run `.*ottermark\[keras\].*`\.$"):
        require("keras", ["nowhere"], "The calibration")
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    with pytest.raises(UsageError, match=r"; install ottermark with Python 3\.13, the last "):
        require("keras", ["nowhere"], "The calibration")


@pytest.mark.slow
def test_all_but_the_marking_page_and_the_calibration_is_imported_without_extras() -> None:
    command = [sys.executable, "-c", IMPORT_ALL]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {"ottermark.cli.review", "ottermark.audit.audit"} <= set(done.stdout.split())
