"""A student's model as tests see it: verified and computed by the grader where that is possible."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from ottermark.models.errors import (
    UnsupportedModelError,
    UnverifiedModelError,
    describe_obstacle,
)
from ottermark.models.evaluator import Array, Evaluator
from ottermark.protocol.codec import MAX_ELEMENTS
from ottermark.protocol.model_description import (
    INPUT,
    MAX_FITTED_ARRAYS,
    MAX_FITTED_NUMBERS,
    OPERATION,
    PROBE_ROWS,
    UNKNOWN_LENGTH,
    ModelDescription,
    StepOutput,
    Weight,
    leaves,
)
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteModel,
    ValueRejectedError,
)

MAX_CACHED_ANSWERS = 16
MAX_CACHED_NUMBERS = 2 * MAX_ELEMENTS
# Numbers outside of the weights, such as shapes and factors, which do not count as weights; of a network with a
# large input two for each number of it: a mean and a spread.
MAX_FREE_CONSTANTS, FREE_FOR_EACH_INPUT = 256, 2
_TOLERANCE = 0.01  # relative: a model may compute in lower precision


class KerasLayer:
    """One layer or operation of a verified model; its class carries the name of Keras's class.

    Attributes:
        compute: returns the layer's output for rows of the model's input, shape (N, ...); raises
            ``ValueRejectedError`` where that cannot be computed. If the layer has several outputs,
            it is the first; if it is used several times, each use is a layer.
    """

    def __init__(
        self, name: str, params: int, config: Mapping[str, Any], compute: Callable[[Any], Array]
    ) -> None:
        self.name, self._params, self._config = name, params, dict(config)
        self.compute = compute

    def count_params(self) -> int:
        """Return the number of weights in this layer."""
        return self._params

    def get_config(self) -> dict[str, Any]:
        """Return the layer's settings as Keras gives them."""
        return self._config


def make_model(remote: RemoteModel, evaluator: Evaluator) -> Estimator:
    """Return what tests see of a model: a ``KerasModel`` if it describes itself as one."""
    description = remote.description
    is_keras = bool(description.steps or description.obstacle or description.raised)
    return KerasModel(remote, evaluator) if is_keras else Estimator(remote)


class Estimator:
    """A scikit-learn estimator that stays in the worker; whatever is asked of it, it is asked."""

    def __init__(self, remote: RemoteModel) -> None:
        self._remote = remote
        self.handle, self.name = remote.handle, remote.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Have the worker call the model as a function, e.g. one of augmentation layers."""
        return self._remote.ask_to_call(*args, **kwargs)

    def predict(self, x: Any) -> Array:
        """Return the model's output; raises what ``Peer.call`` does."""
        return np.asarray(self._remote.ask_for_prediction(x))


