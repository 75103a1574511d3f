"""Models that stay in the worker: what is verified, computed here, asked for or rejected."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from ottermark.models.errors import UnsupportedModelError
from ottermark.models.evaluator import Evaluator
from ottermark.models.keras_model import Estimator, KerasModel, make_model
from ottermark.protocol.codec import MAX_ELEMENTS
from ottermark.protocol.model_description import (
    INPUT,
    MAX_FITTED_ARRAYS,
    MAX_FITTED_NUMBERS,
    PROBE_ROWS,
    ModelDescription,
    Step,
    StepOutput,
    Weight,
)
from ottermark.protocol.proxies import (
    CallFailedError,
    CallTimeoutError,
    RemoteModel,
    ValueRejectedError,
)

KERNEL = np.arange(6.0).reshape(3, 2)
CONFIG = {"use_bias": False, "activation": "linear", "units": 2}
STEP = Step("Dense", "last", CONFIG, [Weight(0)], [StepOutput(INPUT)])
DENSE = ModelDescription([STEP], StepOutput(0), (None, 3))


class Peer:
    """A worker whose model is a dense layer, and does what ``answers`` says instead."""

    changed_arguments = False

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.rejections: list[ValueRejectedError] = []
        self.operations: list[str] = []

    def call(self, handle: int, operation: str, args: Any, kwargs: Any) -> Any:
        self.operations.append(operation)
        answer = self.answers.get(operation)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        return [KERNEL] if operation == "get_weights" else np.asarray(*args) @ KERNEL


class DenseEvaluator:
    """Computes the dense layer that ``Peer`` describes, without Keras."""

    def __init__(self, most_rows: float = math.inf) -> None:
        self.most_rows = most_rows
        self.computed: list[int] = []  # numbers of rows

    def reserve(self, size: int) -> None:
        """Hold any number of weights."""

    def compute(self, description: ModelDescription, weights: Any, x: Any) -> Any:
        self.computed.append(len(x))
        if len(x) > self.most_rows:
            raise UnsupportedModelError("takes too much")
        (step,) = description.steps
        if step.kind != "Dense":
            raise UnsupportedModelError(f"uses `{step.kind}`, which the grader does not compute")
        return (x @ weights[0]).astype(np.float32)


def model(peer: Peer, description: ModelDescription = DENSE) -> KerasModel:
    received = make_model(RemoteModel(peer, 0, "net", description), DenseEvaluator())  # type: ignore[arg-type]
    assert isinstance(received, KerasModel)
    return received


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
    ("answers", "reason"),
    [
        ({"predict": np.zeros((PROBE_ROWS, 2))}, "otherwise than its layers"),
        ({"predict": np.zeros((PROBE_ROWS, 3))}, "otherwise than its layers"),
        ({"predict": np.random.default_rng(1).normal(size=(PROBE_ROWS, 2))}, "otherwise"),
        ({"predict": CallFailedError("net", "ValueError")}, "does not answer four rows"),
        ({"predict": ValueRejectedError("no")}, "does not answer four rows"),
        ({"get_weights": [KERNEL.T]}, "does not answer four rows"),
        ({"get_weights": 5}, "does not answer four rows"),
        ({"get_weights": [KERNEL, KERNEL]}, "weights that take no part"),
    ],
)
def test_a_model_that_contradicts_its_description_is_not_verified(
    answers: Any, reason: str
) -> None:
    net = model(Peer(**answers))
    assert not net.is_verified and reason in net.why_unverified
    for attribute in ("layers", "input_shape", "output_shape"):
        with pytest.raises(ValueRejectedError, match=reason):
            getattr(net, attribute)
    for method in (net.count_params, net.get_weights):
        with pytest.raises(ValueRejectedError, match=reason):
            method()


@pytest.mark.parametrize(
    "steps",
    [
        [Step("Dense", "d", CONFIG, [Weight(0)], [StepOutput(0)])],  # takes its own output
        [Step("Dense", "d", CONFIG, [Weight(0)], [StepOutput(-2)])],
        [Step("Dense", "d", CONFIG, [Weight(7)], [StepOutput(INPUT)])],
        [Step("Dense", "d", CONFIG, [], [StepOutput(INPUT)])],
        [Step("Odd", "d", CONFIG, [Weight(0)], [StepOutput(INPUT)])],
    ],
)
def test_steps_that_are_not_a_model_are_not_verified(steps: Any) -> None:
    assert not model(Peer(), ModelDescription(steps, StepOutput(0), (None, 3))).is_verified
    assert not model(Peer(), ModelDescription([STEP], StepOutput(1), (None, 3))).is_verified


def test_a_model_that_cannot_be_described_is_asked_and_has_no_layers() -> None:
    peer = Peer()
    net = model(peer, ModelDescription(obstacle="Noise"))
    assert np.allclose(net.predict(np.ones((2, 3))), np.ones((2, 3)) @ KERNEL)
    assert peer.operations == ["predict"]
    with pytest.raises(ValueRejectedError, match="uses `Noise`"):
        net.get_weights()


def test_an_estimator_is_asked() -> None:
    peer = Peer()
    estimator = make_model(RemoteModel(peer, 0, "net", ModelDescription()), DenseEvaluator())  # type: ignore[arg-type]
    assert type(estimator) is Estimator and not hasattr(estimator, "get_weights")
    assert np.allclose(estimator.predict(np.ones((2, 3))), np.ones((2, 3)) @ KERNEL)
    assert peer.operations == ["predict"]


def test_a_model_that_does_not_answer_in_time_is_not_called_unverified() -> None:
    with pytest.raises(CallTimeoutError):
        _ = model(Peer(get_weights=CallTimeoutError("slow"))).is_verified


def test_what_the_worker_sends_answers_nothing_by_itself() -> None:
    remote = RemoteModel(Peer(), 0, "net", DENSE)
    for name in ("predict", "layers", "count_params", "get_weights", "input_shape", "__call__"):
        assert not hasattr(remote, name), f"unverified answers of {name} could pass as verified"


def test_what_took_too_much_is_not_tried_again() -> None:
    evaluator = DenseEvaluator(most_rows=100)
    net = make_model(RemoteModel(Peer(), 0, "net", DENSE), evaluator)  # type: ignore[arg-type]
    net.predict(np.ones((5, 3)))
    evaluator.computed.clear()
    for rows in (200, 200, 300, 201):
        with pytest.raises(ValueRejectedError, match=r"takes too much|is larger than"):
            net.predict(np.ones((rows, 3)))
    assert net.predict(np.ones((50, 3))).shape == (50, 2)
    assert evaluator.computed == [200, 50]


def test_what_would_be_too_large_to_send_is_not_computed() -> None:
    evaluator = DenseEvaluator()
    net = make_model(RemoteModel(Peer(), 0, "net", DENSE), evaluator)  # type: ignore[arg-type]
    net.predict(np.ones((5, 3)))
    evaluator.computed.clear()
    with pytest.raises(ValueRejectedError, match="is larger than"):
        net.predict(np.ones((MAX_ELEMENTS // 2 + 1, 3)))
    assert not evaluator.computed


def test_answers_and_weights_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ottermark.models.keras_model.MAX_CACHED_NUMBERS", 40)
    evaluator = DenseEvaluator()
    net = make_model(RemoteModel(Peer(), 0, "net", DENSE), evaluator)  # type: ignore[arg-type]
    for rows in (9, 10, 11, 10):  # two numbers a row: no two of them are kept at once
        net.predict(np.ones((rows, 3)))
    assert evaluator.computed[-4:] == [9, 10, 11, 10]
    real = Evaluator(lambda: pytest.fail("no process is needed"))
    monkeypatch.setattr(real, "_left", 2 * KERNEL.nbytes)
    real.reserve(2 * KERNEL.nbytes)
    net = make_model(RemoteModel(Peer(), 0, "net", DENSE), real)
    assert isinstance(net, KerasModel) and "more weights" in net.why_unverified


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"rows": KERNEL},
        [KERNEL] * (MAX_FITTED_ARRAYS + 1),
        [np.zeros((MAX_FITTED_NUMBERS, 2))],
        [np.zeros((0, 13)), np.array(3.0)],
        [np.array(["a"]), np.float64(3), "rows"],
        CallFailedError("net", "ValueError", "no"),
        ValueRejectedError("too large"),
    ],
)
def test_rows_that_cannot_be_what_fit_was_given_are_left_out(answer: Any) -> None:
    assert model(Peer(fitted_rows=answer or {})).fitted_rows == []


def test_rows_that_fit_was_given_are_offered_unverified() -> None:
    (rows,) = model(Peer(fitted_rows=[KERNEL])).fitted_rows
    assert np.array_equal(rows, KERNEL)
