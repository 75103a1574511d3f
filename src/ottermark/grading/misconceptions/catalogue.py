"""The catalogue of misconceptions of an assignment, and the misconceptions behind an answer."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ottermark.assignment import Assignment
from ottermark.errors import UsageError
from ottermark.grading.misconceptions.patterns import QuestionCatalogue
from ottermark.grading.misconceptions.source import read_questions
from ottermark.grading.misconceptions.values import call_cases
from ottermark.models.keras_model import Estimator
from ottermark.protocol.proxies import RemoteFunction
from ottermark.results.diagnosis import Diagnosis, Misconception
from ottermark.sandbox.session import SessionLostError

CATALOGUE_FILE = "misconceptions.yaml"
MAX_SHOWN = 300  # characters of an unexplained answer


@dataclass(frozen=True)
class MisconceptionCatalogue:
    """The catalogue of one assignment, by question."""

    questions: Mapping[str, QuestionCatalogue] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, assignment: Assignment) -> MisconceptionCatalogue:
        """Read a catalogue, empty if there is none.

        Args:
            assignment: with all its questions, whichever of them are to be graded.

        Raises:
            UsageError: with a sentence for each thing that is wrong and where it is.
        """
        return cls(read_questions(path, assignment) if path.is_file() else {})

    def check_edits(self, path: Path) -> None:
        """Derive all slips, and check that each edit in the catalogue is one of them.

        Args:
            path: of the catalogue, for errors.

        Raises:
            UsageError: with a sentence for each edit that is not.
        """
        problems = [
            f"{path}, {question}, {id}: no such edit as {edit!r} is derived; "
            f"write {' or '.join(difflib.get_close_matches(edit, edits, 3, 0)) or 'another'}."
            for question, entry in self.questions.items()
            for id, edit, edits in entry.unknown_edits()
        ]
        if problems:
            raise UsageError(*problems)

    def explain(
        self, question: str, values: Mapping[str, Any], names: tuple[str, ...]
    ) -> Diagnosis:
        """Return what is known of an answer that did not earn all points.

        Functions of the student's are called; what they raise is taken as their answer, except
        ``SessionLostError``, which is raised again.

        Args:
            question: its id.
            values: the question's names and their values in the notebook.
            names: all names of the question.
        """
        entry = self.questions.get(question, QuestionCatalogue())
        answers = {
            name: call_cases(values[name], entry.cases)
            for name in names
            if isinstance(values.get(name), RemoteFunction)
        }
        misconceptions: list[Misconception] = []
        explained: set[str] = set()
        failures: dict[str, str | None] = {}
        try:
            misconceptions, explained = entry.explain(values, answers)
            failures = {name: entry.first_failure(name, answers[name]) for name in answers}
        except SessionLostError:
            raise
        except Exception:  # an answer that nobody thought of loses its hints, and not its points
            pass
        return Diagnosis(
            tuple(misconceptions),
            {name: failure for name, failure in failures.items() if failure is not None},
            {
                name: _shown(values[name])
                for name in names
                if name not in explained
                and values.get(name) is not None
                and values[name] is not ...
            },
        )


def _shown(value: Any) -> str:
    if isinstance(value, RemoteFunction):
        return "a function"
    if isinstance(value, Estimator):
        return "a model"
    with np.printoptions(threshold=20, edgeitems=3):
        text = repr(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " ..."
