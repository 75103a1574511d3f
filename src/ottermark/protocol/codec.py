"""What may cross between the grader and the student's process, and how it is checked.

Only data crosses. A value becomes a *node* (JSON) plus *blobs* (the bytes of arrays);
both directions use the same form. The student's process may send anything at all, so
``decode`` trusts nothing: every size, depth, type and shape is checked before memory is
given, and what fails is a ``ValueRejectedError`` with a sentence for the student.

Functions and models do not cross. Their node holds a number under which the other side
keeps the object, and ``decode`` makes a ``RemoteFunction`` or ``RemoteModel`` that asks
back over a ``Peer``. Of a network its layers and weights do cross, and the grader computes with
them (``network``).
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from ottermark.models.inference import MAX_STEPS, Network, Step, UnsupportedModelError, describe

Node = Any  # JSON: None, bool, int, float, str, or a list whose first item is a tag

MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_KEYS = 2_000  # crafted keys can all share a hash, so looking n of them up costs n * n
MAX_ALL_KEYS = 5_000
MAX_TEXT = 100_000
MAX_ALL_TEXT = 500_000  # of one value; as JSON it is up to six times as long
MAX_BLOBS = 1_000
MAX_TABLE_OF_TEXT = 20_000_000  # characters, if all parts were as long as the longest text
MAX_DIGITS = 400
MAX_DIMENSIONS = 16
MAX_ELEMENTS = 2 * 2**20  # of an array from the student: tests may go through them one by one
MAX_ARRAY_BYTES = 64 * 2**20  # of any array
MAX_ANSWERS = 16  # of a model that are kept
PROBES = 4  # rows on which a model and what the grader makes of it must agree

_SAFE_INTEGER = 2**53
_NUMERIC_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c8|c16)")


class ValueRejectedError(Exception):
    """A value that cannot cross, or that is not what it says it is.

    The message is meant for the student and never holds text the other side chose.
    """


class CallTimeoutError(ValueRejectedError):
    """An answer that did not come in time."""


class Peer(Protocol):
    """The other side, as far as a claim needs it."""

    def ask(self, handle: int, what: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """Call ``what`` on the object kept under ``handle`` and return the decoded answer."""


class RemoteFunction:
    """Stands for a function that stays in the student's process.

    Called with data, it returns data. Raises ``ValueRejectedError`` when the answer cannot cross
    and ``CallFailedError`` when the function raised.

    Attributes:
        answered: whether a call has returned anything but None, as an empty function does not.
    """

    def __init__(self, peer: Peer, handle: int, name: str) -> None:
        self._peer, self.handle = peer, handle
        self.__name__ = name
        self.answered = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function where it is."""
        value = self._peer.ask(self.handle, "call", args, kwargs)
        self.answered |= value is not None
        return value


class CallFailedError(Exception):
    """A function or model of the student's raised while the grader was asking it.

    Args:
        name: the name of the function in the student's notebook.
        kind: the exception's type.
        text: its first line; left out when the call was made with inputs that are hidden.
    """

    def __init__(self, name: str, kind: str, text: str = "") -> None:
        told = f": {text}" if text else ""
        super().__init__(f"`{name}` raised {kind} when the grader called it{told}")
        self.name, self.kind = name, kind


class RemoteLayer:
    """One layer; its class carries the name of Keras's class."""

    def __init__(self, name: str, params: int, config: dict[str, Any]) -> None:
        self.name, self._params, self._config = name, params, config

    def count_params(self) -> int:
        """Return the number of weights in this layer."""
        return self._params

    def get_config(self) -> dict[str, Any]:
        """Return the layer's settings as Keras gives them."""
        return self._config


