"""Grade sheets on a Dask cluster: the same work, elsewhere.

Sheets and the autograder travel as bytes, results come back as JSON. Each worker process sets up
a sandbox of its own as ``pool`` does, and keeps it for the next sheet. A worker that is lost costs
a retry: Dask gives its sheets to others. A worker must have this very tool installed, and is
trusted with the tests as the machine is on which they lie.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import tempfile
import threading
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ottermark.batch.local_executor import Graded, Task, failed, grade_sheet, read_sheet
from ottermark.errors import UsageError
from ottermark.grading.autograder import (
    STAFF_MODULES,
    TOOL,
    TRIAL,
    UPLOAD,
    Autograder,
    open_autograder,
    tool_digest,
)
from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import MAX_NOTEBOOK_BYTES

CONNECT_SECONDS = 20
AHEAD = 2  # sheets that wait at the scheduler for each that is being graded
_LEFT_HERE = (UPLOAD, TOOL, TRIAL)


def grade_there(
    tasks: Sequence[Task],
    grader: Autograder,
    address: str,
    limits: Limits,
    isolation: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Generator[Graded]:
    """Grade sheets on a cluster; yields each when it is done, in any order.

    Args:
        address: of the scheduler, e.g. ``tcp://10.0.0.1:8786``.
        limits: what each notebook may use.
        isolation: the walls; None takes the best that a worker's machine gives.
        say: told, in sentences, what the cluster does.

    Raises:
        UsageError: there is no such cluster, or it cannot grade.
    """
    try:
        from distributed import Client, KilledWorker, as_completed
    except ImportError:
        raise UsageError(
            "Grading on a cluster needs Dask: pip install 'ottermark[class]', here and there."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said below
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:  # ValueError: no address at all
        raise UsageError(
            f"No Dask scheduler answers at {address} ({error}); start one with `dask scheduler`, or "
            "name the right address."
        ) from None
    with client:
        if not _threads(client):
            say("The cluster has no worker yet; waiting for one.")
        client.wait_for_workers(1)
        workers = len(client.nthreads())
        say(
            f"Grading on {workers} worker{'s' * (workers != 1)}, {_threads(client)} sheets at a time."
        )
        # a task, not scattered data: so that it can be had again when the worker with it is lost
        upload = client.submit(bytes, _packed(grader), pure=False)
        settings = {
            "limits": asdict(limits),
            "isolation": isolation,
            "tool": tool_digest(STAFF_MODULES),
        }
        files = []
        for task in tasks:
            if _is_readable(task.path):
                files.append(task)
            elif isinstance(graded := read_sheet(task, grader), Graded):
                yield graded
        waiting = iter(files)
        running: dict[Any, Task] = {}
        warned = {""}
        done = as_completed(loop=client.loop)

        def more() -> None:
            while len(running) < (1 + AHEAD) * _threads(client):
                task = next(waiting, None)
                if task is None:
                    return
                future = client.submit(
                    grade_bytes,
                    upload,
                    grader.digest,
                    _bytes(task.path),
                    {"name": task.name, "file": task.path.name, "key": task.key},
                    settings,
                    key=f"ottermark-{task.key}-{task.name}",
                    pure=False,
                )
                running[future] = task
                done.add(future)

        more()
        for future in done:
            task = running.pop(future)
            try:
                told = _told(future.result())
                if isolation is None and told["unprotected"] not in warned:
                    warned.add(told["unprotected"])
                    say(told["unprotected"])
                yield Graded(task.name, told["text"], told["executed"], told["failed"])
            except KilledWorker:
                yield failed(task.name, grader, "the workers that tried it were lost")
            except ImportError as error:
                raise UsageError(
                    f"A worker of {address} cannot grade ({error}); install ottermark there."
                ) from None
            more()


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _packed(grader: Autograder) -> bytes:
    """Return an autograder's files as a zip, without what grading a sheet does not need."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(grader.folder.rglob("*")):
            inside = path.relative_to(grader.folder)
            if path.is_file() and inside.parts[0] not in _LEFT_HERE:
                archive.write(path, inside.as_posix())
    return data.getvalue()


