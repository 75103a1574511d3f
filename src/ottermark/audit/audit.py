"""Grade the answers of the corpus and compare the results with what they must be.

Wrong answers and mutants must lose points, right answers and their rewrites must lose none, and
attacks (`attacks`) must gain nothing. Answers to different questions share a submission.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from pathlib import Path

from ottermark.audit.answer_files import build_notebook, with_answers
from ottermark.audit.answers import RIGHT_KINDS, Answer, Kind
from ottermark.audit.demonstrations import without_demonstrations
from ottermark.audit.error_rate import ErrorRate
from ottermark.audit.hint_check import NOT_CHECKED, CheckedHints, check_hints
from ottermark.audit.measurement import insert_measurements, is_right
from ottermark.audit.oracle import Oracle
from ottermark.batch.run import FAILURES, Batch, BatchOptions, SubmissionGraded
from ottermark.errors import CheckFailedError
from ottermark.grading.autograder import Autograder
from ottermark.results.document import ResultDocument
from ottermark.submissions.collect import collect

_TAG = "misconception:"


class Outcome(StrEnum):
    """What the grader did with an answer, and whether that is right."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WRONGLY_ACCEPTED = "wrongly accepted"
    WRONGLY_REJECTED = "wrongly rejected"


@dataclass(frozen=True)
class Verdict:
    """What the grader did with one answer.

    Attributes:
        score: the points that the answer earned.
        outcome: a right answer is accepted if it earns all points; a wrong one is rejected if it
            earns no more than it may.
        misconceptions: the ids of the misconceptions that the grader recognised.
        hints: which of these are true, where the oracle can tell.
    """

    answer: Answer
    score: float
    outcome: Outcome
    misconceptions: frozenset[str] = frozenset()
    hints: CheckedHints = NOT_CHECKED

    @property
    def has_wrong_misconception(self) -> bool:
        """Whether the grader recognised other misconceptions in a wrong answer than it must."""
        return self.answer.kind is Kind.WRONG and self.misconceptions != self.answer.misconceptions


@dataclass(frozen=True)
class Audit:
    """The results of an audit.

    Attributes:
        verdicts: one for each graded answer.
        equivalent: mutants that no legal input tells from the solution; they are not graded.
        attacks: by name, what each attack gained; None if they were not run.
        refuted: rewrites that the oracle does not accept, which is an error of the audit's.
        nets: the questions on trained nets.
        seconds: the wall time of all submissions, added up.
    """

    verdicts: tuple[Verdict, ...]
    equivalent: tuple[Answer, ...]
    attacks: Mapping[str, Sequence[str]] | None = None
    refuted: tuple[Answer, ...] = ()
    nets: frozenset[str] = frozenset()
    seconds: float = 0.0

    def with_outcome(self, outcome: Outcome) -> list[Verdict]:
        """Return the verdicts with this outcome."""
        return [verdict for verdict in self.verdicts if verdict.outcome is outcome]

    @property
    def passed(self) -> bool:
        """Whether no answer was wrongly accepted or rejected, and no attack gained anything.

        It has not passed either if a misconception or a hint was wrong, or a rewrite refuted.
        """
        wrong = self.with_outcome(Outcome.WRONGLY_ACCEPTED)
        wrong += self.with_outcome(Outcome.WRONGLY_REJECTED)
        wrong += [v for v in self.verdicts if v.has_wrong_misconception or v.hints.false]
        return not wrong and not self.refuted and not any((self.attacks or {}).values())

    def rejection_rate(self, questions: Container[str] | None = None) -> ErrorRate:
        """Return how often right answers are wrongly rejected, to some questions or to all."""
        return self._rate(True, Outcome.WRONGLY_REJECTED, questions)

    def acceptance_rate(self, questions: Container[str] | None = None) -> ErrorRate:
        """Return how often wrong answers are wrongly accepted, to some questions or to all."""
        return self._rate(False, Outcome.WRONGLY_ACCEPTED, questions)

    def _rate(self, right: bool, error: Outcome, questions: Container[str] | None) -> ErrorRate:
        outcomes = [
            verdict.outcome
            for verdict in self.verdicts
            if (verdict.answer.kind in RIGHT_KINDS) == right
            and (questions is None or verdict.answer.question in questions)
        ]
        return ErrorRate(outcomes.count(error), len(outcomes))


def combine(
    answers: Sequence[Answer], names: Mapping[str, Collection[str]]
) -> dict[str, list[Answer]]:
    """Distribute answers over submissions; return these by name.

    A submission has at most one answer to each question, and answers of one kind only; mutants count
    as wrong ones here, since those to other questions leave room for them. Wrong answers to questions
    with a name in common do not share a submission: where one has no form, what the name stands for
    after the last cell counts.

    Args:
        names: by question, the names that it asks for.
    """
    submissions: dict[str, list[Answer]] = {}
    taken: dict[str, set[str]] = {}
    for answer in answers:
        if answer.kind is Kind.SUBMISSION:
            submissions[f"whole_{answer.name}"] = [answer]
            continue
        own = {answer.question}
        if answer.kind not in RIGHT_KINDS:
            own |= set(names.get(answer.question, ()))
        kind = Kind.WRONG if answer.kind is Kind.MUTANT else answer.kind
        numbered = (f"{kind}_{number:03}" for number in count(1))
        name = next(name for name in numbered if own.isdisjoint(taken.setdefault(name, set())))
        taken[name] |= own
        submissions.setdefault(name, []).append(answer)
    return submissions


