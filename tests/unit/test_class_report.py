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
from ottermark.reports.similarity import SimilarPair, group_pairs
from ottermark.results.document import ResultDocument
from ottermark.results.render import render
from ottermark.results.result import (
    CaseResult,
    CellProblem,
    QuestionResult,
    SubmissionResult,
    zero_result,
)
from ottermark.submissions.candidates import Student, Submission
from ottermark.submissions.written_answers import WrittenAnswer

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
        """Return a row of the questions (11 cells) or of the submissions (7, or 8 with students)."""
        rows = [row for row in self.rows if len(row) in (7, 8, 11)]
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
    assert "standard deviation4.2" in text and "quartiles3–7" in text


def histogram(folder: Path, max_score: float, scores: Sequence[float]) -> list[list[str]]:
    """Return the rows of the histogram's table, for an assignment of one question."""
    lab = Assignment("lab", "lab.ipynb", (Question("q1", max_score, False),), (), ())
    results = []
    for number, score in enumerate(scores):
        question = QuestionResult(lab.questions[0], score)
        graded = SubmissionResult(f"s{number}", "graded", "userns", (question,))
        results.append(render(graded, lab, GradingConfig()))
    page = Page(report(folder, *results, lab=lab))
    start = page.rows.index(["score", "submissions"])
    return page.rows[start + 1 :][: page.rows[start + 1 :].index(page.row("q1")) - 1]


