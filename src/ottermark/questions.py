"""The record of an assignment's questions, written by the build and believed by the grader.

What a submission says of its own questions, points and tests is never believed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ottermark.errors import UsageProblem

RECORD = "questions.json"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        id: its name in the master notebook, e.g. ``q2_7``.
        points: what it is worth.
        manual: whether people mark it; such a question has no tests.
        names: what its tests take as parameters, in the order of first use.
    """

    id: str
    points: float
    manual: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assignment:
    """What the grader knows about an assignment.

    Attributes:
        name: Otter's ``assignment_name``; submissions that carry another are rejected.
        notebook: the file name of the student notebook.
        questions: in the order of the notebook.
        imports: modules that the solution imports, so that they can be imported beforehand.
        student_files: paths under ``files/`` that students have too; the rest is the grader's.
    """

    name: str
    notebook: str
    questions: tuple[Question, ...]
    imports: tuple[str, ...]
    student_files: tuple[str, ...]

    @property
    def automatic(self) -> tuple[Question, ...]:
        """The questions that tests decide."""
        return tuple(q for q in self.questions if not q.manual)

    @property
    def max_score(self) -> float:
        """What the tests can give in all."""
        return sum(q.points for q in self.automatic)

    def write(self, folder: Path) -> None:
        """Write the record into an autograder folder."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / RECORD).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Assignment:
        """Read the record of an autograder folder; raises ``UsageProblem``."""
        path = folder / RECORD
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                name=fields["name"],
                notebook=fields["notebook"],
                questions=tuple(
                    Question(q["id"], q["points"], q["manual"], tuple(q["names"]))
                    for q in fields["questions"]
                ),
                imports=tuple(fields["imports"]),
                student_files=tuple(fields["student_files"]),
            )
        except FileNotFoundError:
            raise UsageProblem(
                f"{folder} is not an autograder that ottermark built ({RECORD} is missing); "
                "run `ottermark build` first or name another with -a."
            ) from None
        except (ValueError, KeyError, TypeError) as error:
            raise UsageProblem(
                f"{path} cannot be read ({error}); run `ottermark build` to make it anew."
            ) from None
