"""Batches of arrays without work that changes nothing: the levers ``iterator`` and ``pipeline``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from ottermark.worker.keras_lever import ARRAYS, DATA_FUNCTION, EPOCHS, TRAINER, Lever, replace


def _make_no_second_iterator() -> None:
    from keras.src.backend.tensorflow.trainer import TFEpochIterator

    replace(TFEpochIterator, "_enumerate_iterator", _enumerate)


def _enumerate(stock: Any) -> Any:
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    def enumerate_iterator(self: Any) -> Iterator[tuple[int, int, Any]]:
        # making an iterator over a data set of the notebook's own may draw from its random numbers
        is_array = type(self.data_adapter) is ArrayDataAdapter and self._num_batches
        return _enumerate_once(self) if is_array and not self.steps_per_epoch else stock(self)

    return enumerate_iterator


def _enumerate_once(epochs: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield the steps of an epoch over arrays, each with the iterator that has its batches."""
    epochs.data_adapter.on_epoch_begin()
    epochs._current_iterator = iter(epochs._get_iterator())
    epochs._steps_seen = 0
    for step in range(0, epochs._num_batches, epochs.steps_per_execution):
        epochs._steps_seen += epochs.steps_per_execution
        yield step, step + epochs.steps_per_execution - 1, epochs._current_iterator
    epochs._current_iterator = None
    epochs._steps_seen = 0
    epochs.data_adapter.on_epoch_end()


def _leave_pipelines_as_written() -> None:
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    replace(ArrayDataAdapter, "get_tf_dataset", _as_written)


def _as_written(stock: Any) -> Any:
    import tensorflow as tf
    from tensorflow.python.data.ops import structured_function

    options = tf.data.Options()  # which change nothing but who does the work
    options.autotune.enabled = False
    options.threading.private_threadpool_size = 1
    wrapper = structured_function.StructuredFunctionWrapper
    # TensorFlow optimizes (by Grappler) functions that may run on several devices; one with this
    # attribute runs on one, and here there is only one
    attributes = {"defun_kwargs": {"experimental_ints_on_device": True}}

    def get_tf_dataset(self: Any) -> Any:
        thread = threading.get_ident()  # another may make a pipeline of the notebook's own

        def wrap(*args: Any, **kwargs: Any) -> Any:
            is_here = threading.get_ident() == thread
            return wrapper(*args, **(kwargs | attributes if is_here else kwargs))

        structured_function.StructuredFunctionWrapper = wrap
        try:
            return stock(self).with_options(options)
        finally:
            structured_function.StructuredFunctionWrapper = wrapper

    return get_tf_dataset


ITERATOR = Lever(
    _make_no_second_iterator,
    {
        f"{EPOCHS}:EpochIterator.__iter__": "a42e8ef4b2ac4dea",
        f"{EPOCHS}:EpochIterator._enumerate_iterator": "376e3e16a928107a",
        f"{EPOCHS}:EpochIterator.reset": "b73c9f2daadc29b4",
        f"{EPOCHS}:EpochIterator.catch_stop_iteration": "494549649577e596",
        f"{TRAINER}:TFEpochIterator._get_iterator": "b986aa8a9d2264d9",
        f"{ARRAYS}:ArrayDataAdapter.__init__": "b226a565230e7f45",
    },
)


PIPELINE = Lever(
    _leave_pipelines_as_written,
    {
        f"{ARRAYS}:ArrayDataAdapter.get_tf_dataset": "2ab7c0854bf89cd1",
        f"{DATA_FUNCTION}:StructuredFunctionWrapper.__init__": "acac6c5521a440ae",
    },
)
