"""Keras's training without work that changes nothing, where a notebook imports Keras.

Four fifths of what a small network's training costs is not arithmetic. Three levers leave some of
that out; whatever a notebook can observe stays as it is:

- ``variables``: variables of optimizers and metrics are created outside the function that is being
  traced, at the moment at which Keras creates them inside it. TensorFlow traces a function twice if
  its first trace has created variables, and otherwise once.
- ``iterator``: at the end of an epoch Keras makes an iterator that the next epoch throws away.
- ``pipeline``: TensorFlow optimizes the functions of a data pipeline for each iterator, that is, in
  every epoch, and for arrays there is nothing to optimize.

Code of a notebook's own may draw random numbers or print: where any could notice a lever (a layer
of its own that is traced once instead of twice, a data set of its own), Keras does as always. Each
lever has a guard, which holds the source of what it replaces or relies on; where that differs, Keras
does as always, too, and the result says so.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import inspect
import sys
import types
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CORE = "keras.src.backend.tensorflow.core"
TRAINER = "keras.src.backend.tensorflow.trainer"
EPOCHS = "keras.src.trainers.epoch_iterator"
ARRAYS = "keras.src.trainers.data_adapters.array_data_adapter"
OPTIMIZER = "keras.src.optimizers.base_optimizer"
FUNCTION = "tensorflow.python.eager.polymorphic_function.polymorphic_function"
DATA_FUNCTION = "tensorflow.python.data.ops.structured_function"
TENSORFLOW_VERSIONS = ("2.21.0",)  # what is compiled has no source to compare

# of values that run no code of the notebook's
_OWN_PACKAGES = ("keras", "tensorflow", "numpy", "builtins", "inspect", "_thread", "weakref")
_pulled: set[str] = set()
_is_own_graph: weakref.WeakKeyDictionary[Any, bool] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Lever:
    """One thing that Keras need not do.

    Attributes:
        pull: has Keras leave it out, in this process and those forked from it.
        sources: what it replaces or relies on, as ``module:name``, and a hash of each source.
    """

    pull: Callable[[], None]
    sources: Mapping[str, str]

    def misfits(self) -> list[str]:
        """Return what is not as this lever knows it."""
        return [
            name for name, known in self.sources.items() if source_hash(name) != known or not known
        ]


def source_hash(name: str) -> str:
    """Return a hash of the source of ``module:name``; empty if there is none."""
    module, _, path = name.partition(":")
    try:
        target: Any = importlib.import_module(module)
        for part in path.split("."):
            target = getattr(target, part)
        source = inspect.getsource(inspect.unwrap(target))
    except (ImportError, AttributeError, OSError, TypeError):
        return ""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def pull_levers(names: Collection[str] | None = None) -> list[str]:
    """Pull levers whose guards fit, if Keras has been imported and runs on TensorFlow.

    Args:
        names: of the levers; all if None.

    Returns:
        The names of those whose guards do not fit.
    """
    if TRAINER not in sys.modules:
        return []
    is_known = sys.modules["tensorflow"].__version__ in TENSORFLOW_VERSIONS
    unfit = []
    for name in LEVERS if names is None else names:
        if name in _pulled:
            continue
        if is_known and not LEVERS[name].misfits():
            LEVERS[name].pull()
            _pulled.add(name)
        else:
            unfit.append(name)
    return unfit


def _replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put a function in the place of a method.

    Keras leaves its own functions out of what an error shows, by their files: the new one counts
    as a part of Keras.
    """
    stock = getattr(owner, name)
    function: Any = functools.wraps(stock)(make(stock))
    function.__code__ = function.__code__.replace(
        co_filename=stock.__code__.co_filename, co_name=name, co_qualname=stock.__qualname__
    )
    setattr(owner, name, function)


# ------------------------------------------------------------------------------------- variables


def _create_variables_outside() -> None:
    from keras.src.backend.tensorflow import core

    _replace(core.Variable, "_initialize_with_initializer", _outside)


def _outside(stock: Any) -> Any:
    import tensorflow as tf

    def create(creator: Any, **settings: Any) -> Any:
        # else the function that is being traced would still count it as its own
        return creator(**settings | {"experimental_enable_variable_lifting": False})

    def initialize(self: Any, initializer: Any) -> None:
        if not tf.executing_eagerly() and _is_unseen(sys._getframe(1)):
            with tf.init_scope(), tf.variable_creator_scope(create):
                stock(self, initializer)
        else:
            stock(self, initializer)

    return initialize


def _is_unseen(frame: types.FrameType | None) -> bool:
    """Return whether a variable is created in a step of Keras's that runs no code of the notebook's."""
    import tensorflow as tf
    from keras.src.backend.tensorflow.trainer import TensorFlowTrainer as Trainer

    steps = (Trainer.train_step.__code__, Trainer.test_step.__code__)
    calls = (Trainer.fit, Trainer.evaluate, Trainer.train_on_batch, Trainer.test_on_batch)
    codes = [inspect.unwrap(call).__code__ for call in calls]
    model = None
    while frame is not None and not (model is not None and frame.f_code in codes):
        if frame.f_code in steps:
            model = frame.f_locals["self"]
        frame = frame.f_back
    if frame is None or frame.f_locals["self"] is not model:
        return False
    graph = tf.compat.v1.get_default_graph()
    if graph not in _is_own_graph:
        _is_own_graph[graph] = is_keras_own(model)
    return _is_own_graph[graph]


