"""Grade one submission: run its cells in the sandbox, judge its claims with Otter's tests.

Each question is graded where it stands in the notebook. Only if it has no answer there, or none
of the form that is asked for, what its names stand for after the last cell counts instead:
students put answers into cells of their own. (The better of two answers would be two guesses.)

Hidden tests that call a function or model of the student's show it the grader's inputs. They
wait until every cell has run and every answer has been taken, and all that the student may
read of them is whether they passed: so nothing that the code learns there can be told.

Questions whose tests need what cannot cross (see ``Question.inside``) come last of all: in a new
process all cells are run once more, and these tests, at their places, beside them. All other
marks stand by then, so what the code learns there is of no use to it but for these questions.
"""

from __future__ import annotations

import contextlib
import textwrap
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

from ottermark.assignment import Question
from ottermark.grading.autograder import Autograder
from ottermark.grading.misconceptions import NO_DIAGNOSIS, Catalogue, Diagnosis
from ottermark.grading.otter_tests import DoctestFailedError, OtterTests
from ottermark.limits import Limits
from ottermark.models.keras_model import KerasModel
from ottermark.protocol.codec import Encoder
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteFunction,
    ValueRejectedError,
)
from ottermark.python_source import resolved
from ottermark.sandbox.sandbox import Sandbox
from ottermark.sandbox.session import CellRun, Session, SessionLostError
from ottermark.submissions.notebook import SubmittedNotebook
from ottermark.submissions.written_answers import WrittenAnswer, written

MAX_STARTS = 4  # a notebook that ends its process is started again without the cell that did it
RESERVE = 1 / 6  # the part of the run that is kept for the hidden tests' calls

Progress = Callable[[str], None]
Keep = Callable[["Result"], None]
Ran = Callable[[int, list[dict[str, Any]]], None]


@dataclass(frozen=True)
class CaseResult:
    """One test of a question.

    Attributes:
        name: Otter's name for it, e.g. ``q2_7 - 3``.
        message: what the student may read; never the test's source or an expected value.
    """

    name: str
    hidden: bool
    points: float
    passed: bool
    message: str


@dataclass(frozen=True)
class Inside:
    """What the tests of a question gave on the real objects, in the notebook's process.

    Attributes:
        score: the points.
        passed: by the name of a test, whether it did.
        backwards: the tests that failed when all were run once more, in the other order.
    """

    score: float
    passed: dict[str, bool]
    backwards: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionResult:
    """What a question earned.

    Attributes:
        notes: what went wrong outside the tests (a missing name, a refused value, a lost process).
        finding: what is known of an answer that lost points.
        inside: of a trusted notebook, what its tests gave on the real objects.
    """

    question: Question
    score: float
    cases: tuple[CaseResult, ...] = ()
    notes: tuple[str, ...] = ()
    finding: Diagnosis = NO_DIAGNOSIS
    inside: Inside | None = None


@dataclass(frozen=True)
class CellProblem:
    """A cell that raised, ran out of time or ended the process.

    Attributes:
        cell: index in the notebook, from 0.
        text: a sentence for the student.
    """

    cell: int
    text: str


@dataclass
class Result:
    """What one submission earned, and how it ran.

    Attributes:
        status: ``graded``, ``timeout``, ``crashed`` or ``rejected``.
        isolation: the boundary that held while the student's code ran; empty if none of it ran.
        problems: cells that went wrong, in order.
        seconds: wall time.
        cells_seconds: wall time until hidden tests began to ask the student's code something.
        message: for ``rejected``, why.
        limits: what it could use; None if it was not run.
        written: the written answers, in order; none of a file that was rejected.
        leaderboard: columns as results.json has them.
    """

    submission: str
    status: str
    isolation: str
    questions: list[QuestionResult]
    problems: list[CellProblem] = field(default_factory=list)
    seconds: float = 0.0
    cells_seconds: float = 0.0
    message: str = ""
    limits: Limits | None = None
    written: tuple[WrittenAnswer, ...] = ()
    leaderboard: list[dict[str, Any]] = field(default_factory=list)

    @property
    def score(self) -> float:
        """The sum over all questions."""
        return sum(q.score for q in self.questions)


