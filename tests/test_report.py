"""The class report: its numbers, and that nothing a student chose can act on it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ottermark.autograder import Autograder
from ottermark.options import Options
from ottermark.questions import Assignment, Question
from ottermark.report import write_report
from ottermark.results import results
from ottermark.score import CaseResult, CellProblem, QuestionResult, Result, nothing_earned

LAB = Assignment(
    name="lab",
    notebook="lab.ipynb",
    questions=(
        Question("q1", 4, False, ("a",)),
        Question("q2", 6, False, ("b",)),
        Question("q3", 5, True),
    ),
    imports=(),
    student_files=(),
)
VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "<script>alert('x')</script>\"><img src=//evil.example onerror=a()>&\0\x1b[31m\u202e"


def result(
    name: str,
    q1: float = 0,
    q2: float = 0,
    *,
    status: str = "graded",
    isolation: str = "userns",
    message: str = "Every cell ran.",
    problems: tuple[str, ...] = (),
    output: str = "- ❌ (4 points) Count the `bias` too.\n- ✅ fine",
) -> dict[str, Any]:
    entries: list[dict[str, Any]] = [{"name": "How your notebook ran", "output": message}]
    for number, score, points in (("q1", q1, 4), ("q2", q2, 6)):
        full = score >= points
        entries.append(
            {
                "name": number,
                "number": number,
                "score": score,
                "max_score": points,
                "status": "passed" if full else "failed",
                "output": "All tests passed." if full else output,
            }
        )
    entries.append({"name": "q3: a written answer", "output": ""})
    return {
        "score": q1 + q2,
        "tests": entries,
        "extra_data": {
            "submission": name,
            "status": status,
            "isolation": isolation,
            "max_score": 10,
            "problems": [{"cell": 3, "text": text} for text in problems],
        },
    }


CLASS = (
    result("dee", 4, 0),
    result("Ann", 4, 6),
    result("bob", 2, 0, status="crashed", problems=("Cell 3: the process ended.",)),
    result(
        "cy", status="rejected", isolation="none", message="cy.docx is not a notebook.", output=""
    ),
)


class Page(HTMLParser):
    """Parses a page strictly: every element that opens must close, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    def row(self, start: str) -> list[str]:
        (found,) = [row for row in self.rows if row[0].split(" ")[0] == start]
        return found

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def written(folder: Path, *results: dict[str, Any], lab: Assignment = LAB) -> str:
    write_report(folder / "report.html", lab, results)
    return (folder / "report.html").read_text(encoding="utf-8")


def prose(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", text).replace("&nbsp;", " ").split())


def test_the_figures_leave_rejected_files_out(tmp_path: Path) -> None:
    text = prose(written(tmp_path, *CLASS))
    assert "4 submissions: 2 graded, 1 crashed, 1 rejected." in text
    assert "median score4 of 10" in text
    assert "mean score5.3 of 10" in text
    assert "lowest to highest2–10" in text


def test_the_histogram_counts_every_score_once(tmp_path: Path) -> None:
    page = Page(written(tmp_path, *CLASS))
    bins = [row for row in page.rows if " to under " in row[0] or " up to " in row[0]]
    assert [row[1] for row in bins] == ["0", "0", "1", "0", "1", "0", "0", "0", "0", "1"]
    assert bins[2][0] == "2 to under 3"
    assert bins[9][0] == "9 up to 10"


def test_a_question_row_says_how_the_class_did_and_why(tmp_path: Path) -> None:
    page = Page(written(tmp_path, *CLASS))
    assert page.row("q1")[:6] == ["q1", "4", "3.3", "83%", "67%", "0%"]
    assert page.row("q2")[:6] == ["q2 hardest", "6", "2.0", "33%", "33%", "67%"]
    assert page.row("q2")[7] == "2 × Count the bias too."
    bars = [s["aria-label"] for s in page.all("span") if s.get("class") == "bar"]
    assert bars == ["2 full, 1 part, 0 nothing", "1 full, 0 part, 2 nothing"]
    assert "Marked by hand, and not in these scores (5 points): q3 (5)." in prose(
        written(tmp_path, *CLASS)
    )


def test_it_reads_what_grading_writes(tmp_path: Path) -> None:
    failed = CaseResult("q1 - 1", hidden=True, points=1, passed=False, message="Wrong sign.")
    q1 = QuestionResult(LAB.questions[0], 0.5, (failed,), ("`a` is not defined.",))
    q2 = QuestionResult(LAB.questions[1], 6.0)
    graded = Result("ann", "graded", "userns", [q1, q2], [CellProblem(2, "Cell 3 raised.")])
    grader = cast(Autograder, SimpleNamespace(assignment=LAB, options=Options()))
    late = nothing_earned("bob", grader, "rejected", "bob.zip is empty.")
    page = Page(written(tmp_path, results(graded, grader), results(late, grader)))
    assert page.row("q1")[7] == "1 × a is not defined.1 × Wrong sign."
    assert page.row("ann")[1:] == ["graded", "6.5", "", "Cell 3 raised."]
    assert page.row("bob")[1:] == ["rejected", "–", "", "bob.zip is empty."]


def test_notes_are_reasons_too_and_passed_tests_are_not(tmp_path: Path) -> None:
    output = (
        "- `a` is not defined.\n- ❌ Wrong sign.\n- a hint of the same test\n- ✅ (1 points) ok"
    )
    row = Page(written(tmp_path, result("ann", output=output))).row("q1")
    assert row[7] == "1 × a is not defined.1 × Wrong sign."


def test_submissions_are_sorted_by_name_and_say_what_went_wrong(tmp_path: Path) -> None:
    page = Page(written(tmp_path, *CLASS))
    rows = page.rows[-4:]
    assert [row[0] for row in rows] == ["Ann", "bob", "cy", "dee"]
    assert rows[0][1:3] == ["graded", "10"]
    assert rows[1][1:3] == ["crashed", "2"]
    assert rows[1][4] == "Cell 3: the process ended."
    assert rows[2][1:] == ["rejected", "–", "", "cy.docx is not a notebook."]
    titles = [i["title"] for i in page.all("i") if "title" in i]
    assert titles[-2:] == ["q1: 4 of 4", "q2: 0 of 6"]
    assert {"results/Ann.json", "results/cy.json"} <= {a["href"] for a in page.all("a")}


def test_links_within_the_page_lead_somewhere(tmp_path: Path) -> None:
    page = Page(written(tmp_path, *CLASS))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)


