"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from ottermark.errors import UsageError
from ottermark.text import one_line

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
yes_option = click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Write without asking; needed where there is no terminal to ask on.",
)


def checked_marker(name: str) -> str:
    """Return the name of a marker; raises ``UsageError`` if nobody can be called so."""
    from ottermark.marking.marker_names import MAX_NAME, is_marker_name

    if not is_marker_name(name):
        raise UsageError(
            f'--marker "{one_line(name, MAX_NAME)}" is no name; give one of at most {MAX_NAME} '
            "characters on one line, such as --marker ann."
        )
    return name
