"""What the commands say of isolation and limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ottermark

from ottermark.doctor import find_isolation_modes


def test_doctor_names_what_is_available_and_why_the_rest_is_not(tiny: Path) -> None:
    run = ottermark("doctor", "-a", tiny / "autograder")
    modes = {mode.name: mode for mode in find_isolation_modes()}
    assert modes["none"].problem is None
    protected = any(modes[name].problem is None for name in ("userns", "uid"))
    assert run.code == (0 if protected else 1)
    assert ("not protected" in run.err) != protected
    for name, mode in modes.items():
        assert name in run.out and (mode.problem is None or mode.problem[:20] in run.out)


@pytest.mark.parametrize("limit", ["cell", "cell=", "cell=soon", "cell=-1", "time=5", "memory=1X"])
def test_a_limit_that_cannot_be_read_is_refused(tiny: Path, limit: str) -> None:
    run = ottermark("grade", tiny / "student", "-a", tiny / "autograder", "--limit", limit)
    assert run.code == 2 and repr(limit) in run.err and "NAME=NUMBER" in run.err
