"""What a submission answered, as marks and overrides refer to it, read from its result."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ottermark.results.document import Entry, ResultDocument
from ottermark.submissions.written_answers import MISSING, AnswerState


@dataclass(frozen=True)
class StudentAnswer:
    """A submission's answer to a written question.

    Attributes:
        state: ``answered``, ``empty`` or ``missing``.
        text: as Markdown; a student's own, so hostile.
        digest: of both, but for white space; a mark holds that of the answer which it is about.
    """

    state: AnswerState
    text: str
    digest: str


@dataclass(frozen=True)
class AutomaticOutcome:
    """What tests said of a submission's answer to an automatic question.

    Attributes:
        points: of the tests, without overrides.
        answered: whether there was an answer that tests could judge.
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


def written_answers_of(document: ResultDocument) -> dict[str, StudentAnswer]:
    """Return by question the written answers in a result."""
    return {
        question: StudentAnswer(
            answer.state, answer.answer, answer_digest(f"{answer.state} {answer.answer}")
        )
        for question, answer in document.facts.written.items()
    }


def automatic_outcomes_of(document: ResultDocument) -> dict[str, AutomaticOutcome]:
    """Return by question the outcomes of tests in a result."""
    return {
        question: _outcome(entry, code_of(document, question))
        for question, entry in document.questions.items()
    }


def code_of(document: ResultDocument, question: str) -> str:
    """Return the student's code that answers a question; cells are separated by an empty line."""
    return "\n\n".join(cell.source for cell in document.facts.code.get(question, ()))


def answer_digest(text: str) -> str:
    """Return a digest of an answer that does not depend on white space."""
    collapsed = " ".join(text.split())
    return hashlib.sha256(collapsed.encode("utf-8", "replace")).hexdigest()[:16]


MISSING_ANSWER = StudentAnswer(MISSING, "", answer_digest(MISSING))


def _outcome(entry: Entry, code: str) -> AutomaticOutcome:
    facts = entry.facts
    return AutomaticOutcome(
        points=float(entry.score or 0),
        # a rejected submission has entries without tests
        answered=facts.answered and bool(facts.cases or entry.score),
        failed=tuple(case.name for case in facts.cases if not case.passed),
        misconceptions=tuple(facts.misconceptions),
        look=tuple(facts.look),
        unexplained=dict(facts.unexplained),
        digest=answer_digest(code),
    )
