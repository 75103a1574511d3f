"""One worker, as the grader uses it: run cells, read values, call functions, run tests.

Everything that a session returns comes from an untrusted process. It is checked for its form, and
no more than that can be relied on.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ottermark.errors import MachineFaultError, OttermarkError
from ottermark.limits import Limits, MiB
from ottermark.protocol.channel import (
    Channel,
    ChannelClosedError,
    ChannelTimeoutError,
    MalformedMessageError,
)
from ottermark.protocol.codec import Decoder, Encoder
from ottermark.protocol.model_description import ModelDescription
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteFunction,
    RemoteModel,
    ResultRejectedError,
    ValueRejectedError,
)
from ottermark.sandbox.keeper_client import (
    INTERRUPT_SECONDS,
    MACHINE_MEMORY,
    KeeperClient,
    WorkerEnd,
)
from ottermark.text import markdown_code

MAX_ERROR_TEXT = 2_000  # characters that are looked at
MAX_SHOWN_TEXT = 300  # characters that are shown
MAX_ERROR_KIND = 100
MAX_LINE_NUMBER = 100_000

ModelFactory = Callable[[RemoteModel], Any]


class SessionLostError(OttermarkError):
    """The worker has ended, or had to be ended.

    Args:
        reason: what happened, as the end of the sentence "The notebook's process ...".
        timeout: whether it was ended for taking too long.
        by_machine: whether the machine ended it, and not the notebook itself or a limit.
    """

    def __init__(self, reason: str, timeout: bool = False, by_machine: bool = False) -> None:
        super().__init__(f"the notebook's process {reason}")
        self.reason, self.timeout, self.by_machine = reason, timeout, by_machine

    def as_machine_fault(self, hidden_inputs_shown: bool = False) -> MachineFaultError | None:
        """Return the fault of the machine that this was; None if it was the notebook's end."""
        if not self.by_machine:
            return None
        return MachineFaultError(
            f"A notebook's process {self.reason}; free memory or grade fewer at a time (-j 1), and "
            "run the same command again.",
            hidden_inputs_shown=hidden_inputs_shown,
        )


@dataclass(frozen=True)
class CellRun:
    """The result of running one cell.

    Attributes:
        outputs: nbformat outputs, as the worker reports them.
        error: None, or the exception's ``kind``, ``text`` and ``line`` (1-based in the cell, or
            None).
        seconds: wall time.
        timeout: whether the cell was interrupted for taking too long.
    """

    outputs: list[dict[str, Any]]
    error: dict[str, Any] | None
    seconds: float
    timeout: bool = False


@dataclass(frozen=True)
class _Reply:
    """A worker's answer to one request.

    Attributes:
        interrupted: whether the worker had to be interrupted for it.
    """

    body: dict[str, Any]
    blobs: list[bytes]
    interrupted: bool


