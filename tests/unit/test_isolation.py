"""Layers, what a notebook may read, its limits, and the removal of its folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ottermark.limits import Limits, MiB
from ottermark.sandbox import disk, isolation
from ottermark.sandbox.isolation import LAYERS, MODES, Isolation, NoIsolation
from ottermark.sandbox.monitor import INSPECT_EVERY, ResourceMonitor
from ottermark.sandbox.readable_paths import PACKAGES, readable_paths
from ottermark.sandbox.zygote import ISOLATIONS

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/proc of Linux")


def test_each_mode_has_its_class_and_layers() -> None:
    assert tuple(ISOLATIONS) == MODES == tuple(LAYERS)


@pytest.mark.parametrize("mode", MODES)
def test_a_layer_can_be_disabled_by_its_name(mode: str, tmp_path: Path) -> None:
    for layer in LAYERS[mode]:
        assert ISOLATIONS[mode](tmp_path, Limits()).has(layer)
        assert not ISOLATIONS[mode](tmp_path, Limits(), [layer]).has(layer)
    assert not ISOLATIONS[mode](tmp_path, Limits()).has("unknown")


def test_python_can_be_read_and_the_grader_cannot() -> None:
    paths = readable_paths()
    assert PACKAGES not in paths
    assert any(Path(os.__file__).is_relative_to(path) for path in paths)
    for path in paths:
        assert not any(path.startswith(f"{other}/") for other in paths)


class Crowd(NoIsolation):
    """Isolation whose notebook is a list of processes."""

    members: tuple[psutil.Process, ...] = ()

    def processes(self) -> list[psutil.Process]:
        return list(self.members)


@pytest.fixture
def sleeper() -> Iterator[psutil.Process]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield psutil.Process(process.pid)
        process.kill()


@pytest.fixture
def spinner() -> Iterator[psutil.Process]:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        yield psutil.Process(process.pid)
        process.kill()


def monitor_of(isolation: Isolation) -> ResourceMonitor:
    return ResourceMonitor(isolation, os.open("/proc/self/smaps_rollup", os.O_RDONLY))


def looks(monitor: ResourceMonitor) -> set[str | None]:
    """Return what is exceeded in as many looks as make one of every kind."""
    return {monitor.exceeded() for _ in range(INSPECT_EVERY)}


@linux_only
def test_a_notebook_within_its_limits_exceeds_none(tmp_path: Path, sleeper: psutil.Process) -> None:
    crowd = Crowd(tmp_path, Limits())
    crowd.members = (sleeper,)
    assert looks(monitor_of(crowd)) == {None}


@linux_only
def test_processes_are_counted_together(tmp_path: Path, sleeper: psutil.Process) -> None:
    crowd = Crowd(tmp_path, Limits(processes=1))
    crowd.members = (sleeper, psutil.Process(os.getppid()))
    assert "processes" in looks(monitor_of(crowd))


@pytest.mark.slow
@linux_only
def test_memory_counts_beyond_what_a_worker_starts_with(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, Limits(memory=32 * MiB))
    monitor = monitor_of(crowd)
    # a worker starts as a fork of this process, and may have as much again as the limit says
    receiver, sender = os.pipe()
    pids = []
    for size in (0, 1024 * MiB):  # more than this process may come to hold alone meanwhile
        pids.append(os.fork())
        if pids[-1] == 0:
            memory = bytearray(b"x") * size
            os.write(sender, b"x")
            time.sleep(60)
            os._exit(bool(memory))
        os.read(receiver, 1)
    try:
        for pid, exceeded in zip(pids, ({None}, {"memory"}), strict=True):
            crowd.members = (psutil.Process(pid),)
            assert looks(monitor) == exceeded
    finally:
        for pid in pids:
            os.kill(pid, 9)
            os.waitpid(pid, 0)


@pytest.mark.slow
@linux_only
def test_cpu_time_is_counted_by_step(tmp_path: Path, spinner: psutil.Process) -> None:
    crowd = Crowd(tmp_path, Limits(cores=1, run=60))
    crowd.members = (spinner,)
    monitor = monitor_of(crowd)
    while sum(spinner.cpu_times()[:2]) < 0.3:
        time.sleep(0.05)
    spinner.suspend()
    assert monitor.exceeded() is None
    monitor.start_step(0.2)
    assert monitor.exceeded() is None
    spinner.resume()
    while sum(spinner.cpu_times()[:2]) < 1:
        time.sleep(0.05)
    assert monitor.exceeded() == "cpu"


@linux_only
def test_the_folder_is_measured(tmp_path: Path, sleeper: psutil.Process) -> None:
    crowd = Crowd(tmp_path, Limits(disk=MiB))
    crowd.members = (sleeper,)
    monitor = monitor_of(crowd)
    (tmp_path / "large").write_bytes(os.urandom(2 * MiB))
    assert looks(monitor) == {None, "disk"}


def test_files_are_counted_once_whatever_their_names(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.write_bytes(b"x" * MiB)
    for number in range(5):
        (tmp_path / f"link{number}").hardlink_to(first)
    assert not disk.exceeds(tmp_path, files=10, size=2 * MiB)
    assert disk.exceeds(tmp_path, files=10, size=MiB // 2)
    assert disk.exceeds(tmp_path, files=3, size=2 * MiB)
    assert disk.exceeds(tmp_path / "missing", files=10, size=MiB) is False


def test_a_folder_is_removed_whatever_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    deep = folder
    for _ in range(200):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (folder / "-rf").write_text("")
    (folder / "link").symlink_to(tmp_path.parent)
    (folder / "d").chmod(0)
    disk.remove(folder)
    assert not folder.exists() and tmp_path.parent.exists()
    disk.remove(folder)


@linux_only
def test_no_user_is_chosen_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_USERS", range(52_400, 52_402))
    receiver, sender = os.pipe()
    child = os.fork()  # which alone holds them
    if child == 0:
        users = sorted(isolation.choose_free_user() for _ in range(2))
        os.write(sender, repr(users).encode())
        os._exit(0)
    assert os.read(receiver, 100) == b"[52400, 52401]"
    os.waitpid(child, 0)
    assert isolation.choose_free_user() in isolation._USERS
