"""The check of one answer: whether it is there, and whether it can be read."""

from __future__ import annotations

import enum
import html
from dataclasses import dataclass
from typing import Any

from .questions import Question


class State(enum.Enum):
    """What a check came to."""

    UNANSWERED = "not answered yet"
    UNREADABLE = "cannot be read"
    READABLE = "can be read"
    PASSED = "passes all tests"


@dataclass(frozen=True)
class CheckResult:
    """What a check of a question came to.

    Attributes:
        sentence: what the student is told, as plain text.
    """

    question: Question
    state: State
    sentence: str

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do before the notebook is handed in."""
        return self.state in (State.UNANSWERED, State.UNREADABLE)

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.sentence)}</p>"


def check_answer(notebook: Any, question: Question, names: dict[str, Any]) -> CheckResult:
    """Run the public tests of a question with Otter.

    Args:
        notebook: an ``otter.Notebook``.
        names: the notebook's names.
    """
    test_file = notebook.check(question.id, names)
    state = State.READABLE if test_file.passed_all else State.UNREADABLE
    return CheckResult(question, state, f"{question.id} {state.value}")
