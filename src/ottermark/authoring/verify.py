"""Verify a build: the solution earns all points, the blank notebook none, and both run."""

from __future__ import annotations

import copy
import functools
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import nbformat

from ottermark.assignment import Question
from ottermark.authoring import cache, rules
from ottermark.authoring.master import Master, code_of
from ottermark.authoring.slicing import slice_notebook
from ottermark.authoring.split import Split
from ottermark.diagnostics import Diagnostic, Severity
from ottermark.grading.autograder import Autograder
from ottermark.grading.events import CellFinished, Finished, StepStarted
from ottermark.grading.grade import grade
from ottermark.grading.misconceptions import CATALOGUE_FILE
from ottermark.limits import Limits
from ottermark.python_source import imported_modules
from ottermark.results.result import QuestionResult, SubmissionResult
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import SubmittedNotebook, cell_id

GetSandbox = Callable[[], Sandbox]
Progress = Callable[[str], None]
Outputs = list[list[dict[str, Any]]]  # of each code cell, in order
_LIMITS = replace(Limits(), cell=900, run=3600)  # seconds


@dataclass(frozen=True)
class Verification:
    """What grading the solution and the blank notebook showed.

    Attributes:
        executed: the solution, or the part of it that was run, with its outputs.
        unprotected: for questions whose tests pass only inside the notebook's process, why.
        diagnostics: errors and warnings.
    """

    executed: Any
    unprotected: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]


def verify(
    split: Split,
    grader: Autograder,
    question: Question | None,
    get_sandbox: GetSandbox,
    progress: Progress,
) -> Verification:
    """Grade the solution and the blank notebook, both at the same time.

    Args:
        grader: the autograder that was built from ``split``.
        question: verify only this question, with the cells that it depends on; None for all.
        get_sandbox: returns the process that notebooks are forked from, with Otter's tests
            imported.
    """
    if question is not None:
        grader = grader.only(question.id)
    solution, blank = (_slice(nb, grader, question) for nb in (split.solution, split.student))
    verifier = _Verifier(split.master, grader, _preloaded(get_sandbox, solution, blank))
    report = _combined(progress)
    with grader.working_directory(), ThreadPoolExecutor(1) as pool:
        blank_future = pool.submit(verifier.check_blank, blank, report("the blank notebook"))
        check = verifier.check_solution(solution, report("the solution"))
        diagnostics = blank_future.result()
        if check.raises and solution is not split.solution:  # the slice may lack a cell
            whole = replace(verifier, get_sandbox=_preloaded(get_sandbox, split.solution))
            check = whole.check_solution(split.solution, report("the solution"))
        assignment = grader.assignment.with_unprotected(check.unprotected)
        if check.unprotected and not any(d.severity is Severity.ERROR for d in diagnostics):
            # the blank notebook must not earn these points on the real objects either
            again = replace(verifier, grader=replace(grader, assignment=assignment))
            diagnostics = again.check_blank(blank, report("the blank notebook"))
    diagnostics += check.diagnostics
    diagnostics += [
        rules.UNPROTECTED_QUESTION.at(
            split.master.locate(question.id),
            "its tests will run inside the students' process, where they are not protected: "
            f"{question.why_unprotected}",
            "test numbers, text, arrays, functions or Keras models, or accept the risk",
        )
        for question in assignment.automatic
        if question.why_unprotected
    ]
    return Verification(check.executed, check.unprotected, tuple(diagnostics))


def as_submission(notebook: Any, grader: Autograder) -> SubmittedNotebook:
    """Return one of the build's own notebooks as a submission."""
    raw = json.dumps(notebook).encode()
    body = json.loads(raw)
    ids = tuple(map(cell_id, body["cells"]))
    return SubmittedNotebook(grader.assignment.notebook, body, raw, ids)


def _slice(notebook: Any, grader: Autograder, question: Question | None) -> Any:
    """Return the part of a notebook that ``question`` depends on, as far as that is known."""
    if question is None or question.why_unprotected:
        return notebook
    end = as_submission(notebook, grader).grading_places(grader.assignment)[question.id].cells[-1]
    return slice_notebook(notebook, question.names, end)


