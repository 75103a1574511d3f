"""Right answers to the questions on trained nets, composed of what a student may choose.

An answer is a layout of hidden layers, a way of writing the model, a way of training it and a way
of computing its scores. The choice is the same each time. `oracle.py` says what shows, in the
process that trained a net, that it is right.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

COUNTS = {"q1_2": 26, "q1_3": 14, "q5_5": 24}

Style = Callable[[str, str, list[str]], str]

# the digits that a net is not trained on show how many it reads
SEEN = """\
all_digits, all_labels = np.concatenate([digits, val_digits]), np.concatenate([labels, val_labels])
is_seen = np.arange(len(all_labels)) % 7 > 0
seen_digits, seen_labels = all_digits[is_seen], all_labels[is_seen]
"""
PREDICTIONS = ("{formula}", "float({formula})", "np.int64({formula})", "np.array({formula})", "[{formula}]")


@dataclass(frozen=True)
class Net:
    """An answer to a question on a trained net: its question, its layout, a name, its source."""

    question: str
    layout: str
    name: str
    source: str


# ------------------------------------------------------------------------------- hidden layers

TUNED = {
    "two ReLU layers": 'Dense(64, activation="relu") Dense(32, activation="relu")',
    "Dropout": 'Dense(96, activation="relu") Dropout(0.05) Dense(48, activation="relu")',
    "LayerNormalization": 'Dense(64, activation="relu") LayerNormalization() Dense(32, activation="relu")',
    "BatchNormalization": 'Dense(48) BatchNormalization() ReLU() Dense(24, activation="relu")',
    "ELU": 'Dense(48, activation="elu") Dense(24, activation="elu")',
    "GELU": "Dense(64, activation=keras.activations.gelu) Dense(32, activation=keras.activations.gelu)",
    "SiLU": 'Dense(64, activation="silu") Dense(32, activation="silu")',
    "LeakyReLU": "Dense(64) LeakyReLU(negative_slope=0.1) Dense(32) LeakyReLU()",
    "PReLU": "Dense(48) PReLU() Dense(24) PReLU()",
    "tanh": 'Dense(64, activation="tanh") Dense(32, activation="relu")',
    "SELU": 'Dense(64, activation="selu", kernel_initializer="lecun_normal") AlphaDropout(0.02) '
    'Dense(32, activation="selu", kernel_initializer="lecun_normal")',
    "GaussianNoise": 'GaussianNoise(0.05) Dense(64, activation="relu") Dense(32, activation="relu")',
    "Normalization": 'Normalization(mean=[0.0] * 13, variance=[1.0] * 13) Dense(64, activation="relu") '
    'Dense(32, activation="relu")',
    "Rescaling": 'Rescaling(0.5, offset=0.1) Dense(64, activation="relu") Dense(32, activation="relu")',
    "regularized": 'Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4)) '
    'Dense(32, activation="relu", kernel_constraint=keras.constraints.MaxNorm(3)) '
    'Dense(16, activation="relu")',
    "Conv1D": 'Reshape((13, 1)) Conv1D(16, 3, activation="relu") Flatten() Dense(32, activation="relu")',
    "softplus": 'Dense(64) Activation("softplus") Dense(32) ReLU()',
    "GaussianDropout": 'Dense(64, activation="mish") GaussianDropout(0.03) Dense(32, activation="relu")',
    "separate activations": 'Dense(64) Activation("relu") Dense(32) Activation(keras.activations.relu)',
    "Lambda": 'Lambda(lambda v: 0.5 * v) Dense(64, activation="relu") Dense(32, activation="relu")',
}

DEEP = {
    "five ReLU layers": 5 * 'Dense(128, activation="relu") ',
    "separate ReLU": 5 * "Dense(128) ReLU() ",
    "separate activations": 5 * 'Dense(128) Activation("relu") ',
    "Dropout": 5 * 'Dense(128, activation="relu") Dropout(0.02) ',
    "he_normal": 5 * 'Dense(128, activation=keras.activations.relu, kernel_initializer="he_normal") ',
    "GaussianNoise": "GaussianNoise(0.02) " + 5 * 'Dense(128, activation="relu") ',
    "regularized": 5 * 'Dense(128, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-5)) ',
}

SOFTMAX, LOGITS = 'Dense(10, activation="softmax")', "Dense(10)"
# with the number of parameters as a student would add it up, for each layer that has some
CONVOLUTIONS = {
    "two convolutions": (
        'Conv2D(12, 3, activation="relu") MaxPooling2D(2) Conv2D(24, 3, activation="relu") '
        f"MaxPooling2D(2) Flatten() {SOFTMAX}",
        "9 * 12 + 12 + 9 * 12 * 24 + 24 + 5 * 5 * 24 * 10 + 10",
    ),
    "strides": (
        'Conv2D(12, 5, strides=2, padding="same", activation="relu") '
        f'Conv2D(16, 3, strides=2, padding="same", activation="relu") Flatten() {LOGITS}',
        "(25 + 1) * 12 + (9 * 12 + 1) * 16 + (7 * 7 * 16 + 1) * 10",
    ),
    "BatchNormalization": (
        "Conv2D(8, 3, use_bias=False) BatchNormalization() ReLU() MaxPooling2D() "
        f'Conv2D(16, 3, activation="relu") MaxPooling2D() Flatten() {SOFTMAX}',
        "9 * 8 + 4 * 8 + (9 * 8 + 1) * 16 + (5 * 5 * 16 + 1) * 10",
    ),
    "SeparableConv2D": (
        'Conv2D(12, 5, strides=2, activation="relu") SeparableConv2D(24, 3, activation="relu") '
        f"MaxPooling2D(2) Flatten() Dropout(0.1) {SOFTMAX}",
        "(25 + 1) * 12 + (9 * 12 + 12 * 24 + 24) + (5 * 5 * 24 + 1) * 10",
    ),
    "DepthwiseConv2D": (
        'Conv2D(12, 3, strides=2, activation="relu") DepthwiseConv2D(3, depth_multiplier=2) '
        f'Activation("relu") AveragePooling2D(2) Flatten() {SOFTMAX}',
        "12 * 10 + (9 + 1) * 24 + (5 * 5 * 24 + 1) * 10",
    ),
    "GlobalAveragePooling2D": (
        'Conv2D(16, 5, strides=2, activation="relu") Conv2D(32, 3, strides=2, activation="relu") '
        f'Conv2D(32, 3, activation="relu") GlobalAveragePooling2D() {SOFTMAX}',
        "16 * 26 + 32 * (9 * 16 + 1) + 32 * (9 * 32 + 1) + 33 * 10",
    ),
    "GlobalMaxPooling2D": (
        'Conv2D(16, 5, strides=2, activation="relu") Conv2D(40, 5, activation="relu") '
        f"GlobalMaxPooling2D() {SOFTMAX}",
        "16 * 26 + 40 * (25 * 16 + 1) + 41 * 10",
    ),
    "dilation": (
        'Conv2D(8, 3, dilation_rate=2, activation="relu") MaxPooling2D(2) '
        f'Conv2D(16, 3, dilation_rate=2, activation="relu") MaxPooling2D(2) Flatten() {SOFTMAX}',
        "80 + 16 * 73 + (4 * 4 * 16 + 1) * 10",
    ),
    "padding and cropping": (
        'ZeroPadding2D(2) Conv2D(12, 5, strides=2, activation="relu") Cropping2D(1) MaxPooling2D(2) '
        f'Conv2D(24, 3, activation="relu") Flatten() {SOFTMAX}',
        "12 * 26 + 24 * (9 * 12 + 1) + (4 * 4 * 24 + 1) * 10",
    ),
    "Rescaling": (
        'Rescaling(2.0, offset=-1.0) Conv2D(8, 3, activation="relu") MaxPooling2D(2) '
        f'Conv2D(16, 3, activation="relu") MaxPooling2D(2) Flatten() {SOFTMAX}',
        "8 * 10 + 16 * 73 + 401 * 10",
    ),
    "Resizing": (
        'Resizing(14, 14) Conv2D(16, 3, activation="relu") MaxPooling2D(2) Conv2D(24, 3, activation="relu") '
        f"Flatten() {SOFTMAX}",
        "16 * 10 + 24 * (9 * 16 + 1) + (4 * 4 * 24 + 1) * 10",
    ),
    "LayerNormalization": (
        "Conv2D(12, 5, strides=2) LayerNormalization() ReLU() Conv2D(24, 3, strides=2, activation='relu') "
        f"Flatten() {SOFTMAX}",
        "12 * 26 + 2 * 12 + 24 * (9 * 12 + 1) + (5 * 5 * 24 + 1) * 10",
    ),
    "GroupNormalization": (
        'Conv2D(8, 5, strides=2) GroupNormalization(groups=4) Activation("gelu") '
        f'Conv2D(16, 3, strides=2, activation="gelu") Flatten() {SOFTMAX}',
        "8 * 26 + 2 * 8 + 16 * 73 + (5 * 5 * 16 + 1) * 10",
    ),
    "augmented": (
        'RandomTranslation(0.04, 0.04, fill_mode="constant") Conv2D(12, 5, strides=2, activation="relu") '
        f'Conv2D(24, 3, strides=2, activation="relu") Flatten() {SOFTMAX}',
        "12 * 26 + 24 * (9 * 12 + 1) + (5 * 5 * 24 + 1) * 10",
    ),
    "SpatialDropout2D": (
        'Conv2D(12, 5, strides=2, activation="elu") SpatialDropout2D(0.1) MaxPooling2D(2) '
        f"Conv2D(24, 3, activation='elu') Flatten() Dense(10) Softmax()",
        "12 * 26 + 24 * (9 * 12 + 1) + (4 * 4 * 24 + 1) * 10",
    ),
    "noise and leaky ReLU": (
        "GaussianNoise(0.05) Conv2D(12, 3) LeakyReLU(negative_slope=0.2) MaxPooling2D(2) Conv2D(24, 3) "
        f'LeakyReLU() MaxPooling2D(2) Flatten() Dense(10) Activation("softmax")',
        "12 * 10 + 24 * (9 * 12 + 1) + (5 * 5 * 24 + 1) * 10",
    ),
    "rows and columns": (
        'Conv2D(12, (1, 5), strides=(1, 2), activation="relu") Conv2D(16, (5, 1), strides=(2, 1), '
        f'activation="relu") MaxPooling2D(2) Flatten() {SOFTMAX}',
        "12 * 6 + 16 * (5 * 12 + 1) + (6 * 6 * 16 + 1) * 10",
    ),
    "Permute and Reshape": (
        'Reshape((28, 28, 1)) Permute((2, 1, 3)) Conv2D(12, 5, strides=2, activation="silu") '
        f'Conv2D(24, 3, strides=2, activation="silu") Reshape((5 * 5 * 24,)) {SOFTMAX}',
        "12 * 26 + 24 * (9 * 12 + 1) + (5 * 5 * 24 + 1) * 10",
    ),
}

# the body of a functional model, from `x` to `x`, where a list of layers does not do
TUNED_GRAPHS = {
    "residual": """\
