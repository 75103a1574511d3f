"""The untrusted process, seen from the grader: start it, run cells in it, ask it, end it.

``Sandbox`` keeps one zygote (a process with the slow imports done); ``Session`` is one
student's process, forked from it behind the walls of ``walls``. What comes back over a session
is a claim.
"""

from __future__ import annotations

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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ottermark.errors import UsageError
from ottermark.limits import Limits, MiB
from ottermark.protocol.channel import (
    Channel,
    ChannelClosedError,
    ChannelTimeoutError,
    MalformedMessageError,
)
from ottermark.protocol.codec import (
    CallFailedError,
    CallTimeoutError,
    Decoder,
    Encoder,
    RemoteFunction,
    ValueRejectedError,
)
from ottermark.sandbox.isolation import LAYERS, MODES, remove

__all__ = [
    "LAYERS",
    "MODES",
    "CellRun",
    "IsolationUnavailableError",
    "Sandbox",
    "Session",
    "SessionLostError",
    "held_by",
    "starting",
]

START_SECONDS = 180  # importing TensorFlow from a cold disk on half a CPU
INTERRUPT_SECONDS = 3  # how long a cell has to notice that it was interrupted
END_SECONDS = 30  # how long a keeper has to end what a notebook left running
ZYGOTE = "ottermark.sandbox.zygote"
PACKAGES = str(Path(__file__).parents[2])  # where this package itself is found


class IsolationUnavailableError(UsageError):
    """Students' code cannot be walled off here.

    Args:
        lacking: what is in the way, by mode.
    """

    def __init__(self, message: str, lacking: dict[str, str]) -> None:
        super().__init__(message)
        self.lacking = lacking


