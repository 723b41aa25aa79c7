"""A PNG file without those of its texts that would keep its pixels from being read.

Pillow refuses a whole picture for one text or colour profile that unpacks to more than 1 MiB.
A PNG file is a signature and then chunks, each of a length, a kind of four letters, a body and a
sum of four bytes (PNG specification, third edition, section 5).
"""

import zlib

MOST_TEXT = 2**20  # bytes of all of a picture's texts, unpacked
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_AROUND = 12  # bytes of a chunk beside its body
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_PROFILE = b"iCCP"


def is_png(data: bytes) -> bool:
    """Tell whether a file begins as a PNG does."""
    return data.startswith(_SIGNATURE)


def without_long_texts(data: bytes) -> bytes:
    """Return a PNG file without its colour profile and without texts beyond 1 MiB.

    Texts are kept in their order up to the first that does not fit, because one of them may say
    how the picture is turned. Nothing else is looked at, so a damaged file stays as damaged.
    """
    room, at = MOST_TEXT, len(_SIGNATURE)
    kept: list[bytes | memoryview] = [_SIGNATURE]
    view = memoryview(data)
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + _AROUND + length
        if kind in _TEXTS:
            room -= _unpacked(kind, data[at + 8 : end - 4], room)
        if kind != _PROFILE and (kind not in _TEXTS or room >= 0):
            kept.append(view[at:end])
        at = end
    return b"".join(kept)


def _unpacked(kind: bytes, body: bytes, room: int) -> int:
    """Return how many bytes a text has, or one more than `room` where it has more than that."""
    if room < 0:
        return 0
    packed = body.partition(b"\0")[2]
    if kind == b"iTXt":
        language = packed[2:] if packed[:1] == b"\1" else b""
        packed = b"\0" + b"".join(language.split(b"\0", 2)[2:])
    if kind == b"tEXt" or len(packed) < 2:
        return len(body)
    unpacker = zlib.decompressobj()
    try:
        return len(unpacker.decompress(packed[1:], room + 1))
    except zlib.error:  # a text that cannot be unpacked is passed over by every reader
        return len(body)
