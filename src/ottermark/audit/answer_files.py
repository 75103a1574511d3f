"""Answer files: submissions written as short Python files, and the notebooks made from them.

An answer file consists of ``# %%`` cells. Each cell is named after the question that it answers;
``# %% end`` adds a cell after all others. The comments before the first cell may contain

- ``# base: solution``: start from the solved notebook instead of the blank one;
- ``# editor: colab`` or ``# editor: vscode``: save the notebook as that editor does.

``python -m ottermark.audit.answer_files FOLDER OUT`` writes a notebook for each answer file in
FOLDER.
"""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ottermark.errors import UsageError

EDITORS = ("colab", "vscode")

_ANSWER_TAGS = {"otter_answer_cell", "otter_assign_solution_cell"}  # Otter's own
_CELL = re.compile(r"^# %% *(\S+) *\n", re.M)
_BASE = re.compile(r"^# base: *(\S+) *$", re.M)
_EDITOR = re.compile(r"^# editor: *(\S+) *$", re.M)
_CHECK = re.compile(r"grader\.check\(\"([^\"]+)\"\)")


def build_notebook(answer_file: Path, blank: Path, solution: Path) -> dict[str, Any]:
    """Return the notebook that an answer file describes.

    Args:
        answer_file: the answer file.
        blank: the student notebook.
        solution: the solved notebook.

    Raises:
        UsageError: the file names a question or an editor that does not exist.
    """
    head, *parts = _CELL.split(answer_file.read_text(encoding="utf-8"))
    cells = list(zip(parts[::2], parts[1::2], strict=True))
    base = _BASE.search(head)
    path = solution if base and base[1] == "solution" else blank
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name, source in cells:
        if name == "end":
            added = _code_cell(source, f"added-{len(notebook['cells'])}")
            notebook["cells"].append(added)
    answers = {name: source for name, source in cells if name != "end"}
    if unknown := answers.keys() - find_answer_cells(notebook).keys():
        raise UsageError(
            f"{answer_file}: no question {min(unknown)!r} has an answer cell; rename the cell."
        )
    notebook = with_answers(notebook, answers)
    editor = _EDITOR.search(head)
    if editor is None:
        return notebook
    if editor[1] not in EDITORS:
        raise UsageError(
            f"{answer_file}: unknown editor {editor[1]!r}; use one of {', '.join(EDITORS)}."
        )
    return _as_saved_by(editor[1], notebook)


def with_answers(notebook: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of a notebook with code in the answer cells of some questions and no outputs.

    Args:
        answers: the source code by question id.
    """
    answered: dict[str, Any] = copy.deepcopy(dict(notebook))
    positions = find_answer_cells(notebook)
    for question, source in answers.items():
        answered["cells"][positions[question]]["source"] = source.strip("\n")
    for cell in answered["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return answered


def find_answer_cells(notebook: Mapping[str, Any]) -> dict[str, int]:
    """Return the index of each question's answer cell: the last one before its check."""
    positions: dict[str, int] = {}
    last: int | None = None
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        check = _CHECK.search("".join(cell["source"]))
        if check and last is not None:
            positions[check[1]] = last
        elif _ANSWER_TAGS & set(cell["metadata"].get("tags", [])):
            last = index
    return positions


def write_notebooks(folder: Path, out: Path, project: Path) -> list[Path]:
    """Write a notebook for each answer file in ``folder``; return their paths.

    Args:
        out: the folder of the notebooks; it is created if necessary.
        project: the folder with the built ``student/`` and ``solutions/``.
    """
    (blank,) = (project / "student").glob("*.ipynb")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for answer_file in sorted(folder.glob("*.py")):
        notebook = build_notebook(answer_file, blank, project / "solutions" / blank.name)
        target = out / f"{answer_file.stem}.ipynb"
        target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False), encoding="utf-8")
        written.append(target)
    return written


def _as_saved_by(editor: str, notebook: dict[str, Any]) -> dict[str, Any]:
    """Change what an editor changes when it saves a notebook: metadata, ids, the form of cells."""
    for number, cell in enumerate(notebook["cells"]):
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        if editor == "colab":
            cell["metadata"] = {"id": cell.pop("id", str(number))}
        elif cell["cell_type"] == "code":
            cell["metadata"] = {**cell["metadata"], "vscode": {"languageId": "python"}}
            cell["execution_count"] = number
    kernel = {"name": "python3", "display_name": "Python 3"}
    if editor == "colab":
        notebook["nbformat_minor"] = 0
        notebook["metadata"] = {
            "colab": {"provenance": []},
            "accelerator": "GPU",
            "kernelspec": kernel,
        }
    else:
        notebook["metadata"]["kernelspec"] = {
            **kernel,
            "display_name": ".venv",
            "language": "python",
        }
    return notebook


def _code_cell(source: str, cell_id: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {},
        "source": source.strip("\n"),
        "outputs": [],
        "execution_count": None,
    }


if __name__ == "__main__":
    write_notebooks(Path(sys.argv[1]), Path(sys.argv[2]), Path())
