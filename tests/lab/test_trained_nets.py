"""What a notebook sees of training is the same with the levers of ``keras_training`` and without.

The corpus's networks and the cases below are trained both ways, on a few rows and for a few epochs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox, make_environment
from ottermark.worker import keras_training

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "assignment" / "corpus"
LEVERS = list(keras_training.LEVERS)
HEAD = "keras.utils.set_random_seed(1)\nX, y = X_train_std, y_train\n"
ALL = "OTTERMARK_ALL_NETWORKS" in os.environ  # of the corpus, which takes a quarter of an hour
NET = """\
def net(*more, **compiling):
    model = keras.Sequential([keras.Input((13,)), layers.Dense(8, "relu"), *more, layers.Dense(1)])
    model.compile(**{"optimizer": "adam", "loss": "mse"} | compiling)
    return model


"""
CASES = {
    "metrics, validation data, class weights": """
model = net(metrics=["mae", keras.metrics.RootMeanSquaredError()])
model.fit(X, y, epochs=3, verbose=0, validation_data=(X_test_std, y_test))
classes = keras.Sequential([keras.Input((13,)), layers.Dense(3, "softmax")])
classes.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
classes.fit(X, np.arange(len(X)) % 3, class_weight={0: 1.0, 1: 2.0, 2: 0.5}, epochs=2, verbose=2)
print(model.evaluate(X, y, verbose=0), classes.predict(X[:3], verbose=0))
""",
    "generators, data sets, steps_per_epoch": """
def batches():  # a thread asks for some more than are used, so it draws numbers of its own
    draw = np.random.RandomState(3)
    while True:
        order = draw.permutation(len(X))[:16]
        yield X[order], y[order]

model = net(layers.Dropout(0.2))
model.fit(batches(), steps_per_epoch=3, epochs=3, verbose=0)
model.fit(X, y, steps_per_epoch=2, epochs=3, batch_size=16, verbose=0)
rows = tf.data.Dataset.from_tensor_slices((X, y)).shuffle(50).map(lambda x, t: (x / 3.3 * 1.7, t))
model.fit(rows.batch(16), epochs=3, verbose=0)
model.fit(rows.batch(16).repeat(), steps_per_epoch=3, epochs=2, verbose=0)

class Pairs(keras.utils.PyDataset):
    def __len__(self):
        return 3
    def __getitem__(self, number):
        return X[number * 8 : number * 8 + 8], y[number * 8 : number * 8 + 8]
    def on_epoch_end(self):
        print("end of an epoch")

model.fit(Pairs(), epochs=2, verbose=0)
""",
    "callbacks": """
class Note(keras.callbacks.Callback):
    pass

def note(name):
    def call(self, *arguments, logs=None):
        optimizer = self.model.optimizer
        print(name, arguments, logs, optimizer.built, len(optimizer.variables), int(optimizer.iterations))
    return call

for name in dir(keras.callbacks.Callback):
    if name.startswith("on_"):
        setattr(Note, name, note(name))
model = net(metrics=["mae"])
stop = keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True, monitor="loss")
model.fit(X, y, epochs=3, validation_split=0.2, verbose=0, callbacks=[Note()])
model.fit(X, y, epochs=8, verbose=0, callbacks=[stop, keras.callbacks.ReduceLROnPlateau("loss")])

