"""Students' models, computed in a process that never ran their code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from ottermark.limits import Limits, MiB
from ottermark.models.errors import UnsupportedModelError
from ottermark.models.evaluator import MAX_SMALL_MODELS, Evaluator
from ottermark.protocol.model_description import INPUT, ModelDescription, Step, StepOutput, Weight
from ottermark.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.xdist_group("models")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["keras"]) as sandbox:
        yield sandbox


@pytest.fixture
def evaluator(sandbox: Sandbox) -> Iterator[Evaluator]:
    limits = Limits(call=10, memory=600 * MiB)
    evaluator = Evaluator(lambda: sandbox.open({}, limits))
    yield evaluator
    evaluator.close()


DENSE = Step("Dense", "dense", {"units": 2, "use_bias": False}, [Weight(0)], [StepOutput(INPUT)])
KERNEL = np.arange(6, dtype=np.float32).reshape(3, 2)


def described(*steps: Step, shape: tuple[int | None, ...] = (None, 3)) -> ModelDescription:
    return ModelDescription(list(steps), StepOutput(len(steps) - 1), shape)


def operation(name: str, *args: Any, **settings: Any) -> Step:
    return Step(f"tf.{name}", name, {"outputs": 1, "settings": settings}, [], list(args))


def test_a_model_is_computed_and_the_next_one_too(evaluator: Evaluator) -> None:
    x = np.random.default_rng(1).normal(size=(1_500, 3)).astype(np.float32)
    relu = operation("Relu", StepOutput(0), T="float32")
    for steps, expected in (
        ([DENSE], x @ KERNEL),
        ([DENSE, relu], np.maximum(x @ KERNEL, 0)),
        ([DENSE], x @ KERNEL),
    ):
        description = described(*steps)
        for rows in (x, x[:5]):
            output = evaluator.compute(description, [KERNEL], rows)
            assert np.allclose(output, expected[: len(rows)], atol=1e-5)


def test_models_may_take_turns_and_be_more_than_the_process_holds(evaluator: Evaluator) -> None:
    x = np.eye(3, dtype=np.float32)
    models = [(described(DENSE), KERNEL + i) for i in range(MAX_SMALL_MODELS + 1)]
    for description, kernel in [*models[:2] * 2, *models, *models]:
        assert np.allclose(evaluator.compute(description, [kernel], x), kernel)


def test_large_models_take_turns_in_the_memory_of_one(
    sandbox: Sandbox, evaluator: Evaluator
) -> None:
    shape, size = (5_000, 2_000), 40 * MiB
    dense = Step(
        "Dense", "d", {"units": 2_000, "use_bias": False}, [Weight(0)], [StepOutput(INPUT)]
    )
    small, x, used = described(DENSE), np.ones((1, 5_000), np.float32), []
    for i in range(MAX_SMALL_MODELS):
        kernel = np.full(shape, i, np.float32)
        output = evaluator.compute(described(dense, shape=(None, 5_000)), [kernel], x)
        assert np.allclose(output, 5_000 * i)
        assert np.allclose(evaluator.compute(small, [KERNEL], np.eye(3)), KERNEL)
        used.append(sandbox.private_memory())
    assert max(used) < used[0] + size, used


def test_a_model_that_failed_is_sent_anew(evaluator: Evaluator) -> None:
    description, x = described(DENSE), np.eye(3, dtype=np.float32)
    evaluator.compute(description, [KERNEL], x)
    with pytest.raises(ValueError, match="do not fit"):
        evaluator.compute(description, [KERNEL], np.eye(4, dtype=np.float32))
    assert np.allclose(evaluator.compute(description, [KERNEL], x), KERNEL)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        # 40,000 x 40,000 numbers of padding around one
        (Step("ZeroPadding2D", "p", {"padding": 20_000}, [], [StepOutput(INPUT)]), "more time or memory"),
        (operation("Fill", np.array([50_000, 50_000]), np.float32(1), T="float32", index_type="int64"), "more time or memory"),
        (operation("ReadFile", np.array("x")), "uses `ReadFile`"),
    ],
)  # fmt: skip
def test_what_a_model_costs_is_limited_and_costs_the_next_one_nothing(
    evaluator: Evaluator, step: Step, reason: str
) -> None:
    image = np.ones((4, 1, 1, 1), np.float32)
    with pytest.raises((UnsupportedModelError, ValueError), match=reason):
        evaluator.compute(described(step, shape=(None, 1, 1, 1)), [], image)
    output = evaluator.compute(described(DENSE), [KERNEL], np.ones((2, 3), np.float32))
    assert np.allclose(output, np.ones((2, 3)) @ KERNEL)


FITTED = """
import keras, numpy as np, pandas as pd, tensorflow as tf
from keras import layers

def net(size=3):
    model = keras.Sequential([keras.Input((size,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model

rows = np.arange(60.0).reshape(20, 3)
y = np.zeros(20)
short = {"verbose": 0, "batch_size": 10}

arrays = net()
given = rows.copy()
arrays.fit(given, y, epochs=2, validation_data=(rows + 1, y), **short)
given[:] = 0  # too late to hide them
arrays.fit(rows, y, **short)
arrays.evaluate(rows + 2, y, verbose=0)
arrays.predict(rows + 3, verbose=0)

split = net()
split.fit(rows, y, validation_split=0.25, **short)
table = net()
table.fit(pd.DataFrame(rows), y, **short)
tensor = net()
tensor.fit(tf.constant(rows, tf.float32), y, **short)
tensor.fit(tf.constant(rows + 1, tf.float32), y, **short)
batches = net()
for start in (0, 10, 0):
    batches.train_on_batch(rows[start : start + 10], y[:10])
    batches.test_on_batch(rows + 4, y)
data_set = net()
data_set.fit(tf.data.Dataset.from_tensor_slices((rows, y)).batch(5), verbose=0)
large = net(500)
large.fit(np.zeros((80, 500)), np.zeros(80), **short)
never = net()
wrong = net()
try:
    wrong.fit(np.zeros((20, 4)), y, **short)
except ValueError as error:
    message = str(error)
"""


def test_what_fit_was_given_is_known_of_small_arrays(sandbox: Sandbox) -> None:
    rows = np.arange(60.0).reshape(20, 3)
    expected: dict[str, list[Any]] = {
        "arrays": [rows],
        "split": [rows[:15]],
        "table": [rows],
        "tensor": [rows, rows + 1],
        "batches": [rows[:10], rows[10:]],
        "data_set": [],
        "large": [],
        "never": [],
    }
    with sandbox.open({}, Limits()) as session:
        assert session.run_cell(FITTED).error is None
        models, _ = session.read_values([*expected, "message"])
        session.run_cell("never.fit(rows, y, verbose=0)")  # after it was read
        assert "expected axis -1 of input shape to have value 3" in models.pop("message")
        found = {name: model.ask_for_fitted_rows() for name, model in models.items()}
    assert found.keys() == expected.keys()
    for name, arrays in expected.items():
        assert len(found[name]) == len(arrays), name
        assert all(map(np.array_equal, found[name], arrays)), name
