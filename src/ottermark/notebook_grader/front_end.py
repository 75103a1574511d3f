"""The program in which the notebook is open: which file it shows, and how it can be made to save it.

A kernel has no message for this. JupyterLab and Notebook run the JavaScript of an output, and have
Ctrl+S (Cmd+S) as a shortcut, which a keyboard event triggers. They save through the server, while
the kernel is busy.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.display import Javascript

from .saved_notebook import notebook_paths, read_notebook

SECONDS_TO_SAVE = 5.0
_SECONDS_BETWEEN_LOOKS = 0.1

# Nothing happens unless the cell is running: an output with this script may be saved and shown
# again. JupyterLab saves what is in the tab in front, which must be this notebook.
_PRESS_SAVE = """
if (typeof element !== "undefined") {
  let looks = 40;
  const timer = setInterval(() => {
    looks -= 1;
    const cell = element.closest(".jp-CodeCell");
    if (cell === null && looks > 0) return;
    clearInterval(timer);
    const prompt = cell && cell.querySelector(".jp-InputPrompt");
    if (!prompt || !prompt.textContent.includes("*")) return;
    const tab = document.querySelector(".lm-TabBar-tab.jp-mod-current[data-id]");
    const panel = element.closest(".jp-NotebookPanel");
    if (tab && panel && tab.dataset.id !== panel.id) return;
    const mac = /Mac/i.test(navigator.platform);
    element.dispatchEvent(new KeyboardEvent("keydown", {
      key: "s", code: "KeyS", keyCode: 83, ctrlKey: !mac, metaKey: mac,
      bubbles: true, cancelable: true,
    }));
  }, 50);
}
"""


def named_by_front_end(names: Mapping[str, Any], folder: Path) -> Path | None:
    """Return the notebook that the front end says is running; None if it does not say.

    The name is from the start of the kernel, so that the file may have been renamed since.

    Args:
        names: the notebook's names; VS Code adds one of its own.
        folder: where notebooks are.
    """
    name = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    if not isinstance(name, str) or not name.lower().endswith(".ipynb"):
        return None
    path = Path(name) if Path(name).is_absolute() else folder / Path(name).name
    return path.resolve()


def can_save(names: Mapping[str, Any]) -> bool:
    """Return whether a Jupyter server, and not VS Code, has started the kernel."""
    return "JPY_SESSION_NAME" in os.environ and "__vsc_ipynb_file__" not in names


def save_notebook(folder: Path, output: Any, seconds: float = SECONDS_TO_SAVE) -> set[Path]:
    """Have the front end save the notebook in front; return the notebooks that were saved.

    Args:
        folder: where notebooks are.
        output: the display handle of an output of the running cell, for the script.
        seconds: how long to wait.
    """
    before = _modified(folder)
    output.update(Javascript(_PRESS_SAVE))
    end = time.monotonic() + seconds
    saved: set[Path] = set()
    while not saved and time.monotonic() < end:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        changed = {path for path, when in _modified(folder).items() if before.get(path) != when}
        saved = {path for path in changed if read_notebook(path) is not None}
    return saved


def _modified(folder: Path) -> dict[Path, int]:
    """Return when each notebook in a folder was last changed."""
    times = {}
    for path in notebook_paths(folder):
        try:
            times[path.resolve()] = path.stat().st_mtime_ns
        except OSError:  # deleted, or renamed, in this moment
            continue
    return times
