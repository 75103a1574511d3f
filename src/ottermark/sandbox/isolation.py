"""The boundary around the worker, in three modes.

``userns``: namespaces of its own. The worker sees a root file system that is made for it (Python,
the system's libraries, its folder), its own processes and no network. For users of Linux, and for
root where the kernel allows it.

``uid``: for root in a container without namespaces, as on Gradescope. The worker becomes a user
that owns nothing, and Landlock, where the kernel has it, hides the files that everybody may read.

``none``: no boundary, for systems that have neither.

In the first two, no_new_privs and a filter of system calls are added. Each layer can be disabled
by its name; only the tests do that, to show that it is needed.
"""

from __future__ import annotations

import abc
import contextlib
import os
import pwd
import secrets
import signal
import socket
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import psutil

from ottermark.errors import OttermarkError
from ottermark.limits import Limits
from ottermark.sandbox import linux, seccomp
from ottermark.sandbox.processes import (
    has_ended,
    processes_of_user,
    real_user,
    wait_for,
    wait_for_ended_children,
)
from ottermark.sandbox.rlimits import apply_rlimits
from ottermark.sandbox.shared_files import SharedFiles

MODES = ("userns", "uid", "none")
LAYERS = {
    "userns": ("mounts", "pids", "network", "seccomp", "descriptors", "rlimits", "watch"),
    "uid": (
        "user",
        "landlock",
        "no_new_privs",
        "seccomp",
        "descriptors",
        "rlimits",
        "watch",
        "sweep",
    ),
    "none": ("descriptors", "rlimits", "watch", "sweep"),
}
SWEEP_SECONDS = 10
KILL_SECONDS = 5
_USERS = range(45_000, 52_500)  # above people's accounts, below what systems reserve
_KILLERS = 7_500  # above each of them, the user of the process that kills it


class IsolationSetupError(OttermarkError):
    """A layer of the isolation cannot be set up here; the message names it and the cause."""


@contextlib.contextmanager
def setting_up(layer: str) -> Iterator[None]:
    """Raise an ``OSError`` from the body as ``IsolationSetupError``."""
    try:
        yield
    except OSError as error:
        raise IsolationSetupError(f"{layer}: {error}") from None


