"""A real browser for tests, and what axe finds in a page that it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here: apt-get install chromium"
)
SCREENS = ((1200, "light"), (390, "dark"))  # widths in pixels, with colour schemes

_OPTIONS = {"resultTypes": ["violations"], "preload": False}  # style sheets cannot be fetched
_ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


def find_violations(page: Page, place: Path | str) -> list[str]:
    """Return what axe finds in a page, and what the page asks others for or complains about.

    It is looked at on a desktop's screen and on a phone's.

    Args:
        place: a file, or the address of a page that a server has, which may ask that server.
    """
    complaints: list[str] = []
    address = place if isinstance(place, str) else place.as_uri()
    own = ("data:", "file:" if isinstance(place, Path) else "/".join(address.split("/")[:3]) + "/")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: _note_request(request.url, own, complaints))
    page.goto(address)
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        violations = Axe().run(page, options=_OPTIONS).response["violations"]
        complaints += [f"{width} px, {scheme}: {_describe(violation)}" for violation in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{width} px: the page is wider than the screen")
    return complaints


def _note_request(url: str, own: tuple[str, ...], complaints: list[str]) -> None:
    if not url.startswith(own):
        complaints.append(f"request: {url[:100]}")


def _describe(violation: Any) -> str:
    node = violation["nodes"][0]
    return f"{violation['id']} at {len(violation['nodes'])} places, first {node['html'][:200]}"
