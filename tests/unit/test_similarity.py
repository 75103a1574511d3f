"""Copies of a submission are found however they are disguised; independent solutions are not."""

from __future__ import annotations

import builtins
import io
import json
import keyword
import os
import random
import subprocess
import sys
import time
import tokenize
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from ottermark.audit.answer_files import with_answers
from ottermark.reports.similarity import (
    MAX_EXCERPT,
    SIMILAR_FILE,
    SimilarityReport,
    SimilarPair,
    find_similar_pairs,
    group_pairs,
    read_similar,
)

pytestmark = pytest.mark.slow

RIGHT = PROJECT / "assignment" / "corpus" / "right"
BLANK = next((PROJECT / "student").glob("*.ipynb"))
SOLUTION = PROJECT / "solutions" / BLANK.name


def cells_of(notebook: dict[str, Any]) -> list[str]:
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def solved_by(student: int, change: Callable[[str], str] = str) -> list[str]:
    """Return the code cells of a notebook with a right answer to each question, changed by ``change``.

    No two students have an answer in common.
    """
    answers = {
        folder.name: change(sorted(folder.glob("*.py"))[student].read_text())
        for folder in RIGHT.iterdir()
    }
    return cells_of(with_answers(json.loads(BLANK.read_text()), answers))


SCAFFOLD = "\n\n".join(cells_of(json.loads(BLANK.read_text())))
INDEPENDENT = {
    "solved by staff": "\n\n".join(cells_of(json.loads(SOLUTION.read_text()))),
    **{f"ann{student}": "\n\n".join(solved_by(student)) for student in range(3)},
}


def renamed(code: str) -> str:
    """Rename everything, replace the comments and stretch the layout."""
    lines = []
    for line in tokenize.generate_tokens(io.StringIO(code).readline):
        own = line.type == tokenize.NAME and not (
            keyword.iskeyword(line.string) or line.string in dir(builtins)
        )
        comment = line.type == tokenize.COMMENT
        lines.append((line.type, f"my_{line.string}" if own else "" if comment else line.string))
    return "# all my own work\n" + tokenize.untokenize(lines) + "\n\n# done\n"


def names_of(pairs: Sequence[SimilarPair]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in pairs]


def test_independent_solutions_are_not_similar() -> None:
    assert find_similar_pairs(INDEPENDENT, SCAFFOLD) == []


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param("\n\n".join(solved_by(0)), id="as it is"),
        pytest.param("\n\n".join(solved_by(0, renamed)), id="renamed, other comments and layout"),
        pytest.param("\n\n".join(reversed(solved_by(0))), id="the cells in another order"),
        pytest.param("\r\n\r\n".join(solved_by(0)) + "\n%matplotlib inline\nfor(", id="broken"),
    ],
)
def test_a_copy_is_found_however_it_is_disguised(copied: str) -> None:
    (pair,) = find_similar_pairs(INDEPENDENT | {"bob": copied}, SCAFFOLD)
    assert (pair.first, pair.second) == ("ann0", "bob")
    assert pair.similarity > 0.8
    assert pair.lines > 40
    assert 0 < len(pair.excerpt) <= MAX_EXCERPT
    assert all(line in INDEPENDENT["ann0"] for line in pair.excerpt.split("\n"))
    assert not set(pair.excerpt.split("\n")) & set(SCAFFOLD.split("\n"))


def test_a_copy_within_a_longer_submission_is_found() -> None:
    both = INDEPENDENT["ann0"] + "\n\n" + "\n".join(solved_by(1)) + "\n\n" + "\n".join(solved_by(2))
    pairs = find_similar_pairs({"ann": INDEPENDENT["ann0"], "bob": both}, SCAFFOLD)
    assert names_of(pairs) == [("ann", "bob")]


def test_code_that_everybody_was_given_does_not_count() -> None:
    unchanged = {f"s{n}": SCAFFOLD + f"\n# {n}" for n in range(4)}
    assert find_similar_pairs(unchanged, SCAFFOLD) == []
    assert len(find_similar_pairs(unchanged, "")) == 6


