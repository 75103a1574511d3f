"""What students read of an export."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .comparison import Differences
from .saved_notebook import SavedNotebook

MAX_ITEMS = 8
_SAVE = "save the notebook (Ctrl+S, on a Mac Cmd+S) and run this cell again."

IN_COLAB = (
    "In Google Colab no zip is made here: choose File > Download > Download .ipynb and hand in "
    "that file."
)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, which may have a list in it.

    Attributes:
        items: of the list, which follows ``text``.
        end: follows the list.
        important: whether it is a warning.
    """

    text: str
    items: Sequence[str] = ()
    end: str = ""
    important: bool = False

    def __repr__(self) -> str:
        lines = [self.text, *(f"- {item}" for item in self._shown), self.end]
        return "\n".join(line for line in lines if line)

    def to_html(self) -> str:
        """Return it as HTML."""
        text = html.escape(self.text)
        items = "".join(f"<li>{html.escape(item)}</li>" for item in self._shown)
        parts = [
            f"<p><strong>{text}</strong></p>" if self.important else f"<p>{text}</p>",
            f"<ul>{items}</ul>" if items else "",
            f"<p>{html.escape(self.end)}</p>" if self.end else "",
        ]
        return "".join(parts)

    @property
    def _shown(self) -> list[str]:
        more = len(self.items) - MAX_ITEMS
        return [*self.items[:MAX_ITEMS], *([f"and {more} more"] if more > 0 else [])]


@dataclass(frozen=True)
class Report:
    """The paragraphs of an export's report, warnings first."""

    paragraphs: Sequence[Paragraph] = ()

    def __repr__(self) -> str:
        return "\n\n".join(repr(paragraph) for paragraph in self.paragraphs)

    def _repr_html_(self) -> str:
        return "".join(paragraph.to_html() for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Export:
    """An export.

    Attributes:
        notebook: the file in the zip.
        archive: the name of the zip.
        complete: whether the zip is finished; without the PDF, Otter asks first.
        is_saved: whether the notebook was saved for the export.
        is_running: whether the front end says that this is the notebook that is running.
        beside: the names of other notebooks of the assignment in the folder.
        open_questions: a line for each.
        question_count: of all questions; 0 if they are not known.
    """

    notebook: SavedNotebook
    archive: str
    complete: bool
    is_saved: bool
    is_running: bool
    beside: Sequence[str]
    differences: Differences
    open_questions: Sequence[str]
    question_count: int


def make_report(export: Export) -> Report:
    """Return what a student is to know of an export."""
    paragraphs = [
        *_differences(export),
        *_other_notebooks(export),
        *_open_questions(export),
        _result(export),
    ]
    return Report(sorted(paragraphs, key=lambda paragraph: not paragraph.important))


def _differences(export: Export) -> list[Paragraph]:
    notebook, differences = export.notebook, export.differences
    paragraphs = []
    if differences.unsaved:
        paragraphs.append(
            Paragraph(
                f"The zip does not hold everything that you have run. {notebook.path.name} in it "
                f"was saved at {_time(notebook)}; these cells were run after that, and are not in "
                "it as they were run:",
                [notebook.title_of(run.cell, run.source) for run in differences.unsaved],
                f"To have them in it, {_SAVE}",
                important=True,
            )
        )
    if differences.changed:
        paragraphs.append(
            Paragraph(
                f"{notebook.path.name} in the zip has other code in these cells than you ran last:",
                [notebook.title_of(cell.id, cell.source) for cell in differences.changed],
                "If you have changed them since, run them again to see that they work."
                if export.is_running
                else "If you have not changed them since, you are working in another notebook.",
                important=not export.is_running,
            )
        )
    return paragraphs


def _other_notebooks(export: Export) -> list[Paragraph]:
    if not export.beside:
        return []
    name, others = export.notebook.path.name, " and ".join(export.beside)
    if export.is_running:
        text = f"You are working in {name}, and the zip holds that. It does not hold {others}."
        return [Paragraph(text)]
    other = export.beside[0]
    return [
        Paragraph(
            f"The zip holds {name}. It does not hold {others}. If you work in {other}, save it, "
            f'add nb_path="{other}" between the brackets of grader.export, and run it again.',
            important=True,
        )
    ]


def _open_questions(export: Export) -> list[Paragraph]:
    total, still_open = export.question_count, export.open_questions
    if not total:
        return []
    if not still_open:
        return [Paragraph(f"All {total} questions have an answer.")]
    verb = "is" if len(still_open) == 1 else "are"
    return [Paragraph(f"{len(still_open)} of {total} questions {verb} open:", still_open)]


def _result(export: Export) -> Paragraph:
    name = export.notebook.path.name
    if not export.complete:
        return Paragraph(f"{export.archive} is not finished yet: press the button below first.")
    when = f"saved at {_time(export.notebook)}"
    not_saved = f" If you have changed anything since then, {_SAVE}"
    return Paragraph(
        f"{export.archive} holds {name}, {when}.{'' if export.is_saved else not_saved} Download "
        "the zip and upload it where the text above this cell says."
    )


def _time(notebook: SavedNotebook) -> str:
    return datetime.fromtimestamp(notebook.saved_at).strftime("%H:%M:%S on %Y-%m-%d")
