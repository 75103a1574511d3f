"""A class at a time: what is still to be graded, where that is done, and what it changes.

Every result goes into the ledger as soon as it is known. That of a submission which had none
stands at once; one that would replace another stands only when it is accepted, once the whole
class is done and whoever started the run has seen what it changes. Submissions that were graded into
the folder before stay in the class, whether or not they are named again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from ottermark.batch.ledger import LEDGER, Key, Ledger, as_usage_error
from ottermark.batch.tasks import (
    ExecutorEvent,
    GradedSubmission,
    Notice,
    SandboxStarted,
    Task,
    rejected_task,
)
from ottermark.errors import SubmissionRejectedError
from ottermark.files import remove_partial_files, write_atomically
from ottermark.grading.autograder import Autograder
from ottermark.limits import Limits
from ottermark.reports.csv_tables import csv_text
from ottermark.reports.grades_table import columns_of
from ottermark.results.document import ResultDocument
from ottermark.results.render import with_written_answers
from ottermark.submissions.candidates import CollectedSubmissions, Submission, display_names
from ottermark.submissions.notebook import MAX_NOTEBOOK_BYTES, read_submission
from ottermark.submissions.record import records_of, with_earlier
from ottermark.submissions.written_answers import read_written_answers
from ottermark.text import listed

CHANGES = "changes.csv"
TEXTS = "the texts of the questions"  # the part that finds written answers
FAILURES = "failures"  # where the grader itself failed, and on what


@dataclass(frozen=True)
class Change:
    """What grading a submission again changes.

    Attributes:
        students: who submitted it; empty if unknown.
        before: its status, its score, and its score on each question, as texts by column.
        after: the same now.
    """

    submission: str
    students: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """The columns in which they differ."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return [name for name in names if self.before.get(name, "") != self.after.get(name, "")]


@dataclass(frozen=True)
class BatchOptions:
    """How a class is to be graded.

    Attributes:
        jobs: how many submissions are graded at the same time on this machine.
        limits: of each notebook.
        isolation: its mode; None takes the best that a machine gives.
        dask: the address of the scheduler of a cluster; None grades on this machine.
        only_named: whether submissions that were graded before and are not named now leave the
            class.
        plain_keras: whether Keras trains as it does by itself (see ``worker/keras_training``).
    """

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    isolation: str | None = None
    dask: str | None = None
    only_named: bool = False
    plain_keras: bool = False


@dataclass(frozen=True)
class SubmissionGraded:
    """The result of a submission is known.

    Attributes:
        reused: whether it comes from an earlier run.
    """

    document: ResultDocument
    reused: bool


BatchEvent = SandboxStarted | Notice | SubmissionGraded


