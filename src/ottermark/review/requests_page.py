"""Regrade requests: entered by hand or from a CSV file, answered, and kept."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from ottermark.errors import UsageError
from ottermark.marking.csv_rows import RowError, SubmissionNames
from ottermark.marking.requests_csv import plan_requests
from ottermark.marking.state import MarkState, Placed
from ottermark.marking.store import MarkChange
from ottermark.marking.values import RegradeRequest, Reply
from ottermark.review.conflicts import what_was_done
from ottermark.review.desk import Desk, go_to, marker_of, one, seen_by
from ottermark.review.paging import whole_number
from ottermark.review.second_sample import to_mark_again

MAX_TEXT = 4_000  # characters
MAX_CLOSED = 100  # of those that are closed, the latest


@dataclass(frozen=True)
class TypedRequest:
    """What somebody has filled in, as they typed it.

    Attributes:
        thread: of the request that they reply to; None for a new request.
    """

    text: str
    thread: int | None = None
    submission: str = ""
    question: str = ""


_NOTHING_TYPED = TypedRequest("")


@dataclass(frozen=True)
class ShownRequest:
    """A request as it is shown.

    Attributes:
        points: of the question now; None if nobody has marked it.
        blind: whether they are hidden, because who asks is to mark the answer a second time.
        place: the address of the answer.
    """

    thread: int
    request: Placed[RegradeRequest]
    reply: Placed[Reply] | None
    points: float | None
    blind: bool
    place: str


def show(desk: Desk, request: Request) -> Response:
    """Show all requests."""
    return _page(desk, request, [], 200)


def enter(desk: Desk, request: Request, form: FormData) -> Response:
    """Enter a request."""
    text, name = one(form, "text").strip()[:MAX_TEXT], one(form, "submission").strip()
    typed = TypedRequest(text, None, name, one(form, "question"))
    if not text:
        return _page(desk, request, ["Write what the student asks for."], 422, typed)
    question = desk.question(typed.question)
    try:
        submission = SubmissionNames(desk.workspace).find(name)
    except RowError as error:
        return _page(desk, request, [f"{error}."], 422, typed)
    change = MarkChange("request", submission, question.id, RegradeRequest(text))
    return go_to("/requests", desk.write(request, [change]))


def upload(desk: Desk, request: Request, form: FormData) -> Response:
    """Read requests from a CSV file."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return _page(desk, request, ["Choose a CSV file first."], 422)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requests.csv"
        path.write_bytes(file.file.read())
        try:
            plan = plan_requests(desk.workspace, path)
        except UsageError as error:
            shown = [problem.replace(str(path), "The file") for problem in error.problems]
            return _page(desk, request, shown[:20], 422)
    ids = desk.write(request, plan.changes) if plan.changes else ()
    return go_to(f"/requests?known={plan.unchanged}", ids)


def reply(desk: Desk, request: Request, form: FormData) -> Response:
    """Answer a request, or open it again."""
    thread, state = request.path_params["thread"], desk.workspace.store.state()
    placed = state.requests[thread]
    text = one(form, "text").strip()[:MAX_TEXT]
    if not text:
        return _page(desk, request, ["Write a reply first; the student reads it."], 422)
    last = state.seen("reply", placed.submission, placed.question, thread)
    if last > seen_by(form):
        event = desk.workspace.store.last_event("reply", placed.submission, placed.question, thread)
        done = what_was_done(desk, marker_of(request), event)
        problem = f"Not saved, because somebody was here meanwhile: {done} What you wrote is below."
        return _page(desk, request, [problem], 409, TypedRequest(text, thread))
    after = Reply(text, closed=one(form, "action") != "keep_open")
    change = MarkChange(
        "reply", placed.submission, placed.question, after, seen=last, thread=thread
    )
    return go_to("/requests", desk.write(request, [change]))


def _page(
    desk: Desk,
    request: Request,
    problems: list[str],
    status: int,
    typed: TypedRequest = _NOTHING_TYPED,
) -> Response:
    state = desk.workspace.store.state()
    marker = marker_of(request)
    shown = [_shown(desk, marker, state, thread) for thread in state.requests]
    waiting = state.open_requests
    return desk.page(
        request,
        "requests.html.j2",
        status=status,
        problems=problems,
        typed=typed,
        waiting=[r for r in shown if r.thread in waiting],
        closed=[r for r in reversed(shown) if r.thread not in waiting][:MAX_CLOSED],
        known=whole_number(request.query_params.get("known", "")),
    )


def _shown(desk: Desk, marker: str, state: MarkState, thread: int) -> ShownRequest:
    placed = state.requests[thread]
    points, blind, place = None, False, ""
    try:
        question = desk.question(placed.question)
        if question.manual:
            points = desk.workspace.mark_of(placed.submission, question.id).points
            blind = placed.submission in to_mark_again(desk, question.id, marker)
        else:
            points = desk.workspace.override_of(placed.submission, question.id).points
        place = desk.answer_address(placed.submission, question.id)
    except KeyError:  # the submission or the question has left the class; the request is kept
        pass
    return ShownRequest(thread, placed, state.replies.get(thread), points, blind, place)
