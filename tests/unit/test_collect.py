"""Submissions are collected from disk: which ones count, and what the others are reported as."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ottermark.assignment import Assignment, Question
from ottermark.errors import SubmissionRejectedError, UsageError
from ottermark.sandbox.disk import remove
from ottermark.submissions.candidates import (
    MAX_OPENED,
    CollectedSubmissions,
    Student,
    Submission,
)
from ottermark.submissions.collect import collect
from ottermark.submissions.folder_files import files_in
from ottermark.submissions.gradescope_export import METADATA_FILE
from ottermark.submissions.notebook import read_submission

NOTEBOOK = "intro_convnets.ipynb"
TINY = Assignment("tiny", NOTEBOOK, (), (), ())
EARLY = "intro_convnets_2026_11_24T12_00_00_000000.zip"
LATE = "intro_convnets_2026_11_25T09_30_00_000000.zip"
Tree = Mapping[str, bytes]


def platforms(collected: CollectedSubmissions) -> set[str]:
    return {submission.platform for submission in collected.submissions}


def write_tree(folder: Path, tree: Tree) -> Path:
    """Write files by their paths, each a second later than the one before."""
    for number, (name, data) in enumerate(tree.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
            continue
        path.write_bytes(data)
        os.utime(path, (1_700_000_000 + number,) * 2)
    return folder


def zip_of(tree: Tree, wrapper: str = "") -> bytes:
    """Return a zip of files, each two seconds later than the one before."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, body) in enumerate(tree.items()):
            when = (2026, 11, 24, number // 1800 % 24, number // 30 % 60, number % 30 * 2)
            archive.writestr(zipfile.ZipInfo(wrapper + name, when), body)
    return data.getvalue()


def as_folder(folder: Path, tree: Tree) -> Path:
    return write_tree(folder / "class", tree)


def as_zip(folder: Path, tree: Tree) -> Path:
    return write_tree(folder, {"submissions.zip": zip_of(tree)}) / "submissions.zip"


FOLDER_OR_ZIP = pytest.mark.parametrize("make_source", [as_folder, as_zip])
MakeSource = Callable[[Path, Tree], Path]


def counting_files(collected: CollectedSubmissions) -> dict[str, bytes]:
    """Return the submissions that count, each with the content of its file."""
    return {submission.name: content(submission.path) for submission in collected.submissions}


def superseded_files(collected: CollectedSubmissions) -> dict[bytes, tuple[str, str]]:
    """Return which submission counts instead of each superseded file, by its content, and the reason."""
    assert all(file.submission in collected.submissions for file in collected.superseded)
    return {
        content(file.path): (file.submission.name, file.reason) for file in collected.superseded
    }


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def students(collected: CollectedSubmissions) -> dict[str, list[str]]:
    return {
        submission.name: [s.name for s in submission.students]
        for submission in collected.submissions
    }


def usage_error(*paths: Path) -> str:
    """Return what the error about the last of these paths says after the path."""
    with pytest.raises(UsageError) as problem, collect(paths, TINY):
        pass
    text = str(problem.value)
    assert text.startswith(str(paths[-1])) and text.endswith(".") and "\n" not in text
    return text.removeprefix(str(paths[-1]))


def rejection(submission: Submission) -> str:
    with pytest.raises(SubmissionRejectedError) as rejected:
        read_submission(submission.path, submission.name, TINY)
    return str(rejected.value)


# ----------------------------------------------------------------------------- folders


def test_submissions_are_named_after_their_files_and_folders(tmp_path: Path) -> None:
    names = ["ann.ipynb", "Ben Ö.zip", "=cmd.ipynb", "a\x1b\nb.ipynb", "notes.txt", "ben ö.ipynb"]
    tree = {name: name.encode() for name in names} | {
        "cem/lab/other.ipynb": b"cem's",
        "dora/": b"",
        "eve/readme.md": b"",
        ".DS_Store": b"",
        "__MACOSX/._ann.ipynb": b"",
        "fay/.ipynb_checkpoints/x.ipynb": b"",
        "fay/__MACOSX/._x.ipynb": b"",
        "fay/x.ipynb": b"fay's",
    }
    with collect([write_tree(tmp_path / "class", tree)], TINY) as collected:
        assert platforms(collected) == {""} and not collected.superseded
        assert counting_files(collected) == {
            "a_b": b"a\x1b\nb.ipynb",
            "ann": b"ann.ipynb",
            "Ben Ö": "Ben Ö.zip".encode(),
            "ben ö-2": "ben ö.ipynb".encode(),
            "cem": b"cem's",
            "cmd": b"=cmd.ipynb",
            "dora": b"",
            "eve": b"",
            "fay": b"fay's",
            "notes": b"notes.txt",
        }
        assert [submission.name.casefold() for submission in collected.submissions] == sorted(
            name.casefold() for name in counting_files(collected)
        )
        assert all(
            (submission.students, submission.number, submission.submitted_at, submission.late)
            == ((), "", "", False)
            for submission in collected.submissions
        )
        by_name = {submission.name: submission for submission in collected.submissions}
        assert "`dora` is a folder; submit the notebook itself" in rejection(by_name["dora"])


def test_a_folder_inside_a_hidden_folder_is_read(tmp_path: Path) -> None:
    with collect([write_tree(tmp_path / ".cache", {"ann/x.ipynb": b"x"})], TINY) as collected:
        assert counting_files(collected) == {"ann": b"x"}


@pytest.mark.parametrize("name", ["d", "d" * 200])
def test_folders_that_are_too_deep_cost_their_student_alone(tmp_path: Path, name: str) -> None:
    write_tree(tmp_path, {"ann.ipynb": b"ann", "eve/eve.ipynb": b"eve"})
    (tmp_path / "bob").mkdir()
    here = os.open(tmp_path / "bob", os.O_RDONLY)
    try:
        for _ in range(1_200):
            os.mkdir(name, dir_fd=here)
            deeper = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
        with collect([tmp_path], TINY) as collected:
            ann, bob, eve = collected.submissions
            assert (content(ann.path), content(eve.path)) == (b"ann", b"eve")
            assert "is a folder" in rejection(bob)
        with collect([tmp_path / "bob"], TINY) as collected:
            assert len(collected.submissions) == 1
    finally:
        os.close(here)
        remove(tmp_path / "bob")


def test_a_folder_of_too_many_files_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_in, "__defaults__", (3,))
    write_tree(tmp_path, {"ann/ann.ipynb": b"ann"} | {f"bob/{n}.ipynb": b"" for n in range(4)})
    with collect([tmp_path], TINY) as collected:
        ann, bob = collected.submissions
        assert content(ann.path) == b"ann" and "is a folder" in rejection(bob)


def test_of_too_many_zips_none_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(
        "ottermark.submissions.candidates.may_hold_notebook", lambda *file: opened.append(file)
    )
    write_tree(tmp_path / "ann", {f"{n}.zip": b"PK" for n in range(MAX_OPENED + 1)})
    with collect([tmp_path], TINY) as collected:
        assert len(collected.superseded) == MAX_OPENED
    assert not opened


def test_each_named_file_is_a_submission(tmp_path: Path) -> None:
    write_tree(
        tmp_path, {"a/lab.ipynb": b"1", "b/LAB.ipynb": b"2", "c/lab.zip": zip_of({NOTEBOOK: b""})}
    )
    paths = [tmp_path / "a" / "lab.ipynb", tmp_path / "b" / "LAB.ipynb", tmp_path / "c" / "lab.zip"]
    with collect(paths, TINY) as collected:
        assert [(s.name, s.path) for s in collected.submissions] == list(
            zip(["lab", "LAB-2", "lab-3"], paths, strict=True)
        )


