"""A Keras network as data: how its layers are joined, and what that makes of an input.

A model stays in the student's process, and whatever it says of itself is a claim: a table of
the training rows can say that it is a small convnet. So the student's side tells how the layers
are joined (``describe``) and hands over the weights, and the grader does the sum itself
(``Network``), in NumPy, as Keras's layers do it in inference. What it finds is then an answer of
these layers and weights, whatever the process says.
"""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Config = Mapping[str, Any]

MAX_STEPS = 500
MAX_NUMBERS = 4 * 2**20  # in an array on the way: 32 MiB
MAX_WORK = 30_000_000_000  # multiplications for one input; about ten seconds
ROWS = (64, 8, 1)  # of the input at a time, as memory allows
INPUT = -1  # the place of the network's input, beside those of its steps
_OPERATION = "operation"  # what `Network` does not know


@dataclass(frozen=True)
class Step:
    """A layer at one place in a network.

    Attributes:
        kind: the name of Keras's class.
        name: the layer's own name.
        config: its settings, as Keras gives them.
        arrays: which of the model's weights it has, in Keras's order.
        inputs: the steps before it whose values it takes; ``INPUT`` is the network's input.
    """

    kind: str
    name: str
    config: Config
    arrays: Sequence[int]
    inputs: Sequence[int]


class UnsupportedModelError(Exception):
    """The network does something that is not computed here; the message says what."""


# ------------------------------------------------------------------ in the student's process


def describe(model: Any) -> tuple[list[Step], tuple[int | None, ...]]:
    """Return a Keras model's steps and the shape of its input, the number of rows (None) first.

    A model with a ``call`` of its own is followed through it, as long as that uses Keras's own
    layers and operations. Raises whatever Keras does where that cannot be done.
    """
    keras = sys.modules.get("keras")
    if keras is None or not isinstance(model, keras.Model) or not model.built:
        raise UnsupportedModelError("it is not a Keras model that has been built")
    places = {id(variable): place for place, variable in enumerate(model.weights)}
    steps: list[Step] = []

    def add(layer: Any, inputs: list[int]) -> int:
        if isinstance(layer, keras.Sequential):
            (value,) = inputs
            for part in layer.layers:
                value = add(part, [value])
            return value
        if isinstance(layer, keras.Model):
            return add_graph(_graph_of(layer), inputs)
        arrays = [places[id(variable)] for variable in getattr(layer, "weights", ())]
        config = layer.get_config() if isinstance(layer, keras.Layer) else {}
        steps.append(Step(type(layer).__name__, layer.name, config, arrays, inputs))
        return len(steps) - 1

    def add_graph(graph: Any, inputs: list[int]) -> int:
        config = graph.get_config()
        operations = {operation.name: operation for operation in graph.operations}
        (first,), (last,) = (_ends(config[f"{side}_layers"]) for side in ("input", "output"))
        (given,) = inputs
        made = {first: given}
        nodes = [
            (entry["name"], at, node)
            for entry in config["layers"]
            for at, node in enumerate(entry["inbound_nodes"])
        ]
        while nodes:
            waiting = []
            for name, at, node in nodes:
                sources, plain = _sources(node)
                if any(source not in made for source in sources):
                    waiting.append((name, at, node))
                    continue
                made[name, at] = add(operations[name], [made[source] for source in sources])
                if not plain:
                    steps[-1] = Step(_OPERATION, name, {}, (), steps[-1].inputs)
            if len(waiting) == len(nodes):
                raise UnsupportedModelError("its layers are joined in a way that is not followed")
            nodes = waiting
        return made[last]

    if not isinstance(model, keras.Sequential):
        model = _graph_of(model)
    last = add(model, [INPUT])
    if last != len(steps) - 1:
        raise UnsupportedModelError("its last layer is not its output")
    return steps, tuple(model.input_shape)


def _graph_of(model: Any) -> Any:
    """Return a functional model of a model, by sending a symbolic input through its ``call``."""
    import keras

    if getattr(model, "inputs", None) is not None and hasattr(model, "operations"):
        return model
    inputs = keras.Input(tuple(model.get_build_config()["input_shape"])[1:])
    return keras.Model(inputs, model.call(inputs))


def _ends(told: Any) -> list[tuple[str, int]]:
    told = [told] if told and isinstance(told[0], str) else told
    return [(name, at) for name, at, _ in told]


