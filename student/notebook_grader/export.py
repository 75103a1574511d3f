"""The zip that students hand in."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from typing import Any

from IPython.display import DisplayHandle, display

from .comparison import compare
from .export_report import IN_COLAB, Export, Paragraph, Report, make_report
from .front_end import can_save, named_by_front_end, save_notebook
from .open_questions import open_questions
from .questions import NotebookQuestion
from .runs import KernelRun
from .saved_notebook import SavedNotebook, read_notebook, read_notebooks_beside


def export_notebook(
    notebook: Any,
    questions: Mapping[str, NotebookQuestion],
    names: dict[str, Any],
    runs: Sequence[KernelRun],
    arguments: Mapping[str, Any],
    folder: Path,
) -> Any:
    """Export the notebook that is running, saved before if the front end can be made to do it.

    Otter writes the zip.

    Args:
        notebook: an ``otter.Notebook``.
        questions: by their ids, in order.
        names: the notebook's names.
        runs: the code that was run, the earliest first.
        arguments: of ``otter.Notebook.export``, by name.
        folder: where the notebook is.

    Returns:
        What Otter returns.
    """
    if getattr(notebook.interpreter, "name", "") == "COLAB":
        display(Report([Paragraph(IN_COLAB)]))
        return None
    output = DisplayHandle()
    output.display(Report())  # above Otter's link
    folder = folder.resolve()
    just_saved = save_notebook(folder, output) if can_save(names) else set()
    output.update(Report())
    running = _running(named_by_front_end(names, folder), just_saved)
    argument = arguments.get("nb_path")
    saved = _read_chosen(argument, running, folder, notebook._notebook)
    if saved is None:
        return notebook.export(**arguments)  # which says what is wrong
    with contextlib.nullcontext() if argument else contextlib.chdir(saved.path.parent):
        name = argument or saved.path.name
        archive = arguments.get("export_path") or _archive_name(
            argument or notebook._notebook or name
        )
        result = notebook.export(**{**arguments, "nb_path": name, "export_path": archive})
        still_open = open_questions(notebook, questions, names, saved)
        complete = zipfile.is_zipfile(archive)
    export = Export(
        notebook=saved,
        archive=archive,
        complete=complete,
        is_saved=saved.path in just_saved,
        is_running=saved.path == running,
        beside=[other.path.name for other in read_notebooks_beside(saved)],
        differences=compare(runs, saved),
        open_questions=still_open,
        question_count=len(questions),
    )
    output.update(make_report(export))
    return result


def _running(named: Path | None, just_saved: AbstractSet[Path]) -> Path | None:
    """Return the notebook that is running, if known.

    The front end named it when the kernel started. If the one that it has saved now is another,
    the notebook has been renamed since.
    """
    if named not in just_saved and len(just_saved) == 1:
        (named,) = just_saved
    return named if named is not None and named.is_file() else None


def _read_chosen(
    argument: str | None, running: Path | None, folder: Path, known_to_otter: str | None
) -> SavedNotebook | None:
    """Read the notebook to export; None if there is no name for it, or it cannot be read."""
    if argument:
        return read_notebook(Path(argument).resolve())
    if running is not None:
        return read_notebook(running)
    return read_notebook((folder / known_to_otter).resolve()) if known_to_otter else None


def _archive_name(notebook: str) -> str:
    """Return a name for the zip, in Otter's form."""
    return f"{Path(notebook).with_suffix('')}_{datetime.now():%Y_%m_%dT%H_%M_%S_%f}.zip"
