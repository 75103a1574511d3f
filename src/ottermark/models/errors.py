"""What is raised for a model that the grader does not compute."""

from __future__ import annotations

from ottermark.errors import OttermarkError
from ottermark.protocol.proxies import ValueRejectedError


class UnsupportedModelError(OttermarkError):
    """The grader cannot compute the model.

    The message says why, as the end of a sentence that begins with the model's name.
    """


class UnverifiedModelError(ValueRejectedError):
    """A test asks for layers or weights of a model which the grader cannot compute from these.

    The message says why, as the note on the model does, which is read before any hidden test runs.
    """


_OBSTACLES = {
    "several_inputs": "has several inputs",
    "several_outputs": "has several outputs",
    "no_shape": "does not say what shape its input has",
    "unbuilt": "has no weights yet: train it, or call it once",
    "size": "is too large",
}


def describe_obstacle(name: str) -> str:
    """Return why a model is not computed, as the end of a sentence.

    Args:
        name: of a layer, class or operation; see ``ModelDescription.obstacle``.
    """
    return _OBSTACLES.get(name, f"uses `{name}`, which the grader does not compute")
