"""``ottermark build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.authoring import rules
from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import ASSIGNMENT
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from ottermark.authoring.build_result import BuildResult


@click.command()
@click.argument("master", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where student/, autograder/ and solutions/ go.  [default: the current folder]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a generated file is stale.")
@click.option(
    "--question", metavar="ID", help="Verify only this question, in seconds; write nothing."
)
def build(master: Path | None, out: Path, check: bool, question: str | None) -> None:
    """Build the student version, the autograder and the solutions from MASTER.

    MASTER is an Otter Assign (v1 format) notebook; the default is the one in assignment/.
    The folders are replaced only if the build has no errors: the structure of the master is sound,
    the solution runs to the end and earns all automatic points, the blank notebook earns none, and
    the student folder contains no hidden test and no solution.
    """
    from ottermark.authoring.build import build as run_build

    if check and question:
        raise UsageError("--check is about all questions; leave out --question.")
    master = master or _default_master()
    with err_console.status("starting") as status:
        result = run_build(master, out, check=check, question=question, progress=status.update)
    for warning in result.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if question:
        _print_question(result)
    elif check:
        _print_check(result, out)
    else:
        _print_build(result, out)


def _default_master() -> Path:
    masters = sorted(ASSIGNMENT.glob("*.ipynb"))
    if len(masters) == 1:
        return masters[0]
    count = f"{len(masters)} notebooks" if masters else "no notebook"
    raise UsageError(f"{ASSIGNMENT}/ has {count}; name the master notebook.")


def _print_question(result: BuildResult) -> None:
    (question,) = result.verified
    out_console.print(
        f"[bold]{question.id}[/]: the solution earns all {question.points:g} points, the blank "
        f"notebook 0. The question needs {result.cells_used} of {result.cells_total} code cells; "
        "nothing was written.",
        highlight=False,
    )


def _print_check(result: BuildResult, out: Path) -> None:
    """Print that everything is up to date; raises ``CheckFailedError`` if it is not."""
    if result.changed:
        raise CheckFailedError(
            *(f"{out / name} is stale; run `ottermark build`." for name in result.changed)
        )
    out_console.print("Everything is up to date: a build would change nothing.")


def _print_build(result: BuildResult, out: Path) -> None:
    assignment = result.assignment
    points = assignment.max_score
    manual_points = sum(question.points for question in assignment.questions if question.manual)
    out_console.print(
        f"[bold]{assignment.name}[/]: {len(assignment.questions)} questions, "
        f"{points:g} points by tests, {manual_points:g} by hand."
    )
    blank_raises = any(warning.rule == rules.BLANK_RAISES.id for warning in result.warnings)
    to_the_end = "the solution runs" if blank_raises else "both run"
    out_console.print(
        f"The solution earns all {points:g}, the blank notebook 0; {to_the_end} to the end."
    )
    count = len(result.changed)
    changed = f"{count} file{'' if count == 1 else 's'} changed." if count else "No file changed."
    out_console.print(changed)
    for name, audience in (
        ("student", "for students"),
        ("autograder/autograder.zip", "for Gradescope"),
        ("solutions", "for staff"),
    ):
        out_console.print(f"  {out / name}  [dim]{audience}[/]", highlight=False)
