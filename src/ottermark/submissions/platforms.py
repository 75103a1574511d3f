"""Recognize the downloads of learning platforms by the names in them, and read them.

These are Gradescope, Canvas, Moodle, Blackboard and D2L (Brightspace).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from ottermark.errors import UsageError
from ottermark.submissions.archives import visible_paths
from ottermark.submissions.candidates import (
    Candidate,
    Download,
    Handout,
    Platform,
    Student,
    Submission,
    SubmittedFile,
    choose_file,
    clean_text,
)
from ottermark.submissions.class_folder import find_class
from ottermark.submissions.file_kinds import (
    OTTER_TIME,
    is_document,
    is_gradable,
    is_hidden,
    is_material,
    is_zip,
    name_without_suffix,
)
from ottermark.submissions.folder_files import MAX_CLASS_FILES, files_in
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
_BLACKBOARD_NAME = re.compile(
    r".+_(?P<user>[^_]+)_attempt_(?P<time>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<original>.+)|\.txt)",
    re.S,
)
_D2L_NAME = re.compile(
    r"(?P<id>[0-9]{1,20})-[0-9]{1,20} - (?:[A-Z]*[0-9]+ - )?(?P<name>.+?) ?- "
    r"(?P<time>[^-]*[0-9]{4},? [0-9]{1,2}[:._]?[0-9]{2}(?: ?[AP]M)?)(?: - (?P<original>.+))?",
    re.S,
)
_D2L_TIMES = ("%b %d %Y %I%M %p", "%B %d %Y %I%M %p", "%d %B %Y %H%M", "%d %b %Y %H%M")
_Entry: TypeAlias = tuple[Submission, list[SubmittedFile]]
_EntryReader: TypeAlias = Callable[[Path], _Entry | None]


def read_download(folder: Path, source: Path, handout: Handout) -> Download:
    """Read the submissions in a file, a folder or a platform's download.

    Args:
        folder: the file or folder; for a platform's zip, the folder with its content.
        source: the path that the user gave.
        handout: by which the files of students are known.

    Raises:
        UsageError: the path is missing or empty, or the metadata beside it cannot be read.
    """
    if not folder.exists():
        raise UsageError(f"{source} does not exist; name notebooks, zips or folders of them.")
    if not folder.is_dir():
        return Download("", [_read_student(folder, handout)])
    entries = _visible_entries(folder)
    if not entries:
        raise UsageError(f"{source} is empty; name notebooks, zips or folders of them.")
    platform = _platform_of_folder(entries)
    notes = [path for path in entries if not _is_folder(path) and is_material(path.name)]
    if not platform and len(entries) - len(notes) == 1:
        inner = files_in(folder, MAX_CLASS_FILES)
        paths = [file.relative_to(folder).as_posix() for file in inner if not file.is_dir()]
        inside = find_class(paths, handout.names)
        if inside is not None and inside.parts:
            download = read_download(folder / inside, source / inside, handout)
            return replace(download, ignored=[*notes, *download.ignored])
    if platform == "gradescope":
        return _read_gradescope(folder, source, handout)
    read_entry = _entry_reader(platform, handout)
    ignored = [
        path
        for path in entries
        if read_entry(path) is None and _is_no_submission(path, platform, handout)
    ]
    entries = [path for path in entries if path not in ignored]
    if not platform:
        return _read_folder(entries, source, handout, ignored)
    # online texts first, so that the path of a student who has files is a file's
    entries.sort(key=lambda path: "_assignsubmission_file" in path.name)
    return Download(platform, _read_by_student(entries, read_entry, handout), ignored)


def _is_no_submission(path: Path, platform: Platform, handout: Handout) -> bool:
    """Tell whether an entry is nobody's submission: a list of the class, notes, or the lab's data."""
    if path.is_symlink():
        return False
    if path.is_dir():
        files = [file.relative_to(path.parent) for file in files_in(path) if not file.is_dir()]
        visible = [file.as_posix() for file in files if not is_hidden(file.parts)]
        return _is_handout(visible, handout.files)
    if is_zip(path.name):
        return _is_handout(visible_paths(path) or (), handout.files)
    is_index = platform == "d2l" and path.name == "index.html"
    return path.is_file() and (is_index or is_material(path.name))


def _is_handout(paths: Collection[str], files: Collection[str]) -> bool:
    """Tell whether files are the lab's own, with no more than notes, data and modules beside."""
    names = (path.split("/")[-1] for path in paths)
    return not set(paths).isdisjoint(files) and all(map(is_material, names))


def _read_folder(
    entries: Sequence[Path],
    source: Path,
    handout: Handout,
    ignored: Sequence[Path],
) -> Download:
    """Read a folder of one's own, which may hold Gradescope's exports."""
    # a student's folder may look like an export as well, but has another name
    exports = [
        path
        for path in entries
        if (_GRADESCOPE_EXPORT.fullmatch(path.name) or len(entries) == 1)
        and _is_folder(path)
        and _platform_of_folder(_visible_entries(path)) == "gradescope"
    ]
    candidates = [_read_student(path, handout) for path in entries if path not in exports]
    inside = [_read_gradescope(path, source / path.name, handout) for path in exports]
    return Download(
        "gradescope" if exports else "",
        candidates + [candidate for export in inside for candidate in export.candidates],
        [*ignored, *(path for export in inside for path in export.ignored)],
    )


def _visible_entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _read_student(path: Path, handout: Handout) -> Candidate:
    """Return the submission of one student: a file, or a folder of files."""
    if not _is_folder(path):
        return Candidate(Submission(name_without_suffix(path.name), path))
    shown, files = _read_files(path)
    return choose_file(Submission(path.name, shown), files, handout)


