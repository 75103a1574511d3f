"""Answers: what a function says to the catalogue's cases, and when two answers are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ottermark.protocol.proxies import CallTimeoutError
from ottermark.sandbox.session import SessionLostError

RAISED = object()  # the answer of a call that raised an error
UNKNOWN = object()  # the answer of a call that was not made
MOST_PARTS = 4  # a longer answer is compared as a whole

Part = str | int | None  # a key, a position, or the whole of an answer


@dataclass(frozen=True)
class Case:
    """Arguments to try a student's function with.

    Attributes:
        input_class: what such inputs have in common, in words for the student.
        source: the arguments as the catalogue has them.
    """

    input_class: str
    source: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def values_equal(one: Any, other: Any, tolerance: float = 1e-9) -> bool:
    """Return whether two answers are the same numbers; tuples, lists and arrays are alike.

    Args:
        tolerance: how far two numbers may be apart beyond a millionth of themselves.
    """
    if one is other:
        return True
    if isinstance(one, dict) or isinstance(other, dict):
        both = isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys()
        return both and all(values_equal(one[key], other[key], tolerance) for key in one)
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(
            values_equal(a, b, tolerance) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):  # the usual case, quickly
        return bool(abs(one - other) <= tolerance + 1e-6 * abs(other)) or one != one != other != one
    try:
        first, second = (np.asarray(a).astype(float) for a in (one, other))
    except Exception:  # text, None, ragged lists: compared as they are
        try:
            return bool(type(one) is type(other) and one == other)
        except Exception:
            return False
    return first.shape == second.shape and np.allclose(
        first, second, 1e-6, tolerance, equal_nan=True
    )


def all_equal(answers: tuple[Any, ...], expected: tuple[Any, ...]) -> bool:
    """Return whether there are answers, and all are as expected."""
    return len(answers) > 0 and all(map(values_equal, answers, expected))


def split(answer: Any) -> dict[Part, Any]:
    """Return the parts of an answer: of a dict by key, of a short row by position."""
    if isinstance(answer, dict):
        return dict(answer)
    shape = getattr(answer, "shape", None)
    # of a class, it may be anything
    is_row = isinstance(answer, (tuple, list)) or (isinstance(shape, tuple) and len(shape) == 1)
    if is_row and 2 <= len(answer) <= MOST_PARTS:
        return dict(enumerate(answer))
    return {None: answer}


def call_cases(function: Callable[..., Any], cases: Iterable[Case]) -> tuple[Any, ...]:
    """Return what a function answers to the cases, in order."""
    answers: list[Any] = []
    timed_out = False  # then it would only time out again
    for case in cases:
        try:
            answers.append(UNKNOWN if timed_out else function(*case.args, **case.kwargs))
        except SessionLostError:
            raise
        except CallTimeoutError:
            timed_out = True
            answers.append(UNKNOWN)
        except Exception:
            answers.append(RAISED)
    return tuple(answers)
