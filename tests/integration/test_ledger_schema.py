"""Folders that an earlier version graded into open, and nothing in them is lost."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import labs
import pytest
from conftest import ottermark

from ottermark.batch.ledger import LEDGER, Ledger
from ottermark.batch.ledger_schema import VERSION
from ottermark.errors import UsageError
from ottermark.grading.autograder import tool_digest
from ottermark.results.document import ResultDocument
from ottermark.submissions.record import SubmissionRecord

# what version 0.1 wrote for four submissions of the tiny lab: ann (all right), bob (a wrong pair),
# cem (a cell that raises, no second answer) and dora (no notebook)
DOUBLE = "def double(x):\n    return 2 * x"
VERSION_0 = Path(__file__).with_name("data") / "ledger_version_0.sql"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with a ledger of the first version."""
    folder = tmp_path / "grades"
    folder.mkdir()
    database = sqlite3.connect(folder / LEDGER)
    database.executescript(VERSION_0.read_text(encoding="utf-8"))
    database.close()
    return folder


def documents(out: Path) -> dict[str, ResultDocument]:
    with Ledger(out) as ledger:
        assert not ledger.repaired
        rows = [(name, ledger.standing(name)) for name in ledger.submissions]
    return {name: ResultDocument.from_json(row[1]) for name, row in rows if row is not None}


def test_an_earlier_ledger_is_upgraded(out: Path) -> None:
    results = documents(out)
    assert {name: (r.status, r.score) for name, r in results.items()} == {
        "ann": ("graded", 6),
        "bob": ("graded", 4),
        "cem": ("graded", 2),
        "dora": ("rejected", 0),
    }
    bob = results["bob"].questions["q1"]
    assert [case.message for case in bob.facts.cases] == ["Count the places of the window again."]
    assert bob.facts.unexplained == {"pair": "(5, 4)"}
    assert results["cem"].facts.problems[0].text.startswith("Cell ")
    assert "cannot be read as JSON" in results["dora"].facts.message
    assert [entry.facts.part for entry in results["ann"].tests].count("written") == 1
    assert documents(out) == results
    database = sqlite3.connect(out / LEDGER)
    assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)
    database.close()


def test_a_ledger_without_records_is_upgraded(out: Path) -> None:
    results = documents(out)
    database = sqlite3.connect(out / LEDGER)
    database.executescript("DROP TABLE records; PRAGMA user_version = 1")
    database.close()
    assert documents(out) == results
    with Ledger(out) as ledger:
        assert ledger.records == dict.fromkeys(results, SubmissionRecord())


def test_an_upgrade_that_is_cut_short_changes_nothing(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (out / LEDGER).read_bytes()

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("ottermark.batch.ledger_schema.upgrade_document", stop)
        with pytest.raises(KeyboardInterrupt):
            Ledger(out)
    assert (out / LEDGER).read_bytes() == before
    assert len(documents(out)) == 4


def test_a_ledger_of_a_later_version_is_left_alone(out: Path, tiny: Path) -> None:
    database = sqlite3.connect(out / LEDGER)
    database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()
    with pytest.raises(UsageError, match=r"ledger\.sqlite was written by a later version"):
        Ledger(out)
    run = ottermark("grade", tiny / "student", "-a", tiny / "autograder", "-o", out)
    assert run.code == 2 and "update ottermark" in run.err


def test_what_only_was_renamed_is_not_graded_again(
    out: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version that renamed its modules adopts what version 0.1 graded; a later one grades."""
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    answers = {
        "ann": {"q1": "pair = (4, 5)", "q2": DOUBLE},
        "bob": {"q1": "pair = (5, 4)", "q2": DOUBLE},
        "cem": {"q1": "pair = (4, 5)\n1/0"},
    }
    for name, cells in answers.items():
        body = labs.answered(tiny / "student" / "tiny.ipynb", cells)
        (submissions / f"{name}.ipynb").write_text(json.dumps(body))
    (submissions / "dora.ipynb").write_text("no notebook")
    command = ("grade", submissions, "-a", tiny / "autograder", "-o", out)

    monkeypatch.setattr("ottermark.batch.ledger_migration._SAME_TOOL", tool_digest())
    run = ottermark(*command)
    assert run.code == 0 and "(4 kept from an earlier run)" in run.out, run.err
    assert "graded again" not in run.err
    assert {r.facts.key for r in documents(out).values() if r.submission != "dora"}
    monkeypatch.setattr("ottermark.batch.ledger_migration._SAME_TOOL", "another")
    assert "(4 kept from an earlier run)" in ottermark(*command).out
