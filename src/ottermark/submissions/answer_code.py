"""Find the code that a student wrote for each question, to be shown beside its feedback.

It is the code of the cells between the check of the question before and the place at which the question
was marked, except for cells that the notebook came with. A question that was marked further below, since
it had no answer at its own place, is also answered by the cells in between that assign its names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ottermark.assignment import Assignment
from ottermark.submissions.grading_places import GradingPlaces, assigned_names

MAX_ANSWER_CODE = 20_000  # characters of one question


@dataclass(frozen=True)
class AnswerCell:
    """A code cell of a student's own.

    Attributes:
        index: in the notebook, from 0.
        source: its code; what exceeds ``MAX_ANSWER_CODE`` is cut.
    """

    index: int
    source: str


def read_answer_code(
    cells: Sequence[Mapping[str, Any]],
    assignment: Assignment,
    places: Mapping[str, GradingPlaces],
    marked: Mapping[str, int],
) -> dict[str, tuple[AnswerCell, ...]]:
    """Return for each question that was marked the code cells of its answer, in order.

    Without a record of the code that the notebook came with there are none.

    Args:
        cells: with ``cell_type`` and ``source``.
        places: where questions are marked, by id.
        marked: the index of the cell after which a question was marked, by id.
    """
    own = own_code_cells(cells, assignment)
    sections = {name: _section(name, places, cell) for name, cell in marked.items()}
    below = {name: range(sections[name].stop, cell + 1) for name, cell in marked.items()}
    names = {question.id: set(question.names) for question in assignment.automatic}
    searched = sorted(set().union(*names.values()))
    assigned = {
        index: assigned_names(cells[index], searched)
        for index in own
        if any(index in indices for indices in below.values())
    }
    return {
        name: _shorten(
            cells,
            [
                index
                for index in own
                if index in sections[name]
                or (index in below[name] and assigned[index] & names[name])
            ],
        )
        for name in marked
    }


def own_code_cells(cells: Sequence[Mapping[str, Any]], assignment: Assignment) -> list[int]:
    """Return the indices of the code cells that the notebook did not come with."""
    starter_code = f"\n\n{assignment.starter_code}\n\n"
    return [
        index
        for index, cell in enumerate(cells)
        if assignment.starter_code
        and cell["cell_type"] == "code"
        and (source := cell["source"].strip())
        and f"\n\n{source}\n\n" not in starter_code
    ]


def _section(name: str, places: Mapping[str, GradingPlaces], marked: int) -> range:
    """Return the cells from the last check of another question to the place of this one."""
    own = places[name].cells
    end = marked if marked in own else own[-1]
    others = [cell for other, place in places.items() if other != name for cell in place.cells]
    return range(max((cell + 1 for cell in others if cell < end), default=0), end + 1)


def _shorten(cells: Sequence[Mapping[str, Any]], indices: Sequence[int]) -> tuple[AnswerCell, ...]:
    room, shown = MAX_ANSWER_CODE, []
    for index in indices:
        source = cells[index]["source"]
        if room <= 0:
            break
        shown.append(AnswerCell(index, source[:room]))
        room -= len(source)
    return tuple(shown)
