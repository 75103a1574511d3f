"""Pictures of students' notebooks, drawn anew."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ottermark.review.desk import Desk
from ottermark.review.executed import output_picture, read_cells, text_picture
from ottermark.review.pictures import redrawn

# shown where a picture cannot be
_NO_PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="220" height="40">'
    b'<rect width="220" height="40" fill="#eee"/><text x="12" y="25" font-family="sans-serif" '
    b'font-size="13" fill="#333">This picture cannot be shown.</text></svg>'
)


def show_text(desk: Desk, request: Request) -> Response:
    """Send a picture that stands in a text; raises ``LookupError``."""
    return _send(text_picture(_cells(desk, request), request.path_params["number"]))


def show_output(desk: Desk, request: Request) -> Response:
    """Send a picture that a cell has drawn; raises ``LookupError``."""
    place = request.path_params
    return _send(output_picture(_cells(desk, request), place["cell"], place["output"]))


def _cells(desk: Desk, request: Request) -> list[dict[str, Any]]:
    submission = desk.workspace.submission_of(request.path_params["pseudonym"])
    return read_cells(desk.workspace.executed_path(submission))


def _send(encoded: str) -> Response:
    picture = redrawn(encoded)
    headers = {
        "cache-control": "private, max-age=600",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    if picture is None:
        return Response(_NO_PICTURE, media_type="image/svg+xml", headers=headers)
    return Response(picture, media_type="image/png", headers=headers)