def test_a_missing_or_empty_path_is_an_error(tmp_path: Path) -> None:
    missing = " does not exist; name notebooks, zips or folders of them."
    assert usage_error(tmp_path / "gone") == missing
    (tmp_path / "empty" / ".git").mkdir(parents=True)
    assert usage_error(tmp_path / "empty") == " is empty; name notebooks, zips or folders of them."


def test_links_and_pipes_are_rejected_and_not_followed(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "class", {"ann/": b"", "ben/": b"", "cem/sub/": b""})
    write_tree(tmp_path / "secret", {NOTEBOOK: b"secret"})
    (folder / "ann" / NOTEBOOK).symlink_to(tmp_path / "secret" / NOTEBOOK)
    (folder / "ben" / "all").symlink_to(tmp_path / "secret")
    (folder / "dora").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "eve.ipynb")
    os.mkfifo(folder / METADATA_FILE)
    (folder / "submission_1").mkdir()
    with collect([folder], TINY) as collected:
        rejections = {
            submission.name: rejection(submission) for submission in collected.submissions
        }
    assert "is a link" in rejections["ann"] and "is a link" in rejections["dora"]
    assert "is a folder" in rejections["ben"] and "is a folder" in rejections["cem"]
    assert (
        "not a regular file" in rejections["eve"]
        and "not a regular file" in rejections[METADATA_FILE[:-4]]
    )


TIME_IN_NAME, EXPECTED_NAME = "its name has a later time", "it has the expected name"
MODIFIED = "it was modified later"
SUBMITTED_LATER = "it was submitted later"
HIGHER_NUMBER = "its submission number is higher"
UNDECIDED = "nothing shows which is later"
MINE = "my_" + LATE[6:]  # an export of another notebook has a time in its name too


@pytest.mark.parametrize(
    ("files", "counting", "superseded"),
    [
        ([NOTEBOOK, "zz.ipynb"], NOTEBOOK, {"zz.ipynb": EXPECTED_NAME}),
        ([LATE, EARLY], LATE, {EARLY: TIME_IN_NAME}),
        ([LATE, EARLY, "zz.zip"], LATE, {EARLY: TIME_IN_NAME, "zz.zip": EXPECTED_NAME}),
        ([LATE, NOTEBOOK], NOTEBOOK, {LATE: MODIFIED}),
        ([NOTEBOOK, EARLY], EARLY, {NOTEBOOK: MODIFIED}),
        (["b.ipynb", "a.ipynb"], "a.ipynb", {"b.ipynb": MODIFIED}),
        (
            ["a/" + EARLY, "b/" + EARLY, LATE],
            LATE,
            {"a/" + EARLY: TIME_IN_NAME, "b/" + EARLY: TIME_IN_NAME},
        ),
        (["a/" + LATE, "b/" + LATE], "b/" + LATE, {"a/" + LATE: MODIFIED}),
        ([MINE, "other.zip", EARLY[-30:]], EARLY[-30:], {MINE: MODIFIED, "other.zip": MODIFIED}),
        ([MINE, EARLY[-30:]], MINE, {EARLY[-30:]: TIME_IN_NAME}),
        (["intro_convnets-1.ipynb", "x.ipynb"], "x.ipynb", {"intro_convnets-1.ipynb": MODIFIED}),
        (["data.csv", "x.pdf", "x.IPYNB"], "x.IPYNB", {}),
    ],
)
@pytest.mark.parametrize("top", ["ann", "submission_7"])
def test_the_latest_file_of_a_student_counts(
    tmp_path: Path, files: list[str], counting: str, superseded: dict[str, str], top: str
) -> None:
    folder = write_tree(tmp_path / "class", {f"{top}/{name}": name.encode() for name in files})
    (folder / METADATA_FILE).write_text("")
    if top == "ann":
        (folder / METADATA_FILE).unlink()
    with collect([folder], TINY) as collected:
        assert counting_files(collected) == {top: counting.encode()}
        assert superseded_files(collected) == {
            name.encode(): (top, reason) for name, reason in superseded.items()
        }


def test_a_choice_without_evidence_is_reported(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "class", {"ann/b.ipynb": b"b", "ann/a.ipynb": b"a"})
    for path in (folder / "ann").iterdir():
        os.utime(path, (1, 1))
    with collect([folder], TINY) as collected:
        assert counting_files(collected) == {"ann": b"b"} and superseded_files(collected) == {
            b"a": ("ann", UNDECIDED)
        }


# ----------------------------------------------------------------------------- Gradescope


def entry(number: int, created: str, *people: tuple[str, str, str], more: str = "") -> str:
    """Return a submission as Gradescope exports it."""
    lines = [f"submission_{number}:", "  :submitters:"]
    for name, email, sid in people:
        lines += [f"  - :name: {name}", f"    :email: {email}", f"    :sid: {sid}"]
    lines += [f"  :created_at: {created}", "  :score: 12.0", "  :status: processed"]
    results = f"""  :results:
    tests:
    - name: q1
      output: "{":submitters:"} is what I print\\n\\e[2J"
      score: 1.0
    submission_1:
      :submitters:
      - :name: Nobody
  :history:
  - :id: 5
    :submitters: []
    :created_at: 2030-01-01 00:00:00 Z
{more}"""
    return "\n".join(lines) + "\n" + results


ANN = ("Ann Lee", "ann@example.edu", "'100'")
BEN = ("Ben Ö", "Ben@example.edu", "")
CEM = ("=cmd|' /C calc'!A0", "", "'00300'")


def export(*entries: str, **submissions: bytes) -> dict[str, bytes]:
    """Return an export with notebooks by the number of their submission, as in ``_12=b"..."``."""
    files = {f"submission{number}/{NOTEBOOK}": data for number, data in submissions.items()}
    return {METADATA_FILE: "".join(("---\n", *entries)).encode(), **files}


CLASS = export(
    entry(12, "2026-11-24 09:00:00.190000000 Z", ANN),
    entry(9, "2026-11-24 10:00:00.000000000 Z", BEN, CEM),
    entry(10, "2026-11-24T12:00:00.5-07:00", ("'null'", "~", "7")),
    _12=b"ann",
    _9=b"ben and cem",
    _10=b"null",
) | {"submission_9/readme.md": b"", "submission_9/.OTTER_LOG": b"log"}


def wrapped_zip(folder: Path, tree: Tree) -> Path:
    data = zip_of({"": b""} | dict(tree), "assignment_1_export/")
    return write_tree(folder, {"assignment_1_export.zip": data}) / "assignment_1_export.zip"


def in_parent(folder: Path, tree: Tree) -> Path:
    write_tree(folder / "class" / "hw1", tree)
    return folder / "class"


def beside_its_zip(folder: Path, tree: Tree) -> Path:
    write_tree(folder / "class" / "assignment_1_export", tree)
    return folder / "class"


