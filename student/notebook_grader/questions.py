"""The questions of the notebook, as the build has recorded them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

QUESTIONS_FILE = "questions.json"
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class NotebookQuestion:
    """A question.

    Attributes:
        id: as in ``grader.check("q2_7")``.
        title: the heading above it; may be empty.
        names: the names that its tests read, in the order of first use.
        written: whether people mark it; such a question has no tests.
        all_tests_public: whether students have all its tests.
        cell: the id of the check cell, or of the answer cell of a written question; may be empty.
        next_cell: the id of the cell after that one; empty if there is none.
        placeholder: what stands in the answer cell of a written question before it is answered.
    """

    id: str
    title: str = ""
    names: tuple[str, ...] = ()
    written: bool = False
    all_tests_public: bool = False
    cell: str = ""
    next_cell: str = ""
    placeholder: str = ""

    @property
    def label(self) -> str:
        """Its id and, if it has one, its title."""
        return f"{self.id} ({self.title})" if self.title else self.id

    @property
    def is_known(self) -> bool:
        """Whether the build has recorded it."""
        return bool(self.cell)


def read_questions(folder: Path) -> dict[str, NotebookQuestion]:
    """Return the questions by their ids, in the order of the notebook; none without the file."""
    try:
        records = json.loads((folder / QUESTIONS_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    questions = [
        NotebookQuestion(**{**record, "names": tuple(record["names"])}) for record in records
    ]
    return {question.id: question for question in questions}
