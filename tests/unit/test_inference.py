"""What the grader computes of a model, compared with Keras."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from ottermark.models.activations import ACTIVATIONS
from ottermark.models.inference import ForwardPass

from ottermark.models.errors import UnsupportedModelError
from ottermark.models.keras_model import KerasModel
from ottermark.protocol.codec import Decoder, Encoder
from ottermark.protocol.model_description import INPUT, PROBE_ROWS, Step
from ottermark.protocol.proxies import ValueRejectedError
from ottermark.worker.describe_model import describe, predict

pytestmark = pytest.mark.slow  # Keras takes some seconds to import


class Peer:
    """Answers for models, as the worker does."""

    def __init__(self) -> None:
        self.models: list[Any] = []
        self.operations: list[str] = []

    def retain(self, model: Any) -> int:
        self.models.append(model)
        return len(self.models) - 1

    def call(self, handle: int, operation: str, args: Any, kwargs: Any) -> Any:
        self.operations.append(operation)
        return getattr(self.models[handle], operation)(*args)


def send(model: Any) -> tuple[KerasModel, Peer]:
    """Return what the grader receives of a model, through JSON as it crosses."""
    peer = Peer()
    node = json.loads(json.dumps(Encoder(peer.retain, describe).encode(model)))
    received = Decoder([], peer, make_model=KerasModel).decode(node)
    assert isinstance(received, KerasModel)
    return received, peer


def with_random_weights(model: Any) -> Any:
    """Give a model weights of which none is zero, as after training."""
    random = np.random.default_rng(3)
    model.set_weights([random.uniform(0.05, 0.4, w.shape) for w in model.get_weights()])
    return model


def chains_of_layers() -> dict[str, list[Any]]:
    from keras import layers as L

    def head() -> list[Any]:
        return [L.Flatten(), L.Dense(3)]

    chains: dict[str, list[Any]] = {
        f"conv_{padding}_{strides}_{size}": [
            L.Conv2D(3, size, strides=strides, padding=padding, activation="relu"),
            L.MaxPooling2D(2, padding=padding),
            *head(),
        ]
        for padding in ("valid", "same")
        for strides in (1, 2, (2, 3))
        for size in (2, 3, (4, 1))
    }
    chains |= {
        f"dense_{activation}": [L.Flatten(), L.Dense(4, activation=activation), L.Dense(2)]
        for activation in ACTIVATIONS
    }
    chains |= {
        "average": [L.AveragePooling2D(3, strides=2, padding="same"), *head()],
        "max_uneven": [L.MaxPooling2D((3, 2), strides=(1, 3), padding="same"), *head()],
        "global_average": [L.Conv2D(4, 3), L.GlobalAveragePooling2D(), L.Dense(2)],
        "global_max": [L.Conv2D(4, 3), L.GlobalMaxPooling2D(keepdims=True), *head()],
        "separable": [L.SeparableConv2D(4, 3, depth_multiplier=2, padding="same"), *head()],
        "depthwise": [L.DepthwiseConv2D(3, strides=2, depth_multiplier=2), *head()],
        "normalized": [L.Conv2D(4, 3, use_bias=False), L.BatchNormalization(), L.ReLU(), *head()],
        "half_normalized": [L.BatchNormalization(scale=False), L.BatchNormalization(center=False), *head()],
        "training_only": [
            L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.1), L.RandomTranslation(0.1, 0.1),
            L.RandomContrast(0.1), L.GaussianNoise(0.1), L.Dropout(0.5), L.SpatialDropout2D(0.5), *head(),
        ],
        "rescaled": [L.Rescaling(1 / 255, offset=-0.5), *head()],
        "reshaped": [L.Reshape((90,)), L.Dense(4), L.Reshape((2, -1)), *head()],
        "padded": [L.ZeroPadding2D(((1, 0), (2, 3))), L.Conv2D(2, 3), *head()],
        "softmax": [L.Flatten(), L.Dense(4), L.Softmax()],
        "activations": [
            L.Conv2D(3, 2), L.LeakyReLU(0.1), L.PReLU(), L.ELU(0.7), L.Activation("tanh"),
            L.ReLU(max_value=6, negative_slope=0.1), *head(),
        ],
        "layer_for_activation": [L.Flatten(), L.Dense(4, activation=L.LeakyReLU(0.4)), L.Dense(2)],
    }  # fmt: skip
    return chains


def test_layers_compute_what_keras_does() -> None:
    import keras

    x = np.random.default_rng(5).normal(size=(70, 9, 10, 1)).astype(np.float32)
    wrong = []
    for name, chain in chains_of_layers().items():
        model = with_random_weights(keras.Sequential([keras.Input((9, 10, 1)), *chain]))
        received, peer = send(model)
        if not received.is_verified:
            wrong.append(f"{name} is not verified")
            continue
        peer.operations.clear()
        own, expected = received.predict(x), model.predict(x, verbose=0)
        assert not peer.operations  # the grader computed it by itself
        if own.shape != expected.shape or not np.allclose(
            own, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max()
        ):
            wrong.append(f"{name}: {np.abs(own - expected).max()} of {np.abs(expected).max()}")
        assert received.count_params() == model.count_params()
        assert (
            received.output_shape == model.output_shape
            and received.input_shape == model.input_shape
        )
        assert [type(layer).__name__ for layer in received.layers] == [
            type(layer).__name__ for layer in model.layers
        ]
        assert [layer.count_params() for layer in received.layers] == [
            layer.count_params() for layer in model.layers
        ]
    assert not wrong


def joined_models() -> dict[str, Any]:
    import keras
    from keras import layers as L

    def functional(make: Any, shape: tuple[int, ...] = (9, 10, 1)) -> Any:
        inputs = keras.Input(shape)
        return keras.Model(inputs, make(inputs))

    class Chain(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.body = keras.Sequential([L.Conv2D(2, 3, activation="relu"), L.Flatten()])
            self.head = L.Dense(2)

        def call(self, x: Any, training: bool = False) -> Any:
            return self.head(self.body(x))

    class Residual(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.last = L.Dense(2)  # first by name, last by use
            self.one, self.two = L.Dense(6), L.Dense(6)

        def call(self, x: Any) -> Any:
            x = keras.ops.relu(self.one(L.Flatten()(x)))
            return self.last(L.Add()([x, self.two(x)]))

    def shared(x: Any) -> Any:
        dense = L.Dense(90, activation="tanh")
        return L.Dense(1)(dense(dense(L.Flatten()(x))))

    def branched(x: Any) -> Any:
        one, two = L.Conv2D(2, 3, padding="same")(x), L.Conv2D(3, 1)(x)
        return L.Dense(2)(L.Flatten()(L.Concatenate()([two, one, x])))

    inner = functional(lambda x: L.Conv2D(2, 3)(x))
    models = {
        "functional": functional(lambda x: L.Dense(2)(L.Flatten()(L.Conv2D(2, 3)(x)))),
        "branched": functional(branched),
        "shared": functional(shared),
        "model_in_a_model": keras.Sequential(
            [keras.Input((9, 10, 1)), inner, L.Flatten(), L.Dense(1)]
        ),
        "subclass_chain": Chain(),
        "subclass_residual": Residual(),
    }
    for model in models.values():
        model(np.zeros((1, 9, 10, 1), np.float32))
    return models


def test_joined_layers_compute_what_keras_does() -> None:
    x = np.random.default_rng(5).normal(size=(7, 9, 10, 1)).astype(np.float32)
    for name, model in joined_models().items():
        received, _ = send(with_random_weights(model))
        assert received.is_verified, name
        assert np.allclose(
            received.predict(x), model.predict(x, verbose=0), rtol=1e-3, atol=1e-3
        ), name
        assert [w.shape for w in received.get_weights()] == [w.shape for w in model.get_weights()]


def test_a_model_that_answers_otherwise_is_asked_and_its_layers_are_rejected() -> None:
    import keras
    from keras import layers as L

    class Table(keras.Model):
        """Shows a net and answers from a table."""

        def __init__(self) -> None:
            super().__init__()
            self.net = L.Dense(1)

        def call(self, x: Any) -> Any:
            return self.net(x)

        def predict(self, x: Any, **_: Any) -> Any:
            return np.arange(float(len(x)))[:, None]

    table = Table()
    table(np.zeros((1, 3), np.float32))
    custom = keras.Sequential([keras.Input((3,)), L.Lambda(lambda x: x * 2), L.Dense(1)])
    for model in (table, custom):
        received, peer = send(model)
        assert not received.is_verified
        assert received.predict(np.zeros((2, 3), np.float32)).shape == (2, 1)
        assert peer.operations[-1] == "predict"
        for attribute in ("layers", "input_shape", "output_shape"):
            with pytest.raises(ValueRejectedError):
                getattr(received, attribute)
        for method in (received.count_params, received.get_weights):
            with pytest.raises(ValueRejectedError):
                method()


def test_few_rows_are_predicted_as_by_keras_or_by_the_models_own_predict() -> None:
    import keras

    class Net(keras.Sequential):
        pass

    class Doubles(Net):
        def predict_step(self, x: Any) -> Any:
            return 2 * self(x, training=False)

    class Threes(Net):
        def predict(self, x: Any, **_: Any) -> Any:
            return np.full((len(x), 1), 3.0)

    parts = [keras.Input((5,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
    x = np.random.default_rng(2).normal(size=(PROBE_ROWS, 5))
    for kind in (Net, Doubles, Threes):
        model = kind(parts)
        assert np.allclose(predict(model, x), model.predict(x, verbose=0), atol=1e-6), kind
        assert kind is Net or not np.allclose(predict(model, x), model(x), atol=1e-3), kind
    model = Net(parts)
    model.predict = lambda x, **_: np.zeros(len(x))
    assert not np.asarray(predict(model, x)).any()


def test_a_last_axis_of_one_is_added_or_removed_as_in_keras() -> None:
    import keras
    from keras import layers as L

    flat = keras.Sequential([keras.Input((4, 5)), L.Flatten(), L.Dense(2)])
    deep = keras.Sequential([keras.Input((4, 5, 1)), L.Conv2D(2, 2), L.Flatten(), L.Dense(2)])
    for model, shape in ((flat, (3, 4, 5, 1)), (deep, (3, 4, 5))):
        received, _ = send(model)
        x = np.random.default_rng(1).normal(size=shape).astype(np.float32)
        assert received.is_verified
        assert np.allclose(received.predict(x), np.asarray(model(x)), atol=1e-4)


def test_an_input_that_does_not_fit_raises_what_keras_raises() -> None:
    import keras

    received, _ = send(keras.Sequential([keras.Input((12,)), keras.layers.Dense(1)]))
    with pytest.raises(Exception, match="incompatible"):
        received.predict(np.zeros((5, 13), np.float32))


# ------------------------------------------------------- what only a hostile worker would send


def dense(inputs: list[int], weight_indices: list[int]) -> Step:
    config = {"use_bias": False, "activation": "linear"}
    return Step("Dense", "dense", config, weight_indices, inputs)


SQUARE = np.ones((3, 3))


@pytest.mark.parametrize(
    ("steps", "weights"),
    [
        ([dense([0], [0])], [SQUARE]),  # takes its own output
        ([dense([-2], [0])], [SQUARE]),
        ([dense([], [0])], [SQUARE]),
        ([dense([INPUT], [0]), dense([INPUT], [1])], [SQUARE] * 2),  # the first leads nowhere
        ([dense([INPUT], [0])], [SQUARE, np.ones((3, 3, 1, 1))]),  # a kernel that no layer uses
        ([dense([INPUT], [7])], [SQUARE]),
        ([Step("Lambda", "f", {}, [], [INPUT])], []),
    ],
)
def test_steps_that_are_not_a_model_are_not_computed(steps: Any, weights: Any) -> None:
    with pytest.raises(UnsupportedModelError):
        ForwardPass(steps, weights)


CONV = {
    "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "dilation_rate": [1, 1],
    "groups": 1, "use_bias": False, "activation": "linear", "data_format": "channels_last",
}  # fmt: skip


def image_layer(kind: str, **config: Any) -> list[Step]:
    return [Step(kind, "it", CONV | config, [], [INPUT])]


@pytest.mark.parametrize(
    ("steps", "weights", "shape"),
    [
        ([dense([INPUT], [0, 1])], [SQUARE, SQUARE], (2, 3)),  # an array more than it takes
        ([dense([INPUT], [0])], [np.ones((4, 4))], (2, 3)),
        ([dense([INPUT], [0])], [np.ones(3)], (2, 3)),
        (image_layer("Reshape", target_shape=[-1, -1]), [], (2, 8, 8, 1)),
        (image_layer("Reshape", target_shape="ab"), [], (2, 8, 8, 1)),
        (image_layer("ZeroPadding2D", padding=[[0, 10**9], [0, 10**9]]), [], (2, 8, 8, 1)),
        (image_layer("ZeroPadding2D", padding=[[-9, 0], [0, 0]]), [], (2, 8, 8, 1)),
        (image_layer("MaxPooling2D", pool_size=[10**9, 1], strides=[1, 1]), [], (2, 8, 8, 1)),
        (image_layer("MaxPooling2D", pool_size=[2, 2], strides=[0, 0]), [], (2, 8, 8, 1)),
        (image_layer("MaxPooling2D", pool_size=None, strides=None), [], (2, 8, 8, 1)),
        (image_layer("Rescaling", scale="x", offset=0), [], (2, 8, 8, 1)),
        (image_layer("Activation", activation=["relu"]), [], (2, 8, 8, 1)),
        (image_layer("Activation", activation={"class_name": "ReLU", "config": 5}), [], (2, 8)),
        ([Step("Concatenate", "it", {"axis": 0}, [], [INPUT, INPUT])], [], (2, 8)),
        ([Step("Concatenate", "it", {"axis": 1}, [], [INPUT] * 9_999)], [], (64, 4096)),
        (image_layer("BatchNormalization", axis=-1), [], (2, 8)),
        (image_layer("PReLU"), [], (2, 8)),
        (image_layer("Reshape", target_shape=[2, 32]), [], (2, 64, 2)),
    ],
)
def test_settings_that_do_not_fit_are_rejected(steps: Any, weights: Any, shape: Any) -> None:
    with pytest.raises((UnsupportedModelError, ValueError)):
        ForwardPass(steps, weights)(np.zeros(shape))


def test_work_and_memory_are_limited() -> None:
    heavy = image_layer("Conv2D", kernel_size=[64, 64])
    heavy[0] = Step("Conv2D", "it", CONV | {"kernel_size": [64, 64]}, [0], [INPUT])
    with pytest.raises(UnsupportedModelError, match=r"too large|computing"):
        ForwardPass(heavy, [np.ones((64, 64, 4, 100))])(np.zeros((1000, 64, 64, 4)))
    long = [dense([place - 1], [place]) for place in range(400)]
    with pytest.raises(UnsupportedModelError, match="computing"):
        ForwardPass(long, [np.ones((70, 70))] * 400)(np.zeros((30_000, 70)))
