"""Keras's layers in NumPy, as they compute in inference, by the names of Keras's classes.

Channels come last, and arrays have the number of rows as their first axis. The configuration of a
layer comes from the worker and may hold anything; what does not fit raises.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ottermark.models.activations import ACTIVATIONS, Array, sigmoid, softmax
from ottermark.models.budget import Budget
from ottermark.models.errors import UnsupportedModelError


@dataclass
class LayerCall:
    """One use of a layer.

    Attributes:
        inputs: the arrays that the layer takes.
        config: the layer's settings, as Keras gives them.
        weights: the layer's weights, in Keras's order; the layer takes them one by one.
        budget: what the work counts against.
    """

    inputs: list[Array]
    config: Mapping[str, Any]
    weights: Iterator[Array]
    budget: Budget

    @property
    def x(self) -> Array:
        """The only input."""
        (x,) = self.inputs
        return x

    @property
    def images(self) -> Array:
        """The only input, shape (N, rows, columns, channels)."""
        if self.config.get("data_format", "channels_last") != "channels_last" or self.x.ndim != 4:
            raise UnsupportedModelError("images whose channels do not come last")
        return self.x

    def pair(self, name: str) -> tuple[int, int]:
        """Return a setting that is a height and a width, at least 1 each."""
        value = self.config[name]
        height, width = (value, value) if isinstance(value, int) else value
        if type(height) is not int or type(width) is not int or min(height, width) < 1:
            raise ValueError(name)
        return height, width

    def with_bias_and_activation(self, x: Array) -> Array:
        """Add the bias, if the layer has one, and apply its activation."""
        if self.config["use_bias"]:
            x = x + next(self.weights)
        return _activate(x, self.config["activation"])

    def windows(self, size: tuple[int, int], steps: tuple[int, int], fill: float) -> Array:
        """Return the windows of images, shape (N, rows, columns, channels, height, width)."""
        x = self.images
        if self.config["padding"] == "same":
            sides = [(0, 0)]
            for length, window, step in zip(x.shape[1:3], size, steps, strict=True):
                extra = max((math.ceil(length / step) - 1) * step + window - length, 0)
                sides.append((extra // 2, extra - extra // 2))
            self.budget.spend([n + sum(side) for n, side in zip(x.shape, sides, strict=False)])
            x = np.pad(x, [*sides, (0, 0)], constant_values=fill)
        elif self.config["padding"] != "valid":
            raise UnsupportedModelError("a padding of another kind")
        view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(1, 2))
        view = view[:, :: steps[0], :: steps[1]]
        self.budget.spend(view.shape)
        return view


def _identity(call: LayerCall) -> Array:
    return call.x


def _dense(call: LayerCall) -> Array:
    kernel = next(call.weights)
    call.budget.spend([*call.x.shape[:-1], kernel.shape[1]], each=len(kernel))
    return call.with_bias_and_activation(call.x @ kernel)


def _conv(call: LayerCall) -> Array:
    if call.pair("dilation_rate") != (1, 1) or call.config["groups"] != 1:
        raise UnsupportedModelError("a dilated or grouped convolution")
    size, kernel = call.pair("kernel_size"), next(call.weights)
    windows = call.windows(size, call.pair("strides"), 0.0)
    if kernel.shape[:3] != (*size, windows.shape[3]):
        raise ValueError("kernel")
    patch, filters = math.prod(kernel.shape[:3]), kernel.shape[3]
    call.budget.spend([*windows.shape[:3], filters], each=patch)
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, patch)
    return call.with_bias_and_activation(
        (rows @ kernel.reshape(patch, filters)).reshape(*windows.shape[:3], -1)
    )


def _depthwise(call: LayerCall) -> Array:
    return call.with_bias_and_activation(_depthwise_outputs(call))


def _separable(call: LayerCall) -> Array:
    channels, kernel = _depthwise_outputs(call), next(call.weights)
    call.budget.spend([*channels.shape[:3], kernel.shape[-1]], each=channels.shape[-1])
    return call.with_bias_and_activation(channels @ kernel.reshape(kernel.shape[-2:]))


def _depthwise_outputs(call: LayerCall) -> Array:
    if call.pair("dilation_rate") != (1, 1):
        raise UnsupportedModelError("a dilated convolution")
    size, kernel = call.pair("kernel_size"), next(call.weights)
    windows = call.windows(size, call.pair("strides"), 0.0)
    channels, times = kernel.shape[2:]
    if kernel.shape[:3] != (*size, windows.shape[3]):
        raise ValueError("kernel")
    call.budget.spend([*windows.shape[:3], channels * times], each=math.prod(size))
    outputs = np.einsum("nijcab,abcm->nijcm", windows, kernel)
    return outputs.reshape(*windows.shape[:3], channels * times)


def _max_pool(call: LayerCall) -> Array:
    windows = _pool_windows(call, -math.inf)
    # far faster than a maximum over two axes of a view
    offsets = (windows[..., row, column] for row, column in np.ndindex(windows.shape[-2:]))
    return functools.reduce(np.maximum, offsets)


def _average_pool(call: LayerCall) -> Array:
    windows = _pool_windows(call, math.nan)
    inside = ~np.isnan(windows)  # Keras leaves the padding out of the average
    return np.where(inside, windows, 0).sum(axis=(-2, -1)) / inside.sum(axis=(-2, -1))


def _pool_windows(call: LayerCall, fill: float) -> Array:
    size = call.pair("pool_size")
    return call.windows(size, call.pair("strides") if call.config["strides"] else size, fill)


def _global_average_pool(call: LayerCall) -> Array:
    return call.images.mean(axis=(1, 2), keepdims=call.config["keepdims"])


def _global_max_pool(call: LayerCall) -> Array:
    return call.images.max(axis=(1, 2), keepdims=call.config["keepdims"])


def _flatten(call: LayerCall) -> Array:
    return call.x.reshape(len(call.x), -1)


def _reshape(call: LayerCall) -> Array:
    return call.x.reshape(len(call.x), *call.config["target_shape"])


def _zero_padding(call: LayerCall) -> Array:
    sides = [(0, 0), *map(tuple, call.config["padding"]), (0, 0)]
    call.budget.spend([n + sum(side) for n, side in zip(call.images.shape, sides, strict=True)])
    return np.pad(call.images, sides)


def _batch_normalization(call: LayerCall) -> Array:
    if call.config["axis"] not in (-1, call.x.ndim - 1, [-1], [call.x.ndim - 1]):
        raise UnsupportedModelError("normalization over another axis")
    gamma = next(call.weights) if call.config["scale"] else 1.0
    beta = next(call.weights) if call.config["center"] else 0.0
    mean, variance = next(call.weights), next(call.weights)
    deviation = np.sqrt(variance + float(call.config["epsilon"]))
    return (call.x - mean) / deviation * gamma + beta


def _normalization(call: LayerCall) -> Array:
    """Compute ``Normalization``, whose mean and variance count as weights."""
    if call.config["invert"] or call.config["axis"] not in ((-1,), [-1], -1):
        raise UnsupportedModelError("normalization of another kind")
    mean, variance, _ = call.weights
    return (call.x - mean) / np.maximum(np.sqrt(variance), 1e-7)


def _rescaling(call: LayerCall) -> Array:
    return call.x * float(call.config["scale"]) + float(call.config["offset"])


def _add(call: LayerCall) -> Array:
    call.budget.spend(call.inputs[0].shape, each=len(call.inputs))
    return sum(call.inputs[1:], start=call.inputs[0])


def _concatenate(call: LayerCall) -> Array:
    call.budget.spend([sum(part.size for part in call.inputs)])
    return np.concatenate(call.inputs, axis=int(call.config["axis"]))


def _relu(call: LayerCall) -> Array:
    slope, maximum = float(call.config["negative_slope"]), call.config["max_value"]
    if call.config["threshold"]:
        raise UnsupportedModelError("a ReLU with a threshold")
    x = np.where(call.x > 0, call.x, slope * call.x)
    return x if maximum is None else np.minimum(x, float(maximum))


def _leaky_relu(call: LayerCall) -> Array:
    return np.where(call.x > 0, call.x, float(call.config["negative_slope"]) * call.x)


def _prelu(call: LayerCall) -> Array:
    return np.where(call.x > 0, call.x, next(call.weights) * call.x)


def _elu(call: LayerCall) -> Array:
    return np.where(
        call.x > 0, call.x, float(call.config["alpha"]) * np.expm1(np.minimum(call.x, 0))
    )


def _activate(x: Array, activation: Any) -> Array:
    name = activation
    if isinstance(activation, dict):  # a layer used as an activation, or a registered function
        kind = str(activation.get("class_name"))
        config = activation.get("config")
        if kind in ("LeakyReLU", "ReLU", "ELU") and isinstance(config, dict):
            return LAYERS[kind](LayerCall([x], config, iter(()), Budget()))
        name = config if kind == "function" else kind
    if name not in ACTIVATIONS:
        raise UnsupportedModelError("an activation of another kind")
    return ACTIVATIONS[name](x)


LAYERS: dict[str, Callable[[LayerCall], Array]] = {
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
        _identity,  # they change nothing in inference
    ),
    "Dense": _dense,
    "Conv2D": _conv,
    "DepthwiseConv2D": _depthwise,
    "SeparableConv2D": _separable,
    "MaxPooling2D": _max_pool,
    "AveragePooling2D": _average_pool,
    "GlobalAveragePooling2D": _global_average_pool,
    "GlobalMaxPooling2D": _global_max_pool,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "ZeroPadding2D": _zero_padding,
    "BatchNormalization": _batch_normalization,
    "Normalization": _normalization,
    "Rescaling": _rescaling,
    "Add": _add,
    "Concatenate": _concatenate,
    "Activation": lambda call: _activate(call.x, call.config["activation"]),
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "PReLU": _prelu,
    "ELU": _elu,
    "Softmax": lambda call: softmax(call.x),
    # operations of keras.ops
    "Relu": lambda call: np.maximum(call.x, 0),
    "Sigmoid": lambda call: sigmoid(call.x),
    "Tanh": lambda call: np.tanh(call.x),
}
