"""Diagnostics: what the build reports about an assignment, as fields rather than text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ottermark.errors import CheckFailedError


class Severity(Enum):
    """What a diagnostic does to a build."""

    ERROR = "error"  # nothing is written
    WARNING = "warning"  # it is shown, and the build goes on


@dataclass(frozen=True)
class Location:
    """What a diagnostic points at.

    Attributes:
        file: the path, as the user named it.
        cell: number of the cell in that notebook, from 1.
        question: id of the question.
    """

    file: str
    cell: int | None = None
    question: str | None = None

    def __str__(self) -> str:
        cell = "" if self.cell is None else f", cell {self.cell}"
        question = f" ({self.question})" if self.question else ""
        return f"{self.file}{cell}{question}"


@dataclass(frozen=True)
class Diagnostic:
    """One thing that the build reports; its ``str`` is the sentence that users read.

    Attributes:
        rule: id of the rule, e.g. ``question-without-tests``.
        severity: whether it stops the build.
        file: the path, as the user named it.
        cell: number of the cell in that notebook, from 1; None if it is about no single cell.
        question: id of the question; None if it is about no single question.
        message: what is wrong, without a final full stop.
        fix: how to fix it, as an imperative without a final full stop.
    """

    rule: str
    severity: Severity
    file: str
    cell: int | None
    question: str | None
    message: str
    fix: str

    def __str__(self) -> str:
        location = Location(self.file, self.cell, self.question)
        return f"{location}: {self.message}; {self.fix}. [{self.rule}]"


@dataclass(frozen=True)
class Rule:
    """A kind of diagnostic.

    Attributes:
        id: in kebab case; shown to users and stable between versions.
        summary: what it reports, in one line.
        why: what would happen if the build let it pass.
        fix: how to fix it.
        severity: its level, unless the author of the lab sets another.
        why_fixed: why its level cannot be lowered, as a clause; empty if it can be.
    """

    id: str
    summary: str
    why: str
    fix: str
    severity: Severity = Severity.ERROR
    why_fixed: str = ""

    def at(self, location: Location, message: str, fix: str) -> Diagnostic:
        """Return a diagnostic of this rule."""
        return Diagnostic(
            self.id, self.severity, location.file, location.cell, location.question, message, fix
        )


class BuildFailedError(CheckFailedError):
    """A build has errors; nothing has been written.

    Attributes:
        diagnostics: everything that was reported, warnings included.
        problems: the sentences of the errors among them.
    """

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*(str(d) for d in diagnostics if d.severity is Severity.ERROR))
        self.diagnostics = diagnostics
