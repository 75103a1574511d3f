"""The files of the machine that every notebook may read: Python, its packages, system libraries."""

from __future__ import annotations

import os
import site
import sys
from pathlib import Path

import psutil

PACKAGES = str(Path(__file__).parents[2])  # the folder that this package itself is imported from
# whether that is where everything else is installed, too; else notebooks neither import from it nor
# read it, since it may hold an autograder's tests
IS_SHARED = str(Path(psutil.__file__).parents[1]) == PACKAGES
DEVICES = ("null", "zero", "full", "random", "urandom")
PROCESSORS = ("/sys/devices/system/cpu", "/sys/devices/system/node")
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "alternatives")
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


def readable_paths() -> list[str]:
    """Return the paths, none of them below another.

    The grader's own code is among them only where it is installed among all other packages.
    """
    python = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    packages = {p for p in (*sys.path, *site.getsitepackages()) if os.path.isdir(p)}
    if not IS_SHARED:
        packages.discard(PACKAGES)
    etc = {f"/etc/{name}" for name in _ETC}
    candidates = [*_SYSTEM, *etc, *PROCESSORS, *python, *(os.path.realpath(p) for p in packages)]
    paths: list[str] = []
    for path in sorted({os.path.abspath(p) for p in candidates if os.path.lexists(p)}):
        is_inside = any(path == other or path.startswith(other + "/") for other in paths)
        if path != "/" and not is_inside:
            paths.append(path)
    return paths


def readable_proc_paths() -> list[str]:
    """Return the parts of /proc that a notebook may read; the machine's connections are not."""
    return [*(f"/proc/{name}" for name in _PROC), *(f"/proc/self/{name}" for name in _PROC_SELF)]
