"""One answer to one question: the values its names stand for, and how its tests judge them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from ottermark.assignment import Question
from ottermark.grading.messages import (
    NO_ANSWER,
    NOT_RUN,
    case_message,
    unsupported_model,
    value_notes,
)
from ottermark.grading.misconceptions import MisconceptionCatalogue
from ottermark.grading.otter_tests import OtterTests
from ottermark.models.keras_model import KerasModel
from ottermark.protocol.codec import Encoder
from ottermark.protocol.proxies import (
    RemoteFunction,
    ValueRejectedError,
    is_placeholder,
)
from ottermark.python_source import import_objects
from ottermark.results.diagnosis import NO_DIAGNOSIS, Diagnosis
from ottermark.results.result import CaseResult, InWorkerResult, QuestionResult
from ottermark.sandbox.session import Session, SessionLostError


@dataclass
class Attempt:
    """The values of a question's names at one moment, and the outcomes of its tests.

    Attributes:
        cell: the index of the cell after which they are read.
        values: by name, what came from the notebook's process.
        rejected: by name, why a value could not be sent.
        outcomes: by the index of a test in its file, None for passed, or why it failed.
        finished: whether the hidden tests have had their turn.
        abandoned: whether judging or reading it ended the process; it is not tried again.
        remotes: by name, the functions and models in its value, however deep inside.
        unsupported_models: by name, why the grader does not compute a model.
        in_worker: for a trusted notebook, the result of the tests on the real objects.
    """

    question: Question
    tests: OtterTests
    cell: int
    values: dict[str, Any] = field(default_factory=dict)
    rejected: dict[str, str] = field(default_factory=dict)
    outcomes: dict[int, BaseException | None] = field(default_factory=dict)
    finished: bool = False
    abandoned: bool = False
    remotes: dict[str, list[Any]] = field(default_factory=dict)
    unsupported_models: dict[str, str] = field(default_factory=dict)
    in_worker: InWorkerResult | None = None
    diagnosis: Diagnosis = NO_DIAGNOSIS
    _rejections: list[ValueRejectedError] = field(
        default_factory=list
    )  # of the session, as it goes

    def read(self, session: Session) -> None:
        """Read the values from a process; raises ``SessionLostError`` if that ends it."""
        self.values, self.rejected = session.read_values(self.question.names)
        self.remotes, self._rejections = session.remotes, session.rejections

    def abandon(self) -> None:
        """Do not judge this attempt any further."""
        self.abandoned = True

    @property
    def has_form(self) -> bool:
        """Whether nothing is missing and the public tests pass, but for those of examples."""
        values = [self.values.get(name) for name in self.question.names]
        return all(v is not None and v is not ... for v in values) and all(
            self._failure(index) is None
            for index, case in enumerate(self.tests.cases)
            if not case.hidden and not self.tests.is_example(index)
        )

    @property
    def is_answer(self) -> bool:
        """Whether this is an answer at all; a function that only returns None is none."""
        functions = [v for v in self.values.values() if isinstance(v, RemoteFunction)]
        return self.has_form and all(function.answered for function in functions)

    @property
    def is_blank(self) -> bool:
        """Whether none of the names stands for an answer, as in the notebook that was handed out."""
        values = [self.values.get(name) for name in self.question.names]
        return all(map(is_placeholder, values)) and not self.rejected

    @property
    def awaits_hidden_tests(self) -> bool:
        """Whether its hidden tests have yet to be run."""
        return not self.finished and not self.abandoned

    @property
    def calls_student_code(self) -> bool:
        """Whether judging it may call something in the notebook's process."""
        return any(self.remotes.values())

    @property
    def score(self) -> float:
        """The points it earns."""
        return self.tests.score([self._failure(i) is None for i in range(len(self.tests.cases))])

    @property
    def earns_all(self) -> bool:
        """Whether it earns all points of the question."""
        return self.score >= self.question.points

    def run_public_tests(self, until: float) -> None:
        """Run the public tests; none begins after ``until`` on the monotonic clock."""
        self._find_unsupported_models(until)
        self._run_tests(False, until)

    def run_hidden_tests(self, until: float) -> None:
        """Run the hidden tests; none begins after ``until`` on the monotonic clock."""
        self._run_tests(True, until)
        self.finished = True

    def diagnose(self, catalogue: MisconceptionCatalogue, until: float) -> None:
        """Look for misconceptions, if points were lost and there is time."""
        if self.earns_all or self.is_blank or time.monotonic() >= until:
            return
        with contextlib.suppress(SessionLostError):  # the session knows it
            diagnosis = catalogue.explain(self.question.id, self.values, self.question.names)
            doubted = self._names_of_failed_tests()
            unexplained = {n: v for n, v in diagnosis.unexplained.items() if n in doubted}
            self.diagnosis = replace(diagnosis, unexplained=unexplained)

    def same_values(self, other: Attempt) -> bool:
        """Compare values exactly: arrays by their bytes, functions and models by their handles."""
        first, second = (Encoder(lambda remote: int(remote.handle)) for _ in range(2))
        try:
            equal = first.encode(self.values) == second.encode(other.values)
            return bool(equal) and first.blobs == second.blobs
        except ValueRejectedError:  # as large as may cross, and a dict around them is too much
            return False

    def result(self) -> QuestionResult:
        """Return what the attempt earns and what can be said of it."""
        score = self.score
        cases = tuple(self._case_result(index) for index in range(len(self.tests.cases)))
        notes = value_notes(self.question.names, self.values, self.rejected)
        if not self.earns_all:
            notes += [unsupported_model(*item) for item in self.unsupported_models.items()]
        answered = not self.is_blank or score > 0
        if not answered:
            cases = ()  # what each test has to say about nothing helps nobody
            notes = notes or [NO_ANSWER]
        return QuestionResult(
            self.question,
            score,
            cases,
            tuple(notes),
            self.diagnosis,
            self._in_worker_result(),
            answered,
            needs_review=score > 0 and bool(self.unsupported_models),
            cell=self.cell,
        )

    def _in_worker_result(self) -> InWorkerResult | None:
        """Return the result on the real objects, with what went wrong on those that crossed."""
        if self.in_worker is None:
            return None
        failures = {
            self.tests.cases[index].name: str(failure)
            for index, failure in self.outcomes.items()
            if failure is not None
        }
        return replace(self.in_worker, failures=failures)

    # -------------------------------------------------------------------------- judging

    def _failure(self, index: int) -> BaseException | None:
        return self.outcomes.get(index, NOT_RUN)

    def _run_tests(self, hidden: bool, until: float) -> None:
        namespace = {**import_objects(self.question.grader_imports), **self.values}
        for index, case in enumerate(self.tests.cases):
            if bool(case.hidden) == hidden and time.monotonic() <= until:
                self.outcomes[index] = self._run_test(index, namespace)

    def _run_test(self, index: int, namespace: dict[str, Any]) -> BaseException | None:
        """Run a test; one that passes in spite of what could not be sent has not passed."""
        self._rejections.clear()
        failure = self.tests.run(index, namespace)
        return self._rejections[0] if failure is None and self._rejections else failure

    def _find_unsupported_models(self, until: float) -> None:
        """Verify the models, none of them after ``until`` on the monotonic clock."""
        remotes = [(name, remote) for name, some in self.remotes.items() for remote in some]
        for name, remote in remotes:
            if not isinstance(remote, KerasModel) or time.monotonic() > until:
                continue
            # the tests will meet these exceptions too
            with contextlib.suppress(ValueRejectedError, SessionLostError):
                if not remote.is_verified:
                    self.unsupported_models.setdefault(name, remote.why_unverified)

    def _names_of_failed_tests(self) -> Collection[str]:
        """Return the names that failed tests ask for: the others may well be right."""
        failed = [index for index, failure in self.outcomes.items() if failure is not None]
        required = self.tests.required_names(failed)
        return self.question.names if required.why_open_ended else required.names

    def _case_result(self, index: int) -> CaseResult:
        case, failure = self.tests.cases[index], self._failure(index)
        assertion = self.tests.message_of(index, failure) if failure is not None else ""
        message = case_message(case, failure, assertion)
        return CaseResult(case.name, case.hidden, case.points, failure is None, message)
