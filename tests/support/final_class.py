"""A class of a few submissions, graded without running anything, to be marked and released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ottermark.assignment import Assignment, Question
from ottermark.batch.ledger import Key, Ledger
from ottermark.config import GradingConfig
from ottermark.results.render import render
from ottermark.results.result import QuestionResult, SubmissionResult, zero_result
from ottermark.rubric import Rubric, RubricItem, rubrics_yaml
from ottermark.submissions.candidates import Student
from ottermark.submissions.record import SubmissionRecord
from ottermark.submissions.written_answers import ANSWERED, EMPTY, WrittenAnswer

LAB = Assignment(
    "lab 1",
    "lab.ipynb",
    (
        Question("q1", 4, False, ("a",), title="One"),
        Question("q2", 5, True, title="Why?"),
        Question("q3", 6, False, ("b",)),
        Question("q4", 2.5, True),
    ),
    (),
    (),
)
RUBRIC = Rubric(
    "q2",
    5.0,
    (
        RubricItem("names-it", "Names <b>it</b>.", 3.0),
        RubricItem("reason", "Gives a reason.", 2.0),
        RubricItem("wrong", "Says something wrong.", -1.5),
    ),
)
LATENESS = {"due": "2026-10-01T12:00:00+02:00", "percent_per_day": 10, "max_days": 3}


@dataclass(frozen=True)
class Handed:
    """What is known of a submission.

    Attributes:
        q1: points of 4; None for a file that could not be graded.
        q3: points of 6.
        answers: to the written questions; empty ones are blank.
    """

    q1: float | None
    q3: float = 0.0
    answers: Mapping[str, str] = field(default_factory=dict)
    record: SubmissionRecord = field(default_factory=SubmissionRecord)


def write_class(
    out: Path, submissions: Mapping[str, Handed], options: Mapping[str, Any] = {}
) -> Path:
    """Write what ``ottermark grade`` leaves for those who mark; return the folder."""
    folder = out / "assignment"
    folder.mkdir(parents=True, exist_ok=True)
    LAB.write(folder)
    (folder / "rubrics.yaml").write_text(rubrics_yaml({"q2": RUBRIC}))
    (folder / "otter_config.json").write_text(json.dumps(dict(options)))
    config = GradingConfig.from_options(options, "otter_config.json")
    with Ledger(out) as ledger:
        for name, handed in submissions.items():
            document = render(_result(name, handed), LAB, config, key=f"{name} g")
            ledger.keep(Key(name, name, "g"), document.to_json(), stands=True)
        ledger.note_records({name: handed.record for name, handed in submissions.items()})
    return out


def record(*students: Student, **more: Any) -> SubmissionRecord:
    """Return the record of a submission."""
    return SubmissionRecord(students, **more)


def _result(name: str, handed: Handed) -> SubmissionResult:
    if handed.q1 is None:
        return zero_result(name, LAB, "rejected", "This is not a notebook.")
    q1, q2, q3, q4 = LAB.questions
    written = tuple(
        WrittenAnswer(q, ANSWERED if (text := handed.answers.get(q.id, "")) else EMPTY, text)
        for q in (q2, q4)
    )
    questions = (QuestionResult(q1, handed.q1), QuestionResult(q3, handed.q3))
    return SubmissionResult(name, "graded", "userns", questions, written=written)
