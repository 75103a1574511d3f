"""The overview: how far the marking is, who marks what, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ottermark.assignment import Question
from ottermark.review.attention import submissions_to_look_at, unexplained_answers
from ottermark.review.desk import Desk
from ottermark.review.look_alikes import similar_groups
from ottermark.review.progress import QuestionProgress, marks_by_marker, question_progress
from ottermark.review.requests import open_requests

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
    progress = desk.remembered("progress", lambda: _progress(desk))
    attention = desk.remembered(
        "attention", lambda: submissions_to_look_at(workspace), with_marks=False
    )
    unexplained = desk.remembered(
        "unexplained", lambda: unexplained_answers(workspace, MAX_SHOWN), with_marks=False
    )
    return desk.page(
        request,
        "overview.html.j2",
        progress=progress,
        answers=sum(question.answers for question in progress),
        marked=sum(question.marked for question in progress),
        stale=sum(question.stale for question in progress),
        flagged=sum(question.flagged for question in progress),
        by_marker=marks_by_marker(progress),
        automatic=desk.remembered("automatic", lambda: _automatic(desk)),
        attention=attention,
        unexplained=unexplained,
        similar=similar_groups(desk),
        requests=open_requests(workspace.store.state()),
        submissions=len(workspace.submissions),
        limit=MAX_SHOWN,
    )


def _progress(desk: Desk) -> Sequence[QuestionProgress]:
    return [question_progress(desk.workspace, q) for q in desk.workspace.written_questions]


def _automatic(desk: Desk) -> list[AutomaticSummary]:
    workspace = desk.workspace
    overrides = workspace.store.state().overrides
    summaries = []
    for question in workspace.assignment.automatic:
        outcomes = workspace.automatic(question.id)
        summaries.append(
            AutomaticSummary(
                question=question,
                answers=len(outcomes),
                full=sum(o.points >= question.points for o in outcomes.values()),
                groups=len(workspace.failure_groups(question.id)),
                overrides=sum(id == question.id for _, id in overrides),
            )
        )
    return summaries
