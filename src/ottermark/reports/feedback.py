"""What is handed back to one student: a page that is safe to open and needs nothing but a browser.

Answers, names and what exceptions say are a student's own text, and course staff opens the page
too. So of Markdown only what messages need is rendered, and all else is shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from ottermark.assignment import Assignment, Question
from ottermark.results.document import write_atomically

if TYPE_CHECKING:
    from ottermark.submissions.candidates import Student

FORM = "the form of your answer"
_RENDERED = (  # no headings, rules, pictures or entities: they could pass for the page's own
    *("list", "code", "fence", "blockquote"),
    *("backticks", "emphasis", "escape", "newline", "link", "autolink"),
)
# halves of surrogate pairs, controls, and what makes text run in another direction
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


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
    folder: Path, body: Mapping[str, Any], assignment: Assignment, students: Sequence[Student] = ()
) -> Path:
    """Write the page of one submission into ``folder``, under its name; return its path.

    For the arguments see ``feedback_page``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{body['extra_data']['submission']}.html"
    write_atomically(path, feedback_page(body, assignment, students))
    return path


def feedback_page(
    body: Mapping[str, Any], assignment: Assignment, students: Sequence[Student] = ()
) -> str:
    """Return the page of one submission.

    It is for the time after grades are published: only entries that are always hidden are left
    out, and everything that ``results.json`` holds for the staff. It holds no date, so the same
    result gives the same text.

    Args:
        body: its parsed results.json.
        students: who handed it in, as far as that is known.
    """
    facts = body["extra_data"]
    general: list[Mapping[str, Any]] = []
    of_question: dict[str, list[Mapping[str, Any]]] = {q.id: [] for q in assignment.questions}
    for entry in body["tests"]:
        if entry["visibility"] != "hidden":
            of_question.get(_question(entry), general).append(entry)
    usual = body.get("test_output_format", "text")
    marks = [_mark(q, of_question[q.id], usual) for q in assignment.questions]
    if facts["status"] == "rejected":  # it has a zero for each, and nothing to say of it
        marks = []
    scored = [mark for mark in marks if mark.score is not None]
    text = _template().render(
        assignment=assignment,
        sheet=facts["submission"],
        names=[student.name for student in students if student.name],
        score=body["score"],
        max_score=facts["max_score"],
        unfinished=_html(body["output"], body.get("output_format")) if "output" in body else "",
        general=[_part(entry, entry["name"], usual) for entry in general],
        marks=[mark for mark in marks if mark.parts],
        scored=scored,
        sum=round(sum(mark.score or 0.0 for mark in scored), 4),
        worth=sum(mark.question.points for mark in scored),
        lost=sorted((mark for mark in scored if mark.lost > 0), key=lambda mark: -mark.lost),
        written=[q for q in assignment.questions if q.manual],
    )
    return _UNSHOWABLE.sub("\ufffd", re.sub(r"\r\n?", "\n", text)) + "\n"


def _question(entry: Mapping[str, Any]) -> str:
    """Return the id of the question that an entry is of, if it is of one."""
    return entry.get("number") or entry["name"].partition(": ")[0]


def _mark(question: Question, entries: Sequence[Mapping[str, Any]], usual: str) -> Mark:
    scored = next((entry for entry in entries if "score" in entry), None)
    parts = []
    for entry in entries:
        title = entry["name"].partition(": ")[2]
        if title == FORM and scored is not None and scored["output"]:
            continue  # that says it too, and more
        parts.append(_part(entry, "" if question.manual else title, usual))
    if scored is None:
        return Mark(question, None, "", tuple(parts))
    score = scored["score"]
    level = "full" if scored["status"] == "passed" else "part" if score > 0 else "zero"
    return Mark(question, score, level, tuple(parts))


def _part(entry: Mapping[str, Any], title: str, usual: str) -> Part:
    text = _html(entry["output"], entry.get("output_format", usual))
    return Part(title, text, entry.get("status") == "failed")


def _html(text: str, kind: str | None) -> Markup:
    if kind == "md":
        return Markup(_markdown().render(text))  # escapes what it does not render
    return Markup('<pre dir="auto">{}</pre>').format(text) if text else Markup()


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return re.match(r"https?://", url, re.IGNORECASE) is not None


@cache
def _markdown() -> MarkdownIt:
    markdown = _Markdown("zero").enable(_RENDERED)
    markdown.add_render_rule("link_open", _link_open)
    return markdown


def _link_open(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    # no title: the page itself shows the address beside the words, which may promise another
    tokens[index].attrs = {"href": tokens[index].attrs["href"], "rel": "noreferrer"}
    rendered: str = self.renderToken(tokens, index, options, env)
    return rendered


@cache
def _template() -> Template:
    environment = Environment(loader=PackageLoader("ottermark.reports"), autoescape=True)
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters["number"] = _number
    return environment.get_template("feedback.html.j2")


def _number(value: float) -> str:
    return f"{round(value, 2):.10g}"
