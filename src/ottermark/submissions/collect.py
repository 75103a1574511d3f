"""Collect a class's submissions from disk, and decide which one counts for each student.

Paths may be files, folders, and the downloads of Gradescope, Canvas, Moodle, Blackboard and D2L,
the platforms' also as the zips that they make. Every file that could be graded and every student is
accounted for: it counts, or is listed with the submission that counts instead and the reason.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ottermark.assignment import Assignment
from ottermark.errors import UsageError
from ottermark.submissions.candidates import (
    Candidate,
    CollectedSubmissions,
    Download,
    Handout,
    Submission,
    as_collected,
    latest_of_each_student,
)
from ottermark.submissions.downloads import unpack_download
from ottermark.submissions.file_kinds import expected_names
from ottermark.submissions.notebook import is_untouched
from ottermark.submissions.platforms import read_download

_MAX_NAME_BYTES = 220  # results are written under names that are up to 15 bytes longer


@contextlib.contextmanager
def collect(paths: Sequence[Path], assignment: Assignment) -> Iterator[CollectedSubmissions]:
    """Collect the submissions in files, folders and platforms' zips.

    In a folder each file is one submission, and each sub-folder is one student's. What cannot be
    graded becomes a submission too, so that it is rejected with a message; but lists of the class,
    notes and the lab's own files in a folder are no submissions. Zips stay unpacked until the
    context ends.

    Raises:
        UsageError: a path is missing or empty, there is no submission, or a platform's zip or metadata cannot be read.
    """
    handout = Handout(
        expected_names(assignment.notebook), assignment.handout, partial(is_untouched, assignment)
    )
    downloads = []
    with contextlib.ExitStack() as stack:
        for path in paths:
            try:
                folder = stack.enter_context(unpack_download(path, handout.names, len(paths) == 1))
                downloads.append(read_download(folder, path, handout))
            except OSError as error:
                raise UsageError(
                    f"{path} cannot be read ({error.strerror}); make it readable."
                ) from None
        collected = _collected(downloads)
        if not collected.submissions:
            raise UsageError(
                f"{paths[0]} contains no submission; name notebooks, zips or folders of them."
            )
        yield collected


def _collected(downloads: Sequence[Download]) -> CollectedSubmissions:
    counted = latest_of_each_student(list(_candidates(downloads)))
    ignored = [path for download in downloads for path in download.ignored]
    return as_collected(counted, _with_unique_names(counted), ignored)


def _candidates(downloads: Sequence[Download]) -> Iterator[Candidate]:
    for download in downloads:
        for candidate in download.candidates:
            candidate.submission = replace(candidate.submission, platform=download.platform)
            yield candidate


def _with_unique_names(candidates: Sequence[Candidate]) -> dict[Candidate, Submission]:
    """Return the submission of each candidate under a name that no other one has."""
    submissions: dict[Candidate, Submission] = {}
    taken: set[str] = set()
    for candidate in candidates:
        name = _unique_name(candidate.submission.name, taken)
        taken.add(name.casefold())
        submissions[candidate] = replace(candidate.submission, name=name)
    return submissions


def _unique_name(name: str, taken: Collection[str]) -> str:
    """Return a valid file name for any file system, unlike those in ``taken``.

    Args:
        taken: names, case-folded.
    """
    clean = re.sub(r"[^\w.\- ]+", "_", name)[:150].encode()[:_MAX_NAME_BYTES]
    unique = base = clean.decode(errors="ignore").strip("._- ") or "submission"
    number = 1
    while unique.casefold() in taken:
        number += 1
        unique = f"{base}-{number}"
    return unique
