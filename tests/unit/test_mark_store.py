"""The store of marks: nothing is lost, nothing is overwritten unseen, and undo is a new row."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ottermark.errors import UsageError
from ottermark.marking.store import MARKS, ConflictError, MarkChange, MarkStore
from ottermark.marking.values import (
    Claim,
    Flag,
    GroupEdits,
    Mark,
    Override,
    RegradeRequest,
    Reply,
    Value,
    decode,
)
from ottermark.rubric import Rubric, RubricItem

FULL, HALF, NONE = Mark(("right",)), Mark(("right", "slip"), -0.5, "Nearly."), Mark()


def change(submission: str, mark: Mark | None, seen: int | None = None, **more: Any) -> MarkChange:
    return MarkChange("mark", submission, "q1", mark, seen=seen, **more)


def marks(store: MarkStore) -> dict[str, Mark]:
    return {submission: p.value for (submission, _), p in store.state().marks.items()}


# ------------------------------------------------------------------------------- what is kept


def test_every_kind_of_value_comes_back_from_the_file(tmp_path: Path) -> None:
    rubric = Rubric("q1", 2, (RubricItem("right", "Right.", 2),), note="Köln\n")
    values: dict[str, Value] = {
        "mark": HALF,
        "second": Mark(points=1.5),
        "override": Override(3, "The test was wrong."),
        "flag": Flag(),
        "rubric": rubric,
        "group": GroupEdits({"a": "b"}, {"b": "Zeros \u2028 \ud83d"}),
        "claim": Claim(("ann", "bob")),
        "request": RegradeRequest("Please."),
    }
    with MarkStore(tmp_path) as store:
        for kind, value in values.items():
            submission = "" if kind in ("rubric", "group", "claim") else "s1"
            store.write("ann", [MarkChange(kind, submission, "q1", value)], "why")  # type: ignore[arg-type]
        (thread,) = store.state().requests
        reply = Reply("No.")
        store.write("bob", [MarkChange("reply", "s1", "q1", reply, thread=thread)])
    with MarkStore(tmp_path) as store:
        state = store.state()
        assert state.marks["s1", "q1"].value == HALF
        assert state.seconds["s1", "q1"].value == values["second"]
        assert state.overrides["s1", "q1"].value == values["override"]
        assert state.flags["s1", "q1"].value == values["flag"]
        assert state.rubrics["q1"].value == rubric
        assert state.groups["q1"].value == GroupEdits({"a": "b"}, {"b": "Zeros \u2028 ?"})
        assert state.claims["q1"].value == values["claim"]
        assert state.requests[thread].value == values["request"]
        assert (state.replies[thread].value, state.replies[thread].marker) == (reply, "bob")
        first, *_ = store.events()
        assert (first.before, first.after, first.reason, first.marker) == (None, HALF, "why", "ann")
        assert first.at.endswith("+00:00")


def test_a_flag_of_an_earlier_version_may_have_a_text() -> None:
    assert decode("flag", '{"text": "Is it copied?"}') == Flag()


def test_history_says_who_and_what_was_before(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL, answer="d1")])
        store.write("ann", [change("s2", FULL)])
        store.write("bob", [change("s1", NONE, answer="d2")], "nothing there")
        store.write("bob", [change("s1", None)])
        history = store.history("s1", "q1")
        assert [(e.marker, e.before, e.after, e.answer) for e in history] == [
            ("ann", None, FULL, "d1"),
            ("bob", FULL, NONE, "d2"),
            ("bob", NONE, None, ""),
        ]
        assert set(marks(store)) == {"s2"}
        assert store.state().seen("mark", "s1", "q1") == history[-1].id


def test_several_requests_on_one_question_are_all_kept(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        request = [MarkChange("request", "s1", "q1", RegradeRequest(t)) for t in ("one", "two")]
        first, second = store.write("ann", request)
        store.write("ann", [MarkChange("reply", "s1", "q1", Reply("A."), thread=first, seen=0)])
        store.write("ann", [MarkChange("reply", "s1", "q1", Reply("B."), thread=second, seen=0)])
        store.undo("ann")
        state = store.state()
        assert [p.value.text for p in state.requests.values()] == ["one", "two"]
        assert {thread: p.value.text for thread, p in state.replies.items()} == {first: "A."}


def test_comments_are_offered_again_the_most_frequent_first(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        for name, comment in {"a": "Rare.", "b": "Often.", "c": "Often.", "d": ""}.items():
            store.write("ann", [change(name, Mark(comment=comment))])
        store.write("ann", [MarkChange("mark", "a", "q2", Mark(comment="Elsewhere."))])
        assert store.state().comments("q1") == ["Often.", "Rare."]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda store: store.write(" ", [change("s1", FULL)]),
        lambda store: store.write("a\nb", [change("s1", FULL)]),
        lambda store: store.write("ann", [change("s1", FULL), change("s1", NONE)]),
        lambda store: store.write("ann", [MarkChange("mark", "s1", "q1", Flag())]),
        lambda store: store.write("ann", [MarkChange("reply", "s1", "q1", Reply("A."))]),
    ],
    ids=["no marker", "two lines", "one slot twice", "another kind", "a reply to nothing"],
)
def test_what_makes_no_sense_is_not_written(tmp_path: Path, wrong: Any) -> None:
    with MarkStore(tmp_path) as store:
        with pytest.raises(ValueError):
            wrong(store)
        assert store.events() == []
        store.write("ann", [change("s1", FULL)])


@pytest.mark.parametrize("points", [float("nan"), float("inf")])
def test_points_are_numbers(points: float) -> None:
    with pytest.raises(ValueError):
        Mark(points=points)
    with pytest.raises(ValueError):
        Override(points, "why")


# --------------------------------------------------------------------------- two at once


def test_nobody_overwrites_anybody_unseen(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as ann, MarkStore(tmp_path) as bob:
        (event,) = ann.write("ann", [change("s1", FULL, seen=0)])
        with pytest.raises(ConflictError) as error:
            bob.write("bob", [change("s2", NONE, seen=0), change("s1", NONE, seen=0)])
        (unseen,) = error.value.events
        assert (unseen.id, unseen.marker, unseen.after) == (event, "ann", FULL)
        assert "ann changed s1 at 20" in str(error.value)
        assert marks(bob) == {"s1": FULL}  # and nothing of the group was written
        bob.write("bob", [change("s1", NONE, seen=event)])
        assert marks(ann) == {"s1": NONE}


def test_a_mark_that_was_removed_meanwhile_is_a_conflict(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        (event,) = store.write("ann", [change("s1", FULL, seen=0)])
        store.write("bob", [change("s1", None, seen=event)])
        for seen in (0, event):
            with pytest.raises(ConflictError):
                store.write("ann", [change("s1", HALF, seen=seen)])


def test_threads_share_a_store(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:

        def mark(number: int) -> None:
            for round in range(5):
                store.write(f"m{number}", [change(f"s{number}-{round}", FULL, seen=0)])
                assert f"s{number}-{round}" in marks(store)

        threads = [threading.Thread(target=mark, args=[n]) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(marks(store)) == 30
        assert [event.id for event in store.events()] == list(range(1, 31))


WRITER = """
import sys
from pathlib import Path
from ottermark.marking.store import ConflictError, MarkChange, MarkStore
from ottermark.marking.values import Mark

