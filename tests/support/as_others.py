"""Run a command as on a machine whose Python every user can read.

``python as_others.py UID COMMAND...``, as root. Python may be installed in a home folder that
is closed to other users, as it is in some CI images; on Gradescope and on laptops it is not.
In a mount namespace of its own, each closed folder above Python is replaced by one that is open
and holds nothing but the way to Python and to this project.

Root (UID 0) is left the rights that Docker leaves to it in a container, and no others.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ottermark.sandbox import linux as kernel

# what Docker leaves to root
CAPABILITIES = (
    *("chown", "dac_override", "fsetid", "fowner", "mknod", "net_raw", "setgid", "setuid"),
    *("setfcap", "setpcap", "net_bind_service", "sys_chroot", "kill", "audit_write"),
)


def needed() -> list[Path]:
    """Return the folders that must stay in reach."""
    project = Path(__file__).resolve().parents[2]
    return [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), project]


def closed(path: Path) -> Path | None:
    """Return the first folder on the way to ``path`` that other users may not pass."""
    ways = [*reversed(path.parents), path]
    return next((way for way in ways if not way.stat().st_mode & 0o001), None)


def open_up() -> None:
    """Replace the closed folders, for this process and its children only."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    for folder in {found for path in needed() if (found := closed(path)) is not None}:
        inside = [path for path in needed() if path.is_relative_to(folder)]
        aside = Path("/mnt")
        kernel.mount("tmpfs", str(aside), "tmpfs")
        for number, path in enumerate(inside):
            (aside / str(number)).mkdir()
            kernel.mount(str(path), str(aside / str(number)), flags=kernel.MS_BIND | kernel.MS_REC)
        kernel.mount("tmpfs", str(folder), "tmpfs", options="mode=755")
        for number, path in enumerate(inside):
            path.mkdir(parents=True)
            kernel.mount(str(aside / str(number)), str(path), flags=kernel.MS_BIND | kernel.MS_REC)


if __name__ == "__main__":
    open_up()
    command = sys.argv[2:]
    if user := int(sys.argv[1]):
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    else:
        kept = ",".join(["-all", *(f"+{name}" for name in CAPABILITIES)])
        command = ["setpriv", f"--bounding-set={kept}", f"--inh-caps={kept}", *command]
    os.execvp(command[0], command)
