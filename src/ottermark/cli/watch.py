"""``ottermark build --watch``: build again each time a file of the assignment is saved."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ottermark.cli.console import end_interrupted, print_plain
from ottermark.config import CONFIG_FILE
from ottermark.diagnostics import BuildFailedError, Severity
from ottermark.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from ottermark.authoring.build_result import BuildResult
    from ottermark.sandbox.sandbox import Sandbox

LOOK_SECONDS = 0.3
LOOKS_SHARE = 0.1  # the most of the time that looking at many files may take

Versions = dict[str, tuple[int, ...]]


def watch_and_build(master: Path, out: Path, strict: bool, allow: tuple[str, ...]) -> None:
    """Build, and again after each change beside the master, with one line for each; never returns.

    Messages of errors and warnings follow on stderr.
    """
    from ottermark.assignment import OTTER_TESTS
    from ottermark.sandbox.sandbox import Sandbox

    print_plain(f"Watching {master.parent}; Ctrl-C ends it.")
    try:
        with Sandbox([OTTER_TESTS], trusted=True) as sandbox:
            for _ in changes(master, out):
                start = time.monotonic()
                text = _build(master, out, strict, allow, sandbox)
                now = datetime.now().strftime("%H:%M:%S")
                print_plain(f"{now} {text} ({time.monotonic() - start:.1f} s)")
    except KeyboardInterrupt:
        end_interrupted("Stopped.")


def changes(master: Path, out: Path) -> Iterator[None]:
    """Yield at once, and then whenever files have changed and stay as they are for a moment.

    Files are compared by what changes with them, so it is all the same whether an editor writes into
    a file or puts another one in its place.
    """
    built: Versions | None = None
    before, pause = _versions(master, out)
    while True:
        if before != built:
            built = before
            yield
        time.sleep(pause)
        now, pause = _versions(master, out)
        while now != before:  # an editor may still be writing
            before = now
            time.sleep(pause)
            now, pause = _versions(master, out)


def _versions(master: Path, out: Path) -> tuple[Versions, float]:
    """Return all files that a build may read, and for how long not to look again."""
    start = time.monotonic()
    versions: Versions = {}
    for path in (out / CONFIG_FILE, *_files(master.parent, out)):
        try:
            status = path.stat()
        except OSError:  # an editor is replacing it
            continue
        versions[str(path)] = status.st_ino, status.st_size, status.st_mtime_ns
    return versions, max(LOOK_SECONDS, (time.monotonic() - start) / LOOKS_SHARE)


def _files(folder: Path, out: Path) -> Iterator[Path]:
    """Yield the files below a folder, without hidden ones and without what builds write."""
    from ottermark.authoring.package import FOLDERS

    generated = {(out / name).resolve() for name in FOLDERS}
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [
            name
            for name in folders
            if not name.startswith((".", "__")) and Path(parent, name).resolve() not in generated
        ]
        for name in names:
            if not name.startswith(".") and not name.endswith("~"):
                yield Path(parent, name)


def _build(master: Path, out: Path, strict: bool, allow: tuple[str, ...], sandbox: Sandbox) -> str:
    """Build once; return in a few words what came out of it."""
    from ottermark.authoring.build import build

    try:
        result = build(master, out, strict=strict, allow=allow, sandbox=sandbox)
    except BuildFailedError as failed:
        errors = [d for d in failed.diagnostics if d.severity is Severity.ERROR]
        for diagnostic in failed.diagnostics:
            kind = "Error" if diagnostic in errors else "Warning"
            click.echo(f"{kind}: {diagnostic}", err=True)
        return f"{_count(len(errors), 'error')}; nothing was written"
    except (UsageError, CheckFailedError) as error:
        for sentence in error.problems:
            click.echo(f"Error: {sentence}", err=True)
        return f"{_count(len(error.problems), 'error')}; nothing was written"
    for warning in result.warnings:
        click.echo(f"Warning: {warning}", err=True)
    return _summary(result)


def _summary(result: BuildResult) -> str:
    ids = [question.id for question in result.verified]
    graded = [id for id in ids if id in result.graded]
    which = "all questions" if len(graded) == len(ids) else ", ".join(graded) or "nothing"
    return (
        f"{result.assignment.name}: {which} verified, {_count(len(result.changed), 'file')} changed"
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