@pytest.mark.parametrize("make_source", [as_folder, as_zip, wrapped_zip, in_parent, beside_its_zip])
def test_a_gradescope_export_is_read(tmp_path: Path, make_source: MakeSource) -> None:
    with collect([make_source(tmp_path, CLASS)], TINY) as collected:
        assert platforms(collected) == {"gradescope"} and not collected.superseded
        assert counting_files(collected) == {
            "submission_10": b"null",
            "submission_12": b"ann",
            "submission_9": b"ben and cem",
        }
        details = {s.number: (s.submitted_at, s.students, s.late) for s in collected.submissions}
    assert details == {
        "12": (
            "2026-11-24T09:00:00.190000+00:00",
            (Student("Ann Lee", "ann@example.edu", "100"),),
            False,
        ),
        "9": (
            "2026-11-24T10:00:00+00:00",
            (Student("Ben Ö", "Ben@example.edu", ""), Student("=cmd|' /C calc'!A0", "", "00300")),
            False,
        ),
        "10": ("2026-11-24T12:00:00.500000-07:00", (Student("null", "", "7"),), False),
    }


def test_an_export_beside_other_files_is_recognized_by_its_name(tmp_path: Path) -> None:
    tree = {f"assignment_7_export/{name}": data for name, data in CLASS.items()}
    folder = write_tree(tmp_path / "hw", tree | {"assignment_7_export.zip": zip_of(CLASS)})
    with collect([folder], TINY) as collected:
        assert platforms(collected) == {"gradescope"}
        assert list(students(collected)) == [
            "assignment_7_export",
            *sorted(("submission_10", "submission_12", "submission_9")),
        ]


def test_a_students_folder_that_looks_like_an_export_is_one_submission(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "class", {f"eve/{name}": data for name, data in CLASS.items()})
    write_tree(folder, {"ann/x.ipynb": b"ann's", "fay.zip": zip_of(CLASS)})
    with collect([folder], TINY) as collected:
        assert platforms(collected) == {""} and students(collected) == {
            "ann": [],
            "eve": [],
            "fay": [],
        }


@FOLDER_OR_ZIP
def test_stray_files_and_missing_folders_become_submissions(
    tmp_path: Path, make_source: MakeSource
) -> None:
    tree = export(entry(1, "2026-11-24", ANN), entry(2, "x", BEN), _1=b"ann", _3=b"?")
    tree |= {"late.ipynb": b"late", "extra/x.ipynb": b"x"}
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert counting_files(collected) == {
            "extra": b"x",
            "late": b"late",
            "submission_1": b"ann",
            "submission_2": b"",
            "submission_3": b"?",
        }
        assert (
            students(collected)["submission_2"] == ["Ben Ö"]
            and not students(collected)["submission_3"]
        )
        (missing,) = [
            submission for submission in collected.submissions if submission.name == "submission_2"
        ]
        assert "`submission_2` cannot be read (No such file" in rejection(missing)


def test_names_in_the_metadata_are_never_paths(tmp_path: Path) -> None:
    entries = "".join(
        f"{json.dumps(name)}: {{}}\n" for name in ("/etc/passwd", "../x", "..", "a/b")
    )
    folder = write_tree(tmp_path / "class", export(entries, _1=b"1"))
    with collect([folder], TINY) as collected:
        assert counting_files(collected) == {"submission_1": b"1"}


@FOLDER_OR_ZIP
def test_the_later_submission_counts_and_a_group_keeps_its_other_members(
    tmp_path: Path, make_source: MakeSource
) -> None:
    again = (BEN[0], BEN[1].upper(), BEN[2])
    tree = export(
        entry(5, "2026-11-24 09:00:00 Z", ANN, BEN, CEM),
        entry(4, "2026-11-24 11:00:00 Z", again),
        entry(6, "2026-11-24 03:00:00 -07:00", ANN),
        _5=b"group",
        _4=b"ben alone",
        _6=b"ann alone",
    ) | {f"submission_5/{EARLY}": b"old"}
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert students(collected) == {
            "submission_4": [BEN[0]],
            "submission_5": [CEM[0]],
            "submission_6": [ANN[0]],
        }
        assert [
            (e.student.name, e.group_submission.name, e.individual_submission.name, e.reason)
            for e in collected.group_exceptions
        ] == [
            (ANN[0], "submission_5", "submission_6", SUBMITTED_LATER),
            (BEN[0], "submission_5", "submission_4", SUBMITTED_LATER),
        ]
    tree |= export(
        entry(5, "2026-11-24 09:00:00 Z", ANN, BEN, CEM),
        entry(7, "2026-11-24 11:00:00 Z", CEM, again),
        entry(6, "2026-11-24 03:00:00 -07:00", ANN),
        _7=b"cem and ben",
    )
    with collect([make_source(tmp_path / "more", tree)], TINY) as collected:
        assert students(collected) == {
            "submission_4": [],
            "submission_6": [ANN[0]],
            "submission_7": [CEM[0], BEN[0]],
        }
        later = ("submission_6", SUBMITTED_LATER)
        assert superseded_files(collected) == {b"group": later, b"old": later}


def test_the_submission_number_decides_where_a_time_is_missing(tmp_path: Path) -> None:
    tree = export(
        entry(10, "soon", ANN), entry(9, "2026-11-24 09:00:00 Z", ANN), _10=b"10", _9=b"9"
    )
    with collect([as_folder(tmp_path, tree)], TINY) as collected:
        assert counting_files(collected) == {"submission_10": b"10"}
        assert superseded_files(collected) == {b"9": ("submission_10", HIGHER_NUMBER)}


