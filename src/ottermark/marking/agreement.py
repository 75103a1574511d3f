"""How far two markers agree who marked the same answers without seeing each other's marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ottermark.marking.values import Mark
from ottermark.marking.workspace import Workspace
from ottermark.rubric import Rubric

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


def second_sample(
    submissions: Iterable[str], question: str, share: float = SHARE, least: int = LEAST
) -> tuple[str, ...]:
    """Return the submissions whose answers are to be marked twice, in an order by chance.

    The same submissions are chosen each time, and those chosen stay when others are added, but for
    what the smaller share of a larger class leaves out.

    Args:
        submissions: those with an answer.
        share: of them, from 0 to 1.
        least: as many at least, if there are so many.
    """
    raise NotImplementedError


def agreement(pairs: Sequence[tuple[Mark, Mark]], rubric: Rubric) -> Agreement:
    """Compare marks of the same answers.

    Args:
        pairs: the first marker's and the second's.
        rubric: of their question.
    """
    raise NotImplementedError


def agreement_on(workspace: Workspace, question: str) -> Agreement:
    """Compare the first and the second marks of a question that are about the same version."""
    raise NotImplementedError
