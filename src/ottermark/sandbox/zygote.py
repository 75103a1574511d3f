"""The process that student processes are forked from.

It imports what notebooks import (TensorFlow takes five seconds) and holds no secret: it is
started afresh and is told nothing about any assignment but those imports. Run as
``python -m ottermark.sandbox.zygote FD``.

JSON lines on the control socket FD, each answered once and in order:
``{"do": "preload", "modules": [...]}`` and ``{"do": "fork", ...}``. The latter starts a keeper
(see ``keeper``) and comes with two sockets: the student's, then the keeper's.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from ottermark.limits import Limits
from ottermark.protocol.channel import Channel
from ottermark.sandbox.isolation import Isolation, remove
from ottermark.sandbox.keeper import keep
from ottermark.worker import worker as student


class Zygote:
    """Serves one control socket until it closes."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._shell: student.Shell | None = None

    def serve(self) -> None:
        """Answer requests."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for keepers
        while True:
            line, fds, _, _ = socket.recv_fds(self._control, 65_536, 2)
            while line and not line.endswith(b"\n"):
                line += self._control.recv(65_536)
            if not line:
                return
            request = json.loads(line)
            if request["do"] == "preload":
                answer = self._preload(request["modules"])
            else:
                self._fork(request, fds)
                answer = {}
            self._control.sendall(json.dumps(answer).encode() + b"\n")

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

    def _fork(self, request: dict[str, Any], fds: list[int]) -> None:
        if os.fork() == 0:
            self._become_keeper(request, *fds)
        for fd in fds:
            os.close(fd)

    def _become_keeper(self, request: dict[str, Any], channel: int, line: int) -> NoReturn:
        try:
            os.setsid()
            walls = Isolation(
                mode=request["mode"],
                folder=Path(request["folder"]),
                limits=Limits(**request["limits"]),
                without=frozenset(request["without"]),
            )
            if walls.has("descriptors"):
                self._control.close()

            def serve() -> None:
                assert self._shell is not None
                student.enter(Channel(socket.socket(fileno=channel)), self._shell, walls.home)

            keep(socket.socket(fileno=line), walls, channel, serve, request["private"])
        finally:
            os._exit(0)


def _tidy(home: Path) -> None:
    """Remove what a grader that was killed left, once its keepers have ended its notebooks."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for _ in range(100):
        remove(home)
        if not home.exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.path[:] = [path for path in sys.path if path not in sys.argv[2:]]
    try:
        with contextlib.suppress(ConnectionError):  # the grader ended without reading an answer
            Zygote(socket.socket(fileno=int(sys.argv[1]))).serve()
    finally:
        _tidy(Path(os.environ["HOME"]))
