"""Groups of answers: identical ones on a card, near ones together, others apart; and their edits."""

from __future__ import annotations

import random
from itertools import combinations

import marked_class
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ottermark.marking.answers import AutomaticOutcome
from ottermark.marking.groups import (
    AnswerGroup,
    answer_groups,
    edited_groups,
    failure_groups,
    merge_groups,
    name_group,
    normalised,
    split_cards,
)
from ottermark.marking.values import GroupEdits

# answers of one idea in each row; who reads one would mark the others in the row alike
NEAR = [
    (
        "Max pooling keeps the largest value of each window and throws the rest away.",
        "Max pooling keeps only the largest value of each window and throws the rest away",
        "max-pooling keeps the largest value of each window, and throws away the rest!",
        "Max pooling keeps the biggest value of each window and throws the rest away.",
    ),
    (
        "Same padding adds zeros around the picture so that the output keeps its size.",
        "The same padding adds zeros around the picture so that the output keeps its size",
        "Same padding adds zeroes around the picture so that the output keeps its size.",
    ),
    (
        "The deeper net has a lower training error and a higher test error, so it overfits.",
        "The deeper net has lower training error and higher test error, so it overfits",
    ),
]
# answers that share most words and are to be marked differently
APART = [
    ("The output shrinks by 2 for a filter of 3.", "The output shrinks by 3 for a filter of 3."),
    ("Padding keeps the size of the output.", "Padding does not keep the size of the output."),
    ("It can't see the border of the picture.", "It can see the border of the picture."),
    (
        "Max pooling keeps the largest value of each window and throws the rest away.",
        "Average pooling takes the mean over windows, and nothing is thrown away entirely.",
    ),
    (
        "The deeper net has a lower training error and a higher test error, so it overfits.",
        "Depth lowered the errors, so it is the better choice.",
    ),
]


def class_with(*texts: str) -> list[AnswerGroup]:
    """Group texts among others, since rare words count more."""
    others = {f"other{n}": text for n, text in enumerate(marked_class.SENTENCES)}
    return answer_groups(others | {f"s{n}": text for n, text in enumerate(texts)})


def homes(groups: list[AnswerGroup]) -> dict[str, str]:
    return {name: group.key for group in groups for name in group.members}


# ------------------------------------------------------------------------------------ cards


@pytest.mark.parametrize(
    "text",
    [
        "It shrinks.",
        "it shrinks",
        "  It   shrinks!\n",
        "“It shrinks”",
        "**It shrinks**",
        "IT SHRINKS...",
    ],
)
def test_what_does_not_count_makes_no_card(text: str) -> None:
    groups = answer_groups({"a": "It shrinks.", "b": text, "c": "It shrinks."})
    assert [card.members for group in groups for card in group.cards] == [("a", "b", "c")]
    assert groups[0].cards[0].text == "It shrinks."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It shrinks", "It  shrunk"),
        ("-1", "1"),
        (".5", "5"),
        ("3%", "3"),
        ("f(x", "f(x)"),
        ("```python\nX = 1\n```", "```python\nx = 1\n```"),
        ("?", "!"),
    ],
)
def test_what_counts_makes_a_card(first: str, second: str) -> None:
    assert normalised(first) != normalised(second)


def test_the_key_of_a_card_is_the_same_in_another_class() -> None:
    (first,) = answer_groups({"a": "It shrinks."})
    keys = {card.key for group in class_with("it shrinks") for card in group.cards}
    assert first.key in keys


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.text(min_size=1, max_size=30), max_size=12)
)
def test_every_answer_is_in_one_card_of_one_group(answers: dict[str, str]) -> None:
    groups = answer_groups(answers)
    assert sorted(name for group in groups for name in group.members) == sorted(answers)
    for group in groups:
        assert group.key in {card.key for card in group.cards}
    sizes = [len(group.members) for group in groups]
    assert sizes == sorted(sizes, reverse=True)


# ------------------------------------------------------------------------------------- near


@pytest.mark.parametrize("texts", NEAR, ids=["pooling", "padding", "depth"])
def test_near_answers_are_one_group(texts: tuple[str, ...]) -> None:
    home = homes(class_with(*texts))
    assert len({home[f"s{n}"] for n in range(len(texts))}) == 1


@pytest.mark.parametrize(("first", "second"), APART)
def test_answers_that_differ_in_what_matters_are_apart(first: str, second: str) -> None:
    home = homes(class_with(first, second))
    assert home["s0"] != home["s1"]


def test_different_ideas_are_apart() -> None:
    ideas = [*marked_class.SENTENCES, *(row[0] for row in NEAR[1:])]
    home = homes(answer_groups({f"s{n}": idea for n, idea in enumerate(ideas)}))
    assert all(home[f"s{a}"] != home[f"s{b}"] for a, b in combinations(range(len(ideas)), 2))


def test_no_chain_of_small_differences_joins_opposite_ends() -> None:
    words = marked_class.WORDS
    answers = {f"s{n:02}": " ".join(words[n : n + 12]) for n in range(len(words) - 12)}
    home = homes(answer_groups(answers))
    assert home["s00"] != home["s11"]


def test_groups_do_not_depend_on_the_order_of_submissions() -> None:
    answers = {f"s{n}": text for n, text in enumerate(text for row in NEAR for text in row)}
    shuffled = list(answers.items())
    random.Random(1).shuffle(shuffled)
    assert answer_groups(dict(shuffled)) == answer_groups(answers)


