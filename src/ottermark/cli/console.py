"""The two consoles: results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from rich.console import Console

INTERRUPTED = 130  # as shells have it: 128 and the number of SIGINT

out_console = Console()
err_console = Console(stderr=True)


def print_plain(text: str) -> None:
    """Print a result as it is: without markup, colours or line breaks of our own."""
    out_console.print(text, markup=False, highlight=False, soft_wrap=True)


def exit_interrupted(sentence: str) -> NoReturn:
    """End the command after Ctrl-C, with a sentence on how to go on."""
    err_console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    sys.exit(INTERRUPTED)


def end_interrupted(sentence: str) -> NoReturn:
    """End the process after Ctrl-C, at once: Python may take long to free what it holds.

    Nothing that is still open is closed.
    """
    err_console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
