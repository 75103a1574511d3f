"""``summary.json``: the distributions, whether the marks in force hold, and proposed marks."""

from __future__ import annotations

import datetime
import json
import math
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from ottermark.calibration.designs import Design, read_designs, versions
from ottermark.calibration.evaluation import (
    PassRate,
    Runs,
    Shortfall,
    count_passed,
    find_shortfalls,
    pass_rate,
)
from ottermark.calibration.marks import QuestionMarks, read_marks
from ottermark.calibration.metrics import METRICS
from ottermark.calibration.plot import draw
from ottermark.calibration.proposal import REQUIRED_RATE, Proposal, propose
from ottermark.calibration.runs import Run, current_runs
from ottermark.calibration.tail import CONFIDENCE
from ottermark.files import write_atomically

MIN_RUNS = 60  # of each reference design, to fit a tail
PERCENTILES = (0.1, 1, 5, 25, 50, 75, 95, 99, 99.9)


@dataclass(frozen=True)
class DesignSummary:
    """A design and the distributions of its metrics: mean, sd, min, max and percentiles."""

    questions: tuple[str, ...]
    kind: str
    runs: int
    metrics: dict[str, dict[str, float]]


@dataclass(frozen=True)
class StepSummary:
    """How the designs of a question do with a step of the marks in force.

    Attributes:
        conditions: what a run must meet.
        runs: for each design, the numbers of runs that ``passed`` and in all (``of``).
        reference: how often the reference designs pass.
        dishonest: how far the dishonest designs are from passing.
    """

    conditions: tuple[str, ...]
    runs: dict[str, dict[str, int]]
    reference: dict[str, PassRate]
    dishonest: dict[str, Shortfall]


@dataclass(frozen=True)
class Comparison:
    """Two-sample Kolmogorov-Smirnov test of a control design against the reference design.

    Attributes:
        distance: the largest distance of the distribution functions.
        p_value: the probability of at least this distance if both have the same distribution.
    """

    distance: float
    p_value: float


@dataclass(frozen=True)
class QuestionSummary:
    """A question's marks in force, and marks proposed for it.

    Attributes:
        runs: the number of runs of each reference design; below ``MIN_RUNS`` nothing is fitted.
        counting_bound: the exact lower 95 % confidence bound of the pass rate if none of these
            runs fails, from the binomial distribution alone.
        in_force: the steps of the marks in force.
        proposal: the proposed marks, if there are any.
        control: the comparison of the control design, if there is one.
    """

    runs: int
    counting_bound: float
    in_force: dict[str, StepSummary]
    proposal: Proposal | None = None
    control: Comparison | None = None


@dataclass(frozen=True)
class Summary:
    """Everything that a calibration says.

    Attributes:
        problems: why the marks in force do not hold, or none can be proposed.
    """

    designs: dict[str, DesignSummary]
    questions: dict[str, QuestionSummary]
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the designs and questions as they stand in ``summary.json``."""
        document = {
            "designs": {name: asdict(design) for name, design in self.designs.items()},
            "questions": {name: asdict(question) for name, question in self.questions.items()},
        }
        return dict(json.loads(json.dumps(_rounded(document))))


def summarize(folder: Path) -> Summary:
    """Evaluate the marks in force by the runs in ``runs.csv``, and propose marks.

    Args:
        folder: the calibration folder of an assignment.

    Raises:
        UsageError: ``designs.py`` or ``marks.json`` cannot be used.
    """
    designs, marks = read_designs(folder), read_marks(folder)
    runs = current_runs(folder, designs)
    questions: dict[str, QuestionSummary] = {}
    problems: list[str] = []
    for question, question_marks in marks.items():
        of_question = {
            name: runs[name]
            for name, design in designs.items()
            if question in design.questions and runs[name]
        }
        kinds = {name: designs[name].kind for name in of_question}
        summary, unproposed = _summarize_question(question_marks, of_question, kinds)
        questions[question] = summary
        problems += [f"{folder / 'designs.py'}, {question}: {message}" for message in unproposed]
        for step, evaluation in summary.in_force.items():
            place = f"{folder / 'marks.json'}, {question}, {step!r}"
            problems += [f"{place}: {message}" for message in _failures(evaluation)]
    return Summary(
        {name: _summarize_design(design, runs[name]) for name, design in designs.items()},
        questions,
        tuple(problems),
    )


def write_summary(folder: Path, summary: Summary) -> None:
    """Write ``summary.json`` and ``calibration.svg``; the same bytes for the same runs and marks."""
    document, before = summary.to_json(), _read_summary(folder)
    origin = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "versions": versions(),
        "architecture": platform.machine(),
    }
    if _is_current(before, document):
        origin = {key: before[key] for key in origin if key in before}
    write_atomically(folder / "summary.json", json.dumps({**origin, **document}, indent=1) + "\n")
    write_atomically(folder / "calibration.svg", draw(folder))


def find_stale(folder: Path, summary: Summary, seeds: int = 200) -> list[str]:
    """Return what keeps ``runs.csv`` and ``summary.json`` from being up to date.

    Args:
        seeds: how many runs a design should have.
    """
    designs = read_designs(folder)
    missing = sum(
        max(0, designs[name].seeds(seeds) - design.runs) for name, design in summary.designs.items()
    )
    if missing:
        return [f"{folder / 'runs.csv'} lacks {missing} runs; run `ottermark calibrate`."]
    if not _is_current(_read_summary(folder), summary.to_json()):
        return [f"{folder / 'summary.json'} is stale; run `ottermark calibrate`."]
    return []


def format_question(question: str, summary: QuestionSummary) -> str:
    """Return the text about a question's marks, for the terminal."""
    return "\n".join(_lines(question, summary))


