"""Gradescope's side: what it tells of an upload, and the entry that its container calls."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ottermark.config import GradingConfig
from ottermark.errors import UsageError
from ottermark.grading.autograder import Autograder, open_autograder
from ottermark.grading.events import Event, Finished, PartialResult
from ottermark.grading.grade import grade
from ottermark.limits import Limits, MiB
from ottermark.results.document import ResultDocument
from ottermark.results.render import UNFINISHED, render
from ottermark.results.result import SubmissionResult, zero_result
from ottermark.sandbox.processes import private_memory
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import SubmissionRejectedError, read

HOME = Path("/autograder")
RUN_SECONDS = 540  # Gradescope ends a container after ten minutes, if it is not told otherwise
GRACE_SECONDS = 40  # after the notebook's time is over, to end it and to write the result
RESERVE = 144 * MiB  # for answers on their way to the grader, and for libraries, which are files
LEAST_MEMORY = 128 * MiB
METADATA = "submission_metadata.json"
MAX_METADATA = 64 * MiB  # it holds the results of earlier submissions
ISOLATION = "OTTERMARK_ISOLATION"  # names the walls, if not the best there are
_NOT_HANDED_IN = ("__MACOSX", ".")  # what folders begin with that no student means


@dataclass(frozen=True)
class UploadMetadata:
    """What ``submission_metadata.json`` says of an upload; it may say nothing.

    Attributes:
        id: Gradescope's number of the submission.
        created_at: when it was handed in, as ISO 8601 has it.
        late_by: seconds after the due date; 0 in time.
        group: how many students handed it in together.
        earlier: how many submissions came before it.
    """

    id: str = ""
    created_at: str = ""
    late_by: float = 0.0
    group: int = 1
    earlier: int = 0

    @classmethod
    def read(cls, path: Path) -> UploadMetadata:
        """Read the file; what is missing or of another form stays as it is by default."""
        try:
            with path.open("rb") as file:
                told = json.loads(file.read(MAX_METADATA))
        except (OSError, ValueError, RecursionError):
            return cls()
        told = _object(told)
        users = _list(told.get("users"))
        created = told.get("created_at")
        return cls(
            id=str(told.get("id") or ""),
            created_at=created if isinstance(created, str) else "",
            late_by=_seconds_after(_due_date(told, users), created),
            group=max(1, len(users)),
            earlier=len(_list(told.get("previous_submissions"))),
        )

    @property
    def sentences(self) -> list[str]:
        """What is worth telling the student of it."""
        told = []
        if self.late_by:
            how = timedelta(seconds=round(self.late_by / 60) * 60)
            told.append(f"It was handed in after the due date, by {str(how)[:-3]} hours.")
        if self.group > 1:
            told.append(f"It counts for the {self.group} members of your group.")
        return told


def _due_date(told: Mapping[str, Any], users: list[Any]) -> Any:
    """Return the due date: that of the users, if they have been given one of their own."""
    own = [_object(_object(user).get("assignment")).get("due_date") for user in users]
    known = [date for date in own if isinstance(date, str)]
    return max(known, key=_moment) if known else _object(told.get("assignment")).get("due_date")


def _seconds_after(due: Any, created: Any) -> float:
    first, second = _moment(due), _moment(created)
    return max(0.0, second - first) if first and second else 0.0


def _moment(date: Any) -> float:
    """Return an ISO 8601 date as seconds since 1970; 0 for what is none."""
    try:
        return datetime.fromisoformat(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
    upload = UploadMetadata.read(home / METADATA)
    try:
        with open_autograder(home / "source") as grader:

            def write(result: SubmissionResult, finished: bool = True) -> None:
                document = render(
                    result,
                    grader.assignment,
                    grader.options,
                    finished=finished,
                    remarks=upload.sentences,
                    gradescope=asdict(upload),
                )
                document.write(target)

            def write_partial(result: SubmissionResult) -> None:
                with contextlib.suppress(OSError):  # the disk may be full until the notebook ends
                    write(result, finished=False)

            write_partial(zero_result("submission", grader.assignment, "crashed", UNFINISHED))
            _make_private(home)
            try:
                for event in _grade_upload(home, grader, started):
                    if isinstance(event, PartialResult):
                        write_partial(event.result)
                    elif isinstance(event, Finished):
                        write(event.result)
            except UsageError:
                raise
            except Exception:  # a bug of ours; what was earned so far stands
                traceback.print_exc()
    except UsageError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        BROKEN.write(target)
    return 0


BROKEN = ResultDocument(
    score=0,
    output="The autograder of this assignment is broken; tell the course staff.",
    tests=[],
)


def _make_private(home: Path) -> None:
    """Close everything of Gradescope's to other users, the one that runs the notebook included."""
    for path in home.iterdir():
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)


def container_memory() -> int | None:
    """Return the bytes of memory that this container may use, None if nothing says so."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return int(Path(path).read_text())
        except (OSError, ValueError):  # "max" stands for no limit
            continue
    return None


def run_limit(options: GradingConfig) -> float:
    """Return the seconds after the container's start at which a notebook's time is over."""
    return Limits(run=RUN_SECONDS).with_changes(options.limits).run


def memory_left(container: int, held: int) -> int:
    """Return the bytes that a container leaves to a notebook.

    Args:
        held: what the grader and the process with the notebook's imports hold.
    """
    return container - held - RESERVE


def _limits(grader: Autograder, sandbox: Sandbox, spent: float) -> Limits:
    """Return the limits of the notebook, ``spent`` seconds after the container began."""
    usual = Limits(run=RUN_SECONDS).with_changes(grader.options.limits)
    memory, container = usual.memory, container_memory()
    if container is not None:
        left = memory_left(container, private_memory("self") + sandbox.private_memory())
        memory = max(LEAST_MEMORY, min(memory, left))
    return replace(usual, run=max(1.0, usual.run - spent), memory=memory)


def _grade_upload(home: Path, grader: Autograder, started: float) -> Iterator[Event]:
    """Grade the one notebook of an upload; yields the events of ``grade``."""
    folder = home / "submission"
    name = "submission"
    found = [path for path in sorted(folder.rglob("*")) if _may_be_graded(path, folder)]
    wanted = [path for path in found if path.name == grader.assignment.notebook]
    chosen = wanted or found
    if len(chosen) != 1:
        many = "no notebook" if not chosen else f"{len(chosen)} notebooks"
        message = f"The upload holds {many}; hand in one, named {grader.assignment.notebook}."
        yield Finished(zero_result(name, grader.assignment, "rejected", message))
        return
    try:
        submission = read(chosen[0], name, grader.assignment)
    except SubmissionRejectedError as rejection:
        yield Finished(zero_result(name, grader.assignment, "rejected", str(rejection)))
        return
    tests = [grader.test(question.id) for question in grader.assignment.automatic]
    private = [home / "source", folder, home / "results", home / METADATA, *tests, *found]
    with (
        grader.working_directory(),
        Sandbox(grader.assignment.preloads, os.environ.get(ISOLATION), private) as sandbox,
    ):
        limits = _limits(grader, sandbox, time.monotonic() - started)
        yield from grade(submission, grader, sandbox, limits)


def _may_be_graded(path: Path, folder: Path) -> bool:
    """Whether a file of the upload is a notebook or zip; Gradescope unpacks zips with their folders."""
    parts = path.relative_to(folder).parts
    return (
        path.suffix in (".ipynb", ".zip")
        and path.is_file()
        and not any(part.startswith(_NOT_HANDED_IN) for part in parts)
    )


if __name__ == "__main__":
    sys.exit(main())
