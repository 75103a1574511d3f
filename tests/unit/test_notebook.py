"""Whatever file is submitted: its code is graded, or it is rejected with one sentence."""

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
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import labs
import pytest
from conftest import Graded
from markdown_it import MarkdownIt

from ottermark.assignment import Assignment, Question
from ottermark.errors import SubmissionRejectedError
from ottermark.submissions.archives import read_zipped_notebook
from ottermark.submissions.notebook import SubmittedNotebook, read_submission

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


def notebook(*cells: Any, **more: Any) -> bytes:
    """Return a notebook of the tiny lab, by default with one answer."""
    body = {"nbformat": 4, "metadata": {}, "cells": list(cells) or [code("pair = (4, 5)")]}
    return json.dumps(body | more).encode()


def with_outputs(text: bytes) -> bytes:
    """Return a notebook whose one cell carries JSON as its outputs."""
    return notebook(code("pair = (4, 5)", outputs="HERE")).replace(b'"HERE"', text)


def zip_of(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = 0) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, body in members:
            archive.writestr(name, body, method)
    return data.getvalue()


def list_of_members(count: int, name: bytes) -> bytes:
    """Return an archive with a list of members and no content."""
    head = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, *[0] * 8, len(name), *[0] * 6)
    entries = (head + name) * count
    few = min(count, 65_535)
    return entries + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, few, few, len(entries), 0, 0)


def submitted(folder: Path, data: bytes, name: str) -> SubmittedNotebook:
    (folder / name).write_bytes(data)
    return read_submission(folder / name, "ann", TINY)


def rejection(path: Path) -> str:
    """Return the one sentence with which a file is rejected: what is wrong and how to fix it."""
    with pytest.raises(SubmissionRejectedError) as error:
        read_submission(path, "ann", TINY)
    text = str(error.value)
    assert text.isprintable() and text.endswith(".") and ". " not in text
    assert len(text) < 400 and "; " in text
    return text


def message_only(value: str | bytes) -> str:
    """Use only the message as the id of a test case."""
    return value if isinstance(value, str) else ""


