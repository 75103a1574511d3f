"""The process that stands over one student process: starts it, watches it, ends it.

It is forked from the zygote, holds no secret and runs nothing of the student's. Over its
socket the grader sends one JSON line an order, and reads:

- ``{"started": ...}`` once the walls stand (with what ``inspect`` saw, if that was asked), or
  ``{"failed": ...}`` with the layer that cannot be set up;
- ``{"ended": code, "why": ...}`` once no process of the notebook is left. ``code`` is the exit
  status or minus the signal; ``why`` is None, or the limit that was passed.

Orders: ``{"do": "interrupt"}`` and ``{"do": "step", "seconds": n}``, which begins a new share
of CPU time. When the socket closes, be it that the grader died, everything is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ottermark.sandbox.limits import MiB
from ottermark.sandbox.walls import WallFailed, Walls

WATCH_SECONDS = 0.2
MAX_FILES = 20_000
_TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """Adds up what all processes of a notebook use, which the kernel limits only one by one."""

    def __init__(self, walls: Walls, student: int) -> None:
        self._walls, self._student = walls, student
        self._begun = time.monotonic()
        self._spent: dict[int, float] = {}  # CPU seconds by process, the ended ones' included
        self._step_from, self._step_cpu = 0.0, walls.limits.run * walls.limits.cores
        self._memory_before = self._memory([student])
        self._free_before = shutil.disk_usage(walls.folder).free if walls.mode != "userns" else 0
        self._looks = 0

    def new_step(self, seconds: float) -> None:
        """Begin to count CPU time for a step that may take ``seconds``."""
        self._step_from = sum(self._spent.values())
        self._step_cpu = seconds * self._walls.limits.cores

    def excess(self) -> str | None:
        """Return the limit that is passed now, if any."""
        limits = self._walls.limits
        members = self._walls.members(self._student)
        for pid in members:
            self._spent[pid] = max(self._spent.get(pid, 0), _cpu_of(pid))
        cpu = sum(self._spent.values())
        if cpu > limits.run * limits.cores or cpu - self._step_from > self._step_cpu:
            return "cpu"
        if self._memory(members) - self._memory_before > limits.memory:
            return "memory"
        if len(members) > limits.processes:
            return "processes"
        self._looks += 1
        if self._walls.mode != "userns" and self._looks % 5 == 0 and self._disk_is_full():
            return "disk"
        return None

    def _memory(self, members: list[int]) -> int:
        return sum(map(_memory_of, members))

    def _disk_is_full(self) -> bool:
        """Tell whether the folder is too large; unlinked files are seen by what the disk lacks."""
        free = shutil.disk_usage(self._walls.folder).free
        if free < min(self._free_before / 10, 1024 * MiB):
            return True
        size = files = 0
        for folder, _, names in os.walk(self._walls.folder):
            for name in names:
                files += 1
                with contextlib.suppress(OSError):
                    size += os.lstat(os.path.join(folder, name)).st_blocks * 512
                if files > MAX_FILES or size > self._walls.limits.disk:
                    return True
        return False


def _cpu_of(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    # its own and that of its ended children (utime, stime, cutime, cstime)
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS


def _memory_of(pid: int) -> int:
    """Return the bytes a process holds, shared pages by its share of them."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return sum(
            int(line.split()[1]) * 1024
            for line in text.splitlines()
            if line.startswith(("Pss:", "SwapPss:"))
        )
    except (OSError, ValueError):
        pass
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def keep(
    line: socket.socket,
    walls: Walls,
    channel: int,
    serve: Callable[[], None],
    private: Sequence[str] | None = None,
) -> None:
    """Run ``serve`` behind ``walls`` and stay until it, and all it started, has ended.

    Args:
        line: this keeper's socket to the grader.
        channel: the descriptor of the student's own socket.
        serve: what the student's process does once the walls stand.
        private: instead of serving, look from behind the walls whether these paths are hidden.
    """
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    try:
        walls.begin()
    except WallFailed as failure:
        _tell(line, {"failed": str(failure)})
        return
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _become_student(walls, channel, tell, serve, private)
    os.close(tell)
    os.close(channel)
    with os.fdopen(told) as answer:
        _tell(line, json.loads(answer.read() or '{"failed": "the process ended at its start"}'))
    watch = Watch(walls, pid) if walls.has("watch") and sys.platform == "linux" else None
    code, why = _stand_over(line, pid, woken, watch)
    walls.kill(pid)
    if code is None:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    walls.clear(pid)
    _tell(line, {"ended": code, "why": why})


def _become_student(
    walls: Walls,
    channel: int,
    tell: int,
    serve: Callable[[], None],
    private: Sequence[str] | None,
) -> NoReturn:
    status = 1
    try:
        try:
            walls.enter({channel, tell})
            started: dict[str, Any] = {"started": {} if private is None else walls.inspect(private)}
        except WallFailed as failure:
            started = {"failed": str(failure)}
        os.write(tell, json.dumps(started).encode())
        os.close(tell)
        if "started" in started and private is None:
            serve()
        status = 0
    finally:
        os._exit(status)


def _stand_over(
    line: socket.socket, pid: int, woken: int, watch: Watch | None
) -> tuple[int | None, str | None]:
    """Wait for the student's end or the grader's order to end; return the status and the cause."""
    waiting = b""
    while True:
        ready, _, _ = select.select([line.fileno(), woken], [], [], WATCH_SECONDS)
        if woken in ready:
            os.read(woken, 4096)
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status), None
        if line.fileno() in ready:
            try:
                part = line.recv(4096)
            except OSError:
                part = b""
            if not part:
                return None, None
            *orders, waiting = (waiting + part).split(b"\n")
            for text in orders:
                order = json.loads(text)
                if order["do"] == "interrupt":
                    os.kill(pid, signal.SIGINT)
                elif watch is not None:
                    watch.new_step(order["seconds"])
        why = watch.excess() if watch is not None else None
        if why is not None:
            return None, why


def _tell(line: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the grader has gone; go on and clear up
        line.sendall(json.dumps(message).encode() + b"\n")
