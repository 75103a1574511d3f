"""One card of a written question at a time: shown, marked, taken back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ottermark.assignment import Question
from ottermark.marking.groups import AnswerCard
from ottermark.marking.state import MarkEvent, MarkState
from ottermark.marking.store import ConflictError, MarkChange
from ottermark.marking.values import Flag, Kind, Mark
from ottermark.marking.workspace import MarkStatus
from ottermark.reports.html import number_text
from ottermark.review.cards import Card, card_without_answer, cards_of, next_card
from ottermark.review.desk import Desk, go_to, marker_of, one, own_path, seen_by, several
from ottermark.review.differences import Part, differences
from ottermark.review.executed import ShownCell, numbers_beside, read_cells
from ottermark.review.list_place import list_address, list_query
from ottermark.review.paging import whole_number
from ottermark.review.pictures import with_pictures
from ottermark.review.progress import question_progress
from ottermark.review.second_sample import first_to_mark_again
from ottermark.rubric import Rubric
from ottermark.submissions.written_answers import ANSWERED
from ottermark.text import one_line

MAX_COMMENT = 4_000  # characters
MAX_REUSED = 30  # comments that are offered again
MAX_VARIANTS = 40  # answers of a group that are shown in full


@dataclass(frozen=True)
class Choice:
    """What a marker has chosen for a card, which need not be saved.

    Attributes:
        none: whether they said that no item applies.
    """

    items: frozenset[str] = frozenset()
    none: bool = False
    adjustment: float = 0.0
    comment: str = ""
    flagged: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it says how many points the answer gets."""
        return bool(self.items or self.none or self.adjustment)


@dataclass(frozen=True)
class Variant:
    """A way of writing an answer that a group has.

    Attributes:
        key: of the card of identical answers.
        markdown: of the answer, with its pictures.
        pictures: the address of these pictures.
    """

    key: str
    count: int
    markdown: str
    pictures: str


@dataclass(frozen=True)
class ForeignMark:
    """What somebody did to an answer in the meantime.

    Attributes:
        did: what they did, before the points.
        items: the texts of the items of the mark; empty if it was taken back.
        points: None if there is no mark, or it is not what they have changed.
    """

    marker: str
    at: str
    did: str
    count: int
    items: tuple[str, ...]
    points: float | None
    comment: str


@dataclass(frozen=True)
class EarlierVersion:
    """The difference of an answer from the one that was marked; without parts if that is not known."""

    submission: str
    marker: str
    at: str
    parts: tuple[Part, ...]


def show_next(desk: Desk, request: Request) -> Response:
    """Lead to the next card that needs marking."""
    question, marker = desk.written_question(request), marker_of(request)
    cards = _cards(desk, marker, question)
    card = next_card(cards, request.query_params.get("after", ""))
    return go_to(_address(question, card))


def show_card(desk: Desk, request: Request) -> Response:
    """Show a card."""
    question, cards, card = _find(desk, request)
    marker = marker_of(request)
    blind = first_to_mark_again(desk, question.id, marker, card.group.members)
    if blind and "shown" not in request.query_params:
        return _page(desk, request, question, cards, card, Choice(), blind=blind)
    draft = _undone_choice(desk, request, card)
    choice = _choice_of(card) if draft is None else draft
    return _page(desk, request, question, cards, card, choice, is_draft=draft is not None)


def mark_card(desk: Desk, request: Request, form: FormData) -> Response:
    """Mark all answers of a card alike, and lead to the next one."""
    # the state comes first: what is written after it counts as unseen
    state, seen, action = desk.workspace.store.state(), seen_by(form), one(form, "action", "next")
    question, cards, card = _find(desk, request)
    rubric = desk.workspace.rubrics()[question.id]
    choice, problem = _read_choice(form, rubric)
    changes = _changes(card, choice, rubric, state, removes=action == "remove")
    status = 422
    if card.version != one(form, "version"):
        problem = "These answers have changed since the page was opened; look at them again."
    elif outdated := outdated_rubric(form, rubric):
        problem, status = outdated, 409
    elif not changes and not problem:
        problem = "Choose an item, or 0 if none applies. To go on without marking, press →."
    if problem:
        return _page(desk, request, question, cards, card, choice, problem=problem, status=status)
    if _foreign_marks(desk, card, rubric, state, seen):
        return _conflict(desk, request, choice, seen)
    marker = marker_of(request)
    try:
        ids = desk.write(request, changes)
    except ConflictError:
        return _conflict(desk, request, choice, seen)
    query = list_query(request)
    target = _after(desk, marker, question, card, action, query)
    if changes[0].kind == "mark" and action != "remove":
        target += f"{'&' if '?' in target else '?'}points={number_text(_mark(choice, rubric).score(rubric))}"
    return go_to(target, ids)


