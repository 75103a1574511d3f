"""The record of an assignment's questions, written by the build and believed by the grader.

What a submission says of its own questions, points and tests is never believed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ottermark.errors import UsageError

RECORD = "questions.json"
OTTER_TESTS = "otter.test_files"  # the module that tests need which run inside a notebook's process


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        id: its name in the master notebook, e.g. ``q2_7``.
        points: what it is worth.
        manual: whether people mark it; such a question has no tests.
        names: what its tests ask of the notebook, in the order of first use.
        own: what its tests use that the grader imports by itself, e.g. ``{"np": "numpy"}``.
        inside: why its tests have to run inside the notebook's process; empty if they need not.
        public: whether students have all its tests.
        prompt: if people mark it, the text of the cell above its answer in the students' notebook.
        blank: what stands in place of that answer.
    """

    id: str
    points: float
    manual: bool
    names: tuple[str, ...] = ()
    own: dict[str, str] = field(default_factory=dict)
    inside: str = ""
    public: bool = False
    prompt: str = ""
    blank: str = ""


@dataclass(frozen=True)
class Assignment:
    """What the grader knows about an assignment.

    Attributes:
        name: Otter's ``assignment_name``; submissions that carry another are rejected.
        notebook: the file name of the student notebook.
        questions: in the order of the notebook.
        imports: modules that the solution imports, so that they can be imported beforehand.
        student_files: paths under ``files/`` that students have too; the rest is the grader's.
        given: the cells of the students' notebook but those of written answers, each by its
            ``written_answers.cell_digest``.
        scaffold: the code that the students' notebook came with, which is nobody's own.
    """

    name: str
    notebook: str
    questions: tuple[Question, ...]
    imports: tuple[str, ...]
    student_files: tuple[str, ...]
    given: tuple[str, ...] = ()
    scaffold: str = ""

    @property
    def automatic(self) -> tuple[Question, ...]:
        """The questions that tests decide."""
        return tuple(q for q in self.questions if not q.manual)

    @property
    def preloads(self) -> tuple[str, ...]:
        """What the process that notebooks are forked from should import."""
        needs_otter = any(question.inside for question in self.questions)
        return (*self.imports, OTTER_TESTS) if needs_otter else self.imports

    @property
    def max_score(self) -> float:
        """What the tests can give in all."""
        return sum(q.points for q in self.automatic)

    @property
    def deciding(self) -> Assignment:
        """It without what no mark depends on: what finds written answers, and the scaffold."""
        questions = tuple(replace(q, prompt="", blank="") for q in self.questions)
        return replace(self, questions=questions, given=(), scaffold="")

    def with_inside(self, reasons: Mapping[str, str]) -> Assignment:
        """Return it with the tests of more questions to be run inside the notebook's process."""
        questions = tuple(replace(q, inside=reasons.get(q.id, q.inside)) for q in self.questions)
        return replace(self, questions=questions)

    def write(self, folder: Path) -> None:
        """Write the record into an autograder folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / RECORD).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Assignment:
        """Read the record of an autograder folder; raises ``UsageError``."""
        path = folder / RECORD
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                name=fields["name"],
                notebook=fields["notebook"],
                questions=tuple(
                    Question(**{**q, "names": tuple(q["names"])}) for q in fields["questions"]
                ),
                imports=tuple(fields["imports"]),
                student_files=tuple(fields["student_files"]),
                given=tuple(fields["given"]),
                scaffold=fields["scaffold"],
            )
        except FileNotFoundError:
            raise UsageError(
                f"{folder} is not an autograder that ottermark built ({RECORD} is missing); "
                "run `ottermark build` first or name another with -a."
            ) from None
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path} cannot be read ({error}); run `ottermark build` to make it anew."
            ) from None
