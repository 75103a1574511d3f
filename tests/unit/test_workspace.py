"""The workspace: marks beside results that may be graded again at any moment."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import marked_class
import pytest

from ottermark.batch.ledger import LEDGER, Ledger
from ottermark.errors import UsageError
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Flag, GroupEdits, Mark, Override
from ottermark.marking.workspace import MarkStatus, Workspace
from ottermark.rubric import Rubric, RubricItem
from ottermark.submissions.candidates import Student
from ottermark.submissions.record import SubmissionRecord

RUBRICS = """\
# How we mark.
q2:
  items:
  - {id: border, points: 2, text: Says what happens at the border.}
  - {id: size, points: 1, text: Says what happens to the size.}
"""


@pytest.fixture
def marked(tmp_path: Path) -> marked_class.MarkedClass:
    return marked_class.small_class(tmp_path / "out", 20, rubrics=RUBRICS)


@pytest.fixture
def workspace(marked: marked_class.MarkedClass) -> Workspace:
    return Workspace(marked.out)


def mark(status: MarkStatus, *items: str) -> MarkChange:
    answer = status.answer.digest
    return MarkChange("mark", status.submission, status.question, Mark(items), answer, status.seen)


# --------------------------------------------------------------------------- what there is


def test_all_that_was_handed_in_is_there(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    assert workspace.submissions == marked.names
    for question in workspace.written_questions:
        answers = workspace.written(question.id)
        assert list(answers) == list(marked.names)
        for name, answer in answers.items():
            kind = marked.kinds[name, question.id]
            assert answer.state == {"blank": "empty", "missing": "missing"}.get(kind, "answered")
            assert answer.text == marked.answers[name, question.id]
    without = [name for name in marked.names if marked.kinds[name, "q2"] in ("blank", "missing")]
    assert without
    assert list(workspace.without_answer("q2")) == without
    grouped = [name for group in workspace.groups("q2") for name in group.members]
    assert sorted([*grouped, *without]) == list(marked.names)
    assert workspace.submission("s0003").students[0].email == "student3@example.org"
    assert workspace.document("s0003").submission == "s0003"
    assert workspace.executed_path("s0003") == marked.out / "executed" / "s0003.ipynb"


def test_outcomes_of_tests(workspace: Workspace) -> None:
    outcomes = workspace.automatic("q1")
    assert (outcomes["s0000"].points, outcomes["s0000"].failed) == (4, ())
    assert (outcomes["s0001"].points, outcomes["s0001"].failed) == (0, ("test_q1_value",))
    assert outcomes["s0001"].misconceptions == ("swapped height and width",)
    assert [len(group.members) for group in workspace.failure_groups("q1")] == [10, 10]


@pytest.mark.parametrize("name", ["s0000x", "../s0000", ""])
def test_what_is_not_there_is_a_key_error(workspace: Workspace, name: str) -> None:
    for ask in (workspace.document, workspace.submission, workspace.executed_path):
        with pytest.raises(KeyError):
            ask(name)
    with pytest.raises(KeyError):
        workspace.mark_of(name, "q2")
    with pytest.raises(KeyError):
        workspace.override_of(name, "q1")
    for wrong in ("q1", "q9"):
        with pytest.raises(KeyError):
            workspace.written(wrong)
    with pytest.raises(KeyError):
        workspace.automatic("q2")


# -------------------------------------------------------------------------------- the marks


def test_a_changed_item_scores_everybody_again_at_once(workspace: Workspace) -> None:
    statuses = workspace.marks_of("q2")
    assert all(status.unmarked and status.points is None for status in statuses.values())
    workspace.store.write("ann", [mark(status, "border") for status in statuses.values()])
    assert {status.points for status in workspace.marks_of("q2").values()} == {2}
    items = (RubricItem("border", "Border.", 1.5), RubricItem("size", "Size.", 1.5))
    change = MarkChange("rubric", "", "q2", Rubric("q2", 3, items))
    workspace.store.write("bob", [change])
    assert {status.points for status in workspace.marks_of("q2").values()} == {1.5}
    assert workspace.mark_of("s0000", "q2").points == 1.5
    assert workspace.mark_of("s0000", "q2").marker == "ann"
    assert "points: 1.5" in workspace.rubrics_text()
    assert workspace.rubrics_text().startswith("# How we mark.\n\n")
    workspace.store.undo("bob")
    assert workspace.marks_of("q2")["s0000"].points == 2


def test_a_question_without_rubric_has_a_plain_one(workspace: Workspace) -> None:
    assert workspace.rubrics()["q3"].score(["right"]) == 2


def test_statuses_of_a_list_are_those_of_each(workspace: Workspace) -> None:
    def agrees() -> bool:
        each = {name: workspace.mark_of(name, "q2") for name in workspace.submissions}
        return workspace.marks_of("q2") == each

    first = mark(workspace.mark_of("s0001", "q2"), "size")
    workspace.store.write("ann", [first, MarkChange("flag", "s0002", "q2", Flag())])
    assert agrees() and workspace.marks_of("q2")["s0002"].flagged
    workspace.store.write("ann", [mark(workspace.mark_of("s0001", "q2"), "border")])
    assert agrees() and workspace.marks_of("q2")["s0001"].points == 2
    workspace.store.write("ann", [MarkChange("mark", "s0001", "q2", None)])
    workspace.store.write("ann", [MarkChange("flag", "s0002", "q2", None)])
    assert agrees() and workspace.marks_of("q2")["s0001"].unmarked


def test_a_mark_stays_and_is_stale_when_the_answer_changes(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    before = workspace.written("q2")["s0004"]
    workspace.store.write("ann", [mark(workspace.mark_of("s0004", "q2"), "border")])
    version = workspace.version
    marked.hand_in_again("s0004", {"q2": "I see it now."})
    assert workspace.version > version
    status = workspace.mark_of("s0004", "q2")
    assert (status.points, status.stale, status.answer.text) == (2, True, "I see it now.")
    assert status.placed is not None
    assert workspace.earlier_answer("s0004", "q2", status.placed.answer) == before.text
    assert workspace.document("s0004").facts.written["q2"].answer == "I see it now."
    workspace.store.write("ann", [mark(status, "size")])
    assert not workspace.mark_of("s0004", "q2").stale
    marked.hand_in_again("s0004", {"q2": "  I see   it now.\n"})
    assert not workspace.mark_of("s0004", "q2").stale


def test_grading_again_never_touches_a_mark(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    workspace.store.write("ann", [mark(s, "size") for s in workspace.marks_of("q2").values()])
    events = workspace.store.events()
    for name in marked.names:
        marked.hand_in_again(name, scores={"q1": 1})
    assert {outcome.points for outcome in workspace.automatic("q1").values()} == {1}
    assert {(s.points, s.stale) for s in workspace.marks_of("q2").values()} == {(1, False)}
    assert workspace.store.events() == events


def test_points_of_tests_are_overridden(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    status = workspace.override_of("s0001", "q1")
    assert (status.points, status.placed, status.stale, status.seen) == (0, None, False, 0)
    assert status.outcome is not None
    override = Override(3, "The test was too strict.")
    workspace.store.write(
        "ann", [MarkChange("override", "s0001", "q1", override, status.outcome.digest, seen=0)]
    )
    assert workspace.override_of("s0001", "q1").points == 3
    marked.hand_in_again("s0001", scores={"q1": 1})
    status = workspace.override_of("s0001", "q1")
    assert (status.points, status.stale) == (3, False)  # the same code
    assert status.outcome is not None
    assert status.outcome.points == 1
    code = workspace.earlier_answer("s0001", "q1", status.outcome.digest)
    assert code == "pair = (5, 4)"


def test_groups_as_edited(workspace: Workspace) -> None:
    groups = workspace.groups("q2")
    name = groups[0].cards[0].key
    workspace.store.write("ann", [MarkChange("group", "", "q2", GroupEdits({}, {name: "zeros"}))])
    assert workspace.groups("q2")[0].name == "zeros"
    workspace.store.undo("ann")
    assert workspace.groups("q2") == groups


# ------------------------------------------------------------------------------ anonymously


def test_pseudonyms_tell_nothing_and_stay(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    names = workspace.submissions
    pseudonyms = [workspace.pseudonym(name) for name in names]
    assert len(set(pseudonyms)) == len(names)
    assert [workspace.submission_of(pseudonym) for pseudonym in pseudonyms] == list(names)
    assert sorted(pseudonyms) != pseudonyms
    with Workspace(marked.out) as again:
        assert [again.pseudonym(name) for name in names] == pseudonyms
    with pytest.raises(KeyError):
        workspace.submission_of("s0000")


def test_another_class_has_other_pseudonyms(tmp_path: Path) -> None:
    shown = set()
    for folder in ("one", "two"):
        marked_class.small_class(tmp_path / folder, 1)
        with Workspace(tmp_path / folder) as workspace:
            shown.add(workspace.pseudonym("s0000"))
    assert len(shown) == 2


# ------------------------------------------------------------------------------- the ledger


def test_a_later_submission_of_a_student_counts(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    student = Student("Student 5", "student5@example.org", "100005")
    record = SubmissionRecord((student,), "999", "2026-03-10T12:00:00+00:00", platform="gradescope")
    with Ledger(marked.out) as ledger:
        ledger.note_records({"s0006": record})
    assert "s0005" not in workspace.submissions
    assert "s0005" not in workspace.written("q2")
    assert len(workspace.submissions) == 19


def test_a_submission_that_was_withdrawn_is_gone(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    assert "s0007" in workspace.written("q2")
    with Ledger(marked.out) as ledger:
        ledger.withdraw("s0007")
    assert "s0007" not in workspace.written("q2")
    with pytest.raises(KeyError):
        workspace.document("s0007")


def test_a_ledger_that_was_made_anew(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    assert len(workspace.submissions) == 20
    (marked.out / LEDGER).write_bytes(b"damaged" * 999)
    Ledger(marked.out).close()  # moves it aside, and imports `results/`
    assert workspace.submissions == marked.names
    assert workspace.written("q2")["s0000"].text == marked.answers["s0000", "q2"]


def test_marking_does_not_keep_anybody_from_grading(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    with Ledger(marked.out) as ledger:
        assert len(workspace.submissions) == 20
        ledger.withdraw("s0001")
        assert len(workspace.submissions) == 19


def test_nothing_but_the_store_is_written(
    marked: marked_class.MarkedClass, workspace: Workspace
) -> None:
    before = (marked.out / LEDGER).read_bytes()
    workspace.store.write("ann", [mark(workspace.mark_of("s0000", "q2"), "size")])
    workspace.groups("q2")
    workspace.close()
    assert (marked.out / LEDGER).read_bytes() == before
    with closing(sqlite3.connect(marked.out / "marks.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM events").fetchone() == (1,)


def test_threads_share_a_workspace(marked: marked_class.MarkedClass, workspace: Workspace) -> None:
    problems: list[BaseException] = []

    def read() -> None:
        try:
            for name in marked.names:
                workspace.document(name)
                workspace.marks_of("q2")
                workspace.groups("q3")
                workspace.submission_of(workspace.pseudonym(name))
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(5):
        marked.hand_in_again(marked.names[number], {"q2": f"Version {number}"})
    for thread in threads:
        thread.join()
    assert problems == []


# ------------------------------------------------------------------- what cannot be opened


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda out: shutil.rmtree(out), "has no results (ledger.sqlite is missing); run"),
        (lambda out: shutil.rmtree(out / "assignment"), "by an earlier version of ottermark"),
        (lambda out: (out / LEDGER).write_bytes(b"x" * 5000), "cannot be read"),
        (lambda out: set_version(out, 99), "was written by a later version of ottermark; update"),
        (lambda out: set_version(out, 1), "was written by an earlier version of ottermark; run"),
    ],
    ids=["nothing", "no assignment", "damaged", "later", "earlier"],
)
def test_a_folder_that_cannot_be_marked(
    marked: marked_class.MarkedClass, prepare: object, sentence: str
) -> None:
    assert callable(prepare)
    prepare(marked.out)
    with pytest.raises(UsageError) as error:
        Workspace(marked.out)
    assert sentence in str(error.value)
    assert str(marked.out) in str(error.value)
    assert not (marked.out / "marks.sqlite").exists()


def set_version(out: Path, version: int) -> None:
    with closing(sqlite3.connect(out / LEDGER)) as database:
        database.execute(f"PRAGMA user_version = {version}")
