"""How the grader and a keeper talk to each other."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from ottermark.limits import Limits
from ottermark.sandbox import keeper
from ottermark.sandbox.control import ControlSocket
from ottermark.sandbox.isolation import NoIsolation
from ottermark.sandbox.keeper_client import KeeperClient, WorkerEnd


@pytest.fixture
def ends() -> tuple[KeeperClient, ControlSocket]:
    ours, theirs = socket.socketpair()
    return KeeperClient(ours), ControlSocket(theirs)


def test_messages_that_arrive_together_or_in_pieces_are_read_one_by_one() -> None:
    ours, theirs = socket.socketpair()
    control = ControlSocket(ours)
    theirs.sendall(b'{"a": 1}\n{"b": 2}\n{"c"')
    assert control.receive(1) == {"a": 1}
    assert control.receive(1) == {"b": 2}
    assert control.receive(0.05) is None
    theirs.sendall(b": 3}\n")
    assert control.receive(1) == {"c": 3}
    theirs.close()
    assert control.receive(1) is None


def test_what_is_ready_is_read_at_once() -> None:
    ours, theirs = socket.socketpair()
    control = ControlSocket(ours)
    theirs.sendall(b'{"a": 1}\n{"b": 2}\n{"c"')
    assert control.receive_ready() == [{"a": 1}, {"b": 2}]
    theirs.sendall(b": 3}\n")
    assert control.receive_ready() == [{"c": 3}]
    theirs.close()
    assert control.receive_ready() is None


def test_the_start_is_reported(ends: tuple[KeeperClient, ControlSocket]) -> None:
    client, keeper = ends
    keeper.send({"started": {"home": True}})
    assert client.wait_until_started() == {"started": {"home": True}}
    keeper.close()
    assert client.wait_until_started() == {"failed": "its keeper ended"}


def test_orders_reach_the_keeper(ends: tuple[KeeperClient, ControlSocket]) -> None:
    client, keeper = ends
    client.start_step(4)
    keeper.send({"interrupted": True})
    client.interrupt()
    assert keeper.receive_ready() == [{"order": "step", "seconds": 4}, {"order": "interrupt"}]


def test_an_end_is_remembered_whenever_it_is_reported(
    ends: tuple[KeeperClient, ControlSocket],
) -> None:
    client, keeper = ends
    assert client.wait_for_end(0.05) is None
    keeper.send({"ended": -9, "limit": "memory"})  # instead of an answer to the interrupt
    client.interrupt()
    keeper.close()
    client.start_step(1)  # is lost without an error
    assert client.wait_for_end(1) == client.end() == WorkerEnd(-9, "memory")


def test_a_keeper_that_says_nothing_ends_unknown(
    ends: tuple[KeeperClient, ControlSocket],
) -> None:
    client, keeper = ends
    keeper.close()
    start = time.monotonic()
    assert client.end() == WorkerEnd()
    assert time.monotonic() < start + 5


class Hanging(NoIsolation):
    """Isolation whose clean-up does not end."""

    def clean_up(self) -> None:
        while True:
            time.sleep(60)


def test_a_keeper_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "END_SECONDS", 1)
    ours, theirs = socket.socketpair()
    channel = os.open(os.devnull, os.O_RDWR)
    child = os.fork()
    if child == 0:
        control = ControlSocket(theirs)
        keeper.Keeper(control, Hanging(tmp_path, Limits()), channel, lambda: None).run()
        os._exit(0)
    theirs.close()
    client = KeeperClient(ours)
    assert "started" in client.wait_until_started()
    client.end()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGALRM
