"""Classes of any size to be marked, without grading every submission of them.

``synthesised_class(out, graded, size)`` makes them from a few submissions that were really graded, and
``small_class(out, size)`` from a result that is written down here, in a fraction of a second. Both
write through the ledger's own API, so ``out`` is what ``ottermark grade`` leaves behind, but for its
tables, pages and, in a small class, executed notebooks.

>>> marked = synthesised_class(out, graded, 200)                             # doctest: +SKIP
>>> marked.kinds[marked.names[0], "q1_4"], marked.answers[marked.names[0], "q1_4"]  # doctest: +SKIP
('near', 'Depth lowered the training error, but the test error stayed as it was')
>>> marked.hand_in_again(marked.names[0], {"q1_4": "Now I see."})            # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ottermark.assignment import RUBRICS_FILE, Assignment, Question
from ottermark.batch.ledger import Key, Ledger
from ottermark.config import CONFIG_FILE
from ottermark.results.document import ResultDocument
from ottermark.results.render import with_written_answers
from ottermark.submissions.candidates import Student
from ottermark.submissions.record import SubmissionRecord
from ottermark.submissions.written_answers import ANSWERED, EMPTY, MISSING, WrittenAnswer

AnswerKind: TypeAlias = Literal["identical", "near", "own", "blank", "missing", "hostile"]
# of twenty answers; a class has most of its answers in few cards
KINDS: tuple[AnswerKind, ...] = (
    *("identical",) * 6,
    *("near",) * 5,
    *("own",) * 5,
    *("blank", "blank", "missing", "hostile"),
)

SENTENCES = (
    "Depth lowered the training error, but the test error stayed as it was",
    "A response layer shows where in the picture a filter finds its pattern",
    "Valid drops the border and makes the output smaller, same pads with zeros so that the size stays",
    "Max pooling keeps the largest value of each window and throws the rest away",
    "I is the input size, O the output size, F the filter size, S the stride and P the padding",
    "Augmentation shows the net changed copies of the pictures, which works against overfitting",
    "Several small filters need fewer weights and have more nonlinear steps between them",
)
WORDS = (
    *("picture", "filter", "window", "border", "error", "depth", "stride", "training", "test"),
    *("layer", "weight", "pattern", "number", "small", "large", "change", "copy", "digit", "edge"),
    *("corner", "value", "map", "net", "data", "sample", "mean", "size", "output", "input"),
)
HOSTILE = (
    "<script>document.title='got you'</script> pooling",
    "<img src=x onerror=\"document.title='got you'\">",
    "[click me](javascript:document.title='got_you') and ![p](https://example.org/track.png)",
    "<svg onload=document.title='x'><a xlink:href='javascript:1'>x</a></svg>",
    '=HYPERLINK("https://example.org";"more")',
    "</textarea></template><iframe srcdoc='<script>top.document.title=1</script>'></iframe>",
    "$\\href{javascript:document.title=1}{x}$ \u202eesrever\u202c \x00 \ufffd " + "ha" * 3000,
    "{{ 7 * 7 }} {% for x in y %} # Points: 3/3 ✅ passed",
)


@dataclass
class MarkedClass:
    """A class in an output folder.

    Attributes:
        out: the folder.
        names: of its submissions, in order.
        answers: by submission and question, the text of each written answer.
        kinds: by submission and question, how the answer was chosen.
    """

    out: Path
    assignment: Assignment
    names: tuple[str, ...]
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    kinds: dict[tuple[str, str], AnswerKind] = field(default_factory=dict)

    @property
    def written(self) -> tuple[Question, ...]:
        """The written questions."""
        return tuple(question for question in self.assignment.questions if question.manual)

    def hand_in_again(
        self,
        name: str,
        answers: Mapping[str, str] | None = None,
        scores: Mapping[str, float] | None = None,
    ) -> None:
        """Have a new result stand for a submission, as after it was handed in and graded again.

        Args:
            answers: by question, written answers that are different now; an empty one is blank.
            scores: by question, points that tests give now.
        """
        with Ledger(self.out) as ledger:
            standing = ledger.standing(name)
            assert standing is not None
            document = ResultDocument.from_json(standing[1])
            for question, text in (answers or {}).items():
                self.answers[name, question] = text
                self.kinds[name, question] = "own" if text else "blank"
            document = _with_scores(document, scores or {})
            _keep(ledger, document, [self._answer(name, q) for q in self.written], name)

    def _answer(self, name: str, question: Question) -> WrittenAnswer:
        kind, text = self.kinds[name, question.id], self.answers[name, question.id]
        states = {"blank": EMPTY, "missing": MISSING}
        return WrittenAnswer(question, states.get(kind, ANSWERED), text)  # type: ignore[arg-type]


def synthesised_class(
    out: Path,
    graded: Path,
    size: int = 200,
    seed: int = 0,
    change: Callable[[ResultDocument, int], ResultDocument] = lambda document, number: document,
) -> MarkedClass:
    """Write a class to ``out``, derived from the results of submissions that were really graded.

    Submission ``s0000`` has the first result, ``s0001`` the second and so on, over and over, each
    with written answers of its own: see ``KINDS``.

    Args:
        out: a new folder.
        graded: a folder that ``ottermark grade`` wrote; rejected submissions in it are left out.
        size: how many submissions the class has.
        seed: another class for each.
        change: is given each submission's result and number, and returns what the class has instead.
    """
    with Ledger(graded) as ledger:
        texts = [ledger.standing(name) for name in ledger.submissions]
    documents = [ResultDocument.from_json(standing[1]) for standing in texts if standing]
    documents = [document for document in documents if document.status != "rejected"]
    changed = [change(documents[number % len(documents)], number) for number in range(size)]
    marked = write_class(out, Assignment.read(graded / "assignment"), changed, size=size, seed=seed)
    for name in (RUBRICS_FILE, CONFIG_FILE):
        if (graded / "assignment" / name).is_file():
            shutil.copy(graded / "assignment" / name, out / "assignment" / name)
    for number, name in enumerate(marked.names):
        base = documents[number % len(documents)].submission
        if (graded / "executed" / f"{base}.ipynb").is_file():
            shutil.copy(graded / "executed" / f"{base}.ipynb", out / "executed" / f"{name}.ipynb")
    return marked


def with_code_of_its_own(document: ResultDocument, number: int) -> ResultDocument:
    """Return a result in which no code is quite that of another submission."""
    code = {
        question: [
            cell.model_copy(update={"source": f"# attempt {number}\n{cell.source}"})
            for cell in cells
        ]
        for question, cells in document.facts.code.items()
    }
    facts = document.facts.model_copy(update={"code": code})
    return document.model_copy(update={"extra_data": facts})


def small_class(out: Path, size: int = 20, seed: int = 0, rubrics: str = "") -> MarkedClass:
    """Write a class of the assignment ``SMALL`` to ``out``, in a fraction of a second.

    Args:
        rubrics: the text of its ``rubrics.yaml``; no file if empty.
    """
    documents = [_small_document(right) for right in (True, False)]
    marked = write_class(out, SMALL, documents, size=size, seed=seed)
    if rubrics:
        (out / "assignment" / RUBRICS_FILE).write_text(rubrics, encoding="utf-8")
    return marked


def write_class(
    out: Path,
    assignment: Assignment,
    documents: Sequence[ResultDocument],
    size: int,
    seed: int = 0,
) -> MarkedClass:
    """Write ``size`` submissions, whose results are ``documents`` over and over, to a new folder."""
    (out / "assignment").mkdir(parents=True)
    (out / "executed").mkdir()
    assignment.write(out / "assignment")
    names = tuple(f"s{number:04}" for number in range(size))
    marked = MarkedClass(out, assignment, names)
    chance = random.Random(seed)
    for number, question in enumerate(marked.written):
        for name in names:
            kind = chance.choice(KINDS)
            marked.kinds[name, question.id] = kind
            marked.answers[name, question.id] = _text(kind, SENTENCES[number % 7], chance)
    with Ledger(out) as ledger:
        ledger._database.execute("PRAGMA synchronous = OFF")  # a power cut is not tested with it
        ledger.note_records({name: _record(number) for number, name in enumerate(names)})
        for number, name in enumerate(names):
            answers = [marked._answer(name, question) for question in marked.written]
            _keep(ledger, documents[number % len(documents)], answers, name)
    return marked


def _keep(
    ledger: Ledger, document: ResultDocument, answers: Sequence[WrittenAnswer], name: str
) -> None:
    """Have a document stand as the result of a submission, also in ``results/``."""
    facts = document.facts.model_copy(update={"submission": name})
    document = document.model_copy(update={"extra_data": facts})
    content = hashlib.sha256(f"{document.score} {answers}".encode("utf-8", "replace")).hexdigest()
    key = Key(name, content, "grading")
    text = with_written_answers(document, answers, key.text).to_json()
    ledger.keep(key, text, stands=True)
    (ledger.path.parent / "results" / f"{name}.json").write_text(text, encoding="utf-8")


def _with_scores(document: ResultDocument, scores: Mapping[str, float]) -> ResultDocument:
    tests = [
        test.model_copy(update={"score": scores.get(test.number or "", test.score)})
        for test in document.tests
    ]
    total = sum(test.score or 0 for test in tests)
    return document.model_copy(update={"tests": tests, "score": total})


def _record(number: int) -> SubmissionRecord:
    student = Student(f"Student {number}", f"student{number}@example.org", f"{100_000 + number}")
    return SubmissionRecord(
        students=(student,),
        number=str(number),
        submitted_at=f"2026-03-09T12:{number % 60:02}:00+00:00",
        platform="gradescope",
    )


def _text(kind: AnswerKind, sentence: str, chance: random.Random) -> str:
    if kind in ("blank", "missing"):
        return ""
    if kind == "hostile":
        return chance.choice(HOSTILE)
    if kind == "identical":
        return chance.choice((sentence + ".", sentence, sentence.upper(), f"  {sentence} !\n"))
    if kind == "near":
        words = sentence.split()
        words.insert(chance.randrange(len(words)), chance.choice(WORDS))
        return " ".join(words)
    words = chance.choices(WORDS, k=chance.randrange(12, 60))
    return " ".join(words).capitalize() + f": $x^{chance.randrange(9)}$ and **{words[0]}**."


# ------------------------------------------------------------------------- a small assignment

SMALL = Assignment(
    name="small",
    notebook="small.ipynb",
    questions=(
        Question("q1", 4, False, names=("pair",), prompt="Set `pair`.", title="Question 1"),
        Question("q2", 3, True, prompt="Why pad?", placeholder="_Answer here_", title="Question 2"),
        Question("q3", 2, True, prompt="What is pooling?", placeholder="_Answer here_"),
    ),
    imports=(),
    student_files=(),
)


def _small_document(right: bool) -> ResultDocument:
    """Return a result in the form in which the grader writes it."""
    case: dict[str, Any] = {"name": "test_q1_value", "hidden": True, "points": 4, "passed": right}
    facts: dict[str, Any] = {"part": "question", "question": "q1", "cases": [case]}
    if not right:
        case["message"] = "Count again."
        facts["misconceptions"] = ["swapped height and width"]
    common = {"output": "", "visibility": "visible"}
    return ResultDocument.from_object(
        {
            "score": 4 if right else 0,
            "tests": [
                {"name": "How your notebook ran", "status": "passed", **common},
                {
                    **{"name": "q1", "number": "q1", "score": 4 if right else 0, "max_score": 4},
                    **{"extra_data": facts, **common},
                },
            ],
            "extra_data": {
                **{"ottermark": "1", "assignment": "small", "submission": "x", "seconds": 1.0},
                **{"status": "graded", "isolation": "userns", "unprotected": [], "problems": []},
                **{"written": {}, "max_score": 4},
                "code": {"q1": [{"cell": 2, "source": f"pair = {(4, 5) if right else (5, 4)}"}]},
            },
        }
    )
