"""What the name of a file says of it: one definition for files, folders, zips and platforms.

Browsers and operating systems change names: a notebook may arrive as ``LAB.IPYNB``,
``lab.ipynb.txt`` or ``lab.ipynb.json``, and with a ``._lab.ipynb`` beside it that is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

OTTER_TIME = r"[0-9]{4}_[0-9]{2}_[0-9]{2}T[0-9]{2}_[0-9]{2}_[0-9]{2}_[0-9]{6}"  # in its exports

_SAVED_AS = r"(?:\.txt|\.json)?"  # what a browser appends to the name of a notebook
_NOTEBOOK = re.compile(rf"(?P<stem>.*)\.ipynb{_SAVED_AS}", re.I | re.S)
# notes, data and modules: students and courses keep them beside a notebook
_MATERIAL = re.compile(
    r"(?:readme|license|requirements)\b.*|.*\.(?:md|rst|log|csv|tsv|xlsx?|ods|json|ya?ml|toml|npy|npz|h5|keras"
    r"|pkl|py|pyc|png|jpe?g|gif|svg)",
    re.I | re.S,
)
_DOCUMENTS = {
    ".pdf": "a PDF",
    ".html": "a web page",
    ".htm": "a web page",
    ".doc": "a text document",
    ".docx": "a text document",
    ".odt": "a text document",
    ".rar": "an archive of another kind than zip",
    ".7z": "an archive of another kind than zip",
    ".tar": "an archive of another kind than zip",
    ".gz": "an archive of another kind than zip",
    ".py": "a Python script",
}


def is_hidden(parts: Sequence[str]) -> bool:
    """Return whether a path of these parts is hidden, or macOS's or Jupyter's own."""
    return any(re.match(r"\.(?!\.$)|__MACOSX$", part) for part in parts)


def is_notebook(name: str) -> bool:
    """Return whether a file of this name is a notebook."""
    return _NOTEBOOK.fullmatch(name) is not None


def is_zip(name: str) -> bool:
    """Return whether a file of this name is a zip."""
    return name.lower().endswith(".zip")


def is_gradable(name: str) -> bool:
    """Return whether a file of this name could be graded."""
    return is_notebook(name) or is_zip(name)


def is_material(name: str) -> bool:
    """Return whether a file of this name is no answer to the lab, but notes, data or a module."""
    return not is_gradable(name) and _MATERIAL.fullmatch(name) is not None


def is_document(name: str) -> bool:
    """Return whether a file of this name may have been submitted in place of a notebook."""
    return not is_gradable(name) and not is_material(name)


def describe_document(name: str) -> str:
    """Return what a document is, as in "a PDF"; empty for an unknown kind."""
    return _DOCUMENTS.get(Path(name).suffix.lower(), "")


def name_without_suffix(name: str) -> str:
    """Return a file's name without the suffix of its kind."""
    match = _NOTEBOOK.fullmatch(name)
    return match["stem"] if match else Path(name).stem


def expected_names(notebook: str) -> re.Pattern[str]:
    """Return a pattern of the names of the assignment's notebook and of Otter's exports of it."""
    stem = re.escape(name_without_suffix(notebook))
    return re.compile(rf"{stem}\.ipynb{_SAVED_AS}|{stem}_{OTTER_TIME}\.zip", re.I)
