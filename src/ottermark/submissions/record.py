"""What is kept of a class for later runs, and a class with what was collected in earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ottermark.submissions.candidates import (
    Candidate,
    CollectedSubmissions,
    Platform,
    Student,
    Submission,
    as_collected,
    latest_of_each_student,
)
from ottermark.text import shown_path


@dataclass(frozen=True)
class SubmissionRecord:
    """All that is known of a submission beside its name and its file.

    Attributes:
        students: who submitted it, also those for whom a later one counts.
        number: as of ``Submission``, like the fields after it.
        superseded: the files in whose place it counts, each as ``shown_path`` shows it, and why.
    """

    students: tuple[Student, ...] = ()
    number: str = ""
    submitted_at: str = ""
    late: bool = False
    platform: Platform = ""
    superseded: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_json(cls, text: str) -> SubmissionRecord:
        """Read a record; one that cannot be read is empty, since only names depend on it."""
        try:
            return _adapter().validate_json(text)
        except ValidationError:
            return cls()

    def to_json(self) -> str:
        """Return the record as JSON."""
        return _adapter().dump_json(self).decode()


@cache  # to make it takes longer than to use it a hundred times
def _adapter() -> TypeAdapter[SubmissionRecord]:
    return TypeAdapter(SubmissionRecord)


def records_of(collected: CollectedSubmissions) -> dict[str, SubmissionRecord]:
    """Return the record of each submission, by its name."""
    superseded: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for file in collected.superseded:
        superseded[file.submission.name].append((shown_path(file.path), file.reason))
    left: defaultdict[str, list[Student]] = defaultdict(list)  # the group, for another submission
    for exception in collected.group_exceptions:
        left[exception.group_submission.name].append(exception.student)
    return {
        submission.name: SubmissionRecord(
            students=(*submission.students, *left[submission.name]),
            number=submission.number,
            submitted_at=submission.submitted_at,
            late=submission.late,
            platform=submission.platform,
            superseded=tuple(superseded[submission.name]),
        )
        for submission in collected.submissions
    }


def with_earlier(
    collected: CollectedSubmissions, earlier: Mapping[str, SubmissionRecord], folder: Path
) -> CollectedSubmissions:
    """Return a class together with submissions that were collected in earlier runs.

    A submission of the same name takes the place of the earlier one; of several by one student of
    a platform the latest counts.

    Args:
        earlier: by the name of the submission.
        folder: with the executed notebooks of earlier submissions, which stand for their files.
    """
    paths = {submission.name: submission.path for submission in collected.submissions}
    records = {**earlier, **records_of(collected)}
    candidates = [
        _candidate(name, paths.get(name, folder / f"{name}.ipynb"), record)
        for name, record in records.items()
    ]
    counted = latest_of_each_student(candidates)
    return as_collected(counted, {c: c.submission for c in counted}, collected.ignored)


def _candidate(name: str, path: Path, record: SubmissionRecord) -> Candidate:
    submission = Submission(
        name=name,
        path=path,
        students=record.students,
        number=record.number,
        submitted_at=record.submitted_at,
        late=record.late,
        platform=record.platform,
    )
    return Candidate(submission, [(Path(shown), reason) for shown, reason in record.superseded])
