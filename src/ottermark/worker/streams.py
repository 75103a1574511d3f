"""The stdout and stderr of a notebook."""

from __future__ import annotations

import os
import sys
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream

from ottermark.worker.outputs import Outputs
from ottermark.worker.program_output import STDOUT, ProgramOutput

STDERR = 2


class OutputStream(OutStream):
    """ipykernel's stdout or stderr, which writes to ``Outputs`` and not to a socket.

    Args:
        name: ``stdout`` or ``stderr``.
        descriptor: what ``fileno`` returns.
    """

    def __init__(self, name: str, descriptor: int, outputs: Outputs) -> None:
        super().__init__(None, _NoThread(), name, watchfd=False)
        self._descriptor, self._outputs = descriptor, outputs

    def fileno(self) -> int:
        """Return the descriptor of the process's own stream."""
        return self._descriptor

    def write(self, string: str) -> int:
        """Add text to the outputs."""
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string)}")
        if self.closed:
            raise ValueError("I/O operation on closed file")
        if self._is_master_process():
            self._outputs.write(self.name, string)
        else:  # in a process of multiprocessing, say, whose outputs nobody reads
            os.write(STDOUT, string.encode(errors="replace"))
        return len(string)

    def flush(self) -> None:
        """Do nothing: what is written is in the outputs at once."""


class _NoThread(IOPubThread):
    """Stands where ipykernel has the thread that sends messages."""

    def __init__(self) -> None:
        self.io_loop: Any = None


def redirect_streams(outputs: Outputs, folder: str) -> None:
    """Have everything that this process and its children print collected.

    What is written to the descriptor of stderr stays out: libraries log there, with times and
    numbers of processes, so that no run of a notebook would look like another.
    """
    outputs.programs = ProgramOutput(folder)
    sys.stdout = OutputStream("stdout", STDOUT, outputs)
    sys.stderr = OutputStream("stderr", STDERR, outputs)
