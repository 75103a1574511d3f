"""The test oracle: what is right, from Keras and NumPy alone and not from the grader's tests.

It has legal inputs for the functions that students write, and Keras's results for them; the right
values of all other names; and, for trained nets, what shows in their own process that they are
right. `ottermark audit` tells wrong mutants from equivalent ones by it, and verifies rewrites.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pandas as pd
from keras import layers
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

ASSIGNMENT = Path(__file__).resolve().parent.parent

Call = tuple[tuple[Any, ...], dict[str, Any]]

# these answers are trained models, what they say, or the student's own choice of a pipeline
NOT_MUTATED = {"q1_1", "q1_2", "q1_3", "q5_2", "q5_5", "q5_6", "q5_7"}


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


def _draw_convolve(rng: random.Random) -> Call:
    """The numbers are quarters, which all arithmetic gets right, or True and False."""
    numbers = np.random.default_rng(rng.randrange(2**32))
    size = (rng.randint(1, 5), rng.randint(1, 5))
    shape = tuple(side + rng.choice([0, 1, rng.randint(2, 8)]) for side in size)
    image, kernel = (numbers.integers(-20, 21, sides) for sides in (shape, size))
    kernel = rng.choice([kernel, kernel / 4])
    dtype = rng.choice([np.float64, np.float32, np.int64, np.bool_])
    return (rng.choice([image.astype(dtype), image / 4]), kernel), {}


def _reference_convolve(image: Any, kernel: Any) -> Any:
    batch = image.astype("float64")[np.newaxis, :, :, np.newaxis]
    weights = kernel.astype("float64")[:, :, np.newaxis, np.newaxis]
    return np.asarray(keras.ops.conv(batch, weights, 1, "valid"))[0, :, :, 0]


def _draw_max_pool(rng: random.Random) -> Call:
    pool, stride = rng.randint(1, 4), rng.randint(1, 4)
    shape = (rng.randint(pool, 11), rng.randint(pool, 11))
    x = np.random.default_rng(rng.randrange(2**32)).normal(size=shape).astype(np.float32)
    if rng.random() < 0.2 and min(shape) >= 2:
        return (x,), {}
    return (x, pool) if stride == 2 else (x, pool, stride), {}  # 2 is the default


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
    "convolve": _draw_convolve,
    "max_pool": _draw_max_pool,
    "same_padding": _draw_same_padding,
    "conv_params": _draw_conv_params,
    "receptive_field": _draw_receptive_field,
}
REFERENCES: dict[str, Callable[..., Any]] = {
    "response_shape": _reference_response_shape,
    "convolve": _reference_convolve,
    "max_pool": _reference_max_pool,
    "same_padding": _reference_same_padding,
    "conv_params": _reference_conv_params,
    "receptive_field": _reference_receptive_field,
}


# ------------------------------------------------------------------------------- other values


def _shape_of(layer: Any, *shape: int) -> tuple[int, ...]:
    return tuple(layer.compute_output_shape((None, *shape))[1:])


def _count(layer: Any, in_channels: int) -> int:
    layer.build((None, None, None, in_channels))
    return int(layer.count_params())


def _read_housing() -> tuple[np.ndarray, ...]:
    """Return the rows and targets of training and test, split as scikit-learn splits them."""
    rows = np.loadtxt(ASSIGNMENT / "data" / "boston_housing.csv", delimiter=",", skiprows=1)
    order = np.random.RandomState(42).permutation(len(rows))
    test, train = rows[order[:102]], rows[order[102:]]
    return train[:, :13], train[:, 13], test[:, :13], test[:, 13]


X_train, y_train, X_test, y_test = _read_housing()
_mean, _spread = X_train.mean(axis=0), X_train.std(axis=0)


def _least_squares() -> dict[str, float]:
    """Solve the normal equations; return the errors of the solution."""
    train, test = (np.column_stack([x, np.ones(len(x))]) for x in (X_train, X_test))
    weights = np.linalg.solve(train.T @ train, train.T @ y_train)
    scores = {}
    for part, rows, truth in (("train", train, y_train), ("test", test, y_test)):
        off = rows @ weights - truth
        scores |= {f"{part}_mse": np.mean(off**2), f"{part}_mae": np.mean(np.abs(off))}
    return scores


def _digits() -> tuple[np.ndarray, np.ndarray]:
    with np.load(ASSIGNMENT / "data" / "digits.npz") as archive:
        images = archive["images"][..., np.newaxis].astype("float32") / 255
        return images, archive["labels"].astype(int)


digits, labels = _digits()

# what the notebook has imported and loaded before the answers
NAMES: dict[str, Any] = {
    **{"keras": keras, "layers": layers, "np": np, "pd": pd},
    **{"LinearRegression": LinearRegression, "StandardScaler": StandardScaler},
    **{"mean_absolute_error": mean_absolute_error, "mean_squared_error": mean_squared_error},
    **{"X_train": X_train, "y_train": y_train, "X_test": X_test, "y_test": y_test},
    **{"X_train_std": (X_train - _mean) / _spread, "X_test_std": (X_test - _mean) / _spread},
    **{"X": np.vstack([X_train, X_test]), "y": np.concatenate([y_train, y_test])},
    **{"scaler": StandardScaler().fit(X_train), "train_test_split": train_test_split},
    **{"digits": digits, "labels": labels, "score_table": lambda **models: None},
}

_filters = _shape_of(layers.Conv2D(32, 3), 28, 28, 1)
VALUES: dict[str, tuple[Any, ...]] = {
    "linreg_scores": (_least_squares(),),
    "response_meaning": (dict(zip(("height", "width", "filters"), _filters)),),
    "shape_6_3": (_shape_of(layers.Conv2D(1, 3), 6, 6, 1)[:2],),
    "shape_33_2": (_shape_of(layers.Conv2D(1, 2), 33, 33, 1)[:2], _shape_of(layers.Conv2D(1, 2), 33, 33, 1)),
    "valid_shape": (_shape_of(layers.Conv2D(1, 3), 6, 6, 1)[:2],),
    "same_shape": (_shape_of(layers.Conv2D(1, 3, padding="same"), 6, 6, 1)[:2],),
    "pooled_shape": (_shape_of(layers.MaxPooling2D(2, 2), 6, 6, 1)[:2],),
    "output_100_2": (_shape_of(layers.Conv2D(1, 2), 100, 100, 1)[:2],),
    "conv2_24_weights": (_count(layers.Conv2D(24, 2, use_bias=False), 1),),
    "conv2_24_params": (_count(layers.Conv2D(24, 2), 1),),
    "second_conv2_24_weights": (_count(layers.Conv2D(24, 2, use_bias=False), 24),),
    "weights_one_8x8": (_count(layers.Conv2D(1, 8, use_bias=False), 1),),
    "weights_four_2x2": (4 * _count(layers.Conv2D(1, 2, use_bias=False), 1),),
    "layers_2x2_to_see_8x8": (next(n for n in range(99) if _reference_receptive_field([2] * n) == 8),),
}


@cache
def _reader() -> Any:
    """Return a classifier of pictures by their nearest neighbours among others, also shifted ones."""
    steps = [(down, right) for down in (-2, 0, 2) for right in (-2, 0, 2)]
    shifted = np.concatenate([np.roll(digits[200:1400], step, (1, 2)) for step in steps])
    return KNeighborsClassifier(3).fit(shifted.reshape(-1, 784), np.tile(labels[200:1400], len(steps)))


def _reads(images: np.ndarray) -> float:
    """Return the share of the first digits that are still read right after a change."""
    return float(_reader().score(images.reshape(-1, 784), labels[:200]))


def _augments(augment: Callable[..., Any]) -> bool:
    """Whether pictures are changed at random in training, stay readable, and stay as they are otherwise."""
    images = digits[:200]
    first, second = (np.asarray(a) for a in (augment(images.copy()), augment(images.copy(), training=True)))
    untouched = np.asarray(augment(images.copy(), training=False))
    changed = [np.abs(a - images).mean(axis=(1, 2, 3)) > 0.003 for a in (first, second)]
    return (
        all(a.shape == images.shape and a.dtype == np.float32 for a in (first, second, untouched))
        and all(-1e-4 < a.min() and a.max() < 1 + 1e-4 for a in (first, second))
        and bool(np.array_equal(untouched, images))
        and bool(np.mean(changed) > 0.75)
        and not np.array_equal(first, second)
        and min(map(_reads, (first, second))) > 0.6
    )


def _finds_vertical_edges(edge_kernel: Any) -> bool:
    """Whether Keras's largest answer to a vertical step is 1 or more, and four times that to the other."""
    weights = np.asarray(edge_kernel).astype("float64")
    step = np.where(np.arange(9) < 5, 0.0, np.ones((9, 1)))
    pictures = np.stack([step, step.T])[..., np.newaxis]
    answers = np.asarray(keras.ops.conv(pictures, weights.reshape(3, 3, 1, 1), 1, "valid"))
    vertical, horizontal = np.abs(answers).max(axis=(1, 2, 3))
    is_balanced = weights.shape == (3, 3) and abs(weights.sum()) <= 1e-6
    return bool(is_balanced and vertical > 1 - 1e-6 and vertical > 4 * horizontal - 1e-6)


