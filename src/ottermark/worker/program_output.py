"""What programs print that a notebook starts."""

from __future__ import annotations

import codecs
import fcntl
import os
import tempfile

STDOUT = 1


class ProgramOutput:
    """What is written to the descriptor of stdout, which programs inherit.

    It goes to a file without a name, so that nobody who writes has to wait for somebody who reads.

    Args:
        folder: where there is room for the file.
    """

    def __init__(self, folder: str) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # open while cells run
        self._descriptor = self._file.fileno()
        flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL)
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags | os.O_APPEND)  # many may write
        os.dup2(self._descriptor, STDOUT)
        self.discard()

    def discard(self) -> None:
        """Forget what was written so far."""
        os.ftruncate(self._descriptor, 0)
        self._offset = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self, limit: int) -> str:
        """Return what was written since the last call, at most ``limit`` bytes of it."""
        if os.fstat(self._descriptor).st_size <= self._offset:
            return ""
        text = os.pread(self._descriptor, limit, self._offset)
        self._offset += len(text)
        return self._decoder.decode(text)
