"""Serves the grader's requests: runs cells, reads values, calls functions and models.

Nothing here is trusted by the grader: the student's code shares this process and can change all of
it. It only has to serve honest notebooks well.

A request is a message with a ``method``, one of ``run_cell``, ``read_values``, ``call``,
``run_tests`` and ``compute_model``; each is answered by one message.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import io
import os
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ottermark.protocol.channel import Channel, ChannelClosedError
from ottermark.protocol.codec import MAX_ARRAY_BYTES, Decoder, Encoder
from ottermark.protocol.proxies import ValueRejectedError, common_exception
from ottermark.worker.compute_model import ComputedModel, NotComputedError
from ottermark.worker.describe_model import describe, predict
from ottermark.worker.event_loop import SocketlessEventLoop
from ottermark.worker.kernel import NotebookKernel, text_of
from ottermark.worker.otter import make_notebook_grader_stub, make_otter_stub, run_tests
from ottermark.worker.retained import RetainedObject, RetainedObjects
from ottermark.worker.streams import redirect_streams

SEED = 42
MAX_ERROR_TEXT = 2_000  # characters

Reply = tuple[dict[str, Any], list[bytes]]


class Worker:
    """Serves requests over a channel until it closes.

    Args:
        channel: the only connection of this process.
        kernel: the kernel that the cells run in.
        folder: the notebook's folder.
    """

    def __init__(self, channel: Channel, kernel: NotebookKernel, folder: str) -> None:
        self._channel, self._kernel, self._folder = channel, kernel, folder
        self._shell = kernel.shell
        self._retained = RetainedObjects(self._shell)
        self._models: dict[int, ComputedModel] = {}

    def serve(self) -> None:
        """Answer requests in their order, in one event loop, as a kernel does."""
        loop = SocketlessEventLoop()
        asyncio.set_event_loop(loop)
        serving = loop.create_task(self._serve())
        while not (serving.done() or loop.is_closed()):
            try:
                loop.run_until_complete(serving)
            except KeyboardInterrupt:  # the cell waits for something
                serving.cancel()
            except BaseException:  # raised by a task of the student's, or the loop was stopped
                continue
        if serving.done():
            serving.result()

    async def _serve(self) -> None:
        methods = {
            "read_values": self._read_values,
            "call": self._call,
            "run_tests": self._run_tests,
            "compute_model": self._compute_model,
        }
        self._kernel.start()
        process = os.getpid()
        while True:
            try:
                request, blobs = self._channel.receive()
            except ChannelClosedError:
                return
            # an interrupt that arrives late must not cut the next message in two
            signal.signal(signal.SIGINT, signal.default_int_handler)
            body: dict[str, Any] = {}
            out: list[bytes] = []
            with contextlib.suppress(KeyboardInterrupt):  # just after the cell or call has ended
                if request["method"] == "run_cell":
                    body = await self._run_cell(request)
                else:
                    body, out = methods[request["method"]](request, blobs)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            if os.getpid() != process:  # a copy of this one, which answers itself
                os._exit(0)
            self._channel.send(body, out)

    async def _run_cell(self, request: dict[str, Any]) -> dict[str, Any]:
        error: BaseException | None
        self._kernel.outputs.start()
        try:
            if request["seed"] and not request["source"].startswith("%%"):
                self._seed_cell(**request["seed"])
            error = await self._kernel.run(request["source"])
        except BaseException as escaped:  # raised by a hook of the student's
            error = escaped
        body: dict[str, Any] = {"outputs": self._kernel.outputs.stop(), "error": None}
        if error is not None:
            body["error"] = {
                "kind": type(error).__name__,
                "text": _text_of(error)[:MAX_ERROR_TEXT],
                "line": _line_in_cell(error, request["source"]),
            }
        return body

    def _read_values(self, request: dict[str, Any], _: list[bytes]) -> Reply:
        nodes: dict[str, Any] = {}
        blobs: list[bytes] = []
        for name in request["names"]:
            if name not in self._shell.user_ns:
                continue
            encoder = self._encoder()
            encoder.blobs = blobs
            before = len(blobs)
            try:
                with _nothing_shown():
                    nodes[name] = {"value": encoder.encode(self._shell.user_ns[name])}
            except ValueRejectedError as rejection:
                nodes[name] = {"rejected": str(rejection)}
            except BaseException as error:
                nodes[name] = {"rejected": f"reading it raised {type(error).__name__}"}
            if "rejected" in nodes[name]:
                del blobs[before:]
        return {"names": nodes}, blobs

    def _call(self, request: dict[str, Any], blobs: list[bytes]) -> Reply:
        encoder = self._encoder()
        with _nothing_shown():
            try:
                decoder = Decoder(blobs, max_elements=MAX_ARRAY_BYTES)
                args, kwargs = decoder.decode(request["args"])
                before = _snapshot((args, kwargs))
                with self._retained.restored(request["handle"]) as retained:
                    value = _apply(retained, request["operation"], args, kwargs)
                    node = encoder.encode(value)
                changed = _snapshot((args, kwargs)) != before
                return {"value": node, "changed_arguments": changed}, encoder.blobs
            except ValueRejectedError as rejection:
                return {"rejected": str(rejection)}, []
            except BaseException as error:
                text = text_of(error)[:MAX_ERROR_TEXT]
                kind = type(error)
                return {"raised": kind.__name__, "common": common_exception(kind), "text": text}, []

    def _run_tests(self, request: dict[str, Any], blobs: list[bytes]) -> Reply:
        files = dict(zip(request["files"], blobs, strict=True))
        names = self._shell.user_ns
        with _nothing_shown():
            report = run_tests(
                request["source"], files, request["both_orders"], self._folder, names
            )
        return report, []

    def _compute_model(self, request: dict[str, Any], blobs: list[bytes]) -> Reply:
        """Compute a model's output; the request holds the model unless this process does."""
        decoder = Decoder(blobs, max_elements=MAX_ARRAY_BYTES)
        with _nothing_shown():
            try:
                x = decoder.decode(request["x"])
                if request["description"] is not None:
                    if self._models.pop(request["place"], None) is not None:
                        gc.collect()  # layers refer to each other; there may be memory for one
                    description = decoder.decode_description(request["description"])
                    weights = decoder.decode(request["weights"])
                    self._models[request["place"]] = ComputedModel(description, weights)
                encoder = Encoder()
                return {"value": encoder.encode(self._models[request["place"]](x))}, encoder.blobs
            except NotComputedError as error:
                return {"obstacle": error.obstacle}, []
            except Exception as error:
                return {"raised": type(error).__name__}, []

    def _encoder(self) -> Encoder:
        return Encoder(self._retained.retain, describe)

    def _seed_cell(self, value: int, variable: str | None) -> None:
        """Seed as Otter does before each cell."""
        if variable is not None:
            self._shell.user_ns[variable] = value
            return
        import numpy as np

        random.seed(value)
        np.random.seed(value)


