"""Final grades: every point is accounted for, and what is missing is never 0."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import signal
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from final_class import LATENESS, RUBRIC, Handed, record, write_class

from ottermark.errors import CheckFailedError, UsageError
from ottermark.marking.store import MarkChange, MarkStore
from ottermark.marking.values import Flag, Mark, Override, RegradeRequest, Reply
from ottermark.marking.workspace import Workspace
from ottermark.release.final_folder import FinalFolder
from ottermark.release.final_grades import FinalGrade, final_grades
from ottermark.release.release import Release, changed_pages, changes_between
from ottermark.submissions.candidates import Student

ANN = Student("Ann Lee", "ann@example.org", "11")
BOB = Student("Bob Roe", "", "22")
ANSWERS = {"q2": "Since it is.", "q4": "So."}
CLASS = {
    "ann": Handed(4, 3.25, ANSWERS, record(ANN, submitted_at="2026-10-01T10:00:00Z")),
    "bob": Handed(1, 6, ANSWERS, record(BOB, platform="moodle", late=True)),
    "cy": Handed(0, 0, {"q2": "Who knows."}),
    "docx": Handed(None),
}
NAMES_IT, ALL = Mark(("names-it",)), Mark(("names-it", "reason"))


def mark(submission: str, question: str, value: Mark, answer: str = "") -> MarkChange:
    return MarkChange("mark", submission, question, value, answer)


def write(out: Path, *changes: MarkChange) -> tuple[int, ...]:
    with MarkStore(out) as store:
        return store.write("Tom", changes)


def grades(out: Path) -> dict[str, FinalGrade]:
    with Workspace(out) as workspace:
        return {grade.name: grade for grade in final_grades(workspace)}


def released(out: Path, partial: bool = False) -> tuple[Path, list[str]]:
    """Write the final grades; return the folder and the notes."""
    with Workspace(out) as workspace, FinalFolder(out) as folder:
        final = Release.of(workspace, partial)
        final.write(folder.draft)
        folder.accept()
        return folder.path, list(final.notes)


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {row[next(iter(row))]: row for row in rows}


def mark_all(out: Path, names: Mapping[str, Handed] = CLASS) -> None:
    write(
        out,
        *(mark(name, "q2", NAMES_IT) for name in names),
        *(mark(name, "q4", Mark(points=1.0)) for name in names),
    )


# --------------------------------------------------------------------------------- the sums


def test_a_grade_is_the_points_of_tests_and_marks_by_hand(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    write(
        out,
        mark("ann", "q2", Mark(("names-it", "wrong"), adjustment=0.25)),
        mark("ann", "q4", Mark(points=2.5)),
        MarkChange("override", "ann", "q1", Override(2.0, "Copied.")),
    )
    ann = grades(out)["ann"]
    assert ann.points == {"q1": 2, "q3": 3.25, "q2": 1.75, "q4": 2.5}
    assert (ann.by_tests, ann.by_hand, ann.total, ann.possible) == (5.25, 4.25, 9.5, 17.5)


def test_what_is_not_marked_is_unknown_and_never_zero(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    write(out, mark("cy", "q2", Mark()))
    cy, docx = grades(out)["cy"], grades(out)["docx"]
    assert cy.points == {"q1": 0, "q3": 0, "q2": 0, "q4": None}
    assert (cy.by_tests, cy.by_hand, cy.total) == (0, None, None)
    assert (docx.by_tests, docx.by_hand, docx.total) == (0, None, None)


def test_lateness_takes_points_of_the_whole_and_leaves_no_less_than_none(tmp_path: Path) -> None:
    late = {
        name: replace(CLASS[name], record=record(submitted_at=time))
        for name, time in (
            ("ann", "2026-10-03T11:00:00+02:00"),
            ("bob", "2026-10-30T00:00:00+02:00"),
            ("cy", "2026-10-02T12:00:00+02:00"),
        )
    }
    out = write_class(tmp_path, late, {"lateness": LATENESS})
    mark_all(out, late)
    final = grades(out)
    assert [final[name].lateness.days for name in late] == [2, 29, 1]
    assert [final[name].lateness.deduction for name in late] == [3.5, 5.25, 1.75]
    assert [final[name].total for name in late] == [7.75, 5.75, 2.25]
    write(out, mark("cy", "q2", Mark()), mark("cy", "q4", Mark()))
    assert grades(out)["cy"].total == 0


def test_points_of_tests_are_scaled_as_in_the_results(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS, {"points_possible": 78})
    mark_all(out)
    with Workspace(out) as workspace:
        score = workspace.document("ann").score
    ann = grades(out)["ann"]
    assert (ann.by_tests, ann.possible) == (score, 78 + 7.5)
    assert ann.total == pytest.approx(7.25 * 7.8 + 4)


def test_a_changed_item_scores_everybody_anew(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    mark_all(out)
    before = {name: grade.total for name, grade in grades(out).items()}
    cheaper = replace(RUBRIC, items=(replace(RUBRIC.items[0], points=2.0), *RUBRIC.items[1:]))
    write(out, MarkChange("rubric", "", "q2", cheaper))
    after = {name: grade.total for name, grade in grades(out).items()}
    assert after == {name: total - 1 for name, total in before.items() if total is not None}


def recomputed(out: Path, options: Mapping[str, Any]) -> dict[str, float | None]:
    """Compute the totals from the files alone, with nothing of the tool."""
    worth = {item.id: item.points for item in RUBRIC.items}
    held: dict[tuple[str, str, str], Any] = {}
    with sqlite3.connect(out / "marks.sqlite") as database:
        for kind, name, question, after in database.execute(
            "SELECT kind, submission, question, after FROM events ORDER BY id"
        ):
            held[kind, name, question] = None if after is None else json.loads(after)
    totals: dict[str, float | None] = {}
    with sqlite3.connect(out / "ledger.sqlite") as database:
        rows = database.execute(
            "SELECT submission, document, record FROM standing NATURAL JOIN results NATURAL JOIN records"
        ).fetchall()
    for name, document, text in rows:
        points = {e["number"]: e["score"] for e in json.loads(document)["tests"] if "score" in e}
        for question in ("q1", "q3"):
            if override := held.get(("override", name, question)):
                points[question] = override["points"]
        for question, most in (("q2", 5.0), ("q4", 2.5)):
            value = held.get(("mark", name, question))
            if value is None:
                points[question] = None
            elif value["points"] is not None:
                points[question] = value["points"]
            else:
                sum_of_items = sum(worth[item] for item in value["items"]) + value["adjustment"]
                points[question] = min(most, max(0.0, sum_of_items))
        if None in points.values():
            totals[name] = None
            continue
        late = datetime.fromisoformat(json.loads(text)["submitted_at"]) - datetime.fromisoformat(
            options["lateness"]["due"]
        )
        days = min(options["lateness"]["max_days"], max(0, -(-late // timedelta(days=1))))
        totals[name] = max(0.0, sum(points.values()) - 17.5 * 0.1 * days)
    return totals


@pytest.mark.parametrize("seed", range(4))
def test_totals_agree_with_those_computed_from_the_files(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    due = datetime.fromisoformat(LATENESS["due"])  # type: ignore[arg-type]
    names = [f"s{number}" for number in range(14)]
    class_ = {
        name: Handed(
            rng.choice([0, 1.5, 4]),
            rng.choice([0, 2.25, 6]),
            ANSWERS,
            record(submitted_at=(due + timedelta(hours=rng.uniform(-90, 120))).isoformat()),
        )
        for name in names
    }
    out = write_class(tmp_path, class_, {"lateness": LATENESS})
    items = [item.id for item in RUBRIC.items]
    for _ in range(5):  # again and again, as marks are changed
        changes = []
        for name in rng.sample(names[2:], 8):
            chosen = tuple(item for item in items if rng.random() < 0.5)
            changes += [
                mark(name, "q2", Mark(chosen, adjustment=rng.choice([0, 0, 0.5, -1]))),
                mark(name, "q4", Mark(points=rng.choice([0, 1, 2.5]))),
            ]
            if rng.random() < 0.3:
                question, most = rng.choice([("q1", 4), ("q3", 6)])
                override = Override(rng.uniform(0, most), "Looked at.")
                changes.append(MarkChange("override", name, question, override))
        write(out, *changes)
    expected = recomputed(out, {"lateness": LATENESS})
    final = grades(out)
    assert final.keys() == expected.keys() == set(names)
    for name, total in expected.items():
        assert (final[name].total is None) == (total is None)
        assert total is None or final[name].total == pytest.approx(total, abs=1e-4)
    assert None in expected.values() and len({*expected.values()}) > 5


# ------------------------------------------------------------------------------- the folder


def test_unmarked_answers_are_counted_by_question(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    write(out, mark("ann", "q2", ALL), mark("ann", "q4", Mark()), mark("bob", "q2", ALL))
    with Workspace(out) as workspace, pytest.raises(CheckFailedError) as error:
        Release.of(workspace)
    assert str(error.value) == (
        f"Answers in {out} are not marked yet: 2 of q2, 3 of q4; mark them with `ottermark review "
        f"{out}`, or add --partial to release what is marked."
    )


def test_a_partial_release_leaves_empty_what_is_missing(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    write(out, mark("ann", "q2", ALL), mark("ann", "q4", Mark()), mark("bob", "q2", ALL))
    final, notes = released(out, partial=True)
    rows = table(final / "grades.csv")
    assert list(rows["ann"]) == [
        *("submission", "status", "score", "max_score", "isolation", "q1", "q2", "q3", "q4"),
        *("student", "email", "by_hand", "late_days", "deduction", "final", "final_max"),
    ]
    assert list(rows["ann"].values()) == [
        *("ann", "graded", "7.25", "10", "userns", "4", "5", "3.25", "0"),
        *("Ann Lee", "ann@example.org", "5", "0", "0", "12.25", "17.5"),
    ]
    bob = rows["bob"]
    assert [bob[c] for c in ("q2", "q4", "by_hand", "final")] == ["5", "", "", ""]
    assert "Not complete, so in no gradebook and without a final grade: bob, cy, docx." in notes
    for name in ("gradescope", "canvas", "moodle"):
        text = (final / f"gradebook-{name}.csv").read_text(encoding="utf-8-sig")
        assert "Ann" in text and "12.25" in text and "Bob" not in text and "cy" not in text
    page = (final / "feedback" / "bob.html").read_text()
    assert "not complete yet" in page and "not marked yet, 2.5 points" in page


def test_gradebooks_have_totals_of_the_whole_and_every_question(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    mark_all(out)
    final, notes = released(out)
    ann = table(final / "gradebook-gradescope.csv")["Ann"]
    assert (ann["Total Score"], ann["Max Points"], ann["Status"]) == ("11.25", "17.5", "Graded")
    questions = {head: cell for head, cell in ann.items() if "pts)" in head}
    assert questions == {
        **{"1: q1 (4.0 pts)": "4.0", "2: q2 (5.0 pts)": "3.0"},
        **{"3: q3 (6.0 pts)": "3.25", "4: q4 (2.5 pts)": "1.0"},
    }
    canvas = table(final / "gradebook-canvas.csv")
    assert canvas["    Points Possible"]["lab 1"] == "17.5"
    assert canvas["Bob Roe"]["lab 1"] == "11.0"
    moodle = (final / "gradebook-moodle.csv").read_text()
    assert moodle == (
        "Identifier,Full name,Email address,Grade,Maximum Grade,Last modified (grade)\n"
        ",Ann Lee,ann@example.org,11.25,17.5,\n"
        "Participant 22,Bob Roe,,11.0,17.5,\n"
    )
    assert any("Not in gradebook-moodle.csv" in note and "cy, docx" in note for note in notes)


def test_what_somebody_may_want_to_look_at_is_noted(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS, {"lateness": LATENESS})
    mark_all(out)
    write(
        out,
        mark("ann", "q2", ALL, answer="of an earlier answer"),
        MarkChange("override", "ann", "q1", Override(1, "No."), "of earlier code"),
        MarkChange("flag", "cy", "q4", Flag()),
        MarkChange("request", "bob", "q2", RegradeRequest("Please.")),
    )
    _, notes = released(out)
    assert notes[:7] == [
        "Late by the word of the platform, which does not say how late, so nothing was taken off: "
        "bob.",
        "Nobody knows when these were handed in, so nothing was taken off for lateness: cy, docx.",
        "Marked on an earlier version of the answer: ann q2.",
        "Points changed on an earlier version of the code: ann q1.",
        "Flagged to be looked at again: cy q4.",
        "Open requests: bob q2.",
        "Rejected, so without points of tests: docx.",
    ]


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html.partition("<main>")[2]).split())


def test_feedback_says_what_earned_and_what_was_changed_and_replied(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS, {"hidden_tests": "visible", "lateness": LATENESS})
    mark_all(out)
    comment = "Say *why*. <script>alert(1)</script>"
    write(out, mark("ann", "q2", Mark(("names-it", "wrong"), 0.5, comment)))
    write(out, MarkChange("override", "ann", "q1", Override(2.5, "See `a`.")))
    (thread,) = write(out, MarkChange("request", "ann", "q4", RegradeRequest("I said <so>!")))
    write(out, MarkChange("request", "ann", "q4", RegradeRequest("And this is open.")))
    reply = MarkChange("reply", "ann", "q4", Reply("You *did*."), thread=thread)
    write(out, reply)
    final, _ = released(out)
    page = (final / "feedback" / "ann.html").read_text()
    assert "<script>alert" not in page and "Names <b>it</b>" not in page
    assert "<dd>8.75 <small>of 17.5</small></dd>" in page
    text = plain(page)
    assert "2 of 5 points: some points" in text
    assert (
        "+3 Names &lt;b&gt;it&lt;/b&gt;. 0 of 2 Gives a reason. −1.5 Says something wrong." in text
    )
    assert "+0.5 adjusted by the marker Say why . &lt;script&gt;" in text
    assert "Points changed by the course staff: 4 by the tests, now 2.5 See a ." in text
    assert "Your request I said &lt;so&gt;! The reply You did ." in text
    assert "And this is open" not in text and "not included" not in text
    bob = plain((final / "feedback" / "bob.html").read_text())
    assert "Your request" not in bob and "Points changed" not in bob


def test_scores_that_students_do_not_see_stay_hidden(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS, {"hidden_tests": "hidden"})
    mark_all(out)
    write(out, MarkChange("override", "ann", "q1", Override(2.5, "Copied from a book.")))
    page = plain((released(out)[0] / "feedback" / "ann.html").read_text())
    assert "Points changed by the course staff Copied from a book." in page and "2.5 of" not in page


def test_the_same_marks_give_the_same_bytes_and_others_are_listed(tmp_path: Path) -> None:
    out = write_class(tmp_path, CLASS)
    mark_all(out)
    final, _ = released(out)
    with Workspace(out) as workspace, FinalFolder(out) as folder:
        Release.of(workspace).write(folder.draft)
        assert folder.is_unchanged() and changes_between(final, folder.draft) == ()
    write(out, mark("cy", "q2", ALL))
    with Workspace(out) as workspace, FinalFolder(out) as folder:
        Release.of(workspace).write(folder.draft)
        assert not folder.is_unchanged()
        (change,) = changes_between(final, folder.draft)
        assert change.submission == "cy" and change.columns == ["q2", "by_hand", "final"]
        assert (change.before["final"], change.after["final"]) == ("4", "6")
        assert changed_pages(final, folder.draft) == ["cy"]


def test_a_member_of_a_group_with_a_later_submission_has_one_grade(tmp_path: Path) -> None:
    times = ("2026-10-01T08:00:00Z", "2026-10-01T09:00:00Z")
    group = record(ANN, BOB, platform="gradescope", submitted_at=times[0])
    alone = record(ANN, platform="gradescope", submitted_at=times[1])
    out = write_class(tmp_path, {"g": Handed(4, 6, ANSWERS, group), "a": Handed(0, 0, {}, alone)})
    mark_all(out, {"g": CLASS["ann"], "a": CLASS["ann"]})
    rows = table(released(out)[0] / "gradebook-gradescope.csv")
    assert {name: row["Total Score"] for name, row in rows.items()} == {"Ann": "4.0", "Bob": "14.0"}


# ------------------------------------------------------------------------------ all or nothing


def contents(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in folder.iterdir()} if folder.is_dir() else {}


def accept_and_die(out: Path, text: str, step: int) -> None:
    """Accept new final grades in a process that is killed before the rename of that number."""
    pid = os.fork()
    if pid == 0:
        rename, count = os.rename, 0

        def dying_rename(*args: Any, **kwargs: Any) -> None:
            nonlocal count
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
            rename(*args, **kwargs)

        os.rename = dying_rename
        with FinalFolder(out) as folder:
            (folder.draft / "grades.csv").write_text(text)
            folder.accept()
        os._exit(0)
    os.waitpid(pid, 0)


@pytest.mark.parametrize("step", range(4))
def test_a_kill_leaves_the_old_or_completes_the_new(tmp_path: Path, step: int) -> None:
    with FinalFolder(tmp_path) as folder:
        (folder.draft / "grades.csv").write_text("old")
        folder.accept()
    accept_and_die(tmp_path, "new", step)
    with FinalFolder(tmp_path) as folder:
        assert folder.resumed == (step in (1, 2))
        text = "old" if step == 0 else "new"
        assert contents(tmp_path / "final") == {"grades.csv": text}
        assert contents(tmp_path / "final.1") == ({} if step == 0 else {"grades.csv": "old"})
        assert contents(folder.draft) == {}
    assert {p.name for p in tmp_path.iterdir()} == {".final.lock", "final"} | (
        {"final.1"} if step else set()
    )


def test_earlier_final_grades_are_kept_under_the_next_number(tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        with FinalFolder(tmp_path) as folder:
            (folder.draft / "grades.csv").write_text(text)
            folder.accept()
    kept = {p.name: contents(p)["grades.csv"] for p in tmp_path.glob("final*")}
    assert kept == {"final": "three", "final.1": "one", "final.2": "two"}


def test_a_release_that_is_running_is_not_disturbed(tmp_path: Path) -> None:
    with FinalFolder(tmp_path) as folder:
        (folder.draft / "grades.csv").write_text("one")
        with pytest.raises(UsageError, match="Another release"), FinalFolder(tmp_path):
            pass
        folder.accept()
    assert contents(tmp_path / "final") == {"grades.csv": "one"}
