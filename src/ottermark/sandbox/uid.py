"""Isolation by another user, for root in a container without namespaces."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from ottermark.sandbox import linux
from ottermark.sandbox.disk import remove_files_of
from ottermark.sandbox.isolation import Isolation, choose_free_user, setting_up
from ottermark.sandbox.readable_paths import (
    DEVICES,
    PROCESSORS,
    readable_paths,
    readable_proc_paths,
)

_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")  # where any user may leave files


class UserIsolation(Isolation):
    """The worker becomes a user that owns nothing but the notebook's folder."""

    mode = "uid"

    def prepare(self) -> None:
        """Put the author's files in place, choose a user and give the notebook's folder to it."""
        self._place_files()
        if os.geteuid() == 0 and self.has("user"):
            self.uid = choose_free_user()
            with setting_up("user"):
                for path in (self.folder, *self.folder.rglob("*")):
                    os.chown(path, self.uid, self.uid, follow_symlinks=False)
        if sys.platform == "linux":
            linux.adopt_orphans()  # the zygote takes those that it has for a dead keeper's

    def _drop_privileges(self) -> None:
        with setting_up("user"):
            if self.uid is not None:
                self._become_user()
            linux.set_dumpable()
        if self.has("no_new_privs"):
            with setting_up("no_new_privs"):
                linux.set_no_new_privileges()
        if self._has_landlock:
            with setting_up("landlock"):
                self._enter_landlock()
        self._filter_system_calls()

    @property
    def _has_landlock(self) -> bool:
        return self.has("landlock") and linux.landlock_version() > 0

    def _enter_landlock(self) -> None:
        everything = linux.landlock_file_accesses()
        read = linux.LANDLOCK_EXECUTE | linux.LANDLOCK_READ_FILE | linux.LANDLOCK_READ_DIR
        paths = [*readable_paths(), *PROCESSORS, *readable_proc_paths()]
        accesses = dict.fromkeys(paths, read)
        device = linux.LANDLOCK_READ_FILE | linux.LANDLOCK_WRITE_FILE
        accesses |= {f"/dev/{name}": device for name in DEVICES}
        if self.files is not None:
            accesses[self.files.folder] = read
        accesses[str(self.folder)] = everything
        ruleset = linux.landlock_ruleset()
        for path, access in accesses.items():
            if os.path.exists(path):
                if not os.path.isdir(path):
                    access &= linux.LANDLOCK_OF_FILES & everything
                linux.landlock_allow(ruleset, path, access)
        linux.landlock_enter(ruleset)
        os.close(ruleset)

    @contextlib.contextmanager
    def inspecting_processes(self) -> Iterator[None]:
        """Read files with the worker's rights.

        As on Gradescope, root may have no right to inspect the processes of other users.
        """
        if self.uid is None:
            yield
        else:
            with linux.file_rights_of(self.uid, self.uid):
                yield

    def clean_up(self) -> None:
        """End what is left of the notebook, and remove what it wrote outside its folder."""
        super().clean_up()
        if self.has("sweep") and self.uid is not None and not self._has_landlock:
            remove_files_of(self.uid, [path for path in _SHARED_FOLDERS if os.path.isdir(path)])
