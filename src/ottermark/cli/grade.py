"""``ottermark grade``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import autograder_option, jobs_option
from ottermark.cli.progress import grading_progress
from ottermark.errors import UsageError

if TYPE_CHECKING:
    from ottermark.batch.run import Change

MOST_ROWS = 60


@click.command()
@click.argument("submission", nargs=-1, required=True, type=click.Path(path_type=Path))
@autograder_option
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("grades"),
    show_default=True,
    help="Where grades, feedback and the report go.",
)
@jobs_option
@click.option(
    "--isolation",
    type=click.Choice(["userns", "uid", "none"]),
    envvar="OTTERMARK_ISOLATION",
    help="The walls around students' code.  [default: the best there are; see `ottermark doctor`]",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Change a limit, e.g. cell=60 (seconds) or memory=1G; can be given again.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Grade on the Dask cluster whose scheduler is there, e.g. tcp://10.0.0.1:8786.",
)
@click.option("-y", "--yes", is_flag=True, help="Write a regrade over earlier grades unasked.")
def grade(
    submission: tuple[Path, ...],
    autograder: Path,
    out: Path,
    jobs: int | None,
    isolation: str | None,
    limits: tuple[str, ...],
    dask: str | None,
    yes: bool,
) -> None:
    """Grade each SUBMISSION: a notebook, one of Otter's zips, or a folder of them.

    The folder or zip may be a download from Gradescope, Canvas or Moodle. A run that was stopped
    goes on where it was; what was graded before is kept while neither the submission nor the
    autograder has changed. A regrade shows what changes for whom before it overwrites.
    """
    from ottermark.batch.local_executor import default_jobs
    from ottermark.batch.run import BatchOptions, called, grade_all, write_tables
    from ottermark.grading.autograder import open_autograder
    from ottermark.limits import Limits
    from ottermark.sandbox.sandbox import Sandbox
    from ottermark.submissions.collect import collect

    if dask and jobs:
        raise UsageError("--jobs is for this machine; leave it out with --dask.")
    Limits().with_changes(limits)  # a slip is told before anything is read
    paths = [_resolved(path) for path in submission]
    out = out.resolve()

    def say(text: str) -> None:
        err_console.print(text, markup=False, highlight=False, soft_wrap=True)

    def started(sandbox: Sandbox) -> None:
        if isolation is None and (warning := sandbox.warning("these marks")):
            say(warning)

    with (
        open_autograder(autograder) as grader,
        collect(paths, grader.assignment.notebook) as intake,
        grading_progress(len(intake.sheets)) as (bar, advance),
    ):
        for left in intake.superseded:
            say(f"Not graded: {called(left.path)}; {left.by.name} counts, {left.why}.")
        for gone in intake.parted:
            say(
                f"Does not count for {gone.student.called}: {gone.of.name}; {gone.by.name} does, "
                f"{gone.why}."
            )

        def approve(changes: Sequence[Change]) -> bool:
            bar.stop()
            out_console.print(_change_table(changes))
            return yes or not sys.stdin.isatty() or click.confirm("Write this over what stands?")

        wishes = BatchOptions(
            jobs=jobs or default_jobs(),
            limits=Limits().with_changes([*grader.options.limits, *limits]),
            isolation=isolation,
            dask=dask,
            done=advance,
            started=started,
            say=say,
            approve=approve,
        )
        outcome = grade_all(intake, grader, out, wishes)
        bar.stop()
        with err_console.status("writing the tables"):
            write_tables(out, grader, intake, outcome.bodies)
    bodies = outcome.bodies
    if len(bodies) <= MOST_ROWS:
        out_console.print(_table(bodies))
    counts = Counter(body["extra_data"]["status"] for body in bodies)
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    kept = f" ({outcome.kept} kept from an earlier run)" if outcome.kept else ""
    out_console.print(f"{said}{kept}.")
    if not outcome.approved:
        out_console.print(
            "What stood before stands: nothing was overwritten. The new results are kept; the same "
            "command asks again, without grading again."
        )
    for title, name in (
        ("Changes", "changes.csv" if outcome.changes else ""),
        ("Grades", "grades.csv"),
        ("Feedback", "feedback"),
        ("Report", "report.html"),
    ):
        if name:
            out_console.print(f"{title}: {out / name}", highlight=False, soft_wrap=True)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise UsageError(f"{path} is a link that leads nowhere; name the file itself.") from None


def _change_table(changes: Sequence[Change]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, title="What grading again changes")
    table.add_column("submission")
    table.add_column("before", justify="right")
    table.add_column("now", justify="right")
    table.add_column("in", overflow="fold")
    for change in changes[:MOST_ROWS]:
        where = [
            f"{name} {change.before.get(name, '–')} → {change.after.get(name, '–')}"
            for name in change.columns
            if name != "score"
        ]
        score = change.before["score"], change.after["score"]
        table.add_row(change.submission, *score, ", ".join(where))
    if (more := len(changes) - MOST_ROWS) > 0:
        table.add_row(f"and {more} more, see changes.csv")
    return table


def _table(bodies: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("submission")
    table.add_column("status")
    table.add_column("score", justify="right")
    table.add_column("of", justify="right")
    table.add_column("points lost in", overflow="fold")
    for body in bodies:
        told = body["extra_data"]
        lost = [t["number"] for t in body["tests"] if "number" in t and t["score"] < t["max_score"]]
        where = " ".join(lost) if body["score"] else "everything"
        table.add_row(
            told["submission"],
            told["status"],
            f"{body['score']:g}",
            f"{told['max_score']:g}",
            where if told["status"] != "rejected" else "",
        )
    return table
