"""What students submitted, and which of several files or submissions counts: the latest.

The first kind of evidence that all of them have decides which is the latest: the time of
submission, or one in the file name, then numbers that the platform assigned, and the modification
time in the end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from ottermark.submissions.archives import may_hold_notebook, without_untouched
from ottermark.submissions.file_kinds import OTTER_TIME, is_zip
from ottermark.text import printable

MAX_TEXT = 300  # characters of a name, address or id
MAX_OPENED = 100  # zips of one student that are looked into

Platform: TypeAlias = Literal["gradescope", "canvas", "moodle", "blackboard", "d2l", ""]
_Identity: TypeAlias = tuple[Platform, str]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Student:
    """A student, as the platform names them; fields that it leaves out are empty.

    Attributes:
        sid: Canvas's id of the user, Moodle's of the participant, Gradescope's ``:sid:``,
            Blackboard's user name.
    """

    name: str = ""
    email: str = ""
    sid: str = ""

    @property
    def display_name(self) -> str:
        """The name, else the address, else the id."""
        return self.name or self.email or self.sid


def display_names(students: Sequence[Student]) -> str:
    """Return the display names of students on one line."""
    return "; ".join(student.display_name for student in students)


@dataclass(frozen=True)
class Submission:
    """The file that counts for some students, and the name of the submission.

    Attributes:
        name: in results and tables; safe as a file name, unique without regard to case.
        path: the file to grade, or the file or folder to reject.
        students: who submitted it, without those for whom a later one counts; empty if unknown.
        number: the platform's number of the submission, on Canvas that of the file.
        submitted_at: as ISO 8601, with the offset if the platform gives one; empty if unknown.
        late: whether the platform marks it as late.
        platform: where it comes from; empty for a file or folder of one's own.
    """

    name: str
    path: Path
    students: tuple[Student, ...] = ()
    number: str = ""
    submitted_at: str = ""
    late: bool = False
    platform: Platform = ""


@dataclass(frozen=True)
class SupersededFile:
    """A file that does not count.

    Attributes:
        submission: the one that counts in its place.
        reason: why that one counts, as in "it was submitted later".
    """

    path: Path
    submission: Submission
    reason: str


@dataclass(frozen=True)
class GroupException:
    """A student for whom another submission counts than for the other members of the group.

    Attributes:
        group_submission: the group's, which does not count for this student.
        individual_submission: the one that does.
        reason: why, as in ``SupersededFile``.
    """

    student: Student
    group_submission: Submission
    individual_submission: Submission
    reason: str


@dataclass(frozen=True)
class CollectedSubmissions:
    """The submissions of a class.

    Attributes:
        submissions: those that count, in order of their names.
        superseded: the files that do not.
        ignored: files and folders that are no submissions, such as a list of the class.
    """

    submissions: tuple[Submission, ...]
    superseded: tuple[SupersededFile, ...]
    group_exceptions: tuple[GroupException, ...]
    ignored: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Handout:
    """What students received, as far as their files are known by it.

    Attributes:
        names: of the assignment's notebook and of Otter's exports of it.
        files: paths of the files beside the notebook.
        is_untouched: whether a file holds the notebook as it was handed out.
    """

    names: re.Pattern[str]
    files: Collection[str]
    is_untouched: Callable[[Path], bool]


@dataclass(frozen=True)
class SubmittedFile:
    """One of a student's files.

    Attributes:
        original_name: the student's name for it.
        canvas_numbers: Canvas's number of the file, and which resubmission of this name it is.
        submitted_at: of the attempt that it belongs to, as ISO 8601; empty if unknown.
    """

    path: Path
    original_name: str
    canvas_numbers: tuple[int, int] | None = None
    submitted_at: str = ""


@dataclass(eq=False)
class Candidate:
    """A submission that may count, with what it supersedes.

    Attributes:
        submission: its name is not unique yet, and may be unsafe as a file name.
        superseded: files in whose place it counts, each with the reason.
        group_exceptions: its students for whom another candidate counts, that, and the reason.
    """

    submission: Submission
    superseded: list[tuple[Path, str]] = field(default_factory=list)
    group_exceptions: list[tuple[Student, Candidate, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Download:
    """The submissions in one file or folder, and the platform that it was downloaded from.

    Attributes:
        ignored: see ``CollectedSubmissions``.
    """

    platform: Platform
    candidates: list[Candidate]
    ignored: Sequence[Path] = ()


# ----------------------------------------------------------------------------- what platforms write


def clean_text(value: Any) -> str:
    """Return a platform's text, short and printable; empty for anything else."""
    return printable(value[:MAX_TEXT].strip()) if isinstance(value, str) else ""


def parse_time(value: Any) -> datetime | None:
    """Return the time that a text gives; without an offset it is UTC, as in old exports."""
    if not isinstance(value, str):
        return None
    text = re.sub(r"\s*UTC$", "Z", value.strip())
    try:
        time = datetime.fromisoformat(re.sub(r"\s+(?=(?:Z|[+-][0-9:]+)$)", "", text))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


# ----------------------------------------------------------------------------- the latest counts


# the reason why the latest counts, and the value in which it is highest, or None if unknown
_Evidence = tuple[str, Callable[[_T], Any]]


def _latest(candidates: Sequence[_T], evidence: Sequence[_Evidence[_T]]) -> tuple[_T, str]:
    """Return the latest candidate and the reason: the first evidence that all of them have."""
    for reason, value_of in evidence:
        values = [value_of(candidate) for candidate in candidates]
        if None not in values and values.count(max(values)) == 1:
            return candidates[values.index(max(values))], reason
    return candidates[-1], "nothing shows which is later"


