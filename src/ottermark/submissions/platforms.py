"""Recognize the downloads of Gradescope, Canvas and Moodle by the names in them, and read them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ottermark.errors import UsageError
from ottermark.submissions.candidates import (
    OTTER_TIME,
    Candidate,
    Download,
    Platform,
    Student,
    Submission,
    SubmittedFile,
    choose_file,
    clean_text,
)
from ottermark.submissions.gradescope_export import (
    METADATA_FILE,
    SubmissionMetadata,
    read_metadata,
)

_GRADESCOPE_EXPORT = re.compile(r"assignment_[0-9]+_export")
_GRADESCOPE_FOLDER = re.compile(r"submission_([0-9]{1,20})")
_CANVAS_END = r"_(?:(?P<number>[0-9]{1,20})_(?P<original>.+)|(?:text|link)\.html)"
_CANVAS_NAMES = (
    re.compile(r"(?P<late>LATE_)?(?P<name>anon)_(?P<user>[0-9A-Za-z]{5,20})" + _CANVAS_END, re.S),
    re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>[0-9]{1,20})" + _CANVAS_END, re.S),
)
_CANVAS_RESUBMISSION = re.compile(r"(.+)-([0-9]{1,9})(\.\w+)", re.S)
_MOODLE_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>[0-9]{1,20}))?_assignsubmission_[a-z0-9]+"
    r"(?:_(?P<original>.*))?",
    re.S,
)


def read_download(folder: Path, source: Path, expected: re.Pattern[str]) -> Download:
    """Read the submissions in a file, a folder or a platform's download.

    Args:
        folder: the file or folder; for a platform's zip, the folder with its content.
        source: the path that the user gave.
        expected: the names of the assignment's notebook and of its exports.

    Raises:
        UsageError: the path is missing or empty, or the metadata beside it cannot be read.
    """
    if not folder.exists():
        raise UsageError(f"{source} does not exist; name notebooks, zips or folders of them.")
    if not folder.is_dir():
        return Download("", [_read_student(folder, expected)])
    entries = _visible_entries(folder)
    if not entries:
        raise UsageError(f"{source} is empty; name notebooks, zips or folders of them.")
    platform = _platform_of_folder(entries)
    if platform == "gradescope":
        return Download(platform, _read_gradescope(folder, source, expected))
    if platform == "canvas":
        files = _read_by_student(entries, lambda path: _read_canvas(path, expected), expected)
        return Download(platform, files)
    if platform == "moodle":
        # online texts first, so that the path of a student who has files is a file's
        entries.sort(key=lambda path: "_assignsubmission_file" in path.name)
        return Download(platform, _read_by_student(entries, _read_moodle, expected))
    return _read_folder(entries, source, expected)


def _read_folder(entries: Sequence[Path], source: Path, expected: re.Pattern[str]) -> Download:
    """Read a folder of one's own, which may hold Gradescope's exports."""
    # a student's folder may look like an export as well, but has another name
    exports = [
        path
        for path in entries
        if (_GRADESCOPE_EXPORT.fullmatch(path.name) or len(entries) == 1)
        and _is_folder(path)
        and _platform_of_folder(_visible_entries(path)) == "gradescope"
    ]
    candidates = [_read_student(path, expected) for path in entries if path not in exports]
    for export in exports:
        candidates += _read_gradescope(export, source / export.name, expected)
    return Download("gradescope" if exports else "", candidates)


def _visible_entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def is_gradable(name: str) -> bool:
    """Return whether a file of this name could be graded."""
    return name.lower().endswith((".ipynb", ".zip"))


def is_hidden(parts: Sequence[str]) -> bool:
    """Return whether a path of these parts is hidden, or macOS's."""
    return any(re.match(r"\.(?!\.$)|__MACOSX$", part) for part in parts)


def _read_student(path: Path, expected: re.Pattern[str]) -> Candidate:
    """Return the submission of one student: a file, or a folder of files."""
    if not _is_folder(path):
        return Candidate(Submission(path.stem, path))
    return choose_file(Submission(path.name, path), _gradable_files(path), expected)


def _gradable_files(folder: Path) -> list[SubmittedFile]:
    return [
        SubmittedFile(path, path.name)
        for path in sorted(folder.rglob("*"))
        if is_gradable(path.name)
        and not is_hidden(path.relative_to(folder).parts)
        and not _is_folder(path)
    ]


# ----------------------------------------------------------------------------- which platform


def _platform_of_folder(entries: Sequence[Path]) -> Platform:
    files = [path.name for path in entries if path.is_file()]
    return platform_of(files, [path.name for path in entries if _is_folder(path)])