def test_links_folders_and_pipes_are_rejected_and_not_read(tmp_path: Path) -> None:
    def a(name: str) -> Path:
        return tmp_path / f"{name}.ipynb"

    a("right").write_bytes(notebook())
    for name, target in (("thief", "right.ipynb"), ("lost", "nowhere"), ("loop", "loop.ipynb")):
        a(name).symlink_to(target)
    a("up").symlink_to(tmp_path)
    a("device").symlink_to("/dev/zero")
    for name in ("thief", "lost", "loop", "up", "device"):
        assert rejection(a(name)) == f"`{name}.ipynb` is a link; submit the file that it points to."
    a("folder").mkdir()
    os.mkfifo(a("pipe"))
    assert "`folder.ipynb` is a folder" in rejection(a("folder"))
    assert "`pipe.ipynb` is not a regular file" in rejection(a("pipe"))
    assert "`gone.ipynb` cannot be read (No such file" in rejection(a("gone"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(a("socket")))
        assert "`socket.ipynb` cannot be read" in rejection(a("socket"))
    assert not Path("/dev/zero").is_file() and "cannot be read" not in rejection(Path("/dev/zero"))


def test_unprintable_characters_in_a_file_name_are_replaced(tmp_path: Path) -> None:
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\x1b[2Ja\nb\xff\xe2\x80\xae.ipynb"))
    path.write_bytes(b"")
    assert rejection(path) == "`�[2Ja b��.ipynb` is empty; save the notebook and submit it again."


HOSTILE_NAMES = [
    "x): ✅ [All tests passed](https://evil.example) (",
    "x)\n\n# 100 of 100 points\n\n- ✅ **q1**",
    "`` ![x](https://evil.example/x.png) ```",
    "<a href='https://evil.example'>x</a> <https://evil.example>",
]


@pytest.mark.parametrize("hostile", HOSTILE_NAMES)
def test_names_in_a_rejection_are_shown_literally(tmp_path: Path, hostile: str) -> None:
    path = tmp_path / f"{hostile.replace('/', '_')[:200]}.ipynb"
    path.write_bytes(notebook(metadata={"otter": {"assignment_name": hostile}}))
    tokens = MarkdownIt("commonmark").parse(rejection(path))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = [token.type for token in tokens[1].children or ()]
    assert kinds == ["code_inline", "text", "code_inline", "text", "code_inline", "text"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b" " * (50 * MB + 1), "is larger than 50 MB; clear all outputs"),
        (b"PK\3\4 not JSON", "is not valid JSON"),
        (notebook().decode().encode("utf-16"), "is not valid JSON"),
        (notebook().decode().encode("utf-32"), "is not valid JSON"),
        (notebook().replace(b"pair", b"\xff\xfe"), "is not valid JSON"),
        (notebook().replace(b"pair", b"pa\0ir"), "is not valid JSON"),
        (b"[" * 900_000, "is not valid JSON"),
        (b'{"a":' * 900_000, "is not valid JSON"),
        (with_outputs(b"1" * 5_000), "is not valid JSON"),
        (with_outputs(b"[" * 900_000 + b"]" * 900_000), "is not valid JSON"),
        (with_outputs(b"[" + b"[]," * 500_000 + b"0]"), "more than 1,000,000 JSON values; clear"),
        (with_outputs(rb'["\\",' + b"[]," * 500_000 + b"0]"), "more than 1,000,000 JSON values"),
        (with_outputs(rb'["\\\"",' + b"[]," * 500_000 + b"0]"), "more than 1,000,000 JSON values"),
        (with_outputs(b'["a' + b'","a' * 1_000_000 + b'"]'), "more than 1,000,000 JSON values"),
        (b"null", "not a notebook of format 4"),
        (b"[]", "not a notebook of format 4"),
        (notebook(nbformat=3, worksheets=[]), "not a notebook of format 4"),
        (notebook(nbformat=5), "not a notebook of format 4"),
        (notebook(nbformat="4"), "not a notebook of format 4"),
        (notebook(nbformat=True), "not a notebook of format 4"),
        (notebook(nbformat=[4]), "not a notebook of format 4"),
        (notebook(cells=[]), "has no cells"),
        (notebook(cells=[], metadata={"otter": {"assignment_name": "tiny"}}), "has no cells"),
        (notebook(cells={"0": code("pair = (4, 5)")}), "has no cells"),
        (notebook(*[code("pair = 1")] * 5_001), "has more than 5,000 cells"),
        (notebook(code("x" * 1_000_001)), "has more than 1,000,000 characters of code"),
        (notebook(*[code("x = 1 #" + "x" * 400) for _ in range(3_000)]), "characters of code"),
        (b"%PDF-1.7 and so on", "is a PDF, which cannot be graded; submit the notebook itself"),
        (notebook(metadata={"otter": {"assignment_name": "lab\n07"}}), "(`lab 07`)"),
        (notebook(metadata={"otter": {"assignment_name": "x" * 10_000}}), "another assignment"),
        (notebook(metadata={"otter": {"assignment_name": " "}}), "assignment (without a name)"),
        (notebook(code("x = pair + repair(recheck('q1'))")), "none of the questions of `tiny`"),
        (notebook({"cell_type": "markdown", "source": "pair = 1"}), "none of the questions"),
        (
            notebook(code("x = 1"), metadata={"otter": {"assignment_name": 5}}),
            "none of the questions",
        ),
    ],
    ids=message_only,
)
def test_an_ungradable_file_is_rejected_with_the_reason(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "ann.ipynb").write_bytes(data)
    text = rejection(tmp_path / "ann.ipynb")
    assert message in text and "ann.ipynb" in text


