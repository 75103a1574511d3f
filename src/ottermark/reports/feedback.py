"""The feedback page of one student: safe to open, and needs nothing but a browser.

Answers, names and exception messages are a student's own text, and course staff opens the page
too. What the student wrote stands in frames that say so, as it looks in the notebook. Of the Markdown of
messages only what they need is rendered, and everything else is shown as text.

The page is for the time after grading. What it says has to be true then, too: it neither announces points
nor asks for another submission. With a final grade it also shows marks by hand with their rubric items and
comments, points that a person changed, and replies to regrade requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from ottermark.assignment import Assignment, Question
from ottermark.files import write_atomically
from ottermark.notebook_html import author_text, code, student_text
from ottermark.page_style import CODE_STYLE, FORMULA_STYLE
from ottermark.reports.final_feedback import (
    AnsweredRequest,
    FinalFeedback,
    HandMark,
    PointsChange,
)
from ottermark.reports.html import inline_html, markdown_html, render_page
from ottermark.reports.score_level import ScoreLevel, score_level
from ottermark.results.document import CodeFacts, Entry, Format, ResultDocument
from ottermark.results.render import WHY_NO_ANSWER
from ottermark.submissions.candidates import Student

MAX_TITLE = 160  # characters

_TITLES = {"question": "", "form": "the form of your answer", "hint": "a hint", "written": ""}


@dataclass(frozen=True)
class Message:
    """The output of one entry of the results.

    Attributes:
        title: a few words; empty if it needs none.
        text: as HTML.
        failed: whether it is about something that went wrong.
    """

    title: str
    text: Markup
    failed: bool


@dataclass(frozen=True)
class OwnWork:
    """What the student wrote, or a part of it.

    Attributes:
        caption: a few words on what it is.
        content: as HTML.
    """

    caption: str
    content: Markup


@dataclass(frozen=True)
class QuestionFeedback:
    """The feedback on one question.

    Attributes:
        title: its heading in the notebook, as HTML; empty if that is not known.
        prompt: its text in the notebook, as HTML; empty if that is not known.
        own: what the student wrote.
        score: None for a question that nobody has marked, or whose score students do not see.
        level: of the score; None without one.
        mark: of a written answer, with the final grade.
        change: of the points of the tests, with the final grade.
        requests: to regrade it, with their replies.
    """

    question: Question
    title: Markup
    prompt: Markup
    own: tuple[OwnWork, ...]
    score: float | None
    level: ScoreLevel | None
    messages: tuple[Message, ...]
    mark: HandMark | None = None
    change: PointsChange | None = None
    requests: tuple[AnsweredRequest, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say of it."""
        parts = (self.messages, self.own, self.mark, self.change, self.requests)
        return not any(parts)

    @property
    def is_about_people(self) -> bool:
        """Whether a person has said something about it: points, a comment, a reason or a reply."""
        mark = self.mark is not None and bool(self.mark.points or self.mark.comment)
        return mark or self.change is not None or bool(self.requests)

    @property
    def lost(self) -> float:
        """The points that were lost; 0 without a score."""
        return 0.0 if self.score is None else self.question.points - self.score


