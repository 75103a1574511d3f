"""The statistics of a class: its submissions, questions and misconceptions, from result documents.

Rejected files, and results on other questions than the assignment has now, have a row among the
submissions and count in nothing else. Text in rows is a
student's, or Markdown of the result document: pages must escape or render it.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles, stdev
from urllib.parse import quote

from ottermark.assignment import Assignment, Question
from ottermark.reports.item_analysis import ItemStatistics, item_statistics
from ottermark.reports.score_level import ScoreLevel, score_level
from ottermark.results.document import Entry, ResultDocument
from ottermark.results.result import Status
from ottermark.submissions.candidates import Submission, display_names
from ottermark.submissions.written_answers import ANSWERED
from ottermark.text import one_line

MAX_BINS = 16
MAX_HARDEST = 3
MAX_MISCONCEPTIONS = 3  # of a question
MAX_REASONS = 2  # of a question, less one for each misconception
MAX_VALUES = 3  # unexplained ones of a name
MAX_VALUE_LENGTH = 160
_TAG = "misconception:"


@dataclass(frozen=True)
class QuestionScore:
    """The score of one submission on one question.

    Attributes:
        reasons: why points were lost, as Markdown: notes and messages of failed tests.
        misconceptions: those recognised, by id and name.
        needs_review: the names of those for which a person should review the submission.
        unexplained: wrong values, by name; none where a misconception was recognised.
    """

    question: Question
    score: float
    level: ScoreLevel
    reasons: tuple[str, ...] = ()
    misconceptions: tuple[tuple[str, str], ...] = ()
    needs_review: tuple[str, ...] = ()
    unexplained: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SubmissionRow:
    """One submission.

    Attributes:
        students: who submitted it; empty if unknown.
        emails: their addresses, as far as they are known.
        late: whether the platform marks it as late.
        ran: whether the notebook ran.
        unprotected: whether nothing kept the student's code from the grader's files.
        outdated: whether it was graded on other questions than the assignment has now.
        question_scores: in the order of the questions; empty for a rejected or outdated one.
        problem: the first thing that went wrong when it ran, or why it did not run, as Markdown.
        unanswered: the ids of written questions without an answer.
    """

    name: str
    students: str
    emails: str
    late: bool
    status: Status
    ran: bool
    unprotected: bool
    outdated: bool
    score: float
    question_scores: tuple[QuestionScore, ...]
    problem: str
    unanswered: tuple[str, ...]

    @property
    def comparable(self) -> bool:
        """Whether it counts in statistics."""
        return self.status != "rejected" and not self.outdated

    @property
    def feedback_link(self) -> str:
        """The address of its feedback page, relative to the output folder."""
        return f"feedback/{self._quoted_name}.html"

    @property
    def notebook_link(self) -> str:
        """The address of its executed notebook, likewise; empty if it did not run."""
        return f"executed/{self._quoted_name}.ipynb" if self.ran else ""

    @property
    def results_link(self) -> str:
        """The address of its results.json, likewise."""
        return f"results/{self._quoted_name}.json"

    @property
    def _quoted_name(self) -> str:
        return quote(self.name, safe="", errors="replace")

    @property
    def all_unanswered(self) -> list[str]:
        """The ids of all questions without an answer."""
        scores = self.question_scores
        return [s.question.id for s in scores if s.level == "unanswered"] + list(self.unanswered)

    @property
    def levels(self) -> str:
        """A letter for the level of each question: f(ull), p(art), z(ero), u(nanswered)."""
        return "".join(score.level[0] for score in self.question_scores)

    @property
    def search_text(self) -> str:
        """What it can be found by, in the form that the page's script gives to what is typed."""
        return unicodedata.normalize("NFC", f"{self.name} {self.students} {self.emails}").lower()

    @property
    def needs_review(self) -> list[tuple[str, str]]:
        """The reasons for which a person should review it, each with the id of the question."""
        return [
            (name, score.question.id)
            for score in self.question_scores
            for name in score.needs_review
        ]


@dataclass(frozen=True)
class QuestionRow:
    """One question over the class.

    Attributes:
        statistics: difficulty and discrimination; None if nothing was graded.
        levels: the number of submissions at each level.
        misconceptions: the most frequent ones, by name, with the number of submissions.
        reasons: the most frequent reasons for lost points, likewise.
        unexplained: the number of submissions with a wrong answer that nothing explains.
    """

    question: Question
    statistics: ItemStatistics | None
    levels: Counter[ScoreLevel]
    misconceptions: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    unexplained: int

    @property
    def difficulty(self) -> float | None:
        """The mean score as a share of the points; None if nothing was graded or it has none."""
        return self.statistics.difficulty if self.statistics else None


