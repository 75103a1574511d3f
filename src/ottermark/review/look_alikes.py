"""Submissions with similar code, two of them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from ottermark.reports.similarity import (
    SIMILAR_FILE,
    SimilarGroup,
    SimilarityReport,
    SimilarPair,
    read_similar,
    results_digest,
)
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


@dataclass(frozen=True)
class LookAlikes:
    """Similar submissions that still count.

    Attributes:
        groups: None if submissions were not compared.
        reason: why they were not.
        older: whether they were compared before the last of them was graded.
    """

    groups: list[SimilarGroup] | None
    reason: str
    older: bool

    def pairs(self) -> Iterator[SimilarPair]:
        """Yield the pairs of all groups."""
        for group in self.groups or ():
            yield from group.pairs


def look_alikes(desk: Desk) -> LookAlikes:
    """Return the groups of similar submissions."""
    workspace = desk.workspace
    comparison = _read(workspace.out / SIMILAR_FILE)
    if comparison.groups is None:
        return LookAlikes(None, comparison.not_compared, older=False)
    now = desk.remembered("results", lambda: results_digest(workspace.result_keys))
    counted = set(workspace.submissions)
    groups = [group for group in comparison.groups if counted.issuperset(group.members)]
    return LookAlikes(groups, "", older=comparison.results != now)


def show(desk: Desk, request: Request) -> Response:
    """Show all groups."""
    similar = look_alikes(desk)
    return desk.page(
        request,
        "look_alikes.html.j2",
        similar=similar,
        groups=(similar.groups or [])[:MAX_GROUPS],
        total=len(similar.groups or ()),
    )


def show_pair(desk: Desk, request: Request) -> Response:
    """Show the code of two submissions side by side."""
    names = [desk.workspace.submission_of(request.path_params[end]) for end in ("first", "second")]
    similar = look_alikes(desk)
    own = [_own_cells(desk, name) for name in names]
    lines = [{_plain(line) for _, source in cells for line in source.split("\n")} for cells in own]
    starter = {_plain(line) for line in desk.workspace.assignment.starter_code.split("\n")}
    shared = {line for line in lines[0] & lines[1] - starter if len(line) >= MIN_SHARED}
    return desk.page(
        request,
        "pair.html.j2",
        names=names,
        columns=[_compared(cells, shared) for cells in own],
        pair=next((p for p in similar.pairs() if {p.first, p.second} == set(names)), None),
        older=similar.older,
    )


def _read(path: Path) -> SimilarityReport:
    try:
        status = path.stat()
    except OSError:
        return read_similar(path)
    return _read_once(path, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=2)
def _read_once(path: Path, _modified: int, _inode: int) -> SimilarityReport:
    return read_similar(path)


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
