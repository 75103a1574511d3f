"""``ottermark new``, and what a build grades again after a change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from ottermark.authoring.new_lab import TEMPLATE, write_new_lab
from ottermark.config import GradingConfig

pytestmark = pytest.mark.slow


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ottermark", *map(str, arguments)]
    environment = os.environ | {"XDG_CACHE_HOME": str(cwd / "cache")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    write_new_lab(tmp_path / "lab")
    return tmp_path / "lab"


def test_a_new_lab_works_as_it_stands(tmp_path: Path) -> None:
    made = run("new", "lab", cwd=tmp_path)
    assert made.returncode == 0 and "ottermark build" in made.stdout, made.stderr
    lab = tmp_path / "lab"
    again = run("new", "lab", cwd=tmp_path)
    assert again.returncode == 2 and again.stderr.count("\n") == 1 and "not empty" in again.stderr
    built = run("build", "--strict", cwd=lab)
    assert (built.returncode, built.stderr) == (0, "")
    assert "5 questions, 10 points by tests (2 by public ones), 3 by hand" in built.stdout
    assert not list((lab / "student").rglob("mean.txt"))
    graded = run("grade", "student", "-o", "grades", cwd=lab)
    assert graded.returncode == 0 and "everything" in graded.stdout, graded.stderr
    audited = run("audit", cwd=lab)
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "4 rejected, 0 wrongly accepted" in audited.stdout
    assert "4 accepted, 0 wrongly rejected" in audited.stdout


def test_the_config_has_every_key_at_its_default() -> None:
    config = json.loads((TEMPLATE / "otter_config.json").read_text(encoding="utf-8"))
    defaults = GradingConfig().model_dump(mode="json")
    assert config == defaults and list(config) == list(defaults)


def test_the_readme_explains_every_file(lab: Path) -> None:
    readme = (lab / "README.md").read_text(encoding="utf-8")
    names = {path.name for path in (lab, lab / "assignment") for path in path.iterdir()}
    for name in names - {"README.md", "assignment"}:
        assert name in readme, name


def test_a_file_or_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "file/lab"):
        result = run("new", name, cwd=tmp_path)
        assert (result.returncode, result.stderr.count("\n")) == (2, 1), result.stderr


def edit(lab: Path, old: str, new: str, replaces_file: bool = False) -> None:
    """Save the master with a text changed, into the file or, as many editors do, in its place."""
    master = lab / "assignment" / "first_lab.ipynb"
    notebook = nbformat.read(master, as_version=4)
    changed = [cell for cell in notebook.cells if old in cell.source]
    assert changed
    for cell in changed:
        cell.source = cell.source.replace(old, new)
    target = master.with_name(".first_lab.ipynb.new") if replaces_file else master
    nbformat.write(notebook, target)
    target.replace(master)


class Watch:
    """``ottermark build --watch`` in a lab, with what it has said."""

    def __init__(self, lab: Path) -> None:
        self._out, self._err = lab / "watch.out", lab / "watch.err"
        command = [sys.executable, "-m", "ottermark", "build", "--watch"]
        environment = os.environ | {"XDG_CACHE_HOME": str(lab / "cache"), "PYTHONUNBUFFERED": "1"}
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                command, cwd=lab, env=environment, stdout=out, stderr=err
            )
        self._seen = 1  # the line that says what is watched

    @property
    def errors(self) -> str:
        return self._err.read_text()

    def next_line(self) -> str:
        """Wait for the line of a rebuild."""
        for _ in range(3000):
            lines = self._out.read_text().splitlines(keepends=True)
            if len(lines) > self._seen and lines[self._seen].endswith("\n"):
                self._seen += 1
                return lines[self._seen - 1]
            assert self.process.poll() is None, self.errors
            time.sleep(0.1)
        raise AssertionError(self.errors)


@pytest.fixture
def watch(lab: Path) -> Iterator[Watch]:
    watch = Watch(lab)
    yield watch
    watch.process.kill()
    watch.process.wait()


def test_a_watch_verifies_what_is_saved(lab: Path, watch: Watch) -> None:
    assert "all questions verified" in watch.next_line()
    edit(lab, "(37, 98.6)", "(38, 100.4)")
    assert "first_lab: q2 verified" in watch.next_line() and not watch.errors
    edit(lab, "(38, 100.4)", "(38, 99)", replaces_file=True)
    assert "1 error; nothing was written" in watch.next_line()
    assert "solution-loses-points" in watch.errors and "(q2)" in watch.errors
    assert "38, 99" not in (lab / "autograder" / "tests" / "q2.py").read_text()
    edit(lab, "(38, 99)", "(38, 100.4)", replaces_file=True)
    assert "nothing verified" in watch.next_line()
    edit(lab, "mean_temperature = temperatures.mean()", "mean_temperature = np.mean(temperatures)")
    assert "all questions verified" in watch.next_line()  # other cells may depend on it
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(60) == 130
