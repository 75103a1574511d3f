"""What is handed in and is no plain notebook: graded on what is honest in it, or one sentence."""

from __future__ import annotations

import io
import json
import os
import socket
import stat
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import labs
import pytest
from conftest import Graded

from ottermark.assignment import Assignment, Question
from ottermark.submissions.notebook import SubmissionRejectedError, SubmittedNotebook, read

TINY = Assignment(
    name="tiny",
    notebook="tiny.ipynb",
    questions=(
        Question("q1", 2, False, ("pair",)),
        Question("q2", 4, False, ("double",)),
        Question("q3", 3, True),
    ),
    imports=(),
    student_files=(),
)
MB = 2**20


def code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, **more}


def sheet(*cells: Any, **more: Any) -> bytes:
    """Return a notebook of the tiny lab, by default with one answer."""
    body = {"nbformat": 4, "metadata": {}, "cells": list(cells) or [code("pair = (4, 5)")]}
    return json.dumps(body | more).encode()


def with_outputs(text: bytes) -> bytes:
    """Return a notebook whose one cell carries JSON as its outputs."""
    return sheet(code("pair = (4, 5)", outputs="HERE")).replace(b'"HERE"', text)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = 0) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, body in members:
            archive.writestr(name, body, method)
    return data.getvalue()


def directory(count: int, name: bytes) -> bytes:
    """Return an archive that is a list of members and nothing else."""
    head = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, len(name), *[0] * 6)
    entries = (head + name) * count
    few = min(count, 65_535)
    return entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, few, few, len(entries), 0, 0)


def handed_in(folder: Path, data: bytes, name: str) -> SubmittedNotebook:
    (folder / name).write_bytes(data)
    return read(folder / name, "ann", TINY)


def why(path: Path) -> str:
    """Return the one sentence with which a file is rejected."""
    with pytest.raises(SubmissionRejectedError) as rejection:
        read(path, "ann", TINY)
    text = str(rejection.value)
    assert text.isprintable() and text.endswith(".") and ". " not in text
    assert len(text) < 400 and "; " in text, "it says what to do"
    return text


def said(value: str | bytes) -> str:
    """Name a case by the words of its rejection alone."""
    return value if isinstance(value, str) else ""


