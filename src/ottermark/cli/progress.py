"""The progress bar of grading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ottermark.cli.console import err_console


@contextmanager
def grading_progress(total: int) -> Iterator[Any]:
    """Show a bar over ``total`` submissions; yields it and a function that advances it."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=err_console) as bar:
        task = bar.add_task("starting Python for the notebooks", total=total)

        def advance(body: dict[str, Any], _kept: bool) -> None:
            told = body["extra_data"]
            bar.update(task, advance=1, description=told["submission"])
            if told["status"] == "rejected":
                bar.console.print(
                    f"rejected: {body['tests'][0]['output']}",
                    markup=False,
                    highlight=False,
                    soft_wrap=True,
                )

        yield bar, advance
