"""Functions and models are called as they were when the grader read them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ottermark.worker.retained import RetainedObjects


class Shell:
    def __init__(self, **names: Any) -> None:
        self.user_ns = names

    def define(self, source: str) -> None:
        exec(source, self.user_ns)


class Model:
    def __init__(self) -> None:
        self.weights = [np.zeros(2)]

    def get_weights(self) -> list[Any]:
        return self.weights

    def set_weights(self, weights: list[Any]) -> None:
        self.weights = [weight.copy() for weight in weights]


def test_a_function_sees_the_names_of_its_time() -> None:
    shell = Shell()
    retained = RetainedObjects(shell)
    shell.define("scale = 2\ndef f(x): return scale * x")
    handle = retained.retain(shell.user_ns["f"])
    shell.define("scale = 3\nlater = 1")
    with retained.restored(handle) as restored:
        assert restored.value(5) == 10
        assert "later" not in shell.user_ns
    assert shell.user_ns["scale"] == 3 and shell.user_ns["later"] == 1


def test_an_unchanged_object_keeps_its_handle() -> None:
    shell = Shell()
    retained = RetainedObjects(shell)
    shell.define("scale = 2\ndef f(x): return scale * x")
    function = shell.user_ns["f"]
    handle = retained.retain(function)
    shell.define("unrelated = 1")
    assert retained.retain(function) == handle
    shell.define("scale = 3")
    assert retained.retain(function) != handle


def test_a_model_has_the_weights_of_its_time() -> None:
    retained = RetainedObjects(Shell())
    model = Model()
    handle = retained.retain(model)
    model.weights[0][:] = 7
    assert retained.retain(model) != handle
    with retained.restored(handle) as restored:
        assert restored.value is model and not model.weights[0].any()


def test_names_are_put_back_when_a_call_raises() -> None:
    shell = Shell()
    retained = RetainedObjects(shell)
    shell.define("value = 1\ndef f(): raise ValueError(value)")
    handle = retained.retain(shell.user_ns["f"])
    shell.define("value = 2")
    with pytest.raises(ValueError, match="1"), retained.restored(handle) as restored:
        restored.value()
    assert shell.user_ns["value"] == 2
