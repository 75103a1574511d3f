"""A student's model as tests see it: verified and computed by the grader where that is possible."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

import numpy as np

from ottermark.models.activations import Array
from ottermark.models.errors import UnsupportedModelError
from ottermark.models.inference import ForwardPass
from ottermark.protocol.model_description import PROBE_ROWS, UNKNOWN_LENGTH
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteModel,
    ValueRejectedError,
)

MAX_CACHED_ANSWERS = 16
_TOLERANCE = 0.01  # relative: a model may compute in lower precision


class KerasLayer:
    """One layer of a verified model; its class carries the name of Keras's class."""

    def __init__(self, name: str, params: int, config: dict[str, Any]) -> None:
        self.name, self._params, self._config = name, params, config

    def count_params(self) -> int:
        """Return the number of weights in this layer."""
        return self._params

    def get_config(self) -> dict[str, Any]:
        """Return the layer's settings as Keras gives them."""
        return self._config


class KerasModel:
    """A Keras model that stays in the worker; also a scikit-learn estimator.

    The model's description is verified: the grader computes a few random rows with the layers and
    weights that it names, and compares the result with the model's own answer. If both agree,
    ``predict`` is computed here. If they do not, or the grader cannot compute the model, as in
    the case of an estimator, ``predict`` asks the model, and its layers and weights are rejected.
    """

    def __init__(self, remote: RemoteModel) -> None:
        self._remote = remote
        self.handle, self.name = remote.handle, remote.name
        self._steps = remote.description.steps
        self._input_shape = tuple(remote.description.input_shape)
        self._weights: list[Array] = []
        self._output_shape: tuple[int | None, ...] = ()
        self._answers: dict[bytes, Array] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Have the worker call the model as a function, e.g. one of augmentation layers."""
        return self._remote.ask_to_call(*args, **kwargs)

    def predict(self, x: Any, **_: Any) -> Array:
        """Return the model's output, shape (len(x), ...); keyword arguments are ignored.

        Raises:
            CallFailedError: the model raised.
            CallTimeoutError: the model did not answer in time.
            ValueRejectedError: the answer cannot be had, or is not that of the model's layers.
        """
        if self._forward is None:
            return np.asarray(self._remote.ask_for_prediction(x))
        try:
            return self._compute(self._forward, np.asarray(x)).copy()
        except UnsupportedModelError as error:
            raise ValueRejectedError(f"the model has {error}") from None
        except ValueError:
            self._remote.ask_for_prediction(x)  # raises with Keras's own message
            raise ValueRejectedError("the model's answer is not that of its layers") from None

    @property
    def is_verified(self) -> bool:
        """Whether the grader computes the model's answers itself."""
        return self._forward is not None

    @property
    def layers(self) -> list[KerasLayer]:
        """The layers in the order of their use, those of models within the model included."""
        self._require_verified()
        return [
            type(step.kind, (KerasLayer,), {})(
                step.name,
                sum(self._weights[at].size for at in step.weight_indices),
                dict(step.config),
            )
            for step in self._steps
        ]

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of the input, the number of rows (None) first."""
        self._require_verified()
        return self._input_shape

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """The shape of the output, the number of rows (None) first."""
        self._require_verified()
        return self._output_shape

    def count_params(self) -> int:
        """Return the number of weights."""
        return sum(weight.size for weight in self.get_weights())

    def get_weights(self) -> list[Array]:
        """Return the weights as arrays, in Keras's order."""
        self._require_verified()
        return [weight.copy() for weight in self._weights]

    def _require_verified(self) -> None:
        if self._forward is None:
            raise ValueRejectedError(
                "what the model says of its layers does not explain what it answers"
            )

    @cached_property
    def _forward(self) -> ForwardPass | None:
        """The computation that the model describes; None if the model answers otherwise."""
        if not self._steps:
            return None
        shape = (PROBE_ROWS, *(n or UNKNOWN_LENGTH for n in self._input_shape[1:]))
        probes = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        try:
            self._weights = [np.asarray(weight) for weight in self._remote.ask_for_weights()]
            forward = ForwardPass(self._steps, self._weights)
            computed = forward(probes)
            answered = np.asarray(self._remote.ask_for_prediction(probes), float)
        except CallTimeoutError:
            raise
        except (ValueRejectedError, CallFailedError, UnsupportedModelError, ValueError, TypeError):
            return None
        self._output_shape = (None, *computed.shape[1:])
        tolerance = _TOLERANCE * float(np.abs(computed).max(initial=0)) + 1e-6
        if computed.shape != answered.shape:
            return None
        return forward if np.allclose(computed, answered, _TOLERANCE, tolerance) else None

    def _compute(self, forward: ForwardPass, x: Array) -> Array:
        """Compute an answer once: several tests and misconceptions ask for the same rows."""
        key = hashlib.sha256(repr((x.shape, x.dtype.str)).encode() + x.tobytes()).digest()
        if key not in self._answers:
            if len(self._answers) == MAX_CACHED_ANSWERS:
                self._answers.clear()
            self._answers[key] = forward(self._with_matching_axes(x))
        return self._answers[key]

    def _with_matching_axes(self, x: Array) -> Array:
        """Add or remove a last axis of length one, as Keras does."""
        if x.ndim == len(self._input_shape) - 1 and self._input_shape[-1] == 1:
            return x[..., np.newaxis]
        if x.ndim == len(self._input_shape) + 1 and x.shape[-1] == 1:
            return x[..., 0]
        return x
