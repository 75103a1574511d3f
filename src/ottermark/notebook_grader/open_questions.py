"""The questions that a notebook leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .check import State, check_answer
from .questions import Question
from .saved_notebook import SavedNotebook

_NO_VALUE = "has no value here, since its cell was not run or raised an error"


def open_questions(
    notebook: Any, questions: Mapping[str, Question], names: dict[str, Any], saved: SavedNotebook
) -> list[str]:
    """Return a line for each question that is open, in the order of the notebook.

    Written answers are looked up in the file, others in the kernel.

    Args:
        notebook: an ``otter.Notebook``.
        names: the notebook's names.
        saved: the file.
    """
    lines = []
    for question in questions.values():
        if question.written:
            state = State.UNANSWERED.value if _is_blank(question, saved) else ""
        elif any(name not in names for name in question.names):
            state = _NO_VALUE
        else:
            result = check_answer(notebook, question, names)
            state = result.state.value if result.is_open else ""
        if state:
            title = f" ({question.title})" if question.title else ""
            lines.append(f"{question.id}{title} {state}")
    return lines


def _is_blank(question: Question, saved: SavedNotebook) -> bool:
    """Tell whether all that stands in the place of a written answer is its placeholder.

    In a file without the ids of the cells no place is found, and no answer counts as blank.
    """
    answer = [source.strip() for source in _sources_in_place(question, saved)]
    return bool(answer) and set(answer) <= {question.placeholder.strip(), ""}


def _sources_in_place(question: Question, saved: SavedNotebook) -> Iterator[str]:
    """Yield the sources of the answer cell and of those that the student has added to it."""
    inside = False
    for cell in saved.cells:
        if cell.id == question.cell:
            inside = True
        elif cell.id == question.next_cell:
            inside = False
        if inside:
            yield cell.source
