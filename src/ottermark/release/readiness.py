"""What is still open in a class before final grades are handed back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ottermark.marking.workspace import Workspace
from ottermark.release.final_grades import FinalGrade
from ottermark.text import listed


@dataclass(frozen=True)
class Readiness:
    """What is still open.

    Attributes:
        unmarked: by written question, the submissions whose answer nobody has marked; without
            questions where all are.
        ungraded: the submissions that were graded before one of the questions existed.
        notes: sentences on what somebody may want to look at before.
    """

    unmarked: Mapping[str, tuple[str, ...]]
    ungraded: tuple[str, ...]
    notes: tuple[str, ...]

    def problems(self, out: Path) -> tuple[str, ...]:
        """Return why final grades are not complete, a sentence each; none if they are."""
        problems = []
        if self.unmarked:
            counts = ", ".join(f"{len(names)} of {id}" for id, names in self.unmarked.items())
            problems.append(
                f"Answers in {out} are not marked yet: {counts}; mark them with `ottermark review "
                f"{out}`, or add --partial to release what is marked."
            )
        if self.ungraded:
            problems.append(
                f"{listed(self.ungraded)} in {out} were graded on other questions than the assignment "
                "has now; name their files to `ottermark grade` again, or add --partial."
            )
        return tuple(problems)


def readiness_of(workspace: Workspace, grades: Sequence[FinalGrade]) -> Readiness:
    """Return what is still open in a class."""
    questions = [question.id for question in workspace.written_questions]
    unmarked = {
        id: tuple(grade.name for grade in grades if grade.marks[id].unmarked) for id in questions
    }
    return Readiness(
        unmarked={id: names for id, names in unmarked.items() if names},
        ungraded=tuple(grade.name for grade in grades if grade.by_tests is None),
        notes=tuple(_notes(workspace, grades)),
    )


def _notes(workspace: Workspace, grades: Sequence[FinalGrade]) -> Iterator[str]:
    yield from _notes_on_lateness(grades, workspace.config.lateness is not None)
    marks = [mark for grade in grades for mark in grade.marks.values()]
    tests = [test for grade in grades for test in grade.tests.values()]
    for statuses, what in (
        ([mark for mark in marks if mark.stale], "Marked on an earlier version of the answer"),
        (
            [test for test in tests if test.stale],
            "Points changed on an earlier version of the code",
        ),
        ([mark for mark in marks if mark.flagged], "Flagged to be looked at again"),
    ):
        if statuses:
            yield f"{what}: {listed(f'{s.submission} {s.question}' for s in statuses)}."
    requests = workspace.store.state().open_requests.values()
    if requests:
        yield f"Open requests: {listed(f'{r.submission} {r.question}' for r in requests)}."
    rejected = [g.name for g in grades if g.rejected]
    if rejected:
        yield f"Rejected, so without points of tests: {listed(rejected)}."


def _notes_on_lateness(grades: Sequence[FinalGrade], has_rule: bool) -> Iterator[str]:
    flagged = [g.name for g in grades if g.lateness.flagged and not g.lateness.days]
    unknown = [g.name for g in grades if g.lateness.unknown and not g.lateness.flagged]
    if flagged and has_rule:
        yield (
            "Late by the word of the platform, which does not say how late, so nothing was taken off: "
            f"{listed(flagged)}."
        )
    elif flagged:
        yield f"Late, and otter_config.json has no rule for it: {listed(flagged)}."
    if unknown:
        yield (
            "Nobody knows when these were handed in, so nothing was taken off for lateness: "
            f"{listed(unknown)}."
        )
