"""The two consoles: results go to stdout, progress and messages to stderr."""

from __future__ import annotations

from rich.console import Console

out_console = Console()
err_console = Console(stderr=True)


def print_plain(text: str) -> None:
    """Print a result as it is: without markup, colours or line breaks of our own."""
    out_console.print(text, markup=False, highlight=False, soft_wrap=True)
