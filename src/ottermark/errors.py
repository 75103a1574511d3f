"""The two ways a command may end badly; anything else is a bug."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong use or bad input (exit status 2).

    The message is one plain sentence that names the file and the mend.
    """


class CheckFailedError(Exception):
    """The thing that was checked does not hold (exit status 1).

    Args:
        problems: one plain sentence a problem; all of them are shown.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
