"""The command group; each command has a file of its own."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import click

from ottermark import __version__
from ottermark.cli.audit import audit
from ottermark.cli.build import build
from ottermark.cli.calibrate import calibrate
from ottermark.cli.console import exit_interrupted
from ottermark.cli.doctor import doctor
from ottermark.cli.grade import grade
from ottermark.cli.marks import marks
from ottermark.cli.new import new
from ottermark.cli.release import release
from ottermark.cli.review import review
from ottermark.errors import CheckFailedError, UsageError


class _Group(click.Group):
    """Turns the expected endings into exit statuses and plain sentences."""

    def invoke(self, ctx: click.Context) -> Any:
        if (
            not sys.warnoptions
        ):  # NumPy's, about students' numbers, would stand between lines of progress
            warnings.filterwarnings("ignore", category=RuntimeWarning)
        try:
            return super().invoke(ctx)
        except UsageError as error:
            for sentence in error.problems:
                click.echo(f"Error: {sentence}", err=True)
            sys.exit(2)
        except CheckFailedError as failed:
            for sentence in failed.problems:
                click.echo(f"Error: {sentence}", err=True)
            sys.exit(1)
        except (KeyboardInterrupt, click.Abort):
            exit_interrupted("Stopped.")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ottermark")
def main() -> None:
    """Build, verify and grade Otter Assign labs."""


for command in (new, build, grade, review, release, marks, doctor, audit, calibrate):
    main.add_command(command)
