"""Show what a command would change, and find out whether anybody can be asked about it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ottermark.cli.console import print_plain
from ottermark.errors import CheckFailedError

if TYPE_CHECKING:
    from ottermark.batch.run import Change

MAX_ROWS = 60
NOTHING = "–"


def can_ask() -> bool:
    """Return whether there is a terminal to ask on."""
    return sys.stdin.isatty()


def ask_to_write(question: str, would: str, yes: bool) -> bool:
    """Return whether something may be written, and say that nothing was if it may not.

    Args:
        would: what would be written, as the beginning of a sentence.
        yes: whether the option ``-y`` has answered already.

    Raises:
        CheckFailedError: there is nobody to ask.
    """
    if yes or (can_ask() and click.confirm(question)):
        return True
    print_plain("Nothing was written.")
    if not can_ask():
        raise CheckFailedError(
            f"{would}, and there is no terminal to ask on; run the same command with -y to write them."
        )
    return False


def change_table(
    changes: Sequence[Change], title: str, total: str = "score", where: str = ""
) -> Table:
    """Return a table of changes: whose, what they had before and have now, and in which columns.

    Args:
        total: the column whose values are before and now.
        where: the file that has all of them, if they are more than the table shows.
    """
    table = Table(box=None, header_style="bold", pad_edge=False, title=title)
    named = any(change.students for change in changes)
    table.add_column("submission")
    if named:
        table.add_column("student")
    table.add_column("before", justify="right")
    table.add_column("now", justify="right")
    table.add_column("in", overflow="fold")
    for change in changes[:MAX_ROWS]:
        totals = [side.get(total) or NOTHING for side in (change.before, change.after)]
        students = [change.students] if named else []
        table.add_row(
            *map(Text, (change.submission, *students, *totals, _differences(change, total)))
        )
    if (more := len(changes) - MAX_ROWS) > 0:
        table.add_row(f"and {more} more{f', see {where}' if where else ''}")
    return table


def _differences(change: Change, total: str) -> str:
    """Return what is different beside the total, column by column."""
    if not change.before:
        return "new"
    if not change.after:
        return "no longer in the class"
    return ", ".join(
        f"{name} {change.before.get(name) or NOTHING} → {change.after.get(name) or NOTHING}"
        for name in change.columns
        if name != total
    )
