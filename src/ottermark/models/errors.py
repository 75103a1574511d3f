"""What is raised for a model that the grader does not compute."""

from __future__ import annotations

from ottermark.errors import OttermarkError


class UnsupportedModelError(OttermarkError):
    """The model does something that is not computed here.

    The message names it, as the end of "the model has ...".
    """
