"""Messages between the grader and the worker, over one socket.

A message is a JSON object and any number of blobs: an 8-byte header (length of the JSON, number
of blobs), the blobs' lengths, then the bytes. Every length is checked before memory is allocated
for it, and reading has a deadline.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

from ottermark.errors import OttermarkError

MAX_JSON = 4 * 2**20
MAX_BLOBS = 1_000
MAX_BLOB_BYTES = 64 * 2**20

_HEADER = struct.Struct("!II")
_LENGTH = struct.Struct("!Q")


class ChannelError(OttermarkError):
    """A message could not be sent or received."""


class ChannelClosedError(ChannelError):
    """The other side has closed the socket, e.g. by ending."""


class ChannelTimeoutError(ChannelError):
    """The other side did not answer before the deadline."""


class MalformedMessageError(ChannelError):
    """The other side sent something that is not a message."""


class Channel:
    """One end of a socket that carries messages.

    Args:
        sock: a connected stream socket; the channel owns it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._parts: list[bytearray] = []  # of the message that is being read

    def send(
        self, body: dict[str, Any], blobs: Sequence[bytes] = (), deadline: float | None = None
    ) -> None:
        """Send one message.

        Args:
            body: what becomes the JSON object.
            blobs: bytes to send along.
            deadline: a time of ``time.monotonic()``; None waits forever.

        Raises:
            ChannelClosedError: the other side has closed the socket.
            ChannelTimeoutError: the deadline passed first.
        """
        text = json.dumps(body, separators=(",", ":")).encode()
        lengths = b"".join(_LENGTH.pack(len(blob)) for blob in blobs)
        try:
            for part in (_HEADER.pack(len(text), len(blobs)) + lengths + text, *blobs):
                self._sock.settimeout(_seconds_until(deadline))
                self._sock.sendall(part)
        except TimeoutError:
            raise ChannelTimeoutError from None
        except OSError:
            raise ChannelClosedError from None

    def receive(self, deadline: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
        """Return the next message; after a ``ChannelTimeoutError``, continue to read that one.

        Args:
            deadline: a time of ``time.monotonic()``; None waits forever.

        Raises:
            ChannelClosedError: the other side has closed the socket.
            ChannelTimeoutError: the deadline passed first.
            MalformedMessageError: it is too large or not JSON; the channel cannot be used any more.
        """
        size, count = _HEADER.unpack(self._read_part(0, _HEADER.size, deadline))
        if size > MAX_JSON or count > MAX_BLOBS:
            raise MalformedMessageError("a message is larger than may cross")
        packed = self._read_part(1, _LENGTH.size * count, deadline)
        lengths = [length for (length,) in _LENGTH.iter_unpack(packed)]
        if sum(lengths) > MAX_BLOB_BYTES:
            raise MalformedMessageError("a message is larger than may cross")
        text = self._read_part(2, size, deadline)
        for index, length in enumerate(lengths, start=3):
            self._read_part(index, length, deadline)
        blobs = [bytes(part) for part in self._parts[3:]]
        self._parts = []
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            raise MalformedMessageError("a message cannot be read") from None
        if type(body) is not dict:
            raise MalformedMessageError("a message cannot be read")
        return body, blobs

    def _read_part(self, index: int, size: int, deadline: float | None) -> bytearray:
        """Return a part of the message, some of which earlier calls may have read."""
        if index == len(self._parts):
            self._parts.append(bytearray())
        data = self._parts[index]
        while len(data) < size:
            try:
                self._sock.settimeout(_seconds_until(deadline))
                chunk = self._sock.recv(min(size - len(data), 2**20))
            except TimeoutError:
                raise ChannelTimeoutError from None
            except OSError:
                raise ChannelClosedError from None
            if not chunk:
                raise ChannelClosedError
            data += chunk
        return data

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


def _seconds_until(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise ChannelTimeoutError
    return seconds
