"""Gradescope's side: results.json, and the entry that its container calls.

The fields are those of Gradescope's autograder specification; every question is one scored
entry whose ``number`` is the question's id.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from ottermark import __version__
from ottermark.autograder import Autograder
from ottermark.autograder import opened as opened_autograder
from ottermark.errors import UsageProblem
from ottermark.feedback import NOTHING_FOUND
from ottermark.sandbox import Limits, Sandbox
from ottermark.sandbox.limits import MiB
from ottermark.score import Keep, QuestionResult, Result, grade, nothing_earned
from ottermark.submission import Rejected, read

MAX_TEXT = 90_000  # Gradescope cuts a field at 100,000 characters
RUN_SECONDS = 540  # Gradescope ends a container after ten minutes
GRADER_MEMORY = 448 * MiB  # what the grader and the imports of a notebook take for themselves
METADATA = "submission_metadata.json"
ISOLATION = "OTTERMARK_ISOLATION"  # names the walls, if not the best there are
UNFINISHED = "The autograder was stopped before it could finish; tell the course staff."

_UNPROTECTED = (
    "\nThese tests need what cannot leave the notebook's process, and ran inside it: the marks of "
    "this question are not protected."
)

_ISOLATION = {
    "userns": "The notebook ran walled off from the grader, in namespaces of its own.",
    "uid": "The notebook ran walled off from the grader, as a user of its own.",
    "none": "The notebook ran in a process of its own, but nothing kept it from the grader's "
    "files: these marks were not protected.",
}


def results(result: Result, grader: Autograder, finished: bool = True) -> dict[str, Any]:
    """Return the results.json of one submission.

    Args:
        finished: whether nothing is to come; else it says that the grading was cut short.
    """
    entries = [_how_it_ran(result)]
    for question in result.questions:
        entries += _entries(question, grader.hints)
    entries += [
        {
            "name": f"{question.id}: a written answer, {question.points:g} points, marked by hand",
            "output": "",
            "visibility": "visible",
        }
        for question in grader.assignment.questions
        if question.manual and result.status != "rejected"
    ]
    cut_short = {} if finished else {"output": UNFINISHED}
    return {
        "score": round(result.score, 4),
        **cut_short,
        "output_format": "md",
        "test_output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": entries,
        "extra_data": {
            "ottermark": __version__,
            "assignment": grader.assignment.name,
            "submission": result.submission,
            "status": result.status,
            "isolation": result.isolation,
            "unprotected": [q.id for q in grader.assignment.questions if q.inside],
            # not as `execution_time`, which students read: code could time itself to tell them
            # of the inputs of hidden tests
            "seconds": round(result.seconds, 2),
            "max_score": grader.assignment.max_score,
            "problems": [{"cell": p.cell + 1, "text": p.text[:MAX_TEXT]} for p in result.problems],
        },
    }


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        # a student's text may hold halves of surrogate pairs, which no encoding can write
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_results(path: Path, body: dict[str, Any]) -> None:
    """Write a results.json, atomically."""
    write_atomically(path, json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def _how_it_ran(result: Result) -> dict[str, Any]:
    if result.message:
        lines = [result.message]
    elif result.problems:
        lines = [f"- {problem.text}" for problem in result.problems]
    elif result.status == "graded":
        lines = ["Every cell ran."]
    else:
        lines = ["Every cell ran; the trouble came when your functions were called, see below."]
    if result.isolation:
        lines.append(f"\n{_ISOLATION[result.isolation]}")
    name = {
        "graded": "How your notebook ran",
        "timeout": "How your notebook ran: it took too long",
        "crashed": "How your notebook ran: its process ended early",
        "rejected": "This file could not be graded",
    }[result.status]
    bad = result.status != "graded" or bool(result.problems)
    return {
        "name": name,
        "output": "\n".join(lines)[:MAX_TEXT],
        "status": "failed" if bad else "passed",
        "visibility": "visible",
    }


def _entries(result: QuestionResult, when: str) -> list[dict[str, Any]]:
    """Return a question's entry, and one for its hints if these are for later."""
    question = result.question
    lines = [f"- {note}" for note in result.notes]
    for case in result.cases:
        worth = f" ({case.points:g} point{'s' * (case.points != 1)})" if case.points else ""
        mark = "✅" if case.passed else "❌"
        if case.message or not case.passed:
            lines.append(f"- {mark}{worth} {case.message}")
    lines += [_UNPROTECTED] * bool(question.inside)
    hints = _hints(result)
    full = result.score >= question.points
    entry = {
        "name": question.id,
        "number": question.id,
        "score": round(result.score, 4),
        "max_score": question.points,
        "status": "passed" if full else "failed",
        "output": "\n".join(lines + hints * (when == "at_once"))[:MAX_TEXT]
        or ("All tests passed." if full else ""),
        "visibility": "visible",
    }
    found = result.finding
    tags = [f"misconception:{slip.id}" for slip in found.slips]
    tags += ["unprotected"] * bool(question.inside)
    if tags:
        entry["tags"] = tags
    if found != NOTHING_FOUND:
        entry["extra_data"] = {
            "misconceptions": [slip.name for slip in found.slips],
            "fails_on": dict(found.fails_on),
            "unexplained": dict(found.unexplained),
        }
    if not hints or when != "after_due_date":
        return [entry]
    later = {
        "name": f"{question.id}: a hint",
        "output": "\n".join(hints)[:MAX_TEXT],
        "visibility": "after_due_date",
    }
    return [entry, later]


