"""What a student's code may use: time, memory, processes, files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from ottermark.errors import UsageError

MiB = 2**20
_UNITS = {"K": 2**10, "M": MiB, "G": 2**30}


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook.

    Attributes:
        cell: seconds of wall time for one cell.
        call: seconds of wall time for one request to the notebook's process: a value, a function
            call or a prediction.
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

    def with_changes(self, changes: Mapping[str, float]) -> Limits:
        """Return these limits with other amounts, by name; both as ``parse_limit`` returns them."""
        whole = {field.name for field in fields(self) if field.type == "int"}
        amounts = {name: int(n) if name in whole else n for name, n in changes.items()}
        return replace(self, **amounts)  # type: ignore[arg-type]


LIMIT_NAMES = tuple(field.name for field in fields(Limits))


def parse_limit(change: str) -> tuple[str, float]:
    """Return name and amount of a change such as ``cell=60`` or ``memory=1G``.

    Raises:
        UsageError: there is no limit of that name, or the amount is not a number above 0.
    """
    name, _, text = change.partition("=")
    try:
        if name not in LIMIT_NAMES:
            raise ValueError
        return name, parse_amount(text)
    except ValueError:
        raise UsageError(
            f"{change!r} is not a limit; write NAME=NUMBER, with a name of "
            f"{', '.join(LIMIT_NAMES)} and a number such as 60 or 512M."
        ) from None


def parse_amount(value: object) -> float:
    """Return the number that ``value`` is or says; K, M and G at its end stand for powers of 1024.

    Raises:
        ValueError: it is not a number above 0.
    """
    text = str(value)
    try:
        unit = _UNITS.get(text[-1:].upper(), 0)
        amount = float(text[:-1]) * unit if unit else float(text)
        if not 0 < amount < math.inf:
            raise ValueError
    except ValueError:
        raise ValueError("should be a number above 0 such as 60 or 512M") from None
    return amount
