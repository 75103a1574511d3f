"""The attacks in each mode of isolation and without, through the public command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT

from ottermark.audit.attacks import (
    HONEST,
    LIMITS,
    Attack,
    AttackHarness,
    AttackRun,
    read_attacks,
    read_honest,
)
from ottermark.sandbox import linux
from ottermark.sandbox.isolation import LAYERS

pytestmark = pytest.mark.slow
CORPUS = PROJECT / "tests" / "security" / "attacks"
ATTACKS = read_attacks(CORPUS)
HONEST_POINTS = read_honest(CORPUS).earns
USER = 4_321
AS_OTHERS = (sys.executable, str(PROJECT / "tests" / "support" / "run_as_user.py"))
ROOT = sys.platform == "linux" and os.geteuid() == 0
# what the command is prefixed with, by mode
PREFIXES = {"userns": (), "uid": (*AS_OTHERS, "0"), "none": ()}


def one_of_each_kind(attacks: Sequence[Attack]) -> tuple[Attack, ...]:
    return tuple({attack.path.parent: attack for attack in reversed(attacks)}.values())


# the attacks of a run are graded once, by one of the processes that share the tests
UNISOLATED = tuple(attack for attack in ATTACKS if not attack.needs_isolation)
ISOLATED = tuple(a for a in ATTACKS if a.needs_isolation or a in one_of_each_kind(UNISOLATED))
RUNS = {
    "sample": ("userns", one_of_each_kind(ATTACKS), []),
    "uid": ("uid", ATTACKS, [pytest.mark.ci]),  # as on Gradescope
    "userns": ("userns", ISOLATED, [pytest.mark.ci]),
    "none": ("none", one_of_each_kind(UNISOLATED), [pytest.mark.ci]),
    "all-userns": ("userns", ATTACKS, [pytest.mark.sweep]),
    "all-none": ("none", UNISOLATED, [pytest.mark.sweep]),
}
MARKS = {name: [pytest.mark.xdist_group(name), *marks] for name, (_, _, marks) in RUNS.items()}


def command(prefix: Sequence[str], disabled_layers: str = "") -> list[str]:
    """Return the command, run by ``prefix``, with layers of the isolation disabled."""
    script = PROJECT / "tests" / "support" / "grade_without.py"
    return [*prefix, sys.executable, str(script), disabled_layers]


@pytest.fixture(scope="module", params=[pytest.param(n, marks=m) for n, m in MARKS.items()])
def run(request: pytest.FixtureRequest) -> Iterator[AttackRun]:
    mode, attacks, _ = RUNS[request.param]
    if mode != "none" and sys.platform != "linux":
        pytest.skip("isolation needs Linux")
    if PREFIXES[mode] and not ROOT:
        pytest.skip("only root can become other users")
    with AttackHarness(PROJECT, CORPUS) as harness:
        harness.add_honest()
        for attack in attacks:
            harness.add(attack)
        yield harness.grade(mode, command(PREFIXES[mode]))


def test_the_grader_survives_and_the_honest_student_loses_nothing(run: AttackRun) -> None:
    assert run.exit_code == 0, run.printed
    assert run.result(HONEST)["score"] == HONEST_POINTS


def test_nothing_is_left_running(run: AttackRun) -> None:
    assert not run.left_running


def test_the_command_shows_no_canary(run: AttackRun) -> None:
    assert run.harness.canary not in run.printed
    out = run.harness.out
    feedback = {path.stem: path for path in (out / "feedback").iterdir()}
    assert run.harness.canary in feedback.pop(HONEST).read_text()  # it is theirs
    for path in (out / "grades.csv", out / "report.html", *feedback.values()):
        page = path.read_text().replace(run.harness.socket_name, "")  # which the attacks know
        assert run.harness.canary not in page, path


@pytest.mark.parametrize(
    ("run", "attack"),
    [
        pytest.param(name, attack, marks=MARKS[name], id=f"{name}-{attack.name}")
        for name, (_, attacks, _) in RUNS.items()
        for attack in attacks
    ],
    indirect=["run"],
)
def test_an_attack_is_stopped(run: AttackRun, attack: Attack) -> None:
    assert not run.breaches(attack)
    if not run.why_not_reached(attack):
        ends_as_it_should(run, attack)
        return
    # on a busy machine the time was too short for it, perhaps: once more, alone and with more of it
    with graded_alone(run.isolation, attack) as again:
        assert not again.breaches(attack)
        assert not again.why_not_reached(attack)
        ends_as_it_should(again, attack)


def ends_as_it_should(run: AttackRun, attack: Attack) -> None:
    body = run.result(attack.name)
    status = body["extra_data"]["status"]
    # on a busy machine anything may take too long
    assert status in attack.ends | {"timeout"}, body["extra_data"]["problems"]
    if status != "timeout":
        assert body["score"] == attack.earns


def test_every_attack_that_runs_says_what_its_notebook_must_show() -> None:
    assert not [a.name for a in ATTACKS if "reached" not in a.head and a.ends != {"rejected"}]


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ({"output_type": "stream", "text": "so tried it was"}, ""),
        ({"output_type": "stream", "text": "nothing"}, "does not show 'tried'"),
        ({"output_type": "error", "ename": "ImportError", "evalue": "tried"}, "not there: tried"),
    ],
)
def test_an_attack_that_was_not_reached_is_told_apart(
    tmp_path: Path, output: dict[str, Any], reason: str
) -> None:
    attack = Attack(tmp_path / "read" / "all.py", {"reached": "tried", "ends": "graded"})
    with AttackHarness(PROJECT, CORPUS, folder=tmp_path) as harness:
        for name, body in (
            ("results/read-all.json", {"extra_data": {"status": "graded"}}),
            ("executed/read-all.ipynb", {"cells": [{"outputs": [output]}]}),
        ):
            (harness.out / name).parent.mkdir(parents=True, exist_ok=True)
            (harness.out / name).write_text(json.dumps(body))
        why = AttackRun(harness, "none", 0, "", {}).why_not_reached(attack)
    assert why.endswith(reason) and bool(why) == bool(reason)


# what is lost when a layer is disabled: the mode, the layer, the attack that then succeeds, and
# other layers to disable for it (which make up for the layer)
ABLATION = [
    ("userns", "mounts", "read-the_tests", ""),
    ("userns", "pids", "outlive-double_fork", ""),
    ("userns", "network", "network-connections", ""),
    ("userns", "seccomp", "exhaust-memory_of_no_process", ""),
    ("userns", "descriptors", "forge-orders_to_the_zygote", ""),
    ("userns", "rlimits", "exhaust-threads", ""),
    ("userns", "watch", "exhaust-memory_of_many", ""),
    ("uid", "user", "escape-signal_the_keeper", "landlock"),
    ("uid", "landlock", "read-what_everybody_may", ""),
    ("uid", "landlock", "network-loopback", "seccomp"),
    ("uid", "landlock", "network-abstract_socket", "seccomp"),
    ("uid", "landlock", "escape-signal_the_keeper", "user"),
    ("uid", "no_new_privs", "escape-setuid_program", "landlock,seccomp"),
    ("uid", "seccomp", "leak-locks_on_shared_files", ""),
    ("uid", "descriptors", "forge-orders_to_the_zygote", ""),
    ("uid", "rlimits", "exhaust-threads", ""),
    ("uid", "watch", "exhaust-memory_of_many", ""),
    ("uid", "sweep", "outlive-double_fork", ""),
]


# the version of Landlock that an attack is stopped by
LANDLOCK = {"network-loopback": 4, "network-abstract_socket": 6, "escape-signal_the_keeper": 6}
QUICK = (("userns", "mounts"), ("userns", "network"))  # of them, in `make test`


def test_every_layer_is_in_the_ablation() -> None:
    for mode in ("userns", "uid"):
        assert {layer for m, layer, *_ in ABLATION if m == mode} == set(LAYERS[mode])


@pytest.mark.parametrize(
    ("mode", "layer", "name", "others"),
    [
        pytest.param(*row, marks=[pytest.mark.ci] * (row[:2] not in QUICK), id="-".join(row[:3]))
        for row in ABLATION
    ],
)
def test_an_attack_succeeds_without_its_layer(
    mode: str, layer: str, name: str, others: str
) -> None:
    if not ROOT or (layer == "landlock" and linux.landlock_version() < LANDLOCK.get(name, 1)):
        pytest.skip("this machine does not offer it")
    (attack,) = [a for a in ATTACKS if a.name == name]
    if others:  # they alone do not stop it either; with all layers, see above
        assert not _breaches(mode, attack, others)
    assert _breaches(mode, attack, f"{others},{layer}".strip(","))


@contextlib.contextmanager
def graded_alone(mode: str, attack: Attack, disabled_layers: str = "") -> Iterator[AttackRun]:
    """Grade one attack beside the honest student, with time enough on a slow disk or a busy machine."""
    limits = LIMITS | {"cell": "100", "call": "50", "run": "300"}
    with AttackHarness(PROJECT, CORPUS, bare=True, limits=limits) as harness:
        harness.add(attack)
        harness.add_honest()
        harness.make_private()  # without Landlock, the grader would refuse to begin otherwise
        yield harness.grade(mode, command(PREFIXES[mode], disabled_layers))


def _breaches(mode: str, attack: Attack, disabled_layers: str) -> list[str]:
    """Return the breaches of one attack that is graded alone, the grader's death included."""
    with graded_alone(mode, attack, disabled_layers) as run:
        if run.exit_code != 0 or run.result(HONEST)["score"] != HONEST_POINTS:
            return ["the honest student's points"]
        breaches = run.breaches(attack)
        if run.left_running:
            breaches.append("a process that is left running")
            _end(run.left_running)
        return breaches


