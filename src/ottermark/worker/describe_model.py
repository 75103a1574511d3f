"""Keras models in the worker: describe them as data, and ask them for predictions."""

from __future__ import annotations

import sys
from typing import Any

from ottermark.protocol.model_description import INPUT, PROBE_ROWS, ModelDescription, Step

_OPERATION = "operation"  # the kind of a step that the grader cannot compute

Place = tuple[str, int]  # a layer's name and the number of its call, as Keras's configs have them


def describe(model: Any) -> ModelDescription:
    """Return the description of a Keras model.

    A model with a ``call`` of its own is described by what ``call`` does to a symbolic input, as
    long as it uses Keras's own layers and operations.

    Raises:
        ValueError: it is not a Keras model, is not built, or cannot be described.
        Exception: whatever Keras raises for a model that it cannot trace.
    """
    keras = sys.modules.get("keras")
    if keras is None or not isinstance(model, keras.Model) or not model.built:
        raise ValueError("it is not a Keras model that has been built")
    description = _Description(model)
    traced = model if isinstance(model, keras.Sequential) else _functional(model)
    output = description.add(traced, [INPUT])
    if output != len(description.steps) - 1:
        raise ValueError("its last layer is not its output")
    return ModelDescription(description.steps, tuple(traced.input_shape))


class _Description:
    """The steps of a model, collected in the order in which they compute."""

    def __init__(self, model: Any) -> None:
        self.steps: list[Step] = []
        self._weight_indices = {id(weight): index for index, weight in enumerate(model.weights)}

    def add(self, layer: Any, inputs: list[int]) -> int:
        """Add a use of a layer, operation or model; return the place of the step of its output."""
        import keras

        if isinstance(layer, keras.Sequential):
            (source,) = inputs
            for part in layer.layers:
                source = self.add(part, [source])
            return source
        if isinstance(layer, keras.Model):
            return self._add_functional(_functional(layer), inputs)
        indices = [self._weight_indices[id(weight)] for weight in getattr(layer, "weights", ())]
        config = layer.get_config() if isinstance(layer, keras.Layer) else {}
        self.steps.append(Step(type(layer).__name__, layer.name, config, indices, inputs))
        return len(self.steps) - 1

    def _add_functional(self, model: Any, inputs: list[int]) -> int:
        config = model.get_config()
        operations = {operation.name: operation for operation in model.operations}
        (first,), (last,) = (_ends(config[f"{side}_layers"]) for side in ("input", "output"))
        (source,) = inputs
        outputs: dict[Place, int] = {first: source}
        waiting = [
            (entry["name"], number, node)
            for entry in config["layers"]
            for number, node in enumerate(entry["inbound_nodes"])
        ]
        while waiting:  # Keras lists layers in the order of their making, not of their use
            later = []
            for name, number, node in waiting:
                sources, is_plain = _sources(node)
                if all(place in outputs for place in sources):
                    step_inputs = [outputs[place] for place in sources]
                    outputs[name, number] = self.add(operations[name], step_inputs)
                    if not is_plain:
                        self.steps[-1] = Step(_OPERATION, name, {}, (), self.steps[-1].inputs)
                else:
                    later.append((name, number, node))
            if len(later) == len(waiting):
                raise ValueError("the order of its layers cannot be told")
            waiting = later
        return outputs[last]


def _functional(model: Any) -> Any:
    """Return a functional model of a model, by sending a symbolic input through its ``call``."""
    import keras

    if getattr(model, "inputs", None) is not None and hasattr(model, "operations"):
        return model
    inputs = keras.Input(tuple(model.get_build_config()["input_shape"])[1:])
    return keras.Model(inputs, model.call(inputs))


def _ends(layers: Any) -> list[Place]:
    """Return the places of a model's inputs or outputs, of which Keras nests all but a single."""
    layers = [layers] if layers and isinstance(layers[0], str) else layers
    return [(name, number) for name, number, _ in layers]


def _sources(node: Any) -> tuple[list[Place], bool]:
    """Return the places whose outputs a node takes, and whether it takes nothing else."""
    sources: list[Place] = []
    is_plain = True
    waiting = [*node["args"], *node["kwargs"].values()]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, list | tuple):
            waiting = [*part, *waiting]
        elif isinstance(part, dict) and part.get("class_name") == "__keras_tensor__":
            name, number, _ = part["config"]["keras_history"]
            sources.append((name, number))
        elif part is not None:
            is_plain = False
    return sources, is_plain


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
