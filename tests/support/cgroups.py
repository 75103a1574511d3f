"""Control groups that limit and measure what a run uses; version 1 and 2.

Needs Linux, root, and a hierarchy that can be written to.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
PERIOD = 100_000  # microseconds over which a share of the processors is given


class Group:
    """A new group; a process that calls ``join`` is in it, and all that it starts.

    Args:
        name: of its folders.
        memory: bytes, cached files included.
        processes: and threads; None for no limit.
        cores: processors, also a part of one; None for no limit.

    Attributes:
        version: 1 or 2.
        folders: by controller; all the same one in version 2.
    """

    def __init__(
        self, name: str, memory: int, processes: int | None = None, cores: float | None = None
    ) -> None:
        self.version = 2 if (CGROUPS / "cgroup.controllers").exists() else 1
        quota = None if cores is None else round(cores * PERIOD)
        files: dict[str, dict[str, int | str | None]]
        if self.version == 2:
            files = {
                "memory": {"memory.max": memory, "memory.swap.max": 0},
                "pids": {"pids.max": processes},
                "cpu": {"cpu.max": None if quota is None else f"{quota} {PERIOD}"},
            }
            with contextlib.suppress(OSError):  # they may be given already
                (CGROUPS / "cgroup.subtree_control").write_text("+memory +pids +cpu")
            self.folders = dict.fromkeys(files, CGROUPS / name)
        else:
            files = {
                "memory": {"memory.limit_in_bytes": memory},
                "pids": {"pids.max": processes},
                "cpu": {"cpu.cfs_quota_us": quota},
                "cpuacct": {},
            }
            self.folders = {controller: CGROUPS / controller / name for controller in files}
        for controller, limits in files.items():
            self.folders[controller].mkdir(exist_ok=True)
            for file, value in limits.items():
                path = self.folders[controller] / file
                if value is not None and (path.exists() or file != "memory.swap.max"):
                    path.write_text(str(value))

    def open_procs_files(self) -> list[int]:
        """Return descriptors; a process that writes 0 to them is in the group."""
        paths = {folder / "cgroup.procs" for folder in self.folders.values()}
        return [os.open(path, os.O_WRONLY) for path in paths]

    def join(self) -> None:
        """Put this process into the group."""
        for descriptor in self.open_procs_files():
            os.write(descriptor, b"0")
            os.close(descriptor)

    @property
    def resident(self) -> int:
        """Bytes of memory that its processes hold now: their own, and files that they have mapped."""
        statistics = self._read("memory", "memory.stat")
        keys = ("total_rss", "total_mapped_file") if self.version == 1 else ("anon", "file_mapped")
        return sum(statistics.get(key, 0) for key in keys)

    @property
    def page_ins(self) -> int:
        """How often one of its processes had to wait for a page from the disk."""
        statistics = self._read("memory", "memory.stat")
        return statistics.get("total_pgmajfault" if self.version == 1 else "pgmajfault", 0)

    @property
    def cpu_seconds(self) -> float:
        """The CPU time that its processes have used."""
        if self.version == 2:
            return self._read("cpu", "cpu.stat")["usage_usec"] / 1e6
        return int((self.folders["cpuacct"] / "cpuacct.usage").read_text()) / 1e9

    @property
    def killed(self) -> int:
        """How many of its processes the kernel has ended because memory was short."""
        file = "memory.oom_control" if self.version == 1 else "memory.events"
        return self._read("memory", file).get("oom_kill", 0)

    def limits_reached(self) -> list[str]:
        """Return which of the limits were reached."""
        reached = ["memory"] * bool(self.killed)
        return reached + ["processes"] * bool(self._read("pids", "pids.events").get("max", 0))

    def kill(self) -> None:
        """End every process in it."""
        for pid in self._members():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def remove(self) -> None:
        """Remove the group; raises ``OSError`` if a process is left in it."""
        for folder in set(self.folders.values()):
            deadline = time.monotonic() + 10
            while folder.exists():
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)

    def _members(self) -> Iterator[int]:
        for line in (self.folders["memory"] / "cgroup.procs").read_text().split():
            yield int(line)

    def _read(self, controller: str, file: str) -> dict[str, int]:
        try:
            lines = (self.folders[controller] / file).read_text().splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.split() for line in lines)
        return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}
