"""Find the written answers in a notebook, by the text of the cells around them.

Editors change ids, tags and metadata, and students move, split and add cells. So a written answer
is everything between its question's prompt and the next cell that the student notebook was built
with. The build's record has the text of the prompts, and digests of all cells. Where the prompt is
gone, or was translated, it is the text between the cells that surround it in the student notebook.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from ottermark.assignment import Assignment, Question

AnswerState: TypeAlias = Literal["answered", "empty", "missing"]
ANSWERED: Final = "answered"
EMPTY: Final = "empty"
MISSING: Final = "missing"
MAX_ANSWER = 20_000  # characters; a longer answer is cut

_CHUNK = 2**18  # characters

# An embedded picture is text that nobody reads. Neither part may contain the beginning of another
# picture: otherwise searching a text of many such beginnings takes quadratic time.
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\((?:data|attachment):[^\[)\s]*\)")


@dataclass(frozen=True)
class WrittenAnswer:
    """A student's answer to a manually graded question.

    Attributes:
        state: ``answered``; ``empty``; or ``missing`` if the notebook lacks the prompt.
        text: the answer as Markdown, with code cells as fenced blocks.
    """

    question: Question
    state: AnswerState
    text: str = ""


def cell_digest(source: str) -> str:
    """Return a digest of a cell's source that does not depend on white space."""
    digest, space = hashlib.sha256(), ""
    for words in _words(source):
        digest.update(f"{space}{' '.join(words)}".encode("utf-8", "surrogatepass"))
        space = " "
    return digest.hexdigest()[:16]


def _words(text: str) -> Iterator[list[str]]:
    """Yield the words of a text, many at a time: all at once could take twenty times its memory."""
    rest = ""
    for start in range(0, len(text), _CHUNK):
        part = rest + text[start : start + _CHUNK]
        words = part.split()
        is_open = start + _CHUNK < len(text) and not part[-1].isspace()
        rest = words.pop() if is_open else ""
        if words:
            yield words


def read_written_answers(
    cells: Sequence[Mapping[str, Any]], assignment: Assignment
) -> tuple[WrittenAnswer, ...]:
    """Return the answer to each written question, in the order of the assignment.

    Args:
        cells: with ``cell_type`` and ``source``, as in ``SubmittedNotebook.cells``.
    """
    starter_cells = set(assignment.starter_cells)
    digests = [cell_digest(cell["source"]) for cell in cells]
    titles = _find_titles(cells, assignment)
    answers, start = [], 0
    read: set[int] = set()  # the indices of cells of answers
    for question in assignment.questions:
        if not question.manual:
            continue
        prompt = _find_prompt(question, cells, digests, titles, start)
        if prompt is None:
            place = _place_without_prompt(question, digests, assignment)
            own = [cells[index] for index in place if index not in read]
            answers.append(_read_without_prompt(question, own))
            continue
        start = end = prompt + 1
        while end < len(cells) and digests[end] not in starter_cells:
            end += 1
        read.update(range(start, end))
        answers.append(_read_answer(question, cells[prompt], cells[start:end]))
    return tuple(answers)


def _find_titles(
    cells: Sequence[Mapping[str, Any]], assignment: Assignment
) -> dict[str, list[int]]:
    """Return for the title of each written question the indices of cells with such a line.

    All are looked for at once, since a notebook can have many million lines.
    """
    prompts = [question.prompt for question in assignment.questions if question.manual]
    wanted = {title: max(title.split(), key=len) for title in map(_title, prompts) if title}
    longest = max(map(len, prompts), default=0) + MAX_ANSWER
    indices: dict[str, list[int]] = {title: [] for title in wanted}
    for index, cell in enumerate(cells):
        source = cell["source"]
        if len(source) < longest and any(word in source for word in wanted.values()):
            for title in wanted.keys() & set(map(_collapse_spaces, source.splitlines())):
                indices[title].append(index)
    return indices


