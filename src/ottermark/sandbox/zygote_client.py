"""The grader's end of a zygote's control socket; see ``zygote``."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from ottermark.errors import OttermarkError
from ottermark.sandbox.control import Message
from ottermark.sandbox.keeper_client import END_SECONDS, START_SECONDS
from ottermark.sandbox.readable_paths import IS_SHARED, PACKAGES

ZYGOTE = "ottermark.sandbox.zygote"


class ZygoteLostError(OttermarkError):
    """The zygote has ended, or does not answer."""


class ZygoteClient:
    """Starts a zygote and sends it requests, one at a time.

    Args:
        home: the folder of all notebooks, which the zygote removes when the grader ends.
        environment: of the zygote and all notebooks.

    Attributes:
        process: the zygote itself.
    """

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._replies: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._control, zygote_end = socket.socketpair()
        not_for_notebooks = [] if IS_SHARED else [PACKAGES]
        with zygote_end:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", ZYGOTE, str(zygote_end.fileno()), *not_for_notebooks],
                pass_fds=[zygote_end.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environment),
                cwd=home,
                start_new_session=True,
            )
        threading.Thread(target=self._read_replies, daemon=True).start()

    def request(self, request: Message, descriptors: Sequence[int] = ()) -> Message:
        """Send a request and return its reply; raises ``ZygoteLostError``."""
        try:
            line = json.dumps(request).encode() + b"\n"
            socket.send_fds(self._control, [line], descriptors)
            reply = self._replies.get(timeout=START_SECONDS)
        except (OSError, queue.Empty):
            raise ZygoteLostError from None
        if reply is None:
            self._replies.put(None)  # for the next request
            raise ZygoteLostError
        return reply

    def close(self, sweep: bool = False) -> None:
        """End the zygote.

        Args:
            sweep: whether it may first have to end what keepers that were killed left.
        """
        if sweep:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self._control.shutdown(socket.SHUT_WR)
                self.process.wait(END_SECONDS)
        self.process.kill()
        self.process.wait()
        self._control.close()

    def _read_replies(self) -> None:
        with (
            self._control.makefile("r", encoding="utf-8") as lines,
            contextlib.suppress(OSError, ValueError),
        ):
            for line in lines:
                self._replies.put(json.loads(line))
        self._replies.put(None)
