"""Say which walls this machine gives, and how much memory a grading takes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ottermark.gradescope.entry import memory_left
from ottermark.grading.autograder import Autograder
from ottermark.limits import Limits, MiB
from ottermark.sandbox.linux import landlock_version
from ottermark.sandbox.sandbox import (
    LAYERS,
    MODES,
    IsolationUnavailableError,
    Sandbox,
    held_by,
)

# Gradescope's container sizes: CPUs and GB of memory
TIERS = ((0.5, 0.75), (1, 1.5), (2, 3), (4, 6))
WORK = 256 * MiB  # memory that a notebook should have for its own data and training


@dataclass(frozen=True)
class Wall:
    """One mode of isolation on this machine.

    Attributes:
        problem: why it does not stand; None if it does.
    """

    mode: str
    problem: str | None

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that stand, as ``ottermark.sandbox.isolation`` names them."""
        missing = set() if landlock_version() else {"landlock"}
        return tuple(layer for layer in LAYERS[self.mode] if layer not in missing)


@dataclass(frozen=True)
class Memory:
    """What a grading holds before the notebook works, in bytes; shared pages counted once."""

    grader: int
    notebook: int

    @property
    def tier(self) -> tuple[float, float]:
        """The smallest of ``TIERS`` that leaves ``WORK``."""
        held = self.grader + self.notebook
        enough = (t for t in TIERS if memory_left(int(t[1] * 1024 * MiB), held) >= WORK)
        return next(enough, TIERS[-1])


def walls() -> list[Wall]:
    """Put up every wall once and tell which stand."""
    return [Wall(mode, _problem(mode)) for mode in MODES]


def _problem(mode: str) -> str | None:
    if mode == "uid" and (sys.platform != "linux" or os.geteuid() != 0):
        return "needs root"
    try:
        Sandbox(isolation=mode).close()
    except IsolationUnavailableError as failure:
        return failure.lacking[mode]
    return None


def memory(grader: Autograder) -> Memory:
    """Start a notebook of an assignment and measure it and this process."""
    with (
        Sandbox(grader.assignment.preloads, trusted=True) as sandbox,
        sandbox.open({}, Limits()) as session,
    ):
        session.run_cell("\n".join(f"import {name}" for name in grader.assignment.imports))
        return Memory(held_by(Path("/proc/self")), sandbox.held())
