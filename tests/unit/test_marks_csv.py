"""Marks and requests as CSV: nothing changes by itself, and what is wrong is said with its line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import marked_class
import pytest
from conftest import Ran, ottermark
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ottermark.errors import UsageError
from ottermark.marking.marks_csv import COLUMNS, marks_csv, plan_import
from ottermark.marking.store import MarkChange, MarkStore
from ottermark.marking.values import Mark
from ottermark.marking.workspace import Workspace

RUBRICS = """\
q2:
  items:
  - {id: border, points: 2, text: Says what happens at the border.}
  - {id: size, points: 1, text: Says what happens to the size.}
  - {id: bonus, points: 0.5, text: Names an example.}
"""
HOSTILE_COMMENTS = ('=HYPERLINK("x")', "a;b,c\n\n\"d\" 'e'", "'=1", "-1", "+1", "Köln \u2603", "@x")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return marked_class.small_class(tmp_path / "out", 12, rubrics=RUBRICS).out


@pytest.fixture
def workspace(out: Path) -> Workspace:
    return Workspace(out)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def put(workspace: Workspace, submission: str, mark: Mark, question: str = "q2") -> None:
    digest = workspace.written(question)[submission].digest
    change = MarkChange("mark", submission, question, mark, digest)
    workspace.store.write("ann", [change])


def imported(workspace: Workspace, path: Path) -> dict[tuple[str, str], Mark]:
    plan = plan_import(workspace, path)
    return {
        (change.submission, change.question): change.after
        for change in plan.changes
        if isinstance(change.after, Mark)
    }


# ------------------------------------------------------------------------------------ export


def test_every_answer_has_a_row_and_what_is_unmarked_is_empty(workspace: Workspace) -> None:
    put(workspace, "s0001", Mark(("border", "size"), -0.25, "Good."))
    put(workspace, "s0002", Mark())
    rows = rows_of(marks_csv(workspace))
    assert len(rows) == 24
    by_place = {(row["submission"], row["question"]): row for row in rows}
    row = by_place["s0001", "q2"]
    assert [row[column] for column in COLUMNS[2:7]] == [
        "2.75",
        "border size",
        "-0.25",
        "Good.",
        "ann",
    ]
    assert by_place["s0002", "q2"]["points"] == "0"
    assert by_place["s0003", "q2"]["points"] == ""


def test_anonymous_export_names_nobody(workspace: Workspace) -> None:
    put(workspace, "s0001", Mark(("size",)))
    text = marks_csv(workspace, anonymous=True)
    assert "s0001" not in text and "ann" not in text
    marked = next(row for row in rows_of(text) if row["points"])
    assert workspace.submission_of(marked["submission"]) == "s0001"


@pytest.mark.parametrize("anonymous", [False, True])
def test_what_is_exported_changes_nothing(
    workspace: Workspace, tmp_path: Path, anonymous: bool
) -> None:
    for number, comment in enumerate(HOSTILE_COMMENTS):
        put(workspace, f"s{number:04}", Mark(("border",), 0.5, comment))
    put(workspace, "s0008", Mark(points=1.25))
    put(workspace, "s0009", Mark(("border", "size", "bonus"), 1))  # more than the question has
    put(workspace, "s0010", Mark(("no-longer-there",)))
    path = write(tmp_path / "marks.csv", marks_csv(workspace, anonymous))
    plan = plan_import(workspace, path)
    assert plan.changes == ()
    assert (plan.unchanged, plan.empty) == (10, 14)


comments = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
marks = st.builds(
    Mark,
    st.lists(st.sampled_from(["border", "size", "bonus"]), unique=True).map(tuple),
    st.sampled_from([0, 0.5, -1]),
    comments,
    st.none(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks)
def test_any_mark_survives_its_way_through_a_spreadsheet(
    workspace: Workspace, tmp_path: Path, mark: Mark
) -> None:
    put(workspace, "s0000", mark)
    text = marks_csv(workspace)
    assert plan_import(workspace, write(tmp_path / "marks.csv", text)).changes == ()
    put(workspace, "s0000", Mark(("size",), 0.125, "other"))
    after = imported(workspace, tmp_path / "marks.csv")["s0000", "q2"]
    assert set(after.items) == set(mark.items)
    assert after.adjustment == mark.adjustment
    assert after.comment.strip("'") == mark.comment.strip().strip("'")


def test_decimal_commas_semicolons_and_utf16(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("Submission;Question;Points;Comment\r\ns0000;q2;1,5;Süß\r\n", "utf-16")
    assert imported(workspace, path) == {("s0000", "q2"): Mark(points=1.5, comment="Süß")}


# ------------------------------------------------------------------------------------ import

HEAD = "submission,question,points,items,adjustment,comment"


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        ("s0000,q2,,border size,,", Mark(("border", "size"))),
        ("s0000,q2,,size;border,,", Mark(("border", "size"))),
        ("s0000,q2,3,border size,,", Mark(("border", "size"))),
        ("s0000,q2,2.5,border size,-0.5,", Mark(("border", "size"), -0.5)),
        ("s0000,q2,1,border,-1,no", Mark(("border",), -1, "no")),
        ("s0000,q2,2,,,", Mark(points=2)),
        ("s0000,q2,0,,,nothing", Mark(comment="nothing")),
        ("s0000.ipynb,q2,2,,,", Mark(points=2)),
        ("student0@example.org,q2,2,,,", Mark(points=2)),
        ("100000,q2,2,,,", Mark(points=2)),
    ],
)
def test_a_row_is_a_mark(workspace: Workspace, tmp_path: Path, row: str, mark: Mark) -> None:
    after = imported(workspace, write(tmp_path / "marks.csv", HEAD, row))
    assert after == {("s0000", "q2"): mark}


def test_a_file_without_comments_leaves_them(workspace: Workspace, tmp_path: Path) -> None:
    put(workspace, "s0000", Mark(("size",), comment="Good."))
    path = write(tmp_path / "marks.csv", "submission,question,items", "s0000,q2,border")
    assert imported(workspace, path) == {("s0000", "q2"): Mark(("border",), comment="Good.")}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("nobody,q2,1,,,", 'no submission is called "nobody"; correct it or remove the row.'),
        (",q2,1,,,", "no submission is named"),
        ("s0000,q1,1,,,", 'no written question is called "q1"'),
        ("s0000,q22,1,,,", 'no written question is called "q22"; write "q2".'),
        ("s0000,q2,,bordr,,", 'the rubric of q2 has no item "bordr"; write "border".'),
        ("s0000,q2,4,,,", "4 points are not between 0 and 3"),
        ("s0000,q2,-1,,,", "-1 points are not between 0 and 3"),
        ("s0000,q2,nan,,,", '"nan" is not a number'),
        ("s0000,q2,good,,,", '"good" is not a number'),
        (
            "s0000,q2,2,border size,,",
            "2 points are not the 3 that its items and adjustment give; empty the cell of the points",
        ),
    ],
)
def test_a_row_that_cannot_be_used_is_a_sentence(
    workspace: Workspace, tmp_path: Path, row: str, sentence: str
) -> None:
    path = write(tmp_path / "marks.csv", HEAD, "s0001,q2,1,,,", row)
    with pytest.raises(UsageError) as error:
        plan_import(workspace, path)
    assert str(error.value).startswith(f"{path}, line 3: ")
    assert sentence in str(error.value)


def test_items_that_were_edited_beside_the_old_points_are_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    put(workspace, "s0000", Mark(("border",)))
    text = marks_csv(workspace).replace("s0000,q2,2,border,", "s0000,q2,2,border size,")
    path = write(tmp_path / "marks.csv", text)
    with pytest.raises(UsageError) as error:
        plan_import(workspace, path)
    assert str(error.value).startswith(f"{path}, line 2: 2 points are not the 3 that its items")


def test_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    marked = marked_class.small_class(tmp_path / "out", 3, rubrics=RUBRICS)
    with Workspace(marked.out) as workspace:
        put(workspace, "s0000", Mark(("border",)))
        put(workspace, "s0001", Mark(("border",), 0.5))
        text = marks_csv(workspace).replace(",2,border,,", ',"2,0",border,0.0,')
        text = text.replace(",2.5,border,0.5,", ",2.50,border,+0.500,")
        assert ',"2,0",' in text and ",2.50," in text
        for name in ("s0000", "s0001"):  # whose marks are of an earlier version from now on
            marked.hand_in_again(name, {"q2": "All new."})
        plan = plan_import(workspace, write(tmp_path / "marks.csv", text))
    assert (plan.changes, plan.unchanged) == ((), 2)


def test_two_rows_for_one_answer(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "marks.csv", HEAD, "s0000,q2,1,,,", "s0000.ipynb,q2,2,,,")
    with pytest.raises(UsageError, match="line 3: this answer has another row above"):
        plan_import(workspace, path)


def test_a_mark_of_an_earlier_version_is_not_imported(tmp_path: Path) -> None:
    marked = marked_class.small_class(tmp_path / "out", 3, rubrics=RUBRICS)
    with Workspace(marked.out) as workspace:
        put(workspace, "s0001", Mark(("border",)))
        rows = rows_of(marks_csv(workspace))
        marked.hand_in_again("s0000", {"q2": "All new."})
        marked.hand_in_again("s0001", {"q2": "All new, too."})
        path = tmp_path / "marks.csv"
        for row in rows:
            if row["question"] == "q2" and row["submission"] == "s0000":
                row["items"] = "size"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        with pytest.raises(UsageError) as error:
            plan_import(workspace, path)
    (problem,) = error.value.problems  # the mark of s0001 is stale, but unchanged
    assert "the answer of s0000 to q2 has changed since it was exported; look at it" in problem


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no column submission and no column question; add it."),
        (b"submission,question\ns0000,q2\n", "has no column points or items; add one."),
        (b"submission,question,points\n\xff\xff\n", 'is not UTF-8; save it as "CSV UTF-8".'),
    ],
)
def test_a_file_that_is_no_table_of_marks(
    workspace: Workspace, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "marks.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError) as error:
        plan_import(workspace, path)
    assert str(error.value) == f"{path} {sentence}"


def test_a_file_that_is_not_there(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        plan_import(workspace, tmp_path / "nowhere.csv")


# -------------------------------------------------------------------------------- commands


def marks_in(out: Path) -> dict[tuple[str, str], tuple[Mark, str]]:
    with MarkStore(out) as store:
        return {place: (p.value, p.marker) for place, p in store.state().marks.items()}


def test_export_edit_and_import(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    ran = ottermark("marks", "export", out, "-o", path)
    assert (ran.code, ran.err) == (0, "")
    assert f"Marks: {path}" in ran.out
    assert ottermark("marks", "export", out).out == path.read_text()
    rows = rows_of(path.read_text())
    rows[0]["items"] = "border"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)

    ran = ottermark("marks", "import", out, path, "--marker", "bob")
    assert ran.code == 1
    assert "1 mark would be written, and there is no terminal to ask on" in ran.err
    assert marks_in(out) == {}

    ran = ottermark("marks", "import", out, path, "--marker", "bob", "-y")
    assert ran.code == 0
    assert "s0000       q2        –       2" in ran.out
    assert "Written: 1 mark; 23 without a mark." in ran.out
    assert marks_in(out) == {("s0000", "q2"): (Mark(("border",)), "bob")}

    ran = ottermark("marks", "import", out, path, "--marker", "bob")
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing to import" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("marks", "export", "{out}/nowhere"),
        ("marks", "export", "{out}", "-o", "{out}/nowhere/marks.csv"),
        ("marks", "import", "{out}", "{out}/nowhere.csv", "--marker", "ann"),
        ("marks", "import", "{out}", "{marks}", "--marker", " "),
        ("marks", "import", "{out}", "{marks}", "--marker", "a\nb", "-y"),
        ("marks", "import", "{out}", "{marks}", "--marker", "a" * 61, "-y"),
        ("marks", "requests", "{out}", "{out}/nowhere.csv", "--marker", "ann"),
    ],
)
def test_wrong_use_is_a_sentence(out: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    marks = write(tmp_path / "marks.csv", HEAD, "s0000,q2,1,,,")
    ran: Ran = ottermark(*(argument.format(out=out, marks=marks) for argument in arguments))
    assert ran.code == 2
    assert ran.err.startswith("Error: ")
    assert len(ran.err.splitlines()) == 1


def test_requests_are_imported_once(out: Path, tmp_path: Path) -> None:
    path = write(
        tmp_path / "requests.csv",
        "submission,question,text",
        's0000,q1,"My pair is right, and here is why."',
        "student1@example.org,q2,'=Please look again.",
        "student1@example.org,q2,And again.",
    )
    assert ottermark("marks", "requests", out, path, "--marker", "ann").code == 1
    for expected in ("Written: 3 requests", "Nothing to import"):
        ran = ottermark("marks", "requests", out, path, "--marker", "ann", "-y")
        assert ran.code == 0, ran.err
        assert expected in ran.out and "without a mark" not in ran.out
    with MarkStore(out) as store:
        requests = [
            (p.submission, p.question, p.value.text) for p in store.state().requests.values()
        ]
    assert requests == [
        ("s0000", "q1", "My pair is right, and here is why."),
        ("s0001", "q2", "=Please look again."),
        ("s0001", "q2", "And again."),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("nobody,q2,x", 'line 2: no submission is called "nobody"'),
        ("s0000,q7,x", 'line 2: no question is called "q7"'),
        ("s0000,q2,", "line 2: the request has no text"),
    ],
)
def test_a_request_that_cannot_be_used(out: Path, tmp_path: Path, row: str, sentence: str) -> None:
    path = write(tmp_path / "requests.csv", "submission,question,text", row)
    ran = ottermark("marks", "requests", out, path, "--marker", "ann", "-y")
    assert ran.code == 2
    assert sentence in ran.err
