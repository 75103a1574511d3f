"""The answers of the corpus.

The corpus has one answer a file, as it would stand in the question's cell:
``wrong/QUESTION/*.py`` and ``right/QUESTION/*.py``. The head of a wrong answer states what the
grader must do with it:

- ``# misconception: ID``: the misconception that the grader must recognise (several with commas;
  ``none`` if the catalogue has none for it);
- ``# earns: POINTS``: the most points that it may earn.

``whole_submissions/*.py`` are answer files (`answer_files`) that must earn all points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ottermark.assignment import Assignment
from ottermark.errors import UsageError

_HEAD = re.compile(r"^# (misconception|earns): *(.+?) *$", re.M)


class Kind(StrEnum):
    """The kinds of answers that are graded."""

    WRONG = "wrong"
    RIGHT = "right"
    SUBMISSION = "submission"
    MUTANT = "mutant"
    REWRITE = "rewrite"


RIGHT_KINDS = frozenset({Kind.RIGHT, Kind.SUBMISSION, Kind.REWRITE})


@dataclass(frozen=True)
class Answer:
    """One answer, and what the grader must do with it.

    Attributes:
        kind: a wrong or right answer, a whole submission (right), a mutant of a right answer (wrong),
            or a rewrite of one (right).
        question: the id of its question; empty for a whole submission.
        name: its name on the page.
        source: the code of its cell; empty for a whole submission.
        misconceptions: the ids of the misconceptions that the grader must recognise.
        earns: the most points that a wrong answer may earn.
        path: its file; None for a mutant and a rewrite.
        origin: of a mutant or rewrite, the name of the answer that was changed.
    """

    kind: Kind
    question: str
    name: str
    source: str
    misconceptions: frozenset[str] = frozenset()
    earns: float = 0.0
    path: Path | None = None
    origin: str = ""


def read_answers(corpus: Path, assignment: Assignment) -> list[Answer]:
    """Return all answers of a corpus, wrong answers first.

    Raises:
        UsageError: the corpus is empty, an answer's question does not exist, or its head is bad.
    """
    questions = {question.id for question in assignment.automatic}
    answers = list(_read_all(corpus, questions))
    if not answers:
        raise UsageError(f"{corpus} holds no wrong/ and no right/ answers; name another folder.")
    return answers


def _read_all(corpus: Path, questions: set[str]) -> Iterator[Answer]:
    for kind in (Kind.WRONG, Kind.RIGHT):
        for path in sorted(corpus.glob(f"{kind}/*/*.py")):
            question = path.parent.name
            if question not in questions:
                raise UsageError(f"{path}: there is no automatic question {question!r}; move it.")
            yield _read_wrong(path) if kind is Kind.WRONG else _read_right(path)
    for path in sorted(corpus.glob("whole_submissions/*.py")):
        yield Answer(Kind.SUBMISSION, "", path.stem, "", path=path)


def _read_right(path: Path) -> Answer:
    source = path.read_text(encoding="utf-8")
    return Answer(Kind.RIGHT, path.parent.name, path.stem, source, path=path)


def _read_wrong(path: Path) -> Answer:
    source = path.read_text(encoding="utf-8")
    head = dict(_HEAD.findall(source))
    try:
        ids, points = head["misconception"], float(head["earns"])
    except (KeyError, ValueError):
        raise UsageError(
            f"{path}: the head is incomplete; begin it with `# misconception: ID` (or `none`) and "
            "`# earns: POINTS`."
        ) from None
    misconceptions = frozenset(ids.replace(",", " ").split()) - {"none"}
    return Answer(Kind.WRONG, path.parent.name, path.stem, source, misconceptions, points, path)
