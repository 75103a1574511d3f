"""The page of an audit, from results that are made up."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import PROJECT

from ottermark.assignment import Assignment
from ottermark.audit.answers import Answer, Kind
from ottermark.audit.audit import Audit, Outcome, Verdict, combine
from ottermark.audit.error_rate import TARGET, ErrorRate
from ottermark.audit.hint_check import CheckedHints
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
            Verdict(answer(Kind.WRONG, "q2_3", "lenient"), 1, Outcome.WRONGLY_ACCEPTED),
            Verdict(
                answer(Kind.WRONG, "q2_3", "named"), 0, Outcome.REJECTED, frozenset({"one-short"})
            ),
            Verdict(
                answer(Kind.MUTANT, "q3_3", "misled"),
                0,
                Outcome.REJECTED,
                frozenset({"pool-is-ignored", "pool-forgets-the-one"}),
                CheckedHints(frozenset({"pool-is-ignored"}), frozenset({"pool-forgets-the-one"})),
            ),
            Verdict(answer(Kind.RIGHT, "q2_4", "strict"), 0, Outcome.WRONGLY_REJECTED),
            Verdict(answer(Kind.MUTANT, "q2_7", "a | b -> c"), 5, Outcome.WRONGLY_ACCEPTED),
            Verdict(answer(Kind.SUBMISSION, "", "colab"), 78, Outcome.ACCEPTED),
            Verdict(answer(Kind.REWRITE, "q2_7", "named"), 5, Outcome.ACCEPTED),
            Verdict(answer(Kind.REWRITE, "q1_2", "residual"), 7, Outcome.ACCEPTED),
        ),
        (answer(Kind.MUTANT, "q2_7", "2 * 2 -> 2 + 2"),),
        {"reads": [], "steals": ["3 points, not 0", "a file outside its folder"]},
        (answer(Kind.REWRITE, "q4_4", "halved"),),
        frozenset({"q1_2"}),
        180.0,
    )
    assert not audit.passed
    page = format_page(audit, LAB)
    assert "| q2_3 | 2 | 1 | 1 | 1 |" in page
    assert "| whole submissions |  |  |  |  | 1 |" in page
    assert "| **all** | 2 | 1 | 1 | 1 | 2 | 2 | 1 | 2 | 1 | 1 | 1 |" in page
    assert "| all answers | 4 | 1 | 75.14% | 4 | 2 | 90.24% |" in page
    hints = "1 hints to wrong answers, compared with those that the corpus expects: 1 answers have others"
    assert hints in page and "2 hints to mutants. 2 of both were compared" in page
    assert "its value: 1 are false." in page and "\n## False hints\n" in page
    assert "| q3_3 | `misled` | 0 | pool-forgets-the-one, pool-is-ignored |" in page
    assert "| trained nets | 1 |  | 95.00% |  |  |  |" in page
    assert "| q4_4 | `halved` |" in page
    assert "1 rewrites come from 1 distinct answers, and 1 trained nets from 1 layouts" in page
    assert "Grading all of this takes 3 minutes" in page
    assert "| q2_3 | `lenient` | 1 | none | none |" in page
    assert "| q2_3 | `named` | 0 | one-short | none |" in page
    assert r"| q2_7 | `a \| b -> c` | 5 |" in page
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
        answer(Kind.MUTANT, "q2"),
        answer(Kind.REWRITE, "q2"),
    ]
    assert combine(answers, {"q1": ("x",), "q2": ("y", "z")}) == {
        "wrong_001": [answers[0], answers[2]],
        "wrong_002": [answers[1], answers[5]],
        "right_001": [answers[3]],
        "whole_colab": [answers[4]],
        "rewrite_001": [answers[6]],
    }


def test_wrong_answers_that_assign_the_same_name_never_share_a_submission() -> None:
    questions = ("q1", "q2", "q2", "q3")
    wrong, right = ([answer(kind, q) for q in questions] for kind in (Kind.WRONG, Kind.RIGHT))
    names = {"q1": ("net",), "q2": ("net", "share"), "q3": ("share",)}
    assert combine([*wrong, *right], names) == {
        "wrong_001": [wrong[0], wrong[3]],
        "wrong_002": [wrong[1]],
        "wrong_003": [wrong[2]],
        "right_001": [right[0], right[1], right[3]],
        "right_002": [right[2]],
    }


@pytest.mark.parametrize(
    ("errors", "answers"), [(0, 59), (0, 600), (1, 20), (3, 600), (7, 9), (5, 5)]
)
def test_with_the_bound_as_the_rate_so_few_errors_come_out_in_one_of_twenty_cases(
    errors: int, answers: int
) -> None:
    bound = ErrorRate(errors, answers).upper_bound
    p = Fraction(bound)
    probability = sum(
        math.comb(answers, k) * p**k * (1 - p) ** (answers - k) for k in range(errors + 1)
    )
    assert bound == 1 if errors == answers else abs(probability - Fraction(1, 20)) < 1e-9


def test_without_an_error_598_answers_are_needed_for_half_a_percent() -> None:
    assert ErrorRate(0, 597).upper_bound > TARGET >= ErrorRate(0, 598).upper_bound


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(answer(Kind.WRONG, "q2_3"), 0, Outcome.REJECTED, frozenset({"other"})),
        Verdict(
            answer(Kind.MUTANT, "q2_7"),
            0,
            Outcome.REJECTED,
            hints=CheckedHints(false=frozenset({"other"})),
        ),
    ],
)
def test_a_wrong_misconception_or_a_false_hint_fails_the_audit(verdict: Verdict) -> None:
    assert Audit((Verdict(answer(Kind.WRONG, "q2_3"), 0, Outcome.REJECTED),), ()).passed
    assert not Audit((verdict,), ()).passed
