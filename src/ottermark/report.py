"""The class at a glance: one HTML page over all results, which needs nothing but a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from ottermark.questions import Assignment, Question
from ottermark.results import write_atomically

STATUSES = ("graded", "timeout", "crashed", "rejected")
BINS = 10
MAX_HARDEST = 3
MAX_REASONS = 2
MAX_NAME = 60
MAX_SENTENCE = 160


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: how many scores lie from ``low`` up to ``high``."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Mark:
    """What a submission earned on a question; ``level`` is ``full``, ``part`` or ``zero``."""

    question: Question
    score: float
    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SubmissionRow:
    """One submission.

    Attributes:
        name: as it is shown; ``link`` leads to its results.json.
        marks: in the order of the questions; empty for a file that was rejected.
        note: the first thing that went wrong when it ran, or why it did not run.
    """

    name: str
    link: str
    status: str
    protected: bool
    score: float
    marks: tuple[Mark, ...]
    note: str


@dataclass(frozen=True)
class QuestionRow:
    """One question over all submissions that could be graded.

    Attributes:
        share: the mean score as a share of the points; None where nothing was graded.
        reasons: the most frequent messages where points were lost, and in how many submissions.
    """

    question: Question
    mean: float
    share: float | None
    levels: Counter[str]
    reasons: list[tuple[str, int]]


def write_report(path: Path, assignment: Assignment, results: Sequence[Mapping[str, Any]]) -> None:
    """Write the page over a class.

    Args:
        results: the parsed results.json of every submission. The page holds no date, so the
            same results give the same bytes.
    """
    rows = sorted(
        (_submission(assignment, body) for body in results),
        key=lambda row: (row.name.casefold(), row.name, row.link),
    )
    gradable = [row for row in rows if row.status != "rejected"]
    scores = [row.score for row in gradable]
    questions = [_question(index, q, gradable) for index, q in enumerate(assignment.automatic)]
    text = _template().render(
        assignment=assignment,
        rows=rows,
        statuses={s: [row for row in rows if row.status == s] for s in STATUSES},
        inside=[q.id for q in assignment.automatic if q.inside],
        unprotected=[row for row in gradable if not row.protected],
        scores=scores,
        mean=mean(scores) if scores else None,
        median=median(scores) if scores else None,
        bins=_histogram(scores, assignment.max_score),
        questions=questions,
        hardest=_hardest(questions),
        written=[q for q in assignment.questions if q.manual],
    )
    write_atomically(path, text + "\n")


def _submission(assignment: Assignment, body: Mapping[str, Any]) -> SubmissionRow:
    facts, entries = body["extra_data"], body["tests"]
    rejected = facts["status"] == "rejected"
    by_number = {entry.get("number"): entry for entry in entries}
    marks = [] if rejected else [_mark(q, by_number.get(q.id, {})) for q in assignment.automatic]
    if rejected:
        note = entries[0]["output"]
    elif facts["problems"]:
        note = facts["problems"][0]["text"]
    else:
        note = "" if facts["status"] == "graded" else entries[0]["name"]
    return SubmissionRow(
        name=_short(facts["submission"], MAX_NAME),
        link=f"results/{quote(facts['submission'], safe='', errors='replace')}.json",
        status=facts["status"],
        protected=facts["isolation"] != "none",
        score=body["score"],
        marks=tuple(marks),
        note=_short(note, MAX_SENTENCE),
    )


def _mark(question: Question, entry: Mapping[str, Any]) -> Mark:
    score, output = entry.get("score", 0.0), entry.get("output", "")
    if entry.get("status") == "passed":
        return Mark(question, score, "full", ())
    return Mark(question, score, "part" if score > 0 else "zero", _reasons(output))


def _reasons(output: str) -> tuple[str, ...]:
    """Return what an entry says against the answer: its notes and its failed tests, each once."""
    head, *cases = re.split(r"(?m)^- (?=[✅❌])", output)
    found = re.findall(r"(?m)^- (.+)", head)
    for case in cases:
        if failed := re.match(r"❌(?: \(\S+ points?\))? (.+)", case):
            found.append(failed[1])
    return tuple(dict.fromkeys(_short(text, MAX_SENTENCE) for text in found))


def _question(index: int, question: Question, gradable: Sequence[SubmissionRow]) -> QuestionRow:
    marks = [row.marks[index] for row in gradable]
    average = mean(mark.score for mark in marks) if marks else 0.0
    reasons = Counter(reason for mark in marks for reason in mark.reasons)
    return QuestionRow(
        question=question,
        mean=average,
        share=average / question.points if marks and question.points else None,
        levels=Counter(mark.level for mark in marks),
        reasons=reasons.most_common(MAX_REASONS),
    )


def _hardest(questions: Sequence[QuestionRow]) -> list[QuestionRow]:
    """Return the questions of the lowest mean share, the hardest first; never most of them."""
    lost = sorted((q.share, i) for i, q in enumerate(questions) if q.share is not None)
    most = min(MAX_HARDEST, len(questions) // 2)
    return [questions[i] for share, i in lost[:most] if share < 1]


def _histogram(scores: Sequence[float], highest: float) -> list[Bin]:
    if not scores or highest <= 0:
        return []
    places = Counter(max(0, min(BINS - 1, int(s / highest * BINS))) for s in scores)
    return [Bin(highest * i / BINS, highest * (i + 1) / BINS, places[i]) for i in range(BINS)]


def _short(text: str, limit: int) -> str:
    """Return text on one line, without what browsers cannot show or would reorder, cut to size."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _template() -> Template:
    environment = Environment(loader=PackageLoader("ottermark"), autoescape=True)
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"number": _number, "code": _code, "digest": _digest}
    return environment.get_template("report.html.j2")


def _number(value: float, digits: int = 2) -> str:
    return f"{round(value, digits):.10g}"


def _code(text: str) -> Markup:
    """Set `such` parts of a text as code, after escaping it."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _digest(script: str) -> str:
    """Return the hash by which the page's security policy lets its own script run, and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