def _hints(result: QuestionResult) -> list[str]:
    hints = [f"- 💡 {slip.hint}" for slip in result.finding.slips]
    hints += [
        f"- 💡 `{name}` first goes wrong here: {kind}."
        for name, kind in result.finding.fails_on.items()
    ]
    return hints


def main(home: Path = Path("/autograder")) -> int:
    """Grade the one submission of a Gradescope container and write its results.json.

    Args:
        home: holds ``source/``, ``submission/`` and ``results/`` as Gradescope lays them out.

    Returns:
        The exit status: 0 whenever a results.json stands, whatever it says of the submission.
    """
    target = home / "results" / "results.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with opened_autograder(home / "source") as grader:
            nothing = nothing_earned("submission", grader, "crashed", UNFINISHED)
            write_results(target, results(nothing, grader))
            _make_private(home)

            def keep(result: Result) -> None:
                with contextlib.suppress(OSError):  # the disk may be full until the notebook ends
                    write_results(target, results(result, grader, finished=False))

            try:
                write_results(target, results(_graded(home, grader, keep), grader))
            except UsageProblem:
                raise
            except Exception:  # a bug of ours; what was earned so far stands
                traceback.print_exc()
    except UsageProblem as problem:
        print(f"Error: {problem}", file=sys.stderr)
        broken = {
            "score": 0,
            "tests": [{"name": "The autograder is broken; tell the course staff", "score": 0}],
            "output": "The autograder of this assignment could not be read.",
        }
        write_results(target, broken)
    return 0


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


def _limits() -> Limits:
    usual = Limits(run=RUN_SECONDS)
    memory = container_memory() or usual.memory + GRADER_MEMORY
    return replace(usual, memory=max(128 * MiB, min(usual.memory, memory - GRADER_MEMORY)))


def _graded(home: Path, grader: Autograder, keep: Keep) -> Result:
    folder = home / "submission"
    found = sorted(p for p in folder.glob("*") if p.suffix in (".ipynb", ".zip") and p.is_file())
    wanted = [p for p in found if p.name == grader.assignment.notebook]
    chosen = wanted or found
    name = "submission"
    if len(chosen) != 1:
        many = "no notebook" if not chosen else f"{len(chosen)} notebooks"
        message = f"The upload holds {many}; hand in one, named {grader.assignment.notebook}."
        return nothing_earned(name, grader, "rejected", message)
    try:
        submission = read(chosen[0], name, grader.assignment)
    except Rejected as rejection:
        return nothing_earned(name, grader, "rejected", str(rejection))
    tests = [grader.test(question.id) for question in grader.assignment.automatic]
    private = [home / "source", folder, home / "results", home / METADATA, *tests, *found]
    with (
        grader.entered(),
        Sandbox(grader.assignment.preloads, os.environ.get(ISOLATION), private) as sandbox,
    ):
        return grade(submission, grader, sandbox, _limits(), keep=keep)


if __name__ == "__main__":
    sys.exit(main())
