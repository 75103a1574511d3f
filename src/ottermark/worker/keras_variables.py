"""A training step is traced once: the lever ``variables``.

TensorFlow traces a function twice if its first trace has created variables, and otherwise once. So
variables of optimizers and metrics are created outside the function that is being traced, at the moment
at which Keras creates them inside it.
"""

from __future__ import annotations

import inspect
import sys
import types
import weakref
from typing import Any

from ottermark.worker.keras_lever import (
    CORE,
    FUNCTION,
    OPTIMIZER,
    TRAINER,
    VARIABLE,
    Lever,
    replace,
)
from ottermark.worker.keras_own import is_keras_own

# whether what a graph computes is a step of Keras's that runs no code of the notebook's
_is_own_graph: weakref.WeakKeyDictionary[Any, bool] = weakref.WeakKeyDictionary()


def _create_variables_outside() -> None:
    from keras.src.backend.tensorflow import core

    replace(core.Variable, "_initialize_with_initializer", _outside)


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


VARIABLES = Lever(
    _create_variables_outside,
    {
        f"{VARIABLE}:Variable.__init__": "bee8bb8c0f2f1987",
        f"{CORE}:Variable._initialize_with_initializer": "14c5c207bc313aec",
        f"{CORE}:Variable._initialize": "ab759c22f87fb300",
        f"{TRAINER}:TensorFlowTrainer.train_step": "debf0efab9d5794b",
        f"{TRAINER}:TensorFlowTrainer.test_step": "a8f04a25512e74e2",
        f"{TRAINER}:TensorFlowTrainer.fit": "a9a6dc02a7ddafa8",
        f"{TRAINER}:TensorFlowTrainer.evaluate": "a1facf6528168e8d",
        f"{TRAINER}:TensorFlowTrainer.train_on_batch": "0bcf00476ff75834",
        f"{TRAINER}:TensorFlowTrainer.test_on_batch": "200619489306c54e",
        f"{TRAINER}:TensorFlowTrainer._make_function": "bb33b7a0da3d2740",
        f"{OPTIMIZER}:BaseOptimizer.build": "e9d310fddad51ed1",
        f"{OPTIMIZER}:BaseOptimizer.apply": "43097be63b919d03",
        f"{FUNCTION}:Function._call": "0437522185990e70",
        f"{FUNCTION}:Function._initialize": "71e49b0d8c088f38",
    },
)
