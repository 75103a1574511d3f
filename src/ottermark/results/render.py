"""A grading result, rendered as the document that students and staff read.

Each automatic question is one scored entry whose ``number`` is the question's id; every entry has
the visibility that the instructor's options give it. What is said of cells, values and
tests is in the result already; all other sentences are made here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ottermark import __version__
from ottermark.assignment import Assignment
from ottermark.config import GradingConfig
from ottermark.limits import Limits, MiB
from ottermark.results.document import (
    MAX_NAME,
    MAX_TEXT,
    CaseFacts,
    CodeFacts,
    Entry,
    EntryFacts,
    LeaderboardColumn,
    ProblemFacts,
    ResultDocument,
    RunFacts,
    Visibility,
    WrittenFacts,
)
from ottermark.results.result import CaseResult, QuestionResult, SubmissionResult
from ottermark.submissions.written_answers import (
    ANSWERED,
    EMPTY,
    MISSING,
    AnswerState,
    WrittenAnswer,
)
from ottermark.text import FAILED_MARK, HINT_MARK, PASSED_MARK, markdown_code

MAX_HEADING = 80  # characters
UNFINISHED = "The autograder was stopped before it could finish; tell the course staff."

_UNPROTECTED = (
    "\nThese tests need objects that cannot leave the notebook's process, and ran inside it: the "
    "points of this question are not protected."
)
_ISOLATION = {
    "userns": "The notebook ran in a sandbox, apart from the grader (userns).",
    "uid": "The notebook ran in a sandbox, apart from the grader (uid).",
    "none": "The notebook ran in a process of its own, but nothing kept it from the grader's "
    "files: these points were not protected.",
}
_UNVERIFIED_MODEL = "Points by a model that could not be followed"
# why a written question has no answer, and what can be done as long as submissions are accepted
WHY_NO_ANSWER: Mapping[AnswerState, str] = {
    EMPTY: "There is no answer.",
    MISSING: "The question is not in your notebook, so no answer was found.",
}
_HOW_TO_ANSWER: Mapping[AnswerState, str] = {
    EMPTY: "Write it below the question, save, and submit again.",
    MISSING: "Copy it from a fresh notebook, put your answer below it, save, and submit again.",
}
_RUN_NAMES = {
    "graded": "How your notebook ran",
    "timeout": "How your notebook ran: it took too long",
    "crashed": "How your notebook ran: its process ended early",
    "rejected": "This file could not be graded",
}


def render(
    result: SubmissionResult,
    assignment: Assignment,
    config: GradingConfig,
    *,
    finished: bool = True,
    remarks: Sequence[str] = (),
    key: str | None = None,
    gradescope: Mapping[str, Any] | None = None,
) -> ResultDocument:
    """Return the document of one submission.

    Args:
        finished: whether nothing is to come; else the document says that grading was cut short.
        remarks: Markdown sentences on how it was submitted.
        key: what the ledger of a class knows it by.
        gradescope: what Gradescope's metadata say of the upload.
    """
    all_public = config.show_all_public and all(q.all_tests_public for q in assignment.automatic)
    shown = "visible" if all_public else config.hidden_tests
    entries = [_run_entry(result, remarks)]
    for question in result.questions:
        place = _place(question.cell, result.headings)
        entries += _question_entries(question, config, shown, place)
    entries += map(_written_entry, result.written)
    return ResultDocument(
        score=round(config.scale(result.score, assignment.max_score), 4),
        execution_time=round(result.cells_seconds, 2),
        output=None if finished else UNFINISHED,
        output_format="md",
        test_output_format="md",
        visibility="visible",
        stdout_visibility="after_published" if config.show_stdout else "hidden",
        tests=entries,
        leaderboard=[LeaderboardColumn(**column) for column in result.leaderboard] or None,
        extra_data=RunFacts(
            ottermark=__version__,
            assignment=assignment.name,
            submission=result.submission,
            status=result.status,
            isolation=result.isolation,
            unprotected=[q.id for q in assignment.questions if q.why_unprotected],
            # not as `execution_time`, which students read: while hidden tests call it, code could
            # pass time to tell its student what they ask
            seconds=round(result.seconds, 2),
            max_score=config.scale(assignment.max_score, assignment.max_score),
            message=result.message,
            problems=[
                ProblemFacts(cell=problem.cell + 1, text=problem.text[:MAX_TEXT])
                for problem in result.problems
            ],
            written=_written_facts(result.written),
            code={
                question: [CodeFacts(cell=cell.index + 1, source=cell.source) for cell in cells]
                for question, cells in result.code.items()
                if cells
            },
            unfit_levers=list(result.unfit_levers),
            key=key,
            gradescope=dict(gradescope) if gradescope is not None else None,
        ),
    )


def with_written_answers(
    document: ResultDocument, answers: Sequence[WrittenAnswer], key: str
) -> ResultDocument:
    """Return a document with its written answers replaced by ``answers``, under a new key."""
    run, *others = document.tests
    facts = document.facts.model_copy(update={"written": _written_facts(answers), "key": key})
    output = _run_output(run.facts.notes, facts.written, facts.isolation)
    entries = [
        run.model_copy(update={"output": output}),
        *(entry for entry in others if entry.facts.part != "written"),
        *map(_written_entry, answers),
    ]
    return document.model_copy(update={"tests": entries, "extra_data": facts})


# ----------------------------------------------------------------------------- the run


def _run_entry(result: SubmissionResult, remarks: Sequence[str]) -> Entry:
    notes = [*_run_notes(result), *(f"\n{remark}" for remark in remarks)]
    failed = result.status != "graded" or bool(result.problems)
    return Entry(
        name=_RUN_NAMES[result.status],
        output=_run_output(notes, _written_facts(result.written), result.isolation),
        status="failed" if failed else "passed",
        visibility="visible",
        extra_data=EntryFacts(part="run", notes=notes),
    )


def _run_notes(result: SubmissionResult) -> list[str]:
    if result.message:
        notes = [result.message]
    elif result.problems:
        notes = [f"- {problem.text[:MAX_TEXT]}" for problem in result.problems]
    elif result.status == "graded":
        notes = ["Every cell ran."]
    else:
        notes = ["Every cell ran; the problem arose when your functions were called, see below."]
    if result.limits is not None:
        notes.append(f"\n{_used(result.cells_seconds, result.limits)}")
    return notes


def _run_output(notes: Sequence[str], written: Mapping[str, WrittenFacts], isolation: str) -> str:
    lines = list(notes)
    if written:
        lines.append(f"\n{_written_summary(written)}")
    if isolation:
        lines.append(f"\n{_ISOLATION[isolation]}")
    return "\n".join(lines)[:MAX_TEXT]


def _used(seconds: float, limits: Limits) -> str:
    return (
        f"Your cells took {seconds:.0f} seconds. A cell may take {limits.cell:g}, the whole notebook "
        f"{limits.run:.0f}, and it may use {limits.memory // MiB:,} MB of memory beyond its imports."
    )


# ----------------------------------------------------------------------------- questions


def _question_entries(
    result: QuestionResult, config: GradingConfig, shown: Visibility, place: str
) -> list[Entry]:
    """Return a question's scored entry, and beside it what students see at another time.

    Args:
        place: a sentence on the cell at which it was marked; may be empty.
    """
    hints, hints_shown = _hints(result), config.hints_visibility
    together = hints_shown is not None and hints_shown == shown
    entries = [] if shown == "visible" else [_form_entry(result, place)]
    entries.append(_scored_entry(result, shown, hints if together else [], place))
    if hints and hints_shown is not None and not together:
        entries.append(
            Entry(
                name=f"{result.question.id}: a hint",
                output="\n".join(hints)[:MAX_TEXT],
                visibility=hints_shown,
                extra_data=EntryFacts(part="hint", question=result.question.id),
            )
        )
    return entries


def _place(cell: int | None, headings: Mapping[int, str]) -> str:
    """Return a sentence on the cell at which a question was marked; empty if at none."""
    if cell is None:
        return ""
    heading = markdown_code(headings.get(cell, ""), MAX_HEADING)
    return f"- Marked at cell {cell + 1}{f', below the heading {heading}' if heading else ''}."


def _scored_entry(
    result: QuestionResult, shown: Visibility, hints: Sequence[str], place: str
) -> Entry:
    question, diagnosis = result.question, result.diagnosis
    full = result.score >= question.points
    text = _lines(result, result.cases, hints) or ("All tests passed." if full else "")
    tags = [f"misconception:{misconception.id}" for misconception in diagnosis.misconceptions]
    return Entry(
        name=question.id,
        number=question.id,
        score=round(result.score, 4),
        max_score=question.points,
        status="passed" if full else "failed",
        output=_with_place(text, place),
        visibility=shown,
        tags=[*tags, *["unprotected"] * bool(question.why_unprotected)],
        extra_data=EntryFacts(
            part="question",
            question=question.id,
            answered=result.answered,
            notes=list(result.notes),
            cases=[
                CaseFacts(
                    name=case.name,
                    hidden=case.hidden,
                    points=case.points,
                    passed=case.passed,
                    message=case.message[:MAX_TEXT],
                )
                for case in result.cases
            ],
            misconceptions=[misconception.name for misconception in diagnosis.misconceptions],
            look=[m.name for m in diagnosis.misconceptions if m.look]
            + [_UNVERIFIED_MODEL] * result.needs_review,
            fails_on=dict(diagnosis.fails_on),
            unexplained=dict(diagnosis.unexplained),
        ),
    )


def _with_place(text: str, place: str) -> str:
    """Return a text with the place last, as an item of its list or in a paragraph of its own."""
    if not text.startswith("- "):
        place = place.removeprefix("- ")
        text = f"{text}\n" if text and place else text
    return "\n".join(filter(None, (text[: MAX_TEXT - len(place) - 1], place)))


def _form_entry(result: QuestionResult, place: str) -> Entry:
    """Return an entry without points that shows the result of public tests alone."""
    public = [case for case in result.cases if not case.hidden]
    readable = bool(result.cases) and not result.notes and all(case.passed for case in public)
    summary = (
        "The form is right. This says nothing about the points."
        if readable
        else "It cannot be read."
    )
    return Entry(
        name=f"{result.question.id}: the form of your answer",
        output=_with_place(_lines(result, public, []) or summary, place),
        status="passed" if readable else "failed",
        visibility="visible",
        extra_data=EntryFacts(part="form", question=result.question.id),
    )


def _lines(result: QuestionResult, cases: Sequence[CaseResult], hints: Sequence[str]) -> str:
    lines = [f"- {note}" for note in result.notes]
    for case in cases:
        worth = f" ({case.points:g} point{'s' * (case.points != 1)})" if case.points else ""
        if case.message or not case.passed:
            mark = PASSED_MARK if case.passed else FAILED_MARK
            lines.append(f"- {mark}{worth} {case.message}")
    lines += [_UNPROTECTED] * bool(result.question.why_unprotected)
    return "\n".join([*hints, *lines])[:MAX_TEXT]


def _hints(result: QuestionResult) -> list[str]:
    hints = [
        f"- {HINT_MARK} {misconception.hint}" for misconception in result.diagnosis.misconceptions
    ]
    return hints + [
        f"- {HINT_MARK} `{name}` first goes wrong here: {inputs}."
        for name, inputs in result.diagnosis.fails_on.items()
    ]


# ----------------------------------------------------------------------------- written answers


def _written_facts(answers: Sequence[WrittenAnswer]) -> dict[str, WrittenFacts]:
    return {
        a.question.id: WrittenFacts.model_validate({"state": a.state, "answer": a.text})
        for a in answers
    }


def _written_summary(facts: Mapping[str, WrittenFacts]) -> str:
    unanswered = [question for question, answer in facts.items() if answer.state != ANSWERED]
    if not unanswered:
        return f"All {len(facts)} written questions have an answer."
    return f"Written questions without an answer: {', '.join(unanswered)} (of {len(facts)})."


def _written_entry(answer: WrittenAnswer) -> Entry:
    """Return the entry of a written question: the answer, for the TAs who mark it."""
    question = answer.question
    name = f"{question.id}: a written answer, {question.points:g} points, marked by hand"
    facts = EntryFacts(part="written", question=question.id)
    if answer.state == ANSWERED:  # as text: Markdown could make it look like the grader's words
        return Entry(
            name=name[:MAX_NAME],
            output=answer.text[:MAX_TEXT],
            output_format="text",
            visibility="visible",
            extra_data=facts,
        )
    return Entry(
        name=name[:MAX_NAME],
        output=f"{WHY_NO_ANSWER[answer.state]} {_HOW_TO_ANSWER[answer.state]}",
        status="failed",
        visibility="visible",
        extra_data=facts,
    )
