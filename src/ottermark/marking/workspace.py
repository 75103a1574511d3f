"""A graded class as it is marked: the results of the ledger, and the marks of the store."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from ottermark.assignment import RECORD_FILE, RUBRICS_FILE, Assignment, Question
from ottermark.batch.tables import ASSIGNMENT_FOLDER
from ottermark.config import CONFIG_FILE, GradingConfig
from ottermark.errors import UsageError
from ottermark.marking.answers import (
    MISSING_ANSWER,
    AutomaticOutcome,
    StudentAnswer,
    answer_digest,
    code_of,
    written_answers_of,
)
from ottermark.marking.groups import (
    AnswerGroup,
    FailureGroup,
    answer_groups,
    edited_groups,
    failure_groups,
)
from ottermark.marking.ledger_reader import GradedAnswersIndex, LedgerReader
from ottermark.marking.state import MarkState, Placed
from ottermark.marking.store import MarkStore
from ottermark.marking.values import Mark, Override
from ottermark.results.document import ResultDocument
from ottermark.results.result import Status
from ottermark.rubric import Rubric, default_rubric, read_rubrics, rubrics_yaml
from ottermark.submissions.candidates import Submission
from ottermark.submissions.written_answers import ANSWERED

MAX_DOCUMENTS = 64  # results that are kept in memory; each is some hundred kilobytes

_T = TypeVar("_T")


@dataclass(frozen=True)
class MarkStatus:
    """How far a written answer is marked.

    Attributes:
        answer: as it is now.
        placed: the mark; None if there is none.
        points: None if there is no mark.
        stale: whether the mark is about an earlier version of the answer; it counts nevertheless.
        flagged: whether somebody should look at it again.
        seen: the id of the last event on the mark, for ``MarkChange.seen``.
    """

    submission: str
    question: str
    answer: StudentAnswer
    placed: Placed[Mark] | None
    points: float | None
    stale: bool
    flagged: bool
    seen: int

    @property
    def unmarked(self) -> bool:
        """Whether there is no mark."""
        return self.placed is None

    @property
    def marker(self) -> str:
        """Who marked it; empty if nobody has."""
        return "" if self.placed is None else self.placed.marker


@dataclass(frozen=True)
class OverrideStatus:
    """The points of an automatic question.

    Attributes:
        outcome: of the tests; None if the submission was graded on other questions.
        placed: the override; None if there is none.
        points: of the override, else of the tests; None if there are none.
        stale: whether the override is about an earlier version of the code.
        seen: the id of the last event on the override, for ``MarkChange.seen``.
    """

    submission: str
    question: str
    outcome: AutomaticOutcome | None
    placed: Placed[Override] | None
    points: float | None
    stale: bool
    seen: int


@dataclass(frozen=True)
class _KnownStatuses:
    """The statuses of a question as of an index and the last event that concerns it."""

    rubric: Rubric
    index: GradedAnswersIndex
    last: int
    statuses: Mapping[str, MarkStatus]


class Workspace:
    """A folder that ``ottermark grade`` wrote, to be marked.

    Results that are graded again meanwhile are picked up; nothing but the store is ever written.
    Several threads may use it at once.

    Args:
        out: the folder.

    Attributes:
        out: the folder.
        store: the marks.
        assignment: of the last run.
        config: the options of the last run's autograder.

    Raises:
        UsageError: nothing was graded there, or what is there cannot be read.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._lock = threading.RLock()
        self._ledger = LedgerReader(out)
        self._index = GradedAnswersIndex()
        self._version = 0
        self._documents: OrderedDict[str, ResultDocument] = OrderedDict()
        self._files: dict[Path, tuple[tuple[int, int], object]] = {}
        self._derived: dict[tuple[str, str], tuple[GradedAnswersIndex, object]] = {}
        self._groups: dict[str, tuple[Mapping[str, str], list[AnswerGroup]]] = {}
        self._statuses: dict[str, _KnownStatuses] = {}
        self._pseudonyms: dict[str, str] = {}
        self._names: dict[str, str] = {}  # by pseudonym
        self._named: GradedAnswersIndex | None = None  # all of which have pseudonyms
        try:
            self._refreshed()
            _ = self.assignment
            self.store = MarkStore(out)
        except BaseException:
            self._ledger.close()
            raise

    def close(self) -> None:
        """Close the ledger and the store."""
        with self._lock:
            self._ledger.close()
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---------------------------------------------------------------------- the assignment

    @property
    def assignment(self) -> Assignment:
        """The questions, as of the last run."""
        return self._file(RECORD_FILE, lambda path: _read_assignment(path, self.out))

    @property
    def config(self) -> GradingConfig:
        """The options of the last run's autograder."""
        return self._file(CONFIG_FILE, GradingConfig.read)

    @property
    def written_questions(self) -> tuple[Question, ...]:
        """The questions that people mark, in order."""
        return tuple(question for question in self.assignment.questions if question.manual)

    def rubrics(self) -> Mapping[str, Rubric]:
        """Return by written question its rubric: as edited, else of ``rubrics.yaml``, else a plain one."""
        return self._rubrics_by(self.store.state())

    def rubrics_text(self) -> str:
        """Return the rubrics as the text of a ``rubrics.yaml``."""
        path = self.out / ASSIGNMENT_FOLDER / RUBRICS_FILE
        original = path.read_text(encoding="utf-8") if path.is_file() else ""
        return rubrics_yaml(self.rubrics(), original)

    # ------------------------------------------------------------------------- the results

    @property
    def version(self) -> int:
        """A number that changes when results have been graded again."""
        self._refreshed()
        return self._version

    @property
    def submissions(self) -> tuple[str, ...]:
        """The names of the submissions that count, in order, as in ``grades.csv``."""
        return self._refreshed().names

    def document(self, submission: str) -> ResultDocument:
        """Return the result of a submission; raises ``KeyError`` if there is none of that name."""
        with self._lock:
            self._refreshed()
            if submission not in self._documents:
                self._documents[submission] = self._ledger.document(submission)
                if len(self._documents) > MAX_DOCUMENTS:
                    self._documents.popitem(last=False)
            self._documents.move_to_end(submission)
            return self._documents[submission]

    def submission(self, name: str) -> Submission:
        """Return a submission that counts, with the students for whom it does; raises ``KeyError``."""
        return self._refreshed().counted[name]

    def status_of(self, submission: str) -> Status:
        """Return the status of a submission's result; raises ``KeyError``."""
        return self._refreshed().statuses[submission]

    @property
    def result_keys(self) -> Mapping[str, str | None]:
        """By submission that counts, what the ledger knows its result by."""
        index = self._refreshed()
        return {name: index.keys[name] for name in index.names}

    def executed_path(self, submission: str) -> Path:
        """Return the path of the executed notebook; a rejected submission has no such file.

        Raises:
            KeyError: there is no such submission.
        """
        if submission not in self._refreshed().records:
            raise KeyError(submission)
        return self.out / "executed" / f"{submission}.ipynb"

    def written(self, question: str) -> Mapping[str, StudentAnswer]:
        """Return by submission the answers to a written question; raises ``KeyError``.

        A submission without an entry in its result, such as a rejected one, has a missing answer.
        """
        self._check_question(question, manual=True)
        return self._of_index("written", question, _written)

    def automatic(self, question: str) -> Mapping[str, AutomaticOutcome]:
        """Return by submission the outcomes of an automatic question; raises ``KeyError``.

        Submissions that were graded on other questions are left out; rejected ones have 0 points.
        """
        self._check_question(question, manual=False)
        return self._of_index("automatic", question, _automatic)

    def earlier_answer(self, submission: str, question: str, digest: str) -> str | None:
        """Return the text of an earlier answer, or the earlier code of an automatic question.

        Args:
            digest: as in ``Placed.answer``.

        Returns:
            None if the ledger does not have it.
        """
        with self._lock:
            for document in self._ledger.documents_ever(submission):
                answer = written_answers_of(document).get(question)
                if answer is not None and answer.digest == digest:
                    return answer.text
                code = code_of(document, question)
                if code and answer_digest(code) == digest:
                    return code
        return None

    # --------------------------------------------------------------------------- the marks

    def mark_of(self, submission: str, question: str) -> MarkStatus:
        """Return how far a written answer is marked; raises ``KeyError``."""
        self._check_question(question, manual=True)
        index, state = self._refreshed(), self.store.state()
        if submission not in index.records:
            raise KeyError(submission)
        answer = index.written[submission].get(question, MISSING_ANSWER)
        return _mark_status(submission, self._rubrics_by(state)[question], answer, state)

    def marks_of(self, question: str) -> Mapping[str, MarkStatus]:
        """Return by submission how far the answers to a written question are marked."""
        index, state = self._refreshed(), self.store.state()
        answers, rubric = self.written(question), self._rubrics_by(state)[question]
        known = self._statuses.get(question)
        if known is not None and known.rubric != rubric:
            known = None
        last = state.last_of(question)
        if known is not None and known.index is index and known.last == last:
            return known.statuses
        earlier = known.statuses if known is not None else {}
        statuses = {
            name: _mark_status(name, rubric, answer, state, earlier.get(name))
            for name, answer in answers.items()
        }
        self._statuses[question] = _KnownStatuses(rubric, index, last, statuses)
        return statuses

    def override_of(self, submission: str, question: str) -> OverrideStatus:
        """Return the points of an automatic question; raises ``KeyError``."""
        self._check_question(question, manual=False)
        index, state = self._refreshed(), self.store.state()
        outcome = index.automatic[submission].get(question)
        placed = state.overrides.get((submission, question))
        points = None if outcome is None else outcome.points
        stale = False
        if placed is not None:
            points = placed.value.points
            stale = outcome is None or placed.answer not in ("", outcome.digest)
        seen = state.seen("override", submission, question)
        return OverrideStatus(submission, question, outcome, placed, points, stale, seen)

    # -------------------------------------------------------------------------- the groups

    def groups(self, question: str) -> tuple[AnswerGroup, ...]:
        """Return the groups of answers to a written question, as edited, without blank and missing ones."""
        self._check_question(question, manual=True)
        answers = self._of_index("answered", question, _answered_texts)
        with self._lock:
            known = self._groups.get(question)
        if known is None or (known[0] is not answers and known[0] != answers):
            known = answers, answer_groups(answers)
            with self._lock:
                self._groups[question] = known
        placed = self.store.state().groups.get(question)
        return tuple(known[1] if placed is None else edited_groups(known[1], placed.value))

    def group_of(self, submission: str, question: str) -> AnswerGroup | FailureGroup | None:
        """Return the group that holds a submission's answer to a question, of either kind.

        Returns:
            None for a written answer that is blank or missing, and for what is not in the class.

        Raises:
            KeyError: there is no such question.
        """
        written = any(question == q.id for q in self.written_questions)
        groups: Sequence[AnswerGroup | FailureGroup]
        groups = self.groups(question) if written else self.failure_groups(question)
        return next((group for group in groups if submission in group.members), None)

    def failure_groups(self, question: str) -> tuple[FailureGroup, ...]:
        """Return the groups of answers to an automatic question, the largest first."""
        self._check_question(question, manual=False)
        return self._of_index("failures", question, _failure_groups)

    def without_answer(self, question: str) -> tuple[str, ...]:
        """Return the submissions whose answer to a written question is blank or missing."""
        answers = self.written(question).items()
        return tuple(name for name, answer in answers if answer.state != ANSWERED)

    def prepare(self) -> None:
        """Compute what the first pages need, which takes seconds in a large class."""
        for question in self.assignment.questions:
            if question.manual:
                self.groups(question.id)
                self.marks_of(question.id)
            else:
                self.failure_groups(question.id)
        self.pseudonyms()

    # ------------------------------------------------------------------------ anonymously

    def pseudonym(self, submission: str) -> str:
        """Return a name that tells nothing and stays the same; raises ``KeyError``.

        In the order of pseudonyms, submissions are shuffled.
        """
        return self._pseudonyms_now()[submission]

    def pseudonyms(self) -> Mapping[str, str]:
        """Return the pseudonyms of all submissions, by their names."""
        return dict(self._pseudonyms_now())

    def submission_of(self, pseudonym: str) -> str:
        """Return the submission that has a pseudonym; raises ``KeyError``."""
        self._pseudonyms_now()
        return self._names[pseudonym]

    def _pseudonyms_now(self) -> dict[str, str]:
        index = self._refreshed()
        with self._lock:
            if self._named is not index:
                for name in index.records.keys() - self._pseudonyms.keys():
                    self._pseudonyms[name] = shown = _pseudonym(self.store.salt, name)
                    self._names[shown] = name
                self._named = index
            return self._pseudonyms

    # ----------------------------------------------------------------------- up to date

    def _refreshed(self) -> GradedAnswersIndex:
        with self._lock:
            index = self._ledger.index()
            if index is not self._index:
                self._index = index
                self._version += 1
                self._documents.clear()
            return index

    def _of_index(
        self, what: str, question: str, compute: Callable[[GradedAnswersIndex, str], _T]
    ) -> _T:
        """Return what follows from the results of a question; computed again when they have changed."""
        index = self._refreshed()
        with self._lock:
            known = self._derived.get((what, question))
        if known is None or known[0] is not index:
            known = index, compute(index, question)
            with self._lock:
                self._derived[what, question] = known
        return known[1]  # type: ignore[return-value]

    def _rubrics_by(self, state: MarkState) -> dict[str, Rubric]:
        assignment = self.assignment
        of_file = self._file(RUBRICS_FILE, lambda path: read_rubrics(path, assignment))
        rubrics = {}
        for question in assignment.questions:
            if not question.manual:
                continue
            edited = state.rubrics.get(question.id)
            rubric = of_file.get(question.id) if edited is None else edited.value
            points = float(question.points)
            rubrics[question.id] = (rubric or default_rubric(question)).with_max_points(points)
        return rubrics

    def _file(self, name: str, read: Callable[[Path], _T]) -> _T:
        """Return what a file of the assignment holds; it is read again when it has changed."""
        path = self.out / ASSIGNMENT_FOLDER / name
        try:
            status = path.stat()
            state = status.st_mtime_ns, status.st_ino
        except OSError:
            state = 0, 0
        with self._lock:
            if path not in self._files or self._files[path][0] != state:
                self._files[path] = state, read(path)
            return self._files[path][1]  # type: ignore[return-value]

    def _check_question(self, question: str, manual: bool) -> None:
        if not any(q.id == question and q.manual == manual for q in self.assignment.questions):
            raise KeyError(question)


