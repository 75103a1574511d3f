"""Keras models in the worker: describe them as data, and ask them for predictions.

A model is described by what it does to a symbolic input. Each call of one of Keras's own layers
becomes a step with the layer's settings; what other code does between these calls, in a ``call``
of the student's or in a Lambda, becomes steps of TensorFlow's operations.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ottermark.errors import OttermarkError
from ottermark.protocol.model_description import (
    INPUT,
    OPERATION,
    PROBE_ROWS,
    ModelDescription,
    Step,
    StepOutput,
    Weight,
    leaves,
)

# layers that apply their activation last, so that it can be told apart from them
_ACTIVATED_LAST = (
    "Dense", "EinsumDense", "Activation",
    "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose",
    "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D",
)  # fmt: skip


class IndescribableError(OttermarkError):
    """A model that cannot be described.

    Args:
        obstacle: see ``ModelDescription.obstacle``.
    """

    def __init__(self, obstacle: str) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


def describe(model: Any) -> ModelDescription:
    """Return the description of a model; without steps if it cannot be described."""
    try:
        keras = sys.modules.get("keras")
        if keras is None or not isinstance(model, keras.Model):
            return ModelDescription()
        if not model.built:
            raise IndescribableError("unbuilt")
        if keras.config.backend() != "tensorflow":
            raise IndescribableError(keras.config.backend())
        return _Trace(model).description()
    except IndescribableError as error:
        return ModelDescription(obstacle=error.obstacle)
    except Exception as error:  # raised by the student's code
        return ModelDescription(raised=type(error).__name__)


class _Call:
    """A call of one of Keras's own layers.

    Attributes:
        outputs: placeholders for what it returned, in order.
    """

    def __init__(self, layer: Any, config: Any, args: Any, kwargs: Any, outputs: list[Any]) -> None:
        self.layer, self.config, self.args, self.kwargs = layer, config, args, kwargs
        self.outputs = outputs


class _Trace:
    """What a model does to a symbolic input."""

    def __init__(self, model: Any) -> None:
        import keras
        from tensorflow.python.framework.func_graph import FuncGraph

        self._model = model
        self._graph = FuncGraph("description")
        self._calls: dict[int, _Call] = {}  # by the id of the operation of each placeholder
        self._inside_layer = False
        self._call_layer = keras.Layer.__call__
        self._weights = {id(weight): Weight(i) for i, weight in enumerate(model.weights)}
        self._variables = {
            id(weight.value.handle): Weight(i) for i, weight in enumerate(model.weights)
        }
        self._steps: list[Step] = []
        self._places: dict[int, int] = {}  # of steps, by the id of a layer's call or an operation

    def description(self) -> ModelDescription:
        """Trace the model; raises ``IndescribableError`` or what its code raises."""
        import tensorflow as tf

        shape, dtype = self._input()
        with self._graph.as_default(), self._observed_layers():
            self._x = tf.compat.v1.placeholder(dtype, shape)
            output = self._model(self._x, training=False)
        if not tf.is_tensor(output) or output.graph is not self._graph:
            raise IndescribableError("several_outputs")
        self._captures = {id(inner): outer for outer, inner in self._graph.captures}
        self._add_input_layer()
        self._add_steps(output)
        return ModelDescription(
            self._steps, self._reference(output), tuple(shape), tf.as_dtype(dtype).name
        )

    def _input(self) -> tuple[list[int | None], str]:
        import keras

        inputs = getattr(self._model, "inputs", None)
        if inputs:
            if len(inputs) != 1:
                raise IndescribableError("several_inputs")
            return list(inputs[0].shape), inputs[0].dtype
        shape = (self._model.get_build_config() or {}).get("input_shape")
        if shape is None:
            raise IndescribableError("no_shape")
        if not isinstance(shape, (tuple, list)) or not all(
            isinstance(n, int | None) for n in shape
        ):
            raise IndescribableError("several_inputs")
        return [None, *shape[1:]], keras.config.floatx()

    # ---------------------------------------------------------------------------- tracing

    @contextlib.contextmanager
    def _observed_layers(self) -> Iterator[None]:
        """Have each call of one of Keras's own layers recorded."""
        import keras
        import tensorflow as tf

        trace, call_layer = self, self._call_layer

        def observed(layer: Any, *args: Any, **kwargs: Any) -> Any:
            if trace._inside_layer or not _is_keras_own(layer):
                return call_layer(layer, *args, **kwargs)
            return trace._record(layer, args, kwargs)

        eagerly = tf.config.functions_run_eagerly()
        tf.config.run_functions_eagerly(True)  # a tf.function is traced with the rest
        keras.Layer.__call__ = observed
        try:
            yield
        finally:
            keras.Layer.__call__ = call_layer
            tf.config.run_functions_eagerly(eagerly)

    def _record(self, layer: Any, args: Any, kwargs: Any) -> Any:
        """Call a layer; return placeholders in the place of its outputs."""
        import tensorflow as tf

        activation = _foreign_activation(layer)
        with self._within_layer(), _linear(layer, activation):
            returned = self._call_layer(layer, *args, **kwargs)
            config = layer.get_config()
        outputs = [self._placeholder(tensor) for tensor in leaves(returned)]
        call = _Call(layer, config, args, kwargs, outputs)
        self._calls |= {id(output.op): call for output in outputs}
        replaced = tf.nest.pack_sequence_as(returned, outputs)
        return replaced if activation is None else activation(replaced)

    @contextlib.contextmanager
    def _within_layer(self) -> Iterator[None]:
        self._inside_layer = True
        try:
            yield
        finally:
            self._inside_layer = False

    def _placeholder(self, tensor: Any) -> Any:
        import tensorflow as tf

        if not tf.is_tensor(tensor):
            raise IndescribableError(type(tensor).__name__)
        placeholder = tf.compat.v1.placeholder(tensor.dtype, tensor.shape)
        mask = getattr(tensor, "_keras_mask", None)
        if mask is not None:
            placeholder._keras_mask = mask
        return placeholder

    # ------------------------------------------------------------------------------ steps

    def _add_input_layer(self) -> None:
        """Add the input layer of a functional model, which is one of its layers in Keras."""
        import keras

        if isinstance(self._model, keras.Sequential) or not getattr(self._model, "inputs", None):
            return
        layer = self._model.inputs[0]._keras_history.operation
        if isinstance(layer, keras.layers.InputLayer):
            args = [StepOutput(INPUT)]
            self._steps.append(Step("InputLayer", layer.name, layer.get_config(), args=args))

    def _add_steps(self, output: Any) -> None:
        """Add a step for all that an output depends on, in the order of its making."""
        order = {id(op): i for i, op in enumerate(self._graph.get_operations())}
        sources: dict[int, Any] = {}
        waiting = [output]
        while waiting:
            tensor = waiting.pop()
            if id(tensor.op) in sources or self._is_data(tensor):
                continue
            sources[id(tensor.op)] = tensor.op
            call = self._calls.get(id(tensor.op))
            parents = leaves([call.args, call.kwargs]) if call else tensor.op.inputs
            waiting += [parent for parent in parents if self._is_symbolic(parent)]
        for key in sorted(sources, key=order.__getitem__):
            call = self._calls.get(key)
            if call is None:
                self._places[key] = len(self._steps)
                self._steps.append(self._operation(sources[key]))
            elif id(call) not in self._places:
                self._places[id(call)] = len(self._steps)
                self._steps.append(self._layer(call))

    def _is_symbolic(self, value: Any) -> bool:
        return getattr(value, "graph", None) is self._graph and hasattr(value, "op")

    def _is_data(self, tensor: Any) -> bool:
        """Return whether a tensor is the input, a weight or a constant."""
        op = tensor.op
        is_captured = op.type == "ReadVariableOp" or id(tensor) in self._captures
        return tensor is self._x or op.type == "Const" or is_captured

    def _layer(self, call: _Call) -> Step:
        layer = call.layer
        weights = [self._weights.get(id(w), np.asarray(w)) for w in layer.weights]
        args, kwargs = self._template(call.args), self._template(call.kwargs)
        return Step(type(layer).__name__, layer.name, call.config, weights, args, kwargs)

    def _operation(self, op: Any) -> Step:
        settings = {
            attribute.name: _plain(op.get_attr(attribute.name), op.type)
            for attribute in op.op_def.attr
        }
        config = {"outputs": len(op.outputs), "settings": settings}
        args = [self._template(tensor) for tensor in op.inputs]
        return Step(OPERATION + op.type, op.type, config, args=args)

    def _template(self, value: Any) -> Any:
        """Return arguments with references in the place of tensors."""
        import tensorflow as tf

        if isinstance(value, dict):
            return {key: self._template(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._template(part) for part in value)
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if self._is_symbolic(value):
            return self._reference(value)
        if id(value) in self._weights:
            return self._weights[id(value)]
        if isinstance(value, (np.ndarray, np.generic)) or tf.is_tensor(value):
            return np.asarray(value)
        raise IndescribableError(type(value).__name__)

    def _reference(self, tensor: Any) -> Any:
        """Return the ``StepOutput``, ``Weight`` or array that a tensor stands for."""
        import tensorflow as tf

        op = tensor.op
        if tensor is self._x:
            return StepOutput(0 if self._steps and self._steps[0].kind == "InputLayer" else INPUT)
        if op.type == "Const":
            return tf.make_ndarray(op.get_attr("value"))
        if op.type == "ReadVariableOp":
            handle = self._captures.get(id(op.inputs[0]))
            if id(handle) in self._variables:
                return self._variables[id(handle)]
            return np.asarray(tf.raw_ops.ReadVariableOp(resource=handle, dtype=tensor.dtype))
        if id(tensor) in self._captures:
            return np.asarray(self._captures[id(tensor)])
        call = self._calls.get(id(op))
        if call is None:
            return StepOutput(self._places[id(op)], tensor.value_index)
        index = next(i for i, output in enumerate(call.outputs) if output is tensor)
        return StepOutput(self._places[id(call)], index)


def _is_keras_own(layer: Any) -> bool:
    """Return whether a layer, with all in it, is an instance of Keras's own classes."""
    import keras

    def is_own(part: Any) -> bool:
        kind = type(part)
        return kind.__module__.startswith("keras.src.") and not isinstance(
            part, keras.layers.Lambda
        )

    if isinstance(layer, keras.Model):
        return False
    return all(map(is_own, layer._flatten_layers()))


def _foreign_activation(layer: Any) -> Callable[[Any], Any] | None:
    """Return an activation that is not Keras's own, if it can be applied after the layer."""
    import keras

    activation = getattr(layer, "activation", None)
    if type(layer).__name__ not in _ACTIVATED_LAST or activation is None:
        return None
    if isinstance(activation, keras.Layer):
        return None if _is_keras_own(activation) else activation
    name = getattr(activation, "__name__", "")
    return None if getattr(keras.activations, name, None) is activation else activation


@contextlib.contextmanager
def _linear(layer: Any, activation: Any) -> Iterator[None]:
    """Take a layer's activation away, if there is one that is not Keras's own."""
    import keras

    if activation is None:
        yield
        return
    layer.activation = keras.activations.linear
    try:
        yield
    finally:
        layer.activation = activation


def _plain(value: Any, operation: str) -> Any:
    """Return a setting of an operation as plain data: dtypes by name, shapes as lists."""
    import tensorflow as tf

    if isinstance(value, (list, tuple)):
        return [_plain(part, operation) for part in value]
    if isinstance(value, tf.DType):
        return value.name
    if isinstance(value, bytes):
        return value.decode("ascii")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "unknown_rank") and not value.unknown_rank:
        return [None if dim.size < 0 else dim.size for dim in value.dim]
    raise IndescribableError(operation)


def predict(model: Any, x: Any) -> Any:
    """Return what ``model.predict`` does.

    For as few rows as the grader compares a model by, the model is called directly, without the
    function that Keras's ``predict`` compiles first.
    """
    if _predicts_as_keras_does(model) and len(x) <= PROBE_ROWS:
        return model(x, training=False)
    return model.predict(x, verbose=0)


def _predicts_as_keras_does(model: Any) -> bool:
    keras = sys.modules.get("keras")
    if keras is None or not isinstance(model, keras.Model):
        return False
    return all(
        getattr(type(model), name) is getattr(keras.Model, name) and name not in vars(model)
        for name in ("predict", "predict_step")
    )