out, marker, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with MarkStore(out) as store:
    for number in range(count):
        while True:  # both add 1 to the same mark, as a page would
            state = store.state()
            placed = state.marks.get(("shared", "q1"))
            points = 0.0 if placed is None else placed.value.adjustment
            try:
                store.write(marker, [
                    MarkChange("mark", "shared", "q1", Mark(adjustment=points + 1),
                               seen=state.seen("mark", "shared", "q1")),
                    MarkChange("mark", f"{marker}-{number}", "q1", Mark(), seen=0),
                ])
                break
            except ConflictError:
                pass
        print(number, flush=True)
"""


def writer(out: Path, marker: str, count: int) -> subprocess.Popen[str]:
    """Start a process that marks when it reads a line, and prints what is saved."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(out), marker, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


@pytest.mark.slow
def test_two_processes_write_at_once(tmp_path: Path) -> None:
    processes = [writer(tmp_path, name, 40) for name in ("ann", "bob")]
    begin(*processes)  # both make the file, too
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    with MarkStore(tmp_path) as store:
        state = store.state()
        assert state.marks["shared", "q1"].value.adjustment == 80
        assert len(state.marks) == 81
        assert {event.marker for event in store.history("shared", "q1")} == {"ann", "bob"}


@pytest.mark.slow
@pytest.mark.parametrize("saved", [1, 7, 25])
def test_what_was_shown_as_saved_outlives_a_kill(tmp_path: Path, saved: int) -> None:
    process = writer(tmp_path, "ann", 100_000)
    begin(process)
    assert process.stdout is not None
    shown = [process.stdout.readline() for _ in range(saved)]
    process.send_signal(signal.SIGKILL)
    shown += process.stdout.readlines()
    process.wait()
    with MarkStore(tmp_path) as store:
        state = store.state()
        written = [name for name, _ in state.marks if name != "shared"]
        assert len(written) in (len(shown), len(shown) + 1)  # saved, and killed before it said so
        assert state.marks["shared", "q1"].value.adjustment == len(written)
        store.write("bob", [change("s1", FULL)])
    with contextlib.closing(sqlite3.connect(tmp_path / MARKS)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# ----------------------------------------------------------------------------------- undo


def test_undo_is_a_new_row(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL, answer="d1"), change("s2", FULL)])
        store.write("ann", [change("s1", HALF, answer="d2")])
        (event,) = store.undo("ann")
        assert marks(store) == {"s1": FULL, "s2": FULL}
        assert store.state().marks["s1", "q1"].answer == "d1"
        last = store.events()[-1]
        assert (last.id, last.undoes, last.before, last.after) == (event, 3, HALF, FULL)
        assert len(store.undo("ann")) == 2  # the whole group
        assert marks(store) == {}
        assert store.undo("ann") == ()
        assert len(store.events()) == 6


