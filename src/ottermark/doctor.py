"""Which isolation this machine gives, and how much memory grading takes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from ottermark.gradescope.container_limits import TIERS, memory_left
from ottermark.grading.autograder import Autograder
from ottermark.limits import Limits, MiB
from ottermark.sandbox.isolation import LAYERS, MODES
from ottermark.sandbox.linux import landlock_version
from ottermark.sandbox.processes import private_memory
from ottermark.sandbox.sandbox import IsolationUnavailableError, Sandbox

WORK = 256 * MiB  # memory that a notebook should have for its own data and training


@dataclass(frozen=True)
class IsolationMode:
    """One mode of isolation on this machine.

    Attributes:
        problem: why it is not available; None if it is.
    """

    name: str
    problem: str | None

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that it has here, as ``ottermark.sandbox.isolation`` names them."""
        missing = set() if landlock_version() else {"landlock"}
        return tuple(layer for layer in LAYERS[self.name] if layer not in missing)


@dataclass(frozen=True)
class Memory:
    """Memory before a notebook does its own work, in bytes; shared pages are counted once."""

    grader: int
    notebook: int

    @property
    def tier(self) -> tuple[float, float]:
        """The smallest of Gradescope's container sizes that leaves ``WORK``: CPUs and GB."""
        held = self.grader + self.notebook
        enough = (t for t in TIERS if memory_left(int(t[1] * 1024 * MiB), held) >= WORK)
        return next(enough, TIERS[-1])


def find_isolation_modes() -> list[IsolationMode]:
    """Set up every mode once, and tell which are available; the best comes first."""
    return [IsolationMode(mode, _problem(mode)) for mode in MODES]


def best_isolation() -> str:
    """Return the first mode that is available here."""
    return next(mode for mode in MODES if _problem(mode) is None)


def measure_memory(autograder: Autograder) -> Memory:
    """Start a notebook of an assignment and measure it and this process."""
    with (
        Sandbox(autograder.assignment.preloads, trusted=True) as sandbox,
        sandbox.open({}, Limits()) as session,
    ):
        session.run_cell("\n".join(f"import {name}" for name in autograder.assignment.imports))
        return Memory(private_memory("self"), sandbox.private_memory())


def _problem(mode: str) -> str | None:
    if mode == "uid" and (sys.platform != "linux" or os.geteuid() != 0):
        return "needs root"
    try:
        Sandbox(isolation=mode).close()
    except IsolationUnavailableError as error:
        return error.reasons[mode]
    return None