@dataclass(frozen=True)
class MisconceptionRow:
    """A misconception over the class, in all questions where it was recognised.

    Attributes:
        count: the number of submissions.
        occurrences: question, id of the misconception there, and number of submissions; the most
            frequent first.
    """

    name: str
    count: int
    occurrences: list[tuple[str, str, int]]


@dataclass(frozen=True)
class UnexplainedValue:
    """A wrong value that no misconception explains, and the number of submissions that have it."""

    question: str
    name: str
    value: str
    count: int


@dataclass(frozen=True)
class Spread:
    """Where the scores of a class lie, in points.

    Attributes:
        deviation: the standard deviation of the sample; None for a single score, as the quartiles.
    """

    mean: float
    median: float
    lowest: float
    highest: float
    deviation: float | None
    quartiles: tuple[float, float] | None


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: the number of scores from ``low`` to below ``high``.

    The last bin includes ``high``; it may hold the highest score alone.

    Attributes:
        label: the scores in it, in words.
    """

    low: float
    high: float
    label: str
    count: int


@dataclass(frozen=True)
class Histogram:
    """Scores in bins between whole numbers.

    Attributes:
        width: of each bin but the last, in points.
        median: where the median lies, in bars from the left.
    """

    bins: list[Bin]
    width: int
    median: float


# ----------------------------------------------------------------------------- submissions


def submission_rows(
    assignment: Assignment,
    documents: Sequence[ResultDocument],
    submissions: Iterable[Submission] = (),
) -> list[SubmissionRow]:
    """Return a row for each document, in order of names.

    Args:
        submissions: what is known of those who submitted.
    """
    by_name = {submission.name: submission for submission in submissions}
    rows = [
        _submission_row(assignment, document, by_name.get(document.submission))
        for document in documents
    ]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.name))


def _submission_row(
    assignment: Assignment, document: ResultDocument, submission: Submission | None
) -> SubmissionRow:
    students = submission.students if submission else ()
    questions = assignment.automatic
    outdated = document.questions.keys() != {question.id for question in questions}
    if document.status == "rejected" or outdated:
        questions = ()
    written = document.facts.written
    return SubmissionRow(
        name=document.submission,
        students=display_names(students),
        emails=" ".join(student.email for student in students),
        late=submission is not None and submission.late,
        status=document.status,
        ran=bool(document.isolation),
        unprotected=document.isolation == "none",
        outdated=outdated,
        score=document.score,
        question_scores=tuple(_question_score(q, document.questions[q.id]) for q in questions),
        problem=_first_problem(document),
        unanswered=tuple(id for id, answer in written.items() if answer.state != ANSWERED),
    )


def _first_problem(document: ResultDocument) -> str:
    facts = document.facts
    if facts.message:
        return facts.message
    if facts.problems:
        return facts.problems[0].text
    return "" if document.status == "graded" else document.tests[0].name


def _question_score(question: Question, entry: Entry) -> QuestionScore:
    facts, level = entry.facts, score_level(entry)
    ids = [tag.removeprefix(_TAG) for tag in entry.tags if tag.startswith(_TAG)]
    return QuestionScore(
        question=question,
        score=entry.score or 0.0,
        level=level,
        reasons=() if level in ("full", "unanswered") else _reasons(entry),
        misconceptions=tuple(zip(ids, facts.misconceptions, strict=True)),
        needs_review=tuple(facts.look),
        # where a misconception is known, the remaining values are mostly those of right parts
        unexplained=() if ids else _unexplained(entry),
    )


def _reasons(entry: Entry) -> tuple[str, ...]:
    """Return the first lines of notes and of failed tests' messages, each once."""
    failed = [case.message for case in entry.facts.cases if not case.passed and case.message]
    first_lines = [text.partition("\n")[0] for text in (*entry.facts.notes, *failed)]
    return tuple(dict.fromkeys(first_lines))


def _unexplained(entry: Entry) -> tuple[tuple[str, str], ...]:
    facts = entry.facts
    values = {
        name: f"{value}, wrong first on: {facts.fails_on[name]}"
        if name in facts.fails_on
        else value
        for name, value in facts.unexplained.items()
    }
    return tuple((name, one_line(value, MAX_VALUE_LENGTH)) for name, value in values.items())


# ------------------------------------------------------- the class, of rows that are comparable


def score_table(rows: Sequence[SubmissionRow]) -> list[list[float]]:
    """Return the scores in points, of shape (submissions, questions)."""
    return [[score.score for score in row.question_scores] for row in rows]


def score_spread(scores: Sequence[float]) -> Spread | None:
    """Return where the scores lie; None without scores."""
    if not scores:
        return None
    several = len(scores) > 1
    first, _, third = quantiles(scores, n=4, method="inclusive") if several else (0, 0, 0)
    return Spread(
        mean=mean(scores),
        median=median(scores),
        lowest=min(scores),
        highest=max(scores),
        deviation=stdev(scores) if several else None,
        quartiles=(first, third) if several else None,
    )