def is_keras_own(model: Any) -> bool:
    """Return whether tracing a built model runs no code but Keras's and TensorFlow's.

    Otherwise the code could notice how often it is run.
    """
    with contextlib.suppress(Exception):  # whatever it holds must not end the training
        layers = list(model._flatten_layers())
        operations = [part for layer in layers for part in getattr(layer, "operations", ())]
        compiled = [model.optimizer, model._compile_loss, model._compile_metrics]
        return all(layer.built for layer in layers) and _are_own([*layers, *operations, *compiled])
    return False


def _are_own(values: list[Any]) -> bool:
    """Return whether values are data, or Keras's or TensorFlow's with all that they hold."""
    seen: dict[int, Any] = {}  # a value that is held keeps its identity to itself
    while values:
        value = values.pop()
        if id(value) in seen or isinstance(value, str | int | float | type(None)):
            continue
        seen[id(value)] = value
        if isinstance(value, Mapping):
            values += value.values()
        elif isinstance(value, list | tuple | set):
            values += value
        elif not _is_own(value):
            return False
        elif type(value).__module__.startswith("keras."):
            values += [getattr(type(value), "call", None), *getattr(value, "__dict__", {}).values()]
    return True


def _is_own(value: Any) -> bool:
    """Return whether a function, a class or the class of another value is no notebook's."""
    named = value if inspect.isroutine(value) or inspect.isclass(value) else type(value)
    return (named.__module__ or "").partition(".")[0] in _OWN_PACKAGES


# -------------------------------------------------------------------------------------- iterator


def _make_no_second_iterator() -> None:
    from keras.src.backend.tensorflow.trainer import TFEpochIterator

    _replace(TFEpochIterator, "_enumerate_iterator", _enumerate)


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


# -------------------------------------------------------------------------------------- pipeline


def _leave_pipelines_as_written() -> None:
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    _replace(ArrayDataAdapter, "get_tf_dataset", _as_written)


def _as_written(stock: Any) -> Any:
    from tensorflow.python.data.ops import structured_function

    def get_tf_dataset(self: Any) -> Any:
        wrapper = structured_function.StructuredFunctionWrapper
        # TensorFlow optimizes (by Grappler) functions that may run on several devices; one with
        # this attribute runs on one, and here there is only one
        structured_function.StructuredFunctionWrapper = functools.partial(
            wrapper, defun_kwargs={"experimental_ints_on_device": True}
        )
        try:
            return stock(self)
        finally:
            structured_function.StructuredFunctionWrapper = wrapper

    return get_tf_dataset


LEVERS = {
    "variables": Lever(
        _create_variables_outside,
        {
            f"{CORE}:Variable._initialize_with_initializer": "14c5c207bc313aec",
            f"{CORE}:Variable._initialize": "ab759c22f87fb300",
            f"{TRAINER}:TensorFlowTrainer.train_step": "debf0efab9d5794b",
            f"{TRAINER}:TensorFlowTrainer.test_step": "a8f04a25512e74e2",
            f"{TRAINER}:TensorFlowTrainer.fit": "a9a6dc02a7ddafa8",
            f"{TRAINER}:TensorFlowTrainer.evaluate": "a1facf6528168e8d",
            f"{TRAINER}:TensorFlowTrainer.train_on_batch": "0bcf00476ff75834",
            f"{TRAINER}:TensorFlowTrainer.test_on_batch": "200619489306c54e",
            f"{TRAINER}:TensorFlowTrainer._make_function": "bb33b7a0da3d2740",
            f"{OPTIMIZER}:BaseOptimizer.apply": "43097be63b919d03",
            f"{FUNCTION}:Function._call": "0437522185990e70",
            f"{FUNCTION}:Function._initialize": "71e49b0d8c088f38",
        },
    ),
    "iterator": Lever(
        _make_no_second_iterator,
        {
            f"{EPOCHS}:EpochIterator._enumerate_iterator": "376e3e16a928107a",
            f"{EPOCHS}:EpochIterator.reset": "b73c9f2daadc29b4",
            f"{EPOCHS}:EpochIterator.catch_stop_iteration": "494549649577e596",
            f"{TRAINER}:TFEpochIterator._get_iterator": "b986aa8a9d2264d9",
            f"{ARRAYS}:ArrayDataAdapter.__init__": "b226a565230e7f45",
        },
    ),
    "pipeline": Lever(
        _leave_pipelines_as_written,
        {
            f"{ARRAYS}:ArrayDataAdapter.get_tf_dataset": "2ab7c0854bf89cd1",
            f"{DATA_FUNCTION}:StructuredFunctionWrapper.__init__": "acac6c5521a440ae",
        },
    ),
}
