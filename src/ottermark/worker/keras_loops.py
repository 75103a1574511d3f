"""TensorFlow runs the steps of an epoch in a loop of its own: the lever ``steps``.

That is done where neither a callback nor a progress bar looks at single steps. If one fails, the epoch
begins again, step by step.
"""

from __future__ import annotations

import contextlib
import inspect
import math
import sys
import time
import types
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ottermark.limits import MiB
from ottermark.worker.keras_lever import (
    ARRAYS,
    CALLBACKS,
    EPOCHS,
    FUNCTION,
    TRAINER,
    UTILS,
    Lever,
    disguised,
    replace,
)
from ottermark.worker.keras_own import is_keras_own, is_own

ENOUGH_STEPS = 200  # in fewer the loop saves less than it costs to make
CALL_SECONDS = 0.1  # for so long a loop may leave an interrupt unnoticed
MOST_KEPT = 16 * MiB  # of variables, while a loop runs; larger networks cost arithmetic


def _run_steps_in_a_loop() -> None:
    from keras.src.backend.tensorflow.trainer import TFEpochIterator

    replace(TFEpochIterator, "_enumerate_iterator", _enumerate_at_once)


@dataclass
class _Pace:
    """How many steps of a ``fit`` TensorFlow runs in one call."""

    steps: int = 1


@dataclass(frozen=True)
class _Epoch:
    """An epoch, of whose steps only the last is of interest.

    Attributes:
        steps: how many there are.
        batches: an iterator over its batches.
        again: returns another iterator over its batches.
        pace: of the ``fit`` that it belongs to.
    """

    steps: int
    batches: Any
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
        epoch = _Epoch(self._num_batches, batches, lambda: iter(self._get_iterator()), pace)
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
        # a decorator of the notebook's may have copied the mark of a default
        is_default(method := getattr(callback, hook, None)) and is_own(method)
        for callback in callbacks.callbacks
        for hook in hooks
    )


def _function_for_one_epoch(model: Any, loops: _Loops, epoch: _Epoch) -> Any:
    """Return what ``fit`` calls instead of the model's function, once, for all steps of an epoch."""
    import tensorflow as tf

    run_step, step = model.train_function, loops.step
    traces = step.experimental_get_tracing_count()

    # TensorFlow's errors name the line that traces the step, by its number in Keras's function: it must
    # be the fifth. If an interrupt came before this function was called, another epoch calls it.
    def function(batches: Any) -> Any:
        model.train_function = run_step
        if batches is not epoch.batches:
            return run_step(batches)
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

    return disguised(function, run_step)


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
        # as `read_value` does, in a third of its time
        before = [tf.raw_ops.ReadVariableOp(resource=v.handle, dtype=v.dtype) for v in variables]
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


STEPS = Lever(
    _run_steps_in_a_loop,
    {
        f"{TRAINER}:TensorFlowTrainer.fit": "a9a6dc02a7ddafa8",
        f"{TRAINER}:TensorFlowTrainer.train_step": "debf0efab9d5794b",
        f"{TRAINER}:TensorFlowTrainer._make_function": "bb33b7a0da3d2740",
        f"{TRAINER}:TFEpochIterator._get_iterator": "b986aa8a9d2264d9",
        f"{TRAINER}:TFEpochIterator.__next__": "bbaac0291856627f",
        f"{EPOCHS}:EpochIterator.__iter__": "a42e8ef4b2ac4dea",
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
)