def test_code_that_many_wrote_does_not_count() -> None:
    many = {f"s{n}": INDEPENDENT["ann0"] for n in range(5)}
    assert find_similar_pairs(many, SCAFFOLD) == []
    few = {f"s{n}": INDEPENDENT["ann0"] for n in range(4)}
    assert len(find_similar_pairs(few, SCAFFOLD)) == 6


def test_submissions_with_little_unusual_code_are_not_compared() -> None:
    short = SCAFFOLD + "\n\nshape_6_3 = (4, 4)\nshape_33_2 = (32, 32)\n"
    assert find_similar_pairs({"ann": short, "bob": short}, SCAFFOLD) == []


def test_the_most_similar_pair_comes_first() -> None:
    cells = solved_by(0)
    code = INDEPENDENT | {"zoe": "\n\n".join(cells), "bob": "\n\n".join(cells[: -len(cells) // 4])}
    pairs = find_similar_pairs(code, SCAFFOLD)
    assert names_of(pairs)[0] == ("ann0", "zoe")
    assert [pair.similarity for pair in pairs] == sorted(
        (p.similarity for p in pairs), reverse=True
    )


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
def test_hostile_submissions_break_nothing_and_hide_nobody() -> None:
    code = INDEPENDENT | HOSTILE | {"bob": INDEPENDENT["ann1"]}
    assert names_of(find_similar_pairs(code, SCAFFOLD)) == [("ann1", "bob")]
    assert (
        len(find_similar_pairs({f"s{n}": HOSTILE["noise"][:9000] for n in range(3)}, SCAFFOLD)) == 3
    )


def test_many_blank_lines_cost_little() -> None:
    started = time.process_time()
    code = {name: f"x = {n}\n" + " \n" * 10_000 + "y" for n, name in enumerate("ab")}
    assert find_similar_pairs(code, SCAFFOLD) == []
    assert time.process_time() - started < 5


def test_there_are_no_pairs_among_few_or_empty_submissions() -> None:
    assert (
        find_similar_pairs({}, SCAFFOLD)
        == find_similar_pairs({"ann": SCAFFOLD}, "")
        == find_similar_pairs({"a": "", "b": ""}, "")
        == []
    )


@pytest.mark.slow
def test_the_same_submissions_give_the_same_pairs(tmp_path: Path) -> None:
    code = INDEPENDENT | {
        "bob": "\n\n".join(solved_by(1, renamed)),
        "cy": "\n\n".join(solved_by(1)),
    }
    pairs = find_similar_pairs(code, SCAFFOLD)
    assert len(pairs) == 3
    assert find_similar_pairs(dict(reversed(code.items())), SCAFFOLD) == pairs
    # copydetect uses hashes of strings, which differ from process to process
    (tmp_path / "code.json").write_text(json.dumps([code, SCAFFOLD]))
    script = (
        "import json; from ottermark.reports.similarity import find_similar_pairs; "
        "print(find_similar_pairs(*json.load(open('code.json'))))"
    )
    other_process = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONHASHSEED": "12345"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other_process.stdout.strip() == repr(pairs)


def test_an_import_error_is_raised_without_copydetect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(ImportError):
        find_similar_pairs(INDEPENDENT, SCAFFOLD)


def test_groups_are_kept_for_the_marking_page(tmp_path: Path) -> None:
    path = tmp_path / SIMILAR_FILE
    groups = group_pairs([SimilarPair("a", "b", 0.75, 12, "x = 'ü'")])
    for comparison in (
        SimilarityReport(groups, results="1a"),
        SimilarityReport(None, "there are too many."),
    ):
        path.write_text(comparison.to_json(), encoding="utf-8")
        assert read_similar(path) == comparison
    for damaged in ("", "[]", '{"groups": [{}]}', '{"groups": 3, "not_compared": ""}'):
        path.write_text(damaged)
        assert read_similar(path).groups is None
    path.unlink()
    assert "ottermark grade" in read_similar(path).not_compared
