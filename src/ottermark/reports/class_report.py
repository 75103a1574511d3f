"""The class report: one HTML page over all results, which needs nothing but a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ottermark.assignment import Assignment, Question
from ottermark.files import write_atomically
from ottermark.reports.class_statistics import (
    hardest_questions,
    misconception_rows,
    question_rows,
    review_reasons,
    score_histogram,
    score_spread,
    score_table,
    submission_rows,
    unexplained_values,
)
from ottermark.reports.html import render_page
from ottermark.reports.item_analysis import (
    MIN_SUBMISSIONS,
    JointFailure,
    cronbach_alpha,
    find_joint_failures,
)
from ottermark.reports.similarity import SimilarGroup
from ottermark.results.document import ResultDocument
from ottermark.submissions.candidates import Submission

STATUSES = ("graded", "timeout", "crashed", "rejected")
MAX_JOINT_FAILURES = 6
# the most that the page shows of each
LIMITS = {
    "top_misconceptions": 3,
    "misconception_bars": 12,
    "unexplained_values": 20,
    "similar_groups": 30,
    "names": 5,
    "occurrences": 4,
    "name_length": 60,
    "sentence_length": 160,
}


@dataclass(frozen=True)
class SupersededRow:
    """A file that does not count: its name, the submission that counts instead, and why."""

    file: str
    submission: str
    reason: str


@dataclass(frozen=True)
class JointFailureMatrix:
    """The questions of the closest pairs, and by their ids all pairs of them."""

    questions: list[str]
    pairs: dict[tuple[str, str], JointFailure]


def write_report(
    path: Path,
    assignment: Assignment,
    documents: Sequence[ResultDocument],
    *,
    submissions: Sequence[Submission] = (),
    similar: Sequence[SimilarGroup] | None = None,
    not_compared: str = "",
    superseded: Sequence[SupersededRow] = (),
) -> None:
    """Write the report of a class to ``path``.

    Args:
        documents: the result of each submission. The page holds no date, so the same results, in
            any order, give the same bytes.
        submissions: what is known of those who submitted.
        similar: the groups of submissions with similar code; None if they were not compared.
        not_compared: why they were not, as a sentence.
    """
    rows = submission_rows(assignment, documents, submissions)
    comparable = [row for row in rows if row.comparable]
    scores = [row.score for row in comparable]
    table = score_table(comparable)
    questions = question_rows(assignment.automatic, comparable)
    joint_failures = find_joint_failures(assignment.automatic, table)
    page = render_page(
        "report.html.j2",
        assignment=assignment,
        rows=rows,
        rows_by_name={row.name: row for row in rows},
        rows_by_status={s: [row for row in rows if row.status == s] for s in STATUSES},
        outdated_rows=[row for row in rows if row.outdated],
        unprotected_rows=[row for row in comparable if row.unprotected],
        unprotected_questions=[q.id for q in assignment.automatic if q.why_unprotected],
        review_reasons=review_reasons(comparable),
        incomplete_rows=[row for row in comparable if row.unanswered],
        scores=scores,
        spread=score_spread(scores),
        histogram=score_histogram(scores, assignment.max_score),
        alpha=cronbach_alpha(assignment.automatic, table),
        questions=questions,
        hardest=hardest_questions(questions),
        min_submissions=MIN_SUBMISSIONS,
        zero_totals=sum(not any(row) for row in table),
        misconceptions=misconception_rows(comparable),
        unexplained=unexplained_values(comparable),
        joint_failures=joint_failures,
        matrix=_matrix(assignment.automatic, joint_failures),
        manual=[q for q in assignment.questions if q.manual],
        similar=similar,
        similar_names={name for group in similar or () for name in group.members},
        not_compared=not_compared,
        superseded=sorted(superseded, key=lambda s: (s.file, s.submission, s.reason)),
        limits=LIMITS,
    )
    write_atomically(path, page)


def _matrix(
    questions: Sequence[Question], joint_failures: Sequence[JointFailure]
) -> JointFailureMatrix:
    closest = joint_failures[:MAX_JOINT_FAILURES]
    ids = {id for pair in closest for id in (pair.first, pair.second)}
    pairs = {(p.first, p.second): p for p in joint_failures if {p.first, p.second} <= ids}
    return JointFailureMatrix([q.id for q in questions if q.id in ids], pairs)
