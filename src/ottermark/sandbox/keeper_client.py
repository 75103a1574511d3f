"""The grader's end of a keeper's control socket; see ``keeper``."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass

from ottermark.sandbox.control import ControlSocket, Message

START_SECONDS = 180  # importing TensorFlow from a cold disk on half a CPU
INTERRUPT_SECONDS = 3  # how long a cell has to notice that it was interrupted
END_SECONDS = 30  # how long a keeper has to end what a notebook left running
MACHINE_MEMORY = "machine memory"  # for want of which the kernel ended the worker


@dataclass(frozen=True)
class WorkerEnd:
    """How a worker ended.

    Attributes:
        status: its exit status, or minus the signal; None if the keeper does not say.
        limit: the limit that it exceeded, if any, or ``MACHINE_MEMORY``.
    """

    status: int | None = None
    limit: str | None = None


class KeeperClient:
    """Gives orders to a keeper and reads its reports.

    Args:
        sock: a connected stream socket; this object owns it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._control = ControlSocket(sock)
        self._reading = threading.Lock()
        self._end: WorkerEnd | None = None

    def wait_until_started(self) -> Message:
        """Return the keeper's first report, ``{"started": ...}`` or ``{"failed": ...}``."""
        return self._receive(START_SECONDS) or {"failed": "its keeper ended"}

    def start_step(self, seconds: float) -> None:
        """Have CPU time counted anew, for a step that may take ``seconds`` of wall time."""
        self._order({"order": "step", "seconds": seconds})

    def interrupt(self) -> None:
        """Have the worker interrupted, and wait until the signal is sent.

        Otherwise the signal could arrive after the answer that it was to hasten, in the next cell.
        """
        self._order({"order": "interrupt"})
        self._receive(INTERRUPT_SECONDS)

    def wait_for_end(self, seconds: float) -> WorkerEnd | None:
        """Return how the worker ended, if it does so by itself within ``seconds``."""
        while self._end is None:
            if self._receive(seconds) is None:
                return None
        return self._end

    @property
    def is_lost(self) -> bool:
        """Whether the keeper has ended without a report, as one that was killed."""
        return self._end is None and self._control.other_side_ended

    def end(self) -> WorkerEnd:
        """Have all processes of the notebook ended, and return how the worker ended."""
        with contextlib.suppress(OSError):
            self._control.end_sending()
        end = self.wait_for_end(END_SECONDS)
        self._control.close()
        return end or WorkerEnd()

    def _order(self, order: Message) -> None:
        with contextlib.suppress(OSError):  # the keeper has ended
            self._control.send(order)

    def _receive(self, seconds: float) -> Message | None:
        with self._reading:
            message = self._control.receive(seconds)
        if message is not None and "ended" in message:
            self._end = WorkerEnd(message["ended"], message["limit"])
        return message
