"""Grade submissions on a Dask cluster: the same work, elsewhere.

Submissions and the autograder travel as bytes, results come back as JSON. Each worker process sets
up a sandbox of its own, as ``local_executor`` does, and keeps it for the next submission. A worker
that is lost costs a retry: Dask gives its submissions to others. A worker must have this very tool
installed, and is trusted with the tests as the machine is on which they lie.
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
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ottermark.batch.tasks import (
    ExecutorEvent,
    GradedSubmission,
    Notice,
    Task,
    failed_task,
    rejected_task,
    run_task,
)
from ottermark.errors import MachineFaultError, UsageError
from ottermark.grading.autograder import (
    SELF_TEST,
    TOOL,
    UPLOAD,
    Autograder,
    open_autograder,
    tool_digest,
)
from ottermark.installation import require
from ottermark.limits import Limits
from ottermark.results.document import ResultDocument
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import MAX_NOTEBOOK_BYTES

CONNECT_SECONDS = 20
AHEAD = 2  # submissions that wait at the scheduler for each that is being graded
_NOT_SENT = (UPLOAD, TOOL, SELF_TEST)


def run_on_cluster(
    tasks: Sequence[Task],
    autograder: Autograder,
    address: str,
    limits: Limits,
    isolation: str | None = None,
    plain_keras: bool = False,
) -> Generator[ExecutorEvent]:
    """Grade submissions on a cluster; yields each when it is done, in any order.

    Args:
        address: of the scheduler, e.g. ``tcp://10.0.0.1:8786``.
        limits: of each notebook.
        isolation: its mode; None takes the best that a worker's machine gives.
        plain_keras: whether Keras trains as it does by itself.

    Raises:
        UsageError: there is no such cluster, or it cannot grade.
    """
    with _connect(address) as client:
        if not _threads(client):
            yield Notice("The cluster has no worker yet; waiting for one.")
        client.wait_for_workers(1)
        workers = len(client.nthreads())
        plural = "s" * (workers != 1)
        yield Notice(
            f"Grading on {workers} worker{plural}, {_threads(client)} submissions at a time."
        )
        readable = []
        for task in tasks:
            rejected = None if _is_readable(task.path) else rejected_task(task, autograder)
            if rejected is None:
                readable.append(task)
            else:
                yield rejected
        settings = {
            "limits": asdict(limits),
            "isolation": isolation,
            "plain_keras": plain_keras,
            "tool": tool_digest(),
        }
        yield from _Dispatcher(client, address, autograder, settings).run(readable)


def _connect(address: str) -> Any:
    require("class", ["distributed"], "Grading on a cluster")
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is a notice of ours
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:  # ValueError: no address at all
        raise UsageError(
            f"No Dask scheduler answers at {address} ({error}); start one with `dask scheduler`, or "
            "name the right address."
        ) from None


class _Dispatcher:
    """Keeps the scheduler's queue filled, and takes results as they come."""

    def __init__(
        self,
        client: Any,
        address: str,
        autograder: Autograder,
        settings: dict[str, Any],
    ) -> None:
        from distributed import as_completed

        self._client, self._address, self._autograder = client, address, autograder
        self._isolation, self._settings = settings["isolation"], settings
        # a task, not scattered data: so that it can be had again when the worker with it is lost
        self._upload = client.submit(bytes, _packed(autograder), pure=False)
        self._running: dict[Any, Task] = {}
        self._completed = as_completed(loop=client.loop)
        self._warnings: set[str] = {""}

    def run(self, tasks: Sequence[Task]) -> Generator[ExecutorEvent]:
        waiting = iter(tasks)
        self._fill(waiting)
        for future in self._completed:
            yield from self._results_of(future, self._running.pop(future))
            self._fill(waiting)

    def _fill(self, waiting: Iterator[Task]) -> None:
        while len(self._running) < (1 + AHEAD) * _threads(self._client):
            task = next(waiting, None)
            if task is None:
                return
            future = self._client.submit(
                grade_bytes,
                self._upload,
                self._autograder.digest,
                _bytes(task.path),
                {"name": task.name, "file": task.path.name, "key": task.key},
                self._settings,
                key=f"ottermark-{task.key}-{task.name}",
                pure=False,
            )
            self._running[future] = task
            self._completed.add(future)

    def _results_of(self, future: Any, task: Task) -> Iterator[ExecutorEvent]:
        from distributed import KilledWorker

        try:
            reply = json.loads(future.result())
        except KilledWorker:
            yield failed_task(task.name, self._autograder, "the workers that tried it were lost")
            return
        except ImportError as error:
            raise UsageError(
                f"A worker of {self._address} cannot grade ({error}); install ottermark there."
            ) from None
        if "problem" in reply:
            raise UsageError(reply["problem"])
        if self._isolation is None and reply["warning"] not in self._warnings:
            self._warnings.add(reply["warning"])
            yield Notice(reply["warning"])
        document = ResultDocument.from_json(reply["document"])
        fault = None if reply["fault"] is None else MachineFaultError(reply["fault"])
        yield GradedSubmission(task.name, document, reply["executed"], reply["failure"], fault)


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _packed(autograder: Autograder) -> bytes:
    """Return an autograder's files as a zip, without what grading a submission does not need."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(autograder.folder.rglob("*")):
            inside = path.relative_to(autograder.folder)
            if path.is_file() and inside.parts[0] not in _NOT_SENT:
                archive.write(path, inside.as_posix())
    return data.getvalue()


def _is_readable(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)


def _bytes(path: Path) -> bytes:
    """Return the bytes of a submission, at most one more than may be graded; raises ``UsageError``."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_NOTEBOOK_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}); see to its disk, and run the same command again."
        ) from None


