"""``ottermark release`` as TAs use it: a class graded, marked, graded again and handed back."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import labs
import pytest
from conftest import Ran, ottermark

from ottermark.marking.store import MarkChange, MarkStore
from ottermark.marking.values import Mark, Override, RegradeRequest, Reply
from ottermark.marking.workspace import Workspace

RUBRICS = """\
# What q3 is marked by.
q3:
  items:
    - {id: because, points: 2, text: Says because.}
    - {id: more, points: 1, text: Says more than that.}
"""
RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}
WRONG = {"q1": "pair = (5, 4)", "q2": RIGHT["q2"]}
PLACEHOLDER = "_Type your answer here, replacing this text._"
BECAUSE, BOTH = Mark(("because",)), Mark(("because", "more"), comment="Well *said*.")


def notebook(lab: Path, answers: dict[str, str], why: str) -> str:
    body = labs.answered(lab / "student" / "tiny.ipynb", answers)
    (cell,) = [cell for cell in body["cells"] if "".join(cell["source"]) == PLACEHOLDER]
    cell["source"] = why or PLACEHOLDER
    return json.dumps(body)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny lab with rubrics, built, and a class of it graded."""
    folder = tmp_path_factory.mktemp("release")
    labs.write_tiny(folder)
    (folder / "assignment" / "rubrics.yaml").write_text(RUBRICS)
    assert ottermark("build", cwd=folder).code == 0
    (folder / "class").mkdir()
    for name, answers, why in (
        ("ann", RIGHT, "Because it does."),
        ("bob", WRONG, "It does."),
        ("cy", {}, ""),
    ):
        (folder / "class" / f"{name}.ipynb").write_text(notebook(folder, answers, why))
    (folder / "class" / "docx.ipynb").write_text("no notebook")
    ran = ottermark("grade", "class", cwd=folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def copy(lab: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return shutil.copytree(lab, tmp_path / "lab")


def mark(folder: Path, marks: Mapping[str, Mark]) -> None:
    """Mark answers to q3, each with the digest of the answer as it is now."""
    with Workspace(folder / "grades") as workspace:
        changes = [
            MarkChange("mark", name, "q3", value, workspace.mark_of(name, "q3").answer.digest)
            for name, value in marks.items()
        ]
        workspace.store.write("Tom", changes)


def release(folder: Path, *options: str) -> Ran:
    return ottermark("release", "grades", *options, cwd=folder)


def rows(folder: Path, name: str = "final/grades.csv") -> dict[str, dict[str, str]]:
    with (folder / "grades" / name).open(newline="", encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    return {row[next(iter(row))]: row for row in table}


def column(folder: Path, name: str = "final", table: str = "final/grades.csv") -> dict[str, str]:
    return {submission: row[name] for submission, row in rows(folder, table).items()}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


MARKS = {"ann": BOTH, "bob": BECAUSE, "cy": Mark(), "docx": Mark()}


def test_grading_leaves_what_marking_needs(lab: Path) -> None:
    left = tree(lab / "grades" / "assignment")
    assert set(left) == {"questions.json", "otter_config.json", "rubrics.yaml"}
    assert left["rubrics.yaml"].decode() == RUBRICS
    assert left["questions.json"] == (lab / "autograder" / "questions.json").read_bytes()


def test_unmarked_answers_are_refused_and_partly_released(copy: Path) -> None:
    mark(copy, {"ann": BOTH, "cy": Mark()})
    before = tree(copy / "grades")
    refused = release(copy, "-y")
    assert refused.code == 1 and "are not marked yet: 2 of q3; mark them with" in refused.err
    after = tree(copy / "grades")
    assert {name for name in after if after[name] != before.get(name)} <= {".final.lock"}

    partly = release(copy, "--partial", "-y")
    assert partly.code == 0, partly.err
    assert column(copy) == {"ann": "9", "bob": "", "cy": "0", "docx": ""}
    assert column(copy, "q3") == {"ann": "3", "bob": "", "cy": "0", "docx": ""}
    assert "bob" not in (copy / "grades/final/gradebook-canvas.csv").read_text()
    assert "2 final grades, 4.5 of 9 points on average; 2 not complete." in partly.out
    assert f"Final grades: {copy / 'grades/final/grades.csv'}" in partly.out
    assert {path.name for path in (copy / "grades/final/feedback").iterdir()} == {
        f"{name}.html" for name in MARKS
    }


def test_without_a_terminal_it_only_shows(copy: Path) -> None:
    mark(copy, MARKS)
    first = release(copy)
    assert first.code == 1 and not (copy / "grades/final").exists()
    assert "would be written, and there is no terminal" in first.err and "with -y" in first.err
    assert [line.split() for line in first.out.splitlines() if line.startswith("bob")] == [
        ["bob", "4", "2", "6", "9"]
    ]
    assert release(copy, "-y").code == 0
    assert column(copy) == {"ann": "9", "bob": "6", "cy": "0", "docx": "0"}
    before = tree(copy / "grades/final")

    mark(copy, {"bob": BOTH})
    shown = release(copy)
    assert shown.code == 1 and "What this release changes" in shown.out
    assert [line.split() for line in shown.out.splitlines() if line.startswith("bob")] == [
        ["bob", "6", "7", "q3", "2", "→", "3,", "by_hand", "2", "→", "3"]
    ]
    assert "Nothing was written." in shown.out and "would change, and there is" in shown.err
    assert tree(copy / "grades/final") == before

    assert release(copy, "-y").code == 0
    assert tree(copy / "grades/final.1") == before
    assert column(copy)["bob"] == "7"
    again = release(copy)
    assert again.code == 0 and "Nothing changes" in again.out
    assert not (copy / "grades/final.2").exists()
    assert sorted(p.name for p in (copy / "grades").glob(".final*")) == [".final.lock"]


def test_a_regrade_in_between_keeps_the_marks_and_says_what_they_are_about(copy: Path) -> None:
    mark(copy, MARKS)
    assert release(copy, "-y").code == 0
    (copy / "class" / "bob.ipynb").write_text(notebook(copy, RIGHT, "Because of that, and more."))
    ran = ottermark("grade", "class/bob.ipynb", "-y", cwd=copy)
    assert ran.code == 0, ran.err
    ran = release(copy, "-y")
    assert ran.code == 0, ran.err
    assert "Marked on an earlier version of the answer: bob q3." in ran.out
    assert (column(copy)["bob"], column(copy, "final", "final.1/grades.csv")["bob"]) == ("8", "6")
    page = (copy / "grades/final/feedback/bob.html").read_text()
    assert "Because of that, and more." in page and "Says because." in page
    mark(copy, {"bob": BOTH})
    ran = release(copy, "-y")
    assert "earlier version" not in ran.out and column(copy)["bob"] == "9"


def test_what_decides_no_marks_of_tests_has_nothing_graded_again(copy: Path) -> None:
    mark(copy, MARKS)
    results = tree(copy / "grades/results")
    cheaper = RUBRICS.replace("points: 2", "points: 1.5").replace("points: 1,", "points: 1.5,")
    (copy / "assignment" / "rubrics.yaml").write_text(cheaper)
    master = copy / "assignment" / "tiny.ipynb"
    master.write_text(master.read_text().replace("and here is why.", "and that is why."))
    lateness = {"due": "2026-10-01T12:00:00Z", "percent_per_day": 10}
    (copy / "otter_config.json").write_text(json.dumps({"lateness": lateness}))
    assert ottermark("build", cwd=copy).code == 0
    ran = ottermark("grade", "class", cwd=copy)
    assert ran.code == 0 and "(4 kept from an earlier run)" in ran.out, ran.err
    assert "Changed since" not in ran.err and tree(copy / "grades/results") == results
    assert "and that is why." in (copy / "grades/assignment/questions.json").read_text()
    ran = release(copy, "-y")
    assert ran.code == 0, ran.err
    assert column(copy) == {"ann": "9", "bob": "5.5", "cy": "0", "docx": "0"}
    assert "Nobody knows when these were handed in" in ran.out


def test_a_rubric_that_cannot_be_marked_with_stops_the_build(copy: Path) -> None:
    (copy / "assignment" / "rubrics.yaml").write_text(
        "q2: {items: [{id: a, points: 1, text: A.}]}\nq3: {items: [{id: a, points: 1, text: A.}]}\n"
    )
    ran = ottermark("build", cwd=copy)
    assert ran.code == 2
    first, second = ran.err.strip().splitlines()
    assert first == (
        "Error: assignment/rubrics.yaml, q2: no written question has this id; remove it."
    )
    assert "q3: the items reach 1 of the question's 3 points; raise them" in second


def test_overrides_requests_and_comments_reach_the_student(copy: Path) -> None:
    mark(copy, MARKS)
    with MarkStore(copy / "grades") as store:
        store.write("Tom", [MarkChange("override", "bob", "q1", Override(1.5, "Nearly."))])
        (thread,) = store.write("Tom", [MarkChange("request", "bob", "q3", RegradeRequest("Why?"))])
        store.write("Kim", [MarkChange("reply", "bob", "q3", Reply("So."), thread=thread)])
    assert release(copy, "-y").code == 0
    assert rows(copy)["bob"]["q1"] == "1.5" and column(copy)["bob"] == "7.5"
    bob = (copy / "grades/final/feedback/bob.html").read_text()
    assert all(text in bob for text in ("Nearly.", "Why?", "So.", "Says because."))
    assert "Tom" not in bob and "Kim" not in bob
    assert "Well <em>said</em>." in (copy / "grades/final/feedback/ann.html").read_text()


def test_what_people_say_of_a_rejected_file_reaches_the_student(copy: Path) -> None:
    mark(copy, {**MARKS, "docx": Mark(("because",), comment="Seen on *paper*.")})
    with MarkStore(copy / "grades") as store:
        store.write("Tom", [MarkChange("override", "docx", "q1", Override(1.5, "On paper, too."))])
        request = MarkChange("request", "docx", "q2", RegradeRequest("I sent the wrong file."))
        (thread,) = store.write("Tom", [request])
        store.write("Kim", [MarkChange("reply", "docx", "q2", Reply("So."), thread=thread)])
    assert release(copy, "-y").code == 0
    assert column(copy)["docx"] == "3.5"
    page = (copy / "grades/final/feedback/docx.html").read_text()
    for text in ("Seen on <em>paper</em>.", "On paper, too.", "I sent the wrong file.", "So."):
        assert text in page
    assert "2 of 3 points: <b>some points</b>" in page


def test_a_release_that_was_killed_is_completed(copy: Path) -> None:
    mark(copy, MARKS)
    assert release(copy, "-y").code == 0
    mark(copy, {"bob": BOTH})
    killed = """
import os, signal, sys
rename = os.rename
def dying(source, target, *args, **kwargs):
    if str(target).endswith("/final"):
        os.kill(os.getpid(), signal.SIGKILL)
    rename(source, target, *args, **kwargs)
os.rename = dying
from ottermark.cli.main import main
main(["release", "grades", "-y"])
"""
    done = subprocess.run([sys.executable, "-c", killed], cwd=copy, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert not (copy / "grades/final").exists() and (copy / "grades/final.1").is_dir()
    ran = release(copy)
    assert ran.code == 0 and "The last release was interrupted; " in ran.out
    assert "Nothing changes" in ran.out and column(copy)["bob"] == "7"


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_asks(copy: Path, answer: str) -> None:
    mark(copy, MARKS)
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    with os.fdopen(theirs, "r") as terminal:
        done = subprocess.run(
            [sys.executable, "-m", "ottermark", "release", "grades"],
            cwd=copy,
            stdin=terminal,
            capture_output=True,
            text=True,
        )
    os.close(ours)
    assert done.returncode == 0, done.stderr
    assert (copy / "grades/final").exists() == (answer == "y")
    assert ("Nothing was written." in done.stdout) == (answer == "n")


def test_a_folder_that_was_not_graded_is_refused(tmp_path: Path) -> None:
    ran = ottermark("release", tmp_path)
    assert ran.code == 2 and str(tmp_path) in ran.err and "ottermark grade" in ran.err
    assert list(tmp_path.iterdir()) == []
