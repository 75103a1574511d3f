"""What is still in an answer of the ``...`` that students are to replace."""

from __future__ import annotations

import dis
import reprlib
from collections.abc import Collection, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

MAX_ITEMS = 50  # of a dict, list or tuple

# of Python's instructions: from 3.12 on, one of them returns a constant
_IGNORED = ("RESUME", "NOP", "CACHE")
_RETURN_OF_CONSTANT = ("LOAD_CONST", "RETURN_VALUE", "RETURN_CONST")
# these take `...` as a result; others take it as an index
_RESULTS = ("RETURN_", "STORE_FAST", "STORE_GLOBAL", "STORE_DEREF")


def find_placeholder(required: Collection[str], names: Mapping[str, Any], any_value: bool) -> str:
    """Return where an answer is missing, as in ``scores['test'] is still ...``; empty if nowhere.

    Args:
        required: the names that make up the answer.
        names: the notebook's names.
        any_value: also count what could be an answer: None, and ``...`` in a list or tuple.
    """
    for name in required:
        if name not in names:
            return f"there is no {name}, so run the cell with your answer first"
        for missing in _missing(name, names[name], any_value):
            return missing
    return ""


def _missing(name: str, value: Any, any_value: bool) -> Iterator[str]:
    """Yield what is missing in a value; types are compared exactly, as classes can pretend."""
    if value is ...:
        yield f"{name} is still ..."
    elif value is None and any_value:
        yield f"{name} is None, as from a function without return"
    elif type(value) is FunctionType:
        yield from _missing_in_code(name, value.__code__)
    elif type(value) is dict:
        for key, item in list(value.items())[:MAX_ITEMS]:
            if item is ...:
                yield f"{name}[{reprlib.repr(key)}] is still ..."
    elif type(value) in (list, tuple) and any_value:
        for index, item in enumerate(value[:MAX_ITEMS]):
            if item is ...:
                yield f"{name}[{index}] is still ..."


def _missing_in_code(name: str, code: CodeType) -> Iterator[str]:
    steps = [step for step in dis.get_instructions(code) if step.opname not in _IGNORED]
    if all(step.opname in _RETURN_OF_CONSTANT and step.argval is None for step in steps):
        yield f"the function {name} is still empty"
    for step, following in zip(steps, [*steps[1:], steps[-1]], strict=True):
        used = step if step.opname == "RETURN_CONST" else following
        if step.argval is ... and used.opname.startswith(_RESULTS):
            yield f"the function {name} still has a ... in it"
