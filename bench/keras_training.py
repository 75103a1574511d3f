"""What the levers of ``ottermark.worker.keras_training`` save of a solved submission's cells.

    python bench/keras_training.py [--pairs N]

runs the cells of the solved notebook with Keras as it trains by itself and with the levers, in turn,
each in a process that is isolated as when grading, and counts the CPU seconds of that process.
Prints a Markdown table, and fails if an output differs. Needs Linux.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ottermark.grading.autograder import open_autograder
from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox

PROJECT = Path(__file__).parents[1]
AUTOGRADER = PROJECT / "autograder"
(SOLUTION,) = (PROJECT / "solutions").glob("*.ipynb")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=5, metavar="N", help="how often each is run")
    pairs = parser.parse_args().pairs
    cells = [
        "".join(cell["source"])
        for cell in json.loads(SOLUTION.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]
    plain, levers = [], []
    with (
        open_autograder(AUTOGRADER) as grader,
        Sandbox(grader.assignment.preloads, plain_keras=True) as plain_sandbox,
        Sandbox(grader.assignment.preloads) as sandbox,
    ):
        if sandbox.unfit_levers:
            raise SystemExit(f"Not used, since Keras is not known: {sandbox.unfit_levers}.")
        files, limits = grader.student_files, Limits().with_changes(grader.config.limits)
        for _ in range(pairs):
            seconds, shown = run(plain_sandbox, cells, files, limits)
            plain.append(seconds)
            seconds, shown_with_levers = run(sandbox, cells, files, limits)
            levers.append(seconds)
            if shown != shown_with_levers:
                raise SystemExit("An output of the notebook differs.")
    print(
        "| the cells of a solved submission, CPU s | median | lowest | highest |\n|---|---|---|---|"
    )
    for name, values in (("Keras by itself", plain), ("with the levers", levers)):
        row = statistics.median(values), min(values), max(values)
        print(f"| {name} |" + "".join(f" {value:.2f} |" for value in row))
    shares = [with_levers / without for with_levers, without in zip(levers, plain, strict=True)]
    print(
        f"\nIn {pairs} pairs the levers left {statistics.median(shares):.0%} (median; "
        f"{min(shares):.0%} to {max(shares):.0%})."
    )


def run(
    sandbox: Sandbox, cells: list[str], files: Mapping[str, Path], limits: Limits
) -> tuple[float, list[Any]]:
    """Run cells in a new process; return its CPU seconds and what the cells showed."""
    with sandbox.open(files, limits) as session:
        processes = sandbox.processes()
        before = sum(seconds_of(process) for process in processes)
        outputs = [session.run_cell(cell).outputs for cell in cells]
        return sum(seconds_of(process) for process in processes) - before, outputs


def seconds_of(process: Any) -> float:
    """Return the CPU seconds of a process."""
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
