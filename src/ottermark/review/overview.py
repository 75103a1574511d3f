"""The overview: how far the marking is, who marks what, and what needs a person."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ottermark.assignment import Question
from ottermark.review.attention import (
    SubmissionAttention,
    UnexplainedAnswer,
    submissions_to_look_at,
    unexplained_answers,
)
from ottermark.review.desk import Desk
from ottermark.review.look_alikes import look_alikes
from ottermark.review.progress import marks_by_marker, question_progress

MAX_SHOWN = 12  # of each list


@dataclass(frozen=True)
class AutomaticSummary:
    """An automatic question: how many lost points, and how many marks were overridden."""

    question: Question
    answers: int
    full: int
    groups: int
    overrides: int


def show(desk: Desk, request: Request) -> Response:
    """Show the overview."""
    workspace = desk.workspace
    progress = [question_progress(desk, question) for question in workspace.written_questions]
    attention, unexplained = _attention(desk)
    return desk.page(
        request,
        "overview.html.j2",
        progress=progress,
        answers=sum(question.answers for question in progress),
        marked=sum(question.marked for question in progress),
        stale=sum(question.stale for question in progress),
        flagged=sum(question.flagged for question in progress),
        by_marker=marks_by_marker(progress),
        automatic=[_automatic(desk, question) for question in workspace.assignment.automatic],
        attention=attention,
        unexplained=unexplained,
        similar=look_alikes(desk),
        requests=workspace.store.state().open_requests,
        submissions=len(workspace.submissions),
        limit=MAX_SHOWN,
    )


def prepare(desk: Desk) -> None:
    """Compute what the first view needs, so that nobody waits for it."""
    _attention(desk)
    look_alikes(desk)
    for question in desk.workspace.assignment.questions:
        if question.manual:
            question_progress(desk, question)
        else:
            _automatic(desk, question)


def _attention(desk: Desk) -> tuple[list[SubmissionAttention], list[UnexplainedAnswer]]:
    """Return the submissions and the values that a person should look at."""
    workspace = desk.workspace
    return desk.remembered(
        "attention",
        lambda: (submissions_to_look_at(workspace), unexplained_answers(workspace, MAX_SHOWN)),
    )


def _automatic(desk: Desk, question: Question) -> AutomaticSummary:
    def compute() -> AutomaticSummary:
        outcomes = desk.workspace.automatic(question.id)
        overrides = desk.workspace.store.state().overrides
        return AutomaticSummary(
            question=question,
            answers=len(outcomes),
            full=sum(o.points >= question.points for o in outcomes.values()),
            groups=len(desk.workspace.failure_groups(question.id)),
            overrides=sum(id == question.id for _, id in overrides),
        )

    return desk.remembered(f"automatic {question.id}", compute, question=question.id)
