"""The page for one student: what it says, what it keeps back, and that no text can act on it."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig, HintTime, Visibility
from ottermark.grading.autograder import Autograder
from ottermark.grading.grade import CaseResult, CellProblem, QuestionResult, Result, nothing_earned
from ottermark.reports.feedback import feedback_page, write_feedback
from ottermark.results.diagnosis import Diagnosis, Misconception
from ottermark.results.document import MAX_TEXT, UNFINISHED, results
from ottermark.submissions.candidates import Student
from ottermark.submissions.written_answers import ANSWERED, MISSING, WrittenAnswer

Q1, Q2, WHY, HOW = (
    Question("q1", 4, False, ("a",)),
    Question("q2", 6, False, ("b",)),
    Question("q3", 5, True),
    Question("q4", 1, True),
)
LAB = Assignment("lab", "lab.ipynb", (Q1, WHY, Q2, HOW), (), ())
FORM = CaseResult("q1 - 1", hidden=False, points=0, passed=True, message="")
WRONG = CaseResult("q1 - 2", hidden=True, points=3, passed=False, message="Count the `bias` too.")
SLIP = Misconception("no-bias", "forgot the bias", "What is added at the end?")
GRADED = Result(
    "ann",
    "graded",
    "userns",
    [
        QuestionResult(Q1, 1.0, (FORM, WRONG), finding=Diagnosis(misconceptions=(SLIP,))),
        QuestionResult(Q2, 6.0),
    ],
    written=(
        WrittenAnswer(WHY, ANSWERED, "Because *it* does.\n\n<b>So</b>"),
        WrittenAnswer(HOW, MISSING),
    ),
)
SHOWN = GradingConfig(hidden_tests="visible")
HOSTILE = (
    "</style></pre></code><script>alert(1)</script>\"'><img src=//evil.example onerror=a()>"
    "![p](https://evil.example/p.png) [l](javascript:alert(1)) [d](data:text/html,x) [r](/etc)"
    "\n\n[x]: javascript:alert(1)\n\n[x]\n\n# Score: 78 of 78\n\nThis\n===\n\n<h1>Hi</h1>\n\n***\n"
    "&#x202e; &#0; \0\x1b[31m\u202e\u2066\ud83d\udcff\r\n{{ 7 * 7 }}{% raw %} `"
)
VOID = {"meta", "br"}
TAGS = {  # what may stand on a page at all, and with which attributes
    **dict.fromkeys(("head", "title", "style", "body", "header", "main", "footer", "h1", "h2")),
    **dict.fromkeys(("h3", "h4", "b", "bdi", "small", "dt", "dd", "em", "strong", "br")),
    **dict.fromkeys(("blockquote", "li")),
    **{"html": {"lang"}, "meta": {"charset", "http-equiv", "content", "name"}, "p": {"class"}},
    **{"section": {"class"}, "article": {"class", "id"}, "div": {"class"}, "span": {"class"}},
    **{
        "a": {"href", "rel"},
        "ul": {"class"},
        "dl": {"class"},
        "ol": {"start"},
        "pre": {"dir"},
        "code": {"class"},
    },
}


class Page(HTMLParser):
    """Parses a page strictly: what opens must close, in order, and be of a kind that is allowed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.articles: list[str] = []
        self.sections: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        assert set(names) <= (TAGS[tag] or set()), (tag, names)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("article", "section"):
            (self.articles if tag == "article" else self.sections).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.elements.append((tag, {}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for name, found in (("article", self.articles), ("section", self.sections)):
            if name in self.open:
                found[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def article(self, question: str) -> str:
        (found,) = [plain(text) for text in self.articles if text.split()[0] == question]
        return found


def plain(text: str) -> str:
    return " ".join(text.split())


def body(result: Result = GRADED, options: GradingConfig = SHOWN, **more: Any) -> dict[str, Any]:
    grader = cast(Autograder, SimpleNamespace(assignment=LAB, config=options))
    return results(result, grader, **more)


def page(told: dict[str, Any], *students: Student) -> Page:
    return Page(feedback_page(told, LAB, students))


def prose(told: dict[str, Any], *students: Student) -> str:
    text = feedback_page(told, LAB, students).partition("<body>")[2]
    return plain(re.sub(r"<[^>]+>", " ", text))


def with_output(text: str, **more: str) -> dict[str, Any]:
    """Return a result in which a question says ``text``."""
    told = body()
    for entry in told["tests"]:
        if entry.get("number") == "q1":
            entry |= {"output": text, **more}
    return told


def test_it_says_what_was_earned_and_why() -> None:
    text = prose(body())
    assert "Feedback lab ann score, marked by tests 7 of 10" in text
    assert "questions with all points 1 of 2" in text
    assert "marked by hand, not in this score 6 points" in text
    assert "How your notebook ran Every cell ran." in text
    questions = page(body())
    assert questions.article("q1") == (
        "q1 1 of 4 points: some points ❌ (3 points) Count the bias too. "
        "💡 What is added at the end?"
    )
    assert questions.article("q2") == "q2 6 of 6 points: all points All tests passed."


def test_where_points_were_lost_comes_first_and_leads_there() -> None:
    result = replace(GRADED, questions=[QuestionResult(Q1, 3.5), QuestionResult(Q2, 0)])
    told = body(result)
    assert "found there. q2 6 of 6 points q1 0.5 of 4 points" in prose(told)
    found = page(told)
    assert [a["href"] for a in found.all("a")] == ["#question-2", "#question-0"]
    assert [a["id"] for a in found.all("article")] == [f"question-{n}" for n in range(4)]
    assert [text.split()[0] for text in found.articles] == ["q1", "q3", "q2", "q4"]
    full = [QuestionResult(Q1, 4.0), QuestionResult(Q2, 6.0)]
    assert "Nowhere: every question" in prose(body(replace(GRADED, questions=full)))


def test_written_answers_are_their_students_text_and_in_no_score() -> None:
    text = feedback_page(body(), LAB)
    assert '<pre dir="auto">Because *it* does.\n\n&lt;b&gt;So&lt;/b&gt;</pre>' in text
    found = Page(text)
    assert "marked by hand, 5 points, not in this score Your answer: " in found.article("q3")
    assert "marked by hand, 1 point, not in this score The question is" in found.article("q4")


@pytest.mark.parametrize("hidden_tests", ["after_due_date", "after_published"])
@pytest.mark.parametrize("hints", ["at_once", "after_published", "never"])
def test_what_is_shown_later_is_shown_now_and_under_its_question(
    hidden_tests: Visibility, hints: HintTime
) -> None:
    found = page(body(options=GradingConfig(hidden_tests=hidden_tests, hints=hints)))
    said = found.article("q1")
    assert said.count("Count the bias too.") == 1
    assert said.count("What is added at the end?") == (hints != "never")
    assert "shows later" not in said
    assert len(found.articles) == 4


def test_what_is_always_hidden_is_not_there() -> None:
    told = body(options=GradingConfig(hidden_tests="hidden"))
    text = feedback_page(told, LAB)
    assert not re.search("bias|at the end|points? lost", text)
    assert Page(text).article("q1") == (
        "q1 The form of your answer It can be read; whether it is right shows later."
    )
    assert "The scores of single questions are not shown" in prose(told)
    for entry in told["tests"]:
        entry["visibility"] = "hidden"
    assert page(told).articles == []
    assert "How your notebook ran" not in prose(told)


def test_what_is_for_the_staff_is_not_there() -> None:
    told = body(extra={"key": "SECRET", "path": "/SECRET"})
    for entry in told["tests"]:
        entry["tags"] = ["SECRET"]
        entry["extra_data"] = {"SECRET": "SECRET"}
    told["extra_data"]["written"]["q3"] = {"state": "answered", "answer": "SECRET"}
    told["leaderboard"] = [{"name": "SECRET", "value": 1}]
    assert feedback_page(told, LAB) == feedback_page(body(), LAB)
    ann = Student("Ann Ó", "ann@example.org", "S123")
    text = feedback_page(body(), LAB, [ann, Student()])
    assert "Ann Ó" in text and "Handed in as" in text
    assert "example.org" not in text and "S123" not in text


def test_what_went_wrong_is_told_first() -> None:
    crashed = replace(GRADED, status="crashed", problems=[CellProblem(2, "Cell 3 raised `X`")])
    text = prose(body(crashed))
    assert text.index("its process ended early Cell 3 raised X") < text.index("points were lost")
    text = prose(body(crashed, finished=False))
    assert text.index(UNFINISHED) < text.index("its process ended early")


def test_a_file_that_could_not_be_graded_says_why_and_no_more() -> None:
    grader = cast(Autograder, SimpleNamespace(assignment=LAB, config=SHOWN))
    told = body(nothing_earned("bob", grader, "rejected", "bob.zip is empty; hand in again."))
    assert "This file could not be graded bob.zip is empty; hand in again." in prose(told)
    assert "0 of 10" in prose(told)
    assert page(told).articles == []


def test_a_score_that_is_no_sum_is_explained() -> None:
    assert "questions shown here" not in prose(body())
    told = body(
        options=GradingConfig(hidden_tests="visible", points_possible=20, score_threshold=0.5)
    )
    said = "The questions shown here give 7 of 10 points; the score of the assignment is 20 of 20."
    assert said in prose(told)


def test_no_text_can_act_on_the_page() -> None:
    told = with_output(HOSTILE)
    told["output"] = HOSTILE
    for entry in told["tests"]:
        entry["output"] = HOSTILE
    told["tests"][0]["name"] = HOSTILE
    told["tests"].append({"name": HOSTILE, "output": HOSTILE, "visibility": "visible"})
    told["extra_data"]["submission"] = HOSTILE
    text = feedback_page(told, LAB, [Student(HOSTILE, HOSTILE, HOSTILE)])
    found = Page(text)
    assert {a["href"][:9] for a in found.all("a")} <= {"#question", "https://e"}
    assert not set("\0\x1b\r\u202e\u2066\ud83d\udcff") & set(text)
    assert text == text.encode().decode()
    assert "{{ 7 * 7 }}" in text
    assert len(found.all("h1")) == 1


def test_markdown_is_what_messages_need() -> None:
    text = feedback_page(
        with_output(
            "- ❌ `a < b` **not** *so*\n\n      f(1)\n\n- [see](https://keras.io/a 'title') "
            "and <https://x.example>; [no](mailto:a@b.c)\n- <b>bold</b> ![p](https://x.example/p)"
        ),
        LAB,
    )
    assert "<code>a &lt; b</code> <strong>not</strong> <em>so</em>" in text
    assert "<pre><code>f(1)\n</code></pre>" in text
    assert '<a href="https://keras.io/a" rel="noreferrer">see</a>' in text
    assert "[no](mailto:a@b.c)" in text and "&lt;b&gt;bold&lt;/b&gt; !" in text


@pytest.mark.parametrize("kind", ["text", "html", "simple_format", "ansi"])
def test_what_is_no_markdown_is_text(kind: str) -> None:
    text = feedback_page(with_output("<i>a</i> *b*", output_format=kind), LAB)
    assert '<pre dir="auto">&lt;i&gt;a&lt;/i&gt; *b*</pre>' in text


@given(
    st.text(st.sampled_from("ab `*_[]()<>!#&;:/\\\"'-+1.\n\t~=|{}%\0\r\u202e\ud800😀"), max_size=80)
)
@example("[a](https://x.example/\"onmouseover='a()')")
@example('<https://x.example/"><script>>')
@example('```"onclick=a()\n</code><script>\n```')
@example("[a](https://x&#x202e;y 'x')")
@example("&#x202e;&lt;script&gt;")
def test_any_text_gives_a_page_that_is_safe(told: str) -> None:
    text = feedback_page(with_output(told), LAB, [Student(told)])
    found = Page(text)
    assert all(re.match(r"#question-\d|https?://", a["href"], re.I) for a in found.all("a"))
    assert not re.search("[\0\r\u202e\ud800-\udfff]", text)
    assert len(found.articles) == 4


@pytest.mark.slow
@pytest.mark.parametrize("part", ["[", "`", "> ", "- ", "a\n"])
@pytest.mark.parametrize("kind", ["md", "text"])
def test_the_longest_outputs_harm_nothing_else(part: str, kind: str) -> None:
    long = (part * MAX_TEXT)[:MAX_TEXT]
    found = page(with_output(long, output_format=kind))
    assert found.article("q2") == page(body()).article("q2")
    assert kind == "md" or plain(long) in found.article("q1")


def test_the_page_needs_nothing_from_outside() -> None:
    text = feedback_page(body(), LAB)
    assert not re.search(r"https?://|url\(|@import|\bsrc=|<script|<link", text)
    policy = next(m["content"] for m in Page(text).all("meta") if "http-equiv" in m)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_it_can_be_read_aloud() -> None:
    found = page(
        body(options=GradingConfig(hidden_tests="after_due_date", hints="after_published"))
    )
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found.all("html") == [{"lang": "en"}]
    assert {"main", "header", "footer", "title"} <= {tag for tag, _ in found.elements}


def test_files_are_named_by_their_sheets_and_the_same_each_time(tmp_path: Path) -> None:
    told = with_output("a\r\nhalf \ud83d of a pair")
    before = copy.deepcopy(told)
    path = write_feedback(tmp_path / "feedback", told, LAB)
    assert path == tmp_path / "feedback" / "ann.html"
    first = path.read_bytes()
    assert first.decode() == feedback_page(told, LAB)
    assert write_feedback(tmp_path / "feedback", told, LAB).read_bytes() == first
    assert told == before
    assert [p.name for p in path.parent.iterdir()] == ["ann.html"]
