"""The page of an audit, from results that are made up."""

from __future__ import annotations

from pathlib import Path

from conftest import PROJECT

from ottermark.assignment import Assignment
from ottermark.audit.answers import Answer, Kind
from ottermark.audit.audit import Audit, Outcome, Verdict, combine
from ottermark.audit.page import format_page

LAB = Assignment.read(PROJECT / "autograder")


def answer(kind: Kind, question: str, name: str = "a") -> Answer:
    return Answer(kind, question, name, "", path=Path(name))


def test_the_committed_page_has_the_form_of_the_generator() -> None:
    page = format_page(Audit((), (), {}), LAB)
    introduction, table, *_ = page.split("\n| ")
    committed = (PROJECT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert committed.startswith(f"{introduction}\n| {table}\n| --- ")


def test_every_error_is_listed() -> None:
    audit = Audit(
        (
            Verdict(answer(Kind.WRONG, "q2_3", "lenient"), 2, Outcome.WRONGLY_ACCEPTED),
            Verdict(
                answer(Kind.WRONG, "q2_3", "named"), 0, Outcome.REJECTED, frozenset({"one-short"})
            ),
            Verdict(answer(Kind.RIGHT, "q2_4", "strict"), 0, Outcome.WRONGLY_REJECTED),
            Verdict(answer(Kind.MUTANT, "q2_7", "a | b -> c"), 6, Outcome.WRONGLY_ACCEPTED),
            Verdict(answer(Kind.SUBMISSION, "", "colab"), 78, Outcome.ACCEPTED),
        ),
        (answer(Kind.MUTANT, "q2_7", "2 * 2 -> 2 + 2"),),
        {"reads": [], "steals": ["3 points, not 0", "a file outside its folder"]},
    )
    assert not audit.passed
    page = format_page(audit, LAB)
    assert "| q2_3 | 2 | 1 | 1 | 1 |" in page
    assert "| whole submissions |  |  |  |  | 1 |" in page
    assert "| **all** | 2 | 1 | 1 | 1 | 2 | 1 | 1 |  | 1 | 1 |" in page
    assert "| q2_3 | `lenient` | 2 | none | none |" in page
    assert "| q2_3 | `named` | 0 | one-short | none |" in page
    assert r"| q2_7 | `a \| b -> c` | 6 |" in page
    assert "\n1 of 2 attack submissions ended as they should." in page
    assert "| steals | 3 points, not 0; a file outside its folder |" in page
    assert "| q2_7 | `2 * 2 -> 2 + 2` |" in page


def test_answers_to_one_question_never_share_a_submission() -> None:
    answers = [
        answer(Kind.WRONG, "q1"),
        answer(Kind.WRONG, "q1", "b"),
        answer(Kind.WRONG, "q2"),
        answer(Kind.RIGHT, "q1"),
        answer(Kind.SUBMISSION, "", "colab"),
    ]
    assert combine(answers) == {
        "wrong_001": [answers[0], answers[2]],
        "wrong_002": [answers[1]],
        "right_001": [answers[3]],
        "whole_colab": [answers[4]],
    }
