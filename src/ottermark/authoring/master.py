"""The master notebook: how it is read, and its structure of questions, solutions and tests."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import yaml
from otter.assign.blocks import (
    BlockType,
    extract_all_fenced_otter_cells,
    get_cell_config,
    is_assignment_config_cell,
    is_block_boundary_cell,
)
from otter.assign.utils import AssignNotebookFormatException

from ottermark.authoring import rules
from ottermark.diagnostics import Diagnostic, Location
from ottermark.errors import UsageError
from ottermark.python_source import parse, without_magics

_HIDDEN = re.compile(r"\s*#.*\bhidden\b", re.IGNORECASE)
_ALLOW = re.compile(
    r"[ \t]*(?:#|<!--)[ \t]*ottermark:[ \t]*allow[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)[ \t]*(?:-->)?[ \t]*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Master:
    """A master notebook.

    Attributes:
        path: where it is, absolute.
        name: the path as the user gave it, for messages.
        notebook: its content, as nbformat reads it, without comments such as
            ``# ottermark: allow blank-raises``.
        allowed: the ids in these comments, by the number of the cell, from 1.
    """

    path: Path
    name: str
    notebook: Any
    allowed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def structure(self) -> Structure:
        """Its configs and questions."""
        return _parse(self)

    def locate(self, question: str) -> Location:
        """Return where a question begins."""
        for block in self.structure.questions:
            if block.name == question:
                return block.location
        return Location(self.name, question=question)

    def locate_test(self, question: str, index: int) -> tuple[str, Location]:
        """Return the name of a test's function and where the test is.

        The name is empty if there is no function whose name begins with ``test``.

        Args:
            index: its place among the tests of the question, from 0.
        """
        for block in self.structure.questions:
            if block.name == question and index < len(block.tests):
                test = block.tests[index]
                names = [f.name for f in test.functions if f.name.startswith("test")]
                return (names or [""])[0], test.location
        return "", self.locate(question)

    def locate_cell(self, cell: Any) -> Location:
        """Return where a cell of a notebook that was split from this one comes from."""
        return Location(self.name, self._numbers.get(cell.get("id")))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The numbers of the cells, from 1, by their ids; notebooks before format 4.5 have none."""
        cells = enumerate(self.notebook.cells, start=1)
        return {cell.id: number for number, cell in cells if cell.get("id") is not None}


@dataclass(frozen=True)
class SourceCell:
    """A cell and where it is."""

    location: Location
    kind: str
    source: str


@dataclass(frozen=True)
class TestCell:
    """A cell between ``# BEGIN TESTS`` and ``# END TESTS``.

    Attributes:
        config: what its ``TEST CONFIG`` holds.
        source: its code, without the config.
    """

    location: Location
    config: dict[str, Any]
    source: str

    @cached_property
    def tree(self) -> ast.Module | None:
        """The syntax tree; None if the code is not Python."""
        try:
            return parse(without_magics(self.source))
        except SyntaxError:
            return None

    @property
    def functions(self) -> list[ast.FunctionDef]:
        """The functions that it defines at its top level."""
        body = self.tree.body if self.tree else []
        return [node for node in body if isinstance(node, ast.FunctionDef)]


@dataclass
class QuestionBlock:
    """A question of the master.

    Attributes:
        location: of its config cell.
        config: what that cell holds.
        solutions: the code cells with its solution.
        cell_ids: the ids of all cells of the block.
        cells: their numbers in the notebook, from 1.
    """

    location: Location
    config: dict[str, Any]
    tests: list[TestCell] = field(default_factory=list)
    solutions: list[SourceCell] = field(default_factory=list)
    cell_ids: set[str | None] = field(default_factory=set)
    cells: set[int | None] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Its id; empty if it has none."""
        return str(self.config.get("name", ""))


@dataclass
class Structure:
    """What a master notebook consists of.

    Attributes:
        configs: the assignment configs, each with its location.
        questions: in order.
        loose: the cells outside of solution and test blocks.
        diagnostics: configs that cannot be read; these count as empty.
    """

    configs: list[tuple[Location, dict[str, Any]]] = field(default_factory=list)
    questions: list[QuestionBlock] = field(default_factory=list)
    loose: list[SourceCell] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def read_master(path: Path) -> Master:
    """Read a master notebook; raises ``UsageError``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about cells without ids: old notebooks have none
            notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; name the master notebook.") from None
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(
            f"{path} is not a notebook ({reason}); name an Otter Assign notebook (.ipynb)."
        ) from None
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("id") is None:  # before format 4.5; what is said of a cell needs its number
            cell["id"] = f"master-{number}"
    notebook.nbformat_minor = max(5, notebook.nbformat_minor)
    allowed = {
        n: names for n, cell in enumerate(notebook.cells, 1) if (names := _take_allowed(cell))
    }
    return Master(path.resolve(), str(path), notebook, allowed)


def _take_allowed(cell: Any) -> tuple[str, ...]:
    """Remove the comments of a cell that allow rules; return the ids of these rules."""
    names: list[str] = []
    lines = []
    for line in cell.source.split("\n"):
        if comment := _ALLOW.search(line):
            names += re.split(r"[ \t]*,[ \t]*", comment[1])
            line = line[: comment.start()]
            if not line.strip():
                continue
        lines.append(line)
    cell.source = "\n".join(lines)
    return tuple(names)


