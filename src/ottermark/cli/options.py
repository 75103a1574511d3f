"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

ASSIGNMENT = Path("assignment")  # the folder of the master notebook

autograder_option = click.option(
    "-a",
    "--autograder",
    type=click.Path(path_type=Path),
    default=Path("autograder"),
    show_default=True,
    help="An autograder folder or zip that `ottermark build` made.",
)
jobs_option = click.option(
    "-j", "--jobs", type=click.IntRange(1), help="How many at once.  [default: cores]"
)
graded_argument = click.argument("out", type=click.Path(path_type=Path, file_okay=False))