def test_only_a_file_itself_is_read(tmp_path: Path) -> None:
    def a(name: str) -> Path:
        return tmp_path / f"{name}.ipynb"

    a("right").write_bytes(sheet())
    for name, target in (("thief", "right.ipynb"), ("lost", "nowhere"), ("loop", "loop.ipynb")):
        a(name).symlink_to(target)
    a("up").symlink_to(tmp_path)
    a("device").symlink_to("/dev/zero")
    for name in ("thief", "lost", "loop", "up", "device"):
        assert why(a(name)) == f"{name}.ipynb is a link; hand in the file that it leads to."
    a("folder").mkdir()
    os.mkfifo(a("pipe"))
    assert "folder.ipynb is a folder" in why(a("folder"))
    assert "pipe.ipynb is not a regular file" in why(a("pipe"))
    assert "gone.ipynb cannot be read (No such file" in why(a("gone"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(a("socket")))
        assert "socket.ipynb cannot be read" in why(a("socket"))
    assert not Path("/dev/zero").is_file() and "cannot be read" not in why(Path("/dev/zero"))


def test_the_name_of_a_file_cannot_write_on_the_screen(tmp_path: Path) -> None:
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\x1b[2Ja\nb\xff\xe2\x80\xae.ipynb"))
    path.write_bytes(b"")
    assert why(path) == "�[2Ja�b��.ipynb is empty; save the notebook and hand it in again."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" " * (50 * MB + 1), "is larger than 50 MB; clear all outputs"),
        (b"PK\3\4 not JSON", "cannot be read as JSON"),
        (sheet().decode().encode("utf-16"), "cannot be read as JSON"),
        (sheet().decode().encode("utf-32"), "cannot be read as JSON"),
        (sheet().replace(b"pair", b"\xff\xfe"), "cannot be read as JSON"),
        (sheet().replace(b"pair", b"pa\0ir"), "cannot be read as JSON"),
        (b"[" * 900_000, "cannot be read as JSON"),
        (b'{"a":' * 900_000, "cannot be read as JSON"),
        (with_outputs(b"1" * 5_000), "cannot be read as JSON"),
        (with_outputs(b"[" * 900_000 + b"]" * 900_000), "cannot be read as JSON"),
        (with_outputs(b"[" + b"[]," * 500_000 + b"0]"), "more than 1,000,000 values; clear"),
        (with_outputs(rb'["\\",' + b"[]," * 500_000 + b"0]"), "more than 1,000,000 values"),
        (with_outputs(rb'["\\\"",' + b"[]," * 500_000 + b"0]"), "more than 1,000,000 values"),
        (with_outputs(b'["a' + b'","a' * 1_000_000 + b'"]'), "more than 1,000,000 values"),
        (b"null", "not a notebook of format 4"),
        (b"[]", "not a notebook of format 4"),
        (sheet(nbformat=3, worksheets=[]), "not a notebook of format 4"),
        (sheet(nbformat=5), "not a notebook of format 4"),
        (sheet(nbformat="4"), "not a notebook of format 4"),
        (sheet(nbformat=True), "not a notebook of format 4"),
        (sheet(nbformat=[4]), "not a notebook of format 4"),
        (sheet(cells=[]), "has no cells"),
        (sheet(cells=[], metadata={"otter": {"assignment_name": "tiny"}}), "has no cells"),
        (sheet(cells={"0": code("pair = (4, 5)")}), "has no cells"),
        (sheet(*[code("pair = 1")] * 5_001), "has more than 5,000 cells"),
        (sheet(code("x" * 1_000_001)), "has more than 1,000,000 characters of code"),
        (sheet(*[code("x = 1 #" + "x" * 400) for _ in range(3_000)]), "characters of code"),
        (sheet(code("pair = 1"), "pair = 2"), "cell 2 of ann.ipynb is not a notebook cell"),
        (sheet({"cell_type": "heading", "source": "pair"}), "is not a notebook cell"),
        (sheet({"cell_type": ["code"], "source": "pair"}), "is not a notebook cell"),
        (sheet({"source": "pair = (4, 5)"}), "is not a notebook cell"),
        (sheet(code(None)), "cell 1 of ann.ipynb has no text"),
        (sheet(code(["pair = ", 5])), "cell 1 of ann.ipynb has no text"),
        (sheet(code({"pair": 5})), "cell 1 of ann.ipynb has no text"),
        (sheet(metadata={"otter": {"assignment_name": "lab\n07"}}), r"('lab\n07')"),
        (sheet(metadata={"otter": {"assignment_name": "x" * 10_000}}), "another assignment"),
        (sheet(code("x = pair + repair(recheck('q1'))")), "none of the questions of 'tiny'"),
        (sheet({"cell_type": "markdown", "source": "pair = 1"}), "none of the questions"),
        (sheet(code("x = 1"), metadata={"otter": {"assignment_name": 5}}), "none of the questions"),
    ],
    ids=said,
)
def test_what_cannot_be_graded_says_why(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "ann.ipynb").write_bytes(data)
    text = why(tmp_path / "ann.ipynb")
    assert says in text and "ann.ipynb" in text


HONEST = {
    "byte order mark": b"\xef\xbb\xbf" + sheet(),
    "line ends": json.dumps(json.loads(sheet()), indent=1).replace("\n", "\r\n").encode(),
    "list of lines": sheet(code(["pair = ", "(4, 5)"])),
    "versions": sheet(nbformat=4.0, nbformat_minor="new"),
    "no metadata": sheet(metadata=["not", "a", "dict"]),
    "tests of its own": sheet(metadata={"otter": {"tests": {"q1": {"points": 1000}}}}),
    "editors": sheet(metadata={"colab": {"provenance": []}, "vscode": {}, "kernelspec": 7}),
    "odd cell": sheet(code("pair = (4, 5)", metadata=None, id=["1"], attachments=5, outputs="no")),
    "tags": sheet(code("pair = (4, 5)", metadata={"tags": ["otter_ignore"], "points": 1000})),
    "no numbers": with_outputs(b"[NaN, -Infinity, 1e999999]"),
    "deep outputs": with_outputs(b"[" * 900 + b"]" * 900),
    "brackets in texts": with_outputs(rb'["' + rb"\\\"[[,{" * 700_000 + rb'"]'),
    "two keys": sheet().replace(b'"cells"', b'"cells": 5, "cells"'),
}


