"""Prove a build: the solution earns all, the blank notebook nothing, and both run."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import nbformat

from ottermark.grading.autograder import Autograder
from ottermark.grading.events import CellFinished, Finished, Step
from ottermark.grading.grade import grade
from ottermark.limits import Limits
from ottermark.results.result import QuestionResult, SubmissionResult
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import SubmittedNotebook

Progress = Callable[[str], None]


@dataclass(frozen=True)
class SolutionCheck:
    """What grading the solution showed.

    Attributes:
        executed: the notebook with the outputs of its run.
        problems: one sentence for each thing that does not hold.
        raised: whether a cell raised, ran too long or ended the process.
        inside: for questions whose tests pass on the real objects alone, why.
    """

    executed: Any
    problems: tuple[str, ...]
    raised: bool
    inside: dict[str, str]


def prove_solution(
    notebook: Any, grader: Autograder, sandbox: Sandbox, progress: Progress | None = None
) -> SolutionCheck:
    """Grade the solution, on claims and on the real objects."""
    result, outputs = _graded(notebook, grader, sandbox, progress, trusted=True)
    problems = [f"the solution: {p.text}" for p in result.problems]
    inside = {}
    for question in result.questions:
        wrong = _wrong_with(question)
        problems += wrong
        if (
            not wrong
            and not question.question.why_unprotected
            and question.score < question.question.points
        ):
            inside[question.question.id] = _what_cannot_cross(question)
    return SolutionCheck(
        _executed(notebook, outputs), tuple(problems), bool(result.problems), inside
    )


def _wrong_with(result: QuestionResult) -> list[str]:
    """Return what does not hold of the tests of a question on the real objects."""
    question, real = result.question, result.in_worker
    if real is None:
        return [f"{question.id}: the solution: {note}" for note in result.notes]
    problems = []
    if failed := [name for name, good in real.passed.items() if not good]:
        earns = f"earns {real.score:g} of {question.points:g} points"
        if real.score >= question.points:  # Otter would let it pass
            earns = "fails a test of no points"
        problems += [f"{question.id}: the solution: {note}" for note in result.notes]
        problems.append(
            f"{question.id}: the solution {earns} (failed: {', '.join(failed)}); mend the test or "
            "the solution."
        )
    elif real.failed_in_reverse:
        problems.append(
            f"{question.id}: run once more, in the other order, its tests fail "
            f"({', '.join(real.failed_in_reverse)}); let none of them change the answer or lean on another."
        )
    return problems


def _what_cannot_cross(result: QuestionResult) -> str:
    """Return why the tests of a question pass on the real objects but not on claims."""
    reasons = [note.rstrip(".") for note in result.notes]
    reasons += [f"{case.name} fails on what crosses" for case in result.cases if not case.passed]
    return reasons[0].replace("`", "")


def prove_blank(
    notebook: Any, grader: Autograder, sandbox: Sandbox, progress: Progress | None = None
) -> tuple[list[str], list[str]]:
    """Grade the notebook as students receive it.

    Returns:
        What does not hold, and the cells that raise: they may have to, without an answer.
    """
    result, _ = _graded(notebook, grader, sandbox, progress)
    raised = [f"the blank student notebook: {p.text}" for p in result.problems]
    problems = []
    for question in result.questions:
        if question.score > 0:
            passed = ", ".join(c.name for c in question.cases if c.passed and c.points)
            problems.append(
                f"{question.question.id}: the blank student notebook earns {question.score:g} "
                f"points (passed: {passed}); make these tests fail on an unanswered question."
            )
    return problems, raised


def _graded(
    notebook: Any,
    grader: Autograder,
    sandbox: Sandbox,
    progress: Progress | None,
    trusted: bool = False,
) -> tuple[SubmissionResult, dict[int, list[dict[str, Any]]]]:
    """Grade one of the build's own notebooks; return its result and its cells' outputs."""
    limits = replace(Limits(), cell=900, run=3600)
    outputs: dict[int, list[dict[str, Any]]] = {}
    for event in grade(as_submission(notebook, grader), grader, sandbox, limits, trusted):
        match event:
            case Step(description) if progress is not None:
                progress(description)
            case CellFinished(index, shown):
                outputs[index] = shown
            case Finished(result):
                return result, outputs
    raise AssertionError("grading yields a result at its end")


def as_submission(notebook: Any, grader: Autograder) -> SubmittedNotebook:
    """Return one of the build's own notebooks as a submission."""
    raw = json.dumps(notebook).encode()
    return SubmittedNotebook(grader.assignment.notebook, json.loads(raw), raw)


def _executed(notebook: Any, outputs: Mapping[int, list[dict[str, Any]]]) -> Any:
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
                for o in outputs.get(index, [])
            ]
    return executed
