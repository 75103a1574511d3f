"""``runs.csv``: one row for each design and seed."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ottermark.calibration.designs import Design
from ottermark.calibration.metrics import METRICS
from ottermark.files import write_atomically

FIELDS = ("design", "digest", "seed", *METRICS)


@dataclass(frozen=True)
class Run:
    """One training of a design, and the metrics of its model.

    Attributes:
        design: the name of the design.
        digest: the digest of the design when it was trained.
        seed: the seed of all random numbers.
        metrics: values by name; a design has those of its questions.
    """

    design: str
    digest: str
    seed: int
    metrics: dict[str, float]

    @property
    def key(self) -> tuple[str, str, int]:
        """What identifies the run: design, digest and seed."""
        return self.design, self.digest, self.seed

    def to_csv(self) -> str:
        """Return the row of ``runs.csv``, with six significant digits."""
        values = (f"{self.metrics[m]:.6g}" if m in self.metrics else "" for m in METRICS)
        return ",".join([self.design, self.digest, str(self.seed), *values]) + "\n"


def read_runs(folder: Path) -> list[Run]:
    """Return the complete rows of ``runs.csv``; incomplete rows are left out."""
    path = folder / "runs.csv"
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    complete = text[: text.rfind("\n") + 1]
    runs: dict[tuple[str, str, int], Run] = {}
    for row in csv.DictReader(io.StringIO(complete)):
        try:
            metrics = {m: float(row[m]) for m in METRICS if row[m]}
            run = Run(row["design"], row["digest"], int(row["seed"]), metrics)
        except (KeyError, TypeError, ValueError):
            continue
        runs.setdefault(run.key, run)
    return list(runs.values())


def current_runs(folder: Path, designs: Mapping[str, Design]) -> dict[str, list[Run]]:
    """Return the runs of the designs as they are now, by design and in the order of seeds."""
    runs: dict[str, list[Run]] = {name: [] for name in designs}
    for run in sorted(read_runs(folder), key=lambda run: run.seed):
        if run.design in designs and run.digest == designs[run.design].digest:
            runs[run.design].append(run)
    return runs


def write_runs(folder: Path, runs: Sequence[Run]) -> None:
    """Replace ``runs.csv``."""
    text = ",".join(FIELDS) + "\n" + "".join(run.to_csv() for run in runs)
    write_atomically(folder / "runs.csv", text)


def append_run(folder: Path, run: Run) -> None:
    """Add a row to ``runs.csv``, and wait until it is on the disk."""
    with (folder / "runs.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write(run.to_csv())
        file.flush()
        os.fsync(file.fileno())