ACCEPTED = {
    "byte order mark": b"\xef\xbb\xbf" + notebook(),
    "line ends": json.dumps(json.loads(notebook()), indent=1).replace("\n", "\r\n").encode(),
    "list of lines": notebook(code(["pair = ", "(4, 5)"])),
    "versions": notebook(nbformat=4.0, nbformat_minor="new"),
    "no metadata": notebook(metadata=["not", "a", "dict"]),
    "tests of its own": notebook(metadata={"otter": {"tests": {"q1": {"points": 1000}}}}),
    "editors": notebook(metadata={"colab": {"provenance": []}, "vscode": {}, "kernelspec": 7}),
    "odd cell": notebook(
        code("pair = (4, 5)", metadata=None, id=["1"], attachments=5, outputs="no")
    ),
    "tags": notebook(code("pair = (4, 5)", metadata={"tags": ["otter_ignore"], "points": 1000})),
    "no numbers": with_outputs(b"[NaN, -Infinity, 1e999999]"),
    "deep outputs": with_outputs(b"[" * 900 + b"]" * 900),
    "brackets in texts": with_outputs(rb'["' + rb"\\\"[[,{" * 700_000 + rb'"]'),
    "two keys": notebook().replace(b'"cells"', b'"cells": 5, "cells"'),
}


@pytest.mark.parametrize("data", ACCEPTED.values(), ids=ACCEPTED)
def test_only_the_types_and_sources_of_cells_are_kept(tmp_path: Path, data: bytes) -> None:
    submission = submitted(tmp_path, data, "ann.ipynb")
    assert (submission.name, submission.raw) == ("ann", data)
    assert submission.notebook == {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {},
        "cells": [{"cell_type": "code", "metadata": {}, "source": "pair = (4, 5)"}],
    }


def test_a_cell_without_source_and_duplicate_ids_are_accepted(tmp_path: Path) -> None:
    cells = [{"cell_type": "raw"}, code("pair = 1", id="a"), code("pair = 2", id="a")]
    submission = submitted(tmp_path, notebook(*cells), "ann.ipynb")
    assert [cell["source"] for cell in submission.cells] == ["", "pair = 1", "pair = 2"]


