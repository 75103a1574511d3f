"""The limits of a notebook: time, memory, processes and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from ottermark.errors import UsageError

MiB = 2**20

_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


@dataclass(frozen=True)
class Limits:
    """The limits of one notebook.

    Attributes:
        cell: seconds of wall time for one cell.
        call: seconds of wall time for reading an answer or for one call of a function or model.
        run: seconds of wall time for the whole notebook, restarts included.
        cores: CPU seconds that a step, or the run, may use for each second of its wall time.
        memory: bytes that all processes of the notebook may use together, beyond those that
            its first process starts with.
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
        """Return these limits with changes applied.

        Args:
            changes: each of the form ``NAME=NUMBER``, such as ``cell=60`` or ``memory=1G``.

        Raises:
            UsageError: a name is unknown, or a number cannot be read or is not positive.
        """
        types = {field.name: field.type for field in fields(self)}
        values: dict[str, float | int] = {}
        for change in changes:
            name, _, text = change.partition("=")
            number = _parse_number(text)
            if name not in types or number is None or number <= 0:
                raise UsageError(
                    f"{change!r} is not a limit; write NAME=NUMBER, with a name of "
                    f"{', '.join(types)} and a number such as 60 or 512M."
                )
            values[name] = int(number) if types[name] == "int" else number
        return replace(self, **values)  # type: ignore[arg-type]


def _parse_number(text: str) -> float | None:
    unit = _UNITS.get(text[-1:].upper())
    try:
        return float(text) if unit is None else float(text[:-1]) * unit
    except ValueError:
        return None