class Session:
    """A connection to one worker. Open it with ``Sandbox.open``.

    Args:
        channel: carries requests and replies.
        keeper: ends the worker when it is lost.
        folder: the notebook's folder on this machine.
        limits: what the notebook may use.
        make_model: see ``Decoder``.
        on_close: called when the session is closed.

    Attributes:
        lost: why the worker has ended; None while it answers.
        hidden_inputs_shown: whether calls now carry inputs that students must not learn. Set by
            the user of the session; what the worker reports is then no longer passed on.
        timed_out: names of functions and models that once took too long; they are not called
            again.
        remotes: by name, the functions and models in the values that were read last, however deep
            inside them.
    """

    def __init__(
        self,
        channel: Channel,
        keeper: KeeperClient,
        folder: Path,
        limits: Limits,
        make_model: ModelFactory,
        on_close: Callable[[], object],
    ) -> None:
        self._channel, self._keeper, self._on_close = channel, keeper, on_close
        self._limits, self._make_model, self.folder = limits, make_model, folder
        self._deadline = time.monotonic() + limits.run
        self.lost: SessionLostError | None = None
        self.hidden_inputs_shown = False
        self.rejections: list[ValueRejectedError] = []
        self.timed_out: set[str] = set()
        self.remotes: dict[str, list[Any]] = {}

    def run_cell(
        self, source: str, seconds: float | None = None, seed: Mapping[str, Any] | None = None
    ) -> CellRun:
        """Run one cell.

        Args:
            source: the code.
            seconds: wall time for it; None for the limit of every cell.
            seed: see ``GradingConfig.seed``.

        Raises:
            SessionLostError: the worker did not survive it.
        """
        start = time.monotonic()
        limit = self._limits.cell if seconds is None else seconds
        request = {"method": "run_cell", "source": source, "seed": seed}
        reply = self._request(request, (), limit)
        error, outputs = reply.body.get("error"), reply.body.get("outputs")
        return CellRun(
            outputs=outputs if type(outputs) is list else [],
            error=_checked_error(error, self.folder) if error is not None else None,
            seconds=time.monotonic() - start,
            timeout=reply.interrupted,
        )

    def read_values(self, names: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what names of the notebook stand for.

        Returns:
            The values, and the reasons for which other values were rejected, both by name. A name
            that is not defined is in neither.

        Raises:
            SessionLostError: the worker did not survive it.
        """
        request = {"method": "read_values", "names": list(names)}
        reply = self._request(request, (), self._limits.call)
        nodes = reply.body.get("names")
        values: dict[str, Any] = {}
        rejected: dict[str, str] = {}
        self.remotes = {}
        for name in names:
            node = nodes.get(name) if type(nodes) is dict else None
            if type(node) is not dict:
                continue
            try:
                if "value" not in node:
                    raise ValueRejectedError("it cannot be sent to the grader")
                decoder = self._decoder(name, reply.blobs)
                values[name] = decoder.decode(node["value"])
                self.remotes[name] = decoder.remotes
                if isinstance(values[name], RemoteFunction):
                    values[name].__name__ = name
            except ValueRejectedError as rejection:
                rejected[name] = str(rejection)
        return values, rejected

    def call(
        self, name: str, handle: int, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Any, bool]:
        """Use an object that the worker retains; see ``proxies.Peer``.

        Args:
            name: what the student calls the object, or what it came from.

        Returns:
            The result, and whether the call has written into its arguments.

        Raises:
            SessionLostError: the worker did not survive it.
        """
        too_slow = f"`{name}` did not answer within {self._limits.call:g} seconds"
        if name in self.timed_out:
            raise CallTimeoutError(too_slow)
        encoder = Encoder()
        node = encoder.encode((tuple(args), dict(kwargs)))
        request = {"method": "call", "handle": handle, "operation": operation, "args": node}
        reply = self._request(request, encoder.blobs, self._limits.call)
        if reply.interrupted:
            self.timed_out.add(name)
            raise CallTimeoutError(too_slow)
        if "raised" in reply.body:
            raise self._call_failed(name, reply.body)
        if "value" not in reply.body:
            raise ResultRejectedError(name)
        changed = reply.body.get("changed_arguments") is True
        try:
            return self._decoder(name, reply.blobs).decode(reply.body["value"]), changed
        except ValueRejectedError as rejection:
            raise ResultRejectedError(name, str(rejection)) from None

    def run_tests_in_worker(
        self, source: str, files: Mapping[str, bytes], both_orders: bool
    ) -> dict[str, Any]:
        """Run a test file on the real objects; the worker is shown the tests and the files.

        Args:
            source: the test file.
            files: what the tests may read, by path.
            both_orders: also run the tests in reversed order.

        Returns:
            What the worker reports: ``passed`` and ``failed_in_reverse``, or anything else.

        Raises:
            SessionLostError: the worker did not survive it.
        """
        request = {
            "method": "run_tests",
            "source": source,
            "files": list(files),
            "both_orders": both_orders,
        }
        return self._request(request, list(files.values()), self._limits.cell).body

    def compute_model(
        self,
        place: int,
        description: ModelDescription | None,
        weights: Sequence[np.ndarray[Any, Any]],
        x: np.ndarray[Any, Any],
    ) -> dict[str, Any]:
        """Compute the output of a described model.

        Args:
            place: a number under which the worker holds the model.
            description: of the model; None for the one that is held there.
            weights: its weights, in Keras's order.
            x: the input.

        Returns:
            ``value``, the output; or ``obstacle``, the name of what is not computed; or
            ``raised``, the kind of an exception.

        Raises:
            SessionLostError: the worker did not survive it.
            CallTimeoutError: it took too long.
            ValueRejectedError: model, input or output is larger than what may cross.
        """
        encoder = Encoder()
        request = {
            "method": "compute_model",
            "place": place,
            "x": encoder.encode(x),
            "description": None if description is None else encoder.encode_description(description),
            "weights": encoder.encode(list(weights)),
        }
        reply = self._request(request, encoder.blobs, self._limits.call)
        if reply.interrupted:
            raise CallTimeoutError("the model took too long to compute")
        if "value" in reply.body:
            return {"value": self._decoder("model", reply.blobs).decode(reply.body["value"])}
        return reply.body

    def close(self) -> None:
        """End the worker and all that it started, and remove its folder."""
        self._on_close()
        self._channel.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _decoder(self, name: str, blobs: Sequence[bytes]) -> Decoder:
        return Decoder(blobs, _Peer(self, name), make_model=self._make_model)

    def _call_failed(self, name: str, body: dict[str, Any]) -> CallFailedError:
        if self.hidden_inputs_shown:
            return CallFailedError.of(body.get("common"), name, "an error")
        error = _checked_error({"kind": body["raised"], "text": body.get("text")}, self.folder)
        return CallFailedError.of(body.get("common"), name, error["kind"], error["text"])

    def _request(self, request: dict[str, Any], blobs: Sequence[bytes], seconds: float) -> _Reply:
        """Send a request and return the reply; interrupt the worker after ``seconds``."""
        if self.lost is not None:
            raise self.lost
        deadline = min(time.monotonic() + seconds, self._deadline)
        self._keeper.start_step(seconds)
        try:
            self._channel.send(request, blobs, deadline)
            try:
                return _Reply(*self._channel.receive(deadline), interrupted=False)
            except ChannelTimeoutError:
                self._keeper.interrupt()
                deadline_after = time.monotonic() + INTERRUPT_SECONDS
                return _Reply(*self._channel.receive(deadline_after), interrupted=True)
        except ChannelTimeoutError:
            scope = "the whole run" if deadline == self._deadline else "one step"
            limit = self._limits.run if deadline == self._deadline else seconds
            loss = SessionLostError(f"was ended: {scope} may take {limit:g} seconds", timeout=True)
        except MalformedMessageError as error:
            loss = SessionLostError(f"was ended: {error}")
        except ChannelClosedError:
            loss = self._explain_end()
        self._keeper.end()
        self.lost = loss
        raise loss

    def _explain_end(self) -> SessionLostError:
        """Return why the worker no longer answers."""
        end = self._keeper.wait_for_end(1 + INTERRUPT_SECONDS)
        if self._keeper.is_lost:  # which no notebook can bring about where there is isolation
            return SessionLostError("was ended: the process that watches it was", by_machine=True)
        if self.hidden_inputs_shown:  # the status or the limit could carry them
            return SessionLostError("ended, or passed a limit, while a hidden test called it")
        if end is None:
            return SessionLostError("was ended: it no longer answers the grader")
        return _describe_end(end, self._limits)


class _Peer:
    """Calls retained objects over a session, under the name that the student knows."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name
        self.changed_arguments = False
        self.rejections = session.rejections

    def call(
        self, handle: int, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        value, changed = self._session.call(self._name, handle, operation, args, kwargs)
        self.changed_arguments |= changed
        return value


def _describe_end(end: WorkerEnd, limits: Limits) -> SessionLostError:
    limit = "cpu" if end.limit is None and end.status == -signal.SIGXCPU else end.limit
    if limit == MACHINE_MEMORY:
        return SessionLostError("was ended: the machine is short of memory", by_machine=True)
    if limit is not None:
        reason = {
            "cpu": "it used too much processor time",
            "memory": f"it used more than {limits.memory // MiB:,} MB of memory",
            "processes": f"it ran more than {limits.processes} processes",
            "hidden": "it hid a process from the grader",
            "disk": f"it wrote more than {limits.disk // MiB:,} MB or {limits.files:,} files",
        }[limit]
        return SessionLostError(f"was ended: {reason}", timeout=limit == "cpu")
    if end.status is not None and end.status < 0:
        names = {int(known): known.name for known in signal.Signals}
        name = names.get(-end.status, -end.status)
        return SessionLostError(f"ended by itself, with signal {name}")
    return SessionLostError(f"ended by itself, with status {end.status}")


def _checked_error(error: Any, folder: Path) -> dict[str, Any]:
    """Return the error that a worker reports, in the form that ``CellRun`` describes."""
    fields = error if type(error) is dict else {}
    kind, text, line = fields.get("kind"), fields.get("text"), fields.get("line")
    is_name = type(kind) is str and kind.isidentifier() and len(kind) < MAX_ERROR_KIND
    is_line = type(line) is int and 0 < line < MAX_LINE_NUMBER
    return {
        "kind": kind if is_name else "error",
        "text": _first_line(text, folder) if type(text) is str else "",
        "line": line if is_line else None,
    }


def _first_line(text: str, folder: Path) -> str:
    """Return the first line of a student's text as Markdown code, so that it is shown verbatim."""
    text = text[:MAX_ERROR_TEXT].replace(str(folder), ".")  # its name differs from run to run
    lines = text.strip().splitlines() or [""]
    return markdown_code(lines[0], MAX_SHOWN_TEXT)
