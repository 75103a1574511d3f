"""The place in a question's list that a card was opened from, kept in the addresses of the card."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request

_NAMES = ("show", "find", "page")
MAX_LENGTH = 200  # characters of each


def list_query(request: Request) -> str:
    """Return the part of an address that says which part of the list is shown.

    Returns:
        Without ``?``; empty if a card was not opened from a list.
    """
    params = request.query_params
    return urlencode({name: params[name][:MAX_LENGTH] for name in _NAMES if name in params})


def list_address(question: str, query: str, row: str = "") -> str:
    """Return the address of a question's list.

    Args:
        query: of ``list_query``.
        row: the key of a card to scroll to.
    """
    parts = [query, urlencode({"row": row}) if row else ""]
    shown = "&".join(filter(None, parts))
    return f"/question/{question}" + (f"?{shown}" if shown else "")
