"""Run a command as on a machine whose Python every user can read.

``python run_as_user.py UID COMMAND...``, as root. Python may be installed in a home folder that
is closed to other users, as it is in some CI images; on Gradescope and on laptops it is not.
In a mount namespace of its own, each closed folder above Python is replaced by one that is open
and holds nothing but the way to Python and to this project.

Root (UID 0) keeps the capabilities that Docker leaves to it in a container, and no others.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ottermark.sandbox import linux

# what Docker leaves to root
CAPABILITIES = (
    *("chown", "dac_override", "fsetid", "fowner", "mknod", "net_raw", "setgid", "setuid"),
    *("setfcap", "setpcap", "net_bind_service", "sys_chroot", "kill", "audit_write"),
)


def needed_folders() -> list[Path]:
    """Return the folders that must stay readable."""
    project = Path(__file__).resolve().parents[2]
    return [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), project]


def first_closed_folder(path: Path) -> Path | None:
    """Return the first folder on the way to ``path`` that other users may not enter."""
    folders = [*reversed(path.parents), path]
    return next((folder for folder in folders if not folder.stat().st_mode & 0o001), None)


def open_closed_folders() -> None:
    """Replace the closed folders, for this process and its children only."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    closed = (first_closed_folder(path) for path in needed_folders())
    for folder in {folder for folder in closed if folder is not None}:
        inside = [path for path in needed_folders() if path.is_relative_to(folder)]
        aside = Path("/mnt")
        linux.mount("tmpfs", str(aside), "tmpfs")
        for number, path in enumerate(inside):
            (aside / str(number)).mkdir()
            linux.mount(str(path), str(aside / str(number)), flags=linux.MS_BIND | linux.MS_REC)
        linux.mount("tmpfs", str(folder), "tmpfs", options="mode=755")
        for number, path in enumerate(inside):
            path.mkdir(parents=True)
            linux.mount(str(aside / str(number)), str(path), flags=linux.MS_BIND | linux.MS_REC)


if __name__ == "__main__":
    open_closed_folders()
    command = sys.argv[2:]
    if user := int(sys.argv[1]):
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    else:
        capabilities = ",".join(["-all", *(f"+{name}" for name in CAPABILITIES)])
        command = [
            "setpriv",
            f"--bounding-set={capabilities}",
            f"--inh-caps={capabilities}",
            *command,
        ]
    os.execvp(command[0], command)
