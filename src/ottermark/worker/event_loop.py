"""The event loop of a notebook, which has no sockets of its own."""

from __future__ import annotations

import asyncio
import io
import os


class _PipeEnd(io.FileIO):
    """One end of a pipe, as asyncio uses a socket."""

    recv, send = io.FileIO.read, io.FileIO.write


class SocketlessEventLoop(asyncio.SelectorEventLoop):
    """asyncio's loop, which threads and signals wake up by a pipe.

    asyncio itself uses a pair of sockets. A worker has one socket, the grader's, so that one that
    leads elsewhere could be seen.
    """

    def _make_self_pipe(self) -> None:
        receiver, sender = os.pipe()
        os.set_blocking(receiver, False)
        os.set_blocking(sender, False)
        self._ssock, self._csock = _PipeEnd(receiver, "r"), _PipeEnd(sender, "w")
        self._internal_fds = 1
        self._add_reader(receiver, self._read_from_self)  # type: ignore[attr-defined]