# --------------------------------------------------------------------------------- on a worker


@dataclass(frozen=True)
class _Workplace:
    """Where a worker process grades: an autograder in its working directory, and a sandbox."""

    key: str
    autograder: Autograder
    sandbox: Sandbox
    resources: contextlib.ExitStack


class _Workplaces:
    """The workplace of this process; submissions for another autograder wait until it is free."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._users = 0
        self._workplace: _Workplace | None = None

    @contextlib.contextmanager
    def open(
        self, upload: bytes, digest: str, isolation: str | None, plain_keras: bool
    ) -> Iterator[_Workplace]:
        """Give the workplace for an autograder; it is set up if it is not there."""
        key = f"{digest} {isolation} {plain_keras}"
        with self._turn:
            self._turn.wait_for(lambda: self._users == 0 or self._is_for(key))
            if self._workplace is None or not self._is_for(key):
                if self._workplace is not None:
                    self._workplace.resources.close()
                    self._workplace = None
                self._workplace = _set_up(upload, key, isolation, plain_keras)
            self._users += 1
            workplace = self._workplace
        try:
            yield workplace
        finally:
            with self._turn:
                self._users -= 1
                self._turn.notify_all()

    def _is_for(self, key: str) -> bool:
        return self._workplace is not None and self._workplace.key == key


_workplaces = _Workplaces()


def _set_up(upload: bytes, key: str, isolation: str | None, plain_keras: bool) -> _Workplace:
    from distributed import get_worker

    with contextlib.ExitStack() as stack:
        # in the worker's own folder, which Dask clears even after one that was killed
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="ottermark-", dir=get_worker().local_directory)
            )
        )
        (folder / UPLOAD).write_bytes(upload)
        autograder = stack.enter_context(open_autograder(folder / UPLOAD))
        stack.enter_context(autograder.working_directory())
        tests = [autograder.folder / "tests", folder]
        preloads = autograder.assignment.preloads
        sandbox = stack.enter_context(Sandbox(preloads, isolation, tests, plain_keras=plain_keras))
        return _Workplace(key, autograder, sandbox, stack.pop_all())


def grade_bytes(
    upload: bytes, digest: str, content: bytes, about: dict[str, str], settings: dict[str, Any]
) -> str:
    """Grade one submission in a worker process; returns JSON.

    That has the result's ``document``, the ``executed`` notebook, where the grader failed (``failure``), what
    failed of the worker's machine (``fault``), and a ``warning`` if there is no isolation here; or a ``problem`` alone.

    Args:
        upload: the autograder as a zip.
        digest: what it is known by.
        content: the submitted file.
        about: the submission's ``name``, the name of the ``file``, and the ``key`` of the result.
        settings: ``limits``, ``isolation``, ``plain_keras``, and the digest of the ``tool`` that asks.
    """
    from distributed import get_worker

    address = get_worker().address
    if tool_digest() != settings["tool"]:
        return json.dumps(
            {"problem": f"The worker {address} has another ottermark; install this one."}
        )
    try:
        with (
            _workplaces.open(
                upload, digest, settings["isolation"], settings["plain_keras"]
            ) as workplace,
            tempfile.TemporaryDirectory(prefix="ottermark-submission-") as folder,
        ):
            path = Path(folder, about["file"])
            path.write_bytes(content)
            task = Task(about["name"], path, about["key"])
            limits = Limits(**settings["limits"])
            graded = run_task(task, workplace.autograder, workplace.sandbox, limits)
            fault = None if graded.fault is None else str(graded.fault)
            warning = workplace.sandbox.warning(f"points from the worker {address}")
    except UsageError as problem:
        return json.dumps({"problem": f"The worker {address} cannot grade. {problem}"})
    return json.dumps(
        {
            "document": graded.document.to_json(),
            "executed": graded.executed,
            "failure": graded.failure,
            "fault": fault,
            "warning": warning,
        }
    )
