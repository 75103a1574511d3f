"""Grade the grader: wrong answers must lose points, right ones must not.

The corpus holds one answer a file, as it would stand in the question's cell:
``wrong/QUESTION/*.py`` and ``right/QUESTION/*.py``. In the head of a wrong one, ``# slip: ID``
is the misconception that it must be given (several with commas; ``none``: the catalogue knows
none), and ``# earns: POINTS`` the most that it may earn. ``dress/*.py`` are whole sheets
(``corpus``) that must lose nothing. Answers to different questions share a sheet. Attacks
(``hostile``) are fought beside them.

On top come mutants of the solution. ``legal.py`` in the corpus gives, for each function, legal
inputs and what is right for them (from Keras, for our lab). A mutant that is wrong on any of
these must lose points; one that is not is listed.
"""

from __future__ import annotations

import importlib.util
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ottermark.audit.corpus import answer_cells, notebook, with_answers
from ottermark.audit.mutation import mutants
from ottermark.batch.run import Batch, BatchOptions, SubmissionGraded
from ottermark.errors import UsageError
from ottermark.grading.autograder import Autograder
from ottermark.grading.misconceptions import values_equal
from ottermark.limits import Limits
from ottermark.results.document import ResultDocument
from ottermark.submissions.collect import collect

LIMITS = Limits(call=10)
LEGAL_INPUTS = 400  # for each mutant; most are wrong on one of the first
_HEAD = re.compile(r"^# (slip|earns): *(.+?) *$", re.M)
_TAG = "misconception:"


@dataclass(frozen=True)
class Answer:
    """One answer of the corpus.

    Attributes:
        kind: ``wrong``, ``right``, ``sheet`` or ``mutant``.
        question: its question; empty for a whole sheet.
        name: what it is called on the page.
        source: the code of its cell.
        slips: the misconceptions that it must be given.
        earns: the most that a wrong one may earn.
        path: where it stands; mutants stand nowhere.
    """

    kind: str
    question: str
    name: str
    source: str
    slips: frozenset[str] = frozenset()
    earns: float = 0.0
    path: Path | None = None


