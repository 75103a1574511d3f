"""The part of a notebook's limits that the kernel enforces for each process by itself."""

from __future__ import annotations

import resource
import sys

from ottermark.limits import Limits, MiB

# address space that a process may reserve without using it, as threads and malloc do
RESERVED_ADDRESS_SPACE = 2048 * MiB


def apply_rlimits(limits: Limits) -> None:
    """Set the resource limits of this process, which its children inherit.

    Raises:
        OSError: a limit cannot be set.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, int(limits.run * limits.cores) + 1)
    _lower(resource.RLIMIT_FSIZE, limits.file)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    if sys.platform == "linux":  # macOS counts all processes of the user, and cannot limit AS
        _lower(resource.RLIMIT_NPROC, limits.processes)
        address_space = _own_address_space() + limits.memory + RESERVED_ADDRESS_SPACE
        _lower(resource.RLIMIT_AS, address_space)


def _lower(limit: int, amount: int) -> None:
    _, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    resource.setrlimit(limit, (amount, amount))


def _own_address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