def test_a_student_in_two_exports_counts_once(tmp_path: Path) -> None:
    first = export(entry(1, "2026-11-24 09:00:00 Z", ANN), entry(2, "", BEN), _1=b"1", _2=b"2")
    second = export(entry(3, "2026-11-25 09:00:00 Z", ANN), _3=b"3")
    paths = [as_zip(tmp_path / "a", second), as_folder(tmp_path / "b", first)]
    with collect(paths, TINY) as collected:
        assert counting_files(collected) == {"submission_2": b"2", "submission_3": b"3"}
        assert superseded_files(collected) == {b"1": ("submission_3", SUBMITTED_LATER)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", "2026-11-24T00:00:00+00:00"),
        ("2026-11-24 09:00:00", "2026-11-24T09:00:00+00:00"),
        ("2026-11-24 09:00:00 UTC", "2026-11-24T09:00:00+00:00"),
        ("2026-11-24 09:00:00.123456789 +05:30", "2026-11-24T09:00:00.123456+05:30"),
        ("!ruby/object:Time 2026-11-24 09:00:00 Z", "2026-11-24T09:00:00+00:00"),
        ("2026-02-30 09:00:00 Z", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_times_are_read_as_ruby_writes_them(tmp_path: Path, text: str, expected: str) -> None:
    tree = export(entry(1, text, ANN), entry(2, "2026-11-23", ANN), _1=b"1", _2=b"2")
    with collect([as_folder(tmp_path, tree)], TINY) as collected:
        submitted_at = [submission.submitted_at for submission in collected.submissions]
        assert submitted_at == ([expected] if expected else ["2026-11-23T00:00:00+00:00"])


def test_an_export_named_twice_counts_once(tmp_path: Path) -> None:
    tree = export(entry(1, "2026-11-24", ANN), entry(2, "2026-11-24", BEN), _1=b"1")
    paths = [as_folder(tmp_path / "a", tree), as_folder(tmp_path / "b", tree)]
    with collect(paths, TINY) as collected:
        assert counting_files(collected) == {"submission_1": b"1", "submission_2": b""}
        assert {file.reason for file in collected.superseded} == {UNDECIDED}
        assert all(paths[1] in submission.path.parents for submission in collected.submissions)


def test_a_name_alone_identifies_nobody(tmp_path: Path) -> None:
    alike = ("Kim Lee", "", "")
    tree = export(entry(1, "2026-11-24", alike), entry(2, "2026-11-25", alike), _1=b"1", _2=b"2")
    with collect([as_folder(tmp_path, tree)], TINY) as collected:
        assert students(collected) == {"submission_1": ["Kim Lee"], "submission_2": ["Kim Lee"]}


BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefghij", "bcdefghijk", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        "- submission_1\n",
        "just a text",
        "submission_1:\n",
        "submission_1: 5\n",
        "submission_1: []\n",
        "submission_1: {':submitters': {':name': Ann}}\n",
        "submission_1: {':submitters': [Ann, [[Ann]], {':name': [Ann]}, {}, 5, null]}\n",
        "submission_1: {':submitters': [{':name': {':name': Ann}, ':email': ~, [1]: 2, {a: b}: c}]}\n",
        "submission_1: {':created_at': [1]}\n",
        "submission_1: {':created_at': 99999-99-99}\n",
        "? [submission_1]\n: {':submitters': []}\n",
        "submission_1: " + "[" * 990 + "]" * 990 + "\n",
        "submission_1: {':submitters': " + "[" * 990 + "]" * 990 + "}\n",
        "submission_1: !!python/object/apply:os.system ['touch owned']\n",
        "submission_1: !ruby/object:Kernel {':submitters': !!python/name:os.system x}\n",
        BOMB + "submission_1: {':submitters': *k, ':created_at': *a, ':results': *k}\n",
        "submission_1: &self {':submitters': *self}\n",
    ],
)
def test_metadata_of_another_form_name_no_students(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_tree(tmp_path / "class", export(_1=b"1") | {METADATA_FILE: text.encode()})
    with collect([folder], TINY) as collected:
        assert counting_files(collected) == {"submission_1": b"1"}
        assert (
            collected.submissions[0].students == () and collected.submissions[0].submitted_at == ""
        )
    assert not (tmp_path / "owned").exists()


def test_an_unreadable_entry_does_not_affect_the_others(tmp_path: Path) -> None:
    odd = """submission_1: !ruby/object:SubmittedNotebook
  :submitters: !ruby/array:People
  - !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    :name: &name Ann Lee
    :email: !binary |-
      YQ==
submission_2: {':submitters': broken}
submission_3: {':submitters': [{':name': *name, ':sid': 3, ? {x: y} : z}, {':name': "\\e[2J\\u202Ex\\0"}]}
"""
    folder = write_tree(tmp_path / "class", export(odd, _1=b"1", _2=b"2", _3=b"3"))
    with collect([folder], TINY) as collected:
        assert students(collected) == {
            "submission_1": ["Ann Lee"],
            "submission_2": [],
            "submission_3": ["Ann Lee", "�[2J�x�"],
        }


@pytest.mark.parametrize(
    "data",
    [
        b"submission_1:\n  :submitters:\n  - :name: 'Ann",
        b"submission_1: {:submitters: [",
        b"submission_1: a: b\n",
        b"submission_1: \xff\xfe\n",
        b"submission_1: \x1b[2J\n",
        b"submission_1: *nobody : {\n",
        b'submission_1: "\\ud800"\n',
        b"submission_1: {x: " + b"[" * 20_000 + b"]" * 20_000 + b"}\n",
    ],
)
@FOLDER_OR_ZIP
def test_invalid_metadata_are_an_error(
    tmp_path: Path, data: bytes, make_source: MakeSource
) -> None:
    text = usage_error(make_source(tmp_path, export(_1=b"1") | {METADATA_FILE: data}))
    assert text.startswith(f"/{METADATA_FILE} cannot be read as YAML")
    assert "; export again, or move the file away" in text


def test_huge_metadata_are_an_error(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "class", export(_1=b"1"))
    with (folder / METADATA_FILE).open("wb") as file:
        file.truncate(2**40)
    assert usage_error(folder) == (
        f"/{METADATA_FILE} is larger than 256 MB; "
        "move the file away to grade without the students' names."
    )


# ----------------------------------------------------------------------------- Canvas


@FOLDER_OR_ZIP
def test_a_canvas_download_is_read(tmp_path: Path, make_source: MakeSource) -> None:
    tree = {
        f"doejane_12345_678901_{NOTEBOOK}": b"jane 0",
        "doejane_12345_678903_intro_convnets-1.ipynb": b"jane 1",
        "doejane_12345_678902_intro_convnets-2.ipynb": b"jane 2",
        "doejane_12345_999999_scratch.ipynb": b"jane's scratch",
        "doejane_12345_678904_report.pdf": b"pdf",
        "leeøyvind_23_678800_intro_convnets-0.ipynb": b"in time",
        "leeøyvind_LATE_23_678905_intro_convnets-1.ipynb": b"late",
        f"anon_a1B2c_678906_{EARLY}": b"anonymous",
        f"LATE_anon_Zz9yX_678907_{EARLY}": b"anonymous and late",
        "onlypdf_77_678908_1_2_report.pdf": b"pdf alone",
        "onlytext_78_text.html": b"text",
        "onlylink_LATE_79_link.html": b"link",
        "twice_80_678909_b-1.ipynb": b"twice 1",
        "twice_80_678909_b.ipynb": b"twice 0",
        "solution.ipynb": b"stray",
        "readme.txt": b"read me",
    }
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert platforms(collected) == {"canvas"}
        assert counting_files(collected) == {
            "anon_a1B2c": b"anonymous",
            "anon_Zz9yX": b"anonymous and late",
            "doejane_12345": b"jane 1",
            "leeøyvind_23": b"late",
            "onlylink_79": b"link",
            "onlypdf_77": b"pdf alone",
            "onlytext_78": b"text",
            "solution": b"stray",
            "twice_80": b"twice 1",
        }
        numbers = "its name has higher numbers"
        assert superseded_files(collected) == {
            b"jane 0": ("doejane_12345", numbers),
            b"in time": ("leeøyvind_23", numbers),
            b"jane 2": ("doejane_12345", numbers),
            b"jane's scratch": ("doejane_12345", EXPECTED_NAME),
            b"twice 0": ("twice_80", numbers),
        }
        by_name = {submission.name: submission for submission in collected.submissions}
    assert {name for name, submission in by_name.items() if submission.late} == {
        *("leeøyvind_23", "anon_Zz9yX", "onlylink_79")
    }
    assert by_name["doejane_12345"].students == (Student("doejane", sid="12345"),)
    assert by_name["doejane_12345"].number == "678903"
    assert by_name["anon_a1B2c"].students == (Student("anon", sid="a1B2c"),)
    assert by_name["solution"].students == ()
    assert [path.name for path in collected.ignored] == ["readme.txt"]


def test_the_time_in_an_export_goes_before_numbers_of_canvas(tmp_path: Path) -> None:
    tree = {f"doe_1_9_{EARLY}": b"early", f"doe_1_8_{LATE}": b"late", "lee_2_7_x.ipynb": b"lee"}
    with collect([as_folder(tmp_path, tree)], TINY) as collected:
        assert counting_files(collected) == {"doe_1": b"late", "lee_2": b"lee"}
        assert superseded_files(collected) == {b"early": ("doe_1", TIME_IN_NAME)}


def test_a_student_in_two_canvas_downloads_counts_once(tmp_path: Path) -> None:
    first = {"doe_1_8_x.ipynb": b"8", "lee_2_7_x.ipynb": b"7"}
    second = {"doe_1_10_x.ipynb": b"10", "kim_3_9_x.ipynb": b"9"}
    paths = [as_folder(tmp_path / "b", second), as_zip(tmp_path / "a", first)]
    with collect(paths, TINY) as collected:
        assert counting_files(collected) == {"doe_1": b"10", "kim_3": b"9", "lee_2": b"7"}
        assert superseded_files(collected) == {b"8": ("doe_1", HIGHER_NUMBER)}


@pytest.mark.parametrize(
    "names",
    [
        ["ann_2024_1_lab", "ben_2024_2_lab"],
        ["ann_1_1_lab", "ben_2_1_lab"],
        ["ann_1_2_lab", "ben"],
        ["ann_1_2_lab", "ben_3_4_lab", "cem", "dora"],
        ["ann_lab_1", "ben_lab_2"],
        ["hw_1_2_ann", "hw_1_2_ben", "hw_1_2_cem"],
        ["hw_1234_5678_ann", "hw_1234_5678_ben"],
        ["lab_2026_11_final"],
        [EARLY[:-4]],
        [EARLY[:-4], LATE[:-4]],
        ["a_2025_11_24T12_00_00_000000", "b_2026_12_24T12_00_00_000000"],
        ["my_5_2026_11_24T12_00_00_000000", "my_6_2026_11_24T12_00_00_000000"],
    ],
)
def test_numbers_in_file_names_do_not_make_a_canvas_download(
    tmp_path: Path, names: list[str]
) -> None:
    tree = {f"{name}.zip": name.encode() for name in names}
    with collect([as_folder(tmp_path, tree)], TINY) as collected:
        assert platforms(collected) == {""} and counting_files(collected) == {
            name: name.encode() for name in names
        }


# ----------------------------------------------------------------------------- Moodle


def in_folders(name: str, kind: str, file: str) -> str:
    return f"{name}_assignsubmission_{kind}/{file}"


def in_old_folders(name: str, kind: str, file: str) -> str:
    return f"{name}_assignsubmission_{kind}_/{file}"


def flat(name: str, kind: str, file: str) -> str:
    return f"{name}_assignsubmission_{kind}_{file}"


@pytest.mark.parametrize("form", [in_folders, in_old_folders, flat])
@FOLDER_OR_ZIP
def test_a_moodle_download_is_read(
    tmp_path: Path, make_source: MakeSource, form: Callable[[str, str, str], str]
) -> None:
    tree = {
        form("Ann Lee_101", "file", NOTEBOOK): b"ann",
        form("Ann Lee_101", "onlinetext", "onlinetext.html"): b"ann's text",
        form("李 小龍_102", "file", EARLY): b"early",
        form("李 小龍_102", "file", LATE): b"late",
        form("O'Neil-Smith Zoë_103", "onlinetext", "onlinetext.html"): b"text alone",
        form("Participant_104", "file", "b.ipynb"): b"first",
        form("Participant_104", "file", "a.ipynb"): b"second",
        form("Participant_104", "file", "data.csv"): b"data",
        form("Ann Lee_105", "file", NOTEBOOK): b"another ann",
        form("Team 3", "file", NOTEBOOK): b"team",
        "feedback.csv": b"stray",
        "extra/x.ipynb": b"stray folder",
        form("نیم‌فاصله_106", "file", NOTEBOOK): b"joined",
    }
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert platforms(collected) == {"moodle"}
        assert counting_files(collected) == {
            "Ann Lee_101": b"ann",
            "Ann Lee_105": b"another ann",
            "extra": b"stray folder",
            "O_Neil-Smith Zoë_103": b"text alone",
            "Participant_104": b"second",
            "Team 3": b"team",
            "نیم_فاصله_106": b"joined",
            "李 小龍_102": b"late",
        }
        assert superseded_files(collected) == {
            b"early": ("李 小龍_102", TIME_IN_NAME),
            b"first": ("Participant_104", MODIFIED),
        }
        people = {submission.name: submission.students for submission in collected.submissions}
    assert people["O_Neil-Smith Zoë_103"] == (Student("O'Neil-Smith Zoë", sid="103"),)
    assert people["نیم_فاصله_106"] == (Student("نیم‌فاصله", sid="106"),)
    assert people["Team 3"] == (Student("Team 3"),) and people["extra"] == ()


def test_an_ungradable_file_is_preferred_to_an_online_text(tmp_path: Path) -> None:
    tree = {flat("Ann_1", kind, "x.html"): kind.encode() for kind in ("comments", "file", "zzz")}
    with collect([as_folder(tmp_path, tree)], TINY) as collected:
        assert counting_files(collected) == {"Ann_1": b"file"}


def test_downloads_of_several_platforms_are_collected_together(tmp_path: Path) -> None:
    canvas = as_zip(tmp_path / "c", {"doe_100_8_x.ipynb": b"8", "lee_2_7_x.ipynb": b"7"})
    scope = wrapped_zip(tmp_path / "g", export(entry(1, "", ANN), _1=b"1"))
    moodle = as_folder(tmp_path / "m", {in_folders("Ann Lee_100", "file", NOTEBOOK): b"ann"})
    with collect([canvas, scope, moodle], TINY) as collected:
        assert platforms(collected) == {"canvas", "gradescope", "moodle"}
        # the same number is another student on another platform
        assert list(students(collected)) == ["Ann Lee_100", "doe_100", "lee_2", "submission_1"]


# ------------------------------------------------------------------------- Blackboard and D2L


@FOLDER_OR_ZIP
def test_a_blackboard_download_is_read(tmp_path: Path, make_source: MakeSource) -> None:
    tree = {
        f"Lab 1_jdoe_attempt_2026-11-23-09-00-00_{NOTEBOOK}": b"jdoe 1",
        "Lab 1_jdoe_attempt_2026-11-23-09-00-00.txt": b"comment",
        "Lab 1_jdoe_attempt_2026-11-24-09-00-00_mine.ipynb": b"jdoe 2",
        "Lab 1_jdoe_attempt_2026-11-24-09-00-00_colab.zip": zip_of({"data/x.csv": b""}),
        "Lab 1_jdoe_attempt_2026-11-24-09-00-00.txt": b"comment",
        "Lab 1_s-lee_attempt_2026-11-24-10-00-00.txt": b"comment",
        f"Lab 1_s-lee_attempt_2026-11-24-10-00-00_{EARLY}": b"lee",
        "Lab 1_pat_attempt_2026-11-24-11-00-00.txt": b"comment",
        "Lab 1_pat_attempt_2026-11-24-11-00-00_lab.pdf": b"pdf",
        "roster.csv": b"names",
    }
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert platforms(collected) == {"blackboard"}
        assert counting_files(collected) == {"jdoe": b"jdoe 2", "pat": b"pdf", "s-lee": b"lee"}
        assert superseded_files(collected) == {b"jdoe 1": ("jdoe", SUBMITTED_LATER)}
        jdoe = collected.submissions[0]
        assert jdoe.students == (Student(sid="jdoe"),)
        assert jdoe.submitted_at == "2026-11-24T09:00:00"
        assert [path.name for path in collected.ignored] == ["roster.csv"]


D2L_FORMS = [
    "{}/{}".format,  # a folder for each submission
    "{} - {}".format,  # all files in one
]


@pytest.mark.parametrize("form", D2L_FORMS, ids=["folders", "flat"])
@FOLDER_OR_ZIP
def test_a_d2l_download_is_read(
    tmp_path: Path, make_source: MakeSource, form: Callable[[str, str], str]
) -> None:
    tree = {
        form("101-7 - Jane Doe-Ray - Nov 9, 2026 930 PM", NOTEBOOK): b"jane 1",
        form("101-8 - Jane Doe-Ray - Nov 10, 2026 830 AM", "LAB.IPYNB"): b"jane 2",
        form("102-9 - N0123456 - Lee Ö- 24 November, 2026 1030", EARLY): b"lee",
        form("103-9 - Pat - Nov 9, 2026 930 PM", "lab.pdf"): b"pdf",
        "index.html": b"<html>",
    }
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert platforms(collected) == {"d2l"}
        assert counting_files(collected) == {
            "Jane Doe-Ray_101": b"jane 2",
            "Lee Ö_102": b"lee",
            "Pat_103": b"pdf",
        }
        assert superseded_files(collected) == {b"jane 1": ("Jane Doe-Ray_101", SUBMITTED_LATER)}
        people = {s.name: (s.students[0].name, s.submitted_at) for s in collected.submissions}
        assert people["Jane Doe-Ray_101"] == ("Jane Doe-Ray", "2026-11-10T08:30:00")
        assert people["Lee Ö_102"] == ("Lee Ö", "2026-11-24T10:30:00")
        assert [path.name for path in collected.ignored] == ["index.html"]


# ------------------------------------------------------------------- what lies beside a notebook

LAB = replace(
    TINY, questions=(Question("q1", 2, False, ("pair",)),), student_files=("data/housing.csv",)
)
LAB_ZIP = zip_of({"data/housing.csv": b"", "tests/q1.py": b""})
WHOLE_FOLDER = {
    "lab_jane.ipynb": b"jane",
    "._lab_jane.ipynb": b"macOS",
    ".ipynb_checkpoints/lab_jane-checkpoint.ipynb": b"old",
    "colab.zip": LAB_ZIP,
    "data/housing.csv": b"",
    "data/.DS_Store": b"",
    "tests/q1.py": b"",
    "README.md": b"",
}


def notebook_with(source: str) -> bytes:
    cell = {"cell_type": "code", "source": source, "metadata": {}}
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]}).encode()


