"""The checks of all questions at once."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from .check import CheckResult
from .questions import NotebookQuestion


@dataclass(frozen=True)
class Overview:
    """The results of some checks, ending in a list of the questions that are open.

    Attributes:
        results: in the order of the notebook.
        written: the questions that people mark.
    """

    results: Sequence[CheckResult]
    written: Sequence[NotebookQuestion] = ()

    @property
    def open(self) -> tuple[CheckResult, ...]:
        """Those with something left to do."""
        return tuple(result for result in self.results if result.is_open)

    @property
    def _notes(self) -> list[str]:
        """What follows the results and precedes the list."""
        notes = []
        if self.written:
            ids = ", ".join(question.id for question in self.written)
            notes.append(f"Marked by a person, so without a check: {ids}.")
        count = f"{len(self.open)} of {len(self.results)} questions"
        notes.append(f"Open: {count}:" if self.open else f"Open: {count}.")
        return notes

    def __repr__(self) -> str:
        lines = [repr(result) for result in self.results]
        return "\n".join([*lines, "", *self._notes, *(f"- {_heading(r)}" for r in self.open)])

    def _repr_html_(self) -> str:
        results = "<br>".join(result.to_html() for result in self.results)
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self._notes)
        items = "".join(f"<li>{html.escape(_heading(result))}</li>" for result in self.open)
        return f"<p>{results}</p>{notes}" + (f"<ul>{items}</ul>" if items else "")


def _heading(result: CheckResult) -> str:
    return f"{result.question.label} {result.state.value}"
