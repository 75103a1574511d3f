"""How large a PNG or JPEG picture is, from what its file says; nothing is decoded but base64.

A picture of 26,000 by 26,000 pixels takes 85 KB in a notebook and 2.7 GB in the browser that opens it.
"""

from __future__ import annotations

import base64
import binascii

MAX_PIXELS = 16_000_000  # of one picture

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the markers of JPEG that a size follows
_SCAN = 0xDA  # after this one come pixels


def is_small_picture(encoded: str) -> bool:
    """Return whether a text is a PNG or JPEG picture in base64 of at most ``MAX_PIXELS``."""
    try:
        data = base64.b64decode(encoded)
    except (binascii.Error, ValueError):
        return False
    return 0 < _pixels(data) <= MAX_PIXELS


def _pixels(data: bytes) -> int:
    """Return the number of pixels of a picture; 0 if it is none, or does not say."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        return int.from_bytes(data[16:20], "big") * int.from_bytes(data[20:24], "big")
    return _pixels_of_jpeg(data) if data.startswith(_JPEG) else 0


def _pixels_of_jpeg(data: bytes) -> int:
    place, pixels = len(_JPEG), 0
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == _SCAN:
            break
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZES:
            height, width = data[place + 5 : place + 7], data[place + 7 : place + 9]
            size = int.from_bytes(height, "big") * int.from_bytes(width, "big")
            pixels = max(pixels, size)
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return pixels
