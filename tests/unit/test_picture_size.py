"""Pictures that take a browser's memory are left out, by what their files say."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ottermark.submissions.picture_size import is_small_picture


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def drawn(width: int, height: int, form: str, **options: object) -> bytes:
    data = io.BytesIO()
    Image.new("L", (width, height)).save(data, form, **options)
    return data.getvalue()


def png_of_one_bit(side: int) -> bytes:
    """Return a PNG as a student may write it, without drawing it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (640, 480), (4000, 4000)])
def test_pictures_as_people_draw_them_are_small(width: int, height: int, form: str) -> None:
    assert is_small_picture(encoded(drawn(width, height, form)))


def test_pictures_of_cameras_are_small() -> None:
    exif = Image.Exif()
    exif[0x010E] = "x" * 60_000
    data = drawn(3000, 4000, "JPEG", progressive=True, exif=exif)
    assert is_small_picture(encoded(data)) and is_small_picture(
        encoded(data[:2] + b"\xff" + data[2:])
    )


def test_pictures_that_take_gigabytes_are_not() -> None:
    bomb = png_of_one_bit(26_000)
    assert len(encoded(bomb)) < 500_000 and not is_small_picture(encoded(bomb))
    large = drawn(4001, 4000, "JPEG")
    assert not is_small_picture(encoded(large))
    twice = large[:2] + large[2:].replace(
        b"\xff\xc0", b"\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0\xff\xc0"
    )
    assert not is_small_picture(encoded(twice))  # the first of two sizes is one by one


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg>",
        b"GIF89a\xff\xff\xff\xff",
        b"BM" + b"\xff" * 60,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8",
    ],
)
def test_what_is_no_such_picture_is_not_small(data: bytes) -> None:
    assert not is_small_picture(encoded(data))


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"\xff\xd8\xff" + tail))
def test_any_bytes_are_read(data: bytes) -> None:
    assert is_small_picture(encoded(data)) in (True, False)
