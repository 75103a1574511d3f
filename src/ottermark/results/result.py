"""What grading one submission produced, before it is rendered as results.json."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ottermark.assignment import Assignment, Question
from ottermark.limits import Limits
from ottermark.results.diagnosis import NO_DIAGNOSIS, Diagnosis
from ottermark.submissions.answer_code import AnswerCell
from ottermark.submissions.written_answers import WrittenAnswer

Status = Literal["graded", "timeout", "crashed", "rejected"]


@dataclass(frozen=True)
class CaseResult:
    """The result of one test of a question.

    Attributes:
        name: Otter's name for it, e.g. ``q2_7 - 3``.
        message: Markdown for the student; never the test's source or an expected value.
    """

    name: str
    hidden: bool
    points: float
    passed: bool
    message: str


@dataclass(frozen=True)
class InWorkerResult:
    """The result of a question's tests on the real objects, in the notebook's own process.

    Attributes:
        score: the points.
        passed: whether each test passed, by its name.
        failed_in_reverse: the tests that failed when all were run once more in reverse order.
        messages: for a trusted notebook, what Otter says of each test, by its name.
        failures: by the name of a test that fails on what crosses to the grader, its exception.
    """

    score: float
    passed: dict[str, bool]
    failed_in_reverse: tuple[str, ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QuestionResult:
    """The result of one question.

    Attributes:
        notes: Markdown sentences on what went wrong outside the tests: a missing name, a rejected
            value, a process that ended.
        diagnosis: the misconceptions recognised in an answer that lost points.
        in_worker: for a trusted notebook, the result of the tests on the real objects.
        answered: whether there was an answer; what the notebook came with is none.
        needs_review: whether it earned points by a model whose answers could not be verified.
        cell: the index of the cell after which it was marked, from 0; None if it was not marked.
    """

    question: Question
    score: float
    cases: tuple[CaseResult, ...] = ()
    notes: tuple[str, ...] = ()
    diagnosis: Diagnosis = NO_DIAGNOSIS
    in_worker: InWorkerResult | None = None
    answered: bool = True
    needs_review: bool = False
    cell: int | None = None


@dataclass(frozen=True)
class CellProblem:
    """A cell that raised, exceeded its time or ended the process.

    Attributes:
        cell: index in the notebook, from 0.
        text: a Markdown sentence for the student.
        raised: whether it raised, and was neither stopped nor ended the process.
    """

    cell: int
    text: str
    raised: bool = False


@dataclass(frozen=True)
class SubmissionResult:
    """The result of one submission.

    Attributes:
        isolation: the boundary that held while the student's code ran; empty if none of it ran.
        problems: cells that went wrong, in order.
        seconds: wall time of the whole grading.
        cells_seconds: wall time until hidden tests began to call the student's code.
        message: for ``rejected`` and for a failure of the grader, why.
        limits: the limits of the run; None if nothing ran.
        written: the written answers, in order; empty if the file was rejected.
        leaderboard: columns as results.json has them.
        headings: by the index of a cell after which a question was marked, the heading above it.
        code: by question id, the code cells of the student's own that answer it; once all is graded.
        unfit_levers: what Keras did as by itself in training, since its version is not known.
    """

    submission: str
    status: Status
    isolation: str
    questions: tuple[QuestionResult, ...]
    problems: tuple[CellProblem, ...] = ()
    seconds: float = 0.0
    cells_seconds: float = 0.0
    message: str = ""
    limits: Limits | None = None
    written: tuple[WrittenAnswer, ...] = ()
    leaderboard: tuple[dict[str, Any], ...] = field(default=())
    headings: dict[int, str] = field(default_factory=dict)
    code: dict[str, tuple[AnswerCell, ...]] = field(default_factory=dict)
    unfit_levers: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The sum over all questions."""
        return sum(question.score for question in self.questions)


def zero_result(
    submission: str, assignment: Assignment, status: Status, message: str
) -> SubmissionResult:
    """Return a result of zero points on every question, e.g. for a file that was rejected."""
    questions = tuple(QuestionResult(question, 0.0) for question in assignment.automatic)
    return SubmissionResult(submission, status, "", questions, message=message)
