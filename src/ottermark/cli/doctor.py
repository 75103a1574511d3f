"""``ottermark doctor``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import autograder_option
from ottermark.errors import CheckFailedError

if TYPE_CHECKING:
    pass


@click.command()
@autograder_option
def doctor(autograder: Path) -> None:
    """Say which walls this machine gives, and what a Gradescope container would need."""
    from ottermark import doctor as examine
    from ottermark.grading.autograder import open_autograder

    with err_console.status("putting up walls"):
        walls = examine.walls()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("isolation", "stands", "layers, or what is in the way"):
        table.add_column(column, overflow="fold")
    for wall in walls:
        stands = "no" if wall.problem else "yes"
        table.add_row(wall.mode, stands, wall.problem or ", ".join(wall.layers))
    out_console.print(table)
    best = next(wall.mode for wall in walls if wall.problem is None)
    out_console.print(f"`ottermark grade` uses [bold]{best}[/] here; Gradescope gives uid.")
    if sys.platform == "linux" and autograder.exists():
        with err_console.status("starting a notebook"), open_autograder(autograder) as grader:
            memory = examine.memory(grader)
        out_console.print(
            f"{grader.assignment.name} takes {memory.grader / 1e6:,.0f} MB for the grader and "
            f"{memory.notebook / 1e6:,.0f} MB for a notebook's imports. The smallest "
            f"Gradescope container that leaves {examine.WORK / 1e6:,.0f} MB for its work has "
            f"{memory.tier[0]:g} CPU and {memory.tier[1]:g} GB.",
            highlight=False,
        )
    if best == "none":
        raise CheckFailedError(
            "No wall stands here: marks that are given on this machine are unprotected."
        )
