"""Only data crosses, and it arrives unchanged; all else is rejected with a reason."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import sys
import textwrap
import threading
import time
import types
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

from ottermark.protocol.channel import (
    Channel,
    ChannelClosedError,
    ChannelTimeoutError,
    MalformedMessageError,
)
from ottermark.protocol.codec import Decoder, Encoder
from ottermark.protocol.model_description import (
    INPUT,
    ModelDescription,
    Step,
    StepOutput,
    Weight,
)
from ottermark.protocol.proxies import Opaque, RemoteFunction, RemoteModel, ValueRejectedError


def send(value: Any) -> Any:
    encoder = Encoder()
    node = json.loads(json.dumps(encoder.encode(value)))
    return Decoder(encoder.blobs).decode(node)


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False)
    | st.text(max_size=50)
    | st.fractions()
    | st.complex_numbers(allow_nan=False)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_plain_values_arrive_equal_and_of_the_same_type(value: Any) -> None:
    arrived = send(value)
    assert arrived == value
    assert repr(arrived) == repr(value)


@given(arrays(scalar_dtypes().filter(lambda d: d.kind in "biufc"), array_shapes()))
def test_arrays_arrive_equal(array: np.ndarray[Any, Any]) -> None:
    arrived = send(array)
    assert arrived.shape == array.shape
    np.testing.assert_array_equal(arrived, array)


@pytest.mark.parametrize("value", [np.int64(3), np.float32(0.5), np.bool_(True), np.uint8(200)])
def test_numpy_scalars_stay_numpy_scalars(value: Any) -> None:
    assert type(send(value)) is type(value)
    assert send(value) == value


def test_special_values() -> None:
    assert math.isnan(send(math.nan))
    assert send(-math.inf) == -math.inf
    assert send(...) is ...
    assert send(Decimal("1.50")) == Decimal("1.50")
    assert send(np.array(["a", "bc"])).tolist() == ["a", "bc"]
    for few in ({1, 2}, frozenset({3})):
        assert send(few) == few and type(send(few)) is type(few)


@pytest.mark.parametrize("value", [object(), len, b"ab", [1, object()]])
def test_what_is_no_data_is_not_sent_to_a_notebook(value: Any) -> None:
    with pytest.raises(ValueRejectedError, match="cannot be sent"):
        send(value)


def test_a_stand_in_for_what_cannot_cross_answers_nothing() -> None:
    item: Any
    (item,) = Decoder([]).decode(Encoder(lambda _: 0).encode([object()]))
    assert type(item) is Opaque and repr(item).startswith("<a object")
    questions: list[Callable[[], Any]] = [
        *(lambda: item == 3, lambda: item != 3, lambda: item in [1, 2], lambda: str(item)),
        *(
            lambda: bool(item),
            lambda: len(item),
            lambda: getattr(item, "name"),
            lambda: item[0],
            lambda: item(),
        ),
        *(lambda: f"{item}", lambda: {item}, lambda: float(item), lambda: hasattr(item, "x")),
    ]
    for question in questions:
        with pytest.raises(ValueRejectedError, match="a object cannot be sent to the grader"):
            question()
    assert Encoder(lambda _: 0).encode(item) == ["opaque", "object"]


@pytest.mark.parametrize("kind", [int, type(None), type(...), np.float64, pd.DataFrame, ValueError])
def test_types_of_data_cross_by_their_names(kind: type) -> None:
    assert send(kind) is kind and send([kind]) == [kind]
    assert Decoder([]).decode(Encoder(lambda _: 0).encode(kind)) is kind


def test_other_types_stay_where_they_are() -> None:
    class Own:
        pass

    Own.__module__, Own.__qualname__ = "builtins", "int"  # it says that it is another
    for kind in (Own, RemoteFunction, Path, np.ndarray, type, types.CodeType):
        assert Encoder(lambda _: 7).encode(kind)[:2] == ["function", 7]
        with pytest.raises(ValueRejectedError, match="cannot be sent"):
            send(kind)
    for node in (["type", "os", "system"], ["type", "pathlib", "Path"], ["type", [], 1], ["type"]):
        with pytest.raises(ValueRejectedError):
            Decoder([]).decode(node)


def test_other_sequences_arrive_as_tuples() -> None:
    assert send(range(3)) == (0, 1, 2)
    assert send(deque([1.5, "a"])) == (1.5, "a")
    assert send({"b": 1}.keys()) == ("b",)
    with pytest.raises(ValueRejectedError, match="too many parts"):
        Encoder().encode(range(10**9))


def test_frames_and_series() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}, index=[5, 6])
    pd.testing.assert_frame_equal(send(frame), frame, check_dtype=False)
    series = pd.Series([1.5, 2.5], name="s")
    pd.testing.assert_series_equal(send(series), series)


def test_a_value_that_contains_itself_is_rejected() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueRejectedError, match="contains itself"):
        Encoder().encode(loop)


@pytest.mark.parametrize("value", ["x" * 200_000, 10**500, np.zeros(2**24), [[0] * 1000] * 1000])
def test_a_value_that_is_too_large_is_rejected_by_the_sender(value: Any) -> None:
    with pytest.raises(ValueRejectedError):
        Encoder().encode(value)


HOSTILE_NODES = [
    ["nothing"],
    ["array"],
    ["array", "<f8", [2], 0],  # one number's bytes for two
    ["array", "<f8", [2**40, 2**40], 0],
    ["array", "<f8", [-1], 0],
    ["array", "<f8", [1], -1],
    ["array", "|O", [1], 0],
    ["array", "<f8,<f8", [1], 0],
    ["array", "V8", [1], 0],
    ["array", "M8[s]", [1], 0],
    ["array", 5, [1], 0],
    ["array", "<f8", [1] * 40, 0],
    ["array", "<f8", [1], 7],
    ["scalar", ["array", "<f8", [1], 0]],
    ["scalar", "x"],
    ["int", "9" * 5000],
    ["int", 5],
    ["decimal", "1e999999999"],
    ["decimal", "x"],
    ["float", "0x"],
    ["fraction", "1", "0"],
    ["complex", "a", "b"],
    ["dict", [[["list", []], 1]]],  # a key that cannot be one
    ["dict", [[1]]],
    ["dict", [[i, 0] for i in range(5000)]],
    ["set", list(range(5000))],
    ["set", [["list", []]]],
    ["list", 3],
    ["tuple", {"a": 1}],
    ["objects", [5], [1, 2]],
    ["frame", [["a", ["array", "<f8", [1], 0]]], ["array", "<f8", [9], 0]],
    ["series", None, 3, 4],
    ["function", 0, "f", False],
    ["model", 0, "m", [5, ["output", 0, 0], [], "float32", "", ""]],
    ["model", "0", "m", [[], ["output", 0, 0], [], "float32", "", ""]],
    ["model", 0, "m", [[], ["output", 0, 0], [], "x" * 200, "", ""]],
    ["model", 0, "m", [[["A", "b", 1, 5]], ["output", 0, 0], [], "float32", "", ""]],
    ["output", 0, 0],  # outside of a model
    ["weight", 0],
    ["_items", 3],
    ["kept", 3],
    [["list"]],
    [],
    {"a": 1},
    2**60,
    "x" * 200_000,
]


@pytest.mark.parametrize("node", HOSTILE_NODES, ids=lambda n: repr(n)[:40])
def test_a_malformed_node_is_rejected(node: Any) -> None:
    with pytest.raises(ValueRejectedError):
        Decoder([b"12345678"]).decode(node)


def test_the_receiver_limits_the_depth() -> None:
    node: Any = 1
    for _ in range(100):
        node = ["list", [node]]
    with pytest.raises(ValueRejectedError, match="deeply"):
        Decoder([]).decode(node)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        [
            "list",
            "tuple",
            "dict",
            "set",
            "array",
            "scalar",
            "frame",
            "series",
            "model",
            "int",
            "function",
            "objects",
            "decimal",
            "fraction",
            "complex",
            "opaque",
            "type",
            "<f8",
            "|b1",
        ]
    ),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=30,
)


@given(json_values, st.lists(st.binary(max_size=40), max_size=3))
def test_any_node_is_decoded_or_rejected(node: Any, blobs: list[bytes]) -> None:
    with contextlib.suppress(ValueRejectedError):
        Decoder(blobs, SilentPeer()).decode(node)


class SilentPeer:
    changed_arguments = False

    def __init__(self) -> None:
        self.rejections: list[ValueRejectedError] = []

    def call(self, *_: Any) -> Any:
        raise AssertionError("decoding calls nothing")


def test_only_identifiers_are_taken_as_names() -> None:
    function = Decoder([], SilentPeer()).decode(["function", 0, "<script>alert(1)", False])
    assert isinstance(function, RemoteFunction)
    assert function.__name__ == "value"


BODIES = {
    "pass": True,
    "'a docstring'": True,
    "return ...": True,
    "weights = ...\nreturn weights": True,
    "raise NotImplementedError": True,
    "raise NotImplementedError('your code here')": True,
    "return None": True,
    "height, width = shape\nweights = height * width * filters": False,  # and no return
    "return shape[0]": False,
    "return 3": False,
    "return -filters": False,
    "return len(shape)": False,
    "return shape == filters": False,
    "if filters > 3:\n    raise NotImplementedError\nreturn 2 * filters": False,
    "return filters()": False,
}


@pytest.mark.parametrize(("body", "is_placeholder"), BODIES.items())
def test_a_function_that_computes_nothing_is_a_placeholder(body: str, is_placeholder: bool) -> None:
    names: dict[str, Any] = {}
    exec(f"def answer(shape, filters):\n{textwrap.indent(body, '    ')}", names)
    encoder = Encoder(retain=lambda _: 0)
    function = Decoder(encoder.blobs, SilentPeer()).decode(encoder.encode(names["answer"]))
    assert function.is_empty == is_placeholder


class Estimator:
    """Counts as a model, as scikit-learn's estimators do."""


