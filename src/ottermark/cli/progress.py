"""The progress of grading: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

SECONDS_BETWEEN_LINES = 30
_START = "starting Python for the notebooks"


@contextmanager
def grading_progress(total: int, console: Console) -> Iterator[Callable[[str], None]]:
    """Show the progress; yields a function that advances it and shows a submission's name."""
    if not console.is_terminal:
        yield _line_printer(total, console)
        return
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(_START, total=total)

        def advance(name: str) -> None:
            bar.update(task, advance=1, description=name)

        yield advance


def _line_printer(total: int, console: Console) -> Callable[[str], None]:
    """Return a function that counts submissions and prints a line when the last one is old."""
    done, start = 0, time.monotonic()
    last_line = start

    def advance(name: str) -> None:
        nonlocal done, last_line
        done += 1
        now = time.monotonic()
        if done == total or now - last_line >= SECONDS_BETWEEN_LINES:
            last_line = now
            console.print(f"graded {done} of {total} in {now - start:.0f} s", highlight=False)

    return advance
