"""``ottermark marks``: marks and regrade requests as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ottermark.cli.changes import MAX_ROWS, NOTHING, ask_to_write
from ottermark.cli.console import out_console, print_plain
from ottermark.cli.options import checked_marker, graded_argument, yes_option
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from ottermark.marking.marks_csv import ImportPlan
    from ottermark.marking.workspace import Workspace

_file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_marker_option = click.option("--marker", metavar="NAME", required=True, help="Who writes them.")


@click.group()
def marks() -> None:
    """Export and import marks by hand, and import regrade requests."""


@marks.command("export")
@graded_argument
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The CSV file to write.  [default: print it]",
)
@click.option("--anonymous", is_flag=True, help="Pseudonyms in place of submissions; no markers.")
def export_marks(out: Path, file: Path | None, anonymous: bool) -> None:
    """Write the marks by hand in OUT, which `ottermark grade` wrote, as CSV.

    There is a row for each submission and written question; where there is no mark yet, its cells
    are empty. What has been filled in or changed can be imported again.
    """
    from ottermark.files import write_atomically
    from ottermark.marking.marks_csv import marks_csv
    from ottermark.marking.workspace import Workspace

    with Workspace(out) as workspace:
        text = marks_csv(workspace, anonymous)
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        write_atomically(file, text)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}); name another file with -o."
        ) from None
    print_plain(f"Marks: {file}")


@marks.command("import")
@graded_argument
@_file_argument
@_marker_option
@yes_option
def import_marks(out: Path, file: Path, marker: str, yes: bool) -> None:
    """Import marks by hand from a CSV FILE into OUT.

    It has the columns submission and question, and points, items (ids of the rubric, separated by
    spaces) or both; comment, adjustment and answer are optional. Rows without points and items are
    left out. What changes is shown before anything is written.
    """
    from ottermark.marking.marks_csv import plan_import
    from ottermark.marking.workspace import Workspace

    with Workspace(out) as workspace:
        plan = plan_import(workspace, file)
        _import(workspace, plan, file, checked_marker(marker), yes, "mark")


@marks.command("requests")
@graded_argument
@_file_argument
@_marker_option
@yes_option
def import_requests(out: Path, file: Path, marker: str, yes: bool) -> None:
    """Import regrade requests from a CSV FILE into OUT.

    It has the columns submission, question and text. A submission may also be named by the email
    address or number of its student. Requests that were imported before are left out.
    """
    from ottermark.marking.requests_csv import plan_requests
    from ottermark.marking.workspace import Workspace

    with Workspace(out) as workspace:
        plan = plan_requests(workspace, file)
        _import(workspace, plan, file, checked_marker(marker), yes, "request")


def _import(
    workspace: Workspace, plan: ImportPlan, file: Path, marker: str, yes: bool, noun: str
) -> None:
    """Show what would be written, ask, and write it.

    Raises:
        CheckFailedError: there is nobody to ask, or somebody marks at the same moment.
    """
    from ottermark.marking.store import ConflictError

    counts = {"unchanged": plan.unchanged, "without a mark": plan.empty}
    left_out = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    if not plan.changes:
        print_plain(f"Nothing to import from {file}: {left_out or 'it has no rows'}.")
        return
    out_console.print(_table(plan, noun))
    count = _count(len(plan.changes), noun)
    if not ask_to_write(f"Write {count} as {marker}?", f"{count} would be written", yes):
        return
    try:
        workspace.store.write(marker, plan.changes, reason=f"imported from {file.name}")
    except ConflictError as error:
        raise CheckFailedError(
            f"Nothing was written: {error} Run the same command again to see what it changes now."
        ) from None
    print_plain(f"Written: {count}{left_out and f'; {left_out}'}.")


def _table(plan: ImportPlan, noun: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("submission", "question", "before", "now" if noun == "mark" else "text"):
        table.add_column(title, overflow="fold")
    for row in plan.rows[:MAX_ROWS]:
        table.add_row(*(Text(cell or NOTHING) for cell in row))
    if (more := len(plan.rows) - MAX_ROWS) > 0:
        table.add_row(f"and {more} more")
    return table


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