@pytest.fixture
def sklearn_base(monkeypatch: pytest.MonkeyPatch) -> None:
    base = types.ModuleType("sklearn.base")
    base.BaseEstimator = Estimator  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sklearn.base", base)


STEPS = (
    Step(
        "Dense",
        "last",
        {"units": 1},
        [Weight(0), Weight(1)],
        [StepOutput(INPUT)],
        {"training": False},
    ),
    Step(
        "tf.Mul",
        "Mul",
        {"outputs": 1, "settings": {"T": "float32"}},
        [],
        [StepOutput(0), Weight(2)],
    ),
)
DESCRIPTION = ModelDescription(STEPS, StepOutput(1), (None, 3), "float32")


@pytest.mark.usefixtures("sklearn_base")
def test_a_model_crosses_as_its_description_and_a_handle() -> None:
    encoder = Encoder(lambda model: 7, lambda model: DESCRIPTION)
    node = json.loads(json.dumps(encoder.encode([Estimator()])))
    (model,) = Decoder([], SilentPeer()).decode(node)
    assert isinstance(model, RemoteModel)
    assert (model.handle, model.name) == (7, "Estimator")
    assert model.description == DESCRIPTION
    (name,) = Decoder([], SilentPeer(), make_model=lambda model: model.name).decode(node)
    assert name == "Estimator"


