"""``ottermark build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.assignment import OTTER_TESTS, Question
from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import ASSIGNMENT
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("master", type=click.Path(path_type=Path), required=False)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where student/, autograder/ and solutions/ go.  [default: here]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if what stands is stale.")
@click.option(
    "--question", metavar="ID", help="Prove this question alone, in seconds; write nothing."
)
def build(master: Path | None, out: Path, check: bool, question: str | None) -> None:
    """Split MASTER into student version, autograder and solutions, and prove them.

    MASTER is an Otter Assign (v1 format) notebook; the default is the one in assignment/.
    Nothing is replaced unless the master has no slip, the solution runs to the end and earns
    every automatic point, the blank notebook none, and nothing hidden is in the student folder.
    """
    from ottermark.python_source import code_cells, modules
    from ottermark.sandbox.sandbox import start_in_background

    if check and question:
        raise UsageError("--check is about all questions; leave out --question.")
    master = master or _only_master()
    first = [OTTER_TESTS]
    if question is None:  # else only what its cells need, once these are known
        first += modules(code_cells(master))
    with (
        err_console.status("starting") as status,
        start_in_background(first, trusted=True) as sandbox,
    ):
        # slow imports, beside those of the process that is starting
        from ottermark.authoring.build import build as run_build
        from ottermark.authoring.build import prove_question

        if question:
            proven = prove_question(master, out, question, sandbox, status.update)
        else:
            built = run_build(master, out, check, sandbox, status.update)
    if question:
        _tell_inside(proven.question)
        out_console.print(
            f"[bold]{question}[/]: the solution earns all {proven.question.points:g} points, the "
            f"blank notebook 0. {proven.cells} of {proven.of} code cells were run; nothing was written.",
            highlight=False,
        )
        return
    for each in built.assignment.questions:
        _tell_inside(each)
    for warning in (*built.raised, *built.ignored):
        click.echo(f"Warning: {warning}", err=True)
    points = built.assignment.max_score
    by_hand = sum(q.points for q in built.assignment.questions if q.manual)
    if check:
        if built.changed:
            stale = [f"{out / name} is stale; run `ottermark build`." for name in built.changed]
            raise CheckFailedError(*stale)
        out_console.print("Everything is fresh: a build would change nothing.")
        return
    out_console.print(
        f"[bold]{built.assignment.name}[/]: {len(built.assignment.questions)} questions, "
        f"{points:g} points by tests, {by_hand:g} by hand."
    )
    to_the_end = "the solution runs" if built.raised else "both run"
    out_console.print(
        f"The solution earns all {points:g}, the blank notebook 0; {to_the_end} to the end."
    )
    out_console.print(
        f"{len(built.changed)} files changed." if built.changed else "No file changed."
    )
    for name, what in (
        ("student", "for students"),
        ("autograder/autograder.zip", "for Gradescope"),
        ("solutions", "for staff"),
    ):
        out_console.print(f"  {out / name}  [dim]{what}[/]", highlight=False)


def _tell_inside(question: Question) -> None:
    if question.why_unprotected:
        click.echo(
            f"Warning: {question.id} will be graded inside the students' process, unprotected: "
            f"{question.why_unprotected}.",
            err=True,
        )


def _only_master() -> Path:
    found = sorted(ASSIGNMENT.glob("*.ipynb"))
    if len(found) == 1:
        return found[0]
    many = "no notebook" if not found else f"{len(found)} notebooks"
    raise UsageError(f"{ASSIGNMENT}/ holds {many}; name the master notebook.")