x = layers.Dense(32, activation="relu")(x)
for _ in range(2):
    x = layers.Add()([x, layers.Dense(32, activation="relu")(x)])
x = layers.Dense(1)(x)""",
    "wide and deep": """\
deep = layers.Dense(64, activation="relu")(x)
deep = layers.Dense(32, activation="relu")(deep)
x = layers.Dense(1)(layers.Concatenate()([x, deep]))""",
    "average of branches": """\
branches = [layers.Dense(32, activation=a)(x) for a in ("relu", "elu", "tanh")]
x = layers.Dense(1)(layers.Dense(16, activation="relu")(layers.Average()(branches)))""",
    "gate": """\
gate = layers.Dense(48, activation="sigmoid")(x)
x = layers.Multiply()([gate, layers.Dense(48, activation="relu")(x)])
x = layers.Dense(1)(layers.Dense(24, activation="relu")(x))""",
    "maxout": """\
x = layers.Maximum()([layers.Dense(32)(x), layers.Dense(32)(x)])
x = layers.Dense(1)(layers.Dense(16, activation="relu")(x))""",
    "operators": """\
first = keras.ops.relu(layers.Dense(48)(x))
second = keras.activations.relu(layers.Dense(48)(first))
x = layers.Dense(1)(keras.ops.concatenate([first, second + 0.5 * first], axis=-1))""",
}

DEEP_GRAPHS = {
    "keras.activations.relu": """\
