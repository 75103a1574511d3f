"""What an instructor asks of grading in ``otter_config.json``: Otter's options, and a few of ours."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ottermark.errors import UsageError
from ottermark.limits import Limits

CONFIG = "otter_config.json"
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")  # the earliest first
HINTS = ("at_once", "after_due_date", "after_published", "never")  # when students see hints

_FLAGS = ("show_hidden", "show_all_public", "show_stdout")
_NUMBERS = ("points_possible", "score_threshold", "seed")
_OURS = ("hidden_tests", "hints", "limits", "seed_variable")
# of Otter's options, those that change nothing here and need not
_MEANINGLESS = {
    *(
        "assignment_name",
        "autograder_dir",
        "debug",
        "force_public_test_summary",
        "lang",
        "log_level",
    ),
    *("logo", "miniconda_path", "print_score", "print_summary", "zips"),
}
_NO_PDF = "written answers are in the results, and no PDF is made"
# and those that somebody may count on
_NOT_DONE = {
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
KNOWN = {*_FLAGS, *_NUMBERS, *_OURS, *_MEANINGLESS, *_NOT_DONE}


@dataclass(frozen=True)
class GradingConfig:
    """The options of an autograder.

    Attributes:
        hidden_tests: when students see what hidden tests say, and so their scores; one of
            ``VISIBILITIES``. Otter's ``show_hidden`` stands for ``after_published``.
        hints: when they see hints, but never before the former; one of ``HINTS``.
        show_all_public: whether scores show at once where no question has a hidden test.
        show_stdout: whether they see what the grader prints, once grades are published.
        points_possible: what the whole assignment counts; None for the sum of its questions.
        score_threshold: the share of the points that earns all of them; less then earns none.
        seed: what is seeded before each cell: ``value`` goes to ``random`` and NumPy, or to the
            notebook's name ``variable``. None for nothing.
        limits: changes to ``Limits``, such as ``run=1140``.
        without_effect: a sentence for each option that somebody may count on in vain.
    """

    hidden_tests: str = VISIBILITIES[-1]
    hints: str = HINTS[0]
    show_all_public: bool = False
    show_stdout: bool = False
    points_possible: float | None = None
    score_threshold: float | None = None
    seed: Mapping[str, Any] | None = None
    limits: tuple[str, ...] = ()
    without_effect: tuple[str, ...] = ()

    @property
    def hints_visible(self) -> str | None:
        """When students see hints, as one of ``VISIBILITIES``; None for never."""
        if self.hints == "never":
            return None
        return max(
            "visible" if self.hints == "at_once" else self.hints, self.hidden_tests, key=_rank
        )

    def total(self, score: float, possible: float) -> float:
        """Return what a submission earns that has ``score`` of the questions' ``possible`` points."""
        worth = possible if self.points_possible is None else self.points_possible
        share = score / possible if possible else 0.0
        if self.score_threshold is not None:
            share = float(share >= self.score_threshold)
        return share * worth

    @classmethod
    def read(cls, path: Path) -> GradingConfig:
        """Read an ``otter_config.json``; without the file, everything is as Otter has it.

        Raises:
            UsageError: it is no JSON, or an option is unknown or has no value that it can have.
        """
        return cls.of(as_given(path), str(path))

    @classmethod
    def of(cls, given: Mapping[str, Any], where: str) -> GradingConfig:
        """Check options; raises ``UsageError`` that says ``where`` they stand."""

        def expect(holds: bool, name: str, what: str) -> None:
            if not holds:
                raise UsageError(f'{where}: "{name}" should be {what}.')

        for name in given:
            if name not in KNOWN:
                near = difflib.get_close_matches(name, KNOWN, 1)
                mend = f'write "{near[0]}"' if near else "take it out"
                raise UsageError(f'{where}: there is no option "{name}"; {mend}.')
        for name in _FLAGS:
            expect(isinstance(given.get(name, False), bool), name, "true or false")
        for name in _NUMBERS:
            value = given.get(name)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            expect(number or value is None, name, "a number")
        shown = given.get("hidden_tests", VISIBILITIES[2 if given.get("show_hidden") else 3])
        expect(shown in VISIBILITIES, "hidden_tests", f"one of {', '.join(VISIBILITIES)}")
        hints = given.get("hints", HINTS[0])
        expect(hints in HINTS, "hints", f"one of {', '.join(HINTS)}")
        limits = given.get("limits", {})
        expect(isinstance(limits, dict), "limits", 'an object such as {"run": 1140}')
        changes = tuple(f"{name}={value}" for name, value in limits.items())
        try:
            Limits().with_changes(changes)
        except UsageError as problem:
            raise UsageError(f'{where}: "limits": {problem}') from None
        seed = given.get("seed")
        variable = given.get("seed_variable")
        expect(variable is None or isinstance(variable, str), "seed_variable", "a name")
        return cls(
            hidden_tests=shown,
            hints=hints,
            show_all_public=given.get("show_all_public", False),
            show_stdout=given.get("show_stdout", False),
            points_possible=given.get("points_possible"),
            score_threshold=given.get("score_threshold"),
            seed=None if seed is None else {"value": seed, "variable": variable},
            limits=changes,
            without_effect=tuple(
                f'{where}: "{name}" has no effect: {why}.'
                for name, why in _NOT_DONE.items()
                if given.get(name)
            ),
        )


def as_given(path: Path) -> dict[str, Any]:
    """Return what an ``otter_config.json`` holds, unchecked; nothing, if there is none."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UsageError(f"{path} is not JSON ({error}); mend it.") from None
    if not isinstance(given, dict):
        raise UsageError(f"{path} does not hold a JSON object; start it with {{.")
    return given


def _rank(visibility: str) -> int:
    return VISIBILITIES.index(visibility)
