"""``ottermark calibrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ottermark.cli.console import out_console
from ottermark.cli.options import ASSIGNMENT, jobs_option

if TYPE_CHECKING:
    pass


@click.command()
@click.option("--seeds", type=click.IntRange(1), default=200, show_default=True, help="Runs each.")
@click.option("--only", multiple=True, metavar="DESIGN", help="This design; can be given again.")
@jobs_option
@click.option("--check", is_flag=True, help="Train nothing; exit 1 if runs are lacking or stale.")
def calibrate(seeds: int, only: tuple[str, ...], jobs: int | None, check: bool) -> None:
    """Train what students hand in over many seeds, and say which pass marks hold.

    The designs and the marks in force are in assignment/calibration/, and so are the runs. A run
    that was stopped goes on where it was. Exits 1 if a mark in force does not hold.
    """
    from ottermark.batch.local_executor import default_jobs
    from ottermark.calibration import summary
    from ottermark.calibration.runs import run_all

    folder = ASSIGNMENT / "calibration"
    if not check:
        run_all(folder, seeds, only, jobs or default_jobs())

    def say(text: str) -> None:
        out_console.print(text, markup=False, highlight=False, soft_wrap=True)

    summary.calibrate(folder, check, seeds, say)
    say(f"Picture: {folder / 'calibration.svg'}")
