"""Runs and marks -> ``summary.json``: do the marks in force hold, and which would?"""

from __future__ import annotations

import datetime
import itertools
import json
import math
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ottermark.calibration.marks import Condition, read_marks
from ottermark.calibration.plot import draw
from ottermark.calibration.runs import Run, read_designs, read_runs, versions, write
from ottermark.calibration.tail import SURE, Tail, pass_rate, resampled
from ottermark.calibration.training import METRICS
from ottermark.errors import CheckFailedError

RATE = 0.999  # how often an honest reference design has to pass
FEWEST = 60  # runs below which no tail is fitted
PERCENTS = (0.1, 1, 5, 25, 50, 75, 95, 99, 99.9)


def propose(
    told: dict[str, Any], honest: dict[str, list[Run]], dishonest: dict[str, list[Run]]
) -> tuple[dict[str, Any], list[str]]:
    """Propose two marks for a question; return them and what is wrong with them.

    "Nearly all" is the strictest round mark that honest runs pass at 99.9 %, for sure as far as
    the tail goes. "Some" is half way from there to the nearest dishonest run.
    """
    metric, unit = told["metric"], float(told["unit"])
    strict = next(c for c in list(told["steps"].values())[-1] if c.metric == metric)
    bad = 1 if strict.high_is_bad else -1
    needed, problems, tails = -math.inf, [], {}
    for name, runs in honest.items():
        values = bad * np.array([run.metrics.get(metric, bad * math.inf) for run in runs])
        if not np.isfinite(values).all():
            return {}, [f"{name} did not learn in some of its runs, so no tail can be fitted."]
        fits = Tail(values[resampled(len(runs))])
        bounds = fits.quantile(RATE)
        sure = float(np.quantile(bounds[1:], SURE))
        needed = max(needed, sure)
        tails[name] = {
            "quantile": bad * _short(bounds[0]),
            "bound": bad * _short(sure),
            "tail starts at": bad * _short(fits.start[0]),
            "mean excess": _short(fits.mean[0]),
        }
        if fits.heavy():
            problems.append(
                f"The bad tail of {name} is heavier than exponential: train more seeds, or choose "
                "the mark by hand with room to spare."
            )
    top = unit * math.ceil(needed / unit - 1e-9)

    def others(step: str) -> list[Condition]:
        return [
            *told["form"],
            *told["honest"],
            *(c for c in told["steps"][step] if c.metric != metric),
        ]

    first, last = next(iter(told["steps"])), list(told["steps"])[-1]

    def values_of(conditions: Sequence[Condition]) -> list[float]:
        """Return what dishonest runs that meet these conditions have in the metric."""
        every = itertools.chain.from_iterable(dishonest.values())
        held = (run for run in every if all(c.holds(run) for c in conditions))
        return [bad * run.metrics[metric] for run in held if metric in run.metrics]

    formed, passing = values_of(told["form"]), values_of(others(last))
    if any(value <= top for value in passing):
        top = unit * (math.ceil(min(passing) / unit) - 1)
        problems.append(
            f"No mark for {metric} lets honest runs pass at {RATE:.1%} and keeps dishonest ones "
            f"out: the best compromise is {bad * top:g}."
        )
    beyond = [value for value in formed if value > top]
    middle = unit * math.floor((top + min(beyond)) / 2 / unit) if beyond else top
    proposal: dict[str, Any] = {"tails": tails, "steps": {}}
    for step, based, value in (("some", first, max(middle, top)), ("nearly all", last, top)):
        mark = Condition(metric, strict.sign, round(bad * value, 9))
        asked = [*others(based), mark]
        rates = {}
        for name, runs in honest.items():
            rate, bound = pass_rate(runs, asked)
            rates[name] = {"rate": _short(rate), "bound": _short(bound)}
        proposal["steps"][step] = {"mark": str(mark), "honest": rates}
        proposal["steps"][step]["dishonest"] = _distances(dishonest, asked)
    return proposal, problems