def _read_files(folder: Path) -> tuple[Path, list[SubmittedFile]]:
    """Return the files in a student's folder that could be graded.

    Before these comes the path that a rejection names if there are none: that of a document, such
    as a PDF, else of the folder.
    """
    files = [path for path in files_in(folder) if not is_hidden(path.relative_to(folder).parts)]
    documents = (path for path in files if is_document(path.name) and path.is_file())
    gradable = [SubmittedFile(path, path.name) for path in files if is_gradable(path.name)]
    return next(documents, folder), gradable


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
    if any(map(_BLACKBOARD_NAME.fullmatch, files)):
        return "blackboard"
    if any(map(_D2L_NAME.fullmatch, (*files, *folders))):
        return "d2l"
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


# ----------------------------------------------------------------------------- one entry a student


def _read_by_student(
    entries: Sequence[Path],
    read_entry: _EntryReader,
    handout: Handout,
) -> list[Candidate]:
    """Return the submissions of a folder in which a student may have several entries.

    Args:
        read_entry: returns the student's submission and the files of an entry, or None if the
            platform has not named it.
    """
    candidates = []
    by_student: dict[str, _Entry] = {}
    for path in entries:
        part = read_entry(path)
        if part is None:
            candidates.append(_read_student(path, handout))
            continue
        submission, files = part
        _, earlier = by_student.get(submission.name, (submission, []))
        by_student[submission.name] = submission, earlier + files
    return candidates + [choose_file(s, files, handout) for s, files in by_student.values()]


def _read_canvas(path: Path, handout: Handout) -> _Entry | None:
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
    if not handout.names.fullmatch(original) and (
        again := _CANVAS_RESUBMISSION.fullmatch(original)
    ):
        original, resubmission = again[1] + again[3], int(again[2])
    return submission, [SubmittedFile(path, original, (int(number), resubmission))]


def _read_moodle(path: Path) -> _Entry | None:
    """Read a folder or file whose name begins ``<name>_<id>_assignsubmission_<kind>``."""
    match = _MOODLE_NAME.fullmatch(path.name)
    if match is None:
        return None
    name, participant = match["name"], match["id"] or ""
    student = Student(clean_text(name), sid=participant)
    return _entry(f"{name}_{participant}", student, path, match["original"])


def _read_blackboard(path: Path) -> _Entry | None:
    """Read a file named ``<assignment>_<user>_attempt_<time>_<original name>``.

    Beside it there is one with the student's comment, without an original name.
    """
    match = _BLACKBOARD_NAME.fullmatch(path.name)
    if match is None or _is_folder(path):
        return None
    user = match["user"]
    student = Student(sid=clean_text(user))
    return _entry(user, student, path, match["original"], _time(match["time"], "%Y-%m-%d-%H-%M-%S"))


def _read_d2l(path: Path) -> _Entry | None:
    """Read a folder or file named ``<id>-<number> - <name> - <time>``, a file with its own name.

    The two numbers are not documented, so that only both the first and the name tell students apart.
    """
    match = _D2L_NAME.fullmatch(path.name)
    if match is None:
        return None
    name, text = match["name"].strip(), re.sub("[,:._]", "", match["time"])
    student = Student(clean_text(name))
    return _entry(
        f"{name}_{match['id']}", student, path, match["original"], _time(text, *_D2L_TIMES)
    )


def _entry(
    name: str, student: Student, path: Path, original: str | None, submitted_at: str = ""
) -> _Entry:
    """Return the submission and the files of a folder, or of a file with an ``original`` name."""
    if _is_folder(path):
        shown, files = _read_files(path)
    else:
        shown = path
        files = [SubmittedFile(path, original)] if original and is_gradable(original) else []
    files = [replace(file, submitted_at=submitted_at) for file in files]
    return Submission(name, shown, (student,), submitted_at=submitted_at), files


def _time(text: str, *forms: str) -> str:
    """Return a time as ISO 8601; empty if it has none of these forms."""
    for form in forms:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).isoformat()
    return ""


def _entry_reader(platform: Platform, handout: Handout) -> _EntryReader:
    """Return a function that reads an entry of a download, if its name tells whose it is."""
    readers: Mapping[Platform, _EntryReader] = {
        "canvas": lambda path: _read_canvas(path, handout),
        "moodle": _read_moodle,
        "blackboard": _read_blackboard,
        "d2l": _read_d2l,
    }
    return readers.get(platform, lambda path: None)


# ----------------------------------------------------------------------------- Gradescope


def _read_gradescope(folder: Path, source: Path, handout: Handout) -> Download:
    """Read an export: folders ``submission_<id>``, and the metadata beside them."""
    metadata = read_metadata(folder / METADATA_FILE, source / METADATA_FILE)
    missing = {name: folder / name for name in metadata if _GRADESCOPE_FOLDER.fullmatch(name)}
    entries = [path for path in _visible_entries(folder) if path.name != METADATA_FILE]
    ignored = [path for path in entries if _is_no_submission(path, "gradescope", handout)]
    existing = {path.name: path for path in entries if path not in ignored}
    candidates = []
    for name, path in (missing | existing).items():
        candidate = _read_student(path, handout)
        number = _GRADESCOPE_FOLDER.fullmatch(name)
        entry = metadata.get(name, SubmissionMetadata())
        candidate.submission = replace(
            candidate.submission,
            students=entry.students,
            number=number[1] if number else "",
            submitted_at=entry.submitted_at,
        )
        candidates.append(candidate)
    return Download("gradescope", candidates, ignored)
