"""Where there is no terminal, progress is a line now and then."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from ottermark.cli.progress import SECONDS_BETWEEN_LINES, grading_progress, step_progress


def lines_of(monkeypatch: pytest.MonkeyPatch, seconds: list[float]) -> list[str]:
    """Return the lines that are printed when submissions are done at these times."""
    times = iter([0.0, *seconds])
    monkeypatch.setattr("ottermark.cli.progress.time.monotonic", lambda: next(times))
    out = io.StringIO()
    with grading_progress(len(seconds), Console(file=out)) as advance:
        for number in range(len(seconds)):
            advance(f"[bold]student{number}")
    return out.getvalue().splitlines()


def test_a_line_follows_the_last_one_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    late = SECONDS_BETWEEN_LINES
    lines = lines_of(monkeypatch, [1, 2, late, late + 1, 2 * late, 2 * late + 5])
    assert lines == ["graded 3 of 6 in 30 s", "graded 5 of 6 in 60 s", "graded 6 of 6 in 65 s"]


def test_a_short_run_has_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_of(monkeypatch, [n / 100 for n in range(400)]) == ["graded 400 of 400 in 4 s"]


def test_nothing_is_redrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(lines_of(monkeypatch, [1, 40, 80]))
    assert "\r" not in text and "\x1b" not in text


def test_on_a_terminal_there_is_a_bar() -> None:
    out = io.StringIO()
    with grading_progress(2, Console(file=out, force_terminal=True, width=100)) as advance:
        advance("[bold]ann")
        advance("ben")
    assert "2/2" in out.getvalue() and "\x1b" in out.getvalue()


def test_a_step_is_named_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ottermark.cli.progress.SECONDS_BETWEEN_LINES", 0.05)
    out = io.StringIO()
    with step_progress(Console(file=out)) as show:
        show("solution: running cell [7]")
        deadline = time.monotonic() + 10
        while "cell" not in out.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        show("")  # a step that ends leaves the name of the last one
    assert out.getvalue().splitlines()[0] == "after 0 s: solution: running cell [7]"


def test_short_steps_print_nothing() -> None:
    out = io.StringIO()
    with step_progress(Console(file=out)) as show:
        show("reading")
    assert out.getvalue() == ""


def test_on_a_terminal_the_step_is_shown_at_once() -> None:
    out = io.StringIO()
    with step_progress(Console(file=out, force_terminal=True, width=100)) as show:
        show("reading the master notebook")
        time.sleep(0.5)  # it is drawn several times a second
    assert "reading the master notebook" in out.getvalue()