def _sources(node: Any) -> tuple[list[tuple[str, int]], bool]:
    """Return the nodes whose values a node takes, and whether it takes nothing else."""
    found, plain = [], True
    waiting = [*node["args"], *node["kwargs"].values()]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, list | tuple):
            waiting = [*part, *waiting]
        elif isinstance(part, dict) and part.get("class_name") == "__keras_tensor__":
            name, at, _ = part["config"]["keras_history"]
            found.append((name, at))
        elif part is not None:
            plain = False
    return found, plain


# ----------------------------------------------------------------------------- in the grader


class Network:
    """Computes what steps with these weights make of an input.

    Args:
        steps: in an order in which each comes after those that it takes its input from.
        weights: all weights of the model.

    Raises:
        UnsupportedModelError: a step is of a kind that is not computed here.
    """

    def __init__(self, steps: Sequence[Step], weights: Sequence[Array]) -> None:
        for place, step in enumerate(steps):
            if step.kind not in _KINDS:
                raise UnsupportedModelError(f"a layer `{step.kind}`")
            if not all(INPUT <= source < place for source in step.inputs) or not step.inputs:
                raise UnsupportedModelError("layers that are not in order")
        taken = {source for step in steps for source in step.inputs}
        if any(place not in taken for place in range(len(steps) - 1)):
            raise UnsupportedModelError("layers that lead nowhere")
        if {place for step in steps for place in step.arrays} != set(range(len(weights))):
            raise UnsupportedModelError("weights that belong to no layer")
        self._steps = steps
        self._weights = [np.asarray(weight, np.float64) for weight in weights]

    def __call__(self, x: Array) -> Array:
        """Return the network's answer, float32 of shape (len(x), ...).

        Raises:
            UnsupportedModelError: a setting that is not computed here, or too much memory or work.
            ValueError: layers, weights and input do not fit each other.
        """
        x = np.asarray(x, np.float64)
        for rows in ROWS:
            self._work = 0
            try:
                with np.errstate(all="ignore"):
                    parts = [self._made_of(x[at : at + rows]) for at in range(0, len(x), rows)]
                return np.concatenate(parts).astype(np.float32)
            except _TooLarge:
                continue
            except UnsupportedModelError:
                raise
            except Exception as error:  # the settings and shapes can be anything
                raise ValueError(f"layers, weights and input do not fit: {error!r}") from None
        raise UnsupportedModelError("layers whose values are too large")

    def _made_of(self, x: Array) -> Array:
        values = {INPUT: x}
        for place, step in enumerate(self._steps):
            weights = iter([self._weights[at] for at in step.arrays])
            inputs = [values[source] for source in step.inputs]
            value = _KINDS[step.kind](_Task(inputs, step.config, weights, self))
            if next(weights, None) is not None or len(value) != len(x):
                raise ValueError(step.kind)
            values[place] = value
            self.spend(value.shape)
        return values[len(self._steps) - 1]

    def spend(self, shape: Sequence[int], each: int = 1) -> None:
        """Count the work for an array, before it is made, and see that there is room for it."""
        numbers = math.prod(shape)
        if numbers > MAX_NUMBERS:
            raise _TooLarge
        self._work += numbers * each
        if self._work > MAX_WORK:
            raise UnsupportedModelError("more computing than is done here")


class _TooLarge(Exception):
    """An array would have more than MAX_NUMBERS numbers."""


@dataclass
class _Task:
    """One step's inputs, settings and weights."""

    inputs: list[Array]
    config: Config
    weights: Iterator[Array]
    network: Network

    @property
    def x(self) -> Array:
        (x,) = self.inputs
        return x

    @property
    def images(self) -> Array:
        if self.config.get("data_format", "channels_last") != "channels_last" or self.x.ndim != 4:
            raise UnsupportedModelError("images whose channels do not come last")
        return self.x

    def pair(self, name: str) -> tuple[int, int]:
        """Return a setting of two sizes, at least 1 each."""
        value = self.config[name]
        one, two = (value, value) if isinstance(value, int) else value
        if type(one) is not int or type(two) is not int or min(one, two) < 1:
            raise ValueError(name)
        return one, two

    def finished(self, x: Array) -> Array:
        """Add the bias, if the layer has one, and apply its activation."""
        if self.config["use_bias"]:
            x = x + next(self.weights)
        return _activated(x, self.config["activation"])

    def windows(self, size: tuple[int, int], steps: tuple[int, int], filler: float) -> Array:
        """Return the windows of images, shape (N, rows, columns, channels, height, width)."""
        x = self.images
        if self.config["padding"] == "same":
            sides = [(0, 0)]
            for length, window, step in zip(x.shape[1:3], size, steps, strict=True):
                extra = max((math.ceil(length / step) - 1) * step + window - length, 0)
                sides.append((extra // 2, extra - extra // 2))
            self.network.spend([n + sum(side) for n, side in zip(x.shape, sides, strict=False)])
            x = np.pad(x, [*sides, (0, 0)], constant_values=filler)
        elif self.config["padding"] != "valid":
            raise UnsupportedModelError("a padding of another kind")
        view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))
        view = view[:, :: steps[0], :: steps[1]]
        self.network.spend(view.shape)
        return view


