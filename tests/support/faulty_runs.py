"""Runs of ``ottermark grade`` that are disturbed from outside, and what must hold in the end."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import labs
import psutil
from conftest import PROJECT

from ottermark.batch.ledger import LEDGER
from ottermark.results.document import ResultDocument

RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}
WRONG = {"q1": "pair = (5, 4)", "q2": RIGHT["q2"]}
HALF = {"q1": RIGHT["q1"]}
SCORES = {"ann": 6.0, "bob": 4.0, "cem": 2.0}  # of the class that `write_class` writes
ENDS_SECONDS = 30  # how long processes of a notebook may take to end
_AS_ROOT = (sys.executable, str(PROJECT / "tests" / "support" / "run_as_user.py"), "0")
PREFIXES: Mapping[str, Sequence[str]] = {"userns": (), "uid": _AS_ROOT, "none": ()}


def write_submission(path: Path, tiny: Path, answers: dict[str, str]) -> None:
    """Write a submission of the tiny lab."""
    path.write_text(json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", answers)))


def write_class(folder: Path, tiny: Path, more: Mapping[str, dict[str, str]] | None = None) -> Path:
    """Write the submissions of a small class, and others by their names."""
    folder.mkdir()
    for name, answers in {"ann": RIGHT, "bob": WRONG, "cem": HALF, **(more or {})}.items():
        write_submission(folder / f"{name}.ipynb", tiny, answers)
    return folder


def check(out: Path, scores: Mapping[str, float], unfinished: int = 0) -> None:
    """Fail unless each submission has exactly one valid result, in all places.

    Args:
        unfinished: how many results the next run is to replace.
    """
    documents = [ResultDocument.from_json(path.read_text()) for path in (out / "results").iterdir()]
    assert {d.submission: d.score for d in documents} == scores
    assert len(documents) == len(scores)
    with (out / "grades.csv").open(newline="") as file:
        rows = [(row["submission"], float(row["score"])) for row in csv.DictReader(file)]
    assert sorted(rows) == sorted(scores.items())
    with closing(sqlite3.connect(out / LEDGER)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        query = "SELECT submission, document FROM standing NATURAL JOIN results"
        standing = {n: ResultDocument.from_json(text) for n, text in file.execute(query)}
        (kept,) = file.execute("SELECT count(*) FROM results WHERE content != ''").fetchone()
    assert {name: document.score for name, document in standing.items()} == scores
    assert kept == len(scores) - unfinished
    assert {path.stem for path in (out / "feedback").iterdir()} == set(scores)


def sentence(code: int, err: str) -> str:
    """Return the one sentence that a command ended with; fail if there was anything else."""
    assert code == 2 and "Traceback" not in err, err
    (line,) = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert "the same command again" in line, f"it does not say how to go on: {line}"
    return line


@dataclass
class DisturbedRun:
    """A run whose processes a test may kill.

    Args:
        submissions: what is graded.
        out: where to.
        tiny: the tiny lab.
        mode: of the isolation.
        scratch: the folder for temporary files.
        environment: more variables.
        preexec: called in the new process.
    """

    submissions: Path
    out: Path
    tiny: Path
    mode: str
    scratch: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    preexec: Callable[[], None] | None = None
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def start(self, *more: str) -> psutil.Process:
        """Start the command; return its process, the grader."""
        command = [*PREFIXES[self.mode], sys.executable, "-m", "ottermark", "grade"]
        command += [str(self.submissions), "-a", str(self.tiny / "autograder")]
        command += ["-o", str(self.out), "--isolation", self.mode, "-j", "2", *more]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(self.scratch)} | dict(self.environment),
            preexec_fn=self.preexec,
        )
        return psutil.Process(self._process.pid)

    def finish(self) -> tuple[int, str]:
        """Wait for the end; return the exit status and what was said on the terminal."""
        assert self._process is not None
        _, err = self._process.communicate(timeout=3 * 3600)
        assert "Traceback" not in err, err
        return self._process.returncode, err

    def run(self, *more: str) -> tuple[int, str]:
        """Run the command undisturbed."""
        self.start(*more)
        return self.finish()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Wait until something holds while the command runs."""
        assert self._process is not None
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline
            assert self._process.poll() is None, self.finish()
            time.sleep(0.01)


def sleepers(seconds: str) -> list[psutil.Process]:
    """Return the processes ``sleep`` that were started with this argument."""
    processes = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cmdline() == ["sleep", seconds] and process.status() != "zombie":
                processes.append(process)
    return processes


def wait_until_gone(seconds: str) -> None:
    """Fail if a process that a notebook started is left."""
    deadline = time.monotonic() + ENDS_SECONDS
    while left := sleepers(seconds):
        if time.monotonic() > deadline:
            for process in left:
                process.kill()
            raise AssertionError(f"left running: {left}")
        time.sleep(0.05)
