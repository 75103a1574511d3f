"""The rows that ``fit`` and ``train_on_batch`` were given, kept with each Keras model while its notebook runs.

No measure of error tells a network that was trained for the usual time on all rows from a lucky one
that never saw the test rows (``docs/calibration.md``). What it was given does. That is what the
notebook's process says: code that is written to deceive can leave it out, and gains nothing by it that
a loop of its own around the training step would not give it.
"""

from __future__ import annotations

import contextlib
import inspect
import math
import sys
import weakref
from typing import Any

import numpy as np

from ottermark.protocol.model_description import MAX_FITTED_ARRAYS, MAX_FITTED_NUMBERS
from ottermark.worker.keras_lever import TRAINER, Lever, replace

_rows: weakref.WeakKeyDictionary[Any, tuple[np.ndarray[Any, Any], ...]] = (
    weakref.WeakKeyDictionary()
)


def keep_fitted_rows() -> None:
    """Have Keras keep them from now on, if it has been imported and its ``fit`` is the one known here."""
    if TRAINER in sys.modules and not KEPT.misfits():
        KEPT.pull()


def find_fitted_rows(model: Any) -> list[np.ndarray[Any, Any]]:
    """Return what a model was given as ``x`` to learn from, each array once, shape (N, ...).

    Empty for anything else than a Keras model that was given small arrays.
    """
    try:
        return list(_rows.get(model, ()))
    except Exception:  # no weak reference can be made to it, or its hash is the notebook's own
        return []


def _keep_rows() -> None:
    from keras.src.backend.tensorflow.trainer import TensorFlowTrainer

    replace(TensorFlowTrainer, "_maybe_symbolic_build", _noting)


def _noting(stock: Any) -> Any:
    from keras.src.backend.tensorflow.trainer import TensorFlowTrainer

    calls = (TensorFlowTrainer.fit, TensorFlowTrainer.train_on_batch)
    codes = [inspect.unwrap(call).__code__ for call in calls]

    def maybe_symbolic_build(self: Any, iterator: Any = None, data_batch: Any = None) -> None:
        caller = sys._getframe(1)
        if caller.f_code in codes:
            with contextlib.suppress(Exception):  # arrays of a kind that nobody thought of
                _note(self, caller.f_locals["x"])  # without the rows of ``validation_split``
        stock(self, iterator=iterator, data_batch=data_batch)

    return maybe_symbolic_build


def _note(model: Any, x: Any) -> None:
    import tensorflow as tf

    pandas = sys.modules.get("pandas")
    is_table = pandas is not None and isinstance(x, pandas.DataFrame)
    if not (is_table or isinstance(x, (np.ndarray, tf.Tensor))):
        return
    known = _rows.get(model, ())
    if len(known) == MAX_FITTED_ARRAYS:
        return
    if math.prod(x.shape) + sum(rows.size for rows in known) > MAX_FITTED_NUMBERS:
        return
    rows = np.array(x)  # a copy: the notebook may write into its own
    if not any(np.array_equal(rows, other) for other in known):
        _rows[model] = (*known, rows)


KEPT = Lever(
    _keep_rows,
    {
        f"{TRAINER}:TensorFlowTrainer.fit": "a9a6dc02a7ddafa8",
        f"{TRAINER}:TensorFlowTrainer.train_on_batch": "0bcf00476ff75834",
        f"{TRAINER}:TensorFlowTrainer._maybe_symbolic_build": "92a504f5eba9b29f",
    },
)
