"""Imports that do without a module which is installed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def hidden(module: str) -> Iterator[None]:
    """Let a module be missing, unless it is imported already; others may want it afterwards."""
    is_hidden = module not in sys.modules
    if is_hidden:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_hidden:
            del sys.modules[module]
