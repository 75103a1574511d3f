"""What the grader computes of a model, compared with Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from keras_models import (
    layer_classes,
    layer_models,
    operation_models,
    operations,
    rows,
    with_random_weights,
)
from local_evaluator import LocalEvaluator, send

from ottermark.models.errors import UnsupportedModelError, UnverifiedModelError
from ottermark.models.keras_model import MAX_FREE_CONSTANTS
from ottermark.protocol.model_description import (
    INPUT,
    OPERATION,
    PROBE_ROWS,
    ModelDescription,
    Step,
    StepOutput,
    Weight,
)
from ottermark.protocol.proxies import ValueRejectedError
from ottermark.worker.describe_model import predict

pytestmark = pytest.mark.slow  # Keras takes some seconds to import


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
        for activation in ("relu", "gelu", "softmax", "leaky_relu")
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
        "normalization_with_given_mean": [L.Normalization(mean=0.3, variance=2.0), *head()],
        "normalization_of_all_axes": [L.Normalization(axis=None), *head()],
        "dilated": [L.Conv2D(4, 3, dilation_rate=2), L.Conv2D(4, 2, groups=2), *head()],
        "resized": [L.Resizing(5, 6), L.Cropping2D(1), L.CenterCrop(2, 2), *head()],
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
        own, expected = received.predict(x), np.asarray(model(x, training=False))
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


def test_a_layer_computes_what_it_does_in_keras() -> None:
    import keras

    x = np.random.default_rng(6).normal(size=(5, 9, 10, 1)).astype(np.float32)
    chains = chains_of_layers()
    for name in ("conv_same_2_3", "normalized", "training_only", "padded", "activations"):
        model = with_random_weights(keras.Sequential([keras.Input((9, 10, 1)), *chains[name]]))
        received, peer = send(model)
        assert received.is_verified
        peer.operations.clear()
        for own, layer in zip(received.layers, model.layers, strict=True):
            expected = keras.Model(model.inputs, layer.output)([x], training=False)
            assert np.allclose(own.compute(x), expected, rtol=1e-3, atol=1e-4)
        assert not peer.operations


def test_a_layer_rejects_rows_that_do_not_fit() -> None:
    import keras

    received, _ = send(keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)]))
    with pytest.raises(ValueRejectedError, match=r"a layer of `sequential\w*`"):
        received.layers[0].compute(np.ones((3, 4), np.float32))


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


def test_a_model_that_answers_otherwise_than_its_layers_is_rejected() -> None:
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
            return np.cos(np.arange(float(len(x))))[:, None]

    table = Table()
    table(np.zeros((1, 3), np.float32))
    received, _ = send(table)
    assert not received.is_verified
    for attribute in ("layers", "input_shape", "output_shape"):
        with pytest.raises(ValueRejectedError):
            getattr(received, attribute)
    for method in (received.count_params, received.get_weights):
        with pytest.raises(ValueRejectedError):
            method()
    with pytest.raises(ValueRejectedError, match="otherwise than its layers"):
        received.predict(np.zeros((2, 3), np.float32))


def test_a_predict_that_scales_the_output_is_computed_with_its_factor() -> None:
    import keras

    class Scaled(keras.Sequential):
        def predict(self, x: Any, **settings: Any) -> Any:
            return super().predict(x, **settings) * 9.2 + 22.5

    model = with_random_weights(Scaled([keras.Input((5,)), keras.layers.Dense(1)]))
    received, peer = send(model)
    x = np.random.default_rng(2).normal(size=(30, 5)).astype(np.float32)
    assert received.is_verified
    peer.operations.clear()
    assert (
        np.allclose(received.predict(x), model.predict(x, verbose=0), 1e-4) and not peer.operations
    )


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


# ------------------------------------------------------------ all that the installed Keras offers

NO_LAYER_MODELS = {
    "takes or makes texts or whole numbers": """CategoryEncoding Discretization HashedCrossing
        IntegerLookup StringLookup TextVectorization MaxNumBoundingBoxes""",
    "is a part of other layers": "GRUCell LSTMCell SimpleRNNCell StackedRNNCells InputLayer Layer Wrapper",
    "wraps code of other kinds": "FlaxLayer JaxLayer Lambda TFSMLayer TorchModuleWrapper",
    "takes inputs that are in no small net": """ConvLSTM3D MelSpectrogram STFTSpectrogram
        RandomCrop RandomPosterization""",
}

NO_OPERATION_MODELS = {
    "takes no tensor": """arange bartlett blackman empty eye full geomspace hamming hanning identity kaiser
        linspace logspace ones tri zeros get serialize dtype""",
    "takes whole numbers": """bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or
        bitwise_right_shift bitwise_xor gcd lcm ldexp left_shift right_shift in_top_k segment_max segment_min
        segment_prod segment_sum ctc_decode ctc_loss""",
    "takes functions": """associative_scan cond custom_gradient fori_loop jvp map scan switch vectorize
        vectorized_map while_loop""",
    "takes matrices of a kind": """cholesky cholesky_inverse det eig eigh inv logdet lstsq lu_factor slogdet
        solve solve_triangular vander""",
    "takes signals or complex numbers": """correlate extract_sequences fft fft2 fold ifft2 irfft istft polar psnr
        stft unfold""",
    "takes arguments that fit each other": """argpartition get_item histogram scatter scatter_update searchsorted
        slice_update
        sparse_categorical_crossentropy vsplit""",
}

MAX_UNFOLLOWED = 0.05


def unfollowed(model: Any) -> str:
    """Return why the grader does not compute a model as Keras does; empty if it does."""
    received, peer = send(with_random_weights(model))
    if not received.is_verified:
        return received.why_unverified
    peer.operations.clear()
    x = rows(model, 5)
    own, expected = received.predict(x), np.asarray(model(x, training=False))
    assert not peer.operations  # the grader computed it by itself
    scale = max(1e-3, float(np.nanmax(np.abs(expected), initial=0)))
    if own.shape == expected.shape and np.allclose(
        own, expected, 1e-4, 1e-4 * scale, equal_nan=True
    ):
        return ""
    return f"differs by {np.nanmax(np.abs(own - expected))} of {scale}"


def listed(reasons: dict[str, str]) -> set[str]:
    return {name for names in reasons.values() for name in names.split()}


@pytest.mark.ci
def test_every_layer_of_keras_is_computed_in_every_style() -> None:
    reasons: dict[tuple[str, str], str] = {}
    without: set[str] = set()
    for name, kind in layer_classes().items():
        styles = {style: unfollowed(model) for style, model in layer_models(kind)}
        reasons |= {(name, style): reason for style, reason in styles.items()}
        without |= set() if styles else {name}
    assert without <= listed(NO_LAYER_MODELS)
    assert len(reasons) > 300
    assert {key: reason for key, reason in reasons.items() if reason} == {}


@pytest.mark.ci
def test_operations_on_symbolic_tensors_are_computed() -> None:
    functions = operations()
    models = {name: list(operation_models(name, f)) for name, f in functions.items()}
    without = {name.split(".")[1] for name in models if not models[name]}
    assert without <= listed(NO_OPERATION_MODELS)
    reasons = {(name, style): unfollowed(model) for name in models for style, model in models[name]}
    missed = {key: reason for key, reason in reasons.items() if reason}
    assert len(reasons) > 400 and len(missed) <= MAX_UNFOLLOWED * len(reasons), missed


@pytest.mark.parametrize("name", ["Dense", "LayerNormalization", "Average", "Cropping2D", "LSTM"])
def test_layers_that_students_use_are_computed_in_every_style(name: str) -> None:
    models = list(layer_models(layer_classes()[name]))
    assert (
        models and {style: unfollowed(model) for style, model in models if unfollowed(model)} == {}
    )


# --------------------------------------------------------------------------- code of the student's


def student_models() -> dict[str, Any]:  # noqa: C901  (many small classes)
    import keras
    import tensorflow as tf
    from keras import layers as L

    class Scale(L.Layer):
        def build(self, shape: Any) -> None:
            self.factor = self.add_weight(shape=(shape[-1],))
            self.shift = self.add_weight(shape=())

        def call(self, x: Any) -> Any:
            return x * self.factor + self.shift

    class Deep(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.out = L.Dense(1)  # first by name, last by use
            self.hidden = [L.Dense(6) for _ in range(3)]
            self.drop = L.Dropout(0.5)

        @tf.function  # type: ignore[untyped-decorator]
        def features(self, x: Any) -> Any:
            for layer in self.hidden:
                x = tf.nn.relu(layer(x))
            return x

        def call(self, x: Any, training: bool = False) -> Any:
            return self.out(self.drop(self.features(x), training=training)) * 9.0 + 22

    class Ensemble(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.members = [keras.Sequential([L.Dense(4, "tanh"), L.Dense(1)]) for _ in range(3)]

        def call(self, x: Any) -> Any:
            return sum(member(x) for member in self.members) / len(self.members)

    class Rectified(L.Dense):
        def call(self, inputs: Any) -> Any:
            return tf.nn.relu(super().call(inputs))

    class Weighted(L.Dense):
        def build(self, input_shape: Any) -> None:
            super().build(input_shape)
            self.weight = self.add_weight(shape=(), initializer="ones")

        def call(self, inputs: Any) -> Any:
            return super().call(inputs) * self.weight

    def bent(x: Any) -> Any:
        return tf.where(x > 0, x, 0.3 * x)

    def functional(apply: Any) -> Any:
        inputs = keras.Input((7,))
        return keras.Model(inputs, apply(inputs))

    models = {
        "subclass with TensorFlow's functions": Deep(),
        "subclass of three nets": Ensemble(),
        "subclasses of Dense": functional(lambda x: L.Dense(1)(Weighted(5)(Rectified(5)(x)))),
        "layer of its own": keras.Sequential([keras.Input((7,)), Scale(), L.Dense(1)]),
        "lambda": keras.Sequential([keras.Input((7,)), L.Lambda(lambda x: x**2), L.Dense(1)]),
        "activation of its own": keras.Sequential(
            [keras.Input((7,)), L.Dense(5, activation=bent), L.Dense(1, activation=tf.nn.softplus)]
        ),
        "arithmetic": functional(lambda x: 22 - L.Dense(1)(L.Dropout(0.3)(x)) * 9),
        "mean taken away": functional(
            lambda x: L.Dense(1)(x - keras.ops.mean(x, axis=-1, keepdims=True))
        ),
        "mixed precision": functional(lambda x: L.Dense(1)(L.Dense(4, dtype="mixed_float16")(x))),
    }
    for model in models.values():
        model(np.zeros((1, 7), np.float32))
    return models


def test_code_of_the_student_is_computed_as_its_operations() -> None:
    for name, model in student_models().items():
        x = np.random.default_rng(5).normal(size=(9, 7)).astype(np.float32)
        received, _ = send(with_random_weights(model))
        assert received.is_verified, (name, received.why_unverified)
        tolerance = 1e-2 if name == "mixed precision" else 1e-4
        assert np.allclose(received.predict(x), model(x, training=False), tolerance), name
        assert received.count_params() == model.count_params(), name


def test_operations_of_the_students_code_stand_between_the_layers() -> None:
    import keras
    import tensorflow as tf

    class Convolution(keras.layers.Layer):
        def build(self, input_shape: Any) -> None:
            self.kernel = self.add_weight(shape=(3, 3, 1, 2))

        def call(self, inputs: Any) -> Any:
            return tf.nn.relu(tf.nn.conv2d(inputs, self.kernel, 1, "VALID"))

    convolution = Convolution()
    model = keras.Sequential([keras.Input((6, 6, 1)), convolution, keras.layers.Flatten()])
    received, _ = send(model)
    operations = received.operations
    assert [type(each).__name__ for each in operations] == ["Conv2D", "Relu", "Flatten"]
    assert [each.get_config().get("kernel_size") for each in operations] == [None] * 3
    x = np.random.default_rng(5).normal(size=(2, 6, 6, 1)).astype(np.float32)
    assert np.allclose(operations[1].compute(x), convolution(x), atol=1e-5)
    assert operations[0].compute(x).min() < 0


def test_a_trace_leaves_the_model_as_it_was() -> None:
    import keras
    import tensorflow as tf

    layer = keras.layers.Dense(3, activation=tf.nn.relu)
    model = keras.Sequential([keras.Input((4,)), layer, keras.layers.Dropout(0.5, seed=1)])
    call, x = keras.Layer.__call__, np.ones((5, 4), np.float32)
    twin = keras.Sequential([keras.Input((4,)), layer, keras.layers.Dropout(0.5, seed=1)])
    send(model)
    assert keras.Layer.__call__ is call and layer.activation is tf.nn.relu
    assert not tf.config.functions_run_eagerly()
    assert np.array_equal(model(x, training=True), twin(x, training=True))


def test_what_cannot_be_followed_is_named() -> None:
    import keras
    import tensorflow as tf
    from keras import layers as L

    class Noisy(keras.Model):
        def __init__(self, noise: Any) -> None:
            super().__init__()
            self.dense, self.noise = L.Dense(1), noise

        def call(self, x: Any) -> Any:
            return self.dense(x) + self.noise(x)

    cases = {
        "RandomStandardNormal": lambda x: tf.random.normal(tf.shape(x[:, :1])),
        "EagerPyFunc": lambda x: tf.ensure_shape(
            tf.py_function(lambda t: t[:, :1], [x], tf.float32), (None, 1)
        ),
    }
    for name, noise in cases.items():
        model = Noisy(noise)
        model(np.zeros((1, 3), np.float32))
        received, peer = send(model)
        assert not received.is_verified and name in received.why_unverified
        with pytest.raises(UnverifiedModelError, match=f"of a model that .*{name}"):
            received.get_weights()
        assert received.predict(np.zeros((2, 3), np.float32)).shape == (2, 1)
        assert peer.operations[-1] == "predict"
    eager = Noisy(lambda x: x[:, :1] if tf.executing_eagerly() else 1 / 0)
    eager(np.zeros((1, 3), np.float32))
    assert send(eager)[0].why_unverified == "does not say what shape its input has"
    two = keras.Model([a := keras.Input((2,)), b := keras.Input((2,))], L.Add()([a, b]))
    assert send(two)[0].why_unverified == "has several inputs"


def test_a_table_in_the_code_counts_like_weights() -> None:
    import keras
    import tensorflow as tf

    table = np.arange(500.0, dtype=np.float32)
    inputs = keras.Input((1,))
    index = keras.layers.Lambda(lambda x: tf.gather(table, tf.cast(x, tf.int32)))
    received, _ = send(keras.Model(inputs, keras.layers.Dense(1)(index(inputs))))
    assert received.is_verified and received.count_params() >= 500 > MAX_FREE_CONSTANTS


@pytest.mark.parametrize(("pictures", "is_counted"), [(1, False), (2, False), (3, True)])
def test_a_mean_and_a_spread_of_the_input_are_no_weights(pictures: int, is_counted: bool) -> None:
    import keras

    inputs = keras.Input((28, 28, 1))
    x = inputs
    for number in range(pictures):
        x = x - np.linspace(0, number + 1, 784, dtype=np.float32).reshape(28, 28, 1)
    model = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Flatten()(x)))
    received, _ = send(model)
    assert received.count_params() - model.count_params() == 784 * pictures * is_counted


# ------------------------------------------------------- what only a hostile worker would send


def dense(step: int, weights: list[int], **config: Any) -> Step:
    config = {"units": 3, "use_bias": False, "activation": "linear"} | config
    return Step("Dense", "dense", config, [Weight(i) for i in weights], [StepOutput(step)])


SQUARE = np.ones((3, 3), np.float32)


@pytest.mark.parametrize(
    "step",
    [
        Step("Lambda", "f", {"function": "x"}, [], [StepOutput(INPUT)]),
        Step("TFSMLayer", "f", {"filepath": "/etc"}, [], [StepOutput(INPUT)]),
        Step("Nothing", "f", {}, [], [StepOutput(INPUT)]),
        Step("Activation", "f", {"activation": {"module": "os", "class_name": "function", "config": "getcwd", "registered_name": "function"}}, [], [StepOutput(INPUT)]),
        Step("Activation", "f", {"activation": {"class_name": "__lambda__", "config": {"value": "x"}}}, [], [StepOutput(INPUT)]),
        Step("TimeDistributed", "f", {"layer": {"module": "keras.layers", "class_name": "Lambda", "config": {}}}, [], [StepOutput(INPUT)]),
        Step("TimeDistributed", "f", {"layer": {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "x"}}}, [], [StepOutput(INPUT)]),
        Step("Activation", "f", {"activation": {"module": "builtins", "class_name": "function", "config": "eval", "registered_name": "function"}}, [], [StepOutput(INPUT)]),
        *(
            Step(OPERATION + name, name, {"outputs": 1, "settings": {}}, [], [StepOutput(INPUT)])
            for name in ("ReadFile", "WriteFile", "PyFunc", "RandomUniform", "While", "Nothing", "Print")
        ),
    ],
)  # fmt: skip
def test_steps_that_do_more_than_compute_are_refused(step: Step) -> None:
    description = ModelDescription([step], StepOutput(0), (None, 3))
    with pytest.raises(UnsupportedModelError):
        LocalEvaluator().compute(description, [], np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("step", "weights"),
    [
        (dense(INPUT, [0, 1]), [SQUARE, SQUARE]),  # an array more than it takes
        (dense(INPUT, [0]), [np.ones((4, 4), np.float32)]),
        (dense(INPUT, [0], units=7), [SQUARE]),
        (dense(INPUT, [7]), [SQUARE]),
        (dense(5, [0]), [SQUARE]),
        (Step("Dense", "d", {"units": 3}, [Weight(0)], [1, 2, 3]), [SQUARE]),
        (Step(OPERATION + "MatMul", "m", {"outputs": 1, "settings": {}}, [], []), []),
        (Step(OPERATION + "Relu", "r", {"outputs": "x", "settings": {"T": "float32"}}, [], [StepOutput(INPUT)]), []),
        (Step(OPERATION + "Relu", "r", {"outputs": 1, "settings": {"T": "int7"}}, [], [StepOutput(INPUT)]), []),
    ],
)  # fmt: skip
def test_steps_that_do_not_fit_raise(step: Step, weights: Any) -> None:
    description = ModelDescription([step], StepOutput(0), (None, 3))
    with pytest.raises((ValueError, UnsupportedModelError)):
        LocalEvaluator().compute(description, weights, np.zeros((2, 3)))
