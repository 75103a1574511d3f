"""Functions of a student's that answer in this process."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ottermark.protocol.proxies import RemoteFunction, ValueRejectedError


class LocalFunction:
    """Answers the calls of a ``RemoteFunction``, each with arguments of its own."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls, self.changed_arguments = function, 0, False
        self.rejections: list[ValueRejectedError] = []

    def call(
        self, handle: int, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        self.calls += 1
        own_args, own_kwargs = copy.deepcopy(args), copy.deepcopy(dict(kwargs))
        before = pickle.dumps((own_args, own_kwargs))
        try:
            return self.function(*own_args, **own_kwargs)
        finally:
            self.changed_arguments |= pickle.dumps((own_args, own_kwargs)) != before


def as_answer(name: str, value: Any) -> Any:
    """Return a value of a notebook as the grader has it."""
    return RemoteFunction(LocalFunction(value), 0, name) if callable(value) else value
