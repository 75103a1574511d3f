"""What a run of a design does: it trains on the lab's data, and is measured as the tests do."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Named = TypeVar("Named", bound=Callable[..., Any])

KINDS = ("honest", "control", "weak", "strong", "dishonest", "lookalike")
METRICS = ("train_mse", "test_mse", "ratio", "bend", "shake", "accuracy", "conv", "params")

# as in the sandbox: one thread, and sums in the same order on every run
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def design(*questions: str, kind: str, runs: int = 0) -> Callable[[Named], Named]:
    """Mark a function ``(data, seed)`` of ``designs.py`` as a design.

    It returns a Keras model, a function from inputs to predictions, or a dict of metrics.

    Args:
        questions: the ids of the questions that it answers.
        kind: one of ``KINDS``.
        runs: how many are enough, if fewer than of the others; 1 where there is no chance in it.
    """
    return lambda function: function


class Data:
    """The lab's data, prepared as the notebook does, and what the hidden tests measure."""

    def __init__(self, assignment: Path) -> None:
        self._assignment = assignment
        self._nets: dict[str, tuple[Any, Any]] = {}

    @cached_property
    def housing(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Standardized training features, training prices, test features, test prices."""
        rows = np.loadtxt(
            self._assignment / "data" / "boston_housing.csv", delimiter=",", skiprows=1
        )
        order = np.random.RandomState(42).permutation(len(rows))
        test, train = rows[order[:102]], rows[order[102:]]
        mean, spread = train[:, :13].mean(axis=0), train[:, :13].std(axis=0)
        scaled = [(part[:, :13] - mean) / spread for part in (train, test)]
        return scaled[0], train[:, 13], scaled[1], test[:, 13]

    @cached_property
    def digits(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The students' pictures and labels, then those that are held back."""
        found = []
        for folder, count in (("data", None), ("held_back", 1000)):
            with np.load(self._assignment / folder / "digits.npz") as archive:
                images = archive["images"][:count, :, :, np.newaxis].astype("float32") / 255
                found += [images, archive["labels"][:count].astype(int)]
        return found[0], found[1], found[2], found[3]

    def trained(
        self,
        build: Callable[[], Any],
        x: NDArray[Any],
        y: NDArray[Any],
        epochs: int,
        batch_size: int = 32,
        until: Callable[[Any, int], bool] | None = None,
    ) -> Any:
        """Train as ``build().fit(x, y, ...)`` does, in a tenth of the time.

        Each step is Keras's own ``train_step``, on rows in a new random order every epoch. A net
        of the same kind is traced only once: later ones put their fresh weights and optimizer
        into it, so a model is good until the next call.

        Args:
            until: called with the model and the epoch after each; true ends the training.
        """
        import tensorflow as tf

        fresh = build()
        fresh.optimizer.build(fresh.trainable_variables)
        kind = re.sub(r'"name": "[^"]*"', "", fresh.to_json())  # layers, optimizer and loss
        key = f"{kind} {x.shape} {batch_size}"
        if key not in self._nets:

            def epoch(x: Any, y: Any, order: Any) -> None:
                for start in tf.range(0, len(order), batch_size):
                    rows = order[start : start + batch_size]
                    fresh.train_step((tf.gather(x, rows), tf.gather(y, rows)))

            self._nets[key] = fresh, tf.function(epoch, jit_compile=False)
        model, step = self._nets[key]
        if model is not fresh:
            ours = [*model.variables, *model.optimizer.variables]
            theirs = [*fresh.variables, *fresh.optimizer.variables]
            for mine, new in zip(ours, theirs, strict=True):
                mine.assign(new)
        inputs = tf.constant(x, tf.float32)
        targets = tf.constant(y, tf.float32 if y.dtype.kind == "f" else tf.int64)
        for number in range(epochs):
            order = np.random.permutation(len(x))
            step(inputs, targets, tf.constant(order, tf.int32))
            if until is not None and until(model, number):
                break
        return model

    def measured(self, answer: Any, question: str) -> dict[str, float]:
        """Return the metrics of what a design returned."""
        if isinstance(answer, dict):
            return {name: float(value) for name, value in answer.items()}
        shapes = [np.shape(w) for w in getattr(answer, "get_weights", list)()]
        form = {
            "conv": float(any(len(shape) == 4 for shape in shapes)),
            "params": float(sum(math.prod(shape) for shape in shapes)),
        }
        if question == "q5_5":
            _, _, images, labels = self.digits
            scores = np.asarray(answer(images), dtype=float)
            return {"accuracy": float(np.mean(scores.argmax(axis=1) == labels)), **form}
        x_train, y_train, x_test, y_test = self.housing
        shaken = x_test + np.random.RandomState(7).normal(0, 0.01, x_test.shape)
        told = np.asarray(answer(np.vstack([x_train, x_test, shaken])), dtype=float).reshape(-1)
        on_train, on_test, on_shaken = np.split(told, [len(y_train), len(y_train) + len(y_test)])
        columns = np.column_stack([x_train, np.ones(len(x_train))])
        if not np.isfinite(told).all():  # diverged: fails whatever is asked
            return {"train_mse": math.inf, "test_mse": math.inf}
        line = columns @ np.linalg.lstsq(columns, on_train, rcond=None)[0]
        train, test = np.mean((on_train - y_train) ** 2), np.mean((on_test - y_test) ** 2)
        return {
            "train_mse": float(train),
            "test_mse": float(test),
            "ratio": float(test / train),
            "bend": float(np.sqrt(np.mean((on_train - line) ** 2)) / (on_train.std() + 1e-9)),
            "shake": float(np.sqrt(np.mean((on_shaken - on_test) ** 2))),
        }
