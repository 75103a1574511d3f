"""``ottermark doctor``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.table import Table

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import autograder_option
from ottermark.errors import CheckFailedError


@click.command()
@autograder_option
def doctor(autograder: Path) -> None:
    """Show which isolation this machine offers, and what a Gradescope container would need."""
    from ottermark import doctor as examine
    from ottermark.grading.autograder import open_autograder

    with err_console.status("setting up isolation"):
        checks = examine.check_modes()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("isolation", "available", "layers, or the reason"):
        table.add_column(column, overflow="fold")
    for check in checks:
        available = "no" if check.problem else "yes"
        table.add_row(check.mode, available, check.problem or ", ".join(check.layers))
    out_console.print(table)
    best = next(check.mode for check in checks if check.problem is None)
    out_console.print(f"`ottermark grade` uses [bold]{best}[/] here; on Gradescope it uses uid.")
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
            "No isolation is available: results that are graded on this machine are not protected "
            "from students' code."
        )