def mark_without_answer(desk: Desk, request: Request, form: FormData) -> Response:
    """Give no points to all blank and missing answers that are not marked."""
    question = desk.written_question(request)
    statuses = desk.workspace.marks_of(question.id)
    names = desk.workspace.without_answer(question.id)
    rubric = desk.workspace.rubrics()[question.id]
    comment = one(form, "comment").strip()[:MAX_COMMENT]
    mark = Mark(adjustment=-rubric.base, comment=comment)
    changes = [
        MarkChange("mark", s.submission, question.id, mark, s.answer.digest, s.seen)
        for s in map(statuses.__getitem__, names)
        if s.unmarked or s.stale
    ]
    ids = desk.write(request, changes) if changes else ()
    back = own_path(one(form, "back"), f"/question/{question.id}")
    return go_to(f"{back}?points=0", ids)


def undo(desk: Desk, request: Request, form: FormData) -> Response:
    """Take back what the marker did last, and show it."""
    store, question = desk.workspace.store, one(form, "question")
    ids = desk.undo(request, question)
    if not ids:
        return go_to(f"{own_path(one(form, 'back'), '/')}{'?undone=nothing' if question else ''}")
    event = next(event for event in store.events(ids[0] - 1) if event.id == ids[0])
    if event.kind == "mark":
        group = desk.workspace.group_of(event.submission, event.question)
        if group is not None or len(ids) == 1:
            return go_to(desk.answer_address(event.submission, event.question), ids)
    if event.kind == "second":
        pseudonym = desk.workspace.pseudonym(event.submission)
        return go_to(f"/second/{event.question}/{pseudonym}", ids)
    return go_to(f"/question/{event.question}" if event.question else "/", ids)


# ----------------------------------------------------------------------------- what is shown


def _find(desk: Desk, request: Request) -> tuple[Question, list[Card], Card]:
    """Return a question, its cards, and the one that is asked for; raises ``KeyError``."""
    question = desk.written_question(request)
    cards = _cards(desk, marker_of(request), question)
    key = request.path_params["card"]
    for card in cards:
        # a card that has joined a group is shown with it
        if card.key == key or any(part.key == key for part in card.group.cards):
            return question, cards, card
    return question, cards, card_without_answer(desk.workspace, question.id, key)


def _cards(desk: Desk, marker: str, question: Question) -> list[Card]:
    shuffled = desk.settings_of(marker).shuffled
    return cards_of(desk.workspace, question.id, marker, shuffled)


def _address(question: Question, card: Card | None) -> str:
    place = f"/question/{question.id}"
    return place if card is None else f"{place}/card/{card.key}"


def _after(desk: Desk, marker: str, question: Question, card: Card, action: str, query: str) -> str:
    """Return the address of the page after a card was saved.

    Args:
        card: as it was before.
        query: of the list that it was opened from: a mark that was corrected leads back there.
    """
    if action != "next":
        return _address(question, card) + (f"?{query}" if query else "")
    following = next_card(_cards(desk, marker, question), card.key)
    if query and (following is None or not card.needs_marking):
        return list_address(question.id, query, card.key)
    return _address(question, following)


def _page(
    desk: Desk,
    request: Request,
    question: Question,
    cards: Sequence[Card],
    card: Card,
    choice: Choice,
    *,
    problem: str = "",
    foreign: Sequence[ForeignMark] = (),
    blind: str = "",
    is_draft: bool = False,
    status: int = 200,
) -> Response:
    """Return the page of a card.

    Args:
        blind: a submission that the marker is to mark a second time, so that no mark is shown.
        is_draft: whether the choice is one that the marker has just taken back.
    """
    keys = [other.key for other in cards]
    place = keys.index(card.key) if card.key in keys else None
    rubric = desk.workspace.rubrics()[question.id]
    state = desk.workspace.store.state()
    progress = question_progress(desk, question)
    member = _member(card, request)
    query = list_query(request)
    most = None if "all" in request.query_params else MAX_VARIANTS
    return desk.page(
        request,
        "card.html.j2",
        status=status,
        question=question,
        card=card,
        rubric=rubric,
        choice=choice,
        problem=problem,
        foreign=foreign,
        blind=blind,
        is_draft=is_draft,
        place=place,
        count=len(cards),
        list_query=query,
        list_address=list_address(question.id, query, card.key if query else ""),
        left=progress.left + progress.stale,
        blank=progress.without_answer_unmarked,
        answered=card.statuses[0].answer.state == ANSWERED,
        before=cards[place - 1] if place else None,
        after=cards[place + 1] if place is not None and place + 1 < len(cards) else None,
        variants=[_variant(desk, part, member) for part in card.group.cards[:most]],
        member=member,
        numbers=numbers_of(desk, question, member),
        comments=state.comments(question.id)[:MAX_REUSED],
        earlier=_earlier(desk, card.stale[:3]),
        flagged_by=_flagged_by(card, state),
    )