def nothing_earned(name: str, grader: Autograder, status: str, message: str) -> Result:
    """Return a result of zero on every question, e.g. for a file that was rejected."""
    questions = [QuestionResult(q, 0.0) for q in grader.assignment.automatic]
    return Result(name, status, "", questions, message=message)


def grade(
    submission: SubmittedNotebook,
    grader: Autograder,
    sandbox: Sandbox,
    limits: Limits | None = None,
    progress: Progress | None = None,
    keep: Keep | None = None,
    ran: Ran | None = None,
    trusted: bool = False,
) -> Result:
    """Grade one submission.

    Tests read their data files by relative paths, so this must be called inside
    ``grader.working_directory()``.

    Args:
        progress: told what is being done, a few words at a time.
        keep: given what is known so far after each question, in case nothing comes after it.
        ran: given the index of each cell that has run, and the outputs that its process reports.
        trusted: also run the tests on the real objects inside the notebook's process. Only for
            the solution: the tests are shown to that process.
    """
    run = _Run(submission, grader, sandbox, limits or Limits(), progress, keep, ran, trusted)
    return run.result()


@dataclass
class _Answer:
    """What a question's names stood for at one moment, and how that has been judged so far.

    Attributes:
        outcomes: by the place of a test in its file: None for passed, or why it failed.
        namespace: what its tests see: the values, and what the grader imports by itself.
        inside: for a trusted notebook, what its tests gave on the real objects.
        not_followed: the models whose computing the grader cannot redo.
        finding: what is known of it, if it lost points.
    """

    question: Question
    values: dict[str, Any]
    refused: dict[str, str]
    test: OtterTests
    outcomes: dict[int, BaseException | None] = field(default_factory=dict)
    namespace: dict[str, Any] = field(init=False)
    inside: Inside | None = None
    not_followed: list[str] = field(default_factory=list)
    finding: Diagnosis = NO_DIAGNOSIS

    def __post_init__(self) -> None:
        self.namespace = {**resolved(self.question.own), **self.values}

    @property
    def has_form(self) -> bool:
        """Whether nothing is missing and the public tests pass."""
        given = [self.values.get(name) for name in self.question.names]
        public = [p for p, case in enumerate(self.test.cases) if not case.hidden]
        return not any(v is None or v is ... for v in given) and all(
            self.outcomes.get(place, _NOT_RUN) is None for place in public
        )

    @property
    def is_one(self) -> bool:
        """Whether this is an answer at all; an empty function, as far as it is known, is none."""
        functions = [v for v in self.values.values() if isinstance(v, RemoteFunction)]
        return self.has_form and all(function.answered for function in functions)

    @property
    def asks(self) -> bool:
        """Whether judging it may call something of the student's."""
        return any(isinstance(v, (RemoteFunction, KerasModel)) for v in self.values.values())

    @property
    def is_blank(self) -> bool:
        """Whether none of the names stands for anything."""
        given = [self.values.get(name) for name in self.question.names]
        return all(v is None or v is ... for v in given) and not self.refused

    @property
    def score(self) -> float:
        """The points it earns."""
        return self.test.score([self._failure(p) is None for p in range(len(self.test.cases))])

    def explain(self, catalogue: Catalogue, until: float) -> None:
        """Look for the misconceptions behind it, if it lost points and there is time."""
        if self.score < self.question.points and not self.is_blank and time.monotonic() < until:
            with contextlib.suppress(SessionLostError):  # whoever asked for the judging will notice
                names = self.question.names
                finding = catalogue.explain(self.question.id, self.values, names)
                doubted = self._doubted()
                unexplained = {n: v for n, v in finding.unexplained.items() if n in doubted}
                self.finding = replace(finding, unexplained=unexplained)

    def _doubted(self) -> Collection[str]:
        """Return the names that tests ask for which it failed: the others may well be right."""
        needs = self.test.needs([p for p, failure in self.outcomes.items() if failure is not None])
        return self.question.names if needs.unforeseen else needs.names

    def _failure(self, place: int) -> BaseException | None:
        return self.outcomes.get(place, _NOT_RUN)

    def judge(self, hidden: bool, until: float) -> None:
        """Run the public or the hidden tests; none begins after ``until`` on the monotonic clock."""
        if not hidden:
            self._follow_models()
        for place, case in enumerate(self.test.cases):
            if bool(case.hidden) == hidden and time.monotonic() <= until:
                self.outcomes[place] = self.test.run(place, self.namespace)

    def _follow_models(self) -> None:
        for name, value in self.values.items():
            try:
                if isinstance(value, KerasModel) and not value.is_verified:
                    self.not_followed.append(name)
            except (ValueRejectedError, SessionLostError):  # the tests will meet it too
                pass

    def result(self) -> QuestionResult:
        """Return what it earns and what can be said of it."""
        notes = [f"`{name}` could not be read: {why}." for name, why in self.refused.items()]
        notes += [
            f"`{name}` is not defined where this question is checked."
            for name in self.question.names
            if name not in self.values and name not in self.refused
        ]
        cases = []
        for place, case in enumerate(self.test.cases):
            failure = self._failure(place)
            message = _message(case, failure)
            cases.append(CaseResult(case.name, case.hidden, case.points, failure is None, message))
        score = self.score
        if score < self.question.points:
            notes += [
                f"`{name}`: the grader cannot follow how it computes, and believes nothing that it "
                "says of its layers. Build it from Keras's own layers, with keras.Sequential or "
                "keras.Model(inputs, outputs)."
                for name in self.not_followed
            ]
        if self.is_blank and score == 0:
            cases = []  # what every test has to say about nothing helps nobody
            notes = notes or ["This question has no answer yet."]
        found = self.finding
        return QuestionResult(self.question, score, tuple(cases), tuple(notes), found, self.inside)


