"""The cells of a notebook, each run once, whatever ends the process.

A process that ends is replaced when it is needed again: the new one runs the cells so far, without
those that ended a process, and values that are still needed are read again at their places.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

from ottermark.errors import OttermarkError
from ottermark.grading.messages import (
    cell_ended_process,
    cell_raised,
    cell_timed_out,
    cells_not_run,
)
from ottermark.limits import Limits
from ottermark.models.evaluator import Evaluator
from ottermark.models.keras_model import make_model
from ottermark.results.result import CellProblem, Status
from ottermark.sandbox.sandbox import Sandbox
from ottermark.sandbox.session import CellRun, Session, SessionLostError

MAX_STARTS = 4


class ReplayEndedError(OttermarkError):
    """No process is left to ask: too many have ended, or the time of the run is over."""


class Reader(Protocol):
    """Something that holds values of the notebook's process."""

    def read(self, session: Session) -> None:
        """Read the values; raises ``SessionLostError`` if that ends the process."""

    def abandon(self) -> None:
        """Give up the values: reading them ended the process."""


@dataclass(frozen=True)
class FinishedCell:
    """A cell that has had its turn.

    Attributes:
        index: in the notebook, from 0.
        outputs: what it showed; None if it has no code, was skipped, or ended the process.
    """

    index: int
    outputs: list[dict[str, Any]] | None = None