def numbers_of(desk: Desk, question: Question, submission: str) -> list[ShownCell]:
    """Return what a student's own code printed and drew in the section of a written question."""
    cells = read_cells(desk.workspace.executed_path(submission))
    address = f"/picture/{desk.workspace.pseudonym(submission)}/"
    return numbers_beside(cells, question, address)


def answer_markdown(desk: Desk, submission: str, text: str) -> tuple[str, str]:
    """Return an answer with the pictures of the notebook, and the address of these pictures."""
    address = f"/picture/{desk.workspace.pseudonym(submission)}/text/"
    if "[a picture" not in text:
        return text, address
    return with_pictures(text, read_cells(desk.workspace.executed_path(submission))), address


def _member(card: Card, request: Request) -> str:
    """Return the submission whose numbers and pictures are shown."""
    names = card.group.members
    return names[whole_number(request.query_params.get("member", "")) % len(names)]


def _variant(desk: Desk, part: AnswerCard, member: str) -> Variant:
    name = member if member in part.members else part.members[0]
    markdown, pictures = answer_markdown(desk, name, part.text)
    return Variant(part.key, len(part.members), markdown, pictures)


def _earlier(desk: Desk, statuses: Sequence[MarkStatus]) -> list[EarlierVersion]:
    versions = []
    for status in statuses:
        if status.placed is None:
            continue
        digest = status.placed.answer
        text = desk.workspace.earlier_answer(status.submission, status.question, digest)
        parts = () if text is None else tuple(differences(text, status.answer.text))
        versions.append(
            EarlierVersion(status.submission, status.placed.marker, status.placed.at, parts)
        )
    return versions


def _flagged_by(card: Card, state: MarkState) -> list[str]:
    placed = (state.flags.get((s.submission, s.question)) for s in card.statuses)
    return sorted({flag.marker for flag in placed if flag is not None})


def _choice_of(card: Card) -> Choice:
    """Return the choice that the marks of a card come from; none if they differ."""
    if len(card.marks) != 1:
        return Choice(flagged=card.flagged)
    (mark,) = card.marks
    return choice_of_mark(mark, card.flagged)


def _undone_choice(desk: Desk, request: Request, card: Card) -> Choice | None:
    """Return the choice of a first mark of a card that the marker has just taken back, if that is so."""
    event = desk.just_written(request)
    if event is None or event.undoes is None or not isinstance(event.before, Mark):
        return None
    names = {status.submission for status in card.statuses if status.unmarked}
    if event.kind != "mark" or event.after is not None or event.submission not in names:
        return None
    return choice_of_mark(event.before, card.flagged)


def choice_of_mark(mark: Mark, flagged: bool = False) -> Choice:
    """Return the choice that a mark comes from."""
    none = not (mark.items or mark.adjustment) and mark.points is None
    return Choice(frozenset(mark.items), none, mark.adjustment, mark.comment, flagged)


# ----------------------------------------------------------------------------- what is saved


def _read_choice(form: FormData, rubric: Rubric) -> tuple[Choice, str]:
    """Return what a form says, and what is wrong with it."""
    known = {item.id for item in rubric.items}
    reused = one(form, "reuse").strip()
    comment = one(form, "comment").strip()
    comment = "\n".join(filter(None, (comment, reused)))[:MAX_COMMENT]
    problem = ""
    try:
        adjustment = float(one(form, "adjustment").strip().replace(",", ".") or 0)
    except ValueError:
        adjustment = math.nan
    if not abs(adjustment) <= rubric.max_points:
        adjustment = 0.0
        problem = f"The adjustment has to be a number from −{rubric.max_points:g} to {rubric.max_points:g}."
    choice = Choice(
        items=frozenset(several(form, "item")) & known,
        none=bool(one(form, "none")),
        adjustment=adjustment,
        comment=comment,
        flagged=bool(one(form, "flag")),
    )
    return choice, problem


