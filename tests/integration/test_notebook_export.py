"""Exports in a kernel whose front end cannot save, as in VS Code; tests/lab has those that can."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import labs
import nbformat
import pytest
from conftest import ottermark
from nbclient import NotebookClient

COPY = "tiny-Copy1.ipynb"
ANSWER = "pair = (4, 5)"
ONE_HOUR = 3600


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lab")
    text = labs.TINY.replace("export_cell: false", "export_cell: {pdf: false, run_tests: false}")
    labs.write_tiny(folder, text)
    (folder / "otter_config.json").write_text('{"notebook_grader": true}')
    ran = ottermark("build", cwd=folder)
    assert ran.code == 0, ran.err
    student = folder / "student"
    blank = (student / "tiny.ipynb").read_bytes()
    (student / COPY).write_bytes(blank)
    an_hour_ago = (student / COPY).stat().st_mtime - ONE_HOUR
    os.utime(student / COPY, (an_hour_ago, an_hour_ago))
    return student


def test_the_report_says_what_the_zip_lacks_until_the_notebook_is_saved(student: Path) -> None:
    body = nbformat.read(student / COPY, as_version=4)
    setup = next(cell.source for cell in body.cells if "import otter" in cell.source)
    (answer,) = [cell for cell in body.cells if cell.source == "pair = ..."]
    answer.source = ANSWER
    in_vscode = f"__vsc_ipynb_file__ = {str(student / COPY)!r}"
    save = f"_ = open({COPY!r}, 'w').write({nbformat.writes(body)!r})"
    code = [setup, in_vscode, ANSWER, "grader.export(pdf=False)", save, "grader.export(pdf=False)"]
    notebook = labs.notebook("code: 0")
    notebook.cells = [labs.code_cell(source, f"run{number}") for number, source in enumerate(code)]

    NotebookClient(notebook, resources={"metadata": {"path": str(student)}}).execute()

    before, after = (report_of(notebook.cells[number]) for number in (3, 5))
    assert f"{COPY} in it was saved at " in before and f"- {ANSWER}\n" in before
    assert "save the notebook (Ctrl+S, on a Mac Cmd+S) and run this cell again" in before
    assert f"You are working in {COPY}" in before and "It does not hold tiny.ipynb." in before
    assert "not hold everything" not in after and f"holds {COPY}, saved at " in after
    first, second = sorted(student.glob("tiny_*.zip"))
    assert ANSWER not in sources(first) and ANSWER in sources(second)


def report_of(cell: Any) -> str:
    """The report, which is above Otter's link."""
    return str(cell.outputs[0].data["text/plain"])


def sources(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        (name,) = [name for name in opened.namelist() if name.endswith(".ipynb")]
        return [cell.source for cell in nbformat.reads(opened.read(name), as_version=4).cells]
