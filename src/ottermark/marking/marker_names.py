"""What somebody who marks may be called."""

from __future__ import annotations

import re

MAX_NAME = 60  # characters

_NAME = re.compile(
    r"[^\s\x00-\x1f\x7f\ud800-\udfff](?:[^\x00-\x1f\x7f\ud800-\udfff]*[^\s\x00-\x1f\x7f\ud800-\udfff])?"
)


def is_marker_name(name: str) -> bool:
    """Tell whether a marker can be called so: on one line, and not too long."""
    return len(name) <= MAX_NAME and _NAME.fullmatch(name) is not None