def _input(task: _Task) -> Array:
    return task.x


def _dense(task: _Task) -> Array:
    kernel = next(task.weights)
    task.network.spend([*task.x.shape[:-1], kernel.shape[1]], each=len(kernel))
    return task.finished(task.x @ kernel)


def _conv(task: _Task) -> Array:
    if task.pair("dilation_rate") != (1, 1) or task.config["groups"] != 1:
        raise UnsupportedModelError("a dilated or grouped convolution")
    size, kernel = task.pair("kernel_size"), next(task.weights)
    windows = task.windows(size, task.pair("strides"), 0.0)
    if kernel.shape[:3] != (*size, windows.shape[3]):
        raise ValueError("kernel")
    patch, filters = math.prod(kernel.shape[:3]), kernel.shape[3]
    task.network.spend([*windows.shape[:3], filters], each=patch)
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, patch)
    return task.finished((rows @ kernel.reshape(patch, filters)).reshape(*windows.shape[:3], -1))


def _depthwise(task: _Task) -> Array:
    return task.finished(_each_channel(task))


def _separable(task: _Task) -> Array:
    spread, kernel = _each_channel(task), next(task.weights)
    task.network.spend([*spread.shape[:3], kernel.shape[-1]], each=spread.shape[-1])
    return task.finished(spread @ kernel.reshape(kernel.shape[-2:]))


def _each_channel(task: _Task) -> Array:
    if task.pair("dilation_rate") != (1, 1):
        raise UnsupportedModelError("a dilated convolution")
    size, kernel = task.pair("kernel_size"), next(task.weights)
    windows = task.windows(size, task.pair("strides"), 0.0)
    channels, times = kernel.shape[2:]
    if kernel.shape[:3] != (*size, windows.shape[3]):
        raise ValueError("kernel")
    task.network.spend([*windows.shape[:3], channels * times], each=math.prod(size))
    made = np.einsum("nijcab,abcm->nijcm", windows, kernel)
    return made.reshape(*windows.shape[:3], channels * times)


def _max_pool(task: _Task) -> Array:
    windows = _pooled(task, -math.inf)
    places = np.ndindex(windows.shape[-2:])  # far faster than a maximum over two axes with strides
    return functools.reduce(np.maximum, (windows[..., row, column] for row, column in places))


def _average_pool(task: _Task) -> Array:
    windows = _pooled(task, math.nan)
    counted = ~np.isnan(windows)  # padding does not count
    return np.where(counted, windows, 0).sum(axis=(-2, -1)) / counted.sum(axis=(-2, -1))


def _pooled(task: _Task, filler: float) -> Array:
    size = task.pair("pool_size")
    return task.windows(size, task.pair("strides") if task.config["strides"] else size, filler)


def _global_average(task: _Task) -> Array:
    return task.images.mean(axis=(1, 2), keepdims=task.config["keepdims"])


def _global_max(task: _Task) -> Array:
    return task.images.max(axis=(1, 2), keepdims=task.config["keepdims"])


def _flatten(task: _Task) -> Array:
    return task.x.reshape(len(task.x), -1)


def _reshape(task: _Task) -> Array:
    return task.x.reshape(len(task.x), *task.config["target_shape"])


def _zero_padding(task: _Task) -> Array:
    sides = [(0, 0), *map(tuple, task.config["padding"]), (0, 0)]
    task.network.spend([n + sum(side) for n, side in zip(task.images.shape, sides, strict=True)])
    return np.pad(task.images, sides)


def _normalized(task: _Task) -> Array:
    if task.config["axis"] not in (-1, task.x.ndim - 1, [-1], [task.x.ndim - 1]):
        raise UnsupportedModelError("normalization over another axis")
    gamma = next(task.weights) if task.config["scale"] else 1.0
    beta = next(task.weights) if task.config["center"] else 0.0
    mean, variance = next(task.weights), next(task.weights)
    spread = np.sqrt(variance + float(task.config["epsilon"]))
    return (task.x - mean) / spread * gamma + beta


