"""Groups of answers, as people change them: taken apart, put together, named."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ottermark.errors import UsageError
from ottermark.marking.groups import merge_groups, name_group, split_cards
from ottermark.marking.store import MarkChange
from ottermark.marking.values import GroupEdits
from ottermark.review.conflicts import what_was_done
from ottermark.review.desk import Desk, go_to, marker_of, one, seen_by, several

MAX_NAME = 120  # characters


def change(desk: Desk, request: Request, form: FormData) -> Response:
    """Change the groups of a question."""
    question, store = desk.question(request.path_params["question"]), desk.workspace.store
    groups = desk.workspace.groups(question.id)
    state = store.state()
    placed = state.groups.get(question.id)
    edits = GroupEdits() if placed is None else placed.value
    keys, cards = several(form, "key"), several(form, "card")
    match one(form, "action"):
        case "split" if cards:
            changed = split_cards(groups, edits, cards)
        case "merge" if len(keys) > 1:
            changed = merge_groups(groups, edits, keys)
        case "name" if len(keys) == 1:
            name = " ".join(one(form, "name").split())[:MAX_NAME]
            changed = name_group(groups, edits, keys[0], name)
        case _:
            raise UsageError(
                "Choose two groups or more to put together, one to name, or answers to take out."
            )
    seen = state.seen("group", "", question.id)
    if seen > seen_by(form):
        event = store.last_event("group", "", question.id)
        done = what_was_done(desk, marker_of(request), event)
        raise UsageError(
            f"Not saved, because the groups have changed since the page was opened: {done} Load the "
            "page again and look at them anew."
        )
    after = MarkChange("group", "", question.id, changed, seen=seen)
    ids = desk.write(request, [after])
    back = one(form, "back")
    place = f"/question/{question.id}"
    return go_to(f"{place}/card/{back}" if _is_key(back) else place, ids)


def _is_key(text: str) -> bool:
    return bool(text) and text.isalnum() and len(text) <= 80
