"""What a student may do to a whole result before handing it in."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _number(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a change of each number in a result."""

    def change_all(result: Any) -> Any:
        if isinstance(result, dict):
            return {key: change_all(value) for key, value in result.items()}
        if isinstance(result, (tuple, list)):
            return tuple(change_all(value) for value in result)
        return change(result)

    return change_all


def _pair(change: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[[Any], Any]:
    def change_pair(result: Any) -> Any:
        first, second = result
        if isinstance(result, np.ndarray) and result.ndim != 1:
            raise ValueError("not a pair")
        return change(first, second)

    return change_pair


def _turn(result: Any) -> Any:
    if np.ndim(result) != 2:
        raise ValueError("not an array with rows and columns")
    return np.transpose(result)


def _flatten(result: Any) -> Any:
    if np.ndim(result) != 2:
        raise ValueError("not an array with rows and columns")
    return np.ravel(result)


def _reshape(result: Any) -> Any:
    if np.ndim(result) != 2:
        raise ValueError("not an array with rows and columns")
    return np.reshape(result, np.shape(result)[::-1])


CHANGES: dict[str, Callable[[Any], Any]] = {
    "swapped": _pair(lambda first, second: (second, first)),
    "first-for-both": _pair(lambda first, _: (first, first)),
    "last-for-both": _pair(lambda _, second: (second, second)),
    "transposed": _turn,
    "reshaped": _reshape,
    "cut-off": _number(np.trunc),
    "rounded-down": _number(np.floor),
    "rounded-up": _number(np.ceil),
    "rounded-to-nearest": _number(np.round),
    "rounded-to-two-decimals": _number(lambda n: np.round(n, 2)),
    "negated": _number(lambda n: -n),
    "flattened": _flatten,
    "one-more": _number(lambda n: n + 1),
    "one-less": _number(lambda n: n - 1),
    "doubled": _number(lambda n: 2 * n),
    "halved": _number(lambda n: n / 2),
    "squared": _number(lambda n: n * n),
    "rooted": _number(lambda n: n**0.5 if n >= 0 else math.nan),
}


def change_result(kind: str, result: Any) -> Any:
    """Return a result after one of ``CHANGES``."""
    return CHANGES[kind](result)


def scale_result(kind: str, result: Any, quantity: Any) -> Any:
    """Return a number multiplied or divided by another."""
    if np.ndim(result) or np.ndim(quantity):
        raise ValueError("not a number")
    return result * quantity if kind == "times" else result / quantity