def _is_readable(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)


def _bytes(path: Path) -> bytes:
    """Return the bytes of a sheet, at most one more than may be graded."""
    with path.open("rb") as file:
        return file.read(MAX_NOTEBOOK_BYTES + 1)


def _told(text: str) -> dict[str, Any]:
    """Return what ``grade_bytes`` tells; raises ``UsageError`` if the worker cannot grade."""
    told: dict[str, Any] = json.loads(text)
    if "problem" in told:
        raise UsageError(told["problem"])
    return told


# --------------------------------------------------------------------------------- on a worker


@dataclass(frozen=True)
class _Place:
    """Where a worker process grades: an autograder, unpacked and entered, and a sandbox."""

    digest: str
    grader: Autograder
    sandbox: Sandbox
    open: contextlib.ExitStack


class _Places:
    """The place of this process; sheets for another autograder wait until it is free."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._busy = 0
        self._place: _Place | None = None

    @contextlib.contextmanager
    def at(self, upload: bytes, digest: str, isolation: str | None) -> Iterator[_Place]:
        """Give the place for an autograder; it is made if it is not there."""
        wanted = f"{digest} {isolation}"
        with self._turn:
            self._turn.wait_for(
                lambda: (
                    self._busy == 0 or (self._place is not None and self._place.digest == wanted)
                )
            )
            if self._place is None or self._place.digest != wanted:
                if self._place is not None:
                    self._place.open.close()
                    self._place = None
                self._place = _placed(upload, wanted, isolation)
            self._busy += 1
            place = self._place
        try:
            yield place
        finally:
            with self._turn:
                self._busy -= 1
                self._turn.notify_all()


_places = _Places()


def _placed(upload: bytes, digest: str, isolation: str | None) -> _Place:
    from distributed import get_worker

    with contextlib.ExitStack() as stack:
        # in the worker's own folder, which Dask clears even after one that was killed
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="ottermark-", dir=get_worker().local_directory)
            )
        )
        (folder / UPLOAD).write_bytes(upload)
        grader = stack.enter_context(open_autograder(folder / UPLOAD))
        stack.enter_context(grader.working_directory())
        tests = [grader.folder / "tests", folder]
        sandbox = stack.enter_context(Sandbox(grader.assignment.preloads, isolation, tests))
        return _Place(digest, grader, sandbox, stack.pop_all())


def grade_bytes(
    upload: bytes, digest: str, sheet: bytes, about: dict[str, str], settings: dict[str, Any]
) -> str:
    """Grade one sheet in a worker process; returns JSON.

    That has the result's ``text``, the ``executed`` notebook, whether the grader ``failed``, and, if
    there are no walls here, a sentence that says so (``unprotected``); or a ``problem`` alone.

    Args:
        upload: the autograder as a zip.
        digest: what it is known by.
        sheet: what was handed in.
        about: its ``name``, the name of the ``file``, and the ``key`` of its result.
        settings: ``limits``, ``isolation``, and the digest of the ``tool`` that asks.
    """
    from distributed import get_worker

    here = get_worker().address
    if tool_digest(STAFF_MODULES) != settings["tool"]:
        return json.dumps(
            {"problem": f"The worker {here} has another ottermark; install this one."}
        )
    try:
        with (
            _places.at(upload, digest, settings["isolation"]) as place,
            tempfile.TemporaryDirectory(prefix="ottermark-sheet-") as folder,
        ):
            path = Path(folder, about["file"])
            path.write_bytes(sheet)
            task = Task(about["name"], path, about["key"])
            graded = grade_sheet(task, place.grader, place.sandbox, Limits(**settings["limits"]))
            warning = place.sandbox.warning(f"marks from the worker {here}")
    except UsageError as problem:
        return json.dumps({"problem": f"The worker {here} cannot grade. {problem}"})
    told = {"text": graded.text, "executed": graded.executed, "failed": graded.failed}
    return json.dumps(told | {"unprotected": warning})
