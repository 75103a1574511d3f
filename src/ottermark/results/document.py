"""results.json: what students, staff and the class report read of one submission.

The fields are those of Gradescope's autograder specification. Each automatic question is one
scored entry whose ``number`` is the question's id; every entry says when students see it.
Everything is checked against ``results.schema.json`` before it is written.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from ottermark import __version__
from ottermark.config import GradingConfig
from ottermark.grading.autograder import Autograder
from ottermark.grading.grade import CaseResult, QuestionResult, Result
from ottermark.grading.misconceptions import NO_DIAGNOSIS
from ottermark.limits import Limits, MiB
from ottermark.submissions.written_answers import ANSWERED, EMPTY, WrittenAnswer

MAX_TEXT = 90_000  # Gradescope cuts a field at 100,000 characters
MAX_NAME = 200
UNFINISHED = "The autograder was stopped before it could finish; tell the course staff."
SCHEMA = Path(__file__).with_name("results.schema.json")

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
_UNANSWERED = {
    EMPTY: "There is no answer yet. Write it below the question, save, and hand in again.",
    "missing": "The question is not in your notebook, so no answer was found. Copy it from a fresh "
    "notebook, put your answer below it, save, and hand in again.",
}


class InvalidResultsError(Exception):
    """A results.json that Gradescope would not take; a bug of ours."""


def results(
    result: Result,
    grader: Autograder,
    finished: bool = True,
    about: Sequence[str] = (),
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the results.json of one submission.

    Args:
        finished: whether nothing is to come; else it says that the grading was cut short.
        about: sentences on how it was handed in.
        extra: more for ``extra_data``.
    """
    options = grader.options
    public = options.show_all_public and all(q.public for q in grader.assignment.automatic)
    shown = "visible" if public else options.hidden_tests
    entries = [_how_it_ran(result, about)]
    for question in result.questions:
        entries += _entries(question, options, shown)
    entries += [_of_written(answer) for answer in result.written]
    return {
        "score": round(options.total(result.score, grader.assignment.max_score), 4),
        "execution_time": round(result.cells_seconds, 2),
        **({} if finished else {"output": UNFINISHED}),
        "output_format": "md",
        "test_output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "after_published" if options.show_stdout else "hidden",
        "tests": entries,
        **({"leaderboard": result.leaderboard} if result.leaderboard else {}),
        "extra_data": {
            "ottermark": __version__,
            "assignment": grader.assignment.name,
            "submission": result.submission,
            "status": result.status,
            "isolation": result.isolation,
            "unprotected": [q.id for q in grader.assignment.questions if q.inside],
            # not as `execution_time`, which students read: while hidden tests call it, code could
            # pass time to tell its student what they ask
            "seconds": round(result.seconds, 2),
            "max_score": options.total(grader.assignment.max_score, grader.assignment.max_score),
            "problems": [{"cell": p.cell + 1, "text": p.text[:MAX_TEXT]} for p in result.problems],
            "written": _facts_of_written(result.written),
            **(extra or {}),
        },
    }


def with_written(body: Mapping[str, Any], answers: Sequence[WrittenAnswer]) -> dict[str, Any]:
    """Return a results.json with written answers, read once more, in place of those it has."""
    facts, (first, *rest) = body["extra_data"], body["tests"]
    before, now = facts["written"], _facts_of_written(answers)
    told = _count_of_written(now).join(first["output"].rsplit(_count_of_written(before), 1))
    rest = [*rest[: len(rest) - len(before)], *map(_of_written, answers)]
    tests, extra = [{**first, "output": told}, *rest], {**facts, "written": now}
    return {**body, "tests": tests, "extra_data": extra}


def write_results(path: Path, body: dict[str, Any]) -> None:
    """Write a results.json atomically; raises ``InvalidResultsError`` and leaves what stands."""
    write_atomically(path, checked(body))


def checked(body: Any) -> str:
    """Return the text of a results.json, fit for UTF-8; raises ``InvalidResultsError`` if it is none."""
    try:
        text = json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidResultsError(f"results.json: {error}") from None
    for wrong in _schema().iter_errors(body):
        raise InvalidResultsError(f"results.json, {wrong.json_path}: {wrong.message[:300]}")
    return text.encode("utf-8", "replace").decode()  # students may write halves of surrogate pairs


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


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


# ----------------------------------------------------------------------------- entries


