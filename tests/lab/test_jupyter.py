"""The student folder in students' hands: real Jupyter, real Otter, Colab's rules, a real browser."""

from __future__ import annotations

import base64
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import needs_chromium
from conftest import PROJECT, Graded, ottermark
from jupyter_browser import SECONDS_TO_START, JupyterServer, open_tab, running_server
from nbclient import NotebookClient
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from ottermark.audit.answer_files import build_notebook

pytestmark = pytest.mark.slow

STUDENT = PROJECT / "student"
NAME = "intro_convnets.ipynb"
SETUP = 'if "google.colab" in sys.modules:'  # only the setup cell says this
EXPORT = "grader.export("
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
CHECK = re.compile(r'grader\.check\("(\w+)"\)')

SECONDS_A_CELL = 120
SECONDS_A_CLICK = 15


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's own copy of what was handed out."""
    return Path(shutil.copytree(STUDENT, tmp_path / "lab"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def execute(notebook: Any, folder: Path) -> Any:
    """Run all cells in a kernel of their own, on past errors; return the notebook with outputs."""
    where = {"metadata": {"path": str(folder)}}
    options = {"kernel_name": "python3", "allow_errors": True, "timeout": SECONDS_A_CELL}
    return NotebookClient(notebook, resources=where, **options).execute()


def outputs(notebook: Any, kind: str) -> list[tuple[str, Any]]:
    """The outputs of one kind, each with the source of its cell."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(c.source, out) for c in code for out in c.outputs if out.output_type == kind]


def errors(notebook: Any) -> list[tuple[str, str]]:
    return [(source, f"{out.ename}: {out.evalue}") for source, out in outputs(notebook, "error")]


def printed(notebook: Any, stream: str) -> str:
    return "".join(out.text for _, out in outputs(notebook, "stream") if out.name == stream)


def checks(notebook: Any) -> dict[str, str]:
    """What the check cell of each question says."""
    results = outputs(notebook, "execute_result")
    return {m[1]: out.data["text/plain"] for code, out in results if (m := CHECK.fullmatch(code))}


def all_checks(notebook: Any) -> str:
    """What the cell says that checks all questions."""
    results = outputs(notebook, "execute_result")
    (text,) = [out.data["text/plain"] for code, out in results if code == "grader.check_all()"]
    return str(text)


def pictures(notebook: Any) -> list[tuple[str, str]]:
    """The alternative text and the address of each picture in the text."""
    text = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return PICTURE.findall("\n".join(text))


def public_tests() -> set[str]:
    return {path.stem for path in (STUDENT / "tests").glob("*.py")}


def exports(folder: Path) -> list[Path]:
    return list(folder.glob(f"{Path(NAME).stem}_*.zip"))


# --- Jupyter ---


@pytest.mark.ci  # `make test` runs its cells in a browser, below
def test_the_blank_notebook_runs_to_the_end_and_every_check_asks_for_an_answer(
    folder: Path,
) -> None:
    done = execute(read(folder / NAME), folder)
    assert errors(done) == []
    assert printed(done, "stderr") == "", "warnings would unsettle a beginner"
    said = checks(done)
    assert said.keys() == public_tests()
    for question, text in said.items():
        assert text.startswith(f"{question} is not answered yet: "), text
    overview = all_checks(done)
    count = len(public_tests())
    assert f"Open: {count} of {count} questions:" in overview
    assert "- q2_3 (Question 2.3: a first response shape) is not answered yet" in overview


@pytest.mark.ci
def test_the_solved_notebook_has_nothing_open(folder: Path) -> None:
    solved = read(PROJECT / "solutions" / NAME)
    done = execute(solved, folder)
    assert errors(done) == []
    said = checks(done)
    assert said.keys() == public_tests()
    for question, text in said.items():
        assert text == f"{question} can be read; it is marked after you hand in."
    assert all_checks(done).endswith(f"Open: 0 of {len(public_tests())} questions.")


def test_pictures_are_in_the_notebook_itself_and_have_alternative_text() -> None:
    notebook = read(STUDENT / NAME)
    found = pictures(notebook)
    figures = list((PROJECT / "assignment" / "figures").glob("*.png"))
    assert len(found) == len(figures) > 0
    for alternative, address in found:
        kind, body = address.split(",", 1)
        assert kind == "data:image/png;base64"
        assert base64.b64decode(body, validate=True).startswith(b"\x89PNG\r\n")
        assert len(alternative) > 40, f"says too little to stand in for a picture: {alternative!r}"
    for cell in notebook.cells:
        assert not cell.get("attachments") and "attachment:" not in cell.source
        assert "<img" not in cell.source, "a picture that this test would not have seen"


ANSWERS = '''
# %% q2_3
shape_6_3 = (4, 4)
# %% q2_4
shape_33_2 = (33, 33)
# %% q2_5
valid_shape = "4 by 4"
same_shape = (6, 6)
# %% q4_4
def same_padding(I, F, S):
    """The padding on each side that makes the output as large as the input."""
    return ((I - 1) * S - I + F) / 2
# %% q4_5
def conv_params(kernel_shape, in_channels, filters, bias=True):
    return kernel_shape[0] * kernel_shape[1] * in_channels * filters
# %% q5_5
predicted_params = 7850
convnet = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])
'''


def test_answers_are_checked_for_form_exported_and_graded_for_value(
    folder: Path, tmp_path: Path
) -> None:
    submission = tmp_path / "answers.py"
    submission.write_text(ANSWERS, encoding="utf-8")
    body = build_notebook(submission, folder / NAME, PROJECT / "solutions" / NAME)
    (folder / NAME).write_text(json.dumps(body), encoding="utf-8")  # export takes what is saved

    done = execute(read(folder / NAME), folder)

    assert errors(done) == []
    said = checks(done)
    for question in ("q2_3", "q2_4", "q4_4"):  # q2_4 is wrong, but can be read
        assert said[question] == f"{question} can be read; it is marked after you hand in."
    assert "valid_shape should be a pair (height, width) of whole numbers" in said["q2_5"]
    assert "same_shape should be" not in said["q2_5"]
    assert said["q3_2"].startswith("q3_2 is not answered yet")
    assert "conv_params((3, 3), 3, 10) gives 270, and the question says 280" in said["q4_5"]
    assert "convnet should have at least one convolution layer" in said["q5_5"]

    (export,) = exports(folder)
    with zipfile.ZipFile(export) as archive:
        assert NAME in archive.namelist()
    out = tmp_path / "grades"
    graded = Graded(out, ottermark("grade", export, "-a", PROJECT / "autograder", "-o", out))
    assert graded.ran.code == 0, graded.ran.err
    row = graded.rows[export.stem]
    assert row["status"] == "graded"
    earned = {q: float(row[q]) for q in public_tests() if float(row[q])}
    assert earned == {"q2_3": 1, "q2_5": 2, "q4_4": 4}
    assert float(row["score"]) == 7


# --- Google Colab ---

# Otter knows Colab by the name of IPython's shell, the notebook by the imported modules.
# The real package `google` stays: TensorFlow needs its `google.protobuf`.
COLAB = """
import sys, types

class Shell(type(get_ipython())):
    def run_line_magic(self, magic_name, line, *args, **kwargs):
        if magic_name == "pip":
            print("would run: pip", line)
        else:
            return super().run_line_magic(magic_name, line, *args, **kwargs)

Shell.__module__ = "google.colab._shell"
sys.modules["google.colab"] = types.ModuleType("google.colab")
get_ipython().__class__ = Shell
"""


def in_colab() -> Any:
    """The student notebook in a kernel that looks like Colab's and installs nothing."""
    notebook = read(STUDENT / NAME)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(COLAB))
    return notebook


@pytest.mark.ci
@pytest.mark.parametrize("beside", [True, False], ids=["notebook beside", "notebook in Drive"])
def test_colab_needs_only_the_notebook_and_the_zip(tmp_path: Path, beside: bool) -> None:
    shutil.copy(STUDENT / "colab.zip", tmp_path)
    if beside:
        shutil.copy(STUDENT / NAME, tmp_path)
    done = execute(in_colab(), tmp_path)
    for name in ("data", "tests", "notebook_grader"):
        unpacked = {path.name for path in (tmp_path / name).iterdir()} - {"__pycache__"}
        assert unpacked == {path.name for path in (STUDENT / name).iterdir()}
    assert "would run: pip install -q otter-grader==7.0.0\n" in printed(done, "stdout")
    said = checks(done)
    assert said.keys() == public_tests()
    assert all("is not answered yet" in text for text in said.values())
    assert errors(done) == []
    (report,) = [out for source, out in outputs(done, "display_data") if EXPORT in source]
    assert "choose File > Download > Download .ipynb" in report.data["text/plain"]


def test_colab_without_the_zip_says_what_to_do_and_stops(tmp_path: Path) -> None:
    notebook = in_colab()
    (setup,) = [i for i, cell in enumerate(notebook.cells) if SETUP in cell.source]
    del notebook.cells[setup + 1 :]
    done = execute(notebook, tmp_path)
    assert printed(done, "stdout") == (
        "Upload colab.zip from the student folder with the file pane at the left,\n"
        "then run this cell again.\n"
    )
    ((_, error),) = errors(done)
    assert error == "FileNotFoundError: colab.zip is not here yet"
    assert list(tmp_path.iterdir()) == []


# --- a browser ---


@pytest.fixture
def server(folder: Path, tmp_path: Path) -> Iterator[JupyterServer]:
    """A JupyterLab with no settings of its user's."""
    settings = {
        "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is in the page
    }
    home = tmp_path / "home"
    home.mkdir()
    with running_server("jupyterlab", folder, home, settings) as server:
        yield server


@pytest.fixture
def page() -> Iterator[Page]:
    """A tab of a real browser."""
    with open_tab() as page:
        yield page


ALL_LOADED = """count => {
    const pictures = [...document.querySelectorAll(".jp-Notebook .jp-RenderedMarkdown img")];
    return pictures.length === count && pictures.every(p => p.complete);
}"""
# JupyterLab shows the traceback of a cell as text on stderr, and stops there
WRONG = ".jp-Notebook [data-mime-type='application/vnd.jupyter.stderr']"
ENDED = """wrong => {
    const prompts = [...document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt")];
    return /[0-9]/.test(prompts.at(-1).textContent) || document.querySelector(wrong) !== null;
}"""


STARTED = """() => /[0-9*]/.test(
    document.querySelector(".jp-Notebook .jp-CodeCell .jp-InputPrompt").textContent
)"""


def run_all_cells(page: Page) -> None:
    """Run all cells as a student does; a click that JupyterLab is not ready for is repeated."""
    for attempts_left in reversed(range(SECONDS_TO_START // SECONDS_A_CLICK)):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            page.wait_for_function(STARTED, timeout=SECONDS_A_CLICK * 1000)
            return
        except PlaywrightTimeoutError:
            if not attempts_left:
                raise


@needs_chromium
@pytest.mark.xdist_group("browser")
def test_a_browser_shows_every_picture_and_runs_all_cells(
    page: Page, server: JupyterServer, folder: Path, tmp_path: Path
) -> None:
    notebook = read(folder / NAME)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.address_of(NAME))
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")

    page.wait_for_function(ALL_LOADED, arg=len(pictures(notebook)))
    shown = page.locator(".jp-Notebook .jp-RenderedMarkdown")
    widths = shown.locator("img").evaluate_all("found => found.map(p => p.naturalWidth)")
    assert min(widths) > 0
    expect(shown.locator("mjx-container")).to_have_count(text.count("$$") // 2)
    expect(shown.locator("mjx-merror")).to_have_count(0)
    expect(shown.locator("table")).to_have_count(len(re.findall(r"^\|-", text, re.M)))

    run_all_cells(page)
    page.wait_for_function(ENDED, arg=WRONG, timeout=SECONDS_A_CELL * 1000)
    page.screenshot(path=tmp_path / "ran.png")  # to look at when something below fails

    cells = page.locator(".jp-Notebook .jp-CodeCell")
    assert page.locator(WRONG).all_inner_texts() == []
    prompts = cells.locator(".jp-InputPrompt").all_inner_texts()
    assert prompts == [f"[{number}]:" for number in range(1, len(prompts) + 1)]
    check = cells.filter(has_text='grader.check("q2_3")').locator(".jp-OutputArea")
    assert "q2_3 is not answered yet: shape_6_3 is still ..." in check.inner_text()

    with page.expect_download() as download:
        cells.last.get_by_role("link", name="here").click()
    (export,) = exports(folder)
    assert Path(download.value.path()).read_bytes() == export.read_bytes()

    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []


# what the author and the cells have made; the rest of the page is JupyterLab's own
OURS = [".jp-Notebook .jp-RenderedMarkdown", ".jp-Notebook .jp-OutputArea-output"]
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SCREEN = 900  # pixels high


@needs_chromium
@pytest.mark.ci
@pytest.mark.xdist_group("browser")
def test_the_solved_notebook_is_accessible_and_filmed_from_top_to_bottom(
    page: Page, server: JupyterServer, folder: Path, tmp_path: Path
) -> None:
    shutil.copy(PROJECT / "solutions" / NAME, folder / NAME)
    page.set_viewport_size({"width": 1200, "height": SCREEN})
    page.goto(server.address_of(NAME))
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    page.wait_for_function(ALL_LOADED, arg=len(pictures(read(folder / NAME))))

    options = {
        "runOnly": WCAG_AA,
        "rules": {"scrollable-region-focusable": {"enabled": False}},  # boxes of JupyterLab's own
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = Axe().run(page, context={"include": OURS}, options=options).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][-200:]) for v in found] == []

    panel = page.locator(".jp-Notebook .jp-WindowedPanel-outer")
    height = panel.evaluate("panel => panel.scrollHeight")
    film = tmp_path / "film"  # to look at, one by one
    film.mkdir()
    for number, top in enumerate(range(0, height, SCREEN * 3 // 4)):
        panel.evaluate("(panel, top) => { panel.scrollTop = top; }", top)
        page.screenshot(path=film / f"{number:02}.png", animations="disabled")
    assert len(list(film.iterdir())) > 20
