"""The container that a grader runs in while it grades an attack.

Other graders run a submission as the user who grades, or leave its isolation to others. So each run
is in a *container* that stands for one of Gradescope's: ottermark's isolation is around all of the
grader instead of the student's process alone, without the filter of system calls; the network is a
loopback of its own; control groups limit memory and processes; when the time is over, everything in
the container is killed. Needs Linux and root.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import multiprocessing
import os
import resource
import signal
import socket
import stat
import struct
import sys
import tarfile
import tempfile
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import psutil
from cgroups import Group

from hostile.grader import Grader, GraderHarness, Submission
from ottermark.limits import Limits, MiB
from ottermark.sandbox import linux
from ottermark.sandbox.userns import HOME, NamespaceIsolation

# what an honest run needs, and about as much on top as the LIMITS of ottermark.audit.attacks allow
MEMORY = 1280 * MiB  # of one run, the files in the container included
PROCESSES = 128  # and threads
DISK = 128 * MiB
GRACE_SECONDS = 2.0  # for processes that are about to end
MAX_READ = 16 * MiB
LOG = f"{HOME}/printed.log"
# the layers that a container lacks, and those that it has in its own way
_DISABLED_LAYERS = frozenset({"network", "seccomp", "rlimits", "watch"})
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1


@dataclass(frozen=True)
class Run:
    """How a command in a container ended.

    Attributes:
        exit_code: its exit status, or minus the signal; None if it was killed when the time was
            over.
        files: the texts of the files that the grader is to write, by their names there; None for
            one that is missing.
        printed: the end of what it printed.
        left_running: the command lines of processes that it left.
        witness: whether there is the file that an attack may create.
        limits_reached: the limits that it reached.
        canary: what it was not to find out.
        seconds: how long it took.
    """

    exit_code: int | None
    files: dict[str, str | None]
    printed: str
    left_running: tuple[str, ...]
    witness: bool
    limits_reached: tuple[str, ...]
    canary: str
    seconds: float


def run_in_container(
    grader: Grader, submission: Submission, seconds: float, command: Sequence[str] | None = None
) -> Run:
    """Run a grader in a new container.

    Args:
        submission: what it grades.
        seconds: the wall time after which everything in the container is killed.
        command: what to run instead of the grader.
    """
    group = Group(f"hostile-{os.getpid()}", MEMORY, PROCESSES)
    try:
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            fork = multiprocessing.get_context("fork")
            with ProcessPoolExecutor(1, fork) as pool:
                task = pool.submit(
                    _run_container, grader, submission, seconds, command, Path(folder), group
                )
                run = task.result()
        return replace(run, limits_reached=(*run.limits_reached, *group.limits_reached()))
    finally:
        group.remove()


def _run_container(
    grader: Grader,
    submission: Submission,
    seconds: float,
    command: Sequence[str] | None,
    folder: Path,
    group: Group,
) -> Run:
    """Set up the container around this process, run the command, and end the container."""
    linux.die_with_parent(signal.SIGKILL)
    os.nice(10)
    linux.unshare(linux.CLONE_NEWNET)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
    harness = GraderHarness(grader, folder)  # serves on the container's network
    words = [harness.fill_in(word) for word in command or harness.command(submission)]
    procs_files = group.open_procs_files()
    isolation = NamespaceIsolation(folder, Limits(disk=DISK), _DISABLED_LAYERS)
    files = _packed(folder)
    sys.path.append(str(grader.environment))  # what is on the path can be read in the container
    isolation.prepare()  # from here on this process, too, sees the container's files only
    _finish_root(grader, isolation, files)
    pid = os.fork()
    if pid == 0:
        _execute(grader, isolation, procs_files, words, harness)
    start = time.monotonic()
    is_full, left_running = False, []
    while not (ended := _has_ended(pid)) and time.monotonic() < start + seconds:
        is_full = is_full or any(map(_is_full, (HOME, "/tmp", "/dev/shm")))
        time.sleep(0.1)
    took = time.monotonic() - start
    while ended and (left_running := _other_processes(isolation)):
        if time.monotonic() > start + took + GRACE_SECONDS:
            break
        time.sleep(0.1)
    isolation.kill(pid)
    exit_code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    isolation.clean_up()
    witness = harness.witness_file(submission.name).relative_to(folder)
    return Run(
        exit_code=exit_code if ended else None,
        files={name: _read(f"{HOME}/{path}") for name, path in grader.files.items()},
        printed=(_read(LOG) or "")[-4000:],
        left_running=tuple(left_running),
        witness=os.path.lexists(f"{HOME}/{witness}"),
        limits_reached=("disk",) if is_full else (),
        canary=harness.canary,
        seconds=took,
    )


def _packed(folder: Path) -> bytes:
    """Return a folder as an archive: once the container is there, the folder cannot be seen."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.add(folder, arcname=".")
    return archive.getvalue()


def _finish_root(grader: Grader, isolation: NamespaceIsolation, files: bytes) -> None:
    """Put the files into the container's home, which all belong to the user who grades."""
    assert isolation.uid is not None
    with tarfile.open(fileobj=io.BytesIO(files)) as tar:
        for member in tar.getmembers():
            member.uid = member.gid = isolation.uid
            member.uname = member.gname = ""
            tar.extract(member, HOME, filter="fully_trusted")
    Path(HOME).chmod(0o700)
    linux.mount("none", "/", flags=linux.MS_REMOUNT | linux.MS_BIND)
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n")  # Otter asks for it by name
    for path, target in grader.links.items():
        Path(path).symlink_to(target)
    linux.make_read_only_here()


def _execute(
    grader: Grader,
    isolation: NamespaceIsolation,
    procs_files: Sequence[int],
    command: list[str],
    harness: GraderHarness,
) -> NoReturn:
    """Enter the container and become the command."""
    try:
        for descriptor in procs_files:
            os.write(descriptor, b"0")
        isolation.enter(())
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        log = os.open(LOG, os.O_WRONLY | os.O_CREAT)
        for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        environment = {
            "HOME": HOME,
            "PATH": f"{grader.environment}/bin:/usr/bin:/bin",
            "OTTERMARK_CANARY": harness.canary,
            **grader.variables,
        }
        os.execve(command[0], command, environment)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(127)


def _has_ended(pid: int) -> bool:
    """Return whether a child has ended, without waiting for it, so that its id is not reused."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _is_full(folder: str) -> bool:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize < MiB or status.f_favail == 0


def _other_processes(isolation: NamespaceIsolation) -> list[str]:
    """Return the command lines of the processes in the container, without those that ended."""
    lines = []
    for process in isolation.processes():
        with contextlib.suppress(psutil.Error):
            if command := process.cmdline():  # processes that have ended have none
                lines.append(" ".join(command))
    return lines


def _read(path: str) -> str | None:
    """Return the text of a file in the container, which may be anything."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            return file.read(MAX_READ).decode(errors="replace")
    except OSError:
        return None
