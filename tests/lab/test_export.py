"""Exports by every route that a student may take, in real JupyterLab and Notebook."""

from __future__ import annotations

import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import labs
import pytest
from chromium import needs_chromium
from conftest import PROJECT, ottermark
from jupyter_browser import SECONDS_TO_START, JupyterServer, open_tab, running_server
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = [
    needs_chromium,
    pytest.mark.xdist_group("browser"),
]
both_applications = pytest.mark.parametrize(
    "application",
    [
        pytest.param("jupyterlab", marks=pytest.mark.ci),
        pytest.param("notebook", marks=pytest.mark.sweep),
    ],
)

NAME, COPY = "tiny.ipynb", "tiny-Copy1.ipynb"
SETUP, ANSWER, WRITTEN, EXPORT = "import otter", "pair = ", "_Type your answer", "grader.export("
BLANK, ANSWERED, BECAUSE = "pair = ...", "pair = (4, 5)", "Because it does."
NOT_SAVED = "does not hold everything that you have run"
RUN_AGAIN = "has other code in these cells than you ran last"
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


@dataclass
class Student:
    """Somebody who works in a notebook."""

    page: Page
    server: JupyterServer

    def open(self, name: str) -> None:
        """Open a notebook and wait for its kernel: running a cell earlier opens a dialog."""
        self.page.goto(self.server.address_of(name))
        address = f"{self.server.url}api/sessions?token={self.server.token}"
        end = time.monotonic() + SECONDS_TO_START
        while True:
            sessions = {s["path"]: s for s in self.page.request.get(address).json()}
            if name in sessions and sessions[name]["kernel"]["execution_state"] == "idle":
                break
            assert time.monotonic() < end, sessions
            self.page.wait_for_timeout(SECONDS // 5)
        self.page.wait_for_selector(
            ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator[data-status=idle]"
        )

    def cell(self, text: str) -> Locator:
        cells = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")
        return cells.filter(has_text=text).first

    def write(self, where: str, source: str) -> None:
        cell = self.cell(where)
        cell.dblclick()  # opens the editor of a text
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

    def answer(self) -> None:
        self.run(SETUP)
        self.write(BLANK, ANSWERED)
        self.run(ANSWERED)

    def save(self) -> None:
        with self.page.expect_response(lambda response: response.request.method == "PUT"):
            self.page.keyboard.press("ControlOrMeta+s")

    def choose(self, menu: str, item: str) -> None:
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def export(self) -> str:
        """Run the export cell; return what it says."""
        return self.report(self.run(EXPORT))

    def report(self, cell: Locator) -> str:
        expect(cell.locator(".jp-OutputArea")).to_contain_text(
            "Click here to download", timeout=60 * SECONDS
        )
        return cell.locator(".jp-OutputArea").inner_text()


@pytest.fixture
def application() -> str:
    """The one that `make test` uses."""
    return "jupyterlab"


@pytest.fixture
def student(application: str, folder: Path, tmp_path: Path) -> Iterator[Student]:
    """A student in a front end that never saves by itself while a test runs."""
    home = tmp_path / "home"
    home.mkdir()
    settings = {"docmanager-extension/plugin": {"autosave": False}}
    with running_server(application, folder, home, settings) as server, open_tab() as page:
        yield Student(page, server)


def exported(folder: Path) -> dict[str, list[str]]:
    """The sources of the cells of the notebook in the last zip, by its name."""
    *_, last = sorted(path for path in folder.glob("*.zip") if path.name != "colab.zip")
    with zipfile.ZipFile(last) as archive:
        names = [name for name in archive.namelist() if name.endswith(".ipynb")]
        return {name: sources(json.loads(archive.read(name))) for name in names}


def sources(notebook: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def no_warning_in(report: str, unless: Sequence[str] = ()) -> bool:
    warnings = {NOT_SAVED, RUN_AGAIN, "It does not hold", "If you have changed anything"}
    return not any(warning in report for warning in warnings - {*unless})


def check_what_was_not_saved(student: Student, folder: Path) -> None:
    student.open(NAME)
    student.answer()
    student.write(WRITTEN, BECAUSE)
    report = student.export()
    cells = exported(folder)[NAME]
    assert ANSWERED in cells and BECAUSE in cells
    assert no_warning_in(report), report
    assert "1 of 3 questions is open:" in report
    assert "q2 (Question 1: a pair) has no value here" in report


def test_an_export_in_jupyterlab_saves_first(student: Student, folder: Path) -> None:
    check_what_was_not_saved(student, folder)


@pytest.mark.ci
@pytest.mark.parametrize("application", ["notebook"])
def test_an_export_in_notebook_saves_first(student: Student, folder: Path) -> None:
    check_what_was_not_saved(student, folder)


@both_applications
def test_a_saved_notebook_is_exported_without_a_warning(student: Student, folder: Path) -> None:
    student.open(NAME)
    student.answer()
    student.page.keyboard.press("Escape")
    student.page.keyboard.press("b")  # a scratch cell
    student.page.keyboard.press("Enter")
    student.page.keyboard.insert_text("print(pair)")
    student.page.keyboard.press("ControlOrMeta+Enter")
    expect(student.cell("print(pair)").locator(".jp-OutputArea")).to_contain_text("(4, 5)")
    student.page.keyboard.press("Escape")
    student.page.keyboard.press("d")
    student.page.keyboard.press("d")
    expect(student.cell("print(pair)")).to_have_count(0)
    student.save()
    report = student.export()
    assert ANSWERED in exported(folder)[NAME]
    assert no_warning_in(report), report


@both_applications
def test_where_saving_fails_the_report_says_what_is_missing(student: Student, folder: Path) -> None:
    def refuse(route: Route) -> None:
        route.abort() if route.request.method == "PUT" else route.fallback()

    student.open(NAME)
    student.page.route("**/api/contents/**", refuse)
    student.answer()
    cell = student.run(EXPORT)
    for button in student.page.locator(".jp-Dialog button").all():  # about the failure
        button.click()
    report = student.report(cell)
    assert ANSWERED not in exported(folder)[NAME]
    assert NOT_SAVED in report and "Question 1: a pair: pair = (4, 5)" in report
    assert "save the notebook (Ctrl+S, on a Mac Cmd+S) and run this cell again" in report
    assert "import otter" not in report, "what is in the file is not listed"

    student.page.unroute("**/api/contents/**")
    student.cell(EXPORT).locator(".cm-content").click()
    student.save()
    report = student.export()
    assert ANSWERED in exported(folder)[NAME]
    assert no_warning_in(report), report


@both_applications
def test_the_copy_that_somebody_works_in_is_exported(student: Student, folder: Path) -> None:
    shutil.copy(folder / NAME, folder / COPY)
    student.open(COPY)
    student.answer()
    report = student.export()
    assert ANSWERED in exported(folder)[COPY]
    assert f"You are working in {COPY}" in report and f"It does not hold {NAME}." in report


@both_applications
def test_of_two_open_notebooks_the_running_one_is_exported(student: Student, folder: Path) -> None:
    shutil.copy(folder / NAME, folder / COPY)
    student.open(COPY)
    student.open(NAME)
    student.answer()
    report = student.export()
    assert exported(folder).keys() == {NAME}
    assert ANSWERED in exported(folder)[NAME]
    assert f"You are working in {NAME}" in report and f"It does not hold {COPY}." in report


@both_applications
def test_restart_and_run_all_exports_what_it_ran(student: Student, folder: Path) -> None:
    student.open(NAME)
    student.answer()
    student.write(WRITTEN, BECAUSE)
    student.choose("Kernel", "Restart Kernel and Run All Cells…")
    student.page.get_by_role("button", name="Confirm Kernel Restart").or_(
        student.page.locator(".jp-Dialog .jp-mod-accept")
    ).first.click()
    report = student.report(student.cell(EXPORT))
    cells = exported(folder)[NAME]
    assert ANSWERED in cells and BECAUSE in cells
    assert no_warning_in(report), report


@both_applications
def test_an_answer_changed_after_its_run_is_exported_and_named(
    student: Student, folder: Path
) -> None:
    student.open(NAME)
    student.answer()
    student.write(ANSWERED, "pair = (5, 4)")
    report = student.export()
    assert "pair = (5, 4)" in exported(folder)[NAME]
    assert RUN_AGAIN in report and "Question 1: a pair: pair = (5, 4)" in report
    assert no_warning_in(report, unless=[RUN_AGAIN])


@pytest.mark.ci
def test_a_notebook_that_was_renamed_while_it_ran_is_exported(
    student: Student, folder: Path
) -> None:
    student.open(NAME)
    student.answer()
    student.choose("File", "Rename Notebook…")
    student.page.locator(".jp-Dialog input").fill("mine.ipynb")
    student.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(student.page.locator(".jp-Dialog")).to_have_count(0)
    report = student.export()
    assert ANSWERED in exported(folder)["mine.ipynb"]
    assert no_warning_in(report), report


@pytest.mark.ci
@pytest.mark.parametrize("lab", [PROJECT / "student"])
def test_a_long_notebook_is_saved_though_its_last_cell_is_out_of_sight(
    student: Student, folder: Path
) -> None:
    name = "intro_convnets.ipynb"
    student.open(name)
    student.run(SETUP)
    student.write("shape_6_3 = ...", "shape_6_3 = (4, 4)")
    student.choose("Run", "Run All Cells")
    end = time.monotonic() + 120
    while not list(folder.glob("intro_convnets_*.zip")):
        assert time.monotonic() < end
        student.page.wait_for_timeout(SECONDS)
    student.page.wait_for_timeout(2 * SECONDS)  # until the zip is complete
    assert "shape_6_3 = (4, 4)" in exported(folder)[name]