class Isolation(abc.ABC):
    """The boundary around one worker and all processes that it starts.

    ``prepare`` runs in the keeper before it forks the worker, ``enter`` in the worker, and ``kill``
    and ``clean_up`` in the keeper at the end.

    Args:
        folder: the notebook's folder on the machine.
        limits: what the notebook may use.
        disabled_layers: layers that are left out.
        files: the author's files, which the notebook finds in its folder; None for none.

    Attributes:
        mode: one of ``MODES``.
        limits_disk: whether the notebook's folder is a file system with limits of its own.
        adopts_orphans: whether the keeper becomes the parent of processes whose own parent ends.
        uid: the user that the worker becomes; None if it stays who it is.
    """

    mode: ClassVar[str]
    limits_disk: ClassVar[bool] = False
    adopts_orphans: ClassVar[bool] = sys.platform == "linux"

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        disabled_layers: Collection[str] = (),
        files: SharedFiles | None = None,
    ) -> None:
        self.folder, self.limits, self.files = folder, limits, files
        self.disabled_layers = frozenset(disabled_layers)
        self.uid: int | None = None

    def has(self, layer: str) -> bool:
        """Return whether a layer belongs to the mode and is not disabled."""
        return layer in LAYERS[self.mode] and layer not in self.disabled_layers

    @property
    def home(self) -> str:
        """The notebook's folder as the worker sees it."""
        return str(self.folder)

    @property
    def folder_limits(self) -> tuple[int, int]:
        """How many files its folder may hold and how many bytes, those copied for it included."""
        files, size = (self.files.entries, self.files.size) if self.files else (0, 0)
        return self.limits.files + files, self.limits.disk + size

    # ------------------------------------------------------------------ in the keeper

    @abc.abstractmethod
    def prepare(self) -> None:
        """Set up what the worker is then forked into.

        Raises:
            IsolationSetupError: a layer cannot be set up.
        """

    # ------------------------------------------------------------------ in the worker

    def enter(self, open_descriptors: Collection[int]) -> None:
        """Put this process behind the boundary, irrevocably.

        Args:
            open_descriptors: the descriptors, beside 0 to 2, that stay open.

        Raises:
            IsolationSetupError: a layer cannot be set up.
        """
        os.setsid()
        if sys.platform == "linux":
            linux.set_dumpable()
        if self.has("descriptors"):
            _close_all_but(open_descriptors)
            _open_own_standard_streams()
        os.chdir(self.home)
        if self.has("rlimits"):
            with setting_up("rlimits"):
                apply_rlimits(self.limits)
        self._drop_privileges()
        if sys.platform == "linux":  # after it: a change of user undoes this
            linux.die_with_parent(signal.SIGKILL)

    def _place_files(self) -> None:
        if self.files is not None:
            with setting_up("files"):
                self.files.place(self.folder)

    @abc.abstractmethod
    def _drop_privileges(self) -> None:
        """Give up what the worker does not need."""

    def _become_user(self) -> None:
        assert self.uid is not None
        os.setgroups([])
        os.setresgid(self.uid, self.uid, self.uid)
        os.setresuid(self.uid, self.uid, self.uid)

    def _filter_system_calls(self) -> None:
        if self.has("seccomp"):
            with setting_up("seccomp"):
                linux.install_seccomp(seccomp.make_filter())

    def inspect(self, private: Sequence[str]) -> dict[str, object]:
        """Return what this process, behind the boundary, can reach.

        Args:
            private: paths that must not be readable.

        Returns:
            ``python``: whether Python can be read; ``home``: whether the notebook's folder can;
            ``network``: whether sockets can be made though they are filtered; ``readable``: those
            of ``private`` that can be read.
        """
        return {
            "python": _can_read(os.__file__) and _can_read(sys.prefix),
            "home": _can_read(self.home),
            "network": self.has("seccomp") and _has_network(),
            "readable": [path for path in private if _can_read(path)],
        }

    # ------------------------------------------------------------------ in the keeper

    def processes(self) -> list[psutil.Process]:
        """Return the notebook's processes, the worker included."""
        if sys.platform != "linux":
            return []
        if self.uid is not None:
            return processes_of_user(self.uid)
        return psutil.Process().children(recursive=True)  # the keeper adopts orphans

    @contextlib.contextmanager
    def inspecting_processes(self) -> Iterator[None]:
        """Take on, inside the context, the rights that reading /proc of the notebook needs."""
        yield

    def kill(self, worker: int) -> None:
        """Kill the worker, which the caller then waits for, and its process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(worker, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)  # in case it has not called setsid yet

    def clean_up(self) -> None:
        """End what is left of the notebook, once the worker has been waited for."""
        if self.has("sweep"):
            self._sweep()

    def _sweep(self) -> None:
        deadline = time.monotonic() + SWEEP_SECONDS
        while time.monotonic() < deadline:
            if self.uid is not None:
                _kill_all_of(self.uid)  # all at once: one by one, forks could outrun this
            running = [process for process in self.processes() if not has_ended(process)]
            if not running:
                break
            for process in running:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            wait_for_ended_children()


class NoIsolation(Isolation):
    """Limits only."""

    mode = "none"

    def prepare(self) -> None:
        """Put the author's files in place; adopt the worker's orphans, so that they can be found."""
        self._place_files()
        if sys.platform == "linux":
            linux.adopt_orphans()

    def _drop_privileges(self) -> None:
        pass


def choose_free_user() -> int:
    """Return the id of a user that, like the one who kills it, has no account or process here."""
    taken = {real_user(pid) for pid in psutil.pids()}
    taken |= {account.pw_uid for account in pwd.getpwall()}
    free = [uid for uid in _USERS if not taken & {uid, uid + _KILLERS}]
    while not _claim(uid := secrets.choice(free)):
        free.remove(uid)
    return uid


def _claim(uid: int) -> bool:
    """Return whether no other notebook has chosen this user; no other can until this process ends."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0ottermark-user-{uid}")
    except OSError:
        name.close()
        return False
    name.detach()  # stays open
    return True


def _close_all_but(descriptors: Collection[int]) -> None:
    for name in os.listdir("/dev/fd"):
        if int(name) > 2 and int(name) not in descriptors:
            with contextlib.suppress(OSError):
                os.close(int(name))


def _open_own_standard_streams() -> None:
    """Open 0 to 2 anew: flags and owner of the inherited ones would be those of all notebooks."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    os.close(null)


def _can_read(path: str) -> bool:
    try:
        if os.path.isdir(path):
            os.listdir(path)
        else:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def _has_network() -> bool:
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def end_process(process: psutil.Process) -> None:
    """Kill a process, and if it belongs to a notebook's own user, all of that user's at once."""
    uid = real_user(process.pid)
    if uid in _USERS:
        _kill_all_of(uid)
    else:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _kill_all_of(uid: int) -> None:
    """Kill all processes of a user at once, by a process that they cannot signal.

    It has their effective user, which decides whom it may signal, and a real and saved user of its
    own, which decide by whom it may be.
    """
    child = os.fork()
    if child == 0:
        try:
            killer = uid + _KILLERS
            os.setresuid(killer, uid, killer)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    if wait_for(child, KILL_SECONDS) is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