def test_unprotected_marks_are_told_of_unless_nothing_ran(tmp_path: Path) -> None:
    assert "not protected" not in written(tmp_path, *CLASS)
    some = prose(written(tmp_path, *CLASS, result("eve", isolation="none")))
    assert "The marks of 1 submission (eve) were not protected" in some
    assert "The marks were not protected" in prose(written(tmp_path, result("e", isolation="none")))


def test_what_students_choose_is_only_ever_text(tmp_path: Path) -> None:
    hostile = [
        result(HOSTILE, output=f"- ❌ {HOSTILE}", problems=(f"`{HOSTILE}`",)),
        result(HOSTILE + "2", status="rejected", message=HOSTILE),
        result("../../etc/passwd\udcff", 1, status="timeout", problems=("long " * 200,)),
    ]
    text = written(tmp_path, *hostile)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, found in page.elements for name in found)
    assert not {"\0", "\x1b", "\u202e"} & set(text)
    outward = {a["href"] for a in page.all("a") if not re.match(r"(#|results/)", a["href"])}
    assert outward == set()
    assert "results/..%2F..%2Fetc%2Fpasswd%3F.json" in {a["href"] for a in page.all("a")}
    assert max(len(cell) for row in page.rows for cell in row) < 400
    assert page.rows[-3][4].endswith("long…")


def test_the_page_needs_nothing_from_outside(tmp_path: Path) -> None:
    text = written(tmp_path, *CLASS)
    assert not re.search(r"https?://|url\(|@import|\bsrc=", text)
    assert Page(text).all("link") == []
    (policy,) = [m["content"] for m in Page(text).all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none';")


def test_the_same_results_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    assert written(tmp_path, *CLASS) == written(tmp_path, *reversed(CLASS))


def test_tables_and_figures_can_be_read_aloud(tmp_path: Path) -> None:
    page = Page(written(tmp_path, *CLASS))
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 3
    assert {"main", "header", "nav", "h1", "title", "desc"} <= {tag for tag, _ in page.elements}


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ((), "No submissions yet."),
        ((CLASS[3],), "1 submission: 0 graded, 1 rejected."),
    ],
)
def test_a_class_without_scores(
    tmp_path: Path, results: tuple[dict[str, Any], ...], said: str
) -> None:
    text = written(tmp_path, *results)
    page = Page(text)
    assert said in prose(text)
    assert page.row("q1")[:6] == ["q1", "4", "–", "–", "–", "–"]
    assert page.all("svg") == []


def test_an_assignment_that_only_people_mark(tmp_path: Path) -> None:
    essay = Assignment("essay", "essay.ipynb", (Question("q3", 5, True),), (), ())
    text = written(tmp_path, result("ann"), lab=essay)
    Page(text)
    assert "No question is marked by tests." in prose(text)
