"""Messages between the grader and the student's process, over one socket.

A message is a JSON object and any number of blobs: an 8-byte header (length of the JSON,
number of blobs), the blobs' lengths, then the bytes. Every length is checked before memory
is given for it, and reading has a deadline.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

from ottermark.protocol.codec import MAX_BLOBS

MAX_JSON = 4 * 2**20
MAX_BLOB_BYTES = 64 * 2**20

_HEADER = struct.Struct("!II")
_LENGTH = struct.Struct("!Q")


class ChannelClosedError(Exception):
    """The other side has gone."""


class ChannelTimeoutError(Exception):
    """The other side did not answer before the deadline."""


class MalformedMessageError(Exception):
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
        """Send one message; raises ``ChannelClosedError`` or ``ChannelTimeoutError``."""
        text = json.dumps(body, separators=(",", ":")).encode()
        lengths = b"".join(_LENGTH.pack(len(blob)) for blob in blobs)
        try:
            for part in (_HEADER.pack(len(text), len(blobs)) + lengths + text, *blobs):
                self._sock.settimeout(_left(deadline))
                self._sock.sendall(part)
        except TimeoutError:
            raise ChannelTimeoutError from None
        except OSError:
            raise ChannelClosedError from None

    def receive(self, deadline: float | None = None) -> tuple[dict[str, Any], list[bytes]]:
        """Return the next message; after a ``ChannelTimeoutError``, go on where that was.

        Args:
            deadline: a time of ``time.monotonic()``; None waits for ever.

        Raises:
            ChannelClosedError: the other side has gone.
            ChannelTimeoutError: the deadline passed first.
            MalformedMessageError: it is too large or not JSON; the channel cannot be used any more.
        """
        size, count = _HEADER.unpack(self._part(0, _HEADER.size, deadline))
        if size > MAX_JSON or count > MAX_BLOBS:
            raise MalformedMessageError("a message is larger than may cross")
        packed = self._part(1, _LENGTH.size * count, deadline)
        lengths = [length for (length,) in _LENGTH.iter_unpack(packed)]
        if sum(lengths) > MAX_BLOB_BYTES:
            raise MalformedMessageError("a message is larger than may cross")
        text = self._part(2, size, deadline)
        for place, length in enumerate(lengths, start=3):
            self._part(place, length, deadline)
        blobs = [bytes(part) for part in self._parts[3:]]
        self._parts = []
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            raise MalformedMessageError("a message cannot be read") from None
        if type(body) is not dict:
            raise MalformedMessageError("a message cannot be read")
        return body, blobs

    def _part(self, place: int, size: int, deadline: float | None) -> bytearray:
        """Return a part of the message, of which some may have come before."""
        if place == len(self._parts):
            self._parts.append(bytearray())
        data = self._parts[place]
        while len(data) < size:
            try:
                self._sock.settimeout(_left(deadline))
                part = self._sock.recv(min(size - len(data), 2**20))
            except TimeoutError:
                raise ChannelTimeoutError from None
            except OSError:
                raise ChannelClosedError from None
            if not part:
                raise ChannelClosedError
            data += part
        return data

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise ChannelTimeoutError
    return left
