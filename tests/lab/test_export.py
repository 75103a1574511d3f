"""Exports by every route that a student may take, in real JupyterLab and Notebook."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import labs
import pytest
from conftest import ottermark
from jupyter_browser import CHROMIUM, JupyterServer, open_tab, running_server
from playwright.sync_api import Locator, Page, expect

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
    pytest.mark.timeout(300),
]

NAME = "tiny.ipynb"
COPY = "tiny-Copy1.ipynb"
SETUP, ANSWER, WRITTEN, EXPORT = "import otter", "pair = ", "_Type your answer", "grader.export("
SECONDS = 1000  # in milliseconds


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The student folder of a tiny lab with an export cell."""
    folder = tmp_path_factory.mktemp("lab")
    text = labs.TINY.replace("export_cell: false", "export_cell: {pdf: false, run_tests: false}")
    labs.write_tiny(folder, text.replace("markdown: Set", "markdown: ### Question 1: a pair\nSet"))
    (folder / "otter_config.json").write_text('{"notebook_grader": true}')
    ran = ottermark("build", cwd=folder)
    assert ran.code == 0, ran.err
    return folder / "student"


@pytest.fixture
def folder(lab: Path, tmp_path: Path) -> Path:
    """A student's own copy of it."""
    return Path(shutil.copytree(lab, tmp_path / "lab"))


@pytest.fixture(params=["jupyterlab", "notebook"])
def server(request: pytest.FixtureRequest, folder: Path, tmp_path: Path) -> Iterator[JupyterServer]:
    """A server that never saves by itself while a test runs."""
    settings = {
        "docmanager-extension/plugin": {"autosave": False},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    }
    home = tmp_path / "home"
    home.mkdir()
    with running_server(request.param, folder, home, settings) as server:
        yield server


@dataclass
class Student:
    """Somebody who works in a notebook."""

    page: Page
    server: JupyterServer

    def open(self, name: str) -> None:
        self.page.goto(self.server.address_of(name))
        self.page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")

    def cell(self, text: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").filter(has_text=text).first

    def write(self, where: str, source: str) -> None:
        cell = self.cell(where)
        cell.dblclick() if where == WRITTEN else cell.locator(".cm-content").click()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, text: str) -> Locator:
        """Run a cell; keys that the page is not ready for are pressed again."""
        cell = self.cell(text)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        for attempts_left in reversed(range(4)):
            cell.locator(".cm-content").click()
            self.page.keyboard.press("ControlOrMeta+Enter")
            try:
                expect(prompt).not_to_have_text(before, timeout=5 * SECONDS)
                break
            except AssertionError:
                if not attempts_left:
                    raise
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=60 * SECONDS)
        return cell

    def save(self) -> None:
        self.page.keyboard.press("ControlOrMeta+s")

    def export(self) -> str:
        """Run the export cell; return what it says."""
        return self.run(EXPORT).locator(".jp-OutputArea").inner_text()


@pytest.fixture
def student(server: JupyterServer) -> Iterator[Student]:
    with open_tab() as page:
        yield Student(page, server)


def exported(folder: Path) -> Mapping[str, Any]:
    """The notebooks in the one zip in a folder, by their names."""
    (path,) = (path for path in folder.glob("*.zip") if path.name != "colab.zip")
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".ipynb")]
        return {name: json.loads(archive.read(name)) for name in names}


def sources(notebook: Mapping[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def test_what_was_not_saved_is_saved_and_exported(student: Student, folder: Path) -> None:
    student.open(NAME)
    student.run(SETUP)
    student.write(ANSWER, "pair = (4, 5)")
    student.run(ANSWER)
    student.write(WRITTEN, "Because it does.")
    said = student.export()
    notebook = exported(folder)[NAME]
    assert "pair = (4, 5)" in sources(notebook)
    assert "Because it does." in sources(notebook)
