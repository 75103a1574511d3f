"""The test oracle: legal inputs for the functions that students write, and Keras's results for them.

`ottermark audit` uses it to tell wrong mutants of the solution from equivalent ones.
"""

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

# these answers are trained models, their scores, or the student's own choice of a pipeline
NOT_MUTATED = {"q1_1", "q1_2", "q1_3", "q5_2", "q5_5"}


@cache
def _conv2d(
    kernel: tuple[int, int], strides: tuple[int, int] = (1, 1), padding: str = "valid"
) -> layers.Conv2D:
    return layers.Conv2D(1, kernel, strides=strides, padding=padding)


def _draw_response_shape(rng: random.Random) -> Call:
    padding = rng.choice(["valid", "same"])
    kernel = (rng.randint(1, 9), rng.randint(1, 9))
    minimum = kernel if padding == "valid" else (1, 1)
    size = tuple(rng.randint(low, 40) for low in minimum)
    strides = (rng.randint(1, 5), rng.randint(1, 5))
    if padding == "valid" and rng.random() < 0.3:
        return (size, kernel, strides), {}
    if rng.random() < 0.2:
        return (size, kernel), {"padding": padding}
    return (size, kernel, strides, padding), {}


def _reference_response_shape(
    input_shape: Any, kernel_shape: Any, strides: Any = (1, 1), padding: str = "valid"
) -> Any:
    layer = _conv2d(tuple(kernel_shape), tuple(strides), padding)
    return layer.compute_output_shape((1, *input_shape, 1))[1:3]


def _draw_max_pool(rng: random.Random) -> Call:
    pool, stride = rng.randint(1, 4), rng.randint(1, 4)
    shape = (rng.randint(pool, 11), rng.randint(pool, 11))
    x = np.random.default_rng(rng.randrange(2**32)).normal(size=shape).astype(np.float32)
    if rng.random() < 0.2 and min(shape) >= 2:
        return (x,), {}
    return (x, pool, stride), {}


def _reference_max_pool(x: Any, pool: int = 2, stride: int = 2) -> Any:
    batch = np.asarray(x)[np.newaxis, :, :, np.newaxis]
    return np.asarray(keras.ops.max_pool(batch, pool, stride, "valid"))[0, :, :, 0]


def _draw_same_padding(rng: random.Random) -> Call:
    kernel = rng.randint(1, 11)
    return (rng.randint(1, 60), kernel, rng.randint(1, 6)), {}


def _reference_same_padding(I: int, F: int, S: int) -> float:
    """Half of the smallest total padding with which Keras's output is as large as the input."""
    layer = _conv2d((1, F), (1, S))

    def output_size(padding: int) -> int:
        padded = I + padding
        return int(layer.compute_output_shape((1, 1, padded, 1))[2]) if padded >= F else 0

    too_small, sufficient = -1, F + I * S
    while sufficient - too_small > 1:
        middle = (too_small + sufficient) // 2
        if output_size(middle) >= I:
            sufficient = middle
        else:
            too_small = middle
    assert output_size(sufficient) == I
    return sufficient / 2


def _draw_conv_params(rng: random.Random) -> Call:
    kernel = (rng.randint(1, 9), rng.randint(1, 9))
    args = (kernel, rng.randint(1, 20), rng.randint(1, 20))
    choice = rng.randrange(3)
    return (args, {}) if choice == 0 else ((*args, choice == 1), {})


def _reference_conv_params(kernel_shape: Any, in_channels: int, filters: int, bias: bool = True) -> int:
    layer = layers.Conv2D(filters, kernel_shape, use_bias=bias, kernel_initializer="zeros")
    layer.build((None, None, None, in_channels))
    return int(layer.count_params())


def _draw_receptive_field(rng: random.Random) -> Call:
    return ([rng.randint(1, 9) for _ in range(rng.randint(1, 6))],), {}


def _reference_receptive_field(kernels: list[int]) -> int:
    """How much a stack of layers reduces the size of its input, plus one for the last response."""
    shape: tuple[Any, ...] = (1, 100, 100, 1)
    for kernel in kernels:
        shape = _conv2d((kernel, kernel)).compute_output_shape(shape)
    return 100 - int(shape[1]) + 1


GENERATORS: dict[str, Callable[[random.Random], Call]] = {
    "response_shape": _draw_response_shape,
    "max_pool": _draw_max_pool,
    "same_padding": _draw_same_padding,
    "conv_params": _draw_conv_params,
    "receptive_field": _draw_receptive_field,
}
REFERENCES: dict[str, Callable[..., Any]] = {
    "response_shape": _reference_response_shape,
    "max_pool": _reference_max_pool,
    "same_padding": _reference_same_padding,
    "conv_params": _reference_conv_params,
    "receptive_field": _reference_receptive_field,
}
