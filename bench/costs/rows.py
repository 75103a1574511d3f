"""The rows of the table, and the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """A figure of one lab.

    Attributes:
        figure: what it is.
        ours: of ottermark.
        other: what it is compared with; empty for nothing.
        theirs: of that.
        targets: the most that is wanted, of the ratio, the difference, or of ours alone.
        measure: which of these the targets are of.
        digits: of both figures.
    """

    figure: str
    ours: float
    other: str = ""
    theirs: float = 0.0
    targets: tuple[float, ...] = ()
    measure: Literal["ratio", "difference", "ours"] = "ratio"
    digits: int = 2

    @property
    def value(self) -> float:
        """What the targets are of."""
        if self.measure == "ours":
            return self.ours
        return self.ours - self.theirs if self.measure == "difference" else self.ours / self.theirs

    def figures(self) -> list[str]:
        """Return ours, theirs, and the ratio or the difference."""
        if not self.other:
            return [f"{self.ours:.{self.digits}f}", "", ""]
        ratio = f"{self.ours / self.theirs:.2f}"
        compared = f"{self.ours - self.theirs:+.2f}" if self.measure == "difference" else ratio
        return [f"{self.ours:.{self.digits}f}", f"{self.theirs:.{self.digits}f}", compared]

    def verdict(self) -> str:
        """Return what was to be reached, and whether it is."""
        unit = "ours at most " if self.targets and self.measure == "ours" else ""
        verdicts = [
            f"{most:.2f}: {'met' if self.value <= most else 'missed'}" for most in self.targets
        ]
        return unit + "; ".join(verdicts)


def table(labs: Mapping[str, Sequence[Row]]) -> str:
    """Return a Markdown table: for each figure what each lab gave, and the targets of the first lab.

    Args:
        labs: the rows of each lab, by its name; a figure may be missing for some.
    """
    head = ["figure", "compared with"]
    for name in labs:
        head += [f"{name}: ottermark", f"{name}: it", f"{name}: ratio"]
    lines = [[*head, f"target, {next(iter(labs))}"], ["---"] * (len(head) + 1)]
    by_key = [{(row.figure, row.other): row for row in rows} for rows in labs.values()]
    for key in dict.fromkeys(key for rows in by_key for key in rows):
        cells = list(key)
        for rows in by_key:
            cells += rows[key].figures() if key in rows else [""] * 3
        lines.append([*cells, by_key[0][key].verdict() if key in by_key[0] else ""])
    return "".join(_line(line) for line in lines)


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells) + "\n"
