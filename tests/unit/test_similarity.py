"""Sheets that look alike: copies are found whatever they are dressed as, right answers are not."""

from __future__ import annotations

import builtins
import io
import json
import keyword
import os
import random
import subprocess
import sys
import tokenize
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from ottermark.audit.answer_files import with_answers
from ottermark.reports.similarity import MAX_PASSAGE, Alike, alike

RIGHT = PROJECT / "assignment" / "corpus" / "right"
BLANK = next((PROJECT / "student").glob("*.ipynb"))
SOLUTION = PROJECT / "solutions" / BLANK.name


def cells_of(notebook: dict[str, Any]) -> list[str]:
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def solved(place: int, change: Callable[[str], str] = str) -> list[str]:
    """Return the code cells of a sheet with the ``place``-th right answer to each question.

    ``change`` is done to each answer. No two sheets of different places share an answer.
    """
    answers = {
        folder.name: change(sorted(folder.glob("*.py"))[place].read_text())
        for folder in RIGHT.iterdir()
    }
    return cells_of(with_answers(json.loads(BLANK.read_text()), answers))


SCAFFOLD = "\n\n".join(cells_of(json.loads(BLANK.read_text())))
INDEPENDENT = {
    "solved by staff": "\n\n".join(cells_of(json.loads(SOLUTION.read_text()))),
    **{f"ann{place}": "\n\n".join(solved(place)) for place in range(3)},
}


def renamed(code: str) -> str:
    """Give everything another name, take comments out and write others, blow up the layout."""
    lines = []
    for line in tokenize.generate_tokens(io.StringIO(code).readline):
        own = line.type == tokenize.NAME and not (
            keyword.iskeyword(line.string) or line.string in dir(builtins)
        )
        comment = line.type == tokenize.COMMENT
        lines.append((line.type, f"my_{line.string}" if own else "" if comment else line.string))
    return "# all my own work\n" + tokenize.untokenize(lines) + "\n\n# done\n"


def named(pairs: Sequence[Alike]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in pairs]


def test_right_answers_of_different_people_are_not_alike() -> None:
    assert alike(INDEPENDENT, SCAFFOLD) == []


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param("\n\n".join(solved(0)), id="as it is"),
        pytest.param("\n\n".join(solved(0, renamed)), id="renamed, other comments and layout"),
        pytest.param("\n\n".join(reversed(solved(0))), id="the cells in another order"),
        pytest.param("\r\n\r\n".join(solved(0)) + "\n%matplotlib inline\nfor(", id="broken"),
    ],
)
def test_a_copy_is_found_however_it_is_dressed(copied: str) -> None:
    (pair,) = alike(INDEPENDENT | {"bob": copied}, SCAFFOLD)
    assert (pair.first, pair.second) == ("ann0", "bob")
    assert pair.share > 0.8
    assert pair.lines > 40
    assert 0 < len(pair.passage) <= MAX_PASSAGE
    assert all(line in INDEPENDENT["ann0"] for line in pair.passage.split("\n"))
    assert not set(pair.passage.split("\n")) & set(SCAFFOLD.split("\n"))


def test_a_copy_in_a_longer_sheet_is_found_from_the_shorter_one() -> None:
    both = INDEPENDENT["ann0"] + "\n\n" + "\n".join(solved(1)) + "\n\n" + "\n".join(solved(2))
    pairs = alike({"ann": INDEPENDENT["ann0"], "bob": both}, SCAFFOLD)
    assert named(pairs) == [("ann", "bob")]


def test_what_everybody_was_given_is_nobodys_own() -> None:
    given = {f"s{n}": SCAFFOLD + f"\n# {n}" for n in range(4)}
    assert alike(given, SCAFFOLD) == []
    assert len(alike(given, "")) == 6


def test_what_many_wrote_alike_is_nobodys_own() -> None:
    many = {f"s{n}": INDEPENDENT["ann0"] for n in range(5)}
    assert alike(many, SCAFFOLD) == []
    few = {f"s{n}": INDEPENDENT["ann0"] for n in range(4)}
    assert len(alike(few, SCAFFOLD)) == 6


def test_sheets_with_little_of_their_own_are_not_compared() -> None:
    short = SCAFFOLD + "\n\nshape_6_3 = (4, 4)\nshape_33_2 = (32, 32)\n"
    assert alike({"ann": short, "bob": short}, SCAFFOLD) == []


def test_the_most_striking_pair_comes_first() -> None:
    cells = solved(0)
    code = INDEPENDENT | {"zoe": "\n\n".join(cells), "bob": "\n\n".join(cells[: -len(cells) // 4])}
    pairs = alike(code, SCAFFOLD)
    assert named(pairs)[0] == ("ann0", "zoe")
    assert [pair.share for pair in pairs] == sorted((p.share for p in pairs), reverse=True)


HOSTILE = {
    "nothing": "",
    "a byte": "\0",
    "repeated": "x = foo(1, 2)\n" * 70_000,
    "halves": "\ud800" * 1_000_000,
    "noise": "".join(map(chr, random.Random(0).choices(range(0x110000), k=60_000))),
    "quotes": "'\"\\" * 30_000,
    "brackets": "(" * 100_000,
    "line ends": "\r" * 100_000,
    "spaces": " " * 1_000_000,
}


@pytest.mark.slow
def test_hostile_sheets_break_nothing_and_hide_nobody() -> None:
    code = INDEPENDENT | HOSTILE | {"bob": INDEPENDENT["ann1"]}
    assert named(alike(code, SCAFFOLD)) == [("ann1", "bob")]
    assert len(alike({f"s{n}": HOSTILE["noise"][:9000] for n in range(3)}, SCAFFOLD)) == 3


def test_few_or_no_sheets_are_alike_to_nobody() -> None:
    assert (
        alike({}, SCAFFOLD) == alike({"ann": SCAFFOLD}, "") == alike({"a": "", "b": ""}, "") == []
    )


@pytest.mark.slow
def test_the_same_sheets_give_the_same_pairs(tmp_path: Path) -> None:
    code = INDEPENDENT | {"bob": "\n\n".join(solved(1, renamed)), "cy": "\n\n".join(solved(1))}
    pairs = alike(code, SCAFFOLD)
    assert len(pairs) == 3
    assert alike(dict(reversed(code.items())), SCAFFOLD) == pairs
    # Python hashes texts otherwise in each process, and copydetect goes by these hashes
    (tmp_path / "code.json").write_text(json.dumps([code, SCAFFOLD]))
    ask = "import json, ottermark.reports.similarity as l; print(l.alike(*json.load(open('code.json'))))"
    there = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env=os.environ | {"PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == repr(pairs)


def test_without_copydetect_the_caller_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(ImportError):
        alike(INDEPENDENT, SCAFFOLD)
