"""The Jupyter kernel that cells run in: ipykernel's own, without the sockets.

What a kernel sends to the front end is collected as the outputs of the running cell. The worker
calls the kernel where a front end would send requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import doctest
import importlib
import io
import subprocess
import sys
import threading
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import UsageError
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets import Type
from traitlets.config import Config

from ottermark.worker.hidden_module import hidden
from ottermark.worker.missing_packages import MissingPackages
from ottermark.worker.newer_fstrings import in_older_python
from ottermark.worker.outputs import Outputs

_FIGURES_IN_WIDGETS = ("widget", "ipympl")
BETWEEN_CELLS = 0.05  # seconds that tasks of the notebook may go on after each cell


class CollectingSession(Session):
    """Collects the messages that a kernel sends.

    Attributes:
        outputs: of the running cell.
    """

    outputs: Outputs

    def send(
        self,
        stream: Any,
        msg_or_type: Mapping[str, Any] | str,
        content: Mapping[str, Any] | None = None,
        parent: Any = None,
        **_: Any,
    ) -> Mapping[str, Any]:
        """Collect a message, built as ipykernel builds it; the stream is not used."""
        message: Mapping[str, Any] = (
            self.msg(msg_or_type, content, parent) if isinstance(msg_or_type, str) else msg_or_type
        )
        self.outputs.publish(message["header"]["msg_type"], message["content"])
        return message


class NotebookShell(ZMQInteractiveShell):
    """ipykernel's shell, without a terminal and a display."""

    def system_piped(self, cmd: str) -> None:
        """Run a program for ``!command``, without the terminal that ipykernel opens."""
        command = self.var_expand(cmd, depth=1)
        code = subprocess.call(
            command, shell=True, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        self.user_ns["_exit_code"] = code

    system = system_piped
    _db: Any = None

    def ask_exit(self) -> None:
        """End the cell that calls ``exit()``, not the notebook."""
        raise SystemExit

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: a worker has no display."""

    def enable_matplotlib(self, gui: str | None = None) -> tuple[Any, Any]:
        """Show figures below their cell where ``%matplotlib`` asks for windows or widgets."""
        try:
            if gui not in _FIGURES_IN_WIDGETS:
                return super().enable_matplotlib(gui)
        except ImportError:  # it needs a display, or a package of one
            self.pylab_gui_select = None
        return super().enable_matplotlib("inline")

    def debugger(self, force: bool = False) -> None:
        """Do nothing: nobody is there to type, and the error itself is what counts."""

    @property
    def db(self) -> Any:
        """What ``%store`` keeps; beside the notebook, since nothing else can be written to."""
        if self._db is None:
            from IPython.external.pickleshare import PickleShareDB

            self._db = PickleShareDB(Path.home() / ".ipython" / "profile_default" / "db")
        return self._db


NotebookShell.__name__ = "ZMQInteractiveShell"  # by which libraries know that this is a notebook


class NotebookKernel(IPythonKernel):
    """A kernel whose requests are method calls."""

    shell_class = Type(NotebookShell)
    compiler_class = Type(CachingCompiler)  # ipykernel's names cells by the number of the process

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.shell_channel_thread = types.SimpleNamespace(parent_thread=threading.main_thread())
        self._errors: list[BaseException] = []
        self._missing = MissingPackages()
        self.shell.input_transformers_post.append(in_older_python)
        self.shell.events.register("post_run_cell", self._note_error)

    @property
    def outputs(self) -> Outputs:
        """The outputs of the running cell."""
        return self.session.outputs

    def start(self) -> None:
        """Begin to serve, in the running event loop."""
        self.io_loop = IOLoop.current()

    async def run(self, source: str) -> BaseException | None:
        """Run a cell; return the first that it raised, code that a magic of it ran included.

        Tasks that it leaves behind go on for a moment, as they do until a student runs the next.
        """
        self._errors = []
        self.set_parent([], self.session.msg("execute_request", {"code": source}))
        while source:
            known = len(self._errors)
            await self.do_execute(source, silent=False, store_history=True, allow_stdin=False)
            raised = self._errors[known:]
            source = self._rest(source, raised[-1]) if raised else ""
        await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if tasks:
            await asyncio.wait(tasks, timeout=BETWEEN_CELLS)
        return self._errors[0] if self._errors else None

    def _rest(self, source: str, error: BaseException) -> str:
        """Return what is left to run of a cell after an error."""
        if not isinstance(error, (ImportError, NameError, UsageError)):
            return ""
        return self._missing.rest(self.shell.transform_cell(source), error)

    def _note_error(self, result: Any) -> None:
        if result is None:  # it was interrupted while its code was read
            return
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            self._errors.append(error)

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    @contextlib.contextmanager
    def _cancel_on_sigint(self, future: Any) -> Iterator[None]:
        """Leave interrupts alone: the worker's loop handles them."""
        yield


def make_kernel() -> NotebookKernel:
    """Return the kernel of this process: like a notebook's, but without history on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    session = CollectingSession()
    session.outputs = Outputs()
    app = IPKernelApp.instance(config=config)
    with hidden("debugpy"):  # which is large, and opens sockets
        app.kernel = NotebookKernel.instance(
            parent=app, session=session, log=app.log, user_ns=app.user_ns
        )
    app.init_shell()
    app.init_pdb()
    importlib.reload(doctest)  # its debugger is a subclass of the one that has been replaced
    app.init_extensions()
    return app.kernel


def show_figures_inline(kernel: NotebookKernel) -> None:
    """Have the figures of matplotlib, if it is imported, displayed at the end of their cell."""
    if "matplotlib" in sys.modules:
        import matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        matplotlib.use("module://matplotlib_inline.backend_inline")
        matplotlib.interactive(True)
        configure_inline_support(kernel.shell, "module://matplotlib_inline.backend_inline")


def draw_first_figure() -> None:
    """Draw with matplotlib, if it is imported, what the first figure of a notebook loads and caches.

    Processes forked from this one then have fonts, their glyphs and Pillow's PNG writer in memory.
    """
    if "matplotlib" not in sys.modules:
        return
    from matplotlib.figure import Figure  # pyplot would count it

    with contextlib.suppress(Exception):  # the notebook's own figures will say what is wrong
        figure = Figure()
        axes = figure.add_subplot()
        axes.plot([0, 1], label="line")
        axes.imshow([[0, 1]])
        axes.set_title("title")
        axes.legend()
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def text_of(value: Any) -> str:
    """Return ``str(value)``, or nothing if that raises."""
    try:
        return str(value)
    except BaseException:
        return ""
