"""Nothing is lost: runs that are killed, files that break, disks that are full, regrades."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import labs
import nbformat
import pytest
from conftest import Graded, ottermark

from ottermark.authoring.package import replace_folder
from ottermark.batch.ledger import LEDGER, Key, Ledger
from ottermark.batch.run import Batch, BatchOptions, Change
from ottermark.errors import MachineFaultError
from ottermark.grading.autograder import open_autograder
from ottermark.submissions.candidates import Student
from ottermark.submissions.collect import collect
from ottermark.submissions.record import SubmissionRecord

Grade = Callable[..., Graded]
RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}
WRONG = {"q1": "pair = (5, 4)", "q2": RIGHT["q2"]}


@pytest.fixture
def autograder(tiny: Path, tmp_path: Path) -> Path:
    """An autograder that a test may change."""
    return Path(shutil.copytree(tiny / "autograder", tmp_path / "autograder"))


@pytest.fixture
def submissions(tiny: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name, answers in (("ann", RIGHT), ("bob", WRONG), ("cem", {"q1": "pair = (4, 5)"})):
        write(folder / f"{name}.ipynb", tiny, answers)
    (folder / "dora.ipynb").write_text("no notebook")
    return folder


def write(path: Path, tiny: Path, answers: dict[str, str]) -> None:
    path.write_text(json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", answers)))


def grade(submissions: Path, autograder: Path, out: Path, *more: object) -> Graded:
    return Graded(out, ottermark("grade", submissions, "-a", autograder, "-o", out, *more))


def ease(autograder: Path) -> None:
    """Change a test so that `bob` is right."""
    test = autograder / "tests" / "q1.py"
    test.write_text(test.read_text().replace("[4, 5]", "[5, 4]"))


def tables(out: Path) -> list[bytes]:
    """What is kept of a class for its staff and its students."""
    pages = sorted((out / "results").iterdir()) + sorted((out / "feedback").iterdir())
    return [path.read_bytes() for path in [out / "grades.csv", *pages]]


# ------------------------------------------------------------------------------- being stopped


@pytest.mark.parametrize(
    "most_kills",
    [2, pytest.param(10, marks=pytest.mark.ci), pytest.param(50, marks=pytest.mark.sweep)],
)
def test_a_run_may_be_killed_at_any_moment(tiny: Path, tmp_path: Path, most_kills: int) -> None:
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    for number in range(12):
        answers = (RIGHT, WRONG, {"q1": f"pair = (4, {number})"})[number % 3]
        write(
            submissions / f"submission{number:02}.ipynb",
            tiny,
            answers | {"end": "import time; time.sleep(.05)"},
        )
    command = [sys.executable, "-m", "ottermark", "grade", str(submissions), "-j", "2"]
    command += ["-a", str(tiny / "autograder"), "-o"]
    begun = time.monotonic()
    subprocess.run([*command, str(tmp_path / "calm")], check=True, capture_output=True)
    whole = time.monotonic() - begun
    wanted = (tmp_path / "calm" / "grades.csv").read_bytes()
    moments, kills, out = random.Random(7), 0, tmp_path / "stormy"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    while kills < most_kills:
        run = subprocess.Popen(
            [*command, str(out)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"TMPDIR": str(scratch)},
        )
        try:
            assert run.wait(moments.uniform(0.2, 0.7) * whole) == 0
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            kills += 1
            continue
        assert (out / "grades.csv").read_bytes() == wanted
        shutil.rmtree(out)
    done = subprocess.run([*command, str(out)], check=True, capture_output=True, text=True)
    assert (out / "grades.csv").read_bytes() == wanted
    assert "12 graded" in done.stdout
    with contextlib.closing(sqlite3.connect(out / LEDGER)) as file:
        assert file.execute("SELECT count(*) FROM results").fetchone() == (12,)
    deadline = time.monotonic() + 30
    # one may have been killed between making a folder and starting the process that removes it
    while len(list(scratch.iterdir())) > 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(list(scratch.iterdir())) <= 1, "notebooks of a killed grader, or their folders"


def test_a_grader_killed_before_it_read_an_answer(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    ours, theirs = socket.socketpair()
    with theirs:
        zygote = subprocess.Popen(
            [sys.executable, "-m", "ottermark.sandbox.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=os.environ | {"HOME": str(tmp_path / "home")},
        )
    ours.sendall(b'{"request": "preload", "modules": [], "plain_keras": false}\n')
    assert select.select([ours], [], [], 60)[0]
    ours.close()  # with the answer unread: the other end is told of a reset, not of an end
    assert zygote.wait(60) == 0
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
@pytest.mark.parametrize("share", [0, 0.001, 0.2, 0.5, 0.8, 0.999])
def test_a_ledger_that_was_cut_off(
    submissions: Path, autograder: Path, tmp_path: Path, share: float
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    wanted = (first.out / "grades.csv").read_bytes()
    data = (first.out / LEDGER).read_bytes()
    (first.out / LEDGER).write_bytes(data[: int(len(data) * share)])
    again = grade(submissions, autograder, first.out)
    assert again.ran.code == 0, again.ran.err
    assert (first.out / "grades.csv").read_bytes() == wanted
    assert "4 kept from an earlier run" in again.ran.out
    if share:
        assert "was damaged" in again.ran.err and ".broken-1" in again.ran.err
        assert (first.out / f"{LEDGER}.broken-1").exists()


def test_a_ledger_of_noise_and_no_results(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    wanted = (first.out / "grades.csv").read_bytes()
    for path in (first.out / LEDGER, *(first.out / "results").iterdir()):
        path.write_bytes(random.Random(1).randbytes(5_000))
    again = grade(submissions, autograder, first.out)
    assert "kept" not in again.ran.out
    assert (first.out / "grades.csv").read_bytes() == wanted
    assert again.result("ann")["score"] == 6


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b'{"score": 100')])
def test_results_that_were_lost_come_back_ungraded(
    submissions: Path, autograder: Path, tmp_path: Path, harm: Callable[[Path], Any]
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (first.out / "results").iterdir()}
    for path in (first.out / "results").iterdir():
        harm(path)
    assert "4 kept" in grade(submissions, autograder, first.out).ran.out
    assert {path.name: path.read_bytes() for path in (first.out / "results").iterdir()} == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_a_sentence_and_costs_nothing(
    submissions: Path, autograder: Path, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 200_000)
    full = grade(submissions, autograder, small_disk / "out")
    assert full.ran.code == 2
    (line,) = [text for text in full.ran.err.splitlines() if text.startswith("Error")]
    assert "is full; make room and run the same command again" in line
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=10m", str(small_disk)], check=True)
    again = grade(submissions, autograder, small_disk / "out")
    assert again.ran.code == 0, again.ran.err
    assert [row["score"] for row in again.rows.values()] == ["6", "4", "2", "0"]


def test_two_runs_do_not_share_a_folder(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "out"):
        second = grade(submissions, autograder, tmp_path / "out")
    assert second.ran.code == 2 and "Another run is grading into" in second.ran.err
    assert grade(submissions, autograder, tmp_path / "out").ran.code == 0


def test_a_result_stands_only_if_it_is_told_to(tmp_path: Path) -> None:
    one, other = Key("ann", "a", "x"), Key("ann", "a", "y")
    with Ledger(tmp_path) as ledger:
        ledger.keep(one, "1", stands=True)
        ledger.keep(other, "2", stands=False)
        assert ledger.standing("ann") == (one, "1")
        ledger.stand(other)
    with Ledger(tmp_path) as ledger:
        assert ledger.standing("ann") == (other, "2")
        assert ledger.text(one) == "1" and ledger.text(Key("ann", "b", "x")) is None


# ------------------------------------------------------------------------------------ regrades


def test_a_changed_test_is_named_and_what_it_changes_is_shown(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    ease(autograder)
    again = grade(submissions, autograder, first.out, "-y")
    assert (
        "Changed since the last run: tests/q1.py. To be graded again: 4 submissions."
        in again.ran.err
    )
    assert {name: row["score"] for name, row in again.rows.items()} == {
        **{"ann": "4", "bob": "6", "cem": "0", "dora": "0"}
    }
    shown = " ".join(again.ran.out.split())
    for row in ("ann 6 4 q1 2 → 0", "bob 4 6 q1 0 → 2", "cem 2 0 q1 2 → 0"):
        assert row in shown
    assert (first.out / "changes.csv").read_text().splitlines() == [
        "submission,what,before,after,student",
        *("ann,score,6,4,", "ann,q1,2,0,", "bob,score,4,6,", "bob,q1,0,2,"),
        *("cem,score,2,0,", "cem,q1,2,0,"),
    ]
    third = grade(submissions, autograder, first.out)
    assert "4 kept" in third.ran.out and "Changed" not in third.ran.err


@pytest.mark.parametrize("edited", [False, True], ids=["built again", "edited"])
def test_an_autograder_that_changes_meanwhile_costs_nobody_points(
    submissions: Path, autograder: Path, tmp_path: Path, edited: bool
) -> None:
    out = tmp_path / "out"
    with (
        open_autograder(autograder) as grader,
        collect([submissions], grader.assignment) as collected,
        Batch(collected, grader, out, BatchOptions()) as batch,
        pytest.raises(MachineFaultError, match="built again, or edited, while it was grading"),
    ):
        for number, _ in enumerate(batch.events()):
            if number == 1:  # the first is graded, the others are not
                if not edited:
                    replace_folder(Path(shutil.copytree(autograder, tmp_path / "copy")), autograder)
                ease(autograder)
    again = grade(submissions, autograder, out, "--yes")
    assert again.lasting() == grade(submissions, autograder, tmp_path / "other").lasting()


def test_changes_that_are_declined_leave_everything_and_are_not_graded_again(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    stood = {
        path: path.read_bytes() for path in (first.out / "grades.csv", *first.out.glob("results/*"))
    } | {path: path.read_bytes() for path in first.out.glob("executed/*.ipynb")}
    ease(autograder)

    def run(accept: bool) -> tuple[list[str], int, list[float]]:
        with (
            open_autograder(autograder) as grader,
            collect([submissions], grader.assignment) as collected,
            Batch(collected, grader, first.out, BatchOptions()) as batch,
        ):
            for _ in batch.events():
                pass
            changed = [change.submission for change in batch.changes]
            assert all(path.read_bytes() == data for path, data in stood.items())
            if accept:
                batch.accept()
            return changed, batch.reused, [document.score for document in batch.documents]

    changed, reused, _ = run(accept=False)
    assert changed == ["ann", "bob", "cem"] and reused == 0
    assert all(path.read_bytes() == data for path, data in stood.items())
    changed, reused, scores = run(accept=True)
    assert changed == ["ann", "bob", "cem"] and reused == 4
    assert scores == [4, 6, 0, 0]


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "stands"), [("n", "4"), ("y", "6")])
def test_on_a_terminal_you_are_asked(
    submissions: Path, autograder: Path, tmp_path: Path, answer: str, stands: str
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    ease(autograder)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "ottermark", "grade", str(submissions), "-a", str(autograder)]
    run = subprocess.Popen(
        [*command, "-o", str(first.out)], stdin=theirs, stdout=subprocess.PIPE, text=True
    )
    os.write(ours, f"{answer}\n".encode())
    said, _ = run.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert run.returncode == 0
    assert "Overwrite the earlier results?" in said
    assert ("Nothing was overwritten" in said) == (answer == "n")
    assert first.rows["bob"]["score"] == stands


def test_a_submission_handed_in_anew_alone_is_graded_again(
    submissions: Path, autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    grade(submissions, autograder, tmp_path / "out")
    write(submissions / "bob.ipynb", tiny, RIGHT)
    again = grade(submissions, autograder, tmp_path / "out", "-y")
    assert "Submitted again since they were graded: 1." in again.ran.err
    assert "3 kept" in again.ran.out and "bob 4 6" in " ".join(again.ran.out.split())
    assert again.rows["bob"]["score"] == "6"


def test_going_back_to_an_earlier_autograder_costs_no_grading(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    before = (first.out / "grades.csv").read_bytes()
    test = autograder / "tests" / "q1.py"
    original = test.read_text()
    ease(autograder)
    grade(submissions, autograder, first.out, "-y")
    test.write_text(original)
    back = grade(submissions, autograder, first.out, "-y")
    assert "4 kept" in back.ran.out
    assert (first.out / "grades.csv").read_bytes() == before


def test_a_changed_text_of_a_question_has_only_written_answers_read_again(
    submissions: Path, autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    body = labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)
    (place,) = [n for n, cell in enumerate(body["cells"]) if "Why?" in "".join(cell["source"])]
    body["cells"][place + 1]["source"] = "Because."
    (submissions / "eve.ipynb").write_text(json.dumps(body))
    first = grade(submissions, autograder, tmp_path / "out")
    assert first.result("eve")["extra_data"]["written"]["q3"]["answer"] == "Because."
    record = autograder / "questions.json"
    record.write_text(record.read_text().replace("Why?", "How so?"))
    again = grade(submissions, autograder, first.out)
    assert "Only the written answers were read again, of 5 submissions." in again.ran.err
    assert "5 kept" in again.ran.out and "To be graded again" not in again.ran.err
    assert again.result("eve")["extra_data"]["written"]["q3"] == {"state": "missing", "answer": ""}
    assert again.lasting() == grade(submissions, autograder, tmp_path / "fresh").lasting()
    ease(autograder)
    assert "tests/q1.py. To be graded again: 5" in grade(submissions, autograder, first.out).ran.err


# ------------------------------------------------------------------- a class in several runs


def test_without_a_terminal_earlier_grades_are_overwritten_only_with_yes(
    submissions: Path, autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    before = {path: path.read_bytes() for path in first.out.glob("*/[!.]*")}
    before[first.out / "grades.csv"] = (first.out / "grades.csv").read_bytes()
    ease(autograder)
    refused = grade(submissions, autograder, first.out)
    assert refused.ran.code == 1
    assert "bob 4 6 q1 0 → 2" in " ".join(refused.ran.out.split())
    (sentence,) = [line for line in refused.ran.err.splitlines() if line.startswith("Error")]
    assert sentence.startswith("Error: 3 earlier results would change, and there is no terminal")
    assert "run the same command with -y to overwrite them." in sentence
    assert {path: path.read_bytes() for path in before} == before
    accepted = grade(submissions, autograder, first.out, "--yes")
    assert accepted.ran.code == 0 and "4 kept" in accepted.ran.out
    assert accepted.rows["bob"]["score"] == "6"


def test_a_late_submission_adds_a_row_and_replaces_no_table(
    submissions: Path, autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    rows = (first.out / "grades.csv").read_text().splitlines()
    shutil.rmtree(submissions)
    write(tmp_path / "late.ipynb", tiny, RIGHT)
    late = grade(tmp_path / "late.ipynb", autograder, first.out)
    assert late.ran.code == 0, late.ran.err
    assert (
        "Also in the tables, from earlier runs: 4 submissions (ann, bob, cem, dora)."
        in late.ran.err
    )
    assert "1 graded." in late.ran.out
    after = (first.out / "grades.csv").read_text().splitlines()
    assert after[:5] == rows and after[5].startswith("late,graded,6,6,") and len(after) == 6
    for gradebook in ("gradebook-gradescope.csv", "gradebook-canvas.csv"):
        text = (first.out / gradebook).read_text(encoding="utf-8")
        assert all(name in text for name in late.rows)
    report = (first.out / "report.html").read_text()
    assert "5 submissions" in report and all(
        f"feedback/{name}.html" in report for name in late.rows
    )
    links = re.findall(r'href="((?:feedback|executed|results)/[^"]+)"', report)
    assert len(set(links)) == 14  # dora's notebook did not run
    assert all((first.out / link).is_file() for link in links)


def test_of_one_name_the_later_takes_the_place_of_the_earlier(
    submissions: Path, autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    first = grade(submissions, autograder, tmp_path / "out")
    (tmp_path / "again").mkdir()
    write(tmp_path / "again" / "bob.ipynb", tiny, RIGHT)
    assert grade(tmp_path / "again" / "bob.ipynb", autograder, first.out).ran.code == 1
    assert {name: row["score"] for name, row in first.rows.items()}["bob"] == "4"
    again = grade(tmp_path / "again" / "bob.ipynb", autograder, first.out, "-y")
    assert "bob 4 6" in " ".join(again.ran.out.split())
    assert {name: row["score"] for name, row in again.rows.items()} == {
        **{"ann": "6", "bob": "6", "cem": "2", "dora": "0"}
    }


def test_what_was_graded_otherwise_is_said(
    submissions: Path, autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    grade(submissions, autograder, tmp_path / "out")
    ease(autograder)
    write(tmp_path / "late.ipynb", tiny, RIGHT)
    late = grade(tmp_path / "late.ipynb", autograder, tmp_path / "out")
    assert "Of these, 4 submissions had been graded before tests/q1.py changed" in late.ran.err
    assert late.rows["ann"]["score"] == "6" and late.rows["late"]["score"] == "4"


def test_only_what_is_named_stays_if_that_is_asked_for(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    grade(submissions, autograder, tmp_path / "out")
    alone = grade(submissions / "ann.ipynb", autograder, tmp_path / "out", "--only-named")
    assert list(alone.rows) == ["ann"]
    assert "not to stay in the tables: bob, cem, dora." in alone.ran.err
    for folder in ("results", "feedback"):
        assert [path.stem for path in (alone.out / folder).iterdir()] == ["ann"]
    # and it is not forgotten in the next run, but nothing has to be graded again
    again = grade(submissions / "ann.ipynb", autograder, tmp_path / "out")
    assert list(again.rows) == ["ann"]
    assert "4 kept" in grade(submissions, autograder, tmp_path / "out").ran.out


def test_nothing_leaves_the_class_before_somebody_has_agreed(
    submissions: Path, autograder: Path, tmp_path: Path
) -> None:
    grade(submissions, autograder, tmp_path / "out")
    before = tables(tmp_path / "out")
    ease(autograder)
    command = ("grade", submissions / "bob.ipynb", "-a", autograder, "-o", tmp_path / "out")
    refused = ottermark(*command, "--only-named")
    assert refused.code == 1 and "with -y to overwrite them" in refused.err
    assert tables(tmp_path / "out") == before
    assert list(grade(submissions, autograder, tmp_path / "out", "-y").rows) == [
        *("ann", "bob", "cem", "dora")
    ]


def gradescope_export(folder: Path, tiny: Path, number: int, name: str, day: int) -> Path:
    """Write an export with one submission."""
    (folder / f"submission_{number}").mkdir(parents=True)
    write(folder / f"submission_{number}" / "tiny.ipynb", tiny, RIGHT)
    (folder / "submission_metadata.yml").write_text(
        f"---\nsubmission_{number}:\n  :submitters:\n"
        f"  - :name: {name}\n    :email: {name.lower()}@example.edu\n    :sid: S{number}\n"
        f"  :created_at: 2026-11-{day} 09:00:00 Z\n"
    )
    return folder


def test_names_of_an_earlier_download_stay_and_a_student_has_one_row(
    autograder: Path, tiny: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    grade(gradescope_export(tmp_path / "one", tiny, 1, "Ann", 20), autograder, out)
    grade(gradescope_export(tmp_path / "two", tiny, 2, "Ben", 21), autograder, out)
    shutil.rmtree(tmp_path / "one")
    write(tmp_path / "late.ipynb", tiny, RIGHT)
    late = grade(tmp_path / "late.ipynb", autograder, out)
    assert [(row["student"], row["email"]) for row in late.rows.values()] == [
        *(("", ""), ("Ann", "ann@example.edu"), ("Ben", "ben@example.edu"))
    ]
    assert list(next(iter(late.rows.values())))[-2:] == ["student", "email"]
    assert "Ann,,,ann@example.edu" not in (out / "gradebook-canvas.csv").read_text("utf-8-sig")
    assert "Ann,,S1,ann@example.edu,,6.0" in (out / "gradebook-canvas.csv").read_text("utf-8-sig")
    again = grade(gradescope_export(tmp_path / "three", tiny, 3, "Ann", 24), autograder, out)
    assert list(again.rows) == ["late", "submission_2", "submission_3"]
    assert "from earlier runs: 2 submissions (late, submission_2)." in again.ran.err
    assert sorted(path.stem for path in (out / "feedback").iterdir()) == list(again.rows)
    report = (out / "report.html").read_text()
    assert "executed/submission_1.ipynb:" in report and "since it was submitted later" in report


def test_a_record_that_cannot_be_read_costs_only_names(tmp_path: Path) -> None:
    key = Key("ann", "a", "x")
    with Ledger(tmp_path) as ledger:
        ledger.keep(key, "1", stands=True)
        assert ledger.records == {"ann": SubmissionRecord()}
        ledger.note_records({"ann": SubmissionRecord((Student("Ann"),), platform="canvas")})
        assert ledger.records["ann"].students == (Student("Ann"),)
    with contextlib.closing(sqlite3.connect(tmp_path / LEDGER)) as file, file:
        file.execute("UPDATE records SET record = '{'")
    with Ledger(tmp_path) as ledger:
        assert ledger.records == {"ann": SubmissionRecord()}


def test_what_changed_is_told_by_columns() -> None:
    change = Change("ann", "", {"score": "1", "q1": "1"}, {"score": "2", "q1": "1", "q2": "1"})
    assert change.columns == ["score", "q2"]


# ------------------------------------------------------------------------- the executed notebook


def test_the_executed_notebook_shows_what_the_cells_did(grade_tiny: Grade) -> None:
    picture = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    graded = grade_tiny(
        ann={"q1": "print('hello')\npair = (4, 5)\npair", "q2": "1 / 0", "end": picture}
    )
    path = graded.out / "executed" / "ann.ipynb"
    shown = nbformat.read(path, as_version=4)
    nbformat.validate(shown)
    outputs = [out for cell in shown.cells if cell.cell_type == "code" for out in cell.outputs]
    assert any(out.get("text") == "hello\n" for out in outputs)
    assert any(out.get("ename") == "ZeroDivisionError" for out in outputs)
    data = [out.data for out in outputs if "data" in out]
    assert any(each.get("text/plain") == "(4, 5)" for each in data)
    assert any("image/png" in each for each in data)


def test_a_plot_that_is_drawn_again_and_again_is_shown_as_it_ends(grade_tiny: Grade) -> None:
    draw = (
        "import matplotlib.pyplot as plt\nfrom IPython.display import clear_output, display\n"
        "for i in range(130):\n    figure, axes = plt.subplots(figsize=(1, 1), dpi=30)\n    axes.plot([1, i])\n"
        "    clear_output(wait=True)\n    display(figure, f'drawn {i}')\n    plt.close()\nprint('done')"
    )
    graded = grade_tiny(live={"end": draw})
    shown = nbformat.read(graded.out / "executed" / "live.ipynb", as_version=4)
    figure, text, done = shown.cells[-1].outputs
    assert "image/png" in figure.data and text.data["text/plain"] == "'drawn 129'"
    assert done.text == "done\n"


def test_hostile_outputs_cannot_act_or_swell(grade_tiny: Grade) -> None:
    html = "from IPython.display import HTML, Javascript, display\n"
    html += "display(HTML('<script>alert(1)</script>'), Javascript('alert(2)'))\nprint('x' * 10**6)"
    ends = "import os; os._exit(0)"
    graded = grade_tiny(eve={"q1": html, "q2": ends, "end": "print('\\ud800 after')"})
    text = (graded.out / "executed" / "eve.ipynb").read_text(encoding="utf-8")
    assert len(text) < 1_000_000 and "left out: it is too long" in text
    shown = nbformat.reads(text, as_version=4)
    nbformat.validate(shown)
    outputs = [out for cell in shown.cells if cell.cell_type == "code" for out in cell.outputs]
    kinds = {mime for out in outputs for mime in out.get("data", {})}
    assert kinds == {"text/plain"}
    assert any("ended by itself" in out.get("text", "") for out in outputs)
