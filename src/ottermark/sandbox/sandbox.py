"""Starts workers: one zygote, with the slow imports done, that each is forked from."""

from __future__ import annotations

import contextlib
import os
import site
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from ottermark.errors import MachineFaultError, UsageError
from ottermark.files import as_temporary_folder_fault
from ottermark.limits import Limits
from ottermark.protocol.channel import Channel
from ottermark.sandbox import font_cache
from ottermark.sandbox.control import Message
from ottermark.sandbox.disk import remove
from ottermark.sandbox.isolation import MODES
from ottermark.sandbox.keeper_client import KeeperClient
from ottermark.sandbox.processes import private_memory
from ottermark.sandbox.readable_paths import PACKAGES
from ottermark.sandbox.session import ModelFactory, Session
from ottermark.sandbox.shared_files import SharedFiles, share_files
from ottermark.sandbox.zygote_client import ZYGOTE, ZygoteClient, ZygoteLostError

_HOME_VARIABLE = "OTTERMARK"  # in the environment of all processes of one sandbox
_INHERITED_VARIABLES = ("PATH", "LANG", "LC_ALL")


_Versions = list[tuple[str | int, ...]]  # of files, each with its name


class IsolationUnavailableError(UsageError):
    """Students' code cannot be isolated here.

    Args:
        reasons: why not, by mode.
    """

    def __init__(self, message: str, reasons: dict[str, str]) -> None:
        super().__init__(message)
        self.reasons = reasons


