"""How values cross between the grader and the worker, and how what arrives is checked.

Only data crosses. A value becomes a *node* (JSON) and *blobs* (the bytes of arrays); both
directions use the same form. The worker may send anything, so ``Decoder`` trusts nothing: every
size, depth, type and shape is checked before memory is allocated, and whatever fails a check is a
``ValueRejectedError`` with a sentence for the student.

Functions and models do not cross. Their node holds a handle, under which the other side retains
the object, and ``Decoder`` returns a ``RemoteFunction`` or ``RemoteModel`` that calls back over a
``Peer``. A model's node also describes its layers.
"""

from __future__ import annotations

import dis
import math
import re
import sys
import types
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

from ottermark.protocol.channel import MAX_BLOBS
from ottermark.protocol.model_description import (
    MAX_STEPS,
    OPERATION,
    UNKNOWN_LENGTH,
    ModelDescription,
    Step,
    StepOutput,
    Weight,
    leaves,
)
from ottermark.protocol.named_types import name_of_type, type_of_name
from ottermark.protocol.proxies import Opaque, Peer, RemoteFunction, RemoteModel, ValueRejectedError

# what the names of bytecode instructions begin with that compute something
_COMPUTING = (
    "BINARY_",
    "COMPARE_",
    "UNARY_",
    "CONTAINS_",
    "IS_",
    "FORMAT_",
    "STORE_SUBSCR",
    "YIELD_",
)

Node = Any  # JSON: None, bool, int, float, str, or a list whose first item is a tag

MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_KEYS = 2_000  # crafted keys can all share a hash, so looking n of them up costs n * n
MAX_ALL_KEYS = 5_000
MAX_TEXT = 100_000
MAX_ALL_TEXT = 500_000  # of one value; as JSON it is up to six times as long
MAX_TABLE_OF_TEXT = 20_000_000  # characters, if all parts were as long as the longest text
MAX_DIGITS = 400
MAX_DIMENSIONS = 16
MAX_ELEMENTS = 2 * 2**20  # of an array from the worker: tests may go through them one by one
MAX_ARRAY_BYTES = 64 * 2**20  # of any array
MAX_NAME = 100
MAX_REMOTES = 1_000  # functions and models in a value

_SAFE_INTEGER = 2**53  # below it, a JSON number is exact everywhere
_NUMERIC_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248]|c8|c16)")


