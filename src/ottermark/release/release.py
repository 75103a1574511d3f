"""Final grades, written into ``final/``: what would change, and the tables and pages themselves."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ottermark.batch.ledger import as_usage_error
from ottermark.batch.run import Change
from ottermark.errors import CheckFailedError
from ottermark.marking.workspace import Workspace
from ottermark.release.final_grades import FinalGrade, final_grades
from ottermark.release.readiness import Readiness, readiness_of
from ottermark.release.student_feedback import final_feedback
from ottermark.reports.feedback import write_feedback
from ottermark.reports.gradebooks import (
    MOODLE,
    Grade,
    unknown_to_moodle,
    write_final_gradebooks,
)
from ottermark.reports.grades_table import write_grades_table
from ottermark.text import listed

TABLE = "grades.csv"
FEEDBACK = "feedback"
TOTAL = "final"  # the column


@dataclass(frozen=True)
class Release:
    """The final grades of a class, as they are to be handed back.

    Attributes:
        grades: in order of the submissions' names.
        readiness: what is still open.
    """

    workspace: Workspace
    grades: tuple[FinalGrade, ...]
    readiness: Readiness

    @classmethod
    def of(cls, workspace: Workspace, partial: bool = False) -> Release:
        """Compute the final grades.

        Args:
            partial: whether answers may be unmarked.

        Raises:
            CheckFailedError: some are, and they may not be.
        """
        grades = final_grades(workspace)
        readiness = readiness_of(workspace, grades)
        problems = readiness.problems(workspace.out)
        if problems and not partial:
            raise CheckFailedError(*problems)
        return cls(workspace, grades, readiness)

    @cached_property
    def complete(self) -> tuple[FinalGrade, ...]:
        """The grades without those that miss a mark."""
        return tuple(grade for grade in self.grades if grade.total is not None)

    @property
    def notes(self) -> Iterator[str]:
        """Sentences on what somebody may want to look at before."""
        yield from self.readiness.notes
        missing = [grade.name for grade in self.grades if grade.total is None]
        if missing:
            yield f"Not complete, so in no gradebook and without a final grade: {listed(missing)}."
        unknown = unknown_to_moodle([grade.submission for grade in self.complete])
        if unknown:
            yield f"Not in {MOODLE}, since Moodle would know no address or number: {listed(unknown)}."

    def write(self, folder: Path) -> None:
        """Write tables, gradebooks and feedback pages; raises ``UsageError``.

        Args:
            folder: an empty one.
        """
        assignment = self.workspace.assignment
        documents = [self.workspace.document(grade.name) for grade in self.grades]
        students = {grade.name: grade.submission.students for grade in self.grades}
        with as_usage_error(folder.parent):
            cells = {grade.name: _cells(grade) for grade in self.grades}
            write_grades_table(folder / TABLE, assignment, documents, students, cells)
            write_final_gradebooks(
                folder,
                assignment,
                [grade.submission for grade in self.complete],
                {grade.name: _gradebook_entry(grade) for grade in self.complete},
                self.possible,
            )
            for grade, document in zip(self.grades, documents, strict=True):
                write_feedback(
                    folder / FEEDBACK,
                    document,
                    assignment,
                    grade.submission.students,
                    final_feedback(self.workspace, grade),
                )

    @property
    def possible(self) -> float:
        """The points of the whole assignment."""
        assignment, config = self.workspace.assignment, self.workspace.config
        by_hand = sum(question.points for question in assignment.questions if question.manual)
        return config.scale(assignment.max_score, assignment.max_score) + by_hand


def changes_between(before: Path, after: Path) -> tuple[Change, ...]:
    """Return what is different in two folders of final grades, a change for each submission.

    Args:
        before: need not exist.
    """
    earlier, later = _read_table(before / TABLE), _read_table(after / TABLE)
    changes = [
        Change(
            name,
            (later.get(name) or earlier[name]).get("student", ""),
            earlier.get(name, {}),
            later.get(name, {}),
        )
        for name in sorted({*earlier, *later})
    ]
    return tuple(change for change in changes if change.columns)


def changed_pages(before: Path, after: Path) -> Sequence[str]:
    """Return the names of the feedback pages that are new or say something else."""
    pages = sorted((after / FEEDBACK).glob("*.html"))
    return [page.stem for page in pages if not _same(before / FEEDBACK / page.name, page)]


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() == other.read_bytes()


def _cells(grade: FinalGrade) -> dict[str, str]:
    """Return the cells of a grade, by their columns; empty ones for what is not known."""
    return {
        "score": _text(grade.by_tests),
        **{id: _text(points) for id, points in grade.points.items()},
        "by_hand": _text(grade.by_hand),
        "late_days": "" if grade.lateness.unknown else str(grade.lateness.days),
        "deduction": _text(grade.lateness.deduction),
        TOTAL: _text(grade.total),
        "final_max": _text(grade.possible),
    }


def _gradebook_entry(grade: FinalGrade) -> Grade:
    assert grade.total is not None
    scores = {id: points for id, points in grade.points.items() if points is not None}
    return Grade(scores, grade.total, grade.possible)


def _text(points: float | None) -> str:
    return "" if points is None else f"{points:.10g}"


def _read_table(path: Path) -> dict[str, dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return {row["submission"]: row for row in csv.DictReader(file)}
    except FileNotFoundError:
        return {}
