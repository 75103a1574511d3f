"""``ottermark doctor``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import autograder_option
from ottermark.errors import CheckFailedError

if TYPE_CHECKING:
    from ottermark.doctor import IsolationMode


@click.command()
@autograder_option
def doctor(autograder: Path) -> None:
    """Show the isolation that this machine gives, and the Gradescope container that a lab needs."""
    from ottermark.doctor import WORK, find_isolation_modes, measure_memory
    from ottermark.grading.autograder import open_autograder

    with err_console.status("setting up isolation"):
        modes = find_isolation_modes()
    out_console.print(_table(modes))
    best = next(mode.name for mode in modes if mode.problem is None)
    out_console.print(f"`ottermark grade` uses [bold]{best}[/] here; Gradescope gives uid.")
    if sys.platform == "linux" and autograder.exists():
        with err_console.status("starting a notebook"), open_autograder(autograder) as opened:
            memory = measure_memory(opened)
        out_console.print(
            f"{opened.assignment.name} takes {memory.grader / 1e6:,.0f} MB for the grader and "
            f"{memory.notebook / 1e6:,.0f} MB for a notebook's imports. The smallest "
            f"Gradescope container that leaves {WORK / 1e6:,.0f} MB for its work has "
            f"{memory.tier[0]:g} CPU and {memory.tier[1]:g} GB.",
            highlight=False,
        )
    if best == "none":
        raise CheckFailedError(
            "No isolation is available here: points given on this machine are not protected."
        )


def _table(modes: Sequence[IsolationMode]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("isolation", "available", "layers, or why not"):
        table.add_column(column, overflow="fold")
    for mode in modes:
        table.add_row(
            mode.name, "no" if mode.problem else "yes", mode.problem or ", ".join(mode.layers)
        )
    return table
