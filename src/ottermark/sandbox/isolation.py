"""What stands between the student's process and everything else.

Two modes, and a third that has no walls:

``userns``: namespaces of its own. The process sees a root of its own making (Python, the
system's libraries, its folder), its own processes and no network. For users of Linux, and for
root where the kernel lets it.

``uid``: root's way in a container that has no namespaces, as on Gradescope. The process
becomes a user that owns nothing, and Landlock, where the kernel has it, hides the files that
everybody may read.

``none``: no wall, for systems that have neither.

In the first two come no_new_privs and a filter of system calls on top. Each layer can be left
out by its name in ``without``; only the tests do, to see that it is needed.
"""

from __future__ import annotations

import contextlib
import glob
import os
import pwd
import random
import signal
import site
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ottermark.limits import Limits, MiB
from ottermark.sandbox import linux as kernel
from ottermark.sandbox import seccomp
from ottermark.sandbox.rlimits import apply_rlimits

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
HOME = "/home/student"  # the notebook's folder, where it has a root of its own
_USERS = range(45_000, 60_000)  # above people's accounts, below what systems reserve
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")  # where any user may leave files
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "alternatives")
_PROCESSORS = ("/sys/devices/system/cpu", "/sys/devices/system/node")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_PROC = ("cpuinfo", "meminfo", "stat", "version", "filesystems", "sys/kernel", "sys/vm")
_PROC_SELF = (
    "cmdline",
    "comm",
    "fd",
    "maps",
    "smaps",
    "stat",
    "statm",
    "status",
    "cgroup",
    "exe",
    "mounts",
)

# Landlock's accesses, from the kernel's headers
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_ALL_OF_VERSION = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF}
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | 0x4000  # the last is truncation


class IsolationSetupError(Exception):
    """A layer of the boundary cannot be set up here; the message names it and the cause."""


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IsolationSetupError(f"{name}: {error}") from None


