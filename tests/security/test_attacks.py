"""The hostile corpus in every mode that this machine gives, through the public command."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence

import pytest
from conftest import PROJECT

from ottermark.audit.attacks import (
    HONEST,
    LIMITS,
    Attack,
    AttackHarness,
    AttackRun,
    attacks,
    honest,
)
from ottermark.sandbox import linux as kernel
from ottermark.sandbox.sandbox import LAYERS

pytestmark = pytest.mark.slow
CORPUS = PROJECT / "tests" / "security" / "attacks"
ATTACKS = attacks(CORPUS)
HONEST_POINTS = honest(CORPUS).earns
USER = 4_321
AS_OTHERS = (sys.executable, str(PROJECT / "tests" / "support" / "as_others.py"))
ROOT = sys.platform == "linux" and os.geteuid() == 0
# by its name: the mode, who runs the grader, and what the command is run by
MODES = {
    "userns": ("userns", ()),
    "uid": ("uid", (*AS_OTHERS, "0")),
    "none": ("none", ()),
}
# a mode's fight is fought once, by one of the processes that share the tests
BY_MODE = [pytest.param(mode, marks=pytest.mark.xdist_group(mode)) for mode in MODES]


def grader(prefix: Sequence[str], without: str = "") -> list[str]:
    """Return the command, run by ``prefix``, with layers of the wall left out."""
    script = PROJECT / "tests" / "support" / "grade_without.py"
    return [*prefix, sys.executable, str(script), without]


@pytest.fixture(scope="module", params=BY_MODE)
def fight(request: pytest.FixtureRequest) -> Iterator[AttackRun]:
    mode, prefix = MODES[request.param]
    if mode != "none" and sys.platform != "linux":
        pytest.skip("walls need Linux")
    if prefix and not ROOT:
        pytest.skip("only root can become other users")
    with AttackHarness(PROJECT, CORPUS) as ground:
        ground.add_honest()
        for attack in ATTACKS:
            if mode != "none" or not attack.needs_a_wall:
                ground.add(attack)
        yield ground.fight(mode, grader(prefix))


def test_the_grader_lives_and_the_honest_lose_nothing(fight: AttackRun) -> None:
    assert fight.code == 0, fight.said
    assert fight.body(HONEST)["score"] == HONEST_POINTS


def test_nothing_is_left_running(fight: AttackRun) -> None:
    assert not fight.left


def test_the_command_shows_no_canary(fight: AttackRun) -> None:
    assert fight.ground.canary not in fight.said
    out = fight.ground.out
    for path in (out / "grades.csv", out / "report.html", *(out / "feedback").iterdir()):
        assert fight.ground.canary not in path.read_text()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_an_attack_gets_nothing(fight: AttackRun, attack: Attack) -> None:
    if not (fight.ground.out / "results" / f"{attack.name}.json").exists():
        pytest.skip("needs a wall")
    assert not fight.won_by(attack)
    body = fight.body(attack.name)
    status = body["extra_data"]["status"]
    # on a busy machine anything may take too long
    assert status in attack.ends | {"timeout"}, body["extra_data"]["problems"]
    if status != "timeout":
        assert body["score"] == attack.earns


# what is lost when a layer is left out: the mode, the layer, the attack that then gets through,
# and other layers to leave out for it (which need the layer themselves)
ABLATION = [
    ("userns", "mounts", "read-the_tests", ""),
    ("userns", "pids", "outlive-double_fork", ""),
    ("userns", "network", "network-connections", ""),
    ("userns", "seccomp", "exhaust-memory_of_no_process", ""),
    ("userns", "descriptors", "forge-orders_to_the_zygote", ""),
    ("userns", "rlimits", "exhaust-threads", ""),
    ("userns", "watch", "exhaust-memory_of_many", ""),
    ("uid", "user", "escape-signal_the_keeper", ""),
    ("uid", "landlock", "read-what_everybody_may", ""),
    ("uid", "no_new_privs", "escape-setuid_program", "landlock,seccomp"),
    ("uid", "seccomp", "network-loopback", ""),
    ("uid", "descriptors", "forge-orders_to_the_zygote", ""),
    ("uid", "rlimits", "exhaust-threads", ""),
    ("uid", "watch", "exhaust-memory_of_many", ""),
    ("uid", "sweep", "outlive-double_fork", ""),
]


def test_every_layer_is_in_the_ablation() -> None:
    for mode in ("userns", "uid"):
        assert {layer for m, layer, *_ in ABLATION if m == mode} == set(LAYERS[mode])


@pytest.mark.parametrize(
    ("mode", "layer", "name", "others"), ABLATION, ids=[f"{m}-{layer}" for m, layer, *_ in ABLATION]
)
def test_no_layer_is_decoration(mode: str, layer: str, name: str, others: str) -> None:
    if not ROOT or (layer == "landlock" and not kernel.landlock_version()):
        pytest.skip("this machine does not give it")
    (attack,) = [a for a in ATTACKS if a.name == name]
    if others:  # without these alone it gets nothing; with all layers, see above
        assert not _winnings(mode, attack, others)
    assert _winnings(mode, attack, f"{others},{layer}".strip(","))


def _winnings(mode: str, attack: Attack, without: str) -> list[str]:
    """Return what an attack wins in a fight of its own, the death of the grader included."""
    patient = LIMITS | {"cell": "100", "call": "50", "run": "300"}  # no slow disk or memory helps
    with AttackHarness(PROJECT, CORPUS, bare=True, limits=patient) as ground:
        ground.add(attack)
        ground.add_honest()
        ground.close_to_others()  # without Landlock, the grader would else refuse to begin
        fight = ground.fight(mode, grader(MODES[mode][1], without))
        if fight.code != 0 or fight.body(HONEST)["score"] != HONEST_POINTS:
            return ["the honest student's points"]
        won = fight.won_by(attack)
        if fight.left:
            won.append("a process that is left")
            _end(fight.left)
        return won


def _end(processes: dict[int, str]) -> None:
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_the_walls_of_a_user_who_is_not_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not ROOT:
        pytest.skip("the other tests run as such a user")
    names = ("read-the_tests", "outlive-double_fork", "network-loopback", "exhaust-threads")
    with AttackHarness(PROJECT, CORPUS, bare=True) as ground:
        for attack in ATTACKS:
            if attack.name in names:
                ground.add(attack)
        ground.add_honest()
        ground.give_to(USER)
        fight = ground.fight("userns", grader((*AS_OTHERS, str(USER))))
        assert fight.code == 0, fight.said
        assert fight.body(HONEST)["score"] == HONEST_POINTS and not fight.left
        assert fight.body(HONEST)["extra_data"]["isolation"] == "userns"
        for attack in ATTACKS:
            if attack.name in names:
                assert not fight.won_by(attack)


def test_marks_are_the_same_twice() -> None:
    (draws,) = [a for a in ATTACKS if a.name == "exits-every_way_of_saying_so"]
    bodies = []
    for _ in range(2):
        with AttackHarness(PROJECT, CORPUS, bare=True) as ground:
            ground.add(draws)
            ground.add_honest()
            fight = ground.fight("none")
            bodies.append([fight.body(name) for name in (draws.name, HONEST)])
    for body in (*bodies[0], *bodies[1]):
        assert 0 < body.pop("execution_time") <= body["extra_data"].pop("seconds")
        body["extra_data"].pop("key")  # the canary in the tests differs
        body["tests"][0]["output"], told = re.subn(r"took \d+ sec", "", body["tests"][0]["output"])
        assert told == 1
    assert bodies[0] == bodies[1]