def test_the_histogram_counts_every_score_once(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
    start = page.rows.index(["score", "submissions"])
    bins = page.rows[start + 1 :][:11]
    assert [label for label, _ in bins] == [str(score) for score in range(11)]
    assert [count for _, count in bins] == ["0", "0", "1", "0", "1", "0", "0", "0", "0", "0", "1"]


@pytest.mark.parametrize(
    ("max_score", "scores", "labels"),
    [
        (78, [0, 4, 5, 78], ["0 to 4", "5 to 9", "75 to 78"]),
        (100, [9, 10, 100], ["0 to 9", "10 to 19", "100"]),
        (2.5, [0, 1.5, 2.5], ["0 to under 1", "1 to under 2", "2 to 2.5"]),
        (40, [0, 4.5], ["0 to under 5", "5 to under 10", "40"]),
    ],
)
def test_the_bins_lie_between_whole_numbers(
    tmp_path: Path, max_score: float, scores: list[float], labels: list[str]
) -> None:
    bins = histogram(tmp_path, max_score, scores)
    assert [bins[0][0], bins[1][0], bins[-1][0]] == labels
    assert sum(int(count) for _, count in bins) == len(scores)
    assert len(bins) <= 16


def test_a_question_row_shows_how_the_class_did_and_why(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
    assert page.row("q1")[:8] == ["q1", "4", "3.3", "83%", "67%", "33%", "0%", "0%"]
    assert page.row("q2")[:8] == ["q2 hardest", "6", "2.0", "33%", "33%", "0%", "67%", "0%"]
    assert page.row("q2")[10] == "2 × Count the bias too."
    bars = [s["aria-label"] for s in page.all("span") if s.get("class") == "bar"]
    assert bars == [
        "2 full, 1 partial, 0 without points, 0 not answered",
        "1 full, 0 partial, 2 without points, 0 not answered",
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
    assert page.row("q1")[10] == "1 × a is not defined.1 × Wrong sign."
    opened = "feedback notebook results"
    assert page.row("ann")[1:] == ["graded", "6.5", "", "0", "Cell 3 raised.", opened]
    assert page.row("bob")[1:] == [
        "rejected",
        "–",
        "",
        "–",
        "bob.zip is empty.",
        "feedback results",
    ]


def test_notes_and_failed_tests_are_reasons_by_their_first_lines(tmp_path: Path) -> None:
    ann = result(
        "ann",
        notes=["`a` is not defined."],
        failed=["Wrong sign.\n\n```\nmore\n```", "Wrong sign.", ""],
    )
    assert Page(report(tmp_path, ann)).row("q1")[10] == "1 × a is not defined.1 × Wrong sign."


def test_submissions_are_sorted_by_name_and_show_what_went_wrong(tmp_path: Path) -> None:
    page = Page(report(tmp_path, *CLASS))
    rows = page.rows[-4:]
    assert [row[0] for row in rows] == ["Ann", "bob", "cy", "dee"]
    assert rows[0][1:3] == ["graded", "10"]
    assert rows[1][1:3] == ["crashed", "2"]
    assert rows[1][5] == "Cell 3: the process ended."
    assert rows[2][1:6] == ["rejected", "–", "", "–", "cy.docx is not a notebook."]
    titles = [i["title"] for i in page.all("i") if "title" in i]
    assert titles[-2:] == ["q1: 4 of 4", "q2: 0 of 6"]
    links = {a["href"] for a in page.all("a")}
    assert {"results/Ann.json", "feedback/Ann.html", "executed/Ann.ipynb"} <= links
    assert {"results/cy.json", "feedback/cy.html", "grades.csv"} <= links


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
    inward = r"#|(results|feedback|executed)/|grades\.csv$"
    assert [a["href"] for a in page.all("a") if not re.match(inward, a["href"])] == []
    assert "results/..%2F..%2Fetc%2Fpasswd%3F.json" in {a["href"] for a in page.all("a")}
    assert max(len(cell) for row in page.rows for cell in row) < 400
    assert page.rows[-3][5].endswith("long…")


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
    assert page.row("q1")[:8] == ["q1", "4", *["–"] * 6]
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
    "submissions": [
        Submission("student00", Path("x"), (Student(f"Ann {HOSTILE}", f'"{HOSTILE}@x'),)),
        Submission("student01", Path("x")),
    ],
    "similar": group_pairs(
        [
            SimilarPair("student00", "student01", 0.914, 12, EXCERPT),
            SimilarPair("student01", "student02", 0.9, 12, EXCERPT),
            SimilarPair("gone", HOSTILE, 0.7, 3, ""),
        ]
    ),
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
        "Most frequent misconceptions 67% The first position is not counted "
        "2 submissions, in q2 (2), q1 (1) 33% The bias is forgotten 1 submission, in q2"
    ) in prose(text)
    table = [row for row in page.rows if row[-1].startswith("misconception:")]
    assert table == [
        ["The first position is not counted", "q2", "2", "67%", "misconception:shape-off-by-one"],
        ["The first position is not counted", "q1", "1", "33%", "misconception:off-by-one"],
        ["The bias is forgotten", "q2", "1", "33%", "misconception:no-bias"],
    ]
    assert page.row("q2")[10] == "2 × The first position is not counted1 × The bias is forgotten"
    assert page.row("q1")[10] == "1 × The first position is not counted1 × Count the bias too."


def test_three_misconceptions_lead_the_page_and_a_table_has_all(tmp_path: Path) -> None:
    many = [(f"misconception-{n}", f"Misconception {n}") for n in range(20)]
    results = (result(f"s{n}", misconceptions={"q1": many[n:]}) for n in range(20))
    text = report(tmp_path, *results)
    leading = [f"Misconception {n}" for n in (19, 18, 17)]
    section = text.split('id="top"')[1].split("</section>")[0]
    assert re.findall(r"<strong>(.*?)</strong>", section) == leading
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
        ["submission", "status", "score", "questions", "not answered", "problems", "open"],
    ]
    assert page.row("q1")[10].endswith("12 × unexplained")


def test_what_needs_review_comes_first(tmp_path: Path) -> None:
    flag = "Too good to be true"
    results = [
        result("ann", needs_review={"q2": [flag]}),
        result("bob", needs_review={"q1": [flag], "q2": [flag]}),
        result("cy", unanswered=2),
        result("dee", unanswered=3),
    ]
    similar = group_pairs([SimilarPair("ann", "bob", 0.9, 5, "x")])
    bob = Submission("bob", Path("bob.ipynb"), (Student("Robert B."),))
    text = report(tmp_path, *results, similar=similar, submissions=[bob])
    page = Page(text)
    section = prose(text.split('<section class="warning"')[1].split("</section>")[0])
    assert (
        "Needs review 2 flagged "
        "Too good to be true: ann (q2), Robert B. (q1), Robert B. (q2) "
        "1 similar group ann and Robert B.; details "
        "2 incomplete 5 written answers missing in 2 submissions."
    ) in section
    assert page.row("ann")[1:4] == ["–", "graded", "0"]
    assert page.row("ann")[6] == "Similar code. Too good to be true (q2)"
    assert page.row("bob")[1] == "Robert B."
    assert len([row for row in page.all("tr") if row.get("class") == "flagged"]) == 2


def test_many_names_are_cut_and_link_to_the_rest(tmp_path: Path) -> None:
    flag = {"q1": ["Too good to be true"]}
    slow = [result(f"a{n}", status="timeout", needs_review=flag) for n in range(8)]
    text = report(tmp_path, *slow)
    links = [link for link in Page(text).all("a") if "3 more</a>" in text and "data-status" in link]
    assert [link["data-status"] for link in links] == ["timeout"]
    assert [link["href"] for link in Page(text).all("a") if "data-review" in link] == [
        "#submissions"
    ]
    assert prose(text).count("and 3 more") == 2


def test_unanswered_questions_count_apart_from_wrong_ones(tmp_path: Path) -> None:
    blank = [QuestionResult(q, 0.0, answered=False) for q in LAB.automatic]
    wrong = QuestionResult(LAB.questions[0], 0.0)
    written = (WrittenAnswer(LAB.questions[2], "empty"),)
    results = [
        SubmissionResult("ann", "graded", "userns", (wrong, blank[1]), written=written),
        SubmissionResult("bob", "graded", "userns", (blank[0], blank[1])),
        SubmissionResult("cy", "graded", "userns", (wrong, QuestionResult(LAB.questions[1], 6.0))),
    ]
    page = Page(report(tmp_path, *(render(r, LAB, GradingConfig()) for r in results)))
    heads = ["full score", "partial", "no points", "not answered"]
    assert next(row for row in page.rows if heads[0] in row)[4:8] == heads
    assert page.row("q1")[4:8] == ["0%", "0%", "67%", "33%"]
    assert page.row("q2")[4:8] == ["33%", "0%", "0%", "67%"]
    assert [page.row(name)[4] for name in ("ann", "bob", "cy")] == ["2", "2", "0"]
    strips = [s["aria-label"] for s in page.all("span") if s.get("class") == "strip"]
    assert strips[0] == "q1 no points, q2 not answered"
    levels = {row["id"]: row["data-levels"] for row in page.all("tr") if "data-levels" in row}
    assert list(levels.values()) == ["zu", "uu", "zf"]


def test_students_are_named_beside_their_files(tmp_path: Path) -> None:
    submissions = [
        Submission("Ann", Path("x"), (Student("Ann Lee", "ann@x.edu"), Student("Ben"))),
        Submission("cy", Path("x"), (Student(sid="77"),), late=True),
    ]
    page = Page(report(tmp_path, *CLASS, submissions=submissions))
    assert page.row("Ann")[:3] == ["Ann", "Ann Lee; Ben", "graded"]
    assert page.row("cy")[:3] == ["cy", "77", "rejected, late"]
    assert page.row("dee")[1] == "–"
    (ann,) = [row for row in page.all("tr") if row.get("data-find", "").startswith("ann")]
    assert ann["data-find"] == "ann ann lee; ben ann@x.edu"
    assert "student" not in next(r for r in Page(report(tmp_path, *CLASS)).rows if "open" in r)


def test_all_students_of_a_group_are_found_by_what_is_typed(tmp_path: Path) -> None:
    group = tuple(Student(f"Zoe\u0308 Weiß {n}", f"weiss{n}@example.edu") for n in range(20))
    page = Page(report(tmp_path, *CLASS, submissions=[Submission("Ann", Path("x"), group)]))
    (found,) = [row["data-find"] for row in page.all("tr") if "weiß" in row.get("data-find", "")]
    assert (
        all(f"zoë weiß {n};" in f"{found};" for n in range(19)) and "weiss19@example.edu" in found
    )


def test_a_result_on_other_questions_is_listed_and_counts_in_nothing(tmp_path: Path) -> None:
    q1 = Assignment("lab", "lab.ipynb", LAB.questions[:1], (), ())
    old = SubmissionResult("old", "graded", "userns", (QuestionResult(q1.questions[0], 4.0),))
    text = report(tmp_path, *CLASS, render(old, q1, GradingConfig()))
    page = Page(text)
    assert page.row("q1")[:3] == Page(report(tmp_path, *CLASS)).row("q1")[:3]
    assert page.row("old")[1:6] == ["graded", "4", "", "–", "Graded on other questions. "]
    assert "1 out of date Graded on other questions than the assignment has now" in prose(text)


@pytest.mark.parametrize(
    ("results", "figure", "sentence"),
    [
        (CLASS, "–", "it is not computed for fewer than 10 submissions with points"),
        ([result(f"s{n}", 4, 0) for n in range(12)], "–", "where all scores are equal"),
        ([result(f"s{n}", n % 5, n % 5) for n in range(15)], "1.00", "would order the class alike"),
        ([result(f"s{n}", n % 5, 5 - n % 6) for n in range(30)], "−", "it is negative where"),
    ],
)
def test_reliability_is_shown_with_its_meaning(
    tmp_path: Path, results: Sequence[ResultDocument], figure: str, sentence: str
) -> None:
    text = prose(report(tmp_path, *results))
    assert f"reliability (Cronbach’s alpha){figure}" in text
    assert sentence in text


def test_without_problems_nothing_needs_review(tmp_path: Path) -> None:
    text = report(tmp_path, result("ann", 4, 6), similar=[])
    assert "Needs review Nothing." in prose(text)
    assert "No two submissions share most of their unusual code." in prose(text)


def test_the_page_says_why_submissions_were_not_compared(tmp_path: Path) -> None:
    assert "Similar submissions" not in report(tmp_path, *CLASS)
    text = prose(report(tmp_path, *CLASS, not_compared="this needs <more>."))
    assert "The submissions were not compared: this needs &lt;more&gt;." in text


def test_copies_are_one_group(tmp_path: Path) -> None:
    ring = [
        SimilarPair("Ann", "bob", 0.914, 12, "one\n  two"),
        SimilarPair("bob", "dee", 0.8, 9, "three"),
        SimilarPair("Ann", "dee", 0.7, 9, "three"),
    ]
    others = [SimilarPair(f"s{n}", f"t{n}", 0.6, 3, "x") for n in range(40)]
    text = report(tmp_path, *CLASS, similar=group_pairs([*ring, *others]))
    page = Page(text)
    rows = [row for row in page.rows if " and " in row[0] and len(row) == 4]
    assert rows[0][:3] == ["Ann, bob and dee", "70% to 91%", "12"]
    assert rows[0][3].startswith("longest excerptone\n  two3 pairs91%, 12 lines: Ann and bob")
    assert len(rows) == 30
    assert "41 groups, of which the 30 most similar are shown" in prose(text)
    assert "41 similar groups Ann, bob and dee; s0 and t0;" in prose(text)


@pytest.mark.parametrize("many", [2, 40])
def test_superseded_files_are_listed(tmp_path: Path, many: int) -> None:
    files = [SupersededRow(f"Ann{n}.ipynb", "Ann", "it is older") for n in range(many)]
    text = report(tmp_path, *CLASS, superseded=files)
    assert prose(text).count("Ann counts, since it is older") == many
    assert ("<summary>40 files</summary>" in text) == (many == 40)


def test_discrimination_and_joint_failures_need_a_class_of_some_size(tmp_path: Path) -> None:
    few, many = (report(tmp_path, *a_class(size)) for size in (9, 30))
    assert Page(few).row("q1")[9] == "–"
    assert 0.5 < float(Page(many).row("q1")[9]) <= 1
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