@pytest.mark.parametrize(
    ("odd", "cell_type", "source"),
    [
        ("pair = 2", "raw", ""),
        (None, "raw", ""),
        ({"cell_type": "heading", "source": "Pairs", "level": 2}, "raw", "Pairs"),
        ({"cell_type": ["code"], "source": "pair = 2"}, "raw", "pair = 2"),
        ({"source": "pair = 2"}, "raw", "pair = 2"),
        (code(None), "code", ""),
        (code(["pair = ", 5]), "code", ""),
        (code({"pair": 5}), "code", ""),
    ],
    ids=str,
)
def test_a_cell_that_cannot_be_read_costs_nothing_but_itself(
    tmp_path: Path, odd: Any, cell_type: str, source: str
) -> None:
    cells = submitted(tmp_path, notebook(code("pair = 1"), odd), "ann.ipynb").cells
    assert cells[0]["source"] == "pair = 1"
    assert cells[1] == {"cell_type": cell_type, "metadata": {}, "source": source}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("lab.pdf", b"%PDF-1.7", "`lab.pdf` is a PDF, which cannot be graded"),
        ("lab.ipynb", b"%PDF-1.7", "`lab.ipynb` is a PDF"),
        ("lab.html", b"<html>", "`lab.html` is a web page"),
        ("lab.py", b"pair = (4, 5)", "`lab.py` is a Python script"),
        ("lab.zip", zip_of(("lab.pdf", b"%PDF-1.7")), "`lab.zip` contains a PDF and no notebook"),
    ],
    ids=message_only,
)
def test_a_document_in_place_of_a_notebook_is_named(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    text = rejection(tmp_path / name)
    assert text.startswith(message) and "`tiny.ipynb`" in text


@pytest.mark.parametrize("name", ["LAB.IPYNB", "tiny.ipynb.txt", "tiny.ipynb.json", "tiny.html"])
def test_a_notebook_may_have_the_suffix_that_a_browser_gave_it(tmp_path: Path, name: str) -> None:
    assert submitted(tmp_path, notebook(), name).raw == notebook()
    if name != "tiny.html":
        assert submitted(tmp_path, zip_of((name, notebook())), "ann.ZIP").raw == notebook()


def test_a_zip_in_a_zip_is_opened(tmp_path: Path) -> None:
    inner = zip_of(("TINY.ipynb", notebook()))
    data = zip_of(("lab.ZIP", inner), ("data.zip", zip_of(("a.csv", b""))), ("broken.zip", b"PK"))
    assert submitted(tmp_path, data, "ann.zip").raw == notebook()
    twice = zip_of(("a.zip", inner), ("b.zip", inner))
    for data, message in (
        (twice, "`ann.zip` contains 2 notebooks; submit one"),
        (zip_of(("a.zip", zip_of(("b.zip", inner)))), "contains no notebook"),
        (zip_of(*((f"{n}.zip", STORED) for n in range(21))), "contains 21 zips and no notebook"),
        (zip_of(("a.zip", zip_of(("tiny.ipynb", b"")))), "the notebook in `ann.zip` is empty"),
    ):
        (tmp_path / "ann.zip").write_bytes(data)
        assert message in rejection(tmp_path / "ann.zip")


@pytest.mark.parametrize("work", ["tiny-Copy1.ipynb", "final/tiny.ipynb", "tiny (1).ipynb"])
def test_the_notebook_that_was_handed_out_does_not_count_beside_a_copy(
    tmp_path: Path, work: str
) -> None:
    blank = [code("pair = ..."), code("_Why?_") | {"cell_type": "markdown"}]
    written = replace(TINY.questions[2], placeholder="_Why?_")
    lab = replace(TINY, starter_code="pair = ...", questions=(*TINY.questions[:2], written))
    handed_out = notebook(*blank, code(" \n"))
    path = tmp_path / "ann.zip"
    path.write_bytes(zip_of(("tiny.ipynb", handed_out), (work, notebook())))
    assert read_submission(path, "ann", lab).raw == notebook()
    path.write_bytes(zip_of(("tiny.ipynb", notebook()), (work, handed_out)))
    assert read_submission(path, "ann", lab).raw == notebook()
    # without any work, or with two of them, the name decides as before
    path.write_bytes(zip_of(("tiny.ipynb", handed_out), ("x.ipynb", handed_out)))
    assert read_submission(path, "ann", lab).raw == handed_out
    path.write_bytes(zip_of(("tiny.ipynb", notebook()), ("x.ipynb", notebook(code("1")))))
    assert read_submission(path, "ann", lab).raw == notebook()


def test_of_the_zips_in_a_zip_one_is_in_memory_at_a_time() -> None:
    size = MB
    inner = bytes(size) + zip_of(("tiny.ipynb", notebook()))
    data = zip_of(*((f"{number}.zip", inner) for number in range(20)), method=zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionRejectedError, match="contains 20 notebooks"):
            read_zipped_notebook(data, "tiny.ipynb", 2 * size, "it", lambda _: False)
        assert tracemalloc.get_traced_memory()[1] < 8 * size
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "text", ["check(" + " " * 50, "check('", "check(", "a" * 99, "pair   ", "é"]
)
def test_finding_checks_takes_linear_time(tmp_path: Path, text: str) -> None:
    source = (text * 1_000_000)[:999_990] + "\npair = 1"
    start = time.monotonic()
    submitted(tmp_path, notebook(code(source)), "ann.ipynb").grading_places(TINY)
    assert time.monotonic() - start < 10, "a quarter of a second if linear, minutes if not"


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
    data = zip_of(("notes.txt", b"hello"), (name.replace("\0", "%"), notebook()), method=method)
    if "\0" in name:
        data = data.replace(b"tiny.ipynb%", b"tiny.ipynb\0")
    before = sorted(tmp_path.rglob("*"))
    assert submitted(tmp_path, data, "ann.ZIP").raw == notebook()
    assert sorted(tmp_path.rglob("*")) == [*before, tmp_path / "ann.ZIP"]


