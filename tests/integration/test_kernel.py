"""The same cells here and in a real kernel: what they show, and the names they find.

``ALIKE`` holds what ipykernel adds to IPython, and what is alike; ``DIFFERENT`` what differs on
purpose, each with the reason. A case that moves from one to the other fails.
"""

from __future__ import annotations

import ast
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kernel")]

ALIKE: dict[str, list[str]] = {
    "doctests": [
        'def half(n):\n    """>>> half(3)\n    1.5\n    """\n    return n // 2',
        "import doctest\ndoctest.testmod()",
        "doctest.run_docstring_examples(half, globals())",
    ],
    "the last results": [
        "(4, 4)",
        "answer = _",
        "answer, _1, Out[1]",
        "_, __, ___, In[1], _i, _i1",
    ],
    "a result that is not shown is not the last one": ["5;", "_ == 5"],
    "an underscore of one's own": ["_ = 'mine'", "7", "_", "del _"],
    "tasks": [
        "import asyncio\nasync def work():\n    await asyncio.sleep(0.01)\n    return (4, 4)\n"
        "task = asyncio.create_task(work())",
        "await task",
        "sum(await asyncio.gather(asyncio.sleep(0, 1), asyncio.sleep(0, 2)))",
    ],
    "a task that nobody awaits goes on after its cell": [
        "import asyncio\ndone = []\nasync def later():\n    done.append(1)\n"
        "asyncio.ensure_future(later());",
        "done",
    ],
    "one running loop": [
        "import asyncio, tornado.ioloop\nasyncio.get_event_loop() is asyncio.get_running_loop()",
        "loop = asyncio.get_running_loop()",
        "loop is asyncio.get_running_loop()",
        "tornado.ioloop.IOLoop.current() is get_ipython().kernel.io_loop",
        "coroutine = asyncio.sleep(0)\ntry:\n    asyncio.run(coroutine)\nexcept RuntimeError as error:\n"
        "    print(error)\ncoroutine.close()",
    ],
    "settings of a context last": [
        "import decimal\ndecimal.getcontext().prec = 5",
        "decimal.Decimal(1) / 3",
        "import numpy as np\nold = np.seterr(all='ignore')",
        "float(np.float64(1) / 0), np.seterr(**old)['divide']",
    ],
    "faulthandler": ["import faulthandler\nfaulthandler.enable()", "faulthandler.is_enabled()"],
    "stdout is a stream": [
        "import sys\nfrom ipykernel.iostream import OutStream\n"
        "[isinstance(s, OutStream) and s.fileno() > 0 for s in (sys.stdout, sys.stderr)]",
        "s = sys.stdout\n(s.isatty(), s.encoding, s.errors, s.closed, s.name, s.writable(), s.readable(),"
        " s.seekable(), hasattr(s, 'buffer'))",
        "s.writelines(['a', 'b'])\ns.write('c')",
        "s.flush()\ntry:\n    s.write(b'bytes')\nexcept TypeError as error:\n    print(error)",
        "before = sys.stdout",
        "sys.stdout is before",
    ],
    "programs": [
        "import subprocess, time\nsubprocess.run(['echo', 'hello']).returncode\ntime.sleep(0.5)",
        "import sys\nsubprocess.run('exit 3', shell=True, stdout=sys.stdout).returncode",
        "!echo out; echo err >&2; exit 3",
        "_exit_code",
        "lines = !echo a; echo b\nlines",
        "%%bash\necho from bash",
        "import multiprocessing\n"
        "child = multiprocessing.get_context('fork').Process(target=print, args=('child',))\n"
        "child.start()\nchild.join()\ntime.sleep(0.5)",
    ],
    "magics of a kernel": [
        "%autosave 60",
        "stored = [1, 2]\n%store stored",
        "%store",
        "del stored\n%store -r stored\nstored",
        "%less missing.txt",
        "%man no-such-page",
        "%clear",
        "%history -n 1-2",
        "%config InlineBackend.figure_format = 'retina'",
        "%load_ext autoreload\n%autoreload 2",
        "%no_such_magic",
    ],
    "what libraries look for": [
        "type(get_ipython()).__name__, 'IPKernelApp' in get_ipython().config",
        "from ipykernel.ipkernel import IPythonKernel\nisinstance(get_ipython().kernel, IPythonKernel)",
        "from ipykernel.kernelapp import IPKernelApp\napp = IPKernelApp.instance()\n"
        "app.kernel is get_ipython().kernel, app.shell is get_ipython()",
        "get_ipython().kernel.get_parent()['msg_type']",
        "from tqdm.auto import tqdm\ntqdm.__module__",
        "import comm\ntype(comm.create_comm(target_name='x')).__module__",
        "shell = get_ipython()\n(shell.cache_size, shell.ast_node_interactivity, shell.autoawait,"
        " shell.display_formatter.active_types)",
    ],
    "nobody answers": [
        "try:\n    input('? ')\nexcept Exception as error:\n    print(type(error), error)",
        "import getpass\ntry:\n    getpass.getpass()\nexcept Exception as error:\n    print(type(error))",
        "import pdb\npdb.Pdb.__name__, pdb.set_trace.__module__",
    ],
    "displays": [
        "from IPython.display import HTML, Markdown, clear_output, display, update_display\n"
        "for i in range(3):\n    clear_output(wait=True)\n    display(Markdown(f'*{i}*'))\nprint('done')",
        "handle = display('before', display_id='a')\nupdate_display('after', display_id='a')",
        "display('gone')\nclear_output()",
        "display('stays')\nclear_output(wait=True)",
        "display(HTML('<b>1</b>'), {'text/plain': 'raw'}, raw=False)",
    ],
    "figures": [
        "import matplotlib\nmatplotlib.use(matplotlib.get_backend())\nimport matplotlib.pyplot as plt\n"
        "matplotlib.get_backend()",
        "figure = plt.figure(figsize=(1, 1)); plt.plot([1, 2]);",
        "plt.get_fignums(), matplotlib.is_interactive()",
        "%matplotlib inline",
        "try:\n    get_ipython().run_line_magic('matplotlib', 'no_such_backend')\n"
        "except RuntimeError as error:\n    print(error)",
    ],
    "errors": [
        "1 / 0",
        "def f(x):\n    return 1 / x\nf(0)",
        "raise KeyboardInterrupt",
        "import logging\nlogging.warning('careful')",
        "import threading\nthread = threading.Thread(target=print, args=('thread',))\nthread.start()\n"
        "thread.join()",
    ],
    "the module": [
        "__name__, __doc__, __spec__, __package__",
        "import __main__\n__main__.__name__",
    ],
}