class RemoteModel:
    """Stands for a Keras model or an estimator that stays in the student's process.

    Where the grader can follow how a Keras model computes, ``predict`` is the grader's own
    computing with the layers and weights that the model shows. Where it cannot, or comes to
    something else than the model does, ``predict`` asks the model, and what the model says of
    its layers and weights is refused.
    """

    def __init__(
        self, peer: Peer, handle: int, name: str, steps: Sequence[Step], fed: Sequence[int | None]
    ) -> None:
        self._peer, self.handle, self.name = peer, handle, name
        self._steps, self._fed = steps, tuple(fed)
        self._weights: list[np.ndarray[Any, Any]] = []
        self._shape: tuple[int | None, ...] = ()
        self._answers: dict[bytes, np.ndarray[Any, Any]] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the model as a function, e.g. one that is made of augmentation layers."""
        return self._peer.ask(self.handle, "call", args, kwargs)

    def predict(self, x: Any, **_: Any) -> np.ndarray[Any, Any]:
        """Return the model's answer to ``x``, shape (len(x), ...); keyword arguments are not sent."""
        if self._network is not None:
            try:
                return self._computed(self._network, np.asarray(x)).copy()
            except UnsupportedModelError as reason:
                raise ValueRejectedError(f"the model has {reason}") from None
            except ValueError:  # let the model say it in Keras's words
                self._peer.ask(self.handle, "predict", (x,), {})
                raise ValueRejectedError("the model's answer is not that of its layers") from None
        return np.asarray(self._peer.ask(self.handle, "predict", (x,), {}))

    def _computed(self, network: Network, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Compute an answer once: tests and misconceptions look at the same rows again and again."""
        key = hashlib.sha256(repr((x.shape, x.dtype.str)).encode() + x.tobytes()).digest()
        if key not in self._answers:
            if len(self._answers) == MAX_ANSWERS:
                self._answers.clear()
            self._answers[key] = network(self._fitted(x))
        return self._answers[key]

    @property
    def followed(self) -> bool:
        """Whether the grader computes the model's answers by itself."""
        return self._network is not None

    @property
    def layers(self) -> list[RemoteLayer]:
        """The layers in the order of computing, those of models within the model too."""
        self._be_followed()
        return [
            type(step.kind, (RemoteLayer,), {})(
                step.name, sum(self._weights[at].size for at in step.arrays), dict(step.config)
            )
            for step in self._steps
        ]

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of the input, the number of rows (None) first."""
        self._be_followed()
        return self._fed

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """The shape of the answer, the number of rows (None) first."""
        self._be_followed()
        return self._shape

    def count_params(self) -> int:
        """Return the number of weights."""
        return sum(weight.size for weight in self.get_weights())

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Return the weights as arrays, in Keras's order."""
        self._be_followed()
        return [weight.copy() for weight in self._weights]

    def _be_followed(self) -> None:
        if self._network is None:
            raise ValueRejectedError(
                "what the model says of its layers does not explain what it answers"
            )

    @cached_property
    def _network(self) -> Network | None:
        """The network that the model says it is, if it answers like it."""
        if not self._steps:
            return None
        probes = np.random.default_rng(0).normal(size=(PROBES, *(n or 32 for n in self._fed[1:])))
        probes = probes.astype(np.float32)
        try:
            weights = self._peer.ask(self.handle, "get_weights", (), {})
            self._weights = [np.asarray(weight) for weight in weights]
            network = Network(self._steps, self._weights)
            own = network(probes)
            told = np.asarray(self._peer.ask(self.handle, "predict", (probes,), {}), float)
        except CallTimeoutError:
            raise
        except (ValueRejectedError, CallFailedError, UnsupportedModelError, ValueError, TypeError):
            return None
        self._shape = (None, *own.shape[1:])
        near = 0.01 * float(np.abs(own).max(initial=0)) + 1e-6  # computed in lower precision
        return network if own.shape == told.shape and np.allclose(own, told, 0.01, near) else None

    def _fitted(self, x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return ``x`` with a last axis of one more, or less, as Keras does it."""
        if x.ndim == len(self._fed) - 1 and self._fed[-1] == 1:
            return x[..., np.newaxis]
        if x.ndim == len(self._fed) + 1 and x.shape[-1] == 1:
            return x[..., 0]
        return x


class Opaque:
    """A value that cannot cross: only the name of its type is known."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __repr__(self) -> str:
        return f"<a {self.type_name}, which cannot be sent to the grader>"


# --------------------------------------------------------------------------- sending


class Encoder:
    """Turns values into nodes and blobs.

    Args:
        keep: called with a function or model that must stay here; returns its handle. Left
            out, such values become ``Opaque``.
    """

    def __init__(self, keep: Callable[[Any], int] | None = None) -> None:
        self.blobs: list[bytes] = []
        self._keep = keep
        self._open: set[int] = set()  # containers being encoded, to notice a loop
        self._nodes = self._text = 0

    def encode(self, value: Any, depth: int = 0) -> Node:
        """Return the node for ``value``; raises ``ValueRejectedError`` if it is too deep or too large."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRejectedError("the value is nested too deeply or has too many parts")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            if len(value) > MAX_TEXT:
                raise ValueRejectedError(f"the text is longer than {MAX_TEXT:,} characters")
            self._text += len(value)
            if self._text > MAX_ALL_TEXT:
                raise ValueRejectedError("the value holds too much text")
            return value
        if kind is int:
            if abs(value) < _SAFE_INTEGER:
                return value
            if abs(value) >= 10**MAX_DIGITS:
                raise ValueRejectedError(f"the number has more than {MAX_DIGITS} digits")
            return ["int", str(value)]
        if kind is float:
            return value if math.isfinite(value) else ["float", repr(value)]
        if value is Ellipsis:
            return ["ellipsis"]
        if issubclass(kind, (list, tuple, set, frozenset, dict)):  # what it is, not what it says
            return self._container(value, depth)
        return self._number_or_array(value, depth)

    def _container(self, value: Any, depth: int) -> Node:
        if id(value) in self._open:
            raise ValueRejectedError("the value contains itself")
        self._open.add(id(value))
        try:
            if issubclass(type(value), dict):
                return [
                    "dict",
                    [
                        [self.encode(k, depth + 1), self.encode(v, depth + 1)]
                        for k, v in value.items()
                    ],
                ]
            tags = (t for t in (list, tuple, frozenset, set) if issubclass(type(value), t))
            return [next(tags, tuple).__name__, [self.encode(item, depth + 1) for item in value]]
        finally:
            self._open.discard(id(value))

    def _number_or_array(self, value: Any, depth: int) -> Node:
        if isinstance(value, Fraction):
            return ["fraction", str(value.numerator), str(value.denominator)]
        if isinstance(value, Decimal):
            return ["decimal", str(value)]
        if isinstance(value, complex):
            return ["complex", self.encode(value.real), self.encode(value.imag)]
        if isinstance(value, np.generic) and value.dtype.kind in "biuf":
            return ["scalar", value.dtype.str, self.encode(value.item(), depth)]
        if isinstance(value, np.ndarray):
            return self._array(value, depth)
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(
            value, (pandas.DataFrame, pandas.Series, pandas.Index)
        ):
            return self._table(value, depth)
        if isinstance(value, (int, float, str)):  # subclasses, once everything else is ruled out
            base = next(t for t in (bool, int, float, str) if isinstance(value, t))
            return self.encode(base(value), depth)
        if _is_model(value):
            return self._model(value, depth)
        if hasattr(value, "__array__") and hasattr(value, "shape") and hasattr(value, "dtype"):
            return self._array(np.asarray(value), depth)  # tensors, variables
        if callable(value) and self._keep is not None:
            name = str(getattr(value, "__name__", type(value).__name__))[:100]
            return ["function", self._keep(value), name]
        if _is_row(value):
            return self._container(value, depth)
        return ["opaque", type(value).__name__[:100]]

    def _array(self, array: np.ndarray[Any, Any], depth: int) -> Node:
        if array.nbytes > MAX_ARRAY_BYTES:
            raise ValueRejectedError(f"the array is larger than {MAX_ARRAY_BYTES // 2**20} MB")
        shape = list(array.shape)
        if array.dtype.kind == "f" and array.dtype.itemsize not in (2, 4, 8):
            array = array.astype(np.float64)
        if _NUMERIC_DTYPE.fullmatch(array.dtype.str):
            if len(self.blobs) >= MAX_BLOBS:
                raise ValueRejectedError(f"the value holds more than {MAX_BLOBS:,} arrays")
            self.blobs.append(np.ascontiguousarray(array).tobytes())
            return ["array", array.dtype.str, shape, len(self.blobs) - 1]
        return ["objects", shape, [self.encode(item, depth + 1) for item in array.ravel().tolist()]]

    def _table(self, table: Any, depth: int) -> Node:
        if table.ndim == 2:
            columns = [
                [self.encode(name, depth + 1), self._array(table.iloc[:, i].to_numpy(), depth + 1)]
                for i, name in enumerate(table.columns)
            ]
            return ["frame", columns, self._array(table.index.to_numpy(), depth + 1)]
        index = getattr(table, "index", None)
        rows = None if index is None else self._array(index.to_numpy(), depth + 1)
        return ["series", self.encode(table.name), self._array(table.to_numpy(), depth + 1), rows]

    def _model(self, model: Any, depth: int) -> Node:
        if self._keep is None:
            return ["opaque", type(model).__name__[:100]]

        try:
            steps, fed = describe(model)
            told = [
                [step.kind, step.name, Encoder().encode(step.config), step.arrays, step.inputs]
                for step in steps
            ]
        except Exception:  # it is no network, or none that can be told
            told, fed = [], ()
        name = str(getattr(model, "name", type(model).__name__))
        return ["model", self._keep(model), name[:100], told, list(fed)]


def _is_row(value: Any) -> bool:
    """Tell whether a value is several in a row, as TensorFlow's shapes and ranges are."""
    kind = type(value)
    if callable(value) or issubclass(kind, (bytes, bytearray, memoryview)):
        return False
    return hasattr(kind, "__len__") and hasattr(kind, "__iter__")


def _is_model(value: Any) -> bool:
    keras = sys.modules.get("keras")
    if keras is not None and isinstance(value, keras.Model):
        return True
    base = sys.modules.get("sklearn.base")
    return base is not None and isinstance(value, base.BaseEstimator)


# --------------------------------------------------------------------------- receiving


class Decoder:
    """Turns nodes and blobs back into values, believing nothing.

    Args:
        blobs: the bytes that came with the node.
        peer: whom functions and models ask; left out, they are refused.
        elements: how many an array may have.
    """

    def __init__(
        self, blobs: Sequence[bytes], peer: Peer | None = None, elements: int = MAX_ELEMENTS
    ) -> None:
        self._elements = elements
        self._blobs, self._peer = dict(enumerate(blobs)), peer
        self._nodes = self._keys = self._longest = 0

    def decode(self, node: Node, depth: int = 0) -> Any:
        """Return the value of ``node``; raises ``ValueRejectedError`` if anything in it is not right."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRejectedError("the value is nested too deeply or has too many parts")
        if self._longest * self._nodes > MAX_TABLE_OF_TEXT:  # NumPy would make all as long
            raise ValueRejectedError("the value holds too much text")
        if node is None or type(node) in (bool, float):
            return node
        if type(node) is int and abs(node) < _SAFE_INTEGER:
            return node
        if type(node) is str:
            if len(node) > MAX_TEXT:
                raise ValueRejectedError(f"the text is longer than {MAX_TEXT:,} characters")
            self._longest = max(self._longest, len(node))
            return node
        if type(node) is list and node and type(node[0]) is str:
            read = getattr(self, f"_read_{node[0]}", None)
            if read is not None:
                try:
                    return read(depth + 1, *node[1:])
                except ValueRejectedError:
                    raise
                except Exception:  # a body that does not fit its tag
                    pass
        raise ValueRejectedError("the value did not arrive whole")

    def _items(self, depth: int, nodes: Any) -> list[Any]:
        if type(nodes) is not list:
            raise TypeError(nodes)
        return [self.decode(n, depth) for n in nodes]

    def _read_int(self, _: int, digits: str) -> int:
        if type(digits) is not str or len(digits) > MAX_DIGITS + 1:
            raise ValueRejectedError(f"the number has more than {MAX_DIGITS} digits")
        return int(digits)

    def _read_float(self, _: int, text: str) -> float:
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[text]

    def _read_ellipsis(self, _: int) -> Any:
        return Ellipsis

    def _read_list(self, depth: int, nodes: Any) -> list[Any]:
        return self._items(depth, nodes)

    def _read_tuple(self, depth: int, nodes: Any) -> tuple[Any, ...]:
        return tuple(self._items(depth, nodes))

    def _read_set(self, depth: int, nodes: Any) -> set[Any]:
        self._few_enough(nodes)
        return set(self._items(depth, nodes))

    def _read_frozenset(self, depth: int, nodes: Any) -> frozenset[Any]:
        self._few_enough(nodes)
        return frozenset(self._items(depth, nodes))

    def _read_dict(self, depth: int, pairs: Any) -> dict[Any, Any]:
        self._few_enough(pairs)
        return {self.decode(k, depth): self.decode(v, depth) for k, v in pairs}

    def _few_enough(self, nodes: Any) -> None:
        self._keys += len(nodes)
        if len(nodes) > MAX_KEYS or self._keys > MAX_ALL_KEYS:
            raise ValueRejectedError(f"sets and dicts have more than {MAX_KEYS:,} entries")

    def _read_fraction(self, depth: int, over: str, under: str) -> Fraction:
        return Fraction(self._read_int(depth, over), self._read_int(depth, under))

    def _read_decimal(self, _: int, text: str) -> Decimal:
        if type(text) is not str or len(text) > MAX_DIGITS:
            raise ValueRejectedError(f"the number has more than {MAX_DIGITS} digits")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError(text) from None
        if number.is_finite() and abs(number.adjusted()) > MAX_DIGITS:
            raise ValueRejectedError(f"the number has more than {MAX_DIGITS} digits")
        return number

    def _read_complex(self, depth: int, real: Node, imag: Node) -> complex:
        return complex(self.decode(real, depth), self.decode(imag, depth))

    def _read_scalar(self, depth: int, dtype: str, node: Node) -> Any:
        number = self.decode(node, depth)
        if not _NUMERIC_DTYPE.fullmatch(dtype) or type(number) not in (bool, int, float):
            raise TypeError(node)
        return np.asarray(number, np.dtype(dtype))[()]

    def _read_array(self, _: int, dtype: str, shape: Any, blob: int) -> np.ndarray[Any, Any]:
        if not _NUMERIC_DTYPE.fullmatch(dtype) or type(blob) is not int or blob < 0:
            raise TypeError(dtype)
        sizes = self._checked_shape(shape)
        data = self._blobs.pop(blob)  # used twice, a small message would make much memory
        if dtype.endswith("b1"):  # any byte but 0 and 1 would make a bool that is neither
            return (np.frombuffer(data, np.uint8) != 0).reshape(sizes)
        return np.frombuffer(data, np.dtype(dtype)).reshape(sizes).copy()

    def _read_objects(self, depth: int, shape: Any, nodes: Any) -> np.ndarray[Any, Any]:
        values = self._items(depth, nodes)
        sizes = self._checked_shape(shape)
        if values and all(type(v) is str for v in values):
            return np.array(values).reshape(sizes)
        array = np.empty(len(values), dtype=object)
        for place, value in enumerate(values):  # array[:] = values would unpack inner lists
            array[place] = value
        return array.reshape(sizes)

    def _read_frame(self, depth: int, columns: Any, index: Node) -> Any:
        import pandas as pd

        self._few_enough(columns)
        names = [self.decode(name, depth) for name, _ in columns]
        arrays = [self.decode(column, depth) for _, column in columns]
        rows = pd.Index(self.decode(index, depth))
        if any(array.shape != rows.shape for array in arrays):
            raise TypeError(columns)
        frame = pd.DataFrame(dict(enumerate(arrays)), index=rows)
        frame.columns = pd.Index(names)
        return frame

    def _read_series(self, depth: int, name: Node, values: Node, index: Node) -> Any:
        import pandas as pd

        rows = self.decode(index, depth)
        label = self.decode(name, depth)
        column = self.decode(values, depth)
        if rows is None:
            return pd.Index(column, name=label)
        if column.shape != rows.shape:
            raise TypeError(values)
        return pd.Series(column, index=pd.Index(rows), name=label)

    def _read_function(self, _: int, handle: int, name: str) -> RemoteFunction:
        return RemoteFunction(*self._kept(handle), _checked_name(name))

    def _read_model(self, depth: int, handle: int, name: str, told: Any, fed: Any) -> RemoteModel:
        if type(told) is not list or len(told) > MAX_STEPS:
            raise TypeError(told)
        steps = []
        for kind, layer, config, *places in told:
            settings = self.decode(config, depth)
            arrays, inputs = (_checked_places(part) for part in places)
            if type(settings) is not dict:
                raise TypeError(config)
            steps.append(Step(_checked_name(kind), _checked_name(layer), settings, arrays, inputs))
        if type(fed) is not list or len(fed) > MAX_DIMENSIONS:
            raise TypeError(fed)
        if not all(n is None or (type(n) is int and n > 0) for n in fed):
            raise TypeError(fed)
        if math.prod(n or 32 for n in fed[1:]) > self._elements:
            raise TypeError(fed)
        return RemoteModel(*self._kept(handle), _checked_name(name), steps, fed)

    def _read_opaque(self, _: int, type_name: str) -> Opaque:
        return Opaque(_checked_name(type_name))

    def _checked_shape(self, shape: Any) -> tuple[int, ...]:
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise TypeError(shape)
        if not all(type(n) is int and n >= 0 for n in shape):
            raise TypeError(shape)
        if math.prod(max(n, 1) for n in shape) > self._elements:  # rows of nothing are rows too
            raise ValueRejectedError(f"the array has more than {self._elements:,} elements")
        return tuple(shape)

    def _kept(self, handle: Any) -> tuple[Peer, int]:
        if self._peer is None or type(handle) is not int:
            raise ValueRejectedError("a function cannot be sent here")
        return self._peer, handle


def _checked_places(told: Any) -> list[int]:
    if type(told) is not list or not all(type(place) is int for place in told):
        raise TypeError(told)
    return told


def _checked_name(name: Any) -> str:
    """Return ``name`` if it is a plain identifier, so that no text of the student's gets through."""
    return name if type(name) is str and name.isidentifier() and len(name) <= 100 else "value"
