"""The feedback page: what it contains, what it leaves out, and that no text can act on it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig, HintTime, Visibility
from ottermark.grading.messages import NO_ANSWER
from ottermark.reports.feedback import feedback_page, write_feedback
from ottermark.reports.final_feedback import (
    AnsweredRequest,
    FinalFeedback,
    HandMark,
    MarkedItem,
    PointsChange,
)
from ottermark.results.diagnosis import Diagnosis, Misconception
from ottermark.results.document import MAX_TEXT, ResultDocument
from ottermark.results.render import UNFINISHED, render
from ottermark.results.result import (
    CaseResult,
    CellProblem,
    QuestionResult,
    SubmissionResult,
    zero_result,
)
from ottermark.submissions.answer_code import AnswerCell
from ottermark.submissions.candidates import Student
from ottermark.submissions.written_answers import ANSWERED, EMPTY, MISSING, WrittenAnswer

Q1, Q2, WHY, HOW = (
    Question("q1", 4, False, ("a",)),
    Question("q2", 6, False, ("b",)),
    Question("q3", 5, True),
    Question("q4", 1, True),
)
LAB = Assignment("lab", "lab.ipynb", (Q1, WHY, Q2, HOW), (), ())
FORM = CaseResult("q1 - 1", hidden=False, points=0, passed=True, message="")
WRONG = CaseResult("q1 - 2", hidden=True, points=3, passed=False, message="Count the `bias` too.")
NO_BIAS = Misconception("no-bias", "forgot the bias", "What is added at the end?")
GRADED = SubmissionResult(
    "ann",
    "graded",
    "userns",
    (
        QuestionResult(Q1, 1.0, (FORM, WRONG), diagnosis=Diagnosis(misconceptions=(NO_BIAS,))),
        QuestionResult(Q2, 6.0),
    ),
    written=(
        WrittenAnswer(WHY, ANSWERED, "Because *it* does.\n\n<b>So</b>"),
        WrittenAnswer(HOW, MISSING),
    ),
)
SHOWN = GradingConfig(hidden_tests="visible")
LATER: tuple[Visibility, ...] = ("after_due_date", "after_published", "hidden")
HOSTILE = (
    "</style></pre></code><script>alert(1)</script>\"'><img src=//evil.example onerror=a()>"
    "![p](https://evil.example/p.png) [l](javascript:alert(1)) [d](data:text/html,x) [r](/etc)"
    "\n\n[x]: javascript:alert(1)\n\n[x]\n\n# Score: 78 of 78\n\nThis\n===\n\n<h1>Hi</h1>\n\n***\n"
    "&#x202e; &#0; \0\x1b[31m\u202e\u2066\ud83d\udcff\r\n{{ 7 * 7 }}{% raw %} `"
)
VOID = {"meta", "br", "hr", "img"}
TAGS = {  # what may stand on a page at all, and with which attributes
    **dict.fromkeys(("head", "title", "style", "body", "header", "main", "footer", "h1", "h2")),
    **dict.fromkeys(("h3", "h4", "b", "bdi", "small", "dt", "dd", "em", "strong", "br")),
    "li": {"class"},
    **dict.fromkeys(("blockquote", "hr", "s", "summary", "figcaption", "table", "thead")),
    **dict.fromkeys(("tbody", "tr")),
    **{"th": {"style"}, "td": {"style"}},
    **dict.fromkeys(("mrow", "mn", "msub", "msup", "mfrac", "msqrt", "mspace", "msubsup")),
    **{"mi": {"mathvariant"}, "mo": {"stretchy"}},
    **{
        "math": {"display", "tabindex"},
        "details": {"open"},
        "figure": {"class"},
        "img": {"src", "alt"},
    },
    **{"html": {"lang"}, "meta": {"charset", "http-equiv", "content", "name"}, "p": {"class"}},
    **{"section": {"class"}, "article": {"class", "id"}, "div": {"class"}, "span": {"class"}},
    **{
        "a": {"href", "rel"},
        "ul": {"class"},
        "dl": {"class"},
        "ol": {"start"},
        "pre": {"dir", "class"},
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
        for name, texts in (("article", self.articles), ("section", self.sections)):
            if name in self.open:
                texts[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def article(self, question: str) -> str:
        (text,) = [plain(text) for text in self.articles if text.split()[0] == question]
        return text


def plain(text: str) -> str:
    return " ".join(text.split())


def document(
    result: SubmissionResult = GRADED, config: GradingConfig = SHOWN, **more: Any
) -> ResultDocument:
    return render(result, LAB, config, **more)


def edited(original: ResultDocument, edit: Callable[[dict[str, Any]], None]) -> ResultDocument:
    """Return a document with changes to its JSON."""
    body = original.model_dump(mode="json", exclude_defaults=True)
    edit(body)
    return ResultDocument.from_object(body)


def page(document: ResultDocument, *students: Student) -> Page:
    return Page(feedback_page(document, LAB, students))


def prose(document: ResultDocument, *students: Student) -> str:
    text = feedback_page(document, LAB, students).partition("<body>")[2]
    return plain(re.sub(r"<[^>]+>", " ", text))


def with_output(text: str, **more: str) -> ResultDocument:
    """Return a document in which the output of a question is ``text``."""

    def edit(body: dict[str, Any]) -> None:
        for entry in body["tests"]:
            if entry.get("number") == "q1":
                entry |= {"output": text, **more}

    return edited(document(), edit)


def test_it_shows_what_was_earned_and_why() -> None:
    text = prose(document())
    assert "Feedback lab ann automatic score 7 of 10" in text
    assert "questions with all points 1 of 2" in text
    assert "graded by hand, not included 6 points" in text
    assert "How your notebook ran Every cell ran." in text
    questions = page(document())
    assert questions.article("q1") == (
        "q1 1 of 4 points: some points 💡 What is added at the end? "
        "❌ (3 points) Count the bias too."
    )
    assert questions.article("q2") == "q2 6 of 6 points: all points All tests passed."


def test_lost_points_come_first_and_link_to_their_questions() -> None:
    result = replace(GRADED, questions=(QuestionResult(Q1, 3.5), QuestionResult(Q2, 0)))
    assert "details. q2 6 of 6 points q1 0.5 of 4 points" in prose(document(result))
    feedback = page(document(result))
    assert [a["href"] for a in feedback.all("a")] == ["#question-2", "#question-0"]
    assert [a["id"] for a in feedback.all("article")] == [f"question-{n}" for n in range(4)]
    assert [text.split()[0] for text in feedback.articles] == ["q1", "q3", "q2", "q4"]
    full = (QuestionResult(Q1, 4.0), QuestionResult(Q2, 6.0))
    assert "Nowhere: every automatic question" in prose(document(replace(GRADED, questions=full)))


def test_written_answers_look_as_in_the_notebook_and_are_in_no_score() -> None:
    text = feedback_page(document(), LAB)
    assert "<p>Because <em>it</em> does.</p>\n<p>&lt;b&gt;So&lt;/b&gt;</p>" in text
    feedback = Page(text)
    assert "graded by hand, 5 points, not included Your answer Because" in feedback.article("q3")
    assert "graded by hand, 1 point, not included The question is" in feedback.article("q4")


def test_questions_have_their_headings_and_prompts() -> None:
    titled = replace(Q1, title="Question 1: `a`", prompt="### Question 1: `a`\n\nWhat is *a*?")
    lab = replace(LAB, questions=(titled, WHY, Q2, HOW))
    text = feedback_page(document(), lab)
    assert '<h3>Question 1: <code>a</code> <span class="id">q1</span></h3>' in text
    assert '<div class="prompt"><p>What is <em>a</em>?</p>' in text
    assert '<a href="#question-0">Question 1: <code>a</code></a>' in text
    assert text.count("<details") == 1, "an upload of before has no prompts"


def test_the_prompt_is_folded_where_nothing_was_lost() -> None:
    lab = replace(LAB, questions=tuple(replace(q, prompt="So?") for q in LAB.questions))
    folds = re.findall("<details( open)?>", feedback_page(document(), lab))
    assert folds == [" open", " open", "", " open"]


def test_the_students_code_is_shown_with_its_cells() -> None:
    coded = replace(GRADED, code={"q1": (AnswerCell(2, "b = 1 < 2"), AnswerCell(4, "a = b"))})
    article = page(document(coded)).article("q1")
    assert "Your code, cell 3 b = 1 < 2 Your code, cell 5 a = b 💡" in article


@pytest.mark.parametrize("config", [SHOWN, *(GradingConfig(hidden_tests=v) for v in LATER)])
def test_nothing_is_announced_or_asked_for_that_is_over(config: GradingConfig) -> None:
    blank = replace(
        GRADED,
        questions=(QuestionResult(Q1, 0.0, notes=(NO_ANSWER,), answered=False),),
        written=(WrittenAnswer(WHY, EMPTY), WrittenAnswer(HOW, MISSING)),
    )
    for result in (GRADED, blank):
        text = prose(document(result, config))
        assert not re.search(r"\b(yet|later|will|again|soon|submit|are published)\b", text)
    article = page(document(blank, config)).article
    assert article("q3").endswith("not included There is no answer.")
    assert article("q4").endswith("The question is not in your notebook, so no answer was found.")


@pytest.mark.parametrize("hidden_tests", ["after_due_date", "after_published"])
@pytest.mark.parametrize("hints", ["at_once", "after_published", "never"])
def test_what_is_visible_later_is_shown_under_its_question(
    hidden_tests: Visibility, hints: HintTime
) -> None:
    feedback = page(document(config=GradingConfig(hidden_tests=hidden_tests, hints=hints)))
    text = feedback.article("q1")
    assert text.count("Count the bias too.") == 1
    assert text.count("What is added at the end?") == (hints != "never")
    assert "show later" not in text
    assert len(feedback.articles) == 4


def test_what_is_always_hidden_is_left_out() -> None:
    hidden = document(config=GradingConfig(hidden_tests="hidden"))
    text = feedback_page(hidden, LAB)
    assert not re.search("bias|at the end|points? lost", text)
    assert Page(text).article("q1") == (
        "q1 The form of your answer The form is right. This says nothing about the points."
    )
    assert "The scores of single questions are not shown" in prose(hidden)

    def hide_all(body: dict[str, Any]) -> None:
        body["tests"] = [entry | {"visibility": "hidden"} for entry in body["tests"]]

    nothing = edited(hidden, hide_all)
    assert page(nothing).articles == []
    assert "How your notebook ran" not in prose(nothing)


def test_what_is_for_the_staff_is_left_out() -> None:
    def add_secrets(body: dict[str, Any]) -> None:
        for entry in body["tests"]:
            entry["tags"] = ["SECRET"]
            entry["extra_data"] |= {
                "notes": ["SECRET"],
                "misconceptions": ["SECRET"],
                "unexplained": {"SECRET": "SECRET"},
            }
        body["extra_data"]["gradescope"] = {"path": "/SECRET"}
        body["extra_data"]["written"]["q3"] = {"state": "answered", "answer": "SECRET"}
        body["leaderboard"] = [{"name": "SECRET", "value": 1}]

    secret = edited(document(key="SECRET"), add_secrets)
    assert feedback_page(secret, LAB) == feedback_page(document(), LAB)
    ann = Student("Ann Ó", "ann@example.org", "S123")
    text = feedback_page(document(), LAB, [ann, Student()])
    assert "Ann Ó" in text and "Submission: <bdi>ann</bdi>" in text
    assert "example.org" not in text and "S123" not in text


def test_what_went_wrong_comes_first() -> None:
    crashed = replace(GRADED, status="crashed", problems=(CellProblem(2, "Cell 3 raised `X`"),))
    text = prose(document(crashed))
    assert text.index("its process ended early Cell 3 raised X") < text.index("points were lost")
    text = prose(document(crashed, finished=False))
    assert text.index(UNFINISHED) < text.index("its process ended early")


def test_the_page_of_a_file_that_could_not_be_graded_says_why_and_no_more() -> None:
    rejected = document(zero_result("bob", LAB, "rejected", "bob.zip is empty; submit it again."))
    assert "Ask the course staff whether you may still submit another file." in prose(rejected)
    assert "This file could not be graded bob.zip is empty; submit it again." in prose(rejected)
    assert "0 of 10" in prose(rejected)
    assert page(rejected).articles == []


def test_a_score_that_is_not_the_sum_of_the_questions_is_explained() -> None:
    assert "questions shown here" not in prose(document())
    scaled = document(
        config=GradingConfig(hidden_tests="visible", points_possible=20, score_threshold=0.5)
    )
    assert (
        "The questions shown here give 7 of 10 points; the score of the assignment is 20 of 20."
    ) in prose(scaled)


def test_no_text_can_act_on_the_page() -> None:
    def make_hostile(body: dict[str, Any]) -> None:
        body["output"] = HOSTILE
        for entry in body["tests"]:
            entry["output"] = HOSTILE
        body["tests"][0]["name"] = HOSTILE[:300]
        body["tests"].append({"name": HOSTILE[:300], "output": HOSTILE, "visibility": "visible"})
        body["extra_data"]["submission"] = HOSTILE
        body["extra_data"]["code"] = {"q1": [{"cell": 1, "source": HOSTILE}]}

    hostile = edited(document(), make_hostile)
    text = feedback_page(hostile, LAB, [Student(HOSTILE, HOSTILE, HOSTILE)])
    feedback = Page(text)
    assert {a["href"][:9] for a in feedback.all("a")} <= {"#question", "https://e"}
    assert not set("\0\x1b\r\u202e\u2066\ud83d\udcff") & set(text)
    assert text == text.encode().decode()
    assert "{{ 7 * 7 }}" in text
    assert len(feedback.all("h1")) == 1


def test_markdown_is_rendered_as_far_as_messages_need_it() -> None:
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
def test_other_formats_are_shown_as_text(kind: str) -> None:
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
def test_any_text_gives_a_safe_page(output: str) -> None:
    final = final_feedback(output)
    Page(feedback_page(document(), LAB, [Student(output)], final))
    text = feedback_page(with_output(output), LAB, [Student(output)])
    feedback = Page(text)
    assert all(re.match(r"#question-\d|https?://", a["href"], re.I) for a in feedback.all("a"))
    assert not re.search("[\0\r\u202e\ud800-\udfff]", text)
    assert len(feedback.articles) == 4


@pytest.mark.slow
@pytest.mark.parametrize("part", ["[", "`", "> ", "- ", "a\n"])
@pytest.mark.parametrize("kind", ["md", "text"])
def test_the_longest_outputs_harm_nothing_else(part: str, kind: str) -> None:
    long = (part * MAX_TEXT)[:MAX_TEXT]
    feedback = page(with_output(long, output_format=kind))
    assert feedback.article("q2") == page(document()).article("q2")
    assert kind == "md" or plain(long) in feedback.article("q1")


def test_the_page_needs_nothing_from_outside() -> None:
    text = feedback_page(document(), LAB)
    assert not re.search(r"https?://|url\(|@import|\bsrc=|<script|<link", text)
    policy = next(m["content"] for m in Page(text).all("meta") if "http-equiv" in m)
    assert policy.startswith("default-src 'none'; img-src data:; style-src")


def final_feedback(text: str, total: float | None = 9.5) -> FinalFeedback:
    items = (MarkedItem(text, 3, True), MarkedItem(text, 2, False), MarkedItem(text, -1, True))
    return FinalFeedback(
        total=total,
        possible=16,
        by_tests=8,
        possible_by_tests=10,
        by_hand=2.5,
        possible_by_hand=6,
        days_late=1,
        deduction=1,
        marks={"q3": HandMark(2.5, items, 0.5, text), "q4": HandMark(None)},
        changes={"q1": PointsChange(1, 2, text)},
        requests={"q3": (AnsweredRequest(text, text),)},
    )


def test_no_text_of_a_marker_or_a_request_can_act_on_the_page() -> None:
    text = feedback_page(document(), LAB, (), final_feedback(HOSTILE))
    final = Page(text)
    assert final.all("img") == [] and all(
        a["href"].startswith(("#", "http")) for a in final.all("a")
    )
    assert "{{ 7 * 7 }}" in text and "\u202e" not in text


def test_a_final_grade_stands_in_place_of_the_points_of_tests() -> None:
    final = Page(feedback_page(document(), LAB, (), final_feedback("So.")))
    assert "2.5 of 5 points: some points" in final.article("q3")
    assert "2 of 4 points: some points" in final.article("q1")
    assert "not marked yet, 1 point" in final.article("q4")
    text = plain("".join(final.sections))
    assert "The questions shown here give 10.5 of 15 points; the score of the assignment is" in text


def test_headings_and_landmarks_serve_screen_readers() -> None:
    feedback = page(
        document(config=GradingConfig(hidden_tests="after_due_date", hints="after_published"))
    )
    levels = [int(tag[1]) for tag, _ in feedback.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert feedback.all("html") == [{"lang": "en"}]
    assert {"main", "header", "footer", "title"} <= {tag for tag, _ in feedback.elements}


def test_files_are_named_after_their_submissions_and_are_the_same_each_time(tmp_path: Path) -> None:
    result = with_output("a\r\nhalf \ud83d of a pair")
    before = copy.deepcopy(result)
    path = write_feedback(tmp_path / "feedback", result, LAB)
    assert path == tmp_path / "feedback" / "ann.html"
    first = path.read_bytes()
    assert first.decode() == feedback_page(result, LAB)
    assert write_feedback(tmp_path / "feedback", result, LAB).read_bytes() == first
    assert result == before
    assert [p.name for p in path.parent.iterdir()] == ["ann.html"]
