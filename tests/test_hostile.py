"""The hostile corpus in every mode that this machine gives, through the public command."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import HONEST, HONEST_POINTS, PROJECT, Attack, Fight, Ground, attacks

pytestmark = pytest.mark.slow
AS_OTHERS = (sys.executable, str(PROJECT / "tests" / "as_others.py"))
ROOT = sys.platform == "linux" and os.geteuid() == 0
# by its name: the mode, who runs the grader, and what the command is run by
MODES = {
    "userns": ("userns", ()),
    "uid": ("uid", (*AS_OTHERS, "0")),
    "none": ("none", ()),
}


@pytest.fixture(scope="module", params=MODES)
def fight(request: pytest.FixtureRequest) -> Iterator[Fight]:
    mode, prefix = MODES[request.param]
    if mode != "none" and sys.platform != "linux":
        pytest.skip("walls need Linux")
    if prefix and not ROOT:
        pytest.skip("only root can become other users")
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        ground = Ground(Path(folder))
        ground.add_honest()
        for attack in attacks():
            if mode != "none" or not attack.needs_a_wall:
                ground.add(attack)
        yield ground.fight(mode, prefix=prefix)
        ground.close()


def test_the_grader_lives_and_the_honest_lose_nothing(fight: Fight) -> None:
    assert fight.code == 0, fight.said
    assert fight.body(HONEST)["score"] == HONEST_POINTS


def test_nothing_is_left_running(fight: Fight) -> None:
    assert not fight.left


def test_the_command_shows_no_canary(fight: Fight) -> None:
    assert fight.ground.canary not in fight.said
    for name in ("grades.csv", "report.html"):
        assert fight.ground.canary not in (fight.ground.out / name).read_text()


@pytest.mark.parametrize("attack", attacks(), ids=lambda a: a.name)
def test_an_attack_gets_nothing(fight: Fight, attack: Attack) -> None:
    if not (fight.ground.out / "results" / f"{attack.name}.json").exists():
        pytest.skip("needs a wall")
    assert not fight.won_by(attack)
    body = fight.body(attack.name)
    assert body["extra_data"]["status"] in attack.ends
    assert body["score"] == attack.earns
