"""Real Dask clusters on this machine, for tests and benches."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path


class Cluster:
    """A Dask scheduler and its workers, each a process with one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[str]] = []
        self.scheduler, self.address = self._started(
            ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
            r"Scheduler at:\s+(tcp://\S+)",
        )

    def add_worker(self, *within: str, **environment: str) -> None:
        """Start a worker by the command ``within``, which is given its command line, if any."""
        command = ["worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        command += ["--local-directory", str(self.folder), "--host", "127.0.0.1"]
        worker, _ = self._started(command, r"Registered to:\s+(tcp://\S+)", *within, **environment)
        self.workers.append(worker)

    def _started(
        self, command: list[str], sign: str, *within: str, **environment: str
    ) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [*within, sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:]],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=self.folder,
            env=os.environ | {"TMPDIR": str(self.folder)} | environment,
        )
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(sign, line):
                # nobody reads on, and a full pipe would stop it
                subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
                return process, found[1]
        raise AssertionError(said)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