@pytest.mark.parametrize(
    ("untouched", "work"),
    [
        ("ann/intro_convnets.ipynb", "ann/intro_convnets-Copy1.ipynb"),
        (f"ann/{LATE}", "ann/final.ipynb"),
        ("leeann_31_4821_intro_convnets.ipynb", "leeann_31_4822_intro_convnets-Copy1.ipynb"),
    ],
)
def test_a_notebook_as_it_was_handed_out_does_not_count_beside_another(
    tmp_path: Path, untouched: str, work: str
) -> None:
    blank, solved = notebook_with("pair = ..."), notebook_with("pair = (4, 5)")
    lab = replace(LAB, starter_code="pair = ...")
    data = zip_of({NOTEBOOK: blank}) if untouched.endswith(".zip") else blank
    folder = write_tree(tmp_path / "class", {untouched: data, work: solved})
    with collect([folder], lab) as collected:
        assert list(counting_files(collected).values()) == [solved]
        (superseded,) = collected.superseded
        assert superseded.path.name == Path(untouched).name
        assert superseded.reason == "the other is as it was handed out"
    folder = write_tree(tmp_path / "alone", {untouched: data})
    with collect([folder], lab) as collected:
        assert list(counting_files(collected).values()) == [data]


def test_the_lab_s_own_files_are_no_submissions(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "jane", WHOLE_FOLDER)
    with collect([folder], LAB) as collected:
        assert counting_files(collected) == {"lab_jane": b"jane"}
        assert [path.name for path in collected.ignored] == [
            *("README.md", "colab.zip", "data", "tests")
        ]


