"""What the grader reads of a notebook's processes.

psutil where it has it. Three things are read from /proc by hand:

- the user of a process: psutil takes the first match in ``/proc/PID/status``, but a process chooses
  its name, which comes first there, and could so pose as another user's;
- memory in swap, shares of it included: psutil has no ``SwapPss``, ``VmSwap`` or ``Pss_Anon``;
- files without a name: psutil lists open files by their paths.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

KiB = 1024
WAIT_AGAIN_SECONDS = 0.005


@dataclass(frozen=True)
class OpenFiles:
    """The open files of a process.

    Attributes:
        count: how many there are, sockets and pipes included.
        unlinked_bytes: the size on disk of those files that have no name any more.
    """

    count: int = 0
    unlinked_bytes: int = 0


class OutOfMemoryKills:
    """Counts the processes that the kernel ends because the machine or a control group is short of memory.

    The file is kept open: behind the isolation it cannot be opened any more.
    """

    def __init__(self) -> None:
        self._file: int | None = None
        with contextlib.suppress(OSError):
            self._file = os.open("/proc/vmstat", os.O_RDONLY)
        self._before = self._count()

    def any(self) -> bool:
        """Return whether there was one since this object was made."""
        return self._count() > self._before

    def _count(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            if self._file is not None:
                for line in os.pread(self._file, 64 * KiB, 0).splitlines():
                    if line.startswith(b"oom_kill "):
                        return int(line.split()[1])
        return 0


def existing(pids: Iterable[int]) -> list[psutil.Process]:
    """Return the processes of those ids that still exist."""
    processes = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            processes.append(psutil.Process(pid))
    return processes


def processes_of_user(uid: int) -> list[psutil.Process]:
    """Return the processes whose real user is ``uid``."""
    return existing(pid for pid in psutil.pids() if real_user(pid) == uid)


def real_user(pid: int) -> int:
    """Return the id of the real user of a process; -1 if it has ended."""
    try:
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith(b"Uid:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return -1


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process has ended; it may still have to be waited for."""
    try:
        return process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.Error:
        return True


def wait_for(pid: int, seconds: float) -> int | None:
    """Wait for a child of this process, and for other children that end meanwhile.

    Those too, since a namespace ends only when all that has run in it has been waited for.

    Returns:
        Its exit status, or minus the signal; None if it has not ended within ``seconds``, or has
        been waited for before.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if ended == pid:
            return os.waitstatus_to_exitcode(status)
        if not ended:
            time.sleep(WAIT_AGAIN_SECONDS)
    return None


def wait_for_ended_children() -> None:
    """Wait for those children of this process that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time of a process and of those of its children that it has waited for."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def reachable_memory(pid: int) -> int:
    """Return the bytes of memory and swap that a process has mapped, shared or not."""
    try:
        with open(f"/proc/{pid}/status", "rb") as status:
            return _sum_of_fields(status, b"VmRSS:", b"VmSwap:")
    except OSError:
        return 0


def proportional_memory(pid: int) -> int:
    """Return the bytes of memory and swap of a process, pages that are shared by its share."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as rollup:
            return read_proportional_memory(rollup.fileno())
    except (OSError, ValueError):
        return reachable_memory(pid)


def read_proportional_memory(rollup: int) -> int:
    """Return the same from the descriptor of an open ``smaps_rollup``."""
    return _sum_of_fields(os.pread(rollup, 4 * KiB, 0).splitlines(), b"Pss:", b"SwapPss:")


def private_memory(pid: int | str) -> int:
    """Return the bytes that a process holds and that no file on disk could give back.

    Of pages that several processes share it has its share, so the sum over processes is right.

    Args:
        pid: its id, or ``self``.

    Returns:
        0 where the system does not say.
    """
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as rollup:
            return _sum_of_fields(rollup, b"Pss_Anon:")
    except OSError:
        return 0


def _sum_of_fields(lines: Iterable[bytes], *fields: bytes) -> int:
    return sum(int(line.split()[1]) * KiB for line in lines if line.startswith(fields))


def open_files(process: psutil.Process) -> OpenFiles | None:
    """Return the open files of a process.

    None if it cannot be inspected: it forbade that with ``prctl``, or is a program that its user
    may run but not read.
    """
    folder = f"/proc/{process.pid}/fd"
    try:
        names = os.listdir(folder)
    except PermissionError:
        return OpenFiles() if has_ended(process) else None
    except OSError:
        return OpenFiles()
    unlinked = 0
    for name in names:
        with contextlib.suppress(OSError):
            status = os.stat(f"{folder}/{name}")
            if status.st_nlink == 0 and stat.S_ISREG(status.st_mode):
                unlinked += status.st_blocks * 512
    return OpenFiles(len(names), unlinked)
