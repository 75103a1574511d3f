"""A file or folder -> whose download it is, by the names in it, and its submissions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.submissions.candidates import (
    TIME,
    Candidate,
    File,
    Student,
    Submission,
    chosen,
    plain,
)
from ottermark.submissions.gradescope_export import METADATA, metadata

_EXPORT = re.compile(r"assignment_[0-9]+_export")
_SUBMISSION = re.compile(r"submission_([0-9]{1,20})")
_OF_CANVAS = r"_(?:(?P<number>[0-9]{1,20})_(?P<original>.+)|(?:text|link)\.html)"
_CANVAS = (
    re.compile(r"(?P<late>LATE_)?(?P<name>anon)_(?P<user>[0-9A-Za-z]{5,20})" + _OF_CANVAS, re.S),
    re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>[0-9]{1,20})" + _OF_CANVAS, re.S),
)
_AGAIN = re.compile(r"(.+)-([0-9]{1,9})(\.\w+)", re.S)
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>[0-9]{1,20}))?_assignsubmission_[a-z0-9]+"
    r"(?:_(?P<original>.*))?",
    re.S,
)


def read(folder: Path, given: Path, wanted: re.Pattern[str]) -> tuple[str, list[Candidate]]:
    """Return whose download ``given`` is, and the submissions in it; ``folder`` holds them."""
    if not folder.exists():
        raise UsageError(f"{given} does not exist; name notebooks, zips or folders of them.")
    if not folder.is_dir():
        return "", [_of_one(folder, wanted)]
    entries = _visible(folder)
    if not entries:
        raise UsageError(f"{given} is empty; name notebooks, zips or folders of them.")
    match _platform_of_folder(entries):
        case "gradescope":
            return "gradescope", _gradescope(folder, given, wanted)
        case "canvas":
            return "canvas", _by_student(entries, lambda path: _canvas(path, wanted), wanted)
        case "moodle":  # texts first, so that the last path of a student who has files is one
            entries.sort(key=lambda path: "_assignsubmission_file" in path.name)
            return "moodle", _by_student(entries, _moodle, wanted)
    # a student's folder may look like an export as well, but has not its name
    exports = [
        path
        for path in entries
        if (_EXPORT.fullmatch(path.name) or len(entries) == 1)
        and _is_folder(path)
        and _platform_of_folder(_visible(path)) == "gradescope"
    ]
    found = [_of_one(path, wanted) for path in entries if path not in exports]
    for export in exports:
        found += _gradescope(export, given / export.name, wanted)
    return "gradescope" if exports else "", found


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def gradable(name: str) -> bool:
    """Return whether a file of this name may be a submission."""
    return name.lower().endswith((".ipynb", ".zip"))


def hidden(parts: Sequence[str]) -> bool:
    """Return whether a path of these parts is one that systems keep to themselves."""
    return any(re.match(r"\.(?!\.$)|__MACOSX$", part) for part in parts)


def _of_one(path: Path, wanted: re.Pattern[str]) -> Candidate:
    """Return what one student handed in: a file, or a folder of files."""
    if not _is_folder(path):
        return Candidate(Submission(path.stem, path))
    return chosen(Submission(path.name, path), _files_in(path), wanted)


def _files_in(folder: Path) -> list[File]:
    return [
        File(path, path.name)
        for path in sorted(folder.rglob("*"))
        if gradable(path.name)
        and not hidden(path.relative_to(folder).parts)
        and not _is_folder(path)
    ]


def _platform_of_folder(entries: Sequence[Path]) -> str:
    files = [path.name for path in entries if path.is_file()]
    return platform_of(files, [path.name for path in entries if _is_folder(path)])


def platform_of(files: Collection[str], folders: Collection[str]) -> str:
    """Return whose download it is that has these names at its top, or nothing."""
    if METADATA in files and any(map(_SUBMISSION.fullmatch, folders)):
        return "gradescope"
    if any(map(_MOODLE.fullmatch, (*files, *folders))):
        return "moodle"
    candidates = [name for name in files if gradable(name)]
    found = [match for match in map(_canvas_name, candidates) if match]
    strays = len(candidates) - len(found)
    if not found or strays > max(1, len(candidates) // 10):
        return ""
    # others write numbers into names too: they must be such as tell students apart
    users = {(match["name"], match["user"]) for match in found}
    numbers = {(match["user"], match["number"]) for match in found}
    alone = len(users) == 1 and (len(numbers) < len(found) or min(len(n) for _, n in numbers) < 4)
    mixed = any(len(pairs) > len({own for _, own in pairs}) for pairs in (users, numbers))
    return "" if alone or mixed else "canvas"


# ----------------------------------------------------------------------------- Canvas and Moodle


def _by_student(
    entries: Sequence[Path],
    part_of: Callable[[Path], tuple[Submission, list[File]] | None],
    wanted: re.Pattern[str],
) -> list[Candidate]:
    """Return the submissions of a folder in which several entries may be parts of one.

    Args:
        part_of: tells of an entry whose it is and which files it holds; None for a stray.
    """
    found = []
    theirs: dict[str, tuple[Submission, list[File]]] = {}
    for path in entries:
        part = part_of(path)
        if part is None:
            found.append(_of_one(path, wanted))
            continue
        sheet, files = part
        _, earlier = theirs.get(sheet.name, (sheet, []))
        theirs[sheet.name] = sheet, earlier + files
    return found + [chosen(sheet, files, wanted) for sheet, files in theirs.values()]


def _canvas_name(name: str) -> re.Match[str] | None:
    match = next((match for form in _CANVAS if (match := form.fullmatch(name))), None)
    time = re.search(TIME, name)
    if match and time and time.start() < match.start("original"):
        return None  # the numbers are those of the time at which Otter exported it
    return match


def _canvas(path: Path, wanted: re.Pattern[str]) -> tuple[Submission, list[File]] | None:
    """Read a file called ``<lastfirst>_<LATE_><user>_<file>_<as it was called>``."""
    match = None if _is_folder(path) else _canvas_name(path.name)
    if match is None:
        return None
    name, user, number = match["name"], match["user"], match["number"] or ""
    students = (Student(plain(name), sid=user),)
    sheet = Submission(f"{name}_{user}", path, students, number, late=match["late"] is not None)
    if not number or not gradable(path.name):
        return sheet, []
    called, again = match["original"], 0
    if not wanted.fullmatch(called) and (numbered := _AGAIN.fullmatch(called)):
        called, again = numbered[1] + numbered[3], int(numbered[2])
    return sheet, [File(path, called, (int(number), again))]


def _moodle(path: Path) -> tuple[Submission, list[File]] | None:
    """Read a folder or file whose name begins ``<name>_<id>_assignsubmission_<kind>``."""
    match = _MOODLE.fullmatch(path.name)
    if match is None:
        return None
    name, participant = match["name"], match["id"] or ""
    sheet = Submission(f"{name}_{participant}", path, (Student(plain(name), sid=participant),))
    if _is_folder(path):
        return sheet, _files_in(path)
    return sheet, [File(path, match["original"] or "")] if gradable(path.name) else []


# ----------------------------------------------------------------------------- Gradescope


def _gradescope(folder: Path, shown: Path, wanted: re.Pattern[str]) -> list[Candidate]:
    """Read ``submission_<id>`` folders, and who handed them in from the metadata beside them."""
    told = metadata(folder / METADATA, shown / METADATA)
    paths = {path.name: path for path in _visible(folder) if path.name != METADATA}
    missing = {name: folder / name for name in told if _SUBMISSION.fullmatch(name)}
    found = []
    for name, path in (missing | paths).items():
        one = _of_one(path, wanted)
        number = _SUBMISSION.fullmatch(name)
        students, handed_in = told.get(name, ((), ""))
        one.sheet = replace(
            one.sheet,
            students=students,
            number=number[1] if number else "",
            handed_in=handed_in,
        )
        found.append(one)
    return found
