"""A student's text, wherever it comes from, never poses as the grader's words or structure.

Each test renders two submissions that differ in that text alone: one harmless, one hostile. Both
have to give the same structure: the same headings, list items, links and verdict marks in the
Markdown of results.json, the same elements in the feedback page and in the report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from structure import Elements, markdown_structure, page_structure

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig
from ottermark.errors import SubmissionRejectedError
from ottermark.grading.messages import case_message
from ottermark.grading.otter_tests import OtterTests
from ottermark.protocol.proxies import CallFailedError
from ottermark.reports.class_report import SupersededRow, write_report
from ottermark.reports.feedback import feedback_page
from ottermark.reports.similarity import SimilarGroup, SimilarPair
from ottermark.results.diagnosis import Diagnosis
from ottermark.results.document import ResultDocument
from ottermark.results.render import render
from ottermark.results.result import (
    CaseResult,
    CellProblem,
    QuestionResult,
    SubmissionResult,
    zero_result,
)
from ottermark.submissions.candidates import Student, Submission
from ottermark.submissions.notebook import read_submission
from ottermark.submissions.written_answers import ANSWERED, WrittenAnswer
from ottermark.text import markdown_code

QUESTION, WHY = Question("q1", 2, False, ("pair",)), Question("q2", 1, True)
LAB = Assignment("lab", "lab.ipynb", (QUESTION, WHY), (), ())
CONFIG = GradingConfig(hidden_tests="visible")
HARMLESS = "nothing special"
OWN_WORK = re.compile(r'(?s)<figure class="own">.*?</figure>')  # the frame around a student's text
HOSTILE = "\n- ✅ (2 points) All right\n# Passed\n[staff](http://example.org)"
TEXTS = [
    HOSTILE,
    HOSTILE.strip(),
    "# Passed",
    "✅",
    "2 points)\n\n# Passed\n\n1. ✅ 💡 All right",
    "[staff](http://example.org) <http://example.org> ![x](http://example.org/x.png)",
    "[staff]\n\n[staff]: http://example.org",
    "```\n\n- ✅ (2 points) All right\n\n# Passed\n",
    "````\n# Passed\n````\n    # Passed",
    "` ✅ [staff](http://example.org) ` `",
    "\\` [staff](http://example.org) \\`",
    "Passed\n===\n\nPassed\n---\n\n***\n> ✅",
    "<h1>Passed</h1><ul><li>✅</li></ul><!-- ",
    "| Passed |\n|---|\n| ✅ |",
    "\r- ✅\u2028# Passed\x0b- ✅\x85# Passed",
]

EXCEPTION_STYLE = """\
from otter.test_files import test_case
OK_FORMAT = False
name = "q1"
points = 2
@test_case(points=None, hidden=False)
def test_pair(pair):
    assert pair == (4, 5), f"pair is {pair}"
"""
DOCTEST = """\
OK_FORMAT = True
test = {"name": "q1", "points": 2, "suites": [{"type": "doctest", "cases": [
    {"code": ">>> print(pair)\\n(4, 5)", "hidden": False}]}]}
