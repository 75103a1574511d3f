"""What tests share: the tiny lab built once a worker, and the commands as users call them."""

from __future__ import annotations

from ottermark.grading import otter_tests as _otter_tests  # noqa: F401  (spares nbformat an import)

# isort: split
import contextlib
import csv
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import labs
import pytest
from click.testing import CliRunner
from hypothesis import settings

from ottermark.cli.main import main

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("project", deadline=None)  # a busy machine is no fault
settings.register_profile("fast", deadline=None, max_examples=20)
settings.load_profile("project")
# a shell that runs the tests in the background ignores Ctrl-C, and what they start would, too
signal.signal(signal.SIGINT, signal.default_int_handler)

PROJECT = Path(__file__).parents[1]
# the memory is what Gradescope's smallest container leaves, by our estimate
TIGHT = {
    "memory": "302M",
    "file": "4M",
    "disk": "4M",
    "processes": 24,
    "open_files": 32,
    "cell": 120,
    "call": 20,
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything but the unit tests as slow: it starts processes or builds.

    Groups of tests come first, and what is fast comes last, so that all processes end together.
    """
    for item in items:
        if item.path.relative_to(PROJECT / "tests").parts[0] != "unit":
            item.add_marker(pytest.mark.slow)
    items.sort(
        key=lambda item: [item.get_closest_marker(m) is None for m in ("slow", "xdist_group")]
    )


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def ottermark(*args: object, cwd: Path | None = None) -> Ran:
    """Run the command, in this process: its imports take four seconds."""
    with contextlib.chdir(cwd or Path.cwd()):
        done = CliRunner().invoke(main, [str(arg) for arg in args])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ran(done.exit_code, done.stdout, done.stderr)


@dataclass
class Graded:
    """What ``ottermark grade`` wrote."""

    out: Path
    ran: Ran

    @property
    def rows(self) -> dict[str, dict[str, str]]:
        """The rows of grades.csv by submission."""
        with (self.out / "grades.csv").open(newline="") as file:
            return {row["submission"]: row for row in csv.DictReader(file)}

    def result(self, name: str) -> dict[str, Any]:
        """One results.json."""
        body: dict[str, Any] = json.loads((self.out / "results" / f"{name}.json").read_text())
        return body

    def lasting(self) -> dict[str, Any]:
        """All results, without what differs from run to run: times."""
        results = {}
        for path in sorted((self.out / "results").iterdir()):
            body = json.loads(re.sub(r"took \d+ seconds", "took N seconds", path.read_text()))
            del body["execution_time"], body["extra_data"]["seconds"]
            results[path.stem] = body
        return results

    def entry(self, name: str, question: str) -> dict[str, Any]:
        """The entry of one question in one results.json."""
        (found,) = [t for t in self.result(name)["tests"] if t.get("number") == question]
        return found


@pytest.fixture(scope="session", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests and the user from using each other's cache of verifications."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("caches"))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny lab, built."""
    folder = tmp_path_factory.mktemp("tiny")
    labs.write_tiny(folder)
    ran = ottermark("build", cwd=folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def grade_tiny(tiny: Path, tmp_path: Path) -> Callable[..., Graded]:
    """Grade submissions of the tiny lab: answers by question id, or the bytes of a file by its name."""

    def grade(**submissions: dict[str, str] | bytes | str) -> Graded:
        folder = tmp_path / "submissions"
        folder.mkdir(exist_ok=True)
        for name, submission in submissions.items():
            if isinstance(submission, dict):
                body = labs.answered(tiny / "student" / "tiny.ipynb", submission)
                (folder / f"{name}.ipynb").write_text(json.dumps(body))
            elif isinstance(submission, str):
                (folder / f"{name}.ipynb").write_text(submission)
            else:
                (folder / f"{name}.zip").write_bytes(submission)
        out = tmp_path / "out"
        return Graded(out, ottermark("grade", folder, "-a", tiny / "autograder", "-o", out))

    return grade


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; the tests that use it are marked ``needs_chromium``."""
    from chromium import open_chromium

    with open_chromium() as browser:
        yield browser
