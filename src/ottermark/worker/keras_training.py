"""Keras's training without work that changes nothing, where a notebook imports Keras.

Four fifths of what a small network's training costs is not arithmetic. Four levers leave some of
that out; whatever a notebook can observe stays as it is:

- ``variables``: variables of optimizers and metrics are created outside the function that is being
  traced, at the moment at which Keras creates them inside it. TensorFlow traces a function twice if
  its first trace has created variables, and otherwise once.
- ``iterator``: at the end of an epoch Keras makes an iterator that the next epoch throws away.
- ``pipeline``: TensorFlow optimizes the functions of a data pipeline for each iterator, that is, in
  every epoch, and tunes its threads: for arrays there is nothing to gain.
- ``steps``: TensorFlow runs the steps of an epoch in a loop of its own, where neither a callback nor
  a progress bar looks at single ones. If one fails, the epoch begins again, step by step.

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
import math
import sys
import time
import types
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ottermark.limits import MiB

CORE = "keras.src.backend.tensorflow.core"
TRAINER = "keras.src.backend.tensorflow.trainer"
EPOCHS = "keras.src.trainers.epoch_iterator"
ARRAYS = "keras.src.trainers.data_adapters.array_data_adapter"
OPTIMIZER = "keras.src.optimizers.base_optimizer"
CALLBACKS = "keras.src.callbacks.callback_list"
UTILS = "keras.src.utils.python_utils"
FUNCTION = "tensorflow.python.eager.polymorphic_function.polymorphic_function"
DATA_FUNCTION = "tensorflow.python.data.ops.structured_function"
TENSORFLOW_VERSIONS = ("2.21.0",)  # what is compiled has no source to compare

ENOUGH_STEPS = 200  # in fewer the loop saves less than it costs to make
CALL_SECONDS = 0.1  # for so long a loop may leave an interrupt unnoticed
MOST_KEPT = 16 * MiB  # of variables, while a loop runs; larger networks cost arithmetic

# of values that run no code of the notebook's
_OWN_PACKAGES = ("keras", "tensorflow", "numpy", "builtins", "inspect", "_thread", "weakref")
_DRAW_WHEN_TRACED = ("AugMix",)  # layers of Keras's that use Python's random numbers
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
    """Put a function in the place of a method."""
    stock = getattr(owner, name)
    setattr(owner, name, _disguised(make(stock), stock))


def _disguised(function: Any, stock: Any) -> Any:
    """Return a function as a part of Keras.

    Keras leaves its own functions out of what an error shows, by their files.
    """
    function = functools.wraps(stock)(function)
    function.__code__ = function.__code__.replace(
        co_filename=stock.__code__.co_filename,
        co_firstlineno=stock.__code__.co_firstlineno,
        co_name=stock.__name__,
        co_qualname=stock.__qualname__,
    )
    return function


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
        are_silent = all(
            layer.built and type(layer).__name__ not in _DRAW_WHEN_TRACED for layer in layers
        )
        return are_silent and _are_own([*layers, *operations, *compiled])
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
    import tensorflow as tf
    from tensorflow.python.data.ops import structured_function

    options = tf.data.Options()  # which change nothing but who does the work
    options.autotune.enabled = False
    options.threading.private_threadpool_size = 1
    wrapper = structured_function.StructuredFunctionWrapper

    def get_tf_dataset(self: Any) -> Any:
        # TensorFlow optimizes (by Grappler) functions that may run on several devices; one with
        # this attribute runs on one, and here there is only one
        structured_function.StructuredFunctionWrapper = functools.partial(
            wrapper, defun_kwargs={"experimental_ints_on_device": True}
        )
        try:
            return stock(self).with_options(options)
        finally:
            structured_function.StructuredFunctionWrapper = wrapper

    return get_tf_dataset


# ----------------------------------------------------------------------------------------- steps


def _run_steps_in_a_loop() -> None:
    from keras.src.backend.tensorflow.trainer import TFEpochIterator

    _replace(TFEpochIterator, "_enumerate_iterator", _enumerate_at_once)


@dataclass
class _Pace:
    """How many steps of a ``fit`` TensorFlow runs in one call."""

    steps: int = 1


@dataclass(frozen=True)
class _Epoch:
    """An epoch, of whose steps only the last is of interest.

    Attributes:
        steps: how many there are.
        again: returns another iterator over its batches.
        pace: of the ``fit`` that it belongs to.
    """

    steps: int
    again: Callable[[], Any]
    pace: _Pace


def _enumerate_at_once(stock: Any) -> Any:
    from keras.src.backend.tensorflow.trainer import TensorFlowTrainer

    train_step = TensorFlowTrainer.train_step
    # by the iterator over the epochs of a ``fit``: the function that it calls for each step
    fits: weakref.WeakKeyDictionary[Any, tuple[Any, _Pace]] = weakref.WeakKeyDictionary()

    def enumerate_iterator(self: Any) -> Iterator[tuple[int, int, Any]]:
        steps = stock(self)
        model = _unwatched_model(self, sys._getframe(1))
        run_step = None if model is None else model.train_function
        loops = _Loops.of(run_step)
        known, pace = fits.get(self, (None, _Pace()))
        if (
            loops is None
            or type(model).train_step is not train_step
            # a model may be built in the first epoch, and compiled again in a later one
            or not (known is run_step or is_keras_own(model))
        ):
            yield from steps
            return
        fits[self] = run_step, pace
        first, last, batches = next(steps)
        *_, (_, last, _) = steps
        epoch = _Epoch(self._num_batches, lambda: iter(self._get_iterator()), pace)
        model.train_function = _function_for_one_epoch(model, loops, epoch)
        yield first, last, batches

    return enumerate_iterator


def _unwatched_model(epochs: Any, frame: types.FrameType | None) -> Any:
    """Return the model whose ``fit`` asks for an epoch; None if anybody sees its single steps."""
    import tensorflow as tf
    from keras.src.backend.tensorflow.trainer import TensorFlowTrainer, TFEpochIterator
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

    for call in (TFEpochIterator.__next__, TensorFlowTrainer.fit):
        code = getattr(inspect.unwrap(call), "__code__", None)
        if frame is None or frame.f_code is not code:
            return None
        variables, frame = frame.f_locals, frame.f_back
    model, steps = variables["self"], epochs._num_batches
    is_unwatched = (
        type(epochs.data_adapter) is ArrayDataAdapter
        and not epochs.steps_per_epoch
        and epochs.steps_per_execution == model.steps_per_execution == 1
        and steps > 1  # so that there is a last one
        and steps * (variables["epochs"] - variables["initial_epoch"]) >= ENOUGH_STEPS
        and not model.stop_training  # a callback may have said so at the beginning of the epoch
        and not (model.jit_compile or tf.config.functions_run_eagerly())
        and not (model._distribute_strategy or tf.distribute.has_strategy())
        and _sees_no_batches(variables["callbacks"])
    )
    return model if is_unwatched else None


def _sees_no_batches(callbacks: Any) -> bool:
    from keras.src.callbacks.callback_list import CallbackList
    from keras.src.utils.python_utils import is_default

    hooks = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
    return type(callbacks) is CallbackList and all(
        is_default(getattr(callback, hook, None))
        for callback in callbacks.callbacks
        for hook in hooks
    )


def _function_for_one_epoch(model: Any, loops: _Loops, epoch: _Epoch) -> Any:
    """Return what ``fit`` calls instead of the model's function, once, for all steps of an epoch."""
    import tensorflow as tf

    run_step, step = model.train_function, loops.step

    def function(batches: Any) -> Any:
        model.train_function = run_step
        traces = step.experimental_get_tracing_count()
        # TensorFlow's errors name this line, by its number in Keras's function: it must be the fifth
        trace = step.get_concrete_function(batches)
        is_new = step.experimental_get_tracing_count() > traces
        if loops.can_run(trace, batches):
            with contextlib.suppress(tf.errors.OpError):  # raised again by its own step, below
                return loops.run(trace, is_new, batches, epoch, model)
        loops.are_of_use = False
        batches = epoch.again()
        for _ in range(epoch.steps):
            logs = run_step(batches)
            if model.stop_training:
                break
        return logs

    return _disguised(function, run_step)