def write_feedback(
    folder: Path,
    document: ResultDocument,
    assignment: Assignment,
    students: Sequence[Student] = (),
    final: FinalFeedback | None = None,
) -> Path:
    """Write the page of one submission to ``folder``, named after it, and return its path.

    For the arguments see ``feedback_page``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{document.submission}.html"
    write_atomically(path, feedback_page(document, assignment, students, final))
    return path


def feedback_page(
    document: ResultDocument,
    assignment: Assignment,
    students: Sequence[Student] = (),
    final: FinalFeedback | None = None,
) -> str:
    """Return the page of one submission.

    It is for the time after grades are published. Entries that are always hidden are left out, and
    so is everything in ``results.json`` that is for the staff. The page holds no date, so the same
    document gives the same text.

    Args:
        students: who submitted it, as far as that is known.
        final: the final grade; None while there are only the points of tests.
    """
    default = document.test_output_format or "text"
    visible = [entry for entry in document.tests if entry.visibility != "hidden"]
    questions = _questions(document, visible, assignment)
    if final is not None:
        questions = [_with_final(question, final) for question in questions]
    if document.status == "rejected":
        # it has zero points for each question, and nothing more to say but what people have said
        questions = [
            replace(question, messages=(), own=())
            for question in questions
            if question.is_about_people
        ]
    scored = [question for question in questions if question.score is not None]
    output = document.output
    return render_page(
        "feedback.html.j2",
        style=Markup(CODE_STYLE + FORMULA_STYLE),
        assignment=assignment,
        rejected=document.status == "rejected",
        submission=document.submission,
        names=[student.name for student in students if student.name],
        final=final,
        score=document.score,
        max_score=document.max_score,
        whole=_whole(document, final),
        unfinished="" if output is None else _html(output, document.output_format or "text"),
        general=[
            _message(entry, entry.name, default) for entry in visible if entry.facts.part == "run"
        ],
        questions=[question for question in questions if not question.is_empty],
        scored=scored,
        question_score=round(sum(question.score or 0.0 for question in scored), 4),
        question_points=sum(question.question.points for question in scored),
        lost=sorted((q for q in scored if q.lost > 0), key=lambda q: -q.lost),
        manual=[q for q in assignment.questions if q.manual],
    )


def _questions(
    document: ResultDocument, visible: Sequence[Entry], assignment: Assignment
) -> list[QuestionFeedback]:
    return [
        _question(question, [e for e in visible if e.facts.question == question.id], document)
        for question in assignment.questions
    ]


def _question(
    question: Question, entries: Sequence[Entry], document: ResultDocument
) -> QuestionFeedback:
    scored = next((entry for entry in entries if entry.score is not None), None)
    default = document.test_output_format or "text"
    answers = [entry for entry in entries if entry.facts.part == "written"]
    messages = [
        _message(entry, _TITLES[entry.facts.part], default)
        for entry in entries
        if entry.facts.part != "written"
        # the scored entry repeats the results of the public tests
        and (entry.facts.part != "form" or scored is None or not scored.output)
    ]
    messages += [_no_answer(entry, document) for entry in answers if entry.status == "failed"]
    own = _own_code(document.facts.code.get(question.id, ()))
    own += [
        OwnWork("Your answer", student_text(entry.output))
        for entry in answers
        if entry.status != "failed"
    ]
    return QuestionFeedback(
        question,
        title=inline_html(question.title, MAX_TITLE),
        prompt=author_text(question.prompt, question.title),
        own=tuple(own),
        score=None if scored is None else scored.score,
        level=None if scored is None else score_level(scored),
        messages=tuple(messages),
    )


def _with_final(feedback: QuestionFeedback, final: FinalFeedback) -> QuestionFeedback:
    """Return the feedback on a question with what the final grade adds to it."""
    id = feedback.question.id
    mark, change = final.marks.get(id), final.changes.get(id)
    points = feedback.score
    if mark is not None:
        points = mark.points
    elif change is not None and points is not None:  # else the score is hidden from students
        points = change.points
    level = feedback.level
    if points is not None and points != feedback.score:
        level = _level(points, feedback.question.points)
    return replace(
        feedback,
        score=points,
        level=level,
        mark=mark,
        change=change,
        requests=final.requests.get(id, ()),
    )


def _level(points: float, possible: float) -> ScoreLevel:
    if points >= possible:
        return "full"
    return "part" if points > 0 else "zero"


def _whole(document: ResultDocument, final: FinalFeedback | None) -> tuple[float, float] | None:
    """Return the points and their maximum that the questions should add up to; None if not known."""
    if final is None:
        return document.score, document.max_score
    if final.total is None or final.by_tests is None or final.by_hand is None:
        return None
    return round(final.by_tests + final.by_hand, 4), final.possible


def _own_code(cells: Sequence[CodeFacts]) -> list[OwnWork]:
    return [OwnWork(f"Your code, cell {cell.cell}", code(cell.source)) for cell in cells]


def _no_answer(entry: Entry, document: ResultDocument) -> Message:
    """Return why there is no answer, without the advice for those who may still submit."""
    facts = document.facts.written.get(entry.facts.question)
    if facts is None or facts.state == "answered":
        return _message(entry, "", document.test_output_format or "text")
    reason = Markup("<p>{}</p>").format(WHY_NO_ANSWER[facts.state])
    return Message("", reason, failed=True)


def _message(entry: Entry, title: str, default: Format) -> Message:
    text = _html(entry.output, entry.output_format or default)
    return Message(title, text, entry.status == "failed")


def _html(text: str, format: Format) -> Markup:
    if format == "md":
        return markdown_html(text)
    return Markup('<pre dir="auto">{}</pre>').format(text) if text else Markup()
