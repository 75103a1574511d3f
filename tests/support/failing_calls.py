"""Runs of ``ottermark`` in which calls of the C library fail, or whose clock is set back.

``failing_calls.c`` lists the variables that say which. Run as a program, with ``LD_PRELOAD``, this
reads runs as JSON, and carries out each in a copy of one process: the imports take longer than a run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class FailingRun:
    """A command line, and the variables that say what fails in it."""

    arguments: Sequence[object]
    fault: Mapping[str, object]


@dataclass(frozen=True)
class EndedRun:
    """How a run ended; ``err`` is what it said to the terminal."""

    code: int
    out: str
    err: str


@cache
def library() -> str:
    """Return the path of the compiled library; raises ``FileNotFoundError`` without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise FileNotFoundError("a C compiler")
    source = Path(__file__).with_suffix(".c")
    target = Path(tempfile.mkdtemp(prefix="failing-calls-"), "failing_calls.so")
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(target), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return str(target)


def run_all(runs: Sequence[FailingRun]) -> list[EndedRun]:
    """Carry out runs one after the other."""
    wanted = [
        {
            "arguments": [str(argument) for argument in run.arguments],
            "fault": {name: str(value) for name, value in run.fault.items()},
        }
        for run in runs
    ]
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(wanted),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"LD_PRELOAD": library()},
    )
    return [EndedRun(**run) for run in json.loads(done.stdout)]


def _carry_out(arguments: Sequence[str], fault: Mapping[str, str]) -> dict[str, Any]:
    from ottermark.cli.main import main

    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.update(fault)
            sys.argv[1:] = arguments
            try:
                main()
            except SystemExit as ending:
                sys.stdout.flush()
                os._exit(ending.code if isinstance(ending.code, int) else 0)
            except BaseException:
                import traceback

                traceback.print_exc()
                sys.stderr.flush()
            os._exit(70)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return {"code": code, "out": out.read(), "err": err.read()}


if __name__ == "__main__":
    from ottermark.batch import local_executor, run, tables  # noqa: F401  (for all runs)

    runs = json.loads(sys.stdin.read())
    ended = [_carry_out(**each) for each in runs]
    sys.stdout.write(json.dumps(ended))