def test_undo_leaves_what_others_marked(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL)])
        store.write("bob", [change("s2", FULL)])
        store.undo("ann")
        assert marks(store) == {"s2": FULL}


def test_undo_gives_a_mark_back_to_whoever_gave_it(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        (first,) = store.write("ann", [change("s1", FULL, answer="d1")])
        store.write("bob", [change("s1", NONE, answer="d2")])
        store.write("bob", [change("s1", None)])
        store.undo("bob")
        assert store.state().marks["s1", "q1"].value == NONE
        store.undo("bob")
        placed = store.state().marks["s1", "q1"]
        assert (placed.value, placed.marker, placed.event, placed.answer) == (
            FULL,
            "ann",
            first,
            "d1",
        )
        assert store.state().seen("mark", "s1", "q1") == 5
    with MarkStore(tmp_path) as again:
        assert again.state().marks["s1", "q1"] == placed


def test_a_conflict_of_undo_names_whose_mark_holds(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL)])
        (newer,) = store.write("bob", [change("s1", HALF)])
        store.write("ann", [change("s1", NONE)])
        store.undo("ann")
        with pytest.raises(ConflictError) as error:
            store.undo("ann")
        assert [(event.id, event.marker) for event in error.value.events] == [(newer, "bob")]


def test_undo_of_one_question(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL)])
        store.write("ann", [MarkChange("mark", "s1", "q2", FULL)])
        store.undo("ann", "q1")
        assert set(store.state().marks) == {("s1", "q2")}


def test_undo_of_one_question_leaves_the_rest_of_a_batch(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL), MarkChange("mark", "s1", "q2", FULL)])
        assert len(store.undo("ann", "q1")) == 1
        assert set(store.state().marks) == {("s1", "q2")}
        assert store.undo("ann", "q1") == ()
        assert len(store.undo("ann")) == 1
        assert store.state().marks == {}


def test_undo_does_not_take_back_what_somebody_changed_since(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL), change("s2", FULL)])
        store.write("bob", [change("s1", NONE)])
        with pytest.raises(ConflictError) as error:
            store.undo("ann")
        assert error.value.events[0].marker == "bob"
        assert marks(store) == {"s1": NONE, "s2": FULL}
        store.undo("bob")
        store.undo("ann")  # now it is the last again
        assert marks(store) == {}


names = st.sampled_from(["s1", "s2", "s3"])
markers = st.sampled_from(["ann", "bob"])
some_marks = st.sampled_from([FULL, HALF, NONE, None])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), markers, st.dictionaries(names, some_marks, min_size=1)),
        st.tuples(st.just("undo"), markers, st.none()),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=40)
