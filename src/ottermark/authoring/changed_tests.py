"""Which questions to grade again when only their tests have changed since a verification.

What a question's tests say is decided by the values of its names and by its tests. So after a change
of tests alone, the verdicts on the other questions stand, unless a changed test could reach what
theirs look at: a name that both take, or, where tests run inside the notebook's process, anything.

The cells need not all be run either: those that have no name in common with the cells which the
question depends on cannot change what these compute, but by files or other state of the process. A
class is graded whole: there, cells may give other results in each run, and functions may keep state.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from ottermark.assignment import RECORD_FILE, Question
from ottermark.authoring import cache
from ottermark.authoring.slicing import names_in, slice_notebook
from ottermark.grading.autograder import Autograder
from ottermark.submissions.grading_places import GradingPlaces


@dataclass(frozen=True)
class EarlierVerification:
    """A verification of the same notebook with other tests.

    Attributes:
        entry: what was stored of it.
        grader: the autograder, with those questions alone that are to be graded again.
    """

    entry: Mapping[str, Any]
    grader: Autograder

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are to be graded again."""
        return self.grader.assignment.automatic


def remember(kind: str, grader: Autograder, notebook: Any, entry: Mapping[str, Any]) -> None:
    """Store a verification without errors, to be looked up by what does not depend on tests."""
    cache.write(_key(kind, grader, notebook), {**entry, "tests": _test_digests(grader)})


def earlier_verification(
    kind: str, grader: Autograder, notebook: Any
) -> EarlierVerification | None:
    """Return a verification which holds but for the tests of some questions; None if there is none."""
    entry = cache.read(_key(kind, grader, notebook))
    if entry is None:
        return None
    digests = _test_digests(grader)
    changed = {id for id, digest in digests.items() if entry["tests"].get(id) != digest}
    questions = grader.assignment.automatic
    again = tuple(question for question in questions if question.id in changed)
    others = tuple(question for question in questions if question.id not in changed)
    if not again or not others or entry.get("unprotected"):
        return None
    if any(question.why_unprotected for question in questions) or _names(again) & _names(others):
        return None
    assignment = replace(grader.assignment, questions=again)
    return EarlierVerification(entry, replace(grader, assignment=assignment))


def needed_part(
    notebook: Any, questions: Iterable[Question], places: Mapping[str, GradingPlaces]
) -> Any:
    """Return the notebook without the cells that cannot matter to questions; all of it if in doubt."""
    questions = tuple(questions)
    end = max(places[question.id].cells[-1] for question in questions)
    part = slice_notebook(notebook, _names(questions), end)
    kept: set[str] = set(_names(questions))
    left_out: set[str] = set()
    for cell, kept_cell in zip(notebook.cells, part.cells, strict=True):
        if cell.cell_type != "code":
            continue
        names = names_in(cell.source)
        if names is None:  # not Python
            return notebook
        if kept_cell.source:
            kept |= names
        else:
            left_out |= names
    return notebook if kept & left_out - {"grader", "otter"} else part


def _names(questions: Iterable[Question]) -> frozenset[str]:
    return frozenset(name for question in questions for name in question.names)


def _key(kind: str, grader: Autograder, notebook: Any) -> str:
    """Return the key of a verification, which changes with everything but tests."""
    parts = {
        name: digest
        for name, digest in grader.parts.items()
        if name != RECORD_FILE and not name.startswith("tests/")
    }
    record = asdict(grader.assignment.without_texts())
    record["questions"] = [[q.id, q.manual, q.names] for q in grader.assignment.questions]
    return cache.key_of(f"{kind}-tests", [sorted(parts.items()), record], notebook)


def _test_digests(grader: Autograder) -> dict[str, str]:
    """Return for each question a text that changes with its tests, and with what they need."""
    bare = grader.assignment.without_texts()
    return {
        question.id: json.dumps([asdict(question), grader.parts[f"tests/{question.id}.py"]])
        for question in bare.automatic
    }
