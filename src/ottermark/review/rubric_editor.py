"""The rubric of a question, edited on the page; every mark follows at once."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ottermark.assignment import RUBRICS_FILE, Question
from ottermark.errors import UsageError
from ottermark.marking.store import MarkChange
from ottermark.review.conflicts import what_was_done
from ottermark.review.desk import Desk, go_to, marker_of, one, seen_by, several
from ottermark.review.paging import whole_number
from ottermark.rubric import Rubric, RubricItem, check_rubric

NEW_ITEMS = 3  # empty rows for items to be added
MAX_ITEMS = 60
MAX_TEXT = 500  # characters of an item
MAX_NOTE = 4_000


@dataclass(frozen=True)
class ItemRow:
    """A row of the form: an item, or an empty row for a new one.

    Attributes:
        points: as it was typed.
        used: in how many marks the item was chosen.
    """

    id: str
    text: str
    points: str
    used: int


def show(desk: Desk, request: Request) -> Response:
    """Show the rubric as a form."""
    question = desk.written_question(request)
    rubric = desk.workspace.rubrics()[question.id]
    return _page(desk, request, question, rubric, _rows(desk, rubric), [], 200)


def save(desk: Desk, request: Request, form: FormData) -> Response:
    """Save a rubric, by which all marks of the question are scored from now on."""
    state, seen = desk.workspace.store.state(), seen_by(form)
    question = desk.written_question(request)
    rows = _typed_rows(desk, question, form)
    base = float(question.points) if one(form, "base") == "lose" else 0.0
    note = one(form, "note").strip()[:MAX_NOTE]
    try:
        earlier = desk.workspace.store.item_ids(question.id)
        items = _items(rows, set(several(form, "remove")), earlier)
        rubric = Rubric(question.id, float(question.points), items, base, note)
        check_rubric(rubric, "this page")
    except UsageError as error:
        shown = Rubric(question.id, float(question.points), (), base, note)
        return _page(desk, request, question, shown, rows, list(error.problems), 422)
    if state.seen("rubric", "", question.id) > seen:
        event = desk.workspace.store.last_event("rubric", "", question.id)
        done = what_was_done(desk, marker_of(request), event)
        problem = f"Not saved: {done} Open the page again to see the rubric as it is now, or save to replace it."
        return _page(desk, request, question, rubric, rows, [problem], 409)
    before = {name: s.points for name, s in desk.workspace.marks_of(question.id).items()}
    last = state.seen("rubric", "", question.id)
    change = MarkChange("rubric", "", question.id, rubric, seen=last)
    ids = desk.write(request, [change])
    after = desk.workspace.marks_of(question.id)
    rescored = sum(s.points != before.get(name) for name, s in after.items())
    return go_to(f"/question/{question.id}/rubric?rescored={rescored}", ids)


def export(desk: Desk, request: Request) -> Response:
    """Send all rubrics as a ``rubrics.yaml``."""
    headers = {"content-disposition": f'attachment; filename="{RUBRICS_FILE}"'}
    text = desk.workspace.rubrics_text()
    return PlainTextResponse(text, media_type="application/yaml; charset=utf-8", headers=headers)


def _page(
    desk: Desk,
    request: Request,
    question: Question,
    rubric: Rubric,
    rows: list[ItemRow],
    problems: list[str],
    status: int,
) -> Response:
    params = request.query_params
    return desk.page(
        request,
        "rubric.html.j2",
        status=status,
        question=question,
        rubric=rubric,
        rows=[*rows, *[ItemRow("", "", "", 0)] * NEW_ITEMS],
        problems=problems,
        rescored=whole_number(params["rescored"]) if "rescored" in params else None,
    )


def _used(desk: Desk, question: str) -> Counter[str]:
    """Return how often each item was chosen."""
    marks = desk.workspace.store.state().marks.values()
    return Counter(id for p in marks if p.question == question for id in p.value.items)


def _rows(desk: Desk, rubric: Rubric) -> list[ItemRow]:
    used = _used(desk, rubric.question)
    return [ItemRow(i.id, i.text, f"{i.points:g}", used[i.id]) for i in rubric.items]


def _typed_rows(desk: Desk, question: Question, form: FormData) -> list[ItemRow]:
    """Return the rows that were typed, but for empty ones."""
    used = _used(desk, question.id)
    fields = zip(several(form, "id"), several(form, "text"), several(form, "points"), strict=False)
    rows = [
        ItemRow(id, " ".join(text.split())[:MAX_TEXT], points.strip()[:20], used[id])
        for id, text, points in fields
    ]
    return [row for row in rows if row.text or row.points][:MAX_ITEMS]


def _items(rows: list[ItemRow], removed: set[str], earlier: set[str]) -> tuple[RubricItem, ...]:
    """Return the items of the rows that stay; raises ``UsageError``.

    Args:
        earlier: ids that a new item does not get, since marks may refer to them.
    """
    items: list[RubricItem] = []
    taken = earlier | {row.id for row in rows if row.id}
    for row in rows:
        if row.id and row.id in removed:
            continue
        id = row.id or _new_id(row.text, taken)
        taken.add(id)
        items.append(RubricItem(id, row.text, _points(row)))
    return tuple(items)


def _points(row: ItemRow) -> float:
    try:
        points = float(row.points.replace(",", ".").replace("−", "-"))
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        raise UsageError(f'The points of "{row.text[:60]}" have to be a number.')
    return points


def _new_id(text: str, taken: set[str]) -> str:
    """Return an id for a new item, from the first words of its text."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_text)[:4]) or "item"
    id, number = slug, 2
    while id in taken:
        id, number = f"{slug}-{number}", number + 1
    return id
