"""Submissions with similar code, two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from ottermark.reports.similarity import SIMILAR_FILE, SimilarGroup, SimilarPair, read_similar
from ottermark.review.desk import Desk
from ottermark.review.executed import read_cells
from ottermark.submissions.answer_code import own_code_cells
from ottermark.text import without_trailing_spaces

MAX_GROUPS = 100
MIN_SHARED = 6  # characters of a line; a shorter one, such as `)`, is alike everywhere


@dataclass(frozen=True)
class ComparedLine:
    """A line of code, and whether the other submission has it too."""

    text: str
    shared: bool


@dataclass(frozen=True)
class ComparedCell:
    """A code cell of a student's own; ``number`` counts from 1."""

    number: int
    lines: tuple[ComparedLine, ...]


def similar_groups(desk: Desk) -> list[SimilarGroup] | None:
    """Return the groups of similar submissions that still count; None if there was no comparison."""
    groups, _ = _read(desk)
    return groups


def show(desk: Desk, request: Request) -> Response:
    """Show all groups."""
    groups, reason = _read(desk)
    return desk.page(
        request,
        "look_alikes.html.j2",
        groups=groups and groups[:MAX_GROUPS],
        reason=reason,
        total=len(groups or ()),
    )


def show_pair(desk: Desk, request: Request) -> Response:
    """Show the code of two submissions side by side."""
    names = [desk.workspace.submission_of(request.path_params[end]) for end in ("first", "second")]
    own = [_own_cells(desk, name) for name in names]
    lines = [{_plain(line) for _, source in cells for line in source.split("\n")} for cells in own]
    starter = {_plain(line) for line in desk.workspace.assignment.starter_code.split("\n")}
    shared = {line for line in lines[0] & lines[1] - starter if len(line) >= MIN_SHARED}
    return desk.page(
        request,
        "pair.html.j2",
        names=names,
        columns=[_compared(cells, shared) for cells in own],
        pair=_pair(desk, names),
    )


def _read(desk: Desk) -> tuple[list[SimilarGroup] | None, str]:
    path = desk.workspace.out / SIMILAR_FILE
    groups, reason = desk.remembered("similar", lambda: read_similar(path), with_marks=False)
    if groups is None:
        return None, reason
    counted = set(desk.workspace.submissions)
    return [group for group in groups if counted.issuperset(group.members)], ""


def _pair(desk: Desk, names: Sequence[str]) -> SimilarPair | None:
    groups = similar_groups(desk) or ()
    pairs = (pair for group in groups for pair in group.pairs)
    return next((pair for pair in pairs if {pair.first, pair.second} == set(names)), None)


def _own_cells(desk: Desk, name: str) -> list[tuple[int, str]]:
    cells = read_cells(desk.workspace.executed_path(name))
    own = own_code_cells(cells, desk.workspace.assignment)
    if not own:  # a record without starter code does not tell
        own = [index for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    return [(index + 1, without_trailing_spaces(cells[index]["source"])) for index in own]


def _compared(cells: Sequence[tuple[int, str]], shared: set[str]) -> list[ComparedCell]:
    return [
        ComparedCell(
            number,
            tuple(ComparedLine(line, _plain(line) in shared) for line in source.split("\n")),
        )
        for number, source in cells
    ]


def _plain(line: str) -> str:
    return " ".join(line.split())
