"""What the students' feedback pages say of their final grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ottermark.marking.state import MarkState
from ottermark.marking.workspace import MarkStatus, OverrideStatus, Workspace
from ottermark.release.final_grades import FinalGrade
from ottermark.reports.final_feedback import (
    AnsweredRequest,
    FinalFeedback,
    HandMark,
    MarkedItem,
    PointsChange,
)
from ottermark.rubric import Rubric


def final_feedback(workspace: Workspace, grade: FinalGrade) -> FinalFeedback:
    """Return what the page of a submission says of its final grade."""
    rubrics = workspace.rubrics()
    return FinalFeedback(
        total=grade.total,
        possible=grade.possible,
        by_tests=grade.by_tests,
        possible_by_tests=grade.possible_by_tests,
        by_hand=grade.by_hand,
        possible_by_hand=grade.marks_possible,
        days_late=grade.lateness.days,
        deduction=grade.lateness.deduction,
        marks={id: _mark(status, rubrics[id]) for id, status in grade.marks.items()},
        changes=dict(_changes(grade.tests)),
        requests=_requests(workspace.store.state(), grade.name),
    )


def _mark(status: MarkStatus, rubric: Rubric) -> HandMark:
    if status.placed is None:
        return HandMark(None)
    mark = status.placed.value
    if mark.points is not None:  # from elsewhere, without items
        return HandMark(status.points, comment=mark.comment)
    items = tuple(
        MarkedItem(item.text, item.points, item.id in mark.items)
        for item in rubric.items
        if item.points > 0 or item.id in mark.items
    )
    return HandMark(status.points, items, mark.adjustment, mark.comment)


def _changes(tests: Mapping[str, OverrideStatus]) -> Iterator[tuple[str, PointsChange]]:
    for id, status in tests.items():
        if status.placed is not None:
            before = None if status.outcome is None else status.outcome.points
            override = status.placed.value
            yield id, PointsChange(before, override.points, override.reason)


def _requests(state: MarkState, submission: str) -> dict[str, tuple[AnsweredRequest, ...]]:
    """Return the requests of a submission that have a reply, by question."""
    requests: defaultdict[str, tuple[AnsweredRequest, ...]] = defaultdict(tuple)
    for thread, request in state.requests.items():
        reply = state.replies.get(thread)
        if request.submission == submission and reply is not None:
            answered = AnsweredRequest(request.value.text, reply.value.text)
            requests[request.question] += (answered,)
    return dict(requests)
