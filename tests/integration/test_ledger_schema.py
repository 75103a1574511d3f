"""Folders that an earlier version graded into open, and nothing in them is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from conftest import ottermark

from ottermark.batch.ledger import LEDGER, Ledger
from ottermark.batch.ledger_schema import VERSION
from ottermark.errors import UsageError
from ottermark.results.document import ResultDocument
from ottermark.submissions.record import SubmissionRecord

# what version 0.1 wrote for four submissions of the tiny lab: ann (all right), bob (a wrong pair),
# cem (a cell that raises, no second answer) and dora (no notebook)
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