# ----------------------------------------------------------------------- evaluating the runs


def _summarize_question(
    marks: QuestionMarks, runs: Runs, kinds: Mapping[str, str]
) -> tuple[QuestionSummary, list[str]]:
    """Return the summary of a question, and the problems with its proposal."""
    reference = {name: runs[name] for name, kind in kinds.items() if kind == "reference"}
    dishonest = {name: runs[name] for name, kind in kinds.items() if kind == "dishonest"}
    controls = [runs[name] for name, kind in kinds.items() if kind == "control"]
    count = min(map(len, reference.values()), default=0)
    if count < MIN_RUNS:
        return QuestionSummary(count, 0, {}), []
    proposal, problems = propose(marks, reference, dishonest)
    in_force = {step: _evaluate(marks, step, runs, reference, dishonest) for step in marks.steps}
    test = stats.binomtest(count, count, alternative="greater")
    summary = QuestionSummary(
        runs=count,
        counting_bound=float(test.proportion_ci(CONFIDENCE, method="exact").low),
        in_force=in_force,
        proposal=proposal,
        control=_compare(controls, list(reference.values()), marks.metric),
    )
    return summary, problems


def _evaluate(
    marks: QuestionMarks, step: str, runs: Runs, reference: Runs, dishonest: Runs
) -> StepSummary:
    conditions = marks.conditions(step)
    return StepSummary(
        conditions=tuple(map(str, conditions)),
        runs={
            name: {"passed": count_passed(of_design, conditions), "of": len(of_design)}
            for name, of_design in runs.items()
        },
        reference={name: pass_rate(own, conditions) for name, own in reference.items()},
        dishonest=find_shortfalls(dishonest, conditions),
    )


def _failures(step: StepSummary) -> Iterator[str]:
    """Yield why a step does not hold: a reference design that fails, a dishonest one that passes."""
    for name, passes in step.reference.items():
        if passes.lower_bound < REQUIRED_RATE:
            yield (
                f"{name} passes at a rate of {passes.rate:.3%}, with a lower 95 % confidence bound "
                f"of {passes.lower_bound:.3%}, but {REQUIRED_RATE:.1%} is required; loosen the mark."
            )
    for name, shortfall in step.dishonest.items():
        if shortfall.passed:
            yield f"{shortfall.passed} runs of the dishonest {name} pass; tighten the mark."


def _summarize_design(design: Design, runs: Sequence[Run]) -> DesignSummary:
    metrics = {
        metric: _distribution([run.metrics[metric] for run in runs if metric in run.metrics])
        for metric in METRICS
    }
    return DesignSummary(
        design.questions,
        design.kind,
        len(runs),
        {metric: distribution for metric, distribution in metrics.items() if distribution},
    )


def _distribution(values: Sequence[float]) -> dict[str, float]:
    """Return the statistics of finite values, and the number of others as ``diverged``."""
    finite = np.array([value for value in values if math.isfinite(value)])
    if not len(finite):
        return {}
    diverged = len(values) - len(finite)
    return {
        **({"diverged": float(diverged)} if diverged else {}),
        "mean": float(finite.mean()),
        "sd": float(finite.std(ddof=1)) if len(finite) > 1 else 0.0,
        "min": float(finite.min()),
        "max": float(finite.max()),
        **{f"{p:g} %": float(np.percentile(finite, p)) for p in PERCENTILES},
    }


def _compare(
    controls: Sequence[Sequence[Run]], references: Sequence[Sequence[Run]], metric: str
) -> Comparison | None:
    """Compare the first control design with the first reference design; None without a control."""
    if not controls:
        return None
    samples = [[run.metrics[metric] for run in runs] for runs in (controls[0], references[0])]
    test = stats.ks_2samp(*samples)
    return Comparison(float(test.statistic), float(test.pvalue))


# ------------------------------------------------------------------- the file and the terminal


def _rounded(value: Any) -> Any:
    """Round the numbers in a document to six significant digits."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return value


def _read_summary(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / "summary.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _is_current(before: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    return all(before.get(key) == value for key, value in document.items())


def _lines(question: str, summary: QuestionSummary) -> Iterator[str]:
    if summary.runs < MIN_RUNS:
        yield (
            f"{question}: {summary.runs} runs of the reference design are too few to fit a tail; "
            f"{MIN_RUNS} are needed."
        )
        return
    runs_needed = math.ceil(math.log(1 - CONFIDENCE) / math.log(REQUIRED_RATE))
    yield (
        f"{question}: By counting alone, {summary.runs} runs without a failure have a lower 95 % "
        f"confidence bound of {summary.counting_bound:.2%} for the pass rate; {REQUIRED_RATE:.1%} "
        f"would take {runs_needed:,} runs. The bounds below rest on the fitted exponential tail."
    )
    for name, step in summary.in_force.items():
        yield f"  {name}: {' and '.join(step.conditions)}"
        for design, passes in step.reference.items():
            yield (
                f"    {design} passes at a rate of {passes.rate:.3%} (lower 95 % confidence bound "
                f"{passes.lower_bound:.3%})"
            )
        passing = [design for design, how in step.dishonest.items() if how.passed]
        yield f"    dishonest designs that pass: {', '.join(passing) or 'none'}"
    if summary.proposal is not None:
        for name, proposed in summary.proposal.steps.items():
            yield f"  proposed for {name!r}: {proposed.mark}"
