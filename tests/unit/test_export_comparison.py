"""What was run, compared with the file: only what may be lost is a warning."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ottermark.notebook_grader import front_end, runs
from ottermark.notebook_grader.comparison import Differences, compare
from ottermark.notebook_grader.front_end import named_by_front_end
from ottermark.notebook_grader.open_questions import open_questions
from ottermark.notebook_grader.questions import NotebookQuestion
from ottermark.notebook_grader.runs import KernelRun, record_runs
from ottermark.notebook_grader.saved_notebook import (
    Cell,
    SavedNotebook,
    read_notebook,
    read_notebooks_beside,
)

SAVED_AT = 1000.0
EARLIER, LATER = SAVED_AT - 60, SAVED_AT + 60


def saved(*cells: tuple[str, str], path: Path = Path("lab.ipynb")) -> SavedNotebook:
    """A file with code cells of these ids and sources."""
    return SavedNotebook(path, tuple(Cell(id, "code", source) for id, source in cells), SAVED_AT)


def unsaved(differences: Differences) -> list[str]:
    return [run.source for run in differences.unsaved]


def changed(differences: Differences) -> list[str]:
    return [cell.id for cell in differences.changed]


# --- a warning ---


def test_an_answer_that_was_run_after_the_file_was_saved_is_not_in_it() -> None:
    differences = compare([KernelRun("x = 5", LATER, "a")], saved(("a", "x = ...")))
    assert unsaved(differences) == ["x = 5"]
    assert changed(differences) == []


def test_a_new_cell_that_was_run_after_the_file_was_saved_is_not_in_it() -> None:
    differences = compare([KernelRun("y = 1", LATER, "new")], saved(("a", "x = 1")))
    assert unsaved(differences) == ["y = 1"]


def test_of_a_cell_that_was_run_twice_the_last_run_counts() -> None:
    history = [KernelRun("x = 4", LATER, "a"), KernelRun("x = 5", LATER, "a")]
    assert unsaved(compare(history, saved(("a", "x = ...")))) == ["x = 5"]
    assert compare(history, saved(("a", "x = 5"))) == Differences()


def test_without_ids_of_cells_the_code_alone_is_compared() -> None:
    history = [KernelRun("x = 5", LATER), KernelRun("y = 1", LATER)]
    assert unsaved(compare(history, saved(("", "y = 1")))) == ["x = 5"]


def test_an_answer_that_became_markdown_is_not_in_the_file() -> None:
    notebook = SavedNotebook(Path("lab.ipynb"), (Cell("a", "markdown", "x = 5"),), SAVED_AT)
    assert changed(compare([KernelRun("x = 5", EARLIER, "a")], notebook)) == ["a"]


def test_an_answer_in_another_notebook_is_told_from_the_blank_one_saved_later() -> None:
    differences = compare([KernelRun("x = 5", EARLIER, "a")], saved(("a", "x = ...")))
    assert changed(differences) == ["a"]


# --- no false alarm ---


@pytest.mark.parametrize(
    ("was_run", "in_file"),
    [
        ("x = 1  # one", "x = 1"),
        ("x = [1,2]", "x = [\n    1,\n    2,\n]"),
        ("x = 1\n", "\nx = 1   "),
        ("x = 1;", "x = 1"),
        ("%matplotlib inline\nx = 1", "%matplotlib inline\n\nx = 1"),
        ("!ls", "!ls"),
        ("%%time\nx = 1", "%%time\nx = 1"),
        ("x = (1 +", "x = (1 +  "),
        ("-" * 50_000 + "1", "-" * 50_000 + "1  "),
    ],
    ids=lambda source: source[:20],
)
def test_comments_layout_and_magics_are_no_difference(was_run: str, in_file: str) -> None:
    assert compare([KernelRun(was_run, LATER, "a")], saved(("a", in_file))) == Differences()


def test_everything_in_order_after_restart_and_run_all() -> None:
    notebook = saved(("a", "import os"), ("b", "x = 1"), ("c", "x"))
    history = [KernelRun(cell.source, LATER, cell.id) for cell in notebook.cells]
    assert compare(history, notebook) == Differences()


def test_a_scratch_cell_that_was_deleted_before_saving_is_no_difference() -> None:
    history = [KernelRun("print(x)", EARLIER, "scratch"), KernelRun("x = 1", EARLIER, "a")]
    assert compare(history, saved(("a", "x = 1"))) == Differences()


def test_a_run_in_the_moment_of_saving_counts_as_saved() -> None:
    assert compare([KernelRun("print(x)", SAVED_AT + 1)], saved(("a", "x = 1"))) == Differences()


def test_a_cell_that_moved_to_another_id_is_no_difference() -> None:
    assert compare([KernelRun("x = 1", LATER, "a")], saved(("b", "x = 1"))) == Differences()


# --- what was run ---


def test_runs_are_recorded_once_with_those_before_and_without_silent_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell = InteractiveShell()
    monkeypatch.setattr(runs, "get_ipython", lambda: shell)
    shell.run_cell("first = 1", store_history=True)
    record_runs.cache_clear()
    history = record_runs()
    assert record_runs() is history
    shell.run_cell("second = 2", store_history=True, cell_id="b")
    shell.run_cell("hidden = 3", store_history=True, silent=True)
    shell.run_cell("inner = 4")
    assert [(run.source, run.cell) for run in history] == [("first = 1", ""), ("second = 2", "b")]
    assert history[0].time <= history[1].time
    record_runs.cache_clear()


# --- the file ---


def write(path: Path, assignment: str | None = "lab", **cells: str) -> Path:
    otter = {} if assignment is None else {"otter": {"assignment_name": assignment}}
    body = [{"id": i, "cell_type": "code", "source": [s]} for i, s in cells.items()]
    path.write_text(json.dumps({"cells": body, "metadata": otter}))
    return path


def test_a_file_that_is_being_written_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "lab.ipynb", a="x = 1")
    text = path.read_text()
    path.write_text(text[: len(text) // 2])
    assert read_notebook(path) is None
    path.write_text("")
    assert read_notebook(path) is None
    path.write_text("[" * 100_000)
    assert read_notebook(path) is None
    assert read_notebook(tmp_path / "other.ipynb") is None


def test_another_notebook_beside_it_is_one_of_the_same_assignment(tmp_path: Path) -> None:
    write(tmp_path / "lab-Copy1.ipynb", a="x = 1")
    write(tmp_path / "other_lab.ipynb", "other", a="x = 1")
    write(tmp_path / "Untitled.ipynb", None)
    (tmp_path / "broken.ipynb").write_text("{")
    notebook = read_notebook(write(tmp_path / "lab.ipynb", a="x = ..."))
    assert notebook is not None
    assert [other.path.name for other in read_notebooks_beside(notebook)] == ["lab-Copy1.ipynb"]


def test_a_cell_is_named_by_the_heading_above_it_and_its_first_line_of_code() -> None:
    cells = (
        Cell("t", "markdown", "# Lab\n## Question 1: a pair\n```\n# not one\n```\nSet it."),
        Cell("a", "code", "# the answer\nx = 5\ny = 6"),
    )
    notebook = SavedNotebook(Path("lab.ipynb"), cells, SAVED_AT)
    assert notebook.title_of("a", "# mine\nx = 7") == "Question 1: a pair: x = 7"
    assert notebook.title_of("gone", "z = 1") == "z = 1"
    assert notebook.title_of("", "# only a comment") == "# only a comment"
    assert notebook.title_of("", "x" * 100) == "x" * 57 + "..."


@pytest.mark.parametrize(
    ("vscode", "session", "expected"),
    [
        (None, None, None),
        (None, "{folder}/lab.ipynb", "lab.ipynb"),
        (None, "sub/folder/lab.ipynb", "lab.ipynb"),  # of the server's root
        ("{folder}/mine.ipynb", "{folder}/lab.ipynb", "mine.ipynb"),
        (None, "{folder}/console-1", None),
    ],
)
def test_the_front_end_names_the_notebook(
    vscode: str | None,
    session: str | None,
    expected: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if session is not None:
        monkeypatch.setenv("JPY_SESSION_NAME", session.format(folder=tmp_path))
    names = {} if vscode is None else {"__vsc_ipynb_file__": vscode.format(folder=tmp_path)}
    named = named_by_front_end(names, tmp_path)
    assert named == (None if expected is None else (tmp_path / expected).resolve())


class Output:
    """A display handle whose front end saves a file once it is shown the script."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def update(self, _: Any) -> None:
        if self.path is not None:
            os.utime(self.path, (LATER, LATER))


