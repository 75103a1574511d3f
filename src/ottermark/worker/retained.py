"""Functions and models that stay in the worker, each as it was when the grader read it."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from ottermark.worker.fitted_rows import find_fitted_rows


@dataclass
class RetainedObject:
    """A function or model, and the state that its answers depend on.

    Attributes:
        value: the object itself.
        namespace: the notebook's names at that moment, which a function may use.
        used: the ids of the values of those names that the function's code mentions.
        weights: a model's weights at that moment.
        fitted_rows: what ``fit`` had been given by then (``fitted_rows``).
    """

    value: Any
    namespace: dict[str, Any]
    used: tuple[int, ...]
    weights: list[Any]
    fitted_rows: list[Any]

    def answers_like(self, other: RetainedObject) -> bool:
        """Return whether a call of ``other`` would give the same result."""
        return (
            self.value is other.value
            and self.used == other.used
            and _are_equal(self.weights, other.weights)
        )


class RetainedObjects:
    """The objects that the grader holds handles of.

    Args:
        shell: its ``user_ns`` holds the notebook's names.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._objects: list[RetainedObject] = []

    def retain(self, value: Any) -> int:
        """Return a handle for an object as it is now."""
        names = self._shell.user_ns
        code = getattr(value, "__code__", None)
        mentioned = code.co_names if isinstance(code, types.CodeType) else ()
        used = tuple(id(names.get(name)) for name in mentioned)
        new = RetainedObject(value, dict(names), used, _weights_of(value), find_fitted_rows(value))
        for handle, known in enumerate(self._objects):
            if known.answers_like(new):
                return handle
        self._objects.append(new)
        return len(self._objects) - 1

    @contextlib.contextmanager
    def restored(self, handle: int) -> Iterator[RetainedObject]:
        """Restore the notebook's names, and a model's weights, around a use of an object."""
        retained = self._objects[handle]
        names = self._shell.user_ns
        now = dict(names)
        _replace(names, retained.namespace)
        if retained.weights and not _are_equal(retained.weights, _weights_of(retained.value)):
            retained.value.set_weights(retained.weights)
        try:
            yield retained
        finally:
            _replace(names, now)


def _replace(namespace: dict[str, Any], other: dict[str, Any]) -> None:
    """Make a namespace, which functions refer to, hold what another does."""
    namespace.update(other)
    for name in namespace.keys() - other.keys():
        del namespace[name]


def _weights_of(value: Any) -> list[Any]:
    try:
        return [weight.copy() for weight in value.get_weights()]
    except Exception:  # not a model, or not built
        return []


def _are_equal(some: list[Any], others: list[Any]) -> bool:
    import numpy as np

    if len(some) != len(others):
        return False
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(some, others, strict=True))
