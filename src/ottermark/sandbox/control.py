"""Sockets between the grader, the zygote and the keepers: JSON objects, one a line."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

Message = dict[str, Any]

_CHUNK = 65_536


class ControlSocket:
    """One end of a socket that carries JSON objects.

    Nothing of the student's is connected to it, so what it carries is believed.

    Args:
        sock: a connected stream socket; this object owns it.

    Attributes:
        other_side_ended: whether reading has shown that.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.other_side_ended = False
        self._buffer = b""

    def fileno(self) -> int:
        """Return the descriptor, e.g. for ``select``."""
        return self._sock.fileno()

    def send(self, message: Message) -> None:
        """Send a message; raises ``OSError`` when the other side has ended."""
        self._sock.sendall(json.dumps(message).encode() + b"\n")

    def receive(self, seconds: float) -> Message | None:
        """Return the next message.

        Args:
            seconds: how long to wait for it.

        Returns:
            None if the other side has ended or no message comes in time.
        """
        deadline = time.monotonic() + seconds
        try:
            while b"\n" not in self._buffer:
                self._sock.settimeout(max(0.01, deadline - time.monotonic()))
                chunk = self._sock.recv(_CHUNK)
                if not chunk:
                    self.other_side_ended = True
                    return None
                self._buffer += chunk
        except ConnectionError:
            self.other_side_ended = True
            return None
        except OSError:
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        message: Message = json.loads(line)
        return message

    def receive_ready(self) -> list[Message] | None:
        """Return the messages that one read completes; None if the other side has ended."""
        try:
            chunk = self._sock.recv(_CHUNK)
        except OSError:
            chunk = b""
        if not chunk:
            return None
        *lines, self._buffer = (self._buffer + chunk).split(b"\n")
        return [json.loads(line) for line in lines]

    def end_sending(self) -> None:
        """Let the other side read that nothing more comes; raises ``OSError``."""
        self._sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()
