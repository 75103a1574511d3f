"""What the grader reads of processes whose owner chose their names and hid their files."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from ottermark.sandbox import processes
from ottermark.sandbox.processes import OpenFiles

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc of Linux")

PR_SET_NAME = 15
MiB = 2**20


@contextmanager
def child(prepare: Callable[[], object]) -> Iterator[psutil.Process]:
    """Fork a process that waits, once ``prepare`` has run in it."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(receiver)
        resource = prepare()
        os.write(sender, b"x")
        signal.pause()
        os._exit(bool(resource))
    os.close(sender)
    assert os.read(receiver, 1) == b"x"
    os.close(receiver)
    try:
        yield psutil.Process(pid)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def rename(name: bytes) -> None:
    ctypes.CDLL(None).prctl(PR_SET_NAME, name, 0, 0, 0)


@pytest.mark.parametrize("name", [b"Uid:\t7\t7\t7", b") Z 1 1 1", b"\xff\xfe", b"a\nUid:\t7"])
def test_a_process_cannot_pose_as_another_users_by_its_name(name: bytes) -> None:
    with child(lambda: rename(name)) as process:
        assert processes.real_user(process.pid) == os.getuid()
        assert process.pid in [p.pid for p in processes.processes_of_user(os.getuid())]
        assert not processes.has_ended(process)


def test_a_process_that_has_ended_is_recognised_before_it_is_waited_for() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    process = psutil.Process(pid)
    assert processes.has_ended(process)
    os.waitpid(pid, 0)
    assert processes.has_ended(process)
    assert processes.existing([pid]) == []
    assert processes.real_user(pid) == -1
    assert processes.cpu_seconds(process) == 0
    assert processes.reachable_memory(pid) == processes.proportional_memory(pid) == 0
    assert processes.open_files(process) == OpenFiles()


def test_memory_is_counted_by_its_kind() -> None:
    def allocate() -> bytearray:
        return bytearray(b"x") * (64 * MiB)

    with child(allocate) as process:
        for memory in (
            processes.reachable_memory,
            processes.proportional_memory,
            processes.private_memory,
        ):
            assert 64 * MiB <= memory(process.pid) < 1024 * MiB


def test_files_without_a_name_are_counted() -> None:
    def write() -> object:
        file = tempfile.TemporaryFile()  # noqa: SIM115
        file.write(b"x" * MiB)
        file.flush()
        os.fsync(file.fileno())
        return file

    with child(lambda: None) as without, child(write) as with_file:
        before, after = processes.open_files(without), processes.open_files(with_file)
    assert before is not None and after is not None
    assert after.count == before.count + 1
    assert after.unlinked_bytes - before.unlinked_bytes >= MiB