class SessionLostError(Exception):
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
        isolation: the walls, one of ``MODES``; None takes the best that this machine gives.
        private: files and folders that must not be readable from behind the walls.
        trusted: the notebooks are the grader's own; where no wall can be had, do without.
        without: layers to leave out; for tests only.
        started: given the process as soon as there is one.

    Attributes:
        isolation: the walls that stand.
        lacking: why better walls do not stand, by mode.

    Raises:
        IsolationUnavailableError: the walls asked for cannot be set up here, or something private could be read
            from behind them.
    """

    def __init__(
        self,
        modules: Sequence[str] = (),
        isolation: str | None = None,
        private: Sequence[Path] = (),
        trusted: bool = False,
        without: Collection[str] = (),
        started: Callable[[subprocess.Popen[bytes]], None] | None = None,
    ) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="ottermark-"))
        self._home.chmod(0o711)  # other users get to their own folder in it and see no other
        self._without = sorted(without)
        self._asking = threading.Lock()
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._keepers: set[_Keeper] = set()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, "-P", "-m", ZYGOTE, str(theirs.fileno()), PACKAGES],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(self._home),
                cwd=self._home,
                start_new_session=True,
            )
        if started is not None:
            started(self._zygote)
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self.isolation, self.lacking = self._choose(
                isolation, [str(p) for p in private], trusted
            )
            self.preload(modules)
        except (RuntimeError, queue.Empty):
            self.close()
            raise UsageError(
                "Python for the notebooks did not start: check that "
                f"`{sys.executable} -m {ZYGOTE}` can be run and that memory is free."
            ) from None
        except UsageError:
            self.close()
            raise

    def preload(self, modules: Sequence[str]) -> None:
        """Import more of what notebooks import, before any is opened."""
        self._request({"do": "preload", "modules": list(modules)})

    def open(self, files: Mapping[str, Path], limits: Limits) -> Session:
        """Fork a process for one notebook, in a fresh folder with copies of ``files`` in it."""
        folder = Path(tempfile.mkdtemp(dir=self._home))
        for name, source in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
        channel, keeper = self._fork(self.isolation, folder, limits)
        answer = keeper.read(START_SECONDS) or {}
        if "started" not in answer:
            self._end(keeper, folder)
            raise UsageError(
                f"The wall {self.isolation!r} around a notebook could not be set up: "
                f"{answer.get('failed', 'its keeper ended')}; run `ottermark doctor`."
            )
        return Session(self, Channel(channel), keeper, folder, limits)

    def warning(self, marks: str) -> str:
        """Return a sentence that warns of ``marks`` made here, if no walls stand; else nothing."""
        if self.isolation != "none":
            return ""
        why = "; ".join(f"{mode}: {lack}" for mode, lack in self.lacking.items())
        return f"Warning: {marks} are not protected ({why})."

    def processes(self) -> list[Path]:
        """Return the folders in /proc of all processes that were started for notebooks."""
        mark = f"OTTERMARK={self._home}\0".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (process / "environ").read_bytes():
                    found.append(process)
        return found

    def held(self) -> int:
        """Return the bytes of memory that all these processes hold for themselves."""
        return sum(map(held_by, self.processes()))

    def close(self) -> None:
        """End all student processes and the zygote, and remove their folders."""
        for keeper in list(self._keepers):
            keeper.end()
        remove(self._home)  # first: killed in the middle of it, the zygote still tidies
        self._zygote.kill()
        self._zygote.wait()
        self._control.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _choose(
        self, wanted: str | None, private: list[str], trusted: bool
    ) -> tuple[str, dict[str, str]]:
        """Return the first mode whose walls stand, and why those before it do not."""
        root = sys.platform == "linux" and os.geteuid() == 0
        modes = [wanted] if wanted else [m for m in MODES if m != "uid" or root]
        lacking: dict[str, str] = {}
        for mode in modes:
            if mode == "none":
                if wanted or trusted or not root:
                    return mode, lacking
                break
            problem = self._try(mode, private)
            if problem is None:
                return mode, lacking
            lacking[mode] = problem
        told = "; ".join(f"{mode}: {problem}" for mode, problem in lacking.items())
        message = (
            f"Students' code cannot be walled off on this machine ({told}); mend that "
            "(`ottermark doctor` says more) or grade unprotected with --isolation none."
        )
        if wanted:
            message = f"The wall {wanted!r} does not stand on this machine: {lacking[wanted]}."
        raise IsolationUnavailableError(message, lacking)

    def _try(self, mode: str, private: list[str]) -> str | None:
        """Set up a mode's walls once and look from behind them; return what does not hold."""
        if sys.platform != "linux":
            return "needs Linux"
        folder = Path(tempfile.mkdtemp(dir=self._home))
        channel, keeper = self._fork(mode, folder, Limits(), private)
        channel.close()
        answer = keeper.read(START_SECONDS) or {}
        self._end(keeper, folder)
        if "started" not in answer:
            return str(answer.get("failed", "its keeper ended"))
        seen = answer["started"]
        if not seen["python"]:
            return f"another user cannot read Python at {sys.base_prefix} and {sys.prefix}"
        if not seen["home"]:
            return f"another user cannot get to {folder}; set TMPDIR to a folder like /tmp"
        if seen["network"]:
            return "the network can be reached from behind it"
        if seen["reached"]:
            return f"{seen['reached'][0]} can be read from behind it; make it private (chmod -R go-rwx)"
        return None

    def _fork(
        self, mode: str, folder: Path, limits: Limits, private: list[str] | None = None
    ) -> tuple[socket.socket, _Keeper]:
        channel, students = socket.socketpair()
        line, keepers = socket.socketpair()
        request = {
            "do": "fork",
            "mode": mode,
            "folder": str(folder),
            "limits": asdict(limits),
            "without": self._without,
            "private": private,
        }
        with students, keepers:
            self._request(request, [students.fileno(), keepers.fileno()])
        keeper = _Keeper(line)
        self._keepers.add(keeper)
        return channel, keeper

    def _end(self, keeper: _Keeper, folder: Path) -> dict[str, Any]:
        """End a notebook's processes, remove its folder and return how it ended."""
        ended = keeper.end()
        self._keepers.discard(keeper)
        remove(folder)
        return ended

    def _request(self, body: dict[str, Any], fds: Sequence[int] = ()) -> dict[str, Any]:
        with self._asking:
            try:
                socket.send_fds(self._control, [json.dumps(body).encode() + b"\n"], fds)
            except OSError:
                raise RuntimeError("the zygote has ended") from None
            answer = self._answers.get(timeout=START_SECONDS)
        if answer is None:
            self._answers.put(None)  # for whoever asks next
            raise RuntimeError("the zygote has ended")
        return answer

    def _listen(self) -> None:
        with (
            self._control.makefile("r", encoding="utf-8") as lines,
            contextlib.suppress(OSError, ValueError),
        ):
            for line in lines:
                self._answers.put(json.loads(line))
        self._answers.put(None)


def held_by(process: Path) -> int:
    """Return the bytes that a process holds and that no file on disk could give back.

    Of pages that several processes share it has its share, so sums are right. 0 where the system
    does not tell.

    Args:
        process: its folder in /proc.
    """
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss_Anon:"))
    except OSError:
        return 0


