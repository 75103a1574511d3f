"""The time and memory that a Gradescope container leaves to a notebook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ottermark.config import GradingConfig
from ottermark.limits import Limits, MiB

RUN_SECONDS = 540  # by default, Gradescope ends a container after ten minutes
GRACE_SECONDS = 40  # after the notebook's time is over, to end it and to write the result

# Gradescope's container sizes: CPUs and GB of memory
TIERS = ((0.5, 0.75), (1, 1.5), (2, 3), (4, 6))

_RESERVE = 144 * MiB  # for values on their way to the grader, and for libraries, which are files
_MIN_MEMORY = 128 * MiB


def run_limit(config: GradingConfig) -> float:
    """Return the seconds after the container's start at which a notebook's time is over."""
    return _limits(config).run


def memory_left(container: int, held: int) -> int:
    """Return the bytes that a container leaves to a notebook.

    Args:
        container: the bytes that it has.
        held: what the grader and the process with the notebook's imports hold.
    """
    return container - held - _RESERVE


def notebook_limits(config: GradingConfig, spent: float, held: int) -> Limits:
    """Return the limits of a notebook in this container.

    Args:
        spent: seconds since the container began.
        held: bytes that the grader and the process with the notebook's imports hold.
    """
    limits = _limits(config)
    memory, container = limits.memory, _container_memory()
    if container is not None:
        memory = max(_MIN_MEMORY, min(memory, memory_left(container, held)))
    return replace(limits, run=max(1.0, limits.run - spent), memory=memory)


def _limits(config: GradingConfig) -> Limits:
    return Limits(run=RUN_SECONDS).with_changes(config.limits)


def _container_memory() -> int | None:
    """Return the bytes of memory that this container may use, None if nothing says so."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            return int(Path(path).read_text())
        except (OSError, ValueError):  # "max" stands for no limit
            continue
    return None
