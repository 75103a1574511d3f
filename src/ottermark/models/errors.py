"""What is raised for a model that the grader does not compute."""

from __future__ import annotations

from ottermark.errors import OttermarkError


class UnsupportedModelError(OttermarkError):
    """The grader cannot compute the model.

    The message says why, as the end of a sentence that begins with the model's name.
    """