@dataclass
class Isolation:
    """The boundary around one student process, in the steps in which it goes up.

    ``begin`` runs in the keeper, ``enter`` in the student's process, ``end`` in the keeper.

    Attributes:
        mode: one of ``MODES``.
        folder: the notebook's folder on the machine; holds the student files.
        limits: what the process may use.
        without: layers to leave out.
        uid: the user that the process becomes; None: it stays who it is.
    """

    mode: str
    folder: Path
    limits: Limits
    without: frozenset[str] = frozenset()
    uid: int | None = None
    _init: int = field(default=0, init=False)

    def has(self, layer: str) -> bool:
        """Tell whether a layer belongs to the mode and is not left out."""
        return layer in LAYERS[self.mode] and layer not in self.without

    @property
    def home(self) -> str:
        """The notebook's folder as its own process sees it."""
        return HOME if self.has("mounts") else str(self.folder)

    # ------------------------------------------------------------------ in the keeper

    def begin(self) -> None:
        """Set up what the student's process is then born into; raises ``IsolationSetupError``."""
        if os.geteuid() == 0 and (self.mode == "userns" or self.has("user")):
            self.uid = _free_user()
        if self.mode == "userns":
            self._new_namespaces()
        elif self.uid is not None:
            with _layer("user"):
                for path in (self.folder, *self.folder.rglob("*")):
                    os.chown(path, self.uid, self.uid, follow_symlinks=False)
        elif sys.platform == "linux":
            kernel.adopt_orphans()  # so that `_members` finds them

    def _new_namespaces(self) -> None:
        with _layer("namespaces"):
            user, group = os.geteuid(), os.getegid()
            flags = kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
            flags |= kernel.CLONE_NEWPID if self.has("pids") else 0
            flags |= kernel.CLONE_NEWNET if self.has("network") else 0
            kernel.unshare(flags | (kernel.CLONE_NEWUSER if user else 0))
            if user:
                Path("/proc/self/setgroups").write_text("deny")
                Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
                Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        told, tell = os.pipe()
        self._init = os.fork()
        if self._init == 0:
            os.close(told)
            self._be_init(tell)
        os.close(tell)
        with os.fdopen(told) as answer:
            problem = answer.read()
        if problem != "ready":
            raise IsolationSetupError(problem or "namespaces: their first process ended")

    def _be_init(self, tell: int) -> None:
        """As first process of the namespaces: make the root, then adopt orphans until the end."""
        kernel.die_with_parent(signal.SIGKILL)
        problem = "ready"
        try:
            with _layer("mounts"):
                if self.has("mounts"):
                    self._make_root()
                    kernel.enter_root(str(self.folder))
                    kernel.make_read_only_here()
        except IsolationSetupError as failure:
            problem = str(failure)
        os.write(tell, problem.encode())
        os.close(tell)
        while True:
            try:
                os.wait()
            except ChildProcessError:
                time.sleep(0.5)

    def _make_root(self) -> None:
        """Mount over the folder a root that holds what a notebook needs and nothing else."""
        root = str(self.folder)
        files = _files_in(self.folder)
        plain = kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("tmpfs", root, "tmpfs", plain, "size=4m,mode=755")
        room = f"uid={self.uid or os.geteuid()},gid={self.uid or os.getegid()}"
        for place, size, mode in (
            ("/tmp", 64 * MiB, "1777"),
            ("/dev/shm", 64 * MiB, "1777"),
            (HOME, self.limits.disk, "700"),
        ):
            options = f"size={size},nr_inodes={self.limits.files},mode={mode},{room}"
            Path(root + place).mkdir(parents=True)
            kernel.mount("tmpfs", root + place, "tmpfs", plain, options)
        for name in _DEVICES:
            _bind(f"/dev/{name}", f"{root}/dev/{name}")
        Path(root, "dev/fd").symlink_to("/proc/self/fd")
        Path(root, "proc").mkdir()
        if self.has("pids"):
            flags = plain | kernel.MS_NOEXEC | kernel.MS_RDONLY
            kernel.mount("proc", f"{root}/proc", "proc", flags)
        else:
            _bind("/proc", f"{root}/proc")
        for source in visible():
            if Path(source).is_symlink():
                Path(root + source).symlink_to(os.readlink(source))
                continue
            _bind(source, root + source)
            kernel.make_read_only(root + source)
        person = f"student:x:{self.uid or os.geteuid()}:{self.uid or os.getegid()}"
        Path(root, "etc").mkdir(exist_ok=True)
        Path(root, "etc/passwd").write_text(f"{person}:student:{HOME}:/bin/sh\n")
        for name, data in files.items():
            target = Path(f"{root}{HOME}/{name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        if self.uid is not None:
            for path in Path(root + HOME).rglob("*"):
                os.chown(path, self.uid, self.uid)

    # ------------------------------------------------------- in the student's process

    def enter(self, kept: Collection[int]) -> None:
        """Put this process behind the walls, for good; raises ``IsolationSetupError``.

        Args:
            kept: the descriptors, beside 0 to 2, that stay open.
        """
        os.setsid()
        if sys.platform == "linux":
            kernel.set_dumpable()
        if self.has("descriptors"):
            _close_all_but(kept)
        os.chdir(self.home)
        if self.has("rlimits"):
            with _layer("rlimits"):
                apply_rlimits(self.limits)
        if self.mode == "none":
            return
        with _layer("user"):
            if self.uid is not None:
                os.setgroups([])
                os.setresgid(self.uid, self.uid, self.uid)
                os.setresuid(self.uid, self.uid, self.uid)
            elif self.mode == "userns":
                kernel.drop_capabilities()
            kernel.set_dumpable()
        if self.mode == "userns" or self.has("no_new_privs"):
            with _layer("no_new_privs"):
                kernel.set_no_new_privileges()
        if self.has("landlock") and kernel.landlock_version():
            with _layer("landlock"):
                self._enter_landlock()
        if self.has("seccomp"):
            with _layer("seccomp"):
                kernel.install_seccomp(seccomp.program())

    def _enter_landlock(self) -> None:
        everything = _ALL_OF_VERSION[min(kernel.landlock_version(), max(_ALL_OF_VERSION))]
        read = _EXECUTE | _READ_FILE | _READ_DIR
        allowed = dict.fromkeys([*visible(), *_PROCESSORS, *_proc()], read)
        allowed |= {f"/dev/{name}": _READ_FILE | _WRITE_FILE for name in _DEVICES}
        allowed[str(self.folder)] = everything
        ruleset = kernel.landlock_ruleset(everything)
        for path, access in allowed.items():
            if os.path.exists(path):
                only = access if os.path.isdir(path) else access & _OF_FILES & everything
                kernel.landlock_allow(ruleset, path, only)
        kernel.landlock_enter(ruleset)
        os.close(ruleset)

    def inspect(self, private: Sequence[str]) -> dict[str, object]:
        """Look, from behind the walls, at what holds.

        Returns:
            ``python``: whether Python can be read; ``home``: whether its own folder can;
            ``network``: whether sockets can be made;
            ``reached``: those of ``private`` that can be read; ``layers``: what stands.
        """
        return {
            "python": _can_read(os.__file__) and _can_read(sys.prefix),
            "home": _can_read(self.home),
            "network": self.has("seccomp") and _has_network(),
            "reached": [path for path in private if _can_read(path)],
            "layers": [layer for layer in LAYERS[self.mode] if self.has(layer)],
            "landlock": kernel.landlock_version() if self.has("landlock") else None,
        }

    # ------------------------------------------------------------------ in the keeper

    def members(self, student: int) -> list[int]:
        """Return the process ids of the notebook's processes, as /proc here names them."""
        if sys.platform != "linux":
            return []
        everyone = [int(name) for name in os.listdir("/proc") if name.isdigit()]
        if self.mode == "userns" and self.has("mounts") and self.has("pids"):
            return [pid for pid in everyone if pid != 1]  # this /proc has only its own
        if self.uid is not None:
            return [pid for pid in everyone if _user_of(pid) == self.uid]
        parents = {pid: _parent_of(pid) for pid in everyone}
        found = {student}
        while more := {p for p, parent in parents.items() if parent in found} - found:
            found |= more
        orphans = {p for p, parent in parents.items() if parent == os.getpid()}
        return sorted(found | orphans - {self._init})

    @contextlib.contextmanager
    def seen_by_student(self) -> Iterator[None]:
        """Look into the notebook's processes in /proc.

        As on Gradescope, root may have no right to look into those of other users.
        """
        if self.mode == "uid" and self.uid is not None:
            with kernel.file_rights_of(self.uid, self.uid):
                yield
        else:
            yield

    def kill(self, student: int) -> None:
        """Kill the student's process, which is then to be waited for, and what is sure to go."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(student, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(student, signal.SIGKILL)  # before it has called setsid
        if self._init:
            os.kill(self._init, signal.SIGKILL)  # the kernel then ends all in its namespace

    def clear(self, student: int) -> None:
        """Once the student's process is waited for, end what is left of the notebook."""
        if self._init:
            os.waitpid(self._init, 0)
        if self.has("sweep"):
            self._sweep(student)

    def _sweep(self, student: int) -> None:
        if self.uid is not None:
            _kill_all_of(self.uid)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            left = [pid for pid in self.members(student) if is_alive(pid)]
            if not left:
                break
            if self.uid is not None:
                _kill_all_of(self.uid)  # at once: one by one, forks could outrun us
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            _reap_orphans(student)
        if self.uid is not None and not (self.has("landlock") and kernel.landlock_version()):
            shared = [path for path in _SHARED_FOLDERS if os.path.isdir(path)]
            subprocess.run(
                ["find", *shared, "-xdev", "-uid", str(self.uid), "-delete"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )


def visible() -> list[str]:
    """Return the paths that every notebook may read: Python, its packages, system libraries."""
    own = {str(Path(__file__).parents[2])}  # the grader's code, unless it is among the packages
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    packages = {p for p in (*sys.path, *site.getsitepackages()) if os.path.isdir(p)} - own
    settings = {f"/etc/{name}" for name in _SETTINGS}
    wanted = [*_SYSTEM, *settings, *_PROCESSORS, *python, *(os.path.realpath(p) for p in packages)]
    found: list[str] = []
    for path in sorted({os.path.abspath(p) for p in wanted if os.path.lexists(p)}):
        inside = any(path == f or path.startswith(f + "/") for f in found)
        if path != "/" and not inside:
            found.append(path)
    return found


def _proc() -> list[str]:
    """Return the parts of /proc that notebooks may read; not the machine's connections."""
    return [*(f"/proc/{name}" for name in _PROC), *(f"/proc/self/{name}" for name in _PROC_SELF)]


def remove(folder: Path) -> None:
    """Remove a folder whose content a student chose: any depth, any modes."""
    for command in (["rm", "-rf"], ["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
        if folder.exists():  # Python's own rmtree gives up on trees as deep as its stack
            subprocess.run(
                [*command, "--", str(folder)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )


def _free_user() -> int:
    used = {_user_of(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    taken = used | {person.pw_uid for person in pwd.getpwall()}
    return random.SystemRandom().choice([uid for uid in _USERS if uid not in taken])


def _files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    kernel.mount(source, target, flags=kernel.MS_BIND | kernel.MS_REC)


def _close_all_but(kept: Collection[int]) -> None:
    for name in os.listdir("/dev/fd"):
        if int(name) > 2 and int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))


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


def _user_of(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith(b"Uid:"):  # after the name, which may be any bytes
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return -1


def _stat_of(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _parent_of(pid: int) -> int:
    fields = _stat_of(pid)
    return int(fields[1]) if fields else 0


def is_alive(pid: int) -> bool:
    """Tell whether a process has not ended; one that nobody has waited for has."""
    fields = _stat_of(pid)
    return bool(fields) and fields[0] not in "ZX"


def _kill_all_of(uid: int) -> None:
    child = os.fork()
    if child == 0:
        try:
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _reap_orphans(student: int) -> None:
    """Wait for ended children other than the student's process, whose status is still needed."""
    for path in glob.glob("/proc/[0-9]*"):
        pid = int(path[6:])
        if pid != student and _parent_of(pid) == os.getpid() and not is_alive(pid):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
