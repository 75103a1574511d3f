"""The answers that are marked twice, and whose first marks are hidden from whoever may mark them again."""

from __future__ import annotations

from collections.abc import Collection

from ottermark.marking.agreement import second_sample
from ottermark.review.desk import Desk
from ottermark.submissions.written_answers import ANSWERED


def sample_of(desk: Desk, question: str) -> tuple[str, ...]:
    """Return the submissions whose answers to a written question are to be marked twice."""

    def compute() -> tuple[str, ...]:
        answers = desk.workspace.written(question).items()
        answered = [name for name, answer in answers if answer.state == ANSWERED]
        return second_sample(answered, question)

    return desk.remembered(f"sample {question}", compute)


def to_mark_again(desk: Desk, question: str, marker: str) -> list[str]:
    """Return the answers of the sample that somebody else has marked, and nobody a second time.

    Until the marker has done that, no page shows them the first marks unasked.
    """
    state = desk.workspace.store.state()
    names = []
    for name in sample_of(desk, question):
        first = state.marks.get((name, question))
        if first is not None and first.marker != marker and (name, question) not in state.seconds:
            names.append(name)
    return names


def first_to_mark_again(
    desk: Desk, question: str, marker: str, submissions: Collection[str]
) -> str:
    """Return one of some submissions that ``to_mark_again`` returns, too; empty if there is none."""
    blind = to_mark_again(desk, question, marker)
    return next((name for name in blind if name in submissions), "")
