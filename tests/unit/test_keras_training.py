"""The guards of ``keras_training``; what its levers do to training is tested in ``tests/lab``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from ottermark.worker import keras_training
from ottermark.worker.keras_lever import TRAINER, Lever, source_hash
from ottermark.worker.keras_training import pull_levers

KNOWN = "json:loads"


@pytest.fixture
def pulled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have three levers for a Keras that seems to be imported; returns those that are pulled."""
    names: list[str] = []

    def note(name: str) -> Callable[[], None]:
        return lambda: names.append(name)

    levers = {name: Lever(note(name), {KNOWN: source_hash(KNOWN)}) for name in "abc"}
    monkeypatch.setattr(keras_training, "LEVERS", levers)
    monkeypatch.setattr(keras_training, "_pulled", set())
    monkeypatch.setitem(sys.modules, TRAINER, SimpleNamespace())
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="2.21.0"))
    return names


def test_levers_that_fit_are_pulled_once(pulled: list[str]) -> None:
    assert pull_levers() == [] == pull_levers()
    assert pulled == ["a", "b", "c"]


@pytest.mark.parametrize("source", [{KNOWN: "another"}, {"json:gone": ""}, {"no_such:thing": "x"}])
def test_a_lever_whose_guard_does_not_fit_is_left_alone(
    pulled: list[str], source: dict[str, str]
) -> None:
    keras_training.LEVERS["b"] = Lever(keras_training.LEVERS["b"].pull, source)
    assert pull_levers() == ["b"]
    assert pulled == ["a", "c"]


def test_no_lever_is_pulled_with_a_tensorflow_that_is_not_known(
    pulled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", SimpleNamespace(__version__="2.22.0"))
    assert pull_levers() == ["a", "b", "c"]
    assert pulled == []


def test_without_keras_nothing_is_said(pulled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, TRAINER)
    assert pull_levers() == []
    assert pulled == []
