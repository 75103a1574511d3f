"""Which isolation this machine offers, and how much memory a grading takes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from ottermark.gradescope.entry import memory_left
from ottermark.grading.autograder import Autograder
from ottermark.limits import Limits, MiB
from ottermark.sandbox.isolation import LAYERS, MODES
from ottermark.sandbox.linux import landlock_version
from ottermark.sandbox.processes import private_memory
from ottermark.sandbox.sandbox import IsolationUnavailableError, Sandbox

# Gradescope's container sizes: CPUs and GB of memory
TIERS = ((0.5, 0.75), (1, 1.5), (2, 3), (4, 6))
WORK = 256 * MiB  # memory that a notebook should have for its own data and training


@dataclass(frozen=True)
class ModeCheck:
    """One mode of isolation on this machine.

    Attributes:
        mode: one of ``MODES``.
        problem: why it is not available; None if it is.
    """

    mode: str
    problem: str | None

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that are available, as ``ottermark.sandbox.isolation`` names them."""
        missing = set() if landlock_version() else {"landlock"}
        return tuple(layer for layer in LAYERS[self.mode] if layer not in missing)


@dataclass(frozen=True)
class Memory:
    """The memory of a grading before the notebook does any work, in bytes; shared pages count once."""

    grader: int
    notebook: int

    @property
    def tier(self) -> tuple[float, float]:
        """The smallest of ``TIERS`` that leaves ``WORK``."""
        used = self.grader + self.notebook
        enough = (t for t in TIERS if memory_left(int(t[1] * 1024 * MiB), used) >= WORK)
        return next(enough, TIERS[-1])


def check_modes() -> list[ModeCheck]:
    """Set up every mode once and return which are available."""
    return [ModeCheck(mode, _find_problem(mode)) for mode in MODES]


def _find_problem(mode: str) -> str | None:
    if mode == "uid" and (sys.platform != "linux" or os.geteuid() != 0):
        return "needs root"
    try:
        Sandbox(isolation=mode).close()
    except IsolationUnavailableError as error:
        return error.reasons[mode]
    return None


def memory(grader: Autograder) -> Memory:
    """Start a notebook of an assignment, and measure its processes and this one."""
    with (
        Sandbox(grader.assignment.preloads, trusted=True) as sandbox,
        sandbox.open({}, Limits()) as session,
    ):
        session.run_cell("\n".join(f"import {name}" for name in grader.assignment.imports))
        return Memory(private_memory("self"), sandbox.private_memory())
