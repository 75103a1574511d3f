"""Why a solution fails tests of its own, as far as Otter's messages show it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DOCTEST = re.compile(r"^Expected:\n(.*?)^Got:\n(.*?)(?=^Trying:|^\*{10}|\Z)", re.M | re.S)
_EXAMPLE = re.compile(r"^Failed example:\n(.*?)^(Expected|Exception)", re.M | re.S)
_RAISED = re.compile(r"^Error at line \d+ in test [^\n]*:\n([^\n]*)\n(\w+): ?(.*)", re.M | re.S)
_LONGEST = 120  # characters of a line of code or of a message
_MISSING_NAME = re.compile(r"^\s*NameError: name '(\w+)' is not defined", re.M)
_NUMPY_SCALAR = re.compile(r"np\.(?:bool|int|uint|float|complex|longdouble)\d*\(([^()]*)\)")
_NUMPY_TRUTH = re.compile(r"np\.(True|False)_")
_NUMPY_TEXT = re.compile(r"np\.str_\((('[^']*')|(\"[^\"]*\"))\)")


def explain_failures(messages: Sequence[str]) -> tuple[str, str]:
    """Return what can be said of failed tests of a question, and the fix.

    Args:
        messages: what Otter says of each of them.

    Returns:
        The cause as a clause, empty if it is not known, and an imperative.
    """
    if messages and all(map(_differs_in_printing_only, messages)):
        return (
            "All that differs is how NumPy 2 prints: np.True_ for True, np.float64(1.5) for 1.5",
            "let the test show a plain value, as by bool(...) or float(...), or let it `assert`",
        )
    missing = dict.fromkeys(name for text in messages for name in _MISSING_NAME.findall(text))
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        verb = "is" if len(missing) == 1 else "are"
        return (
            f"{names} {verb} not defined there",
            "import or define it in the test or the notebook",
        )
    if messages and all(map(_DOCTEST.search, messages)):
        return (
            "The output saved with these tests is not what they show now",
            "correct the test or the solution, or run the tests' cells again and save the notebook",
        )
    return "", "correct the test or the solution"


def what_failed(message: str) -> str:
    """Return what Otter's message says of a failed test, as a clause; empty if that is not clear.

    Args:
        message: of a test that raised, or of a doctest.
    """
    if raised := _RAISED.search(message):
        line, kind, text = (" ".join(part.split()) for part in raised.groups())
        text = f": {_short(text)}" if text else ""
        return f"`{_short(line)}` raised {kind}{text}"
    if example := _EXAMPLE.search(message):
        code = _short(" ".join(example[1].split()))
        if not (compared := _DOCTEST.search(message[example.start() :])):
            return f"`{code}` " + ("raised an exception" if example[2] != "Expected" else "fails")
        expected, got = (_short(" ".join(part.split())) for part in compared.groups())
        return f"`{code}` gives {got or 'nothing'} instead of {expected or 'nothing'}"
    return ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."


def _differs_in_printing_only(message: str) -> bool:
    """Return whether doctest examples failed only for how NumPy 2 prints its scalars."""
    failures = _DOCTEST.findall(message)
    return bool(failures) and all(
        _as_before(got) == _without_layout(expected) != _without_layout(got)
        for expected, got in failures
    )


def _as_before(text: str) -> str:
    """Return what NumPy 1 would have printed."""
    text = _NUMPY_TEXT.sub(r"\1", _NUMPY_TRUTH.sub(r"\1", text))
    return _without_layout(_NUMPY_SCALAR.sub(r"\1", text))


def _without_layout(text: str) -> str:
    return " ".join(text.split())
