"""A worker as the grader uses it, without isolation, which every machine offers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ottermark.grading.messages import case_message
from ottermark.limits import Limits, MiB
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteFunction,
    ResultRejectedError,
    ValueRejectedError,
)
from ottermark.sandbox.sandbox import IsolationUnavailableError, Sandbox
from ottermark.sandbox.session import Session, SessionLostError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(isolation="none") as sandbox:
        yield sandbox


@pytest.fixture
def session(sandbox: Sandbox, tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "data.csv").write_text("1,2,3")
    with sandbox.open({"data/data.csv": tmp_path / "data.csv"}, Limits(call=5)) as session:
        yield session


def value(session: Session, name: str) -> Any:
    values, rejected = session.read_values([name])
    assert not rejected
    return values[name]


def test_a_cell_shows_its_outputs_and_its_error(session: Session) -> None:
    run = session.run_cell("print('text')\n1 + 1")
    assert [output["output_type"] for output in run.outputs] == ["stream", "execute_result"]
    assert run.error is None and not run.timeout
    run = session.run_cell("a = 1\n1 / 0")
    assert run.error == {"kind": "ZeroDivisionError", "text": "`division by zero`", "line": 2}
    run = session.run_cell("(")
    assert run.error is not None and run.error["kind"] == "SyntaxError"
    assert session.run_cell("exit()").error is not None
    assert session.run_cell("open('data/data.csv').read()").error is None
    assert value(session, "a") == 1


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("\n\nx = 1\n1 / 0", 4),
        ("\n\nx = (", 3),
        ("x = 1\n\neval('1 +')", 3),
        ("x = 1\n%time 1 / 0", 2),
        ("%%time\nx = 1\n\n1 / 0", 4),
        ("%%time\n\n1 / 0", 3),
        ("%%time\nx = 1\nx = (", 3),
        ("%%capture out\nx = 1\n1 / 0", 3),
        ("\n%%capture\nx = 1\nx = (", 4),
        ("%%capture --no-such-option\nx = 1", 1),
    ],
)
def test_the_line_of_an_error_is_that_of_the_cell(session: Session, source: str, line: int) -> None:
    error = session.run_cell(source).error
    assert error is not None and error["line"] == line and "ipython" not in error["text"]


@pytest.mark.parametrize(
    "source",
    [
        "import no_such_package as nsp\nb = 2",
        "\n\nimport no_such_package as nsp; b = 2",
        "import os\nfrom no_such_package import (\n    thing,\n    other,\n)\nthing.set()\n"
        "print('é'); other(); b = 2",
        "%load_ext no_such_package\n%no_such_magic 2.x\n%time b = 2",
        "import keras.no_such_module\n\n@staticmethod\ndef f(): pass\nb = 2",
    ],
)
def test_a_missing_package_costs_what_needs_it_and_no_more(session: Session, source: str) -> None:
    run = session.run_cell(source)
    assert run.error is not None and run.error["kind"] == "ModuleNotFoundError"
    assert run.outputs[0]["output_type"] == "error" and value(session, "b") == 2


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (
            "try:\n    import no_such_package\nexcept ImportError:\n    c = 1\nc.x\nb = 2",
            "AttributeError",
        ),
        ("import no_such_package as nsp\nunknown\nb = 2", "ModuleNotFoundError"),
        ("1 / 0\nb = 2", "ZeroDivisionError"),
    ],
)
def test_any_other_error_ends_its_cell(session: Session, source: str, kind: str) -> None:
    error = session.run_cell(source).error
    assert error is not None and error["kind"] == kind
    assert session.read_values(["b"]) == ({}, {})


def test_the_python_of_the_notebook_is_found_by_its_name(session: Session) -> None:
    run = session.run_cell(
        "import shutil, sys, os\nos.path.samefile(shutil.which('python'), sys.executable)"
    )
    assert run.outputs[0]["data"]["text/plain"] == "True"


def test_windows_and_a_debugger_that_nobody_sees_raise_nothing(session: Session) -> None:
    for gui in ("qt", "tk", "osx", "widget"):
        run = session.run_cell(
            f"%matplotlib {gui}\nimport matplotlib.pyplot as plt\nplt.plot([1]);"
        )
        assert run.error is None and "image/png" in run.outputs[-1]["data"], gui
    error = session.run_cell("%pdb on\nx = 1\n1 / 0").error
    assert error is not None and (error["kind"], error["line"]) == ("ZeroDivisionError", 3)


def test_values_are_read_and_functions_are_called_in_the_worker(session: Session) -> None:
    session.run_cell(
        "import os\nfactor = 2\ndef scale(x, by=1): return x * factor * by\nwords = ['a']"
    )
    values, rejected = session.read_values(["scale", "words", "missing", "os"])
    assert not rejected and "missing" not in values and values["words"] == ["a"]
    scale = values["scale"]
    assert isinstance(scale, RemoteFunction) and scale.__name__ == "scale"
    assert scale(3, by=5) == 30
    session.run_cell("factor = 100")
    assert scale(3) == 6, "a function is called as it was when it was read"


def test_a_value_that_cannot_be_read_is_rejected_alone(session: Session) -> None:
    session.run_cell(
        "class Bad(list):\n    def __iter__(self): raise KeyError('x')\nbad, good = Bad(), 5"
    )
    values, rejected = session.read_values(["bad", "good"])
    assert values == {"good": 5} and set(rejected) == {"bad"}


def test_a_failing_call_reports_less_once_hidden_inputs_are_shown(session: Session) -> None:
    session.run_cell("def fail(x): raise KeyError(x)")
    fail = value(session, "fail")
    with pytest.raises(CallFailedError, match=r"`fail` raised KeyError when .*: `7`"):
        fail(7)
    session.hidden_inputs_shown = True
    with pytest.raises(CallFailedError) as error:
        fail(8)
    assert "KeyError" not in str(error.value) and "8" not in str(error.value)


def test_an_exception_of_ones_own_is_of_the_common_kind_that_it_extends(session: Session) -> None:
    session.run_cell(
        "class Refused(ValueError): pass\nclass ValueErrors(Exception): pass\n"
        "def refuse(x): raise Refused(x)\ndef others(x): raise ValueErrors(x)"
    )
    refuse, others = value(session, "refuse"), value(session, "others")
    for _ in range(2):
        with pytest.raises(ValueError, match="`refuse` raised"):
            refuse(7)
        with pytest.raises(CallFailedError) as error:
            others(7)
        assert not isinstance(error.value, ValueError)
        session.hidden_inputs_shown = True


def test_the_use_of_what_cannot_be_sent_is_noted(session: Session) -> None:
    session.run_cell("rows = [1, (n for n in ())]\ndef made(): return [object()]")
    rows, made = value(session, "rows"), value(session, "made")
    assert rows[0] == 1 and not session.rejections
    with pytest.raises(ValueRejectedError):
        rows[1] == 3
    assert len(session.rejections) == 1
    with pytest.raises(ValueRejectedError):
        str(made()[0])
    assert len(session.rejections) == 2


def test_what_a_function_returns_may_be_too_much_to_be_sent(session: Session) -> None:
    session.run_cell("import numpy as np\ndef many(): return np.zeros(3_000_000)")
    with pytest.raises(ResultRejectedError) as error:
        value(session, "many")()
    assert error.value.summary == "what `many` returned cannot be sent to the grader"
    assert str(error.value).startswith(f"{error.value.summary}: the array has more than 2,")
    assert session.rejections == [error.value]
    case = SimpleNamespace(hidden=False, failure_message="many is wrong", success_message="")
    assert case_message(case, error.value) == f"W{str(error.value)[1:]}."
    case.hidden = True  # the reason could tell what the hidden inputs are
    assert case_message(case, error.value) == f"W{error.value.summary[1:]}."


def test_a_function_that_is_too_slow_is_not_called_again(sandbox: Sandbox) -> None:
    with sandbox.open({}, Limits(call=1)) as session:
        session.run_cell(
            "import time\ncalls = 0\ndef slow():\n    global calls\n    calls += 1\n    time.sleep(60)"
        )
        slow = value(session, "slow")
        for _ in range(2):
            with pytest.raises(CallTimeoutError, match="`slow` did not answer within 1 seconds"):
                slow()
        assert session.timed_out == {"slow"} and session.lost is None


def test_a_slow_cell_is_interrupted_and_the_worker_goes_on(session: Session) -> None:
    run = session.run_cell("before = 1\nwhile True: pass", seconds=1)
    assert run.timeout and value(session, "before") == 1


def test_a_cell_that_awaits_is_interrupted_and_the_loop_goes_on(session: Session) -> None:
    session.run_cell(
        "import asyncio\nasync def work(): return 5\ntask = asyncio.create_task(work())"
    )
    for slow in ("await asyncio.sleep(60)", "await asyncio.sleep(0)\nwhile True: pass"):
        run = session.run_cell(slow, seconds=1)
        assert run.timeout and run.error is not None
    assert session.run_cell("answer = await task").error is None
    assert value(session, "answer") == 5


@pytest.mark.parametrize(
    "source",
    [
        "async def leave(): raise SystemExit\ntask = asyncio.create_task(leave())",
        "asyncio.get_running_loop().stop()\nawait asyncio.sleep(0.01)",
        "for task in asyncio.all_tasks(): task.cancel()",
    ],
)
def test_what_ends_a_loop_does_not_end_the_notebook(session: Session, source: str) -> None:
    session.run_cell(f"import asyncio\n{source}")
    session.run_cell("await asyncio.sleep(0)")
    assert session.run_cell("after = 1").error is None and value(session, "after") == 1


def test_a_copy_of_the_process_does_not_answer(session: Session) -> None:
    session.run_cell("import os, time\noriginal = os.getpid()\nif not os.fork(): time.sleep(0.1)")
    for _ in range(3):
        session.run_cell("time.sleep(0.1)\nis_original = os.getpid() == original")
        assert value(session, "is_original") is True


def test_what_programs_print_is_shown_in_its_place(session: Session) -> None:
    run = session.run_cell(
        "import subprocess, sys\nprint('before')\nsubprocess.run(['echo', 'hello'])\nprint('between')\n"
        "subprocess.run(['echo', '\u00fc'], stdout=sys.stdout)\n!echo err >&2\nprint('after')"
    )
    text = "before\nhello\nbetween\n\u00fc\nerr\nafter\n"
    assert run.outputs == [{"output_type": "stream", "name": "stdout", "text": text}]


def test_what_programs_print_while_the_grader_calls_is_not_shown(session: Session) -> None:
    session.run_cell("import subprocess\ndef f(x): return subprocess.run(['echo', x]).returncode")
    assert value(session, "f")("secret") == 0
    assert session.run_cell("1").outputs[0]["data"] == {"text/plain": "1"}


@pytest.mark.parametrize(
    ("source", "reason", "timeout"),
    [
        ("import os; os._exit(3)", "ended by itself, with status 3", False),
        ("import os; os.kill(os.getpid(), 11)", "ended by itself, with signal SIGSEGV", False),
        (
            "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)",
            "was ended: one step may take 1 seconds",
            True,
        ),
    ],
)
def test_a_lost_worker_is_explained(
    session: Session, source: str, reason: str, timeout: bool
) -> None:
    with pytest.raises(SessionLostError) as loss:
        session.run_cell(source, seconds=1)
    assert loss.value.reason == reason and loss.value.timeout == timeout
    with pytest.raises(SessionLostError):
        session.run_cell("1")
    assert session.lost is loss.value


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can watch all processes")
def test_memory_of_all_processes_is_limited(sandbox: Sandbox) -> None:
    with sandbox.open({}, Limits(memory=200 * MiB)) as session:
        session.run_cell("import os, time")
        with pytest.raises(SessionLostError, match="more than 200 MB of memory"):
            session.run_cell(
                "for _ in range(4):\n    if os.fork() == 0:\n"
                "        memory = b'x' * (80 * 2**20); time.sleep(60); os._exit(0)\ntime.sleep(60)"
            )


@pytest.mark.skipif(sys.platform != "linux", reason="/proc of Linux")
def test_all_processes_of_a_notebook_belong_to_the_sandbox(
    sandbox: Sandbox, session: Session
) -> None:
    session.run_cell("import os; pid = os.getpid()")
    pids = [process.pid for process in sandbox.processes()]
    assert value(session, "pid") in pids and len(pids) >= 3  # the zygote, a keeper, the worker
    assert sandbox.private_memory() > MiB


def test_a_mode_in_which_something_private_can_be_read_is_unavailable() -> None:
    try:
        Sandbox(isolation="userns").close()
    except IsolationUnavailableError as error:
        pytest.skip(error.reasons["userns"])
    with pytest.raises(IsolationUnavailableError) as unavailable:
        Sandbox(isolation="userns", private=[Path(os.__file__)])  # which every notebook may read
    assert "make it private" in unavailable.value.reasons["userns"]


def test_what_a_call_puts_into_its_arguments_does_not_spoil_its_answer(session: Session) -> None:
    session.run_cell("def fill(rows):\n    rows.append(print)\n    return len(rows)")
    fill = value(session, "fill")
    assert fill([1]) == 2 and fill.changed_arguments
    assert not session.rejections


def test_a_call_with_what_cannot_be_sent_raises_and_is_remembered(session: Session) -> None:
    session.run_cell("def kind(x):\n    return str(x)\ndef same(x):\n    return x\nsame_type = int")
    kind, same = value(session, "kind"), value(session, "same")
    assert kind(type(...)) == "<class 'ellipsis'>" and same(float) is float
    assert value(session, "same_type") is int
    with pytest.raises(ValueRejectedError, match="a value of type RemoteFunction cannot be sent"):
        kind(same)
    assert len(session.rejections) == 1