class Batch:
    """A class that is graded into a folder: ``ledger.sqlite``, ``results/`` and ``executed/``.

    Use it as a context manager; run ``events()`` to its end, look at ``changes``, ``accept()`` them or
    not, and take the ``documents``, or the ``class_documents``.

    Attributes:
        whole_class: the submissions that are named now and those of earlier runs that stay.
        reused: how many of those named now had been graded before.

    Raises:
        UsageError: the folder cannot be written.
    """

    def __init__(
        self,
        collected: CollectedSubmissions,
        autograder: Autograder,
        out: Path,
        options: BatchOptions,
    ) -> None:
        self._collected, self._autograder, self._out = collected, autograder, out
        self._options = options
        self._parts = _parts(autograder, options)
        self._grading = hashlib.sha256(repr(sorted(self._parts.items())).encode()).hexdigest()
        self._submissions = {s.name: s for s in collected.submissions}
        self._keys = {n: Key(n, _digest(s), self._grading) for n, s in self._submissions.items()}
        self._standing: dict[str, tuple[Key, str]] = {}  # what stands and may be replaced
        self._executed = out / "executed"
        self._pending = self._executed / ".pending"  # of results that do not stand yet
        self._ledger = Ledger(out)
        records = self._ledger.records
        self._earlier = [name for name in records if name not in self._submissions]
        self.whole_class = with_earlier(collected, records, self._executed)
        staying = {submission.name for submission in self.whole_class.submissions}
        self._staying = [name for name in self._earlier if name in staying]
        self.reused = 0
        with as_usage_error(out):
            self._pending.mkdir(parents=True, exist_ok=True)
            for folder in (out, *filter(Path.is_dir, out.iterdir()), self._pending):
                remove_partial_files(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ledger.close()

    def events(self) -> Iterator[BatchEvent]:
        """Grade what is not known yet.

        Raises:
            UsageError: there is no isolation or no cluster for what is to be graded, or the folder
                cannot be written.
        """
        if self._ledger.repaired:
            yield Notice(self._ledger.repaired)
        self._ledger.note_records(records_of(self._collected))
        tasks: list[Task] = []
        yield from self._reuse(tasks)
        self._ledger.note_parts(self._grading, self._parts)
        with contextlib.closing(self._grade(tasks)) as events:
            for event in events:
                if isinstance(event, GradedSubmission):
                    self._keep(event)
                    if event.failure:
                        yield self._note_on_failure(event.name)
                    if event.fault is not None:
                        yield Notice(f"{event.name} has no points now: {event.fault}")
                    yield SubmissionGraded(event.document, reused=False)
                else:
                    yield event
        if self._earlier and self._options.only_named:
            yield Notice(f"Not named now, so not to stay in the tables: {listed(self._earlier)}.")
        elif self._staying:
            yield from self._notes_on_earlier()

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What would be different if the new results stood; also written to ``changes.csv``."""
        changes = []
        for name, (_, text) in sorted(self._standing.items()):
            now = self._ledger.text(self._keys[name])
            assert now is not None
            before, after = (columns_of(ResultDocument.from_json(t)) for t in (text, now))
            students = display_names(self._submissions[name].students)
            change = Change(name, students, before, after)
            if change.columns:
                changes.append(change)
        if changes:
            self._write_changes(changes)
        return tuple(changes)

    def accept(self) -> None:
        """Have the new results stand in place of earlier ones, and what is not to stay leave the class."""
        self._ledger.stand(*(self._keys[name] for name in self._standing))
        with as_usage_error(self._out):
            for path in self._pending.glob("*.ipynb"):
                path.replace(self._executed / path.name)
        if self._options.only_named:
            self._withdraw()
        self._remove_feedback()

    @property
    def documents(self) -> list[ResultDocument]:
        """The results that stand for the submissions named now, in order of names."""
        return [self._document(name) for name in sorted(self._keys)]

    @property
    def class_documents(self) -> list[ResultDocument]:
        """The results that stand for ``whole_class``, in order of names."""
        return [
            self._document(name) for name in sorted(s.name for s in self.whole_class.submissions)
        ]

    def _document(self, name: str) -> ResultDocument:
        """Return the result of a submission that stands, which then also lies in ``results/``."""
        standing = self._ledger.standing(name)
        assert standing is not None
        _write_result(self._out, name, standing[1])
        return ResultDocument.from_json(standing[1])

    # ------------------------------------------------------------------------- earlier runs

    def _withdraw(self) -> None:
        """Have earlier submissions leave the class."""
        self._ledger.withdraw(*self._earlier)
        self.whole_class = with_earlier(self._collected, {}, self._executed)
        self._staying = []
        with as_usage_error(self._out):
            for name in self._earlier:
                _result_path(self._out, name).unlink(missing_ok=True)

    def _remove_feedback(self) -> None:
        """Remove the pages of earlier submissions that have left the class, so that none is returned."""
        with as_usage_error(self._out):
            for name in set(self._earlier).difference(self._staying):
                (self._out / "feedback" / f"{name}.html").unlink(missing_ok=True)

    def _notes_on_earlier(self) -> Iterator[Notice]:
        """Yield what to know of earlier submissions that are in the tables too."""
        yield Notice(
            f"Also in the tables, from earlier runs: {_count(len(self._staying))} "
            f"({listed(self._staying)}). To leave out what is not named now, add --only-named."
        )
        standing = filter(None, map(self._ledger.standing, self._staying))
        gradings = [key.grading for key, _ in standing if key.grading != self._grading]
        if gradings:
            yield Notice(
                f"Of these, {_count(len(gradings))} had been graded before {self._changes_since(gradings)} "
                "changed; name them as well to grade them again."
            )

    # ------------------------------------------------------------- what is known already

    def _reuse(self, tasks: list[Task]) -> Iterator[BatchEvent]:
        """Yield the results that are known, and add tasks for the others."""
        reread = 0
        for name, key in self._keys.items():
            standing = self._ledger.standing(name)
            if standing is not None and standing[0] != key:
                self._standing[name] = standing
            text = self._ledger.text(key)
            if text is None and standing is not None:
                text = self._reread(key, *standing)
                reread += text is not None
            if text is None:
                tasks.append(Task(name, self._submissions[name].path, key.text))
                continue
            self.reused += 1
            if standing is None:
                self._ledger.stand(key)
            yield SubmissionGraded(ResultDocument.from_json(text), reused=True)
        yield from self._reasons([task.name for task in tasks])
        if reread:
            yield Notice(
                f"Changed since the last run: {TEXTS}. Only the written answers were read again, of "
                f"{_count(reread)}."
            )

    def _reread(self, key: Key, standing: Key, text: str) -> str | None:
        """Return a result with its written answers read again; None if that is not enough."""
        if standing.content != key.content or self._changed_since(standing.grading) != {TEXTS}:
            return None
        document = ResultDocument.from_json(text)
        if document.status == "rejected":
            document = _with_key(document, key)
        else:
            assignment = self._autograder.assignment
            try:
                notebook = read_submission(
                    self._submissions[key.submission].path, key.submission, assignment
                )
            except SubmissionRejectedError:
                return None
            answers = read_written_answers(notebook.cells, assignment)
            document = with_written_answers(document, answers, key.text)
        text = document.to_json()
        self._ledger.keep(key, text, stands=False)
        return text

    def _changed_since(self, grading: str) -> set[str]:
        """Return the names of the parts that differ from an earlier grading's; none if unknown."""
        before = self._ledger.parts(grading)
        names = before.keys() | self._parts.keys() if before else set()
        return {name for name in names if before.get(name) != self._parts.get(name)}

    def _reasons(self, names: Sequence[str]) -> Iterator[Notice]:
        """Yield why submissions that have been graded before are graded again."""
        earlier = [self._standing[name][0] for name in names if name in self._standing]
        earlier_gradings = [key.grading for key in earlier if key.grading != self._grading]
        resubmitted = [key for key in earlier if key.grading == self._grading and key.content]
        if resubmitted:
            yield Notice(f"Submitted again since they were graded: {len(resubmitted)}.")
        if earlier_gradings:
            yield Notice(
                f"Changed since the last run: {self._changes_since(earlier_gradings)}. To be graded "
                f"again: {_count(len(earlier_gradings))}."
            )

    def _changes_since(self, gradings: Sequence[str]) -> str:
        """Return the names of what has changed since any of the gradings."""
        changed = [self._changed_since(grading) for grading in set(gradings)]
        return listed(sorted(set().union(*changed))) if all(changed) else "the autograder"

    # -------------------------------------------------------------------------- new results

    def _grade(self, tasks: Sequence[Task]) -> Generator[ExecutorEvent]:
        """Grade tasks; as long as each file is rejected, nothing is started to run notebooks."""
        for number, task in enumerate(tasks):
            rejected = rejected_task(task, self._autograder)
            if rejected is None:
                with contextlib.closing(self._executor(tasks[number:])) as events:
                    yield from events
                return
            yield rejected

    def _executor(self, tasks: Sequence[Task]) -> Generator[ExecutorEvent]:
        options, autograder = self._options, self._autograder
        if options.dask is not None:
            from ottermark.batch.dask_executor import run_on_cluster

            return run_on_cluster(
                tasks,
                autograder,
                options.dask,
                options.limits,
                options.isolation,
                options.plain_keras,
            )
        from ottermark.batch.local_executor import run_locally

        private = [
            *autograder.private_paths,
            self._out,
            *(self._out / name for name in ("results", "executed", LEDGER)),
            *(submission.path for submission in self._collected.submissions),
            *(superseded.path for superseded in self._collected.superseded),
        ]
        return run_locally(
            tasks,
            autograder,
            options.jobs,
            options.limits,
            options.isolation,
            private,
            options.plain_keras,
        )

    def _keep(self, graded: GradedSubmission) -> None:
        """Keep a new result; it stands at once unless it would replace another."""
        name = graded.name
        if not graded.is_final:  # the next run tries again
            self._keys[name] = Key(name, "", self._grading)
        self._keep_failure(name, graded.failure)
        stands = name not in self._standing
        if graded.executed is not None:
            text = json.dumps(graded.executed, ensure_ascii=False, indent=1)
            with as_usage_error(self._out):
                folder = self._executed if stands else self._pending
                write_atomically(folder / f"{name}.ipynb", text)
        text = graded.document.to_json()
        self._ledger.keep(self._keys[name], text, stands=stands)
        if stands:
            _write_result(self._out, name, text)

    def _keep_failure(self, name: str, failure: str) -> None:
        path = self._failure_path(name)
        with as_usage_error(self._out):
            if failure:
                path.parent.mkdir(exist_ok=True)
                write_atomically(path, failure)
            else:
                path.unlink(missing_ok=True)

    def _note_on_failure(self, name: str) -> Notice:
        return Notice(
            f"The grader failed on {name}, which has no points now; the next run tries again. Please send "
            f"{self._failure_path(name)} to the developers of ottermark."
        )

    def _failure_path(self, name: str) -> Path:
        return self._out / FAILURES / f"{name}.txt"

    def _write_changes(self, changes: Sequence[Change]) -> None:
        rows = [
            [
                *(change.submission, name),
                *(change.before.get(name, ""), change.after.get(name, "")),
                change.students,
            ]
            for change in changes
            for name in change.columns
        ]
        with as_usage_error(self._out):
            header = ["submission", "what", "before", "after", "student"]
            write_atomically(self._out / CHANGES, csv_text([header, *rows]))


def _parts(autograder: Autograder, options: BatchOptions) -> dict[str, str]:
    """Return all that decides points and what a result says, by name."""
    record = autograder.assignment.with_model_answers({})
    texts = hashlib.sha256(repr(record).encode()).hexdigest()
    return {
        **autograder.parts,
        TEXTS: texts,
        "the limits": str(options.limits),
        "--isolation": str(options.isolation),
        **({"--plain-keras": "True"} if options.plain_keras else {}),
    }


def _with_key(document: ResultDocument, key: Key) -> ResultDocument:
    facts = document.facts.model_copy(update={"key": key.text})
    return document.model_copy(update={"extra_data": facts})


def _digest(submission: Submission) -> str:
    path = submission.path
    digest = hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + b"\0")
    if path.is_file() and not path.is_symlink():
        with contextlib.suppress(OSError), path.open("rb") as file:
            digest.update(file.read(2 * MAX_NOTEBOOK_BYTES))  # more than is ever graded
    return digest.hexdigest()


def _result_path(out: Path, name: str) -> Path:
    return out / "results" / f"{name}.json"


def _write_result(out: Path, name: str, text: str) -> None:
    """Have a result lie in ``results/``; a file that is right already is left alone."""
    path = _result_path(out, name)
    with as_usage_error(out):
        with contextlib.suppress(FileNotFoundError, ValueError):
            if path.read_text(encoding="utf-8") == text:
                return
        write_atomically(path, text)


def _count(submissions: int) -> str:
    return f"{submissions} submission{'s' * (submissions != 1)}"
