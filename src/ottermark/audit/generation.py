"""All answers of an audit: those of the corpus, and those generated from right ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ottermark.assignment import Assignment
from ottermark.audit.answer_files import find_answer_cells
from ottermark.audit.answers import Answer, read_answers
from ottermark.audit.mutation import mutate_answers
from ottermark.audit.oracle import REWRITE_CASES, Oracle, read_oracle
from ottermark.audit.rewriting import read_composed, rewrite_answers


@dataclass(frozen=True)
class AuditAnswers:
    """The answers of an audit.

    Attributes:
        all: what is graded.
        equivalent: mutants that are right, and not graded.
        refuted: rewrites that are wrong, and not graded.
        oracle: None if the corpus has none.
    """

    all: tuple[Answer, ...]
    equivalent: tuple[Answer, ...]
    refuted: tuple[Answer, ...]
    oracle: Oracle | None

    @property
    def nets(self) -> frozenset[str]:
        """The questions on trained nets."""
        return frozenset(self.oracle.measurements if self.oracle else ())


def generate_answers(
    corpus: Path, assignment: Assignment, solution: Path, *, mutants: int | None, rewrites: int
) -> AuditAnswers:
    """Read a corpus, and generate mutants and rewrites of its right answers and of the solution.

    Args:
        solution: the solved notebook.
        mutants: how many wrong ones to generate for each question; None for all.
        rewrites: how many to generate for each question.

    Raises:
        UsageError: the corpus is bad.
    """
    answers = read_answers(corpus, assignment)
    oracle = read_oracle(corpus) if mutants != 0 or rewrites else None
    if oracle is None:
        return AuditAnswers(tuple(answers), (), (), None)
    notebook = json.loads(solution.read_text(encoding="utf-8"))
    sources = {
        question: "".join(notebook["cells"][position]["source"])
        for question, position in find_answer_cells(notebook).items()
    }
    names = {question.id: question.names for question in assignment.automatic}
    mutated = mutate_answers(answers, sources, names, oracle, mutants)
    rewritten = rewrite_answers(answers, sources, names, oracle, rewrites)
    right = [
        a for a in rewritten if oracle.accepts_answer(a.source, names[a.question], REWRITE_CASES)
    ]
    refuted = [answer for answer in rewritten if answer not in right]
    composed = read_composed(corpus) if rewrites else []
    return AuditAnswers(
        (*answers, *mutated.wrong, *right, *composed), mutated.equivalent, tuple(refuted), oracle
    )
