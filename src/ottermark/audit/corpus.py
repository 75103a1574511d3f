"""Submissions written as small answer files, put into the lab's own notebooks.

An answer file is Python in ``# %%`` cells, each named for the question that it answers;
``# %% end`` is a cell added after all others. ``# base: solution`` in its head starts from
the solved notebook instead of the blank one, and ``# editor: colab`` or ``vscode`` saves it as these
do. ``python -m ottermark.audit.corpus FOLDER OUT`` writes
a notebook for each answer file in FOLDER.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ottermark.errors import UsageError

ANSWER_TAGS = {"otter_answer_cell", "otter_assign_solution_cell"}  # Otter's own

EDITORS = ("colab", "vscode")

_CELL = re.compile(r"^# %% *(\S+) *\n", re.M)
_BASE = re.compile(r"^# base: *(\S+) *$", re.M)
_EDITOR = re.compile(r"^# editor: *(\S+) *$", re.M)
_CHECK = re.compile(r"grader\.check\(\"([^\"]+)\"\)")


def notebook(answers: Path, student: Path, solution: Path) -> dict[str, Any]:
    """Return the notebook that an answer file describes; raises ``UsageError``.

    Args:
        answers: the answer file.
        student: the blank student notebook.
        solution: the solved notebook.
    """
    head, *parts = _CELL.split(answers.read_text(encoding="utf-8"))
    base = _BASE.search(head)
    source = solution if base and base[1] == "solution" else student
    body: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    answered: dict[str, str] = {}
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        if name == "end":
            body["cells"].append(_code(text, f"added-{len(body['cells'])}"))
        else:
            answered[name] = text
    if unknown := answered.keys() - answer_cells(body).keys():
        raise UsageError(f"{answers}: no question {min(unknown)!r} has an answer cell.")
    body = with_answers(body, answered)
    editor = _EDITOR.search(head)
    if editor and editor[1] not in EDITORS:
        raise UsageError(f"{answers}: no editor {editor[1]!r}; name one of {', '.join(EDITORS)}.")
    return _saved_by(editor[1], body) if editor else body


def _saved_by(editor: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change what an editor changes when it saves a notebook: metadata, ids, the form of cells."""
    for number, cell in enumerate(body["cells"]):
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        if editor == "colab":
            cell["metadata"] = {"id": cell.pop("id", str(number))}
        elif cell["cell_type"] == "code":
            cell["metadata"] = {**cell["metadata"], "vscode": {"languageId": "python"}}
            cell["execution_count"] = number
    kernel = {"name": "python3", "display_name": "Python 3"}
    if editor == "colab":
        body["nbformat_minor"] = 0
        body["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU", "kernelspec": kernel}
    else:
        body["metadata"]["kernelspec"] = {**kernel, "display_name": ".venv", "language": "python"}
    return body


def with_answers(notebook: dict[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Put code into the answer cells of some questions, and take all outputs out."""
    places = answer_cells(notebook)
    for question, source in answers.items():
        notebook["cells"][places[question]]["source"] = source.strip("\n")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def answer_cells(notebook: dict[str, Any]) -> dict[str, int]:
    """Return the index of each question's answer cell: the last one before its check."""
    places: dict[str, int] = {}
    last: int | None = None
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        check = _CHECK.search("".join(cell["source"]))
        if check and last is not None:
            places[check[1]] = last
        elif ANSWER_TAGS & set(cell["metadata"].get("tags", [])):
            last = index
    return places


def _code(source: str, cell_id: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {},
        "source": source.strip("\n"),
        "outputs": [],
        "execution_count": None,
    }


def write_class(folder: Path, out: Path, project: Path) -> list[Path]:
    """Write a notebook for each answer file in ``folder``; return their paths.

    Args:
        project: holds the built ``student/`` and ``solutions/`` folders.
    """
    (blank,) = (project / "student").glob("*.ipynb")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for answers in sorted(folder.glob("*.py")):
        body = notebook(answers, blank, project / "solutions" / blank.name)
        target = out / f"{answers.stem}.ipynb"
        target.write_text(json.dumps(body, indent=1, ensure_ascii=False), encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    write_class(Path(sys.argv[1]), Path(sys.argv[2]), Path())
