"""Verify a build: the solution earns all points, the blank notebook none, and both run."""

from __future__ import annotations

import copy
import functools
import json
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

import nbformat
from pydantic import TypeAdapter

from ottermark.assignment import Assignment, Question
from ottermark.authoring import cache, rules
from ottermark.authoring.changed_tests import (
    EarlierVerification,
    earlier_verification,
    needed_part,
    remember,
)
from ottermark.authoring.failures import explain_failures, what_failed
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
from ottermark.results.result import CellProblem, InWorkerResult, QuestionResult, SubmissionResult
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.notebook import SubmittedNotebook, cell_id

GetSandbox = Callable[[], Sandbox]
Progress = Callable[[str], None]
Outputs = list[list[dict[str, Any]]]  # of each code cell, in order
_REJECTION = re.compile(r"\ban? (?:value of type )?\w+ cannot be sent(?: to the grader)?")
_LIMITS = replace(Limits(), cell=900, run=3600)  # seconds


@dataclass(frozen=True)
class Verification:
    """What grading the solution and the blank notebook showed.

    Attributes:
        executed: the solution, or the part of it that was run, with its outputs.
        unprotected: for questions whose tests are right only inside the notebook's process, why.
        diagnostics: errors and warnings.
        solution_score: the points that the solution earns.
        blank_score: the points that the blank notebook earns.
        graded: the ids of the questions that were graded; the cache knows the others.
    """

    executed: Any
    unprotected: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]
    solution_score: float
    blank_score: float
    graded: tuple[str, ...]


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
        blank_check = blank_future.result()
        if check.problems and solution is not split.solution:  # the slice may lack a cell
            whole = replace(verifier, get_sandbox=_preloaded(get_sandbox, split.solution))
            check = whole.check_solution(split.solution, report("the solution"))
    unprotected = blank_check.judged_otherwise | check.unprotected
    assignment = grader.assignment.with_unprotected(unprotected)
    problems = _Problems(split.master, split.student)
    scores = [question.points_earned(unprotected) for question in blank_check.questions]
    return Verification(
        check.executed,
        unprotected,
        (
            *problems.of_blank(blank, blank_check, check),
            *_blank_diagnostics(split.master, blank_check, unprotected),
            *problems.of_solution(check),
            *check.diagnostics,
            *_unprotected_diagnostics(split.master, assignment),
        ),
        solution_score=check.score,
        blank_score=sum(scores),
        graded=check.graded,
    )


def _unprotected_diagnostics(master: Master, assignment: Assignment) -> list[Diagnostic]:
    return [
        rules.UNPROTECTED_QUESTION.at(
            master.locate(question.id),
            "its tests will run inside the students' process, where they are not protected: "
            f"{question.why_unprotected}",
            "test numbers, text, arrays, functions or Keras models, or accept the risk",
        )
        for question in assignment.automatic
        if question.why_unprotected
    ]


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
        problems: the cells that raised, ran too long or ended the process.
        executed, unprotected: see ``Verification``.
        score: the points that it earns.
        diagnostics: what is wrong with its tests.
        graded: the ids of the questions that were graded; the cache knows the others.
    """

    problems: list[CellProblem]
    executed: Any
    unprotected: dict[str, str]
    score: float
    diagnostics: list[Diagnostic]
    graded: tuple[str, ...] = ()


@dataclass(frozen=True)
class _BlankQuestion:
    """How the tests of a question judge the blank notebook.

    Attributes:
        score: the points that it earns on what crosses to the grader.
        real_score: the points that it earns on the real objects; None if they ended the process.
        passed: the tests of points that pass on what crosses.
        really_passed: those that pass on the real objects.
        misconception: the id of one that the catalogue recognises; empty for none.
    """

    id: str
    points: float
    score: float
    real_score: float | None
    passed: tuple[str, ...]
    really_passed: tuple[str, ...]
    misconception: str

    @property
    def is_judged_otherwise(self) -> bool:
        """Whether the real objects earn other points than what crosses."""
        return self.real_score is not None and self.real_score != self.score

    def points_earned(self, unprotected: Collection[str]) -> float:
        """Return the points that it earns when students' notebooks are graded."""
        return (
            self.score if self.real_score is None or self.id not in unprotected else self.real_score
        )


