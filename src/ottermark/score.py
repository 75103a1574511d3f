"""Grade one submission: run its cells in the sandbox, judge its claims with Otter's tests.

Each question is graded where it stands in the notebook. If it loses points there and cells
follow, it is graded again after the last cell, and the better counts: students put answers
into cells of their own.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from otter.nbmeta_config import NBMetadataConfig
from otter.test_files import create_test_file
from otter.test_files.abstract_test import TestCaseResult, TestFile

from ottermark.autograder import Autograder
from ottermark.claims import CallFailed, ClaimRefused, Encoder, FunctionClaim, ModelClaim
from ottermark.questions import Question
from ottermark.sandbox import PYTHONS_OWN, CellRun, Limits, Sandbox, Session, SessionLost
from ottermark.submission import Submission

MAX_STARTS = 4  # a notebook that ends its process is started again without the cell that did it

Progress = Callable[[str], None]
Keep = Callable[["Result"], None]


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
class QuestionResult:
    """What a question earned.

    Attributes:
        notes: what went wrong outside the tests (a missing name, a refused value, a lost process).
    """

    question: Question
    score: float
    cases: tuple[CaseResult, ...] = ()
    notes: tuple[str, ...] = ()


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
        isolation: the boundary that held while the student's code ran.
        problems: cells that went wrong, in order.
        seconds: wall time.
        outputs: nbformat outputs by cell index.
        message: for ``rejected``, why.
    """

    submission: str
    status: str
    isolation: str
    questions: list[QuestionResult]
    problems: list[CellProblem] = field(default_factory=list)
    seconds: float = 0.0
    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    message: str = ""

    @property
    def score(self) -> float:
        """The sum over all questions."""
        return sum(q.score for q in self.questions)


def nothing_earned(name: str, grader: Autograder, status: str, message: str) -> Result:
    """Return a result of zero on every question, e.g. for a file that was rejected."""
    questions = [QuestionResult(q, 0.0) for q in grader.assignment.automatic]
    return Result(name, status, "none", questions, message=message)


def grade(
    submission: Submission,
    grader: Autograder,
    sandbox: Sandbox,
    limits: Limits | None = None,
    progress: Progress | None = None,
    keep: Keep | None = None,
    trusted: bool = False,
) -> Result:
    """Grade one submission.

    Tests read their data files by relative paths, so this must be called inside
    ``grader.entered()``.

    Args:
        progress: told what is being done, a few words at a time.
        keep: given what is known so far after each question, in case nothing comes after it.
        trusted: also run the tests on the real objects inside the notebook's process, and note
            where they disagree. Only for the solution: the tests are shown to that process.
    """
    run = _Run(submission, grader, sandbox, limits or Limits(), progress, keep, trusted)
    return run.result()


