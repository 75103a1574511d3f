"""The typed result document: what results.json holds.

The fields are those of Gradescope's autograder specification; ``extra_data`` holds what staff
pages need, as fields, so that nothing has to be read out of sentences. The JSON schema is generated
from these classes: ``python -m ottermark.results.document`` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from ottermark.errors import OttermarkError
from ottermark.files import write_atomically
from ottermark.results.result import Status

MAX_TEXT = 90_000  # Gradescope cuts a field at 100,000 characters
MAX_NAME = 200

Format = Literal["text", "html", "simple_format", "md", "ansi"]
Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
Part = Literal["run", "question", "form", "hint", "written"]


class InvalidResultsError(OttermarkError):
    """A results.json that Gradescope would refuse; a bug of ours."""


def _without_surrogates(value: Any) -> Any:
    """Replace halves of surrogate pairs, which students may write and UTF-8 cannot hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


Number = StrictInt | StrictFloat
Text = Annotated[str, BeforeValidator(_without_surrogates), Field(max_length=100_000)]
LongText = Annotated[str, BeforeValidator(_without_surrogates)]
Title = Annotated[str, BeforeValidator(_without_surrogates), Field(min_length=1, max_length=300)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class CaseFacts(_Model):
    """One test of a question; ``message`` is Markdown for the student."""

    name: LongText
    hidden: bool
    points: Number
    passed: bool
    message: Text = ""


class EntryFacts(_Model):
    """What staff pages need of an entry.

    Attributes:
        part: what the entry is about: the run, a question's points, the form of its answer, a hint,
            a written answer.
        question: the question's id; empty for the run.
        notes: Markdown sentences on what went wrong outside the tests.
        cases: the tests, in order.
        misconceptions: the names of those recognised, in the order of the entry's tags.
        look: those that a person should look at.
        fails_on: by function, the first class of inputs that it gets wrong.
        unexplained: by name, values that no misconception explains.
        answered: whether a scored question had an answer at all.
    """

    part: Part
    question: str = ""
    notes: list[Text] = []
    cases: list[CaseFacts] = []
    misconceptions: list[LongText] = []
    look: list[LongText] = []
    fails_on: dict[str, LongText] = {}
    unexplained: dict[str, LongText] = {}
    answered: bool = True


class Entry(_Model):
    """One entry of ``tests``; a question's scored entry has its id as ``number``."""

    name: Title
    number: Title | None = None
    score: Number | None = None
    max_score: Number | None = None
    status: Literal["passed", "failed"] | None = None
    name_format: Format | None = None
    output: Text
    output_format: Format | None = None
    visibility: Visibility
    tags: list[Title] = []
    extra_data: EntryFacts | None = None

    @model_validator(mode="after")
    def _scored_entries_are_whole(self) -> Self:
        scored = {self.score is not None, self.max_score is not None}
        if len(scored) == 2 or (self.score is not None and self.number is None):
            raise ValueError("a scored entry needs score, max_score and number")
        return self

    @property
    def facts(self) -> EntryFacts:
        """``extra_data``, or facts of an entry on the run."""
        return self.extra_data or EntryFacts(part="run")


class LeaderboardColumn(_Model):
    """A column of the leaderboard."""

    name: Title
    value: Number | Annotated[StrictStr, Field(max_length=300)]
    order: Literal["asc", "desc"] | None = None


class ProblemFacts(_Model):
    """A cell that went wrong: its number from 1, and a Markdown sentence."""

    cell: int
    text: Text


class WrittenFacts(_Model):
    """A written answer: its state, and its text as Markdown."""

    state: Literal["answered", "empty", "missing"]
    answer: LongText


class CodeFacts(_Model):
    """A code cell of the student's own: its number from 1, and its code."""

    cell: int
    source: LongText


class RunFacts(_Model):
    """What staff pages need of a submission.

    Attributes:
        ottermark: the version that graded it.
        unprotected: the questions whose tests ran inside the notebook's process.
        seconds: wall time of the whole grading, for staff: hidden tests could pass time on.
        message: why it was rejected.
        code: by question id, the code cells of the student's own that answer it.
        unfit_levers: what Keras did as by itself in training, since its version is not known; this
            costs time and no points.
        key: what the ledger of a class knows the result by.
        gradescope: what Gradescope's metadata say of the upload.
    """

    ottermark: str
    assignment: str
    submission: LongText
    status: Status
    isolation: str
    unprotected: list[str]
    seconds: Number
    max_score: Number
    message: Text = ""
    problems: list[ProblemFacts]
    written: dict[str, WrittenFacts]
    code: dict[str, list[CodeFacts]] = {}
    unfit_levers: list[str] = []
    key: str | None = None
    gradescope: dict[str, JsonValue] | None = None


class ResultDocument(_Model):
    """One results.json."""

    score: Number
    execution_time: Annotated[Number, Field(ge=0)] | None = None
    output: Text | None = None
    output_format: Format | None = None
    test_output_format: Format | None = None
    test_name_format: Format | None = None
    visibility: Visibility | None = None
    stdout_visibility: Visibility | None = None
    tests: list[Entry]
    leaderboard: list[LeaderboardColumn] | None = None
    extra_data: RunFacts | None = None

    @property
    def facts(self) -> RunFacts:
        """``extra_data``, which every result of a submission has."""
        if self.extra_data is None:
            raise InvalidResultsError("results.json has no extra_data.")
        return self.extra_data

    @property
    def submission(self) -> str:
        """The submission's name."""
        return self.facts.submission

    @property
    def status(self) -> Status:
        """``graded``, ``timeout``, ``crashed`` or ``rejected``."""
        return self.facts.status

    @property
    def isolation(self) -> str:
        """The boundary that held while the student's code ran; empty if none of it ran."""
        return self.facts.isolation

    @property
    def max_score(self) -> float:
        """The points that tests can give in all."""
        return self.facts.max_score

    @cached_property
    def questions(self) -> Mapping[str, Entry]:
        """The scored entry of each automatic question, by its id."""
        return {test.number: test for test in self.tests if test.number is not None}

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a results.json; raises ``InvalidResultsError``."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise InvalidResultsError(_sentence(error)) from None

    @classmethod
    def from_object(cls, body: Any) -> Self:
        """Check parsed JSON; raises ``InvalidResultsError``."""
        try:
            return cls.model_validate(body)
        except (ValidationError, RecursionError) as error:
            raise InvalidResultsError(_sentence(error)) from None

    def to_json(self) -> str:
        """Return the text of a results.json."""
        body = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    def write(self, path: Path) -> None:
        """Write the results.json atomically."""
        write_atomically(path, self.to_json())


def _sentence(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"results.json: {error}"
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "the whole"
    return f"results.json, {place}: {first['msg'][:300]}"


def schema() -> dict[str, Any]:
    """Return the JSON schema of a results.json."""
    return ResultDocument.model_json_schema()


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
