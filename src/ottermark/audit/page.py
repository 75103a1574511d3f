"""``docs/audit.md``: the results of an audit as a Markdown page."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from ottermark.assignment import Assignment
from ottermark.audit.answers import RIGHT_KINDS, Answer, Kind
from ottermark.audit.audit import Audit, Outcome, Verdict
from ottermark.audit.error_rate import CONFIDENCE, TARGET, ErrorRate
from ottermark.audit.oracle import CASES, REWRITE_CASES

_COLUMNS = (
    *("question", "wrong answers", "rejected", "wrongly accepted", "wrong misconception"),
    *("right answers", "rewrites", "wrongly rejected"),
    *("mutants", "killed", "survived", "equivalent"),
)
_RATE_COLUMNS = (
    *("question", "right", "wrongly rejected", "rate at most"),
    *("wrong", "wrongly accepted", "rate at most"),
)


def format_page(audit: Audit, assignment: Assignment) -> str:
    """Return the page of an audit; the same text for the same results."""
    parts = [
        _introduction(assignment),
        _format_table(_COLUMNS, _matrix(audit, assignment)),
        f"## Error rates\n\n{_format_rates(audit, assignment)}",
        f"## Hints\n\n{describe_hints(audit)}\n",
    ]
    for title, verdicts in (
        ("Wrongly accepted", audit.with_outcome(Outcome.WRONGLY_ACCEPTED)),
        ("Wrongly rejected", audit.with_outcome(Outcome.WRONGLY_REJECTED)),
        ("Wrong misconception", [v for v in audit.verdicts if v.has_wrong_misconception]),
        ("False hints", [v for v in audit.verdicts if v.hints.false]),
    ):
        if verdicts:
            parts.append(f"## {title}\n\n{_format_verdicts(verdicts)}")
    if audit.attacks is not None:
        parts.append(f"## Attacks\n\n{_format_attacks(audit.attacks)}")
    if audit.refuted:
        rows = [[answer.question, f"`{answer.name}`"] for answer in audit.refuted]
        parts.append(f"## Refuted rewrites\n\n{_format_table(['question', 'rewrite'], rows)}")
    if audit.equivalent:
        rows = [[answer.question, f"`{answer.name}`"] for answer in audit.equivalent]
        parts.append(f"## Equivalent mutants\n\n{_format_table(['question', 'change'], rows)}")
    return "\n".join(parts)


def _introduction(assignment: Assignment) -> str:
    return f"""\
# How often the grader is wrong

`ottermark audit` writes this page. It grades the wrong and right answers in `assignment/corpus/`,
mutants of the solution of `{assignment.name}` and of right answers (with one operator, constant, comparison
or default changed), and rewrites of right answers (other types, equal formulas, other libraries, other
control flow; for trained nets other layers, ways of writing a model, and training). Right answers are
graded in the whole notebook, all others without its cells that only show something.

- *Rejected*: a wrong answer that earns no more points than it may. *Wrongly accepted*: one that earns more.
- *Wrong misconception*: a wrong answer that is tagged with other misconceptions than it should be.
- *False hint*: one to a wrong answer or mutant that names a mistake which the answer, run anew, does not
  make on {CASES} random legal inputs, or that speaks of a name which is right.
- *Rewrite*: verified before it counts, by Keras, NumPy and exact arithmetic and not by the tests: on
  {REWRITE_CASES} random legal inputs (its original on {CASES}), or, a trained net, by what it measures in the
  process that trained it.
- *Wrongly rejected*: a right answer or a rewrite that loses points.
- *Killed*: a mutant that loses points. *Survived*: one that does not, although it is wrong.
- *Equivalent*: a mutant that has the solution's value, or is right on {CASES} random legal inputs. It is
  not graded.
