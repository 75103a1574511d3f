"""Has students' models computed in a process that never ran a student's code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ottermark.errors import MachineFaultError
from ottermark.models.errors import UnsupportedModelError, describe_obstacle
from ottermark.protocol.model_description import ModelDescription
from ottermark.protocol.proxies import CallTimeoutError, ValueRejectedError
from ottermark.sandbox.session import Session, SessionLostError

Array = np.ndarray[Any, Any]

# that the process holds at a time, and a large one besides, so that they fit into its memory
MAX_SMALL_MODELS = 4
MAX_SMALL_WEIGHTS = 1_000_000  # numbers in all weights of a small model
MAX_WEIGHT_BYTES = 512 * 2**20  # of all models of a notebook, which the grader holds

_TOO_MUCH = "takes more time or memory to compute than the grader has for it"

_OUT_OF_MEMORY = ("ResourceExhaustedError", "MemoryError")


class Evaluator:
    """Computes models in one process, which is started when it is first needed.

    Args:
        open_session: starts a process; see ``Sandbox.open``.

    Attributes:
        fault: the fault of the machine for which a model was not computed, if there was one. Tests
            cannot tell it from a fault of the model.
    """

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session
        self._session: Session | None = None
        self.fault: MachineFaultError | None = None
        self._held: list[ModelDescription | None] = []  # the models that the process holds
        self._next = 0  # the place of the next small one
        self._left = MAX_WEIGHT_BYTES

    def reserve(self, size: int) -> None:
        """Note that the weights of one more model are held; raises ``UnsupportedModelError``.

        Args:
            size: bytes.
        """
        self._left -= size
        if self._left < 0:
            self._left += size
            raise UnsupportedModelError("has more weights than the grader holds")

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
            self._session, self._held = self._open(), [None] * (MAX_SMALL_MODELS + 1)
        place = self._place(description, weights)
        is_held = self._held[place] is description
        self._held[place] = None
        sent, sent_weights = (None, ()) if is_held else (description, weights)
        try:
            reply = self._session.compute_model(place, sent, sent_weights, x)
        except SessionLostError as loss:
            self.fault = self.fault or loss.as_machine_fault()
            raise UnsupportedModelError(_TOO_MUCH) from None
        except CallTimeoutError:
            raise UnsupportedModelError(_TOO_MUCH) from None
        except ValueRejectedError:
            raise UnsupportedModelError("is larger than what the grader computes") from None
        if "obstacle" in reply:
            raise UnsupportedModelError(describe_obstacle(str(reply["obstacle"])))
        if reply.get("raised") in _OUT_OF_MEMORY:
            raise UnsupportedModelError(_TOO_MUCH)
        if "value" not in reply:
            raise ValueError(f"layers, weights and input do not fit: {reply.get('raised')}")
        self._held[place] = description
        return np.asarray(reply["value"])

    def _open(self) -> Session:
        try:
            return self._open_session()
        except MachineFaultError as fault:
            self.fault = fault
            raise

    def _place(self, description: ModelDescription, weights: Sequence[Array]) -> int:
        """Return where the process holds a model, or is to hold it; the last place is for large ones."""
        if sum(weight.size for weight in weights) > MAX_SMALL_WEIGHTS:
            return MAX_SMALL_MODELS
        for place, held in enumerate(self._held):
            if held is description:
                return place
        self._next = (self._next + 1) % MAX_SMALL_MODELS
        return self._next

    def close(self) -> None:
        """End the process."""
        if self._session is not None:
            self._session.close()
            self._session = None
