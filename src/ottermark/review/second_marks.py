"""Second marks: a sample of answers marked again, by somebody who does not see the first marks."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ottermark.assignment import Question
from ottermark.marking.agreement import agreement_on, pairs_on
from ottermark.marking.state import Placed
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Mark
from ottermark.marking.workspace import MarkStatus
from ottermark.reports.html import number_text
from ottermark.review.card_page import (
    Choice,
    answer_markdown,
    choice_of_mark,
    numbers_of,
    outdated_rubric,
    read_mark,
)
from ottermark.review.cards import shuffled
from ottermark.review.conflicts import what_was_done
from ottermark.review.desk import Desk, go_to, marker_of, one, seen_by
from ottermark.review.second_sample import sample_of, to_mark_again


@dataclass(frozen=True)
class SampleProgress:
    """How far the sample of a question is marked a second time.

    Attributes:
        sample: how many answers are to be marked twice.
        second: how many of them are.
        left: how many the marker who asks can mark.
        waiting: how many have no first mark yet.
        own: how many the marker who asks has marked first, and somebody else has to mark again.
    """

    question: Question
    sample: int
    second: int
    left: int
    waiting: int
    own: int


@dataclass(frozen=True)
class Difference:
    """An answer to which two markers gave different points; ``place`` is its address."""

    submission: str
    first: float
    second: float
    place: str


def show(desk: Desk, request: Request) -> Response:
    """Show the samples of all written questions."""
    marker = marker_of(request)
    rows = [_progress(desk, question, marker) for question in desk.workspace.written_questions]
    return desk.page(request, "second.html.j2", rows=rows)


def show_next(desk: Desk, request: Request) -> Response:
    """Lead to the next answer that this marker can mark a second time."""
    question, marker = desk.written_question(request), marker_of(request)
    names = to_mark_again(desk, question.id, marker)
    if not names:
        return go_to(f"/agreement/{question.id}")
    order = shuffled(desk.workspace, f"second {marker}", question.id, names)
    return go_to(f"/second/{question.id}/{desk.workspace.pseudonym(order[0])}")


def show_answer(desk: Desk, request: Request) -> Response:
    """Show an answer without its first mark."""
    question, status, placed = _find(desk, request)
    own = placed if placed is not None and placed.marker == marker_of(request) else None
    choice = Choice() if own is None else choice_of_mark(own.value)
    return _page(desk, request, question, status, choice, "", 200)


def mark(desk: Desk, request: Request, form: FormData) -> Response:
    """Mark an answer a second time."""
    state, seen, marker = desk.workspace.store.state(), seen_by(form), marker_of(request)
    question, status, _ = _find(desk, request)
    rubric = desk.workspace.rubrics()[question.id]
    value, choice, problem = read_mark(form, rubric)
    last = state.seen("second", status.submission, question.id)
    code = 422
    if one(form, "version") != status.answer.digest:
        problem = "This answer has changed since the page was opened; look at it again."
    elif outdated := outdated_rubric(form, rubric):
        problem, code = outdated, 409
    elif last > seen:
        event = desk.workspace.store.last_event("second", status.submission, question.id)
        problem = f"Not saved: {what_was_done(desk, marker, event)}"
        code = 409
    elif value is None and not problem:
        problem = "Choose an item, or 0 if none applies."
    if problem or value is None:
        return _page(desk, request, question, status, choice, problem, code)
    change = MarkChange("second", status.submission, question.id, value, status.answer.digest, last)
    ids = desk.write(request, [change])
    points = number_text(value.score(rubric))
    names = to_mark_again(desk, question.id, marker)
    order = shuffled(desk.workspace, f"second {marker}", question.id, names)
    target = f"second/{question.id}/{desk.workspace.pseudonym(order[0])}" if order else "second"
    return go_to(f"/{target}?points={points}", ids)


def show_agreement(desk: Desk, request: Request) -> Response:
    """Show how far markers agree on a question."""
    question = desk.written_question(request)
    rubric = desk.workspace.rubrics()[question.id]
    scores = {
        name: (first.score(rubric), second.score(rubric))
        for name, (first, second) in pairs_on(desk.workspace, question.id).items()
    }
    differences = [
        Difference(name, first, second, desk.answer_address(name, question.id))
        for name, (first, second) in scores.items()
        if first != second
    ]
    return desk.page(
        request,
        "agreement.html.j2",
        question=question,
        agreement=agreement_on(desk.workspace, question.id),
        progress=_progress(desk, question, marker_of(request)),
        differences=sorted(differences, key=lambda d: -abs(d.first - d.second))[:50],
    )


def _progress(desk: Desk, question: Question, marker: str) -> SampleProgress:
    state, sample = desk.workspace.store.state(), sample_of(desk, question.id)
    firsts = [state.marks.get((name, question.id)) for name in sample]
    seconds = [(name, question.id) in state.seconds for name in sample]
    own = [
        first is not None and first.marker == marker and not second
        for first, second in zip(firsts, seconds, strict=True)
    ]
    return SampleProgress(
        question,
        len(sample),
        sum(seconds),
        len(to_mark_again(desk, question.id, marker)),
        sum(first is None for first in firsts),
        sum(own),
    )


def _find(desk: Desk, request: Request) -> tuple[Question, MarkStatus, Placed[Mark] | None]:
    """Return an answer of the sample, and its second mark; raises ``KeyError``."""
    question = desk.written_question(request)
    submission = desk.workspace.submission_of(request.path_params["pseudonym"])
    if submission not in sample_of(desk, question.id):
        raise KeyError(submission)
    placed = desk.workspace.store.state().seconds.get((submission, question.id))
    return question, desk.workspace.mark_of(submission, question.id), placed


def _page(
    desk: Desk,
    request: Request,
    question: Question,
    status: MarkStatus,
    choice: Choice,
    problem: str,
    code: int,
) -> Response:
    markdown, pictures = answer_markdown(desk, status.submission, status.answer.text)
    state, marker = desk.workspace.store.state(), marker_of(request)
    first = state.marks.get((status.submission, question.id))
    return desk.page(
        request,
        "second_answer.html.j2",
        status=code,
        question=question,
        submission=status.submission,
        markdown=markdown,
        pictures=pictures,
        version=status.answer.digest,
        rubric=desk.workspace.rubrics()[question.id],
        choice=choice,
        problem=problem,
        own_first=first is not None and first.marker == marker,
        left=len(to_mark_again(desk, question.id, marker)),
        numbers=numbers_of(desk, question, status.submission),
    )
