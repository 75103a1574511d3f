"""The code that the kernel has run, with times, which its own history does not have."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass
from typing import Any

from IPython.core.getipython import get_ipython


@dataclass(frozen=True)
class KernelRun:
    """A cell that was run.

    Attributes:
        source: its code, as it stands in the notebook.
        time: when it was run, in seconds since 1970; for a cell that was run before recording
            began, when that was.
        cell: the id that the front end gave for it; empty if it gave none.
    """

    source: str
    time: float
    cell: str = ""


@functools.cache
def record_runs() -> list[KernelRun]:
    """Return the list of all runs in this kernel, to which later ones are added.

    However often it is called, there is one list.
    """
    shell = get_ipython()
    if shell is None:
        return []
    now = time.time()
    runs = [KernelRun(source, now) for source in shell.history_manager.input_hist_raw[1:]]

    def record(info: Any) -> None:
        if info.store_history and not info.silent:
            runs.append(KernelRun(info.raw_cell, time.time(), info.cell_id or ""))

    shell.events.register("pre_run_cell", record)
    return runs