@pytest.mark.usefixtures("sklearn_base")
def test_a_model_that_cannot_be_described_crosses_with_the_reason() -> None:
    obstacle = ModelDescription(obstacle="Noise")
    node = json.loads(
        json.dumps(Encoder(lambda model: 0, lambda model: obstacle).encode(Estimator()))
    )
    assert Decoder([], SilentPeer()).decode(node).description == obstacle
    deep: Any = []
    for _ in range(40):
        deep = [deep]
    large = ModelDescription([Step("Dense", "d", {"units": deep})], StepOutput(0))
    node = json.loads(json.dumps(Encoder(lambda model: 0, lambda model: large).encode(Estimator())))
    assert Decoder([], SilentPeer()).decode(node).description == ModelDescription(obstacle="size")
    with pytest.raises(ValueRejectedError, match="a value of type Estimator cannot be sent"):
        send(Estimator())


# --------------------------------------------------------------------------- messages


def pair() -> tuple[Channel, socket.socket]:
    ours, theirs = socket.socketpair()
    return Channel(ours), theirs


def in_two_seconds() -> float:
    return time.monotonic() + 2


def test_messages_arrive_whole() -> None:
    ours, theirs = socket.socketpair()
    blobs = [b"", b"x" * 3_000_000]
    sender = threading.Thread(target=Channel(theirs).send, args=({"a": [1, "é"]}, blobs))
    sender.start()
    assert Channel(ours).receive(in_two_seconds()) == ({"a": [1, "é"]}, blobs)
    sender.join()


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack("!II", 2**31, 0),  # sizes are rejected before memory is allocated
        struct.pack("!II", 2, 2**31),
        struct.pack("!IIQ", 2, 1, 2**62),
        struct.pack("!II", 4, 0) + b"nope",
        struct.pack("!II", 2, 0) + b"[]",
        struct.pack("!II", 200_000, 0) + b"[" * 200_000,
    ],
)
def test_a_malformed_message_is_recognised(sent: bytes) -> None:
    channel, theirs = pair()
    threading.Thread(target=theirs.sendall, args=(sent,), daemon=True).start()
    with pytest.raises(MalformedMessageError):
        channel.receive(in_two_seconds())


def test_a_header_without_a_body_meets_the_deadline() -> None:
    channel, theirs = pair()
    theirs.sendall(struct.pack("!II", 10, 0))
    with pytest.raises(ChannelTimeoutError):
        channel.receive(time.monotonic() + 0.2)


def test_a_message_that_arrives_in_pieces_is_read_on() -> None:
    channel, theirs = pair()
    message = struct.pack("!IIQ", 7, 1, 3) + b'{"a":1}' + b"xyz"
    for byte in message[:-1]:
        theirs.sendall(bytes([byte]))
        with pytest.raises(ChannelTimeoutError):
            channel.receive(time.monotonic() + 0.005)
    theirs.sendall(message[-1:] + struct.pack("!II", 2, 0) + b"{}")
    assert channel.receive(in_two_seconds()) == ({"a": 1}, [b"xyz"])
    assert channel.receive(in_two_seconds()) == ({}, [])


def test_a_closed_channel_is_recognised() -> None:
    channel, theirs = pair()
    theirs.close()
    with pytest.raises(ChannelClosedError):
        channel.receive(in_two_seconds())
