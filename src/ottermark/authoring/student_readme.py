"""The README of the student folder: how to start, and how to hand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from ottermark.authoring.master import code_of
from ottermark.authoring.split import Split
from ottermark.submissions.grading_places import heading_above

README = "README.md"

_EXPORT = re.compile(r"^grader\.export\(.*$", re.M)
_DESCRIPTIONS = {
    "colab.zip": "what Google Colab needs beside the notebook",
    "notebook_grader": "what `grader` runs when it checks and exports",
    "requirements.txt": "the packages that the notebook needs",
    "tests": "what `grader.check` runs",
}


def student_readme(split: Split, folder: Path, colab_address: str | None = None) -> str:
    """Return the README of a student folder.

    Args:
        folder: with all the other files.
        colab_address: where Google Colab opens the notebook, if the instructor has said so.
    """
    environment = Environment(  # no page: nothing is escaped
        loader=PackageLoader("ottermark.authoring"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    code = "\n".join(code_of(split.student))
    export = _EXPORT.search(code)
    checked = [question.id for question in split.assignment.automatic if question.check_cell]
    return environment.get_template("student_readme.md.j2").render(
        title=heading_above(split.student.cells, 0) or split.assignment.name,
        notebook=split.assignment.notebook,
        colab="colab.zip" in code,
        colab_address=colab_address,
        checked=next(iter(checked), ""),
        export=export[0] if export else "",
        contents=list(_contents(split, folder)),
    )


def _contents(split: Split, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the names in a folder, each with what it is."""
    yield split.assignment.notebook, "the notebook"
    for path in sorted(folder.iterdir()):
        if path.name not in (split.assignment.notebook, README):
            text = _DESCRIPTIONS.get(path.name, "what the notebook reads")
            yield f"{path.name}/" if path.is_dir() else path.name, text