@dataclass(frozen=True)
class Difference:
    """Cells that show something else here, on purpose."""

    reason: str
    cells: tuple[str, ...]


_NO_SOCKETS = "there are no sockets, so nobody can connect"
_TEMPORARY = "the notebook's folder is the only one that it may write to"
_NAMED = "cells are named by their number; by that of the process, no two runs would be alike"
_SENT = "the outputs of an earlier cell have been sent"
DIFFERENT = (
    Difference(
        "what a program writes to sys.stdout.fileno() is shown; there, Jupyter's log gets it",
        (
            "import subprocess, sys\nsubprocess.run(['echo', 'hello'], stdout=sys.stdout).returncode",
        ),
    ),
    Difference(_NO_SOCKETS, ("%connect_info",)),
    Difference(_NO_SOCKETS, ("%qtconsole",)),
    Difference(_NO_SOCKETS, ("%subshell",)),
    Difference(_NO_SOCKETS, ("import ipykernel\nipykernel.get_connection_info()",)),
    Difference(
        "debugpy, with its two names in builtins, is large and opens sockets",
        ("hasattr(get_ipython().kernel, 'debugger'), 'runfile' in dir(__builtins__)",),
    ),
    Difference(_NAMED, ("import warnings\nwarnings.warn('careful')",)),
    Difference(_NAMED, ("def f(:",)),
    Difference(
        "a progress bar is collected as it looks in the end, as JupyterLab saves it",
        ("for i in range(5):\n    print(f'\\r{i} of 5', end='')",),
    ),
    Difference(
        "what goes to a widget is shown below its cell, since no widget is there to show it",
        ("import ipywidgets\noutput = ipywidgets.Output()\nwith output:\n    print('inside')",),
    ),
    Difference("a worker has no display, so none is asked for", ("%gui no_such_display",)),
    Difference(
        "what is written to the descriptor of stderr is not shown: libraries log there, with times",
        ("import os\nos.write(2, b'log')",),
    ),
    Difference(
        _SENT,
        (
            "import asyncio\nasync def speak():\n    await asyncio.sleep(0.3)\n    print('late')\n"
            "speaking = asyncio.create_task(speak())",
            "await speaking",
        ),
    ),
    Difference(
        _SENT,
        (
            "from IPython.display import display, update_display\n"
            "handle = display('before', display_id='b')",
            "update_display('after', display_id='b')",
        ),
    ),
    Difference(
        "the grader may lack a package that a student has, so the rest of the cell runs",
        ("import no_such_package\nprint('rest')",),
    ),
    Difference(
        "figures for windows or widgets are shown below their cell, which is all that is there",
        ("%matplotlib tk",),
    ),
    Difference("the debugger is not called where nobody can type", ("%debug",)),
    Difference(_TEMPORARY, ("import tempfile, os\nos.path.samefile(tempfile.gettempdir(), '.')",)),
)

