"""``ottermark calibrate``."""

from __future__ import annotations

from pathlib import Path

import click

from ottermark.cli.console import err_console, print_plain
from ottermark.cli.options import ASSIGNMENT, jobs_option
from ottermark.errors import CheckFailedError
from ottermark.installation import require


@click.command()
@click.option(
    "--seeds", type=click.IntRange(1), default=200, show_default=True, help="Runs of each design."
)
@click.option("--only", multiple=True, metavar="DESIGN", help="Train this design; can be repeated.")
@jobs_option
@click.option("--check", is_flag=True, help="Train nothing; exit 1 if runs are missing or stale.")
def calibrate(seeds: int, only: tuple[str, ...], jobs: int | None, check: bool) -> None:
    """Train the reference models over many seeds, and propose pass marks.

    The designs, the marks in force and the runs are in assignment/calibration/. An interrupted
    training continues where it stopped. Exits 1 if a mark in force does not hold.
    """
    require("keras", ("tensorflow", "keras", "scipy", "matplotlib"), "The calibration")
    from ottermark.calibration.summary import (
        find_stale,
        format_question,
        summarize,
        write_summary,
    )

    folder = ASSIGNMENT / "calibration"
    if not check:
        _train(folder, seeds, only, jobs)
    summary = summarize(folder)
    problems = list(summary.problems)
    if check:
        problems = [*find_stale(folder, summary, seeds), *problems]
    else:
        write_summary(folder, summary)
    for question, of_question in summary.questions.items():
        print_plain(format_question(question, of_question))
    if not check:
        print_plain(f"Plot: {folder / 'calibration.svg'}")
    if problems:
        raise CheckFailedError(*problems)


def _train(folder: Path, seeds: int, only: tuple[str, ...], jobs: int | None) -> None:
    """Train the missing runs, with a progress bar."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from ottermark.batch.local_executor import default_jobs
    from ottermark.calibration.training import plan, train

    tasks = plan(folder, seeds, only)
    if not tasks:
        return
    columns = (
        TextColumn("training"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=err_console, speed_estimate_period=600) as bar:
        progress = bar.add_task("", total=len(tasks))
        for run in train(folder, tasks, jobs or default_jobs()):
            bar.update(progress, advance=1, description=f"{run.design}, seed {run.seed}")