class _Loops:
    """Loops of TensorFlow's over training steps, one for each trace of a step.

    Args:
        step: the function that is traced.
    """

    def __init__(self, step: Any) -> None:
        self.step, self.are_of_use = step, True
        self._calls: dict[Any, Any] = {}

    @classmethod
    def of(cls, run_step: Any) -> _Loops | None:
        """Return the loops over what a model calls for each step; None if it is not Keras's."""
        from keras.src.backend.tensorflow.trainer import TensorFlowTrainer

        make = inspect.unwrap(TensorFlowTrainer._make_function)
        code = getattr(make, "__code__", None)  # none if the notebook has put another thing there
        if not (code and isinstance(run_step, types.FunctionType)):
            return None
        if run_step.__code__ not in code.co_consts:
            return None
        if "loops" not in run_step.__dict__:  # where they are freed together with it
            step = inspect.getclosurevars(run_step).nonlocals["multi_step_on_iterator"]
            if not hasattr(step, "get_concrete_function"):  # it runs eagerly
                return None
            run_step.__dict__["loops"] = cls(step)
        loops: _Loops = run_step.__dict__["loops"]
        return loops if loops.are_of_use else None

    def can_run(self, trace: Any, batches: Any) -> bool:
        """Return whether a traced step can be run in a loop."""
        if trace not in self._calls:
            self._calls[trace] = _loop_over(trace, batches)
        return self._calls[trace] is not None

    def run(self, trace: Any, is_new: bool, batches: Any, epoch: _Epoch, model: Any) -> Any:
        """Run the steps of an epoch, or until the training is stopped; return the logs of the last.

        Args:
            trace: a step that is traced.
            is_new: whether it has been traced for this epoch.
            batches: an iterator.
            epoch: whose steps are run.
            model: which is trained.

        Raises:
            OpError: a step failed; variables are as before all steps.
        """
        import tensorflow as tf

        variables, call, pace = trace.variables, self._calls[trace], epoch.pace
        before = [variable.read_value() for variable in variables]
        done = 0
        try:
            while done < epoch.steps and not (done and model.stop_training):
                start, count = time.perf_counter(), min(pace.steps, epoch.steps - done)
                logs = call(batches, tf.constant(count))
                done += count
                share = (time.perf_counter() - start) / CALL_SECONDS
                if share > 1:
                    pace.steps = max(1, int(count / share))
                elif count == pace.steps:
                    pace.steps = max(count, int(count * min(4, 1 / share)))
        except tf.errors.OpError:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
            raise
        self._count_calls(done, is_new)
        return logs

    def _count_calls(self, steps: int, is_new: bool) -> None:
        """Count as TensorFlow does, which warns where a step is traced too often."""
        from tensorflow.python.eager.polymorphic_function import polymorphic_function

        step, counts = self.step, polymorphic_function._frequent_tracing_detector_manager
        key = step._key_for_call_stats
        if is_new:
            counts.called_with_tracing(
                key, step._python_function, step._omit_frequent_tracing_warning
            )
        for _ in range(steps - is_new):
            counts.called_without_tracing(key)