def _end(processes: dict[int, str]) -> None:
    for pid in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_a_user_who_is_not_root_has_isolation_too() -> None:
    if not ROOT:
        pytest.skip("the other tests run as such a user")
    names = ("read-the_tests", "outlive-double_fork", "network-loopback", "exhaust-threads")
    chosen = [attack for attack in ATTACKS if attack.name in names]
    with AttackHarness(PROJECT, CORPUS, bare=True) as harness:
        for attack in chosen:
            harness.add(attack)
        harness.add_honest()
        harness.give_to(USER)
        run = harness.grade("userns", command((*AS_OTHERS, str(USER))))
        assert run.exit_code == 0, run.printed
        assert run.result(HONEST)["score"] == HONEST_POINTS and not run.left_running
        assert run.result(HONEST)["extra_data"]["isolation"] == "userns"
        for attack in chosen:
            assert not run.breaches(attack)


def without_times(body: dict[str, Any]) -> Any:
    """Return a result without its times, and without the key and code, in which the canary is."""
    assert 0 < body.pop("execution_time") <= body["extra_data"].pop("seconds")
    body["extra_data"].pop("key")
    body["extra_data"].pop("code")
    text, count = re.subn(r"took \d+ sec", "", json.dumps(body))
    assert count == 2  # in what is shown and in the facts behind it
    return json.loads(text)


@pytest.mark.ci
def test_results_are_the_same_twice() -> None:
    (draws,) = [a for a in ATTACKS if a.name == "exits-every_way_of_saying_so"]
    bodies = []
    for _ in range(2):
        with AttackHarness(PROJECT, CORPUS, bare=True) as harness:
            harness.add(draws)
            harness.add_honest()
            run = harness.grade("none")
            bodies.append([without_times(run.result(name)) for name in (draws.name, HONEST)])
    assert bodies[0] == bodies[1]