@pytest.mark.parametrize("data", HONEST.values(), ids=HONEST)
def test_of_a_notebook_only_kinds_and_texts_are_kept(tmp_path: Path, data: bytes) -> None:
    submission = handed_in(tmp_path, data, "ann.ipynb")
    assert (submission.name, submission.raw) == ("ann", data)
    assert submission.notebook == {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {},
        "cells": [{"cell_type": "code", "metadata": {}, "source": "pair = (4, 5)"}],
    }


def test_a_cell_without_text_and_ids_given_twice_harm_nobody(tmp_path: Path) -> None:
    cells = [{"cell_type": "raw"}, code("pair = 1", id="a"), code("pair = 2", id="a")]
    submission = handed_in(tmp_path, sheet(*cells), "ann.ipynb")
    assert [cell["source"] for cell in submission.cells] == ["", "pair = 1", "pair = 2"]


def test_a_question_is_graded_at_its_last_check(tmp_path: Path) -> None:
    cells = [
        code('grader.check("q1")'),
        code("pair = (4, 5)\ngrader.check( 'q1' ); grader.check('q3'); grader.check('other')"),
        {"cell_type": "markdown", "source": 'grader.check("q1")'},
        code("recheck('q1'); check(q1); check('q1\")"),
        code("the end"),
    ]
    submission = handed_in(tmp_path, sheet(*cells), "ann.ipynb")
    assert submission.places(TINY) == {"q1": 1, "q2": 4}


@pytest.mark.parametrize(
    "text", ["check(" + " " * 50, "check('", "check(", "a" * 99, "pair   ", "é"]
)
def test_looking_for_checks_takes_no_longer_than_reading(tmp_path: Path, text: str) -> None:
    source = (text * 1_000_000)[:999_990] + "\npair = 1"
    start = time.monotonic()
    handed_in(tmp_path, sheet(code(source)), "ann.ipynb").places(TINY)
    assert time.monotonic() - start < 10, "it takes a quarter of a second, or minutes"


