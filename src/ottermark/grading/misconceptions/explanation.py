"""Find the slips that explain an answer, or nothing where several explain it equally well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ottermark.grading.misconceptions.slips import Derivation, Slip
from ottermark.grading.misconceptions.values import RAISED, UNKNOWN, Part, split, values_equal

_Cells = list[tuple[int, Part]]  # the index of a case, and a part of the answer to it


@dataclass(frozen=True)
class Explanation:
    """A slip that explains an answer, or a part of it.

    Attributes:
        parts: those it explains, where the others are right; empty for all.
        classes: the classes of inputs it explains, where the others are right; empty for all.
        beside_another: whether another slip explains the other classes, which are not right then.
    """

    slip: Slip
    parts: tuple[Part, ...] = ()
    classes: tuple[str, ...] = ()
    beside_another: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether the slip was seen in a part of the answer only, and could have shown elsewhere."""
        return bool(self.parts or self.classes) and not self.beside_another


@dataclass(frozen=True)
class _Cover:
    """A slip, and the classes of inputs in which it answers as the student's function does."""

    slip: Slip
    classes: frozenset[str]


def explain(derivation: Derivation, answers: Sequence[Any]) -> list[Explanation]:
    """Return what explains the answers to the cases that are asked.

    A slip that fits everywhere comes before one that fits a part of each answer, and that before one
    or two that fit some classes of inputs. It is nothing if several explain them equally well.
    """
    if not answers or any(answer is UNKNOWN for answer in answers):
        return []
    return _Comparison(derivation, answers).explain()


def find_slip(derivation: Derivation, edits: Sequence[str], answers: Sequence[Any]) -> Slip | None:
    """Return the first slip by one of these edits that gives the same answers."""
    comparison = _Comparison(derivation, answers)
    slips = (slip for slip in derivation.slips if slip.edit in edits)
    return next((slip for slip in slips if comparison.fits_all(slip)), None)


def wrong_side(derivation: Derivation, answer: Any) -> int | None:
    """Return which number of a pair of equal sides is wrong, if only one is."""
    right, sides = split(derivation.right[0]), split(answer)
    if not derivation.is_constant or not sides.keys() == right.keys() == {0, 1}:
        return None
    wrong = [side for side in (0, 1) if not values_equal(sides[side], right[side])]
    is_only = len(wrong) == 1 and values_equal(right[0], right[1])
    return wrong[0] if is_only else None


