"""Legal inputs for the functions that students write, and what is right for them by Keras."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import cache
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers

Call = tuple[tuple[Any, ...], dict[str, Any]]

# answers that are models, or choices of the student's: nothing in them is a formula
NOT_MUTATED = {"q1_1", "q1_2", "q1_3", "q5_2", "q5_5"}


@cache
def _convolution(
    kernel: tuple[int, int], strides: tuple[int, int] = (1, 1), padding: str = "valid"
) -> layers.Conv2D:
    return layers.Conv2D(1, kernel, strides=strides, padding=padding)


def _response_shape(draw: random.Random) -> Call:
    padding = draw.choice(["valid", "same"])
    kernel = (draw.randint(1, 9), draw.randint(1, 9))
    least = kernel if padding == "valid" else (1, 1)
    size = tuple(draw.randint(low, 40) for low in least)
    strides = (draw.randint(1, 5), draw.randint(1, 5))
    if padding == "valid" and draw.random() < 0.3:
        return (size, kernel, strides), {}
    if draw.random() < 0.2:
        return (size, kernel), {"padding": padding}
    return (size, kernel, strides, padding), {}


def _right_response_shape(
    input_shape: Any, kernel_shape: Any, strides: Any = (1, 1), padding: str = "valid"
) -> Any:
    layer = _convolution(tuple(kernel_shape), tuple(strides), padding)
    return layer.compute_output_shape((1, *input_shape, 1))[1:3]


def _max_pool(draw: random.Random) -> Call:
    pool, stride = draw.randint(1, 4), draw.randint(1, 4)
    shape = (draw.randint(pool, 11), draw.randint(pool, 11))
    x = np.random.default_rng(draw.randrange(2**32)).normal(size=shape).astype(np.float32)
    if draw.random() < 0.2 and min(shape) >= 2:
        return (x,), {}
    return (x, pool, stride), {}


def _right_max_pool(x: Any, pool: int = 2, stride: int = 2) -> Any:
    batch = np.asarray(x)[np.newaxis, :, :, np.newaxis]
    return np.asarray(keras.ops.max_pool(batch, pool, stride, "valid"))[0, :, :, 0]


def _same_padding(draw: random.Random) -> Call:
    kernel = draw.randint(1, 11)
    return (draw.randint(1, 60), kernel, draw.randint(1, 6)), {}


def _right_same_padding(I: int, F: int, S: int) -> float:
    """Half of the fewest zeros along a side with which Keras gives back the size."""
    layer = _convolution((1, F), (1, S))

    def size(zeros: int) -> int:
        return int(layer.compute_output_shape((1, 1, I + zeros, 1))[2]) if I + zeros >= F else 0

    few, many = -1, F + I * S  # the first gives too little, the last enough
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if size(middle) >= I else (middle, many)
    assert size(many) == I
    return many / 2


def _conv_params(draw: random.Random) -> Call:
    kernel = (draw.randint(1, 9), draw.randint(1, 9))
    args = (kernel, draw.randint(1, 20), draw.randint(1, 20))
    choice = draw.randrange(3)
    return (args, {}) if choice == 0 else ((*args, choice == 1), {})


def _right_conv_params(kernel_shape: Any, in_channels: int, filters: int, bias: bool = True) -> int:
    layer = layers.Conv2D(filters, kernel_shape, use_bias=bias, kernel_initializer="zeros")
    layer.build((None, None, None, in_channels))
    return int(layer.count_params())


def _receptive_field(draw: random.Random) -> Call:
    return ([draw.randint(1, 9) for _ in range(draw.randint(1, 6))],), {}


def _right_receptive_field(kernels: list[int]) -> int:
    """What a stack takes from the size of its input, and one: the last response is of size one."""
    shape: tuple[Any, ...] = (1, 100, 100, 1)
    for kernel in kernels:
        shape = _convolution((kernel, kernel)).compute_output_shape(shape)
    return 100 - int(shape[1]) + 1


INPUTS: dict[str, Callable[[random.Random], Call]] = {
    "response_shape": _response_shape,
    "max_pool": _max_pool,
    "same_padding": _same_padding,
    "conv_params": _conv_params,
    "receptive_field": _receptive_field,
}
RIGHT: dict[str, Callable[..., Any]] = {
    "response_shape": _right_response_shape,
    "max_pool": _right_max_pool,
    "same_padding": _right_same_padding,
    "conv_params": _right_conv_params,
    "receptive_field": _right_receptive_field,
}
