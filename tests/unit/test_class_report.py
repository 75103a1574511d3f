"""The class report: its numbers, and that nothing a student chose can act on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig
from ottermark.reports.class_report import SupersededRow, write_report
from ottermark.reports.similarity import SimilarPair
from ottermark.results.document import ResultDocument
from ottermark.results.render import render
from ottermark.results.result import (
    CaseResult,
    CellProblem,
    QuestionResult,
    SubmissionResult,
    zero_result,
)

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
    message: str = "",
    problems: Sequence[str] = (),
    notes: Sequence[str] = (),
    failed: Sequence[str] = ("Count the `bias` too.",),
    misconceptions: Mapping[str, Sequence[tuple[str, str]]] = {},
    needs_review: Mapping[str, Sequence[str]] = {},
    fails_on: Mapping[str, Mapping[str, str]] = {},
    unexplained: Mapping[str, Mapping[str, str]] = {},
    unanswered: int = 0,
) -> ResultDocument:
    """Return a document in which both questions have the same notes and failed tests."""

    def case(message: str, passed: bool) -> dict[str, Any]:
        return {
            "name": "q - 1",
            "hidden": True,
            "points": 1,
            "passed": passed,
            "message": message,
        }

    def entry(number: str, score: float, points: float) -> dict[str, Any]:
        full = score >= points
        return {
            "name": number,
            "number": number,
            "score": score,
            "max_score": points,
            "status": "passed" if full else "failed",
            "output": "not read",
            "visibility": "hidden",
            "tags": [f"misconception:{id}" for id, _ in misconceptions.get(number, ())],
            "extra_data": {
                "part": "question",
                "question": number,
                "notes": [] if full else list(notes),
                "cases": [case("fine", True), *(case(m, False) for m in failed if not full)],
                "misconceptions": [name for _, name in misconceptions.get(number, ())],
                "look": list(needs_review.get(number, ())),
                "fails_on": dict(fails_on.get(number, {})),
                "unexplained": dict(unexplained.get(number, {})),
            },
        }

    run = {"name": "How your notebook ran", "output": "not read", "visibility": "visible"}
    return ResultDocument.from_object(
        {
            "score": q1 + q2,
            "tests": [run, entry("q1", q1, 4), entry("q2", q2, 6)],
            "extra_data": {
                "ottermark": "1.0",
                "assignment": "lab",
                "submission": name,
                "status": status,
                "isolation": isolation,
                "unprotected": [],
                "seconds": 1.5,
                "max_score": 10,
                "message": message,
                "problems": [{"cell": 3, "text": text} for text in problems],
                "written": {
                    f"q{n}": {"state": "empty" if n < unanswered else "answered", "answer": ""}
                    for n in range(3)
                },
            },
        }
    )


CLASS = (
    result("dee", 4, 0),
    result("Ann", 4, 6),
    result("bob", 2, 0, status="crashed", problems=("Cell 3: the process ended.",)),
    result("cy", status="rejected", isolation="none", message="cy.docx is not a notebook."),
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
        """Return a row of the questions (9 cells) or of the submissions (5)."""
        rows = [row for row in self.rows if len(row) in (5, 9)]
        (row,) = [row for row in rows if row[0].split(" ")[0] == start]
        return row

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def report(folder: Path, *results: ResultDocument, lab: Assignment = LAB, **others: Any) -> str:
    write_report(folder / "report.html", lab, results, **others)
    return (folder / "report.html").read_text(encoding="utf-8")


def prose(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", text).replace("&nbsp;", " ").split())


def test_the_figures_leave_rejected_files_out(tmp_path: Path) -> None:
    text = prose(report(tmp_path, *CLASS))
    assert "4 submissions: 2 graded, 1 crashed, 1 rejected." in text
    assert "median score4 of 10" in text
    assert "mean score5.3 of 10" in text
    assert "lowest to highest score2–10" in text


def test_the_histogram_counts_every_score_once(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
    bins = [row for row in page.rows if " to under " in row[0] or " up to " in row[0]]
    assert [row[1] for row in bins] == ["0", "0", "1", "0", "1", "0", "0", "0", "0", "1"]
    assert bins[2][0] == "2 to under 3"
    assert bins[9][0] == "9 up to 10"


def test_a_question_row_shows_how_the_class_did_and_why(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
    assert page.row("q1")[:6] == ["q1", "4", "3.3", "83%", "67%", "0%"]
    assert page.row("q2")[:6] == ["q2 hardest", "6", "2.0", "33%", "33%", "67%"]
    assert page.row("q2")[8] == "2 × Count the bias too."
    bars = [s["aria-label"] for s in page.all("span") if s.get("class") == "bar"]
    assert bars == [
        "2 full, 1 partial, 0 zero, 0 unanswered",
        "1 full, 0 partial, 2 zero, 0 unanswered",
    ]
    assert "Graded by hand, and not in these scores (5 points): q3 (5)." in prose(
        report(tmp_path, *CLASS)
    )


def test_it_reads_what_grading_writes(tmp_path: Path) -> None:
    failed = CaseResult("q1 - 1", hidden=True, points=1, passed=False, message="Wrong sign.")
    q1 = QuestionResult(LAB.questions[0], 0.5, (failed,), ("`a` is not defined.",))
    q2 = QuestionResult(LAB.questions[1], 6.0)
    problem = CellProblem(2, "Cell 3 raised.")
    ann = SubmissionResult("ann", "graded", "userns", (q1, q2), (problem,))
    bob = zero_result("bob", LAB, "rejected", "bob.zip is empty.")
    page = Page(report(tmp_path, *(render(r, LAB, GradingConfig()) for r in (ann, bob))))
    assert page.row("q1")[8] == "1 × a is not defined.1 × Wrong sign."
    assert page.row("ann")[1:] == ["graded", "6.5", "", "Cell 3 raised."]
    assert page.row("bob")[1:] == ["rejected", "–", "", "bob.zip is empty."]


def test_notes_and_failed_tests_are_reasons_by_their_first_lines(tmp_path: Path) -> None:
    ann = result(
        "ann",
        notes=["`a` is not defined."],
        failed=["Wrong sign.\n\n```\nmore\n```", "Wrong sign.", ""],
    )
    assert Page(report(tmp_path, ann)).row("q1")[8] == "1 × a is not defined.1 × Wrong sign."


def test_submissions_are_sorted_by_name_and_show_what_went_wrong(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
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
    page = Page(report(tmp_path, *CLASS))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)


def test_unprotected_scores_are_named_unless_nothing_ran(tmp_path: Path) -> None:
    assert "not protected" not in report(tmp_path, *CLASS)
    some = prose(report(tmp_path, *CLASS, result("eve", isolation="none")))
    assert "The scores of 1 submission (eve) were not protected" in some
    assert "The scores were not protected" in prose(report(tmp_path, result("e", isolation="none")))


def test_questions_whose_tests_ran_inside_the_notebook_are_named(tmp_path: Path) -> None:
    inside = Question("q2", 6, False, ("b",), why_unprotected="needs the object")
    lab = Assignment("lab", "lab.ipynb", (LAB.questions[0], inside), (), ())
    text = prose(report(tmp_path, result("ann"), lab=lab))
    assert "The tests of q2 need objects that cannot leave the notebook’s process" in text


def test_what_students_choose_is_only_ever_text(tmp_path: Path) -> None:
    hostile = [
        result(HOSTILE, notes=[HOSTILE], failed=[HOSTILE], problems=(f"`{HOSTILE}`",)),
        result(HOSTILE + "2", status="rejected", message=HOSTILE),
        result("../../etc/passwd\udcff", 1, status="timeout", problems=("long " * 200,)),
    ]
    text = report(tmp_path, *hostile)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert not {"\0", "\x1b", "\u202e"} & set(text)
    outward = {a["href"] for a in page.all("a") if not re.match(r"(#|results/)", a["href"])}
    assert outward == set()
    assert "results/..%2F..%2Fetc%2Fpasswd%3F.json" in {a["href"] for a in page.all("a")}
    assert max(len(cell) for row in page.rows for cell in row) < 400
    assert page.rows[-3][4].endswith("long…")


def test_the_page_needs_nothing_from_outside(tmp_path: Path) -> None:
    text = report(tmp_path, *CLASS)
    assert not re.search(r"https?://|url\(|@import|\bsrc=", text)
    assert Page(text).all("link") == []
    (policy,) = [m["content"] for m in Page(text).all("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none';")


def test_the_same_results_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    assert report(tmp_path, *CLASS) == report(tmp_path, *reversed(CLASS))


def test_tables_and_figures_serve_screen_readers(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 3
    assert {"main", "header", "nav", "h1", "title", "desc"} <= {tag for tag, _ in page.elements}


@pytest.mark.parametrize(
    ("results", "summary"),
    [
        ((), "No submissions yet."),
        ((CLASS[3],), "1 submission: 0 graded, 1 rejected."),
    ],
)
def test_a_class_without_scores(
    tmp_path: Path, results: tuple[ResultDocument, ...], summary: str
) -> None:
    text = report(tmp_path, *results)
    page = Page(text)
    assert summary in prose(text)
    assert page.row("q1")[:6] == ["q1", "4", "–", "–", "–", "–"]
    assert page.all("svg") == []


def test_an_assignment_without_automatic_questions(tmp_path: Path) -> None:
    essay = Assignment("essay", "essay.ipynb", (Question("q3", 5, True),), (), ())
    text = report(tmp_path, result("ann"), lab=essay)
    Page(text)
    assert "The assignment has no automatic questions." in prose(text)


# ------------------------------------------------- misconceptions, similar pairs, reviews

COUNTS = ("off-by-one", "The first position is not counted")
SHAPE = ("shape-off-by-one", "The first position is not counted")
BIAS = ("no-bias", "The bias is forgotten")
EXCERPT = "def f(x):\n    return x</pre><script>alert(1)</script>\u202e"


def a_class(size: int = 30) -> list[ResultDocument]:
    """Return a class with something for every part of the page."""
    results = []
    for n in range(size):
        misconceptions = {"q1": [COUNTS], "q2": [SHAPE, BIAS]} if n % 3 == 0 else {}
        results.append(
            result(
                f"student{n:02d}",
                1 if misconceptions else 4 - n % 2,
                0 if misconceptions else 6 - n % 4,
                misconceptions=misconceptions,
                needs_review={"q2": ["Too good to be true"]} if n == 3 else {},
                unexplained={} if misconceptions else {"q1": {"a": "(3, 3)" if n % 2 else HOSTILE}},
                fails_on={"q1": {"a": "long ones"}} if n == 1 else {},
                unanswered=n // 10,
            )
        )
    return results


OTHERS: dict[str, Any] = {
    "students": {"student00": f"Ann {HOSTILE}", "student01": ""},
    "similar": [
        SimilarPair("student00", "student01", 0.914, 12, EXCERPT),
        SimilarPair("gone", HOSTILE, 0.7, 3, ""),
    ],
    "superseded": [SupersededRow(f"{HOSTILE}.ipynb", "student00", f"it is older {HOSTILE}")],
}


def test_a_misconception_counts_once_for_each_submission(tmp_path: Path) -> None:
    results = [
        result("ann", misconceptions={"q1": [COUNTS], "q2": [SHAPE]}),
        result("bob", 4, misconceptions={"q2": [SHAPE, BIAS]}),
        result("cy", 4, 6),
        result("dee", status="rejected", misconceptions={"q1": [COUNTS]}),
    ]
    text = report(tmp_path, *results)
    page = Page(text)
    assert (
        "The two most frequent misconceptions 67% The first position is not counted "
        "2 submissions, in q2 (2), q1 (1) 33% The bias is forgotten 1 submission, in q2"
    ) in prose(text)
    table = [row for row in page.rows if row[-1].startswith("misconception:")]
    assert table == [
        ["The first position is not counted", "q2", "2", "67%", "misconception:shape-off-by-one"],
        ["The first position is not counted", "q1", "1", "33%", "misconception:off-by-one"],
        ["The bias is forgotten", "q2", "1", "33%", "misconception:no-bias"],
    ]
    assert page.row("q2")[8] == "2 × The first position is not counted1 × The bias is forgotten"
    assert page.row("q1")[8] == "1 × The first position is not counted1 × Count the bias too."


def test_three_misconceptions_lead_the_page_and_a_table_has_all(tmp_path: Path) -> None:
    many = [(f"misconception-{n}", f"Misconception {n}") for n in range(20)]
    results = (result(f"s{n}", misconceptions={"q1": many[n:]}) for n in range(20))
    text = report(tmp_path, *results)
    leading = [f"Misconception {n}" for n in (19, 18, 17)]
    assert re.findall(r"<strong>(.*?)</strong>", text)[:3] == leading
    assert len(re.findall(r"<rect", text.split('id="misconceptions"')[1].split("</svg>")[0])) == 12
    assert len(re.findall("misconception:misconception-", text)) == 20


def test_unexplained_values_are_counted_by_name(tmp_path: Path) -> None:
    results = [
        *(result(f"a{n}", unexplained={"q1": {"a": "(3, 3)"}}) for n in range(3)),
        *(result(f"b{n}", unexplained={"q1": {"a": f"{n}.5", "b": "(3, 3)"}}) for n in range(9)),
        result("c", unexplained={"q2": {"f": "a function"}}, fails_on={"q2": {"f": "odd sizes"}}),
        # here the misconception explains the lost points, and the value is of a right part
        result("d", misconceptions={"q1": [COUNTS]}, unexplained={"q1": {"b": "(6, 6)"}}),
    ]
    page = Page(report(tmp_path, *results))
    (start,) = [n for n, row in enumerate(page.rows) if row[-1] == "value"]
    assert page.rows[start + 1 :][:6] == [
        ["q1", "b", "9", "(3, 3)"],
        ["q1", "a", "3", "(3, 3)"],
        ["q1", "a", "1", "0.5"],
        ["q1", "a", "1", "1.5"],
        ["q2", "f", "1", "a function, wrong first on: odd sizes"],
        ["submission", "status", "score", "questions", "problems"],
    ]
    assert page.row("q1")[8].endswith("12 × unexplained")


def test_what_needs_review_comes_first(tmp_path: Path) -> None:
    flag = "Too good to be true"
    results = [
        result("ann", needs_review={"q2": [flag]}),
        result("bob", needs_review={"q1": [flag], "q2": [flag]}),
        result("cy", unanswered=2),
        result("dee", unanswered=3),
    ]
    pair = SimilarPair("ann", "bob", 0.9, 5, "x")
    text = report(tmp_path, *results, similar=[pair], students={"bob": "Robert B."})
    page = Page(text)
    section = prose(text.split('<section class="warning"')[1].split("</section>")[0])
    assert (
        "Needs review 2 flagged Too good to be true (q1): bob (Robert B.) "
        "Too good to be true (q2): ann, bob (Robert B.) "
        "1 similar pair ann and bob (Robert B.); details "
        "2 incomplete 5 written answers missing in 2 submissions."
    ) in section
    assert page.row("ann")[1:3] + page.row("ann")[4:] == ["graded", "0", "Too good to be true (q2)"]
    assert len([row for row in page.all("tr") if row.get("class") == "flagged"]) == 2


def test_without_problems_nothing_needs_review(tmp_path: Path) -> None:
    text = report(tmp_path, result("ann", 4, 6), similar=[])
    assert "Needs review" not in text
    assert "No two submissions share most of their unusual code." in prose(text)


def test_the_page_says_why_submissions_were_not_compared(tmp_path: Path) -> None:
    assert "Similar submissions" not in report(tmp_path, *CLASS)
    text = prose(report(tmp_path, *CLASS, not_compared="this needs <more>."))
    assert "The submissions were not compared: this needs &lt;more&gt;." in text


def test_similar_pairs_show_what_they_share(tmp_path: Path) -> None:
    pairs = [
        SimilarPair("Ann", "bob", 0.914, 12, "one\n  two"),
        *[SimilarPair("cy", "dee", 0.6, 3, "x")] * 40,
    ]
    text = report(tmp_path, *CLASS, similar=pairs)
    page = Page(text)
    rows = [row for row in page.rows if " and " in row[0]]
    assert rows[0] == ["Ann and bob", "91%", "12", "longest excerptone\n  two"]
    assert len(rows) == 30
    assert "41 pairs, of which the 30 most similar are shown" in prose(text)


@pytest.mark.parametrize("many", [2, 40])
def test_superseded_files_are_listed(tmp_path: Path, many: int) -> None:
    files = [SupersededRow(f"Ann{n}.ipynb", "Ann", "it is older") for n in range(many)]
    text = report(tmp_path, *CLASS, superseded=files)
    assert prose(text).count("Ann counts, since it is older") == many
    assert ("<summary>40 files</summary>" in text) == (many == 40)


def test_discrimination_and_joint_failures_need_a_class_of_some_size(tmp_path: Path) -> None:
    few, many = (report(tmp_path, *a_class(size)) for size in (9, 30))
    assert Page(few).row("q1")[7] == "–"
    assert 0.5 < float(Page(many).row("q1")[7]) <= 1
    assert 'id="joint-failures"' not in few
    assert "q1 and q2, in 10 submissions (3 expected)" in prose(many)


def test_submissions_without_points_make_no_joint_failures(tmp_path: Path) -> None:
    results = [result(f"a{n}", 4 * (n % 2), 6 * (n // 2 % 2)) for n in range(40)]
    results = [document for document in results if document.score]
    blank = [result(f"blank{n}") for n in range(60)]
    text = report(tmp_path, *results, *blank)
    assert 'id="joint-failures"' not in text
    assert "Submissions without any points (60) are left out of it." in prose(text)


def test_the_whole_page_is_safe_when_everything_is_hostile(tmp_path: Path) -> None:
    results = [
        *a_class(),
        result(HOSTILE, misconceptions={"q1": [("x", HOSTILE)]}, needs_review={"q1": [HOSTILE]}),
        result("long", unexplained={"q1": {"a": "9" * 5000}}),
    ]
    text = report(tmp_path, *results, **OTHERS)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert not {"\0", "\x1b", "\u202e"} & set(text)
    assert "9" * 200 not in text
    assert text == report(tmp_path, *reversed(results), **OTHERS)


def test_the_whole_page_serves_screen_readers(tmp_path: Path) -> None:
    text = report(tmp_path, *a_class(), **OTHERS)
    page = Page(text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)
    described = " ".join(attributes.get("aria-labelledby", "") for _, attributes in page.elements)
    assert set(described.split()) <= set(ids)
    pictures = page.all("svg")
    assert len(pictures) == len(page.all("title")) - 1 == len(page.all("desc")) == 3
    assert all(picture["role"] == "img" for picture in pictures)
    assert text.count("</figure>\n<details>") == 3  # the table of each is a click away
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table")) == 7
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not re.search(r"url\(|@import", text)
