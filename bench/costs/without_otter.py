"""The lab without Otter: what other formats are made of.

A notebook becomes a list of parts, in its order. Where it checked a question, there are the tests of
that question, those that students have and those that they do not; Otter's own cells are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lab_tests import LabTest, read_tests

from costs.labs import Lab
from ottermark.audit.answer_files import find_answer_cells

_CHECK = re.compile(r"^grader\.check\(\"([^\"]+)\"\)")
_MARKER = re.compile(r"[ \t]*# (?:BEGIN SOLUTION.*|END SOLUTION|SOLUTION)$", re.M)  # Otter Assign's
_KEPT = re.compile(r"^(?:import os|os\.environ.*)$", re.M)  # of the cell that sets Otter up


@dataclass(frozen=True)
class Part:
    """A cell of the notebook, or the place of a question's tests.

    Attributes:
        source: the text or code of a cell; empty for tests.
        question: that it answers, or that is tested; else empty.
    """

    kind: Literal["text", "code", "answer", "tests"]
    source: str
    question: str = ""


def parts_of(notebook: Mapping[str, Any]) -> Iterator[Part]:
    """Yield the parts of a submission, of the blank or of the solved notebook."""
    questions = {place: question for question, place in find_answer_cells(notebook).items()}
    for place, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            yield Part("text", source)
        elif check := _CHECK.search(source):
            yield Part("tests", "", check[1])
        elif place in questions:
            yield Part("answer", _MARKER.sub("", source), questions[place])
        elif "otter.Notebook(" in source:
            yield Part("code", "\n".join(_KEPT.findall(source)))
        elif "grader." not in source:
            yield Part("code", source)


def lab_tests(lab: Lab) -> dict[str, list[LabTest]]:
    """Return the tests of each question."""
    tests: dict[str, list[LabTest]] = {}
    for test in read_tests(lab.autograder):
        tests.setdefault(test.question, []).append(test)
    return tests