class Sandbox:
    """Starts workers; any number of threads may use one sandbox.

    Args:
        modules: what notebooks are known to import; imported once, by the zygote.
        isolation: one of ``MODES``; None takes the best that this machine offers.
        private: files and folders that must not be readable by a worker.
        trusted: the notebooks are the grader's own; where no isolation is available, run without.
        disabled_layers: layers of the isolation to leave out; for tests only.
        started: called with the zygote as soon as it runs.
        plain_keras: whether Keras trains as it does by itself (see ``worker/keras_training``).

    Attributes:
        isolation: the mode in use.
        unavailable: the reasons for which better modes are not in use, by mode.
        unfit_levers: the levers that are not used, since this version of Keras is not known.

    Raises:
        IsolationUnavailableError: the isolation cannot be set up here, or something private could
            be read from inside it.
        MachineFaultError: the zygote did not start, or there is no room for temporary files.
    """

    def __init__(
        self,
        modules: Sequence[str] = (),
        isolation: str | None = None,
        private: Sequence[Path] = (),
        trusted: bool = False,
        disabled_layers: Collection[str] = (),
        started: Callable[[subprocess.Popen[bytes]], None] | None = None,
        plain_keras: bool = False,
    ) -> None:
        with as_temporary_folder_fault():
            self._home = Path(tempfile.mkdtemp(prefix="ottermark-"))
        self._home.chmod(0o711)  # other users get to their own folder in it and see no other
        self._disabled_layers = sorted(disabled_layers)
        self._plain_keras = plain_keras
        self.unfit_levers: tuple[str, ...] = ()
        self._private = [str(path) for path in private]
        self._requesting, self._sharing = threading.Lock(), threading.Lock()
        self._shared: tuple[Mapping[str, Path], _Versions, SharedFiles] | None = None  # the last
        self._users: dict[str, int] = {}  # open sessions, by the folder that they share
        self._keepers: set[KeeperClient] = set()
        self._keeper_lost = self._closed = False
        self._preloaded: Message | None = None  # the last such request
        font_cache.copy_into(self._home)
        self._zygote = ZygoteClient(self._home, make_environment(self._home))
        if started is not None:
            started(self._zygote.process)
        try:
            self.isolation, self.unavailable = self._choose_mode(isolation, trusted)
            self.preload(modules)
        except ZygoteLostError:
            self.close()
            raise _not_started() from None
        except UsageError:
            self.close()
            raise

    def preload(self, modules: Sequence[str]) -> None:
        """Import more of what notebooks import, before any is opened."""
        request = {
            "request": "preload",
            "modules": list(modules),
            "plain_keras": self._plain_keras,
            "mode": self.isolation,
        }
        self.unfit_levers = tuple(self._request(request)["unfit_levers"])
        self._preloaded = request
        font_cache.keep(self._home)

    def open(
        self,
        files: Mapping[str, Path],
        limits: Limits,
        make_model: ModelFactory = lambda model: model,
    ) -> Session:
        """Start a worker for one notebook, in a new folder.

        Args:
            files: what the author ships, by the path that it has in the folder. The mapping must
                not change: it is read once, and all notebooks that are opened with it share what
                it names, so that none sees what another writes.
            limits: what the notebook may use.
            make_model: called with each ``RemoteModel`` that the worker sends; what it returns
                takes the model's place.

        Raises:
            MachineFaultError: the isolation could not be set up, though it could at first.
        """
        with as_temporary_folder_fault():
            shared = self._share(files)
            folder = Path(tempfile.mkdtemp(dir=self._home))
        try:
            channel, keeper = self._fork(self.isolation, folder, limits, shared)
        except ZygoteLostError:
            raise _not_started() from None
        report = keeper.wait_until_started()
        if "started" not in report:
            self._close_session(keeper, folder, shared)
            raise MachineFaultError(
                f"The isolation {self.isolation!r} of a notebook could not be set up: "
                f"{report.get('failed', 'its keeper ended')}; run `ottermark doctor`, see whether memory "
                f"and {self._home.parent} have room, and run the same command again."
            )
        return Session(
            Channel(channel),
            keeper,
            folder,
            limits,
            make_model,
            on_close=lambda: self._close_session(keeper, folder, shared),
        )

    def _share(self, files: Mapping[str, Path]) -> SharedFiles | None:
        """Return the copy of ``files`` that notebooks share, which is made at their first use."""
        if not files:
            return None
        with self._sharing:
            if self._shared is None or self._shared[0] is not files:
                self._shared = files, *self._up_to_date(files)
            shared = self._shared[2]
            self._users[shared.folder] = self._users.get(shared.folder, 0) + 1
        return shared

    def _up_to_date(self, files: Mapping[str, Path]) -> tuple[_Versions, SharedFiles]:
        """Return the last copy if it is of the same files, or else a new one."""
        versions: _Versions = [(name, *_version(path)) for name, path in files.items()]
        before, self._shared = self._shared, None
        if before is not None and before[1] == versions:
            return before[1], before[2]
        if before is not None:
            self._remove_unused(before[2].folder)
        return versions, self._copy(files)

    def _copy(self, files: Mapping[str, Path]) -> SharedFiles:
        in_namespaces = self.isolation == "userns"
        parent = Path(tempfile.mkdtemp(dir=self._home))
        parent.chmod(0o700 if in_namespaces else 0o711)  # in namespaces, only mounts lead there
        return share_files(files, parent / "files", writable=in_namespaces)

    def _remove_unused(self, shared: str) -> None:
        if not self._users.get(shared):
            self._users.pop(shared, None)
            remove(Path(shared).parent)

    def warning(self, results: str) -> str:
        """Return a warning that ``results`` are not protected; empty if there is isolation."""
        if self.isolation != "none":
            return ""
        reasons = "; ".join(f"{mode}: {reason}" for mode, reason in self.unavailable.items())
        return f"Warning: {results} are not protected ({reasons})."

    def processes(self) -> list[psutil.Process]:
        """Return all processes that were started for notebooks."""
        processes = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(_HOME_VARIABLE) == str(self._home):
                    processes.append(process)
        return processes

    def private_memory(self) -> int:
        """Return the bytes of memory that all these processes hold for themselves."""
        return sum(private_memory(process.pid) for process in self.processes())

    def close(self) -> None:
        """End all workers and the zygote, and remove their folders."""
        self._closed = True
        for keeper in list(self._keepers):
            keeper.end()
            self._keeper_lost |= keeper.is_lost
        remove(self._home)  # first: if this is killed meanwhile, the zygote still removes it
        self._zygote.close(sweep=self._keeper_lost)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _choose_mode(self, requested: str | None, trusted: bool) -> tuple[str, dict[str, str]]:
        """Return the first mode that is available, and why those before it are not."""
        is_root = sys.platform == "linux" and os.geteuid() == 0
        candidates = [requested] if requested else [m for m in MODES if m != "uid" or is_root]
        reasons: dict[str, str] = {}
        for mode in candidates:
            if mode == "none":
                if requested or trusted or not is_root:
                    return mode, reasons
                break
            reason = self._find_fault(mode)
            if reason is None:
                return mode, reasons
            reasons[mode] = reason
        if requested:
            message = (
                f"The isolation {requested!r} is not available on this machine: "
                f"{reasons[requested]}."
            )
        else:
            all_reasons = "; ".join(f"{mode}: {reason}" for mode, reason in reasons.items())
            message = (
                f"Students' code cannot be isolated on this machine ({all_reasons}); fix that "
                "(`ottermark doctor` says more) or grade without protection: --isolation none."
            )
        raise IsolationUnavailableError(message, reasons)

    def _find_fault(self, mode: str) -> str | None:
        """Set up a mode once, look around from inside it, and return what is wrong with it."""
        if sys.platform != "linux":
            return "needs Linux"
        with as_temporary_folder_fault():
            folder = Path(tempfile.mkdtemp(dir=self._home))
        channel, keeper = self._fork(mode, folder, Limits(), private=self._private)
        channel.close()
        report = keeper.wait_until_started()
        self._close_session(keeper, folder)
        if "started" not in report:
            return str(report.get("failed", "its keeper ended"))
        seen = report["started"]
        if not seen["python"]:
            return f"another user cannot read Python at {sys.base_prefix} and {sys.prefix}"
        if not seen["home"]:
            return f"another user cannot get to {folder}; set TMPDIR to a folder like /tmp"
        if seen["network"]:
            return "the network can be reached from inside it"
        if seen["readable"]:
            path = seen["readable"][0]
            return f"{path} can be read from inside it; make it private (chmod -R go-rwx)"
        return None

    def _fork(
        self,
        mode: str,
        folder: Path,
        limits: Limits,
        shared: SharedFiles | None = None,
        private: list[str] | None = None,
    ) -> tuple[socket.socket, KeeperClient]:
        channel, worker_end = socket.socketpair()
        control, keeper_end = socket.socketpair()
        request = {
            "request": "fork",
            "mode": mode,
            "folder": str(folder),
            "limits": asdict(limits),
            "disabled_layers": self._disabled_layers,
            "private": private,
            "files": None if shared is None else asdict(shared),
        }
        with worker_end, keeper_end:
            self._request(request, [worker_end.fileno(), keeper_end.fileno()])
        keeper = KeeperClient(control)
        self._keepers.add(keeper)
        return channel, keeper

    def _close_session(
        self, keeper: KeeperClient, folder: Path, shared: SharedFiles | None = None
    ) -> None:
        """End a notebook's processes and remove its folder."""
        keeper.end()
        self._keeper_lost |= keeper.is_lost
        self._keepers.discard(keeper)
        remove(folder)
        if shared is not None:
            with self._sharing:
                self._users[shared.folder] -= 1
                if self._shared is None or self._shared[2] is not shared:
                    self._remove_unused(shared.folder)

    def _request(self, request: Message, descriptors: Sequence[int] = ()) -> Message:
        """Send a request to the zygote and return its reply; one that was killed is replaced once.

        Raises:
            ZygoteLostError: that does not help.
        """
        with self._requesting:
            try:
                return self._zygote.request(request, descriptors)
            except ZygoteLostError:
                self._replace_zygote()
                return self._zygote.request(request, descriptors)

    def _replace_zygote(self) -> None:
        """Start another zygote; notebooks that are running are not affected."""
        self._zygote.close()
        if self._closed:
            raise ZygoteLostError
        self._home.mkdir(mode=0o711, exist_ok=True)
        self._zygote = ZygoteClient(self._home, make_environment(self._home))
        if self._closed:  # meanwhile
            self._zygote.close()
            raise ZygoteLostError
        if self._preloaded is not None:
            self._zygote.request(self._preloaded)


