"""Grade submissions side by side on this machine, in threads that share one sandbox."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from ottermark.batch.tasks import ExecutorEvent, GradedSubmission, SandboxStarted, Task, run_task
from ottermark.grading.autograder import Autograder
from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox


def run_locally(
    tasks: Sequence[Task],
    autograder: Autograder,
    jobs: int,
    limits: Limits,
    isolation: str | None = None,
    private: Sequence[Path] = (),
    plain_keras: bool = False,
) -> Generator[ExecutorEvent]:
    """Grade submissions; yields each when it is done, in any order.

    Those on which the machine failed are graded once more when the others are done, one at a time.

    Args:
        jobs: how many are graded at the same time.
        limits: of each notebook.
        isolation: its mode; None takes the best that this machine gives.
        private: what no student's code may read.
        plain_keras: whether Keras trains as it does by itself.

    Raises:
        MachineFaultError: nothing can be graded on this machine any more.
    """
    with (
        autograder.working_directory(),
        Sandbox(
            autograder.assignment.preloads, isolation, private, plain_keras=plain_keras
        ) as sandbox,
        ThreadPoolExecutor(jobs) as pool,
    ):
        yield SandboxStarted(sandbox)
        try:
            futures = [pool.submit(run_task, task, autograder, sandbox, limits) for task in tasks]
            unfinished = []
            for future in as_completed(futures):
                graded = future.result()
                if graded.fault is None or graded.fault.hidden_inputs_shown:
                    yield graded
                else:
                    unfinished.append(graded.name)
            for task in tasks:
                if task.name in unfinished:
                    yield _once_more(run_task(task, autograder, sandbox, limits))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            sandbox.close()  # so that nobody who stops a run has to wait for its notebooks
            raise


def _once_more(graded: GradedSubmission) -> GradedSubmission:
    """Return a second result; raises its ``MachineFaultError`` if others would fare the same."""
    if graded.fault is not None and graded.fault.stops_run:
        raise graded.fault
    return graded


def default_jobs() -> int:
    """Return how many submissions to grade at the same time: one for each usable core."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