class Stop(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = batch == 2
    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = epoch == 2

history = model.fit(X, y, batch_size=24, epochs=4, verbose=0, callbacks=[Stop(), Progress()])
print(history.history, history.epoch)
""",
    "twice, recompiled, in turn": """
model, other = net(), net(layers.BatchNormalization(), optimizer=keras.optimizers.SGD(0.01, momentum=0.9))
for _ in range(2):
    model.fit(X, y, epochs=2, verbose=0)
    other.fit(X, y, epochs=1, batch_size=10, verbose=0, shuffle=False)
model.compile("rmsprop", "mae", metrics=["mse"])
model.fit(X, y, epochs=2, verbose=0)
other.layers[0].trainable = False
other.compile(keras.optimizers.AdamW(0.01, use_ema=True, clipnorm=1.0), "huber")
other.fit(X, y, epochs=2, verbose=0, sample_weight=np.linspace(0, 1, len(X)))
print(model.train_on_batch(X[:9], y[:9]), model.test_on_batch(X, y), model.predict_on_batch(X[:2]))
""",
    "own steps, own layers, own losses": """
class Loud(layers.Layer):
    def call(self, x):
        print("traced", np.random.rand())
        return x + 0.1

class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = layers.Dense(1)
    def call(self, x):
        print("called", random.random())
        return self.body(x)
    def train_step(self, data):
        print("step")
        return super().train_step(data)

import random

def loss(truth, answers):
    print("loss")
    return keras.ops.mean(keras.ops.square(truth - answers))

model = net(Loud())
model.fit(X, y, epochs=2, verbose=0)
own = Own()
own.compile("adam", "mse", metrics=["mae"])
own.fit(X, y, epochs=2, verbose=0)
plain = net(loss=loss)
plain.fit(X, y, epochs=2, verbose=0)
held = net(layers.Dense(4, activation=lambda x: print("activation") or x))
held.fit(X, y, epochs=1, verbose=0)
class Descent(keras.optimizers.SGD):
    def update_step(self, *arguments):
        print("update")
        super().update_step(*arguments)

descent = net(optimizer=Descent(0.01))
descent.fit(X, y, epochs=1, verbose=0)
eager = net(run_eagerly=True)
eager.fit(X, y, epochs=1, verbose=0)

import functools

def told(function):
    @functools.wraps(function)  # which takes over the name of Keras's module, and Keras's marks
    def call(*arguments, **settings):
        print("called", function.__name__, np.random.rand())
        return function(*arguments, **settings)
    return call

class Watch(keras.callbacks.Callback):
    on_train_batch_begin = told(keras.callbacks.Callback.on_train_batch_begin)

net(loss=told(keras.losses.mean_squared_error)).fit(X, y, epochs=3, verbose=0)
net(layers.Dense(4, activation=told(keras.activations.relu))).fit(X, y, epochs=3, verbose=0)
net().fit(X, y, epochs=2, verbose=0, callbacks=[Watch()])
late = keras.Sequential([layers.Dense(3, kernel_initializer="orthogonal"), Loud(), layers.Dense(1)])
late.compile("adam", "mse")
late.fit(X, y, epochs=1, verbose=0)
""",
    "tape": """
model, optimizer = net(), keras.optimizers.Adam(0.01)

@tf.function
def step(rows, truth):
    print("traced")
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(rows, training=True)[:, 0] - truth))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss

for _ in range(5):
    print(float(step(tf.constant(X, "float32"), tf.constant(y, "float32"))))

@tf.function
def own_step(rows, truth):
    print("traced")
    return model.train_step((rows, truth))

print(own_step(tf.constant(X), tf.constant(y[:, None])))
""",
    "stateful layers and augmentation": """
