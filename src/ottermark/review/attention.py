"""What needs a person: files that went wrong, numbers too good, unexplained answers, look-alikes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ottermark.marking.workspace import Workspace

MAX_VALUE = 120  # characters of a value


@dataclass(frozen=True)
class SubmissionAttention:
    """A submission that a person should look at, and why."""

    submission: str
    reason: str


@dataclass(frozen=True)
class UnexplainedAnswer:
    """A wrong value that no misconception explains.

    Attributes:
        submission: one that has it.
    """

    question: str
    name: str
    value: str
    count: int
    submission: str


_STATUS = {
    "timeout": "ran out of time",
    "crashed": "crashed",
    "rejected": "was rejected: not a gradable file",
}


def submissions_to_look_at(workspace: Workspace) -> list[SubmissionAttention]:
    """Return the submissions that did not run to the end, or whose numbers are implausibly good."""
    submissions = []
    for name in workspace.submissions:
        status = workspace.status_of(name)
        if status in _STATUS:
            submissions.append(SubmissionAttention(name, _STATUS[status]))
    for question in workspace.assignment.automatic:
        for name, outcome in workspace.automatic(question.id).items():
            submissions += [
                SubmissionAttention(name, f"{question.id}: {look}") for look in outcome.look
            ]
    return submissions


def unexplained_answers(workspace: Workspace, limit: int) -> list[UnexplainedAnswer]:
    """Return the most frequent values that lost points and that no misconception explains."""
    counts: Counter[tuple[str, str, str]] = Counter()
    whose: dict[tuple[str, str, str], str] = {}
    for question in workspace.assignment.automatic:
        for submission, outcome in workspace.automatic(question.id).items():
            for name, value in outcome.unexplained.items():
                key = (question.id, name, value[:MAX_VALUE])
                counts[key] += 1
                whose.setdefault(key, submission)
    return [UnexplainedAnswer(*key, count, whose[key]) for key, count in counts.most_common(limit)]
