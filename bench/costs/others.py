"""Stock Otter, which grades, and nbclient, which only executes."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from costs.measuring import FORK
from costs.work import GRADESCOPE, Task, Work


def _otter_upload(task: Task) -> Path:
    return task.made / "otter" / "autograder.zip"


def _assign(task: Task) -> None:
    """Have Otter Assign make an autograder of the master."""
    from hostile.stock_otter import stock_otter

    upload = _otter_upload(task)
    if not upload.exists():
        upload.parent.mkdir()
        made = stock_otter(upload.parent, task.lab.folder / "assignment")
        shutil.make_archive(str(upload.with_suffix("")), "zip", made)


def _run(task: Task) -> None:
    """Grade each submission with a process of its own, which is killed if it takes too long."""
    (task.out / "results").mkdir()

    def run(submission: Path) -> None:
        room = task.out / submission.stem
        room.mkdir()
        command = [sys.executable, "-m", "otter", "run", "--no-logo"]
        command += ["-a", str(_otter_upload(task)), "-o", str(room)]
        with contextlib.suppress(subprocess.TimeoutExpired, FileNotFoundError):
            subprocess.run(
                [*command, str(submission)],
                timeout=task.seconds,  # its kernel notices within a second, and ends
                env={**os.environ, "TMPDIR": str(room)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            (room / "results.json").rename(task.out / "results" / f"{submission.stem}.json")

    with ThreadPoolExecutor(task.jobs) as pool:
        list(pool.map(run, task.submissions))


def _execute_all(task: Task) -> None:
    """Execute each submission in a kernel of its own, in a copy of the students' folder."""
    with ProcessPoolExecutor(task.jobs, FORK) as pool:
        list(pool.map(partial(_execute, task), task.submissions))


def _execute(task: Task, submission: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    room = shutil.copytree(task.lab.student, task.out / submission.stem)
    with open(os.devnull, "w") as sink:  # noqa: PTH123
        os.dup2(sink.fileno(), sys.stderr.fileno())  # the kernel's warnings
    with contextlib.suppress(ValueError):  # what cannot be read
        body = nbformat.read(submission, as_version=4)
        NotebookClient(
            body,
            timeout=task.seconds,
            interrupt_on_timeout=True,
            allow_errors=True,
            resources={"metadata": {"path": str(room)}},
        ).execute()


OTTER = Work("Otter", _run, _assign, seconds=GRADESCOPE)
NBCLIENT = Work("nbclient", _execute_all, grades=False)