def _time_in_name(file: SubmittedFile) -> str | None:
    times: list[str] = re.findall(OTTER_TIME, file.original_name)
    return times[-1] if times else None


def _modified(path: Path) -> int:
    return path.lstat().st_mtime_ns if os.path.lexists(path) else 0


_MODIFIED_LATER = "it was modified later"
_SUBMITTED_LATER = "it was submitted later"
_FILE_EVIDENCE: tuple[_Evidence[SubmittedFile], ...] = (
    ("its name has a later time", _time_in_name),
    ("its name has higher numbers", lambda file: file.canvas_numbers),
    (_MODIFIED_LATER, lambda file: _modified(file.path)),
)
_SUBMISSION_EVIDENCE: tuple[_Evidence[Candidate], ...] = (
    (_SUBMITTED_LATER, lambda c: parse_time(c.submission.submitted_at)),
    ("its submission number is higher", lambda c: int(c.submission.number or 0) or None),
    (_MODIFIED_LATER, lambda c: _modified(c.submission.path)),
)


def choose_file(
    submission: Submission, files: Sequence[SubmittedFile], handout: Handout
) -> Candidate:
    """Return a student's submission with the path of the file that counts.

    That is the latest of those with an expected name, if any, else of all; of several attempts
    only the last one's files are considered. A zip of other files, such as the lab's data, is
    left out beside a notebook, and so is a notebook as it was handed out. Without files, the path
    stays as it is.
    """
    files = _that_may_hold_notebook(files) or files
    if not files:
        return Candidate(submission)
    last_attempt = max(file.submitted_at for file in files)
    earlier = [file for file in files if file.submitted_at != last_attempt]
    files = [file for file in files if file.submitted_at == last_attempt]
    worked_in = without_untouched(files, lambda file: handout.is_untouched(file.path))
    untouched = _without(files, worked_in)
    files = list(worked_in)
    named = [file for file in files if handout.names.fullmatch(file.original_name)]
    latest, reason = _latest(named or files, _FILE_EVIDENCE)
    number = str(latest.canvas_numbers[0]) if latest.canvas_numbers else submission.number
    superseded = [(file.path, reason) for file in named or files if file is not latest]
    if named:
        others = _without(files, named)
        superseded += [(file.path, "it has the expected name") for file in others]
    superseded += [(file.path, "the other is as it was handed out") for file in untouched]
    superseded += [(file.path, _SUBMITTED_LATER) for file in earlier]
    chosen = replace(
        submission,
        path=latest.path,
        number=number,
        submitted_at=latest.submitted_at or submission.submitted_at,
    )
    return Candidate(chosen, superseded)


def _without(
    files: Sequence[SubmittedFile], others: Sequence[SubmittedFile]
) -> Sequence[SubmittedFile]:
    left_out = set(map(id, others))  # of thousands of files, each with each would take minutes
    return [file for file in files if id(file) not in left_out]


def _that_may_hold_notebook(files: Sequence[SubmittedFile]) -> Sequence[SubmittedFile]:
    """Return the files without zips of other things; of too many zips, none is looked into."""
    if sum(is_zip(file.original_name) for file in files) > MAX_OPENED:
        return files
    return [file for file in files if may_hold_notebook(file.path, file.original_name)]


def latest_of_each_student(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that count for somebody, each with the students for whom it does."""
    latest = _latest_by_student(candidates)
    counted = []
    for candidate in candidates:
        by_student = {
            student: latest.get(_identity(candidate, student), (candidate, ""))
            for student in candidate.submission.students
        }
        students = tuple(s for s, (other, _) in by_student.items() if other is candidate)
        if by_student and not students:
            _supersede(candidate, *next(iter(by_student.values())))
            continue
        candidate.submission = replace(candidate.submission, students=students)
        candidate.group_exceptions = [
            (student, other, reason)
            for student, (other, reason) in by_student.items()
            if other is not candidate
        ]
        counted.append(candidate)
    return counted


def _latest_by_student(
    candidates: Sequence[Candidate],
) -> Mapping[_Identity, tuple[Candidate, str]]:
    """Return for each student of a platform, by identity, the latest candidate and the reason."""
    theirs: dict[_Identity, list[Candidate]] = {}
    for candidate in candidates:
        identities = (_identity(candidate, student) for student in candidate.submission.students)
        for identity in dict.fromkeys(identities):
            if identity[1]:
                theirs.setdefault(identity, []).append(candidate)
    return {identity: _latest(some, _SUBMISSION_EVIDENCE) for identity, some in theirs.items()}


def _supersede(candidate: Candidate, latest: Candidate, reason: str) -> None:
    paths = candidate.submission.path, *(path for path, _ in candidate.superseded)
    latest.superseded += [(path, reason) for path in paths]


def as_collected(
    counted: Sequence[Candidate],
    submissions: Mapping[Candidate, Submission],
    ignored: Sequence[Path],
) -> CollectedSubmissions:
    """Return the candidates that count, and what they supersede, as a class.

    Args:
        submissions: by candidate, its submission under its final name.
    """
    return CollectedSubmissions(
        submissions=tuple(sorted(submissions.values(), key=lambda s: s.name.casefold())),
        superseded=tuple(
            SupersededFile(path, submissions[candidate], reason)
            for candidate in counted
            for path, reason in candidate.superseded
        ),
        group_exceptions=tuple(
            GroupException(student, submissions[candidate], submissions[other], reason)
            for candidate in counted
            for student, other, reason in candidate.group_exceptions
        ),
        ignored=tuple(ignored),
    )


def _identity(candidate: Candidate, student: Student) -> _Identity:
    """Return the platform, and the address or id by which it knows a student.

    A name alone identifies nobody: the second part is then empty.
    """
    return candidate.submission.platform, student.email.casefold() or student.sid
