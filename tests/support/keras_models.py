"""Small nets from all that the installed Keras offers: each layer, activation and operation."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

SHAPES = ((12,), (6, 4), (8, 9, 3), (4, 5, 6, 2))  # of inputs that a layer may take

# for parameters that have no default, by name
ARGUMENTS: dict[str, Any] = {
    "activation": "relu", "units": 3, "filters": 3, "kernel_size": 2, "pool_size": 2, "size": 2,
    "rate": 0.2, "stddev": 0.2, "factor": 0.2, "height_factor": 0.2, "width_factor": 0.2,
    "height": 4, "width": 4, "n": 2, "dims": (1,), "target_shape": (-1, 2), "output_size": 2,
    "input_dim": 20, "output_dim": 3, "scale": 0.1, "num_heads": 2, "key_dim": 3, "axes": 1,
    "equation": "ab,bc->ac", "output_shape": 3, "num_tokens": 20, "num_query_heads": 2,
    "num_key_value_heads": 2, "head_dim": 3, "bin_boundaries": [-0.5, 0.0, 0.5], "value_range": (0, 1),
    "cropping": 1, "padding": 1, "num_bins": 7, "degrees": 10,
}  # fmt: skip


DEFAULTS: dict[str, dict[str, Any]] = {"GroupNormalization": {"groups": 1}}  # that fit no SHAPES


def layer_classes() -> dict[str, type]:
    """Return Keras's layers, each under one of its names."""
    import keras

    classes: dict[type, str] = {}
    for name in dir(keras.layers):
        kind = getattr(keras.layers, name)
        if inspect.isclass(kind) and issubclass(kind, keras.Layer):
            classes.setdefault(kind, kind.__name__)
    return {name: kind for kind, name in classes.items()}


def make_layer(kind: type) -> Any:
    """Return an instance of a layer class; raises if that takes more than simple arguments."""
    import keras

    arguments = {
        name: ARGUMENTS[name]
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.default is parameter.empty and name in ARGUMENTS
    } | DEFAULTS.get(kind.__name__, {})
    wrapped: dict[str, Callable[[], dict[str, Any]]] = {
        "Bidirectional": lambda: {"layer": keras.layers.LSTM(3)},
        "TimeDistributed": lambda: {"layer": keras.layers.Dense(3)},
        "SpectralNormalization": lambda: {"layer": keras.layers.Dense(3)},
        "Wrapper": lambda: {"layer": keras.layers.Dense(3)},
        "RNN": lambda: {"cell": keras.layers.GRUCell(3)},
        "StackedRNNCells": lambda: {"cells": [keras.layers.GRUCell(3)]},
        "Pipeline": lambda: {"layers": [keras.layers.Dense(3), keras.layers.ReLU()]},
    }
    return kind(**arguments, **wrapped.get(kind.__name__, dict)())


def heads() -> list[Any]:
    """Return layers that make two numbers of anything, with one that matters in training only."""
    from keras import layers

    return [layers.Flatten(), layers.Dropout(0.4), layers.Dense(2)]


def sequential(shape: Any, apply: Callable[[Any], Any], layer: Any) -> Any:
    """Return a sequential model around a layer."""
    import keras

    return keras.Sequential([keras.Input(shape), layer, *heads()])


def functional(shape: Any, apply: Callable[[Any], Any], layer: Any) -> Any:
    """Return a functional model around a computation."""
    import keras

    inputs = keras.Input(shape)
    x = apply(inputs)
    for head in heads():
        x = head(x)
    return keras.Model(inputs, x)


