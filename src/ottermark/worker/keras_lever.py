"""What one of the levers of ``keras_training`` is, and how it takes the place of a method of Keras's."""

from __future__ import annotations

import functools
import hashlib
import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

CORE = "keras.src.backend.tensorflow.core"
VARIABLE = "keras.src.backend.common.variables"
TRAINER = "keras.src.backend.tensorflow.trainer"
EPOCHS = "keras.src.trainers.epoch_iterator"
ARRAYS = "keras.src.trainers.data_adapters.array_data_adapter"
OPTIMIZER = "keras.src.optimizers.base_optimizer"
CALLBACKS = "keras.src.callbacks.callback_list"
UTILS = "keras.src.utils.python_utils"
FUNCTION = "tensorflow.python.eager.polymorphic_function.polymorphic_function"
DATA_FUNCTION = "tensorflow.python.data.ops.structured_function"


@dataclass(frozen=True)
class Lever:
    """One thing that Keras need not do, or that is noted while it trains (``fitted_rows``).

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


def replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put ``make(stock)`` in the place of a method, where ``stock`` is the method itself."""
    stock = getattr(owner, name)
    setattr(owner, name, disguised(make(stock), stock))


def disguised(function: Any, stock: Any) -> Any:
    """Return a function with the names, the file and the first line of one of Keras's.

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
