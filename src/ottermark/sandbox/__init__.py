"""The untrusted process, seen from the grader: start it, run cells in it, ask it, end it.

``Sandbox`` keeps one zygote (a process with the slow imports done); ``Session`` is one
student's process, forked from it. What comes back over a session is a claim.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.claims import CallFailed, ClaimRefused, Decoder, Encoder, FunctionClaim
from ottermark.errors import UsageProblem
from ottermark.sandbox.channel import BadMessage, Channel, ChannelClosed, ChannelTimeout

START_SECONDS = 180  # importing TensorFlow from a cold disk on half a CPU
INTERRUPT_SECONDS = 3  # how long a cell has to notice that it was interrupted


@dataclass(frozen=True)
class Limits:
    """How long a student's code may take, in seconds of wall time."""

    cell: float = 240
    call: float = 30
    run: float = 900


class SessionLost(Exception):
    """The student's process has ended, or had to be ended.

    Args:
        reason: what happened, in words for the student, as the end of "The notebook's process ...".
        timeout: whether it was ended for taking too long.
    """

    def __init__(self, reason: str, timeout: bool = False) -> None:
        super().__init__(f"the notebook's process {reason}")
        self.reason, self.timeout = reason, timeout


@dataclass(frozen=True)
class CellRun:
    """What running one cell gave.

    Attributes:
        outputs: nbformat outputs, as the student's process reports them.
        error: None, or the exception's ``kind``, ``text`` and ``line`` (1-based in the cell, or None).
        seconds: wall time.
        timeout: whether the cell was interrupted for taking too long.
    """

    outputs: list[dict[str, Any]]
    error: dict[str, Any] | None
    seconds: float
    timeout: bool = False


