"""The models that students submit, as functions; `ottermark calibrate` trains them.

kind:  reference     the network that the question describes; must pass 99.9 % of the time
       control       the same, trained by model.fit, to show that data.train is equivalent to it
       weaker        an honest choice of students, weaker than the reference; only shown
       stronger      an honest choice of students, stronger than the reference; only shown
       dishonest     must never pass
       undetectable  dishonest, but no error measure tells it from honest work; only shown

The random number generators of Python, NumPy and Keras are seeded before each call. When a design or
a helper that it uses changes, the design is trained again.
"""

import keras
import numpy as np
from keras import layers

from ottermark.calibration import design


def dense_net(widths, optimizer="adam"):
    hidden = [layers.Dense(width, activation="relu") for width in widths]
    model = keras.Sequential([keras.Input(shape=(13,)), *hidden, layers.Dense(1)])
    model.compile(optimizer=optimizer, loss="mse")
    return model


def convnet_of(*filters, optimizer="adam"):
    model = keras.Sequential([keras.Input(shape=(28, 28, 1))])
    for count in filters:
        model.add(layers.Conv2D(count, (3, 3), activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    return model


def housing_net(data, widths, epochs, **options):
    x, y, _, _ = data.housing
    return data.train(lambda: dense_net(widths), x, y, epochs, **options)


def on_all_rows(data, widths, epochs):
    x, y, x_test, y_test = data.housing
    x, y = np.vstack([x, x_test]), np.concatenate([y, y_test])
    return data.train(lambda: dense_net(widths), x, y, epochs)


def on_test_rows(data, widths, epochs):
    _, _, x, y = data.housing
    return data.train(lambda: dense_net(widths), x, y, epochs)


def digits_to_train_on(data):
    """Without the last 500, which are for validation."""
    x, y, _, _ = data.digits
    return x[:3000], y[:3000]


def digits_net(data, filters, epochs, **options):
    x, y = digits_to_train_on(data)
    return data.train(lambda: convnet_of(*filters), x, y, epochs, **options)


# q1_2: 32-16, 100 epochs


@design("q1_2", kind="reference")
def tuned(data, seed):
    return housing_net(data, [32, 16], 100)


@design("q1_2", kind="control", runs=30)
def tuned_by_fit(data, seed):
    x, y, _, _ = data.housing
    model = dense_net([32, 16])
    model.fit(x, y, epochs=100, batch_size=32, verbose=0)
    return model


@design("q1_2", kind="weaker")
def tuned_50_epochs(data, seed):
    return housing_net(data, [32, 16], 50)


@design("q1_2", kind="weaker")
def tuned_batch_128(data, seed):
    return housing_net(data, [32, 16], 100, batch_size=128)


@design("q1_2", kind="weaker")
def tuned_16(data, seed):
    return housing_net(data, [16], 100)


@design("q1_2", kind="weaker")
def tuned_no_hidden(data, seed):
    return housing_net(data, [], 100)


@design("q1_2", kind="weaker")
def tuned_sgd(data, seed):
    x, y, _, _ = data.housing
    return data.train(lambda: dense_net([32, 16], "sgd"), x, y, 100)


@design("q1_2", kind="weaker")
def tuned_early_stop(data, seed):
    """At most 200 epochs, the last fifth of the training rows for validation, patience 10."""
    x, y, _, _ = data.housing
    part = len(x) - len(x) // 5
    best, wait, weights = np.inf, 0, None

    def no_better_for_10(model, epoch):
        nonlocal best, wait, weights
        error = np.mean((np.asarray(model(x[part:])).ravel() - y[part:]) ** 2)
        if error < best:
            best, wait, weights = error, 0, model.get_weights()
        else:
            wait += 1
        return wait >= 10

    model = data.train(
        lambda: dense_net([32, 16]), x[:part], y[:part], 200, stop_when=no_better_for_10
    )
    model.set_weights(weights)
    return model


@design("q1_2", kind="weaker")
def tuned_without_validation_rows(data, seed):
    """Never trained again on all training rows."""
    x, y, _, _ = data.housing
    return data.train(lambda: dense_net([32, 16]), x[:-80], y[:-80], 100)


@design("q1_2", kind="stronger")
def tuned_150_epochs(data, seed):
    return housing_net(data, [32, 16], 150)


@design("q1_2", kind="stronger")
def tuned_64_64(data, seed):
    return housing_net(data, [64, 64], 150)


@design("q1_2", kind="undetectable")
def tuned_all_rows(data, seed):
    return on_all_rows(data, [32, 16], 100)


@design("q1_2", kind="dishonest")
def tuned_all_rows_long(data, seed):
    return on_all_rows(data, [64, 64], 300)


@design("q1_2", kind="dishonest")
def tuned_test_rows(data, seed):
    return on_test_rows(data, [32, 16], 100)


@design("q1_2", kind="dishonest")
def tuned_test_rows_long(data, seed):
    return on_test_rows(data, [32, 16], 400)


@design("q1_2", kind="dishonest")
def tuned_untrained(data, seed):
    return dense_net([32, 16])


# q1_3: five hidden layers of 128, 30 epochs


@design("q1_3", kind="reference")
def deep(data, seed):
    return housing_net(data, [128] * 5, 30)


@design("q1_3", kind="weaker")
def deep_10_epochs(data, seed):
    return housing_net(data, [128] * 5, 10)


@design("q1_3", kind="weaker")
def deep_batch_128(data, seed):
    return housing_net(data, [128] * 5, 30, batch_size=128)


@design("q1_3", kind="stronger")
def deep_100_epochs(data, seed):
    return housing_net(data, [128] * 5, 100)


@design("q1_3", kind="dishonest")
def deep_all_rows(data, seed):
    return on_all_rows(data, [128] * 5, 30)


@design("q1_3", kind="dishonest")
def deep_all_rows_long(data, seed):
    return on_all_rows(data, [128] * 5, 100)


@design("q1_3", kind="dishonest")
def deep_test_rows(data, seed):
    return on_test_rows(data, [128] * 5, 100)


@design("q1_3", kind="dishonest")
def deep_untrained(data, seed):
    return dense_net([128] * 5)


# both


@design("q1_2", "q1_3", kind="dishonest", runs=1)
def linear_regression(data, seed):
    x, y, _, _ = data.housing
    slopes = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0]
    return lambda rows: rows @ slopes[:-1] + slopes[-1]


@design("q1_2", "q1_3", kind="dishonest", runs=1)
def always_the_mean(data, seed):
    return lambda rows: np.full(len(rows), data.housing[1].mean())


# q5_5: 8 and 16 filters of 3 x 3, 6 epochs


@design("q5_5", kind="reference")
def convnet(data, seed):
    return digits_net(data, [8, 16], 6)


@design("q5_5", kind="weaker")
def convnet_1_epoch(data, seed):
    return digits_net(data, [8, 16], 1)


@design("q5_5", kind="weaker")
def convnet_3_epochs(data, seed):
    return digits_net(data, [8, 16], 3)


@design("q5_5", kind="weaker")
def convnet_8(data, seed):
    return digits_net(data, [8], 6)


@design("q5_5", kind="stronger")
def convnet_16_32(data, seed):
    return digits_net(data, [16, 32], 6)


@design("q5_5", kind="dishonest")
def convnet_untrained(data, seed):
    return convnet_of(8, 16)


@design("q5_5", kind="dishonest")
def convnet_shuffled_labels(data, seed):
    x, y = digits_to_train_on(data)
    return data.train(lambda: convnet_of(8, 16), x, np.random.permutation(y), 6)


@design("q5_5", kind="dishonest")
def dense_only(data, seed):
    x, y = digits_to_train_on(data)

    def build():
        model = keras.Sequential([keras.Input(shape=(28, 28, 1)), layers.Flatten()])
        model.add(layers.Dense(20, activation="relu"))
        model.add(layers.Dense(10, activation="softmax"))
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        return model

    return data.train(build, x, y, 6)


@design("q5_5", kind="dishonest", runs=1)
def always_one(data, seed):
    return lambda images: np.tile(np.eye(10)[1], (len(images), 1))
