"""What is measured of a run, as the hidden tests measure a student's model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ottermark.calibration.lab_data import LabData, Numbers

METRICS = ("train_mse", "test_mse", "ratio", "bend", "shake", "accuracy", "conv", "params")


def measure(answer: Any, question: str, data: LabData) -> dict[str, float]:
    """Return the metrics of what a design returned, by name.

    - ``train_mse``, ``test_mse``: mean squared errors (thousands of dollars, squared);
    - ``ratio``: test MSE / train MSE;
    - ``bend``: the distance of the training predictions from the best linear model, as a share of
      their spread;
    - ``shake``: how much the test predictions change under noise of 0.01 in the features;
    - ``accuracy``: the share of the digits held back that are classified correctly;
    - ``conv``: 1 if the model has a convolution layer, otherwise 0;
    - ``params``: the number of parameters.
    """
    if isinstance(answer, dict):
        return {name: float(value) for name, value in answer.items()}
    if question == "q5_5":
        return _measure_classifier(answer, data)
    return _measure_regression(answer, data)


def _measure_classifier(answer: Any, data: LabData) -> dict[str, float]:
    _, _, images, labels = data.digits
    scores = np.asarray(answer(images), dtype=float)
    shapes = [np.shape(weights) for weights in getattr(answer, "get_weights", list)()]
    return {
        "accuracy": float(np.mean(scores.argmax(axis=1) == labels)),
        "conv": float(any(len(shape) == 4 for shape in shapes)),
        "params": float(sum(math.prod(shape) for shape in shapes)),
    }


def _measure_regression(answer: Any, data: LabData) -> dict[str, float]:
    x_train, y_train, x_test, y_test = data.housing
    noisy = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
    rows = np.vstack([x_train, x_test, noisy])
    predictions = np.asarray(answer(rows), dtype=float).reshape(-1)
    if not np.isfinite(predictions).all():  # diverged: infinite errors miss every mark
        return {"train_mse": math.inf, "test_mse": math.inf}
    ends = [len(y_train), len(y_train) + len(y_test)]
    on_train, on_test, on_noisy = np.split(predictions, ends)
    train, test = np.mean((on_train - y_train) ** 2), np.mean((on_test - y_test) ** 2)
    return {
        "train_mse": float(train),
        "test_mse": float(test),
        "ratio": float(test / train),
        "bend": _nonlinearity(x_train, on_train),
        "shake": float(np.sqrt(np.mean((on_noisy - on_test) ** 2))),
    }


def _nonlinearity(x: Numbers, predictions: Numbers) -> float:
    columns = np.column_stack([x, np.ones(len(x))])
    linear = columns @ np.linalg.lstsq(columns, predictions, rcond=None)[0]
    return float(np.sqrt(np.mean((predictions - linear) ** 2)) / (predictions.std() + 1e-9))