def _how_it_ran(result: Result, about: Sequence[str]) -> dict[str, Any]:
    if result.message:
        lines = [result.message]
    elif result.problems:
        lines = [f"- {problem.text}" for problem in result.problems]
    elif result.status == "graded":
        lines = ["Every cell ran."]
    else:
        lines = ["Every cell ran; the trouble came when your functions were called, see below."]
    if result.limits is not None:
        lines.append(f"\n{_used(result.cells_seconds, result.limits)}")
    lines += [f"\n{sentence}" for sentence in about]
    if result.written:
        lines.append(f"\n{_count_of_written(_facts_of_written(result.written))}")
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


def _used(seconds: float, limits: Limits) -> str:
    return (
        f"Your cells took {seconds:.0f} seconds. A cell may take {limits.cell:g}, the whole notebook "
        f"{limits.run:.0f}, and it may use {limits.memory // MiB:,} MB of memory beyond its imports."
    )


def _facts_of_written(answers: Sequence[WrittenAnswer]) -> dict[str, dict[str, str]]:
    return {each.question.id: {"state": each.state, "answer": each.text} for each in answers}


def _count_of_written(facts: Mapping[str, Mapping[str, str]]) -> str:
    lacking = [question for question, told in facts.items() if told["state"] != ANSWERED]
    if not lacking:
        return f"All {len(facts)} written questions have an answer; people will read them."
    return f"Written questions without an answer: {', '.join(lacking)} (of {len(facts)})."


def _entries(result: QuestionResult, options: GradingConfig, shown: str) -> list[dict[str, Any]]:
    """Return a question's scored entry, and beside it what students see at another time."""
    question = result.question
    hints, when = _hints(result), options.hints_visible
    together = when is not None and when == shown
    full = result.score >= question.points
    entry = {
        "name": question.id,
        "number": question.id,
        "score": round(result.score, 4),
        "max_score": question.points,
        "status": "passed" if full else "failed",
        "output": _lines(result, result.cases, hints if together else [])
        or ("All tests passed." if full else ""),
        "visibility": shown,
    }
    tags = [f"misconception:{slip.id}" for slip in result.finding.slips]
    tags += ["unprotected"] * bool(question.inside)
    if tags:
        entry["tags"] = tags
    if result.finding != NO_DIAGNOSIS:
        entry["extra_data"] = {
            "misconceptions": [slip.name for slip in result.finding.slips],
            "look": [slip.name for slip in result.finding.slips if slip.look],
            "fails_on": dict(result.finding.fails_on),
            "unexplained": dict(result.finding.unexplained),
        }
    entries = [entry]
    if shown != "visible":
        entries.insert(0, _seen_at_once(result))
    if hints and when is not None and not together:
        entries.append(
            {
                "name": f"{question.id}: a hint",
                "output": "\n".join(hints)[:MAX_TEXT],
                "visibility": when,
            }
        )
    return entries


def _seen_at_once(result: QuestionResult) -> dict[str, Any]:
    """Return an entry without points that tells only what public tests say."""
    public = [case for case in result.cases if not case.hidden]
    good = bool(result.cases) and not result.notes and all(case.passed for case in public)
    return {
        "name": f"{result.question.id}: the form of your answer",
        "output": _lines(result, public, [])
        or ("It can be read; whether it is right shows later." if good else "It cannot be read."),
        "status": "passed" if good else "failed",
        "visibility": "visible",
    }


def _lines(result: QuestionResult, cases: Sequence[CaseResult], hints: Sequence[str]) -> str:
    lines = [f"- {note}" for note in result.notes]
    for case in cases:
        worth = f" ({case.points:g} point{'s' * (case.points != 1)})" if case.points else ""
        mark = "✅" if case.passed else "❌"
        if case.message or not case.passed:
            lines.append(f"- {mark}{worth} {case.message}")
    lines += [_UNPROTECTED] * bool(result.question.inside)
    return "\n".join([*lines, *hints])[:MAX_TEXT]


def _hints(result: QuestionResult) -> list[str]:
    hints = [f"- 💡 {slip.hint}" for slip in result.finding.slips]
    hints += [
        f"- 💡 `{name}` first goes wrong here: {kind}."
        for name, kind in result.finding.fails_on.items()
    ]
    return hints


def _of_written(answer: WrittenAnswer) -> dict[str, Any]:
    """Return the entry of a written question: the answer, for the TAs who mark it."""
    question = answer.question
    name = f"{question.id}: a written answer, {question.points:g} points, marked by hand"
    if answer.state == ANSWERED:
        # as text: it is a student's, and Markdown could dress it as the grader's
        told = {"output": answer.text[:MAX_TEXT], "output_format": "text"}
    else:
        told = {"output": _UNANSWERED[answer.state], "status": "failed"}
    return {"name": name[:MAX_NAME], **told, "visibility": "visible"}
