"""The filter of system calls, by its table and by what it does to a process."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ottermark.sandbox import linux, seccomp

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="system calls of Linux")


def libseccomp() -> ctypes.CDLL:
    try:
        return ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed")


def test_the_numbers_are_those_of_libseccomp() -> None:
    resolve = libseccomp().seccomp_syscall_resolve_name_arch
    resolve.argtypes = [ctypes.c_uint32, ctypes.c_char_p]
    unknown = -1
    compared = 0
    for name, numbers in (seccomp._FORBIDDEN | seccomp._MISSING).items():
        for architecture, number in zip(seccomp._AUDIT_ARCH.values(), numbers, strict=True):
            expected = resolve(architecture, name.encode())
            if expected == unknown:  # the library is older than the call
                continue
            compared += 1
            # other negative numbers stand for calls that an architecture does not have
            assert (None if expected < 0 else expected) == number, name
    assert compared > 100


def outcome_of(action: Callable[[], object]) -> str:
    """Return how an action ends in a child process behind the filter."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            linux.set_no_new_privileges()
            linux.install_seccomp(seccomp.make_filter())
            action()
            outcome = "done"
        except BaseException as error:
            outcome = type(error).__name__
        os.write(sender, outcome.encode())
        os._exit(0)
    os.close(sender)
    with os.fdopen(receiver) as pipe:
        outcome = pipe.read()
    os.waitpid(child, 0)
    return outcome


@pytest.mark.parametrize(
    "action",
    [
        lambda: socket.socket(),
        lambda: socket.socketpair(type=socket.SOCK_DGRAM),
        lambda: socket.socketpair(type=socket.SOCK_RAW),
        lambda: socket.socketpair(socket.AF_TIPC, socket.SOCK_SEQPACKET),
        lambda: os.memfd_create("hidden"),
        lambda: linux.unshare(linux.CLONE_NEWUSER),
        lambda: linux.mount("none", "/tmp", "tmpfs"),
    ],
    ids=["socket", "datagrams", "raw", "tipc", "memfd", "unshare", "mount"],
)
def test_a_forbidden_call_raises(action: Callable[[], object]) -> None:
    assert outcome_of(action) == "PermissionError"


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (lambda file: fcntl.flock(file, fcntl.LOCK_SH), errno.ENOSYS),
        (lambda file: fcntl.fcntl(file, fcntl.F_OFD_GETLK, bytes(32)), errno.EINVAL),
        (lambda file: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK), errno.EINVAL),
        (lambda file: os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT), errno.EOPNOTSUPP),
    ],
    ids=["flock", "F_OFD_GETLK", "F_SETLEASE", "preadv2"],
)
def test_a_call_that_is_missing_says_so(action: Callable[[int], object], code: int) -> None:
    def check() -> None:
        file = os.open(__file__, os.O_RDONLY)
        with pytest.raises(OSError) as raised:
            action(file)
        assert raised.value.errno == code
        assert os.preadv(file, [bytearray(1)], 0) == 1  # by the older call

    assert outcome_of(check) == "done"


def test_a_lock_that_succeeds_is_not_taken(tmp_path: Path) -> None:
    file = (tmp_path / "file").open("w")

    def lock_in_two_processes() -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if child := os.fork():
            assert os.waitpid(child, 0)[1] == 0
        else:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os._exit(0)

    assert outcome_of(lock_in_two_processes) == "done"


def fork_and_wait() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


@pytest.mark.parametrize(
    "action",
    [lambda: socket.socketpair(), fork_and_wait, lambda: list(Path("/").iterdir())],
    ids=["socketpair", "fork", "listing"],
)
def test_what_notebooks_need_is_allowed(action: Callable[[], object]) -> None:
    assert outcome_of(action) == "done"


def test_an_unknown_architecture_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    uname = os.uname_result(("Linux", "host", "6.1", "#1", "pdp11"))
    monkeypatch.setattr(os, "uname", lambda: uname)
    with pytest.raises(OSError, match="pdp11"):
        seccomp.make_filter()