"""


def _matrix(audit: Audit, assignment: Assignment) -> list[list[Any]]:
    """Return a row for each question, one for whole submissions, and the totals."""
    rows = []
    for question in [*(q.id for q in assignment.automatic), ""]:
        verdicts = [v for v in audit.verdicts if v.answer.question == question]
        equivalent = [a for a in audit.equivalent if a.question == question]
        if verdicts or equivalent:
            counts = _count(verdicts, equivalent)
            rows.append([question or "whole submissions", *(count or "" for count in counts)])
    totals = _count(audit.verdicts, audit.equivalent)
    return [*rows, ["**all**", *(count or "" for count in totals)]]


def _count(verdicts: Sequence[Verdict], equivalent: Sequence[Answer]) -> list[int]:
    """Return the numbers of a row, in the order of ``_COLUMNS``."""

    def count(kinds: set[Kind], outcome: Outcome | None = None) -> int:
        return sum(v.answer.kind in kinds and outcome in (None, v.outcome) for v in verdicts)

    wrong, mutant = {Kind.WRONG}, {Kind.MUTANT}
    return [
        count(wrong),
        count(wrong, Outcome.REJECTED),
        count(wrong, Outcome.WRONGLY_ACCEPTED),
        sum(v.has_wrong_misconception for v in verdicts),
        count({Kind.RIGHT, Kind.SUBMISSION}),
        count({Kind.REWRITE}),
        count({*RIGHT_KINDS}, Outcome.WRONGLY_REJECTED),
        count(mutant),
        count(mutant, Outcome.REJECTED),
        count(mutant, Outcome.WRONGLY_ACCEPTED),
        len(equivalent),
    ]


def _format_rates(audit: Audit, assignment: Assignment) -> str:
    """Return both error rates with their bounds, and what they rest on."""
    groups: list[tuple[str, Container[str] | None]] = [("all answers", None)]
    if audit.nets:
        groups.append(("trained nets", audit.nets))
    groups += [(question.id, {question.id}) for question in assignment.automatic]
    rows = [
        [name, *_format_rate(audit.rejection_rate(ids)), *_format_rate(audit.acceptance_rate(ids))]
        for name, ids in groups
    ]
    return f"""\
A right answer is wrongly rejected, or a wrong one or mutant wrongly accepted, at most so often: exact
one-sided {CONFIDENCE:.0%} bounds (Clopper and Pearson). Over all answers, both are to be at most
{TARGET:.1%}; by question there are too few answers for that.

{_format_table(_RATE_COLUMNS, rows)}
{describe_rewrites(audit)}

Grading all of this takes {audit.seconds / 60:.0f} minutes, the time of all submissions added up.
"""


def _format_rate(rate: ErrorRate) -> list[str]:
    bound = f"{rate.upper_bound:.2%}" if rate.answers else ""
    return [str(rate.answers or ""), str(rate.errors or ""), bound]


def describe_rewrites(audit: Audit) -> str:
    """Say how many distinct answers the rewrites come from, and what that means for the bounds."""
    rewrites = [v.answer for v in audit.verdicts if v.answer.kind is Kind.REWRITE]
    rewritten = {(a.question, a.origin) for a in rewrites if a.question not in audit.nets}
    layouts = {(a.question, a.origin) for a in rewrites if a.question in audit.nets}
    nets = sum(answer.question in audit.nets for answer in rewrites)
    return (
        f"{len(rewrites) - nets} rewrites come from {len(rewritten)} distinct answers, and {nets} trained "
        f"nets from {len(layouts)} layouts of layers. Rewrites are not independent draws, for which the "
        "bounds hold: what the grader gets wrong in one, it may get wrong in all rewrites of that answer."
    )


def describe_hints(audit: Audit) -> str:
    """Say how many hints wrong answers were shown, and how many of them were checked, and how."""
    hints = [v for v in audit.verdicts if v.answer.kind not in RIGHT_KINDS and v.misconceptions]
    expected = sum(len(v.misconceptions) for v in hints if v.answer.kind is Kind.WRONG)
    mutants = sum(len(v.misconceptions) for v in hints if v.answer.kind is Kind.MUTANT)
    return (
        f"{expected} hints to wrong answers, compared with those that the corpus expects: "
        f"{sum(v.has_wrong_misconception for v in audit.verdicts)} answers have others. "
        f"{mutants} hints to mutants. "
        f"{sum(len(v.hints.true | v.hints.false) for v in hints)} of both were compared with the mistake "
        f"that they name on {CASES} random legal inputs, or with its value: "
        f"{sum(len(v.hints.false) for v in hints)} are false."
    )


def _format_verdicts(verdicts: Sequence[Verdict]) -> str:
    rows = [
        [
            verdict.answer.question or "whole submission",
            f"`{verdict.answer.name}`",
            f"{verdict.score:g}",
            ", ".join(sorted(verdict.misconceptions)) or "none",
            ", ".join(sorted(verdict.answer.misconceptions)) or "none",
        ]
        for verdict in verdicts
    ]
    return _format_table(["question", "answer", "points", "tagged", "expected"], rows)


def _format_attacks(gains: Mapping[str, Sequence[str]]) -> str:
    """Say how many attacks gained nothing; docs/hostile.md compares other graders."""
    failed = sum(not gained for gained in gains.values())
    text = (
        f"{failed} of {len(gains)} attack submissions ended as they should. One of them is honest "
        "and must keep its points.\n"
    )
    rows = [[name, "; ".join(gained)] for name, gained in gains.items() if gained]
    return text + (f"\n{_format_table(['attack', 'gained'], rows)}" if rows else "")


def _format_table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |\n"
        for line in lines
    )
