"""Only data crosses, and it arrives as it was; whatever else is sent is refused with a reason."""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import threading
import time
from collections import deque
from decimal import Decimal
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
from ottermark.protocol.codec import Decoder, Encoder, Opaque, RemoteFunction, ValueRejectedError


def crossed(value: Any) -> Any:
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
    arrived = crossed(value)
    assert arrived == value
    assert repr(arrived) == repr(value)


@given(arrays(scalar_dtypes().filter(lambda d: d.kind in "biufc"), array_shapes()))
def test_arrays_arrive_equal(array: np.ndarray[Any, Any]) -> None:
    arrived = crossed(array)
    assert arrived.shape == array.shape
    np.testing.assert_array_equal(arrived, array)


@pytest.mark.parametrize("value", [np.int64(3), np.float32(0.5), np.bool_(True), np.uint8(200)])
def test_numpy_scalars_stay_numpy_scalars(value: Any) -> None:
    assert type(crossed(value)) is type(value)
    assert crossed(value) == value


def test_special_values() -> None:
    assert math.isnan(crossed(math.nan))
    assert crossed(-math.inf) == -math.inf
    assert crossed(...) is ...
    assert crossed(Decimal("1.50")) == Decimal("1.50")
    assert crossed(np.array(["a", "bc"])).tolist() == ["a", "bc"]
    for few in ({1, 2}, frozenset({3})):
        assert crossed(few) == few and type(crossed(few)) is type(few)
    assert isinstance(crossed(object()), Opaque)
    assert isinstance(crossed(len), Opaque), "a function crosses only where somebody keeps it"


def test_what_is_like_a_row_arrives_as_a_tuple() -> None:
    assert crossed(range(3)) == (0, 1, 2)
    assert crossed(deque([1.5, "a"])) == (1.5, "a")
    assert crossed({"b": 1}.keys()) == ("b",)
    assert isinstance(crossed(b"ab"), Opaque)
    with pytest.raises(ValueRejectedError, match="too many parts"):
        Encoder().encode(range(10**9))


def test_frames_and_series() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}, index=[5, 6])
    pd.testing.assert_frame_equal(crossed(frame), frame, check_dtype=False)
    series = pd.Series([1.5, 2.5], name="s")
    pd.testing.assert_series_equal(crossed(series), series)


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueRejectedError, match="contains itself"):
        Encoder().encode(loop)


@pytest.mark.parametrize("value", ["x" * 200_000, 10**500, np.zeros(2**24), [[0] * 1000] * 1000])
def test_what_is_too_large_is_refused_where_it_is_sent(value: Any) -> None:
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
    ["function", 0, "f"],
    ["model", 0, "m", 1, None, None, []],
    ["model", "0", "m", 1, None, None, [["A", "b", 1, 5]]],
    ["_items", 3],
    ["kept", 3],
    [["list"]],
    [],
    {"a": 1},
    2**60,
    "x" * 200_000,
]


@pytest.mark.parametrize("node", HOSTILE_NODES, ids=lambda n: repr(n)[:40])
def test_a_node_that_is_not_right_is_refused(node: Any) -> None:
    with pytest.raises(ValueRejectedError):
        Decoder([b"12345678"]).decode(node)


def test_depth_is_capped_on_arrival() -> None:
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
            "<f8",
            "|b1",
        ]
    ),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=30,
)


@given(json_values, st.lists(st.binary(max_size=40), max_size=3))
def test_anything_at_all_is_decoded_or_refused(node: Any, blobs: list[bytes]) -> None:
    class Nobody:
        def ask(self, *_: Any) -> Any:
            raise AssertionError

    with contextlib.suppress(ValueRejectedError):
        Decoder(blobs, Nobody()).decode(node)


def test_names_from_the_other_side_are_plain() -> None:
    claim = Decoder([], peer=object()).decode(["function", 0, "<script>alert(1)"])  # type: ignore[arg-type]
    assert isinstance(claim, RemoteFunction)
    assert claim.__name__ == "value"


# --------------------------------------------------------------------------- messages


def pair() -> tuple[Channel, socket.socket]:
    ours, theirs = socket.socketpair()
    return Channel(ours), theirs


def soon() -> float:
    return time.monotonic() + 2


def test_messages_arrive_whole() -> None:
    ours, theirs = socket.socketpair()
    blobs = [b"", b"x" * 3_000_000]
    sender = threading.Thread(target=Channel(theirs).send, args=({"a": [1, "é"]}, blobs))
    sender.start()
    assert Channel(ours).receive(soon()) == ({"a": [1, "é"]}, blobs)
    sender.join()


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack("!II", 2**31, 0),  # sizes are refused before memory is given
        struct.pack("!II", 2, 2**31),
        struct.pack("!IIQ", 2, 1, 2**62),
        struct.pack("!II", 4, 0) + b"nope",
        struct.pack("!II", 2, 0) + b"[]",
        struct.pack("!II", 200_000, 0) + b"[" * 200_000,
    ],
)
def test_what_is_not_a_message_is_noticed(sent: bytes) -> None:
    channel, theirs = pair()
    threading.Thread(target=theirs.sendall, args=(sent,), daemon=True).start()
    with pytest.raises(MalformedMessageError):
        channel.receive(soon())


def test_a_header_without_a_body_meets_the_deadline() -> None:
    channel, theirs = pair()
    theirs.sendall(struct.pack("!II", 10, 0))
    with pytest.raises(ChannelTimeoutError):
        channel.receive(time.monotonic() + 0.2)


def test_a_message_that_comes_late_is_read_on() -> None:
    channel, theirs = pair()
    message = struct.pack("!IIQ", 7, 1, 3) + b'{"a":1}' + b"xyz"
    for byte in message[:-1]:
        theirs.sendall(bytes([byte]))
        with pytest.raises(ChannelTimeoutError):
            channel.receive(time.monotonic() + 0.005)
    theirs.sendall(message[-1:] + struct.pack("!II", 2, 0) + b"{}")
    assert channel.receive(soon()) == ({"a": 1}, [b"xyz"])
    assert channel.receive(soon()) == ({}, [])


def test_a_closed_channel_is_noticed() -> None:
    channel, theirs = pair()
    theirs.close()
    with pytest.raises(ChannelClosedError):
        channel.receive(soon())
