"""``ottermark release``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.cli.changes import can_ask, change_table
from ottermark.cli.console import err_console, out_console, print_plain
from ottermark.cli.options import graded_argument
from ottermark.errors import CheckFailedError

if TYPE_CHECKING:
    from ottermark.batch.run import Change
    from ottermark.release.final_folder import FinalFolder
    from ottermark.release.release import Release


@click.command()
@graded_argument
@click.option(
    "--partial",
    is_flag=True,
    help="Release although answers are not marked; what is missing stays empty.",
)
@click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Write without asking; needed where there is no terminal to ask on.",
)
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
        for note in final.notes:
            print_plain(note)
        if folder.is_unchanged():
            print_plain(f"Nothing changes: {folder.path} has these final grades already.")
            return
        is_first = not folder.path.exists()
        changes = changes_between(folder.path, folder.draft)
        _show(changes, changed_pages(folder.path, folder.draft), is_first, TOTAL)
        if not _accepted(yes):
            _refuse(folder, len(changes))
            return
        kept = folder.accept()
    if kept:
        print_plain(f"Earlier final grades: {kept}")
    _print_summary(final)
    print_plain(f"Final grades: {out / folder.path.name / TABLE}")


def _show(changes: Sequence[Change], pages: Sequence[str], is_first: bool, total: str) -> None:
    title = "Final grades" if is_first else "What this release changes"
    if changes:
        out_console.print(change_table(changes, title, total))
    count = len(pages)
    print_plain(f"Feedback pages that are new or changed: {count}.")


def _accepted(yes: bool) -> bool:
    return yes or (can_ask() and click.confirm("Write the final grades?"))


def _refuse(folder: FinalFolder, changes: int) -> None:
    """Say that nothing was written; raises ``CheckFailedError`` if nobody could be asked."""
    print_plain("Nothing was written.")
    if not can_ask():
        raise CheckFailedError(
            f"The final grades of {changes} submission{'s' * (changes != 1)} in {folder.path} would "
            "change, and there is no terminal to ask on; run the same command with -y to write them."
        )


def _print_summary(final: Release) -> None:
    count = len(final.complete)
    mean = sum(grade.total or 0.0 for grade in final.complete) / count if count else 0.0
    average = f", {mean:.1f} of {final.possible:g} points on average" if count else ""
    rest = len(final.grades) - count
    open_ones = f"; {rest} not complete" if rest else ""
    print_plain(f"{count} final grade{'s' * (count != 1)}{average}{open_ones}.")
