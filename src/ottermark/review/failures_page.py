"""Automatic questions: answers that went wrong in the same way, and marks that a person corrects."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ottermark.assignment import Question
from ottermark.errors import UsageError
from ottermark.marking.answers import code_of
from ottermark.marking.groups import FailureGroup
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Override
from ottermark.marking.workspace import OverrideStatus
from ottermark.reports.html import markdown_html
from ottermark.review.conflicts import what_was_done
from ottermark.review.desk import Desk, go_to, marker_of, one, seen_by, several
from ottermark.review.differences import Part, differences
from ottermark.review.paging import page_of
from ottermark.review.safe_html import code_html
from ottermark.text import showable

MAX_ANSWERS = 10  # whose code is shown on a page
MAX_REASON = 2_000  # characters


@dataclass(frozen=True)
class GroupSummary:
    """A group of failures in a list.

    Attributes:
        points: of the tests, and how many have them.
    """

    group: FailureGroup
    points: tuple[tuple[float, int], ...]
    overridden: int
    look: int


@dataclass(frozen=True)
class TypedOverride:
    """What somebody has filled in, as they typed it.

    Attributes:
        submissions: the pseudonyms of those that they chose.
    """

    points: str = ""
    reason: str = ""
    whole: bool = False
    submissions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ShownAnswer:
    """A submission's answer to an automatic question.

    Attributes:
        code: of its cells, each with its number from 1.
        messages: of the tests that failed, with their names.
        difference: from the code that an override was about, where that was another.
    """

    status: OverrideStatus
    code: tuple[tuple[int, Markup], ...]
    messages: tuple[tuple[str, Markup], ...]
    notes: tuple[Markup, ...]
    difference: tuple[Part, ...]


def show(desk: Desk, request: Request, question: Question) -> Response:
    """Show the groups of an automatic question."""
    groups = desk.workspace.failure_groups(question.id)
    return desk.page(
        request,
        "automatic.html.j2",
        question=question,
        groups=[_summary(desk, question, group) for group in groups],
    )


def show_group(desk: Desk, request: Request) -> Response:
    """Show the answers of a group, with their code."""
    question, group = _find(desk, request)
    return _page(desk, request, question, group, TypedOverride(), "", 200)


def override(desk: Desk, request: Request, form: FormData) -> Response:
    """Give other points than the tests to some answers of a group, or take that back."""
    state, seen = desk.workspace.store.state(), seen_by(form)
    question, group = _find(desk, request)
    typed = _typed(form)
    chosen, pseudonyms = set(typed.submissions), desk.workspace.pseudonyms()
    if typed.whole:
        chosen = {pseudonyms[name] for name in group.members}
        if one(form, "version") != version_of(desk, question, group):
            problem = "The group has changed since the page was opened; look at it again."
            return _page(desk, request, question, group, typed, problem, 422)
    statuses = [
        desk.workspace.override_of(name, question.id)
        for name in group.members
        if pseudonyms[name] in chosen
    ]
    try:
        after = _read(form, question)
    except UsageError as error:
        return _page(desk, request, question, group, typed, str(error), 422)
    if not statuses:
        return _page(desk, request, question, group, typed, "Choose at least one submission.", 422)
    if newer := [status for status in statuses if status.seen > seen]:
        last = max(newer, key=lambda status: status.seen)
        event = desk.workspace.store.last_event("override", last.submission, question.id)
        done = what_was_done(desk, marker_of(request), event)
        problem = (
            "Not saved, because points of this group have changed since the page was opened: "
            f"{done} All that was done is shown below; decide again."
        )
        return _page(desk, request, question, group, typed, problem, 409)
    changes = [
        MarkChange(
            "override",
            status.submission,
            question.id,
            after,
            "" if status.outcome is None else status.outcome.digest,
            state.seen("override", status.submission, question.id),
        )
        for status in statuses
        if after is not None or status.placed is not None
    ]
    reason = "" if after is None else after.reason
    ids = desk.write(request, changes, reason) if changes else ()
    return go_to(f"/question/{question.id}/failures/{group.key}", ids)


def version_of(desk: Desk, question: Question, group: FailureGroup) -> str:
    """Return a digest of the members of a group and of their answers."""
    outcomes = desk.workspace.automatic(question.id)
    text = "\0".join(f"{name}\0{outcomes[name].digest}" for name in group.members)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def shown_answer(desk: Desk, question: Question, submission: str) -> ShownAnswer:
    """Return a submission's answer to an automatic question as it is shown."""
    document = desk.workspace.document(submission)
    status = desk.workspace.override_of(submission, question.id)
    entry = document.questions.get(question.id)
    cases = [] if entry is None else [c for c in entry.facts.cases if not c.passed]
    notes = [] if entry is None else entry.facts.notes
    cells = document.facts.code.get(question.id, ())
    return ShownAnswer(
        status=status,
        code=tuple((cell.cell, code_html(cell.source)) for cell in cells),
        messages=tuple((case.name, markdown_html(showable(case.message))) for case in cases),
        notes=tuple(markdown_html(showable(note)) for note in notes),
        difference=_difference(desk, status, code_of(document, question.id)),
    )


