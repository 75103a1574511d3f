"""Results of version 0.1 that need no grading again, since only names have changed since.

That version keyed a result by hashes of the autograder's files, of its own code, and of the ``repr`` of
two dataclasses of its own. Where all of these lead to what this version would do, the result stands.
Delete this module once nobody has a folder of that version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ottermark.assignment import RECORD_FILE, Assignment, Question
from ottermark.grading.autograder import TOOL, Autograder

TEXTS = "the texts of the questions"  # the part that finds written answers

_OLD_TOOL = "0e380096da21916e562026599d38d232bd88e6d1e55d36aa7f58ec432045644a"
# the last code that grades as that version did; what is graded by later code is graded again
_SAME_TOOL = "a3eaa30206fe5147fe57f0af5888fa5d59f17cc453fd21b995160693733b5d73"
# a catalogue in which a key and comments were renamed, before and after
_RENAMED_FILES = {
    "d76a4b491e31676ef657d07d2f588bc2f011d8b519dc123c3c4ae786eedc186e": (
        "ad85c8a68d0598b17dc301281af4456c20578a84106dd549e5682a6f42a96b67"
    )
}
# files of the autograder that version 0.1 counted, though they only concern the container
_CONTAINER_FILES = {
    *("installer.txt", "lab-requirements.txt", "requirements.txt"),
    *("run_autograder", "run_otter.py", "setup.sh"),
}

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


def is_same_grading(
    old_parts: Mapping[str, str], parts: Mapping[str, str], autograder: Autograder
) -> bool:
    """Tell whether version 0.1 graded with ``old_parts`` as this version does with ``parts``.

    Args:
        parts: the parts of a grading as ``Batch`` has them: the autograder's, the texts, the limits
            and the isolation.
    """
    expected = {
        **parts,
        RECORD_FILE: legacy_record_digest(autograder.assignment),
        TEXTS: legacy_texts_digest(autograder.assignment),
        TOOL: _OLD_TOOL if parts[TOOL] == _SAME_TOOL else "",
    }
    renamed = {
        name: _RENAMED_FILES.get(digest, digest)
        for name, digest in old_parts.items()
        if name not in _CONTAINER_FILES
    }
    return renamed == expected


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