class Sandbox:
    """Starts student processes quickly; any number of threads may use one.

    Args:
        modules: what notebooks are known to import; imported once, here.
        isolation: which boundary holds. Only ``none`` so far: two processes, no other wall.
    """

    isolation = "none"

    def __init__(self, modules: Sequence[str] = ()) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="ottermark-"))
        self._asking = threading.Lock()
        self._answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._exits: defaultdict[int, queue.SimpleQueue[int]] = defaultdict(queue.SimpleQueue)
        self._running: set[int] = set()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "ottermark.sandbox.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(self._home),
                cwd=self._home,
                start_new_session=True,
            )
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._request({"do": "preload", "modules": list(modules)})
        except (RuntimeError, queue.Empty):
            self.close()
            raise UsageProblem(
                "Python for the notebooks did not start: check that "
                f"`{sys.executable} -m ottermark.sandbox.zygote` can be run and that memory is free."
            ) from None

    def open(self, files: Mapping[str, Path], limits: Limits) -> Session:
        """Fork a process for one notebook, in a fresh folder with copies of ``files`` in it."""
        folder = Path(tempfile.mkdtemp(dir=self._home))
        for name, source in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
        ours, theirs = socket.socketpair()
        with theirs:
            answer = self._request({"do": "fork", "folder": str(folder)}, theirs.fileno())
        self._running.add(answer["pid"])
        return Session(self, answer["pid"], Channel(ours), folder, limits)

    def wait(self, pid: int) -> int:
        """Wait for a student process to end; return its exit status (negative: the signal)."""
        code = self._exits[pid].get(timeout=START_SECONDS)
        self._running.discard(pid)
        return code

    def close(self) -> None:
        """End all student processes and the zygote, and remove their folders."""
        for pid in list(self._running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            self._exits[pid].put(-signal.SIGKILL)  # for whoever waits: the zygote tells no more
        self._zygote.kill()
        self._zygote.wait()
        self._control.close()
        shutil.rmtree(self._home, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(self, body: dict[str, Any], fd: int | None = None) -> dict[str, Any]:
        with self._asking:
            line = json.dumps(body).encode() + b"\n"
            socket.send_fds(self._control, [line], [] if fd is None else [fd])
            answer = self._answers.get(timeout=START_SECONDS)
        if "ended" in answer:
            raise RuntimeError("the process that student processes are forked from has ended")
        return answer

    def _listen(self) -> None:
        """Sort what the zygote says into answers and exits."""
        with self._control.makefile("r", encoding="utf-8") as lines, contextlib.suppress(OSError):
            for line in lines:
                message = json.loads(line)
                if "exited" in message:
                    self._exits[message["exited"]].put(message["code"])
                else:
                    self._answers.put(message)
        self._answers.put({"ended": True})


class Session:
    """One student's process. Use ``Sandbox.open``; close it when done."""

    def __init__(
        self, sandbox: Sandbox, pid: int, channel: Channel, folder: Path, limits: Limits
    ) -> None:
        self._sandbox, self._pid, self._channel = sandbox, pid, channel
        self._limits, self.folder = limits, folder
        self._end = time.monotonic() + limits.run
        self.lost: SessionLost | None = None
        self._waited = False
        self.silent: set[str] = set()  # functions that once took too long; they are not asked again
        self.told = False  # whether the student's code has been shown any of the grader's inputs

    def run_cell(self, source: str) -> CellRun:
        """Run one cell; raises ``SessionLost`` when the process does not survive it."""
        start = time.monotonic()
        answer, timeout = self._exchange({"do": "run", "source": source}, (), self._limits.cell)
        body, _ = answer
        error = body.get("error")
        outputs = body.get("outputs")
        return CellRun(
            outputs=outputs if type(outputs) is list else [],
            error=_checked_error(error) if error is not None else None,
            seconds=time.monotonic() - start,
            timeout=timeout,
        )

    def claims(self, names: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
        """Ask for the student's values of ``names``.

        Returns:
            The values that came, and for those that were refused the reason.
        """
        (body, blobs), _ = self._exchange(
            {"do": "claim", "names": list(names)}, (), self._limits.call
        )
        nodes = body.get("names")
        values: dict[str, Any] = {}
        refused: dict[str, str] = {}
        for name in names:
            node = nodes.get(name) if type(nodes) is dict else None
            if type(node) is not dict:
                continue
            try:
                if "value" not in node:
                    raise ClaimRefused("it cannot be sent to the grader")
                values[name] = Decoder(blobs, _Peer(self, name)).decode(node["value"])
                if isinstance(values[name], FunctionClaim):
                    values[name].__name__ = name
            except ClaimRefused as refusal:
                refused[name] = str(refusal)
        return values, refused

    def ask(
        self, name: str, handle: int, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Call an object the student's process keeps; see ``claims.Peer``."""
        slow = f"`{name}` did not answer within {self._limits.call:g} seconds"
        if name in self.silent:
            raise ClaimRefused(slow)
        self.told = True
        encoder = Encoder()
        node = encoder.encode((tuple(args), dict(kwargs)))
        (body, blobs), timeout = self._exchange(
            {"do": "ask", "handle": handle, "what": what, "args": node},
            encoder.blobs,
            self._limits.call,
        )
        if timeout:
            self.silent.add(name)
            raise ClaimRefused(slow)
        if "raised" in body:
            kind = body["raised"]
            raise CallFailed(name, kind if kind in PYTHONS_OWN else "an error")
        if "value" not in body:
            raise ClaimRefused(f"what `{name}` returned cannot be sent to the grader")
        return Decoder(blobs, _Peer(self, name)).decode(body["value"])

    def test_inside(self, test_file: Path, folder: Path) -> dict[str, Any]:
        """Run a test file on the real objects, in ``folder``.

        Only for notebooks that are trusted: their process is shown the test.
        """
        request = {"do": "test_here", "path": str(test_file), "folder": str(folder)}
        (body, _), _ = self._exchange(request, (), self._limits.cell)
        return body

    def close(self) -> None:
        """End the student's process and all its group, and remove its folder."""
        self._kill()
        self._channel.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _exchange(
        self, request: dict[str, Any], blobs: Sequence[bytes], seconds: float
    ) -> tuple[tuple[dict[str, Any], list[bytes]], bool]:
        """Send a request and return the answer, and whether it had to be interrupted for it."""
        if self.lost is not None:
            raise self.lost
        deadline = min(time.monotonic() + seconds, self._end)
        try:
            self._channel.send(request, blobs, deadline)
            try:
                return self._channel.receive(deadline), False
            except ChannelTimeout:
                os.kill(self._pid, signal.SIGINT)
                return self._channel.receive(time.monotonic() + INTERRUPT_SECONDS), True
        except ChannelTimeout:
            took = "the whole run" if deadline == self._end else "one step"
            limit = self._limits.run if deadline == self._end else seconds
            self._lose(SessionLost(f"was ended: {took} may take {limit:g} seconds", timeout=True))
        except BadMessage as bad:
            self._lose(SessionLost(f"was ended: {bad}"))
        except ChannelClosed:
            code = self._reap()
            name = f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
            self._lose(SessionLost(f"ended by itself, with {name}"))
        raise AssertionError("unreachable")

    def _lose(self, loss: SessionLost) -> None:
        self._kill()
        self.lost = loss
        raise loss

    def _kill(self) -> None:
        if not self._waited:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)  # before it has called setsid
            self._reap()

    def _reap(self) -> int:
        if not self._waited:
            self._code = self._sandbox.wait(self._pid)
            self._waited = True
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)  # what it left running in its group
        return self._code


class _Peer:
    """Asks a session on behalf of a claim, under the name the student knows."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name

    def ask(self, handle: int, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return self._session.ask(self._name, handle, what, args, kwargs)


PYTHONS_OWN = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


def _checked_error(error: Any) -> dict[str, Any]:
    """Return the error a cell reports in the one form the rest of the grader relies on."""
    fields = error if type(error) is dict else {}
    kind, text, line = fields.get("kind"), fields.get("text"), fields.get("line")
    return {
        "kind": kind if type(kind) is str and kind.isidentifier() and len(kind) < 100 else "error",
        "text": text[:2_000] if type(text) is str else "",
        "line": line if type(line) is int and 0 < line < 100_000 else None,
    }


def _environment(home: Path) -> dict[str, str]:
    """Return the environment of a student's process: nothing of the grader's but the search path."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "MPLCONFIGDIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        # one thread a student: two graders on two cores do not fight, and sums keep their order
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