def _standardized(task: _Task) -> Array:
    """Normalization as learned from data: its mean and variance count as weights."""
    if task.config["invert"] or task.config["axis"] not in ((-1,), [-1], -1):
        raise UnsupportedModelError("normalization of another kind")
    mean, variance, _ = task.weights
    return (task.x - mean) / np.maximum(np.sqrt(variance), 1e-7)


def _rescaled(task: _Task) -> Array:
    return task.x * float(task.config["scale"]) + float(task.config["offset"])


def _added(task: _Task) -> Array:
    task.network.spend(task.inputs[0].shape, each=len(task.inputs))
    return sum(task.inputs[1:], start=task.inputs[0])


def _joined(task: _Task) -> Array:
    task.network.spend([sum(part.size for part in task.inputs)])
    return np.concatenate(task.inputs, axis=int(task.config["axis"]))


def _relu(task: _Task) -> Array:
    slope, most = float(task.config["negative_slope"]), task.config["max_value"]
    if task.config["threshold"]:
        raise UnsupportedModelError("a ReLU with a threshold")
    x = np.where(task.x > 0, task.x, slope * task.x)
    return x if most is None else np.minimum(x, float(most))


def _leaky_relu(task: _Task) -> Array:
    return np.where(task.x > 0, task.x, float(task.config["negative_slope"]) * task.x)


def _prelu(task: _Task) -> Array:
    return np.where(task.x > 0, task.x, next(task.weights) * task.x)


def _elu(task: _Task) -> Array:
    return np.where(
        task.x > 0, task.x, float(task.config["alpha"]) * np.expm1(np.minimum(task.x, 0))
    )


def _softmax(x: Array) -> Array:
    x = np.exp(x - x.max(axis=-1, keepdims=True))
    return x / x.sum(axis=-1, keepdims=True)


_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: (
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0)))
    ),
    "gelu": lambda x: x * _share_below(x),
    "silu": lambda x: x * _sigmoid(x),
    "swish": lambda x: x * _sigmoid(x),
    "sigmoid": lambda x: _sigmoid(x),
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(x, 0),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "softmax": _softmax,
    "exponential": np.exp,
}


def _sigmoid(x: Array) -> Array:
    return (1 + np.tanh(x / 2)) / 2


def _share_below(x: Array) -> Array:
    """Return the normal distribution's share below x."""
    return np.vectorize(lambda value: (1 + math.erf(value / math.sqrt(2))) / 2, otypes=[float])(x)


def _activated(x: Array, told: Any) -> Array:
    name = told
    if isinstance(told, dict):  # a layer that is given as an activation
        kind = str(told.get("class_name"))
        settings = told.get("config")
        if kind in ("LeakyReLU", "ReLU", "ELU") and isinstance(settings, dict):
            return _KINDS[kind](_Task([x], settings, iter(()), _NO_NETWORK))
        name = settings if kind == "function" else kind
    if name not in _ACTIVATIONS:
        raise UnsupportedModelError("an activation of another kind")
    return _ACTIVATIONS[name](x)


_NO_NETWORK = Network((), ())

_KINDS: dict[str, Callable[[_Task], Array]] = {
    **dict.fromkeys(
        (
            "InputLayer",
            "Identity",
            "Dropout",
            "SpatialDropout2D",
            "GaussianDropout",
            "GaussianNoise",
            "ActivityRegularization",
            "RandomFlip",
            "RandomRotation",
            "RandomTranslation",
            "RandomZoom",
            "RandomContrast",
            "RandomBrightness",
        ),
        _input,  # nothing but in training
    ),
    "Dense": _dense,
    "Conv2D": _conv,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "MaxPooling2D": _max_pool,
    "AveragePooling2D": _average_pool,
    "GlobalAveragePooling2D": _global_average,
    "GlobalMaxPooling2D": _global_max,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "ZeroPadding2D": _zero_padding,
    "BatchNormalization": _normalized,
    "Normalization": _standardized,
    "Rescaling": _rescaled,
    "Add": _added,
    "Concatenate": _joined,
    "Activation": lambda task: _activated(task.x, task.config["activation"]),
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "PReLU": _prelu,
    "ELU": _elu,
    "Softmax": lambda task: _softmax(task.x),
    # operations of keras.ops, by the names of their classes
    "Relu": lambda task: np.maximum(task.x, 0),
    "Sigmoid": lambda task: _sigmoid(task.x),
    "Tanh": lambda task: np.tanh(task.x),
}