def _difference(desk: Desk, status: OverrideStatus, now: str) -> tuple[Part, ...]:
    if not status.stale or status.placed is None:
        return ()
    before = desk.workspace.earlier_answer(status.submission, status.question, status.placed.answer)
    return () if before is None else tuple(differences(before, now))


def _find(desk: Desk, request: Request) -> tuple[Question, FailureGroup]:
    question = desk.question(request.path_params["question"])
    for group in desk.workspace.failure_groups(question.id):
        if group.key == request.path_params["group"]:
            return question, group
    raise KeyError(request.path_params["group"])


def _page(
    desk: Desk,
    request: Request,
    question: Question,
    group: FailureGroup,
    typed: TypedOverride,
    problem: str,
    status: int,
) -> Response:
    page = page_of(_by_pseudonym(desk, group.members), request, MAX_ANSWERS)
    return desk.page(
        request,
        "failures.html.j2",
        status=status,
        question=question,
        group=group,
        summary=_summary(desk, question, group),
        answers=[shown_answer(desk, question, name) for name in page.items],
        page=page,
        problem=problem,
        typed=typed,
        version=version_of(desk, question, group),
    )


def _by_pseudonym(desk: Desk, names: Sequence[str]) -> list[str]:
    return sorted(names, key=desk.workspace.pseudonyms().__getitem__)


def _summary(desk: Desk, question: Question, group: FailureGroup) -> GroupSummary:
    outcomes = desk.workspace.automatic(question.id)
    overrides = desk.workspace.store.state().overrides
    points = Counter(outcomes[name].points for name in group.members)
    return GroupSummary(
        group,
        tuple(sorted(points.items(), reverse=True)),
        sum((name, question.id) in overrides for name in group.members),
        sum(bool(outcomes[name].look) for name in group.members),
    )


def _typed(form: FormData) -> TypedOverride:
    return TypedOverride(
        points=one(form, "points").strip(),
        reason=one(form, "reason").strip()[:MAX_REASON],
        whole=one(form, "whole") == "yes",
        submissions=frozenset(several(form, "submission")),
    )


def _read(form: FormData, question: Question) -> Override | None:
    """Return what a form asks for, None to take an override back; raises ``UsageError``."""
    if one(form, "action") == "remove":
        return None
    try:
        points = float(one(form, "points").strip().replace(",", "."))
    except ValueError:
        points = math.nan
    if not 0 <= points <= question.points:
        raise UsageError(f"The points have to be a number from 0 to {question.points:g}.")
    reason = one(form, "reason").strip()[:MAX_REASON]
    if not reason:
        raise UsageError("Say why: students see the reason beside their points.")
    return Override(points, reason)
