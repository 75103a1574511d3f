"""Find the cells of a notebook after which its questions are marked.

A question is marked at its own check cell: the one with the id that the build has recorded, even if it
has become Markdown or a comment. Where ids are missing or copied, several cells may check the question:
then it is the first of them, or the last one if there is no answer at the first. If there is none, there
are two places as well: where the names of the question are assigned, and where they are last assigned
before the next question is checked.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ottermark.assignment import Assignment, Question
from ottermark.python_source import parse, used_and_assigned_names, without_magics

MAX_PARSED = 100_000  # characters of a cell; a syntax tree takes a hundred times as much memory

# a heading, or a block of code, in which a line may begin like one
_HEADING = re.compile(r"^(?:(```|~~~)(?s:.*?)(?:^\1|\Z)|#{1,6}[ \t](.*))", re.M)
_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class GradingPlaces:
    """Where a question is marked.

    Attributes:
        cells: the indices of one or two cells, in order.
        best_counts: whether the better of two answers counts; else the first one does.
    """

    cells: tuple[int, ...]
    best_counts: bool = False


def find_grading_places(
    cells: Sequence[Mapping[str, Any]], ids: Sequence[str], assignment: Assignment
) -> dict[str, GradingPlaces]:
    """Return by its id where each automatic question is marked.

    Args:
        cells: with ``cell_type``, ``source`` and Otter's ``metadata``.
        ids: of the cells, empty where one has none; may be empty altogether.
    """
    checks = _find_checks(cells, ids, assignment)
    return {
        question.id: GradingPlaces(tuple(dict.fromkeys((indices[0], indices[-1]))))
        if (indices := checks[question.id])
        else _assignments(question, cells, _section(question, checks, assignment, len(cells)))
        for question in assignment.automatic
    }


def checked_questions(cell: Mapping[str, Any]) -> set[str]:
    """Return the questions that a code cell checks: the arguments of its calls of ``check``."""
    source = cell["source"]
    if cell["cell_type"] != "code" or "check" not in source or len(source) > MAX_PARSED:
        return set()
    try:
        tree = parse(without_magics(source))
    except _UNPARSABLE:
        return set()
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {question for call in calls if (question := _checked(call))}


def headings_above(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return for each cell the text of the last Markdown heading at or above it, or an empty one."""
    above, heading = [], ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            last = deque(_find_headings(cell["source"]), maxlen=1)
            heading = last[0] if last else heading
        above.append(heading)
    return above


def heading_above(cells: Sequence[Mapping[str, Any]], index: int) -> str:
    """Return the text of the last Markdown heading at or above a cell; empty if there is none."""
    return headings_above(cells[: index + 1])[-1]


def headings_in(markdown: str) -> list[str]:
    """Return the texts of the headings."""
    return list(_find_headings(markdown))


def _find_headings(markdown: str) -> Iterator[str]:
    for match in _HEADING.finditer(markdown):
        if match[2] is not None:
            yield match[2].strip()


def _checked(call: ast.Call) -> str:
    """Return the question that a call checks; empty for any other call."""
    match call:
        case ast.Call(
            func=ast.Attribute(attr="check") | ast.Name(id="check"),
            args=[ast.Constant(value=str(question)), *_],
        ):
            return question
    return ""


def _find_checks(
    cells: Sequence[Mapping[str, Any]], ids: Sequence[str], assignment: Assignment
) -> dict[str, list[int]]:
    """Return for each question its check cells: by id, else by their code, else by Otter's mark."""
    by_id: dict[str, list[int]] = {}
    for index, cell_id in enumerate(ids):
        if cell_id:
            by_id.setdefault(cell_id, []).append(index)
    by_code: dict[str, list[int]] = {}
    by_mark: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        for indices, questions in ((by_code, checked_questions(cell)), (by_mark, _ended(cell))):
            for name in questions:
                indices.setdefault(name, []).append(index)
    return {
        question.id: [
            index for index in by_id.get(question.check_cell, []) if _names(cells[index], question)
        ]
        or by_code.get(question.id, [])
        or by_mark.get(question.id, [])[-1:]
        for question in assignment.automatic
    }


def _names(cell: Mapping[str, Any], question: Question) -> bool:
    """Tell whether a cell names a question: in another version of the lab its id is another's."""
    return f'"{question.id}"' in cell["source"] or f"'{question.id}'" in cell["source"]


def _ended(cell: Mapping[str, Any]) -> set[str]:
    """Return the questions without a check of their own that end with a cell, as Otter marks it."""
    otter = cell["metadata"].get("otter")
    questions = otter.get("tests") if isinstance(otter, dict) else None
    return {q for q in questions if isinstance(q, str)} if isinstance(questions, list) else set()


def _section(
    question: Question, checks: Mapping[str, list[int]], assignment: Assignment, count: int
) -> range:
    """Return the cells between the checks of the questions before and after a question."""
    order = [other.id for other in assignment.automatic]
    position = order.index(question.id)
    before = [checks[other][0] for other in order[:position] if checks[other]]
    after = [checks[other][0] for other in order[position + 1 :] if checks[other]]
    start = before[-1] + 1 if before else 0
    end = next((index for index in after if index >= start), count)
    return range(start, end)


def _assignments(
    question: Question, cells: Sequence[Mapping[str, Any]], section: range
) -> GradingPlaces:
    """Return where all names of a question have been assigned, and where one last is.

    Where no cell of the section assigns one, this is the last cell of the notebook.
    """
    missing, places = set(question.names), []
    first = -1
    for index in section:
        names = assigned_names(cells[index], question.names)
        if not names:
            continue
        places.append(index)
        missing -= names
        if first < 0 and not missing:
            first = index
    if not places:
        return GradingPlaces((len(cells) - 1,))
    pair = (first if first >= 0 else places[0], places[-1])
    return GradingPlaces(tuple(dict.fromkeys(pair)), best_counts=True)


def assigned_names(cell: Mapping[str, Any], names: Sequence[str]) -> set[str]:
    """Return which of some names a cell assigns."""
    source = cell["source"]
    if cell["cell_type"] != "code" or len(source) > MAX_PARSED:
        return set()
    if not any(name in source for name in names):
        return set()
    try:
        _, assigned = used_and_assigned_names(source)
    except _UNPARSABLE:
        return set()
    return assigned.intersection(names)
