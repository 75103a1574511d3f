"""Whether a model runs code of a notebook's own, which could notice what is left out of its training."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Mapping
from typing import Any

# of values that run no code of the notebook's
_OWN_PACKAGES = ("keras", "tensorflow", "numpy", "builtins", "inspect", "_thread", "weakref")
_DRAW_WHEN_TRACED = ("AugMix",)  # layers of Keras's that use Python's random numbers


def is_keras_own(model: Any) -> bool:
    """Return whether tracing a built model runs no code but Keras's and TensorFlow's.

    Otherwise the code could notice how often it is run.
    """
    with contextlib.suppress(Exception):  # whatever it holds must not end the training
        layers = list(model._flatten_layers())
        operations = [part for layer in layers for part in getattr(layer, "operations", ())]
        compiled = [model.optimizer, model._compile_loss, model._compile_metrics]
        are_silent = all(
            layer.built and type(layer).__name__ not in _DRAW_WHEN_TRACED for layer in layers
        )
        return are_silent and _are_own([*layers, *operations, *compiled])
    return False


def _are_own(values: list[Any]) -> bool:
    """Return whether values are data, or Keras's or TensorFlow's with all that they hold."""
    seen: dict[int, Any] = {}  # a value that is held keeps its identity to itself
    while values:
        value = values.pop()
        if id(value) in seen or isinstance(value, str | int | float | type(None)):
            continue
        seen[id(value)] = value
        if isinstance(value, Mapping):
            values += value.values()
        elif isinstance(value, list | tuple | set):
            values += value
        elif not is_own(value) or _computes_when_built(value):
            return False
        elif type(value).__module__.startswith("keras."):
            values += [getattr(type(value), "call", None), *getattr(value, "__dict__", {}).values()]
    return True


def is_own(value: Any) -> bool:
    """Return whether a function, a class or the class of another value is no notebook's."""
    function = getattr(value, "__func__", value)
    wrapped = inspect.unwrap(function)
    if inspect.isfunction(wrapped):  # its module may be a copy, by ``functools.wraps``
        modules = [_globals_name(function), _globals_name(wrapped)]
    else:
        named = value if inspect.isroutine(value) or inspect.isclass(value) else type(value)
        modules = [named.__module__ or ""]
    return all(module.partition(".")[0] in _OWN_PACKAGES for module in modules)


def _globals_name(function: Any) -> str:
    """Return the name of the module that a function was written in."""
    return str(getattr(function, "__globals__", {}).get("__name__", ""))


def _computes_when_built(value: Any) -> bool:
    """Return whether an optimizer gives its variables other values than they are created with.

    Keras builds it in the step that it traces first, which TensorFlow does not run.
    """
    from keras.src.optimizers.base_optimizer import BaseOptimizer

    if not isinstance(value, BaseOptimizer):
        return False
    builds = [vars(kind)["build"] for kind in type(value).__mro__ if "build" in vars(kind)]
    return any("assign" in build.__code__.co_names for build in builds)
