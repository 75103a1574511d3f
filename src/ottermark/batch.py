"""Grade many submissions: find them, grade them side by side, resume, write the tables.

Each result is written as soon as it is known, under a key made of the submission's and the
grader's bytes; a run that was stopped goes on with what has no result yet.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.autograder import Autograder
from ottermark.errors import UsageProblem
from ottermark.report import write_report
from ottermark.results import checked, write_atomically, write_results
from ottermark.results import results as results_body
from ottermark.sandbox import Limits, Sandbox
from ottermark.score import grade, nothing_earned
from ottermark.submission import MAX_NOTEBOOK_BYTES, Rejected, read

Body = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One file that was handed in, and the name it goes by in results and tables."""

    name: str
    path: Path


def find(paths: Sequence[Path]) -> list[Sheet]:
    """Return the sheets in ``paths``: files themselves, and what lies in folders.

    In a folder every file counts as one sheet, and every sub-folder as one student's; what
    cannot be graded gets a row that says so rather than being passed over.
    """
    sheets: dict[str, Sheet] = {}
    for found, path in (pair for given in paths for pair in _found(given)):
        name = clean = re.sub(r"[^\w.\- ]+", "_", found)[:150].strip("._- ") or "submission"
        number = 1
        while name.casefold() in sheets:  # the names become files, on any file system
            number += 1
            name = f"{clean}-{number}"
        sheets[name.casefold()] = Sheet(name, path)
    return list(sheets.values())


def _found(given: Path) -> Iterator[tuple[str, Path]]:
    if not given.exists():
        raise UsageProblem(f"{given} does not exist; name notebooks, zips or folders of them.")
    if not given.is_dir():
        yield given.stem, given
        return
    found = False
    for path in sorted(given.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        found = True
        if not path.is_dir() or path.is_symlink():
            yield path.stem, path
            continue
        inside = sorted(
            p
            for p in path.rglob("*")
            if p.suffix in (".ipynb", ".zip") and not any(part.startswith(".") for part in p.parts)
        )
        if len(inside) == 1:
            yield path.name, inside[0]
        else:
            yield from ((f"{path.name}_{p.stem}", p) for p in inside)
            if not inside:
                yield path.name, path
    if not found:
        raise UsageProblem(f"{given} is empty; name notebooks, zips or folders of them.")


def grade_all(
    sheets: Sequence[Sheet],
    grader: Autograder,
    out: Path,
    jobs: int,
    done: Callable[[Body, bool], None],
    limits: Limits | None = None,
    isolation: str | None = None,
    started: Callable[[Sandbox], None] | None = None,
) -> list[Body]:
    """Grade ``sheets`` and write ``out``; return the results.json bodies, in order of names.

    Args:
        jobs: how many are graded at the same time.
        done: called after each sheet with its body and whether it was kept from an earlier run.
        limits: what each notebook may use.
        isolation: the walls; None takes the best that this machine gives.
        started: called once notebooks can run.
    """
    limits = limits or Limits()
    (out / "results").mkdir(parents=True, exist_ok=True)
    bodies: dict[str, Body] = {}
    waiting = []
    for sheet in sheets:
        key = _key(sheet, grader, limits, isolation)
        before = _earlier(out, sheet, key)
        if before is None:
            waiting.append((sheet, key))
        else:
            bodies[sheet.name] = before
            done(before, True)
    if waiting:
        with (
            grader.entered(),
            Sandbox(
                grader.assignment.preloads, isolation, _private(sheets, grader, out)
            ) as sandbox,
            ThreadPoolExecutor(jobs) as pool,
        ):
            if started is not None:
                started(sandbox)
            running = [
                pool.submit(_grade_one, sheet, key, grader, sandbox, limits, out)
                for sheet, key in waiting
            ]
            try:
                for finished in as_completed(running):
                    body = finished.result()
                    bodies[body["extra_data"]["submission"]] = body
                    done(body, False)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                sandbox.close()  # so that nobody who stops a run has to wait for its notebooks
                raise
    ordered = [bodies[name] for name in sorted(bodies)]
    write_tables(out, grader, ordered)
    return ordered


def _private(sheets: Sequence[Sheet], grader: Autograder, out: Path) -> list[Path]:
    """Return what no student's code may read: the tests, the other sheets, the results."""
    tests = [grader.folder / "tests", *(grader.test(q.id) for q in grader.assignment.automatic)]
    return [*tests, out / "results", *(sheet.path for sheet in sheets)]


def _grade_one(
    sheet: Sheet, key: str, grader: Autograder, sandbox: Sandbox, limits: Limits, out: Path
) -> Body:
    try:
        submission = read(sheet.path, sheet.name, grader.assignment)
        body = results_body(grade(submission, grader, sandbox, limits), grader)
        checked(body)
    except Rejected as rejection:
        body = results_body(nothing_earned(sheet.name, grader, "rejected", str(rejection)), grader)
    except Exception as error:  # a bug of ours must not cost the class its grades
        message = f"The grader failed on this sheet ({type(error).__name__}); tell its makers."
        body, key = results_body(nothing_earned(sheet.name, grader, "crashed", message), grader), ""
    body["extra_data"]["key"] = key  # none for a failure of ours: the next run tries again
    write_results(out / "results" / f"{sheet.name}.json", body)
    return body


def _key(sheet: Sheet, grader: Autograder, limits: Limits, isolation: str | None) -> str:
    told = f"{grader.digest}\0{grader.assignment}\0{limits}\0{isolation}\0{sheet.path.name}\0"
    digest = hashlib.sha256(told.encode("utf-8", "surrogateescape"))
    if sheet.path.is_file() and not sheet.path.is_symlink():
        with sheet.path.open("rb") as file:
            digest.update(file.read(2 * MAX_NOTEBOOK_BYTES))  # more than is ever graded
    return digest.hexdigest()


def _earlier(out: Path, sheet: Sheet, key: str) -> Body | None:
    """Return the result of an earlier run, if it is of the same submission and grader."""
    try:
        body: Body = json.loads((out / "results" / f"{sheet.name}.json").read_text("utf-8"))
        return body if body["extra_data"]["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_tables(out: Path, grader: Autograder, bodies: Sequence[Body]) -> None:
    """Write ``grades.csv`` and ``report.html``."""
    questions = [q.id for q in grader.assignment.questions]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["submission", "status", "score", "max_score", "isolation", *questions])
    for body in bodies:
        told = body["extra_data"]
        scores = scores_of(body)
        table.writerow(
            [
                told["submission"],
                told["status"],
                f"{body['score']:g}",
                f"{told['max_score']:g}",
                told["isolation"],
                *(f"{scores[q]:g}" if q in scores else "" for q in questions),
            ]
        )
    write_atomically(out / "grades.csv", text.getvalue())
    write_report(out / "report.html", grader.assignment, bodies)


def scores_of(body: Mapping[str, Any]) -> dict[str, float]:
    """Return the score of each question in a results.json."""
    return {t["number"]: t["score"] for t in body["tests"] if "number" in t}


def default_jobs() -> int:
    """Return how many submissions to grade at the same time: one a usable core."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # macOS
        return os.cpu_count() or 1
