"""The check of one answer: whether it is there, and whether it can be read."""

from __future__ import annotations

import enum
import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .failures import is_example, reason_of
from .placeholders import find_placeholder
from .questions import NotebookQuestion
from .text import plain_line


class State(enum.Enum):
    """The result of a check, as the part of a sentence that follows the question's id."""

    UNANSWERED = "is not answered yet"
    UNREADABLE = "cannot be read"
    DIFFERS = "does not agree with its example"
    FAILING = "does not pass a test that you have"
    READABLE = "can be read; it is marked after you hand in"
    PASSING = "passes the tests that you have; others are run after you hand in"
    PASSED = "passes all of its tests"
    UNTESTED = "has no test here; it is marked after you hand in"


_OPEN = (State.UNANSWERED, State.UNREADABLE, State.DIFFERS, State.FAILING)


@dataclass(frozen=True)
class CheckResult:
    """The result of the check of a question.

    Attributes:
        reason: why the state is what it is, as one line of plain text; may be empty.
    """

    question: NotebookQuestion
    state: State
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do before the notebook is handed in."""
        return self.state in _OPEN

    @property
    def finding(self) -> str:
        """The sentence without its subject, the question's id."""
        finding = f"{self.state.value}: {self.reason}" if self.reason else self.state.value
        return finding if finding.endswith((".", "?", "!")) else f"{finding}."

    def __repr__(self) -> str:
        return f"{self.question.id} {self.finding}"

    def _repr_html_(self) -> str:
        return f"<p>{self.to_html()}</p>"

    def to_html(self) -> str:
        """Return the sentence as HTML."""
        return f"<strong>{html.escape(self.question.id)}</strong> {html.escape(self.finding)}"


def check_answer(notebook: Any, question: NotebookQuestion, names: dict[str, Any]) -> CheckResult:
    """Run the public tests of a question with Otter.

    Args:
        notebook: an ``otter.Notebook``.
        names: the notebook's names.

    Raises:
        FileNotFoundError: there is no such question.
    """
    has_test = Path(notebook._tests_dir, f"{question.id}.py").is_file()
    # of a question that nobody knows, Otter says that it is missing
    is_tested = has_test or not question.is_known
    results = notebook.check(question.id, names).test_case_results if is_tested else []
    failed = next((result.test_case for result in results if not result.passed), None)
    if placeholder := find_placeholder(question.names, names, any_value=failed is not None):
        return CheckResult(question, State.UNANSWERED, plain_line(placeholder))
    if failed is not None:
        return CheckResult(
            question, _state_of_failure(failed), reason_of(failed, question.names, names)
        )
    return CheckResult(question, _state_of_success(question, [r.test_case for r in results]))


def _state_of_failure(case: Any) -> State:
    """Return what it means that a test has failed."""
    if is_example(case):
        return State.DIFFERS
    return State.FAILING if case.points else State.UNREADABLE


def _state_of_success(question: NotebookQuestion, cases: list[Any]) -> State:
    """Return what it means that some tests have passed: those without points see the form alone."""
    if not cases:
        return State.UNTESTED
    if question.all_tests_public:
        return State.PASSED
    return State.PASSING if any(case.points for case in cases) else State.READABLE
