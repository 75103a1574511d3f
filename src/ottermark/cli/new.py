"""``ottermark new``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ottermark.cli.console import print_plain


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small lab into DIR that works as it stands, to start your own from.

    It has a question of every kind and needs NumPy only. DIR must be empty or not exist.
    """
    from ottermark.authoring.new_lab import write_new_lab

    files = write_new_lab(folder)
    print_plain(f"{folder}: a lab of {len(files)} files; README.md says what each is. Next:")
    print_plain(f"  cd {shlex.quote(str(folder))}")
    print_plain("  ottermark build")
    print_plain("  ottermark grade student -o grades")
