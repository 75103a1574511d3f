"""The result of a build."""

from __future__ import annotations

from dataclasses import dataclass

from ottermark.assignment import Assignment, Question
from ottermark.diagnostics import Diagnostic


@dataclass(frozen=True)
class BuildResult:
    """What a successful build did.

    Attributes:
        assignment: the record of all questions.
        verified: the questions with tests that were verified: all, or the selected one.
        warnings: diagnostics that did not stop the build.
        changed: the files that are new, different or gone, relative to the output folder. Empty if
            one question was verified.
        cells_used: number of code cells of the solution that the verified questions need.
        cells_total: number of its code cells.
        solution_score: the points that the solution earns in the verified questions.
        blank_score: the points that the blank notebook earns there.
        public_points: the points of tests that students receive.
        graded: the ids of the questions whose tests were run; an earlier build had verified the
            others.
    """

    assignment: Assignment
    verified: tuple[Question, ...]
    warnings: tuple[Diagnostic, ...]
    changed: tuple[str, ...]
    cells_used: int
    cells_total: int
    solution_score: float
    blank_score: float
    public_points: float
    graded: tuple[str, ...] = ()
