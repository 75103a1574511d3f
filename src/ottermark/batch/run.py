"""A class at a time: what is still to be graded, where that is done, and what it changes.

Every result goes into the ledger as soon as it is known. That of a sheet which had none stands at
once; one that would replace another stands only when the whole class is done and whoever asked
for it has seen what it changes.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ottermark.batch.ledger import LEDGER, Key, Ledger, as_usage_error
from ottermark.batch.local_executor import KEY, Graded, Task, grade_here
from ottermark.grading.autograder import Autograder
from ottermark.limits import Limits
from ottermark.reports.similarity import Alike, alike
from ottermark.results.document import checked, with_written, write_atomically
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.collect import CollectedSubmissions, Submission
from ottermark.submissions.notebook import MAX_NOTEBOOK_BYTES, SubmissionRejectedError, read
from ottermark.submissions.written_answers import written

Body = dict[str, Any]
CHANGES = "changes.csv"
TEXTS = "the texts of the questions"  # what finds written answers, and decides no mark
MOST_NAMED = 5
MOST_COMPARED = 5_000  # sheets; beyond it takes hours and gigabytes to look for those alike


@dataclass(frozen=True)
class Change:
    """What grading a submission again changed.

    Attributes:
        before: its status, its score, and its score on each question, as texts by column.
        after: the same now.
    """

    submission: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def columns(self) -> list[str]:
        """The columns in which they differ."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return [name for name in names if self.before.get(name, "") != self.after.get(name, "")]