class _Run:
    """The way of one submission; see ``grade``."""

    def __init__(
        self,
        submission: Submission,
        grader: Autograder,
        sandbox: Sandbox,
        limits: Limits,
        progress: Progress | None,
        keep: Keep | None,
        trusted: bool,
    ) -> None:
        self.submission, self.grader, self.sandbox = submission, grader, sandbox
        self.limits, self.trusted = limits, trusted
        self.progress = progress or (lambda _: None)
        self.keep = keep or (lambda _: None)
        self.questions = {q.id: q for q in grader.assignment.automatic}
        self.places = submission.places(grader.assignment)
        self.results: dict[str, QuestionResult] = {}
        self.data_claims: dict[str, dict[str, Any]] = {}
        self.problems: dict[int, CellProblem] = {}
        self.outputs: dict[int, list[dict[str, Any]]] = {}
        self.skipped: set[int] = set()
        self.deadly: set[str] = set()  # questions that ended the process; not asked again
        self.told = False  # whether any process of this notebook was shown the grader's inputs
        self.reached = 0  # cells before this one have been graded
        self.status = "graded"
        self.start = time.monotonic()
        self.lost: SessionLost | None = None

    def result(self) -> Result:
        for _ in range(MAX_STARTS):
            left = self.limits.run - (time.monotonic() - self.start)
            if left <= 0:
                break
            limits = Limits(self.limits.cell, self.limits.call, left)
            try:
                with self.sandbox.open(self.grader.student_files(), limits) as session:
                    self._play(session)
                self.lost = None
                break
            except SessionLost as loss:
                self.lost = loss
                self._note_status("timeout" if loss.timeout else "crashed")
        return self._so_far()

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
            seconds=time.monotonic() - self.start,
            outputs=self.outputs,
        )

    def _play(self, session: Session) -> None:
        """Run all cells in one process, grading each question at its place."""
        cells = self.submission.cells
        for index, cell in enumerate(cells):
            if cell["cell_type"] == "code" and cell["source"].strip() and index not in self.skipped:
                self._run_cell(session, index, cell["source"])
            if index < self.reached:
                continue  # a restart: this cell's questions have been graded
            for question in self.questions.values():
                if self.places[question.id] == index and question.id not in self.results:
                    self._grade(session, question)
            self.reached = index + 1
        for question in self.questions.values():
            self._grade_again(session, question)

    def _run_cell(self, session: Session, index: int, source: str) -> None:
        self.progress(f"cell {index + 1} of {len(self.submission.cells)}")
        try:
            run = session.run_cell(source)
        except SessionLost as loss:
            self.skipped.add(index)
            self.problems[index] = CellProblem(
                index,
                f"Cell {index + 1}: the notebook's process {loss.reason}. "
                "The other cells were run without this one.",
            )
            raise
        if index < self.reached:
            return
        self.outputs[index] = run.outputs
        if run.timeout:
            self._note_status("timeout")
            self.problems[index] = CellProblem(
                index, f"Cell {index + 1} was stopped after {self.limits.cell:g} seconds."
            )
        elif run.error is not None:
            self.problems[index] = CellProblem(index, _described(index, source, run, self.told))

    def _grade(self, session: Session, question: Question) -> None:
        self.progress(f"grading {question.id}")
        try:
            values, refused = session.claims(question.names)
        except SessionLost as loss:
            note = f"Reading your answer failed: the notebook's process {loss.reason}."
            self._record(QuestionResult(question, 0.0, notes=(note,)))
            self.deadly.add(question.id)
            raise
        if not any(isinstance(v, (FunctionClaim, ModelClaim)) for v in values.values()):
            self.data_claims[question.id] = values
        notes = [f"`{name}` could not be read: {why}." for name, why in refused.items()]
        notes += [
            f"`{name}` is not defined where this question is checked."
            for name in question.names
            if name not in values and name not in refused
        ]
        test, cases = self._judge(question, values)
        if self.trusted:
            notes += _disagreements(session, self.grader, test)
        self.told |= session.told
        if session.silent:
            self._note_status("timeout")
        empty = all(values.get(name) is None or values[name] is ... for name in question.names)
        if empty and not refused and test.score == 0:
            cases = []  # what every test has to say about nothing helps nobody
            notes = notes or ["This question has no answer yet."]
        self._record(QuestionResult(question, float(test.score), tuple(cases), tuple(notes)))
        if session.lost is not None:
            self.deadly.add(question.id)
            raise session.lost

    def _record(self, result: QuestionResult) -> None:
        before = self.results.get(result.question.id)
        if before is None or result.score > before.score:
            self.results[result.question.id] = result
            self.keep(self._so_far())

    def _grade_again(self, session: Session, question: Question) -> None:
        """Grade a question that lost points once more, now that all cells have run."""
        before = self.results[question.id]
        if before.score >= question.points or self.places[question.id] >= self._last_cell_run():
            return
        if question.id in self.deadly or session.silent.intersection(question.names):
            return
        known = self.data_claims.get(question.id)
        if known is not None:
            values, _ = session.claims(question.names)
            if _same(values, known):
                return
        self._grade(session, question)

    def _last_cell_run(self) -> int:
        return max(self.outputs, default=-1)

    def _judge(
        self, question: Question, values: dict[str, Any]
    ) -> tuple[TestFile, list[CaseResult]]:
        """Run a question's tests; Otter's own arithmetic makes the score."""
        test = create_test_file(str(self.grader.test(question.id)), NBMetadataConfig())
        test.test_case_results = []
        cases = []
        for case in test.test_cases:
            failure: BaseException | None = None
            try:
                case.body.call_func(values)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # a test may even raise SystemExit
                failure = error
            test.test_case_results.append(
                TestCaseResult(test_case=case, message="", passed=failure is None)
            )
            cases.append(
                CaseResult(
                    name=case.name,
                    hidden=case.hidden,
                    points=case.points,
                    passed=failure is None,
                    message=_message(case, failure),
                )
            )
        return test, cases

    def _note_status(self, status: str) -> None:
        if self.status == "graded":
            self.status = status


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Compare plain values exactly, arrays included."""
    first, second = Encoder(), Encoder()
    return bool(first.encode(one) == second.encode(other)) and first.blobs == second.blobs


def _message(case: Any, failure: BaseException | None) -> str:
    """Return what a student may read about a test."""
    if failure is None:
        return case.success_message or ""
    if isinstance(failure, (CallFailed, ClaimRefused, SessionLost)):
        text = str(failure)
        return text[:1].upper() + text[1:] + "."
    if case.failure_message:
        return str(case.failure_message)
    if isinstance(failure, AssertionError) and not case.hidden and str(failure):
        return str(failure)
    if case.hidden:
        return "A hidden test did not pass."
    return "The answer does not have the form that is asked for."


def _described(index: int, source: str, run: CellRun, told: bool) -> str:
    """Return a sentence about a cell that raised.

    Once the student's code has been called with the grader's inputs, whatever it chooses could
    carry them out: the text, but also a name it made up for a type, or a line it never had.
    """
    assert run.error is not None
    error = run.error
    if told:
        own = error["kind"] in PYTHONS_OWN
        error = error | {"kind": error["kind"] if own else "an error", "text": ""}
        name = re.match(r"name '(\w+)' is not defined", run.error["text"])
        if name and error["kind"] == "NameError" and re.search(rf"\b{name[1]}\b", source):
            error["text"] = name[0]  # a word of the cell itself tells nothing new
    where = f"Cell {index + 1}"
    if error["line"] and error["line"] <= len(source.splitlines()):
        where += f", line {error['line']}"
    text = f": {error['text'].splitlines()[0][:300]}" if error["text"] else ""
    return f"{where} raised {error['kind']}{text}"


def _disagreements(session: Session, grader: Autograder, test: TestFile) -> list[str]:
    inside = session.test_inside(grader.test(test.name), grader.files)
    if inside.get("score") == test.score:
        return []
    return [
        f"its tests give {test.score:g} on what crosses to the grader, but "
        f"{inside.get('score')} on the real objects: {inside.get('failures')}"
    ]
