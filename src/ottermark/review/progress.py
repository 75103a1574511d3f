"""How far the marking is: by question, by marker, and how the points are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from ottermark.assignment import Question
from ottermark.marking.workspace import MarkStatus, Workspace
from ottermark.review.desk import Desk
from ottermark.submissions.written_answers import ANSWERED

BINS = 5  # bars of a distribution


@dataclass(frozen=True)
class MarkerSpread:
    """The marks of one marker of a question."""

    marker: str
    count: int
    mean: float


@dataclass(frozen=True)
class QuestionProgress:
    """How far a written question is marked.

    Attributes:
        answers: how many submissions there are, blank and missing answers included.
        without_answer: how many of them are blank or missing.
        without_answer_unmarked: and of these have no mark, or one of an earlier version.
        claimed: who is to mark it; empty if nobody said so.
        bars: how many marks lie in each fifth of the points.
        spread: by marker, the one with the most marks first.
        apart: the largest difference between the means of two markers of five marks or more; None
            if there are no two.
    """

    question: Question
    answers: int
    marked: int
    stale: int
    flagged: int
    without_answer: int
    without_answer_unmarked: int
    claimed: tuple[str, ...]
    mean: float | None
    bars: tuple[int, ...]
    spread: tuple[MarkerSpread, ...]
    apart: float | None

    @property
    def left(self) -> int:
        """How many answers have no mark."""
        return self.answers - self.marked

    @property
    def done(self) -> bool:
        """Whether nobody has to look at it any more."""
        return not (self.left or self.stale)


def question_progress(desk: Desk, question: Question) -> QuestionProgress:
    """Return how far a written question is marked."""
    return desk.remembered(
        f"progress {question.id}",
        lambda: _question_progress(desk.workspace, question),
        question=question.id,
    )


def _question_progress(workspace: Workspace, question: Question) -> QuestionProgress:
    statuses = list(workspace.marks_of(question.id).values())
    state = workspace.store.state()
    claim = state.claims.get(question.id)
    points = [status.points for status in statuses if status.points is not None]
    blank = [status for status in statuses if status.answer.state != ANSWERED]
    spread = _spread([s for s in statuses if s.answer.state == ANSWERED])
    return QuestionProgress(
        question=question,
        answers=len(statuses),
        marked=len(points),
        stale=sum(status.stale for status in statuses),
        flagged=sum(status.flagged for status in statuses),
        without_answer=len(blank),
        without_answer_unmarked=sum(status.unmarked or status.stale for status in blank),
        claimed=() if claim is None else claim.value.markers,
        mean=mean(points) if points else None,
        bars=_bars(points, float(question.points)),
        spread=spread,
        apart=_apart(spread),
    )


def marks_by_marker(progress: Sequence[QuestionProgress]) -> list[tuple[str, int]]:
    """Return how many marks each marker has given to answers, the most first."""
    counts: Counter[str] = Counter()
    for question in progress:
        for marker in question.spread:
            counts[marker.marker] += marker.count
    return counts.most_common()


def _spread(statuses: Sequence[MarkStatus]) -> tuple[MarkerSpread, ...]:
    """Return the marks of each marker; blank and missing answers say nothing of who marked them."""
    points: dict[str, list[float]] = {}
    for status in statuses:
        if status.points is not None:
            points.setdefault(status.marker, []).append(status.points)
    spread = (MarkerSpread(marker, len(own), mean(own)) for marker, own in points.items())
    return tuple(sorted(spread, key=lambda one: (-one.count, one.marker)))


def _apart(spread: Sequence[MarkerSpread]) -> float | None:
    means = [marker.mean for marker in spread if marker.count >= BINS]
    return max(means) - min(means) if len(means) > 1 else None


def _bars(points: Sequence[float], most: float) -> tuple[int, ...]:
    bars = [0] * BINS
    for value in points:
        bars[min(int(value / most * BINS), BINS - 1) if most else 0] += 1
    return tuple(bars)
