"""``ottermark build``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import ASSIGNMENT
from ottermark.cli.progress import step_progress
from ottermark.diagnostics import BuildFailedError, Diagnostic, Severity
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
@click.option("--strict", is_flag=True, help="Make errors of warnings.")
@click.option(
    "--allow", metavar="RULE", multiple=True, help="Make a warning of this error; repeatable."
)
@click.option("--watch", is_flag=True, help="Build again each time a file is saved, until Ctrl-C.")
def build(
    master: Path | None,
    out: Path,
    check: bool,
    question: str | None,
    strict: bool,
    allow: tuple[str, ...],
    watch: bool,
) -> None:
    """Build the student version, the autograder and the solutions from MASTER.

    MASTER is an Otter Assign (v1 format) notebook; the default is the one in assignment/.
    The folders are replaced only if the build has no errors: the structure of the master is sound,
    the solution earns all automatic points, the blank notebook earns no question, and no line of
    a hidden test or of a solution is found in the student folder. Each message ends with the id of
    its rule; what is no error is a warning. otter_config.json sets levels under "rules", and a comment
    "# ottermark: allow RULE" silences a rule in its cell.
    """
    from ottermark.authoring.build import build as run_build

    if check and question:
        raise UsageError("--check is about all questions; leave out --question.")
    master = master or _default_master()
    if watch:
        from ottermark.cli.watch import watch_and_build

        if check or question:
            raise UsageError("--watch builds; leave out --check and --question.")
        watch_and_build(master, out, strict, allow)
        return
    try:
        with step_progress(err_console) as show_step:
            result = run_build(
                master,
                out,
                check=check,
                question=question,
                strict=strict,
                allow=allow,
                progress=show_step,
            )
    except BuildFailedError as failed:
        _print_warnings(failed.diagnostics)
        raise
    _print_warnings(result.warnings)
    if question:
        _print_question(result)
    elif check:
        _print_check(result, out)
    else:
        _print_build(result, out)


def _print_warnings(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        if diagnostic.severity is Severity.WARNING:
            click.echo(f"Warning: {diagnostic}", err=True)


def _default_master() -> Path:
    masters = sorted(ASSIGNMENT.glob("*.ipynb"))
    if len(masters) == 1:
        return masters[0]
    count = f"{len(masters)} notebooks" if masters else "no notebook"
    raise UsageError(f"{ASSIGNMENT}/ has {count}; name the master notebook.")


def _print_question(result: BuildResult) -> None:
    (question,) = result.verified
    out_console.print(
        f"[bold]{question.id}[/]: the solution earns {_earned(result, question.points)} points, the "
        f"blank notebook {result.blank_score:g}. The question needs {result.cells_used} of "
        f"{result.cells_total} code cells; nothing was written.",
        highlight=False,
    )


def _earned(result: BuildResult, points: float) -> str:
    """Return what the solution earns of the points that the verified questions have."""
    if result.solution_score >= points:
        return f"all {points:g}"
    return f"{result.solution_score:g} of {points:g}"


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
    public = f" ({result.public_points:g} by public ones)" if result.public_points else ""
    out_console.print(
        f"[bold]{assignment.name}[/]: {len(assignment.questions)} questions, "
        f"{points:g} points by tests{public}, {manual_points:g} by hand."
    )
    out_console.print(
        f"The solution earns {_earned(result, points)}, the blank notebook {result.blank_score:g}."
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