NAMES = {
    "globals": "dir()",
    "stdout": "dir(__import__('sys').stdout)",
    "shell": "dir(get_ipython())",
    "kernel": "dir(get_ipython().kernel)",
    "builtins": "dir(__builtins__)",
    "publisher": "dir(get_ipython().display_pub)",
    "displayhook": "dir(get_ipython().displayhook)",
    "magics": "[n for kind in get_ipython().magics_manager.magics.values() for n in kind]",
    "extensions": "get_ipython().extension_manager.loaded",
    "events": "get_ipython().events.callbacks",
    "environment": "[n for n in __import__('os').environ if 'COLOR' in n or 'PAGER' in n or n == 'TERM']",
}
MISSING = {"builtins": {"execfile", "runfile"}, "kernel": {"debugger"}}  # debugpy's

Outputs = list[dict[str, Any]]


@dataclass
class Run:
    """The outputs of cells, in a real kernel and here."""

    theirs: dict[str, Outputs]
    ours: dict[str, Outputs]


def normalized(value: Any) -> Any:
    """Return outputs without colours, addresses and the line ends of a terminal."""
    if isinstance(value, str):
        value = re.sub(r"\x1b\[[0-9;]*[mHJ]", "", value).replace("\r\n", "\n")
        return re.sub(r"0x[0-9a-f]+", "0x", value)
    if isinstance(value, dict):
        return {key: normalized(item) for key, item in value.items()}
    return [normalized(item) for item in value] if isinstance(value, list) else value


def joined(outputs: Outputs) -> Outputs:
    """Return outputs in which each text of a stream is in one piece."""
    items: Outputs = []
    for output in outputs:
        if items and "name" in output and items[-1].get("name") == output["name"]:
            items[-1]["text"] += output["text"]
        else:
            items.append({**output})
    return [normalized(item) for item in items]


def execute(cells: list[str], folder: Path) -> list[Outputs]:
    """Run cells in a real kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(
        notebook, kernel_name="python3", allow_errors=True, timeout=60, resources=resources
    )
    with mock.patch.dict(os.environ, HOME=str(folder)):
        del os.environ["PYTEST_CURRENT_TEST"]  # for which ipykernel leaves descriptors alone
        client.execute()
    return [joined(json.loads(json.dumps(cell.outputs))) for cell in notebook.cells]


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with Sandbox(isolation="none") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def run(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Run:
    names = [f"print(sorted({names}))" for names in NAMES.values()]
    alike = [cell for cells in ALIKE.values() for cell in cells]
    different = [cell for difference in DIFFERENT for cell in difference.cells]
    cells = [*names, *alike, *different]
    assert len(set(cells)) == len(cells), "outputs are found by the text of their cell"
    theirs = execute(cells, tmp_path_factory.mktemp("notebook"))
    with sandbox.open({}, Limits()) as session:
        ours = [joined(session.run_cell(cell).outputs) for cell in cells]
    return Run(dict(zip(cells, theirs, strict=True)), dict(zip(cells, ours, strict=True)))


@pytest.mark.parametrize("cells", ALIKE.values(), ids=ALIKE)
def test_cells_show_what_they_show_in_a_real_kernel(run: Run, cells: list[str]) -> None:
    assert [run.ours[cell] for cell in cells] == [run.theirs[cell] for cell in cells]


@pytest.mark.parametrize("difference", DIFFERENT, ids=lambda it: f"{it.reason}: {it.cells[0]}")
def test_a_difference_on_purpose_is_one(run: Run, difference: Difference) -> None:
    cells = difference.cells
    assert [run.ours[cell] for cell in cells] != [run.theirs[cell] for cell in cells]


@pytest.mark.parametrize("name", NAMES)
def test_all_names_of_a_real_kernel_are_there(run: Run, name: str) -> None:
    cell = f"print(sorted({NAMES[name]}))"
    ours, theirs = (
        {name for name in ast.literal_eval(outputs[0]["text"]) if not name.startswith("_")}
        for outputs in (run.ours[cell], run.theirs[cell])
    )
    assert theirs - ours - {"watch_fd_thread", "saved_sigint_handler"} == MISSING.get(name, set())


def test_a_magic_that_needs_a_socket_raises_nothing(sandbox: Sandbox) -> None:
    with sandbox.open({}, Limits()) as session:
        for magic in ("%connect_info", "%qtconsole", "%subshell", "%gui qt"):
            assert session.run_cell(f"{magic}\nafter = 1").error is None, magic


def test_exit_ends_a_real_kernel_and_here_its_cell(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        execute(["exit()", "import time; time.sleep(1)", "1", "2"], tmp_path)
    with sandbox.open({}, Limits()) as session:
        assert session.run_cell("exit()").error is not None
        assert session.run_cell("after = 1").error is None
