"""The process that student processes are forked from.

It imports what notebooks import (TensorFlow takes five seconds) and holds no secret: it is
started afresh, is told nothing about any assignment but those imports, and every child gets
one socket and no other open file. Run as ``python -m ottermark.sandbox.zygote FD``.

JSON lines on the control socket FD. Requests, each answered once and in order:
``{"do": "preload", "modules": [...]}`` and ``{"do": "fork", "folder": ...}``, the latter with
the child's socket attached. Between the answers, ``{"exited": pid, "code": ...}`` tells of each
child's end.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from typing import Any

from ottermark.sandbox import student
from ottermark.sandbox.channel import Channel

MAX_FILE_BYTES = 2**30


class Zygote:
    """Serves one control socket until it closes."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._shell: student.Shell | None = None

    def serve(self) -> None:
        """Answer requests and tell of ended children."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno())
        while True:
            ready, _, _ = select.select([self._control, self._woken], [], [])
            if self._woken in ready:
                self._woken.recv(4096)
                self._reap()
            if self._control in ready:
                line, fds, _, _ = socket.recv_fds(self._control, 65_536, 1)
                if not line:
                    return
                request = json.loads(line)
                if request["do"] == "preload":
                    self._tell(self._preload(request["modules"]))
                else:
                    self._tell({"pid": self._fork(request["folder"], fds[0])})

    def _preload(self, modules: list[str]) -> dict[str, Any]:
        missing = []
        for module in modules:
            try:
                importlib.import_module(module)
            except ImportError:
                missing.append(module)
        self._shell = student.make_shell()
        gc.collect()
        gc.freeze()  # the children then leave these pages shared
        return {"missing": missing}

    def _fork(self, folder: str, fd: int) -> int:
        assert self._shell is not None
        child = os.fork()
        if child == 0:
            status = 1
            try:
                self._become_student(folder, fd)
                status = 0
            finally:
                os._exit(status)
        os.close(fd)
        return child

    def _become_student(self, folder: str, fd: int) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for sock in (self._control, self._woken, self._waker):
            sock.close()
        os.setsid()  # so that the grader can end the whole group
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))
        assert self._shell is not None
        student.enter(Channel(socket.socket(fileno=fd)), self._shell, folder)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._tell({"exited": pid, "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, Any]) -> None:
        self._control.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    Zygote(socket.socket(fileno=int(sys.argv[1]))).serve()
