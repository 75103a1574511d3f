"""Runs code that trains networks with some levers of ``keras_training`` and says all that it shows.

    python trained_nets.py < '{"sources": {NAME: CODE}, "lever_sets": [[LEVER, ...], ...], "out": FILE}'

writes, for each set, what each code printed, raised and warned, and what its models, optimizers and
random numbers are afterwards. Each set has a process of its own, forked from one that has imported
Keras, as notebooks are. The lever ``steps`` is pulled for few steps, too.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import random
import re
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, mean_squared_error
from sklearn.preprocessing import StandardScaler

from ottermark.worker import keras_loops, keras_training
from ottermark.worker.fitted_rows import keep_fitted_rows

ROWS, PICTURES = 72, 70
# what differs between two runs of the same code: times, addresses, and TensorFlow's numbers of
# functions, which count how often one was traced
VARYING = re.compile(r"\d+m?s(/step|/epoch)?\b|0x[0-9a-f]+|(?<=_)\d+(?=\b|_)|/tmp/\w+")
BLANKS = re.compile("[ \b]+")  # a progress bar's, as many as the times are long
loops: list[int] = []  # how many steps each ran, of the code that is being run


class Progress(keras.callbacks.Callback):
    """The lab's own callback."""

    def __init__(self, every: int = 1) -> None:
        super().__init__()
        self.every = every

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        print(f"epoch {epoch + 1}/{self.params['epochs']} loss {logs['loss']!r}")


def names() -> dict[str, Any]:
    """Return what the lab's cells have defined before a network is trained."""
    draw = np.random.RandomState(0)
    rows, digits = draw.normal(size=(ROWS + 20, 13)), draw.uniform(size=(PICTURES, 28, 28, 1))
    prices = 22 + rows @ draw.normal(size=13)
    return {
        **{"keras": keras, "layers": layers, "np": np, "pd": pd, "tf": tf, "Progress": Progress},
        **{"LinearRegression": LinearRegression, "mean_squared_error": mean_squared_error},
        "StandardScaler": StandardScaler,
        **{"mean_absolute_error": mean_absolute_error, "score_table": lambda **_: None},
        **{"X_train_std": rows[:ROWS], "y_train": prices[:ROWS]},
        **{"X_test_std": rows[ROWS:], "y_test": prices[ROWS:]},
        **{"digits": digits.astype("float32"), "labels": np.arange(PICTURES) % 10},
        "augment": lambda images, training=True: images,
        "__name__": "__main__",
    }


def shown(source: str) -> dict[str, Any]:
    """Run code and return all that it shows."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    loops.clear()
    namespace, out = names(), io.StringIO()
    handler = logging.StreamHandler(out)
    logger = tf.get_logger()
    logger.handlers[:] = [handler]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            try:
                exec(compile(source, "<cell>", "exec"), namespace)
            except Exception:
                out.write(traceback.format_exc())
        for warning in caught:
            print(warning.category.__name__, warning.message, warning.filename, warning.lineno)
    return {
        "printed": VARYING.sub("#", BLANKS.sub(" ", out.getvalue())),
        **{name: _facts(value) for name, value in namespace.items() if _is_result(value)},
        "creates_inside": _creates_inside(namespace.get("model")),
        "loops": [*loops],
        "random": [random.random(), np.random.rand(), float(tf.random.normal([])), _keras_number()],
    }


def _creates_inside(model: Any) -> bool | None:
    """Return whether a model's step of training has created variables while it was traced."""
    if (train := getattr(model, "train_function", None)) is None:
        return None
    for name, cell in zip(train.__code__.co_freevars, train.__closure__, strict=True):
        if name == "one_step_on_data":
            return bool(cell.cell_contents.__wrapped__._created_variables)
    return None


def _is_result(value: Any) -> bool:
    kinds = keras.Model, keras.optimizers.Optimizer, dict, list, float, np.ndarray, tf.Tensor
    return isinstance(value, (*kinds, keras.callbacks.History))


def _facts(value: Any) -> Any:
    if isinstance(value, keras.Model):
        facts = {"variables": [_facts(variable) for variable in value.variables]}
        if optimizer := getattr(value, "optimizer", None):
            facts["optimizer"] = _facts(optimizer)
            facts["metrics"] = [_facts(v) for metric in value.metrics for v in metric.variables]
        if history := getattr(value, "history", None):
            facts["history"] = _facts(history)
        return facts
    if isinstance(value, keras.optimizers.Optimizer):
        return [value.built, int(value.iterations), [_facts(v) for v in value.variables]]
    if isinstance(value, keras.Variable):
        return [value.path, value.value.name, _facts(np.asarray(value))]
    if isinstance(value, keras.callbacks.History):
        return [value.epoch, repr(value.history)]
    if isinstance(value, np.ndarray | tf.Tensor) and np.asarray(value).dtype != object:
        array = np.asarray(value)
        return [str(array.dtype), array.shape, hashlib.sha256(array.tobytes()).hexdigest()]
    return VARYING.sub("#", repr(value))[:1000]


def _keras_number() -> float:
    return float(keras.random.uniform([]))


def note_loops() -> None:
    """Write down how many steps TensorFlow is asked to run in each loop."""
    run = keras_loops._Loops.run

    def noted(self: Any, trace: Any, is_new: bool, batches: Any, epoch: Any, model: Any) -> Any:
        loops.append(epoch.steps)
        return run(self, trace, is_new, batches, epoch, model)

    keras_loops._Loops.run = noted  # type: ignore[method-assign]


def main() -> None:
    """Answer the request."""
    request = json.load(sys.stdin)
    keras_loops.ENOUGH_STEPS = 2
    note_loops()
    for levers in request["lever_sets"]:
        if child := os.fork():
            if os.waitpid(child, 0)[1]:
                sys.exit(f"with the levers {levers} the process ended early")
            continue
        unfit = keras_training.pull_levers(levers)
        if levers:
            keep_fitted_rows()  # which nobody must notice either
        results = {name: shown(source) for name, source in request["sources"].items()}
        line = json.dumps({"levers": levers, "unfit": unfit, "results": results})
        with Path(request["out"]).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        os._exit(0)


if __name__ == "__main__":
    main()
