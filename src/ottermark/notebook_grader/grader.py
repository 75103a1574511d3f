"""Otter's ``Notebook`` with checks that answer in one sentence, and an export that can be trusted."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from .check import CheckResult, check_answer
from .export import export_notebook
from .overview import Overview
from .questions import FOLDER, NotebookQuestion, read_questions
from .runs import record_runs


class Grader:
    """Otter's ``Notebook``; what is not defined here is Otter's own.

    Args:
        notebook: an ``otter.Notebook``.
        folder: of the build's record of the questions; by default that of this package.
    """

    def __init__(self, notebook: Any, folder: Path = FOLDER) -> None:
        self._notebook = notebook
        self._folder = folder
        self._questions = read_questions(folder)
        self._runs = record_runs()

    def check(self, question: str, global_env: dict[str, Any] | None = None) -> CheckResult:
        """Tell whether the answer to a question can be read.

        Args:
            question: its id.
            global_env: the notebook's names; by default those of the caller.
        """
        names = _names_of_caller() if global_env is None else global_env
        return check_answer(self._notebook, self._question(question), names)

    def check_all(self) -> Overview:
        """Check all questions that have tests; the result ends in a list of those that are open."""
        names = _names_of_caller()
        questions = self._questions.values()
        return Overview(
            [check_answer(self._notebook, q, names) for q in questions if not q.written],
            [question for question in questions if question.written],
        )

    def export(self, *args: Any, **options: Any) -> Any:
        """Export a zip to hand in; takes what ``otter.Notebook.export`` takes."""
        names = _names_of_caller()
        arguments = inspect.signature(self._notebook.export).bind(*args, **options).arguments
        return export_notebook(
            self._notebook, self._questions, names, self._runs, arguments, self._folder.parent
        )

    def _question(self, question: str) -> NotebookQuestion:
        return self._questions.get(question) or NotebookQuestion(question)

    def __getattr__(self, name: str) -> Any:
        if name == "_notebook":  # it is being copied, and has no attributes yet
            raise AttributeError(name)
        return getattr(self._notebook, name)


def _names_of_caller() -> dict[str, Any]:
    """Return the global names of the code that called the method that calls this."""
    frame = inspect.currentframe()
    assert frame is not None and frame.f_back is not None and frame.f_back.f_back is not None
    return frame.f_back.f_back.f_globals
