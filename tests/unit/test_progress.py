"""Where there is no terminal, progress is a line now and then."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ottermark.cli.progress import SECONDS_BETWEEN_LINES, grading_progress


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
