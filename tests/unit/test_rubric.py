"""Rubrics: what a mark is worth, what a file of them may hold, and what is exported."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ottermark.assignment import Assignment, Question
from ottermark.errors import UsageError
from ottermark.rubric import (
    Rubric,
    RubricItem,
    check_rubric,
    default_rubric,
    read_rubrics,
    rubrics_yaml,
)

LAB = Assignment(
    "lab",
    "lab.ipynb",
    (Question("q1", 4, False), Question("q2", 3, True), Question("q3", 2.5, True)),
    (),
    (),
)
EARNS = Rubric(
    "q2",
    3,
    (
        RubricItem("border", "Says what happens at the border.", 2),
        RubricItem("size", "Says what happens to the size.", 1),
        RubricItem("bonus", "Names an example.", 0.5),
        RubricItem("swapped", "Swaps the two.", -1),
    ),
)
LOSES = Rubric("q3", 2.5, (RubricItem("wrong", "Is wrong.", -3),), base=2.5, note="Be kind.")


@pytest.mark.parametrize(
    ("rubric", "items", "adjustment", "points"),
    [
        (EARNS, [], 0, 0),
        (EARNS, ["border"], 0, 2),
        (EARNS, ["border", "border"], 0, 2),
        (EARNS, ["border", "size", "bonus"], 0, 3),
        (EARNS, ["swapped"], 0, 0),
        (EARNS, ["border", "swapped"], 0, 1),
        (EARNS, ["border", "no-longer-there"], 0, 2),
        (EARNS, ["border"], 0.25, 2.25),
        (EARNS, ["border"], -9, 0),
        (LOSES, [], 0, 2.5),
        (LOSES, ["wrong"], 0, 0),
    ],
)
def test_points_of_a_mark(
    rubric: Rubric, items: list[str], adjustment: float, points: float
) -> None:
    assert rubric.score(items, adjustment) == points


def test_decimal_fractions_add_up() -> None:
    items = tuple(RubricItem(f"i{n}", "Tenth.", 0.1) for n in range(30))
    assert Rubric("q", 3, items).score([item.id for item in items]) == 3


def test_a_question_that_is_worth_more_now() -> None:
    assert LOSES.with_max_points(4).score([]) == 4
    assert EARNS.with_max_points(2).score(["border", "size"]) == 2


def test_a_question_without_rubric_can_be_marked() -> None:
    rubric = default_rubric(LAB.questions[2])
    assert check_rubric(rubric, "x").score(["right"]) == 2.5


def read(folder: Path, text: str) -> dict[str, Rubric]:
    path = folder / "rubrics.yaml"
    path.write_text(text, encoding="utf-8")
    return read_rubrics(path, LAB)


def test_what_is_exported_is_read_again(tmp_path: Path) -> None:
    head = "# How we mark.\n#\n# Twice."
    text = rubrics_yaml({"q2": EARNS, "q3": LOSES}, f"{head}\n\nq2: {{items: []}}  # not this\n")
    assert read(tmp_path, text) == {"q2": EARNS, "q3": LOSES}
    assert text.startswith(f"{head}\n\nq2:\n")
    assert "not this" not in text
    assert rubrics_yaml(read(tmp_path, text), text) == text


texts = st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip)


@given(texts, texts)
def test_texts_of_every_kind_are_exported(text: str, note: str) -> None:
    line = " ".join(text.split())
    rubric = Rubric("q3", 2.5, (RubricItem("a", line, 2.5),), note=note.strip())
    entry = yaml.safe_load(rubrics_yaml({"q3": rubric}))["q3"]
    assert entry["items"] == [{"id": "a", "points": 2.5, "text": line}]
    assert entry["note"] == note.strip()


def test_no_file_is_no_rubric(tmp_path: Path) -> None:
    assert read_rubrics(tmp_path / "rubrics.yaml", LAB) == {}
    assert read(tmp_path, "# nothing yet\n") == {}


ITEM = "{id: a, text: A., points: 3}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("q2: [", "cannot be read as YAML"),
        ("[1, 2]", "should hold keys and values"),
        (f"q22: {{items: [{ITEM}]}}", 'q22: no written question has this id; write "q2".'),
        (f"q1: {{items: [{ITEM}]}}", "q1: no written question has this id"),
        (f"q2: {{items: [{ITEM}]}}\nq2: {{items: [{ITEM}]}}", '"q2" stands twice, again in line 2'),
        ("q2: {items: []}", "q2.items:"),
        ("q2: {}", "q2.items: is missing; add it."),
        (f"q2: {{items: [{ITEM}, {ITEM}]}}", 'two items have the id "a"; give one of them'),
        ("q2: {items: [{id: A b, text: A., points: 3}]}", 'the item id "A b" cannot be used'),
        ("q2: {items: [{id: a, text: A., points: '3'}]}", "q2.items.1.points: should be a number"),
        ("q2: {items: [{id: a, text: A., points: .nan}]}", "q2.items.1.points: should be a number"),
        ("q2: {items: [{id: a, text: A., points: 0}]}", 'the item "a" is worth 0 points'),
        ("q2: {items: [{id: a, text: ' ', points: 3}]}", 'the item "a" has no text'),
        ("q2: {items: [{id: a, txt: A., points: 3}]}", 'there is no such key; write "text".'),
        (
            "q2: {items: [{id: a, text: A., points: 2}, {id: b, text: B., points: -1}]}",
            "the items reach 2 of the question's 3 points; raise them",
        ),
        (f"q2: {{base: 1, items: [{ITEM}]}}", "base is 1; write 0, where items earn points, or 3"),
        (f"q2: {{base: 3, items: [{ITEM}]}}", "base is 3 and no item loses points"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        read(tmp_path, text)
    assert problem in str(error.value)
    assert str(tmp_path / "rubrics.yaml") in str(error.value)


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    text = (
        "q2: {items: [{id: a, text: A., points: 1}]}\nq9: {items: [{id: a, text: A., points: 1}]}"
    )
    with pytest.raises(UsageError) as error:
        read(tmp_path, text)
    assert len(error.value.problems) == 2
