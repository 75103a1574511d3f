"""The rubric of a written question: what earns points and what loses them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Field

from ottermark.assignment import Assignment, Question
from ottermark.errors import UsageError
from ottermark.validation import STRICT, Number, suggest_name, validate

TOLERANCE = 1e-9  # points; sums of decimal fractions are not exact

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class RubricItem:
    """One thing that earns or loses points.

    Attributes:
        id: lower-case letters, digits, ``-`` and ``_``; marks refer to it, so it stays the same when
            the text changes.
        text: one sentence, for markers and students.
        points: above 0 it earns, below 0 it loses.
    """

    id: str
    text: str
    points: float


@dataclass(frozen=True)
class Rubric:
    """The rubric of a question.

    Attributes:
        question: the question's id.
        max_points: the question's points.
        base: where a mark starts: 0, where items earn, or ``max_points``, where they lose.
        note: advice for markers that students do not see.
    """

    question: str
    max_points: float
    items: tuple[RubricItem, ...]
    base: float = 0.0
    note: str = ""

    def score(self, item_ids: Iterable[str], adjustment: float = 0.0) -> float:
        """Return the points of an answer to which items apply, from 0 to ``max_points``.

        Args:
            item_ids: an id that the rubric does not have (any more) counts nothing.
            adjustment: points added to, or taken from, what the items give.
        """
        chosen = set(item_ids)
        total = self.base + sum(item.points for item in self.items if item.id in chosen)
        return min(max(round(total + adjustment, 6), 0.0), self.max_points)

    @property
    def version(self) -> str:
        """A digest of all that a mark depends on, by which a form knows that it is the same."""
        text = repr((self.base, self.max_points, self.items))
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]

    def with_max_points(self, max_points: float) -> Rubric:
        """Return it for a question that is now worth ``max_points``."""
        base = max_points if self.base else 0.0
        return replace(self, max_points=max_points, base=base)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong with it: each a message and a fix, as parts of a sentence."""
        return [*_item_problems(self.items), *_sum_problems(self)]


def default_rubric(question: Question) -> Rubric:
    """Return the rubric of a question for which nobody has written one."""
    points = float(question.points)
    items = (
        RubricItem("right", "Right.", points),
        RubricItem("partly-right", "Partly right.", points / 2),
    )
    return Rubric(question.id, points, items)


def check_rubric(rubric: Rubric, source: Path | str) -> Rubric:
    """Return a rubric as it is; raises ``UsageError`` if it cannot be marked with.

    Args:
        source: the file, or the page, that it is from.
    """
    if rubric.problems:
        place = f"{source}, {rubric.question}"
        raise UsageError(*(f"{place}: {message}; {fix}." for message, fix in rubric.problems))
    return rubric


class _ItemEntry(BaseModel):
    model_config = STRICT

    id: str
    text: str = Field(min_length=1)
    points: Number


class _RubricEntry(BaseModel):
    model_config = STRICT

    items: list[_ItemEntry] = Field(min_length=1)
    base: Number = 0
    note: str = ""


def read_rubrics(path: Path, assignment: Assignment) -> dict[str, Rubric]:
    """Read a ``rubrics.yaml``: by question id, its ``items``, ``base`` and ``note``.

    Without the file there is no rubric.

    Raises:
        UsageError: it is not YAML of that form, or a rubric in it cannot be marked with; with a
            sentence for each problem.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read as YAML ({_reason(error)}); fix it.") from None
    entries = validate(dict[str, _RubricEntry], {} if data is None else data, path)
    written = {question.id: question for question in assignment.questions if question.manual}
    rubrics: dict[str, Rubric] = {}
    problems: list[str] = []
    for id, entry in entries.items():
        if id not in written:
            fix = suggest_name(id, written)
            problems.append(f"{path}, {id}: no written question has this id; {fix}.")
            continue
        rubrics[id] = _rubric(written[id], entry)
        problems += [f"{path}, {id}: {what}; {fix}." for what, fix in rubrics[id].problems]
    if problems:
        raise UsageError(*problems)
    return rubrics


def rubrics_yaml(rubrics: Mapping[str, Rubric], original_text: str = "") -> str:
    """Return rubrics as the text of a ``rubrics.yaml``.

    Args:
        original_text: of the file that it replaces, whose comment at the head is kept.
    """
    body = {id: _as_yaml(rubric) for id, rubric in rubrics.items()}
    text = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=96)
    return _head_comment(original_text) + text


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would take the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                line = node.value[number][0].start_mark.line + 1
                raise yaml.YAMLError(f'"{key}" stands twice, again in line {line}')
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _rubric(question: Question, entry: _RubricEntry) -> Rubric:
    items = tuple(
        RubricItem(item.id, " ".join(item.text.split()), float(item.points)) for item in entry.items
    )
    return Rubric(question.id, float(question.points), items, float(entry.base), entry.note.strip())


def _item_problems(items: tuple[RubricItem, ...]) -> list[tuple[str, str]]:
    problems = []
    ids = [item.id for item in items]
    for number, id in enumerate(ids):
        if not _ID.fullmatch(id):
            fix = 'use lower-case letters, digits, "-" and "_"'
            problems.append((f'the item id "{id}" cannot be used', fix))
        if id in ids[:number]:
            problems.append((f'two items have the id "{id}"', "give one of them another"))
    for item in items:
        if not item.text.strip():
            problems.append((f'the item "{item.id}" has no text', "write it"))
        if not item.points:
            fix = "let it earn points, or lose some with a minus"
            problems.append((f'the item "{item.id}" is worth 0 points', fix))
    return problems


def _sum_problems(rubric: Rubric) -> list[tuple[str, str]]:
    most, base = rubric.max_points, rubric.base
    if base not in (0, most):
        fix = f"write 0, where items earn points, or {most:g}, where they lose them"
        return [(f"base is {base:g}", fix)]
    reached = base + sum(item.points for item in rubric.items if item.points > 0)
    if reached < most - TOLERANCE:
        fix = f"raise them, or write base: {most:g} if the items are to lose points"
        return [(f"the items reach {reached:g} of the question's {most:g} points", fix)]
    if base and not any(item.points < 0 for item in rubric.items):
        fix = "write points below 0, or base: 0 if the items are to earn points"
        return [(f"base is {base:g} and no item loses points", fix)]
    return []


def _as_yaml(rubric: Rubric) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if rubric.note:
        entry["note"] = rubric.note
    if rubric.base:
        entry["base"] = _number(rubric.base)
    entry["items"] = [
        {"id": item.id, "points": _number(item.points), "text": item.text} for item in rubric.items
    ]
    return entry


def _number(points: float) -> int | float:
    return int(points) if points == int(points) else points


def _head_comment(text: str) -> str:
    """Return the lines of comment, and empty ones, that a text begins with."""
    head = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            break
        head.append(line.rstrip())
    comment = "\n".join(head).strip("\n")
    return f"{comment}\n\n" if comment else ""


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
