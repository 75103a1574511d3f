"""``ottermark release``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ottermark.cli.changes import MAX_ROWS, NOTHING, ask_to_write, change_table
from ottermark.cli.console import err_console, out_console, print_plain
from ottermark.cli.options import graded_argument, yes_option

if TYPE_CHECKING:
    from ottermark.batch.run import Change
    from ottermark.release.final_grades import FinalGrade
    from ottermark.release.release import Release


@click.command()
@graded_argument
@click.option(
    "--partial",
    is_flag=True,
    help="Release although answers are not marked; what is missing stays empty.",
)
@yes_option
def release(out: Path, partial: bool, yes: bool) -> None:
    """Write the final grades of a class that was graded into OUT and marked.

    They go into OUT/final/: grades.csv with the marks by hand, gradebooks for Gradescope, Canvas
    and Moodle, and the feedback pages to return. What would change is shown before anything is
    written, and earlier final grades are kept as final.1/, final.2/ and so on. Exits 1 if answers
    are not marked yet.
    """
    from ottermark.marking.workspace import Workspace
    from ottermark.release.final_folder import FinalFolder
    from ottermark.release.release import TABLE, TOTAL, Release, changed_pages, changes_between

    out = out.resolve()
    with Workspace(out) as workspace, FinalFolder(out) as folder:
        if folder.resumed:
            print_plain(f"The last release was interrupted; {folder.path} is now complete.")
        final = Release.of(workspace, partial)
        with err_console.status("writing tables and pages"):
            final.write(folder.draft)
        if folder.is_unchanged():
            _print_notes(final)
            print_plain(f"Nothing changes: {folder.path} has these final grades already.")
            return
        if folder.path.exists():
            changes = changes_between(folder.path, folder.draft)
            pages = changed_pages(folder.path, folder.draft)
            _show_changes(changes, len(pages), TOTAL)
        else:
            out_console.print(_first_table(final.grades))
        _print_notes(final)
        verb = "change" if folder.path.exists() else "be written"
        would = f"Final grades in {folder.path} would {verb}"
        if not ask_to_write("Write the final grades?", would, yes):
            return
        kept = folder.accept()
    if kept:
        print_plain(f"Earlier final grades: {kept}")
    _print_summary(final)
    print_plain(f"Final grades: {out / folder.path.name / TABLE}")


def _print_notes(final: Release) -> None:
    for note in final.notes:
        print_plain(note)


def _show_changes(changes: Sequence[Change], pages: int, total: str) -> None:
    if changes:
        out_console.print(change_table(changes, "What this release changes", total))
    print_plain(f"Feedback pages that are new or changed: {pages}.")


def _first_table(grades: Sequence[FinalGrade]) -> Table:
    """Return a table of final grades where there are no earlier ones."""
    from ottermark.submissions.candidates import display_names

    table = Table(box=None, header_style="bold", pad_edge=False, title="Final grades")
    names = [display_names(grade.submission.students) for grade in grades]
    columns = ["submission", *(["student"] if any(names) else [])]
    for column in columns:
        table.add_column(column)
    for column in ("tests", "by hand", "late", "final", "of"):
        table.add_column(column, justify="right")
    for grade, name in list(zip(grades, names, strict=True))[:MAX_ROWS]:
        off = grade.lateness.deduction
        points = [_points(grade.by_tests), _points(grade.by_hand), f"−{off:g}" if off else ""]
        points += [_points(grade.total), f"{grade.possible:g}"]
        table.add_row(*map(Text, [grade.name, name][: len(columns)]), *map(Text, points))
    if (more := len(grades) - MAX_ROWS) > 0:
        table.add_row(f"and {more} more")
    return table


def _points(points: float | None) -> str:
    return NOTHING if points is None else f"{points:g}"


def _print_summary(final: Release) -> None:
    count = len(final.complete)
    mean = sum(grade.total or 0.0 for grade in final.complete) / count if count else 0.0
    average = f", {mean:.1f} of {final.possible:g} points on average" if count else ""
    rest = len(final.grades) - count
    open_ones = f"; {rest} not complete" if rest else ""
    print_plain(f"{count} final grade{'s' * (count != 1)}{average}{open_ones}.")
