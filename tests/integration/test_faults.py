"""Faults of the machine: nothing is lost, nothing is doubled, and every result is valid.

``docs/faults.md`` has the table of what was tried and measured.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cgroups import Group
from faulty_runs import (
    PREFIXES,
    RIGHT,
    SCORES,
    DisturbedRun,
    check,
    sleepers,
    wait_until_gone,
    write_class,
    write_submission,
)

from ottermark.results.document import ResultDocument

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made as Linux has them")
ROOT = sys.platform == "linux" and os.geteuid() == 0
MiB = 2**20


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files that other users get to, as /tmp is."""
    with tempfile.TemporaryDirectory(prefix="ottermark-faults-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


# -------------------------------------------------------------------------- processes that are killed

TARGETS = {
    "worker": ("worker",),
    "keeper": ("keeper",),
    "zygote": ("zygote",),
    "grader": ("grader",),
    "grader_and_keeper": ("grader", "keeper"),
}
QUICK = (("userns", "zygote"), ("uid", "keeper"))


@pytest.mark.parametrize(
    ("mode", "target"),
    [
        pytest.param(mode, target, marks=[pytest.mark.ci] * ((mode, target) not in QUICK))
        for mode in PREFIXES
        for target in TARGETS
    ],
)
def test_a_process_is_killed_while_a_notebook_runs(
    tiny: Path, tmp_path: Path, scratch: Path, mode: str, target: str
) -> None:
    if mode == "uid" and not ROOT:
        pytest.skip("only root can become other users")
    seconds = f"600.{os.getpid()}"  # that no other test's processes sleep
    starts = f"import subprocess, time\nsubprocess.Popen(['sleep', '{seconds}'])\ntime.sleep(1.5)\n"
    victim = RIGHT | {"q1": starts + RIGHT["q1"]}
    submissions = write_class(tmp_path / "class", tiny, {"victim": victim})
    run = DisturbedRun(submissions, tmp_path / "out", tiny, mode, scratch)
    grader = run.start()
    run.wait_for(lambda: bool(sleepers(seconds)))
    worker, keeper, zygote, *_ = sleepers(seconds)[0].parents()
    assert zygote.parent() == grader
    processes = {"worker": worker, "keeper": keeper, "zygote": zygote, "grader": grader}
    for name in TARGETS[target]:
        processes[name].kill()
    code, err = run.finish()
    wait_until_gone(seconds)
    if "grader" in TARGETS[target]:
        assert code == -signal.SIGKILL
        code, err = run.run()
        wait_until_gone(seconds)
    assert code == 0, err
    # nobody can tell whether a notebook was killed or has killed itself: its cell is lost
    check(run.out, SCORES | {"victim": 4.0 if target == "worker" else 6.0})
    assert "has no points now" not in err
    deadline = time.monotonic() + 30
    while list(scratch.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(scratch.iterdir())
