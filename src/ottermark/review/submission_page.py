"""One submission: its executed notebook beside its results; and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ottermark.assignment import Question
from ottermark.marking.state import MarkEvent
from ottermark.marking.workspace import MarkStatus
from ottermark.review.desk import Desk, marker_of
from ottermark.review.executed import read_cells, shown_cells
from ottermark.review.failures_page import ShownAnswer, shown_answer
from ottermark.review.look_alikes import look_alikes
from ottermark.review.paging import page_of
from ottermark.review.second_sample import to_mark_again

MAX_ROWS = 100  # on a page
MAX_EVENTS = 50


@dataclass(frozen=True)
class SubmissionSummary:
    """A submission in the list.

    Attributes:
        automatic: its points by tests and overrides.
        by_hand: its points by hand so far; None if a mark among them is hidden from who asks.
        unmarked: how many written answers have no mark.
    """

    name: str
    status: str
    automatic: float
    by_hand: float | None
    unmarked: int


@dataclass(frozen=True)
class WrittenResult:
    """A written answer of a submission.

    Attributes:
        place: the address at which it is marked.
        items: the texts of the items that were chosen.
        blind: whether the mark is hidden, because who asks is to mark it a second time.
    """

    question: Question
    status: MarkStatus
    place: str
    items: tuple[str, ...]
    blind: bool


def prepare(desk: Desk) -> None:
    """Render a notebook, so that the cells which all have are at hand, and what lists need."""
    names = desk.workspace.submissions[:1]
    for name in names:
        shown_cells(read_cells(desk.workspace.executed_path(name)), "/")
    _summaries(desk, "", names)


def show_list(desk: Desk, request: Request) -> Response:
    """Show all submissions, by pages."""
    find = request.query_params.get("find", "")[:200]
    labels = _labels(desk, marker_of(request))
    names = [name for label, name in labels if find.casefold() in label.casefold()]
    page = page_of(names, request, MAX_ROWS)
    return desk.page(
        request,
        "submissions.html.j2",
        rows=_summaries(desk, marker_of(request), page.items),
        find=find,
        page=page,
    )


def show(desk: Desk, request: Request) -> Response:
    """Show a submission."""
    workspace = desk.workspace
    pseudonym = request.path_params["pseudonym"]
    name = workspace.submission_of(pseudonym)
    document = workspace.document(name)
    similar = look_alikes(desk)
    cells = read_cells(workspace.executed_path(name))
    return desk.page(
        request,
        "submission.html.j2",
        name=name,
        document=document,
        problems=[(problem.cell, problem.text) for problem in document.facts.problems],
        summary=_summaries(desk, marker_of(request), [name])[0],
        automatic=_automatic(desk, name),
        written=[
            _written(desk, marker_of(request), name, question)
            for question in workspace.written_questions
        ],
        cells=shown_cells(cells, f"/picture/{pseudonym}/"),
        alike=[pair for pair in similar.pairs() if name in (pair.first, pair.second)],
        older=similar.older,
        events=_events(desk, name),
    )


def _automatic(desk: Desk, name: str) -> list[tuple[Question, ShownAnswer, str]]:
    """Return the automatic questions, each with the answer and the address of its group of failures."""
    shown = []
    for question in desk.workspace.assignment.automatic:
        address = desk.answer_address(name, question.id)
        shown.append((question, shown_answer(desk, question, name), address))
    return shown


def _written(desk: Desk, marker: str, name: str, question: Question) -> WrittenResult:
    status = desk.workspace.mark_of(name, question.id)
    place = desk.answer_address(name, question.id)
    texts = {item.id: item.text for item in desk.workspace.rubrics()[question.id].items}
    chosen = () if status.placed is None else status.placed.value.items
    blind = name in to_mark_again(desk, question.id, marker)
    return WrittenResult(question, status, place, tuple(texts.get(id, id) for id in chosen), blind)


def _labels(desk: Desk, marker: str) -> list[tuple[str, str]]:
    """Return how the submissions are called, with their names, in order."""

    def compute() -> list[tuple[str, str]]:
        names = desk.workspace.submissions
        if named:
            return sorted((desk.label(marker, name), name) for name in names)
        pseudonyms = desk.workspace.pseudonyms()
        return sorted((pseudonyms[name], name) for name in names)

    named = desk.settings_of(marker).names
    key = f"labels {named}"
    return desk.remembered(key, compute)


def _summaries(desk: Desk, marker: str, names: Sequence[str]) -> list[SubmissionSummary]:
    workspace = desk.workspace
    marks = [workspace.marks_of(question.id) for question in workspace.written_questions]
    outcomes = {q.id: workspace.automatic(q.id) for q in workspace.assignment.automatic}
    overrides = workspace.store.state().overrides
    questions = [question.id for question in workspace.written_questions]
    blind = {name for id in questions for name in to_mark_again(desk, id, marker)}
    summaries = []
    for name in names:
        automatic = 0.0
        for id, by_name in outcomes.items():
            placed = overrides.get((name, id))
            if placed is not None:
                automatic += placed.value.points
            elif name in by_name:
                automatic += by_name[name].points
        points = [statuses[name].points for statuses in marks]
        by_hand = None if name in blind else sum(p for p in points if p is not None)
        status = workspace.status_of(name)
        summaries.append(SubmissionSummary(name, status, automatic, by_hand, points.count(None)))
    return summaries


def _events(desk: Desk, name: str) -> list[MarkEvent]:
    """Return what was done to a submission, the latest first; second marks stay blind."""
    store = desk.workspace.store
    events = [
        event
        for question in desk.workspace.assignment.questions
        for event in store.history(name, question.id)
        if event.kind != "second"
    ]
    return sorted(events, key=lambda event: -event.id)[:MAX_EVENTS]
