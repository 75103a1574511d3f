"""The process that starts one worker, watches its processes and ends them.

It is forked from the zygote, holds no secret and runs nothing of the student's. Over its control
socket the grader sends orders and reads

- ``{"started": ...}`` once the isolation stands, with what ``Isolation.inspect`` returned if that
  was asked for, or ``{"failed": ...}`` with the layer that cannot be set up;
- ``{"ended": status, "limit": ...}`` once no process of the notebook is left. The status is that
  with which the worker ended, or minus the signal; the limit is None, or the one it exceeded, or
  ``MACHINE_MEMORY`` if the kernel ended it for want of memory.

Orders are ``{"order": "interrupt"}``, answered by ``{"interrupted": true}`` once the signal is
sent, and ``{"order": "step", "seconds": n}``, which starts to count CPU time anew. When the socket
closes, also because the grader was killed, everything is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from ottermark.sandbox.control import ControlSocket, Message
from ottermark.sandbox.isolation import SWEEP_SECONDS, Isolation, IsolationSetupError
from ottermark.sandbox.keeper_client import END_SECONDS, MACHINE_MEMORY, START_SECONDS
from ottermark.sandbox.monitor import ResourceMonitor
from ottermark.sandbox.processes import OutOfMemoryKills, wait_for

WATCH_SECONDS = 0.2
LINUX = sys.platform == "linux"


class Keeper:
    """Runs one worker behind its isolation.

    Args:
        control: the socket to the grader.
        isolation: the boundary around the worker.
        channel: the descriptor of the worker's own socket to the grader.
        serve: what the worker does once it is behind the boundary.
        private: if given, the worker does not serve, but tries to read these paths.
    """

    def __init__(
        self,
        control: ControlSocket,
        isolation: Isolation,
        channel: int,
        serve: Callable[[], None],
        private: Sequence[str] | None = None,
    ) -> None:
        self._control, self._isolation, self._channel = control, isolation, channel
        self._serve, self._private = serve, private
        self._worker = 0

    def run(self) -> None:
        """Start the worker and stay until it, and all that it started, has ended."""
        wakeup = _wake_up_on_ended_children()
        own_memory = os.open("/proc/self/smaps_rollup", os.O_RDONLY) if LINUX else None
        oom_score = os.open("/proc/self/oom_score_adj", os.O_WRONLY) if LINUX else None
        memory_kills = OutOfMemoryKills()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(START_SECONDS)  # the kernel ends what hangs, and with it its namespace
        try:
            self._isolation.prepare()
        except IsolationSetupError as failure:
            self._report({"failed": str(failure)})
            return
        self._report(self._start_worker(oom_score))
        signal.alarm(0)
        status, limit = self._watch(wakeup, self._make_monitor(own_memory))
        signal.alarm(END_SECONDS)
        self._isolation.kill(self._worker)
        if status is None:
            status = wait_for(self._worker, SWEEP_SECONDS)
        self._isolation.clean_up()
        if status == -signal.SIGKILL and limit is None and memory_kills.any():
            limit = MACHINE_MEMORY
        self._report({"ended": status, "limit": limit})

    def _start_worker(self, oom_score: int | None) -> Message:
        """Fork the worker and return its report."""
        receiver, sender = os.pipe()
        if oom_score is not None:  # inherited: short of memory, the kernel ends the worker first
            os.write(oom_score, b"1000")
        self._worker = os.fork()
        if self._worker == 0:
            self._run_worker(sender)
        if oom_score is not None:
            os.write(oom_score, b"0")
        os.close(sender)
        os.close(self._channel)
        with os.fdopen(receiver) as pipe:
            report: Message = json.loads(
                pipe.read() or '{"failed": "the process ended at its start"}'
            )
        return report

    def _run_worker(self, sender: int) -> NoReturn:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            report: Message
            try:
                self._isolation.enter({self._channel, sender})
                seen = {} if self._private is None else self._isolation.inspect(self._private)
                report = {"started": seen}
            except IsolationSetupError as failure:
                report = {"failed": str(failure)}
            os.write(sender, json.dumps(report).encode())
            os.close(sender)
            if "started" in report and self._private is None:
                self._serve()
            status = 0
        finally:
            os._exit(status)

    def _make_monitor(self, own_memory: int | None) -> ResourceMonitor | None:
        if own_memory is None or not self._isolation.has("watch"):
            return None
        return ResourceMonitor(self._isolation, own_memory)

    def _watch(self, wakeup: int, monitor: ResourceMonitor | None) -> tuple[int | None, str | None]:
        """Wait until the worker ends, has to end, or the grader asks for it.

        Returns:
            The status with which the worker ended, if it did, and the limit that was exceeded.
        """
        control, next_look = self._control.fileno(), 0.0
        while True:
            timeout = max(0.0, next_look - time.monotonic())
            ready, _, _ = select.select([control, wakeup], [], [], timeout)
            if wakeup in ready:
                os.read(wakeup, 4096)
            pid, status = os.waitpid(self._worker, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status), None
            if self._isolation.adopts_orphans:
                self._wait_for_ended_orphans()
            if control in ready and not self._carry_out_orders(monitor):
                return None, None
            if time.monotonic() < next_look:  # orders come by the hundred
                continue
            limit = None if monitor is None else monitor.exceeded()
            if limit is not None:
                return None, limit
            next_look = time.monotonic() + WATCH_SECONDS

    def _wait_for_ended_orphans(self) -> None:
        """Wait for adopted processes that have ended, which count as the notebook's until then."""
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while (child := os.waitid(os.P_ALL, 0, look)) and child.si_pid != self._worker:
            os.waitpid(child.si_pid, 0)

    def _carry_out_orders(self, monitor: ResourceMonitor | None) -> bool:
        """Carry out the orders that have arrived; return False once the grader sends no more."""
        orders = self._control.receive_ready()
        if orders is None:
            return False
        for order in orders:
            if order["order"] == "interrupt":
                os.kill(self._worker, signal.SIGINT)
                self._report({"interrupted": True})
            elif monitor is not None:
                monitor.start_step(order["seconds"])
        return True

    def _report(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # the grader has ended; the clean-up goes on
            self._control.send(message)


def _wake_up_on_ended_children() -> int:
    """Return a descriptor that can be read when a child has ended."""
    receiver, sender = os.pipe()
    os.set_blocking(sender, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(sender)
    return receiver
