"""How much of its points a question earned, in four levels."""

from __future__ import annotations

from typing import Literal

from ottermark.results.document import Entry

ScoreLevel = Literal["full", "part", "zero", "unanswered"]


def score_level(entry: Entry) -> ScoreLevel:
    """Return the level of a scored entry."""
    if entry.status == "passed":
        return "full"
    if not entry.facts.answered:
        return "unanswered"
    return "part" if entry.score else "zero"