@dataclass(frozen=True)
class Verdict:
    """How the grader did on one answer: ``right`` if it did well.

    Attributes:
        score: what the answer earned.
        outcome: ``caught``, ``missed``, ``accepted`` or ``falsely rejected``.
        given: the misconceptions that it was given.
    """

    answer: Answer
    score: float
    outcome: str
    given: frozenset[str] = frozenset()

    @property
    def misnamed(self) -> bool:
        """Whether a wrong answer was given other misconceptions than it should."""
        return self.answer.kind == "wrong" and self.given != self.answer.slips


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        harmless: mutants that are right on all legal inputs, by question.
        attacks: what each attack of the hostile corpus won; None: they were not tried.
    """

    verdicts: tuple[Verdict, ...]
    harmless: tuple[Answer, ...]
    attacks: Mapping[str, Sequence[str]] | None = None

    def of(self, outcome: str) -> list[Verdict]:
        """Return the verdicts with this outcome."""
        return [v for v in self.verdicts if v.outcome == outcome]

    @property
    def holds(self) -> bool:
        """Whether nothing was missed, nothing falsely rejected and no attack won anything."""
        won = any((self.attacks or {}).values())
        return not self.of("missed") and not self.of("falsely rejected") and not won


def read_corpus(folder: Path, grader: Autograder) -> list[Answer]:
    """Return the wrong and the right answers of a corpus; raises ``UsageError``."""
    known = {question.id: question for question in grader.assignment.automatic}
    answers = []
    for path in sorted(folder.glob("wrong/*/*.py")) + sorted(folder.glob("right/*/*.py")):
        kind, question = path.parts[-3], path.parts[-2]
        if question not in known:
            raise UsageError(f"{path}: there is no automatic question {question!r}; move it.")
        source = path.read_text(encoding="utf-8")
        head = dict(_HEAD.findall(source))
        answer = Answer(kind, question, path.stem, source, path=path)
        if kind == "right":
            answers.append(answer)
            continue
        if head.keys() != {"slip", "earns"}:
            raise UsageError(f"{path}: begin it with `# slip: ...` and `# earns: ...`.")
        slips = frozenset(head["slip"].replace(",", " ").split()) - {"none"}
        answers.append(replace(answer, slips=slips, earns=float(head["earns"])))
    for path in sorted(folder.glob("dress/*.py")):
        answers.append(Answer("sheet", "", path.stem, "", path=path))
    if not answers:
        raise UsageError(f"{folder} holds no wrong/ and no right/ answers; name another folder.")
    return answers


def mutated(solution: Path, folder: Path) -> tuple[list[Answer], list[Answer]]:
    """Return the mutants of a solved notebook: those that are wrong, and those that are not."""
    legal = _legal(folder)
    if legal is None:
        return [], []
    body = json.loads(solution.read_text(encoding="utf-8"))
    wrong: list[Answer] = []
    harmless: list[Answer] = []
    for question, place in answer_cells(body).items():
        source = "".join(body["cells"][place]["source"])
        if question in legal.NOT_MUTATED:
            continue
        for number, mutant in enumerate(mutants(source), start=1):
            name = f"{number}: {mutant.change}"
            answer = Answer("mutant", question, name, mutant.source)
            is_wrong = _differs(mutant.source, source, legal)
            (wrong if is_wrong else harmless).append(answer)
    return wrong, harmless


def audit(
    sheets: Mapping[str, Sequence[Answer]],
    grader: Autograder,
    project: Path,
    out: Path,
    jobs: int,
    advance: Callable[[str], None],
) -> list[Verdict]:
    """Grade all answers and say how the grader did.

    Args:
        sheets: the answers on each sheet.
        project: holds ``student/`` and ``solutions/``.
        out: where sheets and results go; what has been graded before is kept.
    """
    (blank,) = (project / "student").glob("*.ipynb")
    folder = out / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, answered in sheets.items():
        if answered[0].kind == "sheet":
            assert answered[0].path is not None
            body = notebook(answered[0].path, blank, project / "solutions" / blank.name)
        else:
            body = json.loads(blank.read_text(encoding="utf-8"))
            body = with_answers(body, {answer.question: answer.source for answer in answered})
        (folder / f"{name}.ipynb").write_text(json.dumps(body), encoding="utf-8")
    options = BatchOptions(jobs=jobs, limits=LIMITS)
    with (
        collect([folder], blank.name) as collected,
        Batch(collected, grader, out, options) as batch,
    ):
        for event in batch.events():
            if isinstance(event, SubmissionGraded):
                advance(event.document.submission)
        batch.accept()
        documents = batch.documents
    verdicts = [
        _verdict(answer, document, grader)
        for document in documents
        for answer in sheets[document.submission]
    ]
    return sorted(verdicts, key=lambda v: (v.answer.question, v.answer.kind, v.answer.name))


def sheets(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """Put answers to different questions together, wrong and right ones and mutants apart."""
    made: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.kind == "sheet":
            made[f"sheet_{answer.name}"] = [answer]
            continue
        number = 1
        while any(
            a.question == answer.question for a in made.get(f"{answer.kind}_{number:03}", ())
        ):
            number += 1
        made.setdefault(f"{answer.kind}_{number:03}", []).append(answer)
    return made


def _verdict(answer: Answer, document: ResultDocument, grader: Autograder) -> Verdict:
    if answer.kind == "sheet":
        good = document.score >= grader.assignment.max_score
        return Verdict(answer, document.score, "accepted" if good else "falsely rejected")
    entry = document.questions[answer.question]
    score, full = entry.score or 0.0, entry.max_score or 0.0
    given = frozenset(t.removeprefix(_TAG) for t in entry.tags if t.startswith(_TAG))
    if answer.kind == "right":
        return Verdict(answer, score, "accepted" if score >= full else "falsely rejected", given)
    most = answer.earns if answer.kind == "wrong" else full
    caught = score <= most and score < full
    return Verdict(answer, score, "caught" if caught else "missed", given)


def _legal(folder: Path) -> ModuleType | None:
    path = folder / "legal.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("legal", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _differs(mutant: str, solution: str, legal: ModuleType) -> bool:
    """Tell whether a mutant has another value, or is wrong on some legal input."""
    names: dict[str, Any] = {"np": np}
    right: dict[str, Any] = {"np": np}
    exec(compile(solution, "solution", "exec"), right)
    try:
        exec(compile(mutant, "mutant", "exec"), names)
    except Exception:
        return True
    for name, value in right.items():
        if name.startswith("__") or name == "np":
            continue
        if not callable(value):
            if not values_equal(value, names[name]):
                return True
        elif name in legal.INPUTS and _is_wrong(names[name], name, legal):
            return True
    return False


def _is_wrong(function: Callable[..., Any], name: str, legal: ModuleType) -> bool:
    draw = random.Random(0)
    for _ in range(LEGAL_INPUTS):
        args, kwargs = legal.INPUTS[name](draw)
        try:
            given = function(*args, **kwargs)
        except Exception:
            return True
        if not values_equal(given, legal.RIGHT[name](*args, **kwargs)):
            return True
    return False


# ------------------------------------------------------------------------------ the page


def page(found: Audit, grader: Autograder) -> str:
    """Return the Markdown page of an audit; the same bytes for the same findings."""
    rows = []
    for question in [*(q.id for q in grader.assignment.automatic), ""]:
        mine = [v for v in found.verdicts if v.answer.question == question]
        if mine:
            harmless = sum(a.question == question for a in found.harmless)
            rows.append([question or "whole sheets", *_counts(mine), harmless or ""])
    rows.append(["**all**", *_counts(found.verdicts), len(found.harmless)])
    head = ["question", "wrong", "caught", "missed", "misnamed", "right", "falsely rejected"]
    head += ["mutants", "caught", "missed", "harmless"]
    text = f"""\