@contextlib.contextmanager
def starting(modules: Sequence[str], **settings: Any) -> Iterator[Callable[[], Sandbox]]:
    """Start a ``Sandbox`` beside other work; what is yielded waits for it. It is closed at the end."""
    zygotes: list[subprocess.Popen[bytes]] = []
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(Sandbox, modules, started=zygotes.append, **settings)
        try:
            yield future.result
        finally:
            if not future.done():  # nobody has needed it
                for zygote in zygotes:
                    zygote.kill()
            if future.exception() is None:
                future.result().close()


class _Keeper:
    """The grader's end of a keeper's socket; see ``keeper``."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._buffer = b""
        self._reading = threading.Lock()
        self._ended: dict[str, Any] | None = None

    def order(self, **order: Any) -> None:
        """Send an order; it is lost on a keeper that has ended."""
        with contextlib.suppress(OSError):
            self._line.sendall(json.dumps(order).encode() + b"\n")

    def interrupt(self) -> None:
        """Have the student's process interrupted; waits until that is done.

        Else the signal could arrive after the answer that it was to hasten, in the next cell.
        """
        self.order(do="interrupt")
        message = self.read(INTERRUPT_SECONDS)
        if message is not None and "ended" in message:
            self._ended = message

    def read(self, seconds: float) -> dict[str, Any] | None:
        """Return the keeper's next message, or None if none comes."""
        deadline = time.monotonic() + seconds
        with self._reading, contextlib.suppress(OSError):
            while b"\n" not in self._buffer:
                self._line.settimeout(max(0.01, deadline - time.monotonic()))
                part = self._line.recv(65_536)
                if not part:
                    return None
                self._buffer += part
            line, _, self._buffer = self._buffer.partition(b"\n")
            message: dict[str, Any] = json.loads(line)
            return message
        return None

    def ended(self, seconds: float) -> dict[str, Any] | None:
        """Return how the notebook ended, if it does so by itself within ``seconds``."""
        while self._ended is None:
            message = self.read(seconds)
            if message is None:
                return None
            if "ended" in message:
                self._ended = message
        return self._ended

    def end(self) -> dict[str, Any]:
        """Have everything ended and return how the student's process did end."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)
        ended = self.ended(END_SECONDS) or {"ended": None, "why": None}
        self._line.close()
        return ended


class Session:
    """One student's process. Use ``Sandbox.open``; close it when done."""

    def __init__(
        self, sandbox: Sandbox, channel: Channel, keeper: _Keeper, folder: Path, limits: Limits
    ) -> None:
        self._sandbox, self._channel, self._keeper = sandbox, channel, keeper
        self._limits, self.folder = limits, folder
        self._end = time.monotonic() + limits.run
        self.lost: SessionLostError | None = None
        self.telling = False  # whether calls now carry inputs that students must not learn
        self.silent: set[str] = set()  # functions that once took too long; they are not asked again

    def run_cell(
        self, source: str, seconds: float | None = None, seed: Mapping[str, Any] | None = None
    ) -> CellRun:
        """Run one cell; raises ``SessionLostError`` when the process does not survive it.

        Args:
            seconds: wall time for it, if not the limit of every cell.
            seed: see ``GradingConfig.seed``.
        """
        start = time.monotonic()
        limit = self._limits.cell if seconds is None else seconds
        answer, timeout = self._exchange({"do": "run", "source": source, "seed": seed}, (), limit)
        body, _ = answer
        error = body.get("error")
        outputs = body.get("outputs")
        return CellRun(
            outputs=outputs if type(outputs) is list else [],
            error=_checked_error(error, self.folder) if error is not None else None,
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
                    raise ValueRejectedError("it cannot be sent to the grader")
                values[name] = Decoder(blobs, _Peer(self, name)).decode(node["value"])
                if isinstance(values[name], RemoteFunction):
                    values[name].__name__ = name
            except ValueRejectedError as refusal:
                refused[name] = str(refusal)
        return values, refused

    def ask(
        self, name: str, handle: int, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Call an object the student's process keeps; see ``claims.Peer``."""
        slow = f"`{name}` did not answer within {self._limits.call:g} seconds"
        if name in self.silent:
            raise CallTimeoutError(slow)
        encoder = Encoder()
        node = encoder.encode((tuple(args), dict(kwargs)))
        (body, blobs), timeout = self._exchange(
            {"do": "ask", "handle": handle, "what": what, "args": node},
            encoder.blobs,
            self._limits.call,
        )
        if timeout:
            self.silent.add(name)
            raise CallTimeoutError(slow)
        if "raised" in body:
            if self.telling:
                raise CallFailedError(name, "an error")
            error = _checked_error({"kind": body["raised"], "text": body.get("text")}, self.folder)
            raise CallFailedError(name, error["kind"], error["text"])
        if "value" not in body:
            raise ValueRejectedError(f"what `{name}` returned cannot be sent to the grader")
        return Decoder(blobs, _Peer(self, name)).decode(body["value"])

    def test_inside(self, test: str, files: Mapping[str, bytes], twice: bool) -> dict[str, Any]:
        """Run a test file on the real objects, beside ``files``; the process is shown both.

        Args:
            twice: run it once more, in the other order.

        Returns:
            What that process says: ``passed`` and ``backwards``, or nothing.
        """
        request = {"do": "test_here", "test": test, "files": list(files), "twice": twice}
        (body, _), _ = self._exchange(request, list(files.values()), self._limits.cell)
        return body

    def close(self) -> None:
        """End the student's process and all that it started, and remove its folder."""
        self._sandbox._end(self._keeper, self.folder)
        self._channel.close()

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
        self._keeper.order(do="step", seconds=seconds)
        try:
            self._channel.send(request, blobs, deadline)
            try:
                return self._channel.receive(deadline), False
            except ChannelTimeoutError:
                self._keeper.interrupt()
                return self._channel.receive(time.monotonic() + INTERRUPT_SECONDS), True
        except ChannelTimeoutError:
            took = "the whole run" if deadline == self._end else "one step"
            limit = self._limits.run if deadline == self._end else seconds
            loss = SessionLostError(f"was ended: {took} may take {limit:g} seconds", timeout=True)
        except MalformedMessageError as bad:
            loss = SessionLostError(f"was ended: {bad}")
        except ChannelClosedError:
            loss = self._how_it_ended()
        self._keeper.end()
        self.lost = loss
        raise loss

    def _how_it_ended(self) -> SessionLostError:
        """Return why the process no longer answers."""
        ended = self._keeper.ended(1 + INTERRUPT_SECONDS)
        if self.telling:  # a status or a signal could carry what the code was asked
            return SessionLostError("ended, or passed a limit, while a hidden test called it")
        limits = self._limits
        if ended is None:
            return SessionLostError("was ended: it no longer answers the grader")
        code, why = ended["ended"], ended["why"]
        if why is None and code == -signal.SIGXCPU:
            why = "cpu"
        match why:
            case "cpu":
                return SessionLostError("was ended: it used too much processor time", timeout=True)
            case "memory":
                size = f"{limits.memory // MiB:,} MB"
                return SessionLostError(f"was ended: it used more than {size} of memory")
            case "processes":
                return SessionLostError(f"was ended: it ran more than {limits.processes} processes")
            case "hidden":
                return SessionLostError("was ended: it hid a process from the grader")
            case "disk":
                room = f"{limits.disk // MiB:,} MB or {limits.files:,} files"
                return SessionLostError(f"was ended: it wrote more than {room}")
        if code is not None and code < 0:
            known = {int(s): s.name for s in signal.Signals}
            return SessionLostError(f"ended by itself, with signal {known.get(-code, -code)}")
        return SessionLostError(f"ended by itself, with status {code}")


class _Peer:
    """Asks a session on behalf of a claim, under the name the student knows."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name

    def ask(self, handle: int, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return self._session.ask(self._name, handle, what, args, kwargs)


def _checked_error(error: Any, folder: Path) -> dict[str, Any]:
    """Return the error a cell reports in the one form the rest of the grader relies on."""
    fields = error if type(error) is dict else {}
    kind, text, line = fields.get("kind"), fields.get("text"), fields.get("line")
    return {
        "kind": kind if type(kind) is str and kind.isidentifier() and len(kind) < 100 else "error",
        "text": _first_line(text, folder) if type(text) is str else "",
        "line": line if type(line) is int and 0 < line < 100_000 else None,
    }


def _first_line(text: str, folder: Path) -> str:
    """Return the first line of a student's text as Markdown code, which shows it as it is."""
    text = text[:2_000].replace(str(folder), ".")  # whose name differs from run to run
    lines = text.strip().splitlines() or [""]
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in lines[0])[:300]
    return f"`{shown.replace('`', chr(39))}`" if shown else ""


def _environment(home: Path) -> dict[str, str]:
    """Return the environment of a student's process: nothing of the grader's but the search path."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "PYTHONPATH": PACKAGES,
        "OTTERMARK": str(home),  # so that a process can be told for whose it is
        "HOME": str(home),
        "TMPDIR": str(home),
        "MPLCONFIGDIR": str(home),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as kernels have it
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
