"""Models that stay in the worker: what is verified, computed here, asked for or rejected."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ottermark.models.keras_model import KerasModel
from ottermark.protocol.model_description import INPUT, PROBE_ROWS, ModelDescription, Step
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteModel,
    ValueRejectedError,
)

KERNEL = np.arange(6.0).reshape(3, 2)
CONFIG = {"use_bias": False, "activation": "linear", "units": 2}
DENSE = ModelDescription([Step("Dense", "last", CONFIG, [0], [INPUT])], (None, 3))


class Peer:
    """A worker whose model is a dense layer, and does what ``answers`` says instead."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.operations: list[str] = []

    def call(self, handle: int, operation: str, args: Any, kwargs: Any) -> Any:
        self.operations.append(operation)
        answer = self.answers.get(operation)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        return [KERNEL] if operation == "get_weights" else np.asarray(*args) @ KERNEL


def model(peer: Peer, description: ModelDescription = DENSE) -> KerasModel:
    return KerasModel(RemoteModel(peer, 0, "net", description))


def test_a_verified_model_is_computed_here_and_each_answer_once() -> None:
    peer = Peer()
    net = model(peer)
    assert net.is_verified
    peer.operations.clear()
    x = np.ones((5, 3))
    first = net.predict(x)
    assert np.allclose(first, x @ KERNEL) and first.dtype == np.float32
    first[:] = 0
    assert np.allclose(net.predict(x), x @ KERNEL)
    assert net.count_params() == 6 and net.input_shape == (None, 3)
    assert net.output_shape == (None, 2)
    (layer,) = net.layers
    assert type(layer).__name__ == "Dense" and layer.count_params() == 6
    assert layer.get_config()["units"] == 2
    assert not peer.operations


@pytest.mark.parametrize(
    "answers",
    [
        {"predict": np.zeros((PROBE_ROWS, 2))},
        {"predict": np.zeros((PROBE_ROWS, 3))},
        {"predict": CallFailedError("net", "ValueError")},
        {"predict": ValueRejectedError("no")},
        {"get_weights": [KERNEL.T]},
        {"get_weights": 5},
        {"get_weights": [KERNEL, KERNEL]},
    ],
)
def test_a_model_that_contradicts_its_description_is_not_verified(answers: Any) -> None:
    peer = Peer(**answers)
    net = model(peer)
    assert not net.is_verified
    for attribute in ("layers", "input_shape", "output_shape"):
        with pytest.raises(ValueRejectedError, match="does not explain"):
            getattr(net, attribute)
    for method in (net.count_params, net.get_weights):
        with pytest.raises(ValueRejectedError, match="does not explain"):
            method()


def test_a_model_without_description_is_asked() -> None:
    peer = Peer()
    estimator = model(peer, ModelDescription())
    assert not estimator.is_verified and not peer.operations
    assert np.allclose(estimator.predict(np.ones((2, 3))), np.ones((2, 3)) @ KERNEL)
    assert peer.operations == ["predict"]


def test_a_model_that_does_not_answer_in_time_is_not_called_unverified() -> None:
    with pytest.raises(CallTimeoutError):
        _ = model(Peer(get_weights=CallTimeoutError("slow"))).is_verified


def test_what_the_worker_sends_answers_nothing_by_itself() -> None:
    remote = RemoteModel(Peer(), 0, "net", DENSE)
    for name in ("predict", "layers", "count_params", "get_weights", "input_shape", "__call__"):
        assert not hasattr(remote, name), f"unverified answers of {name} could pass as verified"
