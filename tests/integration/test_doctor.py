"""What the commands say of walls and limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ottermark

from ottermark import doctor


def test_it_names_what_stands_and_what_is_in_the_way(tiny: Path) -> None:
    ran = ottermark("doctor", "-a", tiny / "autograder")
    walls = {wall.mode: wall for wall in doctor.walls()}
    assert walls["none"].problem is None
    protected = any(walls[mode].problem is None for mode in ("userns", "uid"))
    assert ran.code == (0 if protected else 1)
    assert ("unprotected" in ran.err) != protected
    for wall in walls.values():
        assert wall.mode in ran.out and (wall.problem is None or wall.problem[:20] in ran.out)


@pytest.mark.parametrize("limit", ["cell", "cell=", "cell=soon", "cell=-1", "time=5", "memory=1X"])
def test_a_limit_that_is_none_is_refused(tiny: Path, limit: str) -> None:
    ran = ottermark("grade", tiny / "student", "-a", tiny / "autograder", "--limit", limit)
    assert ran.code == 2 and repr(limit) in ran.err and "NAME=NUMBER" in ran.err
