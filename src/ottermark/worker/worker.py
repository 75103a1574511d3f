"""Inside the student's process: runs cells and answers the grader.

Nothing here is trusted by the grader: the student's code shares this process and can change
all of it. It only has to serve honest notebooks well.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import random
import signal
import sys
import tempfile
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from ottermark.protocol.channel import Channel, ChannelClosedError
from ottermark.protocol.codec import MAX_ARRAY_BYTES, PROBES, Decoder, Encoder, ValueRejectedError

SEED = 42
MAX_CELL_OUTPUT = 3_000_000  # bytes of one cell's outputs in a message, pictures included


class Outputs:
    """The outputs of the running cell, as nbformat has them."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._size = 0
        self.open = False

    def start(self) -> None:
        """Begin a cell."""
        self.items, self._size, self.open = [], 0, True

    def add(self, item: dict[str, Any]) -> None:
        """Keep one output, unless the cell has had its share."""
        if not self.open:
            return
        self._size += len(json.dumps(item, default=_as_json))
        if self._size > MAX_CELL_OUTPUT:
            notice = "\n[The rest of this cell's output was left out: it is too long.]\n"
            self.items.append({"output_type": "stream", "name": "stderr", "text": notice})
            self.open = False
            return
        last = self.items[-1] if self.items else None
        stream = item.get("name")
        if last is not None and stream is not None and last.get("name") == stream:
            last["text"] += item["text"]
        else:
            self.items.append(item)


class Stream(io.TextIOBase):
    """Stands for stdout or stderr."""

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        """Keep the text."""
        self._outputs.add({"output_type": "stream", "name": self._name, "text": text})
        return len(text)

    def writable(self) -> bool:
        """Say yes."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding that programs are told."""
        return "utf-8"


class Shell(InteractiveShell):
    """An IPython shell whose outputs are kept instead of shown."""

    outputs: Outputs
    system = InteractiveShell.system_raw  # `!command`: behind the walls there is no terminal

    def _showtraceback(self, etype: type, evalue: Any, stb: list[str]) -> None:
        traceback = [line[:10_000] for line in stb[:500]]
        item = {
            "output_type": "error",
            "ename": etype.__name__,
            "evalue": _text_of(evalue)[:10_000],
            "traceback": traceback,
        }
        self.outputs.add(item)

    def ask_exit(self) -> None:
        """Take ``exit()`` for the end of its cell, not of the notebook."""
        raise SystemExit

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no screen."""


class Publisher(DisplayPublisher):
    """Keeps what ``display()`` is given."""

    outputs: Outputs

    def publish(self, data: Any, metadata: Any = None, **kwargs: Any) -> None:
        """Keep one display."""
        self.outputs.add(
            {"output_type": "display_data", "data": dict(data), "metadata": metadata or {}}
        )

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        self.outputs.items.clear()


class LastValue(DisplayHook):
    """Keeps the value of a cell's last expression."""

    outputs: Outputs

    def write_output_prompt(self) -> None:
        """Show no prompt: the notebook has its own."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the value in all its formats."""
        self.outputs.add(
            {
                "output_type": "execute_result",
                "data": dict(format_dict),
                "metadata": md_dict or {},
                "execution_count": self.prompt_count,
            }
        )

    def finish_displayhook(self) -> None:
        """Leave stdout alone."""


def make_shell() -> Shell:
    """Return a shell as a notebook has it: inline pictures, no history on disk."""
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    shell = Shell.instance(config=config, display_pub_class=Publisher, displayhook_class=LastValue)
    outputs = Outputs()
    for part in (shell, shell.display_pub, shell.displayhook):
        part.outputs = outputs
    if "matplotlib" in sys.modules:
        import matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        matplotlib.use("module://matplotlib_inline.backend_inline")
        matplotlib.interactive(True)  # figures show at the end of their cell
        configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
    return shell


def stand_in_for_otter() -> types.ModuleType:
    """Return a module ``otter`` whose checks do nothing.

    The tests run outside this process; Otter itself would cost two seconds a notebook here.
    """

    class Notebook:
        def __init__(self, *_: Any, **__: Any) -> None:
            pass

        def check(self, *_: Any, **__: Any) -> None:
            """Say nothing: the grader checks."""

        check_all = export = to_pdf = add_plugin_files = run_plugin = check

    module = types.ModuleType("otter", "Otter, while this notebook is being graded.")
    module.Notebook = Notebook  # type: ignore[attr-defined]
    return module