def test_the_notebook_in_a_zip_is_found_among_other_files(tmp_path: Path) -> None:
    others = [
        ("__MACOSX/._mine.ipynb", b"\0\5\x16\7"),
        ("lab/._mine.ipynb", b"\0\5\x16\7"),
        ("lab/.ipynb_checkpoints/mine-checkpoint.ipynb", b"old"),
        ("lab\\.ipynb_checkpoints\\mine-checkpoint.ipynb", b"old"),
        ("lab/inner.zip", zip_of(("tiny.ipynb", b"inner"))),
        *((f"lab/data/{number}.csv", b"") for number in range(1_989)),
    ]
    data = b"#!/bin/sh\n" + zip_of(*others, ("lab/mine.ipynb", notebook())) + b"trailing"
    assert submitted(tmp_path, data, "ann.zip").raw == notebook()


def test_the_notebook_with_the_expected_name_is_preferred(tmp_path: Path) -> None:
    for name in ("lab/tiny.ipynb", "lab\\tiny.ipynb"):
        data = zip_of(("lab/scratch.ipynb", b"{}"), (name, notebook()), ("old.ipynb", b"{}"))
        assert submitted(tmp_path, data, "ann.zip").raw == notebook()


def as_link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def far_away() -> bytes:
    """Return an archive whose notebook starts at the largest possible offset."""
    info = zipfile.ZipInfo("tiny.ipynb")
    info.extra = struct.pack("<2HQ", 1, 8, 2**64 - 1)
    return patched(zip_of((info, notebook())), 42, b"\xff\xff\xff\xff")


def patched(data: bytes, at: int, change: bytes) -> bytes:
    """Return an archive with bytes of the first entry in its list of members replaced."""
    at += data.index(b"PK\1\2")
    return data[:at] + change + data[at + len(change) :]


STORED = zip_of(("tiny.ipynb", notebook()))
DEFLATED = zip_of(("tiny.ipynb", notebook()), method=zipfile.ZIP_DEFLATED)
NOT_A_ZIP = "cannot be opened as a zip file; export it again"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK", NOT_A_ZIP),
        (STORED[:-30], NOT_A_ZIP),
        (STORED[40:], NOT_A_ZIP),
        (STORED.replace(b"pair", b"PAIR"), NOT_A_ZIP),  # the checksum is wrong
        (DEFLATED[:60] + b"\xff" * 40 + DEFLATED[100:], NOT_A_ZIP),
        (patched(STORED, 24, b"\1\0\0\0"), NOT_A_ZIP),  # holds one byte
        (patched(STORED, 20, b"\xff\xff\0\0" * 2), NOT_A_ZIP),  # longer than the archive
        (patched(STORED, 42, b"\xff\xff\xff\x7f"), NOT_A_ZIP),  # starts beyond the end
        (far_away(), NOT_A_ZIP),
        (patched(STORED, 6, b"\xff\xff"), NOT_A_ZIP),  # needs a newer version of zip
        (patched(patched(STORED, 8, b"\0\x08"), 46, b"\xff"), NOT_A_ZIP),  # its name is not UTF-8
        (patched(STORED, 8, b"\1"), "is encrypted or compressed in an unusual way"),
        (patched(STORED, 10, b"\x63"), "is encrypted or compressed in an unusual way"),
        (
            zip_of(("tiny.ipynb", notebook()), method=zipfile.ZIP_LZMA),
            "compressed in an unusual way",
        ),
        (
            zip_of(("tiny.ipynb", notebook()), method=zipfile.ZIP_BZIP2),
            "compressed in an unusual way",
        ),
        (zip_of((as_link("tiny.ipynb"), b"/etc/passwd")), "a link in place of the notebook"),
        (zip_of(), "contains no notebook; add `tiny.ipynb` to it"),
        (zip_of(("tiny.ipynb/", b"")), "contains no notebook"),
        (zip_of(("inner.zip", DEFLATED[:-30])), "contains no notebook"),
        (
            zip_of(("a.ipynb", notebook()), ("b.ipynb", notebook())),
            "contains 2 notebooks; submit one",
        ),
        (
            zip_of(("a/tiny.ipynb", notebook()), ("b/tiny.ipynb", notebook())),
            "contains 2 notebooks",
        ),
        (zip_of(("tiny.ipynb", b"")), "the notebook in `ann.zip` is empty"),
        (zip_of(("tiny.ipynb", b"{}")), "the notebook in `ann.zip` is not a notebook of format 4"),
        (list_of_members(2_001, b"a"), "contains too many files; submit the notebook alone"),
        (list_of_members(20, b"a" * 60_000), "contains too many files"),
    ],
    ids=message_only,
)
def test_an_ungradable_zip_is_rejected_with_the_reason(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / "ann.zip").write_bytes(data)
    text = rejection(tmp_path / "ann.zip")
    assert message in text and "ann.zip" in text


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", ["tiny.ipynb", "./tiny.ipynb"])
@pytest.mark.parametrize("other", [b"{}", notebook(), notebook(code("pair = ..."))])
def test_two_members_of_one_path_are_rejected(tmp_path: Path, again: str, other: bytes) -> None:
    (tmp_path / "ann.zip").write_bytes(zip_of(("tiny.ipynb", notebook()), (again, other)))
    assert "contains `tiny.ipynb` 2 times; make the zip again" in rejection(tmp_path / "ann.zip")


