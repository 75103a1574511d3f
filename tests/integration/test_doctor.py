"""What the commands report about isolation and limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ottermark

from ottermark import doctor


def test_every_mode_is_reported_as_available_or_with_the_reason(tiny: Path) -> None:
    ran = ottermark("doctor", "-a", tiny / "autograder")
    checks = {check.mode: check for check in doctor.check_modes()}
    assert checks["none"].problem is None
    protected = any(checks[mode].problem is None for mode in ("userns", "uid"))
    assert ran.code == (0 if protected else 1)
    assert ("not protected" in ran.err) != protected
    for check in checks.values():
        assert check.mode in ran.out and (check.problem is None or check.problem[:20] in ran.out)


@pytest.mark.parametrize("limit", ["cell", "cell=", "cell=soon", "cell=-1", "time=5", "memory=1X"])
def test_a_malformed_limit_is_rejected(tiny: Path, limit: str) -> None:
    ran = ottermark("grade", tiny / "student", "-a", tiny / "autograder", "--limit", limit)
    assert ran.code == 2 and repr(limit) in ran.err and "NAME=NUMBER" in ran.err