model = keras.Sequential([
    keras.Input((28, 28, 1)), layers.RandomTranslation(0.1, 0.1, seed=1), layers.RandomRotation(0.1),
    layers.Conv2D(2, 5, strides=3), layers.BatchNormalization(), layers.GaussianNoise(0.1),
    layers.Flatten(), layers.SpatialDropout1D(0.1) if False else layers.Dropout(0.3), layers.Dense(10),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("nadam", loss, metrics=["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)])
model.fit(digits[:40], labels[:40], epochs=2, batch_size=8, verbose=2, validation_split=0.25)
print(model.predict(digits[:2], verbose=0))
cells = keras.Sequential([keras.Input((28, 28)), layers.GRU(3, dropout=0.2), layers.Dense(1)])
cells.compile("adam", "mse")
cells.fit(digits[:16, :, :, 0], labels[:16], epochs=2, verbose=0)
""",
    "two inputs, two outputs, mixed precision": """
a, b = keras.Input((13,), name="a"), keras.Input((13,), name="b")
x = layers.Concatenate()([layers.Dense(4)(a), layers.Dense(4, dtype="mixed_bfloat16")(b)])
model = keras.Model([a, b], {"one": layers.Dense(1, name="one")(x), "two": layers.Dense(1, name="two")(x - 0.5)})
model.compile("adam", {"one": "mse", "two": "mae"}, metrics={"one": ["mae"]}, loss_weights={"one": 2.0, "two": 1.0})
history = model.fit([X, X], {"one": y, "two": y}, epochs=2, verbose=0, validation_split=0.1)
print(model.metrics_names, history.history)
""",
    "unseeded shapes of rows": """
model = net()
for rows, size in ((X, 7), (X.astype("float32"), 100), (pd.DataFrame(X), None), (tf.constant(X), 5)):
    model.fit(rows, y, epochs=2, batch_size=size, verbose=0)
model.fit(X, y, epochs=2, shuffle="batch", verbose=0)
model.fit(X, y, epochs=0, verbose=0)
model.fit(X[:0], y[:0], epochs=1, verbose=0)
""",
    "errors": """
import traceback

def attempt(function, *arguments, **settings):
    try:
        function(*arguments, **settings)
    except Exception:
        print(traceback.format_exc())

attempt(net().fit, X[:, :5], y, verbose=0)
attempt(net().fit, X, y[:5], verbose=0)
attempt(net(loss="sparse_categorical_crossentropy").fit, X, y, verbose=0)
attempt(net().fit, np.array([["a"]] * 4), np.zeros(4), verbose=0)
attempt(net().fit, [object()] * 4, np.zeros(4), verbose=0)
attempt(keras.Sequential([layers.Dense(1)]).fit, X, y)
classes = keras.Sequential([keras.Input((13,)), layers.Dense(3, "softmax")])
classes.compile("adam", "sparse_categorical_crossentropy")
attempt(classes.fit, X, np.arange(len(X)), verbose=0)
attempt(classes.fit, X, np.arange(len(X)) // 20, shuffle=False, batch_size=16, verbose=0)
print(int(classes.optimizer.iterations))
unlike = keras.Sequential([keras.Input((13,)), layers.Dense(3, "softmax")])
unlike.compile("adam", "sparse_categorical_crossentropy", metrics=[keras.metrics.F1Score()])
attempt(unlike.fit, X, np.arange(len(X)) % 3, verbose=0)
del unlike  # its optimizer is one of the exceptions in docs/keras.md
frozen = net()
frozen.trainable = False
frozen.fit(X, y, epochs=1, verbose=0)
attempt(net().fit, iter([(X[:4], y[:4])]), steps_per_epoch=3, epochs=2, verbose=0)
""",
    "retracing": """
for _ in range(7):
    model = net()
    model.fit(X[:8], y[:8], epochs=1, verbose=0)
    model.predict(X[:8], verbose=0)
""",
    "what can be inspected": """
import inspect
from keras.src.backend.tensorflow.trainer import TFEpochIterator
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

for function in (
    keras.Model.fit, keras.Model.train_step, keras.Variable._initialize_with_initializer,
    TFEpochIterator._enumerate_iterator, ArrayDataAdapter.get_tf_dataset,
):
    print(function.__name__, function.__qualname__, function.__module__, function.__doc__)
    print(inspect.signature(function), inspect.getsource(function), inspect.getfile(function))
""",
    "steps that fail late": """
import traceback

def attempt(model, *arguments, **settings):
    try:
        model.fit(*arguments, **{"verbose": 0, "batch_size": 8, "epochs": 3} | settings)
    except Exception:
        print(traceback.format_exc())
    print(int(model.optimizer.iterations), model.history.history if model.history else None)

class Spoil(keras.callbacks.Callback):  # a label that is out of range, from the second epoch on
    def on_epoch_end(self, epoch, logs=None):
        classes[:] = 7

def fresh():
    model = keras.Sequential([keras.Input((13,)), layers.Dense(3, "softmax"), layers.Dropout(0.1)])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

classes = np.arange(len(X)) % 3
spoiled = np.where(np.arange(len(X)) == 60, 9, classes)
attempt(fresh(), X, spoiled, shuffle=False)
attempt(fresh(), X, classes, epochs=8)  # TensorFlow warns where many calls are traced
attempt(fresh(), X, spoiled, verbose=2)
attempt(fresh(), X, classes, epochs=8)
twice = fresh()
attempt(twice, X, classes)
attempt(twice, X, spoiled, shuffle=False)
attempt(twice, X, classes)
loud = fresh()
attempt(loud, X, classes)
attempt(loud, X, spoiled, verbose=2)
attempt(fresh(), X, classes, callbacks=[Spoil()])
attempt(fresh(), X[:, :4], classes)
attempt(fresh(), X, classes[:, None])
words = keras.Sequential([keras.Input((4,)), layers.Embedding(5, 3), layers.Flatten(), layers.Dense(1)])
words.compile("adam", "mse")
attempt(words, np.where(np.arange(288).reshape(72, 4) == 200, 11, 1), y)
attempt(words, np.ones((72, 4)), y)
""",
    "changes on the way": """
class Change(keras.callbacks.Callback):
    def __init__(self, change, epoch):
        super().__init__()
        self.change, self.epoch = change, epoch
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            self.change(self.model)

def recompile(model):
    model.compile(keras.optimizers.SGD(0.001), "mae", metrics=["mse"])
    model.make_train_function()

def freeze(model):
    model.layers[0].trainable = False

def slow(model):
    model.optimizer.learning_rate = 0.0001

def stop(model):
    model.stop_training = True

def own_layer(model):
    call = model.layers[0].call
    model.layers[0].call = lambda *arguments, **settings: print("called") or call(*arguments, **settings)

for change in (recompile, freeze, slow, stop, own_layer):
    model = net(layers.BatchNormalization())
    try:
        history = model.fit(X, y, epochs=4, batch_size=16, verbose=0, callbacks=[Change(change, 2)])
    except Exception as error:
        print(type(error).__name__, str(error)[:300])
    print(model.history.history, int(model.optimizer.iterations))
    model.fit(X, y, epochs=2, batch_size=16, verbose=0)
    print([float(np.sum(weights)) for weights in model.get_weights()])
""",
    "built late, frozen without compiling, loud and silent": """
late = keras.Sequential([layers.Dense(8, "relu"), layers.Dense(1)])
late.compile("adam", "mse", metrics=["mae"])
print(late.fit(X, y, epochs=4, verbose=0).history)
model = net()
model.fit(X, y, epochs=2, verbose=0)
model.layers[0].trainable = False
model.fit(X, y, epochs=2, verbose=2)
model.fit(X, y, epochs=2, verbose=0)
model.fit(X[:50], y[:50], epochs=2, verbose=0, batch_size=50)
other = net()
other.fit(X, y, epochs=2, verbose=2)
other.layers[0].trainable = False
other.fit(X, y, epochs=2, verbose=0)
print([float(np.sum(weights)) for weights in other.get_weights()])
large = net(layers.Dense(1_200), layers.Dense(1_300))  # of which no copy is kept
large.fit(X, y, epochs=2, verbose=0)
""",
    "optimizers and schedules": """
schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 3, 0.9)
histories = []
for optimizer in (
    keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True),
    keras.optimizers.Adam(schedule, gradient_accumulation_steps=2),
    keras.optimizers.Lamb(0.01), keras.optimizers.Ftrl(0.01), keras.optimizers.Adafactor(0.01),
    keras.optimizers.RMSprop(0.01, centered=True, use_ema=True, ema_overwrite_frequency=2),
    keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()),
):
    model = net(layers.GaussianNoise(0.1), layers.Dropout(0.2), optimizer=optimizer, metrics=["mae"])
    histories.append(model.fit(X, y, epochs=3, batch_size=9, verbose=0, validation_split=0.2).history)
    histories.append([float(np.sum(variable)) for variable in model.variables + optimizer.variables])
rate = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
model.fit(X, y, epochs=3, verbose=0, callbacks=[rate], initial_epoch=1)
""",
    "all optimizers": """
offered = [getattr(keras.optimizers, name) for name in dir(keras.optimizers)]
kinds = [kind for kind in offered if isinstance(kind, type) and issubclass(kind, keras.optimizers.Optimizer)]
combined = ("Optimizer", "LossScaleOptimizer", "MultiOptimizer")
optimizers = {kind.__name__: kind(0.01) for kind in kinds if kind.__name__ not in combined}
chosen = keras.optimizers.OptimizerMap(default_optimizer=keras.optimizers.Lion(0.01))
optimizers["MultiOptimizer"] = keras.optimizers.MultiOptimizer(chosen)
for name, optimizer in sorted(optimizers.items()):
    model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])
    model.compile(optimizer, "mse")
    print(name, model.fit(X, y, epochs=3, batch_size=24, verbose=0).history)
    print([float(np.sum(variable)) for variable in model.variables + optimizer.variables])