def subclassed(shape: Any, apply: Callable[[Any], Any], layer: Any) -> Any:
    """Return a model with a ``call`` of its own around a computation."""
    import keras

    class Net(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner, self.heads = layer, heads()

        def call(self, x: Any, training: bool = False) -> Any:
            x = apply(x)
            for head in self.heads:
                x = head(x)
            return x

    model = Net()
    model(np.zeros((2, *shape), np.float32))
    return model


STYLES = {"sequential": sequential, "functional": functional, "subclassed": subclassed}


def ways_to_call(layer: Any) -> Iterator[Callable[[Any], Any]]:
    """Yield ways to apply a layer to one tensor; merging layers take a list of two."""
    yield layer
    yield lambda x: layer([x, x * 0.5 - 0.1])
    yield lambda x: layer(x, x)


def layer_models(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the name of the style and a model for each in which Keras itself takes the layer."""
    for style, make in STYLES.items():
        model = _first_that_works(kind, make)
        if model is not None:
            yield style, model


def _first_that_works(kind: type, make: Callable[..., Any]) -> Any:
    for shape in SHAPES:
        for way in range(3):
            if way and make is sequential:
                break
            try:
                layer = make_layer(kind)
                apply = list(ways_to_call(layer))[way]
                model = make(shape, apply, layer)
                model(rows(model, 3), training=False)
                return model
            except Exception:  # Keras does not take it so
                continue
    return None


def operations() -> dict[str, Callable[..., Any]]:
    """Return the functions of ``keras.ops`` and ``keras.activations``, by name."""
    import keras

    names = {f"ops.{name}": getattr(keras.ops, name) for name in dir(keras.ops)}
    names |= {f"activations.{n}": getattr(keras.activations, n) for n in dir(keras.activations)}
    return {
        name: function
        for name, function in names.items()
        if inspect.isfunction(function) and not name.split(".")[1].startswith("_")
    }


def _applications() -> dict[str, Callable[[Any], Any]]:
    """Return how to apply functions whose arguments have to fit each other, by name."""
    from keras import ops

    return {
        "ops.matmul": lambda x: ops.matmul(x, ops.ones((x.shape[-1], 3))),
        "ops.dot": lambda x: ops.dot(x, ops.ones((x.shape[-1], 3))),
        "ops.tensordot": lambda x: ops.tensordot(x, ops.ones((x.shape[-1], 3)), axes=1),
        "ops.einsum": lambda x: ops.einsum("...a,ab->...b", x, ops.ones((x.shape[-1], 3))),
        "ops.reshape": lambda x: ops.reshape(x, (-1, 2)),
        "ops.pad": lambda x: ops.pad(x, [[0, 0]] + [[1, 2]] * (len(x.shape) - 1)),
        "ops.split": lambda x: ops.split(x, 3, axis=1),
        "ops.stack": lambda x: ops.stack([x, x * 2.0], axis=1),
        "ops.one_hot": lambda x: ops.one_hot(ops.cast(x * 5, "int32"), 5),
        "ops.multi_hot": lambda x: ops.multi_hot(ops.cast(x * 5, "int32"), 5),
        "ops.moments": lambda x: ops.moments(x, axes=[1]),
        "ops.conv": lambda x: ops.conv(x, ops.ones((2, 2, 3, 4)), padding="same"),
        "ops.conv_transpose": lambda x: ops.conv_transpose(x, ops.ones((2, 2, 4, 3)), 2),
        "ops.depthwise_conv": lambda x: ops.depthwise_conv(x, ops.ones((2, 2, 3, 2))),
        "ops.separable_conv": lambda x: ops.separable_conv(
            x, ops.ones((2, 2, 3, 2)), ops.ones((1, 1, 6, 4))
        ),
        "ops.space_to_depth": lambda x: ops.space_to_depth(x[:, :8, :8], 2),
        "ops.depth_to_space": lambda x: ops.depth_to_space(ops.concatenate([x] * 4, -1), 2),
        "ops.broadcast_to": lambda x: ops.broadcast_to(x[:1], (3, *x.shape[1:])),
        "ops.dot_product_attention": lambda x: ops.dot_product_attention(x, x, x),
        "ops.select": lambda x: ops.select([x > 0.5, x > 0.2], [x, x * 2], 0.1),
        "ops.rearrange": lambda x: ops.rearrange(x, "a b -> b a"),
        "ops.slice": lambda x: ops.slice(x, [0] * len(x.shape), [1] * len(x.shape)),
    }


def _apply(name: str, function: Callable[..., Any], x: Any) -> Any:
    """Apply a function to a symbolic tensor, with other arguments by their usual names."""
    import keras

    special = _applications().get(name)
    if special is not None:
        return special(x)
    extra = {
        "axis": -1, "shape": (-1, 2), "x2": x * 0.5 + 0.1, "y": x * 0.5 + 0.1, "x1": x,
        "x_min": -0.5, "x_max": 0.5, "repeats": 2, "pad_width": 1, "shift": 1, "indices": [1, 0],
        "min_value": 0.1, "max_value": 0.5, "dtype": "float32", "pool_size": 2, "num_segments": 3,
        "q": 0.5, "k": 2, "source": -1, "destination": -1, "axis1": -1, "axis2": -2,
        "indices_or_sections": 2, "fill_value": 0.5, "condition": x > 0, "bins": [-0.5, 0.5],
        "output_size": 2, "threshold": 0.1, "default_value": 0.0, "target": x,
        "output": keras.ops.sigmoid(x), "mean": 0.1, "variance": 0.5,
    }  # fmt: skip
    parameters = list(inspect.signature(function).parameters.values())
    required = [p for p in parameters if p.default is p.empty and p.kind != p.VAR_KEYWORD]
    first, *others = [parameter.name for parameter in required] or ["x"]
    value = [x, x * 2.0] if first in ("xs", "arrays", "tensors", "operands") else x
    return function(value, **{other: extra[other] for other in others})


def operation_models(name: str, function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Yield a functional and a subclassed model that apply a function to their input."""
    import keras

    def applied(x: Any) -> Any:
        result = _apply(name, function, x)
        result = result[0] if isinstance(result, (list, tuple)) else result
        result = keras.ops.cast(result, "float32")
        rows = keras.ops.reshape(keras.ops.mean(x, axis=list(range(1, len(x.shape)))), (-1, 1))
        return rows + keras.ops.mean(result)  # some functions change the number of rows

    for style in (functional, subclassed):
        for shape in SHAPES:
            try:
                model = style(shape, applied, keras.layers.Identity())
                model(rows(model, 3), training=False)
            except Exception:  # Keras does not take it so
                continue
            yield style.__name__, model
            break


def rows(model: Any, count: int) -> Any:
    """Return rows of input for a model; whole numbers for one that takes them."""
    inputs = getattr(model, "inputs", None)
    shape = inputs[0].shape[1:] if inputs else model.get_build_config()["input_shape"][1:]
    values = np.random.default_rng(5).uniform(0.02, 0.98, (count, *shape))
    has_numbers = any(type(layer).__name__ == "Embedding" for layer in model._flatten_layers())
    return (values * 9).astype(int) if has_numbers else values.astype(np.float32)


def with_random_weights(model: Any) -> Any:
    """Give a model weights of which none is zero, as after training."""
    random = np.random.default_rng(3)
    model.set_weights([random.uniform(0.05, 0.4, w.shape) for w in model.get_weights()])
    for layer in model._flatten_layers():
        if hasattr(layer, "finalize_state"):  # Normalization computes with a copy
            layer.finalize_state()
    return model