@dataclass(frozen=True)
class GradedAnswers:
    """What grading answers has shown.

    Attributes:
        verdicts: in the order of question, kind and name.
        refuted: rewrites whose nets measure less than they must; they have no verdict.
        seconds: the wall time of all submissions, added up.
    """

    verdicts: tuple[Verdict, ...]
    refuted: tuple[Answer, ...]
    seconds: float


def grade_answers(
    submissions: Mapping[str, Sequence[Answer]],
    grader: Autograder,
    project: Path,
    out: Path,
    jobs: int,
    advance: Callable[[str], None],
    oracle: Oracle | None = None,
) -> GradedAnswers:
    """Grade all answers.

    Args:
        submissions: the answers in each submission (`combine`).
        project: the folder with the built ``student/`` and ``solutions/``.
        out: the folder for submissions and results; what was graded there before is not graded
            again while nothing changed.
        jobs: how many submissions are graded at the same time.
        advance: called with the name of each submission when it is graded.
        oracle: says how rewrites with trained nets are measured, and whether they are right.
    """
    folder = out / "submissions"
    measurements = oracle.measurements if oracle else {}
    _write_submissions(submissions, measurements, project, folder)
    options = BatchOptions(jobs=jobs)
    with (
        collect([folder], grader.assignment) as collected,
        Batch(collected, grader, out, options) as batch,
    ):
        for event in batch.events():
            if isinstance(event, SubmissionGraded):
                advance(event.document.submission)
        batch.accept()
        documents = list(batch.documents)
    _refuse_failures(out, documents)
    verdicts: list[Verdict] = []
    refuted: list[Answer] = []
    for document in documents:
        executed = out / "executed" / f"{document.submission}.ipynb"
        for answer in submissions[document.submission]:
            is_measured = answer.kind is Kind.REWRITE and answer.question in measurements
            if oracle and is_measured and not is_right(answer, executed, oracle):
                refuted.append(answer)
            else:
                verdict = _judge(answer, document)
                verdicts.append(_with_hints(verdict, grader, oracle) if oracle else verdict)
    verdicts.sort(key=lambda v: (v.answer.question, v.answer.kind, v.answer.name))
    seconds = sum(float(document.facts.seconds) for document in documents)
    return GradedAnswers(tuple(verdicts), tuple(refuted), seconds)


def _with_hints(verdict: Verdict, grader: Autograder, oracle: Oracle) -> Verdict:
    """Return the verdict with what the oracle says of the hints to a wrong answer."""
    question = verdict.answer.question
    if not verdict.misconceptions or verdict.answer.kind in RIGHT_KINDS:
        return verdict
    catalogue = grader.catalogue.questions[question]
    (names,) = [q.names for q in grader.assignment.automatic if q.id == question]
    if not oracle.knows(names):
        return verdict
    source = verdict.answer.source
    hints = check_hints(source, verdict.misconceptions, names, catalogue, oracle)
    return replace(verdict, hints=hints)


def _refuse_failures(out: Path, documents: Sequence[ResultDocument]) -> None:
    """Refuse to judge answers on which the grader itself failed: they have no points, right or wrong.

    Raises:
        CheckFailedError: there are some.
    """
    for document in documents:
        failure = out / FAILURES / f"{document.submission}.txt"
        if failure.is_file():
            raise CheckFailedError(
                f"The grader itself failed on {document.submission}; {failure} says where. The same "
                "command tries again."
            )


def _write_submissions(
    submissions: Mapping[str, Sequence[Answer]],
    measurements: Mapping[str, str],
    project: Path,
    folder: Path,
) -> None:
    (blank,) = (project / "student").glob("*.ipynb")
    blank_notebook = json.loads(blank.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, answers in submissions.items():
        if answers[0].kind is Kind.SUBMISSION:
            assert answers[0].path is not None
            notebook = build_notebook(answers[0].path, blank, project / "solutions" / blank.name)
        else:
            sources = {answer.question: answer.source for answer in answers}
            notebook = with_answers(blank_notebook, sources)
            if answers[0].kind is not Kind.RIGHT:  # these earn their points in the whole notebook
                notebook = without_demonstrations(notebook)
            notebook = insert_measurements(notebook, answers, measurements)
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def _judge(answer: Answer, document: ResultDocument) -> Verdict:
    """Return the verdict on one answer of a graded submission."""
    if answer.kind is Kind.SUBMISSION:
        accepted = document.score >= document.max_score
        outcome = Outcome.ACCEPTED if accepted else Outcome.WRONGLY_REJECTED
        return Verdict(answer, document.score, outcome)
    entry = document.questions[answer.question]
    score, points = entry.score or 0.0, entry.max_score or 0.0
    tags = frozenset(tag.removeprefix(_TAG) for tag in entry.tags if tag.startswith(_TAG))
    if answer.kind in RIGHT_KINDS:
        outcome = Outcome.ACCEPTED if score >= points else Outcome.WRONGLY_REJECTED
    else:
        most = answer.earns if answer.kind is Kind.WRONG else points
        rejected = score <= most and score < points
        outcome = Outcome.REJECTED if rejected else Outcome.WRONGLY_ACCEPTED
    return Verdict(answer, score, outcome, tags)