def test_a_zip_of_other_files_never_counts_in_place_of_a_notebook(tmp_path: Path) -> None:
    tree = {f"jane/{name}": data for name, data in WHOLE_FOLDER.items()}
    tree |= {"jane/colab.zip": LAB_ZIP, "ben/lab.pdf": b"ben's"}  # the zip is the latest file
    with collect([write_tree(tmp_path / "class", tree)], TINY) as collected:
        assert counting_files(collected) == {"ben": b"ben's", "jane": b"jane"}
        assert not collected.superseded and not collected.ignored


def test_lists_of_a_class_and_notes_are_no_students(tmp_path: Path) -> None:
    tree = {
        "ann.ipynb.txt": b"ann",
        "BEN.IPYNB": b"ben",
        "cem.ZIP": b"cem",
        "eve.pdf": b"eve",
        "roster.csv": b"",
        "README.md": b"",
        "readme": b"",
        "grades.xlsx": b"",
        "requirements.txt": b"",
    }
    with collect([write_tree(tmp_path / "class", tree)], TINY) as collected:
        assert counting_files(collected) == {
            "ann": b"ann",
            "BEN": b"ben",
            "cem": b"cem",
            "eve": b"eve",
        }
        assert len(collected.ignored) == 5


def test_a_folder_of_notes_alone_is_an_error(tmp_path: Path) -> None:
    folder = write_tree(tmp_path / "class", {"roster.csv": b""})
    assert usage_error(folder) == (
        " contains no submission; name notebooks, zips or folders of them."
    )


# ------------------------------------------------------- a folder or a zip around that of the class

NAMES = ("ann", "ben", "cem")
CLASSROOM = [f"{student} - tiny.ipynb" for student in ("Ann Li", "Ben O")]
CLASSES = {  # paths in the folder of the class, and the submissions
    "folders": ([f"{name}/tiny.ipynb" for name in NAMES], NAMES),
    "nbgrader": ([f"{name}/lab1/tiny.ipynb" for name in NAMES], NAMES),
    "repositories": ([f"{name}/{x}" for name in NAMES for x in ("x.ipynb", "README.md")], NAMES),
    "sakai": (
        [f"L, {name}(1)/Submission attachment(s)/tiny.ipynb" for name in NAMES]
        + ["L, ann(1)/timestamp.txt", "L, ann(1)/comments.txt", "grades.csv"],
        [f"L_ {name}_1" for name in NAMES],
    ),
    "classroom": (CLASSROOM, [name.removesuffix(".ipynb") for name in CLASSROOM]),
}


@pytest.mark.parametrize("around", ["lab/", "downloads/lab 1/"])
@pytest.mark.parametrize("kind", CLASSES)
@FOLDER_OR_ZIP
def test_the_folder_of_a_class_is_seen_inside_others(
    tmp_path: Path, make_source: MakeSource, kind: str, around: str
) -> None:
    paths, names = CLASSES[kind]
    hidden = {"__MACOSX/._x.ipynb": b"", ".git/x.ipynb": b""}
    source = make_source(tmp_path, {around + path: path.encode() for path in paths} | hidden)
    with collect([source], TINY) as collected:
        counting = counting_files(collected)
        assert list(counting) == list(names) and not collected.superseded
        assert {data.decode() for data in counting.values()} <= set(paths)


@pytest.mark.parametrize(
    "paths",
    [
        ["ann/tiny.ipynb"],
        ["ann/tiny.ipynb", "ann/tiny (1).ipynb", "ann/Copy of tiny.ipynb"],
        ["ann/old/tiny.ipynb", "ann/new/tiny.ipynb"],
        ["ann/Ann - tiny.ipynb", "ann/Ann - tiny (1).ipynb"],
        ["ann/Ann - tiny.ipynb", "ann/tiny.ipynb"],
        ["ann/lab1/x.ipynb", "ann/lab2/y.ipynb", f"ann/lab3/{NOTEBOOK}"],
    ],
)
def test_one_student_s_files_are_no_class(tmp_path: Path, paths: list[str]) -> None:
    tree = dict.fromkeys(paths, b"{}")
    with collect([write_tree(tmp_path / "class", tree)], TINY) as collected:
        assert [submission.name for submission in collected.submissions] == ["ann"]
    (tmp_path / "ann.zip").write_bytes(zip_of(tree))
    with collect([tmp_path / "ann.zip"], TINY) as collected:
        assert [submission.name for submission in collected.submissions] == ["ann"]


