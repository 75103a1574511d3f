"""``calibration.svg``: the distributions of all designs, with the marks in force."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ottermark.calibration.designs import KINDS, Design, read_designs
from ottermark.calibration.lab_data import Numbers
from ottermark.calibration.marks import QuestionMarks, read_marks
from ottermark.calibration.runs import Run, current_runs

_MARKERS = {  # colours that colour-blind eyes tell apart, and shapes for grey print
    "reference": ("#0072B2", "o"),
    "control": ("#56B4E9", "s"),
    "weaker": ("#E69F00", "v"),
    "stronger": ("#009E73", "^"),
    "dishonest": ("#D55E00", "X"),
    "undetectable": ("#CC79A7", "D"),
}
_LOG_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)

Row = tuple[Design, Numbers]


def draw(folder: Path) -> str:
    """Return the plot as SVG, with a panel for each question; the same text for the same runs."""
    import matplotlib.style
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    designs, marks = read_designs(folder), read_marks(folder)
    runs = current_runs(folder, designs)
    rows = {question: _rows(question, marks[question], designs, runs) for question in marks}
    heights = [len(of_question) + 1.5 for of_question in rows.values()]
    size = (7.2, 0.21 * sum(heights) + 0.6 * len(heights))
    options: dict[Any, Any] = {"svg.hashsalt": "ottermark", "font.size": 8}
    with matplotlib.style.context("default", after_reset=True), rc_context(options):
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(len(rows), squeeze=False, height_ratios=heights)[:, 0]
        for axes, (question, of_question) in zip(panels, rows.items(), strict=True):
            _draw_distributions(axes, of_question)
            _draw_marks(axes, marks[question])
            _label(axes, question, marks[question].metric, of_question)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode()


def _rows(
    question: str,
    marks: QuestionMarks,
    designs: Mapping[str, Design],
    runs: Mapping[str, Sequence[Run]],
) -> list[Row]:
    """Return the designs of a question in the order of kinds, with their finite values."""
    rows = []
    for kind in KINDS:
        for design in designs.values():
            values = [run.metrics.get(marks.metric, math.inf) for run in runs[design.name]]
            finite = np.array([value for value in values if math.isfinite(value)])
            if design.kind == kind and question in design.questions and len(finite):
                rows.append((design, finite))
    return rows


def _draw_distributions(axes: Any, rows: Sequence[Row]) -> None:
    """Draw the range, the middle 90 % and the median of each design."""
    for position, (design, values) in enumerate(rows):
        colour, marker = _MARKERS[design.kind]
        low, median, high = np.percentile(values, [5, 50, 95])
        axes.plot([values.min(), values.max()], [position] * 2, color=colour, lw=1)
        axes.plot([low, high], [position] * 2, color=colour, lw=4, solid_capstyle="butt")
        axes.plot([median], [position], marker, color=colour, mec="black", mew=0.6, ms=5)


def _draw_marks(axes: Any, marks: QuestionMarks) -> None:
    """Draw a line at the mark of each step, and at a floor if the honesty checks have one."""
    lines = {
        name: next(c.mark for c in conditions if c.metric == marks.metric)
        for name, conditions in {**marks.steps, "floor": marks.honesty_checks}.items()
        if any(c.metric == marks.metric for c in conditions)
    }
    for (name, mark), style in zip(lines.items(), ("--", "-", ":", "-."), strict=False):
        axes.axvline(mark, color="black", lw=1, ls=style, zorder=0)
        side = "left" if mark == max(lines.values()) else "right"
        axes.text(mark, 1.02, name, transform=axes.get_xaxis_transform(), ha=side)


def _label(axes: Any, question: str, metric: str, rows: Sequence[Row]) -> None:
    labels = [
        f"{design.name.replace('_', ' ')} ({design.kind}, {len(values)})" for design, values in rows
    ]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(f"{question}: {metric.replace('_', ' ')}")
    if metric.endswith("mse"):
        axes.set_xscale("log")
        axes.set_xticks(_LOG_TICKS, [str(tick) for tick in _LOG_TICKS])
        axes.minorticks_off()