class KerasModel(Estimator):
    """A Keras model that stays in the worker.

    The model's description is verified: the evaluator computes a few random rows with the layers
    and weights that it names, and the result is compared with the model's own answer. If both
    agree, up to a factor and a constant that a ``predict`` of the student's may apply, ``predict``
    is computed by the evaluator. If the model cannot be computed, ``predict`` asks the model, and
    its layers and weights are rejected. If it answers otherwise than its layers and weights do,
    ``predict`` is rejected as well.
    """

    def __init__(self, remote: RemoteModel, evaluator: Evaluator) -> None:
        super().__init__(remote)
        self._evaluator = evaluator
        self._description = remote.description
        self._weights: list[Array] = []
        self._output_shape: tuple[int | None, ...] = ()
        self._is_contradictory = False
        self._scale = _Scale(1.0, 0.0)
        self._answers: dict[bytes, Array] = {}
        self._too_many_rows = math.inf  # as many have taken too much time or memory before

    def predict(self, x: Any, **_: Any) -> Array:
        """Return the model's output, shape (len(x), ...); keyword arguments are ignored.

        Raises:
            CallFailedError: the model raised.
            CallTimeoutError: the model did not answer in time.
            ValueRejectedError: the answer cannot be had, or is not that of the model's layers.
        """
        if not self.is_verified:
            if self._is_contradictory:
                raise ValueRejectedError(f"`{self.name}` {self.why_unverified}")
            return super().predict(x)
        try:
            return self._compute(np.asarray(x)).copy()
        except UnsupportedModelError as error:
            raise ValueRejectedError(f"the model {error}") from None
        except ValueError:
            self._remote.ask_for_prediction(x)  # raises with Keras's own message
            raise ValueRejectedError("the model's answer is not that of its layers") from None

    @property
    def is_verified(self) -> bool:
        """Whether the grader computes the model's answers itself."""
        return not self.why_unverified

    @cached_property
    def why_unverified(self) -> str:
        """Why its answers are not computed, after the model's name in a sentence; or empty."""
        if self._description.obstacle:
            return describe_obstacle(self._description.obstacle)
        if self._description.raised:
            return f"raised {self._description.raised} when the grader followed it symbolically"
        try:
            return self._verify(self._description)
        except UnsupportedModelError as error:
            return str(error)
        except CallTimeoutError:
            raise
        except (ValueRejectedError, CallFailedError, ValueError, TypeError):
            return "does not answer four rows of random numbers"

    @property
    def layers(self) -> list[KerasLayer]:
        """The layers in the order of their use, those of models within the model included."""
        pairs = zip(self._description.steps, self.operations, strict=True)
        return [operation for step, operation in pairs if step.is_layer]

    @property
    def operations(self) -> list[KerasLayer]:
        """The layers, and between them what code of the student's does by TensorFlow.

        An operation of TensorFlow's has its name (``Conv2D``, ``Relu``) for a class, and no settings.
        """
        self._require_verified()
        return [
            type(step.kind.removeprefix(OPERATION), (KerasLayer,), {})(
                step.name,
                sum(self._size(weight) for weight in step.weights),
                step.config if step.is_layer else {},
                partial(self._compute_step, place),
            )
            for place, step in enumerate(self._description.steps)
        ]

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of the input, the number of rows (None) first."""
        self._require_verified()
        return tuple(self._description.input_shape)

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """The shape of the output, the number of rows (None) first."""
        self._require_verified()
        return self._output_shape

    def count_params(self) -> int:
        """Return the number of weights."""
        return sum(weight.size for weight in self.get_weights())

    def get_weights(self) -> list[Array]:
        """Return the weights as arrays, in Keras's order.

        Constants of the model's code follow them, if these are more than ``MAX_FREE_CONSTANTS``
        numbers and more than ``FREE_FOR_EACH_INPUT`` for each number of a row: a table of answers
        is none the smaller for not being called a weight.
        """
        self._require_verified()
        return [weight.copy() for weight in [*self._weights, *self._counted_constants]]

    @cached_property
    def fitted_rows(self) -> list[Array]:
        """What ``fit`` or ``train_on_batch`` was given as ``x``, each array once, shape (N, ...), as the notebook says.

        Nothing verifies it. It is empty where it is not known: for a data set, a loop of the
        student's own, more rows than a small table has, or another version of Keras.
        """
        try:
            rows = self._remote.ask_for_fitted_rows()
        except (CallFailedError, ValueRejectedError):
            return []
        if type(rows) is not list or len(rows) > MAX_FITTED_ARRAYS:
            return []
        arrays = [
            r
            for r in rows
            if isinstance(r, np.ndarray) and r.size and r.ndim and r.dtype.kind in "biuf"
        ]
        return arrays if sum(array.size for array in arrays) <= MAX_FITTED_NUMBERS else []

    # ------------------------------------------------------------------------- verification

    def _require_verified(self) -> None:
        if not self.is_verified:
            raise UnverifiedModelError(
                f"this test asks for the layers or weights of a model that {self.why_unverified}"
            )

    def _verify(self, description: ModelDescription) -> str:
        """Compare the model with its description; return what is wrong."""
        weights = self._remote.ask_for_weights()
        if type(weights) is not list or not all(
            isinstance(weight, (np.ndarray, np.generic)) for weight in weights
        ):
            raise TypeError(weights)
        self._weights = weights = [np.asarray(weight) for weight in weights]
        self._evaluator.reserve(sum(weight.nbytes for weight in weights))
        _check_references(description, len(weights))
        shape = (PROBE_ROWS, *(n or UNKNOWN_LENGTH for n in description.input_shape[1:]))
        probes = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        if "int" in description.input_dtype:
            probes = np.abs(probes).round()
        computed = self._evaluator.compute(description, weights, probes)
        answered = np.asarray(self._remote.ask_for_prediction(probes), float)
        self._output_shape = (None, *computed.shape[1:])
        if not _are_close(computed, self._evaluator.compute(description, weights, probes)):
            return "answers with random numbers"
        scale = _fit_scale(computed, answered)
        if scale is None:
            self._is_contradictory = True
            return "answers otherwise than its layers and weights do when the grader computes them"
        self._scale = scale
        return ""

    @cached_property
    def _counted_constants(self) -> list[Array]:
        constants = list(_constants(self._description))
        total = sum(constant.size for constant in constants)
        row = math.prod(length or 1 for length in self._description.input_shape[1:])
        return constants if total > max(MAX_FREE_CONSTANTS, FREE_FOR_EACH_INPUT * row) else []

    def _size(self, weight: Weight | Array) -> int:
        return self._weights[weight.index].size if isinstance(weight, Weight) else weight.size

    def _compute(self, x: Array) -> Array:
        """Compute an answer once: several tests and misconceptions ask for the same rows.

        Nothing is computed that would be too large to send, or that took too much before.
        """
        rows = len(x) if x.ndim else 1
        numbers = rows * math.prod(self._output_shape[1:])  # type: ignore[arg-type]
        if numbers > MAX_ELEMENTS or rows >= self._too_many_rows:
            raise UnsupportedModelError("is larger than what the grader computes")
        key = hashlib.sha256(repr((x.shape, x.dtype.str)).encode() + x.tobytes()).digest()
        if key not in self._answers:
            held = sum(answer.size for answer in self._answers.values())
            if len(self._answers) == MAX_CACHED_ANSWERS or held + numbers > MAX_CACHED_NUMBERS:
                self._answers.clear()
            try:
                output = self._evaluator.compute(
                    self._description, self._weights, self._with_matching_axes(x)
                )
            except UnsupportedModelError:
                self._too_many_rows = rows
                raise
            self._answers[key] = self._scale.apply(output)
        return self._answers[key]

    def _compute_step(self, place: int, x: Any) -> Array:
        """Return what the step at ``place`` makes of rows of the model's input."""
        whole = self._description
        part = replace(whole, steps=whole.steps[: place + 1], output=StepOutput(place))
        rows = self._with_matching_axes(np.asarray(x))
        try:
            return self._evaluator.compute(part, self._weights, rows)
        except (UnsupportedModelError, ValueError) as error:
            raise ValueRejectedError(f"a layer of `{self.name}`: {error}") from None

    def _with_matching_axes(self, x: Array) -> Array:
        """Add or remove a last axis of length one, as Keras does."""
        shape = self._description.input_shape
        if x.ndim == len(shape) - 1 and shape[-1] == 1:
            return x[..., np.newaxis]
        if x.ndim == len(shape) + 1 and x.shape[-1] == 1:
            return x[..., 0]
        return x


