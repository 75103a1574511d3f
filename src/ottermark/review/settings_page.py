"""How a marker wants the page, and the list of keys."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ottermark.review.desk import Desk, go_to, marker_of, one


def show(desk: Desk, request: Request) -> Response:
    """Show the settings."""
    return desk.page(request, "settings.html.j2")


def change(desk: Desk, request: Request, form: FormData) -> Response:
    """Change the settings."""
    desk.change_settings(
        marker_of(request),
        names=bool(one(form, "names")),
        shuffled=bool(one(form, "shuffled")),
        keys=bool(one(form, "keys")),
    )
    return go_to("/settings")


def show_keys(desk: Desk, request: Request) -> Response:
    """Show the keys on a page of their own, for browsers without scripts."""
    return desk.page(request, "keys.html.j2")
