"""What all processes of a notebook use together; the kernel limits them only one by one."""

from __future__ import annotations

import shutil
import time

import psutil

from ottermark.limits import MiB
from ottermark.sandbox.disk import exceeds
from ottermark.sandbox.isolation import Isolation
from ottermark.sandbox.processes import (
    OpenFiles,
    cpu_seconds,
    open_files,
    proportional_memory,
    reachable_memory,
    read_proportional_memory,
)

INSPECT_EVERY = 5  # looks; inspecting open files takes longer than the rest
UNSEEN_SECONDS = 2  # a process that executes another program cannot be inspected for a moment
SOCKET_BUFFER = 208 * 1024  # bytes that the kernel holds for a socket at most
LEAST_FREE_DISK = 1024 * MiB


class ResourceMonitor:
    """Compares what a notebook uses with its limits.

    Args:
        isolation: knows the notebook's processes and its limits.
        own_memory: the descriptor of this process's ``smaps_rollup``, opened before any namespace
            was entered: there, its number in /proc may be that of a process of the notebook.
    """

    def __init__(self, isolation: Isolation, own_memory: int) -> None:
        self._isolation, self._own_memory = isolation, own_memory
        self._cpu: dict[int, float] = {}  # seconds by process, the ended ones included
        self._step_start = 0.0
        self._step_cpu = isolation.limits.run * isolation.limits.cores
        self._free_at_start = self._free_disk()
        self._looks = self._socket_buffers = 0
        self._unseen_since: dict[int, float] = {}  # by process that cannot be inspected

    def start_step(self, seconds: float) -> None:
        """Count CPU time anew, for a step that may take ``seconds`` of wall time."""
        self._step_start = sum(self._cpu.values())
        self._step_cpu = seconds * self._isolation.limits.cores

    def exceeded(self) -> str | None:
        """Return the limit that is exceeded now, if any.

        Returns:
            ``cpu``, ``processes``, ``disk``, ``memory``, or ``hidden`` for a process that cannot
            be inspected.
        """
        processes = self._isolation.processes()
        if self._cpu_is_exceeded(processes):
            return "cpu"
        if len(processes) > self._isolation.limits.processes:
            return "processes"
        self._looks += 1
        if self._looks % INSPECT_EVERY == 0:
            limit = self._exceeded_by_open_files(processes)
            if limit is not None:
                return limit
        return "memory" if self._memory_is_exceeded(processes) else None

    def _cpu_is_exceeded(self, processes: list[psutil.Process]) -> bool:
        limits = self._isolation.limits
        for process in processes:
            self._cpu[process.pid] = max(self._cpu.get(process.pid, 0), cpu_seconds(process))
        total = sum(self._cpu.values())
        return total > limits.run * limits.cores or total - self._step_start > self._step_cpu

    def _exceeded_by_open_files(self, processes: list[psutil.Process]) -> str | None:
        with self._isolation.inspecting_processes():
            by_process = {process.pid: open_files(process) for process in processes}
        if self._one_stays_unseen(by_process):
            return "hidden"
        inspected = [files for files in by_process.values() if files is not None]
        self._socket_buffers = sum(files.count for files in inspected) * SOCKET_BUFFER
        unlinked = sum(files.unlinked_bytes for files in inspected)
        if not self._isolation.limits_disk and self._disk_is_exceeded(unlinked):
            return "disk"
        return None

    def _one_stays_unseen(self, by_process: dict[int, OpenFiles | None]) -> bool:
        now = time.monotonic()
        self._unseen_since = {
            pid: self._unseen_since.get(pid, now)
            for pid, files in by_process.items()
            if files is None
        }
        return min(self._unseen_since.values(), default=now) < now - UNSEEN_SECONDS

    def _disk_is_exceeded(self, unlinked: int) -> bool:
        """Return whether the folder, with files that have no name any more, is too large."""
        files, size = self._isolation.folder_limits
        if self._free_disk() < min(self._free_at_start / 10, LEAST_FREE_DISK):
            return True
        return exceeds(self._isolation.folder, files, size - unlinked)

    def _free_disk(self) -> int:
        if self._isolation.limits_disk:
            return 0
        return shutil.disk_usage(self._isolation.folder).free

    def _memory_is_exceeded(self, processes: list[psutil.Process]) -> bool:
        available = self._isolation.limits.memory - self._socket_buffers
        # cheap, and never less than the shares that are added up below
        if sum(reachable_memory(process.pid) for process in processes) <= available:
            return False
        # the worker starts with the pages of this process, of which each has the same share
        initial = read_proportional_memory(self._own_memory)
        with self._isolation.inspecting_processes():
            used = sum(proportional_memory(process.pid) for process in processes)
        return used - initial > available