class Encoder:
    """Turns values into nodes and blobs.

    Args:
        retain: called with a function or model that must stay here; returns its handle, and what
            cannot be sent becomes ``Opaque``. Without it, all of these raise.
        describe: called with a model; without it, models are sent without description.

    Attributes:
        blobs: the blobs of all values encoded so far.
    """

    def __init__(
        self,
        retain: Callable[[Any], int] | None = None,
        describe: Callable[[Any], ModelDescription] | None = None,
    ) -> None:
        self.blobs: list[bytes] = []
        self._retain, self._describe = retain, describe
        self._open_containers: set[int] = set()  # ids, to notice a container within itself
        self._nodes = self._text = 0

    def encode(self, value: Any, depth: int = 0) -> Node:
        """Return the node of a value.

        Raises:
            ValueRejectedError: it is nested too deeply, too large or, without ``retain``, no data.
        """
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRejectedError("the value is nested too deeply or has too many parts")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind in (str, int, float):
            return self._plain(value)
        if value is Ellipsis:
            return ["ellipsis"]
        if issubclass(kind, (list, tuple, set, frozenset, dict)):  # isinstance could be deceived
            return self._container(value, depth)
        for encode in (self._type, self._number, self._arrays, self._base_value, self._object):
            node = encode(value, depth)
            if node is not None:
                return node
        return self._opaque(kind.__name__)

    def _opaque(self, type_name: str) -> Node:
        if self._retain is None:
            raise ValueRejectedError(f"a value of type {_checked_name(type_name)} cannot be sent")
        return ["opaque", type_name[:MAX_NAME]]

    def _plain(self, value: str | int | float) -> Node:
        if isinstance(value, str):
            if len(value) > MAX_TEXT:
                raise ValueRejectedError(f"the text is longer than {MAX_TEXT:,} characters")
            self._text += len(value)
            if self._text > MAX_ALL_TEXT:
                raise ValueRejectedError("the value holds too much text")
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else ["float", repr(value)]
        if abs(value) < _SAFE_INTEGER:
            return value
        if abs(value) >= 10**MAX_DIGITS:
            raise ValueRejectedError(f"the number has more than {MAX_DIGITS} digits")
        return ["int", str(value)]

    def _container(self, value: Any, depth: int) -> Node:
        if id(value) in self._open_containers:
            raise ValueRejectedError("the value contains itself")
        self._open_containers.add(id(value))
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
            self._open_containers.discard(id(value))

    # each of the following returns None for a value that is not of its kind

    def _type(self, value: Any, depth: int) -> Node:
        if type(value) is Opaque:  # what follows would look at its attributes
            return self._opaque(value.type_name)
        if not issubclass(type(value), type):
            return None
        name = name_of_type(value)
        return self._function(value) if name is None else ["type", *name]

    def _number(self, value: Any, depth: int) -> Node:
        if isinstance(value, Fraction):
            return ["fraction", str(value.numerator), str(value.denominator)]
        if isinstance(value, Decimal):
            return ["decimal", str(value)]
        if isinstance(value, complex):
            return ["complex", self.encode(value.real), self.encode(value.imag)]
        if isinstance(value, np.generic) and value.dtype.kind in "biuf":
            return ["scalar", value.dtype.str, self.encode(value.item(), depth)]
        return None

    def _arrays(self, value: Any, depth: int) -> Node:
        if isinstance(value, np.ndarray):
            return self._array(value, depth)
        pandas = sys.modules.get("pandas")
        if pandas is not None and isinstance(
            value, (pandas.DataFrame, pandas.Series, pandas.Index)
        ):
            return self._table(value, depth)
        return None

    def _base_value(self, value: Any, depth: int) -> Node:
        """Encode an instance of a subclass of int, float or str as one of the base class."""
        for base in (bool, int, float, str):
            if isinstance(value, base):
                return self.encode(base(value), depth)
        return None

    def _object(self, value: Any, depth: int) -> Node:
        if isinstance(value, StepOutput):
            return ["output", value.step, value.index]
        if isinstance(value, Weight):
            return ["weight", value.index]
        if _is_model(value):
            return self._model(value)
        if hasattr(value, "__array__") and hasattr(value, "shape") and hasattr(value, "dtype"):
            return self._array(np.asarray(value), depth)  # tensors, variables
        if callable(value) and self._retain is not None:
            return self._function(value)
        if _is_sequence(value):
            return self._container(value, depth)
        return None

    def _function(self, value: Any) -> Node:
        if self._retain is None:
            return self._opaque(type(value).__name__)
        name = str(getattr(value, "__name__", type(value).__name__))
        return ["function", self._retain(value), name[:MAX_NAME], _is_empty(value)]

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

    def _model(self, model: Any) -> Node:
        if self._retain is None:
            return None
        description = ModelDescription() if self._describe is None else self._describe(model)
        blobs = len(self.blobs)
        try:
            node = self.encode_description(description)
        except ValueRejectedError:  # larger than what may cross
            del self.blobs[blobs:]
            node = self.encode_description(ModelDescription(obstacle="size"))
        name = str(getattr(model, "name", type(model).__name__))
        return ["model", self._retain(model), name[:MAX_NAME], node]

    def encode_description(self, description: ModelDescription) -> Node:
        """Return the node of a model's description; raises ``ValueRejectedError``."""
        steps = [
            [
                step.kind,
                step.name,
                self.encode(step.config, 1),
                self.encode(list(step.weights), 1),
                self.encode(list(step.args), 1),
                self.encode(dict(step.kwargs), 1),
            ]
            for step in description.steps
        ]
        return [
            steps,
            self.encode(description.output, 1),
            list(description.input_shape),
            description.input_dtype,
            description.obstacle,
            description.raised,
        ]