def test_what_the_front_end_saves_is_seen_and_waiting_ends(tmp_path: Path) -> None:
    write(tmp_path / "other.ipynb")
    lab = write(tmp_path / "lab.ipynb")
    assert front_end.save_notebook(tmp_path, Output(lab), seconds=5) == {lab.resolve()}
    assert front_end.save_notebook(tmp_path, Output(None), seconds=0.2) == set()


class SlowOutput(Output):
    """A display handle of a server that keeps the last version beside the file while it saves."""

    def update(self, _: Any) -> None:
        assert self.path is not None
        self.backup = Path(shutil.copy2(self.path, self.path.with_name(f".~{self.path.name}")))
        threading.Timer(0.3, super().update, [None]).start()


def test_the_copy_that_a_server_keeps_while_it_saves_is_not_taken(tmp_path: Path) -> None:
    output = SlowOutput(write(tmp_path / "lab.ipynb"))
    saved = front_end.save_notebook(tmp_path, output, seconds=5)
    assert output.backup.exists() and saved == {tmp_path.resolve() / "lab.ipynb"}


# --- open questions ---

WRITTEN = NotebookQuestion(
    "q1", "Why?", written=True, cell="a", next_cell="end", placeholder="_Here._"
)


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        (["_Here._"], True),
        ([" _Here._\n", ""], True),
        ([""], True),
        (["Because."], False),
        (["_Here._", "Because."], False),  # in a cell of the student's own
    ],
)
def test_a_written_answer_is_all_that_stands_in_its_place(answer: list[str], is_open: bool) -> None:
    ids = ["a", *(f"own{number}" for number in range(len(answer) - 1))]
    cells = [Cell(id, "markdown", text) for id, text in zip(ids, answer, strict=True)]
    end = Cell("end", "markdown", "The end.")
    notebook = SavedNotebook(Path("lab.ipynb"), (*cells, end), SAVED_AT)
    lines = ["q1 (Why?) is not answered yet"] if is_open else []
    assert open_questions(None, {"q1": WRITTEN}, {}, notebook) == lines


def test_a_written_question_without_a_place_in_the_file_does_not_count_as_answered() -> None:
    notebook = SavedNotebook(Path("lab.ipynb"), (Cell("", "markdown", "_Here._"),), SAVED_AT)
    lines = open_questions(None, {"q1": WRITTEN}, {}, notebook)
    assert lines == ["q1 (Why?) could not be found in the file"]


def test_what_was_not_run_is_not_called_unanswered() -> None:
    question = NotebookQuestion("q2", names=("pair",), cell="b")
    (line,) = open_questions(None, {"q2": question}, {}, saved(("b", "pair = (4, 5)")))
    assert line == "q2 has no value here, since its cell was not run or raised an error"
