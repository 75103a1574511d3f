"""The written answers in a notebook, found by what stands around them.

Students' editors change ids, tags and metadata, and students move, split and add cells. So a
written answer is all that stands between its question's prompt and the next cell that the
notebook came with; both are known by their text, from the build's record.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ottermark.assignment import Assignment, Question

ANSWERED, EMPTY, MISSING = "answered", "empty", "missing"
MAX_ANSWER = 20_000  # characters that are taken out; the notebook has the rest

# a picture that was pasted in: its bytes are text, and nobody reads them. Neither part can hold
# the beginning of another, so that a text of beginnings takes no time
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\((?:data|attachment):[^\[)\s]*\)")


@dataclass(frozen=True)
class WrittenAnswer:
    """A student's answer to a question that people mark.

    Attributes:
        state: ``answered``, ``empty``, or ``missing`` if its prompt is not in the notebook.
        text: what was written, as Markdown; code cells are fenced.
    """

    question: Question
    state: str
    text: str = ""


def digest(source: str) -> str:
    """Return what a cell is known by, whatever an editor did to its white space."""
    return hashlib.sha256(_plain(source).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def written(
    cells: Sequence[Mapping[str, Any]], assignment: Assignment
) -> tuple[WrittenAnswer, ...]:
    """Return the answer to each written question, in the order of the assignment.

    Args:
        cells: with ``cell_type`` and ``source`` (one text), as ``submission.read`` returns them.
    """
    given = set(assignment.starter_cells)
    known = [digest(cell["source"]) for cell in cells]
    answers, after = [], 0
    for question in assignment.questions:
        if not question.manual:
            continue
        place = _place_of(question, cells, known, after)
        if place is None:
            answers.append(WrittenAnswer(question, MISSING))
            continue
        after = place + 1
        end = after
        while end < len(cells) and known[end] not in given:
            end += 1
        parts = [_beside_the_prompt(question, cells[place]["source"])]
        parts += [_of_cell(question, cell) for cell in cells[after:end]]
        text = "\n\n".join(part for part in parts if part)
        answers.append(WrittenAnswer(question, ANSWERED if text else EMPTY, _cut(text)))
    return tuple(answers)


def _place_of(
    question: Question, cells: Sequence[Mapping[str, Any]], known: Sequence[str], after: int
) -> int | None:
    """Return the index of a question's prompt: as it was given, or with something written into it.

    Prompts may be alike, so it is looked for after that of the question before, then anywhere.
    """
    prompt, title = digest(question.prompt), _title(question.prompt)
    everywhere = [*range(after, len(cells)), *range(after)]
    for place in everywhere:
        if known[place] == prompt:
            return place
    for place in everywhere:
        source = cells[place]["source"]
        small = len(source) < len(question.prompt) + MAX_ANSWER
        if title and small and title in map(_plain, source.splitlines()):
            return place
    return None


def _title(prompt: str) -> str:
    """Return the first line of a prompt that can be told from others."""
    lines = [_plain(line) for line in prompt.splitlines()]
    return next((line for line in lines if line and not line.startswith("<!--")), "")


def _beside_the_prompt(question: Question, source: str) -> str:
    """Return what a student has written into the cell of the prompt."""
    if _plain(source) == _plain(question.prompt):
        return ""
    own = {_plain(line) for line in question.prompt.splitlines()}
    return "\n".join(line for line in source.splitlines() if _plain(line) not in own).strip()


def _of_cell(question: Question, cell: Mapping[str, Any]) -> str:
    blank, source = question.placeholder.strip(), cell["source"].strip()
    if _plain(source) == _plain(blank):
        return ""
    if cell["cell_type"] == "code":
        return f"```python\n{source}\n```" if source else ""
    if blank:  # many write around it
        source = source.replace(blank, "").strip()
    return source


def _cut(text: str) -> str:
    text = _PICTURE.sub(r"[a picture, see the notebook: \1]", text)
    if len(text) <= MAX_ANSWER:
        return text
    return f"{text[:MAX_ANSWER]}\n\n[cut here; the notebook has the rest]"


def _plain(text: str) -> str:
    return " ".join(text.split())