PROPERTIES: dict[str, tuple[Callable[..., bool], Any]] = {
    "augment": (_augments, digits[:1]),
    "edge_kernel": (_finds_vertical_edges, np.array([[-2.0, 0.0, 2.0]] * 3)),
}

# ------------------------------------------------------------------------------ trained nets

_HOUSING = """
def _measure(model, scores):
    shown = {"count": model.count_params(), "reported": {}, "own": {}}
    for part, rows, truth in (("train", X_train_std, y_train), ("test", X_test_std, y_test)):
        off = np.asarray(model.predict(rows, verbose=0), dtype=float).reshape(-1) - truth
        shown["own"] |= {part + "_mse": float(np.mean(off**2)), part + "_mae": float(np.mean(np.abs(off)))}
    for key in shown["own"]:
        shown["reported"][key] = float(np.asarray(scores[key]).reshape(-1)[0])
    return shown
"""
_DIGITS = """
def _measure(model, predicted):
    pictures, classes = np.concatenate([digits, val_digits]), np.concatenate([labels, val_labels])
    unseen = np.arange(len(classes)) % 7 == 0
    answers = model.predict(pictures[unseen], verbose=0).argmax(axis=1)
    return {"count": model.count_params(), "predicted": float(np.asarray(predicted).reshape(-1)[0]),
            "accuracy": float(np.mean(answers == classes[unseen]))}
"""