def read_mark(form: FormData, rubric: Rubric) -> tuple[Mark | None, Choice, str]:
    """Return the mark that a form stands for, None if it is none; the choice; what is wrong with it."""
    choice, problem = _read_choice(form, rubric)
    if problem or not choice.is_mark:
        return None, choice, problem
    return _mark(choice, rubric), choice, ""


def outdated_rubric(form: FormData, rubric: Rubric) -> str:
    """Return why a form cannot be saved whose rubric is not the one that holds now; empty if it can."""
    if one(form, "rubric") == rubric.version:
        return ""
    known = {item.id for item in rubric.items}
    gone = sorted(set(several(form, "item")) - known)
    left_out = f" What is gone from it: {one_line(', '.join(gone), 200)}." if gone else ""
    return (
        "Not saved: the rubric has changed since the page was opened. What you chose is still chosen "
        f"below, by the rubric of now; look at it and save it again.{left_out}"
    )


def _mark(choice: Choice, rubric: Rubric) -> Mark:
    # in the order of the rubric, so that equal choices give equal marks
    items = tuple(item.id for item in rubric.items if item.id in choice.items)
    return Mark(items, choice.adjustment, choice.comment)


def _changes(
    card: Card, choice: Choice, rubric: Rubric, state: MarkState, removes: bool
) -> list[MarkChange]:
    """Return what saving a choice changes; nothing without a mark and with the same flag."""
    changes = []
    if removes or choice.is_mark:
        mark = None if removes else _mark(choice, rubric)
        changes = [
            MarkChange("mark", s.submission, s.question, mark, s.answer.digest, s.seen)
            for s in card.statuses
            if not removes or s.placed is not None
        ]
    return changes + _flag_changes(card, choice, state)


def _flag_changes(card: Card, choice: Choice, state: MarkState) -> list[MarkChange]:
    if choice.flagged == card.flagged:
        return []
    flag = Flag() if choice.flagged else None
    return [
        MarkChange(
            "flag",
            status.submission,
            status.question,
            flag,
            status.answer.digest,
            state.seen("flag", status.submission, status.question),
        )
        for status in card.statuses
        if flag is not None or status.flagged
    ]


def _foreign_marks(
    desk: Desk, card: Card, rubric: Rubric, state: MarkState, seen: int
) -> list[ForeignMark]:
    """Return what was done to a card's answers since a form was made.

    Args:
        seen: the last event that the form knew.
    """
    texts = {item.id: item.text for item in rubric.items}
    counts: dict[tuple[str, str, str, Mark | None], int] = {}
    for status in card.statuses:
        event = _newer_event(desk, status, state, seen)
        if event is None:
            continue
        mark = status.placed.value if event.kind == "mark" and status.placed else None
        who = (event.marker, event.at, _did(event), mark)
        counts[who] = counts.get(who, 0) + 1
    return [
        ForeignMark(
            marker,
            at,
            did,
            count,
            () if mark is None else tuple(texts.get(id, id) for id in mark.items),
            None if mark is None else mark.score(rubric),
            "" if mark is None else mark.comment,
        )
        for (marker, at, did, mark), count in counts.items()
    ]


def _newer_event(desk: Desk, status: MarkStatus, state: MarkState, seen: int) -> MarkEvent | None:
    """Return what was done last to a mark, or else to its flag, since an event; None if nothing was."""
    kinds: tuple[Kind, ...] = ("mark", "flag")
    for kind in kinds:
        if state.seen(kind, status.submission, status.question) > seen:
            return desk.workspace.store.last_event(kind, status.submission, status.question)
    return None


def _did(event: MarkEvent) -> str:
    """Return what an event did, before the points of the mark that holds since, if there is one."""
    if event.kind == "flag":
        return "removed the flag" if event.after is None else "flagged it"
    if event.after is None:
        return "took the mark back"
    return "gave" if event.undoes is None else "took a mark back, so that there are again"


def _conflict(desk: Desk, request: Request, choice: Choice, seen: int) -> Response:
    state = desk.workspace.store.state()
    request.scope["state"]["last"] = state.last
    question, cards, card = _find(desk, request)
    rubric = desk.workspace.rubrics()[question.id]
    foreign = _foreign_marks(desk, card, rubric, state, seen)
    return _page(desk, request, question, cards, card, choice, foreign=foreign, status=409)
