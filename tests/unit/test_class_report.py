"""The class report: its numbers, and that nothing a student chose can act on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig
from ottermark.grading.autograder import Autograder
from ottermark.grading.grade import CaseResult, CellProblem, QuestionResult, Result, nothing_earned
from ottermark.reports.class_report import write_report
from ottermark.reports.similarity import SimilarPair
from ottermark.results.document import results

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
    slips: Mapping[str, Sequence[tuple[str, str]]] = {},
    look: Mapping[str, Sequence[str]] = {},
    fails_on: Mapping[str, Mapping[str, str]] = {},
    unexplained: Mapping[str, Mapping[str, str]] = {},
    unwritten: int = 0,
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
                "tags": [f"misconception:{slip}" for slip, _ in slips.get(number, ())],
                "extra_data": {
                    "misconceptions": [name for _, name in slips.get(number, ())],
                    "look": list(look.get(number, ())),
                    "fails_on": fails_on.get(number, {}),
                    "unexplained": unexplained.get(number, {}),
                },
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
            "written": {
                f"q{n}": {"state": "empty" if n < unwritten else "answered", "answer": ""}
                for n in range(3)
            },
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
        """Return a row of the questions (9 cells) or of the submissions (5)."""
        rows = [row for row in self.rows if len(row) in (5, 9)]
        (found,) = [row for row in rows if row[0].split(" ")[0] == start]
        return found

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def written(folder: Path, *results: dict[str, Any], lab: Assignment = LAB, **beside: Any) -> str:
    write_report(folder / "report.html", lab, results, **beside)
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
    assert page.row("q2")[8] == "2 × Count the bias too."
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
    grader = cast(Autograder, SimpleNamespace(assignment=LAB, config=GradingConfig()))
    late = nothing_earned("bob", grader, "rejected", "bob.zip is empty.")
    page = Page(written(tmp_path, results(graded, grader), results(late, grader)))
    assert page.row("q1")[8] == "1 × a is not defined.1 × Wrong sign."
    assert page.row("ann")[1:] == ["graded", "6.5", "", "Cell 3 raised."]
    assert page.row("bob")[1:] == ["rejected", "–", "", "bob.zip is empty."]


def test_notes_are_reasons_too_and_passed_tests_are_not(tmp_path: Path) -> None:
    output = (
        "- `a` is not defined.\n- ❌ Wrong sign.\n- a hint of the same test\n- ✅ (1 points) ok"
    )
    row = Page(written(tmp_path, result("ann", output=output))).row("q1")
    assert row[8] == "1 × a is not defined.1 × Wrong sign."


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


# ------------------------------------------------------------- mistakes, pairs, what to look at

COUNTS = ("off-by-one", "The first position is not counted")
SHAPE = ("shape-off-by-one", "The first position is not counted")
BIAS = ("no-bias", "The bias is forgotten")
PASSAGE = "def f(x):\n    return x</pre><script>alert(1)</script>\u202e"


def a_class(size: int = 30) -> list[dict[str, Any]]:
    """Return a class with something for every part of the page."""
    sheets = []
    for n in range(size):
        slips = {"q1": [COUNTS], "q2": [SHAPE, BIAS]} if n % 3 == 0 else {}
        sheets.append(
            result(
                f"sheet{n:02d}",
                1 if slips else 4 - n % 2,
                0 if slips else 6 - n % 4,
                slips=slips,
                look={"q2": ["Too good to be true"]} if n == 3 else {},
                unexplained={} if slips else {"q1": {"a": "(3, 3)" if n % 2 else HOSTILE}},
                fails_on={"q1": {"a": "long ones"}} if n == 1 else {},
                unwritten=n // 10,
            )
        )
    return sheets


BESIDE: dict[str, Any] = {
    "who": {"sheet00": f"Ann {HOSTILE}", "sheet01": ""},
    "alike": [
        SimilarPair("sheet00", "sheet01", 0.914, 12, PASSAGE),
        SimilarPair("gone", HOSTILE, 0.7, 3, ""),
    ],
    "superseded": [(f"{HOSTILE}.ipynb", "sheet00", f"it is older {HOSTILE}")],
}


def test_a_mistake_counts_once_a_sheet_however_often_it_is_made(tmp_path: Path) -> None:
    sheets = [
        result("ann", slips={"q1": [COUNTS], "q2": [SHAPE]}),
        result("bob", 4, slips={"q2": [SHAPE, BIAS]}),
        result("cy", 4, 6),
        result("dee", status="rejected", slips={"q1": [COUNTS]}),
    ]
    text = written(tmp_path, *sheets)
    page = Page(text)
    assert (
        "The two mistakes most made 67% The first position is not counted 2 sheets, in q2 (2), "
        "q1 (1) 33% The bias is forgotten 1 sheet, in q2"
    ) in prose(text)
    table = [row for row in page.rows if row[-1].startswith("misconception:")]
    assert table == [
        ["The first position is not counted", "q2", "2", "67%", "misconception:shape-off-by-one"],
        ["The first position is not counted", "q1", "1", "33%", "misconception:off-by-one"],
        ["The bias is forgotten", "q2", "1", "33%", "misconception:no-bias"],
    ]
    assert page.row("q2")[8] == "2 × The first position is not counted1 × The bias is forgotten"
    assert page.row("q1")[8] == "1 × The first position is not counted1 × Count the bias too."


def test_three_mistakes_lead_the_page_and_the_rest_is_a_click_away(tmp_path: Path) -> None:
    slips = [(f"slip-{n}", f"Mistake {n}") for n in range(20)]
    text = written(tmp_path, *(result(f"s{n}", slips={"q1": slips[n:]}) for n in range(20)))
    assert re.findall(r"<strong>(.*?)</strong>", text)[:3] == [f"Mistake {n}" for n in (19, 18, 17)]
    assert len(re.findall(r"<rect", text.split('id="mistakes"')[1].split("</svg>")[0])) == 12
    assert len(re.findall("misconception:slip-", text)) == 20


def test_values_that_nothing_explains_are_counted_by_name(tmp_path: Path) -> None:
    sheets = [
        *(result(f"a{n}", unexplained={"q1": {"a": "(3, 3)"}}) for n in range(3)),
        *(result(f"b{n}", unexplained={"q1": {"a": f"{n}.5", "b": "(3, 3)"}}) for n in range(9)),
        result("c", unexplained={"q2": {"f": "a function"}}, fails_on={"q2": {"f": "odd sizes"}}),
        # here the slip explains the lost points, and the value is of a right part
        result("d", slips={"q1": [COUNTS]}, unexplained={"q1": {"b": "(6, 6)"}}),
    ]
    page = Page(written(tmp_path, *sheets))
    (start,) = [n for n, row in enumerate(page.rows) if row[-1] == "value"]
    assert page.rows[start + 1 :][:6] == [
        ["q1", "b", "9", "(3, 3)"],
        ["q1", "a", "3", "(3, 3)"],
        ["q1", "a", "1", "0.5"],
        ["q1", "a", "1", "1.5"],
        ["q2", "f", "1", "a function, wrong first on: odd sizes"],
        ["submission", "status", "score", "questions", "what to look at"],
    ]
    assert page.row("q1")[8].endswith("12 × nothing known explains it")


def test_who_needs_a_human_is_named_first(tmp_path: Path) -> None:
    sheets = [
        result("ann", look={"q2": ["Too good to be true"]}),
        result("bob", look={"q1": ["Too good to be true"], "q2": ["Too good to be true"]}),
        result("cy", unwritten=2),
        result("dee", unwritten=3),
    ]
    pair = SimilarPair("ann", "bob", 0.9, 5, "x")
    text = written(tmp_path, *sheets, alike=[pair], who={"bob": "Robert B."})
    page = Page(text)
    section = prose(text.split('<section class="look"')[1].split("</section>")[0])
    assert (
        "2 to look into Too good to be true (q1): bob (Robert B.) "
        "Too good to be true (q2): ann, bob (Robert B.) "
        "1 pair alike ann and bob (Robert B.); what they share "
        "2 unfinished 2 sheets lack a written answer; 5 answers are missing in all."
    ) in section
    assert page.row("ann")[1:3] + page.row("ann")[4:] == ["graded", "0", "Too good to be true (q2)"]
    assert len([row for row in page.all("tr") if row.get("class") == "odd"]) == 2


def test_without_anything_amiss_nothing_is_to_be_looked_at(tmp_path: Path) -> None:
    text = written(tmp_path, result("ann", 4, 6), alike=[])
    assert "Look at these first" not in text
    assert "No two sheets share most of what is unusual in their code." in prose(text)


def test_what_was_not_compared_is_said(tmp_path: Path) -> None:
    assert "look alike" not in written(tmp_path, *CLASS)
    text = prose(written(tmp_path, *CLASS, not_compared="that needs <more>."))
    assert "The sheets were not compared: that needs &lt;more&gt;." in text


def test_pairs_that_look_alike_show_what_they_share(tmp_path: Path) -> None:
    pairs = [
        SimilarPair("Ann", "bob", 0.914, 12, "one\n  two"),
        *[SimilarPair("cy", "dee", 0.6, 3, "x")] * 40,
    ]
    text = written(tmp_path, *CLASS, alike=pairs)
    page = Page(text)
    rows = [row for row in page.rows if " and " in row[0]]
    assert rows[0] == ["Ann and bob", "91%", "12", "the longest pieceone\n  two"]
    assert len(rows) == 30
    assert "41 pairs, of which the 30 most alike are shown" in prose(text)


@pytest.mark.parametrize("many", [2, 40])
def test_files_that_do_not_count_are_listed(tmp_path: Path, many: int) -> None:
    left = [(f"Ann{n}.ipynb", "Ann", "it is newer") for n in range(many)]
    text = written(tmp_path, *CLASS, superseded=left)
    assert prose(text).count("Ann counts, since it is newer") == many
    assert ("40 of them" in text) == (many == 40)


def test_discrimination_and_ties_wait_for_a_class_that_is_large_enough(tmp_path: Path) -> None:
    few, many = (written(tmp_path, *a_class(size)) for size in (9, 30))
    assert Page(few).row("q1")[7] == "–"
    assert 0.5 < float(Page(many).row("q1")[7]) <= 1
    assert 'id="together"' not in few
    assert "q1 and q2, on 10 sheets (3 by chance)" in prose(many)


def test_sheets_that_earned_nothing_tie_no_questions(tmp_path: Path) -> None:
    sheets = [result(f"a{n}", 4 * (n % 2), 6 * (n // 2 % 2)) for n in range(40)]
    sheets = [sheet for sheet in sheets if sheet["score"]]
    blank = [result(f"blank{n}") for n in range(60)]
    text = written(tmp_path, *sheets, *blank)
    assert 'id="together"' not in text
    assert "Sheets that earned nothing at all (60) are left out of it." in prose(text)


def test_the_whole_page_holds_together_when_everything_is_hostile(tmp_path: Path) -> None:
    sheets = [
        *a_class(),
        result(HOSTILE, slips={"q1": [("x", HOSTILE)]}, look={"q1": [HOSTILE]}),
        result("long", unexplained={"q1": {"a": "9" * 5000}}),
    ]
    text = written(tmp_path, *sheets, **BESIDE)
    page = Page(text)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, found in page.elements for name in found)
    assert not {"\0", "\x1b", "\u202e"} & set(text)
    assert "9" * 200 not in text
    assert text == written(tmp_path, *reversed(sheets), **BESIDE)


def test_the_whole_page_can_be_read_aloud(tmp_path: Path) -> None:
    text = written(tmp_path, *a_class(), **BESIDE)
    page = Page(text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")} <= set(ids)
    described = " ".join(found.get("aria-labelledby", "") for _, found in page.elements)
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
