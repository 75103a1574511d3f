"""What the kernel's Landlock forbids, by the version that it offers."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable

import pytest

from ottermark.sandbox import linux

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")

RNDGETENTCNT = 0x8004_5200
ABSTRACT = f"\0ottermark-test-{os.getpid()}"


def outcome_behind_landlock(action: Callable[[], object]) -> int:
    """Return the number of the error that an action ends with in a child, 0 for none."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            ruleset = linux.landlock_ruleset()
            read = linux.LANDLOCK_READ_FILE | linux.LANDLOCK_READ_DIR
            linux.landlock_allow(ruleset, "/", read)
            linux.set_no_new_privileges()
            linux.landlock_enter(ruleset)
            action()
            code = 0
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def command_to_a_device() -> None:
    fcntl.ioctl(os.open("/dev/urandom", os.O_RDONLY), RNDGETENTCNT, bytes(4))


def signal_to_a_child() -> None:
    child = os.fork()
    if child == 0:
        signal.pause()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@pytest.mark.parametrize(
    ("since", "action", "code"),
    [
        (1, lambda: os.open("/dev/null", os.O_WRONLY), errno.EACCES),
        (4, lambda: socket.create_server(("127.0.0.1", 0)), errno.EACCES),
        (4, lambda: socket.create_connection(("127.0.0.1", 9)), errno.EACCES),
        (5, command_to_a_device, errno.EACCES),
        (6, lambda: os.kill(os.getppid(), 0), errno.EPERM),
        (6, lambda: socket.socket(socket.AF_UNIX).connect(ABSTRACT), errno.EPERM),
    ],
    ids=["writing", "bind", "connect", "device", "signal", "abstract socket"],
)
def test_what_is_outside_is_closed(since: int, action: Callable[[], object], code: int) -> None:
    if linux.landlock_version() < since:
        pytest.skip(f"this kernel offers Landlock {linux.landlock_version()}")
    with socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(ABSTRACT)
        abstract.listen()
        assert outcome_behind_landlock(action) == code


@pytest.mark.parametrize(
    "action",
    [lambda: os.open(os.__file__, os.O_RDONLY), signal_to_a_child, lambda: os.kill(os.getpid(), 0)],
    ids=["reading", "child", "itself"],
)
def test_what_is_inside_stays_open(action: Callable[[], object]) -> None:
    if not linux.landlock_version():
        pytest.skip("this kernel has no Landlock")
    assert outcome_behind_landlock(action) == 0


@pytest.mark.parametrize(
    ("version", "expected"),
    [(0, (0, 0, 0)), (1, (0x1FFF, 0, 0)), (4, (0x7FFF, 3, 0)), (9, (0xFFFF, 3, 3))],
)
def test_no_more_is_asked_of_a_kernel_than_it_knows(
    version: int, expected: tuple[int, int, int]
) -> None:
    tables = linux._LANDLOCK_FILES, linux._LANDLOCK_TCP, linux._LANDLOCK_OUTSIDE
    assert tuple(linux._newest(table, version) for table in tables) == expected
