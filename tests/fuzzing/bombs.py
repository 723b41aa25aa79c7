"""Small files and texts that unfold to huge ones, or that take very long, for every reader."""

import base64
import io
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cnnlib.data import idx
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.pictures import decode
from cnnlib.lessons import reader
from cnnlib.runs import events, recording
from cnnlib.server.messages import check
from cnnlib.talks.text import read as read_talk
from cnnlib.walkthroughs import typed

_MB = 2**20
_GB = 2**30


def deflated(size: int, begin: bytes = b"") -> bytes:
    """Return zeros as a stream of zlib's, made of one piece that is repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(_MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    ends = b"\x03\0" + struct.pack(">I", (size % 65521) << 16 | 1)
    return b"\x78\xda" + first + piece * (size // _MB) + ends


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, bits: int, pixels: bytes, *chunks: bytes) -> bytes:
    """Return a grey PNG."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    body = head + b"".join(chunks) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _word(kind: bytes, head: bytes) -> bytes:
    return png(1, 1, 8, zlib.compress(bytes(2)), _chunk(kind, head + deflated(_GB)))


def jpeg(scans: int, side: int = 3000) -> bytes:
    """Return a progressive JPEG that goes over its pixels many times more."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (side, side)).save(out, "JPEG", progressive=True)
    made = out.getvalue()
    last, end = made.rfind(b"\xff\xda"), made.rfind(b"\xff\xd9")
    return made[:end] + made[last:end] * scans + made[end:]


def _gif(screen: int, frame: int) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("P", (2, 2)).save(out, "GIF")
    made = bytearray(out.getvalue())
    made[6:10] = struct.pack("<HH", screen, screen)
    place = made.index(b"\x2c") + 5
    made[place : place + 4] = struct.pack("<HH", frame, frame)
    return bytes(made)


def _bmp() -> bytes:
    return b"BM" + struct.pack(
        "<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 65535, 65535, 1, 8, 1, *[0] * 5
    )


def entry(content: bytes, size: int, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip with one packed entry that is said to have a size."""
    name, packed = b"a.npy", content[2:-4]
    sizes = struct.pack("<III", 0, len(packed), size)
    head = struct.pack("<HHHHH", 20, 0, kind, 0, 0) + sizes + struct.pack("<HH", len(name), 0)
    first = b"PK\3\4" + head + name + packed
    listed = b"PK\1\2" + struct.pack("<H", 20) + head + bytes(14) + name
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(listed), len(first), 0)
    return first + listed + b"PK\5\6" + end


def entries(count: int) -> bytes:
    """Return a zip with a long directory, and no more."""
    listed = (
        b"PK\1\2" + struct.pack("<HHHHHHIIIHHHHHII", *[20, 20], *[0] * 7, 1, *[0] * 6) + b"a"
    ) * count
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), 0, 0)
    return listed + b"PK\5\6" + end


def npz(**arrays: Any) -> bytes:
    """Return arrays as a deflated zip."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def _lzma() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a.npy", bytes(1000))
    file = bytearray(out.getvalue())
    place = file.index(b"\x09\x04\x05\0") + 5
    file[place : place + 4] = b"\xff" * 4  # a dictionary of 4 GiB
    return bytes(file)


def _bzip2() -> bytes:
    import bz2

    packed = bz2.compress(bytes(120 * _MB))
    return entry(b"  " + packed + b"    ", 200, kind=12)


def _header(tree: Any) -> bytes:
    text = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return struct.pack("<Q", len(text)) + text


def _in_a_link(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _picture(content: bytes) -> Callable[[], object]:
    return lambda: decode(content)


def _weights(content: bytes, name: str = "mine.npz") -> Callable[[], object]:
    return lambda: reader.of_file(name, content)


def _tensors(content: bytes) -> Callable[[], object]:
    return _weights(content, "mine.safetensors")


def _file(read: Callable[[Path], object], content: bytes) -> Callable[[], object]:
    def work() -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_bytes(content)
            return read(path)

    return work


_GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
_IMAGES = b"\0\0\x08\x03"
_VAST = {"dtype": "F32", "shape": [2**31, 2**31], "data_offsets": [0, 2**64]}
#: For each bomb what reads it, in little time and memory.
BOMBS: dict[str, Callable[[], Callable[[], object]]] = {
    "PNG of one bit": lambda: _picture(png(60_000, 60_000, 1, deflated(450 * _MB))),
    "PNG of many lines": lambda: _picture(png(1, 2**31 - 1, 8, deflated(_GB))),
    "PNG with a word": lambda: _picture(_word(b"zTXt", b"a\0\0")),
    "PNG with a word of Unicode": lambda: _picture(_word(b"iTXt", b"a\0\1\0\0\0")),
    "PNG with a profile": lambda: _picture(_word(b"iCCP", b"a\0\0")),
    "JPEG of many scans": lambda: _picture(jpeg(3_000)),
    "GIF with a vast screen": lambda: _picture(_gif(65_535, 1)),
    "GIF with a vast frame": lambda: _picture(_gif(1, 65_535)),
    "BMP": lambda: _picture(_bmp()),
    "picture of zeros": lambda: _picture(bytes(21 * _MB)),
    "zip that says its size": lambda: _weights(entry(deflated(_GB), _GB)),
    "zip that says less": lambda: _weights(entry(deflated(_GB), 200)),
    "zip with a long directory": lambda: _weights(entries(65_000)),
    "zip with a vast dictionary": lambda: _weights(_lzma()),
    "zip of another packer": lambda: _weights(_bzip2()),
    "zip in a zip": lambda: _weights(npz(a=np.frombuffer(entry(deflated(_MB), 9), np.uint8))),
    "array of text": lambda: _weights(npz(architecture=np.array("[" * 4_000_000))),
    "architecture in itself": lambda: _weights(npz(architecture=np.array("[" * 100_000))),
    "architecture with a number": lambda: _weights(npz(architecture=np.array("9" * 9_000))),
    "tensors with a long header": lambda: _tensors(struct.pack("<Q", 2**63) + b"{}"),
    "tensors in themselves": lambda: _tensors(_header(b"[" * 900_000)),
    "tensors beyond their file": lambda: _tensors(_header({"a": _VAST})),
    "talk": lambda: lambda: read_talk("a" * 1_000_001),
    "talk of beats": lambda: lambda: read_talk("# A\n" + "draw\n" * 100_000),
    "link of a drawing": lambda: lambda: Drawing.decode(f"1{_in_a_link(deflated(20 * _MB))}"),
    "digits": lambda: _file(
        idx.read_images, _GZIP + deflated(_GB, _IMAGES + struct.pack(">III", 1, 28, 28))[2:]
    ),
    "digits that say their number": lambda: _file(
        idx.read_images, _IMAGES + struct.pack(">III", 2**32 - 1, 28, 28)
    ),
    "recorded run": lambda: _file(recording.Recording.load, recording.MAGIC + deflated(_GB)),
    "event": lambda: lambda: events.decode(struct.pack("<I", 2**32 - 1) + b"{}"),
    "words of a component": lambda: lambda: check("[" * 1_000_000),
    "number": lambda: lambda: typed.read("1" * 1_000_000 + "x"),
}
