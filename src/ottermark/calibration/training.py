"""Trains the runs that ``runs.csv`` lacks, in processes that have one thread each."""

from __future__ import annotations

import importlib.util
import itertools
import multiprocessing
import os
import random
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from ottermark.calibration.designs import Design, read_designs
from ottermark.calibration.lab_data import LabData
from ottermark.calibration.metrics import measure
from ottermark.calibration.runs import Run, append_run, read_runs, write_runs
from ottermark.errors import UsageError

# as in the sandbox: one thread, so that sums have the same order on every run
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class TrainingTask:
    """A run that is to be trained."""

    design: Design
    seed: int


def plan(folder: Path, seeds: int = 200, only: Sequence[str] = ()) -> list[TrainingTask]:
    """Return the runs that ``runs.csv`` lacks, by seed; remove outdated and incomplete rows.

    Args:
        folder: the calibration folder of an assignment.
        seeds: the number of runs of each design.
        only: the names of the designs to train; empty for all.

    Raises:
        UsageError: ``designs.py`` cannot be used, or has no design of a name in ``only``.
    """
    designs = read_designs(folder)
    for name in only:
        if name not in designs:
            raise UsageError(
                f"{folder / 'designs.py'} has no design {name!r}; it has {', '.join(designs)}."
            )
    selected = [designs[name] for name in only or designs]
    _clean(folder, designs, selected)
    existing = {run.key for run in read_runs(folder)}
    return [
        TrainingTask(design, seed)
        for seed in range(seeds)  # seed by seed: an interrupted training leaves designs level
        for design in selected
        if seed < design.seeds(seeds) and (design.name, design.digest, seed) not in existing
    ]


def train(folder: Path, tasks: Sequence[TrainingTask], jobs: int = 1) -> Iterator[Run]:
    """Train runs, add each to ``runs.csv`` as soon as it is done, and yield it.

    Args:
        folder: the calibration folder of an assignment.
        tasks: from `plan`.
        jobs: the number of processes.

    Raises:
        UsageError: a design raised an exception, or a process ended unexpectedly.
    """
    for run in _train_in_processes(folder, tasks, jobs):
        append_run(folder, run)
        yield run
    _clean(folder, read_designs(folder), [task.design for task in tasks])


def _clean(folder: Path, designs: Mapping[str, Design], selected: Sequence[Design]) -> None:
    """Sort ``runs.csv``; remove incomplete rows and outdated ones of the selected designs."""
    digests = {design.name: design.digest for design in selected}
    order = {name: position for position, name in enumerate(designs)}
    runs = [
        run
        for run in read_runs(folder)
        if run.design in order and digests.get(run.design, run.digest) == run.digest
    ]
    write_runs(folder, sorted(runs, key=lambda run: (order[run.design], run.seed)))


def _train_in_processes(folder: Path, tasks: Sequence[TrainingTask], jobs: int) -> Iterator[Run]:
    """Train runs in worker processes; each gets its next run when it is free."""
    if not tasks:
        return
    waiting = iter(tasks)
    context = multiprocessing.get_context("spawn")
    with (
        _environment(),
        ProcessPoolExecutor(jobs, context, _start_worker, (folder.resolve(),)) as pool,
    ):
        running: set[Future[Run]] = set()
        while True:
            for task in itertools.islice(waiting, jobs - len(running)):
                running.add(pool.submit(_train_one, task))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield _result_of(future, folder)


def _result_of(future: Future[Run], folder: Path) -> Run:
    try:
        return future.result()
    except BrokenProcessPool:
        raise UsageError(
            f"A training process ended unexpectedly; make sure that {folder / 'designs.py'} can be "
            "imported and that memory is free, then run the command again."
        ) from None


@contextmanager
def _environment() -> Iterator[None]:
    """Set the environment that workers inherit: NumPy reads it when it is imported."""
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


# ----------------------------------------------------------------------- in a worker process


@dataclass(frozen=True)
class _Worker:
    designs: ModuleType
    data: LabData


_worker: _Worker | None = None


def _start_worker(folder: Path) -> None:
    """Import the designs. Ctrl-C is left to the parent process, and its end ends the worker."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    spec = importlib.util.spec_from_file_location("designs", folder / "designs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _worker = _Worker(module, LabData(folder.parent))


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _train_one(task: TrainingTask) -> Run:
    assert _worker is not None
    design, seed = task.design, task.seed
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    try:
        answer = getattr(_worker.designs, design.name)(_worker.data, seed)
        metrics = measure(answer, design.questions[0], _worker.data)
    except Exception as error:
        message = f"{type(error).__name__}: {error}".splitlines()[0]
        raise UsageError(
            f"designs.py: {design.name} failed with seed {seed} ({message}); fix it."
        ) from None
    return Run(design.name, design.digest, seed, metrics)
