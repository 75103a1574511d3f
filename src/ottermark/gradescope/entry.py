"""The entry that Gradescope's container calls for each submission."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from ottermark.errors import MachineFaultError, SubmissionRejectedError, UsageError
from ottermark.gradescope.container_limits import notebook_limits
from ottermark.gradescope.metadata import METADATA, UploadMetadata
from ottermark.grading.autograder import Autograder, open_autograder
from ottermark.grading.events import Event, Finished, PartialResult
from ottermark.grading.grade import grade
from ottermark.results.document import ResultDocument
from ottermark.results.render import UNFINISHED, render
from ottermark.results.result import SubmissionResult, zero_result
from ottermark.sandbox.processes import private_memory
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.archives import may_hold_notebook, without_untouched
from ottermark.submissions.file_kinds import expected_names, is_document, is_hidden, is_zip
from ottermark.submissions.notebook import is_untouched, read_submission

HOME = Path("/autograder")
ISOLATION = "OTTERMARK_ISOLATION"  # names the isolation, if not the best there is
NAME = "submission"  # of the one submission, in results

_BROKEN = ResultDocument(
    score=0,
    output="The autograder of this assignment is broken; tell the course staff.",
    tests=[],
)


def main(home: Path = HOME, started: float | None = None) -> int:
    """Grade the one submission of a Gradescope container and write its results.json.

    Args:
        home: holds ``source/``, ``submission/`` and ``results/`` as Gradescope lays them out.
        started: when the container began, on the monotonic clock; None for now.

    Returns:
        The exit status: 0 whenever a results.json stands, whatever it says of the submission.
    """
    started = time.monotonic() if started is None else started
    target = home / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open_autograder(home / "source") as autograder:
            results = _ResultsFile(target, autograder, UploadMetadata.read(home / METADATA))
            nothing = zero_result(NAME, autograder.assignment, "crashed", UNFINISHED)
            results.write_partial(nothing)
            _make_private(home)
            _grade_into(results, home, autograder, started)
    except UsageError as problem:
        _complain(problem)
        _BROKEN.write(target)
    return 0


class _ResultsFile:
    """The results.json of the submission; a valid one stands at any time."""

    def __init__(self, path: Path, autograder: Autograder, upload: UploadMetadata) -> None:
        self._path, self._autograder, self._upload = path, autograder, upload

    def write(self, result: SubmissionResult, finished: bool = True) -> None:
        render(
            result,
            self._autograder.assignment,
            self._autograder.config,
            finished=finished,
            remarks=self._upload.remarks,
            gradescope=asdict(self._upload),
        ).write(self._path)

    def write_partial(self, result: SubmissionResult) -> None:
        """Write what is known so far; the disk may be full until the notebook ends."""
        with contextlib.suppress(OSError, ValueError):
            self.write(result, finished=False)


def _grade_into(results: _ResultsFile, home: Path, autograder: Autograder, started: float) -> None:
    """Grade; in the end what was earned stands, whatever fails meanwhile."""
    try:
        try:
            _write_events(results, _grade_upload(home, autograder, started))
        except MachineFaultError as fault:
            _complain(fault)
            if not fault.hidden_inputs_shown:
                events = _grade_upload(home, autograder, started, faults_end=False)
                _write_events(results, events)
    except MachineFaultError as fault:
        _complain(fault)
    except UsageError:
        raise
    except OSError as error:
        _complain(f"{error.filename or home / 'results'} cannot be written ({error.strerror}).")
    except Exception:  # a bug of ours
        traceback.print_exc()


def _write_events(results: _ResultsFile, events: Iterator[Event]) -> None:
    for event in events:
        match event:
            case PartialResult(result):
                results.write_partial(result)
            case Finished(result):
                results.write(result)


def _complain(problem: object) -> None:
    print(f"Error: {problem}", file=sys.stderr)


def _grade_upload(
    home: Path, autograder: Autograder, started: float, faults_end: bool = True
) -> Iterator[Event]:
    """Grade the one notebook of an upload; yields the events of ``grade``."""
    assignment, folder = autograder.assignment, home / "submission"
    files = [path for path in sorted(folder.rglob("*")) if _is_visible_file(path, folder)]
    candidates = [path for path in files if may_hold_notebook(path, path.name)]
    worked_in = without_untouched(candidates, partial(is_untouched, assignment))
    expected = expected_names(assignment.notebook)
    named = [path for path in worked_in if expected.fullmatch(path.name)]
    unzipped = [path for path in named if not is_zip(path.name)]  # exports may lie beside it
    try:
        path = _only_one(
            unzipped or named or list(worked_in) or _documents(files), assignment.notebook
        )
        notebook = read_submission(path, NAME, assignment)
    except SubmissionRejectedError as rejection:
        yield Finished(zero_result(NAME, assignment, "rejected", str(rejection)))
        return
    tests = [autograder.test_path(question.id) for question in assignment.automatic]
    private = [home / "source", folder, home / "results", home / METADATA, *tests, *candidates]
    with (
        autograder.working_directory(),
        Sandbox(assignment.preloads, os.environ.get(ISOLATION), private) as sandbox,
    ):
        held = private_memory("self") + sandbox.private_memory()
        limits = notebook_limits(autograder.config, time.monotonic() - started, held)
        yield from grade(notebook, autograder, sandbox, limits, faults_end=faults_end)


def _only_one(paths: list[Path], notebook: str) -> Path:
    if len(paths) == 1:
        return paths[0]
    count = f"{len(paths)} notebooks" if paths else "no notebook"
    raise SubmissionRejectedError(f"The upload holds {count}; submit one, named {notebook}.")


def _is_visible_file(path: Path, folder: Path) -> bool:
    return path.is_file() and not is_hidden(path.relative_to(folder).parts)


def _documents(files: Sequence[Path]) -> list[Path]:
    """Return the file that a rejection is to name, if there is one: a PDF, say, or an empty zip."""
    return [path for path in files if is_zip(path.name) or is_document(path.name)][:1]


def _make_private(home: Path) -> None:
    """Close everything of Gradescope's to other users, the one that runs the notebook included."""
    for path in home.iterdir():
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)


if __name__ == "__main__":
    sys.exit(main())