def _is_empty(function: Any) -> bool:
    """Return whether a function's body is a placeholder, which computes nothing.

    That is ``pass``, ``...``, a docstring, or ``raise NotImplementedError``; it may also give names to
    ``...`` and return them.
    """
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType) or code.co_freevars:
        return False
    raises = code.co_names == ("NotImplementedError",)
    if code.co_names and not raises:
        return False
    names = [step.opname for step in dis.get_instructions(code)]
    if any(
        name.startswith(_COMPUTING) or (name.startswith("CALL") and not raises) for name in names
    ):
        return False
    constants = [part for part in leaves(code.co_consts) if part != function.__doc__]
    return all(part is None or part is ... or (raises and type(part) is str) for part in constants)


def _is_sequence(value: Any) -> bool:
    """Return whether a value can be gone through, as TensorFlow's shapes and ranges can."""
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


class Decoder:
    """Turns nodes and blobs from the other side back into values.

    Args:
        blobs: the blobs that came with the node.
        peer: whom remote functions and models call; without it, they are rejected.
        max_elements: how many elements an array may have.
        make_model: called with each ``RemoteModel``; what it returns takes the model's place.

    Attributes:
        remotes: the functions and models of all values decoded so far, however deep inside them.
    """

    def __init__(
        self,
        blobs: Sequence[bytes],
        peer: Peer | None = None,
        max_elements: int = MAX_ELEMENTS,
        make_model: Callable[[RemoteModel], Any] = lambda model: model,
    ) -> None:
        self._max_elements, self._make_model = max_elements, make_model
        self._blobs, self._peer = dict(enumerate(blobs)), peer
        self._nodes = self._keys = self._longest_text = 0
        self._in_description = False
        self.remotes: list[Any] = []

    def decode(self, node: Node, depth: int = 0) -> Any:
        """Return the value of a node.

        Raises:
            ValueRejectedError: the node is malformed, nested too deeply or too large.
        """
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueRejectedError("the value is nested too deeply or has too many parts")
        # NumPy would store every text of an array in as many characters as the longest
        if self._longest_text * self._nodes > MAX_TABLE_OF_TEXT:
            raise ValueRejectedError("the value holds too much text")
        if node is None or type(node) in (bool, float):
            return node
        if type(node) is int and abs(node) < _SAFE_INTEGER:
            return node
        if type(node) is str:
            if len(node) > MAX_TEXT:
                raise ValueRejectedError(f"the text is longer than {MAX_TEXT:,} characters")
            self._longest_text = max(self._longest_text, len(node))
            return node
        return self._decode_tagged(node, depth)

    def _decode_tagged(self, node: Node, depth: int) -> Any:
        malformed = ValueRejectedError("the value did not arrive whole")
        if type(node) is not list or not node or type(node[0]) is not str:
            raise malformed
        read = getattr(self, f"_read_{node[0]}", None)
        if read is None:
            raise malformed
        try:
            return read(depth + 1, *node[1:])
        except ValueRejectedError:
            raise
        except Exception:  # a body that does not fit its tag
            raise malformed from None

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
        self._count_keys(nodes)
        return set(self._items(depth, nodes))

    def _read_frozenset(self, depth: int, nodes: Any) -> frozenset[Any]:
        self._count_keys(nodes)
        return frozenset(self._items(depth, nodes))

    def _read_dict(self, depth: int, pairs: Any) -> dict[Any, Any]:
        self._count_keys(pairs)
        return {self.decode(k, depth): self.decode(v, depth) for k, v in pairs}

    def _count_keys(self, nodes: Any) -> None:
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
        data = self._blobs.pop(blob)  # used again, a small message would become much memory
        if dtype.endswith("b1"):  # other bytes than 0 and 1 would be neither true nor false
            return (np.frombuffer(data, np.uint8) != 0).reshape(sizes)
        return np.frombuffer(data, np.dtype(dtype)).reshape(sizes).copy()

    def _read_objects(self, depth: int, shape: Any, nodes: Any) -> np.ndarray[Any, Any]:
        values = self._items(depth, nodes)
        sizes = self._checked_shape(shape)
        if values and all(type(v) is str for v in values):
            return np.array(values).reshape(sizes)
        array = np.empty(len(values), dtype=object)
        for index, value in enumerate(values):  # array[:] = values would unpack inner lists
            array[index] = value
        return array.reshape(sizes)

    def _read_frame(self, depth: int, columns: Any, index: Node) -> Any:
        import pandas as pd

        self._count_keys(columns)
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

    def _read_function(self, _: int, handle: int, name: str, is_empty: bool) -> RemoteFunction:
        peer, handle = self._remote(handle)
        function = RemoteFunction(peer, handle, _checked_name(name), is_empty is True)
        self.remotes.append(function)
        return function

    def _read_model(self, depth: int, handle: int, name: str, node: Any) -> Any:
        description = self.decode_description(node, depth)
        peer, handle = self._remote(handle)
        model = self._make_model(RemoteModel(peer, handle, _checked_name(name), description))
        self.remotes.append(model)
        return model

    def decode_description(self, node: Any, depth: int = 0) -> ModelDescription:
        """Return the description that a node stands for; raises if it is malformed."""
        steps, output, input_shape, dtype, obstacle, raised = node
        if type(steps) is not list or len(steps) > MAX_STEPS:
            raise TypeError(steps)
        if type(dtype) is not str or not dtype.isalnum() or len(dtype) > MAX_NAME:
            raise TypeError(dtype)
        self._in_description = True
        try:
            return ModelDescription(
                tuple(self._step(depth, *step) for step in steps),
                self.decode(output, depth),
                self._checked_input_shape(input_shape),
                dtype,
                _checked_name(obstacle) if obstacle else "",
                _checked_name(raised) if raised else "",
            )
        finally:
            self._in_description = False

    def _step(
        self,
        depth: int,
        kind: Any,
        name: Any,
        config: Node,
        weights: Node,
        args: Node,
        kwargs: Node,
    ) -> Step:
        settings, named = self.decode(config, depth), self.decode(kwargs, depth)
        positional, own_weights = self.decode(args, depth), self.decode(weights, depth)
        if type(settings) is not dict or type(named) is not dict:
            raise TypeError(settings)
        if type(positional) is not list or type(own_weights) is not list:
            raise TypeError(positional)
        if not all(isinstance(weight, (Weight, np.ndarray)) for weight in own_weights):
            raise TypeError(own_weights)
        prefix = OPERATION if type(kind) is str and kind.startswith(OPERATION) else ""
        kind = prefix + _checked_name(kind[len(prefix) :])
        return Step(kind, _checked_name(name), settings, own_weights, positional, named)

    def _read_output(self, _: int, step: int, index: int) -> StepOutput:
        if not self._in_description or type(step) is not int or type(index) is not int:
            raise TypeError(step)
        return StepOutput(step, index)

    def _read_weight(self, _: int, index: int) -> Weight:
        if not self._in_description or type(index) is not int:
            raise TypeError(index)
        return Weight(index)

    def _checked_input_shape(self, shape: Any) -> tuple[int | None, ...]:
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise TypeError(shape)
        if not all(n is None or (type(n) is int and n > 0) for n in shape):
            raise TypeError(shape)
        if math.prod(n or UNKNOWN_LENGTH for n in shape[1:]) > self._max_elements:
            raise TypeError(shape)
        return tuple(shape)

    def _read_type(self, _: int, module: str, qualname: str) -> type:
        kind = type_of_name(module, qualname)
        if kind is None:
            raise TypeError(qualname)
        return kind

    def _read_opaque(self, _: int, type_name: str) -> Opaque:
        return Opaque(_checked_name(type_name), self._peer)

    def _checked_shape(self, shape: Any) -> tuple[int, ...]:
        if type(shape) is not list or len(shape) > MAX_DIMENSIONS:
            raise TypeError(shape)
        if not all(type(n) is int and n >= 0 for n in shape):
            raise TypeError(shape)
        if math.prod(max(n, 1) for n in shape) > self._max_elements:  # empty rows take memory too
            raise ValueRejectedError(f"the array has more than {self._max_elements:,} elements")
        return tuple(shape)

    def _remote(self, handle: Any) -> tuple[Peer, int]:
        if self._peer is None or type(handle) is not int:
            raise ValueRejectedError("a function cannot be sent here")
        if len(self.remotes) >= MAX_REMOTES:
            raise ValueRejectedError(f"the value holds more than {MAX_REMOTES:,} functions")
        return self._peer, handle


def _checked_name(name: Any) -> str:
    """Return a name if it is an identifier, so that no text of the student's gets through."""
    is_plain = type(name) is str and name.isidentifier() and len(name) <= MAX_NAME
    return name if is_plain else "value"
