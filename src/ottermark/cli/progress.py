"""The progress of long work: what changes on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import threading
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


@contextmanager
def step_progress(console: Console) -> Iterator[Callable[[str], None]]:
    """Show the step that work is at; yields a function that takes the next one."""
    if console.is_terminal:
        with console.status("starting") as status:
            yield status.update
        return
    start, step, ended = time.monotonic(), "starting", threading.Event()

    def show(description: str) -> None:
        nonlocal step
        step = description or step

    def print_lines() -> None:
        while not ended.wait(SECONDS_BETWEEN_LINES):
            line = f"after {time.monotonic() - start:.0f} s: {step}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    printer = threading.Thread(target=print_lines, daemon=True)
    printer.start()
    try:
        yield show
    finally:
        ended.set()
        printer.join()


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