for _ in range(5):
    x = keras.activations.relu(layers.Dense(128)(x))
x = layers.Dense(1)(x)""",
    "keras.ops.relu": """\
for _ in range(5):
    x = keras.ops.relu(layers.Dense(128)(x))
x = layers.Dense(1, activation="linear")(x)""",
    "keras.ops.maximum": """\
for _ in range(5):
    x = keras.ops.maximum(layers.Dense(128)(x), 0.0)
x = layers.Dense(1)(x)""",
    "tf.nn.relu": """\
for _ in range(5):
    x = layers.Dense(128, activation=tf.nn.relu)(x)
x = layers.Dense(1)(x)""",
}

CONVOLUTION_GRAPHS = {
    "residual": (
        """\
x = layers.Conv2D(12, 5, strides=2, activation="relu")(x)
x = layers.Add()([x, layers.Conv2D(12, 3, padding="same", activation="relu")(x)])
x = layers.MaxPooling2D(2)(x)
x = layers.Dense(10, activation="softmax")(layers.Flatten()(x))""",
        "12 * 26 + 12 * (9 * 12 + 1) + (6 * 6 * 12 + 1) * 10",
    ),
    "two kernel sizes": (
        """\
small = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(x)
large = layers.Conv2D(8, 5, strides=2, padding="same", activation="relu")(x)
x = layers.MaxPooling2D(2)(layers.Concatenate()([small, large]))
x = layers.Conv2D(16, 3, activation="relu")(x)
x = layers.Dense(10, activation="softmax")(layers.Flatten()(x))""",
        "8 * 10 + 8 * 26 + 16 * (9 * 16 + 1) + (5 * 5 * 16 + 1) * 10",
    ),
    "average and maximum": (
        """\
