"""The record of an assignment's questions, written by the build and trusted by the grader.

What a submission says of its own questions, points and tests is not used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ottermark.errors import UsageError
from ottermark.validation import STRICT, Number, problems_of

RECORD_FILE = "questions.json"
RUBRICS_FILE = "rubrics.yaml"
OTTER_TESTS = "ottermark.worker.otter_package"  # for tests that run in a notebook's process


@dataclass(frozen=True, config=STRICT)
class Question:
    """One question.

    Attributes:
        id: its name in the master notebook, e.g. ``q2_7``.
        points: what it is worth.
        manual: whether people mark it; such a question has no tests.
        names: the names that its tests read from the notebook, in the order of first use.
        grader_imports: what its tests use that the grader imports by itself, e.g.
            ``{"np": "numpy"}``.
        why_unprotected: the reason its tests run inside the notebook's process; empty if they do
            not.
        all_tests_public: whether students have all its tests.
        prompt: its text in the students' notebook; if people mark it, that of the cell above its
            answer, by which the answer is recognised.
        placeholder: what that notebook has in place of the answer.
        check_cell: the id of the cell of the students' notebook that checks it; empty if none does.
        title: the text of its heading in that notebook; empty if it has none.
        model_answer: the master's answer, as Markdown, if people mark it; students never have it.
    """

    id: str
    points: Number
    manual: bool
    names: tuple[str, ...] = ()
    grader_imports: dict[str, str] = field(default_factory=dict)
    why_unprotected: str = ""
    all_tests_public: bool = False
    prompt: str = ""
    placeholder: str = ""
    check_cell: str = ""
    title: str = ""
    model_answer: str = ""


@dataclass(frozen=True, config=STRICT)
class Assignment:
    """What the grader knows about an assignment.

    Attributes:
        name: Otter's ``assignment_name``; submissions that carry another are rejected.
        notebook: the file name of the student notebook.
        questions: in the order of the notebook.
        imports: modules that the solution imports, so that they can be imported beforehand.
        student_files: paths under ``files/`` that students have too; the rest is the grader's.
        starter_cells: the cells of the students' notebook except written answers, each by its
            ``written_answers.cell_digest``.
        starter_code: the code in the students' notebook, which is no student's own work.
    """

    name: str
    notebook: str
    questions: tuple[Question, ...]
    imports: tuple[str, ...]
    student_files: tuple[str, ...]
    starter_cells: tuple[str, ...] = ()
    starter_code: str = ""

    @property
    def automatic(self) -> tuple[Question, ...]:
        """The questions that tests decide."""
        return tuple(q for q in self.questions if not q.manual)

    @property
    def preloads(self) -> tuple[str, ...]:
        """The modules to import in the process that notebooks are forked from."""
        needs_otter = any(question.why_unprotected for question in self.questions)
        return (*self.imports, OTTER_TESTS) if needs_otter else self.imports

    @property
    def handout(self) -> frozenset[str]:
        """The paths of the files that students receive beside the notebook, as far as recorded."""
        tests = (f"tests/{question.id}.py" for question in self.automatic)
        return frozenset((*self.student_files, *tests))

    @property
    def max_score(self) -> float:
        """The points of all automatic questions."""
        return sum(q.points for q in self.automatic)

    def only(self, question_id: str) -> Assignment:
        """Return the assignment with one of its questions alone; raises ``KeyError``."""
        questions = {question.id: question for question in self.questions}
        return replace(self, questions=(questions[question_id],))

    def without_texts(self) -> Assignment:
        """Return it without the texts of the notebook, on which no mark of a test depends."""
        questions = tuple(replace(q, prompt="", placeholder="", title="") for q in self.questions)
        bare = replace(self, questions=questions, starter_cells=(), starter_code="")
        return bare.with_model_answers({})

    def with_model_answers(self, answers: Mapping[str, str]) -> Assignment:
        """Return it with these model answers, by the question's id, in place of all it has."""
        questions = tuple(replace(q, model_answer=answers.get(q.id, "")) for q in self.questions)
        return replace(self, questions=questions)

    def with_unprotected(self, reasons: Mapping[str, str]) -> Assignment:
        """Return it with the tests of more questions to be run inside the notebook's process.

        Args:
            reasons: why, by the question's id.
        """
        questions = tuple(
            replace(q, why_unprotected=reasons.get(q.id, q.why_unprotected)) for q in self.questions
        )
        return replace(self, questions=questions)

    def write(self, folder: Path) -> None:
        """Write the record into an autograder folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / RECORD_FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Assignment:
        """Read the record of an autograder folder; raises ``UsageError``."""
        path = folder / RECORD_FILE
        try:
            return TypeAdapter(cls).validate_json(path.read_bytes())
        except FileNotFoundError:
            raise UsageError(
                f"{folder} is not an autograder that ottermark built ({RECORD_FILE} is missing); "
                "run `ottermark build` first or name another with -a."
            ) from None
        except ValidationError as error:
            problem, *_ = problems_of(error, cls, path)
            what = f"{problem.place}: {problem.message}" if problem.place else problem.message
            raise UsageError(
                f"{path} cannot be read ({what}); run `ottermark build` to write it anew."
            ) from None
