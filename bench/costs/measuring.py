"""What some work costs: seconds of processors and of the clock, and memory."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cgroups import Group

FORK = multiprocessing.get_context("fork")
LOOK_SECONDS = 0.25
NO_LIMIT = 2**60


@dataclass(frozen=True)
class Cost:
    """What some work cost.

    Attributes:
        cpu: seconds of processors, of all processes.
        wall: seconds.
        peak: the most bytes that all held at one time, shared pages by their share.
        cells: seconds of processors that students' cells took of it, where that is counted.
    """

    cpu: float
    wall: float
    peak: int
    cells: float = 0.0


def measured(work: Callable[[], None], memory: bool = False) -> Cost:
    """Do some work in a process of its own; its memory is looked at only if that is asked."""
    group = Group(f"bench-grade-{os.getpid()}", NO_LIMIT)

    def inside() -> None:
        group.join()
        work()

    process = FORK.Process(target=inside)
    peak = 0
    try:
        begun = time.monotonic()
        process.start()
        while process.is_alive():
            process.join(LOOK_SECONDS)
            if memory:
                peak = max(peak, _held(group))
        wall = time.monotonic() - begun
        if process.exitcode:
            raise SystemExit(1)
        while _members(group):  # keepers and kernels that are about to end
            time.sleep(0.05)
        return Cost(group.cpu_seconds, wall, peak)
    finally:
        group.kill()
        group.remove()


def apart(work: Callable[[], None]) -> None:
    """Do some work in a process of its own, so that this one imports nothing for it."""
    process = FORK.Process(target=work)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(1)


def _members(group: Group) -> list[str]:
    return (group.folders["memory"] / "cgroup.procs").read_text().split()


def _held(group: Group) -> int:
    held = 0
    for pid in _members(group):
        with contextlib.suppress(OSError):
            match = re.search(r"^Pss: +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
            held += int(match[1]) * 1024 if match else 0
    return held