class Replay:
    """Runs the cells of one notebook, in as many processes as that takes.

    Args:
        cells: with ``cell_type`` and ``source``.
        files: the student files, by their path beside the notebook.
        limits: of the whole run.
        deadline: when the run is over, on the monotonic clock.
        reserve: seconds before the deadline that cells must leave to what comes after them.
        seed: see ``GradingConfig.seed``.
        skipped: cells that are not run.
        faults_end: see ``grade``.

    Raises ``MachineFaultError``, from any of its methods, where the machine ends a process.

    Attributes:
        status: ``graded``, or the first thing that went wrong.
        problems: by cell, what went wrong there.
        skipped: cells that are not run, those that ended a process among them.
        last_run: the index of the last code cell that ran to its end; -1 for none.
        loss: how the last process ended, if one did.
    """

    def __init__(
        self,
        cells: Sequence[Mapping[str, Any]],
        files: Mapping[str, Path],
        sandbox: Sandbox,
        limits: Limits,
        deadline: float,
        reserve: float,
        seed: Mapping[str, Any] | None,
        skipped: frozenset[int] = frozenset(),
        faults_end: bool = True,
    ) -> None:
        self._cells, self._files, self._sandbox = cells, files, sandbox
        self._limits, self._deadline, self._reserve, self._seed = limits, deadline, reserve, seed
        self._faults_end = faults_end
        self.status: Status = "graded"
        self.problems: dict[int, CellProblem] = {}
        self.skipped = skipped
        self.last_run = -1
        self.loss: SessionLostError | None = None
        self._hidden_inputs_shown = False
        self._readers: list[tuple[int, Reader]] = []
        self._position = 0  # cells before this one have had their turn
        self._starts = 0
        self._session: Session | None = None
        self._evaluator = Evaluator(lambda: sandbox.open({}, replace(limits, run=self._left())))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self._evaluator.close()

    @property
    def last_index(self) -> int:
        """The index of the last cell that has had its turn; -1 before the first."""
        return self._position - 1

    def cells(self) -> Iterator[FinishedCell]:
        """Yield each cell after its turn, up to the one for which no time is left.

        Raises:
            ReplayEndedError: a process is needed and none can be started.
        """
        while self._position < len(self._cells):
            index = self._position
            if self._has_code(index) and self._cells_are_over():
                self._stop_at(index)
                return
            outputs = self._first_run(index) if self._has_code(index) else None
            self._position += 1
            yield FinishedCell(index, outputs)

    def session(self) -> Session:
        """Return a process in which all cells that have had their turn have run.

        Raises:
            ReplayEndedError: none can be started.
        """
        while self._session is None or self._session.lost is not None:
            self._restart()
        return self._session

    def retain(self, reader: Reader) -> None:
        """Have ``reader`` read again at the current place in every new process."""
        self._readers.append((self.last_index, reader))

    def release(self, reader: Reader) -> None:
        """Do not read for ``reader`` any more."""
        self._readers = [(index, other) for index, other in self._readers if other is not reader]

    def show_hidden_inputs(self) -> None:
        """From now on, calls carry inputs that students must not learn."""
        self._hidden_inputs_shown = True
        if self._session is not None:
            self._session.hidden_inputs_shown = True

    def note(self, status: Status) -> None:
        """Note that something went wrong; the first such status stands."""
        if self.status == "graded":
            self.status = status

    def note_calls(self, session: Session) -> None:
        """Note whether calls were too slow, or ended the process.

        Raises:
            MachineFaultError: the machine failed meanwhile.
        """
        if self._faults_end and self._evaluator.fault is not None:
            raise self._evaluator.fault
        if session.timed_out:
            self.note("timeout")
        if session.lost is not None:
            self._note_loss(session.lost)

    # ------------------------------------------------------------------------- processes

    def _restart(self) -> None:
        if self._session is not None and self._session.lost is not None:
            self._refuse_fault(self._session.lost)
        self._close()
        if self._starts == MAX_STARTS or self._left() <= 0:
            raise ReplayEndedError
        self._starts += 1
        self._session = self._sandbox.open(
            self._files,
            replace(self._limits, run=self._left()),
            lambda remote: make_model(remote, self._evaluator),
        )
        self._session.hidden_inputs_shown = self._hidden_inputs_shown
        try:
            self._run_again(self._session)
        except SessionLostError as loss:
            self._note_loss(loss)

    def _run_again(self, session: Session) -> None:
        """Run the cells that have had their turn, and read again what is still needed."""
        for index in range(self._position):
            if self._has_code(index):
                if self._cells_are_over():
                    self._stop_at(index)
                    return
                self._run(session, index)
            for _, reader in [pair for pair in self._readers if pair[0] == index]:
                self._read_again(session, reader)

    def _read_again(self, session: Session, reader: Reader) -> None:
        try:
            reader.read(session)
        except SessionLostError:
            reader.abandon()
            self.release(reader)
            raise

    def _close(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    # ----------------------------------------------------------------------------- cells

    def _has_code(self, index: int) -> bool:
        cell = self._cells[index]
        return cell["cell_type"] == "code" and cell["source"].strip() and index not in self.skipped

    def _first_run(self, index: int) -> list[dict[str, Any]] | None:
        """Run a cell for the first time; return its outputs, None if it ended the process."""
        session = self.session()
        seconds = min(self._limits.cell, self._left() - self._reserve)
        try:
            run = self._run(session, index)
        except SessionLostError as loss:
            self._note_loss(loss)
            return None
        self.last_run = index
        if run.timeout:
            self.note("timeout")
            self.problems[index] = CellProblem(index, cell_timed_out(index, seconds, self._limits))
        elif run.error is not None:
            source = self._cells[index]["source"]
            text = cell_raised(index, source, run.error)
            self.problems[index] = CellProblem(index, text, raised=True)
        return run.outputs

    def _run(self, session: Session, index: int) -> CellRun:
        seconds = min(self._limits.cell, self._left() - self._reserve)
        try:
            return session.run_cell(self._cells[index]["source"], seconds, self._seed)
        except SessionLostError as loss:
            self.skipped |= {index}
            self._note_problem(index, cell_ended_process(index, loss))
            raise

    def _stop_at(self, index: int) -> None:
        self.note("timeout")
        self._note_problem(index, cells_not_run(index, self._limits))

    def _note_problem(self, index: int, text: str) -> None:
        """Note what went wrong in a cell, unless its code may know hidden inputs: it could say them so."""
        if not self._hidden_inputs_shown:
            self.problems[index] = CellProblem(index, text)

    def _note_loss(self, loss: SessionLostError) -> None:
        self._refuse_fault(loss)
        self.loss = loss
        self.note("timeout" if loss.timeout else "crashed")

    def _refuse_fault(self, loss: SessionLostError) -> None:
        """Raise ``MachineFaultError`` if the machine ended a process: that must cost no points."""
        fault = loss.as_machine_fault(self._hidden_inputs_shown)
        if self._faults_end and fault is not None:
            raise fault

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _cells_are_over(self) -> bool:
        return self._left() <= self._reserve
