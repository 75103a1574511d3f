"""``runs.csv`` and ``marks.json`` -> ``calibration.svg``."""

from __future__ import annotations

import io
import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np

from ottermark.calibration.marks import read_marks
from ottermark.calibration.runs import Design, read_designs, read_runs
from ottermark.calibration.training import KINDS, Numbers

_LOOKS = {  # colours that colour-blind eyes tell apart, and shapes for grey print
    "honest": ("#0072B2", "o"),
    "control": ("#56B4E9", "s"),
    "weak": ("#E69F00", "v"),
    "strong": ("#009E73", "^"),
    "dishonest": ("#D55E00", "X"),
    "lookalike": ("#CC79A7", "D"),
}


def draw(folder: Path) -> str:
    """Return the picture of the distributions with the marks in force, as SVG."""
    import matplotlib.style
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    designs, marks, runs = read_designs(folder), read_marks(folder), read_runs(folder)
    found: dict[str, list[tuple[Design, Numbers]]] = {}
    for question, told in marks.items():
        found[question] = rows = []
        for kind, one in itertools.product(KINDS, designs.values()):
            values = np.array(
                [
                    run.metrics[told["metric"]]
                    for run in runs
                    if (run.design, run.digest) == (one.name, one.digest)
                    and math.isfinite(run.metrics.get(told["metric"], math.inf))
                ]
            )
            if one.kind == kind and question in one.questions and len(values):
                rows.append((one, values))
    heights = [len(rows) + 1.5 for rows in found.values()]
    options: dict[Any, Any] = {"svg.hashsalt": "ottermark", "font.size": 8}
    with matplotlib.style.context("default", after_reset=True), rc_context(options):
        figure = Figure(
            figsize=(7.2, 0.21 * sum(heights) + 0.6 * len(heights)), layout="constrained"
        )
        panels = figure.subplots(len(found), squeeze=False, height_ratios=heights)[:, 0]
        for axes, (question, rows) in zip(panels, found.items(), strict=True):
            told = marks[question]
            for place, (one, values) in enumerate(rows):
                colour, shape = _LOOKS[one.kind]
                low, mid, high = np.percentile(values, [5, 50, 95])
                axes.plot([values.min(), values.max()], [place] * 2, color=colour, lw=1)
                axes.plot([low, high], [place] * 2, color=colour, lw=4, solid_capstyle="butt")
                axes.plot([mid], [place], shape, color=colour, mec="black", mew=0.6, ms=5)
            lines = {  # the marks by what they are called
                name: next(c.mark for c in asked if c.metric == told["metric"])
                for name, asked in {**told["steps"], "floor": told["honest"]}.items()
                if any(c.metric == told["metric"] for c in asked)
            }
            for (name, mark), style in zip(lines.items(), ("--", "-", ":", "-."), strict=False):
                axes.axvline(mark, color="black", lw=1, ls=style, zorder=0)
                side = "left" if mark == max(lines.values()) else "right"
                axes.text(mark, 1.02, name, transform=axes.get_xaxis_transform(), ha=side)
            labels = [f"{one.name.replace('_', ' ')} ({one.kind}, {len(v)})" for one, v in rows]
            axes.set_yticks(range(len(rows)), labels)
            axes.set_ylim(len(rows) - 0.4, -0.6)
            axes.set_xlabel(f"{question}: {told['metric'].replace('_', ' ')}")
            if told["metric"].endswith("mse"):
                ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500]
                axes.set_xscale("log")
                axes.set_xticks(ticks, [str(tick) for tick in ticks])
                axes.minorticks_off()
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode()
