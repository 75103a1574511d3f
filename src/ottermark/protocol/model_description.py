"""A model as data: its layers and operations, how they are joined, and its input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAX_STEPS = 2_000
INPUT = -1  # as the step of an output: the model's input
OPERATION = "tf."  # before the name of a TensorFlow operation, as the kind of a step
PROBE_ROWS = 4  # rows of the input with which the grader compares a model to its description
UNKNOWN_LENGTH = 32  # what such rows have where the input's shape says None
# of the arrays that a model was given to learn from; as many as a small table has
MAX_FITTED_ARRAYS, MAX_FITTED_NUMBERS = 256, 32_768


@dataclass(frozen=True)
class StepOutput:
    """An output of a step, or with the step ``INPUT`` the model's input.

    Attributes:
        step: the place of the step among all.
        index: which of its outputs.
    """

    step: int
    index: int = 0


@dataclass(frozen=True)
class Weight:
    """One of the model's weights, by its place among them in Keras's order."""

    index: int


@dataclass(frozen=True)
class Step:
    """One use of a layer, or one operation.

    Attributes:
        kind: the name of Keras's class, or ``OPERATION`` and the name of a TensorFlow operation.
        name: the layer's name.
        config: a layer's settings, as Keras's ``get_config`` gives them; for an operation,
            ``outputs``, how many it has, and ``settings``, its attributes by name.
        weights: a layer's weights, in Keras's order: ``Weight``, or an array for a weight that
            the model does not count as its own.
        args: positional arguments: ``StepOutput``, ``Weight``, arrays and plain values, also
            inside lists, tuples and dicts.
        kwargs: keyword arguments of a layer, of the same kinds.
    """

    kind: str
    name: str
    config: Mapping[str, Any] = field(default_factory=dict)
    weights: Sequence[Weight | np.ndarray[Any, Any]] = ()
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_layer(self) -> bool:
        """Whether it is a use of a layer."""
        return not self.kind.startswith(OPERATION)


@dataclass(frozen=True)
class ModelDescription:
    """What a model says of itself.

    Attributes:
        steps: each comes after the steps whose outputs it takes; empty for a model that cannot be
            described.
        output: what the model returns.
        input_shape: the shape of the input, the number of rows (None) first.
        input_dtype: the input's dtype, by NumPy's name.
        obstacle: for a model that cannot be described, the name of the class or operation that
            is in the way; or empty.
        raised: for a model whose code raised on a symbolic input, the exception's type; or empty.
    """

    steps: Sequence[Step] = ()
    output: StepOutput = StepOutput(INPUT)
    input_shape: Sequence[int | None] = ()
    input_dtype: str = "float32"
    obstacle: str = ""
    raised: str = ""


def leaves(value: Any) -> Iterator[Any]:
    """Yield what stands inside nested lists, tuples and dicts, in order."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from leaves(part)
    else:
        yield value
