"""The marking page as it is served: a real server on a free port, over a class in a folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ottermark.marking.workspace import Workspace
from ottermark.review.access import Access
from ottermark.review.app import create_app
from ottermark.review.server import Server

MARKERS = ("ann", "bob")


@dataclass
class ServedPage:
    """A page that is served.

    Attributes:
        workspace: the class, as the server sees it.
        origin: what its addresses begin with.
    """

    workspace: Workspace
    server: Server
    access: Access
    _clients: list[httpx.Client] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{self.access.hosts[0]}"

    def address(self, marker: str = "ann") -> str:
        """The address that the command prints."""
        return self.server.address(self.access, marker)

    def client(self, marker: str | None = "ann") -> Client:
        """Somebody's browser without scripts, signed in unless there is no marker."""
        http = httpx.Client(base_url=self.origin, timeout=30, trust_env=False)
        self._clients.append(http)
        if marker is not None:
            assert http.get(self.address(marker)).status_code == 200
        return Client(http, self.origin)


@dataclass
class Client:
    """A browser without scripts."""

    http: httpx.Client
    origin: str

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path, follow_redirects=True)

    def post(self, path: str, data: dict[str, str | list[str]]) -> httpx.Response:
        """Send a form as the page does, and follow where it leads."""
        return self.http.post(
            path, data=data, headers={"origin": self.origin}, follow_redirects=True
        )

    def fill(self, page: httpx.Response, path: str, /, **fields: str | list[str]) -> httpx.Response:
        """Send the form of a page that goes to ``path``, with its hidden fields."""
        return self.post(path, {**hidden_fields(page.text, path), **fields})


def hidden_fields(html: str, path: str) -> dict[str, str | list[str]]:
    """Return the hidden fields of the form that goes to ``path``."""
    form = re.search(
        rf'<form[^>]*action="{re.escape(path)}(?:\?[^"]*)?"[^>]*>(.*?)</form>', html, re.S
    )
    assert form, f"no form goes to {path}"
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[1]))


def path_of(page: httpx.Response) -> str:
    """Return the address of a page without its query."""
    return page.url.path


@contextmanager
def started(out: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Start the command; yield its process and by marker the address that it prints."""
    command = [sys.executable, "-m", "ottermark", "review", str(out), "--no-open", "--port", "0"]
    process = subprocess.Popen(
        [*command, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        count = max(1, options.count("--marker"))
        lines = [process.stdout.readline() for _ in range(count)]
        yield process, dict(line.strip().split(": ", 1) for line in lines)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def served(out: Path, markers: tuple[str, ...] = MARKERS) -> Iterator[ServedPage]:
    """Serve the page over a folder."""
    with Workspace(out) as workspace:
        workspace.prepare()
        server = Server(0)
        access = server.access(markers)
        thread = threading.Thread(target=server.run, args=(create_app(workspace, access),))
        thread.start()
        page = ServedPage(workspace, server, access)
        try:
            _wait(page)
            yield page
        finally:
            for client in page._clients:
                client.close()
            server.stop()
            thread.join(10)
            server.close()


def _wait(page: ServedPage) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{page.origin}/", trust_env=False)
            return
        except httpx.TransportError:
            time.sleep(0.02)
    raise TimeoutError("the server does not answer")