@dataclass
class BatchOptions:
    """How a class is to be graded, and who is told of it.

    Attributes:
        jobs: how many sheets are graded at the same time on this machine.
        limits: what each notebook may use.
        isolation: the walls; None takes the best that a machine gives.
        dask: the address of the scheduler of a cluster; None grades on this machine.
        done: called after each sheet with its body and whether it was kept from an earlier run.
        started: called once notebooks can run on this machine.
        say: told what is worth knowing, in sentences.
        approve: asked whether these changes may be written over what stands.
    """

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    isolation: str | None = None
    dask: str | None = None
    done: Callable[[Body, bool], None] = lambda *_: None
    started: Callable[[Sandbox], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    approve: Callable[[Sequence[Change]], bool] = lambda _: True


@dataclass(frozen=True)
class BatchOutcome:
    """What came of a class.

    Attributes:
        bodies: the results that stand, in order of names.
        kept: how many of them had been worked out before.
        changes: what was changed, or would have been.
        approved: whether it was.
    """

    bodies: tuple[Body, ...]
    kept: int
    changes: tuple[Change, ...]
    approved: bool


def grade_all(
    intake: CollectedSubmissions, grader: Autograder, out: Path, wishes: BatchOptions
) -> BatchOutcome:
    """Grade a class into ``out``: ``ledger.sqlite``, ``results/`` and ``executed/``.

    Raises:
        UsageError: ``out`` cannot be written, or there are no walls or no cluster.
    """
    with Ledger(out) as ledger:
        if ledger.mended:
            wishes.say(ledger.mended)
        run = _Run(ledger, intake, grader, out, wishes)
        if waiting := run.waiting():
            with contextlib.closing(_graded(waiting, grader, intake, out, wishes)) as arriving:
                for graded in arriving:
                    run.take(graded)
        return run.outcome()


class _Run:
    """One run over a class; see ``grade_all``."""

    def __init__(
        self,
        ledger: Ledger,
        intake: CollectedSubmissions,
        grader: Autograder,
        out: Path,
        wishes: BatchOptions,
    ) -> None:
        self.ledger, self.out, self.wishes = ledger, out, wishes
        self.assignment, self.parts = grader.assignment, _parts(grader, wishes)
        self.grading = hashlib.sha256(repr(sorted(self.parts.items())).encode()).hexdigest()
        self.sheets = {sheet.name: sheet for sheet in intake.sheets}
        self.keys = {n: Key(n, _digest(s), self.grading) for n, s in self.sheets.items()}
        self.before: dict[str, tuple[Key, str]] = {}  # what stands and may be replaced
        self.kept = 0
        self.executed = out / "executed"
        self.arrived = self.executed / ".arrived"  # notebooks whose results do not stand yet
        with as_usage_error(out):
            self.arrived.mkdir(parents=True, exist_ok=True)

    def waiting(self) -> list[Task]:
        """Return the sheets whose result is not known yet, and say why some are graded again."""
        waiting, read_again = [], 0
        for name, key in self.keys.items():
            stands = self.ledger.standing(name)
            if stands is not None and stands[0] != key:
                self.before[name] = stands
            text = self.ledger.text(key)
            if text is None and stands is not None:
                text = self._read_again(key, *stands)
                if text is not None:
                    self.ledger.keep(key, text, stands=False)
                    read_again += 1
            if text is None:
                waiting.append(Task(name, self.sheets[name].path, key.words))
                continue
            self.kept += 1
            if stands is None:
                self.ledger.stand(key)
            self.wishes.done(json.loads(text), True)
        self._say_why([self.before[t.name][0] for t in waiting if t.name in self.before])
        if read_again:
            self.wishes.say(
                f"Changed since the last run: {TEXTS}. Only the written answers were read again, of "
                f"{_count(read_again)}."
            )
        self.ledger.note(self.grading, self.parts)
        return waiting

    def take(self, graded: Graded) -> None:
        """Keep what grading a sheet gave."""
        name = graded.name
        if graded.failed:  # the next run tries again
            self.keys[name] = Key(name, "", self.grading)
        new = name not in self.before
        if graded.executed is not None:
            text = json.dumps(graded.executed, ensure_ascii=False, indent=1)
            with as_usage_error(self.out):
                folder = self.executed if new else self.arrived
                write_atomically(folder / f"{name}.ipynb", text)
        self.ledger.keep(self.keys[name], graded.text, stands=new)
        if new:
            _put(self.out, name, graded.text)
        self.wishes.done(json.loads(graded.text), False)

    def outcome(self) -> BatchOutcome:
        """Have what was asked for stand, and return it."""
        changes = self._changes()
        approved = not changes or self.wishes.approve(changes)
        if approved:
            self.ledger.stand(*(self.keys[name] for name in self.before))
            with as_usage_error(self.out):
                for path in self.arrived.glob("*.ipynb"):
                    path.replace(self.executed / path.name)
        bodies = []
        for name in sorted(self.keys):
            stands = self.ledger.standing(name)
            assert stands is not None
            _put(self.out, name, stands[1])
            bodies.append(json.loads(stands[1]))
        if left := sorted(set(self.ledger.submissions) - self.keys.keys()):
            self.wishes.say(
                f"Graded into {self.out} before and not among the sheets named now, so not in its "
                f"tables: {_named(left)}."
            )
        return BatchOutcome(tuple(bodies), self.kept, tuple(changes), approved)

    def _read_again(self, key: Key, stood: Key, text: str) -> str | None:
        """Return a result with its written answers read again; None if that is not enough."""
        if stood.sheet != key.sheet or self._changed_since(stood.grader) != {TEXTS}:
            return None
        body = json.loads(text)
        if body["extra_data"]["status"] != "rejected":
            try:
                sheet = read(self.sheets[key.submission].path, key.submission, self.assignment)
            except SubmissionRejectedError:
                return None
            body = with_written(body, written(sheet.cells, self.assignment))
        body["extra_data"][KEY] = key.words
        return checked(body)

    def _changed_since(self, grader: str) -> set[str]:
        """Return the names of the parts that differ from an earlier grader's; none if unknown."""
        before = self.ledger.parts(grader)
        names = before.keys() | self.parts.keys() if before else set()
        return {name for name in names if before.get(name) != self.parts.get(name)}

    def _say_why(self, earlier: Sequence[Key]) -> None:
        """Say why sheets that have been graded before are graded again."""
        old = [key.grader for key in earlier if key.grader != self.grading]
        anew = [key for key in earlier if key.grader == self.grading and key.sheet]
        if anew:
            self.wishes.say(f"Handed in anew since they were graded: {len(anew)}.")
        if old:
            known = [self._changed_since(each) for each in set(old)]
            what = _named(sorted(set().union(*known))) if all(known) else "the autograder"
            self.wishes.say(
                f"Changed since the last run: {what}. To be graded again: {_count(len(old))}."
            )

    def _changes(self) -> list[Change]:
        changes = []
        for name, (_, text) in sorted(self.before.items()):
            now = self.ledger.text(self.keys[name])
            assert now is not None
            change = Change(name, columns_of(json.loads(text)), columns_of(json.loads(now)))
            if change.columns:
                changes.append(change)
        if changes:
            rows = [
                [each.submission, name, each.before.get(name, ""), each.after.get(name, "")]
                for each in changes
                for name in each.columns
            ]
            text = _csv(["submission", "what", "before", "after"], rows)
            with as_usage_error(self.out):
                write_atomically(self.out / CHANGES, text)
        return changes


def _parts(grader: Autograder, wishes: BatchOptions) -> dict[str, str]:
    """Return all that decides what a sheet earns and what its result says, by name."""
    texts = hashlib.sha256(repr(grader.assignment).encode()).hexdigest()
    return {
        **grader.parts,
        TEXTS: texts,
        "the limits": str(wishes.limits),
        "--isolation": str(wishes.isolation),
    }


def _digest(sheet: Submission) -> str:
    digest = hashlib.sha256(sheet.path.name.encode("utf-8", "surrogateescape") + b"\0")
    if sheet.path.is_file() and not sheet.path.is_symlink():
        with contextlib.suppress(OSError), sheet.path.open("rb") as file:
            digest.update(file.read(2 * MAX_NOTEBOOK_BYTES))  # more than is ever graded
    return digest.hexdigest()


def _graded(
    tasks: Sequence[Task],
    grader: Autograder,
    intake: CollectedSubmissions,
    out: Path,
    wishes: BatchOptions,
) -> Generator[Graded]:
    if wishes.dask is not None:
        from ottermark.batch.dask_executor import grade_there

        return grade_there(tasks, grader, wishes.dask, wishes.limits, wishes.isolation, wishes.say)
    tests = [grader.folder / "tests", *(grader.test(q.id) for q in grader.assignment.automatic)]
    sheets = [s.path for s in intake.sheets] + [s.path for s in intake.superseded]
    private = [*tests, *(out / name for name in ("results", "executed", LEDGER)), *sheets]
    return grade_here(
        tasks, grader, wishes.jobs, wishes.limits, wishes.isolation, private, wishes.started
    )


def _put(out: Path, name: str, text: str) -> None:
    """Have a result lie in ``results/``; a file that is right already is left alone."""
    path = out / "results" / f"{name}.json"
    with as_usage_error(out):
        with contextlib.suppress(FileNotFoundError, ValueError):
            if path.read_text(encoding="utf-8") == text:
                return
        write_atomically(path, text)


def _count(sheets: int) -> str:
    return f"{sheets} sheet{'s' * (sheets != 1)}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


# -------------------------------------------------------------------------------- grades.csv


def columns_of(body: Mapping[str, Any]) -> dict[str, str]:
    """Return status, score and the score on each question of a results.json, as texts."""
    told = {"status": body["extra_data"]["status"], "score": f"{body['score']:g}"}
    return told | {number: f"{score:g}" for number, score in scores_of(body).items()}


def scores_of(body: Mapping[str, Any]) -> dict[str, float]:
    """Return the score of each question in a results.json."""
    return {t["number"]: t["score"] for t in body["tests"] if "number" in t}


def write_grades(out: Path, grader: Autograder, bodies: Sequence[Body]) -> None:
    """Write ``grades.csv``."""
    questions = [q.id for q in grader.assignment.questions]
    rows = []
    for body in bodies:
        told, columns = body["extra_data"], columns_of(body)
        rows.append(
            [
                told["submission"],
                told["status"],
                columns["score"],
                f"{told['max_score']:g}",
                told["isolation"],
                *(columns.get(question, "") for question in questions),
            ]
        )
    header = ["submission", "status", "score", "max_score", "isolation", *questions]
    with as_usage_error(out):
        write_atomically(out / "grades.csv", _csv(header, rows))


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


# ---------------------------------------------------------------------- what is made of it all


def write_tables(
    out: Path, grader: Autograder, intake: CollectedSubmissions, bodies: Sequence[Body]
) -> None:
    """Write ``grades.csv``, the gradebooks, ``feedback/`` and ``report.html``."""
    from ottermark.reports.class_report import write_report
    from ottermark.reports.feedback import write_feedback
    from ottermark.reports.gradebooks import write_gradebooks

    assignment, by_name = grader.assignment, {sheet.name: sheet for sheet in intake.sheets}
    write_grades(out, grader, bodies)
    alike, not_compared = _alike(grader, intake, bodies)
    left = [(called(one.path), one.by.name, one.why) for one in intake.superseded]
    left += [(f"{p.of.name}, for {p.student.called}", p.by.name, p.why) for p in intake.parted]
    with as_usage_error(out):
        results = {body["extra_data"]["submission"]: body for body in bodies}
        write_gradebooks(out, assignment, intake.sheets, results, intake.platform)
        (out / "feedback").mkdir(exist_ok=True)
        for name, body in results.items():
            write_feedback(out / "feedback", body, assignment, by_name[name].students)
        write_report(
            out / "report.html",
            assignment,
            bodies,
            {s.name: _who(s) for s in intake.sheets},
            alike,
            not_compared,
            left,
        )


def _who(sheet: Submission) -> str:
    return ", ".join([*(s.name for s in sheet.students if s.name), *["late"] * sheet.late])


def called(path: Path) -> str:
    """Return a file's name with its folder's, as it may be shown: students choose such names."""
    name = f"{path.parent.name}/{path.name}"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _alike(
    grader: Autograder, intake: CollectedSubmissions, bodies: Sequence[Body]
) -> tuple[list[Alike] | None, str]:
    """Return the sheets that look alike, or None and why they were not compared."""
    ran = {b["extra_data"]["submission"] for b in bodies if b["extra_data"]["status"] != "rejected"}
    if len(ran) > MOST_COMPARED:
        return None, f"there are more than {MOST_COMPARED:,}."
    code = {}
    for sheet in intake.sheets:
        if sheet.name in ran:
            with contextlib.suppress(SubmissionRejectedError):  # it has changed since
                cells = read(sheet.path, sheet.name, grader.assignment).cells
                code[sheet.name] = "\n\n".join(
                    cell["source"] for cell in cells if cell["cell_type"] == "code"
                )
    try:
        return alike(code, grader.assignment.scaffold), ""
    except ImportError:
        return None, "that needs copydetect (pip install 'ottermark[class]')."
