"""The options in ``otter_config.json``: those of Otter that are honoured, and a few of our own."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from ottermark.errors import UsageError
from ottermark.limits import LIMIT_NAMES, parse_amount
from ottermark.validation import STRICT, Number, suggest_name, validate

CONFIG_FILE = "otter_config.json"

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]  # the earliest first
RuleLevel = Literal["error", "warning", "off"]
HintTime = Literal["at_once", "after_due_date", "after_published", "never"]

_NO_PDF = "written answers are in the results, and no PDF is made"
# options of Otter that are not honoured here, and that somebody may count on
_NOT_HONOURED = {
    "grade_from_log": "notebooks are always run",
    "serialized_variables": "notebooks are always run",
    "plugins": "Otter's plugins are not run",
    **dict.fromkeys(
        (
            *("pdf", "token", "course_id", "assignment_id", "filtering", "pagebreaks"),
            *("warn_missing_pdf", "submit_blank_pdf_on_export_failure", "use_submission_pdf"),
            "pdf_via_html",
        ),
        _NO_PDF,
    ),
}
# options of Otter that change nothing here, and need not
_MEANINGLESS = {
    *("assignment_name", "autograder_dir", "debug", "force_public_test_summary", "lang"),
    *("log_level", "logo", "miniconda_path", "print_score", "print_summary", "zips"),
}
IGNORED_OPTIONS = {*_NOT_HONOURED, *_MEANINGLESS}
# what decides no point of a test: nothing is graded again when it changes
UNGRADED_OPTIONS = {"colab", "lateness", "rules"}


def _check_limit_name(name: str) -> str:
    if name not in LIMIT_NAMES:
        raise ValueError(f"there is no such limit; {suggest_name(name, LIMIT_NAMES)}")
    return name


def _check_address(address: str) -> str:
    if not re.fullmatch(r"https://[^\s<>()]+", address):
        raise ValueError("should be an address that starts with https://")
    return address


_LimitName = Annotated[str, AfterValidator(_check_limit_name)]
_LimitAmount = Annotated[float, BeforeValidator(parse_amount)]


def _parse_due(value: Any) -> datetime:
    with contextlib.suppress(TypeError, ValueError):
        due = datetime.fromisoformat(value)
        if due.tzinfo is not None:
            return due
    raise ValueError("should be a time with its offset from UTC, such as 2026-10-01T23:59:00+02:00")


class LatenessRule(BaseModel, frozen=True):
    """What late submissions lose.

    Attributes:
        due: when they are due, with the offset from UTC.
        percent_per_day: the share of the assignment's points that each day takes, in percent; a day
            that has begun counts whole, as on Canvas.
        grace_minutes: a submission that is later by no more is not late; one that is later is late
            from ``due`` on.
        max_days: the most days that take points; None for no limit.
    """

    model_config = STRICT

    due: Annotated[datetime, BeforeValidator(_parse_due)]
    percent_per_day: Annotated[Number, Field(ge=0, le=100)]
    grace_minutes: Annotated[Number, Field(ge=0)] = 0
    max_days: Annotated[Number, Field(ge=0)] | None = None

    def days_late(self, submitted_at: str) -> int | None:
        """Return how many days after ``due`` a submission has begun; 0 if it is not late.

        Args:
            submitted_at: as ISO 8601. Without an offset, it is taken to have that of ``due``.

        Returns:
            None if it is not a time.
        """
        try:
            time = datetime.fromisoformat(submitted_at)
        except ValueError:
            return None
        if time.tzinfo is None:
            time = time.replace(tzinfo=self.due.tzinfo)
        late = time - self.due
        if late <= timedelta(minutes=self.grace_minutes):
            return 0
        return math.ceil(late / timedelta(days=1))

    def deduction(self, days: int, max_points: float) -> float:
        """Return the points that so many days take.

        Args:
            max_points: those of the whole assignment.
        """
        counted = days if self.max_days is None else min(days, self.max_days)
        return max_points * min(1.0, counted * self.percent_per_day / 100)


class GradingConfig(BaseModel, frozen=True):
    """The options of an autograder.

    Attributes:
        show_hidden: Otter's word for ``hidden_tests`` being ``after_published``.
        hidden_tests: when students see what hidden tests say, and so their scores.
        hints: when they see hints, but never before the former.
        show_all_public: whether scores show at once where no question has a hidden test.
        show_stdout: whether they see what the grader prints, once grades are published.
        points_possible: what the whole assignment counts; None for the sum of its questions.
        score_threshold: the share of the points that earns all of them; less then earns none.
        seed: what is seeded before each cell; None for nothing.
        seed_variable: the notebook's name that ``seed`` is assigned to; None for the seeds of
            ``random`` and NumPy.
        limits: changes to ``Limits``, by name.
        notebook_grader: whether students receive the package ``notebook_grader``, which words what
            checks say.
        colab: the address at which Google Colab opens the student notebook; None for no link.
        lateness: what late submissions lose of their final grade; None for nothing.
        rules: the levels of rules of the build, by their ids; see ``authoring.levels``.
    """

    model_config = STRICT

    show_hidden: bool = False
    hidden_tests: Visibility = Field(
        default_factory=lambda fields: "after_published" if fields.get("show_hidden") else "hidden"
    )
    hints: HintTime = "at_once"
    show_all_public: bool = False
    show_stdout: bool = False
    points_possible: Number | None = None
    score_threshold: Number | None = None
    seed: Number | None = None
    seed_variable: str | None = None
    limits: Mapping[_LimitName, _LimitAmount] = {}
    notebook_grader: bool = False
    colab: Annotated[str, AfterValidator(_check_address)] | None = None
    lateness: LatenessRule | None = None
    rules: Mapping[str, RuleLevel] = {}

    @property
    def hints_visibility(self) -> Visibility | None:
        """When students see hints; None for never."""
        if self.hints == "never":
            return None
        earliest: Visibility = "visible" if self.hints == "at_once" else self.hints
        return max(earliest, self.hidden_tests, key=get_args(Visibility).index)

    @property
    def cell_seed(self) -> dict[str, Any] | None:
        """``value`` and ``variable`` of the seed, as ``Session.run_cell`` takes them."""
        return None if self.seed is None else {"value": self.seed, "variable": self.seed_variable}

    def scale(self, score: float, possible: float) -> float:
        """Return what a submission earns that has ``score`` of the questions' ``possible`` points."""
        worth = possible if self.points_possible is None else self.points_possible
        share = score / possible if possible else 0.0
        if self.score_threshold is not None:
            share = float(share >= self.score_threshold)
        return share * worth

    @classmethod
    def read(cls, path: Path) -> GradingConfig:
        """Read an ``otter_config.json``; without the file, everything has Otter's default.

        Raises:
            UsageError: it is not JSON, or there is no such option or value.
        """
        return cls.from_options(read_options(path), str(path))

    @classmethod
    def from_options(cls, options: Mapping[str, Any], source: str) -> GradingConfig:
        """Check options; raises ``UsageError`` that names their ``source``."""
        honoured = {name: options[name] for name in options if name not in IGNORED_OPTIONS}
        return validate(cls, honoured, source)


def read_options(path: Path) -> dict[str, Any]:
    """Return the options in an ``otter_config.json``, unchecked; none if there is no file.

    Raises:
        UsageError: it is not a JSON object.
    """
    try:
        options = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UsageError(f"{path} is not JSON ({error}); fix it.") from None
    if not isinstance(options, dict):
        raise UsageError(f"{path} does not hold a JSON object; start it with {{.")
    return options


def ignored_options(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the options that are set, have no effect and may be counted on, each with the reason."""
    return {name: reason for name, reason in _NOT_HONOURED.items() if options.get(name)}