def _read_assignment(path: Path, out: Path) -> Assignment:
    if not path.is_file():
        raise UsageError(
            f"{out} was graded by an earlier version of ottermark ({path} is missing); run "
            "`ottermark grade` into it again, which keeps what has been graded."
        )
    return Assignment.read(path.parent)


def _written(index: GradedAnswersIndex, question: str) -> Mapping[str, StudentAnswer]:
    return {name: index.written[name].get(question, MISSING_ANSWER) for name in index.names}


def _answered_texts(index: GradedAnswersIndex, question: str) -> Mapping[str, str]:
    answers = _written(index, question).items()
    return {name: answer.text for name, answer in answers if answer.state == ANSWERED}


def _automatic(index: GradedAnswersIndex, question: str) -> Mapping[str, AutomaticOutcome]:
    outcomes = {name: index.automatic[name].get(question) for name in index.names}
    return {name: outcome for name, outcome in outcomes.items() if outcome is not None}


def _failure_groups(index: GradedAnswersIndex, question: str) -> tuple[FailureGroup, ...]:
    return tuple(failure_groups(_automatic(index, question)))


def _mark_status(
    submission: str,
    rubric: Rubric,
    answer: StudentAnswer,
    state: MarkState,
    known: MarkStatus | None = None,
) -> MarkStatus:
    """Return how far an answer is marked.

    Args:
        known: the status by the same rubric before, which is returned if it is still right.
    """
    place = submission, rubric.question
    placed, flagged, seen = state.marks.get(place), place in state.flags, state.seen("mark", *place)
    now = placed, answer, flagged, seen
    if known is not None and (known.placed, known.answer, known.flagged, known.seen) == now:
        return known
    return MarkStatus(
        submission=submission,
        question=rubric.question,
        answer=answer,
        placed=placed,
        points=None if placed is None else placed.value.score(rubric),
        stale=placed is not None and placed.answer not in ("", answer.digest),
        flagged=flagged,
        seen=seen,
    )


def _pseudonym(salt: bytes, name: str) -> str:
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), key=salt, digest_size=10)
    text = base64.b32encode(digest.digest()).decode()
    return f"{text[:4]}-{text[4:8]}-{text[8:12]}"
