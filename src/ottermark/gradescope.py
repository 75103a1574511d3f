"""Gradescope's side: results.json, and the entry that its container calls.

The fields are those of Gradescope's autograder specification; every question is one scored
entry whose ``number`` is the question's id.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from ottermark import __version__
from ottermark.autograder import Autograder
from ottermark.autograder import opened as opened_autograder
from ottermark.errors import UsageProblem
from ottermark.sandbox import Limits, Sandbox
from ottermark.score import Keep, QuestionResult, Result, grade, nothing_earned
from ottermark.submission import Rejected, read

MAX_TEXT = 90_000  # Gradescope cuts a field at 100,000 characters

_ISOLATION = {
    "userns": "The notebook ran walled off from the grader, in namespaces of its own.",
    "uid": "The notebook ran walled off from the grader, as a user of its own.",
    "none": "The notebook ran in a process of its own, but nothing kept it from the grader's "
    "files: these marks were not protected.",
}


def results(result: Result, grader: Autograder) -> dict[str, Any]:
    """Return the results.json of one submission."""
    entries = [_how_it_ran(result)]
    entries += [_entry(question) for question in result.questions]
    entries += [
        {
            "name": f"{question.id}: a written answer, {question.points:g} points, marked by hand",
            "output": "",
            "visibility": "visible",
        }
        for question in grader.assignment.questions
        if question.manual and result.status != "rejected"
    ]
    return {
        "score": round(result.score, 4),
        "execution_time": round(result.seconds, 2),
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
    else:
        lines = ["Every cell ran."]
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


def _entry(result: QuestionResult) -> dict[str, Any]:
    question = result.question
    lines = [f"- {note}" for note in result.notes]
    for case in result.cases:
        worth = f" ({case.points:g} point{'s' * (case.points != 1)})" if case.points else ""
        mark = "✅" if case.passed else "❌"
        if case.message or not case.passed:
            lines.append(f"- {mark}{worth} {case.message}")
    full = result.score >= question.points
    return {
        "name": question.id,
        "number": question.id,
        "score": round(result.score, 4),
        "max_score": question.points,
        "status": "passed" if full else "failed",
        "output": "\n".join(lines)[:MAX_TEXT] or ("All tests passed." if full else ""),
        "visibility": "visible",
    }


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
            body = results(
                nothing_earned(
                    "submission",
                    grader,
                    "crashed",
                    "The autograder was stopped before it could finish; tell the course staff.",
                ),
                grader,
            )
            write_results(target, body)

            def keep(result: Result) -> None:
                write_results(target, results(result, grader))

            keep(_graded(home / "submission", grader, keep))
    except UsageProblem as problem:
        print(problem, file=sys.stderr)
        broken = {
            "score": 0,
            "tests": [{"name": "The autograder is broken; tell the course staff", "score": 0}],
            "output": "The autograder of this assignment could not be read.",
        }
        write_results(target, broken)
    return 0


def _graded(folder: Path, grader: Autograder, keep: Keep) -> Result:
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
    with grader.entered(), Sandbox(grader.assignment.imports) as sandbox:
        return grade(submission, grader, sandbox, Limits(run=540), keep=keep)


if __name__ == "__main__":
    sys.exit(main())