def _loop_over(trace: Any, batches: Any) -> Any:
    """Return a function that runs a traced step so many times and returns its last logs.

    Returns:
        None if what a step may change cannot be kept meanwhile: resources that are no variables,
        large variables, and the random numbers of TensorFlow's operations.
    """
    import tensorflow as tf

    resources = {id(each) for each in trace.captured_inputs if each.dtype == tf.resource}
    kept = sum(math.prod(each.shape) * each.dtype.size for each in trace.variables)
    if kept > MOST_KEPT or resources != {id(variable.handle) for variable in trace.variables}:
        return None
    graph = trace.graph.as_graph_def()
    nodes = [*graph.node, *(node for each in graph.library.function for node in each.node_def)]
    if any("seed2" in node.attr for node in nodes):
        return None

    def call(batches: Any, steps: Any) -> Any:
        def body(done: Any, _: Any) -> Any:
            return done + 1, trace(batches).get_value()

        empty = tf.nest.map_structure(lambda spec: tf.zeros(spec.shape, spec.dtype), logs)
        first = (tf.constant(0), empty)
        return tf.while_loop(lambda done, _: done < steps, body, first, parallel_iterations=1)[1]

    try:
        logs = trace.structured_outputs._element_spec
        function = tf.function(call, autograph=False)
        return function.get_concrete_function(batches, tf.TensorSpec([], tf.int32))
    except (AttributeError, TypeError, ValueError):  # logs of unknown shape
        return None


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
    "steps": Lever(
        _run_steps_in_a_loop,
        {
            f"{TRAINER}:TensorFlowTrainer.fit": "a9a6dc02a7ddafa8",
            f"{TRAINER}:TensorFlowTrainer.train_step": "debf0efab9d5794b",
            f"{TRAINER}:TensorFlowTrainer._make_function": "bb33b7a0da3d2740",
            f"{TRAINER}:TFEpochIterator._get_iterator": "b986aa8a9d2264d9",
            f"{TRAINER}:TFEpochIterator.__next__": "bbaac0291856627f",
            f"{EPOCHS}:EpochIterator._enumerate_iterator": "376e3e16a928107a",
            f"{ARRAYS}:ArrayDataAdapter.__init__": "b226a565230e7f45",
            f"{ARRAYS}:ArrayDataAdapter.get_tf_dataset": "2ab7c0854bf89cd1",
            f"{CALLBACKS}:CallbackList.on_train_batch_begin": "d2ff091ad71d2dad",
            f"{CALLBACKS}:CallbackList.on_train_batch_end": "e719177bc8b3e667",
            f"{CALLBACKS}:CallbackList._on_train_batch_end": "def5a3d70b8b5f20",
            f"{UTILS}:is_default": "b884cb368d0958c3",
            f"{FUNCTION}:Function.__call__": "c71e636a2ab07dfb",
            f"{FUNCTION}:Function._get_concrete_function_garbage_collected": "f4bd799987fe2e7f",
            f"{FUNCTION}:_FrequentTracingDetectorManager": "267d467a37fc35ac",
        },
    ),
}
