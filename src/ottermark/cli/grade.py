"""``ottermark grade``."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ottermark.cli.changes import MAX_ROWS, can_ask, change_table
from ottermark.cli.console import err_console, exit_interrupted, out_console, print_plain
from ottermark.cli.options import autograder_option, jobs_option
from ottermark.cli.progress import grading_progress
from ottermark.errors import CheckFailedError, UsageError
from ottermark.installation import PAGE_MODULES, extra_fix, missing_module

if TYPE_CHECKING:
    from ottermark.batch.run import BatchEvent, BatchOptions, Change
    from ottermark.grading.autograder import Autograder
    from ottermark.results.document import ResultDocument
    from ottermark.submissions.candidates import CollectedSubmissions, Submission

CHANGES_FILE = "changes.csv"


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
@click.option(
    "--only-named",
    is_flag=True,
    help="Remove from the tables what was graded into OUT before and is not named now.",
)
@click.option(
    "--plain-keras",
    is_flag=True,
    help="Have Keras train as it does by itself, which takes longer and gives the same numbers.",
)
@click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Overwrite earlier grades without asking; needed where there is no terminal to ask on.",
)
def grade(
    submission: tuple[Path, ...],
    autograder: Path,
    out: Path,
    jobs: int | None,
    isolation: str | None,
    limits: tuple[str, ...],
    dask: str | None,
    only_named: bool,
    plain_keras: bool,
    yes: bool,
) -> None:
    """Grade each SUBMISSION: a notebook, one of Otter's zips, or a folder of them.

    The folder or zip may be a download from Gradescope, Canvas, Moodle, Blackboard or D2L. A run
    that was stopped continues where it stopped; a result is kept while neither the submission nor
    the autograder has changed. Submissions that were graded into OUT before stay in its tables, so
    a late one is added by naming it alone; one of the same name takes the place of the earlier.
    Before earlier results are overwritten, the changes are shown.
    """
    from ottermark.batch.local_executor import default_jobs
    from ottermark.batch.run import BatchOptions
    from ottermark.grading.autograder import open_autograder
    from ottermark.limits import Limits, parse_limit
    from ottermark.submissions.collect import collect

    if dask and jobs:
        raise UsageError("--jobs is for this machine; leave it out with --dask.")
    limit_changes = dict(map(parse_limit, limits))
    paths, out = [_resolved(path) for path in submission], out.resolve()
    with (
        _resumable(out),
        open_autograder(autograder) as grader,
        collect(paths, grader.assignment) as collected,
    ):
        options = BatchOptions(
            jobs=jobs or default_jobs(),
            limits=Limits().with_changes({**grader.config.limits, **limit_changes}),
            isolation=isolation,
            dask=dask,
            only_named=only_named,
            plain_keras=plain_keras,
        )
        _grade_class(collected, grader, out, options, yes)


def _grade_class(
    collected: CollectedSubmissions,
    grader: Autograder,
    out: Path,
    options: BatchOptions,
    yes: bool,
) -> None:
    """Grade, write the tables, and say what was done.

    Raises:
        CheckFailedError: earlier results would change, and there is nobody to ask.
    """
    from ottermark.batch.run import Batch
    from ottermark.batch.tables import write_tables

    for notice in _not_counted(collected):
        _say(notice)
    with Batch(collected, grader, out, options) as batch:
        _show_events(batch.events(), len(collected.submissions), options.isolation)
        changes = batch.changes
        accepted = not changes or _confirm(changes, yes)
        if accepted:
            batch.accept()
        documents = batch.documents
        with err_console.status("writing the tables"):
            write_tables(out, grader, batch.whole_class, batch.class_documents)
    if len(documents) <= MAX_ROWS:
        out_console.print(_table(documents, collected.submissions))
    counts = Counter(document.status for document in documents)
    summary = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    reused = f" ({batch.reused} kept from an earlier run)" if batch.reused else ""
    out_console.print(f"{summary}{reused}.")
    if not accepted:
        out_console.print(
            "Nothing was overwritten: the earlier results stand. The new results are kept; the same "
            "command asks again, without grading again."
        )
    has_written = any(question.manual for question in grader.assignment.questions)
    _show_files(out, bool(changes), has_written)
    if not accepted and not can_ask():
        raise CheckFailedError(
            f"{len(changes)} earlier result{'s' * (len(changes) != 1)} would change, and there is no "
            f"terminal to ask on; look at {out / CHANGES_FILE} and run the same command with -y to "
            "overwrite them."
        )


def _show_files(out: Path, changed: bool, has_written: bool) -> None:
    for title, name in (
        ("Changes", CHANGES_FILE if changed else ""),
        ("Grades", "grades.csv"),
        ("Feedback", "feedback"),
        ("Report", "report.html"),
    ):
        if name:
            print_plain(f"{title}: {out / name}")
    if has_written:
        first = f"{extra_fix('class')}, and then " if missing_module(PAGE_MODULES) else ""
        print_plain(f"Written answers: {first}mark them with `ottermark review {out}`")


@contextlib.contextmanager
def _resumable(out: Path) -> Iterator[None]:
    """End the command with a sentence on how to go on when it is interrupted."""
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        exit_interrupted(
            f"Stopped. What has been graded is kept in {out}; run the same command again to continue."
        )


def _say(text: str) -> None:
    err_console.print(text, markup=False, highlight=False, soft_wrap=True)


def _not_counted(collected: CollectedSubmissions) -> Iterator[str]:
    from ottermark.text import listed, shown_path

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
        yield f"Not submissions: {listed(map(shown_path, collected.ignored), MAX_ROWS)}."


def _show_events(events: Iterator[BatchEvent], total: int, isolation: str | None) -> None:
    """Grade, show the progress, and print what is worth knowing."""
    from ottermark.batch.run import SubmissionGraded
    from ottermark.batch.tasks import Notice, SandboxStarted

    with grading_progress(total, err_console) as advance:
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
                    if sandbox.unfit_levers:
                        _say(
                            "This version of Keras or TensorFlow is not known, so training takes "
                            f"longer ({', '.join(sandbox.unfit_levers)}); the points are the same."
                        )


def _confirm(changes: Sequence[Change], yes: bool) -> bool:
    """Show what grading again changes, and ask whether it may be written."""
    out_console.print(change_table(changes, "What grading again changes", where=CHANGES_FILE))
    return yes or (can_ask() and click.confirm("Overwrite the earlier results?"))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise UsageError(f"{path} is a link that leads nowhere; name the file itself.") from None


def _table(documents: Sequence[ResultDocument], submissions: Sequence[Submission]) -> Table:
    from ottermark.submissions.candidates import display_names

    table = Table(box=None, header_style="bold", pad_edge=False)
    students = {s.name: display_names(s.students) for s in submissions}
    named = any(students.values())
    _add_columns(table, named)
    table.add_column("status")
    table.add_column("score", justify="right")
    table.add_column("of", justify="right")
    table.add_column("points lost in", overflow="fold")
    for document in documents:
        name = document.submission
        cells = [
            *(name, *([students[name]] if named else [])),
            *(document.status, f"{document.score:g}", f"{document.max_score:g}"),
            _lost(document),
        ]
        table.add_row(*map(Text, cells))
    return table


def _add_columns(table: Table, named: bool) -> None:
    """Add the columns of submissions and, if any are known, of students."""
    table.add_column("submission")
    if named:
        table.add_column("student")


def _lost(document: ResultDocument) -> str:
    """Return the ids of the questions in which points were lost."""
    if document.status == "rejected":
        return ""
    questions = document.questions.items()
    lost = [id for id, entry in questions if (entry.score or 0) < (entry.max_score or 0)]
    return " ".join(lost) if document.score else "everything"