# ------------------------------------------------------------------------------------ edits


@pytest.fixture
def groups() -> list[AnswerGroup]:
    return class_with(*NEAR[0], NEAR[0][0], *NEAR[1])


def cards_of(groups: list[AnswerGroup]) -> list[set[str]]:
    return [{card.key for card in group.cards} for group in groups]


def test_without_edits_nothing_changes(groups: list[AnswerGroup]) -> None:
    assert edited_groups(groups, GroupEdits()) == groups


def test_a_card_is_split_off_and_merged_again(groups: list[AnswerGroup]) -> None:
    largest = groups[0]
    leaving = largest.cards[-1].key
    edits = split_cards(groups, GroupEdits(), [leaving])
    split = edited_groups(groups, edits)
    assert len(split) == len(groups) + 1
    assert {leaving} in cards_of(split)
    assert {card.key for card in largest.cards[:-1]} in cards_of(split)
    merged = edited_groups(groups, merge_groups(split, edits, [largest.key, leaving]))
    assert cards_of(merged)[0] == cards_of(groups)[0]
    assert len(merged) == len(groups)


def test_the_card_that_stands_for_a_group_may_leave_it(groups: list[AnswerGroup]) -> None:
    largest = groups[0]
    edits = split_cards(groups, GroupEdits(), [largest.key])
    split = edited_groups(groups, edits)
    assert {largest.key} in cards_of(split)
    assert {card.key for card in largest.cards} - {largest.key} in cards_of(split)


def test_a_name_stays_with_its_group(groups: list[AnswerGroup]) -> None:
    edits = name_group(groups, GroupEdits(), groups[0].key, "  keeps the\nlargest ")
    named = edited_groups(groups, edits)
    assert [group.name for group in named if group.name] == ["keeps the largest"]
    edits = split_cards(named, edits, [named[0].cards[-1].key])
    split = edited_groups(groups, edits)
    (largest,) = [group for group in split if group.name]
    assert len(largest.cards) == len(groups[0].cards) - 1
    edits = merge_groups(split, edits, [split[-1].key, largest.key])
    (merged,) = [group for group in edited_groups(groups, edits) if group.name]
    assert len(merged.cards) == len(largest.cards) + len(split[-1].cards)
    edits = name_group(edited_groups(groups, edits), edits, merged.key, "")
    assert not any(group.name for group in edited_groups(groups, edits))


def test_edits_outlive_a_changed_class(groups: list[AnswerGroup]) -> None:
    """Cards whose answers have all changed are gone; the others stay where people put them."""
    first, second = groups[0], groups[1]
    edits = merge_groups(groups, GroupEdits(), [first.key, second.key])
    edits = name_group(edited_groups(groups, edits), edits, first.key, "both")
    later = {
        name: card.text
        for group in groups
        for card in group.cards
        for name in card.members
        if card.key != first.key
    }
    edited = edited_groups(answer_groups(later), edits)
    (both,) = [group for group in edited if group.name == "both"]
    assert first.key not in {card.key for card in both.cards}
    assert {card.key for card in second.cards} <= {card.key for card in both.cards}


def test_keys_of_nothing_change_nothing(groups: list[AnswerGroup]) -> None:
    edits = GroupEdits()
    assert split_cards(groups, edits, ["nothing"]) == edits
    assert merge_groups(groups, edits, ["nothing", groups[0].key]) == edits
    assert name_group(groups, edits, "nothing", "x") == edits


@pytest.mark.slow
@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 9), max_size=3)), max_size=6))
def test_no_edit_loses_an_answer(steps: list[tuple[bool, list[int]]]) -> None:
    texts = [f"{sentence} {word}" for sentence in marked_class.SENTENCES[:2] for word in "abcde"]
    answers = {f"s{n}": text for n, text in enumerate(texts)}
    groups = answer_groups(answers)
    edits, edited = GroupEdits(), groups
    cards = [card.key for group in groups for card in group.cards]
    for splits, numbers in steps:
        if splits:
            edits = split_cards(edited, edits, [cards[n] for n in numbers])
        else:
            keys = [group.key for group in edited]
            edits = merge_groups(edited, edits, [keys[n % len(keys)] for n in numbers])
        edited = edited_groups(groups, edits)
        assert sorted(name for group in edited for name in group.members) == sorted(answers)
        assert len({group.key for group in edited}) == len(edited)


def test_automatic_answers_are_grouped_by_what_went_wrong() -> None:
    def outcome(
        *failed: str, named: tuple[str, ...] = (), answered: bool = True
    ) -> AutomaticOutcome:
        return AutomaticOutcome(0, answered, failed, named, (), {}, "")

    swapped = outcome("test_value", named=("swapped",))
    groups = failure_groups(
        {
            **{"a": swapped, "b": outcome(), "c": swapped, "d": outcome("test_value")},
            **{"e": swapped, "f": outcome(answered=False)},
        }
    )
    assert groups[0].members == ("a", "c", "e")
    assert (groups[0].failed, groups[0].misconceptions) == (("test_value",), ("swapped",))
    assert len(groups) == len({group.key for group in groups}) == 4
    assert [group.members for group in groups if not group.answered] == [("f",)]