""",
    "an interrupt before the first step": """
import sys

def interrupt(frame, event, argument):
    if event == "call" and frame.f_code.co_name == "on_train_batch_begin":
        sys.setprofile(None)
        raise KeyboardInterrupt

model = net()
sys.setprofile(interrupt)
try:
    model.fit(X, y, epochs=3, batch_size=8, verbose=0)
except KeyboardInterrupt:
    print("interrupted")
print(model.fit(X[:40], y[:40], epochs=3, batch_size=8, verbose=0).history)
model.fit(X[:40], y[:40], epochs=3, batch_size=8, verbose=0)
""",
    "images in silence": """
conv = keras.Sequential([
    keras.Input((28, 28, 1)), layers.RandomTranslation(0.1, 0.1, seed=1), layers.RandomRotation(0.1),
    layers.RandomFlip(), layers.RandomZoom(0.1), layers.RandomContrast(0.1), layers.Rescaling(2.0),
    layers.Conv2D(2, 5, strides=3, activation="relu"), layers.BatchNormalization(), layers.GaussianNoise(0.1),
    layers.SpatialDropout2D(0.2), layers.Flatten(), layers.Dropout(0.3), layers.Dense(10),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
conv.compile("nadam", loss, metrics=["accuracy"])
conv.fit(digits[:40], labels[:40], epochs=3, batch_size=8, verbose=0, validation_split=0.25)
for layer in (layers.AugMix(seed=2), layers.Lambda(tf.image.random_flip_left_right), layers.MixUp(seed=3)):
    colours = keras.Sequential([keras.Input((28, 28, 3)), layer, layers.Flatten(), layers.Dense(10)])
    colours.compile("adam", loss)
    for verbose in (2, 0, 2, 0):
        colours.fit(np.repeat(digits[:24], 3, -1), labels[:24], epochs=2, batch_size=8, verbose=verbose)
recurrent = keras.Sequential([
    keras.Input((28, 28), batch_size=8), layers.LSTM(3, stateful=True, recurrent_dropout=0.1), layers.Dense(1),
])
recurrent.compile("adam", "mse")
recurrent.fit(digits[:16, :, :, 0], labels[:16], epochs=3, batch_size=8, verbose=0, shuffle=False)
""",
    "texts, eager steps, alarms": """
import signal

words = layers.TextVectorization(output_sequence_length=4)
words.adapt(["a small net", "a large net"])
texts = tf.constant([["a net"], ["large"], ["small net"], ["x"]] * 8)
reader = keras.Sequential([keras.Input((1,), dtype="string"), words, layers.Embedding(9, 3), layers.Flatten(), layers.Dense(1)])
reader.compile("adam", "mse")
reader.fit(texts, np.arange(32.0), epochs=3, batch_size=8, verbose=0)
model = net(run_eagerly=True)
model.fit(X, y, epochs=1, verbose=0)
model.run_eagerly = False
model.fit(X, y, epochs=3, verbose=0)
eager, model = model, None

class Late(Exception):
    pass

def ring(*_):
    raise Late

signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 2, 5)  # again, since TensorFlow may swallow the exception
try:
    net().fit(X, y, epochs=1_000_000, batch_size=2, verbose=0)
except Late:
    print("late")
signal.setitimer(signal.ITIMER_REAL, 0)

class Halt(keras.callbacks.Callback):  # a signal's handler stops the training
    def on_epoch_begin(self, epoch, logs=None):
        self.model.stop_training = False
        signal.signal(signal.SIGALRM, lambda *_: setattr(self.model, "stop_training", True))
        signal.setitimer(signal.ITIMER_REAL, 1)

rows = np.zeros((400_000, 13))
halted = net()
halted.fit(rows, rows[:, 0], epochs=1, batch_size=1, verbose=0, callbacks=[Halt()])
print(int(halted.optimizer.iterations) < 200_000)
del halted, rows, signal
""",
    "many models": """
for _ in range(9):
    model = net()
    model.fit(X, y, epochs=2, batch_size=4, verbose=0)
    late = keras.Sequential([layers.Dense(8, "relu"), layers.Dense(1)])
    late.compile("adam", "mse")
    late.fit(X, y, epochs=2, batch_size=36, verbose=0)
for size in (5, 6, 7, 8, 9, 10, 11):
    model.fit(X.astype("float32"), y, epochs=1, batch_size=size, verbose=0)
    model.fit(X[:, None, :], y, epochs=1, batch_size=size, verbose=0) if size == 9 else None
""",
}
PARTS = 3  # of the cases, which take minutes on a slow machine
SAMPLE = ("metrics, validation data, class weights", "errors", "steps that fail late")


def test_a_sample_trains_alike_with_all_levers(tmp_path: Path) -> None:
    cases = {name: HEAD + NET + CASES[name] for name in SAMPLE}
    plain, levers = assert_alike(cases, [LEVERS], tmp_path)
    results = [ran["results"][SAMPLE[0]] for ran in (plain, levers)]
    assert [result["creates_inside"] for result in results] == [True, False]  # they are at work
    assert [result["loops"] for result in results] == [[], [3, 3, 3]]


@pytest.mark.ci
@pytest.mark.parametrize("part", range(PARTS))
def test_every_case_trains_alike_with_all_levers(part: int, tmp_path: Path) -> None:
    cases = {name: HEAD + NET + CASES[name] for name in [*CASES][part::PARTS]}
    plain, _ = assert_alike(cases, [LEVERS], tmp_path)
    if result := plain["results"].get("all optimizers"):  # each was trained with
        assert "SGD" in result["printed"] and "Traceback" not in result["printed"]


@pytest.mark.ci
def test_a_sample_trains_alike_with_each_lever_alone(tmp_path: Path) -> None:
    cases = {
        name: HEAD + NET + CASES[name]
        for name in (*SAMPLE, "callbacks", "own steps, own layers, own losses")
    }
    assert_alike(cases, [[lever] for lever in LEVERS], tmp_path)


@pytest.mark.ci
def test_networks_of_the_corpus_train_alike(tmp_path: Path) -> None:
    networks = corpus()
    assert_alike(dict(list(networks.items())[:: 1 if ALL else 8]), [LEVERS], tmp_path)


@pytest.mark.ci
def test_a_time_limit_cuts_in_while_tensorflow_runs_the_steps() -> None:
    with Sandbox(["keras"], isolation="none") as sandbox, sandbox.open({}, Limits()) as session:
        made = session.run_cell(
            "import keras, numpy as np\n"
            "from keras import layers\n"
            f"{NET}model = net()\nX, y = np.zeros((3_000, 13)), np.zeros(3_000)"
        )
        assert made.error is None
        run = session.run_cell("model.fit(X, y, batch_size=1, epochs=10_000, verbose=0)", seconds=8)
        assert run.timeout and run.error is not None
        later = session.run_cell(
            "iterations = int(model.optimizer.iterations)\nmodel.fit(X, y, epochs=3, verbose=0)"
        )
        assert later.error is None and not later.timeout
        values, _ = session.read_values(["iterations"])
        assert values["iterations"] > 1_000


# --------------------------------------------------------------------------------------- support


def assert_alike(
    sources: Mapping[str, str], lever_sets: Sequence[list[str]], tmp_path: Path
) -> list[dict[str, Any]]:
    """Run code without levers and with each set, compare all that it shows, and return it."""
    plain, *others = train(sources, [[], *lever_sets], tmp_path)
    for other in others:
        assert other["unfit"] == []
        differing = {
            f"{name}: {key}": (value, other["results"][name].get(key))
            for name, result in plain["results"].items()
            for key, value in result.items()
            if key not in ("creates_inside", "loops") and value != other["results"][name].get(key)
        }
        assert differing == {}, other["levers"]
    return [plain, *others]


def train(
    sources: Mapping[str, str], lever_sets: Sequence[list[str]], tmp_path: Path
) -> list[dict[str, Any]]:
    """Return what each set of levers has the code show."""
    out = tmp_path / "shown.jsonl"
    request = {"sources": dict(sources), "lever_sets": list(lever_sets), "out": str(out)}
    script = Path(__file__).with_name("trained_nets.py")
    environment = {**os.environ, **make_environment(tmp_path)}
    ran = subprocess.run(
        [sys.executable, str(script)],
        input=json.dumps(request),
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def corpus() -> dict[str, str]:
    """Return the corpus's networks, those composed and those written out, made cheap."""
    spec = importlib.util.spec_from_file_location("nets", CORPUS / "nets.py")
    assert spec is not None and spec.loader is not None
    nets = importlib.util.module_from_spec(spec)
    sys.modules["nets"] = nets  # where its data classes look for their module
    spec.loader.exec_module(nets)
    sources = {f"{net.question} {net.name}": net.source for net in nets.compose()}
    for question in nets.COUNTS:
        for path in sorted((CORPUS / "right" / question).glob("*.py")):
            sources[f"{question} {path.name}"] = path.read_text(encoding="utf-8")
    return {name: cheap(source) for name, source in sources.items()}


def cheap(source: str) -> str:
    """Return code that trains for two or three epochs and for 72 rows instead of 404."""
    source = re.sub(r"\b(epochs|EPOCHS) ?= ?\d+", r"\1=2", source)
    source = re.sub(r"\brange\(\d\d+\)", "range(2)", source)
    return source.replace("404", "72").replace("4000", "70")
