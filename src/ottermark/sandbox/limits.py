"""What a student's code may use: time, memory, processes, files."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from ottermark.errors import UsageError

MiB = 2**20
ADDRESSES = 2048 * MiB  # that a process may reserve and never use, as threads and malloc do


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook.

    Attributes:
        cell: seconds of wall time for one cell.
        call: seconds of wall time for one call across (a claim, a function, a prediction).
        run: seconds of wall time for the whole notebook, restarts included.
        cores: CPU time that a step, and the run, may use for each second of its wall time.
        memory: bytes, beyond what the process starts with, of all its processes together.
        processes: processes and threads at one time.
        open_files: open files of one process.
        file: bytes of one file.
        disk: bytes of all files in the notebook's folder.
        files: files and folders in it.
    """

    cell: float = 240
    call: float = 30
    run: float = 900
    cores: float = 2
    memory: int = 2048 * MiB
    processes: int = 96
    open_files: int = 256
    file: int = 256 * MiB
    disk: int = 512 * MiB
    files: int = 10_000

    def with_changes(self, changes: Iterable[str]) -> Limits:
        """Return these limits with ``changes`` such as ``cell=60`` or ``memory=1G``.

        Raises:
            UsageError: a name or a number that is none.
        """
        known = {field.name: field.type for field in fields(self)}
        new: dict[str, float | int] = {}
        for change in changes:
            name, _, text = change.partition("=")
            number = _number(text)
            if name not in known or number is None or number <= 0:
                raise UsageError(
                    f"{change!r} is not a limit; write NAME=NUMBER, with a name of "
                    f"{', '.join(known)} and a number such as 60 or 512M."
                )
            new[name] = int(number) if known[name] == "int" else number
        return replace(self, **new)  # type: ignore[arg-type]


def _number(text: str) -> float | None:
    unit = {"K": 2**10, "M": 2**20, "G": 2**30}.get(text[-1:].upper(), 0)
    try:
        return float(text[:-1]) * unit if unit else float(text)
    except ValueError:
        return None


def limit_this_process(limits: Limits) -> None:
    """Set what the kernel itself can hold of ``limits``, for this process and its children."""

    def limit(what: int, amount: int) -> None:
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            amount = min(amount, hard)
        resource.setrlimit(what, (amount, amount))

    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_CPU, int(limits.run * limits.cores) + 1)
    limit(resource.RLIMIT_FSIZE, limits.file)
    limit(resource.RLIMIT_NOFILE, limits.open_files)
    if sys.platform == "linux":  # elsewhere the two below count what they should not
        limit(resource.RLIMIT_NPROC, limits.processes)
        limit(resource.RLIMIT_AS, _address_space() + limits.memory + ADDRESSES)


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
