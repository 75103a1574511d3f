"""How far two markers agree who marked the same answers without seeing each other's marks."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from ottermark.marking.state import Placed
from ottermark.marking.values import Mark
from ottermark.marking.workspace import Workspace
from ottermark.rubric import Rubric, RubricItem

SHARE = 0.1  # of the answers are marked twice
LEAST = 10  # answers to a question, or all if there are fewer


@dataclass(frozen=True)
class ItemAgreement:
    """How far two markers agree on one item of a rubric.

    Attributes:
        kappa: Cohen's, from -1 to 1; None if it is not defined, as when both always, or both never,
            chose the item.
        both: in how many answers both chose it.
        first_only: in how many only the first marker did.
        second_only: in how many only the second did.
        neither: in how many neither did.
    """

    id: str
    text: str
    kappa: float | None
    both: int
    first_only: int
    second_only: int
    neither: int


@dataclass(frozen=True)
class Agreement:
    """How far two markers agree on a question.

    Attributes:
        answers: how many were marked twice.
        mean_difference: the second's points less the first's, on average; None without answers.
        mean_distance: the same without signs.
        items: in the order of the rubric.
    """

    question: str
    answers: int
    mean_difference: float | None
    mean_distance: float | None
    items: tuple[ItemAgreement, ...]


def second_sample(submissions: Iterable[str], question: str) -> tuple[str, ...]:
    """Return the submissions whose answers are to be marked twice, in an order by chance.

    The same ones are chosen each time, whoever asks.

    Args:
        submissions: those with an answer.
    """
    by_chance = sorted(submissions, key=lambda name: _chance(question, name))
    wanted = max(LEAST, math.ceil(SHARE * len(by_chance)))
    return tuple(by_chance[:wanted])


def agreement(pairs: Sequence[tuple[Mark, Mark]], rubric: Rubric) -> Agreement:
    """Compare marks of the same answers.

    Args:
        pairs: the first marker's and the second's.
        rubric: of their question.
    """
    differences = [second.score(rubric) - first.score(rubric) for first, second in pairs]
    # marks from elsewhere have points and no items
    itemised = [pair for pair in pairs if all(mark.points is None for mark in pair)]
    return Agreement(
        question=rubric.question,
        answers=len(pairs),
        mean_difference=fmean(differences) if pairs else None,
        mean_distance=fmean(map(abs, differences)) if pairs else None,
        items=tuple(_item_agreement(item, itemised) for item in rubric.items),
    )


def pairs_on(workspace: Workspace, question: str) -> dict[str, tuple[Mark, Mark]]:
    """Return by submission the first and the second mark of a question, where they can be compared.

    Submissions that have left the class are left out.
    """
    state = workspace.store.state()
    pairs = {}
    for name in workspace.submissions:
        first, second = (marks.get((name, question)) for marks in (state.marks, state.seconds))
        if first is not None and second is not None and _are_comparable(first, second):
            pairs[name] = first.value, second.value
    return pairs


def _are_comparable(first: Placed[Mark], second: Placed[Mark]) -> bool:
    """Tell whether two people marked the same version of an answer."""
    return first.marker != second.marker and first.answer == second.answer


def agreement_on(workspace: Workspace, question: str) -> Agreement:
    """Compare the marks of a question that ``pairs_on`` returns."""
    pairs = [*pairs_on(workspace, question).values()]
    return agreement(pairs, workspace.rubrics()[question])


def cohen_kappa(both: int, first_only: int, second_only: int, neither: int) -> float | None:
    """Return Cohen's kappa of two markers' yes and no; None if chance alone would agree always."""
    answers = both + first_only + second_only + neither
    if not answers:
        return None
    observed = (both + neither) / answers
    first, second = (both + first_only) / answers, (both + second_only) / answers
    expected = first * second + (1 - first) * (1 - second)
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def _item_agreement(item: RubricItem, pairs: Sequence[tuple[Mark, Mark]]) -> ItemAgreement:
    counts = Counter((item.id in first.items, item.id in second.items) for first, second in pairs)
    table = [counts[chosen] for chosen in ((True, True), (True, False), (False, True))]
    both, first_only, second_only = table
    neither = counts[False, False]
    kappa = cohen_kappa(both, first_only, second_only, neither)
    return ItemAgreement(item.id, item.text, kappa, both, first_only, second_only, neither)


def _chance(question: str, name: str) -> str:
    text = f"{question}\0{name}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()
