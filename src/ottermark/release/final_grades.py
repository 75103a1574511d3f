"""The final grade of each submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ottermark.config import GradingConfig
from ottermark.marking.workspace import MarkStatus, OverrideStatus, Workspace
from ottermark.release.lateness import Lateness, lateness_of
from ottermark.submissions.candidates import Submission

DIGITS = 4  # after the decimal point, as in results.json


@dataclass(frozen=True)
class FinalGrade:
    """The final grade of a submission, and what it consists of.

    Attributes:
        submission: with its students, without those for whom another submission counts.
        tests: by automatic question.
        marks: by written question.
        rejected: whether it could not be graded; it has no points of tests then.
        lateness: how late it was.
        config: how the points of tests are scaled.
        tests_possible: the points of all automatic questions.
        marks_possible: the points of all written questions.
    """

    submission: Submission
    tests: Mapping[str, OverrideStatus]
    marks: Mapping[str, MarkStatus]
    rejected: bool
    lateness: Lateness
    config: GradingConfig
    tests_possible: float
    marks_possible: float

    @property
    def name(self) -> str:
        """The name of the submission."""
        return self.submission.name

    @property
    def points(self) -> Mapping[str, float | None]:
        """The points by question id; None of what is neither graded nor marked."""
        return self._tests_points | self._marks_points

    @property
    def by_tests(self) -> float | None:
        """The points of the automatic questions, overrides included, scaled as the tests' score is."""
        points = _sum(self._tests_points)
        if points is None:
            return None
        return round(self.config.scale(points, self.tests_possible), DIGITS)

    @property
    def by_hand(self) -> float | None:
        """The points of the written questions; None if one of them is not marked."""
        return _sum(self._marks_points)

    @property
    def total(self) -> float | None:
        """The final points, never below 0; None if anything is missing."""
        if self.by_tests is None or self.by_hand is None:
            return None
        return round(max(0.0, self.by_tests + self.by_hand - self.lateness.deduction), DIGITS)

    @property
    def possible_by_tests(self) -> float:
        """The most that ``by_tests`` can be."""
        return self.config.scale(self.tests_possible, self.tests_possible)

    @property
    def possible(self) -> float:
        """The most that ``total`` can be."""
        return self.possible_by_tests + self.marks_possible

    @property
    def _tests_points(self) -> dict[str, float | None]:
        missing = 0.0 if self.rejected else None
        return {id: missing if s.points is None else s.points for id, s in self.tests.items()}

    @property
    def _marks_points(self) -> dict[str, float | None]:
        return {id: status.points for id, status in self.marks.items()}


def final_grades(workspace: Workspace) -> tuple[FinalGrade, ...]:
    """Return the final grade of each submission that counts, in order of names."""
    assignment, config = workspace.assignment, workspace.config
    written = workspace.written_questions
    marks = {question.id: workspace.marks_of(question.id) for question in written}
    tests_possible = assignment.max_score
    marks_possible = float(sum(question.points for question in written))
    possible = config.scale(tests_possible, tests_possible) + marks_possible
    return tuple(
        FinalGrade(
            submission=submission,
            tests={
                q.id: workspace.override_of(submission.name, q.id) for q in assignment.automatic
            },
            marks={id: statuses[submission.name] for id, statuses in marks.items()},
            rejected=workspace.status_of(submission.name) == "rejected",
            lateness=lateness_of(submission, config.lateness, possible),
            config=config,
            tests_possible=tests_possible,
            marks_possible=marks_possible,
        )
        for submission in map(workspace.submission, workspace.submissions)
    )


def _sum(points: Mapping[str, float | None]) -> float | None:
    """Return the sum; None if one of them is not known."""
    known = [each for each in points.values() if each is not None]
    return round(sum(known), DIGITS) if len(known) == len(points) else None
