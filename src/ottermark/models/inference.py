"""Computes what a described model answers, in NumPy, as Keras does in inference.

A model stays in the worker, and what it says of itself need not be true: a table of the training
rows can call itself a small convnet. So the worker sends how the layers are joined and the
weights, and the grader computes with them: the answer is then that of these layers and weights,
whatever the process says.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ottermark.models.activations import Array
from ottermark.models.budget import ArrayTooLargeError, Budget
from ottermark.models.errors import UnsupportedModelError
from ottermark.models.layers import LAYERS, LayerCall
from ottermark.protocol.model_description import INPUT, Step

BATCH_SIZES = (64, 8, 1)  # rows of the input at a time; fewer if the arrays are too large


class ForwardPass:
    """A model's computation from its input to its output.

    Args:
        steps: see ``ModelDescription``.
        weights: all weights of the model, in Keras's order.

    Raises:
        UnsupportedModelError: a layer is of a kind that is not computed here, or the steps and
            weights are not those of one model.
    """

    def __init__(self, steps: Sequence[Step], weights: Sequence[Array]) -> None:
        for index, step in enumerate(steps):
            if step.kind not in LAYERS:
                raise UnsupportedModelError(f"a layer `{step.kind}`")
            if not all(INPUT <= source < index for source in step.inputs) or not step.inputs:
                raise UnsupportedModelError("layers that are not in order")
        sources = {source for step in steps for source in step.inputs}
        if any(index not in sources for index in range(len(steps) - 1)):
            raise UnsupportedModelError("layers that lead nowhere")
        if {index for step in steps for index in step.weight_indices} != set(range(len(weights))):
            raise UnsupportedModelError("weights that belong to no layer")
        self._steps = steps
        self._weights = [np.asarray(weight, np.float64) for weight in weights]

    def __call__(self, x: Array) -> Array:
        """Return the model's output, float32 of shape (len(x), ...).

        Raises:
            UnsupportedModelError: a setting is not computed here, or it takes too much memory or
                work.
            ValueError: layers, weights and input do not fit each other.
        """
        x = np.asarray(x, np.float64)
        for size in BATCH_SIZES:
            budget = Budget()
            try:
                with np.errstate(all="ignore"):
                    batches = [
                        self._run(x[start : start + size], budget)
                        for start in range(0, len(x), size)
                    ]
                return np.concatenate(batches).astype(np.float32)
            except ArrayTooLargeError:
                continue
            except UnsupportedModelError:
                raise
            except Exception as error:  # the settings and shapes can be anything
                raise ValueError(f"layers, weights and input do not fit: {error!r}") from None
        raise UnsupportedModelError("layers whose values are too large")

    def _run(self, x: Array, budget: Budget) -> Array:
        outputs = {INPUT: x}
        for index, step in enumerate(self._steps):
            weights = iter([self._weights[at] for at in step.weight_indices])
            inputs = [outputs[source] for source in step.inputs]
            output = LAYERS[step.kind](LayerCall(inputs, step.config, weights, budget))
            if next(weights, None) is not None or len(output) != len(x):
                raise ValueError(step.kind)
            outputs[index] = output
            budget.spend(output.shape)
        return outputs[len(self._steps) - 1]