# How often the grader is wrong

`ottermark audit` wrote this page from `assignment/corpus/`: wrong answers, right answers in other dress,
and the solution of `{grader.assignment.name}` with one operator, constant, comparison or default
changed. *Misnamed*: caught, but given another misconception than it should. *Harmless*: a mutant that
is right on all of {LEGAL_INPUTS} random legal inputs, or has the same value.

{_table(head, rows)}"""
    for title, verdicts in (
        ("Missed", found.of("missed")),
        ("Falsely rejected", found.of("falsely rejected")),
        ("Misnamed", [v for v in found.verdicts if v.misnamed]),
    ):
        if verdicts:
            lines = [
                [
                    v.answer.question,
                    f"`{v.answer.name}`",
                    f"{v.score:g}",
                    ", ".join(sorted(v.given)) or "none",
                    ", ".join(sorted(v.answer.slips)) or "none",
                ]
                for v in verdicts
            ]
            head = ["question", "answer", "points", "given", "should be"]
            text += f"\n## {title}\n\n{_table(head, lines)}"
    if found.attacks is not None:
        text += f"\n## Attacks\n\n{_attacks(found.attacks)}"
    if found.harmless:
        lines = [[a.question, f"`{a.name.partition(': ')[2]}`"] for a in found.harmless]
        text += f"\n## Mutants that are right\n\n{_table(['question', 'change'], lines)}"
    return text


def _attacks(won: Mapping[str, Sequence[str]]) -> str:
    """Say how the hostile corpus fared; where stock Otter stands beside it, see hostile.md."""
    held = sum(not gains for gains in won.values())
    text = f"Of {len(won)} hostile sheets, an honest one among them, {held} ended as they should.\n"
    lines = [[name, "; ".join(gains)] for name, gains in won.items() if gains]
    return text + (f"\n{_table(['sheet', 'got'], lines)}" if lines else "")


def _counts(verdicts: Sequence[Verdict]) -> list[Any]:
    def count(kind: str, outcome: str = "") -> int:
        return sum(
            v.answer.kind in kind.split() and (not outcome or v.outcome == outcome)
            for v in verdicts
        )

    return [
        n or ""
        for n in (
            count("wrong"),
            count("wrong", "caught"),
            count("wrong", "missed"),
            sum(v.misnamed for v in verdicts),
            count("right sheet"),
            count("right sheet", "falsely rejected"),
            count("mutant"),
            count("mutant", "caught"),
            count("mutant", "missed"),
        )
    ]


def _table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |\n"
        for line in lines
    )