@dataclass(frozen=True)
class _BlankCheck:
    """What grading the blank notebook showed: the cells that went wrong, and its questions."""

    problems: list[CellProblem]
    questions: list[_BlankQuestion]

    @property
    def judged_otherwise(self) -> dict[str, str]:
        """The questions that cannot be judged on what crosses, with the reason."""
        reason = "on what reaches the grader, its tests judge the blank notebook otherwise"
        return {question.id: reason for question in self.questions if question.is_judged_otherwise}

    @classmethod
    def of(cls, result: SubmissionResult) -> _BlankCheck:
        return cls(list(result.problems), [_blank_question(q) for q in result.questions])


def _blank_question(result: QuestionResult) -> _BlankQuestion:
    misconceptions = result.diagnosis.misconceptions
    real = result.in_worker
    return _BlankQuestion(
        result.question.id,
        result.question.points,
        result.score,
        None if real is None else real.score,
        tuple(case.name for case in result.cases if case.passed and case.points),
        () if real is None else tuple(name for name, passed in real.passed.items() if passed),
        misconceptions[0].id if misconceptions else "",
    )


def _blank_diagnostics(
    master: Master, check: _BlankCheck, unprotected: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with points and hints for a notebook that nobody has answered."""
    for question in check.questions:
        location = master.locate(question.id)
        score = question.points_earned(unprotected)
        if score > 0:
            passed = question.really_passed if question.id in unprotected else question.passed
            all_of_it = score >= question.points
            rule = rules.BLANK_EARNS_POINTS if all_of_it else rules.BLANK_EARNS_PART
            share = "" if all_of_it else f" of {question.points:g}"
            yield rule.at(
                location,
                f"the blank student notebook earns {score:g}{share} points (passed: "
                f"{', '.join(passed)})",
                "make these tests fail on an unanswered question",
            )
        if question.misconception:
            yield rules.BLANK_HAS_MISCONCEPTION.at(
                location,
                f"in the blank student notebook, the catalogue recognises {question.misconception}",
                f"change this entry in {CATALOGUE_FILE}",
            )


@dataclass(frozen=True)
class _Problems:
    """Reports cells that went wrong.

    Attributes:
        student: the notebook that students receive.
    """

    master: Master
    student: Any

    def of_solution(self, check: _SolutionCheck) -> Iterator[Diagnostic]:
        """Yield what is reported of cells of the solution notebook."""
        loses = {rules.SOLUTION_LOSES_POINTS.id, rules.SOLUTION_NOT_GRADED.id}
        loses &= {diagnostic.rule for diagnostic in check.diagnostics}
        for problem in check.problems:
            cell = check.executed.cells[problem.cell]
            if _may_raise(cell) and problem.raised:
                continue
            location = self.master.locate_cell(cell)
            message = f"in the solution notebook{_clause(problem)}"
            if not problem.raised or not self._is_given(cell):
                fix = "correct the cell, or what it depends on"
                yield rules.SOLUTION_RAISES.at(location, message, fix)
                continue
            fix = "correct the cell, or give it the tag raises-exception if this is intended"
            report = rules.GIVEN_CELL_RAISES.at(location, message, fix)
            yield replace(report, severity=Severity.ERROR) if loses else report

    def of_blank(
        self, notebook: Any, check: _BlankCheck, solution: _SolutionCheck
    ) -> Iterator[Diagnostic]:
        """Yield what is reported of cells of the blank notebook, unless the solution raises there."""
        reported = {solution.executed.cells[problem.cell].source for problem in solution.problems}
        for problem in check.problems:
            cell = notebook.cells[problem.cell]
            if cell.source not in reported and not _may_raise(cell):
                yield rules.BLANK_RAISES.at(
                    self.master.locate_cell(cell),
                    f"in the blank student notebook{_clause(problem)}",
                    "let the cell run on unanswered questions, which have `name = ...` for a line "
                    "`name = 5  # SOLUTION`, unless this is intended",
                )

    def _is_given(self, cell: Any) -> bool:
        """Return whether students receive a cell as it is."""
        return cell.source.strip() in {code.strip() for code in code_of(self.student)}


def _may_raise(cell: Any) -> bool:
    return "raises-exception" in cell.metadata.get("tags", ())


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
            problems = [CellProblem(**problem) for problem in entry["problems"]]
            return _SolutionCheck(problems, executed, entry["unprotected"], entry["score"], [])
        earlier = earlier_verification("solution", self.grader, notebook)
        if earlier and (again := self._check_solution_again(earlier, notebook, progress)):
            return again
        result, outputs = self._grade(notebook, progress)
        unprotected, score, diagnostics = self._judge(result)
        problems = list(result.problems)
        if not diagnostics and all(problem.raised for problem in problems):
            entry = {"outputs": outputs, "unprotected": unprotected, "score": score}
            entry["problems"] = [asdict(problem) for problem in problems]
            self._remember("solution", notebook, entry)
        executed = _with_outputs(notebook, outputs)
        graded = tuple(question.question.id for question in result.questions)
        return _SolutionCheck(problems, executed, unprotected, score, diagnostics, graded)

    def _check_solution_again(
        self, earlier: EarlierVerification, notebook: Any, progress: Progress
    ) -> _SolutionCheck | None:
        """Grade the questions alone whose tests have changed; None if the whole has to be graded."""
        result = self._grade_again(earlier, notebook, progress)
        if result is None:
            return None
        unprotected, score, diagnostics = self._judge(result)
        if unprotected:
            return None
        graded = tuple(question.id for question in earlier.questions)
        score += sum(q.points for q in self.grader.assignment.automatic if q.id not in graded)
        entry = {**earlier.entry, "score": score}
        if not diagnostics:
            self._remember("solution", notebook, entry)
        executed = _with_outputs(notebook, entry["outputs"])
        problems = [CellProblem(**problem) for problem in entry["problems"]]
        return _SolutionCheck(problems, executed, {}, score, diagnostics, graded)

    def _judge(self, result: SubmissionResult) -> tuple[dict[str, str], float, list[Diagnostic]]:
        """Return which questions cannot be protected, the score, and what is wrong with tests."""
        diagnostics: list[Diagnostic] = []
        unprotected = {}
        score = 0.0
        for question in result.questions:
            wrong = self._check_question(question)
            diagnostics += wrong
            score += question.score if question.in_worker is None else question.in_worker.score
            if not wrong and (reason := _needs_real_objects(question)):
                unprotected[question.question.id] = reason
        return unprotected, score, diagnostics

    def _grade_again(
        self, earlier: EarlierVerification, notebook: Any, progress: Progress
    ) -> SubmissionResult | None:
        """Grade some questions; None if a cell goes wrong that did not."""
        places = as_submission(notebook, earlier.grader).grading_places(earlier.grader.assignment)
        part = needed_part(notebook, earlier.questions, places)
        result, _ = replace(self, grader=earlier.grader)._grade(part, progress)
        known = {problem["cell"] for problem in earlier.entry["problems"]}
        return result if known.issuperset(problem.cell for problem in result.problems) else None

    def _remember(self, kind: str, notebook: Any, entry: dict[str, Any]) -> None:
        cache.write(cache.key(kind, self.grader, notebook), entry)
        remember(kind, self.grader, notebook, entry)

    def _check_question(self, result: QuestionResult) -> list[Diagnostic]:
        """Return what is wrong with the tests of a question on the real objects."""
        question, real = result.question, result.in_worker
        location = self.master.locate(question.id)
        notes = " ".join(result.notes).rstrip(".")
        if real is None:
            fix = "find the cell or test that ends Python or does not come to an end"
            message = f"its tests could not be run on the solution: {notes}"
            return [rules.SOLUTION_NOT_GRADED.at(location, message, fix)]
        if failed := [name for name, passed in real.passed.items() if not passed]:
            return [self._lost_points(question, real, failed, notes)]
        if real.failed_in_reverse:
            message = f"its tests fail when run again in reverse order ({', '.join(real.failed_in_reverse)})"
            fix = "let no test change the answer or depend on another test"
            return [rules.ORDER_DEPENDENT_TESTS.at(location, message, fix)]
        return []

    def _lost_points(
        self, question: Question, real: InWorkerResult, failed: Sequence[str], notes: str
    ) -> Diagnostic:
        """Return what is reported of a solution that fails tests: where they are, and why."""
        order = list(real.passed)
        tests = [self.master.locate_test(question.id, order.index(name)) for name in failed]
        names = [test or name for name, (test, _) in zip(failed, tests, strict=True)]
        location = tests[0][1]
        if len(names) > 1:
            location = self.master.locate(question.id)
            cells = [place.cell for _, place in tests]
            names = [f"{n} (cell {cell})" for n, cell in zip(names, cells, strict=True)]
        messages = [real.messages.get(name, "") for name in failed]
        cause, fix = explain_failures(messages)
        why = notes or ". ".join(filter(None, (what_failed(messages[0]), cause)))
        why = f": {why}" if why else ""
        if real.score < question.points:
            message = (
                f"the solution earns {real.score:g} of {question.points:g} points, since it fails "
            )
            return rules.SOLUTION_LOSES_POINTS.at(location, f"{message}{_listed(names)}{why}", fix)
        message = (
            f"the solution fails {_listed(names)}, worth no points{why}"  # Otter would let it pass
        )
        return rules.ZERO_POINT_TEST_FAILS.at(location, message, fix)

    def check_blank(self, notebook: Any, progress: Progress) -> _BlankCheck:
        """Grade the notebook as students receive it, as the solution is graded."""
        key = cache.key("blank", self.grader, notebook)
        if (entry := cache.read(key)) is not None:
            return TypeAdapter(_BlankCheck).validate_python(entry)
        earlier = earlier_verification("blank", self.grader, notebook)
        if earlier and (again := self._check_blank_again(earlier, notebook, progress)):
            return again
        result, _ = self._grade(notebook, progress)
        check = _BlankCheck.of(result)
        if all(problem.raised for problem in check.problems):
            self._remember("blank", notebook, asdict(check))
        return check

    def _check_blank_again(
        self, earlier: EarlierVerification, notebook: Any, progress: Progress
    ) -> _BlankCheck | None:
        """Grade the questions alone whose tests have changed; None if the whole has to be graded."""
        result = self._grade_again(earlier, notebook, progress)
        if result is None:
            return None
        stored = {key: earlier.entry[key] for key in ("problems", "questions")}
        before = TypeAdapter(_BlankCheck).validate_python(stored)
        new = {question.id: question for question in _BlankCheck.of(result).questions}
        check = replace(before, questions=[new.get(q.id, q) for q in before.questions])
        if check.judged_otherwise:
            return None
        self._remember("blank", notebook, asdict(check))
        return check

    def _grade(self, notebook: Any, progress: Progress) -> tuple[SubmissionResult, Outputs]:
        """Grade a notebook of the build's own; return the result and the outputs of each code cell."""
        progress("starting Python")
        outputs: dict[int, list[dict[str, Any]]] = {}
        submission = as_submission(notebook, self.grader)
        for event in grade(submission, self.grader, self.get_sandbox(), _LIMITS, trusted=True):
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
    real = result.in_worker
    if result.question.why_unprotected or real is None or result.score >= result.question.points:
        return ""
    reasons = [note.rstrip(".") for note in result.notes if result.answered]
    for name, failure in real.failures.items():
        what = _REJECTION.search(failure)
        reasons.append(f"{name}: {what[0]}" if what else f"{name} fails on what crosses")
    return (reasons or ["what they look at does not reach the grader"])[0].replace("`", "")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _clause(problem: CellProblem) -> str:
    """Return what went wrong as the end of a sentence about a cell that it has named already."""
    rest = problem.text.removeprefix(f"Cell {problem.cell + 1}").rstrip(".")
    if rest.startswith(","):
        return rest
    return f", {rest[2:]}" if rest.startswith(":") else f", it{rest}"


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
