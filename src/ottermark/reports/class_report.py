"""The class at a glance: one HTML page over all results, which needs nothing but a browser."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from ottermark.assignment import Assignment, Question
from ottermark.files import write_atomically
from ottermark.reports.html import inline_html
from ottermark.reports.item_analysis import (
    MIN_SUBMISSIONS,
    ItemStatistics,
    JointFailure,
    find_joint_failures,
    item_statistics,
)
from ottermark.reports.similarity import SimilarPair
from ottermark.results.document import Entry, ResultDocument
from ottermark.submissions.written_answers import ANSWERED

STATUSES = ("graded", "timeout", "crashed", "rejected")
BINS = 10
MAX_HARDEST = 3
MAX_REASONS = 2
MAX_LEADING = 3  # mistakes at the top of the page, and beside a question
MAX_BARS = 12
MAX_VALUES = 3  # of a name, among those that nothing explains
MAX_UNEXPLAINED = 20
MAX_TOGETHER = 6
MAX_ALIKE = 30
MAX_NAME = 60
MAX_SENTENCE = 160
_TAG = "misconception:"


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: how many scores lie from ``low`` up to ``high``."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Mark:
    """What a submission earned on a question.

    Attributes:
        level: ``full``, ``part`` or ``zero``.
        reasons: what failed tests say.
        slips: the misconceptions behind it, by id and name.
        look: names of slips for which a person should look at the sheet.
        unexplained: the wrong values that no slip explains, by name, as text.
    """

    question: Question
    score: float
    level: str
    reasons: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()
    look: tuple[str, ...] = ()
    unexplained: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SubmissionRow:
    """One submission.

    Attributes:
        submission: its name in results.
        name: that name as it is shown; ``link`` leads to its results.json.
        who: the students that it is of, if known.
        marks: in the order of the questions; empty for a file that was rejected.
        note: the first thing that went wrong when it ran, or why it did not run.
        unwritten: the written questions without an answer.
    """

    submission: str
    name: str
    who: str
    link: str
    status: str
    protected: bool
    score: float
    marks: tuple[Mark, ...]
    note: str
    unwritten: tuple[str, ...]

    @property
    def look(self) -> list[str]:
        """What a person should look at, each with its question."""
        return [f"{name} ({mark.question.id})" for mark in self.marks for name in mark.look]


@dataclass(frozen=True)
class QuestionRow:
    """One question over all submissions that could be graded.

    Attributes:
        item: its figures; None where nothing was graded.
        slips: the most frequent mistakes and in how many submissions.
        reasons: the most frequent messages where points were lost, likewise.
        unexplained: in how many submissions nothing known explains a wrong answer.
    """

    question: Question
    item: ItemStatistics | None
    levels: Counter[str]
    slips: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    unexplained: int

    @property
    def share(self) -> float | None:
        """The difficulty."""
        return self.item.difficulty if self.item else None


@dataclass(frozen=True)
class Mistake:
    """A misconception over the class, whichever questions it was found in.

    Attributes:
        sheets: on how many submissions.
        places: question, id of the slip, and on how many submissions; the most frequent first.
    """

    name: str
    sheets: int
    places: list[tuple[str, str, int]]


@dataclass(frozen=True)
class Superseded:
    """A file that does not count: its name, the submission that counts instead, and why."""

    file: str
    submission: str
    reason: str


def write_report(
    path: Path,
    assignment: Assignment,
    documents: Sequence[ResultDocument],
    students: Mapping[str, str] = {},
    similar: Sequence[SimilarPair] | None = None,
    not_compared: str = "",
    superseded: Sequence[Superseded] = (),
) -> None:
    """Write the page over a class.

    Args:
        documents: the result of every submission. The page holds no date, so the same results
            give the same bytes.
        students: by submission, the names of the students that it is of.
        similar: the pairs that look alike; None if they were not compared.
        not_compared: why they were not, a sentence.
    """
    rows = sorted(
        (_submission(assignment, document, students) for document in documents),
        key=lambda row: (row.name.casefold(), row.name, row.link),
    )
    gradable = [row for row in rows if row.status != "rejected"]
    scores = [row.score for row in gradable]
    table = [[mark.score for mark in row.marks] for row in gradable]
    figures = item_statistics(assignment.automatic, table)
    questions = [
        _question(index, question, figures[index] if figures else None, gradable)
        for index, question in enumerate(assignment.automatic)
    ]
    together = find_joint_failures(assignment.automatic, table)
    text = _template().render(
        assignment=assignment,
        rows=rows,
        by_name={row.submission: row for row in rows},
        statuses={s: [row for row in rows if row.status == s] for s in STATUSES},
        inside=[q.id for q in assignment.automatic if q.why_unprotected],
        unprotected=[row for row in gradable if not row.protected],
        look=_look(gradable),
        unwritten=[row for row in gradable if row.unwritten],
        scores=scores,
        mean=mean(scores) if scores else None,
        median=median(scores) if scores else None,
        bins=_histogram(scores, assignment.max_score),
        questions=questions,
        min_sheets=MIN_SUBMISSIONS,
        hardest=_hardest(questions),
        mistakes=_mistakes(gradable),
        unexplained=_unexplained(gradable),
        together=together[:MAX_TOGETHER],
        matrix=_matrix(assignment.automatic, together),
        earned_nothing=sum(not any(earned) for earned in table),
        written=[q for q in assignment.questions if q.manual],
        alike=similar,
        not_compared=not_compared,
        superseded=sorted((s.file, s.submission, s.reason) for s in superseded),
        most={
            "leading": MAX_LEADING,
            "bars": MAX_BARS,
            "unexplained": MAX_UNEXPLAINED,
            "alike": MAX_ALIKE,
        },
    )
    write_atomically(path, text + "\n")


# --------------------------------------------------------------------------- submissions


def _submission(
    assignment: Assignment, document: ResultDocument, students: Mapping[str, str]
) -> SubmissionRow:
    name = document.submission
    questions = () if document.status == "rejected" else assignment.automatic
    return SubmissionRow(
        submission=name,
        name=_short(name, MAX_NAME),
        who=_short(students.get(name, ""), MAX_NAME),
        link=f"results/{quote(name, safe='', errors='replace')}.json",
        status=document.status,
        protected=document.isolation != "none",
        score=document.score,
        marks=tuple(_mark(question, document.questions[question.id]) for question in questions),
        note=_note(document),
        unwritten=tuple(
            question
            for question, answer in document.facts.written.items()
            if answer.state != ANSWERED
        ),
    )


def _note(document: ResultDocument) -> str:
    """Return the first thing that went wrong when it ran, or why it did not run, as Markdown."""
    facts = document.facts
    if facts.message:
        return facts.message
    if facts.problems:
        return facts.problems[0].text
    return "" if document.status == "graded" else document.tests[0].name


def _mark(question: Question, entry: Entry) -> Mark:
    facts, score = entry.facts, entry.score or 0.0
    full = entry.status == "passed"
    ids = [tag.removeprefix(_TAG) for tag in entry.tags if tag.startswith(_TAG)]
    slips = tuple(zip(ids, facts.misconceptions, strict=True))
    unexplained = [
        (
            name,
            f"{value}, wrong first on: {facts.fails_on[name]}" if name in facts.fails_on else value,
        )
        for name, value in facts.unexplained.items()
    ]
    return Mark(
        question,
        score,
        "full" if full else "part" if score > 0 else "zero",
        () if full else _reasons(entry),
        slips,
        tuple(facts.look),
        # where a slip is known, the values left are most often those of the right parts
        () if slips else tuple((name, _short(value, MAX_SENTENCE)) for name, value in unexplained),
    )


def _reasons(entry: Entry) -> tuple[str, ...]:
    """Return what speaks against an answer, as Markdown: notes and failed tests, each once."""
    failed = [case.message for case in entry.facts.cases if not case.passed and case.message]
    first_lines = [text.partition("\n")[0] for text in (*entry.facts.notes, *failed)]
    return tuple(dict.fromkeys(first_lines))


def _look(gradable: Sequence[SubmissionRow]) -> dict[str, list[SubmissionRow]]:
    """Return the sheets that a slip sends to a person, by what is said of them."""
    found: defaultdict[str, list[SubmissionRow]] = defaultdict(list)
    for row in gradable:
        for reason in row.look:
            found[reason].append(row)
    return dict(sorted(found.items()))


# ----------------------------------------------------------------------------- questions


def _question(
    index: int, question: Question, item: ItemStatistics | None, gradable: Sequence[SubmissionRow]
) -> QuestionRow:
    marks = [row.marks[index] for row in gradable]
    slips = Counter(name for mark in marks for name in dict.fromkeys(n for _, n in mark.slips))
    reasons = Counter(reason for mark in marks for reason in mark.reasons)
    return QuestionRow(
        question=question,
        item=item,
        levels=Counter(mark.level for mark in marks),
        slips=slips.most_common(MAX_LEADING),
        # what failed tests say is told of where too little is known of mistakes
        reasons=reasons.most_common(max(0, MAX_REASONS - len(slips))),
        unexplained=sum(bool(mark.unexplained) for mark in marks),
    )


def _hardest(questions: Sequence[QuestionRow]) -> list[QuestionRow]:
    """Return the questions of the lowest mean share, the hardest first; never most of them."""
    lost = sorted((q.share, i) for i, q in enumerate(questions) if q.share is not None)
    most = min(MAX_HARDEST, len(questions) // 2)
    return [questions[i] for share, i in lost[:most] if share < 1]


def _mistakes(gradable: Sequence[SubmissionRow]) -> list[Mistake]:
    """Return what the class got wrong, the most frequent first."""
    sheets: Counter[str] = Counter()
    places: Counter[tuple[str, str, str]] = Counter()
    for row in gradable:
        made = [(name, mark.question.id, slip) for mark in row.marks for slip, name in mark.slips]
        places.update(made)
        sheets.update(list(dict.fromkeys(name for name, _, _ in made)))
    return [
        Mistake(name, n, [(q, slip, m) for (of, q, slip), m in places.most_common() if of == name])
        for name, n in sheets.most_common()
    ]


def _unexplained(gradable: Sequence[SubmissionRow]) -> list[tuple[int, str, str, str]]:
    """Return wrong values that nothing explains: number of sheets, question, name, value."""
    values = Counter(
        (mark.question.id, name, value)
        for row in gradable
        for mark in row.marks
        for name, value in mark.unexplained
    )
    shown: Counter[tuple[str, str]] = Counter()
    found = []
    for (question, name, value), count in values.most_common():
        shown[question, name] += 1
        if shown[question, name] <= MAX_VALUES:
            found.append((count, question, name, value))
    return found


def _matrix(
    questions: Sequence[Question], together: Sequence[JointFailure]
) -> tuple[list[str], dict[tuple[str, str], JointFailure]]:
    """Return the questions of the closest pairs, and all pairs of them that fail together."""
    named = {name for pair in together[:MAX_TOGETHER] for name in (pair.first, pair.second)}
    pairs = {(p.first, p.second): p for p in together if {p.first, p.second} <= named}
    return [q.id for q in questions if q.id in named], pairs


def _histogram(scores: Sequence[float], highest: float) -> list[Bin]:
    if not scores or highest <= 0:
        return []
    places = Counter(max(0, min(BINS - 1, int(s / highest * BINS))) for s in scores)
    return [Bin(highest * i / BINS, highest * (i + 1) / BINS, places[i]) for i in range(BINS)]


# ------------------------------------------------------------------------------ the page


def _short(text: str, limit: int) -> str:
    """Return text on one line, without what browsers cannot show or would reorder, cut to size."""
    line = " ".join(_plain(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def _template() -> Template:
    environment = Environment(loader=PackageLoader("ottermark.reports"), autoescape=True)
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "number": _number,
        "code": _code,
        "digest": _digest,
        "short": _short,
        "plain": _plain,
    }
    return environment.get_template("report.html.j2")


def _number(value: float, digits: int = 2) -> str:
    return f"{round(value, digits):.10g}"


def _code(markdown: str) -> Markup:
    """Return a sentence with its code spans, on one line and cut to size."""
    return inline_html(_short(markdown, MAX_SENTENCE))


def _digest(script: str) -> str:
    """Return the hash by which the page's security policy lets its own script run, and no other."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