@given(steps)
def test_any_sequence_agrees_with_a_plain_model(sequence: list[Any]) -> None:
    """The model keeps, for each submission, a stack of the batches that hold."""
    stacks: dict[str, list[tuple[int, Mark | None]]] = {}
    batches: dict[str, list[tuple[int, list[str]]]] = {"ann": [], "bob": []}
    with tempfile.TemporaryDirectory() as folder:
        with MarkStore(Path(folder)) as store, MarkStore(Path(folder)) as other:
            for either in (store, other):  # what a power cut leaves is not tested here
                either._database.execute("PRAGMA synchronous = OFF")
            rows = 0
            for number, (action, marker, values) in enumerate(sequence):
                if action == "write":
                    store.write(marker, [change(name, mark) for name, mark in values.items()])
                    for name, mark in values.items():
                        stacks.setdefault(name, []).append((number, mark))
                    batches[marker].append((number, list(values)))
                    rows += len(values)
                elif not batches[marker]:
                    assert store.undo(marker) == ()
                else:
                    batch, changed = batches[marker][-1]
                    if any(stacks[name][-1][0] != batch for name in changed):
                        with pytest.raises(ConflictError):
                            store.undo(marker)
                    else:
                        assert len(store.undo(marker)) == len(changed)
                        batches[marker].pop()
                        for name in changed:
                            stacks[name].pop()
                        rows += len(changed)
                holds = {name: stack[-1][1] for name, stack in stacks.items() if stack}
                expected = {name: mark for name, mark in holds.items() if mark is not None}
                assert marks(store) == expected
                assert marks(other) == expected  # folded step by step, and from its own file
            assert len(store.events()) == rows
        with MarkStore(Path(folder)) as again:
            assert marks(again) == marks_of_rows(again)


def marks_of_rows(store: MarkStore) -> dict[str, Mark]:
    """What the rows say if each simply replaces the one before."""
    holds = {event.submission: event.after for event in store.events()}
    return {name: mark for name, mark in holds.items() if isinstance(mark, Mark)}


# --------------------------------------------------------------------------------- the file


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET after = NULL",
        "UPDATE events SET marker = 'eve' WHERE id = 1",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events",
        "REPLACE INTO events SELECT id, at, 'eve', kind, submission, question, answer, before, "
        "after, reason, batch, undoes, thread FROM events",
        "UPDATE settings SET value = x'00'",
        "DELETE FROM settings",
    ],
)
def test_rows_are_never_changed(tmp_path: Path, statement: str) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL)])
    with contextlib.closing(sqlite3.connect(tmp_path / MARKS)) as database:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            database.execute(statement)
        database.rollback()
    with MarkStore(tmp_path) as store:
        assert [event.marker for event in store.events()] == ["ann"]


def test_writes_reach_the_disk_before_they_are_shown(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        assert store._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert store._database.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_the_salt_stays(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as one, MarkStore(tmp_path) as two:
        assert one.salt == two.salt
        assert len(one.salt) == 16


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda path: later_version(path), "was written by a later version of ottermark; update"),
        (
            lambda path: path.write_bytes(b"no database at all" * 99),
            "in its place, and remove marks.sqlite-wal and marks.sqlite-shm beside it.",
        ),
        (lambda path: another_database(path), "is a database, but not of marks"),
    ],
    ids=["later", "damaged", "another"],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, damage: Any, sentence: str) -> None:
    damage(tmp_path / MARKS)
    before = (tmp_path / MARKS).read_bytes()
    with pytest.raises(UsageError) as error:
        MarkStore(tmp_path)
    assert str(tmp_path / MARKS) in str(error.value)
    assert sentence in str(error.value)
    assert (tmp_path / MARKS).read_bytes()[100:] == before[100:]  # the head says that it has a log


def later_version(path: Path) -> None:
    MarkStore(path.parent).close()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def another_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE something (x)")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        MarkStore(tmp_path / "nowhere")


def test_a_full_disk_writes_nothing(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store:
        store.write("ann", [change("s1", FULL)])
        (pages,) = store._database.execute("PRAGMA page_count").fetchone()
        store._database.execute(f"PRAGMA max_page_count = {pages}")
        big = [change(f"s{n}", Mark(comment="x" * 5000)) for n in range(2, 9)]
        with pytest.raises(UsageError, match="is full; make room"):
            store.write("ann", big)
        assert marks(store) == {"s1": FULL}
        store._database.execute("PRAGMA max_page_count = 1000000")
        store.write("ann", big)
        assert len(marks(store)) == 8


def test_a_large_group_is_one_transaction(tmp_path: Path) -> None:
    with MarkStore(tmp_path) as store, MarkStore(tmp_path) as other:
        ids = store.write("ann", [change(f"s{n}", FULL, seen=0) for n in range(500)])
        assert len(ids) == len(marks(other)) == 500
        assert {event.batch for event in other.events()} == {ids[0]}