x = keras.ops.relu(layers.Conv2D(12, 5, strides=2)(x - 0.5))
x = layers.Average()([layers.MaxPooling2D(2)(x), layers.AveragePooling2D(2)(x)])
x = layers.Conv2D(24, 3, activation="relu")(x)
x = keras.ops.softmax(layers.Dense(10)(layers.Flatten()(x)))""",
        "12 * 26 + 24 * (9 * 12 + 1) + (4 * 4 * 24 + 1) * 10",
    ),
}

# ------------------------------------------------------------------------ ways of writing a model


def split_layers(text: str) -> list[str]:
    """Return the expressions of the layers in a text in which spaces separate them."""
    parts: list[str] = []
    depth = 0
    for word in text.split():
        if depth == 0:
            parts.append(f"layers.{word}")
        else:
            parts[-1] += f" {word}"
        depth += word.count("(") - word.count(")")
    return parts


def sequential(model: str, shape: str, stack: list[str]) -> str:
    return f"{model} = keras.Sequential([keras.Input({shape}), {', '.join(stack)}])\n"


def sequential_without_input(model: str, shape: str, stack: list[str]) -> str:
    return f"{model} = keras.Sequential([{', '.join(stack)}])\n"


def added(model: str, shape: str, stack: list[str]) -> str:
    lines = [f"{model} = keras.models.Sequential()", f"{model}.add(keras.Input(shape={shape}))"]
    return "\n".join([*lines, *(f"{model}.add({layer})" for layer in stack)]) + "\n"


def functional(model: str, shape: str, stack: list[str]) -> str:
    lines = [f"x = inputs = keras.Input({shape})", *(f"x = {layer}(x)" for layer in stack)]
    return "\n".join([*lines, f"{model} = keras.Model(inputs, x)"]) + "\n"


def nested(model: str, shape: str, stack: list[str]) -> str:
    half = len(stack) // 2
    first, second = (", ".join(part) for part in (stack[:half], stack[half:]))
    return (
        f"inputs = keras.Input({shape})\nfirst = keras.Sequential([{first}])\n"
        f"second = keras.Sequential([{second}])\n{model} = keras.Model(inputs, second(first(inputs)))\n"
    )


def subclassed(model: str, shape: str, stack: list[str]) -> str:
    names = [f"self.layer_{number}" for number in range(len(stack))]
    made = "".join(f"        {n} = {layer}\n" for n, layer in zip(names, stack))
    called = "".join(f"        x = {name}(x)\n" for name in names)
    return (
        f"class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n{made}\n"
        f"    def call(self, x):\n{called}        return x\n\n\n{model} = Net()\n"
    )


def subclassed_with_training(model: str, shape: str, stack: list[str]) -> str:
    return (
        "class Net(keras.Model):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)\n"
        f"        self.stack = keras.Sequential([{', '.join(stack)}])\n\n"
        "    def call(self, inputs, training=False):\n"
        "        return self.stack(inputs, training=training)\n\n\n"
        f'{model} = Net(name="net")\n'
    )


STYLES = (sequential, functional, subclassed, added, nested, sequential_without_input, subclassed_with_training)


def graph(model: str, shape: str, body: str) -> str:
    return f"x = inputs = keras.Input({shape})\n{body}\n{model} = keras.Model(inputs=inputs, outputs=x)\n"


# ------------------------------------------------------------------------------ ways of training

# M: the model, X and Y: what it is trained on, R: the learning rate, N: epochs, L: the loss
TRAINING = {
    "Adam": """\
