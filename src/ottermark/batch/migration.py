"""Keys of results that version 0.1 wrote, so that none is graded again only because code moved.

That version keyed a result by, among other things, the ``repr`` of two dataclasses of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ottermark.assignment import Assignment, Question

# the attributes of that version's classes, in order, and what they are called now
_QUESTION = {
    "id": "id",
    "points": "points",
    "manual": "manual",
    "names": "names",
    "own": "grader_imports",
    "inside": "why_unprotected",
    "public": "all_tests_public",
    "prompt": "prompt",
    "blank": "placeholder",
}
_ASSIGNMENT = {
    "name": "name",
    "notebook": "notebook",
    "questions": "questions",
    "imports": "imports",
    "student_files": "student_files",
    "given": "starter_cells",
    "scaffold": "starter_code",
}


def legacy_record_digest(assignment: Assignment) -> str:
    """Return the hash that version 0.1 had for the part of the record that decides marks."""
    return _digest(assignment.without_texts())


def legacy_texts_digest(assignment: Assignment) -> str:
    """Return the hash that version 0.1 had for the whole record, the texts included."""
    return _digest(assignment)


def _digest(assignment: Assignment) -> str:
    return hashlib.sha256(_legacy_repr(assignment).encode()).hexdigest()


def _legacy_repr(value: object) -> str:
    """Return the ``repr`` that a record, or a part of it, had in version 0.1."""
    match value:
        case Assignment():
            return _named("Assignment", value, _ASSIGNMENT)
        case Question():
            return _named("Question", value, _QUESTION)
        case (only,):
            return f"({_legacy_repr(only)},)"
        case tuple():
            return f"({', '.join(map(_legacy_repr, value))})"
    return repr(value)


def _named(kind: str, value: object, attributes: Mapping[str, str]) -> str:
    fields = (f"{old}={_legacy_repr(getattr(value, new))}" for old, new in attributes.items())
    return f"{kind}({', '.join(fields)})"