_NOT_RUN = AssertionError("This test was not reached.")
_ENDED_INSIDE = "The notebook's process ended while this question's tests ran in it."


class _Run:
    """The way of one submission; see ``grade``."""

    def __init__(
        self,
        submission: SubmittedNotebook,
        grader: Autograder,
        sandbox: Sandbox,
        limits: Limits,
        progress: Progress | None,
        keep: Keep | None,
        ran: Ran | None,
        trusted: bool,
    ) -> None:
        self.submission, self.grader, self.sandbox = submission, grader, sandbox
        self.limits, self.trusted = limits, trusted
        self.progress = progress or (lambda _: None)
        self.keep = keep or (lambda _: None)
        self.ran = ran or (lambda *_: None)
        self.questions = {q.id: q for q in grader.assignment.automatic}
        self.places = submission.places(grader.assignment)
        self.tests = {q: OtterTests(grader.test(q)) for q in self.questions}
        self.results: dict[str, QuestionResult] = {}
        self.first: dict[str, _Answer] = {}  # answers taken at their questions' places
        self.waiting: set[str] = set()  # questions whose hidden tests are still to be run
        self.problems: dict[int, CellProblem] = {}
        self.last_cell = -1  # that was run
        self.skipped: set[int] = set()
        self.replaced: set[str] = set()  # questions whose later answer has been judged
        self.deadly: set[str] = set()  # questions that ended the process; not asked again
        self.reached = 0  # cells before this one have been graded
        self.status = "graded"
        self.start = time.monotonic()
        self.cells_seconds: float | None = None
        self.listed: dict[str, dict[str, Any]] = {}  # columns of the leaderboard, by name
        self.written = written(submission.cells, grader.assignment)
        self.lost: SessionLostError | None = None

    def result(self) -> Result:
        self._in_processes(self._play)
        if not self.trusted and any(question.inside for question in self.questions.values()):
            self._in_processes(self._play_inside)
        return self._so_far()

    def _in_processes(self, play: Callable[[Session], None]) -> None:
        """Play in a process of its own, and in a new one if that is lost."""
        for _ in range(MAX_STARTS):
            if self._left() <= 0:
                break
            limits = replace(self.limits, run=self._left())
            try:
                with self.sandbox.open(self.grader.student_files(), limits, KerasModel) as session:
                    play(session)
                self.lost = None
                break
            except SessionLostError as loss:
                self.lost = loss
                self._note_status("timeout" if loss.timeout else "crashed")

    def _left(self) -> float:
        return self.limits.run - (time.monotonic() - self.start)

    def _so_far(self) -> Result:
        why = f" (the notebook's process {self.lost.reason})" if self.lost else ""
        unreached = (f"This question was not reached{why}.",)
        return Result(
            submission=self.submission.name,
            status=self.status,
            isolation=self.sandbox.isolation,
            questions=[
                self.results.get(q.id) or QuestionResult(q, 0.0, notes=unreached)
                for q in self.questions.values()
            ],
            problems=[self.problems[i] for i in sorted(self.problems)],
            seconds=(seconds := time.monotonic() - self.start),
            cells_seconds=seconds if self.cells_seconds is None else self.cells_seconds,
            limits=self.limits,
            written=self.written,
            leaderboard=[
                self.listed[column.name]
                for column in self.grader.leaderboard.columns
                if column.name in self.listed
            ],
        )

    def _play(self, session: Session) -> None:
        """Run all cells in one process, then the hidden tests that ask it something."""
        for index, cell in enumerate(self.submission.cells):
            if cell["cell_type"] == "code" and cell["source"].strip() and index not in self.skipped:
                if self._left() <= self.limits.run * RESERVE:
                    self._stop_at(index)
                    break
                self._run_cell(session, index, cell["source"])
            for question in self.questions.values():
                if self.places[question.id] == index:
                    self._take(session, question, again=index < self.reached)
            self.reached = max(self.reached, index + 1)
        for question in self.questions.values():
            if question.id not in self.first and question.id not in self.results:
                self._take(session, question, again=False)  # its place was not come to
        later = self._later_answers(session)
        self._begin_telling(session)
        for question in self.questions.values():
            first = self.first.get(question.id)
            if first is None or question.id in self.deadly:
                continue
            if question.id in self.waiting and (first.has_form or question.id not in later):
                self._finish(session, first)
            if question.id in later and not first.is_one:
                self.replaced.add(question.id)
                self._finish(session, later[question.id])

    def _begin_telling(self, session: Session) -> None:
        """Let the student's code be asked with inputs that students must not learn."""
        if self.cells_seconds is None:
            self.cells_seconds = time.monotonic() - self.start
        session.hidden_inputs_shown = True

    def _stop_at(self, index: int) -> None:
        self._note_status("timeout")
        self.problems[index] = CellProblem(
            index,
            f"Cell {index + 1} and those after it were not run: "
            f"the whole notebook may take {self.limits.run:g} seconds.",
        )

    def _run_cell(self, session: Session, index: int, source: str) -> None:
        self.progress(f"cell {index + 1} of {len(self.submission.cells)}")
        seconds = min(self.limits.cell, self._left() - self.limits.run * RESERVE)
        try:
            run = session.run_cell(source, seconds, self.grader.options.seed)
        except SessionLostError as loss:
            self.skipped.add(index)
            self.problems[index] = CellProblem(
                index,
                f"Cell {index + 1}: the notebook's process {loss.reason}. "
                "The other cells were run without this one.",
            )
            raise
        if index < self.reached:
            return
        self.last_cell = max(self.last_cell, index)
        self.ran(index, run.outputs)
        if run.timeout:
            self._note_status("timeout")
            why = (
                f"was stopped after {self.limits.cell:g} seconds"
                if seconds == self.limits.cell
                else f"was stopped: the whole notebook may take {self.limits.run:g} seconds"
            )
            self.problems[index] = CellProblem(index, f"Cell {index + 1} {why}.")
        elif run.error is not None:
            self.problems[index] = CellProblem(index, _described(index, source, run))

    def _take(self, session: Session, question: Question, again: bool) -> None:
        """Take a question's answer where it stands and judge it as far as nothing is told.

        Args:
            again: the notebook was started again, and this place has been judged before.
        """
        if question.id in self.deadly or (again and question.id not in self.waiting):
            return
        if question.inside:
            if self.trusted and question.id not in self.results:
                self._test_inside(session, question)
            return
        self.progress(f"grading {question.id}")
        answer = self._claimed(session, question)
        if again:
            answer.outcomes = self.first[question.id].outcomes
        else:
            self._judge(session, answer, hidden=False)
            if self.trusted:
                answer.inside = self._inside(session, question, answer.test)
        self.first[question.id] = answer
        if answer.asks:
            self.waiting.add(question.id)
            if not again:
                self._record(answer.result())
        else:
            self.waiting.discard(question.id)
            self._judge(session, answer, hidden=True)
            self._record(answer.result())

    def _claimed(self, session: Session, question: Question) -> _Answer:
        try:
            values, refused = session.read_values(question.names)
        except SessionLostError as loss:
            note = f"Reading your answer failed: the notebook's process {loss.reason}."
            if question.id not in self.results:
                self._record(QuestionResult(question, 0.0, notes=(note,)))
            self.deadly.add(question.id)
            self.waiting.discard(question.id)
            raise
        return _Answer(question, values, refused, self.tests[question.id])

    def _judge(self, session: Session, answer: _Answer, hidden: bool) -> None:
        until = self.start + self.limits.run
        answer.judge(hidden, until)
        if hidden:
            answer.explain(self.grader.catalogue, until)
            self._list(answer, until)
        if session.timed_out:
            self._note_status("timeout")
        if session.lost is not None:
            self.deadly.add(answer.question.id)
            self.waiting.discard(answer.question.id)
            self._record(answer.result())
            raise session.lost

    def _list(self, answer: _Answer, until: float) -> None:
        """Ask an answer that earns all points for what the leaderboard lists it by."""
        if answer.score >= answer.question.points and time.monotonic() < until:
            with contextlib.suppress(SessionLostError):  # whoever asked for the judging will notice
                listed = self.grader.leaderboard.of(answer.question, answer.values)
                self.listed |= {column["name"]: column for column in listed}

    def _later_answers(self, session: Session) -> dict[str, _Answer]:
        """Return the answers that were given only after their question's place."""
        later = {}
        for question in self.questions.values():
            first = self.first.get(question.id)
            if first is None or question.id in self.deadly | self.replaced:
                continue
            if first.is_one or self.places[question.id] >= self.last_cell:
                continue
            answer = self._claimed(session, question)
            if not _same(answer.values, first.values):
                self._judge(session, answer, hidden=False)
                later[question.id] = answer
        return later

    def _finish(self, session: Session, answer: _Answer) -> None:
        """Run the hidden tests and record what the question earns."""
        self.progress(f"hidden tests of {answer.question.id}")
        self._judge(session, answer, hidden=True)
        self.waiting.discard(answer.question.id)
        self._record(answer.result())

    def _record(self, result: QuestionResult) -> None:
        self.results[result.question.id] = result
        self.keep(self._so_far())

    def _play_inside(self, session: Session) -> None:
        """Run all cells once more, and the tests that need it in the same process."""
        self._begin_telling(session)
        inside = [question for question in self.questions.values() if question.inside]
        for index, cell in enumerate(self.submission.cells):
            if cell["cell_type"] == "code" and cell["source"].strip() and index not in self.skipped:
                self.progress(f"cell {index + 1} of {len(self.submission.cells)}, once more")
                try:
                    session.run_cell(cell["source"], None, self.grader.options.seed)
                except SessionLostError:
                    self.skipped.add(index)
                    raise
            for question in inside:
                if self.places[question.id] == index and question.id not in self.results:
                    self._test_inside(session, question)

    def _test_inside(self, session: Session, question: Question) -> None:
        """Have a question's tests run in the notebook's process, and record what they give."""
        self.progress(f"grading {question.id}")
        self._record(QuestionResult(question, 0.0, notes=(_ENDED_INSIDE,)))
        tests = self.tests[question.id]
        inside = self._inside(session, question, tests)
        cases = []
        for case in tests.cases:
            passed = inside.passed[case.name]
            message = _message(case, None if passed else AssertionError())
            cases.append(CaseResult(case.name, case.hidden, case.points, passed, message))
        result = QuestionResult(question, inside.score, tuple(cases))
        self._record(replace(result, inside=inside))

    def _inside(self, session: Session, question: Question, tests: OtterTests) -> Inside:
        files = {
            path.relative_to(self.grader.files).as_posix(): path.read_bytes()
            for path in sorted(self.grader.files.rglob("*"))
            if path.is_file()
        }
        source = self.grader.test(question.id).read_text(encoding="utf-8")
        body = session.run_tests_in_worker(source, files, self.trusted)
        told = body.get("passed")
        if type(told) is not list or len(told) != len(tests.cases):
            told = [False] * len(tests.cases)
        passed = [good is True for good in told]
        backwards = body.get("failed_reversed")
        names = tuple(map(str, backwards)) if type(backwards) is list else ()
        by_name = {case.name: good for case, good in zip(tests.cases, passed, strict=True)}
        return Inside(tests.score(passed), by_name, names)

    def _note_status(self, status: str) -> None:
        if self.status == "graded":
            self.status = status


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Compare values exactly: arrays by their bytes, functions and models by their handles."""
    first, second = (Encoder(lambda claim: int(claim.handle)) for _ in "12")
    try:
        return bool(first.encode(one) == second.encode(other)) and first.blobs == second.blobs
    except ValueRejectedError:  # they are as large as may cross, and a dict around them is too much
        return False


def _message(case: Any, failure: BaseException | None) -> str:
    """Return what a student may read about a test."""
    if failure is None:
        return case.success_message or ""
    told = (
        CallFailedError,
        CallTimeoutError,
        SessionLostError,
    )  # of hidden tests; more would be a choice of the code's
    if isinstance(failure, told if case.hidden else (*told, ValueRejectedError)):
        text = str(failure)
        return text[:1].upper() + text[1:] + "."
    if failure is _NOT_RUN:
        return str(failure)
    if case.failure_message:
        return str(case.failure_message)
    if isinstance(failure, DoctestFailedError) and not case.hidden:
        example, *_ = str(failure).splitlines()
        whole = textwrap.indent(str(failure), " " * 6)  # as code, within a list
        return f"This did not hold: `{example}`\n\n{whole}\n"
    if isinstance(failure, AssertionError) and not case.hidden and str(failure):
        return str(failure)
    if case.hidden:
        return "A hidden test did not pass."
    return "The answer does not have the form that is asked for."


def _described(index: int, source: str, run: CellRun) -> str:
    """Return a sentence about a cell that raised."""
    assert run.error is not None
    error = run.error
    where = f"Cell {index + 1}"
    if error["line"] and error["line"] <= len(source.splitlines()):
        where += f", line {error['line']}"
    text = f": {error['text']}" if error["text"] else ""
    return f"{where} raised {error['kind']}{text}"
