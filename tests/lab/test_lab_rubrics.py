"""The rubrics of the lab cover every written question, and reach its points exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from ottermark.assignment import RUBRICS_FILE, Assignment, Question
from ottermark.config import GradingConfig
from ottermark.rubric import read_rubrics

PROJECT = Path(__file__).parents[2]
LAB = Assignment.read(PROJECT / "autograder")
RUBRICS = read_rubrics(PROJECT / "assignment" / RUBRICS_FILE, LAB)
WRITTEN = [question for question in LAB.questions if question.manual]


def test_every_written_question_has_a_rubric_and_a_model_answer() -> None:
    assert list(RUBRICS) == [question.id for question in WRITTEN] and len(WRITTEN) == 7
    assert all(question.model_answer for question in WRITTEN)


@pytest.mark.parametrize("question", WRITTEN, ids=lambda question: question.id)
def test_the_items_earn_exactly_the_points_and_some_lose(question: Question) -> None:
    rubric = RUBRICS[question.id]
    earning = [item for item in rubric.items if item.points > 0]
    losing = [item for item in rubric.items if item.points < 0]
    assert 3 <= len(rubric.items) <= 6 and len(earning) >= 3 and losing
    assert rubric.score(item.id for item in earning) == rubric.max_points
    assert sum(item.points for item in earning) == rubric.max_points
    assert rubric.score(item.id for item in losing) == 0
    assert all(len(item.text) <= 160 and item.text.endswith(".") for item in rubric.items)
    assert rubric.note


def test_final_grades_are_out_of_a_hundred() -> None:
    config = GradingConfig.read(PROJECT / "otter_config.json")
    by_tests = config.scale(LAB.max_score, LAB.max_score)
    assert by_tests + sum(question.points for question in WRITTEN) == 100