@dataclass(frozen=True)
class _Scale:
    """What a ``predict`` of the student's does to the output of the net."""

    factor: float
    constant: float

    def apply(self, output: Array) -> Array:
        if (self.factor, self.constant) == (1.0, 0.0):
            return output
        return output * self.factor + self.constant


def _fit_scale(computed: Array, answered: Array) -> _Scale | None:
    """Return how a model's own answer follows from its net's output; None if it does not."""
    if computed.shape != answered.shape:
        return None
    if _are_close(computed, answered):
        return _Scale(1.0, 0.0)
    columns = np.column_stack([computed.ravel(), np.ones(computed.size)]).astype(float)
    if not np.isfinite(columns).all() or not np.isfinite(answered).all():
        return None
    factor, constant = np.linalg.lstsq(columns, answered.ravel(), rcond=None)[0]
    scale = _Scale(float(factor), float(constant))
    return scale if factor and _are_close(scale.apply(computed), answered, 1e-3) else None


def _are_close(one: Array, other: Array, tolerance: float = _TOLERANCE) -> bool:
    size = float(np.abs(other).max(initial=0))
    return np.allclose(one, other, tolerance, tolerance * size + 1e-6, equal_nan=True)


def _check_references(description: ModelDescription, weights: int) -> None:
    """Check that steps take earlier outputs and that all weights are used.

    Raises:
        UnsupportedModelError: a weight is used by no layer.
        ValueError: the steps are not those of one model.
    """
    used: set[int] = set()
    for place, step in enumerate(description.steps):
        for part in leaves([step.args, step.kwargs, step.weights]):
            if isinstance(part, StepOutput) and not INPUT <= part.step < place:
                raise ValueError("layers that are not in order")
            if isinstance(part, Weight):
                used.add(part.index)
    if not INPUT <= description.output.step < len(description.steps):
        raise ValueError("an output of no layer")
    if used - set(range(weights)):
        raise ValueError("a layer without its weights")
    if used != set(range(weights)):
        raise UnsupportedModelError("has weights that take no part in its answer")


def _constants(description: ModelDescription) -> Iterator[Array]:
    """Yield the numbers that a model holds outside of its weights."""
    for step in description.steps:
        for part in leaves([step.args, step.kwargs, step.weights, step.config]):
            if isinstance(part, np.ndarray):
                yield part
        numbers = [part for part in leaves(step.config) if type(part) is float]
        if numbers:
            yield np.array(numbers)