@FOLDER_OR_ZIP
def test_one_student_s_folder_of_a_platform_is_no_class(
    tmp_path: Path, make_source: MakeSource
) -> None:
    moodle = "Ann Li_7_assignsubmission_file_"
    tree = {f"{moodle}/{part}/tiny.ipynb": b"{}" for part in ("old", "new", "newer")}
    with collect([make_source(tmp_path, tree)], TINY) as collected:
        assert students(collected) == {"Ann Li_7": ["Ann Li"]}


def test_notes_beside_the_folder_of_a_class_are_listed(tmp_path: Path) -> None:
    tree = {f"lab/{name}/tiny.ipynb": b"{}" for name in NAMES} | {"roster.csv": b""}
    with collect([write_tree(tmp_path / "class", tree)], TINY) as collected:
        assert [path.name for path in collected.ignored] == ["roster.csv"]
        assert [submission.name for submission in collected.submissions] == list(NAMES)


def test_of_several_zips_each_is_a_student_s(tmp_path: Path) -> None:
    data = zip_of({f"{name}/tiny.ipynb": b"{}" for name in NAMES})
    write_tree(tmp_path / "class", {"ann.zip": data, "ben.zip": data})
    for paths in ([tmp_path / "class"], sorted((tmp_path / "class").iterdir())):
        with collect(paths, TINY) as collected:
            assert [submission.name for submission in collected.submissions] == ["ann", "ben"]


# ----------------------------------------------------------------------------- zips


def test_a_zip_is_unpacked_into_a_private_temporary_folder(tmp_path: Path) -> None:
    source = as_zip(tmp_path, CLASS)
    with collect([source], TINY) as collected:
        paths = [submission.path for submission in collected.submissions]
        top = Path(os.path.commonpath(paths))
        assert tmp_path not in top.parents and stat.S_IMODE(top.stat().st_mode) == 0o700
        assert not list(top.rglob("readme.md")), "what is not needed is not unpacked"
    assert not top.exists() and not any(path.exists() for path in paths)
    with pytest.raises(RuntimeError), collect([source], TINY) as collected:
        top = Path(os.path.commonpath([submission.path for submission in collected.submissions]))
        raise RuntimeError
    assert not top.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK nonsense",
        zip_of(CLASS)[:-30],
        zip_of({NOTEBOOK: b"{}"}),
        zip_of({"lab/" + NOTEBOOK: b"{}", "lab/data.csv": b""}),
        zip_of({f"doe_12345_678901_{NOTEBOOK}": b"{}"}),
        zip_of({METADATA_FILE: b"", NOTEBOOK: b"{}"}),
        zip_of({"ann.ipynb": b"{}", "ben.ipynb": b"{}"}),
        zip_of({}),
        zip_of({"../../x.ipynb": b"{}"}),
    ],
)
def test_a_students_zip_is_one_submission(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "ann.zip").write_bytes(data)
    with collect([tmp_path / "ann.zip"], TINY) as collected:
        assert [(s.name, s.path) for s in collected.submissions] == [("ann", tmp_path / "ann.zip")]


def test_a_long_list_of_members_is_not_read(tmp_path: Path) -> None:
    head = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, 28, *[0] * 6)
    entries = (head + b"Ann_1_assignsubmission_file/") * 300_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, len(entries), 0, 0)
    (tmp_path / "ann.zip").write_bytes(entries + end)
    with collect([tmp_path / "ann.zip"], TINY) as collected:
        assert "contains too many files" in rejection(collected.submissions[0])


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (mode | 0o777) << 16
    return info


def with_member(name: str | zipfile.ZipInfo, data: bytes = b"", method: int = 0) -> bytes:
    packed = io.BytesIO(zip_of(CLASS))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(name, data, method)
    return packed.getvalue()


def patched(at: int, change: bytes) -> bytes:
    """Return an export with bytes of the last entry in its list of members replaced."""
    data = with_member("submission_12/z.ipynb", b"honest text")
    at += data.rindex(b"PK\1\2")
    return data[:at] + change + data[at + len(change) :]


def many(count: int, size: int) -> bytes:
    """Return an export with members whose headers claim a size."""
    data = io.BytesIO(zip_of(CLASS))
    with zipfile.ZipFile(data, "a") as archive:
        for number in range(count):
            archive.writestr(f"submission_{number}/x.ipynb", b"")
    head, *entries = data.getvalue().split(b"PK\1\2")
    size_field = struct.pack("<L", size)
    entries = [e[:20] + size_field + e[24:] if b"x.ipynb" in e else e for e in entries]
    return b"PK\1\2".join((head, *entries))


