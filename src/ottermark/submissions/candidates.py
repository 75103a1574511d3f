"""What students handed in, and which of several counts: the last, by what there is to tell."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

MAX_TEXT = 300  # characters of a name, address or id
TIME = r"[0-9]{4}_[0-9]{2}_[0-9]{2}T[0-9]{2}_[0-9]{2}_[0-9]{2}_[0-9]{6}"  # as Otter writes it

_T = TypeVar("_T")
# why one is later than another, and what says so; None where nothing does
_Evidence = tuple[str, Callable[[_T], Any]]


@dataclass(frozen=True)
class Student:
    """Who handed something in, as the platform tells; empty where it does not.

    Attributes:
        sid: Canvas' id of the user, Moodle's of the participant, Gradescope's ``:sid:``.
    """

    name: str = ""
    email: str = ""
    sid: str = ""

    @property
    def called(self) -> str:
        """The best that is known to call them by."""
        return self.name or self.email or self.sid


@dataclass(frozen=True)
class Submission:
    """What counts for some students, and the name it goes by.

    Attributes:
        name: in results and tables; safe as a file's name, unique without regard to case.
        path: the file to grade, or else what will be rejected with a sentence.
        students: who handed it in, but those for whom a later one counts; empty where nothing tells.
        number: the platform's number of the submission, on Canvas that of the file.
        handed_in: as ISO 8601 has it, with the offset; empty if unknown.
        late: whether the platform says so.
    """

    name: str
    path: Path
    students: tuple[Student, ...] = ()
    number: str = ""
    handed_in: str = ""
    late: bool = False


@dataclass(frozen=True)
class Superseded:
    """A file that does not count.

    Attributes:
        by: the sheet that does.
        why: what tells, as in "that one counts, handed in later".
    """

    path: Path
    by: Submission
    why: str


@dataclass(frozen=True)
class GroupException:
    """A student of a group for whom another sheet counts than for the rest of it.

    Attributes:
        of: the group's.
        by: the student's own.
        why: as of ``Superseded``.
    """

    student: Student
    of: Submission
    by: Submission
    why: str


@dataclass(frozen=True)
class CollectedSubmissions:
    """What was found.

    Attributes:
        platform: ``gradescope``, ``canvas``, ``moodle``; empty for none or several.
        sheets: in order of their names.
    """

    platform: str
    sheets: tuple[Submission, ...]
    superseded: tuple[Superseded, ...]
    parted: tuple[GroupException, ...]


@dataclass(frozen=True)
class File:
    """One of a student's files: how the student called it, and the numbers that Canvas gave it."""

    path: Path
    called: str
    numbers: tuple[int, int] | None = None


@dataclass(eq=False)
class Candidate:
    """A submission: its sheet, not yet safely named, and what of it does not count.

    Attributes:
        rest: files in whose place it counts, and why.
        parted: its students for whom another one counts, that, and why.
    """

    sheet: Submission
    rest: list[tuple[Path, str]] = field(default_factory=list)
    parted: list[tuple[Student, Candidate, str]] = field(default_factory=list)


def plain(text: Any) -> str:
    """Return a text of the platform's as tables can hold it."""
    if not isinstance(text, str):
        return ""
    joiners = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # some scripts need them
    return "".join(
        c if c.isprintable() or c in joiners else "\N{REPLACEMENT CHARACTER}"
        for c in text[:MAX_TEXT].strip()
    )


def moment(told: Any) -> datetime | None:
    """Return the time that a text tells; one without an offset is UTC, as in old exports."""
    if not isinstance(told, str):
        return None
    text = re.sub(r"\s*UTC$", "Z", told.strip())
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+(?=(?:Z|[+-][0-9:]+)$)", "", text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# ----------------------------------------------------------------------------- the last counts


def wanted(notebook: str) -> re.Pattern[str]:
    """Return what the assignment's notebook and Otter's exports of it are called."""
    stem, suffix = (re.escape(part) for part in (Path(notebook).stem, Path(notebook).suffix))
    return re.compile(rf"{stem}{suffix}|{stem}_{TIME}\.zip")


def _last(candidates: Sequence[_T], evidence: Sequence[_Evidence[_T]]) -> tuple[_T, str]:
    """Return the last of ``candidates``, by the first evidence that there is for each, and that."""
    for why, tell in evidence:
        told = [tell(candidate) for candidate in candidates]
        if None not in told and told.count(max(told)) == 1:
            return candidates[told.index(max(told))], why
    return candidates[-1], "as nothing tells which is later"


def _time_in_name(file: File) -> str | None:
    times: list[str] = re.findall(TIME, file.called)
    return times[-1] if times else None


_OF_FILES: tuple[_Evidence[File], ...] = (
    ("by the time in its name", _time_in_name),
    ("by the numbers in its name", lambda file: file.numbers),
    ("by its modification time", lambda file: _modified(file.path)),
)
_OF_SUBMISSIONS: tuple[_Evidence[Candidate], ...] = (
    ("handed in later", lambda one: moment(one.sheet.handed_in)),
    ("by the number of its submission", lambda one: int(one.sheet.number or 0) or None),
    ("by its modification time", lambda one: _modified(one.sheet.path)),
)


def _modified(path: Path) -> int:
    return path.lstat().st_mtime_ns if os.path.lexists(path) else 0


def chosen(sheet: Submission, files: Sequence[File], wanted: re.Pattern[str]) -> Candidate:
    """Return a submission of ``files``, of which one counts; of none, with its path as it is."""
    if not files:
        return Candidate(sheet)
    named = [file for file in files if wanted.fullmatch(file.called)]
    others = [file for file in files if not wanted.fullmatch(file.called)] if named else []
    last, why = _last(named or files, _OF_FILES)
    number = str(last.numbers[0]) if last.numbers else sheet.number
    rest = [(file.path, why) for file in named or files if file is not last]
    rest += [(file.path, "by its name") for file in others]
    return Candidate(replace(sheet, path=last.path, number=number), rest)


def last_of_each_student(read: Sequence[tuple[str, list[Candidate]]]) -> list[Candidate]:
    """Return the submissions that count for somebody, each with those for whom it does."""
    theirs: dict[tuple[str, str], list[Candidate]] = {}
    for platform, found in read:
        for one in found:
            for who in dict.fromkeys(map(_identity, one.sheet.students)):
                theirs.setdefault((platform, who), []).append(one)
    counts = {who: _last(all_of, _OF_SUBMISSIONS) for who, all_of in theirs.items() if who[1]}
    counted = []
    for platform, found in read:
        for one in found:
            last = {s: counts.get((platform, _identity(s)), (one, "")) for s in one.sheet.students}
            left = tuple(student for student, (by, _) in last.items() if by is one)
            if left or not last:
                one.sheet = replace(one.sheet, students=left)
                one.parted = [(s, by, why) for s, (by, why) in last.items() if by is not one]
                counted.append(one)
            else:
                by, why = next(iter(last.values()))
                by.rest += [(path, why) for path in (one.sheet.path, *(p for p, _ in one.rest))]
    return counted


def _identity(student: Student) -> str:
    """Return what a student is known by; a name alone is none."""
    return student.email.casefold() or student.sid
