import struct
import zlib

import pytest

from cnnlib.drawings.chunks import MOST_TEXT, is_png, without_long_texts

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(kind, size):
    before = {b"zTXt": b"a\0\0", b"iCCP": b"a\0\0", b"iTXt": b"a\0\1\0en\0a\0"}[kind]
    return chunk(kind, before + zlib.compress(bytes(size)))


IMAGE = chunk(b"IHDR", bytes(13)), chunk(b"IDAT", zlib.compress(b"\0\0")), chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (packed(b"zTXt", MOST_TEXT), True),
        (packed(b"zTXt", MOST_TEXT + 1), False),
        (packed(b"iTXt", MOST_TEXT), True),
        (packed(b"iTXt", MOST_TEXT + 1), False),
        (packed(b"iCCP", 5), False),
        (chunk(b"tEXt", b"a\0" + bytes(MOST_TEXT - 2)), True),
        (chunk(b"tEXt", b"a\0" + bytes(MOST_TEXT - 1)), False),
        (chunk(b"iTXt", b"a\0\0\0en\0a\0" + bytes(MOST_TEXT)), False),
        (chunk(b"zTXt", b"a\0\0 is nothing packed"), True),
        (chunk(b"zTXt", b"a"), True),
        (chunk(b"eXIf", bytes(MOST_TEXT + 1)), True),
    ],
)
def test_only_long_texts_and_profiles_are_left_out(text, stays):
    head, *body = IMAGE
    file = SIGNATURE + head + text + b"".join(body)
    assert without_long_texts(file) == (file if stays else SIGNATURE + b"".join(IMAGE))


def test_texts_share_one_room_and_none_is_unpacked_once_it_is_full():
    half = packed(b"zTXt", MOST_TEXT // 2)
    short = chunk(b"tEXt", b"a\0b")
    made = without_long_texts(SIGNATURE + half * 2 + short + half * 500 + IMAGE[2])
    assert made == SIGNATURE + half * 2 + IMAGE[2]


@pytest.mark.parametrize("cut", [0, 3, 7, 8, 11, 20])
def test_a_cut_file_stays_as_it_is(cut):
    file = SIGNATURE + IMAGE[0] + IMAGE[1]
    file = file[: len(file) - cut]
    assert is_png(file)
    assert without_long_texts(file) == file