NAMES = [
    *("tiny.ipynb", "renamed.ipynb", "../../../tiny.ipynb", "/etc/tiny.ipynb", "a/b/c/tiny.ipynb"),
    *(
        "C:\\Users\\ann\\tiny.ipynb",
        "bücher/tiny.ipynb",
        "\x1b[2J\n.ipynb",
        "é" * 20_000 + ".ipynb",
    ),
    "tiny.ipynb\0.png",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_names_in_a_zip_are_never_paths(tmp_path: Path, name: str, method: int) -> None:
    data = zipped(("notes.txt", b"hello"), (name.replace("\0", "%"), sheet()), method=method)
    if "\0" in name:
        data = data.replace(b"tiny.ipynb%", b"tiny.ipynb\0")
    before = sorted(tmp_path.rglob("*"))
    assert handed_in(tmp_path, data, "ann.ZIP").raw == sheet()
    assert sorted(tmp_path.rglob("*")) == [*before, tmp_path / "ann.ZIP"]


def test_the_notebook_in_a_zip_is_found_among_other_files(tmp_path: Path) -> None:
    others = [
        ("__MACOSX/._mine.ipynb", b"\0\5\x16\7"),
        ("lab/.ipynb_checkpoints/mine-checkpoint.ipynb", b"old"),
        ("lab\\.ipynb_checkpoints\\mine-checkpoint.ipynb", b"old"),
        ("lab/inner.zip", zipped(("tiny.ipynb", b"inner"))),
        *((f"lab/data/{number}.csv", b"") for number in range(1_990)),
    ]
    data = b"#!/bin/sh\n" + zipped(*others, ("lab/mine.ipynb", sheet())) + b"trailing"
    assert handed_in(tmp_path, data, "ann.zip").raw == sheet()


def test_of_many_notebooks_the_assignments_is_read(tmp_path: Path) -> None:
    for name in ("lab/tiny.ipynb", "lab\\tiny.ipynb"):
        data = zipped(("lab/scratch.ipynb", b"{}"), (name, sheet()), ("old.ipynb", b"{}"))
        assert handed_in(tmp_path, data, "ann.zip").raw == sheet()


def linked(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def far_away() -> bytes:
    """Return an archive whose notebook starts beyond what a machine can count to."""
    info = zipfile.ZipInfo("tiny.ipynb")
    info.extra = struct.pack("<2HQ", 1, 8, 2**64 - 1)
    return patched(zipped((info, sheet())), 42, b"\xff\xff\xff\xff")


def patched(data: bytes, at: int, change: bytes) -> bytes:
    """Return an archive with bytes of its first directory entry replaced."""
    at += data.index(b"PK\1\2")
    return data[:at] + change + data[at + len(change) :]


ONE = zipped(("tiny.ipynb", sheet()))
SQUEEZED = zipped(("tiny.ipynb", sheet()), method=zipfile.ZIP_DEFLATED)
NO_ZIP = "is not a zip file that can be opened; export it again"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK", NO_ZIP),
        (ONE[:-30], NO_ZIP),
        (ONE[40:], NO_ZIP),
        (ONE.replace(b"pair", b"PAIR"), NO_ZIP),  # the checksum is wrong
        (SQUEEZED[:60] + b"\xff" * 40 + SQUEEZED[100:], NO_ZIP),
        (patched(ONE, 24, b"\1\0\0\0"), NO_ZIP),  # says that it holds one byte
        (patched(ONE, 20, b"\xff\xff\0\0" * 2), NO_ZIP),  # says that it is longer than the archive
        (patched(ONE, 42, b"\xff\xff\xff\x7f"), NO_ZIP),  # says that it starts behind the end
        (far_away(), NO_ZIP),
        (patched(ONE, 6, b"\xff\xff"), NO_ZIP),  # needs a zip program of the future
        (patched(patched(ONE, 8, b"\0\x08"), 46, b"\xff"), NO_ZIP),  # its name is no UTF-8
        (patched(ONE, 8, b"\1"), "needs a password or an unusual program"),
        (patched(ONE, 10, b"\x63"), "needs a password or an unusual program"),
        (zipped(("tiny.ipynb", sheet()), method=zipfile.ZIP_LZMA), "an unusual program"),
        (zipped(("tiny.ipynb", sheet()), method=zipfile.ZIP_BZIP2), "an unusual program"),
        (zipped((linked("tiny.ipynb"), b"/etc/passwd")), "a link in place of the notebook"),
        (zipped(), "holds no notebook; add tiny.ipynb to it"),
        (zipped(("tiny.ipynb/", b"")), "holds no notebook"),
        (zipped(("inner.zip", ONE)), "holds no notebook"),
        (zipped(("a.ipynb", sheet()), ("b.ipynb", sheet())), "holds 2 notebooks; hand in one"),
        (zipped(("a/tiny.ipynb", sheet()), ("b/tiny.ipynb", sheet())), "holds 2 notebooks"),
        (zipped(("tiny.ipynb", b"")), "the notebook in ann.zip is empty"),
        (zipped(("tiny.ipynb", sheet(code(5)))), "cell 1 of the notebook in ann.zip has no text"),
        (directory(2_001, b"a"), "holds too many files; hand in the notebook alone"),
        (directory(20, b"a" * 60_000), "holds too many files"),
    ],
    ids=said,
)
def test_a_zip_that_cannot_be_graded_says_why(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "ann.zip").write_bytes(data)
    text = why(tmp_path / "ann.zip")
    assert says in text and "ann.zip" in text


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two_notebooks(tmp_path: Path) -> None:
    (tmp_path / "ann.zip").write_bytes(zipped(("tiny.ipynb", sheet()), ("tiny.ipynb", b"{}")))
    assert "holds 2 notebooks" in why(tmp_path / "ann.zip")


