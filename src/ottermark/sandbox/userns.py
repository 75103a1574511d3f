"""Isolation by namespaces: files, processes and network of the worker's own."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil

from ottermark.limits import MiB
from ottermark.sandbox import linux
from ottermark.sandbox.isolation import (
    SWEEP_SECONDS,
    Isolation,
    IsolationSetupError,
    choose_free_user,
    setting_up,
)
from ottermark.sandbox.processes import existing, wait_for
from ottermark.sandbox.readable_paths import DEVICES, readable_paths
from ottermark.sandbox.shared_files import SharedFiles

HOME = "/home/student"  # the notebook's folder in the worker's root file system
SHARED = "/home/files"  # the author's files there, where there are no overlays
SHARED_MEMORY = 64 * MiB  # of /tmp and of /dev/shm
_READY = "ready"
_RESTRICTED = linux.MS_NOSUID | linux.MS_NODEV


class NamespaceIsolation(Isolation):
    """The worker runs in new namespaces, under a root file system that is made for it.

    The keeper enters the namespaces too (of the process ids, only its children do), and forks an
    *init* into them: the first process there, which adopts orphans and with which all others end.
    """

    mode = "userns"
    limits_disk = True
    adopts_orphans = False  # their init does
    _init = 0  # its process id, as the keeper's own namespace numbers it

    @property
    def home(self) -> str:
        """The notebook's folder as the worker sees it."""
        return HOME if self.has("mounts") else super().home

    @property
    def _has_own_proc(self) -> bool:
        """Whether /proc lists the notebook's processes and no others."""
        return self.has("mounts") and self.has("pids")

    # ------------------------------------------------------------------ in the keeper

    def prepare(self) -> None:
        """Enter new namespaces and start their init."""
        if os.geteuid() == 0:
            self.uid = choose_free_user()
        if not self.has("mounts"):
            self._place_files()
        with setting_up("namespaces"):
            self._unshare()
        receiver, sender = os.pipe()
        self._init = os.fork()
        if self._init == 0:
            os.close(receiver)
            self._run_init(sender)
        os.close(sender)
        with os.fdopen(receiver) as pipe:
            report = pipe.read()
        if report != _READY:
            raise IsolationSetupError(report or "namespaces: their first process ended")

    def _unshare(self) -> None:
        user, group = os.geteuid(), os.getegid()
        flags = linux.CLONE_NEWNS | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS
        flags |= linux.CLONE_NEWPID if self.has("pids") else 0
        flags |= linux.CLONE_NEWNET if self.has("network") else 0
        linux.unshare(flags | (linux.CLONE_NEWUSER if user else 0))
        if user:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")

    def _run_init(self, sender: int) -> None:
        """Make the root file system, report to the keeper, and adopt orphans until the end."""
        linux.die_with_parent(signal.SIGKILL)
        report = _READY
        try:
            if self.has("mounts"):
                with setting_up("mounts"):
                    self._make_root()
                    linux.enter_root(str(self.folder))
                    linux.make_read_only_here()
        except IsolationSetupError as failure:
            report = str(failure)
        os.write(sender, report.encode())
        os.close(sender)
        while True:
            try:
                os.wait()
            except ChildProcessError:
                time.sleep(0.5)

    def _make_root(self) -> None:
        """Mount a root over the folder that holds what a notebook needs and nothing else."""
        root = str(self.folder)
        linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
        linux.mount("tmpfs", root, "tmpfs", _RESTRICTED, "size=4m,mode=755")
        self._mount_writable_folders(root)
        self._mount_devices_and_proc(root)
        for source in readable_paths():
            if Path(source).is_symlink():
                Path(root + source).symlink_to(os.readlink(source))
            else:
                _bind(source, root + source)
                linux.make_read_only(root + source)
        self._write_passwd(root)
        if self.files is not None:
            self._give_files(root, self.files)

    def _mount_writable_folders(self, root: str) -> None:
        files, size_of_home = self.folder_limits
        owner = f"uid={self.uid or os.geteuid()},gid={self.uid or os.getegid()}"
        for folder, size, mode in (
            ("/tmp", SHARED_MEMORY, "1777"),
            ("/dev/shm", SHARED_MEMORY, "1777"),
            (HOME, size_of_home, "700"),
        ):
            options = f"size={size},nr_inodes={files},mode={mode},{owner}"
            Path(root + folder).mkdir(parents=True)
            linux.mount("tmpfs", root + folder, "tmpfs", _RESTRICTED, options)

    def _mount_devices_and_proc(self, root: str) -> None:
        for name in DEVICES:
            _bind(f"/dev/{name}", f"{root}/dev/{name}")
            linux.make_read_only(f"{root}/dev/{name}", devices=True)
        Path(root, "dev/fd").symlink_to("/proc/self/fd")
        Path(root, "proc").mkdir()
        if self.has("pids"):
            flags = _RESTRICTED | linux.MS_NOEXEC | linux.MS_RDONLY
            linux.mount("proc", f"{root}/proc", "proc", flags)
        else:
            _bind("/proc", f"{root}/proc")

    def _write_passwd(self, root: str) -> None:
        account = f"student:x:{self.uid or os.geteuid()}:{self.uid or os.getegid()}"
        Path(root, "etc").mkdir(exist_ok=True)
        Path(root, "etc/passwd").write_text(f"{account}:student:{HOME}:/bin/sh\n")

    def _give_files(self, root: str, files: SharedFiles) -> None:
        """Show the author's files in the notebook's folder, so that changes stay its own."""
        home = Path(root + HOME)
        try:
            self._mount_overlay(home, files)
        except OSError:  # older kernels have no overlays in user namespaces
            _bind(files.folder, root + SHARED)
            linux.make_read_only(root + SHARED)
            files.place(home, SHARED)
            self._give_to_student(*home.rglob("*"))

    def _mount_overlay(self, home: Path, files: SharedFiles) -> None:
        """Mount the files over the folder; what is written goes into the file system below it."""
        upper, work = home / ".changes", home / ".work"
        upper.mkdir(mode=0o700)
        work.mkdir(mode=0o700)
        self._give_to_student(upper)
        options = f"userxattr,lowerdir={_escaped(files.folder)}"
        options += f",upperdir={_escaped(str(upper))},workdir={_escaped(str(work))}"
        try:
            linux.mount("overlay", str(home), "overlay", _RESTRICTED, options)
        except OSError:
            work.rmdir()
            upper.rmdir()
            raise

    def _give_to_student(self, *paths: Path) -> None:
        if self.uid is not None:
            for path in paths:
                os.chown(path, self.uid, self.uid, follow_symlinks=False)

    # ------------------------------------------------------------------ in the worker

    def _drop_privileges(self) -> None:
        with setting_up("user"):
            if self.uid is not None:
                self._become_user()
            else:
                linux.drop_capabilities()
            linux.set_dumpable()
        with setting_up("no_new_privs"):
            linux.set_no_new_privileges()
        self._filter_system_calls()

    # ------------------------------------------------------------------ in the keeper

    def processes(self) -> list[psutil.Process]:
        """Return the notebook's processes, the worker included."""
        if self._has_own_proc:
            return existing(pid for pid in psutil.pids() if pid != 1)
        return [process for process in super().processes() if process.pid != self._init]

    def kill(self, worker: int) -> None:
        """Kill the worker and the init; the kernel then ends all processes in its namespace."""
        super().kill(worker)
        if self._init:
            os.kill(self._init, signal.SIGKILL)

    def clean_up(self) -> None:
        """Wait for the init."""
        if self._init:
            wait_for(self._init, SWEEP_SECONDS)
        super().clean_up()


def _escaped(path: str) -> str:
    """Return a path as the options of an overlay have it."""
    return path.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,")


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    linux.mount(source, target, flags=linux.MS_BIND | linux.MS_REC)
