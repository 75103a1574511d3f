"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

_T = TypeVar("_T")
MAX_DIGITS = 9  # of a number in an address


@dataclass(frozen=True)
class Page(Generic[_T]):
    """A page of a list.

    Attributes:
        number: counts from 1.
        count: how many pages there are.
        start: how many items stand on the pages before it.
        total: how many items there are.
    """

    items: Sequence[_T]
    number: int
    count: int
    start: int
    total: int


def page_of(items: Sequence[_T], request: Request, size: int) -> Page[_T]:
    """Return the page of a list that a request asks for, or the nearest one that there is."""
    count = max(1, (len(items) - 1) // size + 1)
    number = max(1, min(whole_number(request.query_params.get("page", ""), 1), count))
    start = (number - 1) * size
    return Page(items[start : start + size], number, count, start, len(items))


def whole_number(text: str, otherwise: int = 0) -> int:
    """Return the number that somebody has written, if it is one from 0 of not too many digits."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else otherwise
