"""Why a public test failed, in words that a student can use."""

from __future__ import annotations

import contextlib
import io
import linecache
import traceback
from collections.abc import Collection, Mapping
from typing import Any

from .text import plain_line


def is_example(case: Any) -> bool:
    """Return whether one of Otter's test cases tries an example that the question prints.

    Its function is called so, e.g. ``test_q4_5_example``.
    """
    function = getattr(case.body, "test_func", None)
    return "example" in getattr(function, "__name__", "")


def reason_of(case: Any, answer: Collection[str], names: dict[str, Any]) -> str:
    """Return why a test case fails; empty if nothing can be said that helps.

    The case is run again: Otter retains its error only as a text that quotes the test.

    Args:
        case: one of Otter's test cases.
        answer: the names that make up the answer.
        names: the notebook's names.
    """
    own_message = plain_line(case.failure_message or "")
    if not hasattr(case.body, "call_func"):  # a doctest
        return own_message
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            case.body.call_func(names)
    except AssertionError as failure:
        return plain_line(str(failure)) or own_message
    except Exception as error:
        subject = _function_that_raised(error, answer, names)
        reason = f"{subject or 'the check'} stops with {type(error).__name__}: {error}"
        call = _call_in_test(error, case) if subject else ""
        return plain_line(f"{reason.rstrip('.: ')}. The check called {call}" if call else reason)
    return own_message


def _function_that_raised(
    error: Exception, answer: Collection[str], names: Mapping[str, Any]
) -> str:
    """Return the first function of the answer that an error has passed; empty if there is none."""
    functions = {getattr(names.get(name), "__code__", None): name for name in answer}
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return next((functions[frame.f_code] for frame in frames if frame.f_code in functions), "")


def _call_in_test(error: Exception, case: Any) -> str:
    """Return the call in the test that an error has passed, as it stands there; empty if unknown."""
    test = getattr(getattr(case.body, "test_func", None), "__code__", None)
    trace = error.__traceback__
    codes = [frame.f_code for frame, _ in traceback.walk_tb(trace)]
    for code, place in zip(codes, traceback.extract_tb(trace), strict=True):
        if code is test and place.lineno and place.lineno == place.end_lineno:
            line = linecache.getline(place.filename, place.lineno).encode()
            return line[place.colno : place.end_colno].decode()
    return ""
