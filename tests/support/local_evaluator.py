"""Models sent as the worker sends them, and computed in this process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from ottermark.models.errors import UnsupportedModelError, describe_obstacle
from ottermark.models.keras_model import KerasModel, make_model
from ottermark.protocol.codec import MAX_ARRAY_BYTES, Decoder, Encoder
from ottermark.protocol.model_description import ModelDescription
from ottermark.protocol.proxies import ValueRejectedError
from ottermark.worker.compute_model import ComputedModel, NotComputedError
from ottermark.worker.describe_model import describe, predict

Array = np.ndarray[Any, Any]


class Peer:
    """Answers for models, as the worker does."""

    changed_arguments = False

    def __init__(self) -> None:
        self.models: list[Any] = []
        self.rejections: list[ValueRejectedError] = []
        self.operations: list[str] = []

    def retain(self, model: Any) -> int:
        self.models.append(model)
        return len(self.models) - 1

    def call(self, handle: int, operation: str, args: Any, kwargs: Any) -> Any:
        self.operations.append(operation)
        model = self.models[handle]
        if operation == "predict" and hasattr(model, "layers"):
            return predict(model, *args)
        return getattr(model, operation)(*args)


class LocalEvaluator:
    """Does what ``Evaluator`` does without a process of its own; holds the last model."""

    def __init__(self) -> None:
        self._held: ModelDescription | None = None
        self._model: ComputedModel | None = None

    def reserve(self, size: int) -> None:
        """Hold any number of weights."""

    def compute(self, description: ModelDescription, weights: Sequence[Array], x: Array) -> Array:
        try:
            if self._held is not description or self._model is None:
                self._model = ComputedModel(across(description), weights)
                self._held = description
            return self._model(x)
        except NotComputedError as error:
            raise UnsupportedModelError(describe_obstacle(error.obstacle)) from None
        except Exception as error:
            raise ValueError(repr(error)) from None


def across(description: ModelDescription) -> ModelDescription:
    """Return a description as it arrives on the other side."""
    encoder = Encoder()
    node = json.loads(json.dumps(encoder.encode_description(description)))
    decoder = Decoder(encoder.blobs, max_elements=MAX_ARRAY_BYTES)
    return decoder.decode_description(node)


def send(model: Any) -> tuple[KerasModel, Peer]:
    """Return what the grader receives of a model, and who answers for it."""
    peer, evaluator = Peer(), LocalEvaluator()
    encoder = Encoder(peer.retain, describe)
    node = json.loads(json.dumps(encoder.encode(model)))
    received = Decoder(
        encoder.blobs,
        peer,
        make_model=lambda remote: make_model(remote, evaluator),  # type: ignore[arg-type]
    ).decode(node)
    assert isinstance(received, KerasModel)
    return received, peer