def code_of(notebook: Any) -> list[str]:
    """Return the sources of a notebook's code cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _parse(master: Master) -> Structure:
    structure = Structure()
    open_blocks: set[BlockType] = set()
    for number, cell in enumerate(master.notebook.cells, start=1):
        location = Location(master.name, number)
        for part in _parts(cell, location, structure.diagnostics):
            if is_assignment_config_cell(part):
                config = _read_config(part, location, "assignment", structure.diagnostics)
                structure.configs.append((location, config))
            elif is_block_boundary_cell(part, BlockType.QUESTION):
                config = _read_config(part, location, "question", structure.diagnostics)
                name = str(config.get("name", ""))
                structure.questions.append(
                    QuestionBlock(Location(master.name, number, name), config)
                )
            structure.diagnostics += _unclosed(open_blocks, part, location)
            _update(open_blocks, part)
        _add_cell(structure, open_blocks, cell, location)
    structure.diagnostics += [_still_open(kind, Location(master.name)) for kind in open_blocks]
    return structure


def _unclosed(blocks: set[BlockType], part: Any, location: Location) -> list[Diagnostic]:
    """Close the blocks that have to be closed where a question begins or ends, and report them."""
    begins = is_block_boundary_cell(part, BlockType.QUESTION)
    if not begins and not is_block_boundary_cell(part, BlockType.QUESTION, end=True):
        return []
    unclosed = [
        kind for kind in BlockType if kind in blocks and (begins or kind != BlockType.QUESTION)
    ]
    blocks.difference_update(unclosed)
    return [_still_open(kind, location) for kind in unclosed]


def _still_open(kind: BlockType, location: Location) -> Diagnostic:
    place = "this cell" if location.cell else "the end"
    return rules.UNCLOSED_BLOCK.at(
        location,
        f"a {kind.value} block is still open at {place}",
        f"put a raw cell # END {kind.value.upper()} where it ends",
    )


def _parts(cell: Any, location: Location, diagnostics: list[Diagnostic]) -> list[Any]:
    """Return a cell, or the cells that its ``otter`` code blocks stand for."""
    try:
        return extract_all_fenced_otter_cells([cell])
    except AssignNotebookFormatException:
        message, fix = "its ```otter block has no end", "close it with a line ```"
        diagnostics.append(rules.INVALID_CONFIG.at(location, message, fix))
        return [cell]


def _update(open_blocks: set[BlockType], part: Any) -> None:
    for kind in BlockType:
        if is_block_boundary_cell(part, kind, end=True):
            open_blocks.discard(kind)
        elif is_block_boundary_cell(part, kind):
            open_blocks.add(kind)


def _add_cell(
    structure: Structure, open_blocks: set[BlockType], cell: Any, location: Location
) -> None:
    """Add a cell to the block that it is in."""
    source_cell = SourceCell(location, cell.cell_type, cell.source)
    if not {BlockType.SOLUTION, BlockType.TESTS} & open_blocks:
        structure.loose.append(source_cell)
    if BlockType.QUESTION not in open_blocks:
        return
    question = structure.questions[-1]
    question.cell_ids.add(cell.get("id"))
    question.cells.add(location.cell)
    if cell.cell_type != "code":
        return
    location = Location(location.file, location.cell, question.name)
    if BlockType.TESTS in open_blocks:
        question.tests.append(_test_cell(cell.source, location, structure.diagnostics))
    elif BlockType.SOLUTION in open_blocks:
        question.solutions.append(SourceCell(location, cell.cell_type, cell.source))


# --------------------------------------------------------------------------- configs


def _read_config(
    cell: Any, location: Location, kind: str, diagnostics: list[Diagnostic]
) -> dict[str, Any]:
    try:
        config = get_cell_config(cell)
    except yaml.YAMLError as error:
        diagnostics.append(_not_yaml(error, location, f"the {kind} config"))
        return {}
    if not isinstance(config, dict):
        diagnostics.append(_not_a_mapping(location, f"the {kind} config", "name: value"))
        return {}
    return config


def _test_cell(source: str, location: Location, diagnostics: list[Diagnostic]) -> TestCell:
    """Separate a test cell into its config and its code."""
    lines = source.splitlines()
    if not lines or "BEGIN TEST CONFIG" not in lines[0].upper():
        hidden = bool(lines) and _HIDDEN.match(lines[0])
        return TestCell(location, {"hidden": True} if hidden else {}, source)
    ends = [i for i, line in enumerate(lines) if "END TEST CONFIG" in line.upper()]
    if not ends:
        diagnostics.append(
            rules.INVALID_CONFIG.at(
                location, "its TEST CONFIG has no end", 'close it with """ # END TEST CONFIG'
            )
        )
        return TestCell(location, {}, "")
    code = "\n".join(lines[ends[0] + 1 :])
    try:
        config = yaml.safe_load("\n".join(lines[1 : ends[0]])) or {}
    except yaml.YAMLError as error:
        diagnostics.append(_not_yaml(error, location, "the test config"))
        config = {}
    if not isinstance(config, dict):
        diagnostics.append(_not_a_mapping(location, "the test config", "points: 1"))
        config = {}
    return TestCell(location, config, code)


def _not_yaml(error: yaml.YAMLError, location: Location, config: str) -> Diagnostic:
    reason = " ".join(str(error).split())
    return rules.INVALID_CONFIG.at(
        location,
        f"{config} is not YAML ({reason})",
        "correct it, or put text with a colon in quotes",
    )


def _not_a_mapping(location: Location, config: str, example: str) -> Diagnostic:
    return rules.INVALID_CONFIG.at(
        location, f"{config} is not a list of settings", f"write lines such as `{example}`"
    )
