"""A model as data: its layers, how they are joined, and the shape of its input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_STEPS = 500
INPUT = -1  # among the inputs of a step: the model's input
PROBE_ROWS = 4  # rows of the input with which the grader compares a model to its description
UNKNOWN_LENGTH = 32  # what such rows have where the input's shape says None


@dataclass(frozen=True)
class Step:
    """One use of a layer in a model.

    Attributes:
        kind: the name of Keras's class.
        name: the layer's name.
        config: the layer's settings, as Keras's ``get_config`` gives them.
        weight_indices: the places of its weights in the model's weights, in Keras's order.
        inputs: the places of the earlier steps whose outputs it takes; ``INPUT`` is the model's
            input.
    """

    kind: str
    name: str
    config: Mapping[str, Any]
    weight_indices: Sequence[int]
    inputs: Sequence[int]


@dataclass(frozen=True)
class ModelDescription:
    """What a model says of itself.

    Attributes:
        steps: each comes after the steps whose outputs it takes, the model's output last; empty
            for a model that cannot be described.
        input_shape: the shape of the input, the number of rows (None) first.
    """

    steps: Sequence[Step] = ()
    input_shape: Sequence[int | None] = ()
