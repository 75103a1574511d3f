"""Prove a build: the solution earns all, the blank notebook nothing, and both run."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import nbformat

from ottermark.autograder import Autograder
from ottermark.sandbox import Limits, Sandbox
from ottermark.score import Progress, Result, grade
from ottermark.submission import Submission


def prove_solution(
    notebook: Any, grader: Autograder, sandbox: Sandbox, progress: Progress | None = None
) -> tuple[Any, list[str]]:
    """Grade the solution, on claims and on the real objects.

    Returns:
        The executed notebook, and one sentence for each thing that does not hold.
    """
    result = _graded(notebook, grader, sandbox, progress, trusted=True)
    problems = [f"the solution: {p.text}" for p in result.problems]
    for question in result.questions:
        problems += [f"{question.question.id}, the solution: {note}" for note in question.notes]
        if question.score < question.question.points:
            failed = ", ".join(c.name for c in question.cases if not c.passed) or "nothing was run"
            problems.append(
                f"{question.question.id}: the solution earns {question.score:g} of "
                f"{question.question.points:g} points (failed: {failed}); mend the test or the solution."
            )
    return _executed(notebook, result), problems


def prove_blank(
    notebook: Any, grader: Autograder, sandbox: Sandbox, progress: Progress | None = None
) -> list[str]:
    """Grade the notebook as students receive it; return what does not hold."""
    result = _graded(notebook, grader, sandbox, progress)
    problems = [f"the blank student notebook: {p.text}" for p in result.problems]
    for question in result.questions:
        if question.score > 0:
            passed = ", ".join(c.name for c in question.cases if c.passed and c.points)
            problems.append(
                f"{question.question.id}: the blank student notebook earns {question.score:g} "
                f"points (passed: {passed}); make these tests fail on an unanswered question."
            )
    return problems


def _graded(
    notebook: Any,
    grader: Autograder,
    sandbox: Sandbox,
    progress: Progress | None,
    trusted: bool = False,
) -> Result:
    raw = json.dumps(notebook).encode()
    submission = Submission(grader.assignment.notebook, json.loads(raw), raw)
    limits = replace(Limits(), cell=900, run=3600)
    return grade(submission, grader, sandbox, limits, progress, trusted=trusted)


def _executed(notebook: Any, result: Result) -> Any:
    """Return a copy of the notebook with the outputs of its run."""
    executed = copy.deepcopy(notebook)
    count = 0
    for index, cell in enumerate(executed.cells):
        if cell.cell_type == "code" and cell.source.strip():
            count += 1
            cell["execution_count"] = count
            cell["outputs"] = [
                nbformat.from_dict(
                    {**o, "execution_count": count} if o["output_type"] == "execute_result" else o
                )
                for o in result.outputs.get(index, [])
            ]
    return executed
