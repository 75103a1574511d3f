"""Has students' models computed in a process that never ran a student's code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ottermark.models.errors import UnsupportedModelError, describe_obstacle
from ottermark.protocol.model_description import ModelDescription
from ottermark.protocol.proxies import CallTimeoutError, ValueRejectedError
from ottermark.sandbox.session import Session, SessionLostError

Array = np.ndarray[Any, Any]

_TOO_MUCH = "takes more time or memory to compute than the grader has for it"

_OUT_OF_MEMORY = ("ResourceExhaustedError", "MemoryError")


class Evaluator:
    """Computes models in one process, which is started when it is first needed.

    Args:
        open_session: starts a process; see ``Sandbox.open``.
    """

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session
        self._session: Session | None = None
        self._last: ModelDescription | None = None  # the model that the process holds

    def compute(self, description: ModelDescription, weights: Sequence[Array], x: Array) -> Array:
        """Return a model's output for some rows.

        Args:
            description: with steps.
            weights: all weights of the model, in Keras's order.
            x: the input, shape (N, ...).

        Raises:
            UnsupportedModelError: it uses something that is not computed, or takes too much.
            ValueError: layers, weights and input do not fit each other.
        """
        if self._session is None or self._session.lost is not None:
            self.close()
            self._session, self._last = self._open_session(), None
        sent = None if description is self._last else description
        self._last = None
        try:
            reply = self._session.compute_model(sent, () if sent is None else weights, x)
        except (SessionLostError, CallTimeoutError):
            raise UnsupportedModelError(_TOO_MUCH) from None
        except ValueRejectedError:
            raise UnsupportedModelError("is larger than what the grader computes") from None
        if "obstacle" in reply:
            raise UnsupportedModelError(describe_obstacle(str(reply["obstacle"])))
        if reply.get("raised") in _OUT_OF_MEMORY:
            raise UnsupportedModelError(_TOO_MUCH)
        if "value" not in reply:
            raise ValueError(f"layers, weights and input do not fit: {reply.get('raised')}")
        self._last = description
        return np.asarray(reply["value"])

    def close(self) -> None:
        """End the process."""
        if self._session is not None:
            self._session.close()
            self._session = None
