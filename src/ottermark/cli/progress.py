"""The progress bar of grading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ottermark.cli.console import err_console


@contextmanager
def grading_progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar; yields a function that advances it and shows a submission's name."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=err_console) as bar:
        task = bar.add_task("starting Python for the notebooks", total=total)

        def advance(name: str) -> None:
            bar.update(task, advance=1, description=name)

        yield advance
