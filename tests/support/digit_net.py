"""A small net for the lab's digits, computed with NumPy, that offers what tests see of a model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np
from conftest import PROJECT
from numpy.lib.stride_tricks import sliding_window_view

Layer = tuple[str, dict[str, Any], Callable[[Any], Any]]


def lab_digits() -> dict[str, Any]:
    """Return what the lab's notebook calls the digits and their labels."""
    with np.load(PROJECT / "assignment" / "data" / "digits.npz") as archive:
        pictures = archive["images"][..., np.newaxis].astype("float32") / 255
        classes = archive["labels"].astype(int)
    return {
        **{"pictures": pictures, "classes": classes},
        **{"digits": pictures[:3000], "labels": classes[:3000]},
        **{"val_digits": pictures[3000:], "val_labels": classes[3000:]},
    }


class DigitNet:
    """Reads a digit by the mean picture of each class that is nearest, so it makes many mistakes.

    Args:
        seed: that of the numbers of its convolution layers, which have no part in its answers.
        activation: that of the first convolution layer, as in its settings.
        following: layers that come after the first one, e.g. an activation of its own.
    """

    def __init__(
        self, seed: int, activation: str = "relu", following: tuple[str, ...] = ()
    ) -> None:
        self.first, self.last = np.random.default_rng(seed).normal(size=(2, 3, 3, 1, 8))
        self.activation, self.following = activation, following

    @cached_property
    def means(self) -> Any:
        """The mean picture of each class, shape (10, 784)."""
        names = lab_digits()
        rows = names["digits"].reshape(-1, 784)
        return np.stack([rows[names["labels"] == digit].mean(axis=0) for digit in range(10)])

    def predict(self, x: Any, verbose: int = 0) -> Any:
        """Return ten scores for each picture, which add up to 1."""
        rows = np.asarray(x, dtype=float).reshape(-1, 784)
        near = 2 * rows @ self.means.T - (self.means**2).sum(axis=1)
        scores = np.exp((near - near.max(axis=1, keepdims=True)) / 10)
        return scores / scores.sum(axis=1, keepdims=True)

    def get_weights(self) -> list[Any]:
        """Return the numbers of the convolution layers."""
        return [self.first, self.last]

    def response(self, x: Any) -> Any:
        """Return what the first convolution layer makes of pictures, before its activation."""
        windows = sliding_window_view(np.asarray(x, dtype=float)[..., 0], (3, 3), axis=(1, 2))
        return np.tensordot(windows, self.first[:, :, 0], 2)

    def maps(self, x: Any) -> Any:
        """Return the maps of the first convolution layer."""
        response = self.response(x)
        return np.maximum(response, 0) if self.activation == "relu" else response

    def after(self, kind: str, x: Any) -> Any:
        """Return what a layer that follows the first one makes of its maps."""
        return self.maps(x) * 0.25 if "Normalization" in kind else np.maximum(self.maps(x), 0)

    def pooled(self, x: Any) -> Any:
        """Return the maps after max pooling by 2."""
        maps = np.maximum(self.maps(x), 0)
        return maps.reshape(len(maps), 13, 2, 13, 2, -1).max(axis=(2, 4))

    def last_maps(self, x: Any) -> Any:
        """Return the maps of the last convolution layer."""
        windows = sliding_window_view(self.pooled(x).sum(axis=-1), (3, 3), axis=(1, 2))
        return np.maximum(np.tensordot(windows, self.last[:, :, 0], 2), 0)

    @property
    def layers(self) -> list[Any]:
        """The layers; the class of each has the name of Keras's class."""
        plain = {
            **{"kernel_size": (3, 3), "strides": (1, 1), "dilation_rate": (1, 1)},
            **{"padding": "valid", "use_bias": False, "activation": "relu"},
        }
        described: list[Layer] = [("Conv2D", {**plain, "activation": self.activation}, self.maps)]
        described += [(kind, {}, partial(self.after, kind)) for kind in self.following]
        described += [("MaxPooling2D", {}, self.pooled), ("Conv2D", plain, self.last_maps)]
        return [_make_layer(*layer) for layer in described]


def _make_layer(kind: str, config: dict[str, Any], compute: Callable[[Any], Any]) -> Any:
    methods = {"get_config": lambda _: config, "compute": staticmethod(compute)}
    return type(kind, (), methods)()