def _preloaded(get_sandbox: GetSandbox, *notebooks: Any) -> GetSandbox:
    """Return a function that returns the sandbox once it has imported what notebooks import."""
    lock = threading.Lock()

    @functools.cache
    def preload() -> Sandbox:
        sandbox = get_sandbox()
        sandbox.preload(imported_modules(code for nb in notebooks for code in code_of(nb)))
        return sandbox

    def get() -> Sandbox:
        with lock:
            return preload()

    return get


def _combined(progress: Progress) -> Callable[[str], Progress]:
    """Return a function that gives each of several concurrent tasks a progress of its own."""
    steps: dict[str, str] = {}

    def for_task(task: str) -> Progress:
        def report(step: str) -> None:
            steps[task] = step
            current = list(steps.items())  # another task may add itself meanwhile
            progress("; ".join(f"{task}: {step}" for task, step in current if step))

        return report

    return for_task


@dataclass(frozen=True)
class _SolutionCheck:
    """What grading the solution showed.

    Attributes:
        raises: whether a cell raised, ran too long or ended the process.
        executed, unprotected, diagnostics: see ``Verification``.
    """

    raises: bool
    executed: Any
    unprotected: dict[str, str]
    diagnostics: list[Diagnostic]


@dataclass(frozen=True)
class _Verifier:
    """Grades the notebooks of a master, unless the cache knows the result."""

    master: Master
    grader: Autograder
    get_sandbox: GetSandbox

    def check_solution(self, notebook: Any, progress: Progress) -> _SolutionCheck:
        """Grade the solution, on values that cross to the grader and on the real objects."""
        key = cache.key("solution", self.grader, notebook)
        if (entry := cache.read(key)) is not None:
            executed = _with_outputs(notebook, entry["outputs"])
            return _SolutionCheck(False, executed, entry["unprotected"], [])
        result, outputs = self._grade(notebook, progress, trusted=True)
        diagnostics = [
            rules.SOLUTION_RAISES.at(
                self.master.locate_cell(notebook.cells[problem.cell]),
                f"in the solution notebook, {_clause(problem.text)}",
                "correct the cell, or what it depends on",
            )
            for problem in result.problems
        ]
        unprotected = {}
        for question in result.questions:
            wrong = self._check_question(question)
            diagnostics += wrong
            if not wrong and (reason := _needs_real_objects(question)):
                unprotected[question.question.id] = reason
        if not diagnostics:
            cache.write(key, {"outputs": outputs, "unprotected": unprotected})
        executed = _with_outputs(notebook, outputs)
        return _SolutionCheck(bool(result.problems), executed, unprotected, diagnostics)

    def _check_question(self, result: QuestionResult) -> list[Diagnostic]:
        """Return what is wrong with the tests of a question on the real objects."""
        question, real = result.question, result.in_worker
        location = self.master.locate(question.id)
        notes = " ".join(result.notes).rstrip(".")
        if real is None:
            fix = "find the cell or test that ends Python or does not come to an end"
            message = f"its tests could not be run on the solution: {notes}"
            return [rules.SOLUTION_NOT_GRADED.at(location, message, fix)]
        fix = "correct the test or the solution"
        if failed := [name for name, passed in real.passed.items() if not passed]:
            reasons = ", ".join(failed) + (f". {notes}" if notes else "")
            if real.score < question.points:
                message = f"the solution earns {real.score:g} of {question.points:g} points"
                rule = rules.SOLUTION_LOSES_POINTS
            else:  # Otter would let it pass
                message, rule = (
                    "the solution fails a test of no points",
                    rules.ZERO_POINT_TEST_FAILS,
                )
            return [rule.at(location, f"{message} (failed: {reasons})", fix)]
        if real.failed_in_reverse:
            message = f"its tests fail when run again in reverse order ({', '.join(real.failed_in_reverse)})"
            fix = "let no test change the answer or depend on another test"
            return [rules.ORDER_DEPENDENT_TESTS.at(location, message, fix)]
        return []

    def check_blank(self, notebook: Any, progress: Progress) -> list[Diagnostic]:
        """Grade the notebook as students receive it; cells that raise are warnings."""
        key = cache.key("blank", self.grader, notebook)
        entry = cache.read(key)
        diagnostics = []
        if entry is None:
            result, _ = self._grade(notebook, progress)
            entry = {"raising": [[problem.cell, problem.text] for problem in result.problems]}
            diagnostics = self._check_no_points(result) + self._check_no_misconceptions(result)
            if not diagnostics:
                cache.write(key, entry)
        return diagnostics + [
            rules.BLANK_RAISES.at(
                self.master.locate_cell(notebook.cells[index]),
                f"in the blank student notebook, {_clause(text)}",
                "let the cell run on unanswered questions, unless this is intended",
            )
            for index, text in entry["raising"]
        ]

    def _check_no_points(self, result: SubmissionResult) -> list[Diagnostic]:
        diagnostics = []
        for question in result.questions:
            if question.score > 0:
                passed = ", ".join(c.name for c in question.cases if c.passed and c.points)
                diagnostics.append(
                    rules.BLANK_EARNS_POINTS.at(
                        self.master.locate(question.question.id),
                        f"the blank student notebook earns {question.score:g} points "
                        f"(passed: {passed})",
                        "make these tests fail on an unanswered question",
                    )
                )
        return diagnostics

    def _check_no_misconceptions(self, result: SubmissionResult) -> list[Diagnostic]:
        return [
            rules.BLANK_HAS_MISCONCEPTION.at(
                self.master.locate(question.question.id),
                "in the blank student notebook, the catalogue recognises "
                f"{question.diagnosis.misconceptions[0].id}",
                f"change this entry in {CATALOGUE_FILE}",
            )
            for question in result.questions
            if question.diagnosis.misconceptions
        ]

    def _grade(
        self, notebook: Any, progress: Progress, trusted: bool = False
    ) -> tuple[SubmissionResult, Outputs]:
        """Grade a notebook; return the result and the outputs of each code cell."""
        progress("starting Python")
        outputs: dict[int, list[dict[str, Any]]] = {}
        submission = as_submission(notebook, self.grader)
        for event in grade(submission, self.grader, self.get_sandbox(), _LIMITS, trusted):
            match event:
                case StepStarted(description):
                    progress(description)
                case CellFinished(index, shown):
                    outputs[index] = shown
                case Finished(result):
                    progress("")
                    return result, [outputs.get(index, []) for index in _code_cells(notebook)]
        raise AssertionError("grading ends with a result")


def _needs_real_objects(result: QuestionResult) -> str:
    """Return why tests that pass on the real objects fail on what crosses; empty if they pass."""
    if result.question.why_unprotected or result.score >= result.question.points:
        return ""
    reasons = [note.rstrip(".") for note in result.notes]
    reasons += [f"{case.name} fails on what crosses" for case in result.cases if not case.passed]
    return reasons[0].replace("`", "")


def _clause(sentence: str) -> str:
    """Return a sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _code_cells(notebook: Any) -> Iterable[int]:
    return [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def _with_outputs(notebook: Any, outputs: Sequence[list[dict[str, Any]]]) -> Any:
    """Return a copy of the notebook as executed."""
    executed = copy.deepcopy(notebook)
    count = 0
    for index, cell_outputs in zip(_code_cells(executed), outputs, strict=True):
        cell = executed.cells[index]
        if cell.source.strip():
            count += 1
            cell["execution_count"] = count
            cell["outputs"] = [_output(output, count) for output in cell_outputs]
    return executed


def _output(output: dict[str, Any], count: int) -> Any:
    numbered = {"execution_count": count} if output["output_type"] == "execute_result" else {}
    return nbformat.from_dict({**output, **numbered})
