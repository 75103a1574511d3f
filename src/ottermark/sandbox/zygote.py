"""The process that workers are forked from.

It imports what notebooks import (TensorFlow takes five seconds) and holds no secret: it is started
afresh and knows nothing of any assignment but those imports. Run as
``python -m ottermark.sandbox.zygote FD [PATH...]``; the paths are removed from ``sys.path``.

JSON lines arrive on the control socket FD, and each is answered by one, in order:
``{"request": "preload", "modules": [...], "plain_keras": ..., "mode": ...}``, which is answered with
the modules that are missing and with what is left out of ``keras_training``, and
``{"request": "fork", ...}``, which starts a keeper (see ``keeper``). The latter comes with two
sockets: the worker's and the keeper's.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import psutil

from ottermark.limits import Limits
from ottermark.protocol.channel import Channel
from ottermark.sandbox import linux
from ottermark.sandbox.control import ControlSocket, Message
from ottermark.sandbox.disk import remove
from ottermark.sandbox.isolation import Isolation, NoIsolation
from ottermark.sandbox.keeper import Keeper
from ottermark.sandbox.keeper_client import END_SECONDS
from ottermark.sandbox.keepers import Keepers
from ottermark.sandbox.shared_files import SharedFiles
from ottermark.sandbox.uid import UserIsolation
from ottermark.sandbox.userns import NamespaceIsolation
from ottermark.worker import keras_training
from ottermark.worker.fitted_rows import keep_fitted_rows
from ottermark.worker.kernel import (
    NotebookKernel,
    draw_first_figure,
    make_kernel,
    show_figures_inline,
)
from ottermark.worker.worker import run_worker

ISOLATIONS: dict[str, type[Isolation]] = {
    isolation.mode: isolation for isolation in (NamespaceIsolation, UserIsolation, NoIsolation)
}
_MAX_REQUEST = 65_536


class Zygote:
    """Serves one control socket until it closes.

    Args:
        control: a connected stream socket.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._kernel: NotebookKernel | None = None
        self._keepers = Keepers()

    def serve(self) -> None:
        """Answer requests."""
        while True:
            self._keepers.sweep_until_ready(self._control)
            line, descriptors, _, _ = socket.recv_fds(self._control, _MAX_REQUEST, 2)
            while line and not line.endswith(b"\n"):
                line += self._control.recv(_MAX_REQUEST)
            if not line:
                return
            request = json.loads(line)
            reply: Message = {}
            if request["request"] == "preload":
                if (
                    request.get("mode") == UserIsolation.mode
                ):  # /dev/shm is closed to notebooks there
                    os.environ["JOBLIB_MULTIPROCESSING"] = "0"
                reply = self._preload(request["modules"], request["plain_keras"])
            else:
                self._fork_keeper(request, descriptors)
            self._control.sendall(json.dumps(reply).encode() + b"\n")

    def _preload(self, modules: list[str], plain_keras: bool) -> Message:
        """Import modules; return those that are missing and the levers that do not fit Keras."""
        missing = []
        for module in modules:
            try:
                importlib.import_module(module)
            except ImportError:
                missing.append(module)
        keep_fitted_rows()
        unfit = [] if plain_keras else keras_training.pull_levers()
        self._keepers.spare_children()
        self._kernel = self._kernel or make_kernel()
        show_figures_inline(self._kernel)
        draw_first_figure()
        gc.collect()
        gc.freeze()  # so that the children do not write to these pages, and share them
        release_mapped_files()
        return {"missing": missing, "unfit_levers": unfit}

    def _fork_keeper(self, request: dict[str, Any], descriptors: list[int]) -> None:
        if {"sweep", "pids"}.intersection(request["disabled_layers"]):
            self._keepers.spare_orphans()
        keeper = os.fork()
        if keeper == 0:
            self._keepers.forget()
            self._run_keeper(request, *descriptors)
        self._keepers.add(keeper)
        for descriptor in descriptors:
            os.close(descriptor)

    def _run_keeper(self, request: dict[str, Any], channel: int, control: int) -> NoReturn:
        try:
            os.setsid()
            isolation = ISOLATIONS[request["mode"]](
                Path(request["folder"]),
                Limits(**request["limits"]),
                request["disabled_layers"],
                SharedFiles(**files) if (files := request["files"]) else None,
            )
            if isolation.has("descriptors"):
                self._control.close()

            def serve() -> None:
                assert self._kernel is not None
                run_worker(Channel(socket.socket(fileno=channel)), self._kernel, isolation.home)

            connection = ControlSocket(socket.socket(fileno=control))
            Keeper(connection, isolation, channel, serve, request["private"]).run()
        finally:
            os._exit(0)

    def end(self, home: Path) -> None:
        """Remove the folder of all notebooks, and end what is left of them.

        A grader that was killed leaves both. Its keepers end the notebooks meanwhile, so it may take
        several attempts.
        """
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            remove(home)
            if not self._keepers.sweep() and not home.exists():
                return
            time.sleep(0.1)


def release_mapped_files() -> None:
    """Give back the memory of files that are mapped and unchanged: importing took most of it.

    TensorFlow's code alone is 0.2 GB. Whoever uses a page again finds it in the system's cache.
    """
    if sys.platform != "linux":
        return
    for mapping in psutil.Process().memory_maps(grouped=False):
        is_unchanged = "w" not in mapping.perms and not mapping.anonymous
        if is_unchanged and mapping.path.startswith("/"):
            start, end = (int(address, 16) for address in mapping.addr.split("-"))
            with contextlib.suppress(OSError):
                linux.release_pages(start, end - start)


if __name__ == "__main__":
    sys.path[:] = [path for path in sys.path if path not in sys.argv[2:]]
    zygote = Zygote(socket.socket(fileno=int(sys.argv[1])))
    try:
        with contextlib.suppress(ConnectionError):  # the grader ended without reading a reply
            zygote.serve()
    finally:
        zygote.end(Path(os.environ["HOME"]))