def _apply(retained: RetainedObject, operation: str, args: Any, kwargs: Any) -> Any:
    target = retained.value
    match operation:
        case "call":
            return target(*args, **kwargs)
        case "predict" if hasattr(target, "layers"):
            return predict(target, *args)
        case "predict" | "get_weights":
            return getattr(target, operation)(*args)
        case "fitted_rows":
            return retained.fitted_rows
        case _:
            raise ValueError(operation)


def _snapshot(arguments: Any) -> tuple[Any, list[bytes]]:
    """Return arguments in a form that can be compared with a later one."""
    encoder = Encoder(lambda _: 0)  # the call may have put functions or other objects into them
    return encoder.encode(arguments), encoder.blobs


@contextlib.contextmanager
def _nothing_shown() -> Iterator[None]:
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        yield


def _text_of(error: BaseException) -> str:
    """Return the message of an error; of one of syntax, without the file that IPython calls it."""
    return text_of(error.msg if isinstance(error, SyntaxError) else error)


def _line_in_cell(error: BaseException, source: str) -> int | None:
    """Return the last line of the cell itself that the error passed through.

    IPython drops empty lines at the top, and hands the lines below a cell magic to it.
    """
    top = _empty_lines(source)
    magic = source.lstrip().startswith("%%")
    below = 1 + _empty_lines(source.lstrip().partition("\n")[2]) if magic else 0
    lines, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name == "<module>" and _is_cell(code.co_filename, magic):
            calls_magic = "run_cell_magic" in code.co_names
            lines.append(trace.tb_lineno + (0 if calls_magic else below))
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno and _is_cell(error.filename or "", magic):
        lines.append(error.lineno + below)
    return top + lines[-1] if lines else None


def _empty_lines(source: str) -> int:
    """Return how many empty lines are at the top."""
    return source[: len(source) - len(source.lstrip())].count("\n")


def _is_cell(file: str, magic: bool) -> bool:
    """Return whether code of a file stands in the cell, or is what a magic at its top times."""
    return "ipython-input" in file.lower() or (magic and file.startswith(("<timed ", "<unknown>")))


def run_worker(channel: Channel, kernel: NotebookKernel, folder: str) -> None:
    """Serve as this (just forked) process until the grader closes the channel."""
    os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True  # the zygote writes it, since uv installs packages without any
    programs = str(Path(sys.executable).parent)  # python is found, as in an activated environment
    os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
    tempfile.tempdir = None
    sys.path.insert(0, folder)
    sys.argv = ["ipykernel_launcher.py", "-f", "kernel.json"]
    redirect_streams(kernel.outputs, folder)
    sys.modules["otter"] = make_otter_stub()
    if importlib.util.find_spec("notebook_grader") is None:  # else it is a file of the lab
        sys.modules["notebook_grader"] = make_notebook_grader_stub()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _seed_libraries()
    Worker(channel, kernel, folder).serve()


def _seed_libraries() -> None:
    """Seed what notebooks draw from, so that a notebook graded twice earns the same."""
    random.seed(SEED)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(SEED)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(SEED)
