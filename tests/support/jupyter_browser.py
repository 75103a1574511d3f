"""JupyterLab and Notebook in a real browser, with no settings of their user's."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chromium import open_chromium
from playwright.sync_api import Page

SECONDS_TO_START = 60


@dataclass(frozen=True)
class JupyterServer:
    """A running server.

    Attributes:
        url: ends in a slash.
        view: the part of an address that precedes a notebook's name.
    """

    url: str
    token: str
    view: str

    def address_of(self, notebook: str) -> str:
        """Return the address of a notebook in the folder of the server."""
        return f"{self.url}{self.view}/{notebook}?token={self.token}"


@contextlib.contextmanager
def running_server(
    application: str,
    folder: Path,
    home: Path,
    settings: Mapping[str, Mapping[str, Any]],
) -> Iterator[JupyterServer]:
    """Run a server.

    Args:
        application: ``jupyterlab`` or ``notebook``.
        folder: with the notebooks.
        home: an empty folder for what the server writes.
        settings: of JupyterLab's extensions by their names, without ``@jupyterlab/``.
    """
    quiet = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}
    for name, values in {**quiet, **settings}.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    places = {
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
    }
    env = os.environ | {name: str(place) for name, place in places.items()}
    # else Matplotlib says on stderr, on a slow machine, that it builds its cache of fonts
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=env, check=True)
    command = [sys.executable, "-m", application, "--no-browser", "--ip=127.0.0.1", "--port=0"]
    log = home / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, "--allow-root"], cwd=folder, env=env, stdout=output, stderr=output
        )
        try:
            record = home / "runtime" / f"jpserver-{server.pid}.json"
            end = time.monotonic() + SECONDS_TO_START
            while not (record.exists() and record.read_text().endswith("}")):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            at = json.loads(record.read_text())
            view = "lab/tree" if application == "jupyterlab" else "notebooks"
            yield JupyterServer(at["url"], at["token"], view)
        finally:
            server.terminate()  # it ends its kernels
            server.wait(SECONDS_TO_START)


@contextlib.contextmanager
def open_tab() -> Iterator[Page]:
    """Open a tab of a real browser."""
    with open_chromium() as browser:
        page = browser.new_page(viewport={"width": 1300, "height": 1800})
        page.set_default_timeout(SECONDS_TO_START * 1000)
        yield page