# code that ends with an expression: what the net of the answer measures, as a dict
MEASUREMENTS: dict[str, str] = {
    "q1_2": f"{_HOUSING}\n_measure(tuned_model, tuned_scores)",
    "q1_3": f"{_HOUSING}\n_measure(deep_model, deep_scores)",
    "q5_5": f"{_DIGITS}\n_measure(convnet, predicted_params)",
}


def _marks(question: str) -> dict[str, float]:
    """Return the calibrated marks that a net needs for all points, by what is measured."""
    marks = json.loads((ASSIGNMENT / "calibration" / "marks.json").read_text(encoding="utf-8"))
    (*_, last) = marks[question]["steps"].values()
    return {name: float(mark) for name, _, mark in (condition.split() for condition in last)}


def _has_own_scores(measured: Mapping[str, Any]) -> bool:
    return all(
        abs(measured["reported"][key] - own) < 1e-3 * max(1.0, own) for key, own in measured["own"].items()
    )


def _housing_net_is_right(question: str, measured: Mapping[str, Any]) -> bool:
    own = measured["own"]
    return _has_own_scores(measured) and all(own[name] < mark for name, mark in _marks(question).items())


def _convnet_is_right(measured: Mapping[str, Any]) -> bool:
    """The margin over the mark is that of a one-sided 95 % bound for a share of 500 digits."""
    mark = _marks("q5_5")["accuracy"]
    margin = 1.645 * (mark * (1 - mark) / 500) ** 0.5
    right_count = measured["predicted"] == measured["count"] <= 20_000
    return right_count and measured["accuracy"] >= mark + margin


NET_CHECKS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "q1_2": lambda measured: _housing_net_is_right("q1_2", measured),
    "q1_3": lambda measured: measured["count"] == 67_969 and _housing_net_is_right("q1_3", measured),
    "q5_5": _convnet_is_right,
}
