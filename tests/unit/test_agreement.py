"""The agreement of two markers, against scikit-learn's kappa and against plain counting."""

from __future__ import annotations

import warnings
from pathlib import Path

import marked_class
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ottermark.marking.agreement import agreement, agreement_on, second_sample
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Kind, Mark
from ottermark.marking.workspace import Workspace
from ottermark.rubric import Rubric, RubricItem

RUBRIC = Rubric("q2", 3, (RubricItem("a", "A.", 2), RubricItem("b", "B.", 1)))
choices = st.sets(st.sampled_from(["a", "b"])).map(sorted).map(tuple)


@pytest.mark.slow
@given(st.lists(st.tuples(choices, choices), min_size=1, max_size=30))
def test_kappa_is_that_of_scikit_learn(
    pairs: list[tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    from sklearn.metrics import cohen_kappa_score  # takes seconds, which other tests need not wait

    result = agreement([(Mark(first), Mark(second)) for first, second in pairs], RUBRIC)
    assert result.answers == len(pairs)
    for item in result.items:
        first = [item.id in chosen for chosen, _ in pairs]
        second = [item.id in chosen for _, chosen in pairs]
        if len({*first, *second}) == 1:
            assert item.kappa is None
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert item.kappa == pytest.approx(cohen_kappa_score(first, second))
        assert item.both + item.first_only + item.second_only + item.neither == len(pairs)


def test_differences_of_points() -> None:
    pairs = [
        (Mark(("a",)), Mark(("a", "b"))),
        (Mark(("a",)), Mark()),
        (Mark(points=1), Mark(("b",))),
    ]
    result = agreement(pairs, RUBRIC)
    assert result.mean_difference == pytest.approx(-1 / 3)
    assert result.mean_distance == 1
    assert [(i.both, i.first_only, i.second_only, i.neither) for i in result.items] == [
        (1, 1, 0, 0),  # the mark with points alone says nothing on items
        (0, 0, 1, 1),
    ]


def test_no_pairs_have_no_agreement() -> None:
    result = agreement([], RUBRIC)
    assert (result.answers, result.mean_difference, result.mean_distance) == (0, None, None)
    assert [item.kappa for item in result.items] == [None, None]


def test_the_sample_is_the_same_each_time_and_another_for_each_question() -> None:
    names = [f"s{n}" for n in range(400)]
    sample = second_sample(names, "q2")
    assert len(sample) == len(set(sample)) == 40
    assert second_sample(reversed(names), "q2") == sample
    assert sorted(sample) != list(sample)
    assert set(second_sample(names, "q3")) != set(sample)
    assert len(second_sample(names[:30], "q2")) == 10
    assert len(second_sample(names[:3], "q2")) == 3


def test_only_blind_marks_of_the_same_version_by_two_people_count(tmp_path: Path) -> None:
    marked = marked_class.small_class(tmp_path / "out", 5)
    with Workspace(marked.out) as workspace:

        def put(marker: str, kind: Kind, name: str, *items: str) -> None:
            digest = workspace.written("q2")[name].digest
            workspace.store.write(marker, [MarkChange(kind, name, "q2", Mark(items), digest)])

        for name in marked.names:
            put("ann", "mark", name, "right")
        put("bob", "second", "s0000", "right")
        put("bob", "second", "s0001")
        put("ann", "second", "s0002")  # herself
        marked.hand_in_again("s0003", {"q2": "Another answer."})
        put("bob", "second", "s0003")  # of a later version
        result = agreement_on(workspace, "q2")
        assert (result.answers, result.mean_difference) == (2, -1.5)
        assert (result.items[0].both, result.items[0].first_only) == (1, 1)
