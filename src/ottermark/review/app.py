"""The application: which view answers which address, and what is checked before it may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ottermark.errors import UsageError
from ottermark.marking.store import ConflictError
from ottermark.marking.workspace import Workspace
from ottermark.review import (
    card_page,
    failures_page,
    grouping,
    look_alikes,
    overview,
    picture_views,
    question_page,
    requests_page,
    rubric_editor,
    second_marks,
    settings_page,
    submission_page,
)
from ottermark.review.access import Access, Guard
from ottermark.review.conflicts import what_was_done
from ottermark.review.desk import Desk, has_written, marker_of, one, prepare_templates

STATIC = Path(__file__).parent / "static"
MAX_FIELDS = 5_000  # of a form
MAX_TOLD = 5  # things that somebody else did meanwhile
_TYPED = ("comment", "reason", "text", "name", "other")  # fields with texts of some length

View: TypeAlias = Callable[[Desk, Request], Response]
FormView: TypeAlias = Callable[[Desk, Request, FormData], Response]


def create_app(workspace: Workspace, access: Access) -> ASGIApp:
    """Return the application for a class; it computes beforehand what would slow down first views."""
    desk = Desk(workspace, access)
    prepare_templates()
    overview.prepare(desk)
    submission_page.prepare(desk)

    def get(path: str, view: View) -> Route:
        return Route(path, _shown(desk, view), methods=["GET"])

    def post(path: str, view: FormView) -> Route:
        return Route(path, _posted(desk, view), methods=["POST"])

    routes = [
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/favicon.ico", lambda _: FileResponse(STATIC / "icon.svg")),  # asked for unasked
        get("/", overview.show),
        get("/keys", settings_page.show_keys),
        get("/settings", settings_page.show),
        post("/settings", settings_page.change),
        post("/undo", card_page.undo),
        get("/question/{question}", question_page.show),
        get("/question/{question}/next", card_page.show_next),
        get("/question/{question}/card/{card}", card_page.show_card),
        post("/question/{question}/card/{card}", card_page.mark_card),
        post("/question/{question}/without-answer", card_page.mark_without_answer),
        post("/question/{question}/claim", question_page.claim),
        post("/question/{question}/groups", grouping.change),
        get("/question/{question}/rubric", rubric_editor.show),
        post("/question/{question}/rubric", rubric_editor.save),
        get("/rubrics.yaml", rubric_editor.export),
        get("/question/{question}/failures/{group}", failures_page.show_group),
        post("/question/{question}/failures/{group}", failures_page.override),
        get("/submissions", submission_page.show_list),
        get("/submission/{pseudonym}", submission_page.show),
        get("/picture/{pseudonym}/text/{number:int}", picture_views.show_text),
        get("/picture/{pseudonym}/output/{cell:int}/{output:int}", picture_views.show_output),
        get("/look-alikes", look_alikes.show),
        get("/look-alikes/{first}/{second}", look_alikes.show_pair),
        get("/second", second_marks.show),
        get("/second/{question}/next", second_marks.show_next),
        get("/second/{question}/{pseudonym}", second_marks.show_answer),
        post("/second/{question}/{pseudonym}", second_marks.mark),
        get("/agreement/{question}", second_marks.show_agreement),
        get("/requests", requests_page.show),
        post("/requests", requests_page.enter),
        post("/requests/csv", requests_page.upload),
        post("/requests/{thread:int}", requests_page.reply),
    ]
    handlers = {Exception: lambda request, _: _failure(desk, request)}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), access)


def _failure(desk: Desk, request: Request) -> Response:
    """Return the page that says that something failed.

    Starlette raises the error again once this is sent, so that the server writes to its terminal where
    it comes from, and closes the connection.
    """
    answer = desk.failure(request)
    answer.headers["connection"] = "close"
    return answer


def _shown(desk: Desk, view: View) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return _answer(lambda: view(desk, request), desk, request)

    return endpoint  # not a coroutine, so it runs in a thread of its own


def _posted(desk: Desk, view: FormView) -> Callable[..., object]:
    async def endpoint(request: Request) -> Response:
        try:
            async with request.form(max_fields=MAX_FIELDS) as form:
                csrf = form.get("csrf")
                if not isinstance(csrf, str) or not desk.access.is_form_of(
                    marker_of(request), csrf
                ):
                    return PlainTextResponse(
                        "This form is from before the server was started; load the page again.\n",
                        403,
                    )
                await _read_files(form)
                return await run_in_threadpool(
                    _answer, lambda: view(desk, request, form), desk, request, form
                )
        except ClientDisconnect:
            return PlainTextResponse("The request is too large.\n", 413)

    return endpoint


async def _read_files(form: FormData) -> None:
    """Let views, which run in a thread, read files that came with a form without waiting."""
    for value in form.values():
        if not isinstance(value, str):
            await value.seek(0)


def _answer(
    view: Callable[[], Response], desk: Desk, request: Request, form: FormData | None = None
) -> Response:
    """Return what a view does, or a page that says why it does not."""
    try:
        request.scope["state"]["last"] = desk.workspace.store.state().last
        return view()
    except (LookupError, UsageError, ConflictError) as error:
        if has_written(request):
            raise  # whatever it is, it does not mean that nothing was done
        return _refusal(desk, request, error, form)


def _refusal(
    desk: Desk,
    request: Request,
    error: LookupError | UsageError | ConflictError,
    form: FormData | None,
) -> Response:
    if isinstance(error, ConflictError):
        marker = marker_of(request)
        sentences = {what_was_done(desk, marker, event) for event in error.events}
        title = "Not saved: somebody else was here meanwhile"
        status, problems = 409, [*sorted(sentences)[:MAX_TOLD], "Look at it and decide again."]
    elif isinstance(error, UsageError):
        title, status, problems = "This was not done", 422, list(error.problems)
    else:
        title, status = "There is no such page", 404
        problems = ["What it showed may have been graded again, grouped anew, or left the class."]
    typed = [] if form is None else [one(form, name).strip() for name in _TYPED]
    return desk.page(
        request,
        "problem.html.j2",
        status,
        title=title,
        problems=problems,
        typed=[text for text in typed if text],
    )