def _find_prompt(
    question: Question,
    cells: Sequence[Mapping[str, Any]],
    digests: Sequence[str],
    titles: Mapping[str, Sequence[int]],
    start: int,
) -> int | None:
    """Return the index of a question's prompt, unchanged or with an answer written into it.

    Several questions may have the same prompt, so the search begins at ``start``, which is after
    the prompt of the question before, and goes on from the top.
    """
    digest, longest = cell_digest(question.prompt), len(question.prompt) + MAX_ANSWER
    same = [index for index, other in enumerate(digests) if other == digest]
    with_title = [
        index
        for index in titles.get(_title(question.prompt), ())
        if len(cells[index]["source"]) < longest
    ]
    for indices in (same, with_title):
        after = next((index for index in indices if index >= start), None)
        if indices:
            return indices[0] if after is None else after
    return None


def _place_without_prompt(
    question: Question, digests: Sequence[str], assignment: Assignment
) -> range:
    """Return the cells between the nearest ones before and after a prompt that are still there."""
    starter_cells, prompt = assignment.starter_cells, cell_digest(question.prompt)
    if prompt not in starter_cells:
        return range(0)
    place = starter_cells.index(prompt)
    after = (digests.index(d) for d in starter_cells[place + 1 :] if d in digests)
    end = next(after, len(digests))
    earlier = set(starter_cells[:place])
    start = next((i + 1 for i in reversed(range(end)) if digests[i] in earlier), 0)
    return range(start, end)


def _title(prompt: str) -> str:
    """Return the first line of a prompt that is neither blank nor a comment."""
    lines = [_collapse_spaces(line) for line in prompt.splitlines()]
    return next((line for line in lines if line and not line.startswith("<!--")), "")


def _read_answer(
    question: Question, prompt: Mapping[str, Any], cells: Sequence[Mapping[str, Any]]
) -> WrittenAnswer:
    parts = [_text_in_prompt(question, prompt["source"])]
    parts += [_text_in_cell(question, cell) for cell in cells]
    text = "\n\n".join(part for part in parts if part)
    return WrittenAnswer(question, ANSWERED if text else EMPTY, _shorten(text))


def _read_without_prompt(question: Question, cells: Sequence[Mapping[str, Any]]) -> WrittenAnswer:
    texts = [
        _text_in_cell(question, cell)
        for cell in cells
        if cell["cell_type"] != "code" and cell["source"].strip()
    ]
    if not texts or not all(
        texts
    ):  # beside an untouched cell, the rest is the prompt in other words
        return WrittenAnswer(question, MISSING)
    return WrittenAnswer(question, ANSWERED, _shorten("\n\n".join(texts)))


def _text_in_prompt(question: Question, source: str) -> str:
    """Return what a student has written into the cell of the prompt."""
    if _collapse_spaces(source) == _collapse_spaces(question.prompt):
        return ""
    prompt_lines = {_collapse_spaces(line) for line in question.prompt.splitlines()}
    lines = [line for line in source.splitlines() if _collapse_spaces(line) not in prompt_lines]
    return "\n".join(lines).strip()


def _text_in_cell(question: Question, cell: Mapping[str, Any]) -> str:
    placeholder, source = question.placeholder.strip(), cell["source"].strip()
    is_short = len(source) < len(placeholder) + MAX_ANSWER
    if is_short and _collapse_spaces(source) == _collapse_spaces(placeholder):
        return ""
    if cell["cell_type"] == "code":
        return f"```python\n{source}\n```" if source else ""
    if placeholder:  # many students leave it in place
        source = source.replace(placeholder, "").strip()
    return source


def _shorten(text: str) -> str:
    text = _PICTURE.sub(r"[a picture, see the notebook: \1]", text)
    if len(text) <= MAX_ANSWER:
        return text
    return f"{text[:MAX_ANSWER]}\n\n[cut here; the notebook has the rest]"


def _collapse_spaces(text: str) -> str:
    return " ".join(text.split())