def score_histogram(scores: Sequence[float], max_score: float) -> Histogram | None:
    """Return the histogram from 0 to ``max_score``; None without scores or points."""
    if not scores or max_score <= 0:
        return None
    width = _bin_width(max_score)
    last = int(max_score // width)
    whole = all(float(score).is_integer() for score in scores)
    counts = Counter(max(0, min(last, int(score // width))) for score in scores)
    bins = []
    for index in range(last + 1):
        low, high = index * width, min((index + 1) * width, max_score)
        label = _bin_label(low, high, index == last, whole)
        bins.append(Bin(low, high, label, counts[index]))
    # a bar of single numbers is centred on its number
    position = median(scores) / width + (0.5 if width == 1 else 0)
    return Histogram(bins, width, max(0.0, min(len(bins), position)))


def _bin_width(max_score: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20 and so on that gives few enough bins."""
    widths = (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))
    return next(width for width in widths if max_score // width < MAX_BINS)


def _bin_label(low: int, high: float, last: bool, whole: bool) -> str:
    """Return in words which scores a bin holds.

    Args:
        last: whether it includes its upper end.
        whole: whether all scores are whole numbers.
    """
    if not last and not whole:
        return f"{low} to under {high:g}"
    highest = high if last else high - 1
    return f"{low}" if highest == low else f"{low} to {highest:g}"


def question_rows(
    questions: Sequence[Question], rows: Sequence[SubmissionRow]
) -> list[QuestionRow]:
    """Return a row for each question, over the submissions of ``rows``."""
    statistics: Sequence[ItemStatistics | None] = item_statistics(questions, score_table(rows))
    statistics = statistics or [None] * len(questions)
    return [
        _question_row(question, statistics[index], [row.question_scores[index] for row in rows])
        for index, question in enumerate(questions)
    ]


def _question_row(
    question: Question, statistics: ItemStatistics | None, scores: Sequence[QuestionScore]
) -> QuestionRow:
    names = Counter(name for s in scores for name in {name: None for _, name in s.misconceptions})
    reasons = Counter(reason for score in scores for reason in score.reasons)
    return QuestionRow(
        question=question,
        statistics=statistics,
        levels=Counter(score.level for score in scores),
        misconceptions=names.most_common(MAX_MISCONCEPTIONS),
        # messages of failed tests only where too few misconceptions are known
        reasons=reasons.most_common(max(0, MAX_REASONS - len(names))),
        unexplained=sum(bool(score.unexplained) for score in scores),
    )


def hardest_questions(questions: Sequence[QuestionRow]) -> list[QuestionRow]:
    """Return the questions of the lowest difficulty index, the hardest first.

    These are three at most, half of the questions at most, and none that everybody solved.
    """
    known = [row for row in questions if row.difficulty is not None and row.difficulty < 1]
    known.sort(key=lambda row: row.difficulty or 0.0)
    return known[: min(MAX_HARDEST, len(questions) // 2)]


def misconception_rows(rows: Sequence[SubmissionRow]) -> list[MisconceptionRow]:
    """Return the misconceptions of the class, the most frequent first.

    A submission counts once for each, in however many questions it has it.
    """
    counts: Counter[str] = Counter()
    occurrences: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        recognised = [
            (name, score.question.id, id)
            for score in row.question_scores
            for id, name in score.misconceptions
        ]
        occurrences.update(recognised)
        counts.update({name: 1 for name, _, _ in recognised})
    by_name: defaultdict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for (name, question, id), count in occurrences.most_common():
        by_name[name].append((question, id, count))
    return [MisconceptionRow(name, count, by_name[name]) for name, count in counts.most_common()]


def unexplained_values(rows: Sequence[SubmissionRow]) -> list[UnexplainedValue]:
    """Return wrong values that nothing explains, the most frequent first, a few for each name."""
    counts = Counter(
        (score.question.id, name, value)
        for row in rows
        for score in row.question_scores
        for name, value in score.unexplained
    )
    per_name: Counter[tuple[str, str]] = Counter()
    values = []
    for (question, name, value), count in counts.most_common():
        per_name[question, name] += 1
        if per_name[question, name] <= MAX_VALUES:
            values.append(UnexplainedValue(question, name, value, count))
    return values


def review_reasons(rows: Sequence[SubmissionRow]) -> dict[str, list[tuple[SubmissionRow, str]]]:
    """Return by reason the submissions that a person should review, with the question's id."""
    by_reason: defaultdict[str, list[tuple[SubmissionRow, str]]] = defaultdict(list)
    for row in rows:
        for reason, question in row.needs_review:
            by_reason[reason].append((row, question))
    return dict(sorted(by_reason.items()))
