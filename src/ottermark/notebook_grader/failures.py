"""Why a public test failed, in words that a student can use."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from .text import plain_line


def is_example(case: Any) -> bool:
    """Return whether one of Otter's test cases tries an example that the question prints.

    Its function is called so, e.g. ``test_q4_5_example``.
    """
    function = getattr(case.body, "test_func", None)
    return "example" in getattr(function, "__name__", "")


def reason_of(case: Any, names: dict[str, Any]) -> str:
    """Return why a test case fails; empty if nothing can be said that helps.

    The case is run again: Otter retains its error only as a text that quotes the test.

    Args:
        case: one of Otter's test cases.
        names: the notebook's names.
    """
    own_message = plain_line(case.failure_message or "")
    if not hasattr(case.body, "call_func"):  # a doctest
        return own_message
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            case.body.call_func(names)
    except AssertionError as failure:
        return _text_of(failure) or own_message
    except Exception as error:
        return plain_line(f"it stops with {type(error).__name__}: {_text_of(error)}")
    return own_message


def _text_of(error: Exception) -> str:
    try:
        return plain_line(str(error))
    except Exception:  # an exception of the student's own
        return ""