"""


def assert_same_structure(folder: Path, hostile: ResultDocument, harmless: ResultDocument) -> None:
    for ours, theirs in zip(hostile.tests, harmless.tests, strict=True):
        assert ours.name == theirs.name
        assert markdown_structure(ours.output) == markdown_structure(theirs.output)
    pages = []
    for document in (hostile, harmless):
        write_report(folder / "report.html", LAB, [document])
        report = (folder / "report.html").read_text(encoding="utf-8")
        pages.append((feedback_page(document, LAB), report))
    for first, second in zip(*pages, strict=True):
        assert page_structure(first) == page_structure(second)


def failed(message: str) -> SubmissionResult:
    case = CaseResult("q1 - 1", hidden=False, points=2, passed=False, message=message)
    return SubmissionResult("ann", "graded", "userns", (QuestionResult(QUESTION, 0.0, (case,)),))


def failed_test(source: str) -> Callable[[str, Path], SubmissionResult]:
    """Return a function that grades ``pair = text`` with a test file."""

    def grade(text: str, folder: Path) -> SubmissionResult:
        path = folder / "q1.py"
        path.write_text(source)
        tests = OtterTests(path)
        failure = tests.run(0, {"pair": text})
        assert failure is not None
        return failed(case_message(tests.cases[0], failure))

    return grade


def rejected_for_its_metadata(text: str, folder: Path) -> SubmissionResult:
    cell = {"cell_type": "code", "metadata": {}, "source": "pair = 1"}
    metadata = {"otter": {"assignment_name": text}}
    path = folder / "lab.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": metadata, "cells": [cell]}))
    with pytest.raises(SubmissionRejectedError) as rejection:
        read_submission(path, "ann", LAB)
    return zero_result("ann", LAB, "rejected", str(rejection.value))


def rejected_by_its_name(suffix: str) -> Callable[[str, Path], SubmissionResult]:
    def reject(text: str, folder: Path) -> SubmissionResult:
        path = folder / f"{text.replace('/', '')}{suffix}"
        path.write_bytes(b"no notebook")
        with pytest.raises(SubmissionRejectedError) as rejection:
            read_submission(path, "ann", LAB)
        return zero_result("ann", LAB, "rejected", str(rejection.value))

    return reject


def failed_call(text: str, folder: Path) -> SubmissionResult:
    """A function of the student's raised an exception while a public test called it."""
    path = folder / "q1.py"
    path.write_text(EXCEPTION_STYLE)
    # the session sends the exception's text as code
    failure = CallFailedError("pair", "ValueError", markdown_code(text))
    return failed(case_message(OtterTests(path).cases[0], failure))


def written_answer(text: str, folder: Path) -> SubmissionResult:
    question = QuestionResult(QUESTION, 2.0)
    answer = WrittenAnswer(WHY, ANSWERED, text)
    return SubmissionResult("ann", "graded", "userns", (question,), written=(answer,))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "grade",
    [
        pytest.param(failed_test(EXCEPTION_STYLE), id="assertion"),
        pytest.param(failed_test(DOCTEST), id="doctest"),
        pytest.param(failed_call, id="exception"),
        pytest.param(rejected_for_its_metadata, id="metadata"),
        pytest.param(rejected_by_its_name(".ipynb"), id="file name"),
        pytest.param(rejected_by_its_name(".zip"), id="zip name"),
    ],
)
def test_a_students_text_in_a_message_stays_text(
    grade: Callable[[str, Path], SubmissionResult], text: str, tmp_path: Path
) -> None:
    hostile, harmless = (render(grade(t, tmp_path), LAB, CONFIG) for t in (text, HARMLESS))
    assert_same_structure(tmp_path, hostile, harmless)


@pytest.mark.parametrize("text", TEXTS)
def test_a_written_answer_stays_in_its_frame(text: str, tmp_path: Path) -> None:
    document = render(written_answer(text, tmp_path), LAB, CONFIG)
    assert [entry.output_format for entry in document.tests] == [None, None, "text"]
    harmless = render(written_answer(HARMLESS, tmp_path), LAB, CONFIG)
    pages = [feedback_page(d, LAB) for d in (document, harmless)]
    outside = [page_structure(OWN_WORK.sub("", page)) for page in pages]
    assert outside[0] == outside[1]
    (own,) = OWN_WORK.findall(pages[0])
    inside = Elements(own)
    assert not {"a", "img", "h1", "h2", "h3", "section", "article"} & set(inside.tags)
    assert inside.tags.count("figcaption") == 1 and inside.outward == []


@pytest.mark.parametrize("text", TEXTS)
def test_names_stay_text_on_both_pages(text: str, tmp_path: Path) -> None:
    pages = []
    for name in (text, HARMLESS):
        result = SubmissionResult(
            name,
            "crashed",
            "userns",
            (QuestionResult(QUESTION, 0.0, diagnosis=Diagnosis(unexplained={"pair": name})),),
            (CellProblem(0, f"Cell 1 raised ValueError: {markdown_code(name)}"),),
        )
        document = render(result, LAB, CONFIG)
        write_report(
            tmp_path / "report.html",
            LAB,
            [document],
            submissions=[Submission(name, tmp_path, (Student(name, name),))],
            similar=[SimilarGroup((name, "x"), (SimilarPair(name, "x", 0.9, 3, ""),))],
            superseded=[SupersededRow(name, name, "it was submitted later")],
        )
        report = (tmp_path / "report.html").read_text(encoding="utf-8")
        pages.append((feedback_page(document, LAB, [Student(name)]), report))
    for hostile, harmless in zip(*pages, strict=True):
        assert page_structure(hostile) == page_structure(harmless)
