"""The checks of all questions at once."""

from __future__ import annotations

from collections.abc import Sequence

from .check import CheckResult


class Overview:
    """The results of some checks, ending in a list of the questions that are open.

    Args:
        results: in the order of the notebook.
    """

    def __init__(self, results: Sequence[CheckResult]) -> None:
        self.results = tuple(results)

    @property
    def open(self) -> tuple[CheckResult, ...]:
        """Those that are unanswered or cannot be read."""
        return tuple(result for result in self.results if result.is_open)

    def __repr__(self) -> str:
        return "\n".join(result.sentence for result in self.results)