def _distances(dishonest: dict[str, list[Run]], asked: Sequence[Condition]) -> dict[str, Any]:
    """Say of each design how far its best run is from passing, and what stops that run."""
    found = {}
    for name, runs in dishonest.items():
        short, best = min(
            ((max(c.short(run) for c in asked), run) for run in runs), key=lambda pair: pair[0]
        )
        stops = max(asked, key=lambda c: c.short(best))
        passed = sum(all(c.holds(run) for c in asked) for run in runs)
        found[name] = {"passed": passed, "short": _short(short), "stopped by": str(stops)}
        value = stops.value(best)
        found[name]["value"] = _short(value) if math.isfinite(value) else None
    return found


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def summarize(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what ``summary.json`` says, and what is wrong with the marks in force."""
    designs, marks = read_designs(folder), read_marks(folder)
    runs: dict[str, list[Run]] = {name: [] for name in designs}
    for run in sorted(read_runs(folder), key=lambda run: run.seed):
        if run.design in designs and run.digest == designs[run.design].digest:
            runs[run.design].append(run)
    told: dict[str, Any] = {"designs": {}, "questions": {}}
    for name, one in designs.items():
        told["designs"][name] = {"questions": one.questions, "kind": one.kind, "n": len(runs[name])}
        told["designs"][name]["metrics"] = _metrics(runs[name])
    problems = []
    for question, asked in marks.items():
        ours = {n: runs[n] for n, d in designs.items() if question in d.questions and runs[n]}
        honest = {n: r for n, r in ours.items() if designs[n].kind == "honest"}
        dishonest = {n: r for n, r in ours.items() if designs[n].kind == "dishonest"}
        part: dict[str, Any] = {"claims": [], "in force": {}}
        told["questions"][question] = part
        fewest = min((len(r) for r in honest.values()), default=0)
        if fewest < FEWEST:
            part["claims"].append(f"{fewest} honest runs are too few for a tail: {FEWEST} needed.")
            continue
        part["claims"].append(
            f"Counting alone, {fewest} runs without a failure show a pass rate of at least "
            f"{(1 - SURE) ** (1 / fewest):.2%} (95 % confidence); {RATE:.1%} would take "
            f"{math.ceil(math.log(1 - SURE) / math.log(RATE)):,} runs. What goes beyond rests on "
            "the exponential tail."
        )
        part["proposal"], wrong = propose(asked, honest, dishonest)
        problems += [f"{folder / 'designs.py'}, {question}: {sentence}" for sentence in wrong]
        for name, control in ours.items():
            for other in honest if designs[name].kind == "control" else ():
                part["control"] = _alike(control, runs[other], asked["metric"])
        for step, conditions in asked["steps"].items():
            conditions = [*asked["form"], *asked["honest"], *conditions]
            rates = {}
            for name, r in ours.items():
                rates[name] = {"passed": sum(all(c.holds(x) for c in conditions) for x in r)}
                rates[name]["of"] = len(r)
            here: dict[str, Any] = {"conditions": [str(c) for c in conditions]}
            part["in force"][step] = here
            here |= {"runs": rates, "honest": {}, "dishonest": _distances(dishonest, conditions)}
            for name, r in honest.items():
                rate, bound = pass_rate(r, conditions)
                here["honest"][name] = {"rate": _short(rate), "bound": _short(bound)}
                if bound < RATE:
                    problems.append(
                        f"{folder / 'marks.json'}: {question}, {step!r}: {name} passes {rate:.3%} "
                        f"of the time, for sure only {bound:.3%}; loosen the mark."
                    )
            for name, how in here["dishonest"].items():
                if how["passed"]:
                    problems.append(
                        f"{folder / 'marks.json'}: {question}, {step!r}: {how['passed']} runs of "
                        f"the dishonest {name} pass; tighten the mark."
                    )
    return told, problems


def _metrics(runs: Sequence[Run]) -> dict[str, dict[str, float | None]]:
    found = {}
    for metric in METRICS:
        values = np.array([run.metrics[metric] for run in runs if metric in run.metrics])
        known = values[np.isfinite(values)]
        if not len(known):
            continue
        found[metric] = (
            {"diverged": float(len(values) - len(known))} if len(known) < len(values) else {}
        )
        found[metric] |= {"mean": known.mean(), "sd": known.std(ddof=1) if len(known) > 1 else 0.0}
        found[metric] |= {"min": known.min(), "max": known.max()}
        found[metric] |= {f"{p:g} %": float(np.percentile(known, p)) for p in PERCENTS}
        found[metric] = {key: _short(value) for key, value in found[metric].items()}
    return found  # type: ignore[return-value]


def _alike(one: Sequence[Run], two: Sequence[Run], metric: str) -> dict[str, float]:
    """Compare two designs by the Kolmogorov-Smirnov distance, with its 5 % limit."""
    a, b = (np.sort([run.metrics[metric] for run in runs]) for runs in (one, two))
    both = np.concatenate([a, b])
    gaps = np.searchsorted(a, both, "right") / len(a) - np.searchsorted(b, both, "right") / len(b)
    limit = 1.358 * math.sqrt((len(a) + len(b)) / (len(a) * len(b)))
    return {"distance": _short(float(np.abs(gaps).max())), "limit": _short(limit)}


def calibrate(
    folder: Path,
    check: bool = False,
    seeds: int = 200,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Write ``summary.json`` and ``calibration.svg`` from the runs, or check that they hold.

    Args:
        check: write nothing.
        seeds: how many runs a design should have.
        say: gets each question's verdict.

    Raises:
        CheckFailedError: the marks in force do not keep their promise, or (check) something is stale.
    """
    told, problems = summarize(folder)
    path = folder / "summary.json"
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        before = {}
    told = json.loads(json.dumps(told))
    same = all(before.get(key) == told[key] for key in told)
    if check:
        designs = read_designs(folder)
        lacking = sum(
            max(0, min(designs[name].runs or seeds, seeds) - how["n"])
            for name, how in told["designs"].items()
        )
        if lacking:
            problems = [
                f"{folder / 'runs.csv'} lacks {lacking} runs; run `ottermark calibrate`.",
                *problems,
            ]
        elif not same:
            problems.append(f"{path} is stale; run `ottermark calibrate`.")
    else:
        date = datetime.datetime.now(datetime.UTC).date().isoformat()
        made = {"date": date, "versions": versions(), "architecture": platform.machine()}
        if same:  # the same runs: what was said of their making still holds
            made = {key: before[key] for key in made if key in before}
        write(path, json.dumps({**made, **told}, indent=1) + "\n")
        write(folder / "calibration.svg", draw(folder))
    for question, part in told["questions"].items():
        say(_verdict(question, part))
    if problems:
        raise CheckFailedError(*problems)
    return dict(told)


def _verdict(question: str, part: dict[str, Any]) -> str:
    """Say how the marks in force do, and what is proposed."""
    lines = [f"{question}: {' '.join(part['claims'])}"]
    for step, told in part["in force"].items():
        lines.append(f"  {step}: {' and '.join(told['conditions'])}")
        for name, rate in told["honest"].items():
            lines.append(f"    {name} passes {rate['rate']:.3%}, for sure {rate['bound']:.3%}")
        passed = [name for name, how in told["dishonest"].items() if how["passed"]]
        lines.append(f"    dishonest designs that pass: {', '.join(passed) or 'none'}")
    for step, told in part.get("proposal", {}).get("steps", {}).items():
        lines.append(f"  proposed for {step}: {told['mark']}")
    return "\n".join(lines)