BOUNDED = """
import resource, sys
from pathlib import Path
from ottermark.assignment import Assignment
from ottermark.submissions.notebook import SubmissionRejectedError, read

resource.setrlimit(resource.RLIMIT_AS, (192 * 2**20,) * 2)
for path in sys.argv[1:]:
    try:
        read(Path(path), "ann", Assignment("tiny", "tiny.ipynb", (), (), ()))
    except SubmissionRejectedError as rejection:
        print(rejection)
"""


@pytest.mark.slow
def test_memory_is_bounded_before_it_is_given(tmp_path: Path) -> None:
    lists = with_outputs(b"[" + b"[]," * (16 * MB) + b"0]")
    sheets = {
        "lists.ipynb": lists,  # as Python's objects, more than a gigabyte
        "lists.zip": zipped(("tiny.ipynb", lists), method=zipfile.ZIP_DEFLATED),
        "bomb.zip": zipped(("tiny.ipynb", b" " * (192 * MB)), method=zipfile.ZIP_DEFLATED),
        "members.zip": directory(1_000_000, b"a"),
    }
    for name, data in sheets.items():
        (tmp_path / name).write_bytes(data)
    with (tmp_path / "huge.ipynb").open("wb") as sparse:
        sparse.truncate(2**40)
    ran = subprocess.run(
        [sys.executable, "-c", BOUNDED, *sheets, "huge.ipynb"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    values = "holds more than 1,000,000 values; clear all outputs, save it and hand it in again."
    size = "is larger than 50 MB; clear all outputs, save it and hand it in again."
    assert ran.stdout.splitlines() == [
        f"lists.ipynb {values}",
        f"the notebook in lists.zip {values}",
        f"the notebook in bomb.zip {size}",
        "members.zip holds too many files; hand in the notebook alone.",
        f"huge.ipynb {size}",
    ]


def test_what_a_file_says_of_its_own_worth_is_not_believed(
    grade_tiny: Callable[..., Graded], tiny: Path, tmp_path: Path
) -> None:
    def changed(answers: dict[str, str], change: Callable[[dict[str, Any]], None]) -> str:
        body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
        change(body)
        return json.dumps(body)

    def claim_points(body: dict[str, Any]) -> None:
        tests = {"q1": {"name": "q1", "points": 1000, "suites": []}}
        body["metadata"]["otter"] |= {"OK_FORMAT": True, "tests": tests, "points": 1000}

    def ignore_all(body: dict[str, Any]) -> None:
        for cell in body["cells"]:
            cell["metadata"] = {"tags": ["otter_ignore", "skip-execution"]}
            cell["id"] = "same"

    def check_nothing(body: dict[str, Any]) -> None:
        body["cells"] = [c for c in body["cells"] if "check" not in "".join(c["source"])]

    def check_first(body: dict[str, Any]) -> None:
        body["cells"].sort(key=lambda c: "check" not in "".join(c["source"]))

    def check_often(body: dict[str, Any]) -> None:
        body["cells"] = [c for cell in body["cells"] for c in (cell, cell, cell)]

    right = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}
    odd = {"q1": "pair = (4, 5)\0", "q2": f"{right['q2']}\nmark = '\ud800'"}
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "thief.ipynb").symlink_to("ignored.ipynb")
    graded = grade_tiny(
        claimed=changed({}, claim_points),
        ignored=changed(right, ignore_all),
        unchecked=changed(right, check_nothing),
        first=changed(right, check_first),
        often=changed(right, check_often),
        odd=odd,
    )
    scores = {name: row["score"] for name, row in graded.rows.items()}
    assert scores == {
        "claimed": "0",
        **dict.fromkeys(("ignored", "unchecked", "first", "often"), "6"),
        "odd": "0",
        "thief": "0",
    }
    statuses = {name for name, row in graded.rows.items() if row["status"] != "graded"}
    assert statuses == {"thief"}
    assert "rejected: thief.ipynb is a link; hand in the file" in graded.ran.err
