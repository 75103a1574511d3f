"""The process that stands over one student process: starts it, watches it, ends it.

It is forked from the zygote, holds no secret and runs nothing of the student's. Over its
socket the grader sends one JSON line an order, and reads:

- ``{"started": ...}`` once the walls stand (with what ``inspect`` saw, if that was asked), or
  ``{"failed": ...}`` with the layer that cannot be set up;
- ``{"ended": code, "why": ...}`` once no process of the notebook is left. ``code`` is the exit
  status or minus the signal; ``why`` is None, or the limit that was passed.

Orders: ``{"do": "interrupt"}``, answered by ``{"interrupted": true}`` once the signal is sent, and
``{"do": "step", "seconds": n}``, which begins a new share of CPU time. When the socket closes, be
it that the grader died, everything is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ottermark.limits import MiB
from ottermark.sandbox.isolation import Isolation, IsolationSetupError, is_alive

WATCH_SECONDS = 0.2
UNSEEN_SECONDS = 2  # that a process may take to become another, which hides it for a moment
LOOK_SECONDS = 20  # for a look at the folder
TIMED_OUT = 124  # what timeout exits with
BUFFER = 208 * 1024  # bytes that the kernel holds for a socket at most
LINUX = sys.platform == "linux"
_TICKS = os.sysconf("SC_CLK_TCK")
_REACHED = (b"VmRSS:", b"VmSwap:")


class Watch:
    """Adds up what all processes of a notebook use, which the kernel limits only one by one."""

    def __init__(self, walls: Isolation, student: int) -> None:
        self._walls, self._student = walls, student
        self._begun = time.monotonic()
        self._spent: dict[int, float] = {}  # CPU seconds by process, the ended ones' included
        self._step_from, self._step_cpu = 0.0, walls.limits.run * walls.limits.cores
        self._free_before = shutil.disk_usage(walls.folder).free if walls.mode != "userns" else 0
        self._looks = self._buffers = 0
        self._unseen: dict[
            int, float
        ] = {}  # since when a process has not let itself be looked into

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
        if len(members) > limits.processes:
            return "processes"
        self._looks += 1
        if self._looks % 5 == 0:  # the rest takes longer to find out
            with self._walls.seen_by_student():
                opened = {pid: _opened_by(pid) for pid in members}
            now = time.monotonic()
            self._unseen = {p: self._unseen.get(p, now) for p in members if opened[p] is None}
            if min(self._unseen.values(), default=now) < now - UNSEEN_SECONDS:
                return "hidden"
            known = [each for each in opened.values() if each is not None]
            self._buffers = sum(count for count, _ in known) * BUFFER
            if self._walls.mode != "userns" and self._disk_is_full(sum(size for _, size in known)):
                return "disk"
        room = limits.memory - self._buffers
        if sum(map(_mapped_by, members)) <= room:  # no share of that is more; and it costs nothing
            return None
        # of what all are born with, this process has the same share, whoever else now shares it
        born_with = _memory_of(os.getpid())
        with self._walls.seen_by_student():
            held = sum(map(_memory_of, members))
        return "memory" if held - born_with > room else None

    def _disk_is_full(self, unlinked: int) -> bool:
        """Tell whether the folder holds too much; files without a name are found by who has them."""
        limits = self._walls.limits
        free = shutil.disk_usage(self._walls.folder).free
        if free < min(self._free_before / 10, 1024 * MiB):
            return True
        return _holds_more(self._walls.folder, limits.files, limits.disk - unlinked)


def _holds_more(folder: Path, files: int, size: int) -> bool:
    """Tell whether there is more than so many files, or bytes, below a folder.

    It looks no further than needed; what cannot be looked through in time holds too much.
    """
    # find gets as deep as any tree goes
    command = ["timeout", str(LOOK_SECONDS), "find", str(folder), "-xdev", "-printf", "%i %b\\n"]
    blocks: dict[bytes, int] = {}  # of 512 bytes, by number: a file may have several names
    names = held = 0
    try:
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as look:
            assert look.stdout is not None
            for line in look.stdout:
                number, _, taken = line.partition(b" ")
                names += 1
                held += int(taken) - blocks.get(number, 0)
                blocks[number] = int(taken)
                if names > files or held * 512 > size:
                    look.terminate()
                    return True
    except (OSError, ValueError):  # it cannot begin, or its last line was cut off
        return True
    return look.returncode == TIMED_OUT


def _opened_by(pid: int) -> tuple[int, int] | None:
    """Return how many files a process has open, and the bytes of those that have no name left.

    None for a process that may not be looked into, by its own ``prctl`` or as a program that its
    user may run but not read.
    """
    count = size = 0
    try:
        names = os.listdir(f"/proc/{pid}/fd")
    except PermissionError:
        return None if is_alive(pid) else (0, 0)  # what has ended but is not waited for
    except OSError:
        return 0, 0
    with contextlib.suppress(OSError):
        for name in names:
            count += 1
            with contextlib.suppress(OSError):
                known = os.stat(f"/proc/{pid}/fd/{name}")
                if known.st_nlink == 0 and stat.S_ISREG(known.st_mode):
                    size += known.st_blocks * 512
    return count, size


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
        return _mapped_by(pid)


def _mapped_by(pid: int) -> int:
    """Return the bytes of memory and swap that a process can reach, whoever shares them."""
    try:
        lines = Path(f"/proc/{pid}/status").read_bytes().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(_REACHED))


def keep(
    line: socket.socket,
    walls: Isolation,
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
    first_to_go = os.open("/proc/self/oom_score_adj", os.O_WRONLY) if LINUX else None
    try:
        walls.begin()
    except IsolationSetupError as failure:
        _tell(line, {"failed": str(failure)})
        return
    told, tell = os.pipe()
    if first_to_go is not None:  # for the child: short of memory, the kernel ends that one first
        os.write(first_to_go, b"1000")
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _become_student(walls, channel, tell, serve, private)
    if first_to_go is not None:
        os.write(first_to_go, b"0")
    os.close(tell)
    os.close(channel)
    with os.fdopen(told) as answer:
        _tell(line, json.loads(answer.read() or '{"failed": "the process ended at its start"}'))
    watch = Watch(walls, pid) if walls.has("watch") and LINUX else None
    code, why = _stand_over(line, pid, woken, watch)
    walls.kill(pid)
    if code is None:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    walls.clear(pid)
    _tell(line, {"ended": code, "why": why})


def _become_student(
    walls: Isolation,
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
        except IsolationSetupError as failure:
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
    waiting, next_look = b"", 0.0
    while True:
        rest = max(0.0, next_look - time.monotonic())
        ready, _, _ = select.select([line.fileno(), woken], [], [], rest)
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
                    _tell(line, {"interrupted": True})
                elif watch is not None:
                    watch.new_step(order["seconds"])
        if time.monotonic() < next_look:  # orders come by the hundred
            continue
        why = watch.excess() if watch is not None else None
        if why is not None:
            return None, why
        next_look = time.monotonic() + WATCH_SECONDS


def _tell(line: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # the grader has gone; go on and clear up
        line.sendall(json.dumps(message).encode() + b"\n")