@dataclass
class RetainedObject:
    """A function or model that stays here, as it was when the grader took it.

    Attributes:
        names: the notebook's names at that moment, which the function may use.
        uses: ids of what those of them stand for that the function names.
        weights: a model's weights at that moment.
    """

    thing: Any
    names: dict[str, Any]
    uses: tuple[int, ...]
    weights: list[Any]

    def is_as(self, other: RetainedObject) -> bool:
        """Tell whether asking ``other`` would give the same answers."""
        return (
            self.thing is other.thing
            and self.uses == other.uses
            and _equal(self.weights, other.weights)
        )


class Student:
    """Serves the grader's requests over ``channel`` until it closes.

    Args:
        channel: the one way out of this process.
        shell: the shell that the cells run in.
        folder: where they begin.
    """

    def __init__(self, channel: Channel, shell: Shell, folder: str) -> None:
        self._channel, self._shell, self._folder = channel, shell, folder
        self._kept: list[RetainedObject] = []

    def serve(self) -> None:
        """Answer requests, one at a time, in order."""
        while True:
            try:
                request, blobs = self._channel.receive()
            except ChannelClosedError:
                return
            answer = getattr(self, f"_do_{request['do']}")
            # an interrupt that comes late must not cut the next message in two
            signal.signal(signal.SIGINT, signal.default_int_handler)
            body: dict[str, Any] = {}
            out: list[bytes] = []
            with contextlib.suppress(KeyboardInterrupt):  # in the moment after the cell or call
                body, out = answer(request, blobs)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._channel.send(body, out)

    def _do_run(
        self, request: dict[str, Any], _: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        outputs = self._shell.outputs
        outputs.start()
        with _streams(Stream("stdout", outputs), Stream("stderr", outputs)):
            error: BaseException | None = None
            try:
                if request["seed"] and not request["source"].startswith("%%"):
                    self._seed_cell(**request["seed"])
                result = self._shell.run_cell(request["source"], store_history=True)
                error = result.error_before_exec or result.error_in_exec
            except BaseException as escaped:  # raised by a hook of the student's
                error = escaped
        outputs.open = False
        body: dict[str, Any] = {"outputs": _jsonable(outputs.items), "error": None}
        if error is not None:
            body["error"] = {
                "kind": type(error).__name__,
                "text": _text_of(error)[:2_000],
                "line": _line_in_cell(error),
            }
        return body, []

    def _do_claim(
        self, request: dict[str, Any], _: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        nodes: dict[str, Any] = {}
        blobs: list[bytes] = []
        for name in request["names"]:
            if name not in self._shell.user_ns:
                continue
            encoder = Encoder(self._keep)
            encoder.blobs = blobs
            before = len(blobs)
            try:
                with _streams(io.StringIO(), io.StringIO()):
                    nodes[name] = {"value": encoder.encode(self._shell.user_ns[name])}
            except ValueRejectedError as refusal:
                nodes[name] = {"refused": str(refusal)}
            except BaseException as error:
                nodes[name] = {"refused": f"reading it raised {type(error).__name__}"}
            if "refused" in nodes[name]:
                del blobs[before:]
        return {"names": nodes}, blobs

    def _do_ask(
        self, request: dict[str, Any], blobs: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        encoder = Encoder(self._keep)
        with _streams(io.StringIO(), io.StringIO()):
            try:
                args, kwargs = Decoder(blobs, elements=MAX_ARRAY_BYTES).decode(request["args"])
                with self._as_it_was(self._kept[request["handle"]]) as thing:
                    match request["what"]:
                        case "call":
                            value = thing(*args, **kwargs)
                        case "predict" if hasattr(thing, "layers"):
                            value = predicted(thing, *args)
                        case "predict" | "get_weights" as method:
                            value = getattr(thing, method)(*args)
                        case _:
                            raise ValueError(request["what"])
                    return {"value": encoder.encode(value)}, encoder.blobs
            except ValueRejectedError as refusal:
                return {"refused": str(refusal)}, []
            except BaseException as error:
                return {"raised": type(error).__name__, "text": _text_of(error)[:2_000]}, []

    def _do_test_here(
        self, request: dict[str, Any], blobs: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Run one of Otter's test files on the real objects, where the notebook runs."""
        stand_in = sys.modules.pop("otter", None)
        from otter.nbmeta_config import NBMetadataConfig
        from otter.test_files import create_test_file

        with (
            _streams(io.StringIO(), io.StringIO()),
            contextlib.chdir(self._folder),
            _beside(dict(zip(request["files"], blobs, strict=True))),
            tempfile.TemporaryDirectory() as elsewhere,
        ):
            path = Path(elsewhere, "test.py")
            path.write_text(request["test"], encoding="utf-8")
            test, backwards = (create_test_file(str(path), NBMetadataConfig()) for _ in range(2))
            test.run(self._shell.user_ns)
            if request["twice"]:
                backwards.test_cases.reverse()
                backwards.run(self._shell.user_ns)
        if stand_in is not None:
            sys.modules["otter"] = stand_in
        return {
            "passed": [r.passed for r in test.test_case_results],
            "backwards": [r.test_case.name for r in backwards.test_case_results if not r.passed],
        }, []

    def _seed_cell(self, value: int, variable: str | None) -> None:
        """Seed as Otter does before each cell."""
        if variable is not None:
            self._shell.user_ns[variable] = value
            return
        import numpy as np

        random.seed(value)
        np.random.seed(value)

    def _keep(self, thing: Any) -> int:
        """Return the handle under which ``thing``, as it now is, can be asked."""
        names = self._shell.user_ns
        code = getattr(thing, "__code__", None)
        used = code.co_names if isinstance(code, types.CodeType) else ()
        uses = tuple(id(names.get(name)) for name in used)
        new = RetainedObject(thing, dict(names), uses, _weights_of(thing))
        for handle, kept in enumerate(self._kept):
            if kept.is_as(new):
                return handle
        self._kept.append(new)
        return len(self._kept) - 1

    @contextlib.contextmanager
    def _as_it_was(self, kept: RetainedObject) -> Iterator[Any]:
        """Put the notebook's names, and a model's weights, back to when the grader took them."""
        names = self._shell.user_ns
        now = dict(names)
        _replace(names, kept.names)
        if kept.weights and not _equal(kept.weights, _weights_of(kept.thing)):
            kept.thing.set_weights(kept.weights)
        try:
            yield kept.thing
        finally:
            _replace(names, now)


@contextlib.contextmanager
def _beside(files: dict[str, bytes]) -> Iterator[None]:
    """Let those of ``files`` stand in the working directory for a while that do not anyhow."""
    lent = [Path(name) for name in files if not Path(name).exists()]
    for path in lent:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path.as_posix()])
    try:
        yield
    finally:
        for path in lent:
            path.unlink(missing_ok=True)


def predicted(model: Any, x: Any) -> Any:
    """Return what ``model.predict`` does.

    For as few rows as a model is probed with, without the function that Keras traces at first.
    """
    keras = sys.modules.get("keras")
    usual = (
        keras is not None
        and isinstance(model, keras.Model)
        and all(
            getattr(type(model), name) is getattr(keras.Model, name) and name not in vars(model)
            for name in ("predict", "predict_step")
        )
    )
    return model(x, training=False) if usual and len(x) <= PROBES else model.predict(x, verbose=0)


def _replace(names: dict[str, Any], others: dict[str, Any]) -> None:
    """Make a namespace, which functions hold on to, hold what ``others`` does."""
    names.update(others)
    for name in names.keys() - others.keys():
        del names[name]


def _weights_of(thing: Any) -> list[Any]:
    try:
        return [weight.copy() for weight in thing.get_weights()]
    except Exception:  # no model, or none that is built
        return []


def _equal(some: list[Any], others: list[Any]) -> bool:
    import numpy as np

    if len(some) != len(others):
        return False
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(some, others, strict=True))


@contextlib.contextmanager
def _streams(out: io.TextIOBase, err: io.TextIOBase) -> Iterator[None]:
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield


def _text_of(value: Any) -> str:
    try:
        return str(value)
    except BaseException:
        return ""


def _line_in_cell(error: BaseException) -> int | None:
    """Return the last line of the cell itself that the error passed through."""
    if isinstance(error, SyntaxError):
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if (
            trace.tb_frame.f_code.co_name == "<module>"
            and "ipython-input" in trace.tb_frame.f_code.co_filename.lower()
        ):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _jsonable(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = json.loads(json.dumps(items, default=_as_json))
    return made


def _as_json(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else repr(value)


def enter(channel: Channel, shell: Shell, folder: str) -> None:
    """Turn this (just forked) process into the student's and serve until the grader is done."""
    os.environ.update(HOME=folder, TMPDIR=folder, MPLCONFIGDIR=folder)
    tempfile.tempdir = None
    sys.path.insert(0, folder)
    sys.modules["otter"] = stand_in_for_otter()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _seed()
    Student(channel, shell, folder).serve()


def _seed() -> None:
    """Seed what notebooks draw from, so that a notebook graded twice earns the same."""
    random.seed(SEED)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(SEED)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(SEED)
