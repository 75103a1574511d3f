"""The types that cross by their names: those of data, which are the same on both sides.

A type that stands in a notebook for a function is called in the grader. So only types are listed here
that make data of their arguments alone: not ``numpy.ndarray``, which shows memory that was used before,
and none of Python's that hold code.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import sys
import types

import numpy as np

_DATA = (
    object,
    bool,
    int,
    float,
    complex,
    str,
    list,
    tuple,
    set,
    frozenset,
    dict,
    range,
    slice,
)
_OF_PYTHON: tuple[type, ...] = (
    types.NoneType,
    types.EllipsisType,
    types.FunctionType,
    types.BuiltinFunctionType,
)
_OTHERS = (
    *(fractions.Fraction, decimal.Decimal),
    *(collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque),
    *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta),
    *(
        kind
        for kind in vars(np).values()
        if isinstance(kind, type) and issubclass(kind, np.generic)
    ),
)
_PANDAS = ("DataFrame", "Series", "Index", "RangeIndex", "DatetimeIndex", "MultiIndex", "Timestamp")

Name = tuple[str, str]  # module and qualified name


def _name(kind: type) -> Name:
    return kind.__module__, kind.__qualname__


_TYPES = {_name(kind): kind for kind in (*_DATA, *_OF_PYTHON, *_OTHERS)}
_TYPES |= {
    _name(kind): kind
    for kind in vars(sys.modules["builtins"]).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
}


def name_of_type(kind: type) -> Name | None:
    """Return the name under which a type crosses; None if it does not."""
    name = _name(kind)
    return name if type_of_name(*name) is kind else None


def type_of_name(module: str, qualname: str) -> type | None:
    """Return the type of a name; None if it is none that crosses."""
    if (module, qualname) in _TYPES:
        return _TYPES[module, qualname]
    pandas = sys.modules.get("pandas")
    for name in _PANDAS if pandas is not None else ():
        kind = getattr(pandas, name)
        if _name(kind) == (module, qualname):
            return kind
    return None