def platform_of(files: Collection[str], folders: Collection[str]) -> Platform:
    """Return the platform whose download has files and folders of these names at its top."""
    if METADATA_FILE in files and any(map(_GRADESCOPE_FOLDER.fullmatch, folders)):
        return "gradescope"
    if any(map(_MOODLE_NAME.fullmatch, (*files, *folders))):
        return "moodle"
    return "canvas" if _are_canvas_names(list(filter(is_gradable, files))) else ""


def _are_canvas_names(names: Sequence[str]) -> bool:
    matches = [match for match in map(_match_canvas_name, names) if match]
    others = len(names) - len(matches)
    if not matches or others > max(1, len(names) // 10):
        return False
    # anybody may write numbers into file names: Canvas's tell users and files apart
    users = {(match["name"], match["user"]) for match in matches}
    files = {(match["user"], match["number"]) for match in matches}
    if len(users) == 1 and (
        len(files) < len(matches) or min(len(number) for _, number in files) < 4
    ):
        return False
    return all(len(pairs) == len({number for _, number in pairs}) for pairs in (users, files))


def _match_canvas_name(name: str) -> re.Match[str] | None:
    match = next((match for form in _CANVAS_NAMES if (match := form.fullmatch(name))), None)
    time = re.search(OTTER_TIME, name)
    if match and time and time.start() < match.start("original"):
        return None  # the numbers are those of the time in the name of Otter's export
    return match


# ----------------------------------------------------------------------------- Canvas and Moodle


def _read_by_student(
    entries: Sequence[Path],
    read_entry: Callable[[Path], tuple[Submission, list[SubmittedFile]] | None],
    expected: re.Pattern[str],
) -> list[Candidate]:
    """Return the submissions of a folder in which a student may have several entries.

    Args:
        read_entry: returns the student's submission and the files of an entry, or None if the
            platform has not named it.
    """
    candidates = []
    by_student: dict[str, tuple[Submission, list[SubmittedFile]]] = {}
    for path in entries:
        part = read_entry(path)
        if part is None:
            candidates.append(_read_student(path, expected))
            continue
        submission, files = part
        _, earlier = by_student.get(submission.name, (submission, []))
        by_student[submission.name] = submission, earlier + files
    return candidates + [choose_file(s, files, expected) for s, files in by_student.values()]


def _read_canvas(
    path: Path, expected: re.Pattern[str]
) -> tuple[Submission, list[SubmittedFile]] | None:
    """Read a file named ``<lastfirst>_<LATE_><user>_<file>_<original name>``."""
    match = None if _is_folder(path) else _match_canvas_name(path.name)
    if match is None:
        return None
    name, user, number = match["name"], match["user"], match["number"] or ""
    submission = Submission(
        name=f"{name}_{user}",
        path=path,
        students=(Student(clean_text(name), sid=user),),
        number=number,
        late=match["late"] is not None,
    )
    if not number or not is_gradable(path.name):
        return submission, []
    original, resubmission = match["original"], 0
    if not expected.fullmatch(original) and (again := _CANVAS_RESUBMISSION.fullmatch(original)):
        original, resubmission = again[1] + again[3], int(again[2])
    return submission, [SubmittedFile(path, original, (int(number), resubmission))]


def _read_moodle(path: Path) -> tuple[Submission, list[SubmittedFile]] | None:
    """Read a folder or file whose name begins ``<name>_<id>_assignsubmission_<kind>``."""
    match = _MOODLE_NAME.fullmatch(path.name)
    if match is None:
        return None
    name, participant = match["name"], match["id"] or ""
    students = (Student(clean_text(name), sid=participant),)
    submission = Submission(f"{name}_{participant}", path, students)
    if _is_folder(path):
        return submission, _gradable_files(path)
    if not is_gradable(path.name):
        return submission, []
    return submission, [SubmittedFile(path, match["original"] or "")]


# ----------------------------------------------------------------------------- Gradescope


def _read_gradescope(folder: Path, source: Path, expected: re.Pattern[str]) -> list[Candidate]:
    """Read an export: folders ``submission_<id>``, and the metadata beside them."""
    metadata = read_metadata(folder / METADATA_FILE, source / METADATA_FILE)
    missing = {name: folder / name for name in metadata if _GRADESCOPE_FOLDER.fullmatch(name)}
    existing = {path.name: path for path in _visible_entries(folder) if path.name != METADATA_FILE}
    candidates = []
    for name, path in (missing | existing).items():
        candidate = _read_student(path, expected)
        number = _GRADESCOPE_FOLDER.fullmatch(name)
        entry = metadata.get(name, SubmissionMetadata())
        candidate.submission = replace(
            candidate.submission,
            students=entry.students,
            number=number[1] if number else "",
            submitted_at=entry.submitted_at,
        )
        candidates.append(candidate)
    return candidates
