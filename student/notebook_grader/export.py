"""The zip that students hand in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .questions import Question


def export_notebook(
    notebook: Any,
    questions: Mapping[str, Question],
    names: Mapping[str, Any],
    *args: Any,
    **options: Any,
) -> Any:
    """Export the notebook.

    Args:
        notebook: an ``otter.Notebook``.
        questions: by their ids, in order.
        names: the notebook's names.
        args: of ``otter.Notebook.export``.
        options: of ``otter.Notebook.export``.
    """
    return notebook.export(*args, **options)