class _Comparison:
    """The answers of a student's name beside the right ones and those of the slips."""

    def __init__(self, derivation: Derivation, answers: Sequence[Any]) -> None:
        self.derivation = derivation
        self.answers = [split(answer) for answer in answers]
        # in the form of these answers, e.g. with a third number
        forms = [r for r in derivation.rights if split(r[0]).keys() == self.answers[0].keys()]
        self.right = [split(answer) for answer in (forms or derivation.rights)[0]]
        self.wrong = self._wrong_cells(self.answers)
        every = [(index, part) for index, answer in enumerate(self.answers) for part in answer]
        # the wrong ones first, since these dismiss most slips
        self.cells = sorted(every, key=lambda cell: cell not in self.wrong)

    def explain(self) -> list[Explanation]:
        if not self.wrong:
            return []
        whole = self._likeliest(self.cells)
        if whole:
            return [Explanation(slip) for slip in self._only(whole)]
        return self._explain_parts() or self._explain_classes()

    def fits_all(self, slip: Slip) -> bool:
        """Return whether a slip gives the same answers."""
        return self._fits(slip, self.cells)

    def _explain_parts(self) -> list[Explanation]:
        parts = tuple(dict.fromkeys(part for _, part in self.wrong))
        if len(parts) == len(self.right[0]) or not set(parts) <= self.right[0].keys():
            return []
        cells = [(index, part) for index, part in self.cells if part in parts]
        return [Explanation(slip, parts) for slip in self._only(self._likeliest(cells))]

    def _explain_classes(self) -> list[Explanation]:
        """Explain the classes of inputs with wrong answers by one slip, or by two."""
        classes = list(dict.fromkeys(self._class(index) for index, _ in self.wrong))
        cells = {c: [cell for cell in self.cells if self._class(cell[0]) == c] for c in classes}
        covers = [
            _Cover(slip, frozenset(c for c in classes if self._fits(slip, cells[c])))
            for slip in self.derivation.slips
        ]
        alone = [cover for cover in covers if len(cover.classes) == len(classes)]
        if not alone:
            return self._explain_by_two(covers, classes)
        others = [len(self._classes_of(cover.slip) - cover.classes) for cover in alone]
        ranks = list(zip(others, [cover.slip.rank for cover in alone], strict=True))
        likeliest = [c.slip for c, rank in zip(alone, ranks, strict=True) if rank == min(ranks)]
        restriction = tuple(classes) if min(others) else ()
        return [Explanation(slip, classes=restriction) for slip in self._only(likeliest)]

    def _explain_by_two(self, covers: list[_Cover], classes: list[str]) -> list[Explanation]:
        """Explain an answer by two slips, each of which shows only where the other does not."""
        wrong = frozenset(classes)
        whole = [c for c in covers if c.classes and self._classes_of(c.slip) <= c.classes]
        groups: dict[frozenset[str], list[Slip]] = {}
        for cover in whole:
            groups.setdefault(cover.classes, []).append(cover.slip)
        pairs = {frozenset({one, wrong - one}) for one in groups if wrong - one in groups}
        if len(pairs) != 1:
            return []
        both = [(one, self._only(_of_best_rank(groups[one]))) for one in pairs.pop()]
        if not all(slips for _, slips in both):
            return []
        return [
            Explanation(slip, classes=tuple(c for c in classes if c in one), beside_another=True)
            for one, slips in both
            for slip in slips
        ]

    def _classes_of(self, slip: Slip) -> frozenset[str]:
        """Return the classes of inputs in which a slip is wrong."""
        answers = [slip.parts(index) for index in range(len(self.answers))]
        return frozenset(self._class(index) for index, _ in self._wrong_cells(answers))

    def _class(self, index: int) -> str:
        return self.derivation.cases[index].input_class

    def _likeliest(self, cells: _Cells) -> list[Slip]:
        """Return the slips of the best rank that fit."""
        return _of_best_rank(slip for slip in self.derivation.slips if self._fits(slip, cells))

    def _only(self, slips: list[Slip]) -> list[Slip]:
        """Return the first slip if the others are the same, nothing if they are not."""
        return slips[:1] if all(self.derivation.same(slips[0], s) for s in slips[1:]) else []

    def _fits(self, slip: Slip, cells: _Cells) -> bool:
        """Return whether a slip gives the same in some cells, raising an error where they do.

        Errors alone, which have many reasons, show nothing, even beside right answers.
        """
        shown = False
        for index, part in cells:
            answer, parts = self.answers[index], slip.parts(index)
            if answer.keys() != parts.keys() or not self.derivation.equal(
                answer[part], parts[part]
            ):
                return False
            shown = shown or (answer[part] is not RAISED and (index, part) in self.wrong)
        return shown

    def _wrong_cells(self, answers: Sequence[dict[Part, Any]]) -> _Cells:
        return [
            (index, part)
            for index, (answer, right) in enumerate(zip(answers, self.right, strict=False))
            for part, value in answer.items()
            if answer.keys() != right.keys() or not self.derivation.equal(value, right[part])
        ]


def _of_best_rank(slips: Iterable[Slip]) -> list[Slip]:
    """Return those of the best rank among slips that are in this order."""
    likeliest: list[Slip] = []
    for slip in slips:
        if likeliest and slip.rank > likeliest[0].rank:
            break
        likeliest.append(slip)
    return likeliest