BOUNDED = """
import resource, sys
from pathlib import Path
from ottermark.assignment import Assignment
from ottermark.errors import SubmissionRejectedError
from ottermark.submissions.notebook import read_submission

resource.setrlimit(resource.RLIMIT_AS, (192 * 2**20,) * 2)
for path in sys.argv[1:]:
    try:
        read_submission(Path(path), "ann", Assignment("tiny", "tiny.ipynb", (), (), ()))
    except SubmissionRejectedError as rejection:
        print(rejection)
"""


@pytest.mark.slow
def test_memory_is_bounded_whatever_a_file_claims(tmp_path: Path) -> None:
    lists = with_outputs(b"[" + b"[]," * (16 * MB) + b"0]")
    files = {
        "lists.ipynb": lists,  # more than a gigabyte as Python objects
        "lists.zip": zip_of(("tiny.ipynb", lists), method=zipfile.ZIP_DEFLATED),
        "bomb.zip": zip_of(("tiny.ipynb", b" " * (192 * MB)), method=zipfile.ZIP_DEFLATED),
        "members.zip": list_of_members(1_000_000, b"a"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with (tmp_path / "huge.ipynb").open("wb") as sparse:
        sparse.truncate(2**40)
    ran = subprocess.run(
        [sys.executable, "-c", BOUNDED, *files, "huge.ipynb"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    fix = "clear all outputs, save the notebook and submit it again."
    values = f"contains more than 1,000,000 JSON values; {fix}"
    size = f"is larger than 50 MB; {fix}"
    assert ran.stdout.splitlines() == [
        f"`lists.ipynb` {values}",
        f"the notebook in `lists.zip` {values}",
        f"the notebook in `bomb.zip` {size}",
        "`members.zip` contains too many files; submit the notebook alone.",
        f"`huge.ipynb` {size}",
    ]


@pytest.mark.slow
def test_points_and_tags_in_a_notebook_do_not_change_its_score(
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
    (tmp_path / "submissions").mkdir()
    (tmp_path / "submissions" / "thief.ipynb").symlink_to("ignored.ipynb")
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
    assert "rejected: `thief.ipynb` is a link; submit the file" in graded.ran.err
