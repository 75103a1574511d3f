"""``ottermark grade``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from ottermark.cli.console import err_console, out_console
from ottermark.cli.options import autograder_option, jobs_option
from ottermark.cli.progress import grading_progress
from ottermark.errors import UsageError

if TYPE_CHECKING:
    from ottermark.batch.run import BatchEvent, Change
    from ottermark.results.document import ResultDocument
    from ottermark.submissions.candidates import CollectedSubmissions

MAX_ROWS = 60


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
    help="How students' code is isolated.  [default: the best mode of this machine; see "
    "`ottermark doctor`]",
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
@click.option("-y", "--yes", is_flag=True, help="Overwrite earlier grades without asking.")
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

    The folder or zip may be a download from Gradescope, Canvas, Moodle, Blackboard or D2L. A run
    that was stopped continues where it stopped; a result is kept while neither the submission nor
    the autograder has changed. Before earlier results are overwritten, the changes are shown.
    """
    from ottermark.batch.local_executor import default_jobs
    from ottermark.batch.run import Batch, BatchOptions
    from ottermark.batch.tables import write_tables
    from ottermark.grading.autograder import open_autograder
    from ottermark.limits import Limits, parse_limit
    from ottermark.submissions.collect import collect

    if dask and jobs:
        raise UsageError("--jobs is for this machine; leave it out with --dask.")
    limit_changes = dict(map(parse_limit, limits))
    paths, out = [_resolved(path) for path in submission], out.resolve()
    with (
        open_autograder(autograder) as grader,
        collect(paths, grader.assignment.notebook, grader.assignment.handout) as collected,
    ):
        for notice in _not_counted(collected):
            _say(notice)
        options = BatchOptions(
            jobs=jobs or default_jobs(),
            limits=Limits().with_changes({**grader.config.limits, **limit_changes}),
            isolation=isolation,
            dask=dask,
        )
        with Batch(collected, grader, out, options) as batch:
            _show_events(batch.events(), len(collected.submissions), isolation)
            accepted = not batch.changes or _confirm(batch.changes, yes)
            if accepted:
                batch.accept()
            documents = batch.documents
        with err_console.status("writing the tables"):
            write_tables(out, grader, collected, documents)
    if len(documents) <= MAX_ROWS:
        out_console.print(_table(documents))
    counts = Counter(document.status for document in documents)
    summary = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    reused = f" ({batch.reused} kept from an earlier run)" if batch.reused else ""
    out_console.print(f"{summary}{reused}.")
    if not accepted:
        out_console.print(
            "Nothing was overwritten: the earlier results stand. The new results are kept; the same "
            "command asks again, without grading again."
        )
    for title, name in (
        ("Changes", "changes.csv" if batch.changes else ""),
        ("Grades", "grades.csv"),
        ("Feedback", "feedback"),
        ("Report", "report.html"),
    ):
        if name:
            out_console.print(f"{title}: {out / name}", highlight=False, soft_wrap=True)


def _say(text: str) -> None:
    err_console.print(text, markup=False, highlight=False, soft_wrap=True)


def _not_counted(collected: CollectedSubmissions) -> Iterator[str]:
    from ottermark.batch.tables import shown_path

    for file in collected.superseded:
        yield (
            f"Not graded: {shown_path(file.path)}; {file.submission.name} counts instead, since "
            f"{file.reason}."
        )
    for exception in collected.group_exceptions:
        yield (
            f"Does not count for {exception.student.display_name}: "
            f"{exception.group_submission.name}; {exception.individual_submission.name} does, "
            f"since {exception.reason}."
        )
    if collected.ignored:
        names = ", ".join(shown_path(path) for path in collected.ignored[:MAX_ROWS])
        more = len(collected.ignored) - MAX_ROWS
        yield f"Not submissions: {names}{f' and {more} more' if more > 0 else ''}."


def _show_events(events: Iterator[BatchEvent], total: int, isolation: str | None) -> None:
    """Grade, with a progress bar, and print what is worth knowing."""
    from ottermark.batch.run import SubmissionGraded
    from ottermark.batch.tasks import Notice, SandboxStarted

    with grading_progress(total) as advance:
        for event in events:
            match event:
                case SubmissionGraded(document):
                    advance(document.submission)
                    if document.status == "rejected":
                        _say(f"rejected: {document.facts.message}")
                case Notice(text):
                    _say(text)
                case SandboxStarted(sandbox):
                    if isolation is None and (warning := sandbox.warning("these points")):
                        _say(warning)


def _confirm(changes: Sequence[Change], yes: bool) -> bool:
    """Show what grading again changes, and ask whether it may be written."""
    out_console.print(_change_table(changes))
    return yes or not sys.stdin.isatty() or click.confirm("Overwrite the earlier results?")


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
    for change in changes[:MAX_ROWS]:
        where = [
            f"{name} {change.before.get(name, '–')} → {change.after.get(name, '–')}"
            for name in change.columns
            if name != "score"
        ]
        score = change.before["score"], change.after["score"]
        table.add_row(change.submission, *score, ", ".join(where))
    if (more := len(changes) - MAX_ROWS) > 0:
        table.add_row(f"and {more} more, see changes.csv")
    return table


def _table(documents: Sequence[ResultDocument]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("submission")
    table.add_column("status")
    table.add_column("score", justify="right")
    table.add_column("of", justify="right")
    table.add_column("points lost in", overflow="fold")
    for document in documents:
        lost = [
            id
            for id, entry in document.questions.items()
            if (entry.score or 0) < (entry.max_score or 0)
        ]
        where = " ".join(lost) if document.score else "everything"
        table.add_row(
            document.submission,
            document.status,
            f"{document.score:g}",
            f"{document.max_score:g}",
            where if document.status != "rejected" else "",
        )
    return table
