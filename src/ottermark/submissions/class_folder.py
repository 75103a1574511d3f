"""Find the folder of a class, which is often named too high: with a folder or a zip around it.

Read as it stands, such a folder would hold one student, whose latest notebook counts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from pathlib import PurePosixPath

from ottermark.submissions.file_kinds import is_gradable, is_hidden

MIN_FOLDERS = 3  # with notebooks in them; a single student seldom has so many

# as Google Classroom names what it keeps in Drive
_NAMED_BY_CLASSROOM = re.compile(r"(?P<student>.+?) - .+", re.S)


def find_class(paths: Collection[str], names: re.Pattern[str]) -> PurePosixPath | None:
    """Return the folder in which each entry is one student's; None if all may be one student's.

    Args:
        paths: of files, relative and with forward slashes.
        names: of the assignment's notebook; one file with such a name among others is the answer
            of a student who handed in the folder of a whole course.
    """
    gradable = [
        PurePosixPath(path)
        for path in paths
        if is_gradable(path) and not is_hidden(path.split("/"))
    ]
    if not gradable or sum(names.fullmatch(path.name) is not None for path in gradable) == 1:
        return None
    folder = PurePosixPath(posixpath.commonpath([path.parent for path in gradable]))
    inside = [path.relative_to(folder) for path in gradable]
    folders = {path.parts[0] for path in inside if len(path.parts) > 1}
    if len(folders) >= MIN_FOLDERS:
        return folder
    named = [_NAMED_BY_CLASSROOM.fullmatch(path.name) for path in inside]
    students = {match["student"] for match in named if match}
    return folder if not folders and all(named) and len(students) > 1 else None
