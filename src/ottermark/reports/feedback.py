"""The feedback page of one student: safe to open, and needs nothing but a browser.

Answers, names and exception messages are a student's own text, and course staff opens the page
too. So of Markdown only what messages need is rendered, and all else is shown as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from ottermark.assignment import Assignment, Question
from ottermark.files import write_atomically
from ottermark.reports.html import markdown_html, showable
from ottermark.results.document import Entry, Format, ResultDocument
from ottermark.submissions.candidates import Student

_TITLES = {"question": "", "form": "the form of your answer", "hint": "a hint", "written": ""}


@dataclass(frozen=True)
class Part:
    """One thing that is said.

    Attributes:
        title: in a few words; empty for what needs none.
        text: as HTML.
        bad: whether it tells of something that went wrong.
    """

    title: str
    text: Markup
    bad: bool


@dataclass(frozen=True)
class Mark:
    """What was said of one question.

    Attributes:
        score: None where people mark, or where students do not see it.
        level: ``full``, ``part`` or ``zero``; empty without a score.
    """

    question: Question
    score: float | None
    level: str
    parts: tuple[Part, ...]

    @property
    def lost(self) -> float:
        """The points that it did not earn."""
        return 0.0 if self.score is None else self.question.points - self.score


def write_feedback(
    folder: Path, document: ResultDocument, assignment: Assignment, students: Sequence[Student] = ()
) -> Path:
    """Write the page of one submission into ``folder``, under its name; return its path.

    For the arguments see ``feedback_page``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{document.submission}.html"
    write_atomically(path, feedback_page(document, assignment, students))
    return path


def feedback_page(
    document: ResultDocument, assignment: Assignment, students: Sequence[Student] = ()
) -> str:
    """Return the page of one submission.

    It is for the time after grades are published: only entries that are always hidden are left
    out, and everything that ``results.json`` holds for the staff. It holds no date, so the same
    result gives the same text.

    Args:
        students: who submitted it, as far as that is known.
    """
    default = document.test_output_format or "text"
    visible = [entry for entry in document.tests if entry.visibility != "hidden"]
    general = [entry for entry in visible if entry.facts.part == "run"]
    marks = [
        _mark(q, [entry for entry in visible if entry.facts.question == q.id], default)
        for q in assignment.questions
    ]
    if document.status == "rejected":  # it has a zero for each, and nothing to say of it
        marks = []
    scored = [mark for mark in marks if mark.score is not None]
    output = document.output
    text = _template().render(
        assignment=assignment,
        sheet=document.submission,
        names=[student.name for student in students if student.name],
        score=document.score,
        max_score=document.max_score,
        unfinished="" if output is None else _html(output, document.output_format or "text"),
        general=[_part(entry, entry.name, default) for entry in general],
        marks=[mark for mark in marks if mark.parts],
        scored=scored,
        sum=round(sum(mark.score or 0.0 for mark in scored), 4),
        worth=sum(mark.question.points for mark in scored),
        lost=sorted((mark for mark in scored if mark.lost > 0), key=lambda mark: -mark.lost),
        written=[q for q in assignment.questions if q.manual],
    )
    return showable(text) + "\n"


def _mark(question: Question, entries: Sequence[Entry], default: Format) -> Mark:
    scored = next((entry for entry in entries if entry.score is not None), None)
    parts = [
        _part(entry, _TITLES[entry.facts.part], default)
        for entry in entries
        # the scored entry says what this one does, and more
        if entry.facts.part != "form" or scored is None or not scored.output
    ]
    if scored is None or scored.score is None:
        return Mark(question, None, "", tuple(parts))
    level = "full" if scored.status == "passed" else "part" if scored.score > 0 else "zero"
    return Mark(question, scored.score, level, tuple(parts))


def _part(entry: Entry, title: str, default: Format) -> Part:
    text = _html(entry.output, entry.output_format or default)
    return Part(title, text, entry.status == "failed")


def _html(text: str, format: Format) -> Markup:
    if format == "md":
        return markdown_html(text)
    return Markup('<pre dir="auto">{}</pre>').format(text) if text else Markup()


@cache
def _template() -> Template:
    environment = Environment(loader=PackageLoader("ottermark.reports"), autoescape=True)
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["number"] = _number
    return environment.get_template("feedback.html.j2")


def _number(value: float) -> str:
    return f"{round(value, 2):.10g}"
