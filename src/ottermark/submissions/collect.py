"""What an instructor has on disk -> which sheet counts for whom.

Folders are read, what Gradescope exports, and what Canvas and Moodle let download, as folders or
as the zips that they make. Of several sheets of one student the last counts; the rest is named
with the reason. Nothing that can be graded, and no student, is passed over without a word.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.submissions.archives import unpacked
from ottermark.submissions.candidates import (
    Candidate,
    CollectedSubmissions,
    GroupException,
    Student,
    Submission,
    Superseded,
    last_of_each_student,
    wanted,
)
from ottermark.submissions.gradescope_export import METADATA
from ottermark.submissions.platforms import read

__all__ = [
    "METADATA",
    "CollectedSubmissions",
    "GroupException",
    "Student",
    "Submission",
    "Superseded",
    "collect",
]

_LONGEST_NAME = 220  # bytes; results are written beside it under a name 15 bytes longer


@contextlib.contextmanager
def collect(paths: Sequence[Path], notebook: str) -> Iterator[CollectedSubmissions]:
    """Read files, folders, and zips that a platform made; those are unpacked as long as this lasts.

    In a folder every file counts as one sheet, and every sub-folder as one student's; what cannot
    be graded gets a sheet too, so that it is rejected with a sentence.

    Args:
        notebook: the file name of the assignment's notebook.

    Raises:
        UsageError: a path is missing or empty, or a platform's zip or metadata are bad.
    """
    names = wanted(notebook)
    found: list[tuple[str, list[Candidate]]] = []
    with contextlib.ExitStack() as stack:
        for given in paths:
            try:
                folder = stack.enter_context(unpacked(given))
                found.append(read(folder, given, names))
            except OSError as error:
                raise UsageError(
                    f"{given} cannot be read ({error.strerror}); make it readable."
                ) from None
        yield _intake(found)


def _intake(found: Sequence[tuple[str, list[Candidate]]]) -> CollectedSubmissions:
    platforms = {platform for platform, _ in found}
    sheets: dict[str, Submission] = {}
    superseded = []
    counted = last_of_each_student(found)
    named: dict[Candidate, Submission] = {}
    for one in counted:
        sheet = replace(one.sheet, name=_unique(one.sheet.name, sheets))
        sheets[sheet.name.casefold()] = named[one] = sheet
        superseded += [Superseded(path, sheet, why) for path, why in one.rest]
    return CollectedSubmissions(
        platform=platforms.pop() if len(platforms) == 1 else "",
        sheets=tuple(sheets[name] for name in sorted(sheets)),
        superseded=tuple(superseded),
        parted=tuple(
            GroupException(student, named[one], named[by], why)
            for one in counted
            for student, by, why in one.parted
        ),
    )


def _unique(found: str, taken: Collection[str]) -> str:
    """Return a name that can be a file's on any file system, beside those that are taken."""
    clean = re.sub(r"[^\w.\- ]+", "_", found)[:150].encode()[:_LONGEST_NAME].decode(errors="ignore")
    name = clean = clean.strip("._- ") or "submission"
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{clean}-{number}"
    return name
