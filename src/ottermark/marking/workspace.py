"""A graded class as it is marked: the results of the ledger, and the marks of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig
from ottermark.marking.groups import AnswerGroup, FailureGroup
from ottermark.marking.rubric import Rubric
from ottermark.marking.state import Placed
from ottermark.marking.store import MarkStore
from ottermark.marking.values import Mark, Override
from ottermark.results.document import ResultDocument
from ottermark.submissions.record import SubmissionRecord
from ottermark.submissions.written_answers import AnswerState

ASSIGNMENT_FOLDER = "assignment"  # in the output folder: what the autograder knows of the questions


@dataclass(frozen=True)
class StudentAnswer:
    """A submission's answer to a written question.

    Attributes:
        state: ``answered``, ``empty`` or ``missing``.
        text: as Markdown; a student's own, so hostile.
        digest: of both; a mark holds that of the answer which it is about.
    """

    state: AnswerState
    text: str
    digest: str


@dataclass(frozen=True)
class AutomaticOutcome:
    """What tests said of a submission's answer to an automatic question.

    Attributes:
        points: of the tests, without overrides.
        answered: whether there was an answer.
        failed: the names of the tests that failed.
        misconceptions: the names of those recognised.
        look: the names of those that a person should look at.
        unexplained: by name, values that no misconception explains.
        digest: of the student's code; an override holds that of the code which it is about.
    """

    points: float
    answered: bool
    failed: tuple[str, ...]
    misconceptions: tuple[str, ...]
    look: tuple[str, ...]
    unexplained: Mapping[str, str]
    digest: str


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

    out: Path
    store: MarkStore
    assignment: Assignment
    config: GradingConfig

    def __init__(self, out: Path) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Close the ledger and the store."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> int:
        """A number that changes when results have been graded again."""
        raise NotImplementedError

    @property
    def written_questions(self) -> tuple[Question, ...]:
        """The questions that people mark, in order."""
        raise NotImplementedError

    @property
    def submissions(self) -> tuple[str, ...]:
        """The names of the submissions that count, in order, as in ``grades.csv``."""
        raise NotImplementedError

    def document(self, submission: str) -> ResultDocument:
        """Return the result of a submission; raises ``KeyError`` if there is none of that name."""
        raise NotImplementedError

    def record(self, submission: str) -> SubmissionRecord:
        """Return who handed in a submission, and when; raises ``KeyError``."""
        raise NotImplementedError

    def executed_path(self, submission: str) -> Path:
        """Return the path of the executed notebook; a rejected submission has no such file."""
        raise NotImplementedError

    def written(self, question: str) -> Mapping[str, StudentAnswer]:
        """Return by submission the answers to a written question; raises ``KeyError``.

        A submission without an entry in its result, such as a rejected one, has a missing answer.
        """
        raise NotImplementedError

    def automatic(self, question: str) -> Mapping[str, AutomaticOutcome]:
        """Return by submission the outcomes of an automatic question; raises ``KeyError``."""
        raise NotImplementedError

    def rubrics(self) -> Mapping[str, Rubric]:
        """Return by written question its rubric: as edited, else of ``rubrics.yaml``, else a plain one."""
        raise NotImplementedError

    def rubrics_text(self) -> str:
        """Return the rubrics as the text of a ``rubrics.yaml``."""
        raise NotImplementedError

    def mark_of(self, submission: str, question: str) -> MarkStatus:
        """Return how far a written answer is marked; raises ``KeyError``."""
        raise NotImplementedError

    def marks_of(self, question: str) -> Mapping[str, MarkStatus]:
        """Return by submission how far the answers to a written question are marked."""
        raise NotImplementedError

    def override_of(self, submission: str, question: str) -> OverrideStatus:
        """Return the points of an automatic question; raises ``KeyError``."""
        raise NotImplementedError

    def earlier_answer(self, submission: str, question: str, digest: str) -> str | None:
        """Return the text of an earlier answer, or the earlier code of an automatic question.

        Args:
            digest: as in ``Placed.answer``.

        Returns:
            None if the ledger does not have it.
        """
        raise NotImplementedError

    def groups(self, question: str) -> tuple[AnswerGroup, ...]:
        """Return the groups of answers to a written question, as edited, without blank and missing ones."""
        raise NotImplementedError

    def failure_groups(self, question: str) -> tuple[FailureGroup, ...]:
        """Return the groups of answers to an automatic question, the largest first."""
        raise NotImplementedError

    def without_answer(self, question: str) -> tuple[str, ...]:
        """Return the submissions whose answer to a written question is blank or missing."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Compute the groups of all questions, which takes seconds in a large class."""
        raise NotImplementedError

    def pseudonym(self, submission: str) -> str:
        """Return a name that tells nothing and stays the same; their order is shuffled."""
        raise NotImplementedError

    def submission_of(self, pseudonym: str) -> str:
        """Return the submission that has a pseudonym; raises ``KeyError``."""
        raise NotImplementedError