LEADS_OUT = " contains paths that lead out of it; download it again."
LINKS = " contains links in place of files; unpack it yourself and name the folder."
DAMAGED = " is damaged; download it again."
UNUSUAL = " is encrypted or compressed in an unusual way; unpack it yourself and name the folder."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (with_member("../out.ipynb"), LEADS_OUT),
        (with_member("submission_12/../../../out.ipynb"), LEADS_OUT),
        (with_member("submission_12\\..\\..\\..\\out.ipynb"), LEADS_OUT),
        (with_member("/out.ipynb"), LEADS_OUT),
        (with_member("submission_12//out.ipynb"), LEADS_OUT),
        (with_member(special("submission_12/x.ipynb", stat.S_IFLNK), b"/etc/passwd"), LINKS),
        (with_member(special("submission_13", stat.S_IFLNK), b"/etc"), LINKS),
        (with_member(special("submission_12/x.ipynb", stat.S_IFIFO)), LINKS),
        (with_member("submission_12/x.ipynb", b"x", zipfile.ZIP_LZMA), UNUSUAL),
        (patched(8, b"\1"), UNUSUAL),  # encrypted
        (patched(24, b"\1\0\0\0"), DAMAGED),  # claims to hold one byte
        (patched(20, b"\xff\xff\xff\0" * 2), DAMAGED),  # claims to hold 16 MB
        (patched(16, b"\0\0\0\0"), DAMAGED),  # another checksum
        (patched(42, b"\xff\xff\xff\x7f"), DAMAGED),  # claims to start beyond the end
        (many(170, 2**32 - 2), " contains more than 8 GB; unpack it yourself and name the folder."),
    ],
    ids=lambda value: "zip" if isinstance(value, bytes) else None,  # bytes hold the time
)
def test_an_unsafe_or_damaged_platform_zip_is_not_unpacked(
    tmp_path: Path, data: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "a" / "b" / "scratch"
    scratch.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (tmp_path / "class.zip").write_bytes(data)
    assert usage_error(tmp_path / "class.zip") == message
    assert not list(scratch.iterdir()) and not list(tmp_path.rglob("out*"))


@pytest.mark.slow
def test_a_platform_zip_with_too_many_files_is_not_unpacked(tmp_path: Path) -> None:
    tree = CLASS | {f"submission_12/{number}": b"" for number in range(50_000)}
    assert usage_error(as_zip(tmp_path, tree)) == (
        " contains more than 50,000 files; unpack it yourself and name the folder."
    )


@pytest.mark.slow
def test_a_submission_that_is_too_large_does_not_affect_the_others(tmp_path: Path) -> None:
    tree = CLASS | {f"submission_12/{NOTEBOOK}": b" " * (60 * 2**20)}
    with collect([as_zip(tmp_path, tree)], TINY) as collected:
        rejections = {s.name: rejection(s) for s in collected.submissions}
        assert (
            sum(submission.path.stat().st_size for submission in collected.submissions) < 51 * 2**20
        )
    assert "is larger than 50 MB" in rejections["submission_12"]
    assert "is not a notebook of format 4" in rejections["submission_10"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_no_file_system_takes_are_shortened(tmp_path: Path) -> None:
    long, longer = "é" * 300, "李" * 20_000
    moodle = {
        f"{long}_1_assignsubmission_file/{'deep/' * 3_000}{long}.ipynb": b"1",
        f"{long}_2_assignsubmission_file/{longer}.ipynb": b"2",
        "Ann_3_assignsubmission_file_a\x1b\n=.ipynb": b"3",
        f"Ben_4_assignsubmission_file_{longer}.ipynb": b"4",
        f"{longer}.ipynb": b"5",
        f"{longer}2.ipynb": b"6",
        "CASE.ipynb": b"7",
        "case.ipynb": b"8",
    }
    with collect([as_zip(tmp_path, moodle)], TINY) as collected:
        assert sorted(counting_files(collected).values()) == [b"%d" % n for n in range(1, 9)]
        known = {s.sid: s.name for submission in collected.submissions for s in submission.students}
        assert set(known) == {"1", "2", "3", "4"} and set(known["1"]) == {"é"}
        assert_safe(collected)


@pytest.mark.parametrize("wrapper", ["", "assignment_1_export/"])
def test_members_without_a_name_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapper: str
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (tmp_path / "class.zip").write_bytes(zip_of({"": b"x", "./": b"x", **CLASS}, wrapper))
    with collect([tmp_path / "class.zip"], TINY) as collected:
        assert len(collected.submissions) == 3 and len(list(scratch.iterdir())) == 1
    assert not list(scratch.iterdir())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_the_same_name_are_two_files(tmp_path: Path) -> None:
    packed = io.BytesIO(zip_of(CLASS | {"stray.ipynb": b"0"}))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(zipfile.ZipInfo(f"submission_12/{NOTEBOOK}", (2025, 1, 1, 0, 0, 0)), b"1")
        archive.writestr(zipfile.ZipInfo(f"submission_12/{NOTEBOOK}", (2025, 0, 0, 0, 0, 0)), b"2")
        archive.writestr("stray.ipynb", b"3")
    (tmp_path / "class.zip").write_bytes(packed.getvalue())
    with collect([tmp_path / "class.zip"], TINY) as collected:
        earlier = ("submission_12", MODIFIED)
        assert superseded_files(collected) == {b"1": earlier, b"2": earlier}
        contents = [content(submission.path) for submission in collected.submissions]
    assert sorted(contents) == [b"0", b"3", b"ann", b"ben and cem", b"null"]


def test_names_in_utf_8_without_the_flag_are_recognized(tmp_path: Path) -> None:
    name = "李 小龍"
    ascii_name = "x" * len(name.encode())
    data = zip_of({f"{ascii_name}_1_assignsubmission_file_/{NOTEBOOK}": b"1"})
    (tmp_path / "class.zip").write_bytes(data.replace(ascii_name.encode(), name.encode()))
    with collect([tmp_path / "class.zip"], TINY) as collected:
        assert students(collected) == {f"{name}_1": [name]}


# ----------------------------------------------------------------------------- any files


def assert_safe(collected: CollectedSubmissions) -> None:
    names = [submission.name for submission in collected.submissions]
    assert len({name.casefold() for name in names}) == len(names)
    assert names == sorted(names, key=str.casefold)
    for name in names:
        assert name.isprintable() and not set(name) & set('/\\:*?"<>|=+@\t\n')
        assert name == name.strip("._- ") and 0 < len(name.encode()) <= 230


TEXTS = st.text(st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), max_size=12)
VISIBLE = (TEXTS | st.sampled_from(["=cmd", "..x", "-rf", "A", "a", "é", "x" * 90])).map(
    lambda text: "x" + text if text.startswith((".", "_")) or not text else text
)
IDS = st.integers(1, 3).map(str)
FILE_NAMES = st.one_of(
    VISIBLE.map(lambda text: f"{text}.ipynb"),
    st.sampled_from([NOTEBOOK, EARLY, LATE, "Other.IPYNB", "x.zip", "report.pdf"]),
)
CANVAS_NAMES = st.builds(
    "{}{}_{}_{}_{}".format, VISIBLE, st.sampled_from(["", "_LATE"]), IDS, IDS, FILE_NAMES
)
MOODLE_NAMES = st.builds("{}_{}_assignsubmission_file".format, VISIBLE, IDS)
FOLDERS = st.one_of(VISIBLE, MOODLE_NAMES, IDS.map("submission_{}".format))
NESTED_PATHS = st.builds("{}/{}".format, FOLDERS, FILE_NAMES | FILE_NAMES.map("deeper/{}".format))
PATHS = st.one_of(
    FILE_NAMES, CANVAS_NAMES, NESTED_PATHS, st.builds("{}_{}".format, MOODLE_NAMES, FILE_NAMES)
)
PEOPLE = st.lists(st.sampled_from(["ann", "ben", "cem"]), max_size=2)


def metadata_of(groups: list[list[str]]) -> bytes:
    """Return metadata of submissions, of which those with higher numbers are earlier."""
    metadata: dict[str, Any] = {
        f"submission_{number}": {
            ":submitters": [{":name": who, ":email": f"{who}@example.edu"} for who in group],
            ":created_at": f"2026-11-{20 - number} 09:00:00 Z",
        }
        for number, group in enumerate(groups, 1)
    }
    return json.dumps(metadata).encode()


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(PATHS, min_size=1, max_size=12), st.none() | st.lists(PEOPLE, max_size=4))
def test_every_file_counts_or_is_superseded_once(
    names: list[str], groups: list[list[str]] | None
) -> None:
    tree = {name: f"{number}".encode() for number, name in enumerate(names)}
    files = {name.split("/")[0] for name in tree if "/" not in name}
    tree = {
        name: data
        for name, data in tree.items()
        if "/" not in name or name.split("/")[0] not in files
    }
    expected = Counter(
        data for name, data in tree.items() if name.lower().endswith((".ipynb", ".zip"))
    )
    if groups is not None:
        tree[METADATA_FILE] = metadata_of(groups)
    with tempfile.TemporaryDirectory() as folder:
        for source in (as_folder(Path(folder), tree), as_zip(Path(folder), tree)):
            with collect([source], TINY) as collected:
                assert_safe(collected)
                if [submission.path for submission in collected.submissions] == [source]:
                    continue  # no platform's zip
                paths = [
                    *(s.path for s in collected.submissions),
                    *(s.path for s in collected.superseded),
                ]
                gradable = [p for p in paths if p.name.lower().endswith((".ipynb", ".zip"))]
                assert Counter(map(content, filter(Path.is_file, gradable))) == expected
                assert {s.submission for s in collected.superseded} <= set(collected.submissions)
                people = Counter(
                    s for submission in collected.submissions for s in submission.students
                )
                assert all(count == 1 for count in people.values())
                if platforms(collected) == {"gradescope"}:
                    submitters = {who for group in groups or () for who in group}
                    assert {student.name for student in people} == submitters
