"""Grade one submission: a generator of events, from the first cell to the result.

Each question is graded at its check cell. Only if it has no answer there, or none of the form that
is asked for, what its names stand for after the last cell counts instead: students put answers into
cells of their own. (The better of two answers would be two guesses.) Only where the check cell is
gone, so that nobody can say which of two places is meant, does the better of two answers count.

Hidden tests that call a function or model of the student's show it the grader's inputs. They
wait until every cell has run and every answer has been read, and all that the student may
read of them is whether they passed: so nothing that the code learns there can be told.

Questions whose tests need objects that cannot cross (see ``Question.why_unprotected``) come last of all: in
a new process all cells are run once more, and these tests, at their places, beside them. All other
points stand by then, so what the code learns there is of no use to it but for these questions.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ottermark.assignment import Question
from ottermark.files import files_below
from ottermark.grading.autograder import Autograder
from ottermark.grading.events import CellFinished, Event, Finished, PartialResult, StepStarted
from ottermark.grading.messages import ENDED_IN_WORKER, case_message, not_reached, reading_failed
from ottermark.grading.notebook_replay import Replay, ReplayEndedError
from ottermark.grading.otter_tests import OtterTests
from ottermark.grading.question_attempt import Attempt
from ottermark.limits import Limits
from ottermark.results.result import (
    CaseResult,
    InWorkerResult,
    QuestionResult,
    SubmissionResult,
)
from ottermark.sandbox.sandbox import Sandbox
from ottermark.sandbox.session import Session, SessionLostError
from ottermark.submissions.answer_code import AnswerCell, read_answer_code
from ottermark.submissions.grading_places import headings_above
from ottermark.submissions.notebook import SubmittedNotebook
from ottermark.submissions.written_answers import read_written_answers

RESERVE = 1 / 6  # the part of the run that is kept for the hidden tests' calls


def grade(
    notebook: SubmittedNotebook,
    autograder: Autograder,
    sandbox: Sandbox,
    limits: Limits | None = None,
    trusted: bool = False,
    faults_end: bool = True,
) -> Iterator[Event]:
    """Grade one submission.

    Tests read their data files by relative paths, so the generator must be run inside
    ``autograder.working_directory()``.

    Args:
        trusted: also run the tests on the real objects inside the notebook's process. Only for
            the solution: the tests are shown to that process.
        faults_end: whether ``MachineFaultError`` is raised where the machine ends a process; else
            that costs what it interrupts, as if the notebook had ended it.

    Yields:
        Steps, finished cells, the result after each question, and last ``Finished``.
    """
    return _Grading(notebook, autograder, sandbox, limits or Limits(), trusted, faults_end).events()


class _Grading:
    """The grading of one submission; see ``grade``."""

    def __init__(
        self,
        notebook: SubmittedNotebook,
        autograder: Autograder,
        sandbox: Sandbox,
        limits: Limits,
        trusted: bool,
        faults_end: bool,
    ) -> None:
        self._notebook, self._autograder, self._sandbox = notebook, autograder, sandbox
        self._limits, self._trusted, self._faults_end = limits, trusted, faults_end
        self._places = notebook.grading_places(autograder.assignment)
        self._headings = headings_above(notebook.cells)
        self._tests = {q.id: OtterTests(autograder.test_path(q.id)) for q in self._questions}
        self._written = read_written_answers(notebook.cells, autograder.assignment)
        self._attempts: dict[str, list[Attempt]] = {}  # read at their questions' places
        self._later: dict[str, Attempt] = {}  # read after the last cell
        self._results: dict[str, QuestionResult] = {}
        self._leaderboard: dict[str, dict[str, Any]] = {}  # columns, by name
        self._cells_seconds: float | None = None
        self._start = time.monotonic()  # what comes before is not the notebook's time
        self._deadline = self._start + limits.run
        self._replay = self._new_replay(reserve=limits.run * RESERVE)

    @property
    def _questions(self) -> tuple[Question, ...]:
        return self._autograder.assignment.automatic

    def events(self) -> Iterator[Event]:
        """Run the cells and grade the questions."""
        with self._replay, contextlib.suppress(ReplayEndedError):
            yield from self._run_cells()
            yield from self._read_unreached()
            self._read_later_answers()
            yield from self._run_hidden_tests()
        if not self._trusted and any(question.why_unprotected for question in self._questions):
            yield from self._run_unprotected()
        yield Finished(replace(self._result(), code=self._answer_code()))

    # ------------------------------------------------------------------- stages, in order

    def _run_cells(self) -> Iterator[Event]:
        """Run each cell, and read the answers of the questions that end with it."""
        total = len(self._notebook.cells)
        yield StepStarted(f"cell 1 of {total}")
        for cell in self._replay.cells():
            if cell.outputs is not None:
                yield CellFinished(cell.index, cell.outputs)
            for question in self._questions:
                if cell.index in self._places[question.id].cells:
                    yield from self._read_answer(question, cell.index)
            yield StepStarted(f"cell {cell.index + 2} of {total}")

    def _read_unreached(self) -> Iterator[Event]:
        """Read the answers of questions whose place was not reached in time."""
        for question in self._questions:
            if question.id not in self._attempts and question.id not in self._results:
                yield from self._read_answer(question, self._replay.last_index)

    def _read_later_answers(self) -> None:
        """Read answers that were given only after their question's place."""
        for question in self._questions:
            attempts = self._attempts.get(question.id)
            if not attempts or any(a.abandoned or a.is_answer for a in attempts):
                continue
            if self._places[question.id].cells[-1] >= self._replay.last_run:
                continue
            attempt = Attempt(question, self._tests[question.id], self._replay.last_run)
            if not self._read(attempt):
                for earlier in attempts:
                    earlier.abandon()
            elif not any(map(attempt.same_values, attempts)):
                self._later[question.id] = attempt
                self._run_public_tests(attempt)
                if self._trusted:
                    self._judge_in_worker(attempt)

    def _run_hidden_tests(self) -> Iterator[Event]:
        """Run the hidden tests that call the student's code, and those of later answers."""
        self._replay.show_hidden_inputs()
        self._cells_seconds = time.monotonic() - self._start
        for question in self._questions:
            attempts, later = self._attempts.get(question.id, []), self._later.get(question.id)
            if later is not None and later.abandoned:
                continue
            for attempt in attempts:
                if self._is_answered(question):
                    break
                if attempt.awaits_hidden_tests and (attempt.has_form or later is None):
                    yield from self._finish(attempt)
                    yield self._record_best(question)
            if later is not None and not any(a.is_answer or a.abandoned for a in attempts):
                yield from self._finish(later)
                yield self._record(later.result())

    def _run_unprotected(self) -> Iterator[Event]:
        """Run all cells once more, and beside them the tests that need the same process."""
        replay = self._new_replay(reserve=0, skipped=self._replay.skipped)
        if self._cells_seconds is None:
            self._cells_seconds = time.monotonic() - self._start
        with replay, contextlib.suppress(ReplayEndedError):
            replay.show_hidden_inputs()
            for cell in replay.cells():
                yield StepStarted(
                    f"cell {cell.index + 1} of {len(self._notebook.cells)}, once more"
                )
                for question in self._questions:
                    if (
                        question.why_unprotected
                        and self._places[question.id].cells[-1] == cell.index
                    ):
                        yield from self._test_in_worker(question, replay, cell.index)
        self._replay.note(replay.status)
        self._replay.loss = replay.loss

    # ---------------------------------------------------------------------- one question

    def _read_answer(self, question: Question, cell: int) -> Iterator[Event]:
        """Read a question's answer and judge it as far as nothing hidden is shown."""
        if question.why_unprotected:
            if self._trusted:
                yield from self._test_in_worker(question, self._replay, cell)
            return
        yield StepStarted(f"grading {question.id}")
        attempt = Attempt(question, self._tests[question.id], cell)
        earlier = self._attempts.setdefault(question.id, [])
        if self._is_answered(question):
            return
        if not self._read(attempt):
            assert self._replay.loss is not None
            attempt.abandon()
            if not earlier:
                note = reading_failed(self._replay.loss)
                yield self._record(QuestionResult(question, 0.0, notes=(note,), cell=cell))
            return
        if any(map(attempt.same_values, earlier)):
            return
        earlier.append(attempt)
        self._run_public_tests(attempt)
        if self._trusted:
            self._judge_in_worker(attempt)
        if not attempt.calls_student_code:
            self._judge_hidden(attempt)
        yield self._record_best(question)

    def _read(self, attempt: Attempt) -> bool:
        """Read an attempt's values; return whether the process survived it."""
        session = self._replay.session()
        try:
            attempt.read(session)
        except SessionLostError:
            self._replay.note_calls(session)
            return False
        return True

    def _run_public_tests(self, attempt: Attempt) -> None:
        session = self._replay.session()
        if attempt.calls_student_code:
            self._replay.retain(attempt)
        attempt.run_public_tests(self._deadline)
        self._after_calls(attempt, session)
        if attempt.abandoned:
            self._results[attempt.question.id] = attempt.result()

    def _finish(self, attempt: Attempt) -> Iterator[Event]:
        """Run the hidden tests of an attempt."""
        yield StepStarted(f"hidden tests of {attempt.question.id}")
        self._judge_hidden(attempt)

    def _judge_hidden(self, attempt: Attempt) -> None:
        session = self._replay.session() if attempt.calls_student_code else None
        if attempt.abandoned:  # reading it again has ended a process
            return
        attempt.run_hidden_tests(self._deadline)
        attempt.diagnose(self._autograder.catalogue, self._deadline)
        self._list(attempt)
        self._replay.release(attempt)
        if session is not None:
            self._after_calls(attempt, session)

    def _after_calls(self, attempt: Attempt, session: Session) -> None:
        self._replay.note_calls(session)
        if session.lost is not None:
            attempt.abandon()
            self._replay.release(attempt)

    def _list(self, attempt: Attempt) -> None:
        """Compute the leaderboard's columns from an attempt that earns all points."""
        if attempt.earns_all and time.monotonic() < self._deadline:
            with contextlib.suppress(SessionLostError):  # the session knows it
                columns = self._autograder.leaderboard.compute(attempt.question, attempt.values)
                self._leaderboard |= {column["name"]: column for column in columns}

    # -------------------------------------------------- tests inside the notebook's process

    def _test_in_worker(self, question: Question, replay: Replay, cell: int) -> Iterator[Event]:
        """Run a question's tests in the notebook's process and record their result."""
        if question.id in self._results:
            return
        yield StepStarted(f"grading {question.id}")
        session = replay.session()
        yield self._record(QuestionResult(question, 0.0, notes=(ENDED_IN_WORKER,)))
        try:
            in_worker = self._in_worker_result(question, session)
        except SessionLostError:
            replay.note_calls(session)
            return
        cases = tuple(
            CaseResult(
                case.name,
                case.hidden,
                case.points,
                passed := in_worker.passed[case.name],
                case_message(case, None if passed else AssertionError()),
            )
            for case in self._tests[question.id].cases
        )
        result = QuestionResult(question, in_worker.score, cases, in_worker=in_worker, cell=cell)
        yield self._record(result)

    def _judge_in_worker(self, attempt: Attempt) -> None:
        """Run an attempt's tests on the real objects, too; without a result if that ends the process."""
        session = self._replay.session()
        try:
            attempt.in_worker = self._in_worker_result(attempt.question, session)
        except SessionLostError:
            self._after_calls(attempt, session)

    def _in_worker_result(self, question: Question, session: Session) -> InWorkerResult:
        tests, folder = self._tests[question.id], self._autograder.files
        own = self._autograder.student_files  # the notebook has them
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in files_below(folder)
            if path.relative_to(folder).as_posix() not in own
        }
        source = self._autograder.test_path(question.id).read_text(encoding="utf-8")
        reply = session.run_tests_in_worker(source, files, self._trusted)
        outcomes = reply.get("passed")
        if type(outcomes) is not list or len(outcomes) != len(tests.cases):
            outcomes = [False] * len(tests.cases)
        passed = [outcome is True for outcome in outcomes]
        backwards, messages = reply.get("failed_in_reverse"), reply.get("messages")
        if not self._trusted or type(messages) is not list:
            messages = []
        return InWorkerResult(
            score=tests.score(passed),
            passed={case.name: good for case, good in zip(tests.cases, passed, strict=True)},
            failed_in_reverse=tuple(map(str, backwards)) if type(backwards) is list else (),
            messages={
                case.name: str(text) for case, text in zip(tests.cases, messages, strict=False)
            },
        )

    # ------------------------------------------------------------------------- the result

    def _new_replay(self, reserve: float, skipped: frozenset[int] = frozenset()) -> Replay:
        return Replay(
            self._notebook.cells,
            self._autograder.student_files,
            self._sandbox,
            self._limits,
            self._deadline,
            reserve,
            self._autograder.config.cell_seed,
            skipped,
            self._faults_end,
        )

    def _is_answered(self, question: Question) -> bool:
        """Tell whether no further place of a question can count: the first answer does, and is judged."""
        if self._places[question.id].best_counts:
            return False
        return any(a.is_answer and a.finished for a in self._attempts[question.id])

    def _record_best(self, question: Question) -> PartialResult:
        """Record the answer that counts at a question's places."""
        attempts = self._attempts[question.id]
        answers = [attempt for attempt in attempts if attempt.is_answer]
        if answers and not self._places[question.id].best_counts:
            return self._record(answers[0].result())
        best = max(attempts, key=lambda attempt: (not attempt.is_blank, attempt.score))
        return self._record(best.result())

    def _record(self, result: QuestionResult) -> PartialResult:
        self._results[result.question.id] = result
        return PartialResult(self._result())

    def _result(self) -> SubmissionResult:
        seconds = time.monotonic() - self._start
        problems, columns = self._replay.problems, self._autograder.leaderboard.columns
        marked = {r.cell for r in self._results.values() if r.cell is not None}
        return SubmissionResult(
            submission=self._notebook.name,
            status=self._replay.status,
            isolation=self._sandbox.isolation,
            questions=tuple(self._results.get(q.id) or self._unreached(q) for q in self._questions),
            problems=tuple(problems[index] for index in sorted(problems)),
            seconds=seconds,
            cells_seconds=seconds if self._cells_seconds is None else self._cells_seconds,
            limits=self._limits,
            written=self._written,
            leaderboard=tuple(
                self._leaderboard[column.name]
                for column in columns
                if column.name in self._leaderboard
            ),
            headings={cell: self._headings[cell] for cell in marked},
            unfit_levers=self._sandbox.unfit_levers,
        )

    def _answer_code(self) -> dict[str, tuple[AnswerCell, ...]]:
        marked = {name: place.cells[-1] for name, place in self._places.items()}
        marked |= {name: r.cell for name, r in self._results.items() if r.cell is not None}
        assignment = self._autograder.assignment
        return read_answer_code(self._notebook.cells, assignment, self._places, marked)

    def _unreached(self, question: Question) -> QuestionResult:
        note = not_reached(self._replay.loss)
        return QuestionResult(question, 0.0, notes=(note,))
