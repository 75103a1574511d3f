"""ottermark, as TAs use it, and parts of it alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil

from costs.labs import loaded
from costs.submissions import readable
from costs.work import Task, Work
from ottermark.limits import Limits

# What holds more than this module does is imported where it is used: pages that this process shares
# with those that are measured would make theirs look smaller.
CELLS = "cells.txt"  # what cells took, where it is counted


def _arguments(task: Task) -> list[str]:
    places = ["-a", str(task.lab.autograder), "-o", str(task.out)]
    return ["grade", *map(str, task.submissions), *places]


def _grade(task: Task, *more: str) -> None:
    command = [sys.executable, "-m", "ottermark", *_arguments(task), *more]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"ottermark grade failed: {done.stderr[-2000:]}")


def _alone(task: Task) -> None:
    _grade(task, "-j", str(task.jobs))


def _on_cluster(task: Task) -> None:
    _grade(task, "--dask", task.address)


def _counting(task: Task) -> None:
    """Grade in this process, and write down the CPU seconds that the cells take in it."""
    from ottermark.cli.main import main
    from ottermark.sandbox.sandbox import Sandbox
    from ottermark.sandbox.session import Session

    processes: dict[Session, list[psutil.Process]] = {}
    open_notebook, run_cell = Sandbox.open, Session.run_cell
    cells = 0.0

    def open_counted(self: Sandbox, *settings: Any) -> Session:
        session = open_notebook(self, *settings)
        # of them the keeper takes 0.01 s a submission to watch
        processes[session] = self.processes()
        return session

    def counted(self: Session, *settings: Any) -> Any:
        nonlocal cells
        before = sum(map(_spent, processes[self]))
        try:
            return run_cell(self, *settings)
        finally:
            cells += max(0.0, sum(map(_spent, processes[self])) - before)

    with open(os.devnull, "w") as sink:  # noqa: PTH123
        os.dup2(sink.fileno(), sys.stdout.fileno())
        os.dup2(sink.fileno(), sys.stderr.fileno())
    command = [*_arguments(task), "-j", str(task.jobs)]
    with patch.object(Sandbox, "open", open_counted), patch.object(Session, "run_cell", counted):
        main(command, standalone_mode=False)
    (task.out / CELLS).write_text(str(cells), encoding="utf-8")


def _spent(process: psutil.Process) -> float:
    """Return the CPU seconds of a process; 0 if it has ended."""
    with contextlib.suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _isolated(task: Task) -> None:
    """Only run the cells, in processes that are forked, isolated and ended as when grading."""
    from ottermark.grading.autograder import open_autograder
    from ottermark.sandbox.sandbox import Sandbox
    from ottermark.sandbox.session import SessionLostError

    with (
        open_autograder(task.lab.autograder) as grader,
        Sandbox(grader.assignment.preloads) as sandbox,
    ):
        limits = Limits().with_changes(grader.config.limits)
        for submission in task.submissions:
            with sandbox.open(grader.student_files, limits) as session:
                for cell in _cells(submission):
                    with contextlib.suppress(SessionLostError):
                        session.run_cell(cell)


def _bare(task: Task) -> None:
    """Only run the cells, by IPython itself, in forks of a process that has imported the same."""
    import gc
    import importlib

    from ottermark.sandbox.sandbox import make_environment

    os.environ.update(make_environment(task.out))  # as many threads
    for module in loaded(task.lab.autograder / "questions.json")["imports"]:
        importlib.import_module(module)
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from ottermark.worker.otter import make_otter_stub

    class Shell(InteractiveShell):
        def enable_gui(self, gui: str | None = None) -> None:
            """There is no screen."""

    os.chdir(shutil.copytree(task.lab.student, task.out / "student"))
    sys.modules["otter"] = make_otter_stub()
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.enable_matplotlib("inline")
    gc.collect()
    gc.freeze()
    for submission in task.submissions:
        if child := os.fork():
            if os.waitpid(child, 0)[1]:
                raise SystemExit(f"{submission.stem} did not run.")
            continue
        with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink):  # noqa: PTH123
            for cell in _cells(submission):
                shell.run_cell(cell, store_history=True)
        os._exit(0)


def _cells(submission: Path) -> list[str]:
    """Return the code in a submission, of what is no notebook none."""
    cells = (readable(submission) or {"cells": []})["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return [source for source in sources if source.strip()]


OURS = Work("ottermark", _alone)
COUNTING = Work("ottermark, counting what cells take", _counting)
ON_CLUSTER = Work("ottermark on a cluster", _on_cluster)
ISOLATED = Work("cells under the same isolation", _isolated, grades=False)
BARE = Work("cells by IPython alone", _bare, grades=False)
