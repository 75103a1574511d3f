"""The zygote's keepers, and what one that was killed leaves running.

The zygote adopts it: it is the nearest ancestor that adopts orphans, and so all children that it has
beside its keepers are left over.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys

import psutil

from ottermark.sandbox import linux
from ottermark.sandbox.isolation import end_process
from ottermark.sandbox.processes import has_ended, wait_for_ended_children

_AGAIN_SECONDS = 0.05
LINUX = sys.platform == "linux"


class Keepers:
    """Waits for keepers that have ended and ends what they left; made once, in the zygote."""

    def __init__(self) -> None:
        self._pids: set[int] = set()
        self._ends_orphans = True
        self._own: set[int] = set()  # what modules started when they were imported
        self._wakeup, self._sender = os.pipe()
        os.set_blocking(self._sender, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._sender)
        if LINUX:
            linux.adopt_orphans()

    def add(self, pid: int) -> None:
        """Note a new keeper."""
        self._pids.add(pid)

    def spare_children(self) -> None:
        """Leave alone what runs now beside the keepers."""
        self._own = {child.pid for child in psutil.Process().children()} - self._pids

    def spare_orphans(self) -> None:
        """End nothing from now on; for the tests that show what the layers of isolation are for."""
        self._ends_orphans = False

    def forget(self) -> None:
        """Close, in a new keeper, what belongs to the zygote."""
        signal.set_wakeup_fd(-1)
        os.close(self._wakeup)
        os.close(self._sender)

    def sweep_until_ready(self, control: socket.socket) -> None:
        """Wait until there is something to read from ``control``, and end what is left meanwhile."""
        is_left = False
        while True:
            ready, _, _ = select.select(
                [control.fileno(), self._wakeup], [], [], _AGAIN_SECONDS if is_left else None
            )
            if self._wakeup in ready:
                os.read(self._wakeup, 4096)
            if self._wakeup in ready or is_left:
                is_left = self._end_orphans()
            if control.fileno() in ready:
                return

    def sweep(self) -> bool:
        """End what is left once; return whether there were such processes, or keepers."""
        is_left = self._end_orphans()
        return is_left or bool(self._pids)

    def _end_orphans(self) -> bool:
        wait_for_ended_children()
        if not LINUX:
            self._pids = {pid for pid in self._pids if psutil.pid_exists(pid)}
            return False
        children = psutil.Process().children()
        self._pids.intersection_update(child.pid for child in children)
        if not self._ends_orphans:
            return False
        orphans = [child for child in children if child.pid not in self._pids | self._own]
        for orphan in orphans:
            for process in (orphan, *_descendants(orphan)):
                if not has_ended(process):
                    end_process(process)
        return bool(orphans)


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return process.children(recursive=True)
    return []
