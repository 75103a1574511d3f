"""The questions that a notebook leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .check import State, check_answer
from .questions import NotebookQuestion
from .saved_notebook import SavedNotebook


def open_questions(
    notebook: Any,
    questions: Mapping[str, NotebookQuestion],
    names: dict[str, Any],
    saved: SavedNotebook,
) -> list[str]:
    """Return a line for each question that is open, in the order of the notebook.

    Written answers are looked up in the file, others in the kernel.

    Args:
        notebook: an ``otter.Notebook``.
        names: the notebook's names.
        saved: the file.
    """
    states = {
        question: _written_state(question, saved)
        if question.written
        else _checked_state(notebook, question, names)
        for question in questions.values()
    }
    return [f"{question.label} {state}" for question, state in states.items() if state]


def _written_state(question: NotebookQuestion, saved: SavedNotebook) -> str:
    """Return what is left to do for a written question; empty for nothing.

    All that stands in the place of an answer that is not given yet is the placeholder. A file without
    the ids of the cells shows no place.
    """
    sources = {source.strip() for source in _sources_in_place(question, saved)}
    if not sources:
        return "could not be found in the file"
    return State.UNANSWERED.value if sources <= {question.placeholder.strip(), ""} else ""


def _checked_state(notebook: Any, question: NotebookQuestion, names: dict[str, Any]) -> str:
    """Return what is left to do for a question with tests; empty for nothing."""
    if any(name not in names for name in question.names):
        return "has no value here, since its cell was not run or raised an error"
    try:
        result = check_answer(notebook, question, names)
    except Exception:  # a broken check must not cost the report
        return "could not be checked"
    return result.state.value if result.is_open else ""


def _sources_in_place(question: NotebookQuestion, saved: SavedNotebook) -> Iterator[str]:
    """Yield the sources of the answer cell and of those that the student has added to it."""
    inside = False
    for cell in saved.cells:
        if cell.id == question.cell:
            inside = True
        elif cell.id == question.next_cell:
            inside = False
        if inside:
            yield cell.source