def _not_started() -> MachineFaultError:
    return MachineFaultError(
        "Python for the notebooks did not start: check that "
        f"`{sys.executable} -m {ZYGOTE}` can be run and that memory and {tempfile.gettempdir()} have room, "
        "and run the same command again.",
        stops_run=True,
    )


def _version(path: Path) -> tuple[int, ...]:
    """Return what changes when a file does."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@contextlib.contextmanager
def start_in_background(modules: Sequence[str], **settings: Any) -> Iterator[Callable[[], Sandbox]]:
    """Start a ``Sandbox`` while other work is done, and close it at the end.

    Args:
        modules: see ``Sandbox``.
        settings: other arguments of ``Sandbox``.

    Yields:
        A function that waits for the sandbox and returns it.
    """
    zygotes: list[subprocess.Popen[bytes]] = []
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(Sandbox, modules, started=zygotes.append, **settings)
        try:
            yield future.result
        finally:
            if not future.done():  # it was not needed
                for zygote in zygotes:
                    zygote.kill()
            if future.exception() is None:
                future.result().close()


def make_environment(home: Path) -> dict[str, str]:
    """Return the environment of a notebook's processes: of the grader's own, only the search path.

    Args:
        home: the folder of all notebooks of one sandbox.
    """
    inherited = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    if PACKAGES not in site.getsitepackages():  # of which none may come before Python's own modules
        inherited["PYTHONPATH"] = PACKAGES
    return inherited | {
        _HOME_VARIABLE: str(home),
        "HOME": str(home),
        "TMPDIR": str(home),
        "MPLCONFIGDIR": str(home),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as Jupyter's kernels have it
        "PYTHONHASHSEED": "0",
        "KERAS_BACKEND": "tensorflow",
        "HDF5_USE_FILE_LOCKING": "FALSE",  # a lock on the author's files would stop other notebooks
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # half the time of a small convnet; digits depend on the processor in any case
        "TF_ENABLE_ONEDNN_OPTS": "1",
        # one thread a notebook: two on two cores do not slow each other, and sums keep their order
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
