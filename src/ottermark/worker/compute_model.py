"""Computes a described model with Keras, in a process that never ran a student's code.

A model stays in the notebook's process, and what it says of itself need not be true: a table of
the training rows can call itself a small convnet. So the grader has the layers and operations of
its description computed here, with the weights that came with it: the answer is then that of
these layers and weights, whatever the notebook's process says.

The description comes from the notebook's process and may hold anything. Only Keras's own layers,
and operations of TensorFlow that compute and do nothing else, are used; time and memory are limited
as for a notebook.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ottermark.errors import OttermarkError
from ottermark.protocol.model_description import (
    INPUT,
    OPERATION,
    ModelDescription,
    Step,
    StepOutput,
    Weight,
)
from ottermark.worker.operations import OPERATIONS

# The input is computed in batches: the outputs of layers may take many times its memory.
MAX_BATCH_ROWS = 1_024
MAX_BATCH_NUMBERS = 200_000  # numbers in all rows of a batch, unless one row has more

# layers, and the serialized form of functions, that run code which is not Keras's
_RUN_OTHER_CODE = (
    "Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer",
)  # fmt: skip

# settings that have no influence on what a layer with given weights computes
_REPLACED = {"_initializer": "zeros", "_regularizer": None, "_constraint": None}


class NotComputedError(OttermarkError):
    """The description holds something that is not computed here.

    Args:
        obstacle: the name of the layer or operation.
    """

    def __init__(self, obstacle: str) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


class ComputedModel:
    """A model that is rebuilt from its description.

    Args:
        description: with at least one step, or whose output is its input.
        weights: all its weights, in Keras's order.

    Raises:
        NotComputedError: a layer or operation is not one of those that are computed.
    """

    def __init__(
        self, description: ModelDescription, weights: Sequence[np.ndarray[Any, Any]]
    ) -> None:
        import tensorflow as tf

        self._description = description
        self._weights = [tf.constant(weight) for weight in weights]
        self._steps = [self._rebuild(step) for step in description.steps]

    def __call__(self, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the model's output for some rows; raises whatever does not fit."""
        x = x.astype(self._description.input_dtype)
        size = min(MAX_BATCH_ROWS, max(1, MAX_BATCH_NUMBERS // max(1, x[:1].size)))
        batches = [x[start : start + size] for start in range(0, len(x), size)]
        return np.concatenate([np.asarray(self._run(batch)) for batch in batches])

    def _run(self, x: np.ndarray[Any, Any]) -> Any:
        import tensorflow as tf

        outputs: list[list[Any]] = []
        source = tf.constant(x)

        def value(part: Any) -> Any:
            if isinstance(part, StepOutput):
                return source if part.step == INPUT else outputs[part.step][part.index]
            if isinstance(part, Weight):
                return self._weights[part.index]
            if isinstance(part, Mapping):
                return {key: value(inner) for key, inner in part.items()}
            if isinstance(part, (list, tuple)):
                return type(part)(map(value, part))
            return part

        for step, compute in zip(self._description.steps, self._steps, strict=True):
            output = compute(*value(step.args), **value(step.kwargs))
            outputs.append(list(output) if isinstance(output, (list, tuple)) else [output])
        return value(self._description.output)

    def _rebuild(self, step: Step) -> Callable[..., Any]:
        """Return the function that computes a step."""
        if step.kind == "InputLayer":
            return lambda x: x
        if step.is_layer:
            return _Layer(step, [self._weight(weight) for weight in step.weights])
        return _Operation(step)

    def _weight(self, weight: Weight | np.ndarray[Any, Any]) -> Any:
        return self._weights[weight.index] if isinstance(weight, Weight) else weight


class _Layer:
    """One of Keras's layers; it is built, and given its weights, when it is first called."""

    def __init__(self, step: Step, weights: Sequence[Any]) -> None:
        kind = _layer_classes().get(step.kind)
        config = _without_training_settings(step.config)
        if kind is None or not _is_keras_own(config):
            raise NotComputedError(step.kind)
        self._make = functools.partial(kind.from_config, config)
        try:
            self._layer = self._make()
        except Exception:
            raise NotComputedError(step.kind) from None
        self._weights = weights
        self._values: list[tuple[Any, Any]] = []  # of the layer's variables, if these hold none
        self._is_ready = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        import keras

        if self._layer._call_has_training_arg:
            kwargs = {"training": False, **kwargs}
        if not self._is_ready:
            is_enough = len(args) == 1 and kwargs.keys() <= {"training"}
            shape = getattr(args[0], "shape", None) if is_enough else None
            if shape is None or not self._build_from_shape(tuple(shape)):
                self._build_by_call(args, kwargs)
            self._is_ready = True
        with keras.StatelessScope(self._values, initialize_variables=False):
            return self._layer(*args, **kwargs)

    def _build_from_shape(self, shape: tuple[int, ...]) -> bool:
        """Build the layer without values in its variables, in half the time; return whether it can be."""
        import keras
        import tensorflow as tf

        if hasattr(self._layer, "finalize_state"):  # Normalization computes with its variables
            return False
        with keras.StatelessScope(initialize_variables=False):
            self._layer.build(shape)
        variables = self._layer.weights
        shapes = [tuple(weight.shape) for weight in self._weights]
        if [tuple(variable.shape) for variable in variables] != shapes:
            self._layer = self._make()  # some have no variables before they are called
            return False
        self._values = [
            (variable, tf.cast(weight, variable.dtype))
            for variable, weight in zip(variables, self._weights, strict=True)
        ]
        return True

    def _build_by_call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self._layer(*args, **kwargs)
        self._layer.set_weights([np.asarray(weight) for weight in self._weights])
        if hasattr(self._layer, "finalize_state"):
            self._layer.finalize_state()


class _Operation:
    """One of TensorFlow's operations, called by its inputs in order and its settings by name."""

    def __init__(self, step: Step) -> None:
        from tensorflow.python.framework import op_def_registry

        self._name = step.kind.removeprefix(OPERATION)
        definition = op_def_registry.get(self._name) if self._name in OPERATIONS else None
        if definition is None:
            raise NotComputedError(self._name)
        self._outputs = int(step.config["outputs"])
        self._settings: list[Any] = []
        for attribute in definition.attr:
            value = step.config["settings"][attribute.name]
            self._settings += [attribute.name, _setting(attribute.type, value)]

    def __call__(self, *inputs: Any) -> Any:
        import tensorflow as tf
        from tensorflow.python.eager import context, execute

        tensors = [tf.convert_to_tensor(tensor) for tensor in inputs]
        return execute.execute(
            self._name, self._outputs, tensors, tuple(self._settings), context.context()
        )


def _setting(kind: str, value: Any) -> Any:
    """Return a setting in the form in which TensorFlow takes it.

    Args:
        kind: as in the operation's definition, such as ``type`` or ``list(int)``.
    """
    import tensorflow as tf

    if kind.startswith("list("):
        return [_setting(kind[len("list(") : -1], part) for part in value]
    if kind == "type":
        return tf.as_dtype(value).as_datatype_enum
    if kind == "shape":
        return tf.TensorShape(value).as_proto()
    if kind in ("int", "float", "bool"):
        return {"int": int, "float": float, "bool": bool}[kind](value)
    return str(value).encode()


@functools.cache
def _layer_classes() -> dict[str, Any]:
    """Return Keras's own layers, without those that run other code, by the names of the classes."""
    import keras

    offered = [getattr(keras.layers, name) for name in dir(keras.layers)]
    layers = [kind for kind in offered if isinstance(kind, type) and issubclass(kind, keras.Layer)]
    return {kind.__name__: kind for kind in layers if kind.__name__ not in _RUN_OTHER_CODE}


def _is_keras_own(config: Any) -> bool:
    """Return whether all classes and functions that settings name are Keras's own."""
    if isinstance(config, Mapping):
        if "class_name" in config and not _names_keras_object(config):
            return False
        return all(map(_is_keras_own, config.values()))
    if isinstance(config, (list, tuple)):
        return all(map(_is_keras_own, config))
    return config is None or isinstance(config, (bool, int, float, str, np.ndarray))


def _names_keras_object(reference: Mapping[str, Any]) -> bool:
    """Return whether a serialized object is one of Keras's that runs no other code.

    Activations have the module ``builtins``; no other object of that module is taken.
    """
    import keras

    module = str(reference.get("module") or "")
    if reference["class_name"] in _RUN_OTHER_CODE:
        return False
    if module == "builtins":
        return hasattr(keras.activations, str(reference.get("config")))
    return module.split(".")[0] == "keras"


def _without_training_settings(config: Any) -> Any:
    """Return settings without those that matter in training only."""
    if isinstance(config, Mapping):
        return {
            key: next(
                (other for end, other in _REPLACED.items() if str(key).endswith(end)),
                _without_training_settings(value),
            )
            for key, value in config.items()
        }
    if isinstance(config, (list, tuple)):
        return type(config)(map(_without_training_settings, config))
    return config
