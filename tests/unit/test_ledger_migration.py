"""The keys that version 0.1 gave to results are reproduced from today's record."""

from __future__ import annotations

from dataclasses import replace

from ottermark.assignment import Assignment, Question
from ottermark.batch.ledger_migration import legacy_record_digest, legacy_texts_digest

# the digests below were computed by version 0.1 itself, from the same record
ASSIGNMENT = Assignment(
    name="lab",
    notebook="lab.ipynb",
    questions=(
        Question(
            "q1",
            2,
            False,
            ("pair", "it's"),
            {"np": "numpy", "sqrt": "math:sqrt"},
            all_tests_public=True,
        ),
        Question("q2", 2.5, False, ("area",), {}, "its tests use `env` as a whole"),
        Question(
            "q3", 4, True, prompt='Why?\n\n"Say" größer \U0001f600', placeholder="_Type here._"
        ),
    ),
    imports=("numpy",),
    student_files=(),
    starter_cells=("0a1b", "2c3d"),
    starter_code="pair = ...\n",
)


def test_the_digests_are_those_of_version_0_1() -> None:
    assert (
        legacy_record_digest(ASSIGNMENT)
        == "83e57b37d260f2729aeda759d62dad8974bb53d1322d423a4f18499c5561dbb6"
    )
    assert (
        legacy_texts_digest(ASSIGNMENT)
        == "ede106cdb2e5bc104b9cccf090712c4c6590279eb9243c01148b46fb2f6d9077"
    )


def test_an_assignment_of_one_question_has_them_too() -> None:
    one = replace(ASSIGNMENT, questions=ASSIGNMENT.questions[:1])
    assert (
        legacy_record_digest(one)
        == "6eeadbde55b8935da184434c1f112b44e98495dbf27ecee8456bc03cc3b9bac0"
    )
    assert (
        legacy_texts_digest(one)
        == "d9dc7a7803486eada9f4f6f9a0ae006bec877eebc00ee11dec4fb6a11d7aef33"
    )