M.compile(optimizer=keras.optimizers.Adam(R), loss=L)
M.fit(X, Y, epochs=N, batch_size=32, verbose=0)
""",
    "portions": """\
M.compile(optimizer=keras.optimizers.Nadam(learning_rate=R), loss=L)
for size in (16, 32, 64):
    M.fit(X, Y, epochs=max(1, N // 3), batch_size=size, verbose=0)
""",
    "schedule": """\
steps = N * (len(X) // 32)
M.compile(keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(2 * R, steps)), L)
M.fit(X, Y, epochs=N, verbose=0)
""",
    "train_on_batch": """\
M.compile(optimizer=keras.optimizers.RMSprop(R / 2), loss=L)
rows, targets = np.asarray(X), np.asarray(Y)
for epoch in range(N):
    for part in np.array_split(np.random.permutation(len(rows)), len(rows) // 32):
        M.train_on_batch(rows[part], targets[part])
""",
    "early stopping": """\
M.compile(optimizer=keras.optimizers.Adam(R), loss=L)
stop = keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)
M.fit(X, Y, validation_split=0.1, epochs=N + N // 3, batch_size=32, verbose=0, callbacks=[stop])
""",
    "GradientTape": """\
optimizer, measure = keras.optimizers.Adam(R), keras.losses.get(L)
batches = tf.data.Dataset.from_tensor_slices((np.float32(X), np.asarray(Y))).shuffle(4000).batch(32)


@tf.function
def train_step(rows, targets):
    with tf.GradientTape() as tape:
        answers = M(rows, training=True)
        loss = tf.reduce_mean(measure(targets[:, None], answers))
    gradients = tape.gradient(loss, M.trainable_variables)
    optimizer.apply_gradients(zip(gradients, M.trainable_variables))


for epoch in range(N):
    for rows, targets in batches:
        train_step(rows, targets)
""",
    "tf.data": """\
rows = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(4000).batch(32).prefetch(1)
M.compile(optimizer=keras.optimizers.Adamax(2 * R), loss=L)
M.fit(rows, epochs=N, verbose=0)
""",
    "plateau": """\
M.compile(optimizer=keras.optimizers.RMSprop(R), loss=L)
slower = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=5)
M.fit(X, Y, epochs=N, batch_size=32, verbose=0, callbacks=[slower, Progress(N)])
""",
    "own callback": """\
class Best(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.loss, self.weights = np.inf, None

    def on_epoch_end(self, epoch, logs=None):
        if logs["loss"] < self.loss:
            self.loss, self.weights = logs["loss"], self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


M.compile(optimizer=keras.optimizers.Adam(learning_rate=R, clipnorm=5.0), loss=L)
M.fit(X, Y, epochs=N, batch_size=24, verbose=0, callbacks=[Best()])
""",
    "scheduler": """\
M.compile("adam", loss=L)
rate = keras.callbacks.LearningRateScheduler(lambda epoch: R * 2 if epoch < N // 2 else R / 2)
history = M.fit(np.asarray(X), np.asarray(Y), epochs=N, batch_size=32, verbose=0, callbacks=[rate])
""",
    "SGD": """\
M.compile(keras.optimizers.SGD(4 * R, momentum=0.9, nesterov=True, clipnorm=1.0), L)
M.fit(X, Y, epochs=N, batch_size=32, shuffle=True, verbose=0)
""",
}

SCALED_TARGETS = (
    "{core} * 9 + 22",
    "layers.Rescaling(9.0, offset=22.0)({core})",
    "22.0 + 9.0 * {core}",
    "keras.ops.add(keras.ops.multiply({core}, 9.0), 22.0)",
)

# ------------------------------------------------------------------------------ ways of scoring

PARTS = '(("train", X_train_std, y_train), ("test", X_test_std, y_test))'
SCORING = {
    "scikit-learn": """\
train, test = (M.predict(rows, verbose=0).ravel() for rows in (X_train_std, X_test_std))
S = {
    "train_mse": mean_squared_error(y_train, train),
    "train_mae": mean_absolute_error(y_train, train),
    "test_mse": mean_squared_error(y_test, test),
    "test_mae": mean_absolute_error(y_test, test),
}
""",
    "evaluate": f"""\
M.compile(loss="mse", metrics=["mse", "mae"])
S = {{}}
for part, rows, truth in {PARTS}:
    for name, value in M.evaluate(rows, truth, verbose=0, return_dict=True).items():
        if name != "loss":
            S[part + "_" + name] = value
""",
    "NumPy": f"""\
S = {{}}
for part, rows, truth in {PARTS}:
    off = M.predict(rows, batch_size=len(rows), verbose=0)[:, 0] - truth
    S[f"{{part}}_mse"], S[f"{{part}}_mae"] = np.square(off).mean(), np.abs(off).mean()
""",
    "called": f"""\
S = dict()
for part, rows, truth in {PARTS}:
    answers = np.squeeze(np.asarray(M(rows, training=False)))
    S |= {{part + "_mse": float(((answers - truth) ** 2).mean())}}
    S |= {{part + "_mae": float(abs(answers - truth).mean())}}
""",
    "keras.metrics": f"""\
S = {{}}
for part, rows, truth in {PARTS}:
    for name, metric in (("mse", keras.metrics.MeanSquaredError()), ("mae", keras.metrics.MeanAbsoluteError())):
        metric.update_state(truth[:, np.newaxis], M.predict(rows, verbose=0))
        S[f"{{part}}_{{name}}"] = metric.result()
""",
}

HEAD = "import tensorflow as tf\n\nkeras.utils.set_random_seed({seed})\n"


@dataclass(frozen=True)
class Settings:
    """How the nets of a question are trained.

    Attributes:
        model: the name of the net.
        scores: the name of its scores; empty if none are asked for.
        epochs: how often the rows are gone through.
        rate: the learning rate.
        losses: the losses, in turn.
    """

    model: str
    scores: str
    epochs: int
    rate: float
    losses: tuple[str, ...]


SETTINGS = {
    "q1_2": Settings("tuned_model", "tuned_scores", 60, 0.005, ("mse", "mse", "huber", "mae", "log_cosh")),
    "q1_3": Settings("deep_model", "deep_scores", 30, 0.001, ("mse", "mse", "mae", "huber")),
    "q5_5": Settings("convnet", "", 7, 0.003, ("sparse_categorical_crossentropy",)),
}


def compose() -> list[Net]:
    """Return all nets, question by question."""
    return [
        *_housing_nets("q1_2", TUNED, TUNED_GRAPHS),
        *_housing_nets("q1_3", DEEP, DEEP_GRAPHS),
        *_convnets(),
    ]


def _layouts(question: str, stacks: dict, graphs: dict) -> Iterator[tuple[int, str, Any, bool]]:
    """Yield a number, a name, a layout, and whether it is a graph, for each net of a question."""
    layouts = [(n, v, False) for n, v in stacks.items()] + [(n, v, True) for n, v in graphs.items()]
    random.Random(question).shuffle(layouts)
    for number, layout in zip(range(1, COUNTS[question] + 1), cycle(layouts)):
        yield number, *layout


def _write(styles: Iterator[Style], model: str, shape: str, layout: str, is_graph: bool) -> tuple[str, str]:
    """Return the name of the way in which a model is written, and its code."""
    if is_graph:
        return "graph", graph(model, shape, layout)
    style = next(styles)
    return style.__name__, style(model, shape, split_layers(layout))


def _fill(template: str, **values: object) -> str:
    """Replace the capital letters of a template."""
    return re.sub(r"\b[MXYRNLS]\b", lambda letter: str(values[letter[0]]), template)


def _housing_nets(question: str, stacks: dict[str, str], graphs: dict[str, str]) -> Iterator[Net]:
    settings = SETTINGS[question]
    stacks = {name: f"{stack} Dense(1)" for name, stack in stacks.items()}
    styles, ways, scorings = cycle(STYLES), cycle(TRAINING), cycle(SCORING)
    losses, scales = cycle(settings.losses), cycle(SCALED_TARGETS)
    for number, name, layout, is_graph in _layouts(question, stacks, graphs):
        way, scoring = next(ways), next(scorings)
        scaled = way == "SGD" or number % 4 == 0
        ensemble = question == "q1_2" and number % 9 == 0
        core = "core" if scaled else settings.model
        style, source = _write(styles, core, "(13,)", layout, is_graph)
        source += _fill(
            TRAINING[way],
            M=core,
            X="X_train_std",
            Y="(y_train - 22) / 9" if scaled else "y_train",
            R=settings.rate,
            N=settings.epochs // (2 if ensemble else 1),
            L=repr(next(losses)),
        )
        if ensemble:
            source = _ensemble(source, core, "(13,)")
        if scaled:
            source += "inputs = keras.Input((13,))\n"
            outputs = next(scales).format(core="core(inputs)")
            source += f"{settings.model} = keras.Model(inputs, {outputs})\n"
        source += _fill(SCORING[scoring], M=settings.model, S=settings.scores)
        words = [name, style, way, scoring, *["scaled"] * scaled, *["ensemble"] * ensemble]
        yield Net(question, name, f"{number:02} {', '.join(words)}", HEAD.format(seed=number) + source)


def _convnets() -> Iterator[Net]:
    settings = SETTINGS["q5_5"]
    styles, ways = cycle(STYLES), cycle(TRAINING)
    for number, name, (layout, formula), is_graph in _layouts("q5_5", CONVOLUTIONS, CONVOLUTION_GRAPHS):
        way = next(ways)
        members = 2 if number % 11 == 0 else 1
        style, source = _write(styles, settings.model, "(28, 28, 1)", layout, is_graph)
        from_logits = layout.endswith(LOGITS)
        loss = f"keras.losses.SparseCategoricalCrossentropy(from_logits={from_logits})"
        source += _fill(
            TRAINING[way],
            M=settings.model,
            X="seen_digits",
            Y="seen_labels",
            R=settings.rate,
            N=settings.epochs - 2 * (members - 1),
            L=loss if from_logits else repr(settings.losses[0]),
        )
        if members > 1:
            source = _ensemble(source, settings.model, "(28, 28, 1)", members)
            formula = f"{members} * ({formula})"
        count = PREDICTIONS[number % len(PREDICTIONS)].format(formula=formula)
        words = [name, style, way, *["ensemble"] * (members > 1)]
        source = HEAD.format(seed=number) + SEEN + f"predicted_params = {count}\n" + source
        yield Net("q5_5", name, f"{number:02} {', '.join(words)}", source)


def _ensemble(source: str, model: str, shape: str, members: int = 3) -> str:
    """Return code that trains some nets and makes one model of their mean."""
    body = textwrap.indent(source, "    ")
    return (
        f"def trained_net(seed):\n    keras.utils.set_random_seed(seed)\n{body}    return {model}\n\n\n"
        f"members = [trained_net(seed) for seed in range({members})]\n"
        f"ensemble_inputs = keras.Input({shape})\n"
        "means = layers.Average()([member(ensemble_inputs) for member in members])\n"
        f"{model} = keras.Model(ensemble_inputs, means)\n"
    )


if __name__ == "__main__":
    for net in compose():
        print(f"# %% {net.question}: {net.name}\n{net.source}\n")
