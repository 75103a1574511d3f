"""One question: its cards in a list, or the groups of its failed tests; and who marks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ottermark.marking.marker_names import is_marker_name
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Claim
from ottermark.review import failures_page
from ottermark.review.cards import Card, cards_of, next_card
from ottermark.review.desk import Desk, go_to, marker_of, one, seen_by, several
from ottermark.review.list_place import MAX_LENGTH
from ottermark.review.paging import page_of
from ottermark.review.progress import question_progress
from ottermark.review.second_sample import to_mark_again

MAX_CARDS = 100  # on a page

_FILTERS: Mapping[str, Callable[[Card], bool]] = MappingProxyType(
    {
        "all": lambda card: True,
        "left": lambda card: card.needs_marking,
        "stale": lambda card: bool(card.stale),
        "flagged": lambda card: card.flagged,
        "groups": lambda card: card.size > 1,
    }
)


def show(desk: Desk, request: Request) -> Response:
    """Show a question."""
    question, marker = desk.question(request.path_params["question"]), marker_of(request)
    if not question.manual:
        return failures_page.show(desk, request, question)
    settings = desk.settings_of(marker)
    cards = cards_of(desk.workspace, question.id, marker, settings.shuffled)
    chosen = request.query_params.get("show", "all")
    chosen = chosen if chosen in _FILTERS else "all"
    find = request.query_params.get("find", "")[:MAX_LENGTH]
    words = find.casefold().split()
    shown = [card for card in cards if _FILTERS[chosen](card) and _has(card, words)]
    page = page_of(shown, request, MAX_CARDS)
    again = set(to_mark_again(desk, question.id, marker))
    return desk.page(
        request,
        "question.html.j2",
        question=question,
        progress=question_progress(desk, question),
        following=next_card(cards),
        counts={name: sum(map(test, cards)) for name, test in _FILTERS.items()},
        chosen=chosen,
        place=urlencode({"show": chosen, "find": find, "page": page.number}),
        find=find,
        blind={card.key for card in page.items if not again.isdisjoint(card.group.members)},
        page=page,
        markers=_known_markers(desk, marker),
        rubric=desk.workspace.rubrics()[question.id],
    )


def claim(desk: Desk, request: Request, form: FormData) -> Response:
    """Note who marks a question."""
    question = desk.question(request.path_params["question"])
    names = [*several(form, "marker"), *one(form, "other").split(",")]
    markers = tuple(dict.fromkeys(n.strip() for n in names if is_marker_name(n.strip())))
    state = desk.workspace.store.state()
    seen = min(seen_by(form), state.seen("claim", "", question.id))
    change = MarkChange("claim", "", question.id, Claim(markers) if markers else None, seen=seen)
    ids = desk.write(request, [change])
    return go_to(f"/question/{question.id}", ids)


def _has(card: Card, words: list[str]) -> bool:
    return not words or all(word in card.text.casefold() for word in words)


def _known_markers(desk: Desk, marker: str) -> list[str]:
    """Return who may mark here, and who has been named for some question."""
    claims = desk.workspace.store.state().claims.values()
    names = {marker, *desk.access.markers, *(name for c in claims for name in c.value.markers)}
    return sorted(names)
